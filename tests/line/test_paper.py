"""The sheet to print and hand out."""

from __future__ import annotations

import json
import re

import pytest
import segno

from safeconduct.envelope.words import fingerprint
from safeconduct.line import pages

from .kit import Organisation


@pytest.mark.parametrize("language", sorted(pages.languages()))
def test_the_sheet_says_where_and_whom_and_what_to_heed(language: str) -> None:
    organisation = Organisation()
    sheet = pages.paper(language, organisation.roster().decode(), alone=True).decode()
    said = pages.languages()[language]
    words = re.findall(r"<li><span class=\"number\">\d+</span> ([a-z]+)</li>", sheet)
    assert tuple(words) == fingerprint(organisation.key.verifying)
    assert "https://example.org" in sheet and sheet.count("<svg") == 1
    for key in ("warning_device", "warning_network", "warning_place", "words_hide"):
        assert said[key] in sheet
    assert "<script" not in sheet and "http-equiv" not in sheet and said["leave"] not in sheet
    assert said["leave"] in pages.paper(language, organisation.roster().decode()).decode()


def test_the_square_holds_the_address() -> None:
    path = re.search(r' d="([^"]+)"', str(pages._qr("https://example.org")))
    assert path and path[1] == re.search(r' d="([^"]+)"', segno.make("https://example.org", error="m").svg_inline(border=2))[1]
    assert str(pages._qr("https://example.org")) != str(pages._qr("https://example.net"))


def test_nothing_of_an_address_becomes_markup() -> None:
    roster = json.loads(Organisation().roster())
    signed = json.loads(roster["signed"])
    roster["signed"] = json.dumps({**signed, "addresses": ["https://x/<script>"], "organisation": "<b>"})
    sheet = pages.paper("en", json.dumps(roster), alone=True).decode()
    assert "<script>" not in sheet and "<b>" not in sheet and "https://x/&lt;script&gt;" in sheet


def test_after_an_upload_there_is_a_way_back_and_after_clearing_there_is_none() -> None:
    for accepted in (True, False):
        assert '<a href="/fa/">' in pages.uploaded("fa", accepted).decode()
    assert '<a href="/fa/">' not in pages.done("fa").decode()
