"""Commands that give the register to others: publish, serve, verify."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from .common import Failure, json_option, note, open_workspace, print_json, progress, workspace_option
from .moments import as_of_option, proposed_option


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
