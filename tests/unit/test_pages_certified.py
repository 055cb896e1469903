"""What pages say of certification: counted in a sentence, and one by one only what failed, has expired or is recorded otherwise."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib.records.schema import TABLES
from pmf_lib.workbook import reliance
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.pages.shared import certified

SCHEMES = schemes()
SOUND = {
    "period": "2024-06", "population_n": 400.0, "sample_n": 29.0, "errors_n": 0.0, "reported": 10.0, "recalculated": 10.0,
    "documentation": "yes", "definition_followed": "yes", "deviation_changes": "", "controls": "strong", "category": "",
    "certified_by": "Auditor", "certified_on": pd.Timestamp("2024-09-12"), "valid_to": pd.NaT,
}  # fmt: skip
MEASURES = pd.DataFrame(
    {
        "measure_id": list("abcdef"),
        "title": [f"Measure {name} <b>" for name in "ABCDEF"],
        "owner": "Head of X",
    }
)


def rows(**named: dict[str, Any]) -> pd.DataFrame:
    """A certification for each measure named, sound but for these cells."""
    made = [SOUND | {"measure_id": name} | cells for name, cells in named.items()]
    columns = [*TABLES["certifications"].columns, "source_file", "source_sheet", "source_row"]
    frame = pd.DataFrame(made, columns=columns)
    days = {name: pd.to_datetime(frame[name]) for name in ("certified_on", "valid_to")}
    numbers = {
        name: frame[name].astype(float)
        for name in ("population_n", "sample_n", "errors_n", "reported", "recalculated")
    }
    return frame.assign(**days, **numbers, source_file="certifications.csv", source_sheet="", source_row=2)


def book(certifications: pd.DataFrame, *, own: bool = True, sent: bool = True) -> Any:
    reads = pd.DataFrame({"table": ["certifications"], "is_sent": [sent]})
    tables = {"certifications": certifications, "measures": MEASURES}
    return SimpleNamespace(
        has_own_records=own, schemes=SCHEMES, as_at=date(2024, 11, 15), unit_name="Whole council", whole=tables.__getitem__,
        snapshot=SimpleNamespace(table={"reads": reads}.__getitem__),
    )  # fmt: skip


MIXED = rows(
    a={},
    b={"controls": "moderate", "sample_n": 61.0},
    c={"errors_n": 4.0},
    d={"certified_on": pd.Timestamp("2021-01-10")},
)


def test_the_sentence_counts_every_measure_once() -> None:
    assert certified.sentence(book(MIXED), MEASURES) == (
        "Two of six measures are certified, one of them with qualification; one failed, one has expired and two were never tested."
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (rows(), "None of six measures is certified: six were never tested."),
        (rows(**{name: {} for name in "abcdef"}), "All 6 measures are certified."),
        (rows(a={}), "One of six measures is certified; five were never tested."),
        (rows(a={"errors_n": 9.0}), "None of six measures is certified: one failed and five were never tested."),
        (rows(a={"controls": "weak", "sample_n": 61.0}), "One of six measures is certified with qualification; five were never tested."),
    ],
)  # fmt: skip
def test_the_sentence_reads_well_whatever_the_counts(given: pd.DataFrame, said: str) -> None:
    assert certified.sentence(book(given), MEASURES) == said


def test_one_measure_alone_is_no_share() -> None:
    one = MEASURES.head(1)
    assert certified.sentence(book(rows(a={})), one) == "The one measure here is certified."
    assert (
        certified.sentence(book(rows()), one)
        == "The one measure here is not certified: one was never tested."
    )


def test_a_retired_measure_is_not_counted() -> None:
    rated = MEASURES.assign(state=["met"] * 5 + ["retired"])
    assert certified.sentence(book(MIXED), rated).startswith("Two of five measures")


def test_without_measures_there_is_none_to_certify() -> None:
    assert certified.sentence(book(MIXED), MEASURES.head(0)) == certified.NOTHING
    assert certified.shown(book(MIXED), MEASURES.head(0)).plain == certified.NOTHING


@pytest.mark.parametrize(
    ("more", "said"), [({"own": False}, certified.PUBLISHED), ({"sent": False}, certified.UNSENT)]
)
def test_what_nobody_can_know_is_said_and_is_never_a_nought(more: dict[str, bool], said: str) -> None:
    nobody = book(rows(), **more)
    assert certified.sentence(nobody, MEASURES) == said
    assert certified.failed(nobody, MEASURES).plain == said
    assert certified.shown(nobody, MEASURES).plain == said


def test_only_what_failed_and_what_expired_stands_one_by_one_the_gravest_first() -> None:
    shown = certified.failed(book(MIXED), MEASURES)
    assert shown.plain == "<table: One certification failed and one has expired (2 rows)>"
    markup = shown.markup
    assert markup.index("Measure C &lt;b&gt;") < markup.index("Measure D &lt;b&gt;")
    assert "Measure A" not in markup
    assert (
        "Inaccurate: 4 of 29 cases tested do not agree with their documents, more than 5 per cent." in markup
    )
    assert "It held until 10 January 2023." in markup
    assert "<b>" not in markup


def test_a_category_recorded_otherwise_is_told_to_the_post_that_certified() -> None:
    shown = certified.failed(book(rows(a={"category": "inaccurate"})), MEASURES)
    assert shown.plain == "<table: One certification is recorded otherwise than the rule gives (1 row)>"
    assert "The auditor recorded it as inaccurate; it counts by the rule." in shown.markup
    assert ">Auditor<" in shown.markup


def test_what_failed_and_is_recorded_as_certified_says_both() -> None:
    shown = certified.failed(book(rows(a={"category": "certified", "recalculated": math.nan})), MEASURES)
    assert (
        "Factors prevented certification: the value could not be worked out again. The auditor recorded it as certified; "
        "it counts by the rule." in shown.markup
    )


def test_where_none_is_marked_no_table_is_shown() -> None:
    shown = certified.shown(book(rows(a={})), MEASURES)
    assert shown.plain == (
        "One of six measures is certified; five were never tested. A measure is certified where a sample of its cases was tested "
        "against their documents and its value worked out again."
    )
    assert "None failed, none has expired" in certified.failed(book(rows(a={})), MEASURES).markup


def test_where_none_was_tested_it_is_said_what_is_lacking() -> None:
    assert certified.shown(book(rows()), MEASURES).plain.endswith(certified.BARE)


def test_page_1_doubts_what_failed_and_nothing_that_holds_has_expired_or_was_never_tested() -> None:
    own = book(
        rows(
            a={},
            c={"errors_n": 4.0},
            d={"certified_on": pd.Timestamp("2021-01-10")},
            e={"recalculated": math.nan},
        )
    )
    own.table, own.sidecar = own.whole, SimpleNamespace(reads=("certifications",))
    failed = reliance._failed(own)
    assert failed is not None
    assert failed.to_numpy().tolist() == [["c", "2024-06", True], ["e", "2024-06", False]]
