"""Positions: what the accused says of itself, and what others say of that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...claims import slugify
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
    if rule.data.get("accused"):
        yield from _accused_person(view, rule, match)
        return
    wanted = view.memory.accused_all
    if rule.data.get("self") and party_token:
        codes = view.country_codes(party_token)
        if party_token.kind == "P":
            codes = [] if _is_place(view, match) else [str(party_token.data.get("capital") or "")]
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
    elif not party or (party not in wanted and party not in view.named_accused and not _involved(view, rule, party)):
        return
    if party_token and party_token.kind == "C" and len(party_token.members) > 1:
        return
    end = match.end()
    _, high = view.clause(match.start())
    tail = min(high, max([end, *(c.end for c in view.cues if c.start <= match.start() < c.end)]))
    end = end if rule.data.get("self") else max(end, min(tail, end + 120))
    if rule.id == "position.admission" and view.built("never", start, end):
        return
    if rule.id == "position.denial-said" and view.has("{unaware}", start, end):
        return
    if rule.id == "position.denial" and view.built("not_denied", start, end):
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


def _is_place(view: View, match: Match) -> bool:
    """Whether the party of a match, a city, stands after a preposition."""
    before = view.text[: match.start("p")].split()[-1:]
    return bool(before) and before[0] in view.pack.sets["place_before"] - view.pack.sets["agent_word"]


def _involved(view: View, rule: Rule, party: str) -> bool:
    """Whether a rule that any involved state may match speaks of one: a host, in a sentence on the subject."""
    return bool(rule.data.get("involved")) and len(party) == 2 and view.topical and not view.has("{off_subject}")


def _accused_person(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    """Suspects, or an association that is no state's organ, deny what they are accused of."""
    body = view.group(match, "d")
    if not view.topical and not (view.before and view.before.topical):
        return
    if view.has("{off_subject}") or (body and body.data.get("target") in ("dissidents", "journalists", "family")):
        return
    author = view.memory.asserter(body, view.line) if body and body.kind in ("O", "H") else None
    if body and body.kind == "X" and body.data.get("last") in view.pack.sets["club_word"]:
        words = view.text_of(body)
        before = next((t for at, t in view.tokens("P", 0, match.start()) if 0 < body.start - t.end < 2), None)
        words = f"{view.text_of(before)} {words}" if before else words
        author = f"org:{slugify(words)}"
    if author and author.startswith("org:") and author.removeprefix("org:").replace("-", " ") in view.pack.sets["expert_org"]:
        return
    yield Draft(
        "position",
        {"party": "accused", "position": rule.data["position"]},
        match.start(),
        match.end(),
        match.start(),
        rule.id,
        asserter=author if author and ":" in author else "persons:defendants",
    )


def _rejected(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    """An organisation rejects what the accused says of itself."""
    body = view.group(match, "o")
    author = view.memory.asserter(body, view.line) if body else attribute(view.cues, match.start())[0].asserted_by
    author = view.speaker if author in (None, "publisher") and view.speaker else author
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
