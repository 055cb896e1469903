"""Answers that are worked out once for the thing that they are asked of, however often they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pmf_lib.periods import Period

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
PLAIN = (str, int, date, Period)
"""Kinds of arguments that are the same where they are equal; of any other kind the very same thing must be given again."""


def once(make: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The same function, which keeps its answers with the first thing that it is given and hands them out again.

    That thing is one that never changes (a book, a snapshot, evidence), and so must be whatever else is given. The answers live as
    long as it does, and no copy of it made by `dataclasses.replace` knows them. They are shared: who gets a frame never writes in it.

    >>> from types import SimpleNamespace
    >>> @once
    ... def squares(of: SimpleNamespace, least: int) -> list[int]:
    ...     return [n * n for n in of.numbers if n >= least]
    >>> of = SimpleNamespace(numbers=(1, 2, 3))
    >>> squares(of, 2), squares(of, 2) is squares(of, 2), squares(of, 3)
    ([4, 9], True, [9])
    """

    @wraps(make)
    def answered(*args: Given.args, **more: Given.kwargs) -> Answer:
        of, *given = args
        kept: dict[Any, tuple[Any, Answer]] = vars(of).setdefault("_once", {})
        key = (make, *map(_known_by, given), *((name, _known_by(one)) for name, one in more.items()))
        if key not in kept:
            kept[key] = ((given, more), make(*args, **more))  # held, so that no other thing takes its id
        return kept[key][1]

    return answered


def _known_by(one: Any) -> Any:
    """By what an argument is known again."""
    return one if one is None or isinstance(one, PLAIN) else ("", id(one))
