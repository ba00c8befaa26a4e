"""Commands on identity: link, unlink, links."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from safeconduct.resolve import standing_links

from .common import json_option, note, open_workspace, print_json, print_table, workspace_option

by_option = click.option("--by", default="script", show_default=True, help="Who decides.")
why_option = click.option("--why", required=True, help="The reason; a link without one is worth nothing.")


@click.command()
@click.argument("a")
@click.argument("b")
@by_option
@why_option
@json_option
@workspace_option
def link(a: str, b: str, by: str, why: str, as_json: bool, where: Path | None) -> None:
    """Decide that A and B are the same site, report or body.

    Sites and reports are named by the id that `safeconduct register` prints, or its beginning; bodies as asserters, such as
    org:safeguard-defenders. In the register they stand as one; bodies that are linked count as one voice.
    """
    with open_workspace(where) as workspace:
        new = workspace.link(a, b, by=by, why=why)
    if as_json:
        print_json({"act": "link", "new": new})
    else:
        click.echo("Linked." if new else "They are linked already.")


@click.command()
@click.argument("a")
@click.argument("b")
@by_option
@why_option
@json_option
@workspace_option
def unlink(a: str, b: str, by: str, why: str, as_json: bool, where: Path | None) -> None:
    """Take the link between A and B away, or decide that there is none. Every other link stays as it was."""
    with open_workspace(where) as workspace:
        new = workspace.link(a, b, by=by, why=why, act="unlink")
    if as_json:
        print_json({"act": "unlink", "new": new})
    else:
        click.echo("Not the same, from now on." if new else "That was decided before.")


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also links that were undone, with every act.")
@click.option("--suggest", is_flag=True, help="Instead: pairs on which nobody decided and that may be the same, with reasons.")
@click.option("--splink", is_flag=True, help="With --suggest: find the sites with Splink on DuckDB, for hundreds of "
              "thousands of mentions; needs safeconduct[linkage].")  # fmt: skip
@json_option
@workspace_option
def links(everything: bool, suggest: bool, splink: bool, as_json: bool, where: Path | None) -> None:
    """List the links that stand, with who decided them, when and why; with --suggest, what may be linked."""
    if splink and not suggest:
        raise click.UsageError("--splink goes with --suggest: it finds what may be linked.")
    with open_workspace(where) as workspace:
        acts = workspace.links()
        if splink:
            from safeconduct.workspace.candidates import suggestions_by_splink

            may_be = suggestions_by_splink(workspace)
        else:
            may_be = workspace.suggestions() if suggest else []
    if suggest and as_json:
        print_json([one.as_json() for one in may_be])
        return
    if suggest:
        rows = [[one.section, one.a, one.b, "; ".join(one.because)] for one in may_be]
        print_table(["", "a", "b", "because"], rows, [8, 30, 30, 90])
        note(f"{len(may_be)} suggestions; decide with `safeconduct link`, or with `safeconduct unlink` that it is not so.")
        return
    found = acts if everything else standing_links(acts)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = [[one.act, one.a, one.b, one.at[:10], one.by, one.why] for one in found]
    print_table(["", "a", "b", "on", "by", "because"], rows, [6, 30, 30, 10, 16, 60])
    note(f"{len(found)} {'acts' if everything else 'links stand'}.")
