"""What a whole register is read from is what everything else is read from, however late a claim was decided on."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from unittest.mock import patch

import pytest

from safeconduct import Workspace
from safeconduct.ledger import Record
from safeconduct.register import Decision
from safeconduct.register.shares import NUMBERS_SHARE, WHOLE
from safeconduct.workspace import reading

WORDS = "Safeguard Defenders says that China runs a police station in {}, Germany."
CITIES = ("Frankfurt", "Munich", "Hamburg", "Cologne", "Dresden", "Leipzig", "Bremen", "Bonn")
ACTS = ((), ("accept",), ("reject",), ("accept", "accept"), ("accept", "retract"), ("reject", "accept"), ("retract", "accept"))


def decided(claim: str, act: str, at: int) -> Record:
    why = '"act":"accept"'  # free words do not pass for the act itself
    return Record("decision", claim, {"act": act, "by": "A", "why": why, "at": f"2026-01-01T00:00:00.{at:06}Z"})


@pytest.mark.parametrize(("together", "late"), [*product((1, 2, 500), (False, True))])
def test_claims_are_read_with_their_decisions_however_late_these_came(tmp_path: Path, together: int, late: bool) -> None:
    workspace = Workspace.init(tmp_path / "w")
    acts: list[Record] = []
    for n, city in enumerate(CITIES):
        (tmp_path / f"{city}.txt").write_text(WORDS.format(city), encoding="utf-8")
        workspace.add(tmp_path / f"{city}.txt")
        workspace.extract()
        (claim,) = (s.claim.id for s in workspace.statements() if s.source.name == f"{city}.txt")
        acts += [decided(claim, act, 10 * n + k) for k, act in enumerate(ACTS[n % len(ACTS)])]
        if not late:
            workspace.ledger.append(acts)
            acts = []
    workspace.ledger.append(acts[::-1])  # the time of a decision counts, not that of its recording
    upto = workspace.ledger.head()[0]
    span = reading.Span(workspace.ledger, upto=upto)
    every = [s.claim.id for s in workspace.statements()]
    behind = [decided(claim, "accept", 90) for claim in every]
    workspace.ledger.append(behind[::2])
    wanted = {(s.claim.id, s.status) for s in reading.statements(span) if s.status != "rejected"}

    def undecided() -> set[str]:
        workspace.ledger.append(behind[1::2])  # meanwhile, by somebody else
        return workspace.ledger.subjects_lacking("proposal", "decision")

    with patch.object(reading, "TOGETHER", together):
        bare = reading.Bare(workspace.ledger, upto, undecided)
        found, accepted = list(bare.statements(WHOLE, include_proposed=True)), list(bare.statements(WHOLE))
    assert sorted((s.claim.id, s.status) for s in found) == sorted(wanted)
    assert {s.status for s in found} == {"proposed", "accepted", "retracted"}
    assert {(s.claim.id, s.status) for s in accepted} == {w for w in wanted if w[1] != "proposed"}
    sites = bare.statements(replace(WHOLE, kinds=("figure", "site")), include_proposed=True)
    assert {s.claim.id for s in sites} == {s.claim.id for s in found if s.claim.kind == "site"}
    assert not list(bare.statements(NUMBERS_SHARE, include_proposed=True))
    withdrawn = [s.decision for s in found if s.status == "retracted"]
    assert withdrawn == [d and Decision(d.id, d.claim, "retract", d.at, "") for d in withdrawn]


@pytest.mark.parametrize("bare", [False, True])
def test_what_is_cited_of_a_source_stays_as_it_is_recorded(bare: bool) -> None:
    captured = {"name": "", "media_type": "", "obtained_at": "2026-01-01T00:00:00Z", "url": "https://a.example/", "given": {}}
    read = {"title": "A title", "publisher": "A paper", "published": None, "language": "en"}
    found = reading._Sources(bare=bare)
    found.put(("capture", "r1", "c1", json.dumps(captured)))
    found.put(("text", "r2", "c1", json.dumps({"text": "t1", "read": read})))
    (source,) = found.all()
    assert (source.name, source.media_type, source.publisher, source.published) == ("", "", "A paper", None)
    assert (source.title, source.url) == ((None, None) if bare else ("A title", "https://a.example/"))
