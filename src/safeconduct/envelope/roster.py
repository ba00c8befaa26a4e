"""Rosters: to whom reports are sealed, and whose answers are genuine, signed by the organisation's key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .sealing import check_recipient, public_of, sign, verify
from .wire import Refused, b64, day, items, keys, number, read_json, text, unb64

MOST_RECIPIENTS = 10
MOST_FORMER = 20
LARGEST = 262144  # bytes of a roster file
LIMIT = 104857600  # bytes of the largest parcel, unless a roster says otherwise
RETENTION = 365
_KEYS = ("v", "organisation", "signer", "issued", "expires", "addresses", "limit", "retention_days", "recipients", "former")


@dataclass(frozen=True)
class Recipient:
    """A caseworker as the roster names them: a role, never a person's name."""

    name: str
    recipient: str
    answer_key: bytes


@dataclass(frozen=True)
class Former:
    """The answer key of a caseworker who left: what it signed up to that day stays genuine."""

    answer_key: bytes
    until: date


@dataclass(frozen=True)
class Roster:
    """What an organisation signed."""

    organisation: str
    signer: bytes
    issued: date
    expires: date
    addresses: tuple[str, ...]
    limit: int
    retention_days: int
    recipients: tuple[Recipient, ...]
    former: tuple[Former, ...] = ()

    @property
    def sealed_to(self) -> list[str]:
        """The age recipients."""
        return [one.recipient for one in self.recipients]

    def desk_of(self, answer_key: bytes) -> Recipient | None:
        """The recipient with this answer key."""
        return next((one for one in self.recipients if one.answer_key == answer_key), None)

    def was_desk(self, answer_key: bytes, written: date) -> bool:
        """Whether an answer of that day is of a caseworker who had not left yet, but has since."""
        return any(one.answer_key == answer_key and written <= one.until for one in self.former)


def former_after(previous: Roster, recipients: Sequence[Recipient], left: date) -> list[Former]:
    """Who is former in a roster of these recipients that follows the previous one, the last to leave first."""
    known = [*(Former(one.answer_key, left) for one in previous.recipients), *previous.former]
    current = {one.answer_key for one in recipients}
    return sorted((one for one in known if one.answer_key not in current), key=lambda one: one.until, reverse=True)


def write_roster(roster: Roster, seed: bytes) -> bytes:
    """The signed file; ``seed`` is the organisation's key. Refused when the roster is not one that ``read_roster`` takes."""
    signed = json.dumps(
        {
            "v": 1, "organisation": roster.organisation, "signer": b64(public_of(seed)), "issued": roster.issued.isoformat(),
            "expires": roster.expires.isoformat(), "addresses": roster.addresses, "limit": roster.limit,
            "retention_days": roster.retention_days,
            "recipients": [
                {"name": one.name, "recipient": one.recipient, "answer_key": b64(one.answer_key)} for one in roster.recipients
            ],
            "former": [{"answer_key": b64(one.answer_key), "until": one.until.isoformat()} for one in roster.former],
        },
        ensure_ascii=False,
    )  # fmt: skip
    made = json.dumps({"signed": signed, "signature": b64(sign(seed, "roster", signed.encode()))}, ensure_ascii=False).encode()
    read_roster(made, roster.issued, public_of(seed))
    return made


def read_roster(data: bytes, today: date, signer: bytes | None = None) -> Roster:
    """The roster in a signed file, checked as of a day.

    ``signer`` is the organisation's public key where it is known; without it the roster only proves that its signer signed
    it, and people compare the fingerprint. Refused when anything about it is wrong.
    """
    if len(data) > LARGEST:
        raise Refused("This is too large for a roster.")
    outer = keys(read_json(data), ("signed", "signature"))
    signed = text(outer["signed"], LARGEST).encode()
    found = keys(read_json(signed), _KEYS)
    claimed = unb64(found["signer"], 32)
    if signer is not None and claimed != signer:
        raise Refused("The roster is signed by another organisation's key than the one known here; compare the fingerprints.")
    verify(claimed, "roster", signed, unb64(outer["signature"], 64))
    if type(found["v"]) is not int or found["v"] != 1:
        raise Refused("The roster is of another version of the protocol.")
    recipients = _recipients(found["recipients"])
    roster = Roster(
        text(found["organisation"], 200), claimed, day(found["issued"]), day(found["expires"]),
        tuple(text(one, 500) for one in items(found["addresses"], 10)), number(found["limit"], 65536, 1 << 40),
        number(found["retention_days"], 1, 36525), recipients,
        _former(found["former"], recipients),
    )  # fmt: skip
    if roster.expires <= roster.issued or today > roster.expires:
        raise Refused("The roster has expired; ask the organisation for a new one.")
    return roster


def _recipients(found: object) -> tuple[Recipient, ...]:
    made = [_recipient(keys(one, ("name", "recipient", "answer_key"))) for one in items(found, MOST_RECIPIENTS)]
    alike: Sequence[Sequence[object]] = [
        [one.name for one in made],
        [one.recipient for one in made],
        [one.answer_key for one in made],
    ]
    if not made or any(len(set(column)) != len(made) for column in alike):
        raise Refused(f"A roster has 1 to {MOST_RECIPIENTS} recipients, no two alike.")
    return tuple(made)


def _former(found: object, recipients: Sequence[Recipient]) -> tuple[Former, ...]:
    made = [keys(one, ("answer_key", "until")) for one in items(found, MOST_FORMER)]
    former = tuple(Former(unb64(one["answer_key"], 32), day(one["until"])) for one in made)
    known = [*(one.answer_key for one in recipients), *(one.answer_key for one in former)]
    if len(set(known)) != len(known):
        raise Refused("A former answer key stands twice in the roster, or is a current one too.")
    return former


def _recipient(found: dict[str, Any]) -> Recipient:
    recipient = check_recipient(text(found["recipient"], 4096))
    return Recipient(text(found["name"], 100), recipient, unb64(found["answer_key"], 32))
