"""The labelled pairs of names in ``pairs.tsv``, and how well the rules do on them: ``python -m tests.resolve.pairs``.

Columns: kind, country (``A/B`` where the two names come with different ones, ``-`` for none), a, b, same, held, why.
``held`` pairs were written and committed before the first rule, ``open`` ones while the rules were made, ``fresh`` ones when
they were done; no rule or table was changed for a fresh pair.
Written by hand from general knowledge; no pair comes from a report, and no person is named. A suggestion counts as "no".
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from safeconduct.resolve.names import Reason, body_key, place_key, same_body, same_place

FILE = Path(__file__).with_name("pairs.tsv")
PARTS: dict[str, Callable[[Pair], bool]] = {
    "held": lambda p: p.held == "held", "open": lambda p: p.held == "open", "fresh": lambda p: p.held == "fresh",
    "places": lambda p: p.kind == "place", "bodies": lambda p: p.kind == "body", "all": lambda p: True,
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    kind: str
    country: str
    a: str
    b: str
    same: str
    held: str
    why: str

    @property
    def countries(self) -> tuple[str | None, str | None]:
        first, _, second = self.country.partition("/")
        return (None, None) if first == "-" else (first, second or first)

    def reason(self) -> Reason | None:
        first, second = self.countries
        return same_place(self.a, self.b, first, second) if self.kind == "place" else same_body(self.a, self.b, first)

    def turned(self) -> Pair:
        first, slash, second = self.country.partition("/")
        country = f"{second}/{first}" if slash else first
        return Pair(self.kind, country, self.b, self.a, self.same, self.held, self.why)

    def keys(self) -> tuple[frozenset[str], frozenset[str]]:
        key = place_key if self.kind == "place" else body_key
        return key(self.a, self.countries[0]), key(self.b, self.countries[1])

    def __str__(self) -> str:
        return f"{self.a}={self.b}"


def pairs() -> list[Pair]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [Pair(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def decided(reason: Reason | None) -> bool:
    return reason is not None and not reason.suggestion


def score(some: Iterable[Pair]) -> tuple[int, int, int, int]:
    """True positives, false positives, false negatives, true negatives."""
    found = [(decided(p.reason()), p.same == "yes") for p in some]
    return found.count((True, True)), found.count((True, False)), found.count((False, True)), found.count((False, False))


def table() -> str:
    """Precision and recall by part, as docs/names.md shows them."""
    lines = ["| pairs | yes | no | precision | recall |", "|---|---:|---:|---:|---:|"]
    for part, wanted in PARTS.items():
        tp, fp, fn, tn = score(p for p in pairs() if wanted(p))
        lines.append(f"| {part} | {tp + fn} | {fp + tn} | {tp / (tp + fp):.3f} | {tp / (tp + fn):.3f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
