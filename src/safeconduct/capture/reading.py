"""From preserved bytes to text: one door for all kinds of source."""

from __future__ import annotations

from .charset import Decoded, charset_of, decode, meta_charset
from .language import choose_language
from .model import CaptureError, Limits, Reading, header
from .pdf import READER as PDF_READER
from .pdf import read_pdf
from .sniffing import HTML, PDF, TEXT, essence
from .webpage import FALLBACK_READER, read_page
from .webpage import READER as HTML_READER

TEXT_READER = "text/1"
READERS: tuple[str, ...] = (TEXT_READER, HTML_READER, FALLBACK_READER, PDF_READER)


def read(
    data: bytes,
    *,
    media_type: str,
    name: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    url: str | None = None,
    limits: Limits | None = None,
) -> Reading:
    """The text of a payload. ``media_type`` is what :func:`sniff` gave; ``headers`` are those it came with.

    Plain text is the decoded content unchanged: line ends, byte order mark and all. HTML gives its main text, PDF its
    pages joined by two line feeds. Raises CaptureError when there is nothing to read or it is too long.
    """
    limits, what, kind = limits or Limits(), name or url or "the source", essence(media_type)
    if not data:
        raise CaptureError(f"{what} is empty; choose a file that has content.")
    if kind == PDF:
        return _pdf(data, what, limits)
    if kind not in (TEXT, HTML):
        raise CaptureError(
            f"{what} is {kind or 'of no known kind'}, which has no reader; convert it to text, HTML or PDF."
        )
    if len(data) > limits.max_text_bytes:
        raise CaptureError(
            f"{what} is preserved but longer than the {limits.max_text_bytes} bytes that are read; raise [capture] "
            "max_text_bytes to read it."
        )
    said = charset_of(header(headers, "Content-Type"))
    if kind == TEXT:
        return _text(decode(data, [said], what))
    return _html(decode(data, [said, meta_charset(data)], what), url, what)


def _text(decoded: Decoded) -> Reading:
    language, method, _ = choose_language(None, decoded.text)
    methods = {"language": method} if method else {}
    return Reading(decoded.text, TEXT_READER, decoded.encoding, language, methods=methods, notes=decoded.notes)


def _html(decoded: Decoded, url: str | None, what: str) -> Reading:
    page = read_page(decoded.text, url, what)
    language, method, note = choose_language(page.language, page.text)
    return Reading(
        text=page.text,
        reader=page.reader,
        encoding=decoded.encoding,
        language=language,
        title=page.fields.get("title"),
        author=page.fields.get("author"),
        publisher=page.fields.get("publisher"),
        published=page.fields.get("published"),
        methods={**page.methods, **({"language": method} if method else {})},
        notes=(*decoded.notes, *page.notes, *([note] if note else [])),
    )


def _pdf(data: bytes, what: str, limits: Limits) -> Reading:
    found = read_pdf(data, what, limits)
    language, method, _ = choose_language(None, found.text)
    methods = {"language": method} if method else {}
    for field, key in (("title", "Title"), ("author", "Author"), ("published", "CreationDate")):
        if getattr(found, field):
            methods[field] = f"pdf info {key}"
    return Reading(
        text=found.text,
        reader=PDF_READER,
        language=language,
        title=found.title,
        author=found.author,
        published=found.published,
        methods=methods,
        pages=found.pages,
    )
