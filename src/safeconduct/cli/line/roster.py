"""Commands on rosters: new, show."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from safeconduct.casework import DeskError
from safeconduct.envelope import b64, unb64
from safeconduct.envelope.roster import (
    LIMIT,
    MOST_FORMER,
    RETENTION,
    Former,
    Recipient,
    Roster,
    former_after,
    read_roster,
    write_roster,
)
from safeconduct.envelope.words import fingerprint

from ..common import Group, json_option, note, plain, print_json
from .common import FILE, NEW, lock_options, open_key, today, write_private
from .keys import read_pub


@click.group("roster", cls=Group)
def roster() -> None:
    """Make and check rosters: to whom reports are sealed, and whose answers are genuine.

    \b
      safeconduct line roster new roster.json --key org.key --organisation "Example" \\
        --address https://line.example.org --desk "desk 1" desk1.key.pub --desk "desk 2" desk2.key.pub
      safeconduct line roster show roster.json

    Make a new one before it expires, and whenever a caseworker comes or leaves, with the one before it as --previous; then
    put it on the server.
    """


@roster.command()
@click.argument("out", type=NEW)
@click.option("--key", type=FILE, required=True, help="The organisation's key, always the same one.")
@click.option("--organisation", required=True, help="The name that reporters see.")
@click.option("--address", "addresses", multiple=True, required=True,
              help="Where the line is: https://… or http://….onion; may be repeated.")  # fmt: skip
@click.option("--desk", "desks", type=(str, FILE), multiple=True, required=True, metavar="ROLE PUB",
              help="A caseworker's role (never a name) and their .pub; 1 to 10 times.")  # fmt: skip
@click.option("--previous", type=FILE, metavar="ROSTER",
              help="The roster before this one: answers of who is not in the new one stay genuine up to today.")  # fmt: skip
@click.option("--stolen", type=FILE, multiple=True, metavar="PUB",
              help="With --previous: a key that others may have; none of its answers is genuine any more.")  # fmt: skip
@click.option("--days", type=click.IntRange(1, 400), default=181, show_default=True, help="How long it holds.")
@click.option("--limit", type=click.IntRange(65536), default=LIMIT, show_default=True, help="The largest parcel in bytes.")
@click.option("--retention-days", type=click.IntRange(1, 36525), default=RETENTION, show_default=True,
              help="How long the server keeps what is sent.")  # fmt: skip
@lock_options
@json_option
def new(
    out: Path, key: Path, organisation: str, addresses: tuple[str, ...], desks: tuple[tuple[str, Path], ...],
    previous: Path | None, stolen: tuple[Path, ...], days: int, limit: int, retention_days: int, password_file: Path | None,
    token: Path | None, as_json: bool,
) -> None:
    """Sign a roster with the organisation's key and write it into OUT.

    Compare each caseworker's six words by voice first (`safeconduct line keys show desk1.key.pub`): whoever's public half is
    in the roster can read every report.

    With --previous, which may have expired, caseworkers who left become former ones: people can still read what they
    answered up to today. Whoever has such a key and the server too could date an answer back: say of a stolen one --stolen.
    """
    if out.exists():
        raise DeskError(f"{out} is there already; a roster is not written over.")
    signing = open_key(key, password_file, token)
    if signing.kind != "organisation":
        raise DeskError("A roster is signed with the organisation's key; this is a caseworker's.")
    recipients = tuple(_recipient(role, file) for role, file in desks)
    made = Roster(
        organisation, signing.verifying, today(), today() + timedelta(days=days), addresses, limit, retention_days,
        recipients, _former(previous, signing.verifying, recipients, stolen),
    )  # fmt: skip
    write_private(out, write_roster(made, signing.seed))
    out.chmod(0o644)
    _tell(made, as_json)


@roster.command()
@click.argument("file", type=FILE)
@click.option("--signer", type=FILE, metavar="PUB", help="The organisation's .pub: refuse a roster of anybody else.")
@json_option
def show(file: Path, signer: Path | None, as_json: bool) -> None:
    """Check a roster's signature and day, and print what it says with its signer's six words.

    The signature shows that the signer signed it; the six words, compared with those on paper, show who the signer is.
    """
    known = None
    if signer:
        kind, public = read_pub(signer.read_bytes())
        if kind != "organisation":
            raise DeskError("This is a caseworker's public half; rosters are signed by the organisation's key.")
        known = unb64(public, 32)
    _tell(read_roster(file.read_bytes(), today(), known), as_json)


def _former(
    previous: Path | None, signer: bytes, recipients: tuple[Recipient, ...], stolen: tuple[Path, ...]
) -> tuple[Former, ...]:
    if previous is None:
        if stolen:
            raise click.UsageError("--stolen says what not to take over from --previous; give that too.")
        return ()
    found = former_after(read_roster(previous.read_bytes(), date.min, signer), recipients, today())
    for file in stolen:
        key = _recipient("stolen", file).answer_key
        if key not in (one.answer_key for one in found):
            raise DeskError(f"{file} is stolen, so it must be in the previous roster and not in this one.")
        found = [one for one in found if one.answer_key != key]
    if found[MOST_FORMER:]:
        lost = len(found) - MOST_FORMER
        note(f"A roster names {MOST_FORMER} former keys: answers of the {lost} that left first are not genuine any more.")
    return tuple(found[:MOST_FORMER])


def _recipient(role: str, file: Path) -> Recipient:
    kind, public = read_pub(file.read_bytes())
    if kind != "caseworker":
        raise DeskError(f"{file} is not the public half of a caseworker's key.")
    recipient, _, verifying = public.rpartition(".")
    return Recipient(role, recipient, unb64(verifying, 32))


def _tell(made: Roster, as_json: bool) -> None:
    words = " ".join(fingerprint(made.signer))
    if as_json:
        print_json(as_dict(made) | {"fingerprint": words})
        return
    click.echo(f"{plain(made.organisation)}, {made.issued} to {made.expires}\n\n  {words}\n")
    for address in made.addresses:
        click.echo(f"at {plain(address)}")
    for one in made.recipients:
        click.echo(f"to {plain(one.name)}")
    for left in made.former:
        click.echo(f"answers of {b64(left.answer_key)} up to {left.until}")
    click.echo(f"parcels up to {made.limit} bytes, kept {made.retention_days} days")


def as_dict(made: Roster) -> dict[str, Any]:
    """A roster as JSON."""
    return {
        "organisation": made.organisation, "signer": b64(made.signer), "issued": made.issued.isoformat(),
        "expires": made.expires.isoformat(), "addresses": list(made.addresses), "limit": made.limit,
        "retention_days": made.retention_days,
        "recipients": [
            {"name": one.name, "recipient": one.recipient, "answer_key": b64(one.answer_key)} for one in made.recipients
        ],
        "former": [{"answer_key": b64(one.answer_key), "until": one.until.isoformat()} for one in made.former],
    }  # fmt: skip
