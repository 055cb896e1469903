"""Revisions, counts that reconcile, what is to be mended, and control totals."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import numpy as np
import pandas as pd
import pytest

from pmf_lib import sidecar
from pmf_lib.records.quality import measures as counts
from pmf_lib.records.quality.doubts import UNJUDGED
from pmf_lib.records.quality.revisions import revisions
from pmf_lib.workbook import book as books
from pmf_lib.workbook import reliance, results
from pmf_lib.workbook.pages.measures import commentary
from pmf_lib.workbook.pages.quality import quality, quality_detail, quality_dimensions
from pmf_lib.workbook.pages.shared import evidence

SINCE, AS_AT = date(2024, 8, 15), date(2024, 11, 15)
MEASURES = pd.DataFrame([{"measure_id": "a", "frequency": "quarterly"}])


def recorded(*rows):
    """Observations of one measure by (period, day, value)."""
    frame = pd.DataFrame(rows, columns=["period", "recorded_at", "value"])
    frame["recorded_at"] = pd.to_datetime(frame["recorded_at"])
    hidden = np.where(frame["value"].isna(), "suppressed", "final")
    return frame.assign(
        measure_id="a", state=hidden, numerator=np.nan, denominator=np.nan,
        source_file="o.csv", source_sheet="", source_row=range(2, len(frame) + 2),
    )  # fmt: skip


def changed(*rows):
    found = revisions(recorded(*rows), MEASURES, since=SINCE, as_at=AS_AT)
    return found[["period", "old", "new"]].to_numpy().tolist()


def test_a_value_that_changed_since_is_a_revision_with_both_rows():
    rows = ("2023-24 Q4", "2024-05-15", 84.7), ("2023-24 Q4", "2024-09-19", 83.1)
    found = revisions(recorded(*rows), MEASURES, since=SINCE, as_at=AS_AT).iloc[0]
    assert found[["old", "new", "old_row", "new_row"]].tolist() == [84.7, 83.1, 2, 3]
    assert found["difference"] == pytest.approx(-1.6)


def test_a_value_that_came_since_and_was_changed_is_a_revision_too():
    assert changed(("2024-25 Q1", "2024-08-20", 44.4), ("2024-25 Q1", "2024-10-09", 43.6)) == [
        ["2024-25 Q1", 44.4, 43.6]
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [("2024-25 Q2", "2024-10-09", 43.6)],
        [("2023-24 Q4", "2024-05-15", 84.7), ("2023-24 Q4", "2024-06-19", 83.1)],
        [("2023-24 Q4", "2024-05-15", 84.7), ("2023-24 Q4", "2024-11-16", 83.1)],
        [("2023-24 Q4", "2024-05-15", 84.7), ("2023-24 Q4", "2024-09-19", 84.7)],
        [("2023-24 Q4", "2024-05-15", np.nan), ("2023-24 Q4", "2024-09-19", np.nan)],
        [("2023-24 Q4", "2024-05-15", 84.7), ("2023-24 Q4", "2024-09-19", np.nan)],
    ],
    ids=["new", "changed before", "changed after", "sent again", "still suppressed", "suppressed since"],
)
def test_what_is_new_or_the_same_is_no_revision(rows):
    assert changed(*rows) == []


def test_a_value_that_is_no_longer_suppressed_was_revised():
    rows = ("2023-24 Q4", "2024-05-15", np.nan), ("2023-24 Q4", "2024-09-19", 84.7)
    found = revisions(recorded(*rows), MEASURES, since=SINCE, as_at=AS_AT).iloc[0]
    assert (np.isnan(found["old"]), found["new"], np.isnan(found["difference"])) == (True, 84.7, True)


READS = pd.DataFrame(
    [
        ("observations", "returns/a.xlsx", 10, 9, 1, 55.0, "a", "2024-10-20", 10.0, 55.0),
        ("targets", "returns/a.xlsx", 4, 4, 0, 20.0, "a", "2024-10-20", 5.0, np.nan),
        ("commentary", "returns/b.xlsx", 4, 4, 0, 0.0, "b", "2024-10-20", 4.0, np.nan),
        ("links", "links.csv", 4, 4, 0, 0.0, "", "", np.nan, np.nan),
        ("neighbours", "", 0, 0, 0, 0.0, "", "", np.nan, np.nan),
    ],
    columns=["table", "source_file", "rows_read", "rows_kept", "rows_left_out", "control_total", "directorate",
             "delivered", "stated_rows", "stated_total"],
)  # fmt: skip


def test_what_was_read_is_held_against_what_was_stated_and_nothing_stated_is_no_agreement():
    found = counts.control_totals(READS, "a")
    assert found[["table", "agrees"]].to_numpy().tolist() == [
        ["observations", True],
        ["targets", False],
        ["links", None],
    ]


def test_a_sum_that_is_off_does_not_agree():
    off = READS.assign(stated_total=READS["stated_total"] + 0.5)
    assert counts.control_totals(off, "a")["agrees"].tolist()[0] is False


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The sample council's economy and environment directorate."""
    store = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_STORE", str(store))
        declared = sidecar.load("1_data_quality")
        yield books.opened(declared, declared.checked({"directorate": "economy-environment"}))


@pytest.fixture(scope="module")
def found(book):
    return reliance.quality(book, results.rated(book).measures)


def test_counts_reconcile_for_every_measure(book, found):
    rows = found.measures
    assert list(rows.columns) == list(counts.COLUMNS)
    assert rows["measure_id"].tolist() == book.table("measures")["measure_id"].tolist()
    assert (rows["on_time_n"] + rows["late_n"] == rows["received_n"]).all()
    missing = (~found.seen.due["is_there"]).sum()
    assert (rows["due_n"] - rows["received_n"]).sum() == missing
    assert (rows["repeated_n"] <= rows["left_out_n"]).all()
    assert ((rows["reasons"] == "") == (rows["reliance"] == "rely")).all()


def test_the_planted_stories_are_found_and_nothing_else_is_in_doubt(found):
    rows = found.measures.set_index("measure_id")
    assert rows.loc["neighbourhood-networks", "reliance"] == "do_not_rely"
    assert rows.loc["library-visits", ["reliance", "inconsistent_n"]].tolist() == ["with_care", 1]
    assert rows.loc["environmental-crime-actions", ["repeated_n", "left_out_n"]].tolist() == [1, 1]
    assert rows.loc["household-waste-recycled", "revised_n"] == 1
    assert rows.loc["active-volunteers", "late_n"] == 1


def test_everything_in_doubt_that_can_be_mended_is_asked_of_a_post_by_a_day(found):
    asked = found.mend.set_index("measure_id")
    assert asked.loc["neighbourhood-networks", "what"] == "Write down how it is counted."
    assert "column value" in asked.loc["library-visits", "place"]
    assert (asked["post"] != "").all()
    assert (asked["by"] > pd.Timestamp(AS_AT)).all()


def test_dimensions_add_up_and_agree_with_the_measures(book, found):
    rows = [quality_dimensions._completeness(book, found), *quality_dimensions._timeliness(book, found)]
    for _, whole, good, off, _ in rows:
        assert whole == good + off
    assert [row[1] for row in rows] == [found.measures["due_n"].sum(), found.measures["received_n"].sum()]


def test_every_piece_of_the_page_is_shown(book, found):
    pieces = [
        quality.found(book, found), quality.sureness(book, found), quality.asked(book, found),
        commentary.contradictions(book, found), quality_dimensions.dimensions(book, found),
        quality_detail.each_measure(book, found), quality_detail.revised(book, found),
        quality_detail.breaks(book, found), quality_detail.read(book), quality_detail.rules(book),
    ]  # fmt: skip
    assert all(piece.markup for piece in pieces)


def test_a_level_that_moved_with_its_definition_and_a_revision_beyond_noise_are_said_on_the_page(book, found):
    values = found.seen.known
    name = values["measure_id"].value_counts().index[0]
    about = found.seen.measures
    own = values[values["measure_id"] == name]
    first = own["period"].iloc[-6]
    about = about.assign(definition_from=about["definition_from"].mask(about["measure_id"] == name, first))
    moved = values.assign(value=values["value"] + 1000.0 * values.index.isin(own.index[-6:]))
    changed = replace(found, seen=replace(found.seen, measures=about, known=moved))
    said = quality_detail.breaks(book, changed).plain
    assert "The level moved with it, from about " in said
    assert "See whether the target that was set before still fits." in said
    still = replace(found, seen=replace(found.seen, measures=about))
    assert "The level moved" not in quality_detail.breaks(book, still).plain
    assert quality_detail._revised_title(3, 0) == "Three values were changed after being reported"
    assert quality_detail._revised_title(3, 2).endswith("reported, two by more than noise explains")
    assert quality_detail._revised_title(1, 1).endswith("reported, by more than noise explains")


def test_revisions_beyond_noise_are_marked_and_asked_about_but_not_of_a_publisher(book, found):
    (row,) = found.seen.revisions.to_dict("records")
    far = pd.DataFrame([row, row | {"old": row["new"] + 50.0, "difference": -50.0}])
    made = [
        quality_detail.revised(own, replace(found, seen=replace(found.seen, revisions=rows)))
        for own, rows in (
            (book, far),
            (book, found.seen.revisions),
            (replace(book, council=book.council.model_copy(update={"evidence": "published"})), far),
        )
    ]
    shown, markup = zip(*((one.plain, one.markup) for one in made), strict=True)
    asked = "Beyond noise: say why it was changed, or send the right value."
    assert [asked in one for one in shown] == [True, False, False]
    assert "two by more" not in shown[0]
    assert "one by more than noise explains" in shown[0]
    assert [re.findall(r"<td>(yes|no)</td>", one) for one in markup] == [["no", "yes"], [], ["no", "yes"]]


def test_the_rules_of_patterns_are_printed_with_their_options(book):
    said = quality_detail.rules(book).plain
    assert (
        "in fewer than 1 of 10,000 series: values that repeat earlier ones; 30 values or more that favour 0 and 5"
        in said
    )
    assert "(6 values on either side, 3 at least)" in said


def test_the_headline_counts_what_should_not_be_relied_on(book, found):
    bad = (found.measures["reliance"] == "do_not_rely").sum()
    judged = (found.measures["reliance"] != "not_judged").sum()
    said = quality.page_headline(book, found)
    assert said.startswith(f"{'One' if bad == 1 else bad} of {judged} measures should not be relied on")


def judged(*codes):
    """The quality of measures with these verdicts, each with why nothing is judged after a colon."""
    rows = [(code, UNJUDGED.get(why, "")) for code, _, why in (one.partition(":") for one in codes)]
    made = pd.DataFrame(rows, columns=["reliance", "reasons"])
    return reliance.Quality(made, made, None, AS_AT, "")


def headline(*codes):
    return quality._headline(judged(*codes))


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([], "No figure is recorded here yet, so there is nothing to rely on"),
        (["not_judged:no_value"], "No figure is recorded here yet, so there is nothing to rely on"),
        (["not_judged:suppressed"] * 2, "Each figure here is suppressed, so there is nothing to rely on"),
        (["not_judged:retired"], "Every measure here is retired, so there is nothing to rely on"),
        (
            ["not_judged:suppressed", "rely"],
            "The one measure here can be relied on, as far as records can show",
        ),
        (["rely"], "The one measure here can be relied on, as far as records can show"),
        (["rely", "rely"], "All 2 measures here can be relied on, as far as records can show"),
        (
            ["with_care", "rely"],
            "One of two measures can be relied on only with care; no figure need be set aside",
        ),
        (["do_not_rely", "rely"], "One of two measures should not be relied on"),
        (
            ["do_not_rely", "with_care"],
            "One of two measures should not be relied on; one more only with care",
        ),
    ],
)
def test_headlines(codes, said):
    assert headline(*codes) == said


def test_a_unit_with_nothing_but_suppressed_and_retired_measures_says_both():
    said = headline("not_judged:suppressed", "not_judged:retired")
    assert "suppressed" in said
    assert "retired" in said


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["rely", "with_care"], "2 measures"),
        (["rely", "not_judged:retired"], "1 measure, and 1 retired"),
        (
            ["rely", "not_judged:retired", "not_judged:suppressed"],
            "1 measure, and 1 retired and 1 suppressed",
        ),
    ],
)
def test_measures_that_are_not_judged_are_counted_apart(codes, said):
    assert quality.measures_counted(judged(*codes)) == said


def test_the_table_of_measures_counts_the_retired_apart(book, found):
    out = found.measures.assign(reliance="rely", reasons="")
    out.loc[[0], ["reliance", "reasons"]] = ["not_judged", UNJUDGED["retired"]]
    shown = quality_detail.each_measure(book, replace(found, measures=out)).markup
    assert f"{len(out) - 1} measures, and 1 retired." in shown
    assert "It is retired." in shown


def test_the_caption_says_which_values_are_counted(book, found):
    shown = quality_dimensions.dimensions(book, found).markup
    assert "periods that ended by 30 September 2024, and that ended in the last four quarters" in shown
    assert "or fell due after 15 November 2023" in shown


def test_a_value_that_is_not_final_is_asked_for_of_its_owner_by_the_next_return(found):
    asked = found.mend.set_index("measure_id").loc["community-event-visits"]
    assert asked["what"] == (
        "Send the final value for Quarter 2, July to September 2024; the one that is here is estimated."
    )
    assert (asked["post"], asked["by"]) == (
        "Head of Communities and Partnerships",
        pd.Timestamp("2025-01-20"),
    )


def test_values_that_came_late_are_named_with_their_row(book, found):
    shown = quality_dimensions.dimensions(book, found).markup
    for said in (
        "People who volunteered through",
        "9 February 2024",
        "4 March 2024",
        "observations.csv, row 12<",
    ):
        assert said in shown


def test_a_long_list_of_late_values_says_how_many_more_there_are(book, found, monkeypatch):
    late = found.seen.due.assign(days_late=range(1, len(found.seen.due) + 1))
    many = replace(found, seen=replace(found.seen, due=late.head(15)))
    shown = quality_dimensions._late(book, many).markup
    assert "Three more are not listed" in shown
    assert shown.count("<tr") == 1 + quality_dimensions.LATE_SHOWN


def test_lateness_of_publishers_is_not_listed(book, found):
    published = replace(book, council=book.council.model_copy(update={"evidence": "published"}))
    assert quality_dimensions._late(published, found) is None


def test_a_slip_is_said_to_be_off_the_chart_wherever_it_is_told(book, found):
    asked = found.mend.set_index("measure_id").loc["library-visits", "what"]
    pieces = [evidence.faults(book).markup, quality_dimensions.dimensions(book, found).markup, asked]
    assert all(
        "left out of the chart and its limits until it is mended or confirmed" in one for one in pieces
    )


def test_a_doubled_row_is_told_in_words_and_counted_in_two_places_said_to_be_so(book, found):
    asked = found.mend.set_index("measure_id").loc["environmental-crime-actions", "what"]
    assert "row 1740 repeats row 1739 of data/sample/observations.csv" in asked
    assert "August 2024, recorded on 12 September 2024" in asked
    assert "see Uniqueness" in quality_dimensions._validity(book, found)[-1]
    assert "counted under Validity too" in quality_dimensions._uniqueness(book, found)[-1]


def test_without_any_commentary_the_title_says_so(book, found):
    shown = commentary.contradictions(replace(book, quarter=book.quarter.shift(20)), found)
    assert "No commentary is recorded" in shown.markup


def test_a_text_that_is_last_quarter_s_is_shown_with_both_texts(book, found):
    texts = book.table("commentary")
    twice = texts[texts["measure_id"].duplicated(keep=False)].sort_values(["measure_id", "quarter"])
    pair = twice.head(2)
    again = pair.tail(1).assign(rule="commentary.unchanged")
    shown = commentary.contradictions(book, replace(found, seen=replace(found.seen, unchanged=again))).markup
    assert "One commentary says what it said the quarter before" in shown
    assert [text in unescape(shown) for text in pair["text"]] == [True, True]


def test_nothing_is_asked_of_a_publisher(book, found):
    outside = replace(found.seen, is_own=False)
    assert counts.to_mend(outside, director="x").empty
    published = replace(book, council=book.council.model_copy(update={"evidence": "published"}))
    assert "Nobody is asked for anything" in quality.asked(published, found).plain


def test_a_measure_without_an_owner_is_asked_of_the_director(found):
    orphan = replace(found.seen, measures=found.seen.measures.assign(owner=""))
    mend = counts.to_mend(orphan, director="Executive Director", return_days=20)
    assert set(mend["post"]) == {"Executive Director"}
    assert set(mend["by"]) == {pd.Timestamp("2025-01-20")}


def test_hostile_text_is_shown_as_text(book, found):
    texts = book.table("commentary").head(1)
    row = texts.assign(rule="commentary.contradicts", expected="a text that fits the figures: <b>x</b>")
    seen = replace(found.seen, contradictions=row)
    shown = commentary.contradictions(book, replace(found, seen=seen)).markup
    assert "<b>x" not in shown
    assert "&lt;b&gt;x" in shown
