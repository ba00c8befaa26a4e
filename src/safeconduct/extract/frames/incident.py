"""Incidents: acts of repression, read from the words for each method, whoever does them and whomever they befall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from ..tokens import Token
from ..view import Draft, View
from .deeds import (
    DEEDS,
    GRAVE,
    METHODS,
    NEAR,
    WEIGHTY,
    Act,
    agent_of,
    applies,
    deeds_of,
    earlier,
    stretch,
    undergone,
    victims_of,
)
from .states import acting, code_of, codes_of, envoy_in

GROUPS = ("dissidents", "journalists", "students", "officials", "suspects", "family", "diaspora")
SHARED = ("abduction", "assault", "detention", "surveillance", "intimidation")  # done to a relative, they press the exile
FROM_HOME = ("threat_to_family", "mobility_control", "coerced_return", "abduction")
FEW = 5  # so many people who lose their papers by one decree live in several countries
WIDE = 6  # a text that names so many countries speaks of the world where it names none
Host = tuple[str, str | None, tuple[int, int] | None]  # country, city, offsets of its name in a list


def incidents(view: View) -> Iterator[Draft]:
    """The incidents of a sentence: one for each clause that names an act, the gravest method first."""
    if view.question or not (view.has(*DEEDS) or view.matches("act")):
        return
    groups: dict[int, list[list[Act]]] = {}
    topical = view.near_topic(4)
    for act in sorted(deeds_of(view)):
        if (topical or not act.weak) and applies(view, act):
            low, _ = view.clause(act.at)
            while low and "rel" in view.tokens[low].keys:  # a relative clause belongs to the one before it
                low, _ = view.clause(low - 1)
            clause = groups.setdefault(low, [[]])
            if clause[-1] and _anew(view, clause[-1][-1].end, act.start):
                clause.append([])
            clause[-1].append(act)
    once: dict[object, Draft] = {}
    for found in (acts for clause in groups.values() for acts in clause):
        for draft in incident(view, found):
            once.setdefault((draft.slots["method"], draft.slots["host"], draft.slots["origin"]), draft)
    yield from once.values()


def _anew(view: View, end: int, start: int) -> bool:
    """Whether a sentence begins anew between two acts: ", and" with somebody else to do the second."""
    ands = [j for j in view.where("and", low=end, high=start) if view.tokens[j - 1].form == ","]
    return any(view.has(*"GBCTD", "pronoun", "agent_word", "person", low=j + 1, high=start) for j in ands)


def incident(view: View, found: Sequence[Act]) -> Iterator[Draft]:
    """The incident that the acts of one clause make together, once for each host that a list names."""
    if any(a.method == "threat_to_family" for a in found):  # what is done to a relative at home presses the exile
        found = [a for a in found if not (a.weak or a.method in SHARED) or not _to_family(view, a)]
    acts, methods = _ranked(view, found)
    main = next(a for a in acts if a.method == methods[0])
    low, high = stretch(view, main.at)
    victims = victims_of(view, main, low, high)
    victim = victims[0] if victims else None
    first, last = min(a.start for a in acts), max(a.end for a in acts)
    when = view.event_date(first, last)
    count = _count(view, low, victim)
    itself = victim == main.at and view.pack.settings.get("head_first")
    counted = None if itself else count  # a pronoun in the words of the act tells no number
    told = view.likely.told("level", view.tokens[first].start, view.tokens[last - 1].end) if view.likely else None
    pattern = told == "pattern" if told else _pattern(view, main, low, high, victim, counted, when)
    sender, whither = _sent_back(view, main, low, high, victim)
    origin = whither or _origin(view, main.at, low, high, main.method in ("abduction", "coerced_return"))
    if main.method not in FROM_HOME and _at_home(view, low, high, origin):
        return
    hosts, listed = ([(sender, None, None)], 0) if sender else _hosts(view, main, low, high, pattern, origin, count)
    near = [victim] if victim is not None and first - 10 <= victim <= last + 8 else []
    start, end = min(first, *near, first), max(last, *(v + 1 for v in near), last)
    target = next((g for g in GROUPS if any(view.tokens[v].data.get("target") == g for v in victims)), None)
    several = _origins(view, main.at, origin)
    theirs = {code for code, _ in several}
    if len(theirs) > 1 and any(host in theirs for host, *_ in hosts):
        hosts = [(view.memory.here or "world", None, None)]
    for (host, place, anchor), (origin, named) in product(hosts, several):
        anchor = anchor or named
        slots = {
            "method": methods[0], "host": "europe" if host == "EU" else host, "origin": origin,
            "level": "pattern" if pattern else "case", "also": methods[1:], "target": target, "place": place,
            "count": None if pattern or anchor else count,
        }  # fmt: skip
        rule, stop = f"incident.{methods[0].replace('_', '-')}", max(end, listed + 1) if anchor else end
        yield Draft("incident", slots, start, stop, main.at, rule, when=when, anchor=anchor)


def _at_home(view: View, low: int, high: int, origin: str | None) -> bool:
    """Whether the clause puts an act in the accused state itself and nowhere else ("arrested in Cairo")."""
    if any(_where(view, j, origin) for j in view.where("P", "C", "R", "A")):
        return False
    if view.has("wide_word", "exiled", "generic_abroad"):
        return False
    if view.has("at_behest", "order_noun", "blame", low=low, high=high):
        return False
    places = [j for j in view.where("P", "C", low=low, high=high) if view.before_is(j, "prep_in")]
    codes = [view.memory.country_of(t) if t.kind == "P" else view.memory.state_of(t) for t in (view.tokens[j] for j in places)]
    return bool(codes) and all(_same(c or "", origin) for c in codes)


def _to_family(view: View, act: Act) -> bool:
    """Whether an act befalls a relative."""
    return any("family" in view.tokens[v].keys for v in victims_of(view, act, *stretch(view, act.at))[:1])


def _ranked(view: View, found: Sequence[Act]) -> tuple[list[Act], list[str]]:
    """The acts that count, the gravest first, and their methods; weak words for what is grave, or when there are no others."""
    sure = not all(a.weak for a in found)

    def rank(act: Act) -> int:
        return METHODS.index(act.method) if sure or act.method in WEIGHTY else len(METHODS)

    acts = sorted((a for a in found if not (a.weak and sure) or a.method in WEIGHTY), key=rank)
    methods = list(dict.fromkeys(a.method for a in acts))
    if methods[0] == "killing":
        methods = [m for m in methods if m != "attempted_killing"]
    if "digital_attack" in methods and len(methods) > 1:  # "attacked with spyware"
        bodily = any(a.method == "assault" and "attack" not in view.tokens[a.at].form for a in acts)
        methods = [m for m in methods if m != "assault" or bodily]
    if "threat_to_family" in methods:
        methods = [m for m in methods if m not in ("threat", "detention")]
    return acts, methods


def _origin(view: View, i: int, low: int, high: int, moved: bool) -> str | None:
    """The accused state: whose orders or agents it was, else named in the clause, the sentence, before, or by the document."""
    memory, stretch = view.memory, range(low, min(high, len(view.tokens)))
    known, acts = codes_of(view, wider=True), memory.origins | memory.others | {memory.accused}
    for j, code in known.items():
        if j in stretch and code != memory.home and acting(view, j):
            return code
    for j in view.where("C", "P", low=i, high=min(high, i + 14)):  # whither somebody is taken
        if moved and (code := known.get(j, "")) in acts and view.before_is(j, "prep_to", back=2):
            return code
    near = [(_there(view, j), j not in stretch, abs(j - i), code) for j, code in codes_of(view).items()]
    if near and not (min(near)[0] and (theirs := _people_of(view, stretch, {code for *_, code in near}))):
        return min(near)[3]
    if near:
        return theirs
    for _, code in sorted(known.items(), key=lambda one: one[0] not in stretch):
        if code not in (memory.home, view.host_then, memory.likely):
            return code
    told_before = (code for past in earlier(view, 4) for code in codes_of(past, wider=len(past.tokens) <= 3).values())
    return next(told_before, memory.accused)


def _sent_back(view: View, act: Act, low: int, high: int, victim: int | None) -> tuple[str | None, str | None]:
    """The state that sends people back, and the one it sends them to: where they are taken, or whose people they are."""
    agent = agent_of(view, act.at) if act.method == "coerced_return" else None
    if agent is None or view.tokens[agent].kind == "B" or view.pack.settings.get("place_first"):
        return None, None
    states = [code for code, _ in view.states(view.tokens[agent], agent)]
    known = codes_of(view, wider=True)
    ahead = view.where("C", "P", low=act.at, high=min(high, act.at + 14))
    whither = [known[j] for j in ahead if j in known and view.before_is(j, "prep_to", back=2)]
    theirs = [known[j] for j in (victim, victim - 1) if j in known] if victim is not None else []
    origin = next((c for c in (*whither, *theirs) if c not in states), None)
    return (states[0], origin) if origin and len(states) == 1 else (None, None)


def _origins(view: View, i: int, origin: str | None) -> list[tuple[str | None, tuple[int, int] | None]]:
    """The accused states: each of those that a list names before an act ("Russia, China and Iran keep tabs on …")."""
    for j in view.where("C", high=i):
        members = view.tokens[j].members
        codes = [m.value.split("|")[0] for m in members]
        known = origin in codes and view.pack.set("origin_state").issuperset(codes)
        if len(codes) > 1 and known and not view.before_is(j, "prep"):
            return [(code, (m.start, m.end)) for code, m in zip(codes, members, strict=True)]
    return [(origin, None)]


def _people_of(view: View, near: range, there: set[str]) -> str | None:
    """The state that acts across borders whose people a clause tells of, where what else it names is only a place."""
    people = [j for j in near if view.tokens[j].kind == "T"]
    adjectives = [j - 1 for j in people if j and view.tokens[j - 1].kind == "A"]
    codes = (code_of(view, j, wider=True) for j in (*people, *adjectives))
    return next((c for c in codes if c and c not in there and c != view.memory.home), None)


def _there(view: View, j: int) -> bool:
    """Whether a capital is only where something happens ("in Moscow", "from Moscow to Dushanbe")."""
    near = view.before_is(j, "prep_in", "from") and not view.before_is(j, "at_behest", "agent_word", "order_noun", back=3)
    return view.tokens[j].kind == "P" and near


def _hosts(
    view: View, act: Act, low: int, high: int, pattern: bool, origin: str | None, count: int | None
) -> tuple[list[Host], int]:
    """The hosts, and at which token a list of them stands."""
    if pattern and act.method == "mobility_control" and view.has("wide_word", low=act.at, high=high):
        return [("world", None, None)], 0
    named = [j for j in view.where("P", "C", "R", "A", low=low, high=high) if _where(view, j, origin)]
    if not named:
        return [(_unsaid(view, act, low, high, pattern, origin, count), None, None)], 0
    best = min(named, key=lambda j: abs(j - act.at) + (4 if view.tokens[j].kind != "P" else 0))
    token, found = view.tokens[best], _where(view, best, origin)
    if token.kind == "P" and len(token.members) > 1:
        return _cities(token, origin), best
    if (len(token.members) > 1 and token.kind in ("C", "R")) or not found:
        return [(m.value.split("|")[0], None, (m.start, m.end)) for m in token.members if not _same(m.value, origin)], best
    return [(*found, None)], best


def _cities(token: Token, origin: str | None) -> list[Host]:
    """The cities of a list, each with its country."""
    codes = zip(token.data["codes"], token.members, strict=False)
    return [(str(c), m.value, (m.start, m.end)) for c, m in codes if not _same(str(c), origin)]


def _unsaid(view: View, act: Act, low: int, high: int, pattern: bool, origin: str | None, count: int | None) -> str:
    """The host that the clause does not name."""
    memory = view.memory
    if view.has("here_word", low=low, high=high) and memory.here and memory.here != origin:
        return memory.here
    wide = view.has("wide_word", "worldwide", "generic_abroad", low=low, high=high) or view.has("S")
    if act.method == "mobility_control" and _posts(view, act, low) and not any(_named(view, act.at, origin)):
        return "world"
    many = act.method == "mobility_control" and (count or 0) >= FEW
    told = pattern and not view.pack.settings.get("no_plural")
    if (many or told) and not any(_named(view, act.at, origin)):
        return "world"
    if pattern and (wide or len(memory.named - memory.origins) >= WIDE):
        return "world"
    sender = _sender(view, act, low, origin)
    near = (*([sender] if sender else []), *_named(view, act.at, origin), view.host_then, memory.home, memory.likely)
    return next((c for c in near if c and not _same(c, origin)), "world")


def _sender(view: View, act: Act, low: int, origin: str | None) -> str | None:
    """The state that holds people for another or sends them back to it."""
    if act.method not in ("coerced_return", "detention"):
        return None
    if not view.pack.settings.get("place_first"):
        agent = agent_of(view, act.at)
        codes = [] if agent is None or view.tokens[agent].kind == "B" else view.states(view.tokens[agent], agent)
        return codes[0][0] if len(codes) == 1 and not _same(codes[0][0], origin) else None
    if act.method == "detention":
        return None
    first = next(view.where("G", "C", low=low, high=act.at), None)
    code = view.memory.state_of(view.tokens[first]) if first is not None else None
    return code if code and len(code) == 2 and not _same(code, origin) else None


def _named(view: View, i: int, origin: str | None) -> Iterator[str]:
    """The states that the sentence names in any way, the nearest first, then the places of the paragraph before it."""
    found: list[tuple[int, str]] = []
    for j in view.where("C", "A", "P", "G"):
        token = view.tokens[j]
        if (token.kind == "A" and view.has("T", "person", "victim_word", low=j + 1, high=j + 2)) or _bound_for(view, j):
            continue  # whose people the victims are, or whither they are taken
        code = view.memory.country_of(token) if token.kind == "P" else view.memory.state_of(token)
        if code and len(code) == 2 and (code not in view.memory.origins or (envoy_in(view, token) and code != origin)):
            found.append((abs(j - i) + (6 if token.kind in ("A", "G") else 0), code))
    yield from (code for _, code in sorted(found))
    for past in (p for p in earlier(view, 3) if p.paragraph == view.paragraph):
        yield from (place[0] for j in past.where("P", "C") if (place := _where(past, j, origin)))


def _same(code: str, origin: str | None) -> bool:
    """Whether two codes stand for one accused state; Hong Kong's acts are also Beijing's."""
    return code == origin or {code, origin} == {"CN", "HK"}


def _where(view: View, j: int, origin: str | None) -> tuple[str, str | None] | None:
    """The host that a place names; None when it is the accused state's, a destination, or stands for a government."""
    token = view.tokens[j]
    if not token.members or token.data.get("adjective"):
        return None
    if token.kind == "R":
        return token.values[0], None
    if token.kind == "P":
        code = str(token.data["codes"][0])
        inside = view.has("place_noun", low=j + 1, high=j + 2)
        unplaced = token.data.get("capital") and not view.before_is(j, "prep", "city_word", "living", back=2)
        return None if _same(code, origin) or (not inside and (unplaced or _bound_for(view, j))) else (code, token.values[0])
    state = view.memory.state_of(token)
    placed = view.before_is(j, "prep", "det", "living", back=2) and not view.before_is(j, "by", back=2)
    placed = placed and not _bound_for(view, j)
    if token.kind == "A":
        placed = view.has("ground_word", low=j + 1, high=j + 2)
    return (state, None) if state and placed and not _same(state, origin) else None


def _bound_for(view: View, j: int) -> bool:
    """Whether a place is where somebody is taken to, or whence the orders come."""
    if view.before_is(j, "at_behest", back=2) or (j and view.tokens[j - 1].form.endswith(" to")):
        return True
    return view.before_is(j, "prep_to", back=2) and not view.before_is(j, "prep_in", back=2)


def _pattern(view: View, act: Act, low: int, high: int, victim: int | None, count: int | None, when: str | None) -> bool:
    """Whether the words tell of a practice and not of one case."""
    lone = act.method in GRAVE and count == 1
    if not lone and view.has("pattern_word", low=low, high=high):
        return True
    if count is None and view.tokens[act.at].form.split()[0] in view.pack.set("present_deed"):
        return True
    if count is None and act.method == "mobility_control" and _posts(view, act, low):
        return True
    if count is not None or _one_doer(view, act, low):
        return False
    if view.before_is(act.at, "had_word", back=2) and not undergone(view, act.at) and not _envoys(view, act, low):
        return False
    if when is not None and "/" not in when and act.method != "mobility_control":
        return False
    told_once = (*view.pack.set("finite_ending"), "\0")
    if act.method == "threat_to_family" and view.tokens[act.at].form.split()[0].endswith(told_once):
        return False  # "interrogaron a sus padres" tells of one time
    if victim is None:
        return act.method not in GRAVE
    if view.pack.settings.get("no_plural") and act.method in GRAVE and view.has("P", low=low, high=high):
        return False  # a grave act at a place is one case unless its words say otherwise
    return bool(view.pack.settings.get("no_plural")) or _several(view, victim)


def _one_doer(view: View, act: Act, low: int) -> bool:
    """Whether one person alone is told to have done it ("the man filmed the rallies", "she had been spying on …")."""
    if view.pack.settings.get("no_plural") or undergone(view, act.at):
        return False
    doers = view.where("one_person", "personal", low=low, high=act.at)
    counted = (j for j in view.where("N", low=low, high=act.at) if int(view.tokens[j].data["value"]) > 1)
    if any(view.has("person", "perp", low=j + 1, high=j + 3) for j in counted):
        return True  # "three men who trailed exiles"
    told = (j for j in doers if not view.has("say", low=j + 1, high=j + 2))
    return any(view.tokens[j].form not in view.pack.set("many_people") for j in told)


def _posts(view: View, act: Act, low: int) -> bool:
    """Whether embassies or consulates at large do it."""
    posts = view.where("envoys", "G", low=max(0, min(low, act.at - NEAR)), high=act.at)
    head = slice(None, 2) if view.pack.settings.get("head_first") else slice(-1, None)
    return any(not view.pack.set("posts").isdisjoint(view.tokens[j].form.split()[head]) for j in posts)


def _envoys(view: View, act: Act, low: int) -> bool:
    """Whether the staff of an embassy do it, whose acts are a practice where several people bear them."""
    return any(_many(view, view.tokens[j]) for j in view.where("envoys", low=max(0, min(low, act.at - NEAR)), high=act.at))


def _count(view: View, low: int, victim: int | None) -> int | None:
    """How many people one case concerns."""
    if view.pack.settings.get("no_plural"):
        return _told_count(view, low, victim)
    near = view.where("N", low=max(low, (victim or 0) - 4), high=victim or 0)
    numbers = [j for j in near if not view.has("prep", "and", low=j + 1, high=victim)]
    one = None if victim is None or _several(view, victim) else 1
    return next((int(view.tokens[j].data["value"]) for j in numbers), one)


def _told_count(view: View, low: int, victim: int | None) -> int | None:
    """How many people, in a language whose nouns have no plural: the number or "one" before them; none where none is given."""
    if victim is None:
        return None
    for j in range(victim - 1, max(low - 1, victim - 16), -1):
        token = view.tokens[j]
        if token.form == ",":
            break
        if token.kind == "N":
            return int(token.data["value"])
        if token.keys & {"a_one", "one_person"}:
            return 1
    return 1 if view.tokens[victim].keys & {"personal", "one_person"} else None


def _several(view: View, victim: int) -> bool:
    """Whether the victims are several, whatever word comes first ("Sikh separatists")."""
    after = view.tokens[victim + 1 : victim + 2]
    named = [view.tokens[victim], *(t for t in after if t.kind == "T" or "victim_word" in t.keys)]
    return any(_many(view, t) for t in named)


def _many(view: View, token: Token) -> bool:
    """Whether a word for people stands for several."""
    words, always, never = token.form.split(), view.pack.set("many_people"), view.pack.set("not_many")
    words = [w for w, after in zip(words, [*words[1:], ""], strict=True) if after != "'s"]  # "a women's rights campaigner"
    plural = any(len(w) > 3 and w.endswith("s") and not w.endswith(("ss", "us")) and w not in never for w in words)
    return plural or not always.isdisjoint(words)
