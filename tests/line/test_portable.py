"""The form that works without the internet: one file, opened from disk, seals; what it saves travels any way and is opened."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from safeconduct.envelope import b64, unseal
from safeconduct.envelope.letter import Report, read_letter
from safeconduct.envelope.parcel import read_parcel, token_hash
from safeconduct.envelope.words import from_words, mailbox_of, token_of
from safeconduct.line import pages

from .chromium import chromium
from .kit import Client, Organisation, Running
from .walk import Reporter


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_report_from_a_file_without_the_internet(
    browser: Browser, organisation: Organisation, server: Running, client: Client, tmp_path: Path, language: str
) -> None:
    form = tmp_path / "form.html"
    form.write_bytes(pages.form(organisation.roster().decode()))
    context = browser.new_context(viewport={"width": 360, "height": 700}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    someone = Reporter(page, form.as_uri())
    someone.come()
    if language != "en":
        page.click(f"[data-language={language}]")
        someone.at("intro")
    assert page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]") == [
        language, "rtl" if language == "fa" else "ltr",
    ]  # fmt: skip
    assert page.locator("#leave").inner_text() == pages.languages()[language]["leave"]
    someone.press("to-warning")
    someone.press("to-report")
    someone.write({"what": "CANARY", "risk": "خانواده"}, [])
    assert page.locator("#pass").is_hidden(), "a code is given to the server, which is not asked here"
    with page.expect_download() as download:
        someone.press("send")
    assert download.value.suggested_filename == "report.parcel"
    download.value.save_as(tmp_path / "report.parcel")
    parcel = (tmp_path / "report.parcel").read_bytes()
    words = someone.words()
    with page.expect_download() as again:
        someone.press("save")
    assert Path(again.value.path()).read_bytes() == parcel
    someone.type_back(words)
    assert "https://example.org" in page.locator("#addresses").inner_text()
    someone.press("finish")
    expect(page.locator("#app p")).to_be_focused()
    assert "CANARY" not in someone.everything() and page.locator("section").count() == 0
    assert {url.split(":")[0] for url in asked} <= {"file", "blob"} and someone.wrong == []
    context.close()

    secret, signer = from_words(" ".join(word for word, _ in words)), organisation.key.verifying
    head = read_parcel(parcel)
    assert head and head.mailbox == mailbox_of(secret, signer) and head.token_hash == token_hash(token_of(secret, signer))
    letter = read_letter(unseal(io.BytesIO(parcel[56:]), [organisation.desks[1].identity]))
    assert isinstance(letter, Report) and letter.parts == {"what": "CANARY", "risk": "خانواده"} and letter.language == language

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/{language}/")
    page.set_input_files("[name=parcel]", tmp_path / "report.parcel")
    page.click("form button")
    expect(page.locator("h1")).to_have_text(pages.languages()[language]["upload_done"])
    context.close()
    assert [m["kind"] for m in client.listed(organisation.desks[0]) if m["mailbox"] == b64(head.mailbox)] == ["report"]


def test_the_form_can_reach_nobody(organisation: Organisation) -> None:
    form = pages.form(organisation.roster().decode()).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', form)
    policy = policy.replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ") and "connect-src" not in policy and "unsafe" not in policy
    for kind, inside in (("style", r"<style>(.*?)</style>"), ("script", r"<script>(.*?)</script>")):
        (content,) = re.findall(inside, form, re.DOTALL)
        hashed = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{hashed}'" in policy
    assert not re.search(r'(?:src|href|action)="(?!#|about:blank)', form)
    assert form == pages.form(organisation.roster().decode()).decode()
