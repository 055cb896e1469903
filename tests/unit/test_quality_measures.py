"""Revisions, counts that reconcile, what is to be mended, and control totals."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pmf_lib import sidecar
from pmf_lib.records.quality import measures as counts
from pmf_lib.records.quality.revisions import revisions
from pmf_lib.workbook import book as books
from pmf_lib.workbook import reliance, results
from pmf_lib.workbook.pages import quality, quality_detail, quality_dimensions

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
    ],
    ids=["new", "changed before", "changed after", "sent again", "still suppressed"],
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
    assert ((rows["reasons"] == "") == rows["reliance"].isin(["rely", "not_judged"])).all()


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
        quality.contradictions(book, found), quality_dimensions.dimensions(book, found),
        quality_detail.each_measure(book, found), quality_detail.revised(book, found),
        quality_detail.breaks(book, found), quality_detail.read(book), quality_detail.rules(book),
    ]  # fmt: skip
    assert all(piece.markup for piece in pieces)


def test_the_headline_counts_what_should_not_be_relied_on(book, found):
    bad = (found.measures["reliance"] == "do_not_rely").sum()
    judged = (found.measures["reliance"] != "not_judged").sum()
    said = quality.page_headline(book, found)
    assert said.startswith(f"{'One' if bad == 1 else bad} of {judged} measures should not be relied on")


def headline(*codes):
    made = pd.DataFrame({"reliance": list(codes)})
    return quality.page_headline(None, reliance.Quality(made, made, None, AS_AT, ""))


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([], "No figure is recorded here yet, so there is nothing to rely on"),
        (["not_judged"], "No figure is recorded here yet, so there is nothing to rely on"),
        (["rely"], "The one measure here can be relied on, as far as records can show"),
        (["rely", "rely"], "All 2 measures here can be relied on, as far as records can show"),
        (
            ["with_care", "rely"],
            "One of 2 measures can be relied on only with care; no figure need be set aside",
        ),
        (["do_not_rely", "rely"], "One of 2 measures should not be relied on"),
        (["do_not_rely", "with_care"], "One of 2 measures should not be relied on; one more only with care"),
    ],
)
def test_headlines(codes, said):
    assert headline(*codes) == said


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
    shown = quality.contradictions(book, replace(found, seen=seen)).markup
    assert "<b>x" not in shown
    assert "&lt;b&gt;x" in shown
