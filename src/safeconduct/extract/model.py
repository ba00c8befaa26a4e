"""A small model beside the rules: how likely each word of a text belongs to a claim, by kind and main slot.

It is a transformer encoder (BERT architecture; Devlin et al. 2019) with one layer of labels on top, made by
``evaluation/train.py`` from MiniLM-L6 (Wang et al. 2020; Apache-2.0) and the development half of the evaluation set. It needs
no network and gives the same numbers for the same text on the same machine. Weights are stored as bytes with a scale for each
row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MOST = 320  # pieces of words that are read at once, here and when the model is made
LONG = 60  # letters of a word from which on it is not cut into pieces
HEADS = 12
EPSILON = 1e-12
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
Array = NDArray[np.float32]


class Word(NamedTuple):
    """A word of a text, where it starts and ends, and the numbers of its pieces."""

    start: int
    end: int
    pieces: tuple[int, ...]


class Model:
    """The model. ``columns`` tells in which column a label stands: ``response:investigation`` for a kind and the value of its
    main slot, ``kind:response`` for a kind whatever that slot holds."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self.columns: dict[str, int] = {str(label): n for n, label in enumerate(stored["labels"])}
        self._numbers = {str(piece): n for n, piece in enumerate(stored["vocabulary"])}
        self._first, self._last, self._unknown = (self._numbers[mark] for mark in ("[CLS]", "[SEP]", "[UNK]"))
        self._weights = {
            name: values.astype(np.float32) * stored[scale] if (scale := f"{name}.scale") in stored else values
            for name, values in stored.items() if values.dtype.kind in "if" and not name.endswith(".scale")
        }  # fmt: skip
        self._layers = int(stored["layers"])

    def words(self, text: str, start: int, end: int) -> list[Word]:
        """The words of a part of a text."""
        return [Word(*m.span(), self._pieces(m[0])) for m in _WORD.finditer(text, start, end)]

    @lru_cache(maxsize=65_536)  # noqa: B019 - the one model lives as long as the process
    def _pieces(self, word: str) -> tuple[int, ...]:
        """WordPiece (Wu et al. 2016): the longest known piece, then the longest that goes on from there."""
        plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
        found, start = [], 0
        while start < len(plain) <= LONG:
            end = len(plain)
            while end > start and (piece := ("##" if start else "") + plain[start:end]) not in self._numbers:
                end -= 1
            if end == start:
                return (self._unknown,)
            found.append(self._numbers[piece])
            start = end
        return tuple(found) or (self._unknown,)

    def likely(self, words: Sequence[Word]) -> Array:
        """How likely each word belongs to a claim of each label, from 0 to 1; shape (words, columns).

        ``MOST`` pieces are read at once, the others after them.
        """
        found, part, length = [], list[Word](), 0
        for word in words:
            if length + len(word.pieces) > MOST:
                found.append(self._read(part))
                part, length = [], 0
            part.append(word)
            length += len(word.pieces)
        return np.concatenate([*found, self._read(part)])

    def _read(self, words: Sequence[Word]) -> Array:
        pieces, starts = [self._first], []
        for word in words:
            starts.append(len(pieces))
            pieces += word.pieces
        pieces.append(self._last)
        w = self._weights
        x = _norm(w["words"][pieces] + w["places"][: len(pieces)], w["norm.weight"], w["norm.bias"])
        for n in range(self._layers):
            x = self._layer(x, f"{n}.")
        found: Array = 1 / (1 + np.exp(-(x[starts] @ w["label"].T + w["label.bias"])))
        return found

    def _layer(self, x: Array, n: str) -> Array:
        """One layer: attention and a network of two layers, each added to what went in and brought to one scale."""
        w, length = self._weights, len(x)
        query, key, value = (x @ w[n + "in"].T + w[n + "in.bias"]).reshape(length, 3, HEADS, -1).transpose(1, 2, 0, 3)
        weight = query @ key.transpose(0, 2, 1) / np.float32(query.shape[-1] ** 0.5)
        weight = np.exp(weight - weight.max(-1, keepdims=True))
        weight /= weight.sum(-1, keepdims=True)
        seen = (weight @ value).transpose(1, 0, 2).reshape(length, -1)
        x = _norm(x + seen @ w[n + "out"].T + w[n + "out.bias"], w[n + "norm.weight"], w[n + "norm.bias"])
        inner = _gelu(x @ w[n + "wide"].T + w[n + "wide.bias"])
        return _norm(x + inner @ w[n + "back"].T + w[n + "back.bias"], w[n + "end.weight"], w[n + "end.bias"])


def _norm(x: Array, weight: Array, bias: Array) -> Array:
    x = x - x.mean(-1, keepdims=True)
    found: Array = x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * weight + bias
    return found


def _gelu(x: Array) -> Array:
    """The Gaussian error linear unit, by its usual approximation (Hendrycks and Gimpel 2016)."""
    found: Array = x * 0.5 * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    return found


@cache
def model(language: str) -> Model | None:
    """The model of a language's pack, where it has one."""
    stored = files(__package__) / "packs" / language / "model.npz"
    if not stored.is_file():
        return None
    with stored.open("rb") as file, np.load(file) as weights:
        return Model({name: weights[name] for name in weights.files})
