"""The register computed anew from the published datasets, by the rules that are published beside them and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from safeconduct.cli import main
from safeconduct.publish.site import RULES

from ..register.helpers import real_workspace

FEWEST = {"small": (12, 3), "sample": (150, 12), "real": (150, 20)}  # standings and contradictions


@pytest.fixture(scope="module", params=list(FEWEST))
def published(request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The site of a small register of the tests, of the sample that `make demo` shows, and of five real documents."""
    folder = tmp_path_factory.mktemp("recompute")
    if request.param == "small":
        return request.param, site
    if request.param == "real":
        with real_workspace(folder) as workspace:
            workspace.publish(folder / "site")
        return request.param, folder / "site"
    done = CliRunner().invoke(main, ["demo", str(folder / "demo"), "--no-serve"])
    assert done.exit_code == 0, done.output
    return request.param, folder / "demo" / "site"


def recompute(site: Path) -> subprocess.CompletedProcess[str]:
    """What the documents say: run the published rules. Without site-packages, so by the standard library alone."""
    command = [sys.executable, "-E", "-S", str(site / "recompute" / "run.py")]
    return subprocess.run(command, capture_output=True, text=True)


def test_standings_and_contradictions_follow_from_the_published_datasets(published: tuple[str, Path]) -> None:
    name, site = published
    done = recompute(site)
    assert done.returncode == 0, done.stdout + done.stderr
    words = done.stdout.split()
    standings, contradictions = FEWEST[name]
    assert int(words[0]) >= standings and int(words[3]) >= contradictions and "; 0 differ from" in done.stdout
    assert not list(site.rglob("__pycache__"))
    if name == "real":
        types = {c["type"] for c in json.loads((site / "register.json").read_text(encoding="utf-8"))["contradictions"]}
        assert types == {"conflict", "update", "incomplete", "attribution_shift", "impossible"}


def _standing(register: dict[str, Any]) -> None:
    register["sites"][0]["standing"] = "adjudicated"


def _undisputed(register: dict[str, Any]) -> None:
    next(e for e in register["figures"] if e["disputed"])["disputed"] = False


def _dropped(register: dict[str, Any]) -> None:
    register["contradictions"].pop()


def _other_type(register: dict[str, Any]) -> None:
    register["contradictions"][0]["type"] = "impossible"


def _other_side(register: dict[str, Any]) -> None:
    register["contradictions"][0]["sides"].reverse()


def _claim_moved(register: dict[str, Any]) -> None:
    register["sites"][0]["claims"].pop()


@pytest.mark.parametrize("alter", [_standing, _undisputed, _dropped, _other_type, _other_side, _claim_moved])
def test_it_says_where_the_register_does_not_follow(
    site: Path, tmp_path: Path, alter: Callable[[dict[str, Any]], None]
) -> None:
    copy = shutil.copytree(site, tmp_path / "copy")
    register = json.loads((copy / "register.json").read_text(encoding="utf-8"))
    alter(register)
    (copy / "register.json").write_text(json.dumps(register), encoding="utf-8")
    done = recompute(copy)
    assert done.returncode == 1 and "; 0 differ" not in done.stdout, done.stdout + done.stderr


def test_the_rules_that_are_published_are_those_of_the_package_and_need_it_not(site: Path) -> None:
    for name in RULES:
        text = (site / "recompute" / name).read_text(encoding="utf-8")
        assert "safeconduct" not in text and len(text.splitlines()) < 400, name
