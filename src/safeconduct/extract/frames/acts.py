"""What is done to whom: the acts of repression that a clause names, and the people they fall on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..tokens import Token
from ..view import View

FAMILY = {"threat", "intimidation", "detention", "assault", "surveillance"}  # with relatives: threats to a family
GRAVE = {"killing", "attempted_killing", "abduction", "coerced_return", "surveillance", "digital_attack", "threat"}
BARE = GRAVE | {"mobility_control"}  # acts whose victim may be a name or a pronoun
NEAR = 90  # characters between an act and the people it falls on


@dataclass(frozen=True, slots=True)
class Act:
    """A method named at ``start`` to ``end`` of the line; ``sure`` when the wording leaves no room for a modal word."""

    start: int
    end: int
    method: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Victim:
    """People at ``start`` to ``end`` of the line; ``one`` when it is a single person, ``number`` when counted."""

    start: int
    end: int
    target: str | None = None
    one: bool = False
    number: int | None = None
    origin: str | None = None
    bare: bool = False  # a name or a pronoun


def acts(view: View, low: int, high: int) -> list[Act]:
    """The methods named between two characters, the shorter of two that cover each other left out."""
    found = [
        Act(m.start(), m.end(), name)
        for name, pattern in view.pack.methods.items()
        for m in pattern.finditer(view.text, low, high)
    ]
    for name, patterns in view.pack.tables.get("incident_pattern", {}).items():
        for written in patterns:
            for m in view.pack.compile_once(written).finditer(view.text, low, high):
                kin = view.group(m, "f")
                if kin is None or kin.data.get("target") == "family":
                    found.append(Act(m.start(), m.end(), name, bool(view.built("act_sure", *m.span()))))
    found = [_attempted(view, a, low, high) for a in found]
    found = [_family(view, a, low, high) for a in found]
    order = [*view.pack.methods]
    kept = [a for a in found if not any(_covers(b, a, order) for b in found)]
    return sorted(set(kept), key=lambda a: (a.start, a.end))


def _covers(a: Act, b: Act, order: Sequence[str]) -> bool:
    """Whether ``a`` says in more words what ``b`` says in one."""
    if a is b or not (a.start <= b.start and b.end <= a.end) or (a.start, a.end) == (b.start, b.end):
        return False
    return a.method == b.method or order.index(a.method) <= order.index(b.method) or a.end - a.start < 40


def _attempted(view: View, act: Act, low: int, high: int) -> Act:
    """A killing that is plotted, tried or commissioned and not said to be done."""
    if act.method != "killing" or view.has("{fatal}", act.start, act.end):
        return act
    before = view.built("act_plotted", max(low, act.start - 75), max(low, act.start - 1))
    after = view.built("act_plot", act.end + 1, min(high, act.end + 30))
    first = before.start() if before else act.start
    return replace(act, start=first, method="attempted_killing") if before or after else act


def _family(view: View, act: Act, low: int, high: int) -> Act:
    """A threat, a visit or an arrest that falls on relatives."""
    if act.method not in FAMILY:
        return act
    people = list(view.tokens("T", max(low, act.start - NEAR), min(high, act.end + NEAR)))
    after = [(at, t) for at, t in people if at >= act.start and not view.has(";|{clause_start}", act.end, at)]
    before = [(at, t) for at, t in people if at < act.start]
    passive = bool(view.built("act_passive", max(low, act.start - 45), max(low, act.start - 1)))
    near = (before[-1:] if passive else []) or after[:1] or before[-1:]
    if act.sure and after and after[0][0] < act.end:
        near = after[:1]
    if any(t.data.get("target") == "family" for _, t in near):
        return replace(act, method="threat_to_family", end=max(act.end, near[0][0] + 1), start=act.start)
    return act


def victims(view: View, low: int, high: int, hits: Sequence[Act]) -> list[Victim]:
    """The people between two characters that the acts may fall on, nearest to an act first."""
    start, end = min(a.start for a in hits), max(a.end for a in hits)
    found: list[Victim] = []
    for at, token in view.tokens("T", low, high):
        if at - end < NEAR and start - at < NEAR + 20:
            found.append(_people(view, at, token))
    for at, token in view.tokens("GB", low, high):  # "a former Rwandan intelligence chief was found dead"
        words = view.text[:at].split()[-3:] + view.text_of(token).casefold().split()[:3]
        if set(words) & view.pack.sets["ex_word"] and at - end < NEAR and start - at < NEAR:
            found.append(Victim(at, at + 1, "officials", True))
    for at, token in view.tokens("A", low, high):
        if at - end < NEAR and start - at < NEAR and _plural_nation(view, at, token):
            origin = next((c for c in token.values if c in view.memory.accused_all), None)
            found.append(Victim(at, at + 1, "diaspora", origin=origin, number=_number(view, at)))
    if {a.method for a in hits} & BARE:
        found += _bare(view, low, high, hits)
    return sorted(found, key=lambda v: (v.bare, min(min(abs(v.start - a.end), abs(v.start - a.start)) for a in hits)))


def _people(view: View, at: int, token: Token) -> Victim:
    target = token.data.get("target")
    words = view.text_of(token).casefold().split()
    last = words[-1] if words else ""
    plural = (last.endswith("s") and last not in view.pack.sets["singular_s"]) or last in view.pack.sets["plural_people"]
    number = _number(view, at)
    one = not (plural or (words[:1] and words[0] in view.pack.sets["plural_first"])) or number == 1
    origin = next((c for c in token.values if c in view.memory.accused_all), None)
    return Victim(at, at + 1, None if target == "none" else target, one, number, origin)


def _number(view: View, at: int) -> int | None:
    counted = view.built("act_counted", max(0, at - 50), max(0, at - 1))
    part = view.text[:at].endswith(" of ")
    if not counted or (not part and view.text_of(view.line.token(at)).split(" ")[0].casefold() in view.pack.sets["det"]):
        return None
    value = view.line.token(counted.start("n")).data["value"]
    return int(value) if value < 100 else None


def _plural_nation(view: View, at: int, token: Token) -> bool:
    """Whether a demonym stands for people: "Eritreans", "Vietnamese living in"."""
    if len(token.members) != 1 or token.values[0] not in view.memory.accused_all:
        return False
    word = view.text_of(token).casefold()
    after = view.has("{living_in}", at + 1, at + 14)
    return (word.endswith("s") and not word.endswith("ss")) or bool(after and after.start() <= at + 2)


def _bare(view: View, low: int, high: int, hits: Sequence[Act]) -> Iterator[Victim]:
    """Names and pronouns that an act falls on: "threatened him", "he was followed", "hacked her phone"."""
    for act in hits:
        if act.method not in BARE:
            continue
        inside = view.built("act_victim", act.start, act.end)
        after = view.built("act_victim_after", act.end + 1, min(high, act.end + 40))
        before = view.built("act_victim_before", max(low, act.start - 100), max(low, act.start - 1))
        for match in (inside, after, before):
            if match:
                at = match.start("v")
                token = view.line.token(at)
                yield Victim(at, at + len(token.form), None, token.form not in view.pack.sets["plural_pronoun"], bare=True)
                break

