"""Who may import whom: imports run downwards only, and the pure rooms touch no disk, network, database or framework."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "safeconduct"
FLOORS = [  # from the roof down; a room may import rooms on lower floors, and itself
    {"__main__"},
    {"cli"},
    {"scan", "desk"},
    {"workspace", "stateless"},
    {"settings"},
    {"capture", "publish", "exchange", "casework"},
    {"extract", "resolve", "register", "ledger", "line"},
    {"claims", "envelope"},
]
PURE = {"claims", "extract", "resolve", "register", "envelope"}
IMPURE = {
    "django", "sqlite3", "httpx", "socket", "subprocess", "urllib", "http", "requests", "jinja2", "click", "tempfile",
    "shutil", "os", "threading", "multiprocessing", "asyncio", "random", "time", "duckdb",
}
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, int]]:
    """Absolute names of the modules that a file imports, with line numbers; relative imports made absolute."""
    package = ["safeconduct", *path.relative_to(PACKAGE).parts[:-1]]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(p for p in (base, node.module) if p)
            if module == "safeconduct":
                found += [(f"safeconduct.{alias.name}", node.lineno) for alias in node.names]
            else:
                found.append((module, node.lineno))
    return found


FILES = sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py" or p.parent != PACKAGE)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(path)
    assert room in FLOOR, f"{room} has no floor in the house; give it one here and in docs/architecture.md"
    for name, line in imports(path):
        if not name.startswith("safeconduct."):
            continue
        other = name.split(".")[1]
        if other in (room, "__version__"):
            continue
        assert FLOOR[other] > FLOOR[room], f"{path.relative_to(PACKAGE)}:{line}: {room} may not import {other}"
        assert room != "line" or other == "envelope", f"{path}:{line}: the line imports nothing but the envelope"


@pytest.mark.parametrize("path", [p for p in FILES if room_of(p) in PURE], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_pure_rooms_do_no_input_or_output(path: Path) -> None:
    for name, line in imports(path):
        assert name.split(".")[0] not in IMPURE, f"{path.relative_to(PACKAGE)}:{line}: a pure room may not import {name}"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("open", "print", "input", "exec", "eval"), f"{path}:{node.lineno}: {node.func.id}()"


def test_the_lines_cryptography_is_in_one_small_module() -> None:
    for path in [p for p in FILES if room_of(p) in ("envelope", "casework", "line", "cli")]:
        names = {name.split(".")[0] for name, _ in imports(path)}
        if path.relative_to(PACKAGE).as_posix() == "envelope/sealing.py":
            assert "cryptography" in names and len(path.read_text(encoding="utf-8").splitlines()) < 250
        else:
            assert "cryptography" not in names, f"{path}: all cryptography of the line is in envelope/sealing.py"


def test_the_house_on_paper_is_the_house() -> None:
    """The picture in docs/architecture.md names every room that has code."""
    drawn = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in sorted({room_of(p) for p in FILES} - {"__main__"}):
        assert f"`{room}`" in drawn, f"docs/architecture.md does not speak of the room {room}"
