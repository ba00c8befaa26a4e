"""Checking a published site against itself: nothing altered, and every number and link leads to marked words.

Pages are read one at a time; what is kept of a claim is a few dozen bytes, so memory grows with the number of claims and
not with the size of pages or texts. register.json and sites.geojson are read whole.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safeconduct.claims import Claim, claim_from

from .atomic import MARKER, files_in, marker_of
from .datasets import FORMAT, RESOURCES, uncell
from .extracts import visible
from .model import Problem
from .pages import Facts, check_page, links_lead_nowhere


def digest(text: str) -> bytes:
    """A short digest of words as a page shows them."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass
class Site:
    """What is known of a site while it is checked."""

    out: Path
    listed: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)

    def says(self, file: str, what: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(file, what))


def check_site(out: Path) -> list[Problem]:
    """What is wrong with the site in ``out``; an empty list when all is well.

    Every file is there with its checksum and there is no other; every claim id in pages and datasets is in claims.jsonl,
    where it follows from its content; every number leads to claims that hold it; every quote is marked verbatim on its
    source's page; links and anchors within the site lead somewhere.
    """
    marker = marker_of(out)
    if marker is None:
        return [Problem(MARKER, "This is missing or not ours; publish again or take another copy.")]
    if marker["format"] != FORMAT:
        return [Problem(MARKER, f"Format {marker['format']} of this site is not known here; check it with its own version.")]
    site = Site(out, marker["files"])
    site.facts.base_path = str(marker.get("base_url") or "")
    _files(site)
    for check in (_package, _sources, _claims, _claims_table, _register, _places):
        _guarded(site, check)
    for path in sorted(site.listed):
        if path.endswith(".html") and _readable(site, path):
            site.problems += [Problem(path, what) for what in check_page(out, path, site.facts)]
    site.problems += [Problem(path, what) for path, what in links_lead_nowhere(site.facts, set(site.listed) | {MARKER})]
    for claim, known in site.facts.claims.items():
        if claim not in site.facts.marked:
            site.says(f"sources/{known.source}.html", f"The quote of claim {claim} is not marked here verbatim.")
    return site.problems


def _guarded(site: Site, check: Any) -> None:
    name = {
        _package: MARKER, _sources: "sources.csv", _claims: "claims.jsonl", _claims_table: "claims.csv",
        _register: "register.json", _places: "sites.geojson",
    }[check]
    try:
        check(site)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        site.says(name, f"This cannot be read ({type(error).__name__}: {error}); take another copy.")


def _readable(site: Site, path: str) -> bool:
    return os.path.isfile(site.out / path) and not os.path.islink(site.out / path)


def _files(site: Site) -> None:
    for path, expected in sorted(site.listed.items()):
        if not isinstance(expected, dict) or path.startswith("/") or ".." in path.split("/"):
            site.says(MARKER, f"The entry {path!r} is malformed; take another copy.")
        elif not _readable(site, path):
            site.says(path, "This file is missing.")
        else:
            sha, size = hashlib.sha256(), 0
            with (site.out / path).open("rb") as file:
                while block := file.read(1 << 20):
                    sha.update(block)
                    size += len(block)
            if (size, sha.hexdigest()) != (expected.get("bytes"), expected.get("sha256")):
                site.says(path, "This file was altered: its checksum is not the one in datapackage.json.")
    for path in files_in(site.out):
        if path not in site.listed and path != MARKER:
            site.says(path, "This file is not part of the site: datapackage.json does not list it.")
    site.listed = {p: e for p, e in site.listed.items() if isinstance(e, dict) and ".." not in p.split("/")}


def _package(site: Site) -> None:
    package = json.loads((site.out / MARKER).read_text(encoding="utf-8"))
    found = {r["path"]: (r["bytes"], r["hash"]) for r in package["resources"]}
    for path in RESOURCES:
        entry = site.listed.get(path, {})
        if found.get(path) != (entry.get("bytes"), f"sha256:{entry.get('sha256')}"):
            site.says(MARKER, f"The resource {path} and the list of files disagree.")


def _table(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(1 << 28)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {k: uncell(v or "") for k, v in row.items() if k is not None}


def _sources(site: Site) -> None:
    for row in _table(site.out / "sources.csv"):
        if row["id"] != "s" + row["sha256"][:20]:
            site.says("sources.csv", f"The id {row['id']} does not follow from its SHA-256.")
        site.facts.sources[row["doc"]] = (row["id"], row["text_sha256"])


def _claims(site: Site) -> None:
    with (site.out / "claims.jsonl").open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            value = json.loads(line)
            if value.get("doc") not in site.facts.sources:
                site.says("claims.jsonl", f"Line {number}: its document {value.get('doc')!r} is not in sources.csv.")
                continue
            source, text = site.facts.sources[value["doc"]]
            try:
                claim: Claim = claim_from(value, text)
            except ValueError as error:
                site.says("claims.jsonl", f"Line {number} is no claim: {error}.")
                continue
            if claim.id != value["id"]:
                site.says("claims.jsonl", f"Line {number}: the id {value['id']} does not follow from its content.")
            numbers = {getattr(claim.slots, slot, None) for slot in ("value", "count")} - {None}
            site.facts.add(value["id"], source, digest(visible(claim.quote)), frozenset(numbers),
                           claim.attribution.asserted_by)


def _claims_table(site: Site) -> None:
    seen = set()
    for row in _table(site.out / "claims.csv"):
        known = site.facts.claims.get(row["id"])
        seen.add(row["id"])
        if known is None:
            site.says("claims.csv", f"Claim {row['id']} is not in claims.jsonl.")
        elif digest(visible(row["quote"])) != known.quote:
            site.says("claims.csv", f"The quote of claim {row['id']} is not the one in claims.jsonl.")
    for claim in site.facts.claims.keys() - seen:
        site.says("claims.csv", f"Claim {claim} of claims.jsonl is missing.")


def _register(site: Site) -> None:
    register = json.loads((site.out / "register.json").read_text(encoding="utf-8"))
    missing: set[str] = set()
    stack: list[Any] = [v for k, v in register.items() if k != "retracted"]  # tombstones name claims that are gone
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            used = [*node.get("claims", []), *node.get("answers", []), *([node["claim"]] if "claim" in node else [])]
            missing |= {c for c in used if c not in site.facts.claims}
            stack += node.values()
        elif isinstance(node, list):
            stack += node
    for claim in sorted(missing):
        site.says("register.json", f"Claim {claim} is not in claims.jsonl.")
    for entry in register["figures"]:
        if not entry["claims"]:
            site.says("register.json", f"The figure {entry['measure']} {entry['value']} rests on no claim.")
        for claim in entry["claims"]:
            if (known := site.facts.claims.get(claim)) and entry["value"] not in known.numbers:
                site.says("register.json", f"The figure {entry['measure']} {entry['value']} is not what claim {claim} says.")


def _places(site: Site) -> None:
    places = json.loads((site.out / "sites.geojson").read_text(encoding="utf-8"))
    for feature in places["features"]:
        for claim in feature["properties"]["claims"].split():
            if claim not in site.facts.claims:
                site.says("sites.geojson", f"Claim {claim} is not in claims.jsonl.")
