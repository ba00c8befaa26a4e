"""Commands that put something in: init, add, reread, extract, import, claims, decide."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from safeconduct.register.statements import STATUS, Act

from .common import (
    Failure,
    json_option,
    note,
    open_workspace,
    plain,
    print_json,
    print_table,
    progress,
    workspace_option,
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option("--title", help="The register's title, as its site shows it.")
@click.option("--database", metavar="ADDRESS", help="Keep the ledger in a PostgreSQL database: postgresql://user@host/name.")
@json_option
def init(folder: Path, title: str | None, database: str | None, as_json: bool) -> None:
    """Make a workspace in DIR (default: the current folder): settings, an empty ledger and a folder of captures.

    The ledger is a SQLite file, or with --database an empty PostgreSQL database; leave a password out of the address and
    give it in ~/.pgpass or PGPASSWORD.
    """
    from safeconduct.workspace import Workspace

    values: dict[str, str | bool] = {k: v for k, v in (("title", title), ("ledger", database)) if v}
    with Workspace.init(folder, values) as workspace:
        if as_json:
            print_json({"workspace": str(workspace.root)})
        else:
            click.echo(f"Made a workspace in {workspace.root}; add sources with `safeconduct add`.")


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE…")
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A CSV that says what is known of files: file,title,publisher,author,published,language,url.")  # fmt: skip
@click.option("--title", help="Given by hand, these win over what is read from the page; both are kept.")
@click.option("--publisher")
@click.option("--author")
@click.option("--published", help="When it was published: 2022, 2022-11 or 2022-11-02.")
@click.option("--language", help="en, es, zh-Hans …")
@click.option("--url", help="Where the original is.")
@json_option
@workspace_option
def add(sources: tuple[str, ...], manifest: Path | None, as_json: bool, where: Path | None, **given: str | None) -> None:
    """Preserve sources: text, HTML, PDF, WARC and WACZ files, folders, http(s) addresses.

    The bytes are kept as they are, under their SHA-256, with the text read from them. A folder with a manifest adds the
    files that the manifest lists. Prints the id of each; adding the same bytes again changes nothing.
    """
    if not sources and not manifest:
        raise click.UsageError("Name at least one file, folder or address, or a --manifest.")
    results: list[dict[str, Any]] = []
    with open_workspace(where) as workspace, progress("Adding") as show:
        for added in workspace.iter_add(*sources, manifest=manifest, given=given, progress=show):
            results.append(asdict(added))
            if not as_json:
                if added.source:
                    click.echo(f"{added.source}  {plain(added.name)}" + ("" if added.new else "  (already there)"))
                for remark in (*added.notes, *([added.problem] if added.problem else [])):
                    note(f"  {plain(added.name)}: {plain(remark)}" if added.source else f"safeconduct: {plain(remark)}")
    if as_json:
        print_json(results)
    if any(r["problem"] and not r["source"] for r in results):
        raise Failure(f"{sum(1 for r in results if r['problem'])} of {len(results)} could not be added; the others were.")


@click.command()
@json_option
@workspace_option
def reread(as_json: bool, where: Path | None) -> None:
    """Read the preserved sources again with today's readers; a text that differs is kept beside the old one."""
    with open_workspace(where) as workspace, progress("Reading") as show:
        results = list(workspace.iter_reread(progress=show))
    if as_json:
        print_json([asdict(r) for r in results])
    else:
        click.echo(f"Read {len(results)} sources; {sum(r.new for r in results)} texts are new.")
        for r in results:
            if r.problem:
                note(f"  {plain(r.name)}: {plain(r.problem)}")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILE…]")
@click.option("--format", "form", type=click.Choice(["jsonl", "table"]), help="Print the claims; with files: jsonl by default.")
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="With files: gives datelines.")
@click.option("--published", help="With files: when they were published, so that “last month” gets a date.")
@click.option("--explain", is_flag=True, help="With files: say with each claim what made it and what tells who says it.")
@click.option("--rules-only", is_flag=True, help="Without the model: several times as fast, less often right.")
@json_option
@workspace_option
def extract(
    files: tuple[Path, ...], form: str | None, manifest: Path | None, published: str | None, explain: bool, rules_only: bool,
    as_json: bool, where: Path | None,
) -> None:
    """Propose claims.

    With FILES (or a folder of them): nothing is stored, claims go to standard output in the codebook's form, one JSON
    object a line. Without: proposals for every preserved text that this version of the extractor has not read, stored in
    the ledger.
    """
    if files:
        _extract_files(files, "jsonl" if as_json else form or "jsonl", manifest, published, explain, rules_only)
        return
    if explain:
        raise click.UsageError("--explain goes with files; name some.")
    if manifest or published:
        raise click.UsageError("--manifest and --published go with files; name some, or give them to `safeconduct add`.")
    with open_workspace(where) as workspace, progress("Extracting") as show:
        results = list(workspace.iter_extract(rules_only=rules_only, progress=show))
        fresh = {r.source for r in results} if form else set()
        found = [s for s in workspace.statements() if s.source.id in fresh] if fresh else []
    if as_json:
        print_json([asdict(r) for r in results])
        return
    if form:
        _print_claims([s.claim.as_codebook(s.source.name) for s in found], form)
        return
    for r in results:
        unread = f"  (no extractor yet for: {', '.join(r.unsupported)})" if r.unsupported else ""
        click.echo(f"{r.source}  {r.proposed:4d} claims  {plain(r.name)}{unread}")
    dropped = sum(r.dropped for r in results)
    note(f"{sum(r.new for r in results)} new proposals from {len(results)} texts; {dropped} ungrounded ones dropped.")


def _extract_files(
    files: tuple[Path, ...], form: str, manifest: Path | None, published: str | None, explain: bool, rules_only: bool
) -> None:
    from safeconduct.stateless import claims_in

    claims: list[dict[str, Any]] = []
    failed = 0
    with progress("Extracting") as show:
        for path, result in claims_in(
            files, manifest=manifest, published=published, explain=explain, rules_only=rules_only, progress=show
        ):
            if isinstance(result, str):
                note(f"safeconduct: {plain(result)}")
                failed += 1
                continue
            if result.unsupported:
                note(f"{path.name}: no extractor yet for {', '.join(result.unsupported)}; that part yields nothing.")
            if form == "jsonl":
                _print_claims(result.claims, form)
            else:
                claims += result.claims
    if form == "table":
        _print_claims(claims, form)
    if failed:
        raise Failure(f"{failed} of {len(files)} could not be read; the others were.")


def _print_claims(claims: Sequence[dict[str, Any]], form: str) -> None:
    if form == "jsonl":
        for claim in claims:
            click.echo(json.dumps(claim, ensure_ascii=False))
        return
    explained = any("note" in c for c in claims)
    rows = [[c["doc"], c["kind"], _slots(c["slots"]), c["asserted_by"], c["quote"], c.get("note")] for c in claims]
    head = ["document", "kind", "says", "asserted by", "quote", *(["because"] if explained else [])]
    print_table(head, [row[: len(head)] for row in rows], [24, 14, 44, 26, 60, 90][: len(head)])


def _slots(slots: dict[str, Any]) -> str:
    return " ".join(
        f"{k}={','.join(map(str, v)) if isinstance(v, list) else v}" for k, v in slots.items() if v is not None
    )


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
                metavar="CLAIMS…")
@click.option("--texts", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The folder with the documents that the claims speak of; they are preserved first.")  # fmt: skip
@json_option
@workspace_option
def import_(files: tuple[Path, ...], texts: Path | None, as_json: bool, where: Path | None) -> None:
    """Take claims in the codebook's form as proposals: annotations, other tools' output, a published register.

    CLAIMS are JSON Lines files; `doc` names a document in the folder of --texts or a source that is already preserved. A
    manifest.csv in that folder says what is known of the documents. Every quote is checked against its text; ids given in
    the file are kept as aliases. The same file twice changes nothing.
    """
    results = []
    with open_workspace(where) as workspace, progress("Importing") as show:
        for path in files:
            done = workspace.import_claims(path, texts=texts, progress=show)
            results.append({"file": str(path), **asdict(done)})
            if not as_json:
                click.echo(f"{path.name}: {done.new} new claims, {done.known} already known, {len(done.refused)} refused.")
                for refusal in done.refused[:20]:
                    note(f"  {plain(refusal)}")
    if as_json:
        print_json(results)
    if refused := sum(len(r["refused"]) for r in results):
        raise Failure(f"{refused} claims were refused; the others were taken.")


@click.command()
@click.option("--status", type=click.Choice(["proposed", "accepted", "rejected", "retracted"]),
              help="Only claims in this state.")  # fmt: skip
@click.option("--kind", help="Only claims of this kind.")
@json_option
@workspace_option
def claims(status: str | None, kind: str | None, as_json: bool, where: Path | None) -> None:
    """List the claims of the ledger with their ids, states and quotes."""
    with open_workspace(where) as workspace:
        found = [s for s in workspace.statements() if status in (None, s.status) and kind in (None, s.claim.kind)]
    if as_json:
        print_json([{**s.claim.as_codebook(s.source.name), "status": s.status, "source": s.source.id} for s in found])
        return
    rows = [
        [s.claim.id, s.status, s.claim.kind, _slots(s.claim.slots.as_json()), s.claim.attribution.asserted_by, s.claim.quote]
        for s in found
    ]
    print_table(["claim", "state", "kind", "says", "asserted by", "quote"], rows, [21, 8, 14, 40, 26, 60])
    counts = Counter(s.status for s in found)
    note(", ".join(f"{n} {state}" for state, n in sorted(counts.items())) or "No claims.")


@click.command()
@click.argument("act", type=click.Choice(["accept", "reject", "retract"]))
@click.argument("ids", nargs=-1, metavar="CLAIM…")
@click.option("--all-proposed", is_flag=True, help="All claims that nobody has decided on.")
@click.option("--by", default="script", show_default=True, help="Who decides. “script” shows on pages as not reviewed.")
@click.option("--why", help="The reason.")
@json_option
@workspace_option
def decide(
    act: Act, ids: tuple[str, ...], all_proposed: bool, by: str, why: str | None, as_json: bool, where: Path | None
) -> None:
    """Accept, reject or retract claims, by id or the beginning of one.

    Retract takes an accepted claim out of the register from then on and leaves a tombstone. A decision is never erased:
    undo it with another one.
    """
    if all_proposed == bool(ids):
        raise click.UsageError("Name claims, or give --all-proposed; not both.")
    with open_workspace(where) as workspace:
        made = workspace.decide(act, None if all_proposed else ids, by=by, why=why)
    if as_json:
        print_json([asdict(d) for d in made])
    else:
        unchanged = f"; {len(ids) - len(made)} stood so already" if len(ids) > len(made) else ""
        click.echo(f"{STATUS[act].capitalize()} {len(made)} claims{unchanged}.")
