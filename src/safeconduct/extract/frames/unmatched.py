"""Claims that the model finds where no rule matched. Their other slots are read as those of a rule's match would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ...claims.places import is_country
from ..grammar import Match, Rule
from ..likely import Span
from ..said_by import attribute
from ..view import Draft, View
from .agreement import parties
from .asker import first_asker
from .deeds import Act
from .doer import find_doer, is_host, states_of
from .figure import counts, figure
from .incident import incident
from .operator import actors, scope_of
from .party import ACCUSED, accused_like, accused_near
from .people import Count
from .report import date_of, title_of
from .response import about
from .site import draft as site_draft
from .site import station_before
from .stations import references
from .voice import voice_of

DEEDS = ("response", "incident", "agreement")
NEGATIVE = ("no_response", "no_wrongdoing_found", "no_charge", "statement_of_concern")  # which a negation belongs to
OWN = ("defends_cooperation", "lawful_conduct")  # positions that host states take of themselves too
FAR = 12  # tokens between a deed and who does it, where the words around it do not tell


class Found(NamedTuple):
    """A span of the model as tokens: what the main slot holds, the tokens it takes, the likeliest one, and the rule's name."""

    value: str
    low: int
    high: int
    at: int
    rule: str


def unmatched(view: View, spans: Sequence[Span], drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Drafts for spans where no draft of the kind stands."""
    tokens = view.tokens
    for span in spans if not view.question else ():
        here = [i for i, t in enumerate(tokens) if t.start < span.end and t.end > span.start]
        there = [d for d in drafts if d.kind == span.kind and here and d.start <= here[-1] and d.end > here[0]]
        if not here or (there and span.kind != "site"):
            continue
        at = next((i for i in here if tokens[i].end > span.at), here[0])
        if _not_so(view, span, at):
            continue
        made = MAKE[span.kind](view, Found(span.value, here[0], here[-1] + 1, at, f"model.{span.kind}"))
        told = [d.slots.get("place") for d in there]
        yield from (d for d in made if not told or d.slots["place"] not in told)


def _not_so(view: View, span: Span, at: int) -> bool:
    """Whether a deed is denied or only possible where it is told."""
    if span.kind not in DEEDS:
        return False
    return view.hypothetical(at) or (span.value not in NEGATIVE and view.negated(at))


def _response(view: View, found: Found) -> Iterator[Draft]:
    match = Match(found.low, found.high, {"d": found.at})
    rule = Rule(found.rule, (), {"action": found.value})
    doer = find_doer(view, rule, match, found.at)
    members = doer.members if doer else []
    if not members:
        near = [j for j in view.where("G", "B", "C", "P", low=found.low - FAR, high=found.high) if is_host(view, j)]
        host = view.host_near(found.at)
        members = states_of(view, min(near, key=lambda j: abs(j - found.at))) if near else [(host, None)] if host else []
    accused = about(view, members, found.value)
    when = view.event_date(found.low, found.high)
    for code, anchor in members:
        if len(code) == 2 and code != accused and not (code in view.memory.origins and code not in view.memory.named):
            place = view.place_near(found.low, found.high, code)
            slots = {"country": code, "action": found.value, "about": accused or "CN", "place": place}
            yield Draft("response", slots, found.low, found.high, found.at, found.rule, when, anchor=anchor)


def _incident(view: View, found: Found) -> Iterator[Draft]:
    for draft in incident(view, [Act(found.at, found.low, found.high, found.value)]):
        draft.rule = found.rule
        yield draft


def _position(view: View, found: Found) -> Iterator[Draft]:
    voice = voice_of(view, found.at, {})
    party, asserter = (voice.party, voice.asserter) if voice else (None, None)
    if party is None:
        said, _ = attribute(view, found.at)
        who = said.asserted_by.removeprefix("state:")
        party = who if accused_like(view, who) else accused_near(view, found.at)
    if party == ACCUSED or (party and (accused_like(view, party, True) or (found.value in OWN and is_country(party)))):
        slots = {"party": party, "position": found.value}
        yield Draft(
            "position", slots, found.low, found.high, found.at, found.rule, asserter=asserter, own=asserter is not None
        )  # fmt: skip


def _recommendation(view: View, found: Found) -> Iterator[Draft]:
    who = first_asker(view, found.at)
    slots = {"ask": found.value}
    yield Draft("recommendation", slots, found.low, found.high, found.at, found.rule, asserter=who, own=who is not None)


def _figure(view: View, found: Found) -> Iterator[Draft]:
    i = next((i for i in view.where("N", low=found.low, high=found.high) if counts(view, i)), None)  # others count other things
    if i is not None and (draft := figure(view, i, Count(found.value, found.high))):
        draft.rule = found.rule
        yield draft


def _site(view: View, found: Found) -> Iterator[Draft]:
    cities = list(view.where("P", low=found.low, high=found.high))
    if not cities:
        yield from _in_country(view, found)
    for j in cities:
        token = view.tokens[j]
        for member, code in zip(token.members, token.data["codes"], strict=False):
            if code not in view.memory.origins:
                anchor = (member.start, member.end) if len(token.members) > 1 else None
                draft = site_draft(view, found.at, j, str(code), member.value, anchor)
                draft.slots["status"], draft.rule = found.value, found.rule
                draft.start, draft.end = min(found.low, draft.start), max(found.high, j + 1)
                yield draft


def _in_country(view: View, found: Found) -> Iterator[Draft]:
    """Sites in the countries that the words name, else in the city that the sentences before tell of."""
    countries = [(j, m) for j in view.where("C", low=found.low, high=found.high) for m in view.tokens[j].members]
    hosts = [(j, m, code) for j, m in countries if (code := view.memory.one_of(m.value)) not in view.memory.origins]
    made = [site_draft(view, found.at, j, code, None, (m.start, m.end) if len(hosts) > 1 else None) for j, m, code in hosts]
    if not hosts and (same := station_before(view) or _named_before(view)):
        made = [site_draft(view, found.at, found.at, *same, None)]
    for draft in made:
        draft.slots["status"], draft.rule = found.value, found.rule
        draft.start, draft.end = min(found.low, draft.start), max(found.high, draft.end)
        yield draft


def _named_before(view: View) -> tuple[str, str] | None:
    """The country and name of the city that the sentence before, or the one before that, named last."""
    before = view.before
    for _ in range(2):
        if before is None:
            return None
        for j in reversed(list(before.where("P"))):
            token = before.tokens[j]
            if (code := str(token.data["codes"][-1])) not in view.memory.origins:
                return code, str(token.members[-1].value)
        before = before.before
    return None


def _operator(view: View, found: Found) -> Iterator[Draft]:
    tokens, scope = view.tokens, scope_of(view, found.at, references(view), True)
    told = view.likely.told("actor", tokens[found.low].start, tokens[found.high - 1].end) if view.likely else None
    near = sorted(actors(view), key=lambda a: abs(a.at - found.at))
    if told and told not in {who.actor for who in near}:
        slots: dict[str, str | None] = {"actor": told, "role": found.value, "scope": scope}
        refused = view.negated(found.at) or view.has("neg", "no_permission", low=found.low, high=found.high)
        denies = told == "host_state" and refused
        yield Draft("operator", slots, found.low, found.high, found.at, found.rule, stance="denies" if denies else "asserts")
        return
    for who in near[:1]:
        slots = {"actor": who.actor, "name": who.name, "role": found.value, "scope": scope}
        start, end = min(found.low, who.at), max(found.high, who.at + 1)
        yield Draft("operator", slots, start, end, found.at, found.rule, anchor=who.anchor)


def _agreement(view: View, found: Found) -> Iterator[Draft]:
    own, partners = parties(view, found.low, found.high)
    for partner, anchor, _ in partners if own else ():
        slots = {"parties": sorted((str(own), partner)), "type": found.value}
        when = view.event_date(found.low, found.high)
        yield Draft("agreement", slots, found.low, found.high, found.at, found.rule, when, anchor=anchor)


def _report(view: View, found: Found) -> Iterator[Draft]:
    for j in view.where("O", "M", "G", low=found.low - FAR, high=found.high):
        author = view.memory.asserter(view.tokens[j], view.tokens[:j])
        date, title = date_of(view, j, found.at, FAR), title_of(view, j, found.at)
        if author and author.startswith(("org:", "media:", "state:")) and (date or title):
            slots = {"author": author, "published": date[1] if date else None, "title": title[0] if title else None}
            yield Draft("report", slots, found.low, found.high, j, found.rule, own=True, asserter="publisher")
            return


MAKE: dict[str, Callable[[View, Found], Iterator[Draft]]] = {
    "figure": _figure, "response": _response, "incident": _incident, "position": _position, "site": _site,
    "recommendation": _recommendation, "operator": _operator, "agreement": _agreement, "report": _report,
}  # fmt: skip
