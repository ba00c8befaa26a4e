"""The settings of a line, in ``line.toml`` in its folder. What reporters must be able to rely on (the size limit, how long
reports are kept) stands in the signed roster instead."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from .refusals import LineError

FILE = "line.toml"


@dataclass(frozen=True)
class StorageSettings:
    """How much is kept and for how much longer or shorter than the roster says."""

    fuzz_days: int = 7
    quota_mb: int = 10240
    keep_free_mb: int = 256
    mailbox_messages: int = 200
    mailbox_mb: int = 500


@dataclass(frozen=True)
class LoadSettings:
    """How many new mailboxes there may be, and what they cost."""

    new_per_hour: int = 200
    most_per_hour: int = 2000
    uploads_per_hour: int = 60
    base_bits: int = 12
    most_bits: int = 15


@dataclass(frozen=True)
class PageSettings:
    """What the pages need to know."""

    quick_exit: str = "about:blank"
    onion_address: str = ""
    https: bool = True


@dataclass(frozen=True)
class LineSettings:
    """All settings, by section."""

    storage: StorageSettings = field(default_factory=StorageSettings)
    load: LoadSettings = field(default_factory=LoadSettings)
    pages: PageSettings = field(default_factory=PageSettings)


def load(path: Path) -> LineSettings:
    """The settings in ``path``; the defaults where there is no such file.

    Raises:
        LineError: it cannot be read, is no TOML, or holds an unknown section, an unknown setting or a wrong value.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return LineSettings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LineError(f"{path} cannot be read ({error}); correct it by hand.") from error
    sections = _defaults()
    made: dict[str, Any] = {}
    for name, values in found.items():
        if name not in sections or not isinstance(values, dict):
            raise LineError(f"{path}: there is no section [{name}]; there are {', '.join(sections)}.")
        made[name] = _section(path, name, sections[name], values)
    return LineSettings(**made)


def _defaults() -> dict[str, Any]:
    """Section → its default values."""
    return {f.name: getattr(LineSettings(), f.name) for f in fields(LineSettings)}


def _section(path: Path, section: str, defaults: Any, values: dict[str, Any]) -> Any:
    known = {f.name: getattr(defaults, f.name) for f in fields(defaults)}
    for name, value in values.items():
        if name not in known:
            raise LineError(f"{path}: [{section}] has no setting {name}; it has {', '.join(known)}.")
        wanted = type(known[name])
        if type(value) is not wanted:
            raise LineError(f"{path}: [{section}] {name} should be a {_WORDS[wanted]}, not {value!r}.")
        if wanted is int and value < 0:
            raise LineError(f"{path}: [{section}] {name} cannot be negative.")
        if wanted is str and (not value.isascii() or not value.isprintable()):
            raise LineError(f"{path}: [{section}] {name} should be an address in plain letters.")
    return type(defaults)(**values)


_WORDS = {str: "text in quotes", bool: "true or false", int: "whole number"}


def template() -> str:
    """A new folder's ``line.toml``: every setting with its default, as a comment."""
    lines = ["# Settings of this line. A line that begins with # shows a default; docs/line.md explains them."]
    for section, defaults in _defaults().items():
        lines += ["", f"[{section}]"]
        lines += [f"# {f.name} = {_toml(getattr(defaults, f.name))}" for f in fields(defaults)]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
