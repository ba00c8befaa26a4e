"""Dates and claims as the published datasets have them."""

from __future__ import annotations

import calendar
import csv
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Dates: EDTF. What is compared are the first and the last day that a date can mean, as 2022-09-01; "" where it is open.


def span(text: str | None) -> tuple[str, str]:
    """2022, 2022-09, 2022-09-13, 2022-21 (spring), 201X, with ~ ? or % behind, and intervals of these with .. for open."""
    if not text:
        return "", ""
    if "/" in text:
        first, last = text.split("/")
        return span(first)[0], span(last)[1]
    year, month, day, *_ = (*text.rstrip("~?%").split("-"), "", "")
    if text == ".." or year == "XXXX":
        return "", ""
    seasons = {"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (12, 12)}
    months = seasons.get(month) or _fitting(month, 12)
    years = int(year.replace("X", "0")), int(year.replace("X", "9"))
    length = calendar.monthrange(years[1], months[1])[1]
    days = _fitting(day, max(calendar.monthrange(years[1], m)[1] for m in range(months[0], months[1] + 1)))
    return f"{years[0]:04}-{months[0]:02}-{days[0]:02}", f"{years[1]:04}-{months[1]:02}-{min(days[1], length):02}"


def _fitting(part: str, highest: int) -> tuple[int, int]:
    """The lowest and the highest number that two digits can be, X for any digit; all when there are none."""
    fits = [n for n in range(1, highest + 1) if not part or re.fullmatch(part.replace("X", "."), f"{n:02}")]
    return fits[0], fits[-1]


def apart(one: str | None, other: str | None) -> bool:
    """Whether two dates cannot mean the same day."""
    (a, b), (c, d) = span(one), span(other)
    return bool((b and c and b < c) or (d and a and d < a))


def slugify(name: str) -> str:
    """A publisher's name as it stands behind org: and media:."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[^\W_]+", plain.replace("’", "").replace("'", "").casefold()))


# Claims, in the order in which they had certainly been said.

NARRATED = ("publisher", "unspecified")  # the source in its own voice; nobody in particular


@dataclass(frozen=True, eq=False)
class Claim:
    """A line of claims.jsonl with what sources.csv says of its document."""

    id: str
    kind: str
    slots: dict[str, Any]
    start: int
    end: int
    who: str  # asserted_by
    via: tuple[str, ...]
    denies: bool
    asserted_when: str | None
    when: str | None
    source: dict[str, str]

    @property
    def said_by(self) -> str:
        """The last day that its own or its source's date can mean, the earlier of both; else the day it was obtained."""
        days = [span(text)[1] for text in (self.asserted_when, self.source["published"])]
        return min(filter(None, days), default=self.source["obtained_at"][:10])

    @property
    def said(self) -> str:
        return self.asserted_when or self.source["published"] or self.source["obtained_at"][:10]

    @property
    def order(self) -> tuple[Any, ...]:
        return self.said_by, self.said, self.source["sha256"], self.start, self.end, self.id


class Register:
    """The datasets of a published site."""

    def __init__(self, folder: Path) -> None:
        def lines(name: str) -> list[Any]:
            return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]

        def rows(name: str) -> list[dict[str, str]]:
            with (folder / name).open(encoding="utf-8", newline="") as file:  # a leading ' only guards spreadsheets
                return [{k: v.removeprefix("'") for k, v in row.items()} for row in csv.DictReader(file)]

        sources = {row["doc"]: row for row in rows("sources.csv")}
        self.places = {(row["country"], row["place"]): row["name"] for row in rows("places.csv")}
        self.same = {one["mention"]: one["counts_as"] for one in lines("links.jsonl")}
        self.published = json.loads((folder / "register.json").read_text(encoding="utf-8"))
        found = [
            Claim(c["id"], c["kind"], c["slots"], c["start"], c["end"], c["asserted_by"], tuple(c["via"]),
                  c["stance"] == "denies", c["asserted_when"], c["when"], sources[c["doc"]])
            for c in lines("claims.jsonl")
        ]  # fmt: skip
        self.claims = sorted(found, key=lambda c: c.order)
        self.by_id = {c.id: c for c in found}

    def place(self, c: Claim) -> str | None:
        """The name under which places meet: 米兰 and Milan are one."""
        country = c.slots.get("country") or c.slots.get("scope") or c.slots.get("host") or ""
        named: str | None = c.slots.get("place")
        return self.places.get((country, named), named) if named else named

    def thing(self, c: Claim) -> tuple[Any, ...]:
        """What a claim is about, whoever says it."""
        values = ((self.place(c) if k == "place" else c.slots.get(k)) for k in KEYS[c.kind])
        return c.kind, *(tuple(v) if isinstance(v, list) else v for v in values)

    def topic(self, c: Claim) -> tuple[Any, ...]:
        """What a denial speaks of: the thing, for an operator whatever its area."""
        return self.thing(c)[:-1] if c.kind == "operator" else self.thing(c)


KEYS = {"site": ("country", "place", "status", "form", "opened"), "incident": ("method", "host", "origin", "level"),
        "operator": ("actor", "name", "role", "scope"), "figure": ("measure", "value", "qualifier", "scope", "place"),
        "response": ("country", "action"), "position": ("party", "position"), "agreement": ("parties", "type"),
        "recommendation": ("ask",), "report": ("author", "published")}  # fmt: skip
