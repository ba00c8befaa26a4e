from __future__ import annotations

import pytest

from safeconduct.capture import READERS, CaptureError, Limits, read
from safeconduct.claims.dates import parse_edtf

from .helpers import PAGE, pdf


def html(text: str, **options: object):
    return read(text.encode(), media_type="text/html", **options)  # type: ignore[arg-type]


def test_a_page_gives_its_main_text_and_says_how_metadata_was_found() -> None:
    reading = html(PAGE, url="https://post.example/office")
    assert "Officers on Friday closed a two-room office" in reading.text
    assert "called the report unfounded" in reading.text
    assert "Imprint" not in reading.text
    assert (reading.title, reading.author) == ("Police close office above a bakery", "Mira Olsen")
    assert (reading.publisher, reading.published, reading.language) == ("The Harbour Post", "2024-02-17", "en")
    assert reading.methods == {
        "title": "meta og:title",
        "author": "meta author",
        "publisher": "meta og:site_name",
        "published": "meta article:published_time",
        "language": "html lang",
    }
    assert reading.reader in READERS


def test_scripts_styles_and_handlers_never_reach_the_text() -> None:
    body = """<script>alert('inline')</script><style>.evil{color:red}</style><p onclick="steal('handler')">The office was
    closed on Friday, said the police in the harbour district.</p><a href="javascript:steal('link')">Read more here</a>
    <noscript>tracking pixel</noscript><svg><script>alert('vector')</script></svg><template>hidden template</template>"""
    wrapped = [
        f"<!doctype html><html><body>{body}</body></html>",
        f"<html><body><form>{body}</form></body></html>",
        body,
    ]
    for page in wrapped:
        text = html(page).text
        assert "The office was closed on Friday" in " ".join(text.split())
        for evil in ("alert", "steal", "evil", "color", "javascript"):
            assert evil not in text, text


def test_visible_text_is_the_fallback() -> None:
    reading = html(
        "<html><head><title>T</title></head><body>zero<div>One.</div><div>Two<script>x()</script></div></body></html>"
    )
    assert reading.text.split() == ["zero", "One.", "Two"]
    if "lxml" in reading.reader:
        assert "all visible text" in reading.notes[0]


def test_a_page_without_text_says_what_to_do() -> None:
    with pytest.raises(CaptureError, match="save it as a PDF"):
        html("<!doctype html><html><body><script>render()</script></body></html>")


def test_json_ld_date_and_impossible_dates() -> None:
    article = '{"@graph": [{"@type": "NewsArticle", "datePublished": "2023-05-06T10:00"}]}'
    stated = f'<script type="application/ld+json">{article}</script>'
    reading = html(PAGE.replace('<meta property="article:published_time" content="2024-02-17T08:30:00Z">', stated))
    assert (reading.published, reading.methods["published"]) == ("2023-05-06", "json-ld datePublished")
    wrong = html(PAGE.replace("2024-02-17T08:30:00Z", "2024-02-31"))
    assert wrong.published is None or parse_edtf(wrong.published)
    assert wrong.published != "2024-02-31"
    assert (
        html(PAGE.replace("2024-02-17T08:30:00Z", "yesterday")).methods.get("published")
        != "meta article:published_time"
    )


def test_a_template_language_that_the_text_contradicts() -> None:
    paragraph = "当地警方表示，他们正在调查这间办公室。邻居说，去年冬天还有人在这里办理证件，后来突然关门了。"
    body = "".join(f"<p>{paragraph}{n}</p>" for n in range(6))
    reading = html(f'<!doctype html><html lang="en"><body><article>{body}</article></body></html>')
    assert reading.language == "zh-Hans"
    assert any("declared language en contradicted" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hant-HK", "zh-Hant"),
        ("de-AT", "de"),
        ("en_GB", "en"),
        ("x", "en"),
    ],
)
def test_declared_language_tags(tag: str, expected: str) -> None:
    short = (
        "Short." if expected != "en" else "The office was closed on Friday, said the police in the harbour district."
    )
    assert html(f'<!doctype html><html lang="{tag}"><body><p>{short}</p></body></html>').language == expected


def test_xhtml_with_an_encoding_declaration() -> None:
    assert "Officers on Friday" in html('<?xml version="1.0" encoding="utf-8"?>\n' + PAGE).text


def test_deep_nesting_ends_in_text_or_a_sentence() -> None:
    deep = "<div>" * 20_000 + "At the bottom." + "</div>" * 20_000
    try:
        assert html(f"<html><body>{deep}</body></html>").text
    except CaptureError as e:
        assert ";" in str(e)


def test_pdf_pages_and_information() -> None:
    reading = read(pdf("First page of the minutes", "Second page"), media_type="application/pdf", name="minutes.pdf")
    assert reading.text == "First page of the minutes\n\nSecond page"
    assert [reading.text[start : start + 6] for start in reading.pages] == ["First ", "Second"]
    assert (reading.title, reading.published) == ("Minutes of the council", "2023-04-05")
    assert reading.methods["title"] == "pdf info Title"


def test_useless_pdf_information_is_dropped() -> None:
    info = "/Title (Microsoft Word - draft3.docx) /Author (user) /CreationDate (D:20231399)"
    reading = read(pdf("Some text", info=info), media_type="application/pdf")
    assert (reading.title, reading.author, reading.published) == (None, None, None)


def test_broken_pdfs_say_what_is_wrong() -> None:
    whole = pdf("First page of the minutes", "Second page")
    for data, words in [
        (whole[: len(whole) // 2], "cut off"),
        (whole[:-30], "cut off"),
        (pdf("Secret", encrypt=True), "encrypted"),
        (b"%PDF-1.7\nnothing of a PDF\n%%EOF\n", "damaged"),
        (pdf(""), "OCR"),
    ]:
        with pytest.raises(CaptureError, match=words) as caught:
            read(data, media_type="application/pdf", name="minutes.pdf")
        assert str(caught.value).startswith("minutes.pdf ")


def test_limits_name_their_setting() -> None:
    small = Limits(max_text_bytes=10)
    for data, kind in [
        (b"x" * 11, "text/plain"),
        (PAGE.encode(), "text/html"),
        (pdf("Longer than ten"), "application/pdf"),
    ]:
        with pytest.raises(CaptureError, match=r"\[capture\] max_text_bytes"):
            read(data, media_type=kind, limits=small)
    assert read(b"x" * 10, media_type="text/plain", limits=small).text == "x" * 10


def test_nothing_and_unknown_kinds() -> None:
    with pytest.raises(CaptureError, match="is empty"):
        read(b"", media_type="text/plain", name="empty.txt")
    with pytest.raises(CaptureError, match="no reader"):
        read(b"PK", media_type="application/octet-stream")
