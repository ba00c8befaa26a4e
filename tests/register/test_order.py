"""What keeps very many things in order: boards of a shelf, and parts of a sort outside of the memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.register import Basis, contradictions, indexed
from safeconduct.register.contradictions import RULES
from safeconduct.register.indexed import ByKind, Shelf
from safeconduct.workspace import sorting
from safeconduct.workspace.sorting import Sorted, spilled

from .helpers import claim
from .test_kept import SLOTS, SOURCES, TODAY, known


@given(st.lists(st.integers(0, 40), unique=True), st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=80))
def test_a_shelf_keeps_things_in_order(first: list[int], acts: list[tuple[bool, int]]) -> None:
    with patch.object(indexed, "BOARD", 4):
        there = {place: f"first {place}" for place in first}
        shelf = Shelf(there.items())
        for n, (put, place) in enumerate(acts):
            assert shelf.at(place) == there.get(place)
            if put:
                shelf.put(place, f"{n}")
                there[place] = f"{n}"
            elif place in there:
                shelf.take(place)
                del there[place]
            assert shelf.all() == [there[p] for p in sorted(there)]


def test_claims_by_kind_stay_in_order_until_they_are_let_go() -> None:
    kinds, where = enumerate((*SLOTS, *SLOTS[::-1])), SOURCES[0]
    pairs = [(claim(where, kind, slots, "publisher", 10 * n), where) for n, (kind, slots) in kinds]
    every = [known(p, "accept") for p in pairs]
    there = ByKind(every)
    assert there.all() == every and there.of(["site"]) == [s for s in every if s.claim.kind == "site"] != []
    assert there.of(["site", "figure"]) == [s for s in every if s.claim.kind in ("site", "figure")]
    first = there.of(["figure"])[0]
    there.keep(["site", "report"], {"site": lambda s: False, "figure": lambda s: s is first, "operator": lambda s: False})
    left = [s for s in every if s is first or s.claim.kind not in ("figure", "operator")]
    assert there.all() == left and there.of(["operator", "figure"]) == [first]
    assert there.of(["agreement", "site"]) == [s for s in every if s.claim.kind in ("agreement", "site")]
    assert not ByKind([]).all() and not ByKind([]).of(["site"])


@pytest.mark.parametrize("at_once", [1, 20, 1_000_000])
def test_sorting_by_parts_is_sorting_and_the_last_of_those_with_one_key_is_there(at_once: int) -> None:
    with patch.object(sorting, "PARTS", 7), Sorted(at_once) as found:
        for n in range(60):
            found.put((str(n * 37 % 20), "ключ\n"), {"n": n, "words": "zwei\nZeilen"})
        assert [(o["n"] * 37 % 20, o["n"] >= 40) for o in found.all()] == [(int(k), True) for k in sorted(map(str, range(20)))]


def test_contradictions_are_the_same_however_they_are_sorted() -> None:
    pairs = [
        (claim(where, kind, slots, by, 10 * n), where)
        for where in SOURCES for n, (kind, slots) in enumerate(SLOTS) for by in ("publisher", "org:a-group", "state:CN")
    ]  # fmt: skip
    statements = Basis((known(p, "accept") for p in pairs), TODAY).statements
    there = [c.as_json() for c in contradictions.contradictions(statements)]

    def found() -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
        return chain.from_iterable(contradictions.keyed(ByKind(statements), rule) for rule in RULES)

    assert there and list(contradictions.held(found())) == there
    with patch.object(sorting, "AT_ONCE", 1):
        assert list(spilled(found())) == there
