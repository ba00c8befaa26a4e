"""Commands that take something out: register, publish, serve, verify."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from .common import Failure, json_option, note, open_workspace, plain, print_json, print_table, progress, workspace_option


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day, written 2022-12-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2022-12-31.", param, ctx)


class Moment(click.ParamType):  # type: ignore[type-arg]
    """A moment, written 2022-12-31 (its end) or 2022-12-31T14:00:00Z; without a zone it is UTC."""

    name = "timestamp"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            if len(value) == 10:
                return f"{date.fromisoformat(value).isoformat()}T23:59:59.999999Z"
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; write it as 2022-12-31T14:00:00Z.", param, ctx)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


as_of_option = click.option("--as-of", type=Day(), help="What had been said up to this day; default: today (UTC).")
proposed_option = click.option("--include-proposed", is_flag=True, help="Also claims that nobody has decided on.")


def _country(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from safeconduct.claims import country_code
    from safeconduct.claims.places import is_country

    if value is None or is_country(value.upper()):
        return value.upper() if value else None
    code = country_code(value)
    if code is None:
        raise click.BadParameter(f"{value!r} is no country; give an ISO code such as NL.")
    return code


@click.command()
@as_of_option
@click.option("--known-at", type=Moment(), help="What this ledger held at that moment; default: all it holds.")
@click.option("--country", callback=_country, metavar="XX", help="Only what concerns this country (ISO code or name).")
@proposed_option
@json_option
@workspace_option
def register(
    as_of: date | None, known_at: str | None, country: str | None, include_proposed: bool, as_json: bool, where: Path | None
) -> None:
    """Compute the register: what was said up to a day, as this ledger knew it at a moment.

    Accepted claims only, unless --include-proposed. The JSON has the keys as_of, known_at, figures, sites, responses,
    operators, agreements, incidents, positions, recommendations and reports; every entry lists its claims.
    """
    with open_workspace(where) as workspace:
        found = workspace.register(as_of=as_of, known_at=known_at, country=country, include_proposed=include_proposed)
    if as_json:
        print_json(found.as_json())
        return
    from safeconduct.publish.words import statement_in_words

    seen = {s.claim.id: s for s in found.statements}
    for section, entries in found.entries.items():
        if not entries:
            continue
        click.secho(f"{section.capitalize()} ({len(entries)})", bold=True)
        rows = [
            [statement_in_words(seen[entry["claims"][0]]), len(entry["claims"]), seen[entry["claims"][-1]].said]
            for entry in entries
        ]
        print_table(["", "claims", "last said"], rows, [96, 6, 12])
        click.echo()
    basis = "accepted and proposed" if include_proposed else "accepted"
    note(f"{len(found.statements)} {basis} claims as of {found.as_of}.")


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@as_of_option
@proposed_option
@click.option("--base-url", help="Where the site will stand, for canonical links.")
@json_option
@workspace_option
def publish(
    out: Path, as_of: date | None, include_proposed: bool, base_url: str | None, as_json: bool, where: Path | None
) -> None:
    """Write the static site and the datasets into OUT, all at once: a reader never sees half a site."""
    with open_workspace(where) as workspace, progress("Publishing") as show:
        made = workspace.publish(
            out, as_of=as_of, include_proposed=include_proposed, base_url=base_url, progress=show
        )
    if as_json:
        print_json({"out": str(made.out), "files": made.files, "pages": made.pages, "bytes": made.bytes})
    else:
        click.echo(f"Wrote {made.files} files ({made.pages} pages) into {made.out}.")


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
def serve(out: Path, port: int) -> None:
    """Serve a published site on this machine only, until Ctrl-C."""
    serve_site(out, port)


def serve_site(out: Path, port: int, *, any_port: bool = False) -> None:
    """Serve until interrupted; with ``any_port`` another port is taken where ``port`` is in use."""
    from safeconduct.publish import serve as make_server

    try:
        server = make_server(out, port)
    except OSError as error:
        if not any_port:
            raise Failure(f"Port {port} cannot be used ({error.strerror}); choose another with --port.") from error
        server = make_server(out, 0)
    with server:
        click.echo(f"The site is at http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C stops it).")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            note("Stopped.")


@click.command()
@click.argument("out", type=click.Path(exists=True, path_type=Path), required=False)
@json_option
@workspace_option
def verify(out: Path | None, as_json: bool, where: Path | None) -> None:
    """Check the ledger's chain, every capture's bytes and every claim's quote.

    With OUT also that the published site there is whole and that every figure on it leads back to a claim and a quote.
    """
    with open_workspace(where) as workspace, progress("Verifying") as show:
        problems = list(workspace.verify(out, progress=show))
        records, head = workspace.ledger.head()
    if as_json:
        print_json({"records": records, "head": head, "problems": [{"where": p.where, "what": p.what} for p in problems]})
    else:
        for p in problems:
            click.echo(f"{plain(p.where)}: {plain(p.what)}")
    if problems:
        raise Failure(f"{len(problems)} problems found; restore the ledger and the captures from a backup you trust.")
    if not as_json:
        click.echo(f"All is well: {records} records, chain head {head}.")
