"""Names of towns: which name is the city, which only a part, a street or a building of it."""

from __future__ import annotations

from ..view import View

STREETS = frozenset((
    "street", "road", "avenue", "square", "lane", "boulevard", "building", "house", "park", "center", "centre", "tower", "plaza", "mall",  # noqa: E501
))  # fmt: skip


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


def part(view: View, j: int) -> bool:
    """Whether a name is that of a street or quarter of a city named right behind ("East Broadway in Manhattan")."""
    tokens = view.tokens
    if tokens[j].kind not in ("P", "X") or j + 2 >= len(tokens):
        return False
    after = tokens[j + 1]
    if "street_word" in after.keys:
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
    return not (after is not None and (after.keys & {"street_word", "poss"})) and view.tokens[j].form.split()[-1] not in STREETS
