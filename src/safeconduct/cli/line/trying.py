"""The whole line on one machine, to try it: keys, roster, server and a caseworker's desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from safeconduct.casework import Desk, Folder
from safeconduct.envelope.keyfile import Kind, new_key, write_key
from safeconduct.envelope.roster import LIMIT, RETENTION, Recipient, Roster, write_roster
from safeconduct.envelope.words import fingerprint

from ..common import Failure, json_option, print_json
from .common import today, token_bytes, write_private

PARTS = ("org.key", "desk.key", "token", "roster.json", "server", "desk")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="line-demo", metavar="[DIR]")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option("--no-serve", is_flag=True, help="Only make it.")
@json_option
def demo(folder: Path, port: int, no_serve: bool, as_json: bool) -> None:
    """Make a line to try on this machine in DIR (default: line-demo) and serve it.

    Everything lies together in DIR, keys and all, locked with a token file beside them: never use it for people in danger.
    Run it again, and what was made is served again.
    """
    from safeconduct.line.folder import init
    from safeconduct.line.serve import serve

    missing = [part for part in PARTS if not (folder / part).exists()]
    if missing and folder.exists() and any(folder.iterdir()):
        raise Failure(f"{folder} holds something else than a demo; name an empty or a new folder.")
    address = f"http://127.0.0.1:{port}"
    if missing:
        _make(folder, address)
        init(folder / "server", folder / "roster.json")
    words = " ".join(fingerprint(Folder(folder / "desk").roster().signer))
    if as_json:
        print_json({"folder": str(folder), "address": address, "fingerprint": words})
    else:
        click.echo(
            f"A line to try. The reporter opens {address} and compares these six words:\n\n  {words}\n\n"
            f"The caseworker, in another terminal:\n\n"
            f"  cd {folder / 'desk'}\n"
            f"  safeconduct line fetch --token ../token\n"
            f"  safeconduct line list\n"
            f"  safeconduct line read MESSAGE --token ../token\n"
            f"  safeconduct line answer MESSAGE --token ../token\n"
        )
    if not no_serve:
        serve(folder / "server", port=port, ready=lambda at: click.echo(f"Serving {at} (Ctrl-C stops it).", err=as_json))


def _make(folder: Path, address: str) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    token = token_bytes(folder / "token", make=True)
    kinds: tuple[Kind, Kind] = ("organisation", "caseworker")
    org, desk = map(new_key, kinds)
    for name, key in (("org.key", org), ("desk.key", desk)):
        write_private(folder / name, write_key(key, None, token))
    roster = Roster(
        "Example", org.verifying, today(), today() + timedelta(days=181), (address,), LIMIT, RETENTION,
        (Recipient("desk 1", desk.recipient, desk.verifying),),
    )  # fmt: skip
    write_private(folder / "roster.json", write_roster(roster, org.signing))
    Desk.join(folder / "desk", (folder / "roster.json").read_bytes(), folder / "desk.key", address, None, today())
