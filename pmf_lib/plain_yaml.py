"""YAML read plainly and strictly: text, numbers, dates, lists and keys, and nothing that a stranger could hide in them.

A file is looked through before anything is built from it: its size, its depth, how much its aliases would unfold to,
tags, merge keys and characters that cannot be seen. What is refused is named by file, line and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from pmf_lib.errors import PolicyError, SettingsError, near_miss, quoted

LARGEST_BYTES = 2**20
DEEPEST = 40
MOST_NODES = 20_000
"""Lists, mappings, keys and values in one file, once its aliases are unfolded."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "tag:yaml.org,2002:merge"
_STEPS = (
    "The line, or one before it, does not begin under the lines that it belongs with: take two spaces a step."
)
MEND: Mapping[str, str] = MappingProxyType(
    {
        "mapping values are not allowed": 'A text that holds a colon and a space stands in quotation marks, as in "Our aim: to thrive".',
        "tab character": "Put spaces in its place.",
        "character that cannot start any token": "Put spaces for a tab, and a text that begins with a sign in quotation marks.",
        "',' or '": "Within brackets, a text that holds a comma, a colon or a bracket stands in quotation marks.",
        "did not find expected": _STEPS,
        "could not find expected": _STEPS,
        "expected <block end>": _STEPS,
        "unexpected end of stream": "A quotation mark or a bracket is opened and never closed.",
    }
)
"""What the reader of YAML says is wrong → how to mend it."""


def read(path: Path) -> Any:
    """The plain content of a YAML file; None when it is empty.

    Raises
    ------
    SettingsError
        The file is not there.
    PolicyError
        It is not plain YAML in UTF-8, is too large, or holds what plain files do not.
    """
    return parsed(content(path), path)


def parsed(content: bytes, path: Path) -> Any:
    """What these bytes of a YAML file say; `path` is named in errors.

    Raises
    ------
    PolicyError
        They are not plain YAML in UTF-8.
    """
    text = _text(content, path)
    control = _CONTROL.search(text)
    if control:
        line, sign = text.count("\n", 0, control.start()) + 1, ord(control[0])
        raise PolicyError(f"'{path.name}', line {line}: the character U+{sign:04X} is not text. Take it out.")
    try:
        look = _Look()
        for event in yaml.parse(text, Loader=_LOADER):
            look.at(event)
        return yaml.load(text, Loader=_Strict)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise PolicyError(f"'{path.name}' is not valid YAML: {_one_line(error)}") from error


def content(path: Path) -> bytes:
    """The file's bytes, read no further than it may be long.

    Raises
    ------
    SettingsError
        The file is not there.
    PolicyError
        It is no ordinary file, or too large.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise PolicyError(f"'{path}' is not an ordinary file. Put the file itself there.")
    try:
        with path.open("rb") as stream:
            found = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise SettingsError(f"'{path}' is not there.{_beside(path)}") from None
    if len(found) > LARGEST_BYTES:
        raise PolicyError(
            f"'{path.name}' is larger than {LARGEST_BYTES // 2**20} MB; a policy file is text that a person wrote. "
            "Put records under data/, and keep decisions here."
        )
    return found


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyError(
            f"'{path.name}' is not UTF-8 text (line {line}). Save it as UTF-8, without the older Windows or UTF-16 encodings."
        ) from None


@dataclass
class _Open:
    """A list or mapping that has begun: what it came to so far, how deep it goes, and the anchor it is called by."""

    anchor: str | None
    nodes: int = 1
    depth: int = 0


class _Look:
    """One look through a file before anything is built from it."""

    def __init__(self) -> None:
        self._open = [_Open(None)]
        self._sizes: dict[str, tuple[int, int]] = {}
        self._total = 0

    def at(self, event: Any) -> None:
        """The next event of the file."""
        _refuse_oddities(event)
        if isinstance(event, yaml.CollectionStartEvent):
            self._total += 1
            self._open.append(_Open(event.anchor))
            self._refuse_too_much(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            ended = self._open.pop()
            self._take(ended.anchor, ended.nodes, ended.depth, event)
        elif isinstance(event, yaml.AliasEvent):
            nodes, depth = self._size_of(event)
            self._total += nodes
            self._take(None, nodes, depth, event)
        elif isinstance(event, yaml.ScalarEvent):
            self._total += 1
            self._take(event.anchor, 1, 0, event)

    def _take(self, anchor: str | None, nodes: int, depth: int, event: Any) -> None:
        """Count a value into what is open, and remember it under its anchor."""
        inner = self._open[-1]
        inner.nodes, inner.depth = inner.nodes + nodes, max(inner.depth, depth + 1)
        if anchor:
            self._sizes[anchor] = (nodes, depth)
        self._refuse_too_much(event)

    def _refuse_too_much(self, event: Any) -> None:
        if len(self._open) + self._open[-1].depth > DEEPEST:
            raise _refused(
                f"lists and keys lie more than {DEEPEST} deep in each other; write it flatter", event
            )
        if self._total > MOST_NODES:
            raise _refused(
                f"it comes to more than {MOST_NODES:,} values, aliases counted as often as they are used; "
                "write out less, or split the file",
                event,
            )

    def _size_of(self, event: yaml.AliasEvent) -> tuple[int, int]:
        if event.anchor not in self._sizes:
            raise _refused(f"alias '*{quoted(event.anchor)}' stands for nothing that ends before it", event)
        return self._sizes[event.anchor]


def _refuse_oddities(event: Any) -> None:
    """Tags, and characters that a terminal or page would act on instead of showing them."""
    if getattr(event, "tag", None) is not None:
        raise _refused(f"the tag '{quoted(event.tag)}' is not used here; write the value alone", event)
    value = getattr(event, "value", "")
    if value.isprintable():
        return
    odd = next((sign for sign in value if not (sign.isprintable() or _is_space(sign))), "")
    if odd:
        raise _refused(f"the character U+{ord(odd):04X} can't be seen and is not text; take it out", event)


def _is_space(sign: str) -> bool:
    """Line ends, spaces of their own width and soft hyphens are text, though Python doesn't call them printable."""
    return sign in "\n\t\u00ad" or (sign.isspace() and ord(sign) >= 0xA0)


class _Strict(_LOADER):  # type: ignore[misc]
    """Refuses keys that are no text or are written twice, and says at which line a value can't be."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self._key(key_node)
            if key in seen:
                raise _refused(f"key '{quoted(key)}' is written twice", key_node)
            seen.add(key)
        return dict(super().construct_mapping(node, deep))

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:
            shown = f"'{quoted(node.value)}' can't be a value ({error}); put it in quotes if it is text"
            raise _refused(shown, node) from None

    def _key(self, node: yaml.Node) -> str:
        if node.tag == _MERGE:
            raise _refused("merge keys ('<<') are not used here; write the keys out", node)
        key = self.construct_object(node, deep=True)
        if not isinstance(key, str):
            raise _refused(f"key '{quoted(key)}' is not text; put it in quotes", node)
        return key


def _refused(problem: str, where: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=where.start_mark)


def _one_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    problem = str(getattr(error, "problem", None) or error)
    mend = next((f" {words}" for part, words in MEND.items() if part in problem), "")
    return f"{problem}{where}.{mend}"


def _beside(path: Path) -> str:
    names = (
        sorted(other.stem for other in path.parent.glob(f"*{path.suffix}")) if path.parent.is_dir() else []
    )
    return near_miss(path.stem, names) + (f" There are: {', '.join(names)}." if names else "")
