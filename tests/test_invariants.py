"""The invariants of the design over whole workspaces."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct import Workspace

DAY = date(2026, 6, 1)
SENTENCES = (
    "According to Safeguard Defenders, China has set up 54 police service stations in 30 countries.",
    "The Dutch government has ordered China to close its police stations in the Netherlands.",
    "Beijing denied that it runs police stations abroad.",
    "Germany has opened an investigation into Chinese police stations in Frankfurt.",
    "A man crossed the street.",
    "𠮷田さん wrote “nothing” — 福州\r\n",
)
texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5).map(" ".join)


def built(folder: Path, contents: list[str], reject: bool) -> Workspace:
    workspace = Workspace.init(folder, clock=lambda: datetime(2026, 3, 1, tzinfo=UTC))
    for n, content in enumerate(contents):
        (folder / f"{n}.txt").write_text(content, encoding="utf-8", newline="")
        workspace.add(folder / f"{n}.txt", given={"published": "2022-09"})
    workspace.extract()
    workspace.decide("accept", by="A")
    if reject and (first := workspace.statements()[:1]):
        workspace.decide("reject", [first[0].claim.id], by="B")
    return workspace


def as_bytes(workspace: Workspace) -> str:
    return json.dumps(workspace.register(as_of=DAY).as_json(), ensure_ascii=False)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(texts, min_size=1, max_size=3, unique=True), st.booleans())
def test_a_workspace_is_grounded_reproducible_and_a_set(contents: list[str], reject: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        one, two = built(root / "one", contents, reject), built(root / "two", contents[::-1], False)
        for statement in one.statements():  # grounded
            text = one.text(statement.claim.text)
            assert text[statement.claim.start : statement.claim.end] == statement.claim.quote
        assert as_bytes(one) == as_bytes(Workspace(root / "one"))  # reproducible
        before, head = as_bytes(one), one.ledger.head()
        for n in range(len(contents)):  # a set: the same again changes nothing
            assert [a.new for a in one.add(root / "one" / f"{n}.txt")] == [False]
        assert one.extract() == []
        assert one.decide("reject" if not one.statements() else "accept", [], by="A") == []
        assert (as_bytes(one), one.ledger.head()) == (before, head)
        records_one, records_two = list(one.ledger.records()), list(two.ledger.records())
        one.ledger.merge(records_two)  # merged in either order
        two.ledger.merge(records_one)
        assert as_bytes(one) == as_bytes(two)
        assert list(one.ledger.flaws()) == list(two.ledger.flaws()) == []
        one.ledger.close()
        two.ledger.close()
