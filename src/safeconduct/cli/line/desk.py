"""Commands of a caseworker: join, fetch, list, read, answer, open, reseal, delete."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from safeconduct.casework import Desk, DeskError, Folder, Kept, open_file, save_attachments
from safeconduct.envelope.letter import Answer
from safeconduct.envelope.words import fingerprint

from ..common import Failure, json_option, note, plain, print_json, print_table, progress
from .common import FILE, desk_option, lock_options, open_desk, open_key, today
from .letters import letter_as_dict, print_letter

message_argument = click.argument("message", metavar="MESSAGE")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--roster", type=FILE, required=True, help="The organisation's roster, given to you by hand.")
@click.option("--key", type=FILE, required=True, help="Your caseworker's key; only its place is remembered.")
@click.option("--address", help="Where the server is; default: the first address in the roster.")
@click.option("--proxy", metavar="ADDRESS", help="Go through Tor: socks5h://127.0.0.1:9050; needed for an onion address.")
@json_option
def join(folder: Path, roster: Path, key: Path, address: str | None, proxy: str | None, as_json: bool) -> None:
    """Make a desk in DIR, where a caseworker fetches and answers, and pin the organisation's key.

    Compare the six words that it prints with the organisation's on paper. From then on only rosters signed with this key are
    accepted, whatever the server shows. Put DIR on an encrypted disk: letters in it are sealed, but how many there are shows.
    """
    data = roster.read_bytes()
    where = address or _first_address(data)
    made = Desk.join(folder, data, key, where, proxy, today())
    words = " ".join(fingerprint(made.signer))
    if as_json:
        print_json({"desk": str(folder), "organisation": made.organisation, "fingerprint": words, "address": where})
    else:
        click.echo(f"A desk of {plain(made.organisation)} in {folder}. Do these words stand on the organisation's paper?")
        click.echo(f"\n  {words}\n")
        click.echo(f"If not, delete the folder. If so: safeconduct line fetch --desk {folder}")


@click.command()
@desk_option
@lock_options
@json_option
def fetch(where: Path, password_file: Path | None, token: Path | None, as_json: bool) -> None:
    """Download every message that is not here yet, sealed as it is, and the newest roster.

    May be stopped and started again: what was downloaded stays. Exit code 1 when something the server shows is not genuine.
    """
    with open_desk(where, password_file, token) as desk, progress("Fetching") as show:
        done = desk.fetch(show)
    if as_json:
        print_json({
            "new": [_kept(one) for one in done.new], "gone": [_kept(one) for one in done.gone], "problems": list(done.problems),
        })  # fmt: skip
    else:
        _table(done.new)
        note(f"{len(done.new)} new messages.")
        for one in done.gone:
            note(f"{one.id} is no more on the server: its person deleted it, or its time is over. Delete it here too.")
        for problem in done.problems:
            note(plain(problem))
    if done.problems:
        raise Failure(f"{len(done.problems)} things are not as they should be; tell the organisation before you answer.")


@click.command("list")
@desk_option
@json_option
def list_(where: Path, as_json: bool) -> None:
    """List the messages of the desk by mailbox, oldest first. Asks for no key: what they say stays sealed."""
    found = sorted(Folder(where).messages(), key=lambda one: (one.listed.mailbox, one.listed.day, one.listed.id))
    if as_json:
        print_json([_kept(one) for one in found])
    else:
        _table(found)
        note(f"{len(found)} messages; open one with `safeconduct line read MESSAGE` (the beginning of its id is enough).")


@click.command()
@message_argument
@click.option("--save", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Write the attachments IN THE CLEAR into this folder.")  # fmt: skip
@click.option("--only", type=click.IntRange(1), multiple=True, metavar="N",
              help="With --save: only attachment N; may be repeated.")  # fmt: skip
@desk_option
@lock_options
@json_option
def read(
    message: str, save: Path | None, only: tuple[int, ...], where: Path, password_file: Path | None, token: Path | None,
    as_json: bool,
) -> None:
    """Open a message and print it, with what each part may be used for. Nothing is written to disk.

    Attachments are listed, and saved only with --save: open them on a machine without a network, since a file can carry an
    attack, and delete them afterwards.
    """
    with open_desk(where, password_file, token) as desk:
        kept = desk.find(message)
        opened = desk.read(kept)
        name = desk.signed_by(opened.letter) if isinstance(opened.letter, Answer) else ""
        saved = desk.save(kept, save, only or None) if save else []
    if as_json:
        print_json(_kept(kept) | letter_as_dict(opened, name) | {"saved": [str(path) for path in saved]})
    else:
        print_letter(opened, name, saved)


@click.command("open")
@click.argument("file", type=FILE)
@click.option("--key", type=FILE, required=True, help="A caseworker's key.")
@click.option("--save", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Write the attachments IN THE CLEAR into this folder.")  # fmt: skip
@lock_options
@json_option
def open_(file: Path, key: Path, save: Path | None, password_file: Path | None, token: Path | None, as_json: bool) -> None:
    """Open a parcel that came by another way (the portable form, a stick, an e-mail), or a bare age file, and print it."""
    opened_with = open_key(key, password_file, token)
    opened = open_file(file, opened_with.identity)
    saved = save_attachments(file, opened_with.identity, save) if save else []
    if as_json:
        print_json(letter_as_dict(opened, "") | {"saved": [str(path) for path in saved]})
    else:
        print_letter(opened, "", saved)


@click.command()
@message_argument
@click.option("--file", "source", type=click.File(encoding="utf-8"), default="-", metavar="FILE",
              help="The answer's text; default: type it, and end with Ctrl-D on a line of its own.")  # fmt: skip
@desk_option
@lock_options
@json_option
def answer(message: str, source: Any, where: Path, password_file: Path | None, token: Path | None, as_json: bool) -> None:
    """Answer a report: sign a text, seal it to its reply key and to all caseworkers, and leave it in its mailbox.

    At most 8 000 characters. Write nothing that hurts if the wrong person reads it over their shoulder.
    """
    with open_desk(where, password_file, token) as desk:
        kept = desk.find(message)
        if source.isatty():
            note("Type the answer; end with Ctrl-D on a line of its own. Ctrl-C sends nothing.")
        made = desk.answer(kept, source.read())
    if as_json:
        print_json(_kept(made))
    else:
        click.echo(f"The answer waits in the mailbox; here it is {made.id}.")


@click.command()
@desk_option
@lock_options
@json_option
def reseal(where: Path, password_file: Path | None, token: Path | None, as_json: bool) -> None:
    """Seal every message anew to the newest roster, on the server and here: a caseworker left, or came.

    Put the new roster on the server first. Only the wrapped keys are replaced. Who left can open nothing any more that they
    kept no copy of. May be stopped and started again; each caseworker runs it in their own desk.
    """
    with open_desk(where, password_file, token) as desk, progress("Sealing") as show:
        done, problems = desk.reseal(show)
    if as_json:
        print_json({"resealed": done, "problems": problems})
    else:
        click.echo(f"Sealed {done} messages to the newest roster.")
        for problem in problems:
            note(plain(problem))
    if problems:
        raise Failure(f"{len(problems)} messages could not be sealed anew; somebody whose key opens them can.")


@click.command()
@message_argument
@click.option("--mailbox", is_flag=True, help="Everything in the mailbox of this message.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@desk_option
@lock_options
@json_option
def delete(
    message: str, mailbox: bool, yes: bool, where: Path, password_file: Path | None, token: Path | None, as_json: bool
) -> None:
    """Destroy a message on the server and here, or with --mailbox everything that was sent and answered there.

    It cannot be undone. Other caseworkers' desks keep their copies until they delete them; their next fetch tells them.
    """
    with open_desk(where, password_file, token) as desk:
        kept = desk.find(message)
        if not yes:
            click.confirm(f"Destroy {'the whole mailbox of ' if mailbox else ''}{kept.id}?", abort=True, err=True)
        count = desk.delete(kept, mailbox=mailbox)
    if as_json:
        print_json({"deleted": count})
    else:
        click.echo(f"Destroyed {count} messages here, and on the server.")


def _first_address(data: bytes) -> str:
    from safeconduct.envelope.roster import read_roster

    addresses = read_roster(data, today()).addresses
    if not addresses:
        raise DeskError("The roster names no address; give one with --address.")
    return addresses[0]


def _kept(one: Kept) -> dict[str, Any]:
    listed = one.listed
    return {
        "message": one.id, "mailbox": listed.mailbox.hex(), "kind": listed.kind, "day": listed.day.isoformat(),
        "bytes": listed.size, "gone": one.gone,
    }  # fmt: skip


def _table(found: Sequence[Kept]) -> None:
    head = ["message", "mailbox", "kind", "day", "bytes", ""]
    rows = [
        [one.id[:12], listed.mailbox.hex()[:12], listed.kind, listed.day, listed.size, "gone" if one.gone else ""]
        for one in found
        for listed in [one.listed]
    ]
    print_table(head, rows, [12, 12, 8, 10, 12, 6])
