"""What people decided: dated files of ``parameters/decisions``, one each, kept in git.

``about_papers``    a run's pages: checks, responses, issues; no part of a run's id
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
    FOLDER,
    POSTS,
    Check,
    Decision,
    Issue,
    Papers,
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
    "CONTRADICTS",
    "FOLDER",
    "OTHERWISE",
    "POSTS",
    "UNCHANGED",
    "Check",
    "Comment",
    "Decision",
    "Issue",
    "Kept",
    "Measures",
    "Papers",
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
