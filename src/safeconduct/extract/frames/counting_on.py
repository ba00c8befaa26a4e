"""Numbers that go on with what was counted before ("three in Paris, nine in Spain", "29 of them", "102 in 53")."""

from __future__ import annotations

from collections.abc import Callable

from ..tokens import Token
from ..view import View
from .measure import loose, measured
from .people import HARMED, Count
from .scope import PLACED, listed_behind
from .stations import references, tallied


def again(view: View, i: int, last: str | None, before: Callable[[], str | None]) -> Count | None:
    """A number that goes on with what was counted before ("three in Paris, nine in Spain", "29 of them", "of which 37")."""
    tokens = view.tokens
    measure = last or before()
    if measure is None or (i + 1 >= len(tokens) and last is None):
        return None
    after = tokens[min(i + 1, len(tokens) - 1)]
    value = int(tokens[i].data["value"])
    if measure == "stations_new" and view.has("counts_bare", low=max(0, i - 3), high=i):
        measure = "stations"  # "48 more stations …, and now counts 102 of them"
    if measure.startswith("persons") and view.has("returned", low=i, high=i + 8):
        measure = "persons_returned"
    if value < 3 and view.has("say", low=i + 1, high=i + 5):
        return None
    if last is None and measure == "persons_targeted" and view.has("of_them", low=i + 1, high=i + 2):
        harmed = view.has("targeted", "of_which", *HARMED, low=i + 1, high=i + 10)
        return Count(measure, i + 2) if harmed else None
    if "pronoun_object" in after.keys:
        return Count(measure, i + 2)  # "a pair of them"
    if (
        loose(view)
        and measure == "stations"
        and view.has("of_them", low=i + 1, high=i + 2)
        and view.has("newly", "new_ones", low=i + 2, high=i + 5)
    ):
        return Count("stations_new", i + 3)  # "48 de ellos desconocidos hasta entonces"
    if (
        view.has("of_them", low=i + 1, high=i + 2)
        or view.has("of_them", low=max(0, i - 4), high=i)
        or ("of" in after.keys and i + 2 < len(tokens) and tokens[i + 2].keys & {"it_them", "anaphoric", "rel"})
    ):
        return Count(measure, i + 2)
    if last in ("incidents", "plots") and "for" in tokens[i - 1].keys and blamed(view, i):
        return Count(measure, i + 1)
    if "happened" in after.keys and measure in ("incidents", "plots"):
        return Count(measure, i + 1)
    if measure == "stations" and after.keys & {"still_active", "closed_now"} and view.pack.settings.get("pro_drop"):
        return Count(measure, i + 2)  # "cinco siguen abiertos"
    if measure == "stations" and "lies_in" in after.keys and view.has("P", "C", "R", "capital_word", low=i + 3, high=i + 6):
        return Count(measure, i + 1)  # "tres están en la capital"
    if "new_ones" in after.keys and measure == "stations":
        return Count("stations_new", i + 2)
    if last == "stations" and i > 1 and "with" in tokens[i - 1].keys and tokens[i - 2].kind in ("C", "P"):
        return Count(measure, i + 1)
    if last == "stations" and listed_behind(view, i) is not None and (i + 1 == len(tokens) or _stops(after)):
        return Count(measure, i + 1)
    if last == "stations" and i > 1 and "prep_in" in tokens[i - 1].keys and tokens[i - 2].kind == "N" and _stops(after):
        return Count("countries", i + 1)  # "102 in 53"
    opens = i == 0 or tokens[i - 1].form == ":"  # "They are: two in Prague, one in Brno"
    if last is None and not ((view.has("S", high=i) or opens) and measure == "stations"):
        return None
    if after.kind == "D" and last in ("incidents", "plots", "persons_targeted", "persons_returned"):
        return Count(measure, i + 1)
    if (
        "be_being" in after.keys
        and i + 3 < len(tokens)
        and measure == "stations"
        and "prep_in" in tokens[i + 2].keys
        and tokens[i + 3].kind == "P"
    ):
        return Count(measure, i + 1)
    if after.keys & {"prep_in", "for", "from"} and not (
        value == 1 and not tallied(view) and not view.before_is(i, "single", back=2)
    ):
        j = i + 2
        while j < len(tokens) and not tokens[j].kind and tokens[j].keys & {"det", "city_word"}:
            j += 1
        if j < len(tokens) and (
            tokens[j].kind in ("P", "C", "R")
            or (tokens[j].kind == "D" and last in ("incidents", "plots"))
            or "capital_word" in tokens[j].keys
        ):
            return Count(measure, i + 1)
    return None


def _stops(after: Token) -> bool:
    """Whether nothing that is counted follows."""
    return after.form in (",", ".", ";", ")", "--") or bool(after.keys & {"prep_in", "and"})


def measure_before(view: View) -> str | None:
    """What the last number of the sentence before counted, or stations when it spoke of them."""
    before = view.before
    if before is None or before.paragraph < view.paragraph - 1:
        return None
    refs = references(before)
    for k in reversed([*before.where("N")]):
        if (found := measured(before, k, refs)) and found.measure in PLACED:
            return found.measure
    return "stations" if view.has("S") or refs else None


def blamed(view: View, i: int) -> str | None:
    """The state a share is laid to ("China was responsible for 120 of them and Türkiye for 60")."""
    tokens = view.tokens
    if not view.has("blame", low=max(0, i - 8), high=i) or not view.before_is(i, "blame", "for", "prep", back=2):
        return None
    k = next((k for k in range(i - 1, max(-1, i - 6), -1) if tokens[k].kind in ("C", "A", "G")), None)
    return view.memory.state_of(tokens[k]) if k is not None and len(tokens[k].members) == 1 else None
