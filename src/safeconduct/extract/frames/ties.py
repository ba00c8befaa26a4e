"""Which cities a station is tied to, and how many stations a noun counts.

Shared by the frames of sites, figures and operators.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..view import View
from .parts import FORM_TAGS
from .stations import accused, spoken
from .towns import addressed, part, town, whole

SOON = 14  # words between a station and its city


def city_ties(view: View, found: Sequence[int], counted: bool = False) -> Iterator[tuple[int, int]]:
    """Stations and the cities they are tied to, by their tokens; ``counted``: also those of which a city has several."""
    tokens = view.tokens
    taken: set[int] = set()
    tied: list[int] = []
    for i in found:
        for j in _cities(view, i, found):
            if j not in taken:
                taken.add(j)
                number = number_of(view, i)
                if counted or not (number and number > 1 and (len(tokens[j].members) < 2 or apiece(view, i))):
                    tied.append(j)
                    yield i, j
    if not found and not spoken(view.before, 2):
        return
    for j in view.where("P"):
        if j in taken or speaks(view, j):
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


def apiece(view: View, i: int) -> bool:
    """Whether each of several places has as many as stand at token ``i`` ("two stations each", "each have two")."""
    low, high = view.clause(i)
    if view.has("apiece", low=i + 1, high=min(high, i + 4)):
        return True
    return any(not view.has("N", low=j - 3, high=j) for j in view.where("apiece", low=max(low, i - 3), high=i))


def _told(view: View, i: int) -> bool:
    """Whether a house, shop or restaurant is said to be, to hold or to hide a station."""
    return view.has("located", low=0, high=i) or any("S" in t.keys for t in view.tokens)


def _listed(view: View, taken: set[int]) -> Iterator[tuple[int, int]]:
    """Cities that somebody's list of stations has ("lists Dublin among 54 locations")."""
    for i in view.where("listed"):
        for j in view.where("P", low=max(0, i - 6), high=i + 5):
            if (
                j not in taken
                and (view.before_is(j, "listed") or not speaks(view, j))
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
                or addressed(view, j)
                or "prep_in" in view.pack.ends(tokens[j - 1].form)[1]
                or (view.before_is(j, "prep") and view.has("poss", low=j + 1, high=j + 2))
                or view.before_is(j, "and")
                or view.before_is(j, "listed", back=2)
            )
        ) and not speaks(view, j):
            had = j = whole(view, j)
            yield j
    before, leads = i - 1, bool(view.pack.settings.get("place_first"))
    while before >= max(low, i - int(5 * view.pack.gap)):
        token = tokens[before]
        if leads and before < i and ("a_one" in token.keys or token.kind == "N"):  # "布鲁塞尔一处警务站", "基多的两个地址"
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
    """Whether a city stands right before a station ("Johannesburg's police centre"), of which a name behind is a part."""
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
        if token.kind == "P" and not accused(view, token) and view.before_is(j, "prep_in", back=2) and not speaks(view, j):
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


def speaks(view: View, j: int) -> bool:
    """Whether a capital stands for its government, or a city tells where a body has its seat."""
    parted = j + 1 < len(view.tokens) and view.tokens[j + 1].form == ","  # "found in Dublin and Madrid, rights group says"
    if not parted and view.has("org_noun", "org_intro", "based", low=j + 1, high=j + 3):
        return True
    if view.has("O", low=max(0, j - 3), high=j - 1) and not view.has(
        "find", "listed", "say", "located", low=max(0, j - 2), high=j
    ):
        return not (view.pack.settings.get("place_first") and view.has("find", "located", low=j + 1, high=j + 4))
    return bool(view.tokens[j].data.get("capital")) and not view.before_is(j, "prep_in", "city_word", "and", "det", back=3)


def number_of(view: View, i: int) -> int | None:
    """The number that counts a station noun."""
    for j in range(i - 1, max(-1, i - 7), -1):
        token = view.tokens[j]
        if token.kind == "N":
            return int(token.data["value"])
        if token.form in (",", ";") or token.kind in ("T", "H", "D") or token.keys & _NO_COUNT:
            return None
    return None


_NO_COUNT = frozenset(("prep_in", "break", "run", "set_up", "accused_of"))  # behind which a number counts something else
