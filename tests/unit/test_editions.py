"""Editions: which paragraphs close one, what a page says of itself, and which records it may be made of."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib import editions, sidecar
from pmf_lib.decisions import Kept, Measures, Rebase
from pmf_lib.errors import ParameterError
from pmf_lib.records.editions import left_out
from pmf_lib.records.snapshot import Snapshot
from pmf_lib.reports import chrome, first_screen
from pmf_lib.workbook import edition

NOTEBOOKS = [one.name for one in sidecar.all_sidecars()]


def snapshot(*counts: tuple[str, str, int]) -> Snapshot:
    """A snapshot of two measures; public where something is counted."""
    frame = pd.DataFrame(counts, columns=["directorate", "what", "count"]).assign(edition="public")
    tables = {"left_out": frame, "measures": pd.DataFrame({"measure_id": ["a", "b"]})}
    return Snapshot("0" * 16, None, {}, tables)  # type: ignore[arg-type]


def book(shown: str, exemption: str = "", unit: str = "", held: Snapshot | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        parameters={"edition": shown, "exemption": exemption},
        unit=SimpleNamespace(id=unit) if unit else None,
        snapshot=held or snapshot(),
    )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_notebook_takes_each_edition_with_its_exemption(name: str) -> None:
    declared = sidecar.load(name)
    assert list(declared.parameters)[4:6] == ["edition", "exemption"]
    assert declared.checked({"edition": "exempt", "exemption": " 3,1 "})["exemption"] == "1, 3"
    assert declared.checked({"edition": "public"})["exemption"] == ""


@pytest.mark.parametrize(
    ("shown", "exemption", "said"),
    [
        ("exempt", "", "expected the paragraph of Schedule 12A"),
        ("public", "3", "expected none in the public edition"),
        ("full", "1", "expected none in the full edition"),
        ("exempt", "8", "'8' is not a known paragraph of Schedule 12A"),
        ("exempt", "three", "'three' is not a known paragraph"),
    ],
)
def test_an_exemption_that_the_edition_does_not_have_is_refused(
    shown: str, exemption: str, said: str
) -> None:
    with pytest.raises(ParameterError, match=said):
        sidecar.load("1_data_quality").checked({"edition": shown, "exemption": exemption})


def test_the_law_has_seven_paragraphs_each_with_its_words() -> None:
    assert list(editions.PARAGRAPHS) == ["1", "2", "3", "4", "5", "6", "7"]
    assert all(
        words.startswith("Information") and words.endswith(".") for words in editions.PARAGRAPHS.values()
    )


@pytest.mark.parametrize(
    ("counts", "unit", "said"),
    [
        (
            [("", "measures", 3), ("", "figures", 12)], "",
            "3 measures and 12 figures are left out, since they are exempt from publication or would tell of very few people.",
        ),
        (
            [("", "measures", 1), ("", "figures", 1), ("adults", "measures", 1)], "adults",
            "1 measure is left out, since it is exempt from publication.",
        ),
        ([("", "measures", 2), ("", "figures", 0)], "", "2 measures are left out, since they are exempt from publication."),
        ([("", "measures", 0), ("", "figures", 1)], "", "1 figure is left out, since it would tell of very few people."),
        ([("", "measures", 0), ("", "figures", 2)], "", "2 figures are left out, since they would tell of very few people."),
        ([("", "measures", 0), ("", "figures", 0)], "", "nothing had to be left out."),
    ],
)  # fmt: skip
def test_a_public_page_says_how_much_is_left_out(
    counts: list[tuple[str, str, int]], unit: str, said: str
) -> None:
    made = edition.banners(book("public", unit=unit, held=snapshot(*counts)))  # type: ignore[arg-type]
    assert made == {"public": f"Public edition: {said}"}


def test_an_exempt_page_prints_its_paragraph_and_a_full_one_says_nothing() -> None:
    said = edition.banners(book("exempt", "7"))["exempt"]  # type: ignore[arg-type]
    assert said.startswith(
        "Closed to the public. Paragraph 7 of Part 1 of Schedule 12A to the Local Government Act 1972: "
    )
    assert said.endswith("in connection with the prevention, investigation or prosecution of crime.")
    assert edition.banners(book("full")) == {}  # type: ignore[arg-type]


def test_the_index_prints_the_paragraph_of_an_exempt_run_once() -> None:
    run = {"council": "Made-up", "evidence": "own", "exemption": "3"}
    said = [one["text"] for one in first_screen.facts([run, run, {**run, "exemption": ""}])["banners"]]
    assert said == [editions.closed_words("3")]
    assert chrome.BANNERS["public"] == "Public edition"


@pytest.mark.parametrize(
    ("held", "shown", "said"),
    [
        (snapshot(), "public", "holds the records of the full edition, not those of the public edition"),
        (snapshot(("", "figures", 0)), "full", "holds the records of the public edition, not those of the full edition"),
        (snapshot(("", "figures", 0)), "exempt", "not those of the exempt edition"),
    ],
)  # fmt: skip
def test_a_snapshot_of_another_edition_is_refused(held: Snapshot, shown: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        edition.checked(held, shown)


def test_a_snapshot_of_the_edition_is_taken() -> None:
    held = snapshot(("", "figures", 0))
    assert edition.checked(held, "public") is held
    assert edition.checked(snapshot(), "exempt").table("left_out").empty


def test_a_decision_about_a_measure_that_is_left_out_is_not_known_to_a_public_page() -> None:
    made = [
        Kept(f"{name}.yml", Rebase(measure=name, period="2024-04", why="A new way", by="Board", dated="2024-05-01"))
        for name in ("a", "secret")
    ]  # fmt: skip
    found = Measures(tuple(made))
    assert [one.file for one in edition.decided(found, snapshot(), "public").all] == ["a.yml"]
    assert edition.decided(found, snapshot(), "full") is found


def test_nothing_left_out_is_typed_as_what_is_counted() -> None:
    some = left_out.counted("public", pd.Series(["x"]), pd.Series(dtype="str"))
    assert some.dtypes.astype(str).to_dict() == left_out.nothing().dtypes.astype(str).to_dict()
