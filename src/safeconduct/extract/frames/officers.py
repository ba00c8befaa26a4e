"""Officers of the accused state who are told to work in another country: a site without a house."""

from __future__ import annotations

from collections.abc import Iterator

from ..view import View
from .stations import accused

REACH = 12  # words between the officers and where they work
_THERE = ("embedded", "located", "work_word", "operate")  # what tells that they are there


def posted(view: View) -> Iterator[tuple[int, int]]:
    """Officers of the accused state and the country or city in which they are said to be at work, by their tokens."""
    if view.question or view.matches("agreement"):
        return
    for i in view.where("officers_abroad", "instructor"):
        if not accused(view, view.tokens[i]) or view.hypothetical(i) or view.negated(i):
            continue
        high = min(view.clause(i)[1], i + REACH)
        if not view.has(*_THERE, low=i + 1, high=high) or view.has("modal", "neg", "say", "find", "S", low=i + 1, high=high):
            continue
        for j in view.where("P", "C", low=i + 2, high=high):
            if not accused(view, view.tokens[j]) and view.before_is(j, "prep_in", "with_word", "city_word", "cap_word", back=3):
                yield i, j
                break
