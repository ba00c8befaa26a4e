"""What may stand around a quote, and what of a text may stand on a page at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.publish import check_site, publish
from safeconduct.publish.extracts import CONTEXT, MASK, extracts, masked, visible
from safeconduct.publish.privacy import known_names, private_spans

from .helpers import DECEMBER, FILL, SEPTEMBER, Made, pages

KNOWN = known_names(["org:safeguard-defenders", "media:rtl-nieuws"], ["Radio Free Asia"])


def shown(text: str) -> str:
    return masked(text, 0, len(text), private_spans(text, KNOWN))


@pytest.mark.parametrize(("text", "hidden"), [
    ("a shopkeeper, Jane Miller, saw it", ["Jane", "Miller"]),
    ("according to Jean-Pierre van der Berg of Lyon", ["Jean", "Berg"]),
    ("Foreign Minister Wang Yi said", ["Wang", "Yi"]),
    ("the owner John F. Kennedy spoke", ["John", "Kennedy"]),
    ("Jordan Smith and Austin Jackson came", ["Jordan", "Smith", "Austin", "Jackson"]),
    ("it was Mr. Zhao who opened it", ["Zhao"]),
    ("MARY JONES was there", ["MARY", "JONES"]),
    ("Özgür Çelik was there", ["Özgür", "Çelik"]),
    ("Li Wei came, and later only Wei stayed", ["Li", "Wei"]),
    ("Mary\nJones was there", ["Mary", "Jones"]),
    ("write to jane.miller@example.org or call +44 20 7946 0958", ["jane", "7946"]),
    ("her handle is @janemiller at https://example.org/janemiller", ["janemiller"]),
    ("at 12 Capel Street Upper", ["Capel"]),
])
def test_names_and_contacts_are_hidden(text: str, hidden: list[str]) -> None:
    result = shown(text)
    assert MASK in result
    assert not [name for name in hidden if name in result]


@pytest.mark.parametrize("text", [
    "The Foreign Office said so on Monday in London",
    "Safeguard Defenders and RTL Nieuws, with Radio Free Asia, found it",
    "in New York City, in The Hague, in the United States and in Hong Kong",
    "the Ministry of Public Security and the Chinese Communist Party",
    "In October the Dutch government answered",
])
def test_places_and_institutions_stay(text: str) -> None:
    assert shown(text) == text


def test_names_around_quotes_never_reach_a_page(tmp_path: Path) -> None:
    made = Made()
    text = f"{FILL}\n\nSaid Jane Miller: 54 stations exist, as Otto von Kranz knows; Miller agrees.\n\n{FILL}"
    source = made.source(text, "a.txt")
    made.claim(source, "54 stations exist", "figure", {"measure": "stations", "value": 54})
    publish(made.publication(), tmp_path / "site")
    page = (tmp_path / "site" / "sources" / f"{source.id}.html").read_text()
    assert "54 stations exist" in page and "as […] knows; […] agrees" in page
    for _, page in pages(tmp_path / "site"):
        assert not [n for n in ("Jane", "Miller", "Otto", "Kranz") if n in page]


def test_scripts_without_capitals_get_no_context() -> None:
    made = Made()
    source = made.source(f"汪某说，中国设有54个站点，张三也在。\n\n{FILL}", "a.txt", language="zh-Hans")
    claim = made.claim(source, "54个站点", "figure", {"measure": "stations", "value": 54})
    (extract,) = extracts(made.texts[source.text], [claim], KNOWN)
    assert [p.text for p in extract.pieces] == ["54个站点"]


def test_context_is_short_at_word_boundaries_and_within_the_paragraph() -> None:
    made = Made()
    text = f"{FILL}\nbefore it " + "wordy " * 30 + "the quote itself" + " later" * 30 + f"\n{FILL}"
    source = made.source(text, "a.txt")
    claim = made.claim(source, "the quote itself", "figure", {"measure": "stations", "value": 54})
    (extract,) = extracts(text, [claim], KNOWN)
    before, quote, after = (p.text for p in extract.pieces)
    assert quote == "the quote itself" and 40 < len(before) <= CONTEXT and 40 < len(after) <= CONTEXT
    assert set(before.split()) == {"wordy"} and set(after.split()) == {"later"}


def test_no_context_when_quotes_and_context_would_show_most_of_the_text() -> None:
    made = Made()
    text = "One short text. It has 54 stations in it. And an end."
    source = made.source(text, "a.txt")
    claim = made.claim(source, "54 stations", "figure", {"measure": "stations", "value": 54})
    (extract,) = extracts(text, [claim], KNOWN)
    assert [p.text for p in extract.pieces] == ["54 stations"]


def test_no_page_holds_a_whole_text_or_a_paragraph_no_claim_rests_on(site: Path) -> None:
    found = dict(pages(site))
    assert len(found) > 10
    for path, page in found.items():
        assert SEPTEMBER not in page and DECEMBER not in page
        assert "trams that were late" not in page, path
    assert not check_site(site)


def test_authors_and_private_names_are_in_no_file(site: Path) -> None:
    for path in site.rglob("*"):
        if path.is_file():
            assert b"Miller" not in path.read_bytes(), path


def test_visible_keeps_length_and_offsets() -> None:
    text = "a\0b\u202ec\x9fd\r\n𠮷\ufffee"
    assert len(visible(text)) == len(text)
    assert visible(text) == "a␀b\ufffdc\ufffdd \n𠮷\ufffde"
