"""The proposed rating, whatever the records: worse never rates better, what is missing is never no assurance."""

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from rating_made import SCHEME, WHOLE, assurance, rated, recommendation

from pmf_lib.assurance.rating import CODES, SCALE, UNABLE, caps
from pmf_lib.assurance.rating.caps import COUNTED

LEVELS = ("lived", "on_paper", "partly", "not_lived")
CONCLUSIONS = ("reasonable", "limited", "none")
few = settings(max_examples=20, deadline=None)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A directorate's record: its duties by result, its groups by level, and what others found."""
    results = {name: draw(st.integers(0, 30)) for name in ("met", "partly", "not_met", "no_evidence")}
    return {
        "results": results,
        "levels": draw(st.lists(st.sampled_from(LEVELS), min_size=10, max_size=10)),
        "fell": draw(st.integers(0, 5)),
        "aged": draw(st.integers(0, results["met"])),
        "doubted": draw(st.integers(0, 9)),
        "failed": draw(st.integers(0, 4)),
        "overdue": draw(st.integers(0, 5)),
        "concluded": draw(st.lists(st.sampled_from(CONCLUSIONS), max_size=3)),
    }


def worse(record: dict[str, Any], draw: st.DrawFn) -> dict[str, Any]:
    """The same record with one thing worse."""
    results, made = dict(record["results"]), dict(record)
    what = draw(st.sampled_from(["duty", "group", "fell", "doubted", "failed", "overdue", "concluded"]))
    if what == "duty":
        better, poorer = draw(st.sampled_from([("met", "partly"), ("partly", "not_met"), ("met", "not_met")]))
        moved = min(1, results[better])
        results[better], results[poorer] = results[better] - moved, results[poorer] + moved
        return {**made, "results": results, "aged": min(record["aged"], results["met"])}
    if what == "group":
        at = draw(st.integers(0, 9))
        down = LEVELS[min(LEVELS.index(record["levels"][at]) + 1, 3)]
        return {**made, "levels": [*record["levels"][:at], down, *record["levels"][at + 1 :]]}
    if what == "concluded":
        down_by_one = {"reasonable": "limited", "limited": "none", "none": "none"}
        return {**made, "concluded": [down_by_one[one] for one in record["concluded"]]}
    return {**made, what: record[what] + 1}


def rate(record: dict[str, Any]) -> str:
    said = [assurance(subject=f"{place}", conclusion=one) for place, one in enumerate(record["concluded"])]
    found = rated({"A": {**record, "judged": 20 - record["doubted"]}},
                  recommendations=[recommendation()] * record["overdue"], assurances=said)  # fmt: skip
    return str(found.codes["A"])


@few
@given(st.data())
def test_a_worsened_record_never_raises_the_rating(data):
    record = data.draw(records())
    before, after = rate(record), rate(worse(record, data.draw))
    assert (before == UNABLE) == (after == UNABLE)
    assert CODES.index(after) >= CODES.index(before)


@few
@given(st.data())
def test_missing_records_never_lower_a_rating_to_no_assurance(data):
    record = data.draw(records())
    lost = {
        name: data.draw(st.integers(0, count))
        for name, count in record["results"].items()
        if name != "no_evidence"
    }
    kept = {name: record["results"][name] - count for name, count in lost.items()}
    levels = [LEVELS[max(LEVELS.index(one), data.draw(st.integers(0, 3)))] for one in record["levels"]]
    bare = {
        **record,
        "results": {**kept, "no_evidence": record["results"]["no_evidence"] + sum(lost.values())},
        "levels": levels,
        "aged": min(record["aged"], kept["met"]),
    }
    if rate(record) != "no_assurance":
        assert rate(bare) != "no_assurance"


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_what_would_change_the_rating_does_and_one_less_does_not(data):
    facts = pd.DataFrame(
        {name: [data.draw(st.integers(1, 40))] for pair in COUNTED.values() for name in pair}, index=["A"]
    )
    facts = facts.assign(**{n: facts[[n, base]].min(axis=1) for n, base in COUNTED.values()})
    for row in caps.of_conditions(facts, SCHEME).query("cap != 'substantial'").to_dict("records"):
        name = COUNTED[row["of"]][0]
        base = {COUNTED[row["of"]][1]: row["base"]} if COUNTED[row["of"]][1] != name else {}
        for less, is_better in ((row["less_n"], True), (row["less_n"] - 1, False)):
            then = caps.of_conditions(facts.assign(**{name: row["n"] - less}, **base), SCHEME)
            [cap] = then.loc[then["of"] == row["of"], "cap"]
            assert (SCALE.index(cap) < SCALE.index(row["cap"])) == is_better


@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=6), st.data())
def test_a_directorate_that_is_rated_worse_never_raises_what_the_council_may_be(codes, data):
    at = data.draw(st.integers(0, len(codes) - 1))
    down = codes[at] if codes[at] == UNABLE else SCALE[min(SCALE.index(codes[at]) + 1, 3)]
    then = [*codes[:at], down, *codes[at + 1 :]]
    first, second = (
        caps.of_directorates(pd.Series(one), WHOLE, SCHEME)["cap"].map(SCALE.index).max()
        for one in (codes, then)
    )
    assert second >= first


@settings(max_examples=5, deadline=None)
@given(records())
def test_the_order_of_directorates_does_not_matter(record):
    assert rate(record) in CODES
    whole = rated({"A": record, "B": record})
    turned = rated({"B": record, "A": record})
    assert whole.codes[["A", "B", WHOLE]].tolist() == turned.codes[["A", "B", WHOLE]].tolist()
