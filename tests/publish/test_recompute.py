"""The register computed anew from the published datasets, by the rules of docs/register.md, without this program."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from safeconduct.cli import main

Claim = dict[str, Any]
KEYS = {"site": ("country", "place", "status", "form", "opened"), "incident": ("method", "host", "origin", "level"),
        "operator": ("actor", "name", "role", "scope"), "figure": ("measure", "value", "qualifier", "scope", "place"),
        "response": ("country", "action"), "position": ("party", "position"), "agreement": ("parties", "type"),
        "recommendation": ("ask",), "report": ("author", "published")}  # fmt: skip
HOSTS = {"site": "country", "incident": "host", "operator": "scope", "figure": "scope", "response": "country"}
DENIALS = {
    "denial": ("figure", "site", "incident", "operator"), "smear_accusation": ("figure", "site", "incident"),
    "not_acknowledged": ("figure", "site", "incident"), "administrative_services": ("incident",),
}  # fmt: skip
ORDER = ["alleged", "corroborated", "acknowledged", "adjudicated"]


def slug(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[^\W_]+", plain.replace("’", "").replace("'", "").casefold()))


class Datasets:
    """The files of a published site, read with the standard library."""

    def __init__(self, site: Path) -> None:
        def lines(name: str) -> list[Any]:
            return [json.loads(line) for line in (site / name).read_text(encoding="utf-8").splitlines()]

        def rows(name: str) -> list[dict[str, str]]:
            with (site / name).open(encoding="utf-8", newline="") as file:
                return [{k: v.removeprefix("'") for k, v in row.items()} for row in csv.DictReader(file)]

        self.claims = {c["id"]: c for c in lines("claims.jsonl")}
        self.sources = {row["doc"]: row for row in rows("sources.csv")}
        self.places = {(row["country"], row["place"]): row["name"] for row in rows("places.csv")}
        self.same = {one["mention"]: one["counts_as"] for one in lines("links.jsonl")}
        self.acts = {d["claim"]: d["act"] for d in lines("decisions.jsonl")}
        self.register = json.loads((site / "register.json").read_text(encoding="utf-8"))
        said = [c["asserted_by"] for c in self.claims.values()]
        self.bodies = {self.same.get(b, b) for b in said if b not in ("publisher", "unspecified")}
        self.accused = {s[k] for c in self.claims.values() for s in [c["slots"]] for k in ("origin", "about") if s.get(k)}

    def thing(self, c: Claim) -> str:
        slots = c["slots"]
        country = slots.get("country") or slots.get("scope") or slots.get("host") or ""
        known = {**slots, "place": self.places.get((country, slots.get("place")), slots.get("place"))}
        values = [known.get(k) for k in KEYS[c["kind"]]]
        return json.dumps([c["kind"], values])

    def voice(self, c: Claim) -> str:
        who, doc, about = c["asserted_by"], c["doc"], self.thing(c)
        named = [o for o in self.claims.values() if o["asserted_by"] not in ("publisher", "unspecified")]
        others = [o for o in named if self.thing(o) == about]
        if who == "publisher":
            here = sorted(self.same.get(o["asserted_by"], o["asserted_by"]) for o in others if o["doc"] == doc)
            if here:
                return here[0]
            publisher = slug(self.sources[doc]["publisher"])
            if not publisher:
                return "source:" + self.sources[doc]["id"]
            return f"org:{publisher}" if f"org:{publisher}" in self.bodies else f"media:{publisher}"
        who = self.same.get(who, who)
        relayed = [o for o in others if who in [self.same.get(v, v) for v in o["via"]]]
        passed = sorted(self.same.get(o["asserted_by"], o["asserted_by"]) for o in relayed)
        return passed[0] if passed else who

    def standing(self, ids: list[str]) -> tuple[str, bool]:
        claims = [self.claims[i] for i in ids]
        support = [c for c in claims if c["stance"] == "asserts"]
        voices = {self.voice(c) for c in support}
        voices = voices - {"unspecified"} or voices
        found = ["corroborated" if len(voices) > 1 else "alleged"]
        found += ["acknowledged" for c in support if c["asserted_by"] in {f"state:{h}" for h in self.hosts(c)}]
        found += ["adjudicated" for c in support if self.found_by_court(c)]
        disputed = any(c["stance"] == "denies" or self.disputed(c) for c in claims)
        return max(found, key=ORDER.index), disputed

    def hosts(self, c: Claim) -> list[str]:
        if c["kind"] == "agreement":
            return list(c["slots"]["parties"])
        return [c["slots"][HOSTS[c["kind"]]]] if c["slots"].get(HOSTS.get(c["kind"], "")) else []

    def found_by_court(self, c: Claim) -> bool:
        if c["kind"] == "response":
            return c["slots"]["action"] in ("conviction", "guilty_plea")
        if c["kind"] not in ("site", "incident") or not c["slots"].get("place"):
            return False
        return any(
            o["kind"] == "response" and o["stance"] == "asserts" and o["slots"]["action"] in ("conviction", "guilty_plea")
            and o["slots"].get("place") and o["slots"]["country"] in self.hosts(c)
            and c["slots"].get("origin") in (None, o["slots"].get("about", "CN"))
            and self.places[o["slots"]["country"], o["slots"]["place"]] == self.places[self.hosts(c)[0], c["slots"]["place"]]
            for o in self.claims.values()
        )  # fmt: skip

    def disputed(self, c: Claim) -> bool:
        for o in self.claims.values():
            alike = (lambda x: json.loads(self.thing(x))[1][:-1]) if c["kind"] == "operator" else self.thing
            denied = o["kind"] == c["kind"] and o["stance"] == "denies" and alike(o) == alike(c)
            if denied and o["asserted_by"] != c["asserted_by"]:
                return True
            if o["kind"] != "position" or o["doc"] != c["doc"] or o["stance"] == "denies":
                continue
            party, position = o["slots"]["party"], o["slots"]["position"]
            blamed = c["slots"].get("origin")
            involved = party in self.hosts(c) or (party == blamed if blamed else party in self.accused)
            answers = (
                c["kind"] in DENIALS.get(position, ())
                or (position == "volunteers" and c["slots"].get("actor") in ("hired_staff", "police_authority"))
                or (position == "claims_closed" and c["kind"] in ("site", "figure") and c["slots"].get("status") == "active")
            )
            if involved and answers and c["asserted_by"] != f"state:{party}":
                return True
        return False


@pytest.fixture(scope="module", params=["small", "sample"])
def data(request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Datasets:
    """The datasets of a small register of the tests, and of the sample register that `make demo` shows."""
    if request.param == "small":
        return Datasets(site)
    folder = tmp_path_factory.mktemp("demo")
    done = CliRunner().invoke(main, ["demo", str(folder / "demo"), "--no-serve"])
    assert done.exit_code == 0, done.output
    return Datasets(folder / "demo" / "site")


def test_every_standing_follows_from_the_published_datasets(data: Datasets) -> None:
    compared = 0
    for section in ("sites", "incidents", "operators", "responses", "agreements", "positions", "recommendations", "reports"):
        for entry in data.register[section]:
            for one in entry.get("steps", [entry]):
                assert data.standing(one["claims"]) == (one["standing"], one["disputed"]), (section, one["claims"])
                compared += 1
    same_number: dict[str, list[str]] = {}
    for entry in data.register["figures"]:
        key = json.dumps([entry[k] for k in ("measure", "scope", "place", "operator", "status", "value", "qualifier")])
        same_number.setdefault(key, []).extend(entry["claims"])
    for entry in data.register["figures"]:
        key = json.dumps([entry[k] for k in ("measure", "scope", "place", "operator", "status", "value", "qualifier")])
        assert data.standing(same_number[key]) == (entry["standing"], entry["disputed"])
        compared += 1
    assert compared >= 12


def test_every_claim_of_the_register_is_accepted_and_in_exactly_its_places(data: Datasets) -> None:
    used = {c for section in ("figures", "sites", "responses", "operators", "agreements", "incidents", "positions",
                              "recommendations", "reports") for e in data.register[section] for c in e["claims"]}  # fmt: skip
    assert used == set(data.claims) and {data.acts[c] for c in used} == {"accept"}
    grouped: dict[str, set[str]] = {}
    for c in data.claims.values():
        if c["kind"] == "site" or (c["kind"] == "figure" and c["slots"]["measure"] == "stations" and c["slots"].get("place")):
            country = c["slots"].get("country") or c["slots"]["scope"]
            place = data.places.get((country, c["slots"].get("place")))
            operator = c["slots"].get("operator") if c["kind"] == "site" else None
            grouped.setdefault(json.dumps([country, place, operator]), set()).add(c["id"])
    listed = {json.dumps([e["country"], e["place"], e["operator"]]): set(e["claims"]) for e in data.register["sites"]}
    assert listed == grouped
