"""`check_site` finds what it says it finds; files are sealed again so that not the checksum alone speaks."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from safeconduct.publish import check_site

from .helpers import Made


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    out = tmp_path / "copy"
    shutil.copytree(site, out)
    return out


def seal(out: Path) -> None:
    """Write the checksums anew, as somebody who forges a site would."""
    path = out / "datapackage.json"
    package = json.loads(path.read_text())
    files = package["safeconduct"]["files"]
    for name in list(files):
        if (out / name).exists():
            data = (out / name).read_bytes()
            files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        else:
            del files[name]
    for r in package["resources"]:
        r["bytes"], r["hash"] = files[r["path"]]["bytes"], "sha256:" + files[r["path"]]["sha256"]
    path.write_text(json.dumps(package))


def edit(out: Path, name: str, old: str, new: str, *, sealed: bool = True) -> None:
    text = (out / name).read_text(encoding="utf-8")
    assert old in text
    (out / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    if sealed:
        seal(out)


def found(out: Path, file: str, what: str) -> None:
    problems = check_site(out)
    assert [p for p in problems if p.file == file and re.search(what, p.what)], problems
    assert all(p.what.endswith(".") for p in problems)


def test_a_sound_site_has_no_problem_even_sealed_again(copy: Path) -> None:
    assert check_site(copy) == []
    seal(copy)
    assert check_site(copy) == []


def test_an_altered_byte(copy: Path) -> None:
    for name in ("index.html", "static/style.css", "sites.geojson"):
        data = bytearray((copy / name).read_bytes())
        data[len(data) // 2] ^= 1
        (copy / name).write_bytes(data)
        found(copy, name, "altered")


def test_a_removed_and_an_added_file(copy: Path) -> None:
    (copy / "countries/IE.html").unlink()
    (copy / "countries/extra.html").write_text("<!doctype html>")
    (copy / "link.html").symlink_to(copy / "index.html")
    found(copy, "countries/IE.html", "missing")
    found(copy, "countries/extra.html", "not part of the site")
    found(copy, "link.html", "not part of the site")


def test_a_missing_or_foreign_data_package(copy: Path, tmp_path: Path) -> None:
    (copy / "datapackage.json").write_text("{}")
    found(copy, "datapackage.json", "not ours")
    (copy / "datapackage.json").unlink()
    found(copy, "datapackage.json", "missing")
    found(tmp_path / "nowhere", "datapackage.json", "missing")


def test_paths_outside_are_never_read(copy: Path) -> None:
    package = json.loads((copy / "datapackage.json").read_text())
    package["safeconduct"]["files"]["../secret"] = {"bytes": 1, "sha256": "0"}
    (copy / "datapackage.json").write_text(json.dumps(package))
    found(copy, "datapackage.json", "malformed")


@pytest.mark.parametrize(("old", "new", "what"), [
    ('value="102" data', 'value="103" data', "does not show its value"),
    (">102</data>", ">103</data>", "does not show its value"),
    ('data-count="claims">12<', 'data-count="claims">13<', "does not show"),
    ('value="12" data-count="claims">12<', 'value="13" data-count="claims">13<', "There are not 13 claims"),
])
def test_a_changed_number_on_a_page(copy: Path, old: str, new: str, what: str) -> None:
    edit(copy, "index.html", old, new)
    found(copy, "index.html", what)


def test_a_number_changed_with_its_value(copy: Path) -> None:
    text = (copy / "index.html").read_text()
    text = re.sub(r'<data value="102" (data-claims="[^"]*")>102', r'<data value="202" \1>202', text)
    (copy / "index.html").write_text(text)
    seal(copy)
    found(copy, "index.html", "202 is not what claim")


def test_a_number_without_a_claim(copy: Path) -> None:
    text = (copy / "index.html").read_text()
    (copy / "index.html").write_text(re.sub(r'(<data value="102") data-claims="[^"]*"', r"\1", text))
    seal(copy)
    found(copy, "index.html", "leads to no claim")


def test_a_number_changed_in_the_register(copy: Path) -> None:
    edit(copy, "register.json", '"value": 102', '"value": 1020')
    found(copy, "register.json", "is not what claim")


def test_a_claim_dropped_from_the_dataset(copy: Path, made: Made) -> None:
    claim, source = next((c, s) for c, s in made.pairs if "102" in c.quote)
    lines = (copy / "claims.jsonl").read_text().splitlines(keepends=True)
    (copy / "claims.jsonl").write_text("".join(line for line in lines if claim.id not in line))
    seal(copy)
    for file in ("register.json", "claims.csv", "index.html", "claims/index.html", f"sources/{source.id}.html"):
        found(copy, file, f"{claim.id}.* is not in claims.jsonl")


def test_a_claim_altered_in_the_dataset(copy: Path) -> None:
    edit(copy, "claims.jsonl", '"value": 102', '"value": 1020')
    found(copy, "claims.jsonl", "does not follow from its content")


def test_a_place_without_its_claim(copy: Path) -> None:
    text = (copy / "sites.geojson").read_text()
    (copy / "sites.geojson").write_text(re.sub(r'"claims": "c', '"claims": "c00', text))
    seal(copy)
    found(copy, "sites.geojson", "is not in claims.jsonl")


def test_a_quote_that_is_no_longer_verbatim(copy: Path, made: Made) -> None:
    claim, source = next((c, s) for c, s in made.pairs if "102" in c.quote)
    edit(copy, f"sources/{source.id}.html", "102 stations worldwide</mark>", "201 stations worldwide</mark>")
    found(copy, f"sources/{source.id}.html", f"quote of claim {claim.id} is not marked")


def test_a_quote_without_its_anchor(copy: Path, made: Made) -> None:
    claim, source = next((c, s) for c, s in made.pairs if "102" in c.quote)
    edit(copy, f"sources/{source.id}.html", f'<mark id="{claim.id}"', "<mark")
    found(copy, f"sources/{source.id}.html", f"quote of claim {claim.id} is not marked")


def test_broken_links_and_anchors(copy: Path) -> None:
    edit(copy, "index.html", "method.html#figures", "method.html#figuras")
    found(copy, "index.html", "#figuras leads to no such place")
    edit(copy, "index.html", 'href="countries/IE.html"', 'href="countries/XX.html"')
    found(copy, "index.html", "XX.html leads nowhere")
    text = (copy / "index.html").read_text()
    (copy / "index.html").write_text(re.sub(r"sources/s[0-9a-f]{20}\.html#c", "sources/index.html#c", text))
    seal(copy)
    found(copy, "index.html", "not to its source")


@pytest.mark.parametrize(("new", "what"), [
    ("<script>1</script></main>", "<script>"), ('<p onclick="x">a</p></main>', "onclick"),
    ('<p style="x">a</p></main>', "style"),
    ('<img alt="" src="https://example.org/x.png"></main>', "asks for"),
    ('<link rel="stylesheet" href="https://x.org/a"></main>', "asks for"),
    ('<p id="main">a</p></main>', "used twice"), ('<mark id="c00000000000000000000">a</mark></main>', "not in claims.jsonl"),
])
def test_what_no_page_may_hold(copy: Path, new: str, what: str) -> None:
    edit(copy, "method.html", "</main>", new)
    found(copy, "method.html", what)


@pytest.mark.parametrize("name", ["claims.jsonl", "claims.csv", "sources.csv", "register.json", "sites.geojson"])
def test_broken_datasets_are_problems_and_no_crash(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b'{"broken": \xff\n')
    seal(copy)
    found(copy, name, "cannot be read")
