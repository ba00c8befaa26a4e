"""A small model beside the rules: how likely each word of a text belongs to a claim, by kind and main slot.

It is a transformer encoder (BERT architecture; Devlin et al. 2019) with one layer of labels on top, made by
``evaluation/train.py`` from the development half of the evaluation set and, for English, six layers of MPNet (Song et al. 2020;
as all-mpnet-base-v2, Apache-2.0), whose attention also tells how far words are apart, for the others
multilingual-e5-small (Wang et al. 2024; MIT). It needs no network and gives the same numbers for the same text on the same
machine. Weights are stored as bytes with a scale for each row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .pack import LANGUAGES, load
from .pieces import Unigram, Word, WordPiece

MOST = 320  # pieces of words that are read at once, here and when the model is made
HEADS = 12
Array = NDArray[np.float32]


class Model:
    """The model. ``columns`` tells in which column a label stands: ``response:investigation`` for a kind and the value of its
    main slot, ``kind:response`` for a kind whatever that slot holds."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self.columns: dict[str, int] = {str(label): n for n, label in enumerate(stored["labels"])}
        cut = stored["vocabulary"].tolist()
        self._pieces = Unigram(cut, stored["scores"].tolist()) if "scores" in stored else WordPiece(cut)
        self._first, self._last = (self._pieces.numbers[mark] for mark in ("[CLS]", "[SEP]"))
        self._weights = {
            name: values.astype(np.float32) * stored[scale] if (scale := f"{name}.scale") in stored else values
            for name, values in stored.items() if values.dtype.kind in "if" and not name.endswith(".scale")
        }  # fmt: skip
        self._layers, self._epsilon = int(stored["layers"]), float(stored.get("epsilon", 1e-12))

    def words(self, text: str, start: int, end: int) -> list[Word]:
        """The words of a part of a text."""
        return self._pieces.words(text, start, end)

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
        x = self._norm(w["words"][pieces] + w["places"][: len(pieces)], "norm")
        apart = self._apart(len(pieces))
        for n in range(self._layers):
            x = self._layer(x, f"{n}.", apart)
        found: Array = 1 / (1 + np.exp(-(x[starts] @ w["label"].T + w["label.bias"])))
        return found

    def _apart(self, length: int) -> Array:
        """What the distance of one piece from another adds to attention; shape (heads, pieces, pieces), or 0 where nothing."""
        if "apart" not in self._weights:
            return np.zeros((), np.float32)
        at = np.arange(length)
        table = self._weights["apart"]  # from as far before as a text read at once is long to as far behind
        found: Array = table[at - at[:, None] + len(table) // 2].transpose(2, 0, 1)
        return found

    def _layer(self, x: Array, n: str, apart: Array) -> Array:
        """One layer: attention and a network of two layers, each added to what went in and brought to one scale."""
        w, length = self._weights, len(x)
        query, key, value = (x @ w[n + "in"].T + w[n + "in.bias"]).reshape(length, 3, HEADS, -1).transpose(1, 2, 0, 3)
        weight = query @ key.transpose(0, 2, 1) / np.float32(query.shape[-1] ** 0.5) + apart
        weight = np.exp(weight - weight.max(-1, keepdims=True))
        weight /= weight.sum(-1, keepdims=True)
        seen = (weight @ value).transpose(1, 0, 2).reshape(length, -1)
        x = self._norm(x + seen @ w[n + "out"].T + w[n + "out.bias"], n + "norm")
        inner = _gelu(x @ w[n + "wide"].T + w[n + "wide.bias"])
        return self._norm(x + inner @ w[n + "back"].T + w[n + "back.bias"], n + "end")

    def _norm(self, x: Array, name: str) -> Array:
        x = x - x.mean(-1, keepdims=True)
        scaled = x / np.sqrt((x * x).mean(-1, keepdims=True) + self._epsilon)
        found: Array = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return found


def _gelu(x: Array) -> Array:
    """The Gaussian error linear unit, by its usual approximation (Hendrycks and Gimpel 2016)."""
    found: Array = x * 0.5 * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    return found


@cache
def model(language: str) -> Model | None:
    """The model that reads a language: its pack's own, or that of several languages which the pack names."""
    if language not in LANGUAGES:
        return None
    return _stored(str(load(language).settings.get("model", language)))


@cache
def _stored(folder: str) -> Model | None:
    stored = files(__package__) / "packs" / folder / "model.npz"
    if not stored.is_file():
        return None
    with stored.open("rb") as file, np.load(file) as weights:
        return Model({name: weights[name] for name in weights.files})
