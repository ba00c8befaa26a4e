"""Writing the site: pages and datasets into a temporary folder that then takes the place of the old site."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files as resource_files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from safeconduct.claims import the_country
from safeconduct.register import Statement

from . import country as views
from .atomic import MARKER, replacing
from .datasets import CLAIM_FIELDS, PLACE_FIELDS, SOURCE_FIELDS, WRITERS, datapackage
from .extracts import extracts
from .figures import RELATIONS, RULE, headlines
from .index import Country, Index, appeared
from .model import Publication, Published, PublishError
from .names import heading
from .privacy import known_names
from .proofs import PROOF_WRITERS
from .render import environment

ROWS = 500  # of a table on one page
TABLES = (("claims.csv", CLAIM_FIELDS), ("sources.csv", SOURCE_FIELDS), ("places.csv", PLACE_FIELDS))
RULES = ("run.py", "datasets.py", "standing.py", "contradictions.py")  # by which anybody can compute the register anew
CARDS = 100  # claims on one page of a country
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Page:
    """A page to render: its path, its template and a function that gives its context (called when it is written)."""

    path: str
    template: str
    heading: str
    description: str
    context: Callable[[], dict[str, Any]]


class Writer:
    """Writes files below a folder and remembers their size and SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, tuple[int, str]] = {}

    def write(self, path: str, chunks: Iterable[str | bytes]) -> None:
        """Write one file, piece by piece; text as UTF-8."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with target.open("xb") as file:
            for chunk in chunks:
                data = chunk.encode("utf-8") if isinstance(chunk, str) else chunk
                file.write(data)
                digest.update(data)
                size += len(data)
        self.files[path] = (size, digest.hexdigest())


def publish(publication: Publication, out: Path, *, progress: Progress | None = None) -> Published:
    """Write the site of a publication to the folder ``out``, replacing an older site there in one step.

    ``progress`` is called with the number of pages written and of all pages. The same publication gives the same bytes in
    every file, whenever and wherever it is written.

    Raises:
        PublishError: a claim is not verbatim in its text, ``out`` holds something else, or the disk refuses; the message
            says what to do next. What stood at ``out`` is then untouched.
    """
    _check_base(publication.base_url)
    index = Index(publication)
    pages = list(_pages(index))
    with replacing(out) as folder:
        writer = Writer(folder)
        env = environment(index)
        for done, page in enumerate(pages, 1):
            context = page.context() | {
                "path": page.path, "root": _root(page.path, publication.base_url), "heading_text": page.heading,
                "description": page.description,
            }
            writer.write(page.path, [env.get_template(page.template).render(context)])
            if progress:
                progress(done, len(pages))
        for name, dataset in WRITERS.items():
            writer.write(name, dataset(index))
        if publication.integrity:
            for name, proof in PROOF_WRITERS.items():
                writer.write(name, proof(publication.integrity))
        shipped = resource_files("safeconduct.publish") / "static"
        for name in ("style.css", "icon.png"):
            writer.write(f"static/{name}", [(shipped / name).read_bytes()])
        for name in RULES:
            writer.write(f"recompute/{name}", [(shipped / "recompute" / name).read_bytes()])
        if publication.base_url:
            writer.write("sitemap.xml", _sitemap(publication.base_url, pages))
        package = datapackage(index, writer.files)
        writer.write(MARKER, [package])
    return Published(out, len(writer.files), len(pages), sum(size for size, _ in writer.files.values()))


def _check_base(base: str | None) -> None:
    if base is None:
        return
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise PublishError(f"{base!r} is no web address of a site; give one such as https://example.org/register/.")


def _root(path: str, base: str | None) -> str:
    """The way from a page up to the front page. The 404 page is shown at any address, so it needs an absolute one."""
    if path == "404.html" and base:
        return urlsplit(base).path.rstrip("/") + "/"
    return "../" * path.count("/")


def _sitemap(base: str, pages: Sequence[Page]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for page in pages:
        if page.path != "404.html":
            address = base.rstrip("/") + "/" + ("" if page.path == "index.html" else page.path)
            yield f"<url><loc>{address.replace('&', '&amp;')}</loc></url>\n"
    yield "</urlset>\n"


def country_row(country: Country) -> dict[str, Any]:
    """A country's line in the table of countries."""
    step, ends = views.furthest(country)
    return {
        "code": country.code, "places": len(views.places(country)), "named": bool(views.own_sites(country)),
        "host": views.is_host(country), "step": step, "ends": ends, "accused": views.accused(country),
    }


def _pages(index: Index) -> Iterator[Page]:
    def rows() -> list[dict[str, Any]]:
        found = sorted(index.countries.values(), key=lambda c: heading(c.code).casefold())
        return [country_row(c) for c in found]

    yield Page(
        "index.html", "index.html", index.publication.title,
        "What public sources say about transnational repression: who said it, when, and in which words.",
        lambda: {"figures": headlines(index.register.entries["figures"]), "relations": RELATIONS, "rows": rows()},
    )
    yield Page("countries/index.html", "countries.html", "Countries",
               "Countries in the register, with the furthest public step of each.", lambda: {"rows": rows()})
    for country in index.countries.values():
        yield from _country_pages(country)
    yield from _paged("sources", "sources.html", "Sources", "Preserved sources of the register.", index.sources, "sources")
    known = known_names(
        {v for s in index.statements for v in (s.claim.attribution.asserted_by, *s.claim.attribution.via)},
        [s.publisher for s in index.sources],
    )
    for source in index.sources:
        yield Page(
            f"sources/{source.id}.html", "source.html", source.title or index.docs[source.id],
            f"Extracts of a source, with the claims that rest on its words. Source {source.id}.",
            lambda source=source: {  # type: ignore[misc]
                "source": source,
                "extracts": extracts(index.text_of(source), [s.claim for s in index.by_source[source.id]], known)
                if source.id in index.by_source else [],
            },
        )
    yield from _paged("claims", "claims.html", "Claims", "Every claim of the register, with the words of its source.",
                      list(reversed(index.statements)), "claims")
    against = index.register.contradictions
    parts = [against[n : n + CARDS] for n in range(0, len(against), CARDS)] or [()]
    paths = ["contradictions.html" if n == 0 else f"contradictions-{n + 1}.html" for n in range(len(parts))]
    for number, path in enumerate(paths, 1):
        yield Page(
            path, "contradictions.html", "Contradictions" + (f", page {number}" if number > 1 else ""),
            "Where sources contradict each other, side by side.",
            lambda number=number: {"contradictions": parts[number - 1], "page": number, "pages": paths},  # type: ignore[misc]
        )
    yield Page("method.html", "method.html", "Method", "How the register is made, and how to recompute and verify it.",
               lambda: {"rule": RULE, "datasets": TABLES})
    yield Page("404.html", "404.html", "Page not found", "There is no page at this address.", dict)


def _country_pages(country: Country) -> Iterator[Page]:
    said = sorted(country.statements, key=lambda s: (-appeared(s.source).toordinal(), s.claim.kind, s.claim.id))
    parts: list[list[Statement]] = [said[n : n + CARDS] for n in range(0, len(said), CARDS)]
    names = [f"{country.code}.html" if n == 0 else f"{country.code}-{n + 1}.html" for n in range(len(parts))]

    def context(number: int) -> dict[str, Any]:
        return {
            "country": country, "page": number, "pages": [f"countries/{n}" for n in names],
            "claims": parts[number - 1], "ladders": views.ladders(country), "sites": views.own_sites(country),
            "accused": views.accused(country), "own_positions": views.own_positions(country),
            "figures": views.hosted(country, "figures"), "incidents": views.hosted(country, "incidents"),
            "abroad": views.abroad(country), "agreements": country.of("agreements"),
            "operators": views.hosted(country, "operators"),
        }

    for number, name in enumerate(names, 1):
        yield Page(
            f"countries/{name}", "country.html", heading(country.code) + (f", page {number}" if number > 1 else ""),
            f"What is said about transnational repression and {the_country(country.code)}, and what its authorities did.",
            lambda number=number: context(number),  # type: ignore[misc]
        )


def _paged(
    folder: str, template: str, title: str, description: str, items: Sequence[Any], name: str
) -> Iterator[Page]:
    parts = [items[n : n + ROWS] for n in range(0, len(items), ROWS)] or [[]]
    paths = [f"{folder}/index.html" if n == 0 else f"{folder}/page-{n + 1}.html" for n in range(len(parts))]
    for number, path in enumerate(paths, 1):
        yield Page(
            path, template, title + (f", page {number}" if number > 1 else ""), description,
            lambda number=number: {name: parts[number - 1], "page": number, "pages": paths},  # type: ignore[misc]
        )
