"""What a ledger says now, held: read once, and on from there; the register is made anew only where new records bear on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from threading import RLock

from safeconduct.claims import Claim
from safeconduct.ledger import Ledger
from safeconduct.register import Basis, Decision, Register, Source, Statement, latest_decisions, state
from safeconduct.resolve import same

from .reading import Span, aliases, by_text, claims, decisions, links, sources


class Current:
    """The claims of a ledger with what was decided on them, and the basis of the register that was asked for last."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lock = ledger, RLock()
        self._seq = 0  # of the last record that was read
        self._statements: dict[str, Statement] = {}  # by the claim's id
        self._aliases: dict[str, list[str]] = {}
        self._decided: dict[str, Decision] = {}  # by the claim's id
        self._captures: set[str] = set()
        self._by_text: dict[str, list[Source]] = {}
        self._waiting: set[str] = set()  # texts of claims whose source is not there
        self._basis: Basis | None = None

    def register(self, as_of: date, *, country: str | None = None, include_proposed: bool = False) -> Register:
        """The register of that day, from all that is recorded."""
        with self._lock:
            held = self.held()
            basis = self._basis
            if basis is None or (basis.as_of, basis.include_proposed) != (as_of, include_proposed):
                linked = same(links(Span(self._ledger, upto=self._seq)))
                basis = self._basis = Basis(held.values(), as_of, include_proposed=include_proposed, same=linked)
            return basis.register(country=country, aliases=self._aliases)

    def held(self) -> Mapping[str, Statement]:
        """Every claim by its id, with its source and what was decided on it, from all that is recorded."""
        with self._lock:
            if (head := self._ledger.head()[0]) != self._seq:
                self._read(head)
            return self._statements

    def _read(self, head: int) -> None:
        """Read what was recorded since the last time, up to the record of that number."""
        new, everything = Span(self._ledger, after=self._seq, upto=head), Span(self._ledger, upto=head)
        types = self._ledger.types(after=self._seq, upto=head)
        if "alias" in types:
            self._aliases = aliases(everything)
        if "link" in types:
            self._basis = None  # what is one bears on everything
        if self._seq and not types.isdisjoint(("capture", "text")) and not self._only_adds(new):
            self._basis, new = None, everything
            self._statements, self._decided, self._by_text, self._waiting = {}, {}, {}, set()
        self._add(new, types if new is not everything else {"capture", "text", "proposal", "decision"})
        self._seq = head

    def _only_adds(self, new: Span) -> bool:
        """Whether new sources leave those that are held as they are: their bytes and texts are all new."""
        captures = {subject for _, subject, _ in new.of("capture")}
        texts = [(subject, content["text"]) for _, subject, content in new.of("text")]
        return captures.isdisjoint(self._captures) and all(
            capture in captures and text not in self._by_text and text not in self._waiting for capture, text in texts
        )

    def _add(self, new: Span, types: Collection[str]) -> None:
        """Take over new sources, new claims, and decisions on claims that are held or new; ``types`` of record are there."""
        if "text" in types:
            self._by_text |= by_text(sources(new))
        if "capture" in types:
            self._captures.update(subject for _, subject, _ in new.of("capture"))
        acts = list(decisions(new)) if "decision" in types else []
        self._decided |= latest_decisions([*(self._decided[d.claim] for d in acts if d.claim in self._decided), *acts])
        found = [c for c in claims(new) if c.id not in self._statements] if "proposal" in types else []
        self._waiting.update(c.text for c in found if c.text not in self._by_text)
        found += [self._statements[d.claim].claim for d in acts if d.claim in self._statements]
        changed = {s.claim.id: s for s in self._state(found)}
        gone = [old for identity in changed if (old := self._statements.get(identity))]
        self._statements |= changed
        if self._basis:
            self._basis.change(gone, changed.values())

    def _state(self, found: Sequence[Claim]) -> list[Statement]:
        pairs = ((c, source) for c in found for source in self._by_text.get(c.text, ()))
        return state(pairs, (d for c in found if (d := self._decided.get(c.id))))
