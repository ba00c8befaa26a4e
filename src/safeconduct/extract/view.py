"""One sentence as the rules see it: its tokens, its clauses, who says what, and the document behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .grammar import Match, Rule, sentence_rules
from .memory import Memory
from .places import Places, each
from .tokens import Token

if TYPE_CHECKING:
    from .likely import Likely
    from .stretch import Cue

STATE = frozenset("GBCPA")
_ENDS = frozenset(("prep", "prep_in", "prep_to", "prep_with", "of", "by", "from", "for", "with", "to", "at"))
OWN_SUBJECT = frozenset("GBCPOD")  # what begins a clause of its own behind a comma


@dataclass
class Draft:
    """A claim in the making: what a rule found at tokens ``start`` to ``end``; ``at`` is where its attribution is read."""

    kind: str
    slots: dict[str, Any]
    start: int
    end: int
    at: int
    rule: str
    when: str | None = None
    stance: str = "asserts"
    asserter: str | None = None  # when the rule knows it
    anchor: tuple[int, int] | None = None
    own: bool = False  # the asserter is whom the rule names, whatever the cues say


@dataclass
class View:
    """A sentence. ``number`` counts sentences, ``before`` is the one before it; ``cues`` are filled in by saying.py."""

    places: Places
    memory: Memory
    number: int
    paragraph: int
    question: bool
    before: View | None
    host_then: str | None
    quoted: list[bool]
    cues: list[Cue] = field(default_factory=list)
    stations: list[int] | None = None  # see frames/stations.py
    codes: dict[bool, Mapping[int, str]] = field(default_factory=dict)  # see frames/states.py
    likely: Likely | None = None  # what the model makes of it, where there is one
    speaker: str | None = None  # whose quotation or turn the sentence stands in

    def __post_init__(self) -> None:
        self.tokens, self.pack = self.places.tokens, self.memory.pack

    @cached_property
    def _matches(self) -> dict[str, list[tuple[Rule, Match]]]:
        found: dict[str, list[tuple[Rule, Match]]] = {}
        for rule, match in sentence_rules().matches(self.places, self.pack.gap):
            found.setdefault(rule.table, []).append((rule, match))
        return found

    def matches(self, table: str) -> list[tuple[Rule, Match]]:
        """What the rules of a table of the grammar match in the sentence, by the place it starts at."""
        return self._matches.get(table, [])

    @cached_property
    def accused(self) -> str | None:
        """The accused state this sentence is about: the document's when it is named here, else another that is."""
        memory = self.memory
        named: list[str] = []
        for token in self.tokens:
            if token.kind in ("C", "A", "G") or (token.kind == "P" and token.data.get("capital")):
                named += [memory.one_of(v) for v in token.values] if token.kind != "P" else [str(token.data["capital"])]
            elif token.kind == "B" and token.data.get("body") in self.pack.set("body_of_accused") and memory.acting:
                named.append(memory.acting)
        if memory.accused in named and not memory.others:
            return memory.accused
        return next((c for c in named if c in memory.origins), None) or next(
            (c for c in named if c in memory.others), memory.acting
        )

    @cached_property
    def _clauses(self) -> list[tuple[int, int]]:
        """First token and end of the clause that each token stands in; a hard stop is one of its own."""
        ends, last = set[int](), len(self.tokens)
        for i in each(self.places.stops[0]):
            ends |= {i, i + 1}
        ends.update(each(self.places.get("break", 0)))
        if self.pack.settings.get("comma_clauses"):
            for i in each(self.places.marks((",",))):
                if i + 1 == last or self.tokens[i + 1].keys.isdisjoint(("break", "and")):
                    ends.add(i + 1)
        ends -= {0, last}
        found: list[tuple[int, int]] = []
        for end in (*sorted(ends), last):
            found += [(len(found), end)] * (end - len(found))
        return found

    def clause(self, i: int) -> tuple[int, int]:
        """First token and end of the clause around token ``i``."""
        return self._clauses[min(i, len(self._clauses) - 1)]

    def has(self, *keys: str, low: int = 0, high: int | None = None) -> bool:
        """Whether a token between two places has one of these keys."""
        found, get = 0, self.places.get
        for key in keys:
            found |= get(key, 0)
        if found and high is not None:
            found &= (1 << high) - 1 if high > 0 else 0
        return bool(found >> low if low > 0 else found)

    def where(self, *keys: str, low: int = 0, high: int | None = None) -> Iterator[int]:
        """The places of tokens with one of these keys."""
        return each(self._there(keys, low, high))

    def _there(self, keys: tuple[str, ...], low: int, high: int | None) -> int:
        """The places of tokens with one of some keys between two places, as bits."""
        found = 0
        for key in keys:
            found |= self.places.get(key, 0)
        if found and high is not None:
            found &= (1 << max(high, 0)) - 1
        return found >> low << low if low > 0 else found

    def before_is(self, i: int, *keys: str, back: int = 1) -> bool:
        """Whether one of the ``back`` tokens before ``i`` has one of these keys; a phrase also ends with its preposition
        ("established in")."""
        if self._there(keys, i - back, i):
            return True
        ends = _ENDS.intersection(keys)
        return bool(ends) and any(
            " " in t.form and not t.kind and not ends.isdisjoint(self.pack.ends(t.form)[1])
            for t in self.tokens[max(0, i - back) : i]
        )

    def hypothetical(self, i: int, until: int | None = None) -> bool:
        """Whether what stands at a token is asked, only possible, only planned or feared."""
        if self.question:
            return True
        low, high = self.clause(i)
        for j in self.where("modal", low=low, high=min(high, (until or i) + 1)):
            if j < i and "soft_modal" not in self.tokens[j].keys and not self._own_clause(j, i):
                return True
        for j in self.where("if", "fear", low=0, high=i):
            comma = next((k for k in range(j, i) if self.tokens[k].form == ","), None)
            if comma is None and not self.has("break", low=j + 1, high=i):
                return True
        return any(low <= j for j in self.where("whether", low=low, high=i))

    def _own_clause(self, modal: int, i: int) -> bool:
        """Whether a clause with a subject of its own lies between a modal word and a token, where commas end no clause."""
        if not self.pack.settings.get("no_capitals") or self.tokens[modal].keys & {"if", "plea"}:
            return False
        commas = (k for k in range(modal, i) if self.tokens[k].form == ",")
        return any(t.kind in OWN_SUBJECT for k in commas for t in self.tokens[k + 1 : k + 3])

    def negated(self, i: int, back: int = 5) -> bool:
        """Whether a negation stands shortly before a token in its clause."""
        low, _ = self.clause(i)
        low = max(low, i - int(back * self.pack.gap))
        comma = next((j for j in range(i - 1, low - 1, -1) if self.tokens[j].form == ","), low - 1)
        return self.has("neg", low=comma + 1, high=i)

    @cached_property
    def topical(self) -> bool:
        """Whether the sentence speaks of repression across borders by its own words."""
        return self.has("S", "topic") or self.names_accused

    @cached_property
    def names_accused(self) -> bool:
        """Whether the sentence names an accused state or its organs."""
        origins = self.memory.origins
        for token in self.tokens:
            if token.kind in STATE and any(c in origins for v in token.values for c in v.split("|")):
                return True
            if token.kind == "P" and token.data.get("capital") in origins:
                return True
            if token.kind == "B" and token.data.get("body") in self.pack.set("body_of_accused"):
                return True
        return False

    def near_topic(self, back: int = 2) -> bool:
        """Whether this sentence or one of the ``back`` before it is topical."""
        view: View | None = self
        while view is not None and back >= 0:
            if view.topical:
                return True
            view, back = view.before, back - 1
        return False

    def states(self, token: Token, i: int) -> list[tuple[str, tuple[int, int] | None]]:
        """The states that an actor token stands for, each with the offsets of its name when there are several."""
        if token.kind in ("C", "A", "G") and len(token.members) > 1:
            return [(self.memory.one_of(m.value), (m.start, m.end)) for m in token.members]
        if token.kind == "P" and "capitals" in token.data:
            pairs = zip(token.data["capitals"], token.members, strict=False)
            return [(str(c), (m.start, m.end)) for c, m in pairs if c]
        code = self._local(token, i) or self.memory.state_of(token, self.tokens[:i])
        return [(code, None)] if code and len(code) == 2 else []

    def _local(self, token: Token, i: int) -> str | None:
        """The state in whose city police or a court acts that no state is named for ("police searched a flat in Hamburg")."""
        body = str(token.data.get("body"))
        if token.kind != "B" or body.lower() not in self.pack.set("body_of_law"):
            return None
        if any(t.kind in ("C", "G", "P") for t in self.tokens[:i]):
            return None
        for j in self.where("P", low=i + 1, high=self.clause(i)[1]):
            code = str(self.tokens[j].data["codes"][0])
            if self.before_is(j, "prep_in", back=2) and code not in self.memory.origins:
                return code
        return None

    def place_near(self, start: int, end: int, country: str | None = None) -> str | None:
        """The city named at or near some tokens of one clause, in a country."""
        low, high = self.clause(start)[0], self.clause(max(start, end - 1))[1]
        best: tuple[int, str] | None = None
        for i in self.where("P", low=low, high=high):
            token = self.tokens[i]
            if len(token.members) != 1 or (country and country not in token.data["codes"]):
                continue
            if (
                token.data.get("capital")
                and not self.before_is(i, "prep_in", "city_word", back=2)
                and not self.pack.settings.get("no_capitals")
            ):
                continue
            gap = 0 if start <= i < end else min(abs(i - start), abs(i - end + 1))
            if best is None or gap < best[0]:
                best = gap, token.values[0]
        return best[1] if best else None

    def host_near(self, i: int) -> str | None:
        """The host country around a token: in its clause, in its sentence, else from the context."""
        low, high = self.clause(i)
        best: tuple[int, str] | None = None
        for j, token in enumerate(self.tokens):
            if token.kind not in ("C", "A", "P", "G"):
                continue
            code = self.memory.country_of(token) if token.kind == "P" else self.memory.state_of(token)
            if not code or len(code) != 2 or code in self.memory.origins:
                continue
            gap = abs(j - i) + (0 if low <= j < high else 20) + (6 if token.kind in ("A", "G") else 0)
            if best is None or gap < best[0]:
                best = gap, code
        return best[1] if best else self.host_then

    def event_date(self, start: int, end: int) -> str | None:
        """The date in the clause of some tokens that no cue has taken that holds for one of them."""
        low, high = self.clause(start)[0], self.clause(max(start, end - 1))[1]
        taken = {c.date for c in self.cues if c.start < end and start < c.end}
        best: tuple[int, str] | None = None
        for i in self.where("D", low=low, high=high):
            if i in taken:
                continue
            gap = 0 if start <= i < end else min(abs(i - start), abs(i - end + 1))
            if best is None or gap < best[0]:
                best = gap, str(self.tokens[i].data["edtf"])
        return best[1] if best else None


def subject(view: View, i: int, kinds: Sequence[str], far: int = 40) -> int | None:
    """The token that does what stands at ``i``: the nearest fitting one to the left that no preposition governs.

    A relative pronoun leads back to what stands before it; a clause that opens with "and" shares its subject.
    """
    tokens, j, steps, relative = view.tokens, i - 1, 0, False
    while j >= 0 and steps < far:
        token = tokens[j]
        relative = relative or (steps < 4 and "rel" in token.keys)
        if token.form in (";", ":", "?") or (token.form == "--" and steps > 1 and not view.has("--", high=j)):
            return None
        if token.kind in kinds or ("pronoun" in token.keys and "pronoun" in kinds):
            before = tokens[j - 1] if j else None
            if before is not None and "det" in before.keys and j > 1:
                before = tokens[j - 2]
            governed = before is not None and "prep" in before.keys
            if (not governed or relative) and not (j + 1 < len(tokens) and "poss" in tokens[j + 1].keys):
                return j
        j, steps = j - 1, steps + 1
    return None
