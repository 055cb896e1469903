"""Who came, of the posts that the framework's clauses want at a body's meetings."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.minutes import held
from pmf_lib.assurance.checks.turns import this_year
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.clauses import Parameter


def attendance(evidence: Evidence) -> pd.DataFrame:
    """Who came, of the posts that the framework's clauses want: one row per body, unit and post, in the year so far.

    Columns: body, unit (id of the directorate, or ''), post (words of it), meetings_n (that name who was present), present_n.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings.
    """
    told = [one.parameters for one in evidence.framework.clauses if one.check == "post_was_present"]
    wanted = [(str(one["body"]), str(post)) for one in told for post in _listed(one["posts"])]
    met = held(evidence)
    met = met[this_year(evidence).holds(met["held_on"]) & (met["present"] != "")]
    rows = pd.DataFrame(list(dict.fromkeys(wanted)), columns=["body", "post"], dtype="str").merge(
        met, on="body"
    )
    came = [
        post.casefold() in there.casefold() for post, there in zip(rows["post"], rows["present"], strict=True)
    ]
    rows = rows.assign(came=pd.Series(came, rows.index, dtype=bool), unit=rows["directorate"])
    found = rows.groupby(["body", "unit", "post"], sort=False)["came"].agg(["size", "sum"]).reset_index()
    return found.rename(columns={"size": "meetings_n", "sum": "present_n"})


def _listed(posts: Parameter) -> tuple[str, ...]:
    return posts if isinstance(posts, tuple) else (str(posts),)
