"""The whole way of a report, in a real browser against a real server: what is sent, what is kept, what is left."""

from __future__ import annotations

import gzip
import io
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from safeconduct.envelope import b64, recipient_of, seal, unb64, unseal
from safeconduct.envelope.letter import Answer, Report, read_attachment, read_letter, write_answer
from safeconduct.envelope.words import fingerprint, from_words, mailbox_of, reply_identity_of
from safeconduct.line import pages

from . import pictures
from .chromium import chromium
from .kit import Client, Organisation, Running, everything
from .walk import PARTS, Reporter
from .wire import betrayed, wire

SAID = {part: f"CANARY-{part} {secrets.token_hex(6)} — 安全 سلام" for part in PARTS}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    yield context.new_page()
    context.close()


def letters(client: Client, organisation: Organisation, mailbox: bytes) -> list[tuple[Report, bytes]]:
    """The letters in a mailbox, as a caseworker opens them, with their age files."""
    desk, found = organisation.desks[2], []
    for message in client.listed(desk):
        if message["mailbox"] == b64(mailbox) and message["kind"] == "report":
            file = client.desk(desk, "/desk/message", unb64(str(message["id"])))[2]
            letter = read_letter(unseal(io.BytesIO(file), [desk.identity]))
            assert isinstance(letter, Report)
            found.append((letter, file))
    return found


def reply(client: Client, organisation: Organisation, secret: bytes, number: int, text: str, **change: Any) -> bytes:
    """Put an answer into a mailbox; returns the age file."""
    signer, desk = organisation.key.verifying, organisation.desks[0]
    mailbox = mailbox_of(secret, signer)
    answer = Answer(mailbox, number, datetime.now(UTC).date(), text, desk.verifying)
    to = [recipient_of(reply_identity_of(secret, signer)), *(d.recipient for d in organisation.desks)]
    file = b"".join(seal(write_answer(answer, desk.signing), to))
    if change.get("spoilt"):
        file = file[:-1] + bytes([file[-1] ^ 1])
    assert client.desk(desk, "/desk/answer", mailbox + file)[0] == 201
    return file


def test_the_whole_way_says_nothing_that_anybody_could_read(
    browser: Browser, server: Running, client: Client, organisation: Organisation, folder: Path, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    picture, paper = tmp_path / "CANARY-name.jpg", tmp_path / "CANARY-paper.pdf"
    picture.write_bytes(pictures.jpeg(pictures.drawn(page)["jpg"], 6))
    paper.write_bytes(b"%PDF-1.7 CANARY-inside " + secrets.token_bytes(300_000))
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    with wire(server.port) as between:
        address = f"http://127.0.0.1:{between.port}"
        someone = Reporter(page, f"{address}/en/")
        someone.report(SAID, [picture, paper], keep=True)
        six = page.locator(".fingerprint .six").first.evaluate(
            "e => Array.from(e.querySelectorAll('[data-word]'), (w) => w.textContent)"
        )
        assert tuple(six) == fingerprint(organisation.key.verifying)
        page.check("#uses-whole [data-use=count]")
        page.check("#each")
        page.check("#uses-each [data-for=when][data-use=refer]")
        someone.press("send")
        words = someone.words()
        secret = from_words(" ".join(word for word, _ in words))
        assert secret == from_words(" ".join(number for _, number in words))
        someone.type_back(words)
        left = someone.everything()
        assert "CANARY" not in left and not [word for word, _ in words if f">{word}<" in left and word not in six]
        someone.clear()
        assert "CANARY" not in someone.everything()

        mailbox = mailbox_of(secret, organisation.key.verifying)
        ((report, file),) = letters(client, organisation, mailbox)
        assert report.type == "report" and report.parts == SAID and report.language == "en"
        assert report.uses["what"] == ("help", "count") and report.uses["when"] == ("help", "refer", "count")
        assert report.uses["contact"] == ("help",), "how to reach somebody is never counted"
        assert [(a.name, a.type, a.metadata) for a in report.attachments] == [
            ("1.jpg", "image/jpeg", "removed"),
            ("1-original.jpg", "image/jpeg", "kept"),
            ("2.pdf", "application/pdf", "unknown"),
        ]
        contents = [b"".join(read_attachment(unseal(io.BytesIO(file), [organisation.desks[0].identity]), n)) for n in range(3)]
        assert b"CANARY" not in contents[0] and contents[1:] == [picture.read_bytes(), paper.read_bytes()]

        reply(client, organisation, secret, 1, "CANARY-answer-one")
        reply(client, organisation, secret, 3, "CANARY-answer-three\n<b>سلام</b>")
        reply(client, organisation, secret, 4, "CANARY-spoilt", spoilt=True)
        someone.enter(", ".join(word[:4] for word, _ in words))
        someone.at("mailbox")
        while page.locator("[data-act=older]").is_visible():
            count = page.locator("#messages > li").count()
            someone.press("older")
            expect(page.locator("#messages > li")).not_to_have_count(count)
        expect(page.locator("#messages > li")).to_have_count(4)
        shown = "\n".join(someone.messages())
        assert "CANARY-answer-one" in shown and "CANARY-answer-three\n<b>سلام</b>" in shown and "CANARY-spoilt" not in shown
        assert shown.count("could not be checked") == 1 and shown.count("You sent a message") == 1
        rows = page.locator("#messages > li").all_inner_texts()
        assert ["is missing" in row for row in rows if "CANARY-answer" in row] == [
            "three" in row for row in rows if "CANARY-answer" in row
        ]

        someone.press("add")
        someone.at("form")
        someone.write({"what": "CANARY-more"}, [])
        someone.press("send")
        expect(page.locator("#notice")).to_have_text("We have your report.", timeout=30_000)
        kinds = [(letter.type, dict(letter.parts)) for letter, _ in letters(client, organisation, mailbox)]
        assert sorted(kinds, key=str) == sorted([("report", SAID), ("addition", {"what": "CANARY-more"})], key=str)

        before = len(client.listed(organisation.desks[0]))
        page.locator("[data-delete]").first.click()
        page.locator("[data-yes]").click()
        expect(page.locator("#notice")).to_have_text("Deleted.")
        assert len(client.listed(organisation.desks[0])) == before - 1
        someone.press("delete-all")
        page.locator("[data-yes]").click()
        expect(page.locator("#messages > li")).to_have_count(0)
        assert not [m for m in client.listed(organisation.desks[0]) if m["mailbox"] == b64(mailbox)]
        someone.press("close")
        page.wait_for_url("**/done")
        someone.enter(" ".join(number for _, number in words))
        expect(page.locator("#notice")).to_contain_text("There is no mailbox with these words here")

        kept = page.evaluate(
            "async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
        )
        assert kept == ["", 0, 0, 0] and not context.cookies()
        assert not page.evaluate("navigator.serviceWorker?.controller ?? null") and page.title() == "Notes"
        assert someone.wrong == []
        assert {url.split("/")[2] for url in asked} == {f"127.0.0.1:{between.port}"}, "nobody else is asked anything"
        said = between.everything
        context.close()
    secrets_of_this = [
        "CANARY-name.jpg",
        "CANARY-inside",
        "CANARY-answer-",
        "CANARY-spoilt",
        "28.9784E 2026-11-26",
        *SAID.values(),
        " ".join(word for word, _ in words),
        b64(secret),
        secret.hex(),
    ]
    secrets_of_this.append(reply_identity_of(secret, organisation.key.verifying))
    assert len(said) > 300_000 and file[-1000:] in said, "the proxy saw what was sent"
    assert betrayed(said, *secrets_of_this) == []
    for path, data in everything(folder):
        assert betrayed(data, *secrets_of_this) == [], path


def test_the_search_for_betrayals_finds_them() -> None:
    import base64
    import zlib

    text = SAID["what"]
    ways = [text.encode(), text.encode("utf-16-le"), text.encode().hex().upper().encode(), gzip.compress(text.encode()),
            zlib.compress(text.encode()), json.dumps(text).encode()]  # fmt: skip
    ways += [base64.b64encode(b"x" * n + text.encode()) for n in range(3)]
    for way in ways:
        assert betrayed(b"before " + way + b" after", text), way
    assert not betrayed(secrets.token_bytes(100_000), text)


def test_nothing_is_lost_when_the_line_is_cut_or_busy(
    page: Page, server: Running, client: Client, organisation: Organisation
) -> None:
    someone = Reporter(page, f"http://127.0.0.1:{server.port}/en/")
    tries: list[str] = []

    def unlucky(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.abort("connectionreset")
        elif len(tries) == 2:
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"error": "busy", "text": ""})
        elif len(tries) == 3:
            route.fulfill(status=428, json={"error": "work_needed", "text": ""})
        else:
            route.continue_()

    page.route("**/parcel", unlucky)
    someone.report({"what": SAID["what"]})
    someone.press("send")
    retry = page.locator("[data-retry]")
    expect(retry).to_be_visible(timeout=30_000)
    expect(retry).to_be_focused()
    expect(page.get_by_text("The connection failed.")).to_be_visible()
    retry.click()
    expect(page.get_by_text("Very many people")).to_be_visible(timeout=30_000)
    secret = from_words(" ".join(word for word, _ in someone.words()))
    ((letter, _),) = letters(client, organisation, mailbox_of(secret, organisation.key.verifying))
    assert letter.parts == {"what": SAID["what"]} and len(tries) == 4


def test_a_report_whose_answer_was_lost_is_not_sent_twice(
    page: Page, server: Running, client: Client, organisation: Organisation
) -> None:
    someone = Reporter(page, f"http://127.0.0.1:{server.port}/en/")

    def lost(route: Route) -> None:
        assert route.fetch().status == 201
        route.abort("connectionreset")

    page.route("**/parcel", lost)
    someone.report({"what": SAID["what"]})
    someone.press("send")
    page.locator("[data-retry]").click(timeout=30_000)
    secret = from_words(" ".join(word for word, _ in someone.words()))
    assert len(letters(client, organisation, mailbox_of(secret, organisation.key.verifying))) == 1


def test_what_a_person_can_change_is_said_and_nothing_is_lost(page: Page, server: Running) -> None:
    someone = Reporter(page, f"http://127.0.0.1:{server.port}/en/")
    someone.come()
    someone.press("to-warning")
    someone.press("to-report")
    someone.press("to-uses")
    expect(page.get_by_text("Write something or add a file first.")).to_be_visible()
    someone.write({"what": SAID["what"]}, [])
    for code in ("not a code", b64(bytes(16))):
        page.fill("#pass", code)
        someone.press("send")
        expect(page.get_by_text("This code is not right")).to_be_visible(timeout=30_000)
        expect(page.locator("#pass")).to_be_focused()
    page.route("**/parcel", lambda r: r.fulfill(status=413, json={"error": "too_large", "text": ""}))
    page.fill("#pass", "")
    someone.press("send")
    expect(page.get_by_text("Your files are too large together.")).to_be_visible(timeout=30_000)
    assert page.input_value("#part-what") == SAID["what"]
    someone.enter("zoo " * 12)
    expect(page.get_by_text("These are not twelve words")).to_be_visible()


@pytest.mark.parametrize("how", ["link", "escape"])
def test_leaving_in_a_hurry(page: Page, server: Running, how: str) -> None:
    someone = Reporter(page, f"http://127.0.0.1:{server.port}/en/")
    page.goto("about:blank")
    someone.report(SAID)
    if how == "link":
        page.click("#leave")
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url("about:blank")
    assert "CANARY" not in someone.everything()
    page.go_back()
    assert page.url == "about:blank", "the page is not one step back"
    assert "CANARY" not in someone.everything()


def test_going_back_to_the_page_shows_an_empty_one(page: Page, server: Running) -> None:
    someone = Reporter(page, f"http://127.0.0.1:{server.port}/en/")
    someone.report(SAID)
    page.goto("about:blank")
    page.go_back()
    someone.at("intro")
    assert "CANARY" not in someone.everything()


def test_a_roster_that_is_not_signed_stops_everything(page: Page, server: Running) -> None:
    def forge(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("Example", "Exemple"))

    page.route("**/en/", forge)
    page.goto(f"http://127.0.0.1:{server.port}/en/")
    expect(page.get_by_text("This page could not check who can open your report")).to_be_visible()
    assert page.locator("[data-choice]:visible").count() == 0


def test_without_scripts_there_is_nothing_to_type_a_report_into(
    browser: Browser, server: Running, client: Client, organisation: Organisation, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/en/")
    expect(page.locator(".fallback")).to_contain_text("needs JavaScript", timeout=5000)
    expect(page.locator(".fallback")).to_be_visible()
    assert page.locator("textarea").count() == 0 and page.locator("input:visible").count() == 2
    assert page.locator("a[href='/form']").is_visible()
    file = tmp_path / "report.parcel"
    file.write_bytes(b"no parcel")
    page.set_input_files("[name=parcel]", file)
    page.click("form button")
    expect(page.get_by_text("This is not a file")).to_be_visible()
    context.close()


def test_a_page_is_light_and_always_the_same(organisation: Organisation) -> None:
    roster = organisation.roster().decode()
    shared = sum(len(gzip.compress(body, 9)) for _, body in pages.static().values())
    for language in pages.languages():
        page = pages.page(language, roster)
        assert page == pages.page(language, roster)
        assert shared + len(gzip.compress(page, 9)) <= 90_000, language
        for forbidden in (b"<script>", b"style=", b" onclick", b"http://", b"javascript:"):
            assert forbidden not in page.replace(b"https://example.org", b""), (language, forbidden)
    assert pages.form(roster) == pages.form(roster)


def test_the_files_that_a_page_asks_for_fit(organisation: Organisation) -> None:
    for limit, room in ((104857600, 97), (101 << 20, 99), (10 << 20, 9), (65536, 0)):
        made = Organisation(organisation.key, organisation.desks, limit).roster().decode()
        assert f"Together at most {room} MB." in pages.page("en", made).decode(), limit
