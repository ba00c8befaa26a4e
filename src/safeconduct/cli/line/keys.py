"""Commands on keys: new, show, export, shares, recover."""

from __future__ import annotations

import io
from pathlib import Path
from typing import cast

import click

from safeconduct.casework import DeskError
from safeconduct.envelope.keyfile import KINDS, Key, Kind, new_key, read_public, write_key
from safeconduct.envelope.words import fingerprint_of

from ..common import Group, json_option, note, print_json
from .common import FILE, NEW, lock_options, new_password, open_key, token_bytes, write_private

kind_option = click.option(
    "--caseworker/--organisation", "caseworker", default=None, required=True,
    help="Whose key: a caseworker's opens reports and signs answers, the organisation's signs rosters only.",
)  # fmt: skip


@click.group(cls=Group)
def keys() -> None:
    """Make, show and save keys: each caseworker's own, and the organisation's, which stays offline.

    \b
      safeconduct line keys new desk1.key --caseworker        on the caseworker's machine
      safeconduct line keys new org.key --organisation        on a machine that stays offline
      safeconduct line keys show desk1.key                    six words to compare by voice
      safeconduct line keys shares org.key --threshold 2 --of 3 --out shares
    """


@keys.command()
@click.argument("file", type=NEW)
@kind_option
@lock_options
@json_option
def new(file: Path, caseworker: bool, password_file: Path | None, token: Path | None, as_json: bool) -> None:
    """Make a key in FILE, locked with a password, a token file or both, and its public half in FILE.pub.

    The password is asked for twice. With --token the file named there is needed too (it is made if it is not there): keep it
    on a stick of its own. Give FILE.pub to whoever signs the roster, and compare the six words by voice. Keep a copy of FILE,
    or make shares: without the key nobody opens what is sealed to it.
    """
    _refuse_existing(file)
    key = new_key("caseworker" if caseworker else "organisation")
    _write(file, key, new_password(password_file, token), token_bytes(token, make=True))
    _tell(file, key.kind, key.public, as_json)


@keys.command()
@click.argument("file", type=FILE)
@click.option("--qr", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), metavar="OUT",
              help="Write the six words as a QR code into OUT (.svg or .png), or with - onto the terminal.")  # fmt: skip
@json_option
def show(file: Path, qr: Path | None, as_json: bool) -> None:
    """Print the six words and the public half of a key; FILE is a key or its .pub. Asks for no password.

    Whoever compares the six words by voice or on paper knows that it is the same key.
    """
    kind, public = _public_of(file)
    _tell(file, kind, public, as_json)
    if qr:
        _draw(" ".join(fingerprint_of(public)), qr)


@keys.command()
@click.argument("file", type=FILE)
@click.option("--out", type=NEW, help="Write it into this file, readable to you only, instead of printing it.")
@lock_options
@json_option
def export(file: Path, out: Path | None, password_file: Path | None, token: Path | None, as_json: bool) -> None:
    """Print a caseworker's secret age identity (AGE-SECRET-KEY-PQ-1…), NOT LOCKED, for any age 1.3 tool.

    \b
      safeconduct line keys export desk1.key --out identity.txt
      tail -c +57 report.parcel | age -d -i identity.txt | tail -c +13
    """
    key = open_key(file, password_file, token)
    if key.kind != "caseworker":
        raise DeskError("The organisation's key opens nothing; only a caseworker's is exported.")
    note("Whoever reads this identity can open every report: keep it off disks, and destroy it after use.")
    if out:
        write_private(out, f"{key.identity}\n".encode())
    elif not as_json:
        click.echo(key.identity)
    if as_json:
        print_json({"out": str(out)} if out else {"identity": key.identity})


@keys.command()
@click.argument("file", type=FILE)
@click.option("--threshold", type=click.IntRange(2, 16), required=True, metavar="M", help="How many shares recover the key.")
@click.option("--of", "count", type=click.IntRange(2, 16), required=True, metavar="N", help="How many shares there are.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="A new folder for the shares.")
@lock_options
@json_option
def shares(
    file: Path, threshold: int, count: int, out: Path, password_file: Path | None, token: Path | None, as_json: bool
) -> None:
    """Split a key into N shares of 33 words (SLIP-39), of which any M recover it with `safeconduct line keys recover`.

    One file a share is written into DIR: put them on N sticks or on paper, with people in different places, and delete DIR.
    Fewer than M shares tell nothing. A share is not locked with the password.
    """
    from shamir_mnemonic import generate_mnemonics

    if threshold > count:
        raise click.BadParameter("it is larger than --of", param_hint="--threshold")
    key = open_key(file, password_file, token)
    out.mkdir(mode=0o700)
    made = generate_mnemonics(1, [(threshold, count)], key.seed)[0]
    files = [out / f"share-{number}-of-{count}.txt" for number in range(1, count + 1)]
    for path, words in zip(files, made, strict=True):
        write_private(path, f"{words}\n".encode())
    if as_json:
        print_json({"shares": [str(path) for path in files], "threshold": threshold})
    else:
        click.echo(f"Wrote {count} shares into {out}; any {threshold} of them recover the key. Now part them.")


@keys.command()
@click.argument("file", type=NEW)
@kind_option
@click.option("--share", "given", type=FILE, multiple=True, help="A file with a share; may be repeated. Default: ask for them.")
@click.option("--public", type=FILE, help="The key's .pub: refuse when the shares give another key.")
@lock_options
@json_option
def recover(
    file: Path, caseworker: bool, given: tuple[Path, ...], public: Path | None, password_file: Path | None, token: Path | None,
    as_json: bool,
) -> None:
    """Put shares together again into a key in FILE, locked anew. Say whose key it was, and compare the six words."""
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    _refuse_existing(file)
    texts = [" ".join(path.read_text(encoding="utf-8").split()) for path in given] or _asked()
    try:
        seed = combine_mnemonics(texts)
    except MnemonicError:
        raise DeskError("These shares give no key: one is mistyped, too few, or of another key.") from None
    if len(seed) != 32:
        raise DeskError("These shares are not of a key of the line.")
    key = Key("caseworker" if caseworker else "organisation", seed)
    if public and _public_of(public) != (key.kind, key.public):
        raise DeskError("The shares give another key than the one whose public half was named.")
    _write(file, key, new_password(password_file, token), token_bytes(token, make=True))
    _tell(file, key.kind, key.public, as_json)


def _asked() -> list[str]:
    from shamir_mnemonic import MnemonicError
    from shamir_mnemonic.share import Share

    texts: list[str] = []
    wanted = 2
    while len(texts) < wanted:
        text = " ".join(str(click.prompt(f"Share {len(texts) + 1}", err=True)).lower().split())
        try:
            wanted = Share.from_mnemonic(text).member_threshold
        except MnemonicError:
            note("This is no share: a word is missing or wrong. Type it again.")
            continue
        texts.append(text)
    return texts


def _write(file: Path, key: Key, password: str | None, token: bytes | None) -> None:
    write_private(file, write_key(key, password, token))
    file.with_name(f"{file.name}.pub").write_text(f"{key.kind} {key.public}\n", encoding="ascii")


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise DeskError(f"{file} is there already; a key is never written over.")


def _public_of(file: Path) -> tuple[Kind, str]:
    """The kind and the public half in a key file or a .pub."""
    data = file.read_bytes()
    return read_pub(data) if data[:1] != b"{" else (read_public(data).kind, read_public(data).text)


def read_pub(data: bytes) -> tuple[Kind, str]:
    """The kind and the public half in a .pub file."""
    kind, _, public = data.decode("ascii", "replace").strip().partition(" ")
    if kind in KINDS:
        return cast(Kind, kind), public
    raise DeskError("This is no public half of a key; `safeconduct line keys new` writes it into FILE.pub.")


def _tell(file: Path, kind: Kind, public: str, as_json: bool) -> None:
    words = " ".join(fingerprint_of(public))
    if as_json:
        print_json({"file": str(file), "type": kind, "fingerprint": words, "public": public})
    else:
        click.echo(f"{kind} {file}\n\n  {words}\n\n{public}")


def _draw(words: str, out: Path) -> None:
    import segno

    code = segno.make(words, error="m", micro=False)
    if str(out) == "-":
        drawn = io.StringIO()
        code.terminal(out=drawn, compact=True)
        click.echo(drawn.getvalue())
        return
    if out.suffix not in (".svg", ".png"):
        raise click.BadParameter("a QR code is written into a .svg or .png file", param_hint="--qr")
    code.save(str(out), scale=8)
