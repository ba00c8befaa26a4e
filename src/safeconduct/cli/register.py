"""Commands that read the register: register, explain, changes."""

from __future__ import annotations

import gc
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from .common import Failure, json_option, note, open_workspace, plain, print_json, print_table, workspace_option
from .moments import Moment, as_of_option, country_of, proposed_option


@click.group(invoke_without_command=True)
@as_of_option
@click.option("--known-at", type=Moment(), help="What this ledger held at that moment; default: all it holds.")
@click.option("--country", callback=country_of, metavar="XX", help="Only what concerns this country (ISO code or name).")
@proposed_option
@json_option
@click.option("--lines", is_flag=True, help="Print one JSON object a line while computing: large ledgers, less memory.")
@click.option("--alone", is_flag=True, help="With --lines: never use a second process; slower, still less memory.")
@workspace_option
@click.pass_context
def register(
    context: click.Context, as_of: date | None, known_at: str | None, country: str | None, include_proposed: bool,
    as_json: bool, lines: bool, alone: bool, where: Path | None,
) -> None:
    """Compute the register: what was said up to a day, as this ledger knew it at a moment.

    Accepted claims only, unless --include-proposed. The JSON has the keys as_of, known_at, figures, sites, responses,
    operators, agreements, incidents, positions, recommendations and reports, whose entries list their claims and say how
    well they are supported; contradictions; retracted; and aliases. With --lines each entry is a line with its section.

    \b
      safeconduct register --country IT --as-of 2022-12-31
      safeconduct register explain THING        why it stands as it stands
    """
    if context.invoked_subcommand:
        context.obj = where or context.obj
        return
    if lines and (known_at or country):
        raise Failure("--lines prints the whole register; leave --known-at and --country away.")
    if alone and not lines:
        raise Failure("--alone goes with --lines.")
    with open_workspace(where) as workspace:
        if lines:
            from safeconduct.claims.collecting import uncollected

            with uncollected():
                for line in workspace.register_lines(as_of=as_of, include_proposed=include_proposed, alone=alone):
                    sys.stdout.buffer.write(line)
            gc.freeze()  # else the end of the program would look for cycles among all that was read
            return
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
            [entry["id"], statement_in_words(seen[entry["claims"][0]]), _standing(entry), len(entry["claims"]),
             seen[entry["claims"][-1]].said]
            for entry in entries
        ]  # fmt: skip
        print_table(["thing", "", "standing", "claims", "last said"], rows, [13, 72, 22, 6, 12])
        click.echo()
    if found.contradictions:
        click.secho(f"Contradictions ({len(found.contradictions)})", bold=True)
        rows = [[c.type.replace("_", " "), c.topic, _sides(c.as_json())] for c in found.contradictions]
        print_table(["", "topic", "sides"], rows, [17, 48, 76])
        click.echo()
    basis = "accepted and proposed" if include_proposed else "accepted"
    note(f"{len(found.statements)} {basis} claims as of {found.as_of}; {len(found.retracted)} retracted.")


def _standing(entry: dict[str, Any]) -> str:
    return f"{entry['standing']}, disputed" if entry["disputed"] else str(entry["standing"])


def _sides(contradiction: dict[str, Any]) -> str:
    from safeconduct.claims import asserter_name

    return " / ".join(f"{s['value']} ({asserter_name(s['asserter'])})" for s in contradiction["sides"])


@register.command()
@click.argument("thing")
@as_of_option
@click.option("--known-at", type=Moment(), help="As this ledger knew it at that moment; default: all it holds.")
@proposed_option
@json_option
@workspace_option
def explain(
    thing: str, as_of: date | None, known_at: str | None, include_proposed: bool, as_json: bool, where: Path | None
) -> None:
    """Say why a thing stands as it stands: whose voices were counted, who disputes it, what contradicts it.

    THING is an id that `safeconduct register` prints, or of a claim that supports the thing, or the beginning of one.
    """
    with open_workspace(where) as workspace:
        found = workspace.register(as_of=as_of, known_at=known_at, include_proposed=include_proposed)
    told = found.explain(thing)
    if not told:
        raise Failure(f"Nothing in the register begins with {thing}; `safeconduct register` lists what there is.")
    if as_json:
        print_json(told)
        return
    for one in told:
        click.secho(plain(one["title"]), bold=True)
        for line in one["reasons"]:
            click.echo(f"  {plain(line)}")


@click.command()
@click.option("--since", type=Moment(), required=True, help="What this ledger held at that moment is compared with now.")
@as_of_option
@proposed_option
@json_option
@workspace_option
def changes(since: str, as_of: date | None, include_proposed: bool, as_json: bool, where: Path | None) -> None:
    """List what changed in the register since a moment, and which decision changed it.

    The register of today is compared with the one from what the ledger held then: things that are new, gone, retracted,
    or that stand otherwise.
    """
    with open_workspace(where) as workspace:
        found = workspace.changes(since, as_of=as_of, include_proposed=include_proposed)
    if as_json:
        print_json([c.as_json() for c in found])
        return
    rows = [[c.what, c.section, c.thing, f"{c.before or '–'} → {c.after or '–'}", "; ".join(c.because)] for c in found]
    print_table(["", "section", "thing", "standing", "because"], rows, [9, 15, 13, 34, 70])
    note(f"{len(found)} changes since {since}.")
