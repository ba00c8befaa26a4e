"""An organisation with three caseworkers, and a reporter, with fixed keys that never leave the tests."""

from __future__ import annotations

from datetime import date

from safeconduct.envelope import recipient_of, seal
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.letter import Attachment, Report, write_report
from safeconduct.envelope.parcel import write_parcel
from safeconduct.envelope.roster import Recipient, Roster, write_roster
from safeconduct.envelope.words import mailbox_of, reply_identity_of, token_of

TODAY = date(2026, 11, 26)
ORGANISATION = Key("organisation", bytes(range(32)))
DESKS = [Key("caseworker", bytes([number]) * 32) for number in (1, 2, 3)]
WORDS = bytes(range(16))
SIGNER = ORGANISATION.verifying


def roster_of(desks: list[Key], issued: date = TODAY, address: str = "https://line.example.org") -> Roster:
    recipients = tuple(Recipient(f"desk {n}", key.recipient, key.verifying) for n, key in enumerate(desks, 1))
    return Roster(
        "Example", SIGNER, issued, date(issued.year + 1, 5, 26), (address,), 104857600, 365, recipients
    )  # fmt: skip


ROSTER = roster_of(DESKS)
ROSTER_FILE = write_roster(ROSTER, ORGANISATION.seed)


def report_of(what: str, words: bytes = WORDS, files: tuple[bytes, ...] = (), kind: str = "report") -> Report:
    return Report(
        kind, mailbox_of(words, SIGNER), recipient_of(reply_identity_of(words, SIGNER)), "fa", TODAY,  # type: ignore[arg-type]
        {"what": what, "risk": "همه"}, {"what": ("help",), "risk": ("help", "count")},
        tuple(Attachment(f"{n}.jpg", "image/jpeg", len(one), "removed", ("help",)) for n, one in enumerate(files, 1)),
    )  # fmt: skip


def sealed_report(report: Report, files: tuple[bytes, ...] = (), recipients: list[str] | None = None) -> bytes:
    return b"".join(seal(write_report(report, [[one] for one in files]), recipients or ROSTER.sealed_to))


def parcel_of(report: Report, words: bytes = WORDS, files: tuple[bytes, ...] = ()) -> bytes:
    return write_parcel(report.mailbox, token_of(words, SIGNER)) + sealed_report(report, files)
