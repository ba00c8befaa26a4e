"""Responses: what a state does about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..pack import Rule
from ..tokens import Token
from ..view import Draft, View

Match = re.Match[str]


COUNTED = {"arrest", "charge", "expulsion", "sanctions", "conviction", "guilty_plea", "no_charge"}


def response(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    actor = view.group(match, "h")
    if not view.topical:
        return
    action = str(rule.data["action"])
    if not rule.data.get("negated") and view.has("{negation}", match.start(), match.end()):
        return
    if rule.data.get("needs") == "closure" and not view.has("{closing}", 0, match.start()):
        return
    if actor and actor.kind == "B" and view.text_of(actor).casefold() in view.pack.sets["generic_organ"]:
        return
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
        host = view.host(match.start())
        members = [(host, None)] if host else []
    accused = _about(view, match, members) or view.accused
    number, place = view.group(match, "n"), None
    for at, token in view.tokens("P", match.start(), match.end() + 40):
        inside = members and view.country_codes(token)[:1] == [members[0][0]] and len(token.members) == 1
        if inside and re.search(r"(?:in|of) (?:[^ ]{1,10} ){0,3}$", view.text[max(0, at - 40) : at]):
            place = token.values[0]
    for code, anchor in members:
        code = view.memory.host if "|" in code and view.memory.host in code.split("|") else code.split("|")[0]
        if (
            not code
            or code == accused
            or (action != "no_response" and code in view.memory.accused_all and code not in view.memory.hosts)
        ):
            continue
        if len(code) != 2:
            continue
        body = actor.data.get("body") if actor else None
        slots = {
            "country": code, "action": action, "about": accused or "CN", "place": place,
            "body": body if body not in (None, "government", "officials") else None,
            "count": number.data["value"] if number and action in COUNTED else None,
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


def _speaks_of_others(view: View, match: Match) -> bool:
    """Whether the actor of a match only says something, and what it says has a subject of its own."""
    low = match.start("h")
    if view.has(r" that (?:{det} )?<CGPST>", low, match.end()):
        return True
    said = [c.at[1] for c in view.cues if low <= c.at[0] and c.at[1] < match.end()]
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
