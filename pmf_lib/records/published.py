"""Published files as they come, made into raw observations and comparators by ``parameters/sources/<id>.yml``.

What a file says is kept as text with file, sheet and row; a mark of *missing* leaves the row out, because nobody
published a figure, and a mark of *suppressed* keeps it without a value. Faults in cells are left to
`pmf_lib.records.parse`; a file that is not laid out as its source says stops the reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from pmf_lib import periods, settings
from pmf_lib.errors import ParameterError, RecordsError, listed
from pmf_lib.records import grammar
from pmf_lib.records.grammar import Comparator, Labels, Measure, RecordedAt, Source
from pmf_lib.records.grids import Book, Grid, grid, nearest, open_book
from pmf_lib.records.labels import is_provisional, period_label, read_day
from pmf_lib.records.schema import PROVENANCE

OBSERVATIONS = (
    "measure_id",
    "period",
    "recorded_at",
    "value",
    "numerator",
    "denominator",
    "state",
    *PROVENANCE,
)
COMPARATORS = ("measure_id", "period", "authority", "authority_kind", "value", *PROVENANCE)


@dataclass(frozen=True)
class Delivery:
    """One file of a source, and the day on which its figures became known ('' where that follows from the period)."""

    source: Source
    path: Path
    book: Book
    day: str


def read_source(source_id: str) -> dict[str, pd.DataFrame]:
    """Read every file of one source.

    Parameters
    ----------
    source_id
        Name of a file under ``parameters/sources``, such as ``homelessness``.

    Returns
    -------
    dict
        Raw tables, all text but ``source_row``. ``observations``: one row per measure, period and delivery of the
        council's own rows (measure_id, period, recorded_at, value, numerator, denominator, state). ``comparators``:
        one row per measure, period and authority, as the newest delivery has it (authority, authority_kind, value).
        Both with ``source_file`` (``published:<path>``), ``source_sheet`` and ``source_row``.

    Raises
    ------
    SettingsError
        ``PMF_PUBLISHED`` does not name a folder, or the source's file is not there.
    PolicyError
        The source's file says something that the grammar does not know.
    RecordsError
        No file fits, a file can't be read, a sheet, header, column or date is not found, or a measure has no row.
    """
    source = grammar.load(source_id)
    rows = pd.concat([*_rows(source, settings.published())], ignore_index=True)
    own = rows[rows["authority"] == ""]
    silent = sorted({measure.measure_id for measure in _measures(source)} - set(own["measure_id"]))
    if silent:
        raise RecordsError(
            f"parameters/sources/{source_id}.yml: no row of the council's own holds {listed(silent)}. "
            "Mend 'authority: own' or the measure's 'where'."
        )
    others = rows[(rows["authority"] != "") & (rows["state"] != "suppressed")]
    newest = others.drop_duplicates(["measure_id", "period", "authority"], keep="last")
    return {
        "observations": own[list(OBSERVATIONS)].reset_index(drop=True),
        "comparators": newest[list(COMPARATORS)].reset_index(drop=True),
    }


def source_paths(source: Source, folder: Path) -> list[Path]:
    """The files of a source, sorted by name.

    Raises
    ------
    RecordsError
        None fits the glob.
    """
    paths = sorted(folder.glob(source.files))
    if paths:
        return paths
    there = [path.relative_to(folder).as_posix() for path in sorted(folder.glob("*/*"))]
    raise RecordsError(
        f"No file under the published folder fits '{source.files}' ({source.title}). "
        f"Nearest to it: {listed(nearest(source.files, there))}. Put the file there, or mend 'files' in the source's file."
    )


def _measures(source: Source) -> Iterator[Measure]:
    for table in source.tables:
        yield from table.measures


def _rows(source: Source, folder: Path) -> Iterator[pd.DataFrame]:
    """Rows of every delivery, oldest recording first, so that the newest comes last."""
    deliveries = [_delivery(source, path, folder) for path in source_paths(source, folder)]
    for delivery in sorted(deliveries, key=lambda one: one.day):
        yield _delivered(delivery)


def _delivery(source: Source, path: Path, folder: Path) -> Delivery:
    book = open_book(path, f"published:{path.relative_to(folder).as_posix()}")
    return Delivery(source, path, book, _day(source.recorded_at, path, book))


def _delivered(delivery: Delivery) -> pd.DataFrame:
    """One row per measure, authority and row of the file that holds a figure or a mark of suppression."""
    parts = []
    for table in delivery.source.tables:
        whole = grid(delivery.book.label, delivery.book.sheet(table.sheet), table.header)
        found, labels = _authorities(delivery.source, whole)
        parts += [_measured(delivery, found, measure, labels) for measure in table.measures]
    return pd.concat(parts, ignore_index=True)


def _authorities(source: Source, whole: Grid) -> tuple[Grid, pd.DataFrame]:
    """The grid's rows of the council and its comparators, and who each of them is ('' for the council)."""
    kept = whole.passing(source.where)
    own = Comparator(name="", kind="authority", where=source.authority.own)
    labels = pd.DataFrame({"authority": "", "authority_kind": ""}, index=whole.rows.index, dtype="str")
    wanted = pd.Series(False, index=whole.rows.index)
    for one in (*source.authority.comparators, own):
        mask = kept & whole.passing(one.where)
        labels.loc[mask, ["authority", "authority_kind"]] = [one.name, one.kind]
        wanted |= mask
    return Grid(whole.label, whole.sheet, whole.headers, whole.rows[wanted]), labels[wanted]


def _measured(delivery: Delivery, found: Grid, measure: Measure, labels: pd.DataFrame) -> pd.DataFrame:
    """One measure's rows, without those where nobody published a figure."""
    shown = found.passing(measure.where) & (measure.compare | (labels["authority"] == ""))
    kept = Grid(found.label, found.sheet, found.headers, found.rows[shown])
    who = labels[shown]
    written = _written_periods(delivery, kept)
    frame = _values(kept, measure, delivery.source).assign(
        measure_id=measure.measure_id,
        period=_canonical(written, measure.period or delivery.source.period),
        authority=who["authority"],
        authority_kind=who["authority_kind"],
        source_file=kept.label,
        source_sheet=kept.sheet,
        source_row=kept.rows.index,
    )
    provisional = written.map(is_provisional).astype("bool") & (frame["state"] == "final")
    frame["state"] = frame["state"].mask(provisional, "provisional")
    frame = frame[frame["state"] != "missing"]
    return frame.assign(recorded_at=_recorded(delivery, frame["period"]))


def _written_periods(delivery: Delivery, kept: Grid) -> pd.Series:
    """Each row's period as the file writes it."""
    place = delivery.source.period
    if place.column:
        column: pd.Series = kept.rows[kept.column(place.column)]
        return column
    written = grammar.caught(place.file_name, delivery.path.name)
    if not written:
        raise RecordsError(
            f"{kept.label}: the file's name has no period like '{place.file_name}'. "
            "Mend 'period: file_name' in the source's file."
        )
    return pd.Series(written, index=kept.rows.index, dtype="str")


def _canonical(written: pd.Series, labels: Labels) -> pd.Series:
    known = {text: period_label(text, labels.style, labels.kind) for text in written.unique()}
    return written.map(known).astype("str")


def _values(kept: Grid, measure: Measure, source: Source) -> pd.DataFrame:
    """Value, numerator and denominator as text, and a state for each row: final, suppressed or missing."""
    blank = pd.Series("", index=kept.rows.index, dtype="str")
    parts = {
        name: kept.rows[kept.column(pattern)].str.strip() if pattern else blank
        for name, pattern in (("numerator", measure.numerator), ("denominator", measure.denominator))
    }
    value = kept.rows[kept.column(measure.value)].str.strip() if measure.value else None
    deciding = [value] if value is not None else list(parts.values())
    state = _state(deciding, source)
    numbers = value if value is not None else _ratio(**parts)
    state = state.mask((numbers == "") & (state == "final"), "missing")
    columns = {"value": _scaled(numbers, measure.scale), **parts}
    marks = (*source.missing, *source.suppressed)
    shown = {name: text.mask((state != "final") | text.isin(marks), "") for name, text in columns.items()}
    return pd.DataFrame({**shown, "state": state})


def _state(deciding: list[pd.Series], source: Source) -> pd.Series:
    """Suppressed beats missing, and either beats a figure."""
    cells = pd.concat(deciding, axis=1)
    missing = cells.isin(["", *source.missing]).any(axis=1)
    state = pd.Series("final", index=cells.index, dtype="str").mask(missing, "missing")
    return state.mask(cells.isin(source.suppressed).any(axis=1), "suppressed")


def _ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Numerator over denominator as text; '' where the denominator is 0; what is no number is passed on as found."""
    above, below = (pd.to_numeric(part, errors="coerce") for part in (numerator, denominator))
    ratio = _as_text(above / below.where(below != 0))
    return ratio.mask(above.isna(), numerator).mask(below.isna(), denominator)


def _scaled(text: pd.Series, scale: float) -> pd.Series:
    """Numbers in their plainest form, times the scale; what is no number is passed on as found."""
    numbers = pd.to_numeric(text, errors="coerce") * scale
    return _as_text(numbers.round(9)).mask(numbers.isna(), text)


def _as_text(numbers: pd.Series) -> pd.Series:
    """Numbers without exponent or idle zeros; '' for none."""
    plain = [np.format_float_positional(number, trim="-") for number in numbers]
    return pd.Series(plain, index=numbers.index, dtype="str").mask(numbers.isna(), "")


def _day(rule: RecordedAt, path: Path, book: Book) -> str:
    """The day on which a whole file became known, or '' where it follows from each row's period."""
    if rule.given:
        return rule.given.isoformat()
    if rule.days_after_period is not None:
        return ""
    written = grammar.caught(rule.file_name, path.name) if rule.file_name else _cell(rule, book)
    try:
        return read_day(written).isoformat()
    except ParameterError:
        raise RecordsError(
            f"{book.label}: the day of recording is not where 'recorded_at' says ('{written}'). "
            "Mend it in the source's file."
        ) from None


def _cell(rule: RecordedAt, book: Book) -> str:
    """What the first cell that fits the pattern says, row by row."""
    if rule.cell is None:
        return ""
    sheet = book.sheet(rule.cell.sheet)
    caught = (grammar.caught(rule.cell.pattern, text) for text in sheet.cells.to_numpy().ravel() if text)
    return next((text for text in caught if text), "")


def _recorded(delivery: Delivery, period: pd.Series) -> pd.Series:
    """The day of recording for each row."""
    days = delivery.source.recorded_at.days_after_period
    if days is None:
        return pd.Series(delivery.day, index=period.index, dtype="str")
    known: Mapping[str, str] = {label: _after(label, days) for label in period.unique()}
    return period.map(known).astype("str")


def _after(label: str, days: int) -> str:
    """The day so many days after a period's end; '' where the period can't be read."""
    try:
        end: date = periods.parse(label).end
    except ParameterError:
        return ""
    return (end + timedelta(days=days)).isoformat()
