"""The domain guard: is this text about a state acting on people abroad, and which state is accused?

Texts on ordinary policing name stations, patrols and foreigners too. A text is read only when a station is called
foreign, secret or the like, when an organisation that documents the subject is named, when officers of a usual origin
state patrol with others, or when people in exile are acted upon in a sentence that names such a state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .attribution import Memory
from .entities import Tagger
from .pack import Pack
from .phrases import head_phrases, join_lists
from .tokens import Line, Token
from .when import Calendar

LONG_LIST = 4  # a list of so many countries accuses none of them


def remember(text: str, pack: Pack, lines: Sequence[Line], calendar: Calendar) -> Memory | None:
    """What a first reading tells of the document; None when it is not about the subject."""
    tagger, memory = Tagger(pack, text, ()), Memory(text, pack, calendar)
    origins = pack.sets["origin_state"]
    counts: Counter[str] = Counter()
    stations: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    homes: Counter[str] = Counter()  # of the cities named: the last resort
    evidence = station_heads = strong = expert = 0
    for words in lines:
        line = Line(tagger.tag(list(words.tokens)))
        join_lists(line, pack, text)
        head_phrases(line, pack)
        named = [c for t in line.tokens for c in _codes(t)]
        counts.update(named)
        countries.update(c for t in line.tokens if t.kind in ("C", "A") for c in t.values)
        homes.update(c for t in line.tokens if t.kind == "P" for c in t.data["codes"] if c.lower() in origins)
        usual = [c for c in named if c.lower() in origins]
        for token in line.tokens:
            if token.kind == "S":
                own = [c for c in token.values if c.lower() in origins]
                stations.update(own)
                station_heads += not token.data["weak"] or bool(strong + expert)
                strong += bool(token.data["strong"] or own)
            elif token.kind == "O":
                expert += str(token.data.get("slug")).replace("-", " ") in pack.sets["expert_org"]
                if not memory.first_org and (found := memory.asserter(token)) and found.startswith("org:"):
                    memory.first_org = found
        patrols = bool({c.lower() for c in usual} & pack.sets["patrol_origin"]) and bool(
            pack.compile_once("{patrol_evidence}").search(line.text)
        )
        evidence += _abroad(pack, line)
        evidence += bool(usual) and (patrols or _acted_upon(pack, line))
        evidence += bool(pack.compile_once("{surely_topic}").search(line.text))
    if not evidence + strong + expert:
        return None
    usual_counts = Counter({c: n for c, n in counts.items() if c.lower() in origins})
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
    return memory


def _abroad(pack: Pack, line: Line) -> bool:
    """Whether critics or journalists are acted upon and the words say that they are abroad, whoever does it."""
    people = {t.data.get("target") for t in line.tokens if t.kind == "T"}
    return (
        bool(people & {"dissidents", "journalists"})
        and bool(pack.compile_once("{generic_abroad}").search(line.text))
        and any(p.search(line.text) for p in pack.methods.values())
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
    if bodies & {"agents", "security service", "Revolutionary Guards", "KGB", "FSB", "GRU"}:
        grave = ("killing", "attempted_killing", "abduction", "assault", "threat", "surveillance")
        if any(pack.methods[m].search(line.text) for m in grave):
            return True
    if bodies & {"agents", "diplomats", "ambassador"} and pack.compile_once("{expelling}").search(line.text):
        return bool(pack.compile_once("{plotting}").search(line.text))
    people = {t.data.get("target") for t in line.tokens if t.kind == "T"}
    if people & {"dissidents", "journalists", "diaspora", "family"}:
        return any(p.search(line.text) for p in pack.methods.values())
    return "suspects" in people and bool(pack.methods["coerced_return"].search(line.text))
