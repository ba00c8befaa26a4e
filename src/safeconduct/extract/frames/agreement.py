"""Agreements: joint patrols, security pacts, extradition and the like between an origin state and a partner."""

from __future__ import annotations

from collections.abc import Iterator

from ..grammar import Match, Rule
from ..places import HARD
from ..view import Draft, View


def agreements(view: View) -> Iterator[Draft]:
    """The agreements of a sentence: one for each partner."""
    if view.question:
        return
    done: set[tuple[str, ...]] = set()
    found = _found(view)
    founded = {m.start for kind, m, _ in found if kind == "security_agreement" and "police_coop" in view.tokens[m.start].keys}
    closer = [
        m.start
        for kind, m, _ in found
        if kind != "security_agreement" and (kind, m.start in founded) != ("joint_policing", True)
    ]
    for kind, match, rule in found:
        if _unreal(view, match.start, match.end, kind):
            continue
        if kind == "security_agreement" and any(-2 <= at - match.start <= 5 for at in closer):
            continue  # "an accord on joint patrols" is no second agreement
        if kind == "joint_policing" and match.start in founded:
            continue  # "police cooperation, founded on the memorandum of 2017" is that memorandum
        low, high = view.clause(match.start)
        own, partners = parties(view, match.start, match.end)
        if not own or not partners:
            continue
        cities = tuple(
            m.value
            for j in view.where("P", low=low, high=high)
            if not _seat(view, j) or view.before_is(j, "prep_in", back=2)
            for m in view.tokens[j].members
        )
        for partner, anchor, at in partners:
            key = (*sorted((own, partner)), kind)
            if key in done:
                continue
            done.add(key)
            start, end = match.start, match.end
            if _one_part(view, match, at):
                start, end = min(start, at), max(end, at + 1)
            slots = {"parties": sorted((own, partner)), "type": kind, "places": list(cities) or None}
            when, named = view.event_date(start, end), anchor if len(partners) > 1 else None
            yield Draft("agreement", slots, start, end, match.start, rule.id, when, _stance(view, match), anchor=named)


def _seat(view: View, j: int) -> bool:
    """Whether a city, or each of a row of cities, is a capital, which stands for its state."""
    data = view.tokens[j].data
    return bool(data.get("capital")) or all(data.get("capitals") or (None,))


def _one_part(view: View, match: Match, at: int) -> bool:
    """Whether no hard stop lies between a match and a party."""
    between = view.tokens[min(match.start, at) : max(match.end, at)]
    return all(t.form not in HARD for t in between)


def _found(view: View) -> list[tuple[str, Match, Rule]]:
    """What the rules match, with the type of agreement; "Croatia followed" is of the type of the sentence before."""
    out: list[tuple[str, Match, Rule]] = []
    for rule, match in view.matches("agreement"):
        kind = str(rule.data["type"])
        if kind != "follows":
            out.append((kind, match, rule))
            continue
        if rule.data.get("same"):
            kinds = [k for k, m, _ in out if m.start < match.start][-1:] or _kinds_before(view, 2)
            out += [(k, match, rule) for k in kinds[:1]]
        elif (kinds := _kinds_before(view, 1)) and not view.names_accused:
            out.append((kinds[0], match, rule))
    return out


def _kinds_before(view: View, back: int) -> list[str]:
    """The types of the agreements of the last sentence before this one that tells of any, ``back`` sentences at most."""
    one = view.before
    for _ in range(back):
        if one is None:
            break
        if kinds := [str(r.data["type"]) for r, _ in one.matches("agreement") if r.data["type"] != "follows"]:
            return kinds
        one = one.before
    return []


def _stance(view: View, match: Match) -> str:
    """Whether an agreement is said to exist, or not to."""
    low, high = view.clause(match.start)
    if view.has("deny", "neg_pact", low=low, high=match.start):
        return "denies"
    near = view.has("neg", low=max(low, match.start - 5), high=match.start) or view.tokens[match.start].form.startswith("no ")
    return "denies" if near and not view.has("not_only", low=low, high=high) else "asserts"


def _unreal(view: View, start: int, end: int, kind: str) -> bool:
    """Whether an agreement is only possible, or is named because it ends."""
    low, _ = view.clause(start)
    if view.has("modal", "if", "not_yet", low=low, high=start) or view.has("modal", low=end, high=end + 2):
        return True
    over = view.has("suspended", low=end, high=end + 8)
    if over and (view.has("be_being", low=end, high=end + 8) or view.has("wished", low=end, high=end + 8)):
        return True
    if view.has("other_pact", low=start, high=end + 1):
        return True
    low = max(low, start - 4)
    ended = view.has("suspend", "suspended", low=low, high=start)
    if kind == "joint_patrols" and ended and not view.has("rel", low=end, high=end + 3):
        return True
    if "wished" in view.pack.tables["tags"]:  # a mood of its own tells what is only asked for: that one ended is told
        if view.has("rel", low=end, high=end + 2) and view.has("sign", low=end, high=end + 7):
            return False  # "that they publish the accord that Argentina signed"
        return view.has("pact_talks", "plea", "ask_suspend_cooperation", "wished", low=low, high=start)
    return view.has("suspend", "suspended", "pact_talks", "plea", "ask_suspend_cooperation", low=low, high=start)


def parties(view: View, start: int, end: int) -> tuple[str | None, list[tuple[str, tuple[int, int] | None, int]]]:
    """One side of an agreement and its partners, each with the offsets of its name and its token.

    "X and Y sign", "X signs with Y", "the Xian pact with Y": the partners are those that "with" leads to, else whoever else
    the clause names, else the host that the context gives.
    """
    accused = view.accused if view.names_accused or view.accused in view.memory.others else view.memory.accused
    with_at = next(view.where("one_with", low=start, high=end), end)
    led = view.before_is(end + 5, "prep_with", "one_with", back=end + 5 - start)
    if led and view.pack.settings.get("head_first"):  # "el tratado que Argentina firmó con Pekín": behind "con"
        with_at = next(
            (k for k in view.where("with", low=end, high=end + 6) if view.has("C", "G", "P", low=end, high=k)), with_at
        )
    after = _named(view, with_at, min(len(view.tokens), end + 12), True) if led else []
    unnamed = _regions(view, with_at, min(len(view.tokens), end + 7)) if led and all(a[0] == accused for a in after) else []
    if unnamed:
        return accused, unnamed
    low, high = view.clause(start)
    if view.pack.settings.get("place_first"):  # "X 同 Y 签署": who signs stands before the verb, in the same clause
        near = [f for f in _named(view, _comma(view, start, end), end, False) if f[0] != accused]
        if near and view.has("prep_with", low=low, high=end):
            return accused, near
    before = _named(view, 0, with_at, False)
    if after:
        free = [f for f in before if not view.before_is(f[2], "prep_with", "one_with", back=2)]
        own = next((c for c, _, j in reversed(free or before) if all(c != a[0] for a in after)), None)
        if accused in [c for c, _, _ in after]:
            others = [f for f in reversed(before) if f[0] != accused] or [
                f for f in _named(view, end, high, False) if f[0] != accused
            ]
            own, partners = accused, (others[:1] or _context(view, accused, start))
        else:
            own, partners = own or accused, after
        return own, [p for p in partners if p[0] != own]
    for a, b in ((low, high), (0, len(view.tokens))):
        found = [f for f in _named(view, a, b, False) if f[0] != accused] or list(_regions(view, a, b))
        if found:
            return accused, found
    return accused, _context(view, accused, start)


def _comma(view: View, start: int, end: int) -> int:
    """Where the part of a clause begins that names a state, commas before it counted."""
    low = view.clause(start)[0]
    for k in range(start - 1, low, -1):
        if view.tokens[k].form == "," and view.has("C", "G", "P", "A", low=k + 1, high=end):
            return k + 1
    return low


def _named(view: View, low: int, high: int, row: bool) -> list[tuple[str, tuple[int, int] | None, int]]:
    """The states named between two places; ``row``: only the first token that names some."""
    found: list[tuple[str, tuple[int, int] | None, int]] = []
    for j in range(max(0, low), min(high, len(view.tokens))):
        token = view.tokens[j]
        if token.kind not in ("C", "A", "G", "P") or (
            token.kind == "P" and not (token.data.get("capital") or token.data.get("capitals"))
        ):
            continue
        for code, anchor in view.states(token, j):
            if all(code != f[0] for f in found) and len(code) == 2:
                found.append((code, anchor or (token.start, token.end), j))
        if row and found:
            break
    return found


def _regions(view: View, low: int, high: int) -> list[tuple[str, tuple[int, int] | None, int]]:
    """Continents that stand for unnamed partners ("African and European countries", "countries in Africa")."""
    found: list[tuple[str, tuple[int, int] | None, int]] = []
    for j in view.where("R", low=low, high=high):
        theirs = view.tokens[j].data.get("adjective") or view.before_is(j, "countries", "states_word", back=3)
        for member in view.tokens[j].members:
            if member.value != "world" and theirs:
                found.append((member.value, (member.start, member.end), j))
    return found


def _context(view: View, own: str | None, at: int) -> list[tuple[str, tuple[int, int] | None, int]]:
    host = view.host_then
    return [(host, None, at)] if host and host != own else []
