"""What the pages say, and that they are sound HTML."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest

from safeconduct.publish import PublishError, check_site, publish
from safeconduct.publish.figures import agree, headlines
from safeconduct.publish.render import POLICY

from .helpers import SD, Made, ordinary, pages, tree

HEADINGS = re.compile(r"<h([1-6])\b")


def text_of(page: str) -> str:
    root = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    return re.sub(r"\s+", " ", "".join(root.find("body/main").itertext()))


def sound(page: str) -> Any:
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    root = parser.parse(page)
    assert not parser.errors, parser.errors[:3]
    return root


def test_the_front_page_shows_figures_with_their_asserter_and_updates(site: Path) -> None:
    page = text_of((site / "index.html").read_text())
    assert "According to Safeguard Defenders, there are 102 stations worldwide. Said: 15 December 2022." in page
    assert "Earlier figure by the same asserter: 54, 12 September 2022" in page
    assert "Different figure: at least 110, unnamed sources" in page
    assert "3 sources 12 claims" in page
    assert "230,000 people were persuaded or forced to return worldwide, from April 2021 to July 2022" in page


def test_a_country_with_a_response(site: Path) -> None:
    page = text_of((site / "countries/IE.html").read_text())
    step = "October 2022 Closure order, foreign ministry ◐ Acknowledged by the host state"
    assert f"{step} Said by authorities of Ireland" in page
    assert "Dublin" in page and "Ordered to close: The Ledger" in page


def test_silence_is_no_act(site: Path) -> None:
    page = text_of((site / "countries/IT.html").read_text())
    assert "No public record found up to 22 November 2026 (last searched 1 November 2026)." in page
    assert "No public response, according to The Ledger" in page
    assert '<ol class="ladder">' not in (site / "countries/IT.html").read_text()
    table = text_of((site / "countries/index.html").read_text())
    assert re.search(r"Italy none No public record found up to 22 November 2026", table)


def test_denials_stand_beside(site: Path) -> None:
    page = text_of((site / "countries/ES.html").read_text())
    assert "◇ China Denies the allegations. authorities of China" in page
    assert "Active: Safeguard Defenders" in page
    italy = text_of((site / "countries/IT.html").read_text())
    assert "Authorities of Italy deny that the host state lets others run stations in Italy" in italy


def test_a_source_without_claims_is_listed(site: Path, made: Made) -> None:
    empty = made.sources[2]
    assert "empty.txt" in (site / "sources/index.html").read_text()
    assert "No claim from this source" in (site / f"sources/{empty.id}.html").read_text()


def test_provenance_of_a_source(site: Path, made: Made) -> None:
    first = made.sources[0]
    page = (site / f"sources/{first.id}.html").read_text()
    assert first.capture in page and "12 September 2022" in page and "1 November 2026" in page
    assert '<a href="https://example.org/september" rel="noopener noreferrer nofollow">' in page
    claim = made.pairs[0][0]
    assert f'data-claims="{claim.id}' in page or f' {claim.id}' in page


def test_method_page_says_what_it_must(site: Path) -> None:
    page = text_of((site / "method.html").read_text())
    for needed in ("safeconduct verify", "GeoNames", "CC BY 4.0", "abab", "corroborated: independent voices",
                   "No person reviewed", "slot_measure"):
        assert needed in page, needed


@pytest.mark.parametrize(("options", "expected"), [
    ({"sample": True}, "A sample made of the project’s own summaries. No person reviewed it."),
    ({"reviewed": False}, "No person reviewed this register"),
    ({}, None),
])
def test_every_page_carries_the_notice(tmp_path: Path, made: Made, options: dict[str, Any], expected: str | None) -> None:
    publish(made.publication(**options), tmp_path / "site")
    for path, page in pages(tmp_path / "site"):
        assert ('class="notice"' in page) == (expected is not None), path
        if expected:
            assert expected in page, path


def test_proposals_are_never_shown_as_reviewed(tmp_path: Path, made: Made) -> None:
    from dataclasses import replace

    from safeconduct.register import compute, state
    register = compute(state(made.pairs, []), made.publication().register.as_of, include_proposed=True)
    publish(replace(made.publication(), register=register), tmp_path / "site")
    for path, page in pages(tmp_path / "site"):
        assert "No person reviewed" in page, path
    assert "proposed, not reviewed" in (tmp_path / "site/claims/index.html").read_text()


def test_html_is_valid_and_in_order(site: Path) -> None:
    for path, page in pages(site):
        root = sound(page)
        ids = [e.get("id") for e in root.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), path
        levels = [int(n) for n in HEADINGS.findall(page)]
        assert levels[0] == 1 and levels.count(1) == 1, path
        assert all(b <= a + 1 for a, b in pairwise(levels)), (path, levels)
        assert root.get("lang") == "en"
        assert root.find("body/main") is not None and root.find("head/title").text


def test_nothing_is_asked_of_anyone_and_nothing_runs(site: Path) -> None:
    for path, page in pages(site):
        for e in sound(page).iter():
            assert e.tag not in ("script", "style", "iframe", "object", "embed", "form", "base", "svg"), path
            assert not [a for a in e.attrib if a.startswith("on") or a in ("style", "src", "srcset")], path
            if e.tag == "link":
                assert not e.get("href").startswith(("http", "//")), path
        assert f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'.replace("'", "&#39;") in page, path
        assert '<meta name="referrer" content="no-referrer">' in page
    css = (site / "static/style.css").read_text()
    assert "url(" not in css and "@import" not in css and "http" not in css


def test_links_are_relative_without_a_base_and_canonical_with_one(tmp_path: Path, made: Made, site: Path) -> None:
    assert "canonical" not in (site / "index.html").read_text() and not (site / "sitemap.xml").exists()
    out = tmp_path / "site"
    publish(made.publication(base_url="https://example.org/register/"), out)
    assert '<link rel="canonical" href="https://example.org/register/">' in (out / "index.html").read_text()
    ireland = (out / "countries/IE.html").read_text()
    assert '<link rel="canonical" href="https://example.org/register/countries/IE.html">' in ireland
    assert "<loc>https://example.org/register/method.html</loc>" in (out / "sitemap.xml").read_text()
    assert 'href="/register/static/style.css"' in (out / "404.html").read_text()
    assert not check_site(out)
    with pytest.raises(PublishError, match="web address"):
        publish(made.publication(base_url="javascript:alert(1)"), tmp_path / "other")


def test_the_same_register_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = ordinary(), ordinary()
    two.pairs.reverse()
    two.sources.reverse()
    publish(one.publication(), tmp_path / "one")
    publish(two.publication(), tmp_path / "two")
    publish(one.publication(), tmp_path / "one")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_an_ungrounded_claim_stops_everything(tmp_path: Path, made: Made) -> None:
    text = made.sources[0].text
    made.texts[text] = made.texts[text].replace("54 stations", "45 stations")
    with pytest.raises(PublishError, match="not verbatim"):
        publish(made.publication(), tmp_path / "site")
    del made.texts[text]
    with pytest.raises(PublishError, match="missing"):
        publish(made.publication(), tmp_path / "site")
    assert not list(tmp_path.iterdir())


def test_claims_are_paged(tmp_path: Path) -> None:
    made = Made()
    text = "\n".join(f"Report {n}: there are {n} stations in Spain." for n in range(1, 620))
    source = made.source(text, "many.txt")
    for n in range(1, 620):
        made.claim(source, f"Report {n}: there are {n} stations", "figure", {"measure": "stations", "value": n, "scope": "ES"})
    publish(made.publication(), tmp_path / "site")
    assert (tmp_path / "site/claims/page-2.html").exists() and not (tmp_path / "site/claims/page-3.html").exists()
    assert (tmp_path / "site/countries/ES-7.html").exists()
    assert (tmp_path / "site/claims/index.html").read_text().count("<tr>") == 501
    assert not check_site(tmp_path / "site")


def test_the_rule_for_headlines() -> None:
    def figure(value: float, said: str, by: str = SD, qualifier: str = "exact", **more: Any) -> dict[str, Any]:
        return {"measure": "stations", "scope": "world", "place": None, "operator": None, "status": None, "value": value,
                "qualifier": qualifier, "asserted_by": by, "stance": "asserts", "first_said": said, "last_said": said,
                "claims": [f"c{value}{by}"], "assertions": [{"source": f"s{said}", "when": None}]} | more
    figures = [
        figure(54, "2022-09", last_said="2023-05"), figure(102, "2022-12-15"), figure(100, "2022-12-15", qualifier="more_than"),
        figure(110, "2024", by="unspecified"), figure(21, "2024", operator="one network"), figure(7, "2025", scope="ES"),
    ]
    (found,) = headlines(figures)
    assert found.entry["value"] == 102
    assert [(how, e["value"]) for how, e in found.beside] == [("earlier", 54), ("agrees", 100), ("differs", 110)]
    assert agree(figures[1], figures[2]) and not agree(figures[0], figures[1])


def test_a_continent_has_no_country_page(tmp_path: Path) -> None:
    made = Made()
    source = made.source("There are 3 offices in Africa. End of story, and the rest is rain and trams.", "a.txt")
    made.claim(source, "3 offices in Africa", "figure", {"measure": "stations", "value": 3, "scope": "africa"})
    publish(made.publication(), tmp_path / "site")
    assert not list((tmp_path / "site/countries").glob("[aA]*.html"))
    assert json.loads((tmp_path / "site/register.json").read_text())["figures"][0]["scope"] == "africa"


def test_contradictions_have_a_page_with_both_sides(site: Path) -> None:
    page = (site / "contradictions.html").read_text()
    register = json.loads((site / "register.json").read_text())
    assert register["contradictions"], "the sample holds none"
    words = text_of(page)
    for one in register["contradictions"]:
        assert f'id="{one["id"]}"' in page
        for side in one["sides"]:
            assert side["value"].lower() in words.lower()
    assert "Nothing is settled here" in words
