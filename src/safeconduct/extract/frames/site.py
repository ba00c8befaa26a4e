"""Sites: a station and its city or country, its state, what it looks like, since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...claims import cities as gazetteer
from ..tokens import Token
from ..view import Draft, View
from .parts import FORM_TAGS, FORMS, parts_tags
from .stations import SOON, accused, city_ties, number_of, references, spoken

BARE_FORMS = frozenset(("mobile", "virtual", "officers"))  # forms that make a country without a city a site
LARGE = 300_000  # a city this large is where it is, whatever country the document speaks of


def sites(view: View) -> Iterator[Draft]:
    """The sites of a sentence: one for each city tied to a station, else for each country that one is said to be in."""
    if view.question or not (view.memory.stations or spoken(view)):
        return
    found = list(references(view))
    done: set[str] = set()
    for i, j in city_ties(view, found):
        city = view.tokens[j]
        if _unreal(view, i, j):
            continue
        if city.kind != "P":
            host, name = _unlisted(view, i, j)
            if host and name and name not in done:
                done.add(name)
                yield _draft(view, i, j, host, name, None)
            continue
        for member, code in zip(city.members, city.data["codes"], strict=False):
            country = _country(view, city, code)
            if country in view.memory.origins or country == "CN" or member.value in done:
                continue
            done.add(member.value)
            yield _draft(view, i, j, country, member.value, (member.start, member.end) if len(city.members) > 1 else None)
    if not done:
        yield from _bare(view, found or _it(view))


def _unreal(view: View, i: int, j: int) -> bool:
    """Whether "a station" is only feared, planned, possible or denied; one with "the" is there all the same."""
    low = view.clause(i)[0]
    if view.has("whether", low=max(low, i - 4), high=i) and not view.has("the", low=max(low, i - 3), high=i):
        return True  # "asks if there are stations in …"
    if not view.before_is(i, "a_one", "any", "neg", back=5) or "ordinal" in view.tokens[i].keys:
        return False
    denied = view.has("deny", "deny_that", "unaware", high=i) or (
        view.has("neg", low=low, high=i) and not view.has("closed_now", "permission", "told", low=low)
    )
    return denied or view.hypothetical(max(i, j))


def _unlisted(view: View, i: int, j: int) -> tuple[str | None, str | None]:
    """The country and the name of a place that no list of cities has, or of "the capital"."""
    token, before = view.tokens[j], view.tokens[j - 1]
    if token.kind == "X" or "chinatown" in token.keys:
        name = view.memory.text[token.start : token.end]
        known = gazetteer(name)
        host = view.host_near(i)
        return (host if not known or any(c.country == host for c in known) else known[0].country), name
    host = view.memory.state_of(before) if before.kind in ("A", "C") else view.host_near(i)
    capital = view.pack.capital_of.get(host or "")
    return host, capital.title() if capital else None


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
    if not spoken(view.before, 1) or view.before is None:
        return []
    return [i for i in view.where("it_them", high=3) if "it_word" in view.tokens[i].keys][:1]


def _same_place(view: View, i: int) -> tuple[str, str] | None:
    """The country and city of the one station that "the station", "that post" or "it" goes on about."""
    token = view.tokens[i]
    if "it_word" not in token.keys and (
        not view.before_is(i, "the", "anaphoric", "its_their", back=2) or view.has("A", "C", "P", low=max(0, i - 3), high=i)
    ):
        return None
    before, steps = view.before, 0
    while before is not None and steps < 5:
        cities = {(m.value, str(c)) for _, j in city_ties(before, [*references(before)]) if before.tokens[j].kind == "P"
                  for m, c in zip(before.tokens[j].members, before.tokens[j].data["codes"], strict=False)}  # fmt: skip
        if cities:
            name, code = cities.pop()
            return (code, name) if not cities and code not in view.memory.origins else None
        before, steps = before.before, steps + 1
    return None


def _bare(view: View, found: Sequence[int]) -> Iterator[Draft]:
    """Sites of whole countries: listed, or given a status, a form or a year."""
    tokens = view.tokens
    for i in found:
        number = number_of(view, i)
        if len(tokens) < 18 and any(t.kind == "P" or t.data.get("seat") for t in tokens[:2]):
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
                    code = view.memory._one(member.value)
                    if code not in view.memory.origins:
                        yield _draft(view, i, j, code, None, (member.start, member.end))
                return
    for i in found:
        low, high = _stretch(view, i, i)
        high = next((k for k in found if i < k < high), high)
        if (there := _predicated(view, i)) is not None:
            yield _draft(view, i, there, view.memory.state_of(tokens[there]) or "world", None, None)
            return
        status, form, opened = _status(view, low, high), _form(view, i, i), _opened(view, low, high, i, i)
        if (number_of(view, i) and form not in BARE_FORMS) or view.hypothetical(i):
            continue
        if status == "closed" and (view.speaker or "") in {f"state:{c}" for c in view.memory.origins}:
            continue  # the accused state's own word is a position
        settled = (
            status in ("active", "closed", "ordered_closed") or opened or (form and view.has("located", low=low, high=high))
        )
        if settled and (same := _same_place(view, i)):
            yield _draft(view, i, i, same[0], same[1], None)
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
            yield _draft(view, i, i, host or "world", None, None)
            return


def _predicated(view: View, i: int) -> int | None:
    """The country in which stations are said to have been found or set up ("stations identified in Germany")."""
    tokens = view.tokens
    if i + 3 >= len(tokens) or "S" not in tokens[i].keys or number_of(view, i) or view.hypothetical(i) or view.negated(i):
        return None
    for j in range(i + 2, min(len(tokens), i + 6)):
        if (
            tokens[j].kind == "C"
            and len(tokens[j].members) == 1
            and "prep_in" in tokens[j - 1].keys
            and view.has("find", "located", "set_up", low=i + 1, high=j)
        ):
            return j if view.memory.state_of(tokens[j]) not in view.memory.origins else None
    return None


# --- the draft and what it says of the site


def _draft(view: View, i: int, j: int, country: str, place: str | None, anchor: tuple[int, int] | None) -> Draft:
    low, high = _stretch(view, i, j)
    status, form, opened = _status(view, low, high), _form(view, i, j), _opened(view, low, high, i, j)
    start, end = max(low, min(i, j) - 3), max(i, j) + 1
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
        if k != j and name and accused(view, token) and not token.data.get("capital"):
            return name.casefold()
    return None


def _stretch(view: View, i: int, j: int) -> tuple[int, int]:
    """The tokens around a station and its city that tell its state: their clauses, and one that goes on about it."""
    low, high = view.clause(min(i, j))[0], view.clause(max(i, j))[1]
    tokens = view.tokens
    if low > 1 and tokens[low - 1].form not in (";", "--", ":") and view.has("order", low=max(0, low - 8), high=low):
        low = view.clause(low - 1)[0]
    after = high + 1 if high < len(tokens) and tokens[high].form in (";", ":", "--") else high
    if after + 1 < len(tokens) and (
        view.has("all_of", "neg", "it_them", low=after + (after == high), high=after + 4)
        or tokens[after].keys & {"rel"}
        or (after > high and _goes_on(view, after))
        or (
            "break" in tokens[after].keys
            and not view.has("P", "C", "A", "G", "B", "O", "S", "M", "T", low=after, high=view.clause(after + 1)[1])
        )
    ):
        high = view.clause(after + 1)[1]
    return low, high


def _goes_on(view: View, i: int) -> bool:
    """Whether a clause behind a colon or semicolon speaks of the site just named ("the office has shut", "the plaque is gone")."""  # noqa: E501
    high = view.clause(i)[1]
    return not view.has("P", "C", low=i, high=high) and view.has("S", "station_like", low=i, high=i + 3)


def _status(view: View, low: int, high: int) -> str:
    tokens, neg = view.tokens, view.has("neg", low=low, high=high)
    working = [*view.where("still_active", low=low, high=high)]
    if working:
        return "closed" if view.has("neg", low=max(low, working[0] - 3), high=working[0]) else "active"
    if view.has("closure_order", low=low, high=high) or any(
        _closes(view, k) for k in view.where("told_to", low=low, high=high)
    ):
        return "ordered_closed"
    shut = [k for k in view.where("closed_now", low=low, high=high) if not view.has("closed_other", low=k + 1, high=k + 4)]
    closing = [*view.where("close", "closure", "cease", "forced_close", "closing_verb", low=low, high=high), *shut]
    if closing and not view.has("neg", low=max(low, min(closing) - 4), high=min(closing)):
        stated = any(tokens[k].keys & _STATED or _perfect(view, k) for k in shut)
        if (not stated or view.has("must_close", "told_to", low=low, high=high)) and _ordered(view, low, max(closing)):
            return "ordered_closed"
    if shut and view.has("neg", low=max(low, shut[0] - 3), high=shut[0]) and not view.has("neg", low=shut[0], high=shut[0] + 1):
        return "active"
    if (
        shut
        and not view.has("modal", low=low, high=high)
        and (not neg or any("neg" in tokens[k].keys or _perfect(view, k) for k in shut))
    ):
        return "closed"
    return "unknown"


_STATED = frozenset(("perfect", "be_being"))


def _perfect(view: View, k: int) -> bool:
    """Whether a closing is told as done: "has", "had", "was" stands right before it or opens the phrase."""
    return bool(parts_tags(view.pack, view.tokens[k].form)[0] & _STATED) or view.before_is(k, *_STATED)


def _closes(view: View, k: int) -> bool:
    """Whether a phrase of command names the closing too ("must close", "ordered shut")."""
    first, last = parts_tags(view.pack, view.tokens[k].form)
    return first is not last and not last.isdisjoint(("close", "closed_now", "closing_verb", "closure"))


def _ordered(view: View, low: int, high: int) -> bool:
    """Whether a state orders the closing; others only call for it."""
    if view.has("must_close", "told_to", low=low, high=high):
        return True
    for k in view.where("order", "ordered", low=low, high=high):
        if "ordered" in view.tokens[k].keys and view.has("be_being", low=k - 2, high=k):
            return True
        who = next((t for t in reversed(view.tokens[:k]) if t.kind in ("G", "B", "C", "P", "O", "T", "H", "X", "M")), None)
        if who is None or (who.kind in ("G", "B", "C", "P") and str(who.data.get("body")) != "parliament"):
            return True
    return False


def _form(view: View, i: int, j: int) -> str | None:
    """What a site looks like: the nearest word for it, before its city rather than behind, not beyond another city."""
    tokens = view.tokens
    first, last = min(i, j), max(i, j)
    while (
        last + 1 < len(tokens)
        and (tokens[last + 1].kind == "P" or tokens[last + 1].keys & _LINKS)
        and view.has("P", low=last + 1, high=last + 4)
    ):
        last += 1
    low = next(
        (
            k + 1
            for k in range(first - 1, max(-1, first - 11), -1)
            if tokens[k].kind in ("P", "S") or tokens[k].form in (";", ":")
        ),
        max(0, first - 10),
    )
    high = next(
        (
            k
            for k in range(last + 1, min(len(tokens), last + 15))
            if tokens[k].kind == "P"
            or (tokens[k].kind == "S" and "very_weak" not in tokens[k].keys)
            or tokens[k].form in (";", "?")
        ),
        min(len(tokens), last + 15),
    )
    inside = [
        k
        for k in range(first, last + 1)
        if _shows(view, k) and (tokens[k].kind != "S" or "form_service_centre" in tokens[k].keys)
    ]
    ahead = [] if "ordinal" in tokens[i].keys else [k for k in range(low, first) if _shows(view, k)]
    behind = [k for k in range(last + 1, high) if _shows(view, k)]
    for row in (inside, ahead[::-1], behind):
        if row:
            return next((form for form in FORMS if "form_" + form in tokens[row[0]].keys), "virtual")
    return None


def _shows(view: View, k: int) -> bool:
    """Whether a word tells what a site looks like; an app or a website only when it is said to be nothing more."""
    keys = view.tokens[k].keys
    return bool(keys & _TAGS) or ("virtual_medium" in keys and view.has("merely", low=max(0, k - 6), high=k))


_LINKS = frozenset(("and", "prep_in", "ordinal"))  # between the members of a list of cities
_TAGS = frozenset(FORM_TAGS)


def _opened(view: View, low: int, high: int, i: int, j: int) -> str | None:
    """Since when a station exists, where its clause tells."""
    tokens = view.tokens
    taken = {c.date for c in view.cues if c.date is not None}
    said = frozenset(("opened", "opening_word", "opening_of"))
    dates = [
        k
        for k in view.where("D", low=low, high=high)
        if (k not in taken or view.has(*said, low=max(low, k - 4), high=k)) and _year(tokens[k])
    ]
    if view.has("before_pandemic", low=low, high=high):
        return (
            next((_year(tokens[k]) for k in dates if view.has("opened", "since", "opening_word", low=low, high=high)), None)
            or "../2019"
        )
    if not dates:
        return None
    if "ordinal" in tokens[i].keys and j + 1 in dates:
        return _year(tokens[j + 1])
    busy = view.has(*_RESPONSES, low=low, high=high)
    since = next((k for k in dates if str(tokens[k].data["edtf"]).endswith("/..")), None)
    if since is not None and not busy and min(abs(since - i), abs(since - j)) <= 8:
        return _year(tokens[since])
    for k in view.where("opened", "opening_of", "opening_word", low=low, high=high):
        if (
            "since" in tokens[k].keys
            or view.has("probe", "probing", "hearing", "legislation", "hotline", low=k + 1, high=k + 6)
            or min(abs(k - i), abs(k - j)) > SOON
        ):
            continue
        near = [d for d in dates if -4 <= d - k <= 7 or d == j + 1 or (d < k and d - low <= 2)]
        if near:
            return _year(tokens[near[0]])
    return None


_RESPONSES = (
    "probe",
    "probing",
    "watch_closely",
    "arrest",
    "arrested",
    "charged",
    "search_act",
    "raided",
    "summon",
    "summoned",
    "under_investigation",
    "close",
    "closure",
)


def _year(token: Token) -> str | None:
    """The year or month that a date token gives, when it can be that of a station."""
    date = str(token.data["edtf"]).split("/")[0].replace("..", "")
    return date[:7] if date[:4].isdigit() and int(date[:4]) >= 2004 else None
