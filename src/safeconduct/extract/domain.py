"""The domain guard: is this text about a state acting on people abroad, and which state is accused?

Texts on ordinary policing name stations, patrols and foreigners too. A text is read only when a station is called
foreign, secret or the like, when an organisation that documents the subject is named, when officers of a usual origin
state patrol with others, or when people in exile are acted upon in a sentence that names such a state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .attribution import Memory
from .entities import Tagger
from .pack import Pack
from .phrases import head_phrases, join_lists
from .tokens import Line, Token
from .when import Calendar

LONG_LIST = 4  # a list of so many countries accuses none of them
DATELINE = 6  # a dateline stands in one of so many first sentences
GRAVE = ("killing", "attempted_killing", "abduction", "assault", "threat", "surveillance", "coerced_return")


@dataclass
class _Seen:
    """What one sentence tells of the subject."""

    usual: list[str]
    people: bool  # exiles, dissidents, a diaspora, or people by the name of a usual origin state
    method: bool
    elsewhere: bool  # a country or city, or words such as "abroad"


def remember(text: str, pack: Pack, lines: Sequence[Line], calendar: Calendar) -> Memory | None:
    """What a first reading tells of the document; None when it is not about the subject."""
    tagger, memory = Tagger(pack, text, ()), Memory(text, pack, calendar)
    origins = pack.sets["origin_state"]
    counts: Counter[str] = Counter()
    stations: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    towns: Counter[str] = Counter()
    homes: Counter[str] = Counter()  # of the cities named: the last resort
    seen: list[_Seen] = []
    fiction: Counter[str] = Counter()
    evidence = station_heads = strong = expert = 0
    for words in lines:
        line = Line(tagger.tag(list(words.tokens)))
        fiction.update(pack.compile_once("{fiction}").findall(line.text))
        if memory.home is None and len(seen) < DATELINE:
            memory.home = _home(line, text)
        join_lists(line, pack, text)
        head_phrases(line, pack)
        named = [c for t in line.tokens for c in _codes(t)]
        counts.update(named)
        countries.update(c for t in line.tokens if t.kind in ("C", "A") for c in t.values)
        towns.update(c for t in line.tokens if t.kind == "P" for c in t.data["codes"])
        homes.update(c for t in line.tokens if t.kind == "P" for c in t.data["codes"] if c.lower() in origins)
        usual = [c for c in named if c.lower() in origins]
        if memory.home and memory.home.lower() in origins and any(t.kind == "B" for t in line.tokens):
            usual.append(memory.home)  # its own organs need no name
        for token in line.tokens:
            if token.kind == "S":
                own = [c for c in token.values if c.lower() in origins]
                stations.update(own)
                station_heads += not token.data["weak"] or bool(strong + expert)
                strong += bool(token.data["strong"] or own)
            elif token.kind == "O":
                slug = str(token.data.get("slug"))
                expert += slug.replace("-", " ") in pack.sets["expert_org"]
                if not memory.first_org and slug.replace("-", " ") not in pack.sets["world_body"]:
                    memory.first_org = found if (found := memory.asserter(token)) and found[:4] == "org:" else None
        kept = _premises(pack, line, origins)
        evidence += kept
        station_heads += kept
        ordinary = bool(pack.compile_once("{ordinary_crime}").search(line.text))
        patrols = bool({c.lower() for c in usual} & pack.sets["patrol_origin"]) and bool(
            pack.compile_once("{patrol_evidence}").search(line.text)
        )
        seen.append(_seen(pack, line, usual, text, ordinary))
        evidence += _abroad(pack, line) and not ordinary
        evidence += bool(usual) and (patrols or (not ordinary and (_acted_upon(pack, line) or _hired(pack, line, origins))))
        evidence += bool(pack.compile_once("{surely_topic}").search(line.text))
        evidence += bool(usual) and bool(pack.compile_once("{exile_topic}").search(line.text))
    evidence += _together(seen)
    if len(fiction) > 1 and fiction.total() > 2:
        return None
    if not evidence + strong + expert:
        return None
    usual_counts = Counter({c: n for c, n in counts.items() if c.lower() in origins})
    if memory.home and memory.home.lower() not in pack.sets["only_origin"] and len(usual_counts) > 1:
        usual_counts.pop(memory.home, None)  # the state a report is written in is rather the host
    main = (stations or usual_counts or homes).most_common(1)
    if not main and not evidence + expert:
        return None
    memory.accused = main[0][0] if main else None
    memory.stations = bool(station_heads and (strong or expert or evidence))
    also = {*usual_counts, *stations, *(m for m, _ in main)}
    if stations:  # other states are accused too only when they hardly ever host anybody
        also = {c for c in also if c == memory.accused or c.lower() in pack.sets["only_origin"]}
    memory.accused_all = frozenset(also)
    memory.named = frozenset(countries)
    memory.hosts = frozenset(counts) - {memory.accused or ""}
    visited = Counter({c: n for c, n in (countries + towns).items() if c not in memory.accused_all and len(c) == 2})
    memory.likely = max(visited, key=lambda c: (visited[c], c), default=None)
    if memory.home and memory.home not in memory.accused_all:
        memory.host = memory.home
    if memory.home == memory.accused and memory.home:
        memory.state = memory.home
    return memory


def _home(line: Line, text: str) -> str | None:
    """The country of the city in capitals that a report or a sentence's first words give as its dateline."""
    for token in line.tokens[:2]:
        if token.kind == "P" and text[token.start : token.end].isupper():
            return Memory.country_of(token)
    return None


def _seen(pack: Pack, line: Line, usual: list[str], text: str, ordinary: bool) -> _Seen:
    people = {t.data.get("target") for t in line.tokens if t.kind == "T"} & {"dissidents", "diaspora"}
    plural = any(
        t.kind == "A" and set(t.values) & set(usual) and text[t.start : t.end].endswith("s") for t in line.tokens
    )
    return _Seen(
        usual,
        bool(people) or plural,
        not ordinary and _acts(pack, line.text),
        sum(t.kind in ("C", "P", "G", "A") for t in line.tokens) > 1
        or bool(pack.compile_once("{generic_abroad}").search(line.text)),
    )


def _acts(pack: Pack, text: str, names: Sequence[str] = ()) -> bool:
    """Whether a sentence names an act of repression, one of ``names`` when they are given."""
    written = pack.tables.get("incident_pattern", {})
    return any(
        pack.methods[name].search(text) or any(pack.compile_once(p).search(text) for p in written.get(name, ()))
        for name in names or pack.methods
    )


def _together(seen: Sequence[_Seen]) -> bool:
    """Whether a usual origin state, its people and an act against them stand within three sentences, some place too."""
    for i, one in enumerate(seen):
        near = seen[max(0, i - 1) : i + 2]
        if one.method and all(any(getattr(s, k) for s in near) for k in ("usual", "people", "elsewhere")):
            return True
    return False


def _hired(pack: Pack, line: Line, origins: frozenset[str]) -> bool:
    """Whether somebody acts gravely, or papers are refused, for a usual origin state."""
    text = line.text
    for match in pack.compile_once("{behest} (?:{det} )?(?:[^ ;]{1,20} ){0,3}?<w:CPGA>").finditer(text):
        if _of(line.token(match.start("w"))) & origins and _acts(pack, text, GRAVE):
            return True
    return bool(pack.compile_once("{papers_refused}").search(text)) and any(t.kind in ("T", "A") for t in line.tokens)


def _premises(pack: Pack, line: Line, origins: frozenset[str]) -> bool:
    """Whether police or agents of a usual origin state keep premises."""
    if not pack.compile_once("{keep_premises}").search(line.text):
        return False
    theirs = "(?:{police_from}|<B> (?:from|of))"
    premises = f"(?:<w:G>|{theirs} <v:CP>) [^;]{{0,90}}?<S>|<S> [^;]{{0,60}}?{theirs} <u:CP>"
    for match in pack.compile_once(premises).finditer(line.text):
        name = next(n for n in ("w", "v", "u") if match.group(n))
        token = line.token(match.start(name))
        if _of(token) & origins and (name != "w" or token.data.get("body") in pack.sets["presence_body"]):
            return True
    return False


def _of(token: Token) -> set[str]:
    """The states a token names, a city's own included, in lower case."""
    codes = token.data.get("codes") or () if token.kind == "P" else token.values
    return {c.lower() for v in codes for c in str(v).split("|")}


def _abroad(pack: Pack, line: Line) -> bool:
    """Whether critics or journalists are acted upon and the words say that they are abroad, whoever does it."""
    people = {t.data.get("target") for t in line.tokens if t.kind == "T"}
    return (
        bool(people & {"dissidents", "journalists"})
        and bool(pack.compile_once("{generic_abroad}").search(line.text))
        and _acts(pack, line.text)
    )


def _codes(token: Token) -> list[str]:
    """The states a token names, unless it is a long list."""
    if token.kind == "P":
        code = token.data.get("capital")
        return [str(code)] if code else []
    if token.kind not in ("A", "C", "G", "S", "T") or len(token.members) >= LONG_LIST:
        return []
    return [m.value.split("|")[0] for m in token.members]


def _acted_upon(pack: Pack, line: Line) -> bool:
    """Whether a sentence shows agents at work, or something done to people of the groups in question."""
    if pack.compile_once("{agents_abroad}").search(line.text):
        return True
    bodies = {str(t.data.get("body")) for t in line.tokens if t.kind in ("B", "G")}
    covert = bodies & {"agents", "security service", "Revolutionary Guards", "KGB", "FSB", "GRU"}
    if covert and _acts(pack, line.text, GRAVE[:-1]):
        return True
    if bodies & {"agents", "diplomats", "ambassador"} and pack.compile_once("{expelling}").search(line.text):
        return bool(pack.compile_once("{plotting}").search(line.text))
    people = {t.data.get("target") for t in line.tokens if t.kind == "T"}
    if people & {"dissidents", "journalists", "diaspora"}:
        return _acts(pack, line.text)
    removed = bool(pack.compile_once("{plain_removal}").search(line.text))
    return "suspects" in people and not removed and _acts(pack, line.text, ("coerced_return",))
