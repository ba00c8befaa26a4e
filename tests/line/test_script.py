"""The page's script outside a browser: its types, its own tests, and that anybody can build the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from safeconduct.line import pages

from .script_kit import ROOT, SCRIPTS, build_steps, bundled, node

SOURCE = ROOT / "src" / "safeconduct"
SOURCES = [*(SOURCE / "line" / "browser").rglob("*.ts"), SOURCE / "envelope" / "envelope.ts"]


@pytest.mark.parametrize("name", sorted(p.name for p in SCRIPTS.glob("*.test.mjs")))
def test_in_node(name: str, tmp_path: Path) -> None:
    vectors = str(ROOT / "docs" / "line-vectors.json")
    done = node("--test", "--test-reporter=tap", bundled(name, tmp_path), LINE_VECTORS=vectors)
    said = done.stdout.decode()
    failed = re.findall(r"^ *not ok .*(?:\n(?! *(?:ok|not ok)).*){0,30}", said, re.MULTILINE)
    assert done.returncode == 0 and not failed, "\n".join(failed) or said + done.stderr.decode()
    assert len(re.findall(r"^ *ok \d", said, re.MULTILINE)) > 5, said


def test_types() -> None:
    done = node(str(ROOT / "node_modules" / "typescript" / "bin" / "tsc"), "--project", str(ROOT))
    assert done.returncode == 0, done.stdout.decode()


def test_the_bundle_is_the_published_one_wherever_it_is_built(tmp_path: Path) -> None:
    copy = tmp_path / "somewhere else"
    for folder in ("src/safeconduct/line/browser", "src/safeconduct/envelope"):
        shutil.copytree(ROOT / folder, copy / folder)
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(ROOT / name, copy / name)
    build_steps().fetch_packages(ROOT)
    shutil.copytree(ROOT / "node_modules", copy / "node_modules", symlinks=True)
    build_steps().write_script(copy, tmp_path / "one.js")
    build_steps().write_script(ROOT, tmp_path / "two.js")
    one, two = (tmp_path / "one.js").read_bytes(), (tmp_path / "two.js").read_bytes()
    assert one == two
    assert one == (ROOT / build_steps().SCRIPT).read_bytes(), "the script that is served is older than its sources: run `make`"
    assert hashlib.sha256(one).hexdigest() == pages.published(), "run `make docs` after changing the script"


def test_the_bundle_needs_nothing_that_the_policy_forbids() -> None:
    script = (ROOT / build_steps().SCRIPT).read_text(encoding="utf-8")
    for forbidden in ("WebAssembly", "eval(", "new Function", "innerHTML", "document.write", "localStorage", "import(", "https://"):
        assert forbidden not in script, forbidden
    assert "</script" not in script, "it stands inside the offline form"


def test_the_lock_fixes_every_package_and_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package, name
    wanted = json.loads((ROOT / "package.json").read_text())
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_all_cryptography_is_in_one_small_file() -> None:
    crypto = re.compile(
        r"@noble|age-encryption|crypto\.|Math\.random|innerHTML|eval\(|new Function|localStorage|cookie|indexedDB"
    )
    for path in SOURCES:
        text = path.read_text()
        assert len(text.splitlines()) < (250 if path.name == "envelope.ts" else 400), path
        if path.name != "envelope.ts":
            assert not crypto.search(text), path
    assert len(re.findall(r"crypto\.", (SOURCE / "envelope" / "envelope.ts").read_text())) == 1, (
        "getRandomValues and nothing else"
    )
