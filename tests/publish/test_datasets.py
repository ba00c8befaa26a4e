"""The datasets at the top of a site."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

from safeconduct.claims import claim_from
from safeconduct.publish import publish
from safeconduct.publish.datasets import uncell

from .helpers import SD, Made, ordinary


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_claims_csv_and_jsonl_tell_the_same(site: Path, made: Made) -> None:
    lines = [json.loads(line) for line in (site / "claims.jsonl").read_text().splitlines()]
    table = {r["id"]: r for r in rows(site / "claims.csv")}
    assert len(lines) == len(table) == len(made.pairs) == 12
    texts = {r["doc"]: r["text_sha256"] for r in rows(site / "sources.csv")}
    for line in lines:
        row = table[line["id"]]
        assert claim_from(line, texts[line["doc"]]).id == line["id"]
        assert set(line) <= {"id", "doc", "kind", "start", "end", "quote", "slots", "asserted_by", "via", "stance",
                             "asserted_when", "when", "anchor", "dup_of", "note"}
        assert uncell(row["quote"]) == line["quote"] and int(row["start"]) == line["start"]
        assert made.texts[texts[line["doc"]]][line["start"]:line["end"]] == line["quote"]
        for slot, value in line["slots"].items():
            assert row[f"slot_{slot}"] == ("" if value is None else str(value))


def test_sources_csv_lists_all_sources_and_no_author(site: Path, made: Made) -> None:
    table = rows(site / "sources.csv")
    assert {r["sha256"] for r in table} == {s.capture for s in made.sources}
    assert list(table[0])[:10] == ["id", "doc", "title", "publisher", "published", "language", "url", "sha256",
                                   "text_sha256", "media_type"]
    assert not [name for name in table[0] if "author" in name]


def test_documents_that_share_a_name_are_told_apart(tmp_path: Path) -> None:
    made = Made()
    for n in range(2):
        source = made.source(f"There are 5{n} stations. The rest is about trams and about the weather of the day.", "same.txt")
        made.claim(source, f"5{n} stations", "figure", {"measure": "stations", "value": 50 + n}, asserted_by=SD)
    publish(made.publication(), tmp_path / "site")
    docs = {json.loads(line)["doc"] for line in (tmp_path / "site/claims.jsonl").read_text().splitlines()}
    assert docs == {f"same.txt#{s.id}" for s in made.sources} == {r["doc"] for r in rows(tmp_path / "site/sources.csv")}


def test_register_json_is_the_register(site: Path) -> None:
    text = (site / "register.json").read_text()
    assert json.loads(text) == json.loads(json.dumps(ordinary().publication().register.as_json()))
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def test_geojson_has_cities_longitude_first_and_flat_properties(site: Path) -> None:
    places = json.loads((site / "sites.geojson").read_text())
    assert places["type"] == "FeatureCollection"
    madrid = next(f for f in places["features"] if f["properties"]["place"] == "Madrid")
    assert madrid["geometry"] == {"type": "Point", "coordinates": [-3.703, 40.417]}
    assert madrid["properties"]["statuses"] == "active" and madrid["properties"]["asserted_by"] == SD
    assert all(isinstance(v, str) for f in places["features"] for v in f["properties"].values())


def test_the_data_package_describes_every_file(site: Path) -> None:
    package = json.loads((site / "datapackage.json").read_text())
    assert package["safeconduct"]["format"] == 1 and package["safeconduct"]["ledger_head"] == "ab" * 32
    for resource in package["resources"]:
        data = (site / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data) and resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        if resource["format"] == "csv":
            header = (site / resource["path"]).read_text().splitlines()[0]
            assert header.split(",") == [f["name"] for f in resource["schema"]["fields"]]
    listed = set(package["safeconduct"]["files"]) | {"datapackage.json"}
    assert listed == {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
