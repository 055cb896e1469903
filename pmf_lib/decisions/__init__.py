"""What people decided: dated files of ``parameters/decisions``, one each, kept in git.

``about_papers``    a run's pages: checks, responses, ratings, issues; no part of a run's id
``about_measures``  one council's measures: rebases, answered prompts; part of a run's id once they are known
``kept``            how any of them is read, named and written
"""

from pmf_lib.decisions.about_measures import (
    CONFIRMED,
    CONTRADICTS,
    OTHERWISE,
    UNCHANGED,
    Comment,
    Kept,
    Measures,
    Rebase,
    known,
    of_measures,
)
from pmf_lib.decisions.about_papers import (
    AGREED,
    CONFIRMED_AS_PROPOSED,
    COUNCIL,
    FOLDER,
    OPINIONS,
    OVERRIDDEN,
    POSTS,
    Check,
    Decision,
    Issue,
    Papers,
    Rating,
    Response,
    folder,
    load,
    made,
    name,
    papers,
    text,
)

__all__ = [
    "AGREED",
    "CONFIRMED",
    "CONFIRMED_AS_PROPOSED",
    "CONTRADICTS",
    "COUNCIL",
    "FOLDER",
    "OPINIONS",
    "OTHERWISE",
    "OVERRIDDEN",
    "POSTS",
    "UNCHANGED",
    "Check",
    "Comment",
    "Decision",
    "Issue",
    "Kept",
    "Measures",
    "Papers",
    "Rating",
    "Rebase",
    "Response",
    "folder",
    "known",
    "load",
    "made",
    "name",
    "of_measures",
    "papers",
    "text",
]
