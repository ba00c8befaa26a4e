"""Numbers in words and figures, after the number words of the pack. Vague ones ("dozens", "several") are none."""

from __future__ import annotations

from collections.abc import Sequence

from .pack import Pack
from .tokens import Token

YEARS = range(1900, 2100)  # a bare number in this range is taken for a year
YEAR = frozenset(("year",))
MOST = 10**11
HAN = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def is_year(token: Token) -> bool:
    """Whether a token is a bare number that reads as a year."""
    return (
        token.kind == "#"
        and len(token.form) == 4
        and token.form.isdecimal()
        and int(token.form) in YEARS
        and (token.end - token.start == 4)
    )


def as_year(token: Token) -> Token:
    """A bare number that reads as a year, as one."""
    return Token(token.form, token.start, token.end, "", YEAR, {"n": int(token.form)})


def number_at(tokens: Sequence[Token], i: int, pack: Pack) -> tuple[int, int] | None:
    """The number that starts at token ``i``: how many tokens it takes and its value. Fractions, years: None."""
    token = tokens[i]
    if token.kind == "#":
        return _digits(tokens, i, pack)
    if token.form in HAN or token.form in HAN_SCALE:
        return _han(tokens, i)
    return _in_words(tokens, i, pack)


def _digits(tokens: Sequence[Token], i: int, pack: Pack) -> tuple[int, int] | None:
    raw, after = tokens[i].form, tokens[i + 1].form if i + 1 < len(tokens) else ""
    scale = pack.numbers["scale"].get(after) or HAN_SCALE.get(after)
    if not raw.isdecimal():
        parts = raw.split(".")
        if len(parts) > 1 and all(len(p) == 3 for p in parts[1:]) and all(p.isdecimal() for p in parts):
            raw = "".join(parts)
        elif scale and len(parts) == 2 and all(p.isdecimal() for p in parts) and len(raw) < 12:
            return 2, round(float(raw) * scale)
        else:
            return None
    if len(raw) > 11:
        return None
    if scale:
        value, width = int(raw) * scale, 2
        more = _han(tokens, i + 2) if after in HAN_SCALE and i + 2 < len(tokens) and tokens[i + 2].form in HAN else None
        return (width + more[0], value + more[1]) if more and more[1] < scale else (width, value)
    return None if is_year(tokens[i]) else (1, int(raw))


def _han(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """Chinese numerals: 二十三万, 一百零二, 五十四; a row of digits (二〇二二) is read digit by digit."""
    j, row = i, []
    while j < len(tokens) and (tokens[j].form in HAN or tokens[j].form in HAN_SCALE) and j - i < 14:
        row.append(tokens[j].form)
        j += 1
    if not row:
        return None
    if len(row) > 1 and not any(c in HAN_SCALE for c in row):
        return (len(row), int("".join(str(HAN[c]) for c in row))) if len(row) < 6 else None
    total = section = digit = 0
    for c in row:
        if c in HAN:
            digit = HAN[c]
        elif HAN_SCALE[c] < 10_000:
            section += (digit or 1) * HAN_SCALE[c]
            digit = 0
        else:
            total = (total + section + digit or 1) * HAN_SCALE[c]
            section = digit = 0
    return len(row), total + section + digit


def _in_words(tokens: Sequence[Token], i: int, pack: Pack) -> tuple[int, int] | None:
    numbers = pack.numbers
    words, scales, first = numbers["value"], numbers["scale"], tokens[i].form
    if first in numbers.get("lone", ()):  # "uno en Quito y otro en Guayaquil", "y en Marsella una"
        after = tokens[i + 1].form if i + 1 < len(tokens) else "."
        if after in numbers["lone_before"] or (after in (".", ",", ";") and i and tokens[i - 1].cap):
            return 1, 1
    if first not in words and first not in scales and first not in numbers["start"]:
        return None
    phrases = numbers["phrase"]
    for n in (4, 3, 2):
        phrase = " ".join(t.form for t in tokens[i : i + n])
        if phrase in phrases:
            return n, phrases[phrase]
    total = current = width = 0
    seen = False
    while i + width < len(tokens):
        form = tokens[i + width].form
        if form in words:
            value = words[form]
            if seen and current % 100 and value < 1000 and not (current % 10 == 0 and value < 10):
                break  # "one two": two numbers
            current, seen = current + value, True
        elif form in scales and (seen or (width == 1 and first in numbers["one"]) or form in numbers.get("alone", ())):
            current, seen = max(1, current) * scales[form], True
            if scales[form] >= 1000:
                total, current = total + current, 0
        elif (form in numbers["join"] and seen and width and _continues(tokens, i + width, pack)) or (
            width == 0 and form in numbers["one"]
        ):
            pass
        else:
            break
        width += 1
    return (width, total + current) if seen and total + current < MOST else None


def _continues(tokens: Sequence[Token], i: int, pack: Pack) -> bool:
    """Whether "and" at ``i`` joins a hundred or a thousand to what follows, or, in some languages, tens and units."""
    numbers = pack.numbers
    before, after = tokens[i - 1].form, tokens[i + 1].form if i + 1 < len(tokens) else ""
    words, tens = numbers["value"], numbers["value"].get(before, 0)
    if tokens[i].form in numbers.get("join_tens", ()) and tens in range(30, 100, 10):
        return bool(words.get(after, 10) < 10)
    return bool(before in numbers["scale"] and after in words)
