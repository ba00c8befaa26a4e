"""Main text and metadata of HTML pages: trafilatura, with all visible text as the fallback."""

from __future__ import annotations

import copy
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from lxml_html_clean import Cleaner

from .model import CaptureError
from .published import edtf_or_none

READER = f"html/1 trafilatura/{version('trafilatura')}"
FALLBACK_READER = f"html/1 lxml/{'.'.join(str(n) for n in etree.LXML_VERSION[:3])}"

for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # they would otherwise write to standard error

_CLEANER = Cleaner(
    scripts=True, javascript=True, comments=True, style=True, inline_style=True, forms=False, page_structure=False
)
_MOST_CHARACTERS = 8_000_000  # above this trafilatura takes minutes; the visible text is taken instead
_DATE_NAMES = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
    "date",
)
_SEARCHED = {
    "title": ("og:title", "twitter:title", "dc.title", "headline"),
    "author": ("author", "article:author", "dc.creator", "parsely-author"),
    "publisher": ("og:site_name", "application-name", "dc.publisher", "publisher"),
}
_DAY = re.compile(r"\s*([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?=[T\s]|\Z)")
_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|br|d[dlt]|div|fig(?:caption|ure)|footer|form|h[1-6r]|header|li|main|nav|"
    "[ou]l|p|pre|section|table|t[dhr]"
)


@dataclass
class PageText:
    """The text of a page and what it says about itself; ``methods`` says how each field was found."""

    text: str
    reader: str
    language: str | None
    fields: dict[str, str] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_page(text: str, url: str | None, what: str) -> PageText:
    """Main text, title, author, publisher and date of the page in ``text`` (decoded HTML).

    Raises CaptureError if the page shows no text.
    """
    import trafilatura  # slow to load, and only pages need it

    text = text.removeprefix("\ufeff").replace("\0", "")
    tree = _parse(text)
    if tree is None:
        raise CaptureError(f"{what} is not readable as HTML; open it in a browser and save it as a PDF.")
    named = list(_named(tree))
    notes: list[str] = []
    document: dict[str, Any] = {}
    try:
        found = None if len(text) > _MOST_CHARACTERS else trafilatura.bare_extraction(
            text,
            url=url,
            include_comments=False,
            favor_recall=True,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
        document = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    except Exception as e:  # a page that breaks the extractor still has its visible text
        notes.append(f"trafilatura failed ({type(e).__name__}); all visible text was taken")
    body, reader = (document.get("text") or "").strip(), READER
    if not body:
        body, reader = _visible_text(copy.deepcopy(tree)), FALLBACK_READER
        notes.append("no main text was found; all visible text was taken")
    if not body:
        raise CaptureError(f"{what} shows no text without scripts; open it in a browser and save it as a PDF.")
    page = PageText(body, reader, next(iter(tree.xpath("/html/@lang | /html/@xml:lang")), None), notes=notes[:1])
    for name, value in (
        ("title", document.get("title")),
        ("author", document.get("author")),
        ("publisher", document.get("sitename")),
    ):
        if value and value.strip():
            page.fields[name] = value.strip()
            page.methods[name] = _where(value.strip(), _SEARCHED[name], named, tree, name)
    _published(page, named, document.get("date"))
    return page


def _parse(text: str) -> Any:
    try:
        return lxml_html.document_fromstring(
            text.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _visible_text(tree: Any) -> str:
    for element in tree.xpath("//head | //noscript | //template"):
        element.drop_tree()
    try:
        clean = _CLEANER.clean_html(tree)
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    for element in clean.iter():
        if isinstance(element.tag, str) and _BLOCKS.fullmatch(element.tag):
            element.text, element.tail = "\n" + (element.text or ""), "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in clean.text_content().splitlines())
    return "\n".join(line for line in lines if line)


def _named(tree: Any) -> Iterator[tuple[str, str, str]]:
    """Name, value and method of everything a page states by name: meta elements, JSON-LD, microdata dates."""
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            if (name := meta.get(attribute)) and (value := meta.get("content")):
                yield name.lower(), value, f"meta {name}"
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for name, value in _json_fields(data):
            yield name.lower(), value, f"json-ld {name}"
    for element in tree.xpath("//time[@itemprop='datePublished' or @pubdate][@datetime]"):
        yield "datepublished", element.get("datetime"), "time datetime"


def _json_fields(data: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    items = data if isinstance(data, list) else [data]
    for item in items:
        if not isinstance(item, dict) or depth > 3:
            continue
        for name in ("datePublished", "headline"):
            if isinstance(item.get(name), str):
                yield name, item[name]
        for name in ("author", "publisher"):
            for one in item[name] if isinstance(item.get(name), list) else [item.get(name)]:
                if isinstance(one, dict) and isinstance(one.get("name"), str):
                    yield name, one["name"]
        yield from _json_fields(item.get("@graph", []), depth + 1)


def _where(value: str, names: tuple[str, ...], named: list[tuple[str, str, str]], tree: Any, name: str) -> str:
    for key, content, method in named:
        if key in names and content.strip() == value:
            return method
    if name == "title":
        for tag in ("h1", "title"):
            if any(" ".join(e.text_content().split()) == value for e in tree.iter(tag)):
                return f"{tag} element"
    return "trafilatura"


def _published(page: PageText, named: list[tuple[str, str, str]], guessed: str | None) -> None:
    """The date of publication: what the page states by name, else trafilatura's (htmldate's), else none."""
    stated = [(content, method) for wanted in _DATE_NAMES for key, content, method in named if key == wanted]
    for content, method in [*stated, (guessed or "", "trafilatura")]:
        match = _DAY.match(content)
        if match is not None and edtf_or_none(match[1]):
            page.fields["published"], page.methods["published"] = match[1], method
            return
