"""Candidates by Splink on DuckDB, the real ones: what they find, that it is the same each time, and their reasons."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from safeconduct import Workspace
from safeconduct.cli import main
from safeconduct.workspace import WorkspaceError
from safeconduct.workspace.candidates import candidates

from .resolve.test_suggest import site

SITES = [
    site("ta", "Milan", operator="Wenzhou PSB"), site("tb", "米兰", operator="温州市公安局", opened=("2016",)),
    site("tc", "Milano", operator="qingtian"), site("td", "Milan"),
    site("te", "Prato", operator="Wen-chou", opened=("2016-05",)), site("tf", "Prato"),
    site("tg", "Birmingham", "GB", "Fuzhou"), site("th", "Birmngaham", "GB", "福州"), site("ti", "Birmingham", "US", "Fuzhou"),
    site("tj", "Paris", "FR", "Lishui", ("2016",)), site("tk", "Paris", "FR", "Lishui", ("2018",)),
    site("tl", "", "ES", "Lishui"), site("tm", "Madrid", "ES", "丽水"),
]  # fmt: skip


def test_cities_and_forces_meet_in_any_script_and_misspelt_in_two_letters() -> None:
    found = list(candidates(SITES))
    assert [(s.a, s.b) for s in found] == [("ta", "tb"), ("te", "tf"), ("tg", "th"), ("tl", "tm")]
    said = {s.a: " ".join(s.because) for s in found}
    assert "温州" in said["ta"] and "names no police force, the other Wen-chou" in said["te"]
    assert "spelt alike" in said["tg"] and "names no city, the other Madrid" in said["tl"]
    assert list(candidates(list(reversed(SITES)))) == found


def test_nothing_comes_of_nothing() -> None:
    assert list(candidates([])) == []


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(WorkspaceError, match=r"safeconduct\[linkage\]"):
        list(candidates(SITES))


def test_the_command_lists_what_splink_finds(workspace: Workspace) -> None:
    where = str(workspace.root)
    done = CliRunner().invoke(main, ["links", "--suggest", "--splink", "--json", "--workspace", where])
    assert (done.exit_code, done.output) == (0, "[]\n")
    assert CliRunner().invoke(main, ["links", "--splink", "--workspace", where]).exit_code == 2
