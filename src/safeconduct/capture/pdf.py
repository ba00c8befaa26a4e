"""Text and document information of PDF files, with pypdfium2."""

from __future__ import annotations

import re
import threading
from contextlib import closing
from dataclasses import dataclass

import pypdfium2 as pdfium

from .model import CaptureError, Limits
from .published import edtf_or_none

PAGE_BREAK = "\n\n"  # between the text of one page and the next
READER = f"pdf/1 pypdfium2/{pdfium.version.PYPDFIUM_INFO}"

_LOCK = threading.Lock()  # PDFium is not safe for threads
_LINEARIZED = re.compile(rb"/Linearized\b.{0,200}?/L\s+([0-9]{1,12})", re.S)
_DATE = re.compile(r"D:([0-9]{4})([0-9]{2})?([0-9]{2})?")
_NO_TITLE = re.compile(
    r"untitled.*|microsoft \w+ - .*|.*\.(?:docx?|odt|rtf|indd|pdf|pages|tex|pptx?|qxd)|[\W\d_]*", re.I
)
_NO_AUTHOR = re.compile(r"(?:admin\w*|user\w*|owner|unknown|author|anonymous|[\W\d_]*)", re.I)


@dataclass(frozen=True)
class PdfText:
    """What a PDF holds: text, start offset of each page in code points, and usable document information."""

    text: str
    pages: tuple[int, ...]
    title: str | None
    author: str | None
    published: str | None


def read_pdf(data: bytes, what: str, limits: Limits) -> PdfText:
    """The text of all pages, joined with :data:`PAGE_BREAK`. ``what`` names the file in messages.

    Raises CaptureError for a file that is cut off, encrypted, damaged, too long or without text.
    """
    _check_whole(data, what)
    with _LOCK:
        try:
            with closing(pdfium.PdfDocument(data)) as document:
                parts = _pages(document, what, limits)
                info = {key: document.get_metadata_value(key).strip() for key in ("Title", "Author", "CreationDate")}
        except pdfium.PdfiumError as e:
            if "password" in str(e).lower() or "security" in str(e).lower():
                raise CaptureError(f"{what} is encrypted; save a copy without a password and capture that.") from e
            raise CaptureError(f"{what} is a damaged PDF; get it again.") from e
    if not "".join(parts).strip():
        raise CaptureError(f"{what} holds no text, only pictures of it; run text recognition (OCR) over it first.")
    pages, offset = [], 0
    for part in parts:
        pages.append(offset)
        offset += len(part) + len(PAGE_BREAK)
    title, author = info["Title"], info["Author"]
    return PdfText(
        text=PAGE_BREAK.join(parts),
        pages=tuple(pages),
        title=None if _NO_TITLE.fullmatch(title) else title,
        author=None if _NO_AUTHOR.fullmatch(author) else author,
        published=_date(info["CreationDate"]),
    )


def _check_whole(data: bytes, what: str) -> None:
    """PDFium repairs what is cut off without a word, so look for the end mark and, if linearized, the length."""
    linearized = _LINEARIZED.search(data[:2048])
    if b"%%EOF" not in data[-4096:] or (linearized and int(linearized[1]) > len(data)):
        raise CaptureError(f"{what} is a PDF that is cut off (its end is missing); get the whole file.")


def _pages(document: pdfium.PdfDocument, what: str, limits: Limits) -> list[str]:
    parts, size = [], 0
    for number in range(len(document)):
        with closing(document[number]) as page, closing(page.get_textpage()) as textpage:
            text = textpage.get_text_range()
        size += len(text)
        if size > limits.max_text_bytes:
            raise CaptureError(
                f"{what} holds more than {limits.max_text_bytes} characters; raise [capture] max_text_bytes to read it."
            )
        # PDFium ends lines with CR LF and marks a hyphen at a line's end with a non-character
        parts.append(text.replace("\r\n", "\n").replace("\ufffe", "-").replace("\x02", "-").replace("\0", ""))
    return parts


def _date(value: str) -> str | None:
    match = _DATE.match(value)
    return edtf_or_none("-".join(part for part in match.groups() if part)) if match else None
