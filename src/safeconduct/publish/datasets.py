"""The datasets of a site: CSV, JSON Lines, JSON, GeoJSON and the data package that lists every file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from safeconduct.claims import CODEBOOK, KINDS, city, slot_specs
from safeconduct.register import CONTRADICTION_RULES, STANDING_RULES, Source

from .index import Index

FORMAT = 1  # of the site: raised when what `check_site` expects changes
Field = tuple[str, str, str]  # name, type of Frictionless Table Schema, what it holds
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_SEPARATOR = " | "

SOURCE_FIELDS: tuple[Field, ...] = (
    ("id", "string", "id of the source: s and 20 digits of the SHA-256 of its bytes"),
    ("doc", "string", "name of the document, as in claims.jsonl"),
    ("title", "string", "title"), ("publisher", "string", "publisher"),
    ("published", "string", "date of publication (EDTF)"), ("language", "string", "language (BCP 47)"),
    ("url", "string", "address of the original"), ("sha256", "string", "SHA-256 of the preserved bytes"),
    ("text_sha256", "string", "SHA-256 of the text read from them, from which ids of claims are computed"),
    ("media_type", "string", "media type of the bytes"), ("obtained_at", "datetime", "when they were obtained (UTC)"),
)


def _slot_fields() -> tuple[Field, ...]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, kind in KINDS.items():
        for spec in slot_specs(kind):
            found.setdefault(spec.name, []).append((name, spec.about))
    return tuple(
        (f"slot_{slot}", "number" if slot == "value" else "integer" if slot == "count" else "string",
         "; ".join(f"{kind}: {about}" for kind, about in uses))
        for slot, uses in found.items()
    )


CLAIM_FIELDS: tuple[Field, ...] = (
    ("id", "string", "id of the claim: c and 20 digits of the SHA-256 of its content"),
    ("kind", "string", "kind of claim"), ("doc", "string", "document it stands in, as in claims.jsonl"),
    ("source", "string", "id of the source"), ("start", "integer", "where the quote begins, in code points of the text"),
    ("end", "integer", "where the quote ends"), ("quote", "string", "the words of the source, verbatim"),
    ("asserted_by", "string", "who says it"), ("via", "string", f"through whom, nearest first, separated by “{_SEPARATOR}”"),
    ("stance", "string", "asserts or denies"), ("asserted_when", "string", "when it was said (EDTF)"),
    ("when", "string", "when it happened (EDTF)"), ("status", "string", "accepted, or proposed when nobody has decided"),
    *_slot_fields(),
    ("source_title", "string", "title of the source"), ("source_publisher", "string", "publisher of the source"),
    ("source_published", "string", "when the source was published (EDTF)"), ("source_url", "string", "address of the original"),
)
PLACE_FIELDS: tuple[Field, ...] = (
    ("country", "string", "ISO code of the country"), ("place", "string", "the place as claims name it"),
    ("name", "string", "its English name, under which places meet"),
    ("latitude", "number", "degrees north, WGS 84"), ("longitude", "number", "degrees east, WGS 84"),
)
RESOURCES = {  # path → media type and, for tables, fields
    "claims.csv": ("text/csv", CLAIM_FIELDS), "sources.csv": ("text/csv", SOURCE_FIELDS),
    "claims.jsonl": ("application/jsonl", ()), "register.json": ("application/json", ()),
    "sites.geojson": ("application/geo+json", ()), "decisions.jsonl": ("application/jsonl", ()),
    "links.jsonl": ("application/jsonl", ()), "places.csv": ("text/csv", PLACE_FIELDS),
}


def cell(value: object) -> str:
    """A value as a CSV cell: a text that a spreadsheet could run (= + - @ tab, line break) gets one ' put before it.

    So does a text that begins with ', which makes the rule reversible: ``uncell`` takes one leading ' away.
    """
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = _SEPARATOR.join(str(v) for v in value)
    text = str(value)
    return "'" + text if text.startswith(_RISKY) else text


def uncell(text: str) -> str:
    """The text that ``cell`` was given."""
    return text.removeprefix("'")


def _table(fields: Iterable[Field], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    names = [name for name, _, _ in fields]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in names])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def claims_csv(index: Index) -> Iterator[str]:
    """One row a claim, slots flattened."""

    def rows() -> Iterator[dict[str, Any]]:
        for s in index.statements:
            c, source = s.claim, s.source
            yield {
                "id": c.id, "kind": c.kind, "doc": index.docs[source.id], "source": source.id, "start": c.start,
                "end": c.end, "quote": c.quote, "asserted_by": c.attribution.asserted_by, "via": c.attribution.via,
                "stance": c.attribution.stance, "asserted_when": c.asserted_when, "when": c.when, "status": s.status,
                "source_title": source.title, "source_publisher": source.publisher,
                "source_published": source.published, "source_url": source.url,
                **{f"slot_{name}": value for name, value in c.slots.as_json().items()},
            }

    return _table(CLAIM_FIELDS, rows())


def sources_csv(index: Index) -> Iterator[str]:
    """One row a source."""
    return _table(SOURCE_FIELDS, (source_row(s, index.docs[s.id]) for s in index.sources))


def source_row(source: Source, doc: str) -> dict[str, Any]:
    """What is published of a source."""
    return {
        "id": source.id, "doc": doc, "title": source.title, "publisher": source.publisher,
        "published": source.published, "language": source.language, "url": source.url, "sha256": source.capture,
        "text_sha256": source.text, "media_type": source.media_type, "obtained_at": source.obtained_at,
    }


def claims_jsonl(index: Index) -> Iterator[str]:
    """The claims in the codebook's form; later mentions of one proposition in a document carry ``dup_of`` only if given."""
    for s in index.statements:
        yield json.dumps(s.claim.as_codebook(index.docs[s.source.id]), ensure_ascii=False, sort_keys=True) + "\n"


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def register_json(index: Index) -> Iterator[str]:
    """The register, keys sorted."""
    yield _pretty(index.register.as_json())


def sites_geojson(index: Index) -> Iterator[str]:
    """Sites with coordinates as points of their cities (RFC 7946: longitude first, WGS 84)."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [e["longitude"], e["latitude"]]},
            "properties": {
                "country": e["country"], "place": e["place"],
                "statuses": ", ".join(s["status"] for s in e["statuses"]), "forms": ", ".join(e["forms"]),
                "opened": ", ".join(e["opened"]), "operator": e["operator"] or "",
                "counts": ", ".join(str(c["value"]) for c in e["counts"]),
                "asserted_by": ", ".join(sorted({a["asserted_by"] for a in e["assertions"]})),
                "claims": " ".join(e["claims"]), "page": f"countries/{e['country']}.html",
            },
        }
        for e in index.register.entries["sites"]
        if e["longitude"] is not None and e["latitude"] is not None
    ]
    yield _pretty({"type": "FeatureCollection", "features": features})


def decisions_jsonl(index: Index) -> Iterator[str]:
    """The decision that stands on each claim of the register, and on each that was withdrawn: act and time, not who
    and why: those are free words."""
    register = index.register
    for s in sorted((*register.statements, *register.retracted), key=lambda s: s.claim.id):
        if d := s.decision:
            line = {"claim": s.claim.id, "act": d.act, "at": d.at}
            yield json.dumps(line, ensure_ascii=False) + "\n"


def links_jsonl(index: Index) -> Iterator[str]:
    """What stands for what: each mention of a site, report or body that is linked, and the mention it counts as."""
    for mention, main in sorted(index.register.same.items()):
        yield json.dumps({"mention": mention, "counts_as": main}, ensure_ascii=False) + "\n"


def places_csv(index: Index) -> Iterator[str]:
    """The places that claims name, with the name under which they meet: what a gazetteer is needed for."""
    named = {
        (country, place)
        for s in index.statements
        if (place := getattr(s.claim.slots, "place", None))
        for country in [next(filter(None, (getattr(s.claim.slots, n, None) for n in ("country", "scope", "host"))), "")]
    }
    rows = []
    for country, place in sorted(named):
        known = city(place, country)
        where = {"latitude": known.latitude, "longitude": known.longitude} if known else {}
        rows.append({"country": country, "place": place, "name": known.name if known else place, **where})
    return _table(PLACE_FIELDS, rows)


WRITERS: dict[str, Callable[[Index], Iterator[str]]] = {
    "claims.csv": claims_csv, "claims.jsonl": claims_jsonl, "sources.csv": sources_csv,
    "register.json": register_json, "sites.geojson": sites_geojson, "decisions.jsonl": decisions_jsonl,
    "links.jsonl": links_jsonl, "places.csv": places_csv,
}


def datapackage(index: Index, files: dict[str, tuple[int, str]]) -> str:
    """The Frictionless data package: datasets with their fields, and under ``safeconduct`` every file of the site.

    ``files`` are path → size in bytes and SHA-256.
    """
    publication = index.publication
    resources = []
    for path, (media_type, fields) in RESOURCES.items():
        name, _, extension = path.partition(".")
        resource: dict[str, Any] = {
            "name": f"{name}-{extension}", "path": path, "format": extension, "mediatype": media_type,
            "encoding": "utf-8", "bytes": files[path][0], "hash": f"sha256:{files[path][1]}",
        }
        if fields:
            resource["profile"] = "tabular-data-resource"
            resource["schema"] = {
                "fields": [{"name": n, "type": t, "description": about} for n, t, about in fields],
            }
            if fields[0][0] == "id":
                resource["schema"]["primaryKey"] = "id"
        resources.append(resource)
    package: dict[str, Any] = {
        "name": "safeconduct-register", "title": publication.title, "profile": "data-package",
        "description": "Claims about transnational repression, each tied to the words of a preserved source.",
        "sources": [{"title": "GeoNames (CC BY 4.0): coordinates and names of cities", "path": "https://www.geonames.org/"}],
        "resources": resources,
        "safeconduct": {
            "format": FORMAT, "generator": publication.generator, "codebook": CODEBOOK,
            "as_of": index.register.as_of.isoformat(), "known_at": index.register.known_at,
            "rules": {"standing": STANDING_RULES, "contradictions": CONTRADICTION_RULES},
            "ledger_head": publication.ledger_head, "sample": publication.sample, "reviewed": publication.reviewed,
            "base_url": publication.base_url,
            "files": {path: {"bytes": size, "sha256": digest} for path, (size, digest) in sorted(files.items())},
        },
    }
    if publication.base_url:
        package["homepage"] = publication.base_url
    return _pretty(package)
