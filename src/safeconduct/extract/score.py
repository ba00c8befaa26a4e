"""How well proposed claims agree with annotated ones, in the manner of the codebook.

Claims are matched inside a document, by kind, when their spans overlap by at least half of the shorter one; the matching
is one-to-one and the best possible (Kuhn 1955, Munkres 1957). Four levels, each stricter: *detect* (kind and span), *exact*
(all key slots equal), *attributed* (asserter and stance too), *full* (dates too, where the annotation has them). Annotations
may list alternatives as ``a|b``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safeconduct.claims import KINDS, slot_specs

LEVELS = ("detect", "exact", "attributed", "full")
OVERLAP = 0.5  # of the shorter span
_DATES = {"opened", "published", "asserted_when", "when"}
_COMMON_DEFAULTS = {"stance": "asserts", "asserted_by": "publisher"}
Json = Mapping[str, Any]


@dataclass
class Tally:
    """Counts at one level: ``hits`` matched, ``extra`` proposed only, ``missed`` annotated only."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the proposed that is right; 1 where nothing was proposed and nothing was to be found."""
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else float(not self.missed)

    @property
    def recall(self) -> float:
        """Share of the annotated that was found."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __iadd__(self, other: Tally) -> Tally:
        self.hits, self.extra, self.missed = self.hits + other.hits, self.extra + other.extra, self.missed + other.missed
        return self


@dataclass
class Scores:
    """Tallies by document, kind and level; right and compared values by slot; what was missed and what was too much; the pairs
    of claims that agree at a level, the annotated one first."""

    tallies: dict[tuple[str, str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    slots: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    missed: list[tuple[str, Json]] = field(default_factory=list)
    extra: list[tuple[str, Json]] = field(default_factory=list)
    pairs: dict[str, list[tuple[Json, Json]]] = field(default_factory=lambda: defaultdict(list))

    def total(self, level: str, *, kind: str | None = None, documents: Iterable[str] | None = None) -> Tally:
        """The tally of a level over all kinds and documents, or some of them."""
        wanted, found = None if documents is None else set(documents), Tally()
        for (document, of_kind, at), tally in self.tallies.items():
            if at == level and kind in (None, of_kind) and (wanted is None or document in wanted):
                found += tally
        return found


def score(annotated: Mapping[str, Sequence[Json]], proposed: Mapping[str, Sequence[Json]], *, unique: bool = False) -> Scores:
    """Compare claims in the codebook's form, document by document; an empty list marks a document with nothing to find.

    With ``unique`` a proposition that a document repeats (``dup_of``) counts once.
    """
    scores = Scores()
    for document in dict.fromkeys([*annotated, *proposed]):
        for kind in KINDS:
            gold = [c for c in annotated.get(document, ()) if c["kind"] == kind]
            mine = [c for c in proposed.get(document, ()) if c["kind"] == kind]
            if gold or mine:
                _score_kind(scores, document, kind, gold, mine, unique)
    return scores


def _score_kind(scores: Scores, document: str, kind: str, gold: list[Json], mine: list[Json], unique: bool) -> None:
    keys = [s.name for s in slot_specs(KINDS[kind]) if s.key]
    weights: dict[tuple[int, int], float] = {}
    for i, g in enumerate(gold):
        for j, m in enumerate(mine):
            shared = overlap(g, m)
            if shared >= OVERLAP:
                weights[i, j] = 1 + 0.01 * sum(same(kind, k, _slot(g, k), _slot(m, k)) for k in keys) + 0.001 * shared
    for level in LEVELS:
        pairs = best_matching({(i, j): w for (i, j), w in weights.items() if agrees(level, kind, keys, gold[i], mine[j])})
        tally = Tally(len(pairs), len(mine) - len(pairs), len(gold) - len(pairs))
        if unique:
            first = [c.get("dup_of") or c["id"] for c in gold]
            found = {first[i] for i in pairs}
            tally = Tally(len(found), len(mine) - len(pairs), len(set(first) - found))
        scores.tallies[document, kind, level] += tally
        scores.pairs[level] += [(gold[i], mine[j]) for i, j in pairs.items()]
        if level == "detect":
            scores.missed += [(document, g) for i, g in enumerate(gold) if i not in pairs]
            scores.extra += [(document, m) for j, m in enumerate(mine) if j not in pairs.values()]
            for i, j in pairs.items():
                _compare_slots(scores, kind, gold[i], mine[j])


def _compare_slots(scores: Scores, kind: str, gold: Json, mine: Json) -> None:
    for spec in slot_specs(KINDS[kind]):
        if spec.key or _slot(gold, spec.name) is not None:
            scores.slots[f"{kind}.{spec.name}"][same(kind, spec.name, _slot(gold, spec.name), _slot(mine, spec.name))] += 1
    for name in ("asserted_by", "stance", "asserted_when", "when"):
        if gold.get(name) is not None:
            scores.slots[name][same(kind, name, gold.get(name), mine.get(name))] += 1


def agrees(level: str, kind: str, keys: Iterable[str], gold: Json, mine: Json) -> bool:
    """Whether two claims with overlapping spans agree at a level."""
    if level == "detect":
        return True
    if not all(same(kind, k, _slot(gold, k), _slot(mine, k)) for k in keys):
        return False
    if level == "exact":
        return True
    if not all(same(kind, n, gold.get(n), mine.get(n)) for n in ("asserted_by", "stance")):
        return False
    return level == "attributed" or all(
        gold.get(n) is None or same(kind, n, gold.get(n), mine.get(n)) for n in ("asserted_when", "when")
    )


def same(kind: str, name: str, gold: Any, mine: Any) -> bool:
    """Whether a slot's values are equal after normalisation; ``gold`` may list alternatives ``a|b``."""
    options = gold.split("|") if isinstance(gold, str) and "|" in gold else [gold]
    found = _normal(kind, name, mine)
    for option in options:
        wanted = _normal(kind, name, option)
        if wanted == found:
            return True
        if name in _DATES and wanted and found and len(wanted) == len(found):
            return all(a == b or "X" in (a, b) for a, b in zip(wanted, found, strict=True))
    return False


def _normal(kind: str, name: str, value: Any) -> Any:
    if value in (None, "", [], ()):
        spec = next((s for s in slot_specs(KINDS[kind]) if s.name == name), None)
        value = (spec.default or None) if spec else _COMMON_DEFAULTS.get(name)
    if value is None or name in _DATES:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, list | tuple):
        return tuple(sorted(_fold(str(v)) for v in value))
    return _fold(str(value))


def _fold(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^\w]+", " ", plain.casefold()).strip()


def _slot(claim: Json, name: str) -> Any:
    return claim.get("slots", {}).get(name)


def overlap(a: Json, b: Json) -> float:
    """Characters that two spans share, as a part of the shorter one."""
    shared: int = min(a["end"], b["end"]) - max(a["start"], b["start"])
    shorter: int = min(a["end"] - a["start"], b["end"] - b["start"])
    return max(0, shared) / max(1, shorter)


def best_matching(weights: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """The one-to-one matching of greatest weight in a bipartite graph with positive weights: left → right."""
    matched: dict[int, int] = {}
    for component in _components(weights):
        left, right = sorted({i for i, _ in component}), sorted({j for _, j in component})
        size, most = max(len(left), len(right)), 1 + max(weights[e] for e in component)
        cost = [[most] * size for _ in range(size)]
        for i, j in component:
            cost[left.index(i)][right.index(j)] = most - weights[i, j]
        for row, column in enumerate(_assignment(cost)):
            if row < len(left) and column < len(right) and (left[row], right[column]) in weights:
                matched[left[row]] = right[column]
    return matched


def _components(edges: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    groups: list[tuple[set[int], set[int], list[tuple[int, int]]]] = []
    for i, j in sorted(edges):
        touching = [g for g in groups if i in g[0] or j in g[1]]
        merged = ({i}.union(*(g[0] for g in touching)), {j}.union(*(g[1] for g in touching)), [(i, j)])
        for g in touching:
            merged[2].extend(g[2])
            groups.remove(g)
        groups.append(merged)
    return [g[2] for g in groups]


def _assignment(cost: list[list[float]]) -> list[int]:
    """Columns assigned to rows at least cost, for a square matrix: shortest augmenting paths with potentials."""
    n = len(cost)
    row_potential, column_potential = [0.0] * (n + 1), [0.0] * (n + 1)
    row_of, way = [0] * (n + 1), [0] * (n + 1)
    for row in range(1, n + 1):
        row_of[0], column = row, 0
        least, done = [float("inf")] * (n + 1), [False] * (n + 1)
        while row_of[column]:
            done[column] = True
            here, step, following = row_of[column], float("inf"), 0
            for j in range(1, n + 1):
                if not done[j]:
                    reduced = cost[here - 1][j - 1] - row_potential[here] - column_potential[j]
                    if reduced < least[j]:
                        least[j], way[j] = reduced, column
                    if least[j] < step:
                        step, following = least[j], j
            for j in range(n + 1):
                if done[j]:
                    row_potential[row_of[j]] += step
                    column_potential[j] -= step
                else:
                    least[j] -= step
            column = following
        while column:
            row_of[column] = row_of[way[column]]
            column = way[column]
    columns = [0] * n
    for column in range(1, n + 1):
        columns[row_of[column] - 1] = column - 1
    return columns
