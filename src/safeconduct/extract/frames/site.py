"""Sites: a station and its city or country, its state, what it looks like, since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from ...claims import cities as gazetteer
from ..pack import Pack
from ..tokens import Token
from ..view import Draft, View
from .officers import posted
from .parts import FORM_TAGS
from .site_beside import ahead, beside, listed, on_list
from .site_state import form_of, of_another, since_when, status_of, stretch
from .stations import accused, references, spoken
from .ties import city_ties, number_of

FORM_KEYS = frozenset(FORM_TAGS)
BARE_FORMS = frozenset(("mobile", "virtual", "officers"))  # forms that make a country without a city a site
CITY_BACK = 8  # sentences back to which "Chinatown" may refer
LARGE = 300_000  # a city this large is where it is, whatever country the document speaks of


def sites(view: View) -> Iterator[Draft]:
    """The sites of a sentence: one for each city tied to a station, else for each country that one is said to be in."""
    yield from _officers(view)
    if view.question or not (view.memory.stations or spoken(view)):
        return
    found = references(view)
    done: set[str] = set()
    ties = [*city_ties(view, found)]
    for i, j in chain(
        ties, beside(view, found, {j for _, j in ties}), _bracketed(view, found), listed(view), ahead(view, found)
    ):
        city = view.tokens[j]
        if _unreal(view, i, j):
            continue
        if city.kind != "P":
            host, name = _unlisted(view, i, j)
            if host and name and name not in done:
                done.add(name)
                yield draft(view, i, j, host, name, None)
            continue
        for member, code in zip(city.members, city.data["codes"], strict=False):
            country = _country(view, city, code)
            if country in view.memory.origins or country == "CN" or member.value in done:
                continue
            done.add(member.value)
            yield draft(view, i, j, country, member.value, (member.start, member.end) if len(city.members) > 1 else None)
    for i, name in _by_adjective(view, found):
        if name not in done and not view.hypothetical(i) and (known := gazetteer(name)):
            done.add(name)
            yield draft(view, i, i, known[0].country, name, None)
    if not done:
        yield from _bare(view, found or _it(view))
    elif not any(map(view.hypothetical, found[:1])):
        yield from _listed_beside(view, found)


def _by_adjective(view: View, found: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Stations whose city an adjective tells ("la oficina porteña", "el quiteño"), each with the city."""
    tokens, towns = view.tokens, _towns(view.pack)
    for i in found:
        j = i if "town_adj" in tokens[i].keys else i + 1
        if j < len(tokens) and tokens[j].form in towns and (number_of(view, i) or 1) == 1:
            yield i, towns[tokens[j].form]


@cache
def _towns(pack: Pack) -> dict[str, str]:
    """The adjectives of cities that a pack has, with their cities."""
    return {form: city for entry, city in pack.tables.get("town", {}).items() for form in pack.expand(entry)}


def _officers(view: View) -> Iterator[Draft]:
    """Officers at work in another country, with no station of their own."""
    for i, j in posted(view):
        token = view.tokens[j]
        codes = token.data["codes"] if token.kind == "P" else [view.memory.one_of(m.value) for m in token.members]
        for member, code in zip(token.members, codes, strict=False):
            place, country = (member.value, _country(view, token, code)) if token.kind == "P" else (None, code)
            there = draft(view, i, j, country, place, (member.start, member.end) if len(token.members) > 1 else None)
            yield replace(there, slots={**there.slots, "form": "officers", "operator": None}, rule="site.officers")


def _bracketed(view: View, found: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cities in brackets behind the countries of a list ("in 30 countries, including Australia (Sydney) and Chile")."""
    tokens = view.tokens
    for j in view.where("P", low=2):
        if found and tokens[j - 1].form == "(" and tokens[j - 2].kind == "C" and view.has("including", high=j):
            yield found[0], j


def _unreal(view: View, i: int, j: int) -> bool:
    """Whether "a station" is only feared, planned, possible or denied; one with "the" is there all the same."""
    low = view.clause(i)[0]
    if view.has("whether", low=max(low, i - 4), high=i) and not view.has("the", low=max(low, i - 3), high=i):
        return True  # "asks if there are stations in …"
    bare = view.pack.settings.get("head_first") and not view.before_is(i, "det", "article", "N", back=2)
    if bare and "S" in view.tokens[i].keys and view.has("perhaps", low=low, high=i):
        return True  # "quizá existan locales en …"
    if not view.before_is(i, "a_one", "any", "neg", back=5) or "ordinal" in view.tokens[i].keys:
        return False
    denied = view.has("deny", "deny_that", "unaware", high=i) or (
        view.has("neg", low=low, high=i) and not view.has("closed_now", "permission", "told", low=low)
    )
    return denied or view.hypothetical(max(i, j))


def _unlisted(view: View, i: int, j: int) -> tuple[str | None, str | None]:
    """The country and the name of a place that no list of cities has, or of "the capital"."""
    token, before = view.tokens[j], view.tokens[j - 1]
    if "chinatown" in token.keys and (city := _city_before(view)):
        return city
    if token.kind == "X" or "chinatown" in token.keys:
        street = before.cap and "city_word" in before.keys  # "East Broadway"
        name = view.memory.text[(before if street else token).start : token.end]
        known = gazetteer(name)
        host = view.host_near(i)
        return (host if not known or any(c.country == host for c in known) else known[0].country), name
    after = view.tokens[j + 1] if j + 1 < len(view.tokens) and view.pack.settings.get("head_first") else before
    host = next((view.memory.state_of(t) for t in (before, after) if t.kind in ("A", "C")), None) or view.host_near(i)
    capital = view.pack.capital_of.get(host or "")
    return host, capital.title() if capital else None


def _city_before(view: View) -> tuple[str, str] | None:
    """The country and name of the city whose Chinatown is meant: the largest that was named shortly before it."""
    cities: list[tuple[int, str, str]] = []
    past: View | None = view
    for _ in range(CITY_BACK):
        if past is None:
            break
        for k in past.where("P"):
            for member, code in zip(past.tokens[k].members, past.tokens[k].data["codes"], strict=False):
                known = gazetteer(member.value)
                if known and code not in view.memory.origins and (past is view or code in (view.host_then, view.memory.home)):
                    cities.append((known[0].population, str(code), member.value))
        past = past.before
    return max(cities)[1:] if cities else None


def _country(view: View, city: Token, code: str) -> str:
    """The country of a city; a small town is in the country that the document speaks of."""
    host = view.host_then
    if not host or code == host or code in view.memory.named or city.data.get("capital") or code == view.memory.home:
        return code
    found = gazetteer(city.values[0])
    small = bool(found) and found[0].population < LARGE
    return host if small and any(c.country == host for c in found) else code


# --- countries without a city


def _it(view: View) -> list[int]:
    """The "it" that opens a sentence and goes on about a station."""
    found = [i for i in view.where("it_them", high=3) if "it_word" in view.tokens[i].keys][:1]
    if not found or view.before is None or not (spoken(view.before, 1) or references(view.before)):
        return []
    return found


def _same_place(view: View, i: int) -> tuple[str, str] | None:
    """The country and city of the one station that "the station", "that post" or "it" goes on about."""
    token = view.tokens[i]
    if not token.keys & {"it_word", "ordinal"} and (
        not view.before_is(i, "the", "anaphoric", "its_their", back=2) or view.has("A", "C", "P", low=max(0, i - 3), high=i)
    ):
        return None
    return station_before(view)


def station_before(view: View) -> tuple[str, str] | None:
    """The country and city of the one station that the sentences before tell of."""
    before, steps = view.before, 0
    while before is not None and steps < 5:
        cities = {place for r, j in city_ties(before, references(before), counted=True) for place in _places(before, r, j)}
        if cities:
            name, code = cities.pop()
            return (code, name) if not cities and code not in view.memory.origins else None
        before, steps = before.before, steps + 1
    return None


def _places(view: View, i: int, j: int) -> Iterator[tuple[str, str]]:
    """The names and countries of the cities that a station is tied to."""
    token = view.tokens[j]
    if token.kind == "P":
        yield from ((m.value, str(c)) for m, c in zip(token.members, token.data["codes"], strict=False))
    else:
        host, name = _unlisted(view, i, j)
        if host and name:
            yield name, host


def _bare(view: View, found: Sequence[int]) -> Iterator[Draft]:
    """Sites of whole countries: listed, or given a status, a form or a year."""
    tokens = view.tokens
    for i in found:
        number = number_of(view, i)
        capital = view.pack.settings.get("pro_drop") and view.has("closed_now", high=i) and tokens[0].data.get("capital")
        if len(tokens) < 18 and any(t.kind == "P" or t.data.get("seat") for t in tokens[:2]) and not capital:
            return  # a headline that opens with a city
        for j in range(i + 1, min(len(tokens), i + 24)):
            token = tokens[j]
            if (
                token.kind == "C"
                and len(token.members) > 1
                and (view.has("including", low=i, high=j) or not number)
                and view.has("prep_in", "including", low=i, high=j)
            ):
                for member in token.members:
                    code = view.memory.one_of(member.value)
                    if code not in view.memory.origins:
                        yield draft(view, i, j, code, None, (member.start, member.end))
                return
    for j in on_list(view):
        for member in tokens[j].members:
            code = view.memory.one_of(member.value)
            if code not in view.memory.origins:
                yield draft(view, j, j, code, None, (member.start, member.end))
    yield from _named_in_list(view, found)
    for i in found:
        low, high = stretch(view, i, i)
        high = next((k for k in found if i < k < high), high)
        if (there := _predicated(view, i)) is not None:
            yield draft(view, i, there, view.memory.state_of(tokens[there]) or "world", None, None)
            return
        status, form, opened = status_of(view, low, high), form_of(view, i, i), since_when(view, low, high, i, i)
        if (number_of(view, i) and form not in BARE_FORMS) or view.hypothetical(i):
            continue
        if status == "closed" and (view.speaker or "") in {f"state:{c}" for c in view.memory.origins}:
            continue  # the accused state's own word is a position
        if (
            status == "closed"
            and view.pack.settings.get("pro_drop")
            and any(
                (t.kind == "G" and accused(view, t))
                or (t.kind == "B" and t.data.get("body") in view.pack.set("body_of_accused"))
                for t in tokens[:i]
            )
        ):
            continue
        shown = form and ("ordinal" in tokens[i].keys or view.has("located", low=low, high=high))
        settled = status in ("active", "closed", "ordered_closed") or opened or shown
        if settled and (same := _same_place(view, i)):
            yield draft(view, i, i, same[0], same[1], None)
            return
        if "it_word" not in tokens[i].keys and (status in ("active", "closed") or opened or form in BARE_FORMS):
            host = next(
                (
                    c
                    for c in map(view.memory.state_of, (tokens[j] for j in view.where("C", "A", low=low, high=high)))
                    if c and c not in view.memory.origins
                ),
                None,
            )
            if (
                host is None
                and not view.has("here", "presence", low=low, high=high)
                and not tokens[i].form.endswith("s")
                and not view.before_is(i, "both_of", back=2)
                and form not in BARE_FORMS
                and view.memory.stations
                and view.before is not None
            ):
                return  # one station whose city is told elsewhere
            plural = tokens[i].form.endswith("s") and opened and status == "unknown"
            if (
                host is None
                and not view.has("worldwide", "generic_abroad", low=low, high=high)
                and (not plural or view.has("here", low=low, high=high))
            ):
                host = view.host_near(i)
            yield draft(view, i, i, host or "world", None, None)
            return


def _listed_beside(view: View, found: Sequence[int]) -> Iterator[Draft]:
    """The further countries of a list that names the city of some ("in Australia (Sydney), Chile and Kenya")."""
    for j in view.where("C"):
        token = view.tokens[j]
        if (
            len(token.members) > 1
            and view.has("including", high=j)
            and any(t.form == ")" for t in view.tokens[max(0, j - 2) : j])
        ):
            for member in token.members:
                code = view.memory.one_of(member.value)
                if code not in view.memory.origins:
                    yield draft(view, found[0] if found else j, j, code, None, (member.start, member.end))


def _named_in_list(view: View, found: Sequence[int]) -> Iterator[Draft]:
    """Single countries that somebody puts on a list of those with stations ("added South Korea to the list of countries …")."""
    for j in view.where("C"):
        token = view.tokens[j]
        if (
            len(token.members) == 1
            and view.before_is(j, "listed")
            and view.has("list_word", "paper_of", low=j + 1, high=j + 4)
            and (i := next((k for k in found if k > j), None)) is not None
            and (code := view.memory.state_of(token)) not in view.memory.origins
        ):
            yield draft(view, i, j, code or "world", None, None)


def _predicated(view: View, i: int) -> int | None:
    """The country in which stations are said to have been found or set up ("stations identified in Germany")."""
    tokens = view.tokens
    if i + 3 >= len(tokens) or "S" not in tokens[i].keys or number_of(view, i) or view.hypothetical(i) or view.negated(i):
        return None
    for j in range(i + 2, min(len(tokens), i + 6)):
        if (
            tokens[j].kind == "C"
            and len(tokens[j].members) == 1
            and view.before_is(j, "prep_in")
            and view.has("find", "located", "set_up", "operate", low=i + 1, high=j)
        ):
            return j if view.memory.state_of(tokens[j]) not in view.memory.origins else None
    return None


# --- the draft and what it says of the site


def draft(view: View, i: int, j: int, country: str, place: str | None, anchor: tuple[int, int] | None) -> Draft:
    low, high = stretch(view, i, j)
    status, form, opened = status_of(view, low, high), form_of(view, i, j), since_when(view, low, high, i, j)
    start, end = max(low, min(i, j) - 3), max(i, j) + 1
    if view.tokens[i].kind != "S" and view.tokens[i].keys & FORM_KEYS:  # a house that is told to be one: up to the word for it
        end = max(end, *(k + 1 for k in view.where("S", low=end, high=end + 18)), end)
    if status != "unknown" or opened:
        marks = [*view.where("closed_now", "still_active", "order", "close", "opened", "since", "D", low=low, high=high)]
        start, end = (
            min([start, *(k for k in marks if k > min(i, j) - 12)]),
            max([end, *(k + 1 for k in marks if k < max(i, j) + 14)]),
        )
    slots = {
        "country": country,
        "place": place,
        "status": status,
        "form": form,
        "opened": opened,
        "operator": _operator(view, i, j),
    }
    return Draft("site", slots, start, end, i, "site.city" if place else "site.country", anchor=anchor)


def _operator(view: View, i: int, j: int) -> str | None:
    """The city whose police is named near a site."""
    low, high = view.clause(i)
    for k in view.where("P", "G", low=low, high=high):
        token = view.tokens[k]
        name = token.values[0] if token.kind == "P" else str(token.data.get("seat") or "")
        if k != j and name and accused(view, token) and not token.data.get("capital") and not of_another(view, i, j, k):
            return name.casefold()
    return None
