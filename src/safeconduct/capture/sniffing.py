"""What kind of bytes these are, from their beginning first and from names and declarations second."""

from __future__ import annotations

import re
import zlib

TEXT = "text/plain"
HTML = "text/html"
PDF = "application/pdf"
WARC = "application/warc"
WACZ = "application/wacz+zip"
UNKNOWN = "application/octet-stream"

HEAD_BYTES = 4096  # enough of a payload for `sniff`

_HTML_START = re.compile(
    r"(?>\s+|\ufeff|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html|head|body|title|meta|script|link|style|iframe|h1|div|p|"
    r"table|a|br|b|font|article|main|section|header|span|ul|ol)\b",
    re.I | re.S,
)
_HTML_CERTAIN = re.compile(r"(?>\s+|\ufeff|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html)\b", re.I | re.S)
_TAG = re.compile(r"<(?:!--|/?[a-z][a-z0-9]*[\s/>])", re.I)
_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")
_WACZ_FIRST = (b"archive/", b"indexes/", b"pages/", b"datapackage", b"fuzzy")
_HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml")


def essence(media_type: str | None) -> str:
    """The type and subtype of a media type, lower case, without parameters; '' for None."""
    return (media_type or "").split(";")[0].strip().lower()


def sniff(head: bytes, name: str = "", declared: str | None = None) -> str:
    """The media type of a payload from its first bytes (:data:`HEAD_BYTES` are enough), its name and declared type.

    One of text/plain, text/html, application/pdf, application/warc (gzipped or not), application/wacz+zip, or
    application/octet-stream for anything else. Signatures follow the WHATWG MIME Sniffing Standard.
    """
    lower, said = name.lower(), essence(declared)
    if head.startswith(b"WARC/"):
        return WARC
    if head.startswith(b"\x1f\x8b"):
        return WARC if _gunzipped(head).startswith(b"WARC/") or lower.endswith(".warc.gz") else UNKNOWN
    if head.startswith(b"PK\x03\x04"):
        return WACZ if lower.endswith(".wacz") or "wacz" in said or head[30:].startswith(_WACZ_FIRST) else UNKNOWN
    if head.lstrip(b"\r\n\t \xef\xbb\xbf").startswith(b"%PDF-"):
        return PDF
    text = _as_text(head)
    if text is None:
        return PDF if b"%PDF-" in head[:1024] else UNKNOWN
    if said == TEXT or lower.endswith((".txt", ".md", ".csv")):
        return HTML if _HTML_CERTAIN.match(text) else TEXT
    if _HTML_START.match(text):
        return HTML
    if (said in (HTML, "application/xhtml+xml") or lower.endswith(_HTML_NAMES)) and _TAG.search(text):
        return HTML
    return TEXT


def _gunzipped(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, 16)
    except zlib.error:
        return b""


def _as_text(head: bytes) -> str | None:
    """A rough decoding to look for markup in, or None if these bytes are not text in any encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if wide := utf16_byte_order(head):
        return head.decode(wide, "replace")
    if len(_CONTROL.findall(head)) * 50 > len(head) or head.count(0) * 1000 > len(head):
        return None
    return head.decode("latin-1").removeprefix("\xef\xbb\xbf")


def utf16_byte_order(head: bytes) -> str | None:
    """'utf-16-le' or 'utf-16-be' if the zero bytes of ``head`` lie as in UTF-16 text with ASCII in it, else None."""
    units = len(head) // 2
    if units < 4:
        return None
    high, low = head[0 : 2 * units : 2].count(0), head[1 : 2 * units : 2].count(0)
    for zeros, others, name in ((low, high, "utf-16-le"), (high, low, "utf-16-be")):
        if zeros * 20 > units and others * 50 <= zeros:
            return name
    return None
