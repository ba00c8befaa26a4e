"""The pieces of words that the models read: WordPiece for English, a unigram model for several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

LONG = 60  # letters of a word from which on it is not cut into pieces
RUN = 200  # characters of a Chinese passage that are cut at once
START = "▁"  # stands for the blank before a word
UNKNOWN = 10.0  # how much less likely than the rarest piece a character that none has is
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_WORD_OR_HAN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+|[^\w\s]|_")


class Word(NamedTuple):
    """A word of a text, where it starts and ends, and the numbers of its pieces."""

    start: int
    end: int
    pieces: tuple[int, ...]


class WordPiece:
    """Lower-case words without accents, cut by WordPiece (Wu et al. 2016): the longest known piece, then the longest that goes
    on from there."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.numbers = {str(piece): n for n, piece in enumerate(vocabulary)}

    def words(self, text: str, start: int, end: int) -> list[Word]:
        """The words of a part of a text."""
        return [Word(*m.span(), self._pieces(m[0])) for m in _WORD.finditer(text, start, end)]

    @lru_cache(maxsize=65_536)  # noqa: B019 - the one model of a language lives as long as the process
    def _pieces(self, word: str) -> tuple[int, ...]:
        plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
        found, start = [], 0
        while start < len(plain) <= LONG:
            end = len(plain)
            while end > start and (piece := ("##" if start else "") + plain[start:end]) not in self.numbers:
                end -= 1
            if end == start:
                return (self.numbers["[UNK]"],)
            found.append(self.numbers[piece])
            start = end
        return tuple(found) or (self.numbers["[UNK]"],)


class Unigram:
    """Words as they stand, cut into the likeliest sequence of pieces (Kudo 2018), by the logarithm of how likely each is. Of a
    Chinese passage, in which no blanks part the words, each piece is taken for a word."""

    def __init__(self, vocabulary: Sequence[str], scores: Sequence[float]) -> None:
        self.numbers = {str(piece): n for n, piece in enumerate(vocabulary)}
        self._scores: Mapping[str, float] = {p: float(s) for p, s in zip(self.numbers, scores, strict=True)}
        self._longest = max(map(len, self.numbers))
        self._missing = min(self._scores.values()) - UNKNOWN

    def words(self, text: str, start: int, end: int) -> list[Word]:
        """The words of a part of a text, and the pieces of its Chinese passages."""
        found = list[Word]()
        for match in _WORD_OR_HAN.finditer(text, start, end):
            at, stop = match.span()
            if "\u3400" <= match[0][0] <= "\u9fff":
                for low in range(at, stop, RUN):
                    here = low
                    for piece, number in self._cut(text[low : min(stop, low + RUN)]):
                        found.append(Word(here, here + len(piece), (number,)))
                        here += len(piece)
            else:
                word = unicodedata.normalize("NFKC", match[0][:LONG])
                first = START if at == 0 or text[at - 1].isspace() else ""
                found.append(Word(at, stop, self._pieces(first + word)))
        return found

    @lru_cache(maxsize=65_536)  # noqa: B019 - the one model of a language lives as long as the process
    def _pieces(self, word: str) -> tuple[int, ...]:
        return tuple(number for _, number in self._cut(word))

    def _cut(self, word: str) -> list[tuple[str, int]]:
        """The likeliest pieces and their numbers, by dynamic programming over their ends (Viterbi 1967)."""
        best = [0.0, *[-inf] * len(word)]
        back = [0] * (len(word) + 1)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - self._longest), end):
                score = self._scores.get(word[start:end], self._missing if end == start + 1 else -inf)
                if best[start] + score > best[end]:
                    best[end], back[end] = best[start] + score, start
        found, end = list[tuple[str, int]](), len(word)
        while end:
            piece = word[back[end] : end]
            found.append((piece, self.numbers.get(piece, self.numbers["[UNK]"])))
            end = back[end]
        return found[::-1]
