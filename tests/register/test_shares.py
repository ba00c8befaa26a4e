"""Two shares of a register are the whole of it, though the lone one is made without most claims of other kinds."""

from __future__ import annotations

import json
from heapq import merge

from hypothesis import example, given, settings
from hypothesis import strategies as st

from safeconduct.claims import Claim
from safeconduct.register import Basis, Source
from safeconduct.register.parties import Parties
from safeconduct.register.shares import LONE_SHARE, OTHER_SHARE, lone, place

from .helpers import claim
from .test_kept import SLOTS, SOURCES, TODAY, known, statements

EVERYTHING = [
    ((claim(where, kind, slots, by, 10 * n), where), "accept")
    for where in SOURCES for n, (kind, slots) in enumerate(SLOTS) for by in ("publisher", "org:a-group", "state:CN")
]  # fmt: skip
ACTS = st.sampled_from(("accept", "accept", "accept", "retract", ""))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(statements(), ACTS), max_size=60), st.booleans())
@example(EVERYTHING, True)
def test_two_shares_are_the_whole(pairs: list[tuple[tuple[Claim, Source], str]], linked: bool) -> None:
    there = [known(pair, act) for pair, act in pairs]
    same = {"org:another": "org:a-group"} if linked else {}
    whole = Basis(there, TODAY, same=same)
    sites = [entry["id"] for section, entry in whole.parts() if section == "sites"]
    if linked and len(sites) > 1:
        same[sites[-1]] = sites[0]
    whole, other = (Basis(there, TODAY, same=same) for _ in range(2))
    first = Basis((s for s in there if lone(s.claim.kind, s.claim.slots.as_json())), TODAY, same=same)
    told = json.dumps(other.parties.as_json())
    lone_ones = first.parts(share=LONE_SHARE, parties=lambda: Parties.from_json(json.loads(told)))
    made = list(merge(lone_ones, other.parts(share=OTHER_SHARE), key=place))
    assert json.dumps(made) == json.dumps(list(whole.parts()))


def test_the_lone_share_leaves_claims_out_and_both_make_something() -> None:
    kept = [kind for kind, slots in SLOTS if lone(kind, slots)]
    assert 0 < len(kept) < len(SLOTS) and {"site", "report"}.isdisjoint(kept)
    assert not set(LONE_SHARE.sections) & set(OTHER_SHARE.sections) and not set(LONE_SHARE.rules) & set(OTHER_SHARE.rules)
