"""Clause tests that the measures' own tables can answer."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.common import kept_links
from pmf_lib.assurance.checks.occasions import none_missed
from pmf_lib.assurance.checks.registry import clause_test, seen_from_outside
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions
from pmf_lib.periods import FREQUENCIES, parse
from pmf_lib.records.cells import in_file, looked_up
from pmf_lib.records.quality.measures import fault_words, faults
from pmf_lib.records.quality.told import told
from pmf_lib.records.schema import PROVENANCE


@seen_from_outside
def node_has_measures(evidence: Evidence) -> Answer:
    """Each marker (outcome, driver) that stands in the year has at least one measure that is kept today."""
    year = evidence.quarter.financial_year.label
    nodes = pd.DataFrame({"node": [node.id for node in evidence.framework.linkable_in(year)]}, dtype="str")
    bare = nodes[~nodes["node"].isin(kept_links(evidence)["node"])].assign(subject=evidence.named_nodes)
    return Answer(len(nodes), exceptions(bare, "No measure is linked to it, so nothing shows how it stands."))


@clause_test
def node_has_balanced_measures(evidence: Evidence) -> Answer:
    """Each marker that has measures is seen from more than one side of the scorecard, by measures that are kept today."""
    sides = kept_links(evidence).groupby("node")["perspective"].agg(["nunique", "first"]).reset_index()
    lone = sides[sides["nunique"] < 2].assign(subject=evidence.named_nodes)
    return Answer(len(sides), exceptions(lone, "All its measures look from one side only: {first}."))


@clause_test
def measure_has_owner(evidence: Evidence) -> Answer:
    """Each measure has a post that answers for it."""
    measures = evidence.measures
    return Answer(
        len(measures), exceptions(measures[measures["owner"] == ""], "No post is named as its owner.")
    )


@clause_test
def measure_has_definition(evidence: Evidence) -> Answer:
    """Each measure says how it is counted."""
    measures = evidence.measures
    bare = measures[measures["definition"] == ""]
    return Answer(
        len(measures), exceptions(bare, "It has no written definition, so no two people need count alike.")
    )


@clause_test
def measure_is_linked(evidence: Evidence) -> Answer:
    """Each measure leads to a part of the framework."""
    measures = evidence.measures
    adrift = measures[~measures["measure_id"].isin(evidence.links["measure_id"])]
    return Answer(len(measures), exceptions(adrift, "It is linked to no part of the framework."))


@clause_test
def measure_has_target(evidence: Evidence) -> Answer:
    """Each measure that is not for monitoring only has a target for the period."""
    rated = evidence.rated[~evidence.rated["state"].isin(["monitor_only", "retired", "not_defined"])]
    bare = ~rated["measure_id"].isin(_with_target(evidence)) | (rated["state"] == "target_missing")
    return Answer(len(rated), exceptions(rated[bare], "No target is set for the period."))


@clause_test
def target_is_approved(evidence: Evidence) -> Answer:
    """Each target in force names the body that approved it, and a day by the as-at date."""
    targets = _in_force(evidence).merge(evidence.measures[["measure_id", "title", "owner"]], on="measure_id")
    on_time = targets["approved_on"] <= pd.Timestamp(evidence.as_at)
    loose = evidence.in_words(targets[(targets["approved_by"] == "") | ~on_time], "from_period")
    return Answer(len(targets), exceptions(loose, "Target from {from_period}: no approval is recorded."))


@clause_test
def data_is_on_time(evidence: Evidence) -> Answer:
    """Each value that was due before the as-at date is there, or is there and suppressed."""
    asked = evidence.rated[~evidence.rated["state"].isin(["retired", "suppressed"])]
    due = asked[asked["due_on"].notna() & (asked["due_on"] < pd.Timestamp(evidence.as_at))]
    absent = due[due["value"].isna()].drop(
        columns=["source_file", "source_sheet", "source_row"], errors="ignore"
    )
    absent = evidence.in_words(absent, "period")
    return Answer(len(due), exceptions(absent, "The value for {period} was due and is not there."))


@clause_test
def records_are_sound(evidence: Evidence) -> Answer:
    """No row had to be left out of the records, and none was doubtful."""
    findings, measures = faults(evidence.findings), evidence.tables["measures"]
    titles, owners = (measures.set_index("measure_id")[name] for name in ("title", "owner"))
    rows = sum(len(table) for table in evidence.tables.values())
    left_out = findings.loc[findings["severity"] == "error", list(PROVENANCE)].drop_duplicates()
    found = findings.assign(
        subject=in_file(findings) + ", row " + findings["source_row"].astype(str),
        owner=looked_up(findings["measure_id"], owners),
        words=fault_words(told(findings, measures)),
        of=_cell(looked_up(findings["measure_id"], titles), findings["column"]),
    )
    return Answer(rows + len(left_out), exceptions(found, "{of}{words}"))


@clause_test
def missed_target_is_explained(evidence: Evidence) -> Answer:
    """Each measure that misses its target has a commentary for the quarter."""
    missed = evidence.rated_as("missed")
    said = evidence.tables["commentary"]
    said = said[(said["quarter"] == evidence.quarter.label) & (said["text"].str.strip() != "")]
    silent = missed[~missed["measure_id"].isin(said["measure_id"])]
    found = exceptions(silent, "It misses its target, and no commentary says why.")
    return none_missed(evidence, Answer(len(missed), found))


@clause_test
def node_has_customer_measure(evidence: Evidence) -> Answer:
    """Each marker with measures has one that tells of customers' experience."""
    links = evidence.links.merge(evidence.measures[["measure_id", "customer_measure"]], on="measure_id")
    served = links.groupby("node")["customer_measure"].any().reset_index()
    bare = served[~served["customer_measure"].astype(bool)].assign(subject=evidence.named_nodes)
    return Answer(len(served), exceptions(bare, "None of its measures tells of customers' experience."))


@clause_test
def measures_of_both_kinds(evidence: Evidence) -> Answer:
    """The unit keeps quantitative and qualitative measures."""
    kinds = set(evidence.measures["evidence_kind"])
    missing = [kind for kind in ("quantitative", "qualitative") if kind not in kinds]
    rows = pd.DataFrame({"subject": [f"{kind} measures" for kind in missing]})
    return Answer(2 if kinds else 0, exceptions(rows, "None is kept."))


@clause_test
def promise_has_measures(evidence: Evidence) -> Answer:
    """Each of the framework's promises is tracked by a measure."""
    kept = set(evidence.measures["promise"].str.casefold())
    promises = evidence.framework.promises
    bare = [one.title for one in promises if kept.isdisjoint({one.id.casefold(), one.title.casefold()})]
    rows = pd.DataFrame({"subject": bare}, dtype=object)
    return Answer(len(promises), exceptions(rows, "No measure says that it tracks this promise."))


@seen_from_outside
def measure_is_compared(evidence: Evidence) -> Answer:
    """Each measure that is kept elsewhere too is compared with others for its latest period."""
    measures = evidence.measures[evidence.measures["comparator_group"] != ""]
    latest = evidence.rated[["measure_id", "last_period"]].rename(columns={"last_period": "period"})
    beside = (
        evidence.tables["comparators"].dropna(subset=["value"]).merge(latest, on=["measure_id", "period"])
    )
    alone = measures[~measures["measure_id"].isin(beside["measure_id"])]
    return Answer(
        len(measures),
        exceptions(
            alone,
            "To be compared with {comparator_group}; no figure of theirs is here for its latest period.",
        ),
    )


def _cell(titles: pd.Series[str], columns: pd.Series[str]) -> pd.Series[str]:
    """The measure and the column of a fault that lies in one cell; a fault of a whole row names its own.

    >>> _cell(pd.Series(["Bins", "", "Calls"]), pd.Series(["value", "value", ""])).tolist()
    ['Bins, column value. ', 'Column value. ', '']
    """
    named = (titles + ", column ").where(titles != "", "Column ")
    return (named + columns + ". ").where(columns != "", "")


def _in_force(evidence: Evidence) -> pd.DataFrame:
    """Targets that the rating used, with their source rows."""
    used = evidence.rated.loc[evidence.rated["target_row"] > 0, ["measure_id", "target_file", "target_row"]]
    targets = evidence.tables["targets"]
    keys = {"target_file": "source_file", "target_row": "source_row"}
    return targets.merge(used.rename(columns=keys), on=["measure_id", "source_file", "source_row"])


def _with_target(evidence: Evidence) -> pd.Series[str]:
    """Measures that have a target which began by the quarter's end."""
    targets = evidence.tables["targets"].dropna(subset=["target", "lower", "upper"], how="all")
    often = evidence.tables["measures"].set_index("measure_id")["frequency"].map(FREQUENCIES)
    kinds = targets["measure_id"].map(often)
    labels = zip(targets["from_period"], kinds, strict=True)
    begun = [parse(label, kind).start <= evidence.quarter.end for label, kind in labels]
    return targets.loc[pd.Series(begun, index=targets.index, dtype=bool), "measure_id"]
