"""Names of towns: which name is the city, which only a part, a street or a building of it."""

from __future__ import annotations

from ..view import View

ADDRESS = 7  # words between "in" and the city at the end of an address


def whole(view: View, j: int) -> int:
    """The city whose part is named first ("the Ostend district of Frankfurt")."""
    tokens = view.tokens
    if (
        j + 2 < len(tokens)
        and "of" in tokens[j + 1].keys
        and tokens[j + 2].kind == "P"
        and len(tokens[j].form.split()) > len(tokens[j].values[0].split())
    ):
        return j + 2
    return j


def addressed(view: View, j: int) -> bool:
    """Whether a city closes an address ("at 12 Capel Street, Dublin"): a street, or a part of it, stands before the comma."""
    tokens = view.tokens
    if j < 3 or tokens[j - 1].form != ",":
        return False
    k = j - 2
    while k > max(0, j - ADDRESS) and (tokens[k].kind in ("X", "N", "P") or tokens[k].keys & _ADDRESS or tokens[k].form == ","):
        k -= 1
    return k < j - 2 and "prep" in tokens[k].keys


def part(view: View, j: int) -> bool:
    """Whether a name is that of a street or quarter of a city named right behind ("East Broadway in Manhattan")."""
    tokens = view.tokens
    if tokens[j].kind not in ("P", "X") or j + 2 >= len(tokens):
        return False
    after = tokens[j + 1]
    if "street_word" in after.keys or (after.cap and "place_noun" in after.keys):
        return True
    return after.form == "in" and tokens[j + 2].kind == "P"


def town(view: View, j: int) -> bool:
    """Whether an unknown name is that of a place: "in" stands right before it, no street or building is meant."""
    after = view.tokens[j + 1] if j + 1 < len(view.tokens) else None
    if (
        view.tokens[j].data.get("person")
        or not view.before_is(j, "prep_in", "city_word")
        or (after is not None and after.kind in ("P", "X"))
    ):
        return False
    if after is not None and after.keys & {"street_word", "poss"}:
        return False
    return "street_word" not in view.pack.ends(view.tokens[j].form)[1]


_ADDRESS = frozenset(("street_word", "city_word"))
