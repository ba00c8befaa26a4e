"""Running what the browser runs in Node: the packages of package-lock.json, bundled as the page's script is."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "script"


@cache
def build_steps() -> ModuleType:
    """hatch_build.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def node(*command: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    build_steps().fetch_packages(ROOT)
    program = [*build_steps().programs()[0], *command]
    return subprocess.run(program, input=stdin, capture_output=True, cwd=ROOT, env={**os.environ, **environment}, timeout=100)


def bundled(name: str, folder: Path) -> str:
    """A script of the tests with everything it imports, in one file."""
    made = folder / f"{Path(name).stem}.mjs"
    if not made.exists():
        done = node(os.fspath(SCRIPTS / "build.mjs"), os.fspath(SCRIPTS / name), os.fspath(made))
        assert done.returncode == 0, done.stderr.decode()
    return os.fspath(made)
