"""Small sources and claims for the tests of the register."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from safeconduct import Workspace
from safeconduct.claims import Attribution, Claim, make_slots, sha256
from safeconduct.register import Decision, Source


def source(name: str, published: str | None = "2022-09", obtained: str = "2026-01-01T00:00:00Z") -> Source:
    return Source(capture=sha256(name), text=sha256("text of " + name), name=name, media_type="text/plain",
                  obtained_at=obtained, published=published, publisher="The Paper", language="en")  # fmt: skip


def claim(where: Source, kind: str, slots: Mapping[str, object], by: str = "publisher", at: int = 0, **more: object) -> Claim:
    via = tuple(more.pop("via", ()))  # type: ignore[call-overload]
    stance = more.pop("stance", "asserts")
    return Claim(text=where.text, start=at, end=at + 4, quote="word", slots=make_slots(kind, dict(slots)),
                 attribution=Attribution(by, via, stance), **more)  # type: ignore[arg-type] # fmt: skip


def decision(which: Claim, act: str = "accept", at: str = "2026-02-01T00:00:00.000000Z", id_: str = "d") -> Decision:
    return Decision(id=id_, claim=which.id, act=act, at=at, by="a reviewer")  # type: ignore[arg-type]


SHARED = Path(__file__).parents[3] / "shared"
OURS = Path(__file__).with_name("real_claims.jsonl")  # the two documents whose annotation is not among the shared ones


def real_workspace(folder: Path) -> Workspace:
    """A workspace with the claims of five real documents, imported and accepted; skips where they are not beside the
    checkout."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("the real documents are not beside this checkout")
    lines = [line for f in sorted((SHARED / "gold").glob("*.jsonl")) for line in f.read_text(encoding="utf-8").splitlines()]
    for line in OURS.read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        text = (SHARED / "sources" / value["doc"]).read_text(encoding="utf-8")
        lines.append(json.dumps({**value, "quote": text[value["start"] : value["end"]]}))
    (folder / "claims.jsonl").write_text("\n".join(lines), encoding="utf-8")
    workspace = Workspace.init(folder / "workspace")
    done = workspace.import_claims(folder / "claims.jsonl", texts=SHARED / "sources")
    assert (done.new, done.refused) == (len(lines), ())
    assert workspace.import_claims(folder / "claims.jsonl", texts=SHARED / "sources").new == 0
    workspace.decide("accept", by="a test")
    return workspace
