"""Paragraphs, sentences and quotations of a text, with code-point offsets."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

NUMBERED = {"no", "nos", "art"}  # abbreviations only before a number
LONGEST_SENTENCE = 1500  # code points; a longer stretch without a full stop is cut
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]{0,3}(?=\s)|[。！？]+[”’」』）]{0,2}")
_BLANK = re.compile(r"\r?\n[ \t\u00a0]*(?=\r?\n)|\r?\n|\r")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text[start:end]`` is one sentence of paragraph number ``paragraph``."""

    start: int
    end: int
    paragraph: int


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Stretches between line breaks. A break inside a sentence (the next line goes on in lower case) is no break."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _BLANK.finditer(text):
        before = text[max(start, match.start() - 80) : match.start()].rstrip()
        after = text[match.end() : match.end() + 1]
        if before and before[-1].isalnum() | (before[-1] == ",") and after.islower() and match.start() > start:
            continue
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(text)))
    return [(a, b) for a, b in found if text[a:b].strip()]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def sentences(text: str, abbreviations: Collection[str] = ()) -> list[Sentence]:
    """The sentences of ``text`` in order. ``abbreviations`` (lower case, without stop) end no sentence."""
    found: list[Sentence] = []
    for number, (first, last) in enumerate(paragraphs(text)):
        start = first
        cuts: list[int] = []
        for match in _STOP.finditer(text, first, last):
            if match.group()[0] == "." and not _ends(text, match.start(), match.end(), last, abbreviations):
                continue
            cuts.append(match.end())
        for cut in [*cuts, last]:
            while cut - start > LONGEST_SENTENCE:
                space = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
                middle = space if space > 0 else start + LONGEST_SENTENCE
                found.append(Sentence(*_trim(text, start, middle), number))
                start = middle
            a, b = _trim(text, start, cut)
            if a < b:
                found.append(Sentence(a, b, number))
            start = cut
    return [s for s in found if s.start < s.end]


def _ends(text: str, dot: int, end: int, last: int, abbreviations: Collection[str]) -> bool:
    """Whether the full stop at ``dot`` ends a sentence."""
    word = re.search(r"[\w.]{0,20}$", text[max(0, dot - 20) : dot])
    before = word.group().casefold() if word else ""
    after = text[end : min(last, end + 3)].lstrip()[:1]
    if after.islower():
        return False
    if before in NUMBERED and not after.isdigit():
        return True
    return not (before in abbreviations or (len(before) == 1 and before.isalpha()))


def quotations(text: str) -> list[tuple[int, int]]:
    """Spans between double quotation marks, marks left out. An open one ends with its paragraph.

    A single mark counts only when curly and opening after a space, so that apostrophes are passed over.
    """
    found: list[tuple[int, int]] = []
    for first, last in paragraphs(text):
        open_at: int | None = None
        for position in range(first, last):
            char = text[position]
            if char in "“«「" or (char == '"' and open_at is None):
                open_at = position + 1
            elif char in "”»」" or char == '"':
                if open_at is not None and open_at < position:
                    found.append((open_at, position))
                open_at = None
        if open_at is not None and open_at < last:
            found.append((open_at, last))
    return found
