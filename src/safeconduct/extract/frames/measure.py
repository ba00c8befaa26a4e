"""What a number counts: read off the noun behind it or the total it is called; for those without either see ``counting_on``."""

from __future__ import annotations

from ..view import View
from .people import CASE, HARMED, Count, acted_upon, of_host, people, proxies, works_at_station
from .scope import PLACED, WORLDWIDE
from .stations import FAR, references, spoken

QUALIFIERS = ("at_least", "more_than", "up_to", "less_than", "approx")
NOUNS = {
    "countries": "countries", "continents": "continents", "cities": "cities", "provinces": "provinces",
    "jurisdictions": "jurisdictions",
    "staff": "staff", "incidents": "incidents", "plots": "plots", "governments": "governments",
}  # fmt: skip
MOST = 400  # no more stations, countries or cities than that
REACH = 6  # words between a number and what it counts
_HEADS = frozenset((*NOUNS, "person", "station_like"))
_BARE_SKIP = frozenset((*QUALIFIERS, "adverb", "only_word", "both_of", "other_word"))


def measured(view: View, i: int, refs: list[int], through: int = 2) -> Count | None:
    """What a number counts, read off the noun behind it or the total it is called; ``through`` so many numbers behind it."""
    tokens = view.tokens
    limit = min(len(tokens), i + 1 + int(REACH * view.pack.gap))
    for j in range(i + 1, limit):
        here = tokens[j]
        if here.form in (";", ":", "--", "?") or (here.kind in ("D", "P") and j == i + 1):
            break
        if here.kind == "N" and range_end(view, i) == "at_least" and j == i + 2:
            return measured(view, j, refs, through - 1) if through else None
        if here.kind == "N":
            if through and view.has("of", "no_count", low=j - 2, high=j):
                found = measured(view, j, refs, through - 1)
                if found and found.measure in PLACED:
                    return found  # "29 of the 102 outposts"
            break
        if here.form == "," and j > i + 1 and not view.has("S", *_HEADS, low=j, high=j + 3):
            break
        if "and" in here.keys and j == i + 1 and view.has("the", low=j + 1, high=j + 2):
            break  # "raises the total to 102 and the number of host states to 53"
        if here.kind == "S" and "plots" in here.keys and view.accused not in (None, "CN"):
            return Count("incidents", j + 1)  # "218 operations abroad"
        if j in refs and (here.kind == "S" or "station_like" in here.keys):
            return _of_stations(view, i, j)
        if here.kind == "S" and view.has("ordinary_station", low=i + 1, high=j):
            return None
        if "form_officers" in here.keys and here.kind != "S" and not of_host(view, i):
            return Count("staff", j + 1)
        if "reports_of" in here.keys and view.has(*HARMED, low=j + 1, high=j + 5):
            return Count("incidents", j + 1)
        for key, measure in NOUNS.items():
            if key in here.keys:
                if "case_counter" in here.keys and view.has("plots", low=j + 1, high=j + 14):
                    return Count("plots", j + 1)  # "十起绑架或杀害异见者的图谋"
                return _of_nouns(view, i, j, measure, refs)
        if "proxies" in here.keys and (found := proxies(view, i, j)):
            return found
        if "neighbours" in here.keys and view.before_is(i, "blamed_on", back=2):
            return Count("origin_states", j + 1)
        if loose(view) and here.kind == "A" and j == i + 1 and _host_ones(view, i):
            return Count("stations", j + 1)
        if here.kind in ("T", "A", "H") or "person" in here.keys:
            if (
                here.kind == "A"
                and not here.data.get("people")
                and j + 1 < limit
                and (tokens[j + 1].kind or tokens[j + 1].keys & _HEADS)
            ):
                continue
            return people(view, i, j, refs)
        if (
            "prep_in" in here.keys
            or "by" in here.keys
            or ("prep" in here.keys and "of" not in here.keys)
            or here.keys & {"be_being", "rel"}
        ):
            break
    if (
        loose(view)
        and int(tokens[i].data["value"]) >= CASE
        and view.has("bring_verb", low=i - 2, high=i)
        and view.has("returned", "home_back", low=i - 2, high=i + 6)
    ):
        return Count("persons_returned", min(i + 2, len(tokens)))  # "persuadieron a 230.000 sospechosos de estafa de regresar"
    return (
        _out_of(view, i, refs) or acted_upon(view, i, refs) or _by_counter(view, i, refs) or _total(view, i, refs)
        or _bare(view, i, refs)
    )  # fmt: skip


def _out_of(view: View, i: int, refs: list[int]) -> Count | None:
    """A part of the stations that a sentence begins with ("Of the 54 stations, 38 were run by Fuzhou")."""
    tokens = view.tokens
    begins = i > 2 and tokens[0].keys & {"of", "of_the"} and tokens[i - 1].form == "," and "a_one" not in tokens[i].keys
    return Count("stations", i + 1) if begins and any(r < i - 1 for r in refs) else None


def _before(view: View, i: int, small: frozenset[str]) -> int:
    """The token before a number and the words with such tags that do not count themselves, four at most; -1 where none is."""
    k = i - 1
    while k >= 0 and i - k < 5 and view.tokens[k].keys & small and "counts_bare" not in view.tokens[k].keys:
        k -= 1
    return k


def _by_counter(view: View, i: int, refs: list[int]) -> Count | None:
    """Stations told by a counter alone, once they have been spoken of ("法国巴黎有三个，荷兰两个", "又核实了48个")."""
    tokens, value = view.tokens, int(view.tokens[i].data["value"])
    after = tokens[i + 2] if i + 2 < len(tokens) else None
    if not view.memory.stations or value > MOST or not view.has("counter", low=i + 1, high=i + 2):
        return None
    if not (refs or spoken(view.before, 4)):
        return None
    ends = after is None or after.kind == "."
    if ends and view.has("poss", low=i - 1, high=i) and view.has("S", "countries", low=i - 4, high=i):
        return Count("stations", i + 2)  # "54个站点中的38个"
    goes_on = after is not None and after.keys & {"by", "prep_in"}
    if goes_on and i and tokens[i - 1].form == "," and view.has("N", high=i):
        return Count("stations", i + 2)  # "在54个站点中，38个由福州警方设立"
    if not ends:
        return None
    k = _before(view, i, _BARE_SKIP | {"new_ones", "hosts"})
    new, low = view.has("new_ones", low=max(0, k - 3), high=i), max(0, k - 2)
    placed = k >= 0 and (tokens[k].kind in ("C", "P") or (view.has("hosts", low=low, high=i) and view.has("C", "P", high=i)))
    if not placed and not view.has("find", "counts_bare", "listed", low=low, high=i):
        return None
    return Count("stations_new" if new and not placed else "stations", i + 2)


def _bare(view: View, i: int, refs: list[int]) -> Count | None:
    """Stations counted without their noun, once they have been spoken of ("has located nine", "then come Spain, nine")."""
    tokens = view.tokens
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if not (
        view.memory.stations
        and int(tokens[i].data["value"]) <= MOST
        and "a_one" not in tokens[i].keys
        and (refs or spoken(view.before, 4) or view.has("O") or (loose(view) and spoken(view.before, FAR)))
        and (
            after is None
            or (loose(view) and "rel" in after.keys)
            or after.form in (",", ".", ";", ")", "--", ":")
            or after.keys & {"prep_in", "and", "new_ones", "break"}
        )
    ):
        return None
    k = _before(view, i, _BARE_SKIP)
    if k < 0:
        return None
    ranked = view.has("leads_table", low=max(0, k - 8), high=k + 1) or view.has("leads_table", low=i + 1, high=i + 4)
    if tokens[k].form in (":", ",", "("):
        told = (
            (ranked or (refs and tokens[k].form == ":"))
            and k
            and tokens[k - 1].kind in ("C", "P")
            and len(tokens[k - 1].members) == 1
        )
        told = told or (tokens[k].form == "(" and after is not None and after.form == ")" and _of_country(view, k - 1))
    elif loose(view) and "definite" in tokens[i - 1].keys:
        told = (bool(refs) or spoken(view, 4)) and after is not None and "rel" in after.keys  # "a las 54 que había documentado"
    else:
        told = "counts_bare" in tokens[k].keys or ("with" in tokens[k].keys and ranked)
        if "adds_bare" in tokens[k].keys:
            return Count("stations_new", i + 1)  # "la segunda añadió 48"
        if "new_ones" in tokens[k].keys and view.has("find", "listed", "counted", "located", low=max(0, k - 4), high=k):
            return Count("stations_new", i + 1)  # "has found another 48"
    return Count("stations", i + 1) if told else None


def loose(view: View) -> bool:
    """Whether a language leaves out what is clear, so that numbers of stations stand alone far behind their noun."""
    return bool(view.pack.settings.get("pro_drop"))


def _host_ones(view: View, i: int) -> bool:
    """Whether a number and an adjective stand for the stations in a country ("de las nueve españolas")."""
    tokens = view.tokens
    return (
        view.memory.stations
        and tokens[i + 1].form.endswith("as")
        and view.before_is(i, "definite")
        and (i + 2 >= len(tokens) or tokens[i + 2].kind == ".")
        and view.memory.state_of(tokens[i + 1]) not in view.memory.origins
        and spoken(view.before, FAR)
    )


def _of_country(view: View, k: int) -> bool:
    """Whether a token names one country or city, where stations have been counted."""
    named = k >= 0 and view.tokens[k].kind in ("C", "P") and len(view.tokens[k].members) == 1
    return named and (spoken(view.before, 2) or bool(references(view) and view.pack.settings.get("pro_drop")))


def _of_stations(view: View, i: int, j: int) -> Count | None:
    value = int(view.tokens[i].data["value"])
    if value > MOST and not view.has("generic_abroad", "worldwide", low=j + 1, high=j + 5):
        return None
    if view.has("ordinary_station", "counts_people", low=i + 1, high=j):
        return None
    if view.has("linked_to", low=j + 1, high=j + 2) and view.has("S", low=j + 2, high=j + 6):
        return None  # "two offices linked to the stations"
    restricted = view.has("listed", "found_by", "find", low=j + 1, high=j + 7) or (
        j + 1 < len(view.tokens) and view.tokens[j + 1].form in ({","} | view.pack.set("clause_word"))
    )
    placed = view.has("prep_in", "de", low=j + 1, high=j + 2) and view.has("P", low=j + 2, high=j + 3)  # "los dos de Madrid"
    if value <= WORLDWIDE and view.before_is(i, "definite") and not (restricted or placed):
        return None  # "the two offices", just named
    if int(view.tokens[i].data["value"]) == 110 and not view.before_is(i, *QUALIFIERS, back=2):
        return None  # the name of the service
    if (
        value == 1
        and "a_one" in view.tokens[i].keys
        and not view.has("single", low=i, high=j)
        and not view.before_is(i, "only_word")
    ):
        return None
    new = view.has("new_ones", low=max(0, i - 2), high=j) or view.has("newly", low=j, high=j + 6)
    new = (
        new
        or view.before_is(i, "adds_bare")
        or (
            loose(view)
            and view.has("prep_to", low=j + 1, high=j + 2)
            and view.has("definite", low=j + 2, high=j + 3)
            and view.has("N", "rel", low=j + 3, high=j + 4)
        )
    )
    return Count("stations_new" if new else "stations", j + 1)


def _of_nouns(view: View, i: int, j: int, measure: str, refs: list[int]) -> Count | None:
    value = int(view.tokens[i].data["value"])
    if measure == "countries" and "origin_words" in view.tokens[j].keys:
        measure = "governments"
    within = view.before_is(i, "prep_in", "from", "to", back=2) or view.has("spread", low=max(0, i - 3), high=i)
    if measure in ("countries", "governments"):
        if value > 200 or (value <= 2 and view.before_is(i, "definite", back=2)) or (value == 2 and measure == "governments"):
            return None
        if (
            view.has("probing", "open_file", low=j)
            or (view.has("probe", low=j, high=j + 8) and not within)
            or (within and view.has("probe", low=max(0, i - 3), high=i))
        ):
            return Count("countries_investigating", j + 1)
        doing = view.has("blame", low=j + 1, high=j + 9) or view.has("blamed_on", low=max(0, i - 6), high=i)
        if loose(view) and measure == "governments" and view.before_is(i, "definite", back=1):
            return None
        if "host_states" in view.tokens[j].keys or (
            measure == "governments" and refs and view.has("hosts", low=j + 1, high=j + 3)
        ):
            return Count("countries", j + 1)  # "thirty governments harbour the stations"
        if (
            not within
            and doing
            and (
                measure == "governments"
                or view.has("incidents", "m_word", "tactics", "generic_abroad", "surely_topic", "exile_word", *HARMED)
            )
        ):
            return Count("origin_states", j + 1)
        if measure == "governments":
            return (
                Count("origin_states", j + 1)
                if view.has("origin_words", "incidents", "topic", "blamed_on", "generic_abroad", *HARMED) and not within
                else None
            )
        if value == 2 or view.before_is(i, "definite", back=1):
            return None
        topical = (
            bool(refs)
            or view.has("incidents", "plots", "returned", "targeted", *HARMED)
            or (spoken(view.before, 1) and view.has("it_them", "O", "find", "listed", "worldwide", "total"))
        )
        if not topical or not (
            within
            or view.has("affected", "host_states", "on_map", low=max(0, i - 4), high=j + 8)
            or any(k != i for k in view.where("N"))
        ):
            return None
        return Count(measure, j + 1)
    if measure in ("incidents", "plots"):
        if "threat_noun" in view.tokens[j].keys and view.has("m_killing", "m_abduction", low=j + 1, high=j + 7):
            measure = "plots"
        if (
            (view.before_is(i, "definite", back=1) and value < CASE)
            or view.has("ordinary_case", low=i, high=j + 6)
            or (value == 2 and not view.has("counted", "find"))
        ):
            return None
        return Count(measure, j + 1)
    if measure == "staff":
        return Count("staff", j + 1) if works_at_station(view, i, j, refs) else people(view, i, j, refs)
    if measure == "provinces" and not (view.names_accused or spoken(view)):
        return None
    if measure == "cities" and not (
        value <= MOST
        and not view.before_is(i, "definite")
        and (refs or (spoken(view.before, 2) and view.has("on_map")))
        and (view.before_is(i, "prep_in", "and", "more_than", "at_least", back=3) or view.has("on_map", low=j + 1, high=j + 6))
    ):
        return None
    if measure == "jurisdictions" and not (
        spoken(view, FAR if loose(view) and view.memory.stations else 3) or view.names_accused
    ):
        return None
    return Count(measure, j + 1)


def _total(view: View, i: int, refs: list[int]) -> Count | None:
    """A number that a total or a tally comes to ("puts the number of such sites at 102", "has four on its list")."""
    tokens = view.tokens
    low = max(0, i - 16)
    if i and "at" in tokens[i - 1].keys and view.has("puts", low=max(0, i - 5), high=i) and (found := _put_at(view, i)):
        return found
    told = view.has("tally", "total", "count_noun", "stands_verb", low=low, high=min(len(tokens), i + 9)) or view.has(
        "credited", low=low, high=i
    )
    told = told or view.has("earlier_ones", low=max(0, i - 2), high=i)
    value = int(tokens[i].data["value"])
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if "a_one" in tokens[i].keys:
        return None
    if value > 3000 and not view.has("incidents", low=low, high=i):
        return None
    ends = (
        after is None
        or after.form in (",", ".", ";", ")", "--")
        or bool(after.keys & {"prep", "be_being", "and", "worldwide", "here", "break", "list_word"})
        or (loose(view) and "total" in after.keys)
    )
    if not ends or not told:
        return None
    if i and tokens[i - 1].keys & {"prep_to", "at"} and view.has("countries", low=i - 3, high=i) and told:
        return Count("countries", i + 1)
    if view.has("plots", "incidents", "targeted", "returned", low=low, high=i):
        key = next(k for k in ("plots", "incidents", "returned", "targeted") if view.has(k, low=low, high=i))
        if view.has("stands_at", "puts", "stands_verb", low=max(low, i - 4), high=i):
            return Count({"returned": "persons_returned", "targeted": "persons_targeted"}.get(key, key), i + 1)
    if (
        value <= MOST
        and (
            any(r < i and i - r < 16 for r in refs)
            or (spoken(view.before, 2) and not view.has("person", "T", low=max(0, i - 2), high=i))
        )
        and (
            not any(t.kind == "N" for t in tokens[max(0, i - 6) : i])
            or (loose(view) and tokens[i - 1].form == ":")
            or view.has("stands_at", "tally", low=max(0, i - 2), high=i)
        )
    ):
        return Count("stations", i + 1)
    return None


def _put_at(view: View, i: int) -> Count | None:
    """A number that something is put at: the nearest thing said before or behind it."""
    named = (("S", "stations"), ("plots", "plots"), ("incidents", "incidents"), ("returned", "persons_returned"),
             ("targeted", "persons_targeted"),
             *((h, "persons_targeted") for h in HARMED))  # fmt: skip
    for low, high in ((i + 1, i + 12), (max(0, i - 14), i)):
        for key, measure in named:
            if view.has(key, low=low, high=high):
                return Count(measure, i + 1)
    if loose(view) and view.memory.stations and view.has("tally", "total", low=i + 1, high=i + 4):
        return Count("stations", i + 1)  # "había situado en 102 el total mundial"
    return None


def range_end(view: View, i: int) -> str | None:
    """Which end of a range a number is ("between 20 and 30 cases", "70 to 75 in Türkiye")."""
    tokens = view.tokens
    for k, end in ((i, "at_least"), (i - 2, "up_to")):
        if k < 0 or k + 2 >= len(tokens) or tokens[k].kind != "N" or tokens[k + 2].kind != "N":
            continue
        if tokens[k].data["value"] >= tokens[k + 2].data["value"]:
            continue
        joined = tokens[k + 1].keys
        if "prep_to" in joined or ("and" in joined and k and "between" in tokens[k - 1].keys):
            return end
    return None
