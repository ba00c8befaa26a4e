"""Responses: what a state does about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..pack import Rule
from ..tokens import Token
from ..view import Draft, View

Match = re.Match[str]


COUNTED = {"arrest", "charge", "expulsion", "sanctions", "conviction", "guilty_plea", "no_charge"}


LOOSE = {  # actions that any state takes for many reasons: only where the sentence itself is on the subject
    "legislation", "hearing", "monitoring", "statement_of_concern", "cease_and_desist",
}  # fmt: skip
VICTIMS = {"dissidents", "journalists", "diaspora", "family"}


def response(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    """The claims of a match: what the state in it, or the host the context gives, does."""
    actor = view.group(match, "h")
    action = str(rule.data["action"])
    if not _relevant(view, match, action) or not _fits(view, rule, match):
        return
    if not rule.data.get("negated") and view.has("{negation}", match.start(), match.end()):
        return
    if rule.data.get("needs") == "closure" and not view.has("{closing}", 0, match.start()):
        return
    if actor and actor.kind == "B" and view.text_of(actor).casefold() in view.pack.sets["generic_organ"]:
        return
    if actor and actor.kind == "P" and (not actor.data.get("capital") or _is_place(view, match)):
        return
    if (
        actor
        and action != "no_response"
        and view.has("{ask}(?: {det})?$", max(0, match.start("h") - 30), max(0, match.start("h") - 1))
    ):
        return  # somebody asks the actor to do it
    if actor and not rule.data.get("claimed") and _speaks_of_others(view, match):
        return
    members: list[tuple[str, tuple[int, int] | None]]
    if actor and actor.kind in ("C", "G") and actor.members:
        members = [(m.value, (m.start, m.end)) for m in actor.members]
    elif actor:
        members = [(c, None) for c in view.country_codes(actor)]
    elif match.groupdict().get("sub"):
        host = view.subject(match.start())
        members = [(host, None)] if host else []
    else:
        members = [(host, None)] if (host := _host(view, match)) else []
    if rule.data.get("envoy") and [m[0] for m in members] == [view.accused]:  # "the ministry" is the host's
        members = [(host, None)] if (host := _host(view, match)) else []
    accused = _about(view, match, members) or view.accused
    if actor and [m[0] for m in members] == [accused]:  # of two usual origins the one that acts is the host
        accused = next((c for c in view.named_accused if c != accused), accused)
        ours = accused != members[0][0]
    else:
        ours = False
    count, place = _count(view, match), None
    for at, token in view.tokens("P", match.start(), match.end() + 40):
        inside = members and view.country_codes(token)[:1] == [members[0][0]] and len(token.members) == 1
        if inside and view.built("before_city", max(0, at - 40), at):
            place = token.values[0]
    for code, anchor in members:
        code = view.memory.host if "|" in code and view.memory.host in code.split("|") else code.split("|")[0]
        if (
            not code
            or code == accused
            or (not ours and action != "no_response" and code in view.memory.accused_all and code not in view.memory.hosts)
        ):
            continue
        if len(code) != 2:
            continue
        body = actor.data.get("body") if actor else None
        slots = {
            "country": code, "action": action, "about": accused or "CN", "place": place,
            "body": body if body not in (None, "government", "officials") else None,
            "count": count if action in COUNTED else None,
        }  # fmt: skip
        when = _event_date(view, match)
        yield Draft(
            "response",
            slots,
            match.start(),
            match.end(),
            _content(view, match, actor, rule),
            rule.id,
            anchor if len(members) > 1 else None,
            when=when,
        )


def _host(view: View, match: Match) -> str | None:
    """The host around a match that names no actor: named in the sentence, else the state whose organ acted last."""
    host, last = view.host(match.start()), view.memory.state
    named = any(view.country_codes(t) for _, t in view.tokens("CAP")) or any(t.members for _, t in view.tokens("G"))
    return last if not named and last and last != view.accused and last in view.memory.hosts else host


def _relevant(view: View, match: Match, action: str) -> bool:
    """Whether what a match tells belongs to the subject, as far as its sentence and those before it show."""
    if view.has("{off_subject}") and not (view.stations or view.has("{plot_word}") or _victims(view)):
        return False
    if view.topical:
        return True
    if action in LOOSE or not near_subject(view):
        return False
    for_something = view.has("{accused_of}", match.start())
    return not for_something or bool(view.has("{state_word}|{plot_word}|<GB>", for_something.end())) or _victims(view)


def _victims(view: View) -> bool:
    return any(t.data.get("target") in VICTIMS for _, t in view.tokens("T"))


def _is_place(view: View, match: Match) -> bool:
    """Whether the actor of a match, a city, stands after a preposition."""
    before = view.text[: match.start("h")].split()[-1:]
    return bool(before) and before[0] in view.pack.sets["place_before"]


def near_subject(view: View, back: int = 15) -> bool:
    """Whether one of the last sentences, in whatever paragraph, was on the subject; the first ones of a text are."""
    before, ours = view.before, view.pack.sets["body_of_accused"]
    while before and back:
        if before.on_topic(0) or any(t.data.get("body") in ours for _, t in before.tokens("B")):
            return True
        before, back = before.before, back - 1
    return not before and bool(view.memory.accused)


def _fits(view: View, rule: Rule, match: Match) -> bool:
    """Whether the people and bodies in a match are those that such an action is taken against."""
    ours, accused = view.pack.sets["body_of_accused"], view.accused
    bodies = [t for _, t in view.tokens("GB", match.start(), match.end())]
    envoys = any(t.data.get("body") in ours for t in bodies) or bool(view.has("{envoy}", match.start(), match.end()))
    theirs = any(t.values[:1] == (accused,) for _, t in view.tokens("GC", match.start(), match.end()))
    theirs = theirs or any(t.data.get("capital") == accused for _, t in view.tokens("P", match.start(), match.end()))
    if rule.id == "response.closure-order" and view.has("{investigation}", match.start(), match.end()):
        return False
    if rule.data.get("envoy") and not envoys:
        return False
    if rule.data.get("foreign") and not (envoys or theirs or view.has("{counterpart}", match.start(), match.end())):
        return False
    if match.groupdict().get("h") and view.has("(?:<S>|<T>|network) (?:it|they|he|she|we)", match.start(), match.end()):
        return False
    people = view.group(match, "t")
    if rule.data.get("people") and people and people.data.get("target") in VICTIMS:
        return False
    if rule.data.get("people") and view.group(match, "h") is None:
        return not _by_the_accused(view, match)
    return True


def _by_the_accused(view: View, match: Match) -> bool:
    """Whether the accused state itself acts, or the place named right after is at its home."""
    for at, token in view.tokens("GBCP", max(match.start(), match.end() - 20), match.end() + 14):
        codes = view.country_codes(token) if token.kind != "B" else []
        before = view.text[max(0, at - 8) : at].split()[-1:]
        if view.accused in codes[:1] and before and before[0] in view.pack.sets["at_home"]:
            return True
    return False


def _count(view: View, match: Match) -> int | None:
    """How many people a match speaks of: its number, or one where the article says so."""
    number = view.group(match, "n")
    if number:
        after = view.text[match.end("n") : match.end("n") + 10].split()
        value = number.data["value"]
        if after and after[0] in view.pack.sets["age_word"]:
            return 1
        return value if isinstance(value, int) else None
    people = view.group(match, "t")
    if people:
        first = view.text_of(people).split(" ", 1)[0].casefold()
        article = view.text[: match.start("t")].split()[-1:]
        return 1 if {first, *article} & view.pack.sets["one_person"] else None
    return None


def _speaks_of_others(view: View, match: Match) -> bool:
    """Whether the actor of a match only says something, and what it says has a subject of its own."""
    low = match.start("h")
    if view.built("that_others", low, match.end()):
        return True
    said = [c.at[1] for c in view.cues if low <= c.at[0] and c.at[1] < match.end() and c.rule != "tell"]
    rest = [view.text[at : match.end()].split() for at in said[:1]]
    return any(words and words[0] not in view.pack.sets["same_subject"] for words in rest)


def _about(view: View, match: Match, members: list[tuple[str, tuple[int, int] | None]]) -> str | None:
    """The state whose embassy, diplomats or agents the match names."""
    for _, token in view.tokens("G", match.start(), match.end()):
        code = token.values[0] if token.members else None
        if token.data.get("body") in view.pack.sets["body_of_accused"] and code not in [m[0] for m in members]:
            return code
    return None


def _content(view: View, match: Match, actor: Token | None, rule: Rule) -> int:
    """Where the attribution of a response is read: its end when the actor itself speaks, else its start."""
    spoken = any(match.start() <= c.at[0] and c.at[1] <= match.end() and c.start < match.end() for c in view.cues)
    return match.end() - 1 if spoken or rule.data.get("claimed") else match.start()


def _event_date(view: View, match: Match) -> str | None:
    """The date beside a match, when no cue has taken it."""
    low, high = view.clause(match.start())
    taken = {c.when for c in view.cues if c.when}
    middle = (match.start() + match.end()) // 2
    dates = sorted((abs(at - middle), str(t.data["edtf"])) for at, t in view.tokens("D", low, high))
    return next((edtf for _, edtf in dates if edtf not in taken), None)
