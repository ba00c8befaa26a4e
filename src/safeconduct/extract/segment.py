"""Paragraphs, sentences and quotations of a clean text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

LONGEST_SENTENCE = 1500  # characters; a longer stretch without a full stop is cut
NUMBERED = {"no", "nos", "art", "núm"}  # abbreviations only before a number
_STOP = re.compile(
    r"[.!?…]{1,6}[\"'”’)\]]{0,3}[-–—]?(?=\s)|[。！？!?]{1,6}[”』）)]{0,2}(?=[\u3400-\u9fff“（(\s])|[。！？]{1,6}[”)]{0,2}"
)
_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+|\n")
_HAN = re.compile("[\u3400-\u9fff]")
_INITIALS = re.compile(r"(?:[a-z]\.){1,4}[a-z]")


class Sentence(NamedTuple):
    """``text[start:end]`` is one sentence of paragraph number ``paragraph``."""

    start: int
    end: int
    paragraph: int


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Stretches between line breaks; a single break inside a sentence (as in text from a PDF) is none."""
    start = 0
    for match in _BREAK.finditer(text):
        if match.group().count("\n") == 1:
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            if (before.isalnum() or before in ",;-") and after.islower():
                continue
            if _HAN.match(before) and _HAN.match(after) and match.start() - start > 25:
                continue
        if not text[start : match.start()].isspace() and match.start() > start:
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def sentences(text: str, abbreviations: Collection[str] = (), after: int = 0) -> Iterator[Sentence]:
    """The sentences behind ``after``, the end of one, in order. ``abbreviations`` (lower case, without stop) end none."""
    for number, (first, last) in enumerate(paragraphs(text)):
        if last <= after:
            continue
        first = max(first, after)
        start = first
        for match in _STOP.finditer(text, first, last):
            if match.group()[0] == "." and not _ends(text, match.start(), match.end(), last, abbreviations):
                continue
            yield from _cut(text, start, match.end(), number)
            start = match.end()
        yield from _cut(text, start, last, number)


def _cut(text: str, start: int, end: int, paragraph: int) -> Iterator[Sentence]:
    """One sentence with its blanks off, or several when it is too long for one."""
    while end - start > LONGEST_SENTENCE:
        space = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        middle = space if space > 0 else start + LONGEST_SENTENCE
        yield from _cut(text, start, middle, paragraph)
        start = middle
    piece = text[start:end]
    if stripped := piece.strip():
        begin = start + piece.index(stripped[0])
        yield Sentence(begin, begin + len(stripped), paragraph)


def _ends(text: str, dot: int, end: int, last: int, abbreviations: Collection[str]) -> bool:
    """Whether the full stop at ``dot`` ends a sentence."""
    begin, stop = dot, max(0, dot - 20)
    while begin > stop and (text[begin - 1].isalnum() or text[begin - 1] in "_."):
        begin -= 1
    before = text[begin:dot].casefold()
    after = text[end : min(last, end + 3)].lstrip()[:1]
    if after.islower():
        return False
    if before in NUMBERED and not after.isdigit():
        return True
    if _INITIALS.fullmatch(before):  # "the U.S. Attorney"
        return False
    return not (before in abbreviations or (len(before) == 1 and before.isalpha()))


class Quotations:
    """Spans between quotation marks, marks left out; an open one ends with its paragraph. Asked for in order."""

    def __init__(self, text: str) -> None:
        self._spans = self._all(text)
        self._span: tuple[int, int] | None = next(self._spans, None)

    def hold(self, positions: Sequence[int]) -> list[bool]:
        """Which of some positions in order, none before the last one asked for, stand in quotation marks."""
        held = []
        for position in positions:
            while self._span is not None and self._span[1] <= position:
                self._span = next(self._spans, None)
            held.append(self._span is not None and self._span[0] <= position)
        return held

    @staticmethod
    def _all(text: str) -> Iterator[tuple[int, int]]:
        for first, last in paragraphs(text):
            open_at = -1
            for match in _MARK.finditer(text, first, last):
                mark, at = match.group(), match.start()
                if mark == "“" or (mark == '"' and open_at < 0):
                    open_at = at + 1
                elif open_at >= 0:
                    if open_at < at:
                        yield open_at, at
                    open_at = -1
            if 0 <= open_at < last:
                yield open_at, last


_MARK = re.compile('["“”]')
