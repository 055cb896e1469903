"""What a commentary claims of its measure, told by declared phrases alone.

A phrase counts only where nothing unknown stands between it and the beginning of its clause, and where a known word or
nothing follows. So "Recording has improved", "improved recording" and "England improved" claim nothing of the measure. A
reader of this kind misses much and is seldom wrong (`docs/methods/commentary.md` has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from pmf_lib.records.quality.scheme import ClaimWords

PAIRS = (("improving", "worsening"), ("on_target", "off_target"))
TARGET = ("missed", "met", "above", "below")
DIRECTION = ("better", "worse", "up", "down")
MOVES = ("up", "down")
MEANS = {
    **{("better", way): "improving" for way in ("higher", "lower", "range")},
    **{("worse", way): "worsening" for way in ("higher", "lower", "range")},
    **{("met", way): "on_target" for way in ("higher", "lower", "range", "none")},
    **{("missed", way): "off_target" for way in ("higher", "lower", "range", "none")},
    ("up", "higher"): "improving",
    ("down", "higher"): "worsening",
    ("up", "lower"): "worsening",
    ("down", "lower"): "improving",
    ("above", "higher"): "on_target",
    ("below", "higher"): "off_target",
    ("above", "lower"): "off_target",
    ("below", "lower"): "on_target",
}
"""Kind of phrase and polarity → what is claimed; a pair that is not here claims nothing."""
SENTENCE_END = re.compile(r"[!?;:\n]+|\.(?!\d)")
QUESTION = re.compile(r"[^.!?;:\n]*\?")
TOKEN = re.compile(r"[a-z]+[1-4]?(?:-[a-z]+)*|#%|#|,|~|[()]")
NUMBER = re.compile(
    r"(?<![a-z0-9])[£$]?\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th|k|m|kg)?(?![a-z])\s?(?:(%|per cent|percent)|days?|weeks?|hours?)?(?![a-z])"
)
COUNTED = re.compile(r"^(?:number|£|count|hours|visits|hectares|tonnes)")
ALIKE = {
    "’": "'",
    "n't": " not",
    "'ll": " will",
    "no longer": "not",
    "failed to": "not",
    "take up": "take-up",
    "&": " ",
}
PLAIN = frozenset({"#", "#%", ",", "~", "(", ")"})


@dataclass(frozen=True)
class About:
    """What a text speaks of: the measure's title, unit and polarity."""

    title: str
    unit: str
    polarity: str

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the title's words."""
        return frozenset(_stem(word) for word in TOKEN.findall(self.title.lower()) if _stem(word))


@dataclass(frozen=True)
class Phrase:
    """A phrase of a claim in a sentence: its kind, its first token and the one after its last."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text, as tokens."""

    tokens: tuple[str, ...]
    about: About
    words: ClaimWords

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Every phrase of a claim; none overlaps another, and those of targets come first."""
        found: list[Phrase] = []
        for kind in (*TARGET, *DIRECTION):
            for first, last in _places(self.tokens, getattr(self.words, kind), self.words.fillers):
                if all(last <= one.first or one.last <= first for one in found):
                    found.append(Phrase(kind, first, last))
        return tuple(found)

    def claims(self) -> Iterator[str]:
        """What the sentence claims of the measure."""
        if not any(one in self.words.parts for one in self.tokens):
            for phrase in self.phrases:
                kind = self._turned(phrase)
                if kind and self._is_of_measure(phrase) and (kind not in MOVES or self._moves(phrase)):
                    yield MEANS.get((kind, self.about.polarity), "")

    def hints(self) -> Iterator[str]:
        """What its phrases would claim, whatever they speak of."""
        return (MEANS.get((self._turned(one), self.about.polarity), "") for one in self.phrases)

    def _turned(self, phrase: Phrase) -> str:
        """The kind of claim after negations: met turned to missed by one, nothing left of any other that is negated."""
        negated = sum(word in self.words.negations for word in self._before(phrase))
        if not negated:
            return phrase.kind
        return "missed" if phrase.kind == "met" and negated == 1 else ""

    def _before(self, phrase: Phrase) -> list[str]:
        """The words before a phrase, from the beginning of the nearest clause that has a subject, or of the sentence."""
        if self._is_subject(self.tokens[phrase.first]):
            return self._clause(phrase.first)[1]
        first, words = phrase.first, list[str]()
        while first > 0 and not any(self._is_subject(one) for one in words):
            first, clause = self._clause(first)
            words = clause + words
        return words

    def _clause(self, last: int) -> tuple[int, list[str]]:
        """Where the clause that ends before this token begins (the word that joins it included), and its words."""
        starts = [at + 1 for at in range(last) if self.tokens[at] in self.words.joins]
        first = starts[-1] if starts else 0
        return max(first - 1, 0), self._without_phrases(first, last)

    def _without_phrases(self, first: int, last: int) -> list[str]:
        taken = {at for one in self.phrases for at in range(one.first, one.last)}
        return [self.tokens[at] for at in range(first, last) if at not in taken]

    def _is_subject(self, word: str) -> bool:
        named = word in self.words.results or word in self.words.amounts
        return named or word == "target" or _stem(word) in self.about.stems

    def _is_of_measure(self, phrase: Phrase) -> bool:
        """Does nothing unknown stand before the phrase, and a known word or nothing behind it?"""
        if any(word in self.words.mutes for word in self.tokens[: phrase.first]):
            return False
        before = self._before(phrase)
        known = PLAIN.union(self.words.before, self.words.negations)
        if not all(word in known or self._is_subject(word) for word in before) or _has_purpose(before):
            return False
        if phrase.kind in DIRECTION and "target" in before:
            return False
        after = self.tokens[phrase.last :]
        if not after or after[0] in (*self.words.joins, "(", ")"):
            return True
        return bool(_any_of(self.words.after, self.words.fillers).match(" ".join(after)))

    def _moves(self, phrase: Phrase) -> bool:
        """Is it the result that goes up or down, and not the number of cases behind a share or an average?"""
        before, unit = self._before(phrase), self.about.unit.lower()
        if "we" in before:
            return False
        if COUNTED.match(unit) or any(word in self.words.results for word in before):
            return True
        has_figure = self.tokens[phrase.last : phrase.last + 2] in (("to", "#%"), ("from", "#%"))
        return (has_figure and "%" in unit) or not any(self._is_subject(word) for word in before)


def claims(text: str, about: About, words: ClaimWords) -> frozenset[str]:
    """What a text claims of its measure: improving, worsening, on_target, off_target; and what it compares with.

    Nothing is claimed of a pair where a phrase of each is in the text. ``year_before`` is there if the text compares
    with last year, ``other_period`` if with another period than that or the last.

    >>> from pmf_lib.records.quality import scheme
    >>> words, waits = scheme.load().words, About("Average wait for a decision", "days", "lower")
    >>> sorted(claims("Waits rose to 31 days. We have not met the target.", waits, words))
    ['off_target', 'worsening']
    >>> sorted(
    ...     claims(
    ...         "Recording has improved, and the new rota should cut waits and meet the target.", waits, words
    ...     )
    ... )
    []
    """
    plain = _plain(text)
    found = {name for name in ("year_before", "other_period") if _any_of(getattr(words, name)).search(plain)}
    compared = _any_of(words.compared).sub(" ~ ", plain)
    parts = SENTENCE_END.split(_any_of(words.set_aside).sub(" aside ", compared))
    sentences = [Sentence(_tokens(part, words.fillers), about, words) for part in parts]
    said = {name for one in sentences for name in one.claims()}
    hinted = {name for one in sentences for name in one.hints()}
    for pair in PAIRS:
        if hinted.issuperset(pair) or (pair == PAIRS[0] and _any_of(words.level).search(plain)):
            said -= set(pair)
    return frozenset(found | said - {""})


def _has_purpose(before: Sequence[str]) -> bool:
    """'to improve' is a purpose; 'to 78%' is none."""
    following = [*before[1:], ""]
    return any(
        one == "to" and not then.startswith("#")
        for one, then in zip(before, following[: len(before)], strict=True)
    )


def _plain(text: str) -> str:
    """Lower case; apostrophes, negations and numbers written alike."""
    plain = QUESTION.sub(" ", text.lower())
    for form, usual in ALIKE.items():
        plain = plain.replace(form, usual)
    plain = re.sub(r"'(?:ve|re|s|d|m)\b", " ", plain)
    return NUMBER.sub(lambda found: " #% " if found[1] else " # ", plain)


def _tokens(text: str, fillers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(TOKEN.findall(_any_of(fillers).sub(" ", text)))


def _places(
    tokens: Sequence[str], phrases: tuple[str, ...], fillers: tuple[str, ...]
) -> Iterator[tuple[int, int]]:
    """First token, and the one after the last, of each phrase found; a number may stand inside a phrase."""
    joined = " ".join(tokens)
    for match in _any_of(phrases, fillers).finditer(joined):
        first = joined[: match.start()].count(" ")
        yield first, first + match[0].count(" ") + 1


def _stem(word: str) -> str:
    """The beginning of a word by which its forms are told to be one: 'visits' and 'visited'; '' of a very short one."""
    return word[:5] if len(word) > 2 and word[0].isalpha() else ""


@cache
def _any_of(phrases: tuple[str, ...], fillers: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Any of these phrases, as whole words and without fillers; of none, nothing."""
    plain = {" ".join(_any_of(fillers).sub(" ", phrase).split()) if fillers else phrase for phrase in phrases}
    longest = sorted(plain - {""}, key=lambda one: (-len(one), one))
    listed = "|".join(
        re.escape(one).replace(r"\#", "#%?").replace(r"\ ", r"(?:\s+#%?)?\s+") for one in longest
    )
    return re.compile(rf"(?<![a-z-]){'(?:' + listed + ')' if listed else '(?!)'}(?![a-z-])")
