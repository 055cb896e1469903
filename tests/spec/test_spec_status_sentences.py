"""Status in words: the sentence behind each state."""

from datetime import date

import pytest
from drawn import rated

from pmf_lib.periods import parse_quarter

WHY = {
    "missed": (
        {"values": {"2024-25 Q2": 92.4}, "target": {"target": 95.0, "tolerance": 2.0}},
        "92.4% against a target of 95.0%: 2.6 below, outside the tolerance of 2.0.",
    ),
    "near by the scheme's default": (
        {"values": {"2024-25 Q2": 92.4}, "target": {"target": 95.0}},
        "92.4% against a target of 95.0%: 2.6 below, within the tolerance of 4.75, "
        "5% of the target (the scheme's default).",
    ),
    "met, lower is better": (
        {
            "values": {"2024-25 Q2": 1200},
            "target": {"target": 1500},
            "polarity": "lower",
            "unit": "days",
            "decimals": 0,
        },
        "1,200 days against a target of 1,500 days (lower is better): 300 below.",
    ),
    "a negative amount of money": (
        {"values": {"2024-25 Q2": -1500}, "target": {"target": 0}, "unit": "£", "decimals": 0},
        "−£1,500 against a target of £0: 1,500 below, and a percentage of zero allows no tolerance.",
    ),
    "on target": (
        {"values": {"2024-25 Q2": 94.96}, "target": {"target": 95.0}},
        "95.0% against a target of 95.0%: on target.",
    ),
    "range": (
        {
            "values": {"2024-25 Q2": 17},
            "target": {"lower": 10, "upper": 15, "tolerance": 2},
            "polarity": "range",
            "unit": "number",
            "decimals": 0,
        },
        "17 against a range of 10 to 15: 2 above it, within the tolerance of 2.",
    ),
    "inside the range": (
        {"values": {"2024-25 Q2": 12}, "target": {"lower": 10, "upper": 15}, "polarity": "range"},
        "12.0% against a range of 10.0 to 15.0%: inside the range.",
    ),
    "target missing": (
        {"values": {"2024-25 Q2": 92.4}},
        "No target is in force for Quarter 2, July to September 2024, so the result of 92.4% is not rated.",
    ),
    "another basis": (
        {"values": {"2024-25 Q2": 92.4}, "target": {"target": 95, "basis": "year-to-date"}},
        "The value is for the period alone but the target is for the year to date, so the result of 92.4% cannot be "
        "rated.",
    ),
    "monitor only": (
        {"values": {"2024-25 Q2": 92.4}, "monitor_only": True},
        "Watched without a target: 92.4% in Quarter 2, July to September 2024.",
    ),
    "several of a unit": (
        {"values": {"2024-25 Q2": 12.8}, "unit": "cases"},
        "No target is in force for Quarter 2, July to September 2024, so the result of 12.8 cases is not rated.",
    ),
    "a large amount of money": (
        {"values": {"2024-25 Q2": 96179373}, "monitor_only": True, "unit": "£", "decimals": 0},
        "Watched without a target: £96.2m in Quarter 2, July to September 2024.",
    ),
    "a term": (
        {"values": {"2023/24 Summer": 92.4}, "monitor_only": True, "frequency": "termly"},
        "Watched without a target: 92.4% in Summer term, April to August 2024.",
    ),
    "monitor only without a value": (
        {"values": {"2023-24 Q2": 91.04}, "monitor_only": True},
        "Watched without a target; the last result is 91.0% for Quarter 2, July to September 2023.",
    ),
    "not due": (
        {"values": {"2023-24": 91.04}, "frequency": "annual"},
        "No annual figure falls due in 2024-25 Q2; the last result is 91.0% for April 2023 to March 2024.",
    ),
    "late, an earlier result known": (
        {"values": {"2024-25 Q1": 91.04}, "as_at": date(2024, 10, 25), "due_days": 20},
        "The figure for Quarter 2, July to September 2024 was due by 20 October 2024 and has not come; "
        "the last result is 91.0% for Quarter 1, April to June 2024.",
    ),
    "awaited, with nothing else due": (
        {"values": {"2023-24": 91.04}, "as_at": date(2025, 4, 25), "due_days": 60}
        | {"frequency": "annual", "quarter": parse_quarter("2024-25 Q4")},
        "The figure for April 2024 to March 2025 is due by 30 May 2025; "
        "the last result is 91.0% for April 2023 to March 2024.",
    ),
    "the period before is the latest that is due": (
        {"values": {"2024-25 Q1": 92.4}, "target": {"target": 95.0}, "due_days": 75},
        "The latest result due is Quarter 1, April to June 2024: 92.4% against a target of 95.0%: 2.6 below, "
        "within the tolerance of 4.75, 5% of the target (the scheme's default).",
    ),
    "the period before, without a target": (
        {"values": {"2024-25 Q1": 92.4}, "due_days": 75},
        "No target is in force for Quarter 1, April to June 2024, so the result of 92.4% is not rated.",
    ),
    "the period before, late": (
        {"values": {"2023-24 Q4": 92.4}, "due_days": 75},
        "The figure for Quarter 1, April to June 2024 was due by 13 September 2024 and has not come; "
        "the last result is 92.4% for Quarter 4, January to March 2024.",
    ),
    "no profile": (
        {
            "values": {"2024-25 Q2": 40},
            "target": {"target": 20, "basis": "year-to-date", "from_period": "2024-25 Q1"},
            "accumulation": "year-to-date",
            "unit": "number",
            "decimals": 0,
        },
        "The target is for the year to date and there is no profile for Quarter 2, July to September 2024, "
        "so the result of 40 is not rated.",
    ),
    "rolling": (
        {
            "values": {"2024-25 Q2": 9.8},
            "target": {"target": 9.5},
            "accumulation": "rolling",
            "unit": "days",
            "polarity": "lower",
        },
        "9.8 days against a rolling target of 9.5 days (lower is better): 0.3 above, within the tolerance of 0.475, "
        "5% of the target (the scheme's default).",
    ),
    "not due, a school year": (
        {"values": {}, "frequency": "academic-annual", "quarter": parse_quarter("2024-25 Q4")}
        | {"as_at": date(2025, 4, 25)},
        "No academic-year figure falls due in 2024-25 Q4; the figure for September 2023 to August 2024 was due by "
        "30 September 2024 and has not come; no result is known yet.",
    ),
    "late": (
        {"values": {}},
        "The figure for Quarter 2, July to September 2024 was due by 30 October 2024 and has not come; "
        "no result is known yet.",
    ),
    "suppressed": (
        {"values": {"2024-25 Q2": 3}, "state": "suppressed"},
        "The figure for Quarter 2, July to September 2024 is suppressed, so it is neither shown nor rated.",
    ),
    "not defined": (
        {"values": {}, "definition": ""},
        "The measure has no definition, so no figure can be rated.",
    ),
    "retired": (
        {"values": {}, "retired_from": "2024-25"},
        "No longer kept from 1 April 2024 on; no result is known yet.",
    ),
}


@pytest.mark.parametrize(("given", "sentence"), WHY.values(), ids=WHY)
def test_every_state_says_why_in_one_sentence_with_the_numbers(given, sentence):
    given = {**given}
    row = rated(given.pop("values"), given.pop("target", None), **given)
    assert row["why"] == sentence
