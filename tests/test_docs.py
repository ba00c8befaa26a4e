"""The documents fail the build when they lie."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from safeconduct import __version__
from safeconduct.claims import KINDS
from safeconduct.cli import main
from safeconduct.settings import Settings, load, template

from .generate import PAGES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@pytest.mark.timeout(400)  # the extractor is scored on two hundred texts
@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_have_not_drifted(page: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == PAGES[page](), f"docs/{page} has drifted: run `make docs`"


def test_every_setting_is_documented_with_its_default() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"## \[(\w+)\]\n(.*?)(?=\n## |\Z)", page, re.S))
    known = {}
    for section in fields(Settings):
        known[section.name] = {f.name for f in fields(getattr(Settings(), section.name))}
        for f in fields(getattr(Settings(), section.name)):
            value = getattr(getattr(Settings(), section.name), f.name)
            shown = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
            assert f"| `{f.name}` | `{shown}` |" in sections[section.name], f"[{section.name}] {f.name} = {shown}"
    documented = {name: set(re.findall(r"^\| `(\w+)`", text, re.M)) for name, text in sections.items()}
    assert documented == known


def test_the_settings_template_means_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "safeconduct.toml"
    file.write_text(template(), encoding="utf-8")
    assert load(file) == Settings()
    file.write_text(re.sub(r"^# (\w+ = )", r"\1", template(), flags=re.M), encoding="utf-8")
    assert load(file) == Settings()


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    return [t for t in re.findall(r"\]\(([^)#\s]+)", text) if not t.startswith(("http", "mailto"))]


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("examples/*.md")], ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in links(page):
        assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_the_readme_speaks_of_commands_that_exist() -> None:
    for page in (ROOT / "README.md", ROOT / "examples" / "README.md", main):
        text = page.help or "" if page is main else page.read_text(encoding="utf-8")  # type: ignore[union-attr]
        for name in re.findall(r"safeconduct ([a-z]+)\b(?! *\.)", text):
            if name in ("is", "by", "import"):
                continue
            assert name in main.commands, f"there is no `safeconduct {name}`"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.M), f"{page.name} speaks of `make {target}`"


def test_every_command_and_option_explains_itself() -> None:
    for name, command in main.commands.items():
        assert (command.help or "").strip(), name


def test_versions_agree() -> None:
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"] == "AGPL-3.0-or-later"


def test_the_examples_are_what_their_page_says() -> None:
    folder = ROOT / "examples"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["file"] for row in rows} == {f"briefs/{p.name}" for p in (folder / "briefs").glob("*.txt")}
    assert sum(row["language"] == "en" for row in rows) >= 9
    assert sum(row["language"].startswith("zh") for row in rows) >= 3
    assert all(row["publisher"] and row["published"] and row["title"] for row in rows)
    page = (folder / "README.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert kind in page


def test_no_document_names_a_machine() -> None:
    suspicious = re.compile(r"/(?:work|root|home)/\w+|simple/\?|registry\.npm")
    for path in [*ROOT.glob("*.md"), *DOCS.rglob("*"), *(ROOT / "requirements").iterdir(), ROOT / "Makefile"]:
        if path.is_file() and path.suffix != ".png":
            found = suspicious.search(path.read_text(encoding="utf-8"))
            assert not found, f"{path.name}: {found.group() if found else ''}"


def test_the_rules_of_the_register_are_documented() -> None:
    from typing import get_args

    from safeconduct.register import LADDER, STANDINGS
    from safeconduct.register.compared import Relation

    page = (DOCS / "register.md").read_text(encoding="utf-8")
    for word in (*STANDINGS, *get_args(Relation)):
        assert f"\n| `{word}` |" in page, f"docs/register.md has no row for {word}"
    assert ", ".join(f"`{a}`" for a in LADDER) in page, "docs/register.md has the ladder in another order"
    code = (ROOT / "src/safeconduct/register/timeline.py").read_text(encoding="utf-8")
    events = re.findall(r'"(opened|reported\w*|ordered_closed|claimed_closed)"', code)
    assert events and all(f"`{e}`" in page for e in events)
