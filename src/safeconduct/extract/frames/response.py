"""Responses: what a host state or one of its organs does, read from the deed and the actor around it.

A pattern may keep two tokens: ``d`` the deed, ``p`` those it is done to. Who does it is for doer.py to find.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..grammar import Match, Rule, rules
from ..tokens import Token
from ..view import Draft, View
from .doer import ACTORS, Member, find_doer, is_host, states_of

COUNTED = frozenset(
    ("arrest", "charge", "no_charge", "guilty_plea", "conviction", "expulsion", "sanctions", "protective_measure")
)
PURSUED = frozenset(("arrest", "charge", "conviction", "search", "investigation", "expulsion"))
VICTIMS = frozenset(("dissidents", "journalists", "diaspora", "family"))
PERPETRATORS = ("perp", "m_surveillance", "m_killing", "m_attempted_killing", "m_assault", "m_threat", "m_intimidation")
VAGUE_BODY = frozenset(("", "government", "officials"))
LONG = 400  # tokens, more than any sentence has
NEAR = 8  # sentences
SILENCE = ("respond", "silent", "unanswered", "nothing_said", "mute", "nothing_from")
ORDERS = frozenset(("closure_order", "cease_and_desist", "information_request", "expulsion"))
# How a message was delivered is no second action: where one of these is told of the same state, the first is left out.
MEANS: Mapping[str, frozenset[str]] = {
    "investigation": frozenset(("diplomatic_contact",)),
    "diplomatic_contact": ORDERS | {"summons", "protest_note", "statement_of_concern"},
    "protest_note": ORDERS,
    "cease_and_desist": frozenset(("closure_order",)),
}
ENVOYS = frozenset(("ambassador", "diplomats", "officials", "agents", "embassy"))
ACCUSERS = frozenset(
    ("prosecutors", "court", "justice ministry", "Department of Justice", "Justice Department", "Fiscalía", "tribunal",
     "Ministerio Público", "Departamento de Justicia")
)  # fmt: skip
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
    if not _stands(view, rule, match, deed):
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
    if (rule.data.get("accusers") and body not in ACCUSERS) or (rule.data.get("several") and len(doer.members) < 2):
        return
    if rule.data.get("actor") and doer.at is None:
        return
    if action == "information_request" and doer.at is None and _by_reporters(view, deed):
        return
    if action == "arrest" and not _deeds_near(view) and (doer.at is None or "p" not in match.kept or _exiles_near(view)):
        return
    if action == "hearing" and (body in view.pack.set("body_of_law") or _in_court(view, match)):
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


def _stands(view: View, rule: Rule, match: Match, deed: int) -> bool:
    """Whether what matched is said to have happened, and to somebody whom a response concerns."""
    data, tokens, action = rule.data, view.tokens, str(rule.data["action"])
    aimed = action != "no_response" and _infinitive(view, deed)
    if view.question or (not data.get("modal") and (view.hypothetical(deed, match.end) or aimed)):
        return False
    if not data.get("negated") and (view.negated(deed) or view.has("neg", low=deed + 1, high=match.end)):
        return False
    if data.get("noun") and "person" in tokens[deed].keys and view.before_is(deed, "article"):
        return False  # "el condenado"
    if not data.get("negated") and view.before_is(deed, "unable", back=2):
        return False
    between = [tokens[j].keys for j in range(match.start + 1, match.end - 1)]
    if any("contrast" in keys and not ("in_contrast" in keys and action == "no_response") for keys in between):
        return False
    if data.get("envoy") and not _theirs(view, match):
        return False
    if data.get("people") and _on_others(view, match, deed):
        return False
    if action in PURSUED and _its_own(view, deed):
        return False
    if action in ("arrest", "charge") and view.has("ordinary_case", low=deed + 1, high=match.end + 6):
        return False  # robbers and smugglers
    if _set_aside(view, match, deed, action) or (data.get("silence") and view.negated(deed)):
        return False
    if data.get("continues") and not any(v.has(*SILENCE) for v in (view, view.before) if v is not None):
        return False
    if action == "no_response" and view.has("unable", low=match.start, high=match.end):
        return False
    if action == "monitoring" and any(_victim(t) for t in tokens[deed + 1 : deed + 6]):
        return False  # the accused state watches people
    if view.pack.settings.get("no_capitals") and _theirs_before(view, match.start, deed, str(action)):
        return False
    if action == "legislation" and any(_accused(view, j) for j in range(match.start, match.end)):
        return False  # its own law
    return not (data.get("asked") and _asked_for(view, match.start, deed))


def _states_listed(view: View, low: int, high: int) -> bool:
    """Whether a list of countries stands between two tokens."""
    return any(len(view.tokens[i].members) > 1 for i in view.where("C", low=low, high=high))


def _by_reporters(view: View, deed: int) -> bool:
    """Whether a paper or an organisation that no list knows asks: "este diario envió preguntas a la embajada"."""
    if not view.pack.settings.get("verb_first"):
        return False
    return view.has("media_noun", "media_intro", "org_intro", "reporters", low=max(view.clause(deed)[0], deed - 4), high=deed)


def _theirs_before(view: View, start: int, deed: int, action: str) -> bool:
    """Whether what stands before the deed makes it one of the accused state, or of somebody who is asked (Chinese)."""
    if action == "legislation":
        near = list(view.where("C", "G", "P", low=max(0, start - 12), high=start))
        return bool(near) and view.memory.state_of(view.tokens[near[-1]]) in view.memory.origins
    if action == "monitoring":
        by = next(view.where("by", low=max(0, deed - 9), high=deed), None)
        return by is not None and any(_accused(view, j) for j in range(by, deed))
    return action == "no_response" and view.before_is(start, "personal")


def _set_aside(view: View, match: Match, deed: int, action: str) -> bool:
    """Whether the words around a deed make another one of it, or say that it concerns somebody else."""
    tokens, end = view.tokens, match.end
    low, high = view.clause(deed)
    if action in ("arrest", "charge", "conviction") and view.has("unrelated", low=low, high=high + 6):
        return True  # "in a separate case"
    if view.pack.settings.get("verb_first"):
        if action == "expulsion" and view.has("unrelated", low=low, high=high + 6):
            return True
        if action == "investigation" and view.before_is(deed, "has_open", back=2) and _states_listed(view, low, deed):
            return True  # those who have it are named before
    p = match.kept.get("p", deed)
    joined = view.has("and", low=p, high=deed) and not view.has("be_being", low=p, high=deed)
    if action == "expulsion" and p < deed and joined:
        return True  # "withdrew its envoy and expelled"
    taken = tokens[deed].keys >= {"faces", "take_verb"} or view.before_is(deed, "take_verb")
    if action == "charge" and taken:
        return True  # "took charge"
    if action in ("charge", "conviction") and _those_accused(view, deed):
        return True
    if action in ("charge", "investigation") and view.has("drop", low=max(low, deed - 5), high=deed):
        return True  # "dropped the charge"
    if action in ("conviction", "charge") and view.has("max_term", low=max(low, deed - 8), high=deed + 1):
        return True  # what the law allows
    if action == "charge" and _describes(view, deed):
        return True
    if action == "conviction" and view.has("short_time", low=deed + 1, high=end + 2):
        return True  # "locked up for nine days"
    if action == "investigation" and view.has("pact_word", low=max(low, deed - 5), high=deed):
        return True  # an agreement is under scrutiny
    if action == "legislation" and view.has("modal", low=match.start, high=end):
        return True
    if action == "closure_order" and not view.has("S") and _consulate(view, deed):
        return True
    if action == "protective_measure" and (
        view.has("questioned_word", low=deed + 1, high=end + 6)
        or any(tokens[j].kind and _accused(view, j) for j in range(deed + 1, end))
    ):
        return True  # taken in for questioning, or run by the accused state
    return end < len(tokens) and "none_word" in tokens[end].keys  # "has imposed none"


def _those_accused(view: View, deed: int) -> bool:
    """Whether a word names people ("dos de los procesados siguen huidos"), or lays a deed on a state ("imputa a Teherán")."""
    tokens = view.tokens
    after = tokens[deed + 1 : deed + 5]
    if "ascribe" in tokens[deed].keys:
        low = 2 if len(after) > 1 and "det" in after[1].keys else 1
        return bool(after) and "prep_to" in after[0].keys and any(t.kind in ("C", "P", "G") for t in after[low : low + 1])
    if "accused_person" not in tokens[deed].keys or "person" not in tokens[deed].keys or not deed:
        return False
    counted = tokens[deed - 1].kind == "N" or "det" in tokens[deed - 1].keys
    return counted and not (after and (after[0].keys & {"by", "blame", "inquiry_word"} or "for_what" in after[0].keys))


def _describes(view: View, deed: int) -> bool:
    """Whether a deed only tells which people are meant, in a clause that stands before them (Chinese)."""
    if not view.pack.settings.get("no_capitals") or "charged_sure" not in view.tokens[deed].keys:
        return False
    high = next((j for j in range(deed, len(view.tokens)) if view.tokens[j].form in (",", ";")), len(view.tokens))
    behind = view.where("poss", low=deed + 1, high=high)
    return any(view.has("person", "T", "one_person", low=j + 1, high=min(j + 5, high)) for j in behind)


def _its_own(view: View, deed: int) -> bool:
    """Whether the accused state itself does it: "Iranian agents seized", "back to Iran, where he has been jailed"."""
    tokens = view.tokens
    if deed and tokens[deed - 1].data.get("body") == "agents" and _accused(view, deed - 1):
        return True
    behind = (j - 2 if tokens[j - 1].form == "," else j - 1 for j in view.where("where_word", low=deed - 6, high=deed) if j > 1)
    return any(tokens[k].kind in ("C", "P") and _accused(view, k) for k in behind)


def _consulate(view: View, deed: int) -> bool:
    """Whether an embassy or consulate is what was closed: it stands right before the words for who wanted it."""
    return any(str(t.data.get("body")) == "embassy" for t in view.tokens[max(0, deed - 5) : deed])


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
    return any(_victim(t) for one in (view, view.before) if one is not None for t in one.tokens)


def _in_court(view: View, match: Match) -> bool:
    """Whether what is heard is heard by a court."""
    at = match.kept.get("p")
    return at is not None and str(view.tokens[at].data.get("body")) in view.pack.set("body_of_law")


def _infinitive(view: View, deed: int) -> bool:
    """Whether a deed is only aimed at: "to close", but not "began to close"."""
    if view.tokens[deed].form.startswith("to "):
        return True
    i = deed - 1
    while i >= 0 and "adverb" in view.tokens[i].keys and "perfect" not in view.tokens[i].keys:
        i -= 1
    return i >= 0 and "inf_to" in view.tokens[i].keys and not view.before_is(i, "begun_to", back=2)


def _asked_for(view: View, start: int, deed: int) -> bool:
    """Whether a thing is only called for: "urged an inquiry"."""
    low, _ = view.clause(start)
    if view.has("plea", low=max(low, start - 8), high=max(start, deed)):
        return True
    if not view.pack.settings.get("no_capitals"):
        return False
    here = list(view.where("urge", low=max(0, start - 20), high=deed))  # in Chinese nothing marks what is asked
    return bool(here) and not any(
        t.form == ";" or (t.form == "," and not view.has("ba_word", "fronts", low=k + 1, high=k + 2))
        for k, t in enumerate(view.tokens[here[-1] : deed], here[-1])
    )


def _theirs(view: View, match: Match) -> bool:
    """Whether the accused state or its envoys are addressed, or stand right beside what matched."""
    at = match.kept.get("p")
    if at is not None:
        token = view.tokens[at]
        known = token.kind in ("C", "G", "P", "A") and view.memory.state_of(token) in view.pack.set("origin_state")
        return known or _accused(view, at)
    return any(_accused(view, i) for i in range(max(0, match.start - 9), min(len(view.tokens), match.end + 8)))


def _accused(view: View, i: int) -> bool:
    """Whether a token stands for the accused state or one of its envoys."""
    token = view.tokens[i]
    if token.keys & {"envoy", "counterpart"}:
        return True
    return token.kind in ("G", "B", "C", "P", "A") and view.memory.state_of(token, view.tokens[:i]) in view.memory.origins


def _on_others(view: View, match: Match, deed: int) -> bool:
    """Whether something is done to people of whom the accused state would be rid: that is its own deed, no response."""
    tokens, at = view.tokens, match.kept.get("p")
    if view.has("handed_off") and not view.has(*PERPETRATORS) and not (at is not None and _accused(view, at)):
        return True
    if at is not None:
        envoy = "envoy" in tokens[at].keys or str(tokens[at].data.get("body")) in ENVOYS
        if at < deed and tokens[at].kind in ("G", "B") and not envoy:
            return True
        if at < deed and any(tokens[j].kind == "T" for j in range(at + 4, deed)):
            return True  # somebody nearer is meant
        if "pronoun" not in tokens[at].keys and "pronoun_object" not in tokens[at].keys:
            return any(_victim(tokens[j]) for j in range(max(0, at - 2), min(at + 4, len(tokens))))
    else:
        near = next((j for j in range(deed - 1, max(-1, deed - 8), -1) if tokens[j].kind == "T"), None)
        if near is None:
            near = next((j for j in range(deed + 1, min(deed + 5, len(tokens))) if tokens[j].kind == "T"), None)
        if near is not None:
            return _victim(tokens[near])
        if not view.has("pronoun", "pronoun_object", low=deed - 4, high=deed + 3):
            return False
    return not view.has("perp") and _spoken_of(view, deed)


def _victim(token: Token) -> bool:
    return token.data.get("target") in VICTIMS or "victims_adj" in token.keys


def _spoken_of(view: View, deed: int) -> bool:
    """Whether the people last named before a pronoun are victims."""
    one: View | None = view
    high = deed
    for _ in range(2):
        if one is None:
            return False
        last = next((t for t in reversed(one.tokens[:high]) if t.kind == "T"), None)
        if last is not None:
            return _victim(last)
        one, high = one.before, LONG
    return False


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
