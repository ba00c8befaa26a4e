"""Links: dated, reasoned decisions that two mentions are the same site, body or report.

A link is an edge between two mentions; those that standing edges connect are one. Undoing a link takes exactly that edge away
and leaves every other as it was. A mention is named by the id of a registered thing (``t…``) or by an asserter (``org:…``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from safeconduct.claims import canonical, sha256

LinkAct = Literal["link", "unlink"]


@dataclass(frozen=True, slots=True)
class Link:
    """A reviewer's act on two mentions. ``at`` is a UTC time (RFC 3339), ``id`` the id of its record in the ledger."""

    id: str
    act: LinkAct
    a: str
    b: str
    at: str
    by: str
    why: str

    @property
    def edge(self) -> str:
        """The id of the edge, whichever mention is named first."""
        return edge(self.a, self.b)


def edge(a: str, b: str) -> str:
    """The id of the edge between two mentions: ``e`` and 20 hexadecimal digits.

    Raises:
        ValueError: both are the same mention.
    """
    if a == b:
        raise ValueError(f"{a} is already itself")
    return "e" + sha256(canonical(sorted((a, b))))[:20]


def standing_links(links: Iterable[Link]) -> list[Link]:
    """The edges that hold: of the acts on each edge the latest, by time and then by record id, where it links."""
    latest: dict[str, Link] = {}
    for link in links:
        old = latest.get(link.edge)
        if old is None or (link.at, link.id) > (old.at, old.id):
            latest[link.edge] = link
    return sorted((link for link in latest.values() if link.act == "link"), key=lambda link: (link.at, link.id))


def same(links: Iterable[Link]) -> Mapping[str, str]:
    """Mention → the mention that stands for all it is linked with: the first by name, whatever order links came in."""
    parent: dict[str, str] = {}

    def root(m: str) -> str:
        while parent.setdefault(m, m) != m:
            parent[m] = parent[parent[m]]
            m = parent[m]
        return m

    for link in standing_links(links):
        one, other = sorted((root(link.a), root(link.b)))
        parent[other] = one
    return {m: root(m) for m in list(parent)}
