"""Positions: what the accused state, or another involved party, says of itself.

A rule of the grammar is an *act* ("denied", "pledged to close": its subject is the party) or words *said* ("volunteers":
they count where a party speaks). Who speaks is read here from the cue, its speaker and the sentences before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ...claims import PUBLISHER
from ..grammar import Match, Rule, sentence_rules
from ..said_by import attribute
from ..view import Draft, View
from .party import (
    ACCUSED,
    SILENT,
    STATES,
    Voice,
    accused_like,
    accused_near,
    by_token,
    envoy_like,
    expert,
    is_pronoun,
    owner,
    subject,
    suspected,
)
from .voice import level_of, of_speaker, voice_of

OWN_PEOPLE = frozenset(("accused_person", "ruler", "org_folk"))
NOT_DENIAL = (
    "unaware", "comment", "acknowledge", "respond", "not_only", "secret_word", "admit", "closed_now", "condemn", "unacceptable",
)  # fmt: skip
PASSED_TO = {  # steps of states whose words are those of a position too
    "admission": ("guilty_plea",),
    "unaware": ("no_wrongdoing_found",),
    "not_acknowledged": ("no_response",),
}


def positions(view: View, alone: bool = False) -> Iterator[Draft]:
    """The positions of a sentence; ``alone``: whatever the sentence before says."""
    if view.question:
        return
    done: set[tuple[str, str]] = set()
    spans: list[tuple[int, int]] = []
    promised = any(r.data["position"] == "promise_to_close" for r, _ in view.matches("position"))
    found: list[tuple[Rule, Match]] = list(view.matches("position"))
    for rule, match in sorted([*found, *_hidden(view)], key=lambda f: bool(f[0].data.get("last"))):
        position = str(rule.data["position"])
        trigger = match.kept.get("at", match.start)
        if not _holds(view, rule.data, match, trigger):
            continue
        if rule.data.get("last") and any(low - 5 < trigger < high + 6 for low, high in spans):
            continue
        if promised and position == "claims_closed":
            continue  # "promised to have the office dismantled"
        act = bool(rule.data.get("act"))
        if act and rule.data.get("counter") and _body_at(view, trigger, match):
            yield from _rejected(view, match, trigger, found)
            continue
        if rule.data.get("only_bodies"):
            continue
        voice = _actor(view, rule.data, trigger, match) if act else voice_of(view, trigger, rule.data)
        if voice is None or not _fits(view, rule.data, voice, match):
            continue
        spans.append((match.start, match.end))
        if (voice.party, position) in done:
            continue
        done.add((voice.party, position))
        if not alone and _said_before(view, voice.party, position, trigger):
            continue
        low, high = _span(view, match, voice, act)
        others = _together(view, voice)
        if not act:
            high = max([high, *(m.end for r, m in found if r is rule and m.end < match.end + 20)])
        asserter = _teller(view, trigger, voice) if rule.data.get("told") else voice.asserter
        yield Draft(
            "position", {"party": voice.party, "position": position}, low, high, trigger, rule.id,
            asserter=asserter, own=asserter is not None,
        )  # fmt: skip
        for code in others:
            yield Draft(
                "position",
                {"party": code, "position": position},
                low,
                high,
                trigger,
                rule.id,
                asserter=f"state:{code}",
                own=True,
            )


def _together(view: View, voice: Voice) -> list[str]:
    """The other states that a token names with the party ("Baku and Ankara both insist")."""
    if voice.at >= len(view.tokens) or voice.asserter != f"state:{voice.party}":
        return []
    codes = [code for code, anchor in view.states(view.tokens[voice.at], voice.at) if anchor]
    return [c for c in codes if c != voice.party and len(c) == 2] if voice.party in codes else []


def _hidden(view: View) -> Iterator[tuple[Rule, Match]]:
    """Bare negations that names hold ("no Chinese police")."""
    negations = view.pack.tables["tags"].get("plain_no", ())
    for i in view.where("G", "B", "T", "S", "A"):
        first, space, _ = view.tokens[i].form.partition(" ")
        if space and first in negations:
            yield _plain_no(), Match(i, i + 1, {"at": i})


@cache
def _plain_no() -> Rule:
    return next(r for r in sentence_rules().all if r.data.get("plain_no"))


def _teller(view: View, i: int, voice: Voice) -> str:
    """Who tells that a party has not acknowledged something: not the party itself."""
    said, _ = attribute(view, i)
    return PUBLISHER if said.asserted_by == voice.asserter else said.asserted_by


def _said_before(view: View, party: str, position: str, i: int) -> bool:
    """Whether the sentence before, of the same quotation, says the same: they are one claim."""
    before = view.before
    if before is None or before.paragraph != view.paragraph or not (view.quoted[i] and any(before.quoted)):
        return False
    return any(d.slots == {"party": party, "position": position} and before.quoted[d.at] for d in positions(before, alone=True))


def _holds(view: View, data: Mapping[str, Any], match: Match, trigger: int) -> bool:
    """Whether what matched is said as a fact, and in the sense that the rule means."""
    low, _ = view.clause(trigger)
    if not data.get("modal"):
        comma = max((j for j in range(low, trigger) if view.tokens[j].form == ","), default=low)
        if view.has("modal", low=comma, high=match.end if data["position"] == "claims_closed" else trigger):
            return False
    if not data.get("negated") and view.negated(trigger, 4):
        return False
    if view.has("if", low=low, high=trigger) or _feared(view, trigger) or view.tokens[0].form in view.pack.set("inverted_if"):
        return False
    if view.has("trade_word") and not view.has("S", "topic"):
        return False  # "denied that its trawlers had entered the zone"
    steps = PASSED_TO.get(str(data["position"]))
    if steps and any(r.data.get("action") in steps and not _apart(view, m.start, trigger) for r, m in view.matches("response")):
        return False
    if data.get("act") and view.before_is(trigger, "be_being", back=2) and not view.has("by", low=trigger, high=match.end + 4):
        return False
    far = 12 if view.pack.settings.get("pro_drop") else 3
    if data.get("no_count") and view.has("N", low=match.end, high=match.end + far):
        return False  # "boasts of 118 fugitives" is a figure
    if data["position"] == "denial" and _slur(view, match):
        return False
    that = view.has("that", low=trigger + 1, high=trigger + 2)
    if data.get("deny") and not that and view.has("denied_thing", low=trigger + 1, high=trigger + 4):
        return False
    if data.get("plain_no") and (view.has(*NOT_DENIAL, low=trigger, high=trigger + 5) or view.tokens[low].keys & {"rel", "if"}):
        return False
    if data["position"] == "admission" and view.has("unaware", low=match.end, high=match.end + 9):
        return False  # "admitted that it knew nothing"
    if data.get("weak_name") and view.has("service_name", low=trigger, high=trigger + 1) and _other_position(view):
        return False  # "promised to close the service points"
    if data.get("cooperation"):
        before = view.before
        near = ("cooperation", "joint_patrol", "patrol", "patrols", "agreement_noun", "pact_word", "coop_thing")
        if view.names_accused and view.has("officers_abroad"):
            return True
        return view.has(*near) or (before is not None and before.has(*near))
    return True


def _apart(view: View, i: int, j: int) -> bool:
    """Whether a semicolon parts two tokens of a Chinese sentence, which may hold several sentences of another language."""
    if not view.pack.settings.get("no_capitals"):
        return False
    return any(t.form == ";" for t in view.tokens[min(i, j) : max(i, j)])


def _other_position(view: View) -> bool:
    """Whether a sentence holds words of a position other than the services'."""
    return any(r.data["position"] not in ("administrative_services", "denial", "unaware") for r, _ in view.matches("position"))


def _slur(view: View, match: Match) -> bool:
    """Whether words of falsehood only colour a smear: "groundless slander", "an invention of the lobby"."""
    for i in view.where("false_claim", "baseless", low=match.start, high=match.end):
        if view.has("smear", low=i, high=i + (3 if view.has("and", low=i + 1, high=i + 2) else 2)):
            return True
        if view.has("by", "of", low=i + 1, high=i + 2) and view.has("ill_source", low=i + 2, high=i + 7):
            return True
    return False


def _on_subject(view: View) -> bool:
    """Whether a sentence, or the one before in its paragraph, speaks of repression across borders."""
    before = view.before
    return view.topical or (before is not None and before.paragraph == view.paragraph and before.topical)


def _feared(view: View, trigger: int) -> bool:
    """Whether somebody fears that it will be said ("critics fear that Beijing will say")."""
    for j in view.where("fear", low=0, high=trigger):
        if view.tokens[j].form.endswith(" that") or (j + 1 < trigger and "that" in view.tokens[j + 1].keys):
            return not any(t.form == "," for t in view.tokens[j:trigger])
    return False


def _fits(view: View, data: Mapping[str, Any], voice: Voice, match: Match) -> bool:
    """Whether a party may hold such a position."""
    if voice.party == ACCUSED:
        return not data.get("states_only")
    if data["position"] == "claims_closed" and voice.at < len(view.tokens) and not envoy_like(view, voice.at):
        return False  # a minister who says so is the host's
    silent = voice.at < len(view.tokens) and view.tokens[voice.at].data.get("body") in SILENT
    if silent and ((data.get("told") and view.tokens[voice.at].kind == "B") or not accused_like(view, voice.party)):
        return False
    if data.get("last") and not view.topical and "pronoun" in view.tokens[voice.at].keys and voice.at != match.start:
        return False
    if data.get("own") and not accused_like(view, voice.party, bool(data.get("wide"))):
        return False
    if data.get("counter") and not accused_like(view, voice.party, wide=True) and not _on_subject(view):
        return False
    if (
        data.get("counter")
        and view.has("criticism_word", low=match.start, high=match.end + 2)
        and not accused_like(view, voice.party)
    ):
        return False  # "rejected criticism that the government had been slow"
    if data.get("itself") and not accused_like(view, voice.party, wide=True):
        return view.has("itself", low=match.start, high=match.end + 3)
    return True


def _span(view: View, match: Match, voice: Voice, act: bool) -> tuple[int, int]:
    """First token and end of the quote: the clause of the words, with the party where it stands near before them."""
    low, high = view.clause(match.start)[0], view.clause(match.end - 1)[1]
    start = max(low, match.start - 8)
    if 0 <= voice.at < match.start and (act or match.start - voice.at < 16):
        start = min(start, voice.at) if act else max(min(start, voice.at), voice.at)
    return min(start, match.start), max(min(high, match.end + 6), match.end)


def _actor(view: View, data: Mapping[str, Any], i: int, match: Match) -> Voice | None:
    """The party of an act: after "by" in the passive, else the subject."""
    if data.get("of_stations"):  # what they pretend to be is what the accused state says of them
        party = view.memory.accused
        return Voice(party, f"state:{party}", match.start) if party else None
    own = level_of(data)
    if "who" in match.kept:
        return by_token(view, match.kept["who"], own)
    for j in view.where("by", low=i, high=match.end + 4):
        for k in view.where(*STATES, low=j + 1, high=j + 4):
            return by_token(view, k, own)
    at = owner(view, match.start)
    at = at if at is not None else subject(view, i)
    for _ in range(2):  # people between a state and its deed ("police returned fugitives, admitting")
        if at is None or data.get("personal") or view.tokens[at].kind not in ("T", "H") or view.tokens[at].keys & OWN_PEOPLE:
            break
        at = subject(view, at)
    if at is None and data.get("personal"):
        plural = view.has("both_all", low=max(0, i - 6), high=i)
        return Voice(ACCUSED, "persons:defendants" if plural else "persons:defendant", max(0, i - 3))
    if at is None:
        return _follows(view, i, own)
    token = view.tokens[at]
    if is_pronoun(view, at) and (speaker := of_speaker(view, at, own)):
        return speaker
    if token.kind == "O" and data.get("bodies") and not expert(view, at) and not suspected(view, at):
        return Voice(ACCUSED, view.memory.asserter(token), at)
    voice = by_token(view, at, own)
    if voice is None and data.get("personal") and (token.kind in ("H", "T", "X") or "pronoun" in token.keys):
        return Voice(ACCUSED, "persons:defendant", at)
    return voice


def _follows(view: View, i: int, own: int) -> Voice | None:
    """A party right behind the words ("promised shutdown by", "denials from Tehran")."""
    for j in view.where(*STATES, low=i + 1, high=i + 5):
        if view.before_is(j, "by", "from", "of", back=2):
            return by_token(view, j, own)
    return None


# Bodies that reject what a party says


def _body_at(view: View, i: int, match: Match) -> bool:
    """Whether an organisation that accuses is the subject, or the agent, of what stands at ``i``."""
    if "who" in match.kept:
        at: int | None = match.kept["who"]
    elif view.has("by", low=i + 1, high=i + 2):
        by = next(view.where("by", low=i, high=match.end + 2), i)
        at = next(view.where("O", "org_folk", low=by, high=by + 4), None)
    else:
        at = subject(view, i)
    return at is not None and expert(view, at)


def _rejected(view: View, match: Match, i: int, found: list[tuple[Rule, Match]]) -> Iterator[Draft]:
    """The positions that a body rejects: those that it names, else those of the sentence before."""
    at = next((k for k in view.where("O", "org_folk", low=0, high=match.end + 6) if expert(view, k)), None)
    party = accused_near(view, i)
    if at is None or not party:
        return
    who = view.memory.asserter(view.tokens[at]) if view.tokens[at].kind == "O" else view.memory.org
    said = [(r.data, m) for r, m in found if r.data.get("own") and not r.data.get("act") and not r.data.get("last")]
    named = {str(data["position"]) for data, m in said if m.start > i or "who" in match.kept}
    held: dict[str, str] = {}
    before, steps = view.before, 0
    while before is not None and steps < 3 and not held and before.paragraph >= view.paragraph - 1:
        held = {str(d.slots["position"]): str(d.slots["party"]) for d in positions(before, alone=True) if d.stance == "asserts"}
        before, steps = before.before, steps + 1
    if held and view.has("this", low=i + 1, high=i + 3):
        named = held.keys() - {"denial"} or set(held)
    elif view.has("explanation", "this", low=0, high=match.end + 6):
        named = (named & held.keys()) or named or held.keys() - {"denial"} or set(held)
    low = min(at, match.start)
    for position in sorted(named):
        slots = {"party": held.get(position, party), "position": position}
        end = max(match.end, low + 2)
        yield Draft("position", slots, low, end, i, "position.rejected", stance="denies", asserter=who, own=True)
