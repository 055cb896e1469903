"""Published files as they come, made into raw observations and comparators by ``parameters/sources/<id>.yml``.

What a file says is kept as text with file, sheet and row; a mark of *missing* leaves the row out, because nobody
published a figure, and a mark of *suppressed* keeps it without a value. Where the newest delivery marks as missing what
an older one told, the figure was withdrawn, and no row of it is left. Faults in cells are left to
`pmf_lib.records.parse`; a file that is not laid out as its source says stops the reading.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pmf_lib import settings
from pmf_lib.errors import RecordsError, listed
from pmf_lib.records.published import grammar
from pmf_lib.records.published.books import ALL, Only
from pmf_lib.records.published.deliveries import Delivery, deliveries, recorded
from pmf_lib.records.published.figures import figures
from pmf_lib.records.published.grammar import LIKE, Comparator, Labels, Measure, Source
from pmf_lib.records.published.grids import Grid, grid, spread
from pmf_lib.records.published.labels import is_provisional, period_label
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
FIGURE = ("measure_id", "period", "authority")
"""What makes rows of several deliveries tell the same figure."""
OTHER_UNIT = 90.0
"""A figure that two deliveries tell so many times apart is taken to be in another unit, not revised."""


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
        No file fits, a file can't be read, a sheet, header, column or date is not found, a unit is not the one
        expected, or a measure has no row.
    """
    source = grammar.load(source_id)
    found = [_delivered(delivery) for delivery in deliveries(source, settings.published())]
    rows = _without_withdrawn(pd.concat(found, ignore_index=True))
    own = rows[rows["authority"] == ""]
    silent = sorted({measure.measure_id for measure in _measures(source)} - set(own["measure_id"]))
    if silent:
        raise RecordsError(
            f"parameters/sources/{source_id}.yml: no row of the council's own holds {listed(silent)}. "
            "Mend 'authority: own' or the measure's 'where'."
        )
    _refuse_other_units(own, source_id)
    newest = rows[rows["authority"] != ""].drop_duplicates(list(FIGURE), keep="last")
    newest = newest[newest["state"] != "suppressed"]
    return {
        "observations": own[list(OBSERVATIONS)].reset_index(drop=True),
        "comparators": newest[list(COMPARATORS)].reset_index(drop=True),
    }


def _measures(source: Source) -> Iterator[Measure]:
    for table in source.tables:
        yield from table.measures


def _without_withdrawn(rows: pd.DataFrame) -> pd.DataFrame:
    """What is told, without figures that the newest delivery to speak of them calls missing."""
    told = rows["state"] != "missing"
    newest = rows.groupby(list(FIGURE))["recorded_at"].transform("max")
    last_told = rows["recorded_at"].where(told, "").groupby([rows[name] for name in FIGURE]).transform("max")
    return rows[told & (last_told == newest)].reset_index(drop=True)


def _refuse_other_units(own: pd.DataFrame, source_id: str) -> None:
    """Stop where two deliveries tell the same figure in what must be different units."""
    number = pd.to_numeric(own["value"], errors="coerce").abs()
    rows = own.assign(number=number.where(number > 0)).dropna(subset=["number"])
    before = rows.groupby(["measure_id", "period"])[["number", "value", "source_file", "source_row"]].shift()
    times = rows["number"] / before["number"]
    apart = times.where(times >= 1, 1 / times)
    off = apart >= OTHER_UNIT
    if not off.any():
        return
    now, then = rows[off].iloc[0], before[off].iloc[0]
    raise RecordsError(
        f"{now['source_file']}, row {now['source_row']}: '{now['measure_id']}' of {now['period']} is {now['value']}, and "
        f"in {then['source_file']}, row {int(then['source_row'])}, it is {then['value']}. Has the unit changed? Say so "
        f"with 'rescale' on the measure in parameters/sources/{source_id}.yml."
    )


def _delivered(delivery: Delivery) -> pd.DataFrame:
    """One row per measure, authority and row of the table, be it a figure or a mark."""
    table = delivery.table
    sheet = delivery.book.sheet(table.sheet, _of_interest(delivery))
    found, labels = _authorities(delivery, grid(delivery.book.label, sheet, table.header))
    if table.spread:
        found = spread(found, table.spread)
        labels = labels.loc[found.rows.index]
    parts = [part for measure in table.measures for part in _told(delivery, found, measure, labels)]
    return pd.concat(parts, ignore_index=True)


def _of_interest(delivery: Delivery) -> Only:
    """The only codes to read, where one column says whose every row is."""
    filters = [delivery.source.authority.own, *(one.where for one in delivery.others)]
    column, *more = {pattern for filter_ in filters for pattern in filter_}
    told = [each[column] for each in filters] if not more else []
    codes = {code for code_s in told for code in ([code_s] if isinstance(code_s, str) else code_s)}
    return {column: codes} if codes and not any(code.startswith(LIKE) for code in codes) else ALL


def _authorities(delivery: Delivery, whole: Grid) -> tuple[Grid, pd.DataFrame]:
    """The table's rows of the council and its comparators, and who each of them is ('' for the council)."""
    kept = whole.passing(delivery.source.where) & whole.passing(delivery.table.where)
    own = Comparator(name="", kind="authority", where=delivery.source.authority.own)
    labels = pd.DataFrame({"authority": "", "authority_kind": ""}, index=whole.rows.index, dtype="str")
    wanted = pd.Series(False, index=whole.rows.index)
    for one in (*delivery.others, own):
        mask = kept & whole.passing(one.where)
        labels.loc[mask, ["authority", "authority_kind"]] = [one.name, one.kind]
        wanted |= mask
    found = whole.keeping(wanted)
    return found, _under_names(delivery, found, labels[wanted])


def _under_names(delivery: Delivery, found: Grid, labels: pd.DataFrame) -> pd.DataFrame:
    """Neighbours known by code alone under the name that the table last gives them."""
    rule = delivery.source.authority.neighbours
    if rule is None or not rule.names or not any(one.compare for one in delivery.table.measures):
        return labels
    code, name = found.rows[found.column(rule.column)], found.rows[found.column(rule.names)]
    names = dict(zip(code, name, strict=True))
    return labels.assign(authority=labels["authority"].map(lambda one: names.get(one, one)).astype("str"))


def _told(delivery: Delivery, found: Grid, measure: Measure, labels: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """What the rows tell of a measure: of those they are about, and of others in columns beside."""
    shown = found.passing(measure.where) & (measure.compare | (labels["authority"] == ""))
    kept, who = found.keeping(shown), labels[shown]
    _refuse_other_words(kept, measure)
    yield _measured(delivery, kept, measure, who)
    own = who["authority"] == ""
    for other in measure.beside:
        column = measure.model_copy(
            update={"value": other.value, "sum": "", "numerator": "", "denominator": ""}
        )
        named = who[own].assign(authority=other.name, authority_kind=other.kind)
        yield _measured(delivery, kept.keeping(own), column, named)


def _refuse_other_words(kept: Grid, measure: Measure) -> None:
    """Stop where the file's own columns do not say the unit that the source expects."""
    for pattern, wanted in measure.unit.items():
        off = kept.rows[~kept.passing({pattern: wanted})]
        if len(off):
            place = kept.column(pattern)
            raise RecordsError(
                f"{kept.where}, row {off.index[0]}: '{kept.headers[place]}' says '{off[place].iloc[0]}', and "
                f"'{measure.measure_id}' expects {listed([wanted] if isinstance(wanted, str) else wanted)}. Has the unit "
                "changed? Then mend 'unit', 'scale' or 'rescale' in the source's file."
            )


def _measured(delivery: Delivery, kept: Grid, measure: Measure, who: pd.DataFrame) -> pd.DataFrame:
    """One measure's rows, also where nobody published a figure."""
    written = _written_periods(delivery, kept)
    frame = figures(kept, measure, delivery.source, delivery.scale(measure)).assign(
        measure_id=measure.measure_id,
        period=_canonical(written, measure.period or delivery.source.period),
        authority=who["authority"],
        authority_kind=who["authority_kind"],
        source_file=kept.label,
        source_sheet=kept.sheet,
    )
    provisional = written.map(is_provisional).astype("bool") & (frame["state"] == "final")
    frame["state"] = frame["state"].mask(provisional, "provisional")
    return frame.assign(recorded_at=recorded(delivery, frame["period"]))


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
