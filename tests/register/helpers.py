"""Small sources and claims for the tests of the register."""

from __future__ import annotations

from collections.abc import Mapping

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
