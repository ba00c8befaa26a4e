"""Positions: what the accused says of itself, and what others say of that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..attribution import attribute
from ..pack import Rule
from ..view import Draft, View

Match = re.Match[str]


def position(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    """What a state says of itself: named in the pattern ("self") or the speaker of the clause."""
    party_token = view.group(match, "p")
    if rule.data.get("denies"):
        yield from _rejected(view, rule, match)
        return
    wanted = view.memory.accused_all
    if rule.data.get("self") and party_token:
        codes = view.country_codes(party_token)
        party, start = (codes[0] if codes else None), match.start()
        if not view.topical:
            return
    else:
        attribution, _ = attribute(view.cues, match.start())
        said = attribution.asserted_by if attribution.asserted_by != "publisher" or not view.speaker else view.speaker
        party = said.removeprefix("state:") if said.startswith("state:") else None
        cue = next((c for c in view.cues if c.who == said and c.start <= match.start() < c.end), None)
        start = cue.at[0] if cue and cue.at[0] < match.start() else view.clause(match.start())[0]
        start = max(start, match.start() - 160)
    if rule.data.get("host"):
        if not party or (party in wanted and party not in view.memory.hosts):
            return
    elif not party or (party not in wanted and party not in view.named_accused):
        return
    if party_token and party_token.kind == "C" and len(party_token.members) > 1:
        return
    end = match.end()
    _, high = view.clause(match.start())
    tail = min(high, max([end, *(c.end for c in view.cues if c.start <= match.start() < c.end)]))
    end = end if rule.data.get("self") else max(end, min(tail, end + 120))
    if rule.id == "position.admission" and view.has("not|never", start, end):
        return
    if rule.id == "position.denial" and re.search(r"\bnot (?:denied|rejected|dismissed)", view.text[start:end]):
        return
    yield Draft(
        "position",
        {"party": party, "position": rule.data["position"]},
        start,
        end,
        match.end() - 1,
        rule.id,
        asserter=None if rule.data.get("told") else f"state:{party}",
    )


def _rejected(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    """An organisation rejects what the accused says of itself."""
    body = view.group(match, "o")
    author = view.memory.asserter(body, view.line) if body else attribute(view.cues, match.start())[0].asserted_by
    if not view.accused or not author or not author.startswith(("org:", "media:")):
        return
    said = [d.slots["position"] for v in (view, view.before) if v for d in v.positions if d.stance == "asserts"]
    for taken in dict.fromkeys(said or ["administrative_services"]):
        if taken in ("administrative_services", "pandemic_measure", "volunteers", "denial"):
            yield Draft(
                "position",
                {"party": view.accused, "position": taken},
                match.start(),
                match.end(),
                match.start(),
                rule.id,
                asserter=author,
                stance="denies",
            )
