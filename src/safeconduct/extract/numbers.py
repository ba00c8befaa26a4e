"""Numbers in words and figures, after the number words of the pack. Vague ones ("dozens", "several") are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .pack import Pack
from .tokens import Token

YEARS = range(1900, 2100)  # a bare number in this range is taken for a year


def number_at(tokens: Sequence[Token], i: int, pack: Pack) -> tuple[int, int, str] | None:
    """The number that starts at token ``i``: how many tokens it takes, its value, and ``exact`` or ``approx``.

    Ordinals, fractions, years and vague quantities give None.
    """
    words: dict[str, int] = pack.tables["numbers"]["value"]
    scales: dict[str, int] = pack.tables["numbers"]["scale"]
    joiners = pack.tables["numbers"]["join"]
    alone = pack.tables["numbers"].get("alone", ())  # scale words that need no number before them: "mil"
    total, current, width, seen = 0, 0, 0, False
    first = tokens[i].form
    if first[0].isdecimal():
        raw = first
        if not raw.isdecimal():
            digits = raw.replace(".", "")
            parts = raw.split(".")
            if not digits.isdecimal() or len(parts) < 2 or any(len(p) != 3 for p in parts[1:]):
                return _decimal(tokens, i, scales)
            raw = digits
        if len(raw) > 11:
            return None
        value = int(raw)
        written = tokens[i].end - tokens[i].start > len(raw)
        following = tokens[i + 1].form if i + 1 < len(tokens) else ""
        if following in scales and scales[following] > 12:
            return 2, value * scales[following], "exact"
        if following in scales:
            return 2, value * scales[following], "exact"
        if value in YEARS and len(raw) == 4 and not written:
            return None
        return 1, value, "exact"
    phrases: dict[str, int] = pack.tables["numbers"]["phrase"]
    for n in (4, 3, 2):
        phrase = " ".join(t.form for t in tokens[i : i + n])
        if phrase in phrases:
            return n, phrases[phrase], "exact"
    while i + width < len(tokens):
        form = tokens[i + width].form
        if form in words:
            current += words[form]
            seen = True
        elif form in scales and (seen or (width == 1 and first in pack.tables["numbers"]["one"]) or form in alone):
            current = max(1, current) * scales[form]
            seen = True
            if scales[form] >= 1000:
                total, current = total + current, 0
        elif (form in joiners and seen and width and _continues(tokens, i + width, pack.tables["numbers"])) or (
            width == 0 and form in pack.tables["numbers"]["one"]
        ):
            pass
        else:
            break
        width += 1
    return (width, total + current, "exact") if seen and total + current < 10**11 else None


def _continues(tokens: Sequence[Token], i: int, numbers: Mapping[str, Any]) -> bool:
    """Whether "and" at ``i`` joins a hundred or a thousand to what follows, or, in some languages, tens and units."""
    before, after = tokens[i - 1].form, tokens[i + 1].form if i + 1 < len(tokens) else ""
    words, tens = numbers["value"], numbers["value"].get(before, 0)
    if tokens[i].form in numbers.get("join_tens", ()) and tens in range(30, 100, 10):
        return bool(words.get(after, 10) < 10)
    return bool(before in numbers["scale"] and after in words)


def _decimal(tokens: Sequence[Token], i: int, scales: dict[str, int]) -> tuple[int, int, str] | None:
    """ "1.2 million": a number with decimals counts only before a scale word."""
    following = tokens[i + 1].form if i + 1 < len(tokens) else ""
    try:
        value = float(tokens[i].form)
    except ValueError:
        return None
    if following in scales and value < 10**6:
        return 2, round(value * scales[following]), "exact"
    return None
