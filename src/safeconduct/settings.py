"""The settings of a workspace, in ``safeconduct.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from safeconduct.capture import FetchPolicy, Limits

FILE = "safeconduct.toml"


class SettingsError(Exception):
    """A setting is unknown or has a value it cannot have; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class WorkspaceSettings:
    """Where things are kept, relative to the workspace, and whose register this is."""

    title: str = "Register of transnational repression"
    ledger: str = "ledger.sqlite3"
    captures: str = "captures"
    sample: bool = False
    base_url: str = ""


@dataclass(frozen=True)
class Settings:
    """All settings, by section."""

    workspace: WorkspaceSettings = field(default_factory=WorkspaceSettings)
    capture: Limits = field(default_factory=Limits)
    fetch: FetchPolicy = field(default_factory=FetchPolicy)


def load(path: Path) -> Settings:
    """The settings in ``path``.

    Raises:
        SettingsError: it cannot be read, is no TOML, or holds an unknown section, an unknown setting or a wrong value.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}); correct it by hand.") from error
    sections = _defaults()
    made: dict[str, Any] = {}
    for name, values in found.items():
        if name not in sections or not isinstance(values, dict):
            raise SettingsError(f"{path}: there is no section [{name}]; there are {', '.join(sections)}.")
        made[name] = _section(path, name, sections[name], values)
    return Settings(**made)


def _defaults() -> dict[str, Any]:
    """Section → its default values."""
    return {f.name: getattr(Settings(), f.name) for f in fields(Settings)}


def _section(path: Path, section: str, defaults: Any, values: dict[str, Any]) -> Any:
    known = {f.name: getattr(defaults, f.name) for f in fields(defaults)}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(f"{path}: [{section}] has no setting {name}; it has {', '.join(known)}.")
        wanted = type(known[name])
        if not (type(value) is wanted or (wanted is float and type(value) is int)):
            raise SettingsError(f"{path}: [{section}] {name} should be a {_WORDS[wanted]}, not {value!r}.")
        if wanted in (int, float) and value < 0:
            raise SettingsError(f"{path}: [{section}] {name} cannot be negative.")
    return type(defaults)(**values)


_WORDS = {str: "text in quotes", bool: "true or false", int: "whole number", float: "number"}


def template(values: dict[str, str | bool] | None = None) -> str:
    """A new workspace's ``safeconduct.toml``: every setting with its default, as a comment; ``values`` set [workspace]."""
    lines = ["# Settings of this workspace. A line that begins with # shows a default; docs/settings.md explains them."]
    for section, defaults in _defaults().items():
        lines += ["", f"[{section}]"]
        chosen = values or {} if section == "workspace" else {}
        lines += [
            f"{f.name} = {_toml(chosen[f.name])}" if f.name in chosen else f"# {f.name} = {_toml(getattr(defaults, f.name))}"
            for f in fields(defaults)
        ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
