"""Cities in which a station is told to be by the run of the text, with no word of its own that ties them to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..view import View
from .parts import FORM_TAGS
from .stations import FAR, accused, references, spoken, tallied
from .ties import number_of, speaks

BACK = 2  # sentences back to which a sentence may go on about stations
_OTHERS = frozenset(("G", "B", "O", "M", "T", "X", "H"))  # kinds that do or say something of their own
_BEING = (
    "S", "station_like", "located", "still_active", "opened", "opening_word", "opening_of", "set_up", "run", "closed_now",
    "doubles", "hosts", "there_are", *FORM_TAGS,
)  # fmt: skip
_SOME = ("plural", "states_word", "there_are")  # words that stand for stations with no noun of their own
_ELSE = (
    "person", "form_officers", "modal", "neg", "joint_patrol", "fear", "whether", "m_killing",
    "m_attempted_killing", "m_abduction", "m_assault", "m_threat", "m_detention", "m_surveillance", "m_intimidation",
)  # fmt: skip


def beside(view: View, found: Sequence[int], tied: set[int]) -> Iterator[tuple[int, int]]:
    """Cities that only an "in" ties to a station spoken of here or just before, each with the token that stands for it.

    Whatever city follows "in" is taken; what speaks against it is somebody else in its clause, who does something there,
    an act against people, or a count of stations.
    """
    cities = [j for j in view.where("P") if j not in tied and _within(view, j)]
    bare = bool(view.pack.settings.get("pro_drop")) and _bare_number(view)
    there = (
        view.memory.stations and (bare or view.has("there_are")) and spoken(view.before, FAR)
    )  # "las hay en Lagos y en Maseru"
    if not cities or not (found or there or (_goes_on(view) and (view.has(*_SOME) or _bare_number(view)))) or tallied(view):
        return
    for j in cities:
        low, high = view.clause(j)
        if accused(view, view.tokens[j]) or speaks(view, j):
            continue
        if not view.has(*_BEING, low=low, high=high) and not any(low <= k < high for k in found):
            continue
        if view.has(*_ELSE, low=low, high=high) or any(
            t.kind in _OTHERS and not accused(view, t) for t in view.tokens[low:high]
        ):
            continue
        i = min(found, key=lambda k: abs(k - j), default=j)
        if not ((number_of(view, i) or 0) > 1 and len(view.tokens[j].members) < 2):
            yield i, j


def on_list(view: View) -> Iterator[int]:
    """Rows of countries that are said to be on a list or map of stations spoken of here or just before."""
    for j in view.where("C"):
        low, high = view.clause(j)
        if len(view.tokens[j].members) < 2 or view.hypothetical(j) or not _spoken(view):
            continue
        # "the list includes …"
        named = view.before_is(j, "list_has") and view.has("list_word", "tally", "paper_of", "on_map", low=low, high=j)
        if named or (j - low < 2 and view.has("on_map", "paper_of", low=j, high=high)):
            yield j


def ahead(view: View, found: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cities between a verb and its station ("abrieron en Manhattan una comisaría")."""
    tokens = view.tokens
    for i in found if view.pack.settings.get("head_first") else ():
        j = i - 1
        while j > max(0, i - 4) and not tokens[j].kind and tokens[j].keys & _BETWEEN:
            j -= 1
        if (
            0 < j < i
            and tokens[j].kind == "P"
            and j > 1
            and "prep_in" in tokens[j - 1].keys
            and not tokens[j - 2].kind
            and not accused(view, tokens[j])
            and (number_of(view, i) or 1) == 1
        ):
            yield i, j


_BETWEEN = frozenset(("det", "a_one", "article", "foreign_adj", "ordinal"))


def listed(view: View) -> Iterator[tuple[int, int]]:
    """Cities that a list of stations spoken of before is told to have ("el listado de la ONG menciona Quito y Lima", "Rome and
    Milan are among the towns it names")."""
    for j in view.where("P"):
        low, high = view.clause(j)
        several = j - low < 2 and len(view.tokens[j].members) > 1
        if several and view.has("on_map", low=j, high=high) and _spoken(view) and not view.hypothetical(j):
            yield j, j
    for j in view.where("P", low=2) if view.pack.settings.get("head_first") and view.memory.stations else ():
        low = view.clause(j)[0]
        if (
            (
                view.before_is(j, "listed", "counts_bare")
                or (len(view.tokens[j].members) > 1 and view.has("on_map", low=j - 8, high=j) and not view.before_is(j, "prep"))
            )
            and view.has("list_word", "tally", low=low, high=j)
            and spoken(view, FAR)
            and not accused(view, view.tokens[j])
            and not view.hypothetical(j)
        ):
            yield j, j


def _goes_on(view: View) -> bool:
    """Whether one of the sentences right before spoke of stations."""
    before, steps = view.before, 0
    while before is not None and steps < BACK:
        if references(before):
            return True
        before, steps = before.before, steps + 1
    return False


def _spoken(view: View) -> bool:
    """Whether a sentence or one right before it speaks of stations."""
    return bool(references(view)) or _goes_on(view)


def _bare_number(view: View) -> bool:
    """Whether a number stands with no noun behind it ("had two, in …")."""
    return any(view.has(".", "prep", "as", "also", low=i + 1, high=i + 2) for i in view.where("N"))


def _within(view: View, j: int) -> bool:
    """Whether "in" stands before a city and says where things are, not where a body or somebody is ("the embassy in …")."""
    k = j - 1
    while k > 0 and view.tokens[k].keys & {"det", "city_word"}:
        k -= 1
    return k >= 0 and "prep_in" in view.tokens[k].keys and not (k and view.tokens[k - 1].kind in _OTHERS)
