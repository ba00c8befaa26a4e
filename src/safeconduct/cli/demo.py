"""The sample register, from nothing to a served site."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from .common import Failure, json_option, note, print_json, progress
from .show import serve_site


def examples() -> Path:
    """The folder of sample briefs: inside the installed package, or beside the source."""
    for folder in (Path(str(files("safeconduct"))) / "examples", Path(__file__).parents[3] / "examples"):
        if (folder / "manifest.csv").is_file():
            return folder
    raise Failure("The sample briefs are missing; install Safeconduct again.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="safeconduct-demo", metavar="[DIR]")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Only build it.")
@json_option
def demo(folder: Path, port: int, no_serve: bool, as_json: bool) -> None:
    """Build the sample register in DIR (default: safeconduct-demo) and serve it.

    The sources are the project's own summaries of public reports; the proposals are accepted by a script, and every page
    says so. Run it again and only what is new is done.
    """
    from safeconduct.settings import FILE
    from safeconduct.workspace import SCRIPT, Workspace

    if folder.is_dir() and any(folder.iterdir()) and not (folder / FILE).is_file():
        raise Failure(f"{folder} holds something else; name an empty or a new folder.")
    values: dict[str, str | bool] = {"title": "Sample register of transnational repression", "sample": True}
    made = Workspace(folder) if (folder / FILE).is_file() else Workspace.init(folder, values)
    with made as workspace:
        with progress("Adding") as show:
            added = workspace.add(manifest=examples() / "manifest.csv", progress=show)
        with progress("Extracting") as show:
            extracted = workspace.extract(progress=show)
        decisions = workspace.decide("accept", by=SCRIPT, why="sample: accepted without review")
        with progress("Publishing") as show:
            site = workspace.publish(workspace.root / "site", progress=show)
    if as_json:
        print_json({"workspace": str(workspace.root), "site": str(site.out), "sources": len(added),
                    "proposals": sum(e.new for e in extracted), "accepted": len(decisions), "pages": site.pages})  # fmt: skip
    else:
        fresh = sum(e.new for e in extracted)
        click.echo(f"{len(added)} sample sources, {fresh} new claims, {site.pages} pages in {site.out}")
        note(f"Look around: safeconduct --workspace {folder} claims")
    if not no_serve:
        serve_site(site.out, port, any_port=True)
