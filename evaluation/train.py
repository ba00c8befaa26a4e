"""Make the models that read texts beside the rules (``safeconduct.extract.model``).

    python -m venv /tmp/train && /tmp/train/bin/pip install . -r evaluation/train.txt
    /tmp/train/bin/python evaluation/train.py FIRST.npz
    /tmp/train/bin/python evaluation/train.py OUT.npz --start FIRST.npz --epochs 1 --rate 4e-5 --twice ma mb mc md me mf mg mh
    /tmp/train/bin/python evaluation/train.py src/safeconduct/extract/packs/several/model.npz --base e5 --epochs 7 --rate 1e-4
    /tmp/train/bin/python evaluation/train.py OUT.npz --more GOLD=TEXTS   # annotated texts that lie elsewhere too

A model is a transformer encoder (``bases.py``) and one layer of labels on top: for each word, whether it stands in a claim of a
kind and main slot. That for English is fitted on the English texts of the development half and on all labelled sentences.
That for Spanish and Chinese starts from an encoder of many languages, whose words stay as they are; it is fitted on the
texts in these two and, in each epoch, on some of the English ones, as a claim is much the same in all of them. The test half
is not read. For the English model that is shipped the real documents and practice texts that came with the codebook were given
with ``--more``, for the other one the practice texts. It was fitted in two steps, the first before the texts ``ma`` to
``mh`` were there, by these functions but not by these commands: in the second a quarter of the passages was read and the
rate of the labels was five times that of the encoder.
How far they are believed is learned afterwards, by ``weigh.py``.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from bases import Base, e5, layers_of, mpnet
from torch import nn
from transformers import MPNetModel

from safeconduct.extract.clean import Clean
from safeconduct.extract.language import found_languages
from safeconduct.extract.likely import MAIN
from safeconduct.extract.model import MOST

HERE = Path(__file__).parent
OVERLAP = 64  # pieces that two windows of a text have in common
RARE = 12  # a label with fewer examples is left to the rules
BATCH = 1_600  # pieces
SHARE = 0.5  # of the sentences, or of the texts in another language, that are read in one epoch
WHOLE = 2.0  # what a piece of a whole text weighs beside one of a single sentence
ENDS = frozenset(".!?\"。！？”")  # of sentences
BESIDE = ("level", "actor")  # what labels tell beside kind and main slot
Spans = list[tuple[list[str], int, int]]  # labels, and offsets in the text


class Window(NamedTuple):
    """Pieces of a text with their labels; ``untold``: the labels that nobody gave in it; ``weight`` of the whole."""

    pieces: list[int]
    labels: torch.Tensor
    untold: list[int]
    weight: float


def labels_of(claim: dict) -> list[str]:
    """The labels of an annotated claim: one for each value that its main slot allows; of incidents also the level, of operators
    the actor."""
    kind, slots = claim["kind"], claim["slots"]
    value = slots.get(MAIN[kind]) if kind in MAIN else kind
    if not value:
        return []
    found = [f"{kind}:{v}" for v in str(value).split("|")]
    if kind == "incident":
        found += [f"level:{v}" for v in f"{slots.get('level') or 'case'}".split("|")]
    if kind == "operator":
        found += [f"actor:{v}" for v in f"{slots.get('actor')}".split("|")]
    return found


def texts(gold: Path, folder: Path, named: tuple[str, ...] = ("",)) -> Iterator[tuple[str, str, Spans]]:
    """The texts of an annotated folder whose names begin so, as the extractor reads them: language, text, claims."""
    for file in sorted(f for f in gold.glob("*.jsonl") if f.name.startswith(named)):
        given = next(folder.glob(f"{file.stem}.*")).read_bytes().decode("utf-8")
        clean, claims = Clean(given), [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        at = {clean.span(n, n + 1)[0]: n for n in range(len(clean.text))}  # offset as given → in the clean text
        there = [c for c in claims if c["start"] in at and c["end"] - 1 in at]
        spans = [(labels_of(c), at[c["start"]], at[c["end"] - 1] + 1) for c in there]
        yield found_languages(given)[0], clean.text, spans


def sentences(file: Path) -> Iterator[tuple[str, Spans]]:
    """The labelled sentences of a file; those of one paragraph together."""
    paragraph, text, spans = None, "", Spans()
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        if text and (paragraph is None or row.get("p") != paragraph):
            yield text, spans
            text, spans = "", []
        start = len(text) + 1 if text else 0
        paragraph, text = row.get("p"), f"{text} {row['t']}" if text else row["t"]
        for label, words, *level in row["y"]:
            if (at := row["t"].find(words)) >= 0:
                spans.append(([label, *(f"level:{v}" for v in level)], start + at, start + at + len(words)))
    if text:
        yield text, spans


def _no_level(labels: Sequence[str]) -> bool:
    return any(label.startswith("incident:") for label in labels) and not any(label.startswith("level:") for label in labels)


def untold(spans: Spans, *, whole: bool, figures: bool) -> set[str]:
    """Families of labels that nobody gave in a text: single sentences have few of those beside, and many no figures."""
    found = set() if whole else set(BESIDE) - {"level"}
    found |= {"level"} if any(_no_level(labels) for labels, *_ in spans) else set()
    return found if figures else found | {"figure"}


class Reader:
    """Texts as windows of pieces with labels."""

    def __init__(self, base: Base, labels: Sequence[str]) -> None:
        self._cut, self._columns = base.cut, {label: n for n, label in enumerate(labels)}

    def windows(self, text: str, spans: Spans, lacking: set[str], weight: float) -> Iterator[Window]:
        """The windows of a text of no more than ``MOST`` pieces, each but the last up to the end of a sentence."""
        pieces = [(n, w.start, w.end) for w in self._cut.words(text, 0, len(text)) for n in w.pieces]
        start, length = 0, len(pieces)
        hidden = [n for label, n in self._columns.items() if lacking & set(label.split(":"))]
        while True:
            end = min(length, start + MOST)
            if end < length:
                ends = (e for e in range(end, start + MOST // 2, -1) if text[pieces[e - 1][1]] in ENDS)
                end = next(ends, end)
            some = pieces[start:end]
            yield Window([n for n, *_ in some], self._labels([(a, b) for _, a, b in some], spans), hidden, weight)
            if end >= length:
                return
            start = end - OVERLAP

    def _labels(self, offsets: Sequence[tuple[int, int]], spans: Spans) -> torch.Tensor:
        found = torch.zeros(len(offsets), len(self._columns), dtype=torch.bool)
        for labels, start, end in spans:
            inside = [n for n, (a, b) in enumerate(offsets) if a < end and b > start]
            for label in (*labels, *(f"kind:{family}" for family in {label.partition(":")[0] for label in labels} - {*BESIDE})):
                if label in self._columns:
                    found[inside, self._columns[label]] = True
        return found


class Net(nn.Module):
    """The encoder with a layer of labels."""

    def __init__(self, base: Base, labels: int) -> None:
        super().__init__()
        self.encoder, numbers, self.first_place = base.encoder, base.cut.numbers, base.first
        self.first, self.last = numbers["[CLS]"], numbers["[SEP]"]
        self.encoder.embeddings.word_embeddings.requires_grad_(base.scores is None)
        self.drop, self.label = nn.Dropout(0.1), nn.Linear(self.encoder.config.hidden_size, labels)
        nn.init.constant_(self.label.bias, -4.0)

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits; shape (windows, pieces, labels)."""
        places = torch.arange(self.first_place, self.first_place + pieces.shape[1]).expand(pieces.shape)
        with torch.autocast("cpu", torch.bfloat16):
            found = self.encoder(input_ids=pieces, attention_mask=mask, position_ids=places).last_hidden_state
        return self.label(self.drop(found.float()))


def batches(windows: Sequence[Window]) -> list[list[Window]]:
    """Windows of about one length together, in random order."""
    found: list[list[Window]] = [[]]
    for window in sorted(windows, key=lambda w: len(w.pieces) + random.random() * 8):
        if found[-1] and (len(found[-1]) + 1) * (len(window.pieces) + 2) > BATCH:
            found.append([])
        found[-1].append(window)
    random.shuffle(found)
    return found


def loss_of(net: Net, batch: Sequence[Window]) -> torch.Tensor:
    """Binary cross-entropy of all labels, a piece; a label that holds weighs twice."""
    length = max(len(w.pieces) for w in batch) + 2
    pieces, mask = (torch.zeros(len(batch), length, dtype=torch.long) for _ in range(2))
    wanted, weight = (torch.zeros(len(batch), length, net.label.out_features) for _ in range(2))
    for n, window in enumerate(batch):
        end = len(window.pieces) + 1
        pieces[n, : end + 1] = torch.tensor([net.first, *window.pieces, net.last])
        mask[n, : end + 1], wanted[n, 1:end], weight[n, 1:end] = 1, window.labels.float(), window.weight
        weight[n, :, window.untold] = 0
    cross_entropy = nn.functional.binary_cross_entropy_with_logits
    summed = cross_entropy(net(pieces, mask), wanted, weight=weight, pos_weight=torch.tensor(2.0), reduction="sum")
    return summed / mask.sum()


def fit(net: Net, whole: Sequence[Window], single: Sequence[Window], epochs: int, rate: float) -> None:
    """Fit the weights to whole texts and, in each epoch, others of the passages, the rate rising over the first tenth and
    falling to nothing from there."""

    def some() -> list[Window]:
        return [*whole, *random.sample(single, int(len(single) * SHARE))]

    encoder = [p for p in net.encoder.parameters() if p.requires_grad]
    rates = [{"params": encoder, "lr": rate}, {"params": net.label.parameters(), "lr": 1e-3}]
    optimizer, steps = torch.optim.AdamW(rates, weight_decay=0.01), epochs * len(batches(some()))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: min(1, n / steps * 10 + 0.01) * max(0, 1 - n / steps))
    net.train()
    for epoch in range(1, epochs + 1):
        started, total, rows = time.monotonic(), 0.0, batches(some())
        for batch in rows:
            loss = loss_of(net, batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch}: loss {total / len(rows):.3f}, {time.monotonic() - started:.0f} s", flush=True)


def named(net: Net) -> Iterator[tuple[str, list[nn.Parameter], bool]]:
    """The weights that are stored as they are: a name, what stands one below the other, whether it is kept as bytes."""
    start = net.encoder.embeddings
    yield "words", [start.word_embeddings.weight], True
    yield "norm.weight", [start.LayerNorm.weight], False
    yield "norm.bias", [start.LayerNorm.bias], False
    for n, layer in enumerate(layers_of(net.encoder)):
        for name, linears in (("in", layer.into), ("out", [layer.out]), ("wide", [layer.wide]), ("back", [layer.back])):
            yield f"{n}.{name}", [one.weight for one in linears], True
            yield f"{n}.{name}.bias", [one.bias for one in linears], False
        for name, norm in (("norm", layer.norm), ("end", layer.end)):
            yield f"{n}.{name}.weight", [norm.weight], False
            yield f"{n}.{name}.bias", [norm.bias], False
    yield "label", [net.label.weight], True
    yield "label.bias", [net.label.bias], False


def _bias(net: Net) -> tuple[nn.Parameter, torch.Tensor] | None:
    """What distances add to attention, and which row of it each distance has, from ``MOST`` + 1 before to as many behind."""
    if not isinstance(net.encoder, MPNetModel):
        return None
    inner = net.encoder.encoder
    return inner.relative_attention_bias.weight, inner.relative_position_bucket(torch.arange(-MOST - 1, MOST + 2))


def _places(net: Net) -> tuple[torch.Tensor, torch.Tensor | int]:
    """What the place of a piece adds to it, and what every piece has added besides."""
    start = net.encoder.embeddings
    kind = start.token_type_embeddings.weight[0] if hasattr(start, "token_type_embeddings") else 0
    return start.position_embeddings.weight[net.first_place : net.first_place + MOST + 2], kind


def store(net: Net, base: Base, labels: Sequence[str], out: Path) -> None:
    """Write the weights: those of matrices as bytes with a scale for each row."""
    found: dict[str, np.ndarray] = {}
    for name, weights, small in named(net):
        values = torch.cat(list(weights)).detach().numpy().astype(np.float32)
        if small:
            scale = np.abs(values).max(1, keepdims=True) / 127 + 1e-12
            found[name], found[f"{name}.scale"] = np.round(values / scale).astype(np.int8), scale.astype(np.float32)
        else:
            found[name] = values
    places, kind = _places(net)
    found["places"] = (places + kind).detach().numpy()
    if bias := _bias(net):
        found["apart"] = bias[0][bias[1]].detach().numpy()
    if base.scores:
        found["scores"] = np.array(base.scores, np.float32)
    layers, epsilon = len(net.encoder.encoder.layer), net.encoder.config.layer_norm_eps
    about = {"layers": np.array(layers), "epsilon": np.array(epsilon), "vocabulary": np.array(base.vocabulary)}
    np.savez_compressed(out, **found, **about, labels=np.array(labels))


@torch.no_grad()
def start_from(net: Net, labels: Sequence[str], file: Path) -> None:
    """Take over the weights of a model made before from the same encoder; those of labels that it did not know stay."""
    with np.load(file) as stored:
        there = {name: stored[name] for name in stored.files}
    old = [str(label) for label in there["labels"]]
    for name, weights, small in named(net):
        values = torch.tensor(there[name].astype(np.float32) * (there[f"{name}.scale"] if small else 1))
        if name.startswith("label"):
            for n, label in enumerate(labels):
                if label in old:
                    weights[0][n] = values[old.index(label)]
            continue
        for weight, some in zip(weights, values.split([len(weight) for weight in weights]), strict=True):
            weight.copy_(some)
    places, kind = _places(net)
    places.copy_(torch.tensor(there["places"]) - kind)
    if bias := _bias(net):
        bias[0][bias[1]] = torch.tensor(there["apart"])


def main(arguments: Iterable[str] | None = None) -> None:
    """Read the annotated texts, fit the model, write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the file to write")
    parser.add_argument("--base", choices=("mpnet", "e5"), default="mpnet", help="e5: for Spanish and Chinese")
    parser.add_argument("--start", type=Path, metavar="MODEL", help="go on from a model made before, of the same base")
    parser.add_argument("--twice", nargs="*", default=[], metavar="NAME", help="read texts whose names begin so twice an epoch")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=7e-5, help="of learning, at its highest")
    parser.add_argument("--layers", type=int, default=6, help="of the encoder, the first ones; fewer are faster")
    parser.add_argument("--more", nargs="*", action="extend", default=[], metavar="GOLD=TEXTS", help="further annotated texts")
    asked = parser.parse_args(arguments)
    random.seed(0)
    torch.manual_seed(0)
    folders = [(HERE / "dev/gold", HERE / "dev/texts"), *(tuple(map(Path, pair.split("="))) for pair in asked.more)]
    told = [one for gold, folder in folders for one in texts(gold, folder)]
    told += texts(*folders[0], tuple(asked.twice)) if asked.twice else []
    whole = [(text, spans) for language, text, spans in told if (language == "en") == (asked.base == "mpnet")]
    others = [(text, spans) for language, text, spans in told if language == "en"] if asked.base == "e5" else []
    files = sorted((HERE / "sentences").glob("*.jsonl")) if asked.base == "mpnet" else []
    single = [(one, file.stem[1] == "6") for file in files for one in sentences(file)]
    counts = Counter(
        label for _, spans in (*whole, *others, *(one for one, _ in single)) for ls, *_ in spans for label in ls
    )  # fmt: skip
    labels = sorted(label for label, n in counts.items() if n >= RARE)
    labels += [f"kind:{kind}" for kind in sorted({label.partition(":")[0] for label in labels} - {*BESIDE})]
    base = mpnet(asked.layers) if asked.base == "mpnet" else e5(asked.layers)
    reader = Reader(base, labels)

    def read(some: Iterable[tuple[str, Spans]], weight: float) -> list[Window]:
        return [w for text, spans in some for w in reader.windows(text, spans, untold(spans, whole=True, figures=True), weight)]

    long = read(whole, WHOLE)
    short = read(others, 1) + [
        w for (text, spans), figures in single
        for w in reader.windows(text, spans, untold(spans, whole=False, figures=figures), 1)
    ]  # fmt: skip
    pieces = sum(len(w.pieces) for w in (*long, *short))
    told_of = f"{len(whole)} texts, {len(others)} in another language, {len(single)} passages"
    print(f"{told_of}, {pieces} pieces, {len(labels)} labels", flush=True)
    net = Net(base, len(labels))
    if asked.start:
        start_from(net, labels, asked.start)
    fit(net, long, short, asked.epochs, asked.rate)
    store(net, base, labels, asked.out)


if __name__ == "__main__":
    main()
