"""What speaks of stations: the words for them, the words that stand for one just named, the cities they are tied to.

Shared by the frames of sites, figures and operators.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..tokens import Token
from ..view import View
from .parts import FORM_TAGS
from .towns import part, town, whole

SOON = 14  # words between a station and its city
NEAR = 3  # sentences back to which "it" and "the place" may refer


# --- what speaks of a station


def references(view: View) -> Iterator[int]:
    """The tokens that speak of a foreign police presence: a station, or what stands for one just named."""
    tokens = view.tokens
    known = False
    for i in view.where("S", "presence", "station_like", "ordinal", "form_mobile", "that_of"):
        token = tokens[i]
        if "that_of" in token.keys:  # "la de Prato"
            if _that_of(view, i) and (known or spoken(view.before, 2)):
                yield i
            continue
        if "form_mobile" in token.keys and token.kind != "S":
            if " " in token.form and not known and spoken(view.before, 2):
                yield i
            continue
        if "station" in token.keys and not view.has("no_station_after", low=i + 1, high=i + 2):
            known = True
            yield i
        elif "presence" in token.keys:
            yield i
        elif token.kind == "S" or "station_like" in token.keys:
            if _weak(view, i):
                known = True
                yield i
        elif _stands_alone(view, i) and (known or spoken(view.before, 2)):
            yield i


def _that_of(view: View, i: int) -> bool:
    """Whether "la de" stands for a station of a city: at the front, or as the object of its opening or closing."""
    tokens = view.tokens
    if i + 1 >= len(tokens) or tokens[i + 1].kind != "P" or accused(view, tokens[i + 1]):
        return False
    k = i - 2 if i and "article" in tokens[i - 1].keys else i - 1
    return (
        k < 0
        or tokens[k].form == ","
        or bool(tokens[k].keys & {"opened", "set_up", "close", "forced_close", "and", "break", "run", "prep_to"})
    )


def spoken(view: View | None, back: int = NEAR) -> bool:
    """Whether a sentence, or one of a few before it, speaks of stations."""
    while view is not None and back > 0:
        if (
            view.has("station")
            or (view.has("S") and (view.names_accused or view.has("foreign_adj", "O")))
            or (view.has("listed", "list_word") and view.has("O") and view.memory.stations)
        ):
            return True
        view, back = view.before, back - 1
    return False


def _weak(view: View, i: int) -> bool:
    """Whether a word such as "office" means a foreign police presence here."""
    tokens = view.tokens
    if view.has("no_station_after", low=i + 1, high=i + 2) or view.has("ordinary_station", low=max(0, i - 3), high=i):
        return False
    if (
        i
        and ("poss" in tokens[i - 1].keys or tokens[i - 1].kind in ("G", "O"))
        and view.has("O", "M", low=max(0, i - 3), high=i)
    ):
        return False
    if (
        i > 1
        and "security_word" in tokens[i - 1].keys
        and any(t.kind == "P" and accused(view, t) for t in tokens[max(0, i - 4) : i - 1])
    ):
        return False  # the bureau itself
    if view.has("usual_kind", low=i + 1, high=i + 4):
        return False
    own = tokens[i - 2] if i > 1 and "poss" in tokens[i - 1].keys else tokens[i - 1] if i else None
    if own is not None and own.kind in ("G", "B") and not accused(view, own):
        return False
    low, high = view.clause(i)
    if _possessed(view, i):
        return False
    if (
        view.has("foreign_adj", low=max(0, i - 4), high=i)
        or view.before_is(i, "one_person")
        or any(accused(view, t) for t in tokens[max(low, i - 6) : min(high, i + 8)])
    ):
        return True
    if "plain_police" in tokens[i].keys:
        return (
            view.memory.stations
            and (spoken(view.before, 5) or view.has("O", "generic_abroad"))
            and not (own is not None and own.kind in ("P", "A"))
        )
    if (
        own is not None
        and own.kind in ("P", "A")
        and view.memory.stations
        and (not own.data.get("capital") or "poss" in tokens[i - 1].keys)
    ):
        return True
    if "very_weak" not in tokens[i].keys and view.memory.stations and _free(view, i):
        return True
    if view.memory.stations and view.before_is(i, "anaphoric", back=2):
        return True
    if view.has("anaphoric", "the", "its_their", "both_of", "N", low=max(0, i - 3), high=i) and spoken(view.before):
        return True
    if spoken(view.before, 2) and view.has("prep_in", low=i + 1, high=i + 3) and view.has("P", low=i + 2, high=i + 9):
        return True
    return (
        view.has("O")
        and view.has("find", "say", "listed", "list_word")
        and (spoken(view.before, 4) or view.names_accused or (view.memory.stations and view.has("P")))
    )


def _possessed(view: View, i: int) -> bool:
    """Whether a body of the host state, a city or an unnamed owner "has" or "runs" the places meant, as a matter of course."""
    tokens = view.tokens
    verb = next((k for k in range(i - 1, max(-1, i - 6), -1) if tokens[k].keys & {"owns_verb"}), None)
    if verb is None or not view.has("N", low=verb, high=i):
        return False
    who = next(
        (
            t
            for t in reversed(tokens[max(0, verb - 6) : verb])
            if t.kind in ("G", "B", "C", "P", "O", "A") or "pronoun" in t.keys
        ),
        None,
    )
    return who is None or (who.kind in ("G", "B") and not accused(view, who))


def _free(view: View, i: int) -> bool:
    """Whether a station word stands free, owned by nobody of the host state."""
    low = view.clause(i)[0]
    return not any(t.kind in ("G", "B") and not accused(view, t) for t in view.tokens[max(low, i - 4) : i])


def accused(view: View, token: Token) -> bool:
    """Whether a token names the accused state, its police or a city of it; stations are China's, whoever else is accused."""
    origins = view.memory.origins | {"CN"} if view.memory.stations else view.memory.origins
    if token.kind in ("A", "C", "G"):
        return any(c in origins for v in token.values for c in v.split("|"))
    if token.kind == "P":
        return any(c in origins for c in token.data["codes"])
    return token.kind == "B" and token.data.get("body") == "public security bureau"


def _stands_alone(view: View, i: int) -> bool:
    """Whether "one", "another", "the second" stands for a thing, with no noun of its own."""
    tokens = view.tokens
    if "ordinal" not in tokens[i].keys:
        return False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is None or ("first" in tokens[i].keys and not view.before_is(i, "det")):
        return False
    if tokens[i].kind == "N" and (tallied(view) or view.before_is(i, "single")):
        return False
    return (
        after.form == ","
        or after.kind == "D"
        or bool(
            after.keys & {"prep", "be_being", "here", "set_up", "run", "linked_to", "answer_to", "adverb", "opened", "located"}
        )
    )


def _counted_where(view: View, k: int) -> list[int]:
    """Where a preposition may stand that places a number: right behind it, or behind "of them are"."""
    if view.has("of", "of_them", "be_being", "no_count", low=k + 1, high=k + 2):
        return list(range(k + 2, min(len(view.tokens), k + 6)))
    return [k + 1] if k + 1 < len(view.tokens) else []


def tallied(view: View) -> bool:
    """Whether a sentence counts stations place by place ("three in Toronto, one in Vancouver"): figures, not sites."""
    tokens = view.tokens
    counted = [k for k in view.where("N") if not view.has("no_count", "time_unit", low=k + 1, high=k + 2)]
    placed = [
        k
        for k in counted
        if any("prep_in" in tokens[m].keys and view.has("P", "C", low=m + 1, high=m + 4) for m in _counted_where(view, k))
    ]
    several = any(int(tokens[k].data["value"]) > 1 for k in counted)
    return any(int(tokens[k].data["value"]) > 1 for k in placed) or (several and len(placed) > 1)


# --- which city


def city_ties(view: View, found: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Stations and the cities they are tied to, by their tokens."""
    tokens = view.tokens
    taken: set[int] = set()
    tied: list[int] = []
    for i in found:
        for j in _cities(view, i, found):
            if j not in taken:
                taken.add(j)
                number = number_of(view, i)
                if not (number and number > 1 and len(tokens[j].members) < 2):
                    tied.append(j)
                    yield i, j
    if not found and not spoken(view.before, 2):
        return
    for j in view.where("P"):
        if j in taken or _speaks(view, j):
            continue
        form = next(
            (k for k in view.where(*FORM_TAGS, low=max(0, j - 5), high=j) if view.has("prep_in", "de", low=k + 1, high=j)), None
        )
        if form is None and not view.tokens[j].data.get("capital"):
            form = next(view.where(*FORM_TAGS, low=j + 1, high=j + 3), None)
        if whole(view, j) != j:
            continue
        if (form is not None and any(0 < form - c < 5 for c in tied)) or any(0 < j - c < 4 for c in taken):
            continue
        if (
            form is not None
            and not view.has("N", low=max(0, form - 2), high=form)
            and tokens[form].kind != "S"
            and _told(view, form)
        ):
            taken.add(j)
            yield form, j
    if found and not taken and tokens[0].kind == "P" and tokens[1].form == ":" and not accused(view, tokens[0]):
        taken.add(0)
        yield found[0], 0  # a headline
    yield from _listed(view, taken)


def _told(view: View, i: int) -> bool:
    """Whether a house, shop or restaurant is said to be, to hold or to hide a station."""
    return view.has("located", low=0, high=i) or any("S" in t.keys for t in view.tokens)


def _listed(view: View, taken: set[int]) -> Iterator[tuple[int, int]]:
    """Cities that somebody's list of stations has ("lists Dublin among 54 locations")."""
    for i in view.where("listed"):
        for j in view.where("P", low=max(0, i - 6), high=i + 5):
            if (
                j not in taken
                and (view.before_is(j, "listed") or not _speaks(view, j))
                and view.has("station_like", "S", "list_word", low=i, high=i + 14)
                and not view.before_is(j, "prep_in")
            ):
                taken.add(j)
                yield i, j


def _cities(view: View, i: int, found: Sequence[int]) -> Iterator[int]:
    """Cities that a station noun is tied to."""
    tokens = view.tokens
    low, _high = view.clause(i)
    had: int | None = None
    for j in range(i + 1, min(len(tokens), i + 1 + int(SOON * view.pack.gap))):
        token = tokens[j]
        if token.form in (";", "?") or (j in found and token.kind != "P"):
            break
        if had is not None and token.kind == "P" and view.before_is(j, "city_word") and not view.has("and", low=had, high=j):
            break  # "Hendon, north London"
        if had is not None and not (
            token.kind == "P" or token.form in (",",) or token.keys & {"and", "prep_in", "det", "city_word"}
        ):
            break
        if (
            token.kind in ("G", "M", "O", "B")
            and not accused(view, token)
            and not view.has("find", "listed", "say", low=j + 1, high=j + 4)
        ):
            break
        if token.kind == "N" and not view.has("station_like", "S", "X", low=j, high=j + 4):
            break
        capital = "capital_word" in token.keys or ("cap_word" in token.keys and tokens[j - 1].kind in ("A", "C"))
        if "chinatown" in token.keys and had is None and view.before_is(j, "prep_in", back=2):
            yield j
            return
        if part(view, j):
            continue
        if had is None and token.kind == "P" and view.before_is(j, "prep_in") and _of_city(view, i):
            break
        if (capital and view.before_is(j, "prep_in", back=3)) or (
            token.kind == "X" and had is None and town(view, j) and not _of_city(view, i)
        ):
            yield j
            return
        if (
            token.kind == "P"
            and not accused(view, token)
            and (
                view.before_is(j, "prep_in", "city_word", back=3)
                or (view.before_is(j, "prep") and view.has("poss", low=j + 1, high=j + 2))
                or view.before_is(j, "and")
                or view.before_is(j, "listed", back=2)
            )
        ) and not _speaks(view, j):
            had = j = whole(view, j)
            yield j
    before, leads = i - 1, bool(view.pack.settings.get("place_first"))
    while before >= max(low, i - int(5 * view.pack.gap)):
        token = tokens[before]
        if leads and before < i and "a_one" in token.keys:  # "布鲁塞尔一处警务站"
            before -= 1
            continue
        if token.kind == "P":
            if accused(view, token):
                before -= 1
                continue
            if (
                not token.data.get("capital")
                or view.before_is(before, "det", "prep_in", "a_one")
                or (leads and before == i - 1)
                or tokens[before + 1].keys & {"poss", *(("a_one",) if leads else ())}
            ):
                yield before
            break
        if (
            (token.kind not in ("", "A") and not accused(view, token))
            or token.keys & {"prep", "and", "det", "say", "be_being", "find", "order", "close", "rel"}
            or token.form == ","
        ):
            break
        before -= 1
    if had is None:
        yield from _ahead(view, i, low)


def _of_city(view: View, i: int) -> bool:
    """Whether a city stands right before a station ("Johannesburg's police centre"); an unknown name behind is then a part of it."""  # noqa: E501
    return any(t.kind == "P" and not accused(view, t) for t in view.tokens[max(0, i - 3) : i])


def _ahead(view: View, i: int, low: int) -> Iterator[int]:
    """The city that opens the clause of a station ("In Porto the police keep an office")."""
    reach = 16 if view.pack.settings.get("place_first") else 12
    for j in range(i - 1, max(-1 if view.has("doubles", high=i) else low - 1, i - reach), -1):
        token = view.tokens[j]
        if (
            "capital_word" in token.keys or ("cap_word" in token.keys and view.tokens[j - 1].kind in ("A", "C"))
        ) and view.before_is(j, "prep_in", back=3):
            yield j
            return
        if token.kind == "P" and not accused(view, token) and _holds(view, j, i):
            yield j
            return
        if token.kind == "P" and not accused(view, token) and view.before_is(j, "prep_in", back=2) and not _speaks(view, j):
            if view.has("doubles", "opening_of", low=j, high=i):
                yield j
                return
            if (
                j < 3
                and view.has("say", "find", low=j, high=i)
                and view.tokens[j + 1].form == ","
                and view.has(",", low=j + 3, high=i)
            ):
                yield j
                return
            if view.has("G", "B", "O", "M", low=j, high=i) and any(
                t.kind in ("G", "B", "O", "M") and not accused(view, t) for t in view.tokens[j + 1 : i]
            ):
                return
            first = next((k for k in view.where("prep_in", low=max(0, j - 2), high=j)), j)
            if first == low or view.pack.settings.get("place_first") or view.tokens[first - 1].form in (",", ";", "--", ":"):
                yield j
            return


def _holds(view: View, j: int, i: int) -> bool:
    """Whether a city is said to hold a station ("Quito hosts an office"); a capital that "has" one may be its government."""
    verbs = view.where("hosts", "doubles", "where_word", low=j + 1, high=min(i, j + 5))
    capital = bool(view.tokens[j].data.get("capital"))
    held = any(
        not (capital and "owns_verb" in view.tokens[k].keys and not view.has("det", "a_one", low=k + 1, high=k + 2))
        for k in verbs
    )
    between = view.tokens[j + 1 : i]
    return held and not any(t.kind in ("S", "P", "O") or (t.kind in ("G", "B") and not accused(view, t)) for t in between)


def _speaks(view: View, j: int) -> bool:
    """Whether a capital stands for its government, or a city tells where a body has its seat."""
    if view.has("org_noun", "org_intro", "based", low=j + 1, high=j + 3):
        return True
    if view.has("O", low=max(0, j - 3), high=j - 1) and not view.has(
        "find", "listed", "say", "located", low=max(0, j - 2), high=j
    ):
        return True
    return bool(view.tokens[j].data.get("capital")) and not view.before_is(j, "prep_in", "city_word", "and", "det", back=3)


def number_of(view: View, i: int) -> int | None:
    """The number that counts a station noun."""
    for j in range(i - 1, max(-1, i - 7), -1):
        token = view.tokens[j]
        if token.kind == "N":
            return int(token.data["value"])
        if "prep_in" in token.keys or token.form in (",", ";") or "break" in token.keys:
            return None
    return None
