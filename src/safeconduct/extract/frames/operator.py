"""Operators: who sets up, runs, staffs or lets run a station, when the text is more specific than the state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...claims import cities
from ..grammar import grammar
from ..view import Draft, View
from .stations import accused, references, spoken
from .ties import city_ties

REACH = 22  # words between a station and who is behind it
ROLES = (
    ("staffs", ("staffed", "staffed_by_op")), ("mandated", ("mandate",)),
    ("established", ("set_up", "creation_of", "set_up_by")),
    ("runs", ("run", "managed", "answer_to", "linked_to", "under", "in_hands_of", "belonging")),
)  # fmt: skip
LINKS = frozenset(tag for _, tags in ROLES for tag in tags) | {"by", "of", "from", "poss", "operator_link"}
_TAKEN = frozenset(("set_up", "run", "staffed", "attends", "mandate"))
_HARM = frozenset(("m_threat", "m_intimidation", "m_threat_to_family", "m_detention", "m_abduction", "press_verb", "deny"))


class Actor(NamedTuple):
    """Who is behind a station: what sort of body, of which place, at which token, and the offsets of its name in a list."""

    actor: str
    name: str | None
    at: int
    anchor: tuple[int, int] | None = None


def operators(view: View) -> Iterator[Draft]:
    """The operators of a sentence."""
    if view.question:
        return
    refs = references(view)
    if not refs and not spoken(view, 3) and not (view.before is not None and references(view.before)) and not _goes_on(view):
        return
    listed = list(_forces(view, refs))
    yield from listed or _named(view, refs)
    yield from _by_rule(view, refs)


def _goes_on(view: View) -> bool:
    """Whether a text on stations goes on about them with a short pronoun or a dropped subject, as in Spanish."""
    return view.memory.stations and bool(view.pack.settings.get("pro_drop"))


# --- authorities by name


def _named(view: View, refs: list[int]) -> Iterator[Draft]:
    """Police forces and organs of the accused state that the sentence links to a station."""
    about = sorted({*refs, *view.where("it_them", "all_of", "set_it_up"), *_taken_up(view)})
    for who in actors(view):
        linked = _link(view, who.at, about)
        if linked is None:
            continue
        ref, role, low = linked
        doubtful = view.hypothetical(min(ref, who.at), max(ref, who.at)) and not view.has("suspicion")
        if who.actor != "police_authority" and view.before_is(who.at, "linked_to", back=2):
            continue
        if doubtful or view.negated(min(ref, who.at), back=3) or (who.actor != "police_authority" and not role):
            continue
        if who.at < ref and view.has("neg", low=who.at, high=ref) and not view.has("by", low=who.at, high=ref):
            continue
        if role is None and "home_station" in view.tokens[ref].keys and view.before_is(ref, "prep_in", back=2):
            continue  # "in a police station of Shenzhen": one at home
        role = role or "runs"
        local = (
            who.actor == "police_authority"
            or (view.before_is(ref, "the", "anaphoric", back=2) and not view.tokens[ref].form.endswith("s"))
            or view.has("here")
            or view.has("P", "C", low=min(ref, who.at), high=max(ref, who.at))
        )
        scope = scope_of(view, ref, refs, local)
        slots = {"actor": who.actor, "name": who.name, "role": role, "scope": scope}
        yield Draft(
            "operator", slots, min(low, who.at), _end(view, max(ref, who.at)), low, f"operator.{role}", anchor=who.anchor
        )


def _taken_up(view: View) -> Iterator[int]:
    """Verbs whose object is a short pronoun before them, as in Spanish "la montó la policía de Qingtian"."""
    for i in view.where("clitic_word"):
        if i + 1 < len(view.tokens) and view.tokens[i + 1].keys & _TAKEN and not view.before_is(i, "prep"):
            yield i + 1


def _forces(view: View, refs: list[int]) -> Iterator[Draft]:
    """The forces that a sentence counts and lists as those behind the stations ("cuatro jefaturas: Fuzhou, Nantong …")."""
    for i in view.where("force_list"):
        if i in refs or not view.has("N", low=i - 2, high=i) or view.hypothetical(i):
            continue
        found = [
            (j, m)
            for j in view.where("P", low=i + 1, high=i + 26)
            if accused(view, view.tokens[j]) and not view.tokens[j].data.get("capital")
            for m in view.tokens[j].members
        ]
        if len(found) < 2:
            continue
        end = found[-1][0] + 1
        start = next(view.where("N", low=i - 2, high=i), i)
        behind = view.has("force_behind", low=i, high=end + 8) and not view.has("set_up", "creation_of", low=i, high=end + 8)
        role = "runs" if behind else "established"
        for _, m in found:
            name = _bare(view, view.memory.text[m.start : m.end])
            slots = {"actor": "police_authority", "name": name, "role": role, "scope": "world"}
            yield Draft("operator", slots, start, end, i, "operator.forces", anchor=(m.start, m.end))
        return


def _end(view: View, i: int) -> int:
    """The end of the name of an authority that goes on ("the Fuzhou branch of the ministry")."""
    end = i + 1
    while end < min(len(view.tokens), i + 6) and (
        view.tokens[end].kind in ("G", "B") or view.tokens[end].keys & {"police_word", "of", "poss", "the", "and"}
    ):
        end += 1
    return end


def actors(view: View) -> Iterator[Actor]:
    """The authorities of the accused state that a sentence names, more specific than the state."""
    tokens = view.tokens
    bodies = grammar()["operator_body"] | view.pack.tables.get("operator_body", {})
    forces = {j for j in view.where("G", "B") if bodies.get(str(tokens[j].data.get("body"))) == "police_authority"}
    last = -9
    branches: set[int] = set()
    for i in view.where("G", "P", "provincial", "provinces"):
        token = tokens[i]
        if token.keys & {"provincial", "provinces"}:
            yield Actor("provincial_authority", None, i)
        elif token.kind == "P" and i not in branches:
            chained = i - last <= 8 and view.before_is(i, "and", back=2)
            if accused(view, token) and not token.data.get("capital") and (chained or _as_force(view, i, forces)):
                last = i
                for member in token.members:
                    yield Actor(
                        "police_authority",
                        _bare(view, member.value),
                        i,
                        (member.start, member.end) if len(token.members) > 1 else None,
                    )
        elif accused(view, token):
            actor = bodies.get(str(token.data.get("body")))
            seat = token.data.get("seat")
            if actor == "police_authority" and seat:
                last = i
                several = len(token.members) > 1
                for member in token.members:
                    name = view.memory.text[member.start : member.end] if several else str(seat)
                    yield Actor(actor, _bare(view, name), i, (member.start, member.end) if several else None)
            elif (
                actor
                and actor != "police_authority"
                and not any(tokens[k].kind == "P" and accused(view, tokens[k]) for k in range(max(0, i - 5), i))
            ):
                seat_at = next((k for k in view.where("P", low=i + 2, high=i + 4) if _branch(view, i, k)), None)
                branches |= {k for k in (seat_at,) if k is not None}
                yield Actor(actor, None if seat_at is None else _bare(view, tokens[seat_at].values[0]), i)


def _branch(view: View, i: int, k: int) -> bool:
    """Whether a city is that of a branch of an authority ("the United Front branch in Fuzhou")."""
    city = view.tokens[k]
    return (
        accused(view, city)
        and not city.data.get("capital")
        and view.has("police_word", low=i + 1, high=k)
        and view.before_is(k, "prep_in", "of")
    )


def _bare(view: View, name: str) -> str:
    """A name of a place without "County" and the like."""
    if not name.isascii() and (known := cities(name)):
        return known[0].name.lower()
    words = name.lower().split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1] in view.pack.set("after_place") else words)


def _as_force(view: View, i: int, forces: set[int]) -> bool:
    """Whether a city of the accused state stands for its police, not for where somebody is or comes from."""
    tokens = view.tokens
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is not None and (after.keys & {"poss", "security_word", "police_word"} or (after.kind == "B")):
        return True
    if after is not None and after.kind == "N" and view.has("jurisdictions", low=i + 2, high=i + 3):
        return True  # "青田和福州两地警方"
    if view.has("provincial", low=i + 1, high=i + 4):
        return False
    if view.has("belonging", low=i + 1, high=i + 5) or view.has("set_up", "run", low=i + 1, high=i + 2):
        return True
    if view.has("answer_to", "linked_to", "set_up_by", "creation_of", "belonging", low=max(0, i - 6), high=i):
        return True
    if any(k != i and k in forces and accused(view, tokens[k]) for k in range(max(0, i - 4), i) if tokens[k].kind == "G"):
        return True
    if after is not None and "station" in after.keys:
        return True
    if i > 1 and "for" in tokens[i - 1].keys and tokens[i - 2].kind == "S":
        return True
    return view.before_is(i, "that_one", "by", back=2) and not view.before_is(i, "prep_in")


def _link(view: View, at: int, refs: list[int]) -> tuple[int, str | None, int] | None:
    """The station that an authority is linked to, in which role, and the word that tells."""
    tokens = view.tokens
    if at + 1 < len(tokens) and tokens[at + 1].keys & {"deny"}:
        return None
    behind = view.before_is(at, "by", back=2)
    for ref in sorted(refs, key=lambda r: (bool(tokens[r].keys & {"it_them", "all_of"}), abs(r - at))):
        if (behind and ref > at) or (ref == at + 1 and not tokens[ref].keys & {"station", "set_it_up"}):
            continue
        low, high = min(ref, at), max(ref, at)
        if high - low > REACH * view.pack.gap or any(_stops(view, k) for k in range(low, high)):
            continue
        between = view.tokens[low + 1 : high]
        if any(t.keys & _HARM and "mandate" not in t.keys for t in between):
            continue
        wide = max(view.clause(low)[0], low - 7)
        role = None
        if view.pack.settings.get("place_first") and at > ref and view.has("by", low=low, high=high):  # "由福州市公安局设立"
            role = next((r for r, tags in ROLES if view.has(*tags, low=high + 1, high=high + 7)), None)
        role = role or _object_of(view, ref, at)
        role = role or next((r for r, tags in ROLES if view.has(*tags, low=low, high=high + 1)), None)
        role = role or next(
            (
                r
                for r, tags in ROLES
                if view.has(*tags, low=wide, high=low) and high - low < 8 and view.has("by", low=low, high=high)
            ),
            None,
        )
        if role is None and ref < at and view.has("by", low=low, high=high) and view.has("D", low=low, high=high):
            role = "established"
        if role or high - low <= 3 or any(t.keys & LINKS for t in between):
            word = next((k for r, tags in ROLES if r == role for k in view.where(*tags, low=low, high=high)), low)
            return ref, role, word if high - low > 8 else low
    return None


def _stops(view: View, k: int) -> bool:
    """Whether a token ends what is said of a station; a colon behind what is counted ("two jurisdictions: …") does not."""
    form = view.tokens[k].form
    return form in (";", "?") or (form == ":" and not view.has("jurisdictions", low=k - 2, high=k))


def _object_of(view: View, ref: int, at: int) -> str | None:
    """The role of an authority that does something to what stands before it ("stations which Nantong police set up")."""
    if ref > at or view.has("by", "set_up_by", "S", low=ref + 1, high=at):
        return None
    end = _end(view, at)
    reach = end + (5 if view.has("hedge", "perfect", low=end, high=end + 2) else 2)  # "that Wenzhou is said to have set up"
    role = next((r for r, tags in ROLES[:3] if view.has(*tags, low=end, high=reach)), None)
    return role or ("runs" if view.has("run", low=end, high=end + 2) else None)


# --- the rules of the grammar


def _by_rule(view: View, refs: list[int]) -> Iterator[Draft]:
    """Who staffs or lends rooms to a station, and what the host state allowed."""
    for rule, match in view.matches("operator"):
        trigger = match.kept.get("at", match.start)
        if view.hypothetical(trigger) or any(
            "soft_modal" not in view.tokens[k].keys for k in view.where("modal", low=match.start, high=match.end)
        ):
            continue
        if rule.data.get("unless_neg") and view.has("neg", low=match.start - 3, high=match.end):
            continue
        if (
            rule.data.get("near")
            and not refs
            and not (
                view.has("it_them", "pronoun", "place_word", "premises")
                or (("neg" in view.places or view.has("host_states")) and spoken(view.before, 1))
                or (_goes_on(view) and "without_alone" not in view.tokens[match.start].keys)
            )
        ):
            continue
        counted = view.has("N", low=match.start, high=match.end)
        if rule.data.get("people") and not (refs or spoken(view.before, 4) or (_goes_on(view) and not counted)):
            continue
        if rule.data["actor"] == "volunteers" and _own_word(view, trigger):
            continue
        denies = bool(rule.data.get("denies"))
        if (
            rule.data["actor"] == "host_state"
            and not denies
            and (view.negated(trigger) or view.has("deny", "deny_that", high=trigger))
        ):
            denies = True
        scope = scope_of(view, trigger, refs, True)
        hosts = view.has("host_states", low=match.start, high=match.end + 6)
        if rule.data["actor"] == "host_state" and scope == "world" and not hosts:
            scope = view.host_then or scope
        behind = list(view.where("C", low=match.end, high=match.end + 8)) if hosts else []
        examples = [j for j in behind if view.has("including", low=match.end, high=j)]  # "of host countries, such as Ireland"
        slots = {"actor": rule.data["actor"], "role": rule.data["role"], "scope": "world" if examples else scope}
        stance = "denies" if denies else "asserts"
        yield Draft("operator", slots, match.start, match.end, trigger, rule.id, stance=stance)
        for j in examples:
            for m in view.tokens[j].members:
                one = {**slots, "scope": view.memory.one_of(m.value)}
                yield Draft("operator", one, match.start, j + 1, trigger, rule.id, stance=stance, anchor=(m.start, m.end))


def _own_word(view: View, i: int) -> bool:
    """Whether the accused state itself says what stands at a token: what it says of its helpers is its position."""
    told = min((c for c in view.cues if c.start <= i < c.end), key=lambda c: c.end - c.start, default=None)
    return ((told.who if told else view.speaker) or "").removeprefix("state:") in view.memory.origins


def scope_of(view: View, i: int, refs: list[int], local: bool) -> str:
    """The country of the stations that somebody is behind."""
    memory = view.memory
    ties = city_ties(view, refs)
    near = sorted((abs(r - i), str(view.tokens[j].data["codes"][0])) for r, j in ties if view.tokens[j].kind == "P")
    if near and near[0][1] not in memory.origins:
        return near[0][1]
    low, high = view.clause(i)
    high = next(view.where("where_word", "rel", low=i + 1, high=high), high)  # "Fuzhou, where most people in Spain come from"
    for j in view.where("C", "P", "R", low=low, high=high):
        token = view.tokens[j]
        if token.kind == "R":
            if view.before_is(j, "prep_in", back=2) or (token.data.get("adjective") and j + 1 in refs):
                return token.values[0]
            continue
        code = memory.country_of(token)
        if code and code not in memory.origins and len(token.members) == 1:
            return code
    if view.has("worldwide", "countries", "generic_abroad", "org_wide"):
        return "world"
    if any(int(view.tokens[k].data["value"]) > 12 for k in view.where("N", high=i + 4)):
        return "world"
    host = view.host_near(i) if local else None
    return host if host and host not in memory.origins else "world"
