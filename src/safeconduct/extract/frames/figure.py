"""Figures: numbers somebody gives of the extent of it, each with the thing counted, its qualifier, scope and place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ..view import Draft, View
from .counting_on import again, blamed, measure_before
from .measure import QUALIFIERS, measured, range_end
from .people import Count
from .scope import PLACED, scope_of
from .stations import references, spoken
from .ties import apiece

NETWORK = 16  # tokens before a count in which the part of the whole that it is of is named


def figures(view: View) -> Iterator[Draft]:
    """The figures of a sentence."""
    if view.question or not view.has("N"):
        return
    last: str | None = None
    refs = references(view)
    if not (refs or view.near_topic(3) or spoken(view) or view.has("surely_topic", "exile_word", "O")):
        return
    before = cache(lambda: measure_before(view))
    for i in view.where("N"):
        if i + 1 < len(view.tokens) and "multiple_of" in view.tokens[i + 1].keys:
            if (refs or spoken(view, 5)) and (draft := figure(view, i, Count("stations_multiple", i + 2))):
                yield draft
            continue
        found = counts(view, i) and (measured(view, i, refs) or again(view, i, last, before))
        if not found:
            continue
        last = found.measure if found.measure in PLACED else last
        if draft := figure(view, i, found):
            yield from _apiece(view, draft)


def _apiece(view: View, draft: Draft) -> Iterator[Draft]:
    """A figure; one for each place where several have so many each ("Prague and Budapest have two stations apiece")."""
    low, high = view.clause(draft.at)
    lists = [j for j in view.where("C", "P", low=low, high=high) if len(view.tokens[j].members) > 1]
    if not lists or draft.slots["measure"] not in PLACED or not apiece(view, draft.at):
        yield draft
        return
    j = min(lists, key=lambda j: abs(j - draft.at))
    token, start, end = view.tokens[j], min(j, draft.start), max(j + 1, draft.end)
    for n, member in enumerate(token.members):
        city = token.kind == "P"
        country = str(token.data["codes"][n]) if city else view.memory.one_of(member.value)
        slots = {**draft.slots, "scope": country, "place": member.value if city else None}
        yield replace(draft, slots=slots, start=start, end=end, anchor=(member.start, member.end))


def counts(view: View, i: int) -> bool:
    """Whether a number may count things: no time, sum of money, age or part of a name."""
    tokens = view.tokens
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is not None and after.form == "、":  # the number of a heading
        return False
    if view.memory.text[tokens[i].end : tokens[i].end + 2].lstrip().startswith(("%", "％")):
        return False
    if after is not None and after.keys & {"time_unit", "no_count", "money", "age"} and "of_the" not in after.keys:
        return False
    if view.pack.settings.get("pro_drop") and i > 1 and tokens[i].cap and view.before_is(i, "definite"):
        return False  # "los Veintisiete"
    if view.pack.settings.get("pro_drop") and i == 0 and view.memory.text[tokens[0].end : tokens[0].end + 1] in ("/", ")"):
        return False  # "2/", the number of a post
    if view.before_is(i, "no_count_before"):
        return False
    return not (view.has("modal", low=view.clause(i)[0], high=i) and not view.cues)


def _network(view: View, i: int) -> str | None:
    """The part of a whole whose stations or staff are counted ("one police network hired 135 people for 21 stations")."""
    tokens, low = view.tokens, max(0, i - NETWORK)
    for j in view.where("one_network", low=low, high=i):
        return view.memory.text[tokens[j].start : tokens[j].end].lower()
    for j in view.where("network_word", low=low + 1, high=i):
        one = next((k for k in range(max(low, j - 2), j) if tokens[k].kind == "N" and tokens[k].data["value"] == 1), None)
        if one is not None:
            return view.memory.text[tokens[one].start : tokens[j].end].lower()
    return None


def figure(view: View, i: int, found: Count) -> Draft | None:
    """The figure that a number is, once it is known what it counts."""
    tokens, value, measure = view.tokens, int(view.tokens[i].data["value"]), found.measure
    qualifier = _qualifier(view, i)
    if i + 1 < len(tokens) and "plus" in tokens[i + 1].keys:
        qualifier = "at_least" if "or_more" in tokens[i + 1].keys else "more_than"
    if value == 0 or (value == 1 and measure not in ("stations", "countries")):
        return None
    scope, place, reach = scope_of(view, i, measure, found.end, value)
    operator = (
        blamed(view, i) or view.accused
        if measure in ("incidents", "plots", "persons_returned", "persons_targeted") and view.names_accused
        else None
    )
    if measure in ("stations", "staff"):
        operator = _network(view, i)
    if operator and operator == scope:
        scope, place = "world", None  # the state a share is laid to is not where it happened
    low, high = view.clause(i)
    status = None
    if measure == "stations":
        status = (
            "active"
            if view.has("still_active", low=low, high=high)
            else "closed"
            if view.has("closed_now", low=low, high=high)
            else None
        )
    start = next(
        (
            j
            for j in range(max(low, i - 4), i)
            if tokens[j].keys & {"counted", "set_up", "total"} and all(t.form != "," for t in tokens[j:i])
        ),
        i,
    )
    slots = {
        "measure": measure,
        "value": value,
        "qualifier": qualifier,
        "scope": scope,
        "place": place,
        "operator": operator,
        "status": status,
    }
    return Draft(
        "figure",
        slots,
        start,
        max(found.end, reach),
        i,
        f"figure.{measure.replace('_', '-')}",
        when=view.event_date(i, found.end),
    )


def _qualifier(view: View, i: int) -> str:
    """How exact a number is said to be; "questions about two" and "spread over two" say nothing of it."""
    tokens = view.tokens
    raised = view.has("raise_word", low=max(0, i - 9), high=i)  # "elevó la cuenta de 54 a 102" is no range
    if (end := range_end(view, i)) and not raised:
        return end
    for k in (j for j in (i + 1, i + 2, i + 3, i + 4) if j < len(tokens)):  # "once oficinas, como mínimo"
        if tokens[k].keys & _BEHIND and (k == i + 1 or tokens[k - 1].form == ","):
            return "at_least" if "least_behind" in tokens[k].keys else "approx"
    for back in (1, 2):
        for name in QUALIFIERS:
            if view.before_is(i, name, back=back):
                if name == "approx" and back == 2 and "definite" in tokens[i - 1].keys:
                    return "exact"  # "nothing to say about the two"
                k = next(k for k in view.where(name, low=max(0, i - back), high=i))
                if (
                    k
                    and tokens[k].keys & {"prep", "more_than", "approx"}
                    and " " not in tokens[k].form
                    and view.has("takes_prep", "spread", "probe", "probing", "concern", low=max(0, k - 1), high=k)
                ):
                    return "exact"
                return name
    rounded = tokens[i].form.split()[-1:] + tokens[i].form.split()[-2:-1]
    return "approx" if any(w in view.pack.numbers.get("round", ()) for w in rounded) else "exact"


_BEHIND = frozenset(("least_behind", "approx_behind"))
