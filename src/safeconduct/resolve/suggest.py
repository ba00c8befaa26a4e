"""Suggestions: which mentions may be the same site, body or report, each with its reasons. People decide.

Deterministic: a suggestion follows from names, countries, operators and dates alone, and is left out as soon as anybody decided
on the pair, whatever was decided. Pairs are found through shared keys of names, so that their number and not that of all pairs
counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from safeconduct.claims import asserter_name

from .links import Link, edge
from .names import body_key, same_body
from .stations import SPELLINGS, apart, same_sites

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two mentions (ids of entries, or asserters) of a ``section``, and why they may be one: sentences for people."""

    section: str
    a: str
    b: str
    because: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """One JSON object."""
        return {**asdict(self), "because": list(self.because)}


def suggestions(
    sites: Sequence[Entry], reports: Sequence[Entry], asserters: Iterable[str], links: Iterable[Link]
) -> list[Suggestion]:
    """All suggestions between entries of the register and its asserters on which nobody decided, by section and mentions."""
    decided = {link.edge for link in links}
    found = [
        *(Suggestion("sites", a, b, why) for a, b, why in same_sites(sites)), *_reports(reports), *_bodies(asserters),
    ]  # fmt: skip
    return sorted((s for s in found if edge(s.a, s.b) not in decided), key=lambda s: (s.section, s.a, s.b))


def _pairs(keyed: Iterable[tuple[object, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of ids that share a key, each once, smaller id first."""
    groups: dict[object, list[str]] = {}
    for key, name in keyed:
        groups.setdefault(key, []).append(name)
    pairs = {
        (a, b) if a < b else (b, a)
        for names in groups.values()
        if len(names) <= SPELLINGS
        for a, b in combinations(sorted(set(names)), 2)
    }
    yield from sorted(pairs)


def _reports(reports: Sequence[Entry]) -> Iterator[Suggestion]:
    """Reports by one author whose dates can be the same and whose titles do not differ."""
    by_id = {str(e["id"]): e for e in reports}
    for a, b in _pairs((e["author"], name) for name, e in by_id.items()):
        one, other = by_id[a], by_id[b]
        titles = [e["title"] for e in (one, other)]
        if all(titles) and titles[0].casefold() != titles[1].casefold():
            continue
        dates = [[e["published"]] if e["published"] else [] for e in (one, other)]
        if apart(*dates):
            continue
        why = f"both are called “{titles[0]}”" if all(titles) else "one gives no title"
        when = "their dates can be the same" if all(dates) else "one gives no date"
        yield Suggestion("reports", a, b, (f"both are by {asserter_name(one['author'])}", why, when))


def _bodies(asserters: Iterable[str]) -> Iterator[Suggestion]:
    """Asserters whose names are of one body; states are told apart by their code and are never suggested."""
    bodies = sorted({a for a in asserters if a.startswith(("org:", "media:"))})
    names = {a: a.partition(":")[2].replace("-", " ") for a in bodies}
    for a, b in _pairs((key, who) for who, name in names.items() for key in body_key(name) | {name}):
        if names[a] == names[b]:
            yield Suggestion("bodies", a, b, ("both have the same name",))
        elif reason := same_body(names[a], names[b]):
            yield Suggestion("bodies", a, b, (reason.sentence,))
