"""One mutator for each rule of reading: it plants a single fault, chosen by seed, in clean raw records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import arrangement_faults
import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.records.cells import SPREADSHEET_ERRORS, Asked
from pmf_lib.records.raw import CELLS_OVER
from pmf_lib.records.schema import DELIVERY, MEASURES, TABLES

Raw = dict[str, pd.DataFrame]
DELIVERED, SENDER, MERGED, _ = DELIVERY
LEAVES = ("links", "observations", "targets", "comparators", "commentary", "forecasts")


@dataclass(frozen=True)
class Planted:
    """Where a fault was planted."""

    raw: Raw
    rule: str
    table: str
    source_row: int
    column: str


class Planter:
    """Clean records, a seed, and the few ways in which a mutator touches them."""

    def __init__(self, raw: Raw, rule: str, seed: int) -> None:
        self.raw = {name: table.copy() for name, table in raw.items()}
        self.rule = rule
        self.rng = np.random.default_rng(seed)

    def choose(self, options: object) -> str:
        return str(self.rng.choice(list(options)))

    def row(self, table: str, where: pd.Series | None = None) -> int:
        rows = self.raw[table] if where is None else self.raw[table][where]
        return int(self.rng.choice(rows.index))

    def put(self, table: str, row: int, column: str, text: str) -> Planted:
        self.raw[table].loc[row, column] = text
        return self.planted(table, row, column)

    def planted(self, table: str, row: int, column: str = "") -> Planted:
        return Planted(self.raw, self.rule, table, int(self.raw[table].loc[row, "source_row"]), column)

    def columns(self, kind: str, tables: object = MEASURES) -> list[tuple[str, str]]:
        return [
            (table, name)
            for table in tables
            for name, spec in TABLES[table].columns.items()
            if Asked.of(name, spec).kind == kind
        ]

    def cell(self, kind: str, texts: list[str], tables: object = MEASURES) -> Planted:
        """A wrong text in some cell of a column of this kind."""
        places = [place for place in self.columns(kind, tables) if place != ("measures", "measure_id")]
        table, column = places[self.rng.integers(len(places))]
        return self.put(table, self.row(table), column, self.choose(texts))

    def ragged(self, table: str, over: int) -> Planted:
        row = self.row(table)
        self.raw[table][CELLS_OVER] = 0
        self.raw[table].loc[row, CELLS_OVER] = over
        return self.planted(table, row)

    def marked(self, table: str, row: int, column: str, text: str) -> Planted:
        """A row marked in one of the columns that only returns have."""
        self.raw[table][column] = self.raw[table].get(column, "")
        self.raw[table].loc[row, column] = text
        return self.planted(table, row)

    def doubled(self, table: str, row: int) -> int:
        """The row once more, at the end of the file."""
        frame = self.raw[table]
        again = frame.loc[[row]].assign(source_row=frame["source_row"].max() + 1)
        self.raw[table] = pd.concat([frame, again], ignore_index=True)
        return len(frame)


def too_many_cells(at: Planter) -> Planted:
    return at.ragged(at.choose(MEASURES), int(at.rng.integers(1, 4)))


def too_few_cells(at: Planter) -> Planted:
    return at.ragged("observations", -1)


def merged(at: Planter) -> Planted:
    table = at.choose(MEASURES)
    return at.marked(table, at.row(table), MERGED, at.choose(["A3:B3", "C2:C9"]))


def failed_formula(at: Planter) -> Planted:
    return at.cell(at.choose(["number", "date", "flag", "choice", "period"]), list(SPREADSHEET_ERRORS))


def empty(at: Planter) -> Planted:
    places = [(table, name) for table in MEASURES for name in TABLES[table].needed]
    places.remove(("measures", "measure_id"))
    table, column = places[at.rng.integers(len(places))]
    return at.put(table, at.row(table), column, "")


def bad_id(at: Planter) -> Planted:
    return at.cell("id", ["Missed Bins", "missed_bins", "-bins", "a" * 41, "bins;drop"])


def bad_choice(at: Planter) -> Planted:
    return at.cell("choice", ["higer", "n/a", "0", "outcomes", "<b>lower</b>"])


def bad_number(at: Planter) -> Planted:
    return at.cell("number", ["n.a.n", "12,5", "(5)", "1.2.3", "about 5", "1e999", "=1+1", "£5%", "5-"])


def bad_limits(at: Planter) -> Planted:
    places = {
        ("measures", "decimals"): "7",
        ("measures", "due_days"): "−1",
        ("observations", "denominator"): "-3",
        ("targets", "tolerance"): "-0.5",
    }
    table, column = list(places)[at.rng.integers(len(places))]
    # Figures beside a mark of suppression are dropped on reading, so nothing is said of them.
    shown = at.raw[table]["value"] != "[c]" if table == "observations" else None
    return at.put(table, at.row(table, shown), column, places[table, column])


def bad_date(at: Planter) -> Planted:
    return at.cell("date", ["15/11/2024", "2024-13-01", "2024-02-30", "Nov 24", "45611", "2024-11-15 09:30"])


def bad_flag(at: Planter) -> Planted:
    return at.cell("flag", ["maybe", "2", "n/a", "ja"])


def bad_period(at: Planter) -> Planted:
    texts = ["2024-25 Q5", "Q2 2024", "2024-26", "Jul-24", "2024-13", "0000-01 Q1", "2024/25 Winter"]
    if at.rng.random() < 0.5:
        return at.cell("period", texts)
    row = at.row("observations")
    kinds = {"missed-bins": "2024-25", "residents-survey": "2024-07"}
    return at.put("observations", row, "period", kinds.get(at.raw["observations"]["measure_id"][row], "2024"))


def no_value(at: Planter) -> Planted:
    shown = ~at.raw["observations"]["value"].str.contains("c", regex=False)
    mark = at.choose(["", "..", "-", ":", "z", "NA", "n/a", "[u]"])
    return at.put("observations", at.row("observations", shown), "value", mark)


def no_target(at: Planter) -> Planted:
    row = at.row("targets")
    at.raw["targets"].loc[row, ["target", "lower", "upper"]] = ""
    return at.planted("targets", row, "target")


def repeated(at: Planter) -> Planted:
    table = at.choose(MEASURES)
    return at.planted(table, at.doubled(table, at.row(table)))


CONTENTS = {
    "measures": ("title", "Another title"),
    "links": ("reason", "Another reason"),
    "observations": ("value", "987654"),
    "targets": ("reference", "Another minute"),
    "comparators": ("value", "987654"),
    "commentary": ("cause", "Another cause"),
    "forecasts": ("basis", "Another basis"),
}


def conflict(at: Planter) -> Planted:
    table = at.choose(CONTENTS)
    row = at.doubled(table, at.row(table))
    at.put(table, row, *CONTENTS[table])
    return at.planted(table, row)


def superseded(at: Planter) -> Planted:
    """A later return says otherwise: the row that it replaces is the one found."""
    table = at.choose([name for name in CONTENTS if name != "observations"])
    row = at.row(table)
    again = at.doubled(table, row)
    at.put(table, again, *CONTENTS[table])
    at.marked(table, again, DELIVERED, "2024-11-20")
    return at.planted(table, row)


def foreign(at: Planter) -> Planted:
    """A directorate sends a row of another's measure."""
    table = at.choose(LEAVES)
    row = at.row(table)
    owners = at.raw["measures"].set_index("measure_id")["directorate"]
    owner = owners[at.raw[table]["measure_id"][row]]
    at.marked(table, row, SENDER, at.choose(sorted(set(owners) - {owner})))
    return at.planted(table, row, "measure_id")


def other_frequency(at: Planter) -> Planted:
    """A directorate's own return would make a measure of another frequency."""
    row = at.row("measures")
    again = at.doubled("measures", row)
    known = at.raw["measures"]["frequency"][row]
    at.put("measures", again, "frequency", at.choose(sorted({"monthly", "quarterly", "annual"} - {known})))
    at.marked("measures", again, SENDER, at.raw["measures"]["directorate"][row])
    return at.planted("measures", again, "frequency")


def unknown_measure(at: Planter) -> Planted:
    table = at.choose(LEAVES)
    row = at.row(table)
    return at.put(table, row, "measure_id", at.raw[table]["measure_id"][row][:-1])


def unknown_directorate(at: Planter) -> Planted:
    return at.put("measures", at.row("measures"), "directorate", at.choose(["childern", "finance"]))


def unknown_node(at: Planter) -> Planted:
    return at.put("links", at.row("links"), "node", at.choose(["marker-21", "marker-1", "outcome-01"]))


def upside_down(at: Planter) -> Planted:
    ranged = at.raw["targets"]["lower"] != ""
    row = at.row("targets", ranged)
    return at.put("targets", row, "lower", str(20 + at.rng.integers(1, 100)))


def other_kind(at: Planter) -> Planted:
    yearly = at.raw["comparators"]["measure_id"] == "residents-survey"
    return at.put("comparators", at.row("comparators", yearly), "period", "2024-25 Q1")


def recorded_early(at: Planter) -> Planted:
    row = at.row("observations")
    kinds = {"missed-bins": "month", "residents-survey": "year"}
    rows = at.raw["observations"].loc[row]
    end = periods.parse(rows["period"], kinds.get(rows["measure_id"], "quarter")).end
    early = end - pd.Timedelta(days=int(at.rng.integers(1, 400)))
    return at.put("observations", row, "recorded_at", early.isoformat())


def differs(at: Planter) -> Planted:
    counted = at.raw["observations"]["numerator"].str.fullmatch("[0-9]+")
    row = at.row("observations", counted)
    value = float(at.raw["observations"].loc[row, "value"].replace(",", ""))
    sign = at.rng.choice([-1, 1])
    return at.put("observations", row, "value", str(value + sign * (2 + at.rng.random() * value)))


def slipped(at: Planter) -> Planted:
    """A value that was sent as a share of one, in hundreds or in thousands."""
    counted = at.raw["observations"]["numerator"].str.fullmatch("[0-9]+")
    row = at.row("observations", counted)
    value = float(at.raw["observations"].loc[row, "value"].replace(",", ""))
    factor = float(at.choose(["0.001", "0.01", "0.1", "10", "100", "1000"]))
    return at.put("observations", row, "value", f"{value * factor:.12g}")


def below_nought(at: Planter) -> Planted:
    """Without numerator and denominator nothing but the sign tells."""
    shown = at.raw["observations"]["numerator"].str.fullmatch("[0-9]+")
    shown &= at.raw["observations"]["measure_id"] != "days-to-decide"
    row = at.row("observations", shown)
    at.raw["observations"].loc[row, ["numerator", "denominator"]] = ""
    return at.put("observations", row, "value", at.choose(["-12", "-0.4", "−7"]))


def other_scale(at: Planter) -> Planted:
    """All values near the target, and sent as fractions."""
    rows = at.raw["observations"]["measure_id"] == at.choose(["reviews-in-time", "residents-survey"])
    shares = [f"{share:.4f}" for share in at.rng.uniform(0.4, 0.6, int(rows.sum()))]
    at.raw["observations"].loc[rows, "value"] = shares
    at.raw["observations"].loc[rows, ["numerator", "denominator", "state"]] = ""
    return at.planted("observations", int(at.raw["observations"].index[rows].max()), "value")


def other_target(at: Planter, where: pd.Series, label: str, target: str) -> int:
    """A second row for a target, from another period on."""
    row = at.doubled("targets", at.row("targets", where))
    at.raw["targets"].loc[row, ["from_period", "target"]] = [label, target]
    return row


def target_slip(at: Planter) -> Planted:
    plain = at.raw["targets"]["target"] != ""
    row = other_target(at, plain, "2023-24", at.choose(["0.5", "5000", "0.05", "0.52"]))
    return at.planted("targets", row, "target")


def target_later(at: Planter) -> Planted:
    """The year of the latest value has no target of its own, but one far later has."""
    monthly = at.raw["targets"]["measure_id"] == "missed-bins"
    at.raw["targets"].loc[monthly, "from_period"] = "2022-04"
    row = other_target(at, monthly, at.choose(["2034-04", "2025-04"]), "55")
    return at.planted("targets", row, "from_period")


def target_changed(at: Planter) -> Planted:
    """A month after the target of the year another one, with no body or no day of approval."""
    monthly = at.raw["targets"]["measure_id"] == "missed-bins"
    first = at.raw["targets"].loc[monthly, "from_period"].item()
    row = other_target(at, monthly, periods.parse(first).shift(int(at.choose([1, 2, 3]))).label, "55")
    column = at.choose(["approved_by", "approved_on"])
    at.raw["targets"].loc[row, column] = ""
    return at.planted("targets", row, column)


def stretch_worse(at: Planter) -> Planted:
    """A stretch target short of the target, whichever way is better."""
    row = at.row("targets", at.raw["targets"]["target"] != "")
    measure = at.raw["targets"]["measure_id"][row]
    way = -1 if measure == "missed-bins" else 1
    return at.put("targets", row, "stretch", f"{50 - way * at.rng.uniform(0.1, 30):.1f}")


def unusual_unit(at: Planter) -> Planted:
    names = {"reviews-in-time": ["percent", "Per cent", "pct", "%age"], "residents-survey": ["percent", "PC"]}
    row = at.row("measures", at.raw["measures"]["measure_id"].isin(list(names)))
    return at.put("measures", row, "unit", at.choose(names[at.raw["measures"]["measure_id"][row]]))


def person(at: Planter) -> Planted:
    table, column = ("measures", "owner") if at.rng.random() < 0.5 else ("commentary", "post")
    texts = ["Jane Smith (jane.smith@council.example)", "Cllr X", "Mrs J. Smith", "Head of Service, Dr Smith"]
    return at.put(table, at.row(table), column, at.choose(texts))


MUTATORS: dict[str, Callable[[Planter], Planted]] = {
    "row.too-many-cells": too_many_cells,
    "row.merged": merged,
    "row.too-few-cells": too_few_cells,
    "cell.error": failed_formula,
    "cell.empty": empty,
    "cell.id": bad_id,
    "cell.choice": bad_choice,
    "cell.number": bad_number,
    "cell.limits": bad_limits,
    "cell.date": bad_date,
    "cell.flag": bad_flag,
    "cell.period": bad_period,
    "value.none": no_value,
    "target.none": no_target,
    "directorate.other": foreign,
    "frequency.other": other_frequency,
    "key.repeated": repeated,
    "key.conflict": conflict,
    "row.superseded": superseded,
    "measure.unknown": unknown_measure,
    "directorate.unknown": unknown_directorate,
    "node.unknown": unknown_node,
    "target.range": upside_down,
    "period.other-kind": other_kind,
    "period.not-ended": recorded_early,
    "value.differs": differs,
    "value.unit-slip": slipped,
    "value.below-nought": below_nought,
    "value.other-scale": other_scale,
    "target.slip": target_slip,
    "target.later": target_later,
    "target.changed-unapproved": target_changed,
    "target.stretch-worse": stretch_worse,
    "unit.unusual": unusual_unit,
    "post.person": person,
    **arrangement_faults.MUTATORS,
}
"""Rule → mutator. 'measure.left-out' follows whenever a measure's row is left out; 'control.differs' needs a return."""
