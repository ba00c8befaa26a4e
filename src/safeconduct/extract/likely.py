"""What the model makes of the sentences of a text: how likely what rules found is, and claims that no rule matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .model import MOST, Array, Model
from .pieces import Word
from .places import Places
from .segment import Sentence

MAIN = {  # kind → the slot that its labels tell
    "figure": "measure", "site": "status", "response": "action", "position": "position", "incident": "method",
    "agreement": "type", "operator": "role", "recommendation": "ask",
}  # fmt: skip
BESIDE = frozenset(("kind", "level", "actor"))  # labels that are not of a kind and its main slot
RIGHT = 0.25  # what a rule has found and is likelier right than this is proposed
SURE = 0.4  # and what the model has found, where it is likelier right than this
FOUND = 0.2  # words likelier part of a claim than this may be one that no rule found
GAP = 2  # words in the middle of a claim that may be less likely
CONTEXT = 100  # pieces of words before a sentence that are read with it


class Span(NamedTuple):
    """Words that are likely a claim, as offsets in the text: its kind, the value of its main slot, the likeliest word."""

    kind: str
    value: str
    start: int
    end: int
    at: int
    likely: float


class Likely:
    """One sentence as the model reads it."""

    def __init__(self, words: Sequence[Word], values: Array, columns: Mapping[str, int]) -> None:
        """``values`` are those of ``Model.likely`` for the words, ``columns`` those of the model."""
        self._words, self._values, self._columns = words, values, columns

    @cached_property
    def most(self) -> float:
        """How likely, from 0 to 1, there is a claim of some kind in the sentence: the likeliest word."""
        kinds = [n for label, n in self._columns.items() if label.startswith("kind:")]
        return float(self._values[:, kinds].max()) if len(self._values) and kinds else 0.0

    def signs(self, kind: str, value: str | None, start: int, end: int, *, by_model: bool, listed: int = 1) -> dict[str, float]:
        """What tells how likely a claim of a kind, with this value of its main slot, is right (``[model.claim]`` of the pack).

        How likely its words are part of one of the kind and with the value, as log-odds: the likeliest word (``most``) and all
        of them on the average (``mean``). How many words it has and how many claims have them in common, as logarithms, whether
        the model found it, and the kind.
        """
        rows = self._rows(start, end)
        found = {kind: 1.0, "model": float(by_model), "words": log(len(rows) + 1), "listed": log(listed)}
        values = self._values[rows]
        for name, label in (("kind", f"kind:{kind}"), ("value", f"{kind}:{value}")):
            known = values[:, self._columns[label]] if label in self._columns else values[:0]
            found[f"{name}.most"] = _odds(float(known.max())) if known.size else 0.0
            found[f"{name}.mean"] = _odds(float(known.mean())) if known.size else 0.0
        return found

    def _rows(self, start: int, end: int) -> list[int]:
        return [n for n, w in enumerate(self._words) if w.start < end and w.end > start]

    def told(self, family: str, start: int, end: int) -> str | None:
        """What words likeliest tell of something beside kind and main slot, such as ``level``: *case* or *pattern*; None where
        the model knows nothing of it."""
        labels = [label for label in self._columns if label.startswith(f"{family}:")]
        if not labels or not (rows := self._rows(start, end)):
            return None
        most = self._values[rows][:, [self._columns[label] for label in labels]].max(0)
        return labels[int(most.argmax())].partition(":")[2]

    def spans(self) -> list[Span]:
        """Claims that are likely in the sentence, the likeliest first; of several of a kind in one place only that one."""
        found: list[Span] = []
        above = self._values > FOUND
        somewhere = set(np.flatnonzero(above.any(0)).tolist())
        for label, column in self._columns.items():
            kind, _, value = label.partition(":")
            if column in somewhere and kind not in BESIDE:
                found += self._runs(np.flatnonzero(above[:, column]), self._values[:, column], kind, value)
        kept: list[Span] = []
        for span in sorted(found, key=lambda s: -s.likely):
            if not any(other.kind == span.kind and _overlap(other, span) for other in kept):
                kept.append(span)
        return kept

    def _runs(self, rows: NDArray[np.intp], values: Array, kind: str, value: str) -> Iterator[Span]:
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > GAP + 1) + 1):
            if len(run) > 1:
                best = int(run[values[run].argmax()])
                start, end = self._words[run[0]].start, self._words[run[-1]].end
                yield Span(kind, value, start, end, self._words[best].start, float(values[best]))


def _odds(likely: float) -> float:
    likely = min(max(likely, 1e-4), 1 - 1e-4)
    return log(likely / (1 - likely))


def limit(settings: Mapping[str, Any], *, by_model: bool) -> float:
    """How likely right what the model or a rule has found must be to be proposed, in the language with these settings."""
    return float(settings.get("sure", SURE) if by_model else settings.get("right", RIGHT))


def weighed(signs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """How likely, from 0 to 1, what shows such signs is right (logistic regression)."""
    return 1 / (1 + exp(-weights["bias"] - sum(weights.get(name, 0) * sign for name, sign in signs.items())))


def _overlap(one: Span, other: Span) -> bool:
    return min(one.end, other.end) - max(one.start, other.start) > 0.5 * min(one.end - one.start, other.end - other.start)


def beside(
    lines: Iterable[tuple[Sentence, Places]], text: str, model: Model | None
) -> Iterator[tuple[Sentence, Places, Likely | None]]:
    """Sentences, each with what the model makes of it; as many are read at once as it takes in, with some words before them."""
    if model is None:
        yield from ((*line, None) for line in lines)
        return
    before: list[Word] = []
    held: list[tuple[Sentence, Places, list[Word]]] = []
    for sentence, line in lines:
        words = model.words(text, sentence.start, sentence.end)
        if held and _length(before) + sum(_length(w) for *_, w in held) + _length(words) > MOST:
            yield from _read(held, before, model)
            before, held = _last(held), []
        held.append((sentence, line, words))
    if held:
        yield from _read(held, before, model)


def _length(words: Iterable[Word]) -> int:
    return sum(len(w.pieces) for w in words)


def _last(held: Iterable[tuple[Sentence, Places, list[Word]]]) -> list[Word]:
    """The words at the end of some sentences that are read with the next ones."""
    found: list[Word] = []
    for *_, words in held:
        found += words
    left = CONTEXT
    for n in range(len(found) - 1, -1, -1):
        left -= len(found[n].pieces)
        if left < 0:
            return found[n + 1 :]
    return found


def _read(
    held: Sequence[tuple[Sentence, Places, list[Word]]], before: list[Word], model: Model
) -> Iterator[tuple[Sentence, Places, Likely]]:
    values = model.likely([*before, *(w for *_, words in held for w in words)])
    at = len(before)
    for sentence, line, words in held:
        yield sentence, line, Likely(words, values[at : at + len(words)], model.columns)
        at += len(words)
