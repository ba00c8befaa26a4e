"""Commands that vouch and keep: checkpoint, key, verify, backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from .common import Failure, json_option, open_workspace, plain, print_json, progress, workspace_option


@click.command()
@click.option("--name", help="The name of the signing key when it is made, such as example.org/register.")
@click.option("--timestamp", metavar="ADDRESS",
              help="Have this time-stamping authority (RFC 3161) stamp it; it sees a hash only.")  # fmt: skip
@json_option
@workspace_option
def checkpoint(name: str | None, timestamp: str | None, as_json: bool, where: Path | None) -> None:
    """Sign what the ledger holds now, and print the signed checkpoint.

    The first one makes the signing key of the workspace (keys/checkpoint.key, readable to you only: keep a copy elsewhere).
    Keep checkpoints where others can see them: `safeconduct verify --against FILE` tells whether the ledger still holds
    what it held then. `safeconduct key` prints the public key to hand out.
    """
    with open_workspace(where) as workspace:
        note = workspace.checkpoint(name=name, timestamp=timestamp)
        key = workspace.public_key()
    if as_json:
        print_json({"checkpoint": note, "key": str(key)})
    else:
        click.echo(note, nl=False)


@click.command()
@json_option
@workspace_option
def key(as_json: bool, where: Path | None) -> None:
    """Print the public key that checks this workspace's checkpoints; `safeconduct checkpoint` makes it."""
    with open_workspace(where) as workspace:
        found = workspace.public_key()
    if found is None:
        raise Failure("This workspace never signed; make its key with `safeconduct checkpoint`.")
    if as_json:
        print_json({"name": found.name, "key": str(found)})
    else:
        click.echo(str(found))


@click.command()
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.option("--key", "key_given", metavar="PUB",
              help="A public key, or a file with one: OUT is checked with it alone, offline.")  # fmt: skip
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A checkpoint kept elsewhere, which the ledger or OUT has to extend.")  # fmt: skip
@click.option("--authorities", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Root certificates (PEM) of time-stamping authorities: check the timestamps of checkpoints.")  # fmt: skip
@json_option
@workspace_option
def verify(
    out: Path | None, key_given: str | None, against: Path | None, authorities: Path | None, as_json: bool, where: Path | None
) -> None:
    """Check the ledger's chain and checkpoints, every capture's bytes and every claim's quote.

    With OUT also that the published site there is whole and that every figure on it leads back to a claim and a quote. With
    OUT and --key nothing else is needed, no workspace and no network: also that the checkpoint was signed with that key,
    that every claim leads to it, and that it extends the earlier ones.
    """
    from safeconduct.ledger import CheckpointError, PublicKey

    given = None
    if key_given:
        path = Path(key_given)
        try:
            given = PublicKey.parse(path.read_text(encoding="utf-8") if len(key_given) < 200 and path.is_file() else key_given)
        except (CheckpointError, UnicodeDecodeError) as error:
            raise click.BadParameter(f"{error}.", param_hint="--key") from error
    note = against.read_text(encoding="utf-8") if against else None
    if out and given:
        _verify_offline(out, given, note, as_json)
        return
    with open_workspace(where) as workspace, progress("Verifying") as show:
        found = workspace.verify(out, against=note, key=given, authorities=authorities, progress=show)
        problems = [(p.where, p.what) for p in found]
        records, head = workspace.ledger.head()
    told = {"records": records, "head": head}
    _tell(problems, told, f"All is well: {records} records, chain head {head}.", as_json)


def _verify_offline(out: Path, key: object, note: str | None, as_json: bool) -> None:
    from safeconduct.ledger import PublicKey, opened
    from safeconduct.publish import check_site
    from safeconduct.publish.proofs import CHECKPOINT, check_proofs

    assert isinstance(key, PublicKey)
    problems = [(p.file, p.what) for p in (*check_site(out), *check_proofs(out, key, note))]
    told: dict[str, object] = {"key": str(key)}
    words = ""
    if not problems:
        newest = opened((out / CHECKPOINT).read_text(encoding="utf-8"), key)
        told |= {"records": newest.size, "head": newest.chain}
        words = f"All is well: every claim is in the ledger of {newest.size} records that {key.name} signed."
    _tell(problems, told, words, as_json)


def _tell(problems: list[tuple[str, str]], told: dict[str, object], well: str, as_json: bool) -> None:
    if as_json:
        print_json({**told, "problems": [{"where": where, "what": what} for where, what in problems]})
    else:
        for where, what in problems:
            click.echo(f"{plain(where)}: {plain(what)}")
    if problems:
        raise Failure(f"{len(problems)} problems found; restore the ledger and the captures from a backup you trust.")
    if not as_json:
        click.echo(well)


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@workspace_option
def backup(out: Path, as_json: bool, where: Path | None) -> None:
    """Write the workspace into one tar file OUT: settings, every record of the ledger, every capture.

    The signing key is not in it; keep a copy of keys/checkpoint.key elsewhere. `safeconduct restore` brings it back.
    """
    with open_workspace(where) as workspace, progress("Saving") as show:
        records = workspace.backup(out, progress=show)
    if as_json:
        print_json({"out": str(out), "records": records, "bytes": out.stat().st_size})
    else:
        click.echo(f"Saved {records} records and the captures into {out}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--database", metavar="ADDRESS", help="Put the ledger into an empty PostgreSQL database.")
@json_option
def restore(file: Path, folder: Path, database: str | None, as_json: bool) -> None:
    """Make a workspace in DIR from a backup FILE, record for record, and check every record and capture on the way.

    With --database the ledger goes into PostgreSQL, without it into a file: this is also how a workspace moves from one to
    the other. Checkpoints signed before hold after it.
    """
    from safeconduct.workspace import Workspace

    with progress("Restoring") as show, Workspace.restore(file, folder, database=database, progress=show) as workspace:
        records, head = workspace.ledger.head()
    if as_json:
        print_json({"workspace": str(folder), "records": records, "head": head})
    else:
        click.echo(f"Restored {records} records into {folder}; chain head {head}.")
