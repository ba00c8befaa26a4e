"""What every command shares: finding the workspace, errors in one sentence, progress, tables and JSON."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from safeconduct.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


class Failure(click.ClickException):
    """Something that could not be done: one sentence, exit code 1."""

    def show(self, file: Any = None) -> None:
        click.secho(f"safeconduct: {self.format_message()}", err=True, fg="red" if sys.stderr.isatty() else None)


class Group(click.Group):
    """A group whose commands turn the errors of all rooms into one sentence and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which they are used

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Failure("Stopped; what was finished before is kept.") from None
        except BrokenPipeError:  # the reader of a pipe went away: not our failure
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None
        except Exception as error:
            if type(error).__name__ in ERRORS:
                raise Failure(str(error)) from error
            if isinstance(error, OSError):
                place = f"{error.filename}: " if error.filename else ""
                raise Failure(f"{place}{error.strerror or error}; check the path, its rights and the space left.") from error
            raise


ERRORS = (  # named, so that none is loaded
    "WorkspaceError", "SettingsError", "LedgerError", "CaptureError", "PublishError", "Refused", "DeskError", "LineError",
)  # fmt: skip


def workspace_option(command: F) -> F:
    """Add ``--workspace`` to a command, which may also stand before the command's name."""
    return click.option(
        "--workspace", "where", type=click.Path(path_type=Path), expose_value=True,
        help="The workspace; default: the current folder or one above it.",
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def open_workspace(where: Path | None) -> Workspace:
    """The workspace named on the command line, or the nearest one above the current folder."""
    from safeconduct.workspace import Workspace

    chosen = where or click.get_current_context().obj
    return Workspace(chosen) if chosen else Workspace.open()


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """A progress bar on standard error, or None where nobody is looking at a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True) as bar:

        def show(done: int, total: int | None) -> None:
            bar.length = max(total or 0, done, 1)
            bar.update(done - bar.pos)

        yield show


def note(message: str) -> None:
    """A message for people, on standard error."""
    click.echo(message, err=True)


def plain(text: str) -> str:
    """Text from a source as safe to print: control characters, which could drive a terminal, become spaces."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf") else c for c in text)


def print_json(value: Any) -> None:
    """One JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[int]) -> None:
    """A table; ``widths`` are the most columns a cell may take (wide characters count two)."""
    cells = [[_clip(plain("" if v is None else str(v)), w) for v, w in zip(row, widths, strict=True)] for row in rows]
    sizes = [max([_width(h), *(_width(r[n]) for r in cells)]) for n, h in enumerate(head)]
    for row in [list(head), ["─" * size for size in sizes], *cells]:
        padded = (cell + " " * (size - _width(cell)) for cell, size in zip(row, sizes, strict=True))
        click.echo("  ".join(padded).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def _clip(text: str, width: int) -> str:
    text = " ".join(text.split())
    if _width(text) <= width:
        return text
    while _width(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"
