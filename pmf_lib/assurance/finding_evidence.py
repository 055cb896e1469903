"""What stands behind a finding: its plainest exception, the files and rows, the posts that own them, and what is past."""

from __future__ import annotations

import pandas as pd

from pmf_lib.records.cells import in_file

ROWS_SHOWN = POSTS_SHOWN = 3
NO_ROW = "No row: what is missing leaves none."


def by_clause(exceptions: pd.DataFrame) -> pd.DataFrame:
    """One row per unit and clause with exceptions: plainest, evidence, is_of_kind, owner, is_past (all, some or no)."""
    keys = ["unit", "clause"]
    if exceptions.empty:
        parts = ("plainest", "evidence", "is_of_kind", "owner", "is_past")
        return pd.DataFrame(columns=[*keys, *parts], dtype=object)
    plain = exceptions.assign(_length=exceptions["condition"].astype(str).str.len())
    plain = plain.sort_values("_length", kind="stable").drop_duplicates(keys)
    said = "“" + plain["subject"].astype(str) + "”: " + plain["condition"].astype(str)
    told = plain[keys].assign(plainest=said)
    made: dict[str, pd.Series] = {
        "evidence": _evidence(exceptions),
        "is_of_kind": (_row_is(exceptions) == "")
        .groupby([exceptions[key] for key in keys], sort=False)
        .any(),
        "owner": _owners(exceptions),
        "is_past": past(exceptions, keys),
    }
    for name, each in made.items():
        told = told.merge(each.rename(name).reset_index(), on=keys, how="left")
    return told


def past(exceptions: pd.DataFrame, keys: list[str]) -> pd.Series[str]:
    """By these columns, whether all, some or no exceptions lie in the past."""
    lies = exceptions["is_past"].astype(bool).groupby([exceptions[key] for key in keys], sort=False)
    return lies.any().map({True: "some", False: "no"}).mask(lies.all(), "all")


def _row_is(exceptions: pd.DataFrame) -> pd.Series[str]:
    """What each exception's row is, where it is of another thing than was looked for; else ''."""
    return (
        exceptions["row_is"].fillna("") if "row_is" in exceptions else exceptions["clause"].map(lambda _: "")
    )


def _evidence(exceptions: pd.DataFrame) -> pd.Series[str]:
    """Unit and clause → files and rows of the exceptions; last those of another thing, and what they are."""
    keys = ["unit", "clause"]
    rows = exceptions.assign(row_is=_row_is(exceptions)).sort_values("row_is", kind="stable")
    told = _rows_of(rows, [*keys, "row_is"]).rename("places").reset_index()
    said = told["places"].where(told["row_is"] == "", told["row_is"] + ": " + told["places"])
    return said.groupby([told[key] for key in keys], sort=False).agg(" ".join)


def _rows_of(exceptions: pd.DataFrame, keys: list[str]) -> pd.Series[str]:
    """By these columns files and rows of the exceptions: a few, and how many more."""
    rows = exceptions.assign(row=pd.to_numeric(exceptions["source_row"]).fillna(0).astype(int))
    rows = rows.assign(where=in_file(rows))[[*keys, "where", "row"]]
    bare = (rows["row"] == 0).groupby([rows[key] for key in keys], sort=False).sum()
    placed = rows[rows["row"] > 0].drop_duplicates()
    at = placed.groupby(keys, sort=False).cumcount()
    again = placed["where"] == placed.groupby(keys, sort=False)["where"].shift()
    named = "row " + placed["row"].astype(str)
    said = named.where(again, placed["where"] + ", " + named)[at < ROWS_SHOWN]
    shown = said.groupby([placed[key] for key in keys], sort=False).agg("; ".join)
    more = (placed.groupby(keys, sort=False).size() - ROWS_SHOWN).clip(lower=0)
    told = pd.DataFrame({"shown": shown, "more": more, "bare": bare}).fillna({"more": 0, "bare": 0})
    return pd.Series([_places(*row) for row in told.itertuples(index=False)], index=told.index, dtype=object)


def _places(shown: object, more: float, bare: float) -> str:
    """Places, how many more there are, and how many exceptions have no row.

    >>> _places("a.csv, row 2; row 3", 0, 0), _places("a.csv, row 2", 4, 1), _places(None, 0, 3)
    ('a.csv, row 2; row 3.', 'a.csv, row 2; 4 more rows; 1 exception has no row.', 'No row: what is missing leaves none.')
    """
    if not isinstance(shown, str):
        return NO_ROW
    parts = [
        shown,
        *([f"{int(more)} more {'row' if more == 1 else 'rows'}"] if more else []),
        *([f"{int(bare)} {'exception has' if bare == 1 else 'exceptions have'} no row"] if bare else []),
    ]
    return f"{'; '.join(parts)}."


def _owners(exceptions: pd.DataFrame) -> pd.Series[str]:
    """Unit and clause → the posts that own the exceptions, with counts where there are several."""
    owner = exceptions["owner"].fillna("").astype(str)
    post = owner.mask(owner == "", exceptions["answers"].fillna(""))
    counted = (
        exceptions[["unit", "clause", "subject"]]
        .assign(post=post, named=owner != "")
        .drop_duplicates()
        .groupby(["unit", "clause", "post", "named"], sort=False)
        .size()
        .rename("count")
        .reset_index()
        .sort_values("count", ascending=False, kind="stable")
    )
    groups = counted.groupby(["unit", "clause"], sort=False)
    index = pd.MultiIndex.from_tuples([key for key, _ in groups], names=["unit", "clause"])
    return pd.Series([_posts(rows) for _, rows in groups], index=index, dtype=object)


def _posts(rows: pd.DataFrame) -> str:
    """Posts of one finding, the one with most exceptions first; of a director, that no owner is named."""
    several = len(rows) > 1
    said = [
        _post(str(post), bool(named)) + (f" ({count})" if several else "")
        for post, named, count in zip(rows["post"], rows["named"], rows["count"], strict=True)
    ]
    more = len(said) - POSTS_SHOWN
    rest = [f"{more} more {'post' if more == 1 else 'posts'}"] if more > 0 else []
    return "; ".join([*said[:POSTS_SHOWN], *rest])


def _post(post: str, is_named: bool) -> str:
    """A post; one that answers because no owner is named says so.

    >>> _post("Head of Bins", True), _post("Director of Places", False), _post("", False)
    ('Head of Bins', 'Director of Places, since no owner is named', 'none named')
    """
    if is_named:
        return post
    return f"{post}, since no owner is named" if post else "none named"
