"""Text from outside never becomes markup, and its offsets stay true."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import html5lib
import pytest

from safeconduct.publish import check_site, publish
from safeconduct.publish.datasets import cell, uncell

from .helpers import FILL, Made, pages

BAD = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</mark></blockquote><h1>taken</h1>", "&lt;b&gt; &#0; &amp;",
    "' onmouseover='alert(1)", "{{ 7*7 }}{% raw %}", "]]><!-- --><style>*{display:none}</style>", "javascript:alert(1)",
]
ODD = ["\u202eright to left\u202c", "nul\0byte and \x1b[31m", "a\u2028b\u2029c",
       "\ufeffbom \ufffe \x85", "line\r\nbreak", "\u2066isolate"]


def hostile() -> Made:
    made = Made()
    text = "𠮷𠮷 " + "\n".join(f"𠮷 before {bad} with 54 stations after it." for bad in [*BAD, *ODD]) + "\n" + FILL
    source = made.source(
        text, '"><script>x</script>.txt', title='<script>alert("t")</script>\0', publisher='<b onclick="x">Pub</b>\u202e',
        url="javascript:alert(document.cookie)", language='en" onload="x',
    )
    for bad in [*BAD, *ODD]:
        made.claim(source, f"{bad} with 54 stations", "figure",
                   {"measure": "stations", "value": 54, "place": bad[:40], "operator": bad[:40]}, via=["org:x"])
        made.claim(source, bad, "site", {"country": "ES", "place": bad[:40]})
        made.claim(source, f"before {bad}", "response", {"country": "ES", "action": "investigation", "body": bad[:40],
                                                         "target": bad[:40], "place": bad[:40]})
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Path]:
    made, out = hostile(), tmp_path_factory.mktemp("hostile") / "site"
    publish(made.publication(), out)
    return made, out


def test_nothing_becomes_markup(built: tuple[Made, Path]) -> None:
    for path, page in pages(built[1]):
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        root = parser.parse(page)
        assert not parser.errors, (path, parser.errors[:2])
        for e in root.iter():
            assert e.tag not in ("script", "img", "style", "b", "svg"), path
            assert not [a for a in e.attrib if a.startswith("on")], path
            assert not (e.get("href") or "").startswith("javascript:"), path
        assert len(root.findall(".//h1")) == 1
        for character in "\0\x1b\u202e\u202d\ufffe\x85":
            assert character not in page, (path, character)


def test_quotes_are_marked_exactly_and_the_site_checks_out(built: tuple[Made, Path]) -> None:
    made, out = built
    assert check_site(out) == []
    root = html5lib.parse((out / f"sources/{made.sources[0].id}.html").read_text(), namespaceHTMLElements=False)
    for claim, _ in made.pairs:
        shown = "".join("".join(m.itertext()) for m in root.iter("mark") if claim.id in m.get("data-claims").split())
        assert len(shown) == len(claim.quote)
        if claim.quote.isprintable():
            assert shown == claim.quote
        assert len(root.findall(f".//*[@id='{claim.id}']")) == 1


def test_overlapping_and_nested_quotes(tmp_path: Path) -> None:
    made = Made()
    text = f"{FILL}\n𠮷 Nine offices in Spain, three of them in Madrid, are open.\n{FILL}"
    source = made.source(text, "a.txt")
    spans = ["Nine offices in Spain, three of them in Madrid", "three of them in Madrid, are open", "Spain", "Nine offices",
             "three of them in Madrid, are open"]
    claims = [made.claim(source, quote, "figure", {"measure": "stations", "value": n + 1, "scope": "ES"})
              for n, quote in enumerate(spans)]
    publish(made.publication(), tmp_path / "site")
    assert check_site(tmp_path / "site") == []
    page = (tmp_path / f"site/sources/{source.id}.html").read_text()
    root = html5lib.parse(page, namespaceHTMLElements=False)
    marks = [(m.get("data-claims").split(), "".join(m.itertext())) for m in root.iter("mark")]
    assert "".join(t for _, t in marks) == "Nine offices in Spain, three of them in Madrid, are open"
    for claim, quote in zip(claims, spans, strict=True):
        assert "".join(t for ids, t in marks if claim.id in ids) == quote
    overlap = next(ids for ids, t in marks if t == "three of them in Madrid")
    assert set(overlap) == {claims[0].id, claims[1].id, claims[4].id}


def test_datasets_hold_the_words_unchanged(built: tuple[Made, Path]) -> None:
    made, out = built
    wanted = {c.id: c.quote for c, _ in made.pairs}
    with (out / "claims.csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"]: uncell(row["quote"]) for row in csv.DictReader(file)} == wanted
    lines = (out / "claims.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert {v["id"]: v["quote"] for v in map(json.loads, lines)} == wanted


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'quoted'", "''", "plain", "", "1=2",
                                  "\r\n=1", "\n@x"])
def test_no_cell_is_run_and_every_cell_comes_back(text: str) -> None:
    assert cell(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert uncell(cell(text)) == text
