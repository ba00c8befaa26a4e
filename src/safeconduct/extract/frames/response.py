"""Responses: what a host state or one of its organs does, read from the deed and the actor around it.

A pattern may keep two tokens: ``d`` the deed, ``p`` those it is done to. Who does it is for doer.py to find.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..grammar import Match, Rule, rules
from ..view import Draft, View
from .doer import ACTORS, Member, find_doer, is_host, states_of
from .stands import PERPETRATORS, PURSUED, stands, victim

COUNTED = frozenset(
    ("arrest", "charge", "no_charge", "guilty_plea", "conviction", "expulsion", "sanctions", "protective_measure")
)
VAGUE_BODY = frozenset(("", "government", "officials"))
NEAR = 8  # sentences
ORDERS = frozenset(("closure_order", "cease_and_desist", "information_request", "expulsion"))
# How a message was delivered is no second action: where one of these is told of the same state, the first is left out.
MEANS: Mapping[str, frozenset[str]] = {
    "investigation": frozenset(("diplomatic_contact",)),
    "diplomatic_contact": ORDERS | {"summons", "protest_note", "statement_of_concern"},
    "protest_note": ORDERS,
    "cease_and_desist": frozenset(("closure_order",)),
}
SAID_OF = frozenset(("no_wrongdoing_found",))  # a state must find it, not those of whom it is said


def responses(view: View) -> Iterator[Draft]:
    """The responses of a sentence."""
    if not view.near_topic(NEAR):
        return
    found = list(_told(view))
    for rule, match in rules("same").matches(view.places, view.pack.gap):
        yield from _the_same(view, rule, match, found)
    for draft in found:
        stronger = MEANS.get(str(draft.slots["action"]))
        if not stronger or not any(_same_deed(view, draft, other) for other in found if other.slots["action"] in stronger):
            yield draft


def _told(view: View) -> Iterator[Draft]:
    """What a sentence tells outright."""
    for rule, match in view.matches("response"):
        yield from _response(view, rule, match)


def _the_same(view: View, rule: Rule, match: Match, found: list[Draft]) -> Iterator[Draft]:
    """Those who "did the same", "followed suit": the deed last told of others."""
    deed, at = match.kept["d"], match.kept["p"]
    if not is_host(view, at) or view.hypothetical(deed):
        return
    earlier = [d for d in found if d.at < deed]
    if not earlier and view.before is not None and view.before.paragraph >= view.paragraph - 1:
        earlier = list(_told(view.before))
    if not earlier:
        return
    last = max(earlier, key=lambda d: d.at)
    when = view.event_date(match.start, match.end)
    for code, anchor in states_of(view, at):
        slots = {"country": code, "action": last.slots["action"], "about": last.slots["about"]}
        yield Draft("response", slots, match.start, match.end, deed, rule.id, when, anchor=anchor)


def _same_deed(view: View, one: Draft, other: Draft) -> bool:
    """Whether two drafts tell of one deed of one state: no other actor stands between them."""
    if one.slots["country"] != other.slots["country"]:
        return False
    low, high = sorted((one.at, other.at))
    if high - low > (2 if one.slots["action"] == "investigation" else 13):
        return False
    return not any("and" in view.tokens[j].keys and view.has(*ACTORS, low=j + 1, high=high) for j in range(low, high))


def _response(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    action, deed = str(rule.data["action"]), match.kept.get("d", match.start)
    if not stands(view, rule, match, deed):
        return
    doer = find_doer(view, rule, match, deed)
    if doer is None:
        return
    origins, accused = view.memory.origins, about(view, doer.members, action)
    if action in SAID_OF and doer.at is None and not rule.data.get("found") and not _found_by_state(view, deed):
        return
    near = doer.at is not None and not _noun_behind(view, doer.at, match.start)
    low = min(match.start, doer.at) if near and doer.at is not None else match.start
    high = max(match.end, doer.at + 1) if near and doer.at is not None else match.end
    body = str(view.tokens[doer.at].data.get("body") or "") if doer.at is not None else ""
    accuses = not rule.data.get("accusers") or body.lower().startswith(tuple(view.pack.set("accuser_body")))
    if not accuses or (rule.data.get("several") and len(doer.members) < 2):
        return
    if rule.data.get("actor") and doer.at is None:
        return
    if action == "information_request" and doer.at is None and _by_reporters(view, deed):
        return
    if action == "arrest" and not _deeds_near(view) and (doer.at is None or "p" not in match.kept or _exiles_near(view)):
        return
    if action == "hearing" and (body.lower() in view.pack.set("body_of_law") or _in_court(view, match)):
        return
    count = _count(view, match) if action in COUNTED else None
    when = view.event_date(low, high)
    for code, anchor in doer.members:
        if len(code) != 2 or code == accused or (code in origins and code not in view.memory.named):
            continue
        if action == "no_response" and body == "embassy":
            continue  # it speaks for the state that sent it, not for its host
        slots = {
            "country": code, "action": action, "about": accused or "CN", "body": None if body in VAGUE_BODY else body,
            "count": count, "place": view.place_near(match.start, match.end, code),
        }  # fmt: skip
        yield Draft("response", slots, low, high, deed, rule.id, when, anchor=anchor if len(doer.members) > 1 else None)


def about(view: View, members: list[Member], action: str) -> str | None:
    """The state that a response is about: the accused one, not a host that elsewhere acts abroad itself."""
    accused, memory = view.accused, view.memory
    known = action in PURSUED and memory.accused and memory.accused != accused and accused not in memory.origins
    return memory.accused if known and any(code == accused for code, _ in members) else accused


def _by_reporters(view: View, deed: int) -> bool:
    """Whether a paper or an organisation that no list knows asks: "este diario envió preguntas a la embajada"."""
    if not view.pack.settings.get("verb_first"):
        return False
    return view.has("media_noun", "media_intro", "org_intro", "reporters", low=max(view.clause(deed)[0], deed - 4), high=deed)


def _found_by_state(view: View, deed: int) -> bool:
    """Whether the state's own voice or an organ in the sentence stands behind a finding that names no actor."""
    cue = min((c for c in view.cues if c.start <= deed < c.end), key=lambda c: c.end - c.start, default=None)
    who = cue.who if cue else view.speaker
    if who is not None and who.startswith(("org:", "media:", "persons:")):
        return view.has("G", "B", "probe", "probe_file", "inquiry_word")
    if view.before_is(deed, "personal", back=3):
        return False
    return cue is None or view.has("G", "B", "C", "P")


def _noun_behind(view: View, doer: int, start: int) -> bool:
    """Whether a deed told by a noun opens a part of the sentence of its own: "…, and an order to cease went out"."""
    tokens = view.tokens
    return (
        start > 2
        and doer < start
        and ("a_one" in tokens[start - 1].keys or "a_one" in tokens[start].keys)
        and any(tokens[j].form == "," and "and" in tokens[j + 1].keys for j in range(doer, start - 1))
    )


def _deeds_near(view: View) -> bool:
    """Whether this sentence or one of the two before it speaks of perpetrators or of what they did."""
    one: View | None = view
    for _ in range(3):
        if one is None:
            return False
        if one.has(*PERPETRATORS) or (one is view and one.has("S")):
            return True
        one = one.before
    return False


def _exiles_near(view: View) -> bool:
    """Whether this sentence or the one before it speaks of people in exile."""
    return any(victim(t) for one in (view, view.before) if one is not None for t in one.tokens)


def _in_court(view: View, match: Match) -> bool:
    """Whether what is heard is heard by a court."""
    at = match.kept.get("p")
    return at is not None and str(view.tokens[at].data.get("body")).lower() in view.pack.set("body_of_law")


def _count(view: View, match: Match) -> int | None:
    """How many people a match speaks of: the number before them, or one where the article says so."""
    tokens = view.tokens
    low = max(0, match.start - int(4 * view.pack.gap))
    behind = view.pack.settings.get("verb_first") and match.end == match.kept.get("d", -2) + 1  # "se detuvo en Lima a dos"
    reach = 6 if behind else 3
    for i in range(low, min(match.end + reach, len(tokens))):
        if tokens[i].kind == "N" and view.has("counts_people", "T", "X", "person", "envoy", *"BGA", low=i + 1, high=i + 4):
            return int(tokens[i].data["value"])
    for i in range(low, min(match.end + 2, len(tokens))):
        if "one_person" in tokens[i].keys:
            return 1
        if "a_one" in tokens[i].keys and view.has("T", "person", "envoy", "B", low=i + 1, high=i + 4):
            return 1
    return None
