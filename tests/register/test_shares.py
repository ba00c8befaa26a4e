"""Two shares of a register are the whole of it, though the lone one is made without most claims of other kinds."""

from __future__ import annotations

import json
from heapq import merge

from hypothesis import example, given, settings
from hypothesis import strategies as st

from safeconduct.claims import Claim
from safeconduct.register import Source, Statement
from safeconduct.register.parties import Parties
from safeconduct.register.parts import Parts, made
from safeconduct.register.shares import DEALINGS_SHARE, NUMBERS_SHARE, OTHER_SHARE, WHOLE, Share, place

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
    sites = [entry["id"] for section, entry in made([Parts(there, TODAY, same=same)]) if section == "sites"]
    if linked and len(sites) > 1:
        same[sites[-1]] = sites[0]
    other = Parts(there, TODAY, same=same, share=OTHER_SHARE)
    told = json.dumps(other.parties.as_json())
    some = (Parts(needed(there, share), TODAY, same=same, share=share) for share in (NUMBERS_SHARE, DEALINGS_SHARE))
    parts = list(merge(made(some, parties=lambda: Parties.from_json(json.loads(told))), made([other]), key=place))
    assert json.dumps(parts) == json.dumps(list(made([Parts(there, TODAY, same=same)])))


def test_each_share_leaves_claims_out_and_each_makes_something() -> None:
    shares = (NUMBERS_SHARE, DEALINGS_SHARE, OTHER_SHARE)
    for share in shares[:2]:
        kept = [kind for kind, slots in SLOTS if kind in share.kinds and share.needed(kind, slots)]
        assert 0 < len(kept) < len(SLOTS) and {"site", "report"}.isdisjoint(kept)
    assert sorted(name for share in shares for name in share.sections) == sorted(set(WHOLE.sections) - {"contradictions"})
    assert [rule for share in shares for rule in share.rules] == list(WHOLE.rules)


def needed(statements: list[Statement], share: Share) -> list[Statement]:
    """The claims that are read for a share."""
    told = [(s, s.claim.kind, s.claim.slots.as_json()) for s in statements]
    return [s for s, kind, slots in told if kind in share.kinds and share.needed(kind, slots)]
