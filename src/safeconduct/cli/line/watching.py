"""Commands around the server: form, monitor, onion."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ..common import Failure, json_option, note, print_json

folder_argument = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))


@click.command()
@folder_argument
@click.option("--check", is_flag=True, help="Also let the installed tor look at the configuration.")
@json_option
def onion(folder: Path, check: bool, as_json: bool) -> None:
    """Write what is needed to offer the line in FOLDER as an onion service, into FOLDER/onion.

    That is a configuration for Tor and two systemd units. The address stands in FOLDER/onion/keys/hostname once Tor has run;
    put it into line.toml as onion_address and into the roster, so that people are led to it.
    """
    from safeconduct.line import onion as made

    done = made.write(folder)
    said = made.check(done.torrc) if check else None
    if as_json:
        print_json(
            {"torrc": str(done.torrc), "units": [str(u) for u in done.units], "socket": str(done.socket),
             "hostname": str(done.hostname), "tor": said}
        )  # fmt: skip
        return
    for path in (done.torrc, *done.units):
        click.echo(str(path))
    if said:
        click.echo(said)
    note(f"Next: safeconduct line serve {folder} --unix {done.socket}, and tor -f {done.torrc}")


@click.command()
@click.argument("address")
@click.option("--roster", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="The roster that should be served; bring it from the organisation, not from the server.")
@click.option("--settings", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The server's line.toml.")
@json_option
def monitor(address: str, roster: Path, settings: Path | None, as_json: bool) -> None:
    """Compare what ADDRESS serves with what this installation would serve: pages, script, style, roster and headers.

    Run it from machines that the server does not know, from cron: exit code 0 when all is as it should be, 1 when something
    differs or does not answer. A server that lies only to some people is not found by somebody else's monitor.
    """
    from safeconduct.line.monitor import compare
    from safeconduct.line.web import expected

    differences = compare(address, expected(roster, settings))
    if as_json:
        print_json([asdict(one) for one in differences])
    else:
        for one in differences:
            click.echo(f"{one.path}: {one.what}")
    if differences:
        raise Failure(f"{address} serves something else in {len(differences)} places.")
    note(f"{address} serves what it should.")
