"""What the commands of the line share: passwords, keys, the desk, and letters shown without letting them drive the terminal."""

from __future__ import annotations

import os
import resource
import secrets
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from safeconduct.casework import Desk, DeskError, Folder
from safeconduct.envelope.keyfile import Key, needs_password, read_key, read_public

F = TypeVar("F", bound=Callable[..., Any])
SHORTEST = 12  # characters of a password
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(dir_okay=False, path_type=Path)


def lock_options(command: F) -> F:
    """Add ``--password-file`` and ``--token`` to a command."""
    command = click.option("--token", type=NEW, metavar="FILE", help="The token file, kept on a stick that is carried apart.")(
        command
    )
    return click.option(
        "--password-file", type=FILE, help="Read the password from the first line of a file instead of asking (for scripts)."
    )(command)


def desk_option(command: F) -> F:
    """Add ``--desk`` to a command."""
    return click.option(
        "--desk", "where", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default=True,
        help="The desk's folder; default: the current one.",
    )(command)  # fmt: skip


def today() -> date:
    """The day in UTC, as the protocol counts."""
    return datetime.now(UTC).date()


def old_password(data: bytes, password_file: Path | None) -> str | None:
    """The password of a key file, asked for without echo; None when it has none."""
    if not needs_password(data):
        return None
    if password_file:
        return first_line(password_file)
    return str(click.prompt("Password of the key", hide_input=True, err=True))


def new_password(password_file: Path | None, token: Path | None) -> str | None:
    """A password for a new key, asked for twice; None when it is empty and there is a token file."""
    if password_file:
        password = first_line(password_file)
    else:
        hint = "empty: the token file alone" if token else f"at least {SHORTEST} characters; six random words are good"
        password = click.prompt(
            f"New password ({hint})", hide_input=True, confirmation_prompt=True, err=True, default="" if token else None,
            show_default=False,
        )  # fmt: skip
    if not password and token:
        return None
    if len(password) < SHORTEST:
        raise DeskError(f"A password has at least {SHORTEST} characters; take six random words, and write them down for now.")
    return password


def first_line(file: Path) -> str:
    """The first line of a file, without its end."""
    return (file.read_text(encoding="utf-8").splitlines() or [""])[0]


def token_bytes(token: Path | None, *, make: bool = False) -> bytes | None:
    """The bytes of a token file; with ``make`` it is written where there is none."""
    if token is None:
        return None
    if make and not token.exists():
        write_private(token, secrets.token_bytes(32))
    return token.read_bytes()


def open_key(file: Path, password_file: Path | None, token: Path | None) -> Key:
    """The key in a file, with the password asked for where it needs one. From here on a crash leaves no core on disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = file.read_bytes()
    if read_public(data).token and token is None:
        raise DeskError("This key needs its token file: add --token FILE.")
    return read_key(data, old_password(data, password_file), token_bytes(token))


def open_desk(where: Path, password_file: Path | None, token: Path | None) -> Desk:
    """The desk in a folder, opened with its key."""
    key = Folder(where).settings.key
    if not key.exists():
        raise DeskError(f"The key of this desk is not at {key}; put it there (is the stick plugged in?).")
    return Desk(where, open_key(key, password_file, token))


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; an error when it is there."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def shown(text: str) -> str:
    """A stranger's text as safe to print: lines stay, characters that drive a terminal or turn the direction do not.

    The joiners that Persian, Uyghur and other scripts are written with stay too.
    """
    return "".join(c if c in "\n\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else " " for c in text)
