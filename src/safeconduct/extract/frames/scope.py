"""Where a count holds: the country, continent or city that its sentence gives it, or the world."""

from __future__ import annotations

from ..tokens import Token
from ..view import View

PLACED = ("stations", "stations_new", "incidents", "plots", "persons_returned", "persons_targeted", "staff", "cities")
WORLDWIDE = 13  # from so many stations on, a count that names no country is the world's
HOST_MOST = 100  # from so many incidents on, a count that names no country is the world's


def scope_of(view: View, i: int, measure: str, end: int, value: int) -> tuple[str, str | None, int]:
    """The scope of a count, its city, and the end of the words that tell it."""
    if measure in ("jurisdictions", "provinces"):
        origin = "CN" if view.memory.stations and view.pack.settings.get("pro_drop") else view.memory.accused
        return origin or "world", None, end
    if measure not in PLACED:
        return _scope_of_states(view, i, end, measure)
    for j in view.where("R", low=i + 1, high=end):  # "nine African offices"
        if view.tokens[j].values and view.tokens[j].data.get("adjective"):
            return view.tokens[j].values[0], None, end
    behind = _behind(view, i, end)
    if behind:
        return behind
    low, high = view.clause(i)
    for j in view.where("countries", low=end, high=high):  # "14 stations in six countries of the Americas"
        if view.before_is(j, "N") and (region := _region(view, j + 1)):
            return region, None, end
    for j in view.where("countries", low=low, high=i):  # "非洲七个国家设有11个警察服务站"
        if view.before_is(j, "N") and (region := _region_before(view, j - 1)):
            return region, None, end
    wide = view.where("worldwide", "countries", "continents", "governments", low=low, high=high)
    if any(j < end or not _compared(view, i, end, j) for j in wide) and not view.has("here", low=low, high=high):
        return "world", None, end
    ahead = _ahead(view, i, measure)
    if ahead:
        return *ahead, end
    listed = measure == "persons_targeted" and view.has("wanted_list", "name_list", "outside")
    if listed or view.has("org_wide", "worldwide", "generic_abroad") or measure == "persons_returned":
        return "world", None, end
    return _host(view, measure, value) or "world", None, end


def _host(view: View, measure: str, value: int) -> str | None:
    """The host that a small count goes without saying: of the organ that acts or speaks, else of the document."""
    stations = measure in ("stations", "stations_new", "staff")
    actor = next(
        (c for j in view.where("G", "C", "A", "P") for c, _ in view.states(view.tokens[j], j) if not _origin(view, c)), None
    )
    speaker = view.speaker[6:] if view.speaker and view.speaker.startswith("state:") else None
    if value < (3 * WORLDWIDE if stations else HOST_MOST) and (actor or speaker):
        host = actor or speaker
        if host and not _origin(view, host):
            return host
    if value >= (WORLDWIDE if stations else HOST_MOST):
        return None
    sole = view.host_then in (view.memory.home, view.memory.likely)
    return view.host_then if stations or sole else None


def _origin(view: View, code: str) -> bool:
    return (
        code in view.memory.origins
        or code == "CN"
        or (code == "HK" and "CN" in view.memory.origins)
        or code == view.memory.accused
    )


def _scope_of_states(view: View, i: int, end: int, measure: str) -> tuple[str, str | None, int]:
    tokens = view.tokens
    for j in view.where("R", low=i, high=end + 1):
        if tokens[j].data.get("adjective"):
            return tokens[j].values[0], None, end
    if region := _region_before(view, i):
        return region, None, end
    if region := _region(view, end):
        return region, None, next(view.where("R", low=end)) + 1
    for j in view.where("R", low=max(0, i - 6), high=i):  # "stations exist in Africa, spread over seven countries"
        if view.before_is(j, "prep_in") and view.has("spread", low=j + 1, high=i) and len(tokens[j].values) == 1:
            return tokens[j].values[0], None, end
    if measure == "origin_states":
        said = {c.who for c in view.cues}
        organ = next(
            (
                c
                for j in view.where("G", "B")
                for c, _ in view.states(tokens[j], j)
                if not _origin(view, c) and f"state:{c}" in said
            ),
            None,
        )
        for j in view.where("R", "C", low=end, high=end + 8):
            host = tokens[j].values[0] if tokens[j].kind == "R" else str(view.memory.state_of(tokens[j]))
            if len(tokens[j].members) < 2 and view.before_is(j, "prep_in") and not _origin(view, host):
                return host, None, j + 1
        if view.has("here", low=end, high=end + 14) or (organ and not view.has("O", "worldwide", "countries", high=i)):
            return organ or view.host_near(i) or "world", None, end
    return "world", None, end


def _region(view: View, at: int) -> str | None:
    """The continent that countries counted before token ``at`` lie in ("seven countries in Africa", "… of the Americas")."""
    for j in view.where("R", low=at, high=at + 4):
        if view.tokens[j].values and view.before_is(j, "prep_in", "of", "of_the", back=2):
            return view.tokens[j].values[0]
    return None


def _region_before(view: View, i: int) -> str | None:
    """The continent right before a number of countries, where places stand first ("非洲七个国家")."""
    before = view.tokens[i - 1] if i and view.pack.settings.get("place_first") else None
    return before.values[0] if before is not None and before.kind == "R" and before.values else None


def _behind(view: View, i: int, end: int) -> tuple[str, str | None, int] | None:
    """The place that stands behind a count ("in Italy", "on Thai soil", "worldwide"), before the next count."""
    tokens, memory = view.tokens, view.memory
    stop = next(
        (
            j
            for j in range(end, len(tokens))
            if tokens[j].kind == "N" or tokens[j].form in (";", "?") or tokens[j].keys & {"contrast", "neg"}
        ),
        len(tokens),
    )
    elided = end == i + 1
    loose = bool(view.pack.settings.get("pro_drop"))
    if loose and elided and i > 1 and "with" in tokens[i - 1].keys and view.has("C", low=max(0, i - 4), high=i):
        return None  # "Italia, con once"
    if (
        elided
        and view.has("and", low=end, high=end + 1)
        and view.has("prep_in", low=end + 1, high=end + 2)
        and view.has("N", low=end + 2, high=end + 5)
    ):
        return None  # "in Paris four and in Lyon one": the place stands before the number
    for j in range(end, min(stop, end + 16)):
        token = tokens[j]
        if (
            (loose and elided and token.keys & {"of_them", "ordinal"})
            or token.keys & {"if", "break", "according"}
            or (token.form == "," and j > end + 3 and not elided)
        ):
            break
        after = tokens[j + 1] if j + 1 < len(tokens) else token
        if loose and token.keys & {"countries", "soil_in", "continent_word"} and after.kind in ("A", "R"):
            if after.kind == "R" and after.values and after.data.get("adjective"):
                return after.values[0], None, j + 2  # "en siete países americanos"
            if "soil_in" in token.keys:
                continue
        if token.kind == "P":
            if (
                view.before_is(j, "prep_in", "city_word", "living", "for", back=3) or (elided and view.before_is(j, "prep"))
            ) and not any(c in memory.origins for c in token.data["codes"]):
                codes = {str(c) for c in token.data["codes"]}
                if len(codes) == 1:
                    return codes.pop(), (token.values[0] if len(token.members) == 1 else None), j + 1
        elif token.kind == "C" and len(token.members) == 1:
            near = ("prep_in", "living", "from", "for") if elided or view.has("S", low=i, high=j) else ("prep_in", "living")
            own = view.before_is(j, "of", back=2) and view.before_is(j, "residents", back=3)
            if loose and view.before_is(j, "prep_to") and view.has("credited", "counted", "counts_bare", low=end, high=j):
                near = (*near, "prep_to")  # "once le adjudica a Italia"
            if not _origin(view, str(memory.state_of(token))) and (j == end or own or view.before_is(j, *near, back=2)):
                return str(memory.state_of(token)), None, j + 1
        elif (
            token.kind == "A"
            and len(token.members) == 1
            and _soil_of(view, j)
            and not _origin(view, str(memory.state_of(token)))
        ):
            return str(memory.state_of(token)), None, j + 1
        elif token.kind == "R" and token.data.get("adjective") and token.values and _soil_of(view, j):
            return token.values[0], None, j + 1
        elif token.kind == "A" and view.has("soil", "cities", low=j + 1, high=j + 2):
            return str(memory.state_of(token)), None, j + 2
        elif _compared(view, i, end, j):
            continue
        elif token.kind == "R" and view.before_is(j, "from", back=2) and view.has("returned", "home_back", low=i, high=j):
            return token.values[0], None, j + 1  # "people brought home from Latin America"
        elif token.kind == "R" and view.before_is(j, "prep_in", back=2):
            if not token.data.get("adjective"):
                return token.values[0], None, j + 1
            if view.has("countries", low=j + 1, high=j + 2):
                return token.values[0], None, j + 2
        elif "worldwide" in token.keys:
            return "world", None, j + 1
        elif "generic_abroad" in token.keys and j < end + 3:
            return "world", None, end
        elif "capital_word" in token.keys or ("cap_word" in token.keys and tokens[j - 1].kind in ("A", "C")):
            whose = j + 1 < len(tokens) and tokens[j + 1].kind == "A" and view.pack.settings.get("head_first")
            host = memory.state_of(tokens[j + 1]) if whose else view.host_near(i)  # "la capital checa"
            return host or "world", _capital(view, host), j + 1
        elif "here" in token.keys or ("continent_word" in token.keys and view.before_is(j, "prep_in", "the", back=2)):
            if "here" in token.keys:
                return view.host_near(i) or "world", None, j + 1
            region = next((t.values[0] for t in reversed(_heard(view)) if t.kind == "R" and t.values), None)
            if region:
                return region, None, j + 1
        elif "countries" in token.keys and view.has("N", low=max(0, j - 3), high=j):
            return "world", None, end
    return None


def _compared(view: View, i: int, end: int, j: int) -> bool:
    """Whether a wider area at ``j`` is only what the count is compared with ("Italy has 11, more than any other country")."""
    low, _ = view.clause(i)
    return any(t.form == "," for t in view.tokens[end:j]) and view.has("C", "P", low=low, high=i)


def _heard(view: View) -> list[Token]:
    """The tokens of this sentence and the one before, with regions among them; of more where much is left out."""
    if view.pack.settings.get("pro_drop"):
        before, heard = view.before, list(view.tokens)
        for _ in range(8):
            if before is None or any(t.kind == "R" for t in heard):
                break
            heard, before = [*before.tokens, *heard], before.before
        return heard
    return [*(view.before.tokens if view.before else ()), *view.tokens]


def _ahead(view: View, i: int, measure: str) -> tuple[str, str | None] | None:
    """The place before a count: "In Italy it counted 11", "Italian sites", "Italy hosts", "credited Canada with"."""
    tokens, memory = view.tokens, view.memory
    for j in range(i - 1, max(-1, i - 16), -1):
        token = tokens[j]
        if token.form in (";", "?") or token.kind == "N":
            return None
        bare = bool(view.pack.settings.get("place_first")) and all(t.keys & _SMALL for t in tokens[j + 1 : i])  # "巴黎共有三个"
        host = token.kind == "C" and len(token.members) == 1 and not _origin(view, str(memory.state_of(token)))
        if host and (
            bare
            or view.before_is(j, "prep_in", "credited", back=2)
            or view.has("counted", "hosts", "has", "with", "leads_table", "counts_bare", low=j + 1, high=j + 3)
            or (measure in ("stations", "stations_new") and tokens[j + 1].form in (",", "(", ":") and j + 2 == i)
            or (measure == "stations" and listed_behind(view, i) == j)
            or _whose(view, i) == j
        ):
            return str(memory.state_of(token)), None
        hosting = view.has("hosts", "has", low=j + 1, high=j + 2)
        if token.kind == "C" and len(token.members) > 1 and hosting and view.has("N", high=j):
            return str(memory.one_of(token.members[-1].value)), None  # "nine are in Spain and Italy hosts eleven"
        if token.kind in ("A", "R") and len(token.values) == 1 and _soil_of(view, j):
            area = token.values[0] if token.kind == "R" else str(memory.state_of(token))
            if not _origin(view, area):
                return area, None
        holds = bare or view.before_is(j, "prep_in", "city_word", back=2) or j in (listed_behind(view, i), _whose(view, i))
        holds = holds or (hosting and not token.data.get("capital"))
        city = token.kind == "P" and holds and len(token.members) == 1
        if city and not any(c in memory.origins for c in token.data["codes"]) and not _seat(view, j):
            return str(token.data["codes"][0]), token.values[0]
        holds = bare or view.before_is(j, "prep_in", back=2) or view.has("hosts", "has", low=j + 1, high=j + 5)
        if token.kind == "R" and not token.data.get("adjective") and holds:
            return token.values[0], None
        if "country_word" in token.keys and view.has("hosts", low=j + 1, high=i) and (code := view.host_near(j)):
            return code, None
    near = next((t for t in tokens[i + 1 : i + 4] if t.kind == "P"), None) if view.has("S", low=i + 2, high=i + 5) else None
    if near is not None and len(near.members) == 1 and not any(c in memory.origins for c in near.data["codes"]):
        return str(near.data["codes"][0]), near.values[0]
    following = next((t for t in tokens[i + 1 : i + 5] if t.kind == "A"), None)
    if (
        following is not None
        and len(following.members) == 1
        and measure in ("stations", "stations_new", "persons_targeted", "cities")
    ):
        code = memory.state_of(following)
        if code and code not in memory.origins:
            return code, None
    return None


def listed_behind(view: View, i: int) -> int | None:
    """The country or city of a list whose number stands right behind its name ("Spain hosts nine, Italy eleven")."""
    tokens, j = view.tokens, i - 2 if view.before_is(i, "prep_to") else i - 1
    if j < 1 or tokens[j].kind not in ("C", "P") or len(tokens[j].members) > 1:
        return None
    joined = tokens[j - 1].form in (",", ";") or "and" in tokens[j - 1].keys
    return j if joined and (j == i - 1 or view.has("hosts", high=j)) else None


def _whose(view: View, i: int) -> int | None:
    """The country or city right before a number that is its own ("after Italy's eleven")."""
    return i - 2 if i > 1 and "poss" in view.tokens[i - 1].keys else None


def _soil_of(view: View, j: int) -> bool:
    """Whether an adjective behind its noun tells whose soil or which countries are meant ("en suelo italiano")."""
    lands = "soil", "soil_in", "continent_word", "countries", "cities"
    return bool(view.pack.settings.get("head_first")) and view.before_is(j, *lands)


_SMALL = frozenset(("poss", "hosts", "total", "stands_at", "at_least", "more_than", "approx", "adverb"))


def _seat(view: View, j: int) -> bool:
    """Whether a city is where somebody speaks or sits, not where things are counted."""
    near = view.tokens[max(0, j - 3) : j]
    if view.pack.settings.get("place_first") and any(t.form == ":" for t in near):
        return False  # "捷克外长:布拉格两处…": a headline tells who speaks before it tells where
    return any(t.kind in ("G", "B", "O", "M") for t in near)


def _capital(view: View, host: str | None) -> str | None:
    name = view.pack.capital_of.get(host or "")
    return name.title() if name and not view.pack.settings.get("no_capitals") else name
