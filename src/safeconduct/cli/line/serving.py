"""Commands for who runs the server: init, serve, passes, sweep, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ..common import json_option, note, print_json

folder_argument = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.command()
@folder_argument
@click.option("--roster", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The signed roster.")
@json_option
def init(folder: Path, roster: Path, as_json: bool) -> None:
    """Make FOLDER to serve a line from, with a signed roster; or give a folder that exists a newer roster.

    FOLDER then holds the roster, the settings (line.toml) and the two databases. No key is in it: whoever takes it can read
    no report. A running server takes a new roster when it is started again. docs/line.md explains the settings.
    """
    from safeconduct.line.folder import init as make

    found = make(folder, roster)
    if as_json:
        print_json({"folder": str(folder), "organisation": found.organisation, "expires": found.expires.isoformat()})
        return
    click.echo(f"{folder} is ready for {found.organisation}; its roster is good until {found.expires.isoformat()}.")
    note(f"Next: safeconduct line serve {folder}")


@click.command()
@folder_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes any free one.")
@click.option("--unix", type=click.Path(path_type=Path), help="Listen on this socket instead: for Tor or a proxy in front.")
@json_option
def serve(folder: Path, host: str, port: int, unix: Path | None, as_json: bool) -> None:
    """Serve the line in FOLDER until the process is told to stop.

    It speaks plain HTTP on this machine only: put Tor (`safeconduct line onion`) or a proxy with HTTPS and without access log
    in front. It writes no log; on a fault of its own, one line on standard error that says where in the program it was.
    """
    from safeconduct.line.serve import serve as run

    def ready(address: str) -> None:
        if as_json:
            print_json({"address": address})
        else:
            click.echo(f"The line is at {address} (Ctrl-C stops it).")

    run(folder, host, port, unix, ready)


@click.command()
@click.argument("act", type=click.Choice(["new", "count", "withdraw"]))
@click.argument("count", type=click.IntRange(1, 10_000), default=1)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="The line; default: here.")
@json_option
def passes(act: str, count: int, folder: Path, as_json: bool) -> None:
    """Codes that open one new mailbox each without work, even when the server is flooded.

    \b
    safeconduct line passes new 30      print thirty codes for a partner organisation to hand out
    safeconduct line passes count       how many were not used yet
    safeconduct line passes withdraw    make all that were not used worthless

    Only hashes are kept, and nothing says which mailbox a code opened.
    """
    from safeconduct.line import passes as rooms
    from safeconduct.line.folder import opened

    with opened(folder) as store:
        if act == "new":
            codes = rooms.new(store, count)
            print_json(codes) if as_json else click.echo("\n".join(codes))
            return
        number = rooms.unused(store) if act == "count" else rooms.withdraw(store)
    if as_json:
        print_json({act: number})
    else:
        click.echo(f"{number} passes {'were not used yet' if act == 'count' else 'are worthless now'}.")


@click.command()
@folder_argument
@click.option("--clock-is-right", is_flag=True, help="The machine's date jumped, and the new one is right.")
@json_option
def sweep(folder: Path, clock_is_right: bool, as_json: bool) -> None:
    """Destroy what has expired, now. A running server does this by itself every hour.

    After a jump of the machine's clock by more than a week nothing expires until the new date has lasted two days, or
    until --clock-is-right says so.
    """
    from safeconduct.line.folder import alone, opened
    from safeconduct.line.sweep import sweep as clean

    with alone(folder) as nobody, opened(folder) as store:
        done = clean(store, sure=clock_is_right, alone=nobody)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(f"{done.expired} mailboxes had expired; {done.orphans} payloads without keys were removed.")
    if done.doubted:
        note("The clock jumped: nothing expires until the date has lasted two days, or with --clock-is-right.")


@click.command()
@folder_argument
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@json_option
def backup(folder: Path, target: Path, as_json: bool) -> None:
    """Bring the backup in TARGET up to date, also while the line is served.

    TARGET/payloads only grows, is unreadable alone and may be kept for ever. TARGET/keys is replaced each time: keep no older
    one, or what people deleted could be read again by whoever has a caseworker's key. Both are ciphertext.
    """
    from safeconduct.line.backup import backup as copy
    from safeconduct.line.folder import opened

    with opened(folder) as store:
        done = copy(store, target)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(f"{done.messages} messages are in {target}; {done.new} were new.")


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@folder_argument
@json_option
def restore(source: Path, folder: Path, as_json: bool) -> None:
    """Make a new FOLDER from the backup in SOURCE, to be served like the one that was lost.

    What came after the backup is gone with the old disk. A message whose payload is missing in the backup is left out and
    counted; everything else comes back, with its days, mailboxes and unused passes.
    """
    from safeconduct.line.backup import restore as bring_back

    done = bring_back(source, folder)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(f"{done.messages} messages are back in {folder}.")
    if done.missing:
        note(f"{done.missing} messages have no payload in the backup and were left out.")


