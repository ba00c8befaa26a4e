"""Reading a ledger into what the register is computed from: sources, claims, decisions, aliases and links.

Each function takes a ``Span`` of the ledger: all of it, what it held at a moment, or what was recorded since.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence, Set
from dataclasses import dataclass
from sys import intern
from typing import Any

import orjson

from safeconduct.claims import Claim, recorded_claim
from safeconduct.ledger import Ledger, RecordType
from safeconduct.register import Decision, Source, Statement, state
from safeconduct.register.shares import Share
from safeconduct.register.statements import STATUS, Act, Status, precedence
from safeconduct.resolve import Link

from .intake import cited

Content = dict[str, Any]
TOGETHER = 500  # claims that wait for a decision until theirs are looked up
Row = tuple[str, str, str, str]  # type, id, subject and canonical bytes of a record
Parsed = tuple[str, str, Content]  # id, subject and content
Decided = tuple[str, Content, Status, tuple[str, str] | None]  # a claim's id, fields, status; id and time of its withdrawal
KIND = '"kind":"'  # stands before the kind of a claim
READ = ("title", "publisher", "published", "language")  # what is cited of what was read in a text
SHARED = ("media_type", "publisher", "published", "language")  # of a source: many have the same
BESIDE: tuple[RecordType, ...] = ("capture", "text", "link", "decision")  # what is read of a ledger beside its claims
UNCITED = ("title", "url")  # of a source: told of it beside the register
CITED = ("name", "media_type", "obtained_at", "url", "given")  # what is cited of a capture


@dataclass(frozen=True, slots=True)
class Span:
    """The records of a ledger behind the first ``after`` ones, up to the one numbered ``upto`` and to the moment ``known_at``
    (UTC, RFC 3339), where they are given."""

    ledger: Ledger
    known_at: str | None = None
    after: int = 0
    upto: int | None = None

    def of(self, type_: RecordType) -> Iterator[tuple[str, str, Content]]:
        """Id, subject and fields of the records of one type, in the order of recording."""
        yield from (_parsed(row) for row in self.rows(type_))

    def rows(self, *types: RecordType) -> Iterator[Row]:
        """The same of several types, with the type and with the canonical bytes for the content."""
        return self.ledger.bodies(*types, known_at=self.known_at, after=self.after, upto=self.upto)


def _parsed(row: Row) -> Parsed:
    _, identity, subject, body = row
    return identity, subject, orjson.loads(body)


def sources(span: Span) -> list[Source]:
    """Every source with a text, in the order of recording; what was given wins over what was read."""
    found = _Sources()
    for row in span.rows("capture", "text"):
        found.put(row)
    return found.all()


class _Sources:
    """Sources from the records that tell of them, in the order of recording; ``bare``: without what a register never cites."""

    def __init__(self, *, bare: bool = False) -> None:
        self._uncited = UNCITED if bare else ()
        self._captures: dict[str, tuple[Any, ...]] = {}  # when it was obtained, the id of the record, what is cited
        self._texts: list[tuple[str, str, tuple[Any, ...]]] = []  # id of the bytes and of the text, what was read

    def put(self, row: Row) -> None:
        """Let a record of a capture or of a text count."""
        identity, subject, content = _parsed(row)
        subject = intern(subject)
        if row[0] == "text":
            self._texts.append((subject, intern(content["text"]), self._shared(content["read"], READ)))
            return
        told = content["obtained_at"], identity, self._shared(content, CITED)
        old = self._captures.get(subject)
        if old is None or told[:2] < old[:2]:
            self._captures[subject] = told

    def _shared(self, content: Content, names: Sequence[str]) -> tuple[Any, ...]:
        """Some fields: of values that many have, one object; of what is not cited, nothing."""
        values = (None if name in self._uncited else content.get(name) for name in names)
        return tuple(
            intern(v) if name in SHARED and type(v) is str else None if v == {} else v
            for name, v in zip(names, values, strict=True)
        )

    def all(self) -> list[Source]:
        """The sources."""
        found: list[Source] = []
        for subject, text, read in self._texts:
            if captured := self._captures.get(subject):
                capture = dict(zip(CITED, captured[2], strict=True))
                capture["given"] = {k: v for k, v in (capture["given"] or {}).items() if k not in self._uncited}
                found.append(cited(subject, capture, {"text": text, "read": dict(zip(READ, read, strict=True))}))
        return found


def by_text(found: list[Source]) -> dict[str, list[Source]]:
    """The sources of each text."""
    texts: dict[str, list[Source]] = {}
    for source in found:
        texts.setdefault(source.text, []).append(source)
    return texts


def claims(span: Span) -> Iterator[Claim]:
    """Every claim, as often as it was proposed."""
    for _, subject, content in span.of("proposal"):
        yield recorded_claim(content["claim"], subject)


def decisions(span: Span) -> Iterator[Decision]:
    """Every decision, in the order of recording."""
    for identity, subject, content in span.of("decision"):
        act: Act = intern(content["act"])  # type: ignore[assignment]
        yield Decision(identity, subject, act, content["at"], intern(content["by"]), content["why"])


def aliases(span: Span) -> dict[str, list[str]]:
    """Claim id → the ids given to it elsewhere, in alphabetical order."""
    found: dict[str, set[str]] = {}
    for _, subject, content in span.of("alias"):
        found.setdefault(subject, set()).add(content["given"])
    return {claim: sorted(given) for claim, given in found.items()}


def links(span: Span) -> list[Link]:
    """Every act on links, in the order of recording."""
    return list(map(_link, span.of("link")))


def _link(of: Parsed) -> Link:
    identity, _, content = of
    return Link(id=identity, **{k: content[k] for k in ("act", "a", "b", "at", "by", "why")})


def statements(span: Span) -> list[Statement]:
    """Every claim with its source and what was decided on it."""
    texts = by_text(sources(span))
    return state(((c, source) for c in claims(span) for source in texts.get(c.text, ())), decisions(span))


class Bare:
    """What a register is made from when it is not held, from the records of a ledger up to the one numbered ``upto``: claims,
    which are read whenever they are asked for, and ``links``. The ledger is gone through once for all that is no claim.

    Most claims were accepted and nothing else was ever decided on them: only the decisions on the others are read."""

    def __init__(self, ledger: Ledger, upto: int, undecided: Callable[[], Set[str]]) -> None:
        """``undecided`` has the claims on which nobody decided; it is asked when the ledger was gone through."""
        self._ledger, self._upto = ledger, upto
        self.links: list[Link] = []
        self._others: set[str] = set()
        found = _Sources(bare=True)
        for row in ledger.bodies(*BESIDE, upto=upto, lacking='"act":"accept"'):
            if row[0] == "decision":
                self._others.add(row[2])
            elif row[0] == "link":
                self.links.append(_link(_parsed(row)))
            else:
                found.put(row)
        self._texts = by_text(found.all())
        self._undecided = undecided()
        self._others.update(subject for _, _, subject, _ in ledger.bodies("decision", after=upto))  # not before ``undecided``

    def statements(self, share: Share, *, include_proposed: bool = False) -> Iterator[Statement]:
        """The statements that a share rests on, one after another and in less memory: claims without their quotes, and a
        decision only where it withdraws one."""
        for identity, content, status, last in self.claims(share.kinds, include_proposed=include_proposed):
            if not share.needed(content["kind"], content["slots"]) or not (there := self._texts.get(content["text"])):
                continue
            claim = recorded_claim(content, identity, words=False)
            decision = Decision(last[0], identity, "retract", last[1], "") if last else None
            if len(there) == 1:
                yield Statement(claim, there[0], status, decision)
            else:
                yield min((Statement(claim, source, status, decision) for source in there), key=precedence)

    def claims(self, kinds: Collection[str] = (), *, include_proposed: bool = False) -> Iterator[Decided]:
        """The claims, of some kinds or of all, that a register may rest on, with what stands on them and, of one that was
        withdrawn, by which decision. A claim that was proposed twice may come twice."""
        waiting: dict[str, Content] = {}  # claims by their ids
        for _, _, subject, body in self._ledger.bodies("proposal", upto=self._upto):
            if (kinds and _kind(body) not in kinds) or (subject in self._undecided and not include_proposed):
                continue
            claim: Content = orjson.loads(body)["claim"]
            if subject in self._undecided:
                yield subject, claim, "proposed", None
            elif subject in self._others:
                waiting[subject] = claim
                if len(waiting) >= TOGETHER:
                    yield from self._looked_up(waiting, include_proposed=include_proposed)
                    waiting.clear()
            else:
                yield subject, claim, "accepted", None
        yield from self._looked_up(waiting, include_proposed=include_proposed)

    def _looked_up(self, claims: dict[str, Content], *, include_proposed: bool) -> Iterator[Decided]:
        last: dict[str, tuple[str, str, Act]] = {}  # claim → time, id and act of the decision that stands
        for identity, subject, body in self._ledger.bodies_about("decision", claims, upto=self._upto):
            content = orjson.loads(body)
            last[subject] = max(last.get(subject, ("", "", "accept")), (content["at"], identity, content["act"]))
        for subject, claim in claims.items():
            at, identity, act = last.get(subject, ("", "", "accept"))
            status: Status = STATUS[act] if at else "proposed"
            if status != "rejected" and (at or include_proposed):
                yield subject, claim, status, (identity, at) if status == "retracted" else None


def _kind(body: str) -> str:
    """The kind of a claim from the canonical bytes of its record, which need not be parsed for it: in a string, quotation marks
    would be escaped."""
    at = body.index(KIND) + len(KIND)
    return body[at : body.index('"', at)]
