"""Fit how far a model is believed, on annotated texts that it has not seen.

    python evaluation/weigh.py evaluation/weigh/gold evaluation/weigh/texts > src/safeconduct/extract/packs/en/model.toml
    python evaluation/weigh.py GOLD TEXTS --languages es zh > src/safeconduct/extract/packs/several/model.toml

Two logistic regressions: how likely a proposal is right in all key slots (``[model.claim]``, by ``Likely.signs``), and how
likely a text is about the subject (``[model.text]``, by ``guard.signs_of_text``). It must be texts that the model was not
fitted on, or it would be believed too much. What the weights would do there is written to stderr.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from safeconduct.extract import engine, guard, likely
from safeconduct.extract.language import found_languages
from safeconduct.extract.model import Model
from safeconduct.extract.pack import load
from safeconduct.extract.score import score
from safeconduct.stateless import claims_in

RIDGE = 3.0  # on signs brought to one scale
NOTHING = 4.0  # what a text with nothing to find weighs beside one with claims
HEAD = """\
# How far the model beside the rules is believed: logistic regressions on annotated texts that the model had not seen, written
# by evaluation/weigh.py. A proposal is made, and a text is read, when what these weights make of its signs is likely enough.
"""
Signs = dict[str, float]
Json = dict[str, Any]


def fit(rows: Sequence[Mapping[str, float]], right: Sequence[bool], weight: Sequence[float] | None = None) -> Signs:
    """The weights of a logistic regression with a ridge, by Newton's method."""
    names = sorted({name for row in rows for name in row})
    x = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    middle, scale = x.mean(0), x.std(0) + 1e-9
    x, y = np.column_stack([(x - middle) / scale, np.ones(len(x))]), np.array(right, float)
    w = np.ones(len(x)) if weight is None else np.array(weight)
    ridge = np.diag([RIDGE] * len(names) + [0.0])
    b: NDArray[np.float64] = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ b))
        b -= np.linalg.solve((x.T * (w * p * (1 - p))) @ x + ridge, x.T @ (w * (p - y)) + ridge @ b)
    found = {name: float(v) for name, v in zip(names, b[:-1] / scale, strict=True)}
    return {"bias": float(b[-1] - (b[:-1] / scale) @ middle), **found}


class Watched:
    """Extraction in which everything is proposed and every text is read, and what tells how likely that is right is noted."""

    def __init__(self) -> None:
        self.signs: dict[tuple[str, int, int], Signs] = {}
        self.text: tuple[Mapping[str, int], int, Sequence[float]] | None = None  # signs, sentences, and how likely each is
        self.read = True  # as without the model
        self._draft: Signs = {}
        propose = engine._proposal
        drafts: dict[int, Signs] = {}

        def weigh(signs: Signs, weights: Signs) -> float:
            self._draft = signs
            return math.inf  # more than any limit, whatever a pack's settings ask

        def is_likely(*given: Any) -> bool:
            found: bool = was_likely(*given)
            drafts[id(given[1])] = self._draft
            return found

        def proposal(draft: Any, *given: Any) -> Any:
            if found := propose(draft, *given):
                claim = found.claim
                self.signs.setdefault((claim.kind, claim.start, claim.end), drafts.get(id(draft), {}))
            return found

        def told(reading: guard.Reading, kinds: Sequence[str], heard: Sequence[float]) -> bool:
            if reading.sentences > guard.SHORT:
                self.text = reading.found, reading.sentences, heard
            self.read = reading.on_subject() or reading.told_enough(len(kinds))
            return True

        was_likely = engine._is_likely
        engine.weighed, engine._is_likely, engine._proposal = weigh, is_likely, proposal  # type: ignore[assignment]
        guard.Reading.told_by_model, guard.Reading.may_be = told, lambda _: True  # type: ignore[method-assign,assignment]

    def claims(self, text: Path) -> list[Json]:
        """Everything that is proposed for a text."""
        self.signs.clear()
        ((_, result),) = claims_in([text])
        assert not isinstance(result, str), result
        return list(result.claims)


class Text(NamedTuple):
    """A text that was read: the signs of the subject in it, its number of sentences, how likely each holds a claim, kinds and
    signs of what was proposed, its language, how many claims are annotated, and whether it is read without the model."""

    found: Mapping[str, int]
    sentences: int
    heard: Sequence[float]
    made: Sequence[tuple[str, Signs]]
    language: str
    gold: int
    read: bool

    def kept(self, weights: Signs) -> list[str]:
        """The kinds of the proposals that are likely enough right, one for each."""
        settings = load(self.language).settings
        least = {by_model: likely.limit(settings, by_model=by_model) for by_model in (False, True)}
        return [kind for kind, signs in self.made if likely.weighed(signs, weights) > least[bool(signs["model"])]]


def hits(gold: list[Json], found: list[Json]) -> Iterator[tuple[bool, bool]]:
    """Whether each proposal meets an annotation, and whether it is exact."""
    pairs = score({"": gold}, {"": found}).pairs
    met, exact = ({id(mine) for _, mine in pairs[level]} for level in ("detect", "exact"))
    yield from ((id(claim) in met, id(claim) in exact) for claim in found)


def main() -> None:
    """Read the texts, fit the weights, print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--languages", nargs="+", default=["en"], help="of the texts that are read")
    parser.add_argument("--model", type=Path, help="weights to use instead of those of the pack")
    asked = parser.parse_args()
    if asked.model:
        with np.load(asked.model) as stored:
            other = Model({name: stored[name] for name in stored.files})
        engine.model = lambda _: other
    for language in asked.languages:  # the file to be written may be empty by now
        load(language).tables.setdefault("model", {"claim": {"bias": 0.0}, "text": {"bias": 0.0}})
    watched, claims, texts = Watched(), list[tuple[Signs, bool, bool]](), list[Text]()
    for file in sorted(asked.gold.glob("*.jsonl")):
        gold = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        watched.text = None
        text = next(asked.texts.glob(f"{file.stem}.*"))
        language = found_languages(text.read_text(encoding="utf-8"))[0]
        if language not in asked.languages:
            continue
        found = watched.claims(text)
        made = [(c["kind"], watched.signs.get((c["kind"], c["start"], c["end"]))) for c in found]
        for (_, signs), (met, exact) in zip(made, hits(gold, found), strict=True):
            if gold and signs:
                claims.append((signs, met, exact))
        if watched.text:
            texts.append(
                Text(*watched.text, [(kind, signs) for kind, signs in made if signs], language, len(gold), watched.read)
            )
    by_claim = fit([signs for signs, *_ in claims], [exact for *_, exact in claims])
    kept = [text.kept(by_claim) for text in texts]
    about = [guard.signs_of_text(t.found, t.sentences, kinds, t.heard) for t, kinds in zip(texts, kept, strict=True)]
    by_text = fit(about, [bool(t.gold) for t in texts], [1.0 if t.gold else NOTHING for t in texts])
    print(HEAD.rstrip())
    for name, weights in (("claim", by_claim), ("text", by_text)):
        print(f"[model.{name}]", *(f"{json.dumps(key)} = {value:.3g}" for key, value in weights.items()), sep="\n")
    annotated = sum(t.gold for t in texts)
    for limit in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        above = [c for c in claims if likely.weighed(c[0], by_claim) > limit]
        counts = [sum(c[n] for c in above) for n in (1, 2)]
        f = [2 * n / (len(above) + annotated) for n in counts]
        told = f"detect {f[0]:.3f}, exact {f[1]:.3f}, precision {counts[1] / len(above):.3f}"
        print(f"right > {limit}: {len(above)} kept, {told}", file=sys.stderr)
    for limit in (None, 0.5, 0.6, 0.7, 0.8, 0.9):
        read = [
            t.read if limit is None else likely.weighed(shown, by_text) > limit for t, shown in zip(texts, about, strict=True)
        ]
        lost = [t.gold for t, r in zip(texts, read, strict=True) if t.gold and not r]
        wrong = [len(kinds) for t, kinds, r in zip(texts, kept, read, strict=True) if kinds and not t.gold and r]
        told = f"{len(lost)} texts with {sum(lost)} claims lost, {len(wrong)} read for nothing"
        print(f"read > {limit}: {told}, {sum(wrong)} claims there", file=sys.stderr)


if __name__ == "__main__":
    main()
