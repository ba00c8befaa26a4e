"""What the tests of the desk share."""

from __future__ import annotations

from datetime import date

from safeconduct.envelope import seal
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.letter import Answer, write_answer
from safeconduct.envelope.roster import write_roster
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


def signed_roster(desks: list[Key], issued: date) -> bytes:
    return write_roster(roster_of(desks, issued), ORGANISATION.seed)
