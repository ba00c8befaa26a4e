from __future__ import annotations

import gzip

import pytest

from safeconduct.capture import sniff

from .helpers import PAGE, page_record, pdf

JUNK = "application/octet-stream"


@pytest.mark.parametrize(
    ("head", "name", "declared", "expected"),
    [
        (b"Just a sentence.\n", "note.txt", None, "text/plain"),
        ("Ein Satz über Bücher".encode("cp1252"), "", None, "text/plain"),
        ("A sentence in sixteen bits.".encode("utf-16-le"), "", None, "text/plain"),
        ("\ufeff当地警方表示".encode("utf-16-be"), "", None, "text/plain"),
        (PAGE.encode(), "", None, "text/html"),
        (b"\xef\xbb\xbf\n <!-- c --> <HTML>", "", None, "text/html"),
        (PAGE.encode("utf-16-le"), "", None, "text/html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html>', "", None, "text/html"),
        (PAGE.encode(), "page.txt", "text/plain", "text/html"),
        (b"<p>is how a paragraph begins</p>", "note.txt", None, "text/plain"),
        (b"Hello, no tags here", "", "text/html; charset=utf-8", "text/plain"),
        (b"Hello, <b >tags</b>", "", "text/html", "text/html"),
        (pdf("A page")[:4096], "report", "text/html", "application/pdf"),
        (page_record(1), "", None, "application/warc"),
        (gzip.compress(page_record(1), mtime=0), "", None, "application/warc"),
        (gzip.compress(b"some other file", mtime=0), "", None, JUNK),
        (b"PK\x03\x04" + bytes(26) + b"archive/data.warc.gz", "", None, "application/wacz+zip"),
        (b"PK\x03\x04" + bytes(26) + b"word/document.xml", "letter.docx", None, JUNK),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "page.html", "text/html", JUNK),
        (bytes(range(256)) * 8, "", "text/plain", JUNK),
    ],
)
def test_the_bytes_decide_before_names_and_declarations(
    head: bytes, name: str, declared: str | None, expected: str
) -> None:
    assert sniff(head, name, declared) == expected


def test_a_long_run_of_comments_is_no_trap() -> None:
    assert sniff(b"<!--a-->" * 500 + b"x") == "text/plain"
    assert sniff(b"<!--a-->" * 500 + b"<html>") == "text/html"
