"""Who does what a response tells: sought after "by", then to the left of the deed, then in the place where it is done.

A deed that nobody in particular does is that of the state of the place, else of the state that tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...claims.places import fold
from ..grammar import Match, Rule
from ..tokens import Token
from ..view import View
from .word_order import behind, dropped

ACTORS = frozenset("GBCP")
OTHERS = frozenset("OMTXHS")
PATIENTS = frozenset("TXHS")
PRIVATE = frozenset(("agent_word", "media_noun", "org_noun", "reporters"))  # agents that are nobody of the state
MARKS = frozenset((",", ";", ":", "--"))
SMALL = frozenset(("adverb", "be_being", "neg", "modal", "perfect", "also", "inf_to", "begun_to"))
# Deeds that only states do: the subject may be a body that no list knows.
SOLE = frozenset(("summons", "hearing", "charge", "conviction", "arrest", "information_request", "expulsion"))
NATIONAL = frozenset(("foreign ministry", "interior ministry", "justice ministry", "police"))  # the Union has none
FAR = 45  # tokens

Member = tuple[str, tuple[int, int] | None]


class Doer(NamedTuple):
    """Who does it: the states, and the token that names them, if the sentence has one."""

    members: list[Member]
    at: int | None


def find_doer(view: View, rule: Rule, match: Match, deed: int) -> Doer | None:
    """Who does it; None when it is somebody else, or nobody can be told."""
    doer = _told(view, rule, match, deed)
    if (doer is None or doer.at is None) and view.has("states_word", high=deed):
        rows = (i for i in view.where("C") if len(view.tokens[i].members) > 1)
        listed = next((i for i in rows if _lists(view, i, deed) and is_host(view, i)), None)
        if listed is not None:
            return _as_doer(view, listed)
    return doer


def _lists(view: View, i: int, deed: int) -> bool:
    """Whether a list of countries names those that "governments" meant: before the deed, or behind a colon or dash."""
    return i < deed or (i > 0 and (view.tokens[i - 1].form in (":", "--", "(") or "including" in view.tokens[i - 1].keys))


def _told(view: View, rule: Rule, match: Match, deed: int) -> Doer | None:
    """Who does it, as the words around the deed tell."""
    if "who" in match.kept:
        return _as_doer(view, match.kept["who"]) if is_host(view, match.kept["who"]) else None
    agent = _agent(view, match, deed)
    if agent is not None:
        return _as_doer(view, agent) if is_host(view, agent) else None
    passive = bool(rule.data.get("bare")) or match.kept.get("p", deed) < deed or _passive(view, deed)
    if not passive and (after := behind(view, match, deed)) is not None:
        return _as_doer(view, after)
    if not passive or rule.data.get("speaks"):
        found, other = _subject(view, rule, match, deed)
        if found is not None:
            return _as_doer(view, found)
        if other:
            return None
        if not passive and (unsaid := dropped(view, deed)):
            return Doer([(unsaid, None)], None)
    elif (found := _causer(view, match, deed)) is not None:
        return _as_doer(view, found)
    if rule.data.get("speaks"):
        return _teller(view, deed)
    said = None if passive else _pronoun(view, deed)
    if said and said.startswith("state:") and said[6:] not in view.memory.origins:
        return Doer([(said[6:], None)], None)
    if said and (told := _teller(view, deed)):
        return told
    if not passive and not rule.data.get("noun") and (rule.data.get("strict") or rule.data["action"] not in SOLE):
        return None
    return _somewhere(view, rule, match, deed)


def _as_doer(view: View, at: int) -> Doer:
    return Doer(states_of(view, at), at)


def states_of(view: View, at: int) -> list[Member]:
    """The states that a token stands for, those that a row of capitals names, and those that join it."""
    token, capitals = view.tokens[at], view.pack.tables["names"].get("capital", {})
    if token.kind == "P" and len(token.members) > 1:
        codes = [capitals.get(fold(m.value)) for m in token.members]
        return [(str(c), (m.start, m.end)) for c, m in zip(codes, token.members, strict=True)] if all(codes) else []
    members = view.states(token, at)
    place = _seat(view, at) if token.kind in ("B", "G") else None
    if place and (token.kind == "B" or ([c for c, _ in members] == ["EU"] and token.data.get("body") in NATIONAL)):
        members = [(place, None)]
    after = view.tokens[at + 1 : at + 3]
    if token.kind == "C" and len(after) == 2 and after[0].form == "," and "joined_by" in after[1].keys:
        more = next((j for j in range(at + 3, min(at + 5, len(view.tokens))) if view.tokens[j].kind == "C"), None)
        members = [*members, *(view.states(view.tokens[more], more) if more is not None else [])]
    return members


def _seat(view: View, at: int) -> str | None:
    """The country of the place in or behind the name of a body: "a jury in Manhattan", "the ministry in Brussels"."""
    tokens, token = view.tokens, view.tokens[at]
    if token.kind == "G":
        return "BE" if "EU" in token.values else None
    if view.has("prep_in", low=at + 1, high=at + 2) and at + 2 < len(tokens) and tokens[at + 2].kind == "P":
        code = view.memory.country_of(tokens[at + 2])
        return code if code not in view.memory.origins else None
    return None


def _passive(view: View, deed: int) -> bool:
    """Whether a form of "be" makes the deed a passive."""
    if view.tokens[deed].form.partition(" ")[0].endswith("ing"):
        return False  # "is conducting"
    i = deed - 1
    while i >= 0 and deed - i < 4 and view.tokens[i].keys & {"adverb", "neg"}:
        i -= 1
    return i >= 0 and "be_being" in view.tokens[i].keys


def _agent(view: View, match: Match, deed: int) -> int | None:
    """The organ or state after "by", near the deed."""
    tokens, verb_first = view.tokens, view.pack.settings.get("verb_first")
    for i in range(match.start, min(match.end + 9, len(tokens))):
        if "by" not in tokens[i].keys and not tokens[i].form.endswith(" by"):
            continue
        for j in range(i + 1, min(i + 4, len(tokens))):
            if verb_first and (tokens[j].kind == "S" or any(t.keys & {"prep", "of"} or _crime(t) for t in tokens[i + 1 : j])):
                break  # "por el crimen de Surrey", "abrió diligencias por la comisaría"
            if tokens[j].kind in ACTORS and (is_host(view, j) or i <= deed + 2):
                return j
            if i == deed + 1 and (tokens[j].kind in OTHERS or tokens[j].keys & PRIVATE):
                return j  # nobody of the state
    return None


def _crime(token: Token) -> bool:
    """Whether a word tells an act of repression."""
    return any(key.startswith("m_") for key in token.keys)


def _subject(view: View, rule: Rule, match: Match, deed: int) -> tuple[int | None, bool]:
    """The host's organ or state to the left that does it; and whether somebody else does it."""
    tokens = view.tokens
    inside = match.kept.get("p", deed) < deed or any(t.kind in ACTORS for t in tokens[match.start : deed])
    start = deed if inside else min(deed, match.start)
    said = None if rule.data.get("noun") else _pronoun(view, start)
    if said is not None and said.startswith(("org:", "media:")) and not rule.data.get("speaks"):
        return None, True
    for j in _nominals(view, start):
        if rule.data["action"] in ("expulsion", "summons") and _envoy(view, j):
            continue
        if is_host(view, j):
            return j, False
        if rule.data["action"] == "expulsion" and _by_accused(view, j):
            return None, True  # it throws out the host's people in return
        if not _adjacent(view, j, start):
            continue
        token = tokens[j]
        if token.kind in ACTORS:
            return None, True
        if token.kind in OTHERS and not rule.data.get("speaks"):
            if rule.data.get("noun") and token.kind in PATIENTS:
                break
            return None, _state_of_person(view, token) is None
    return _heading(view, start), False


def _heading(view: View, deed: int) -> int | None:
    """The host state that a line of a list of countries names before its colon ("Ireland: told the embassy …")."""
    tokens = view.tokens
    if deed < 2 or tokens[0].kind != "C" or tokens[1].form != ":" or not is_host(view, 0):
        return None
    return None if any(t.kind in ACTORS for t in tokens[2:deed]) else 0


def _envoy(view: View, j: int) -> bool:
    """Whether a token stands for an envoy."""
    return "envoy" in view.tokens[j].keys or str(view.tokens[j].data.get("body")) in ("ambassador", "diplomats", "embassy")


def _by_accused(view: View, j: int) -> bool:
    """Whether a token names the accused state or its government as such."""
    token = view.tokens[j]
    return token.kind in ("C", "G", "P") and view.memory.state_of(token) in view.memory.origins


def _pronoun(view: View, deed: int) -> str | None:
    """For whom the pronoun stands that does it, if one does."""
    for j in range(deed - 1, max(-1, deed - 5), -1):
        token = view.tokens[j]
        if token.kind or token.form in MARKS:
            return None
        if "pronoun" in token.keys:
            return view.memory.asserter(token, view.tokens[:j])
    return None


def _nominals(view: View, i: int) -> Iterator[int]:
    """Named things to the left that may be a subject, the nearest first; possessors last."""
    tokens, owner = view.tokens, -1
    for j in range(i - 1, max(-1, i - FAR), -1):
        token = tokens[j]
        if token.form in (";", ":", "?") or (token.form == "--" and not view.has("--", high=j)):
            break
        if token.kind == "A" and owner < 0 and token.values and j + 1 < len(tokens):
            people = tokens[j + 1].form == "," and view.has("rel", low=j + 2, high=j + 3)  # "the Dutch, who"
            owner = j if people or not tokens[j + 1].kind else owner
        if token.kind not in ACTORS and token.kind not in OTHERS:
            continue
        if _fronted(view, j, i):
            continue
        if token.kind == "B" and "governments" in token.keys:
            if _adjacent(view, j, i):
                break  # governments that nobody names
            continue
        if j + 1 < len(tokens) and "poss" in tokens[j + 1].keys:
            owner = j if owner < 0 and token.kind in ACTORS else owner
        elif not _governed(view, j, i) or _has_clause(view, j):
            yield j
    if owner >= 0:
        yield owner


def _fronted(view: View, j: int, deed: int) -> bool:
    """Whether a token stands between a word that puts the object before the verb (对, 就, 把) and the verb."""
    if "fronts" not in view.places or any(t.form == "," for t in view.tokens[j:deed]):
        return False
    low = next((k + 1 for k in range(j - 1, -1, -1) if view.tokens[k].form == ","), 0)
    return view.has("fronts", low=max(low, j - 20), high=j)


def _has_clause(view: View, j: int) -> bool:
    """Whether a clause follows of which a token is the subject: "the police, who are …"."""
    after = [t for t in view.tokens[j + 1 : j + 3] if t.form != ","]
    return bool(after) and "rel" in after[0].keys


def _governed(view: View, j: int, deed: int) -> bool:
    """Whether a preposition governs a token; not so "governments including X", nor "with X looking into it"."""
    tokens, i = view.tokens, j - 1
    while i > 0 and j - i < 3 and not tokens[i].kind and tokens[i].keys & {"det", "organ_adj"}:
        i -= 1
    if i >= 0 and "joined_by" in tokens[i].keys and "and" not in tokens[i].keys and deed != j + 1:
        return True
    if i < 0 or "prep" not in tokens[i].keys:
        return False
    listed = len(tokens[j].members) > 1 or view.before_is(i, "countries", "governments", "B", back=3)
    if "including" in tokens[i].keys and listed:
        return False
    return not ("with" in tokens[i].keys and deed == j + 1 and not view.pack.settings.get("no_capitals"))


def _adjacent(view: View, j: int, deed: int) -> bool:
    """Whether nothing but small words stands between a token and the deed."""
    return all(view.tokens[k].keys & SMALL for k in range(j + 1, deed))


def _state_of_person(view: View, token: Token) -> str | None:
    """The state a named person speaks for, if it is no accused one."""
    found = view.memory.persons.get(str(token.data.get("last")), "")
    code = found.removeprefix("state:")
    return code if found.startswith("state:") and code not in view.memory.origins else None


def _causer(view: View, match: Match, deed: int) -> int | None:
    """Who has something done to somebody ("Ottawa had a diplomat expelled")."""
    p = match.kept.get("p", deed)
    i = p - 1
    while i >= 0 and p - i < 5 and (view.tokens[i].kind in ("A", "N") or view.tokens[i].keys & {"det", "people_adj"}):
        i -= 1
    if i < 1 or "causes" not in view.tokens[i].keys:
        return None
    return next((j for j in _nominals(view, i) if is_host(view, j)), None)


def is_host(view: View, i: int) -> bool:
    """Whether a token stands for a state that is not the accused one."""
    token = view.tokens[i]
    if token.kind not in ACTORS and token.kind != "A":
        return False
    if token.kind == "P" and not token.data.get("capital") and len(token.members) < 2:
        return False
    if token.kind == "B" and _seated_with_accused(view, i):
        return False
    never = view.memory.origins | _never(view)
    return any(c not in never for c, _ in states_of(view, i))


def _seated_with_accused(view: View, i: int) -> bool:
    """Whether a body stands in the accused state: "a court in the Tajik capital", "flown to Dushanbe, where a court"."""
    tokens, memory = view.tokens, view.memory
    if view.has("prep_in", low=i + 1, high=i + 2):
        near = next((t for t in tokens[i + 2 : i + 5] if t.kind in ("C", "P", "A", "G")), None)
    elif view.before_is(i, "where_word", back=3):
        near = next((t for t in reversed(tokens[max(0, i - 6) : i]) if t.kind in ("C", "P")), None)
    else:
        return False
    if near is None:
        return False
    code = memory.country_of(near) if near.kind == "P" else memory.state_of(near)
    return code in memory.origins


def _never(view: View) -> frozenset[str]:
    """States that act on people abroad themselves and hardly stand up for them."""
    return view.pack.set("only_origin") | view.pack.set("patrol_origin")


def _teller(view: View, deed: int) -> Doer | None:
    """The state that says what stands at a token."""
    cue = min((c for c in view.cues if c.start <= deed < c.end), key=lambda c: c.end - c.start, default=None)
    who = (cue.who if cue else view.speaker) or ""
    code = who.removeprefix("state:")
    if who.startswith("state:") and code not in view.memory.origins:
        return Doer([(code, None)], None)
    return None


def _somewhere(view: View, rule: Rule, match: Match, deed: int) -> Doer | None:
    """The state of the place where something is done, else of who tells it, else the one the context gives."""
    code, at = _place(view, match)
    if at is not None and view.before_is(at, "prep_in") and len(states := _hosts(view, at)) > 1:
        return Doer(states, at)  # "inquiries were launched in Spain and Portugal"
    if code or rule.data.get("placed"):
        return None if not code or code in view.memory.origins else Doer([(code, None)], None)
    told = _teller(view, deed)
    if told:
        return told
    memory = view.memory
    never = _never(view)
    for state in (view.host_then, memory.state, memory.home, memory.likely):
        if state and len(state) == 2 and state not in memory.origins and state not in never:
            return Doer([(state, None)], None)
    return None


def _hosts(view: View, at: int) -> list[Member]:
    """The states of a list of countries that are not accused."""
    states = view.states(view.tokens[at], at) if view.tokens[at].kind == "C" else []
    return [member for member in states if member[0] not in view.memory.origins]


def _place(view: View, match: Match) -> tuple[str | None, int | None]:
    """The country named in the sentence where something is done, and its token: the nearest, first after "in", first in its
    clause."""
    memory, tokens = view.memory, view.tokens
    low, high = view.clause(match.start)
    best: tuple[int, str, int] | None = None
    for i in view.where("C", "P", "G"):
        token = tokens[i]
        code = memory.country_of(token) if token.kind == "P" else memory.state_of(token)
        at = token.kind in ("C", "P") and view.before_is(i, "prep_in", "city_word", back=2)
        if at and code in memory.origins and view.pack.settings.get("head_first"):
            at = not view.before_is(i, "de", back=1)  # "una comisaría de Pekín" is nowhere
        if not code or len(code) != 2 or (code in memory.origins and not (at and low <= i < high)):
            continue
        gap = 0 if match.start <= i < match.end else min(abs(i - match.start), abs(i - match.end + 1))
        gap += 0 if low <= i < high else 12
        gap += 0 if at else 8
        if best is None or gap < best[0]:
            best = gap, code, i
    return best[1:] if best else (None, None)
