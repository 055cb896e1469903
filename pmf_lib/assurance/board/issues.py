"""Hot issues of a directorate: what is amiss with its measures, escalations, actions and returns, the first first.

Nothing here judges anew: what ought to have been raised is told by the rules of escalation, what is missed by the rating.
"""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.board.in_hand import in_hand
from pmf_lib.assurance.board.projects import open_projects, rating_words
from pmf_lib.assurance.board.rules import BoardScheme
from pmf_lib.assurance.checks.common import by, in_words, still_open
from pmf_lib.assurance.escalation import loop
from pmf_lib.assurance.escalation.answers import answers
from pmf_lib.assurance.escalation.counting import quarter_of
from pmf_lib.assurance.escalation.rules import EscalationScheme, level_words, often
from pmf_lib.assurance.evidence import Evidence

ISSUES = ("kind", "about", "subject", "owner", "condition", "in_hand", "asks", "source_file", "source_row")
WORSENING = ("worsening_high", "worsening_low")
NEEDED = ("escalations", "actions", "registers")
"""Tables that issues are read from, beside the measures."""
NO_ACTION = "No action under way or done names it."
SPENT = "No action is in hand: what was done changed nothing for the better."
AGREE = "Agree an action, with a post and a day."
STATE_KINDS = {
    "never": "never_raised",
    "lapsed": "raised_too_low",
    "too_low": "raised_too_low",
    "late": "raised_late",
}


def hot_issues(evidence: Evidence, scheme: BoardScheme) -> pd.DataFrame:
    """What is hot, ranked by the declared order.

    Parameters
    ----------
    evidence
        The records of one directorate as they stood at a date; of a table that nobody sent nothing is known.
    scheme
        The order of kinds.

    Returns
    -------
    DataFrame
        One row per measure, or per escalation, action or entry of a register that is about none: kind (the first that holds), about (id of
        the measure, escalation, action or entry), subject (its title), owner (a post, or ''), condition (what is amiss, in
        sentences), in_hand (of a missed measure: its actions in hand, or that none is; else ''), asks (what is asked of the board), source_file, source_row. Ordered by `BoardScheme.hot_issues`, then
        as rated. Of published figures there is none.
    """
    if not evidence.is_own:
        return _none()
    parts = [
        _of_measures(evidence),
        *_of_escalation(evidence),
        _of_actions(evidence),
        _of_projects(evidence, scheme),
        _of_returns(evidence),
    ]
    found = [part for part in parts if len(part)]
    rows = pd.concat(found, ignore_index=True) if found else _none()
    place = rows["kind"].map({kind: n for n, kind in enumerate(scheme.hot_issues)})
    told = in_hand(evidence, evidence.rated_as("missed"))
    words = pd.Series([told.get(about, "") for about in rows["about"]], rows.index, dtype="str")
    return _one_each(rows.assign(place=place, in_hand=words))


def _one_each(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per thing, under its first kind, with all that is amiss with it and all that is asked."""
    ordered = rows.sort_values("place", kind="stable")
    said = ordered.groupby("about", sort=False)
    joined = {
        name: said[name].agg(lambda each: " ".join(dict.fromkeys(each))) for name in ("condition", "asks")
    }
    first = ordered.drop_duplicates("about").set_index("about")
    return first.assign(**joined).reset_index()[list(ISSUES)]


def _none() -> pd.DataFrame:
    texts = dict.fromkeys([name for name in ISSUES if name != "source_row"], "str")
    return pd.DataFrame(columns=list(ISSUES)).astype({**texts, "source_row": int})


def _issues(rows: pd.DataFrame, kind: pd.Series[str] | str, condition: str, asks: str) -> pd.DataFrame:
    """Rows as issues; both texts may name columns in braces. `rows` need about, subject, owner and their source."""
    made = rows.assign(
        kind=kind,
        in_hand="",
        condition=[condition.format_map(row) for row in rows.to_dict("records")],
        asks=[asks.format_map(row) for row in rows.to_dict("records")],
    )
    return made[list(ISSUES)].astype({"condition": "str", "asks": "str"})


def _of_measures(evidence: Evidence) -> pd.DataFrame:
    """Missed measures that get worse or miss again, and figures that were due."""
    rules = evidence.escalation
    most = rules.counted if rules else 2
    missed = loop.running(evidence, most)
    missed = _as_subjects(missed).assign(often=[often(n, most) for n in missed["running_n"]])
    missed = missed.assign(no_action=_no_action(evidence, missed))
    is_worse, has_action = missed["variation"].isin(WORSENING), missed["no_action"] == ""
    again = ~is_worse & (missed["running_n"] > 1)
    late = _as_subjects(in_words(evidence.rated_as("late"), "due_on"))
    worse_says = "It missed its target {often}, and the change for the worse is real."
    again_says = "It missed its target {often}."
    return pd.concat(
        [
            _issues(missed[is_worse & has_action], "misses_and_worsens", worse_says, "Ask for the cause, and whether its action will turn it."),
            _issues(missed[is_worse & ~has_action], "misses_and_worsens", f"{worse_says} {{no_action}}", AGREE),
            _issues(missed[again & has_action], "misses_again", again_says, "Ask whether its action is enough."),
            _issues(missed[again & ~has_action], "misses_again", f"{again_says} {{no_action}}", AGREE),
            _issues(late, "figure_late", "Its figure was due on {due_on} and was not sent.", "Ask for the figure."),
        ],
        ignore_index=True,
    )  # fmt: skip


def _no_action(evidence: Evidence, missed: pd.DataFrame) -> pd.Series[str]:
    """Why no action is in hand for each missed measure; '' where one is, or nobody sent the actions."""
    if "actions" not in evidence.sent:
        return pd.Series("", missed.index, dtype="str")
    named = answers(evidence, missed)
    in_hand = missed["measure_id"].isin(named.loc[named["is_in_hand"], "measure_id"])
    was_named = missed["measure_id"].isin(named["measure_id"])
    said = pd.Series(NO_ACTION, missed.index, dtype="str").mask(was_named, SPENT)
    return said.mask(in_hand, "")


def _of_escalation(evidence: Evidence) -> list[pd.DataFrame]:
    """What the rules of escalation ask and the records do not show; none where none are declared or sent."""
    scheme = evidence.escalation
    if scheme is None or "escalations" not in evidence.sent:
        return []
    steps = evidence.kept("escalations")
    return [*_asked(evidence, scheme, steps), _skipped(evidence, scheme, steps), _open(evidence, steps)]


def _asked(evidence: Evidence, scheme: EscalationScheme, steps: pd.DataFrame) -> list[pd.DataFrame]:
    """Missed measures never raised, raised too low, or late."""
    missed = loop.running(evidence, scheme.counted)
    rows = loop.asked(missed, steps, scheme, evidence.quarter, evidence.as_at)
    rows = _as_subjects(in_words(rows, "asked_by", "answered_on", "lapsed_on")).assign(
        upper=level_words(rows["asked_level"]),
        lower=level_words(rows["reached_level"]),
        lapsed=level_words(rows["lapsed_level"]),
    )
    rows = rows.assign(by=("by " + rows["asked_by"]).where(rows["asked_by"] != "", "in an earlier quarter"))
    says = {
        "never": ("No escalation is recorded; it was to be raised to {upper} {by}.", "See that it is raised to {upper}."),
        "lapsed": ("It was raised to {lapsed} on {lapsed_on}, which has lapsed; it was to be raised anew to {upper} {by}.", "See that it is raised to {upper}."),
        "too_low": ("It was raised to {lower} and no further; it was to be raised to {upper} {by}.", "See that it is raised to {upper}."),
        "late": ("It was raised to {upper} on {answered_on}; it was to be raised {by}.", "Ask why it came late."),
    }  # fmt: skip
    return [
        _issues(rows[rows["state"] == state], STATE_KINDS[state], *words) for state, words in says.items()
    ]


def _skipped(evidence: Evidence, scheme: EscalationScheme, steps: pd.DataFrame) -> pd.DataFrame:
    """Steps about the quarter that went past a level of the rules."""
    now = steps[quarter_of(steps) == evidence.quarter.label]
    past = loop.skipped(now, scheme)
    said = _subjects(evidence, past).assign(
        past=level_words(past["missing_level"]),
        lower=level_words(past["from_level"]),
        upper=level_words(past["to_level"]),
    )
    words = "It went from {lower} to {upper}, past {past}."
    return _issues(said, "level_skipped", words, "Ask why it did not come by way of this board.")


def _open(evidence: Evidence, steps: pd.DataFrame) -> pd.DataFrame:
    """Escalations raised and not decided on."""
    steps = steps[steps["raised_on"] <= pd.Timestamp(evidence.as_at)]
    bare = steps[~loop.is_decided(steps, evidence.as_at)]
    followed = bare["escalation_id"].isin(steps["follows"])
    said = _subjects(evidence, in_words(bare[~followed], "raised_on"))
    said = said.assign(upper=level_words(said["to_level"]))
    own = said["to_level"] == "directorate"
    words = "It was raised to {upper} on {raised_on}, and no decision is recorded."
    return pd.concat(
        [
            _issues(said[own], "not_decided", words, "Decide on it."),
            _issues(said[~own], "not_decided", words, "Ask {upper} for a decision."),
        ],
        ignore_index=True,
    )


def _of_actions(evidence: Evidence) -> pd.DataFrame:
    """Actions due before the as-at date, not done and not given up; one about a single measure stands with it."""
    if "actions" not in evidence.sent:
        return _none()
    today = pd.Timestamp(evidence.as_at)
    rows = still_open(evidence.kept("actions"), evidence.as_at, "done_on", "stopped_on")
    rows = rows[rows["due_on"] < today]
    rows = in_words(rows.assign(done_on=by(rows["done_on"], evidence.as_at)), "due_on")
    rows = _of_its_measure(evidence, rows.assign(action=rows["title"]), "action_id", rows["measures"])
    words = "Its action “{action}” was due on {due_on} and is not done."
    return _issues(rows, "action_overdue", words, "Ask for a day, or for what takes its place.")


def _of_projects(evidence: Evidence, scheme: BoardScheme) -> pd.DataFrame:
    """Open projects that nobody has looked at for so long that their rating tells nothing."""
    if "registers" not in evidence.sent:
        return _none()
    rows = open_projects(evidence, scheme)
    rows = rows[rows["is_old"]]
    rows = rows.assign(about=rows["entry_id"], subject=rows["title"])
    rows = rows.assign(rated=[rating_words(one) for one in rows.to_dict("records")])
    words = "It was {rated}."
    return _issues(rows, "project_not_looked_at", words, "Look at it, and rate it anew.")


def _of_returns(evidence: Evidence) -> pd.DataFrame:
    """Returns of the register of obligations that were due before the as-at date and not sent in."""
    if "registers" not in evidence.sent:
        return _none()
    rows = evidence.kept("registers")
    rows = rows[(rows["register"] == "obligations") & (rows["due_on"] < pd.Timestamp(evidence.as_at))]
    rows = in_words(rows[by(rows["closed_on"], evidence.as_at).isna()], "due_on")
    rows = rows.assign(about=rows["entry_id"], subject=rows["title"])
    words = "It was due on {due_on} and was not sent in."
    return _issues(rows, "return_late", words, "Ask for it, and why it is late.")


def _subjects(evidence: Evidence, steps: pd.DataFrame) -> pd.DataFrame:
    """Steps of escalations under the measure that they are about, or else under their own title."""
    return _of_its_measure(
        evidence, steps.assign(owner=steps["raised_by"]), "escalation_id", steps["measure_id"]
    )


def _of_its_measure(
    evidence: Evidence, rows: pd.DataFrame, key: str, measure: pd.Series[str]
) -> pd.DataFrame:
    """Rows with about and subject: the one measure that they name, else their own id and title."""
    measures = evidence.of_council("measures").set_index("measure_id")
    is_known = measure.isin(measures.index)
    titles, owners = (measure.map(measures[name]).astype("object").fillna("") for name in ("title", "owner"))
    return rows.assign(
        about=measure.where(is_known, rows[key]),
        subject=titles.where(is_known, rows["title"]).astype("str"),
        owner=rows["owner"].where(rows["owner"] != "", owners).astype("str"),
    )


def _as_subjects(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(about=rows["measure_id"], subject=rows["title"])
