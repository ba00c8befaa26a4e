"""A letter on a terminal, or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from safeconduct.casework import Opened
from safeconduct.envelope.letter import PARTS, Answer

from ..common import note, plain
from .common import shown

ASKED = {
    "what": "What happened", "when": "When", "where": "Where", "risk": "Who could be hurt if this were known",
    "contact": "How and whether to be contacted",
}  # fmt: skip
MAY = {
    "help": "to help", "refer": "may be passed to a partner who can help", "count": "may be counted",
    "register": "may become a claim in the public register, never as a person",
}  # fmt: skip
METADATA = {"removed": "metadata removed", "kept": "the original, with its metadata", "unknown": "metadata not looked at"}


def letter_as_dict(opened: Opened, signed_by: str) -> dict[str, Any]:
    """An opened letter as JSON, without the reply key."""
    letter = opened.letter
    told: dict[str, Any] = {"written": letter.written.isoformat(), "warnings": list(opened.warnings)}
    if isinstance(letter, Answer):
        return {**told, "type": "answer", "number": letter.number, "signed_by": signed_by, "text": letter.text}
    return {
        **told, "type": letter.type, "language": letter.language, "parts": dict(letter.parts), "uses": dict(letter.uses),
        "attachments": [vars(one) for one in letter.attachments],
    }  # fmt: skip


def print_letter(opened: Opened, signed_by: str, saved: Sequence[Path]) -> None:
    """An opened letter for people: warnings first, then each part with what it may be used for."""
    letter = opened.letter
    for warning in opened.warnings:
        click.secho(f"! {warning}", err=True, bold=True)
    if isinstance(letter, Answer):
        click.echo(f"answer {letter.number} of {letter.written}, signed by {plain(signed_by) or 'an unknown desk'}\n")
        click.echo(shown(letter.text))
        return
    click.echo(f"{letter.type} of {letter.written}, language {plain(letter.language)}")
    for name in (one for one in PARTS if one in letter.parts):
        click.echo(f"\n── {ASKED[name]} ({'; '.join(MAY[use] for use in letter.uses[name])})\n{shown(letter.parts[name])}")
    for number, one in enumerate(letter.attachments, 1):
        may, about = "; ".join(MAY[use] for use in one.uses), f"{plain(one.type)}, {one.size} bytes, {METADATA[one.metadata]}"
        click.echo(f"\n── Attachment {number}: {plain(one.name)}, {about} ({may})")
    for path in saved:
        note(f"In the clear now: {path}")
