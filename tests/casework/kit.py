"""What the tests of the desk share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from safeconduct.envelope import b64, seal
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.letter import Answer, Report, write_answer, write_report
from safeconduct.envelope.roster import Former, write_roster
from safeconduct.envelope.words import mailbox_of

from ..envelope.people import (
    ORGANISATION,
    ROSTER,
    SIGNER,
    TODAY,
    WORDS,
    roster_of,
)

OTHER = bytes(range(100, 116))
CANARY = "the plum tree behind the school"
MAILBOX = mailbox_of(WORDS, SIGNER)


def sealed_answer(key: Key, number: int = 1, mailbox: bytes = MAILBOX) -> bytes:
    letter = Answer(mailbox, number, TODAY, "hello", key.verifying)
    return b"".join(seal(write_answer(letter, key.signing), ROSTER.sealed_to))


def put_into(mailbox: bytes, report: Report) -> bytes:
    """A letter of somebody else's, sealed, that says it is of this mailbox."""
    plain = b"".join(write_report(report))
    return b"".join(seal([plain.replace(b64(report.mailbox).encode(), b64(mailbox).encode())], ROSTER.sealed_to))


def signed_roster(desks: list[Key], issued: date, *former: Former) -> bytes:
    return write_roster(replace(roster_of(desks, issued), former=former), ORGANISATION.seed)
