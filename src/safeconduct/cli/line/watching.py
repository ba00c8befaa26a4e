"""Commands around the server: form, paper, form-check, monitor, onion."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

import click

from ..common import Failure, json_option, note, print_json
from .common import FILE, lock_options, open_key

folder_argument = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))


@click.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--roster", required=True, type=FILE, help="The signed roster.")
@click.option("--language", "languages", multiple=True, help="Only this language; may be given more than once. Default: all.")
@click.option("--leave-to", default="about:blank", show_default=True, help="Where “Leave this page now” leads.")
@click.option("--key", type=FILE, help="The organisation's key file: sign it.")
@lock_options
@json_option
def form(
    out: Path, roster: Path, languages: tuple[str, ...], leave_to: str, key: Path | None, token: Path | None,
    password_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Write the form that works without the internet into OUT, one HTML file with the roster inside.

    Opened from a disk it seals a report into a file that any channel can carry: the upload page of the line, a messenger, a
    memory stick. With --key a signature of the file is written beside it (OUT.sig); others check it with
    `safeconduct line form-check`.

    \b
    safeconduct line form form.html --roster roster.json --key org.key
    """
    from safeconduct.line.portable import write

    done = write(out, roster, languages, leave_to, open_key(key, password_file, token) if key else None)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(f"{done.file}  {done.bytes} bytes  sha256 {done.sha256}")
    if done.signature:
        click.echo(f"{done.signature}  signed by {done.signer}")


@click.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--roster", required=True, type=FILE, help="The signed roster.")
@click.option("--language", default="en", show_default=True, help="The language of the sheet.")
@json_option
def paper(out: Path, roster: Path, language: str, as_json: bool) -> None:
    """Write instructions to print and hand out into OUT: addresses with QR codes, the six words, and what to heed.

    \b
    safeconduct line paper sheet.html --roster roster.json --language fa
    """
    from safeconduct.line.portable import sheet

    sheet(out, roster, language)
    print_json({"file": str(out)}) if as_json else click.echo(f"{out}: open it in a browser and print it.")


@click.command("form-check")
@click.argument("file", type=FILE)
@click.option("--roster", required=True, type=FILE, help="A roster you trust.")
@json_option
def form_check(file: Path, roster: Path, as_json: bool) -> None:
    """Check that FILE is a form that the organisation of a roster signed; its signature is FILE.sig beside it."""
    from safeconduct.line.portable import check

    signer = check(file, roster)
    print_json({"file": str(file), "signer": signer}) if as_json else click.echo(f"{file} was signed by {signer}.")


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
@click.option("--roster", required=True, type=FILE,
              help="The roster that should be served; bring it from the organisation, not from the server.")
@click.option("--settings", type=FILE,
              help="The server's line.toml; default: the one beside the roster, or the defaults.")
@json_option
def monitor(address: str, roster: Path, settings: Path | None, as_json: bool) -> None:
    """Compare what ADDRESS serves with what this installation would serve: pages, script, style, roster and headers.

    Run it from machines that the server does not know, from cron: exit code 0 when all is as it should be, 1 when something
    differs or does not answer. A server that lies only to some people is not found by somebody else's monitor.
    """
    from safeconduct.line.monitor import compare
    from safeconduct.line.pages import published, static
    from safeconduct.line.server import load_roster
    from safeconduct.line.settings import load
    from safeconduct.line.web import render

    _, signed = load_roster(roster.parent, roster.name, expired=True)
    chosen = load(settings).pages if settings else load(roster.parent / "line.toml").pages
    if hashlib.sha256(static()["line.js"][1]).hexdigest() != published():
        raise Failure("The script of this installation is not the published one; install Safeconduct anew first.")
    expected = {path: file.body for path, file in render(signed, chosen).items()} | {"/roster.json": signed}
    differences = compare(address, expected)
    if as_json:
        print_json([asdict(one) for one in differences])
    else:
        for one in differences:
            click.echo(f"{one.path}: {one.what}")
    if differences:
        raise Failure(f"{address} serves something else in {len(differences)} places.")
    note(f"{address} serves what it should.")
