"""Short extracts of a source: every quote marked where it stands, a few words around it, never the whole text.

All offsets are code points of the text.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from safeconduct.claims import Claim

from .privacy import Span, has_caseless_letters, private_spans

CONTEXT = 60  # characters of context on each side of a quote, at most
SHARE = 0.6  # of the text: if quotes and context came to more, quotes stand without context
MASK = "[…]"
_BEFORE = re.compile(r"^(?:\s*\[…\][\s,;:]*)+")  # masks at the outer edges, where the page puts […] anyway
_AFTER = re.compile(r"(?:[\s,;:]*\[…\]\s*)+$")
_PICTURES = {n: chr(0x2400 + n) for n in range(32) if n not in (9, 10, 13)} | {13: " ", 0x7F: "\u2421"}
_SHOWN = _PICTURES | dict.fromkeys([*range(0x80, 0xA0), 0x202D, 0x202E, *range(0xFDD0, 0xFDF0)], "\ufffd")
_SHOWN |= {plane * 0x10000 + last: "\ufffd" for plane in range(17) for last in (0xFFFE, 0xFFFF)}


def visible(text: str) -> str:
    """``text`` as a page shows it: one character for one character.

    Control characters become their pictures (␀), a carriage return a space, and direction overrides and characters that
    HTML cannot hold become U+FFFD. Everything else stays as it is; the datasets hold the text unchanged.
    """
    return text.translate(_SHOWN)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an extract: context (no ``claims``) or a part of one or more quotes.

    ``begins`` are the claims whose quote starts with this piece.
    """

    text: str
    claims: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extract:
    """A contiguous part of the text. ``claims`` are the ids of the claims that begin in it, in order."""

    pieces: tuple[Piece, ...]
    claims: tuple[str, ...]


def extracts(text: str, claims: Sequence[Claim], known: frozenset[str]) -> list[Extract]:
    """The extracts of a text that hold the quotes of its claims. ``known`` are names that context may show."""
    ordered = sorted(claims, key=lambda c: (c.start, -c.end, c.id))
    blocks: list[tuple[int, int, list[Claim]]] = []
    for claim in ordered:
        if blocks and claim.start < blocks[-1][1]:
            start, end, members = blocks[-1]
            blocks[-1] = (start, max(end, claim.end), [*members, claim])
        else:
            blocks.append((claim.start, claim.end, [claim]))
    around = [_context(text, blocks, n) for n in range(len(blocks))]
    shown = sum(after - before for before, after in around)
    if shown > SHARE * len(text):
        around = [(start, end) for start, end, _ in blocks]
    hidden = private_spans(text, known)
    return [_extract(text, block, span, hidden) for block, span in zip(blocks, around, strict=True)]


def _context(text: str, blocks: list[tuple[int, int, list[Claim]]], n: int) -> Span:
    """Where the extract of block ``n`` begins and ends: within its paragraph, at word boundaries, clear of others."""
    start, end, _ = blocks[n]
    low = max(start - CONTEXT, blocks[n - 1][1] if n else 0, text.rfind("\n", 0, start) + 1)
    if n:  # the gap between two quotes goes to the earlier one
        low = max(low, min(start, _reach(text, blocks, n - 1)))
    while low < start and low and text[low - 1].isalnum() and text[low].isalnum():
        low += 1
    high = _reach(text, blocks, n)
    if has_caseless_letters(text[low:start]):
        low = start
    if has_caseless_letters(text[end:high]):
        high = end
    return low, high


def _reach(text: str, blocks: list[tuple[int, int, list[Claim]]], n: int) -> int:
    end = blocks[n][1]
    line = text.find("\n", end)
    high = min(end + CONTEXT, len(text) if line < 0 else line, blocks[n + 1][0] if n + 1 < len(blocks) else len(text))
    while high > end and high < len(text) and text[high - 1].isalnum() and text[high].isalnum():
        high -= 1
    return high


def _extract(text: str, block: tuple[int, int, list[Claim]], span: Span, hidden: list[Span]) -> Extract:
    start, end, members = block
    cuts = sorted({start, end, *(c.start for c in members), *(c.end for c in members)})
    before, after = masked(text, span[0], start, hidden), masked(text, end, span[1], hidden)
    pieces = [Piece(_BEFORE.sub("", before) if any(map(str.isalnum, before)) else "")]
    for left, right in pairwise(cuts):
        over = tuple(c.id for c in members if c.start <= left and right <= c.end)
        begins = tuple(c.id for c in members if c.start == left)
        pieces.append(Piece(visible(text[left:right]), over, begins))
    pieces.append(Piece(_AFTER.sub("", after) if any(map(str.isalnum, after)) else ""))
    return Extract(tuple(p for p in pieces if p.text), tuple(c.id for c in members))


def masked(text: str, start: int, end: int, hidden: list[Span]) -> str:
    """``text[start:end]`` as shown, with each hidden span that reaches into it replaced by […]."""
    out, at = [], start
    first = max(0, bisect.bisect_left(hidden, (start, 0)) - 1)
    for left, right in hidden[first:]:
        if left >= end:
            break
        if right > at:
            out += [text[at : max(left, at)], MASK]
            at = right
    return visible("".join([*out, text[at:end] if at < end else ""]))
