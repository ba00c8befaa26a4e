"""Made-up ledgers of any size: the same seed and size give the same records, one after another and never all held.

    python benchmarks/generator.py 100000 > records.jsonl

A *story* is one thing that happened: an origin and a host state, a city, an authority, numbers that grow while it is told.
Stories live for a while, and sources tell of one to three of them; few stories are told by many sources, most by few. What
sources say is drawn in the shares of ``KINDS``: in their own voice, or quoting organisations, states, media and persons, some
of them through others; states deny and take positions; numbers are told late or wrongly; a few claims are retracted later.

No bytes and no texts exist for these claims: each stands at a made-up place of a text whose SHA-256 is that of its name, and
carries what a claim needs. So they can be loaded and computed with, but not checked against a text or shown on a page.
"""

from __future__ import annotations

import hashlib
import json
import sys
from bisect import bisect
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Any, TypeVar

from safeconduct.claims import canonical, sha256
from safeconduct.ledger import Record
from safeconduct.register.origins import place_name
from safeconduct.register.sections import identity
from safeconduct.resolve import LinkAct, edge

T = TypeVar("T")
FIRST, LAST = date(2010, 1, 1), date(2026, 6, 30)  # days on which the sources appeared
LIVE = 400  # stories told at one time
CLAIMS = (4, 24)  # fewest and most claims of one source
KINDS = {
    "figure": 22, "site": 20, "response": 18, "incident": 16, "position": 8, "operator": 6, "report": 4, "agreement": 3,
    "recommendation": 3,
}  # fmt: skip
LANGUAGES = {"en": 60, "zh": 25, "es": 15}
ORIGINS = {
    "CN": 30, "IR": 11, "TR": 10, "RU": 10, "EG": 6, "SA": 6, "TJ": 5, "BY": 4, "VN": 3, "TH": 3, "RW": 3, "UZ": 3, "KH": 2,
    "LA": 2, "PK": 2, "TM": 2, "AE": 2, "AZ": 2, "ET": 1, "VE": 1, "NI": 1, "CU": 1, "KZ": 1, "BH": 1, "ER": 1,
}  # fmt: skip
HOSTS = (
    "US GB DE FR NL CA AU IT ES SE TR GR TH JP KR CH BE AT CZ PL IE PT NO FI DK HU RS UA NG ZA KE TZ ET AE MY ID PH VN KH BR "
    "AR CL PE EC MX CO PA MN KZ UZ KG GE AM LT LV EE RO BG HR SK SI NZ IN LK NP PK EG MA TN DZ SN GH UG RW LS ZM AO MZ LU "
    "MT CY IL"
).split()
MEASURES = {  # measure → share, usual size
    "stations": (30, 9), "stations_new": (5, 4), "cities": (8, 12), "jurisdictions": (4, 8), "provinces": (3, 7),
    "staff": (5, 60), "persons_returned": (16, 900), "persons_targeted": (14, 400), "incidents": (12, 90), "plots": (3, 5),
}  # fmt: skip
QUALIFIERS = {"exact": 60, "at_least": 18, "more_than": 12, "approx": 8, "up_to": 2}
ACTIONS = {
    "investigation": 20, "statement_of_concern": 14, "summons": 8, "protest_note": 7, "information_request": 6, "monitoring": 5,
    "search": 5, "closure_order": 8, "cease_and_desist": 2, "arrest": 7, "charge": 5, "guilty_plea": 2, "conviction": 2,
    "expulsion": 3, "sanctions": 2, "legislation": 2, "hearing": 2, "no_response": 1,
}  # fmt: skip
METHODS = {
    "killing": 3, "attempted_killing": 3, "abduction": 7, "coerced_return": 20, "detention": 12, "assault": 7,
    "threat_to_family": 15, "threat": 10, "intimidation": 9, "surveillance": 8, "digital_attack": 3, "mobility_control": 3,
}  # fmt: skip
POSITIONS = {
    "denial": 34, "administrative_services": 18, "smear_accusation": 14, "not_acknowledged": 8, "unaware": 7,
    "lawful_conduct": 6, "promise_to_close": 4, "claims_closed": 4, "admission": 3, "volunteers": 1, "pandemic_measure": 1,
}  # fmt: skip
ACTORS = {
    "police_authority": 45, "provincial_authority": 14, "central_authority": 12, "party_body": 8, "intelligence_service": 8,
    "diaspora": 8, "volunteers": 2, "host_state": 2, "hired_staff": 1,
}  # fmt: skip
VOICES = {"publisher": 42, "org": 22, "state": 13, "media": 7, "persons": 7, "unspecified": 9}
OTHER_NAME = "-network"  # ends the other name of a body
PERSONS = ("police-spokesperson", "witnesses", "experts", "minister", "victims", "lawyers", "researchers", "residents")
WORDS = {
    "en": "According to the report, {kind} number {n} concerns {place} and the authorities behind it.",
    "es": "Según el informe, {kind} número {n} se refiere a {place} y a las autoridades responsables.",
    "zh": "报告称，第{n}项{kind}涉及{place}及其背后的机关。",
}


@cache
def _steps(shares: tuple[tuple[Any, float], ...]) -> tuple[list[Any], list[float]]:
    return [v for v, _ in shares], list(accumulate(w for _, w in shares))


def drawn(rng: Random, shares: dict[T, int]) -> T:
    """A value by its share."""
    values, sums = _steps(tuple(shares.items()))
    return values[bisect(sums, rng.random() * sums[-1])]  # type: ignore[no-any-return]


def low(rng: Random, size: int) -> int:
    """A number below ``size``; the low ones more often."""
    return int(size * rng.random() ** 2)


@cache
def towns() -> dict[str, list[tuple[str, ...]]]:
    """Country → its larger cities, each with its English name and its names in Chinese characters."""
    found: dict[str, list[tuple[str, ...]]] = {}
    table = files("safeconduct.claims") / "data" / "cities.tsv"
    for line in table.read_text(encoding="utf-8").splitlines():
        name, country, *_, others = line.split("\t")
        known = found.setdefault(country, [])
        if len(known) < 400:
            known.append((name, *(o for o in others.split("|") if "\u4e00" <= o[0] <= "\u9fff")))
    return found


@dataclass
class Story:
    """What is told: where, by whom, and the numbers at the moment."""

    number: int
    origin: str
    host: str
    town: tuple[str, ...]
    authority: str | None
    opened: str
    year: int
    tellings: int  # how often it will still be told
    values: dict[str, int] = field(default_factory=dict)
    sites: dict[str, None] = field(default_factory=dict)  # ids of its station in the register, with and without its authority
    linked: bool = False

    def place(self, language: str) -> str:
        return self.town[-1] if language == "zh" else self.town[0]


def _story(rng: Random, number: int, day: date) -> Story:
    origin = drawn(rng, ORIGINS)
    host = HOSTS[low(rng, len(HOSTS))]
    if host == origin:
        host = "US"
    there, home = towns()[host], towns()[origin]
    return Story(
        number, origin, host, there[low(rng, len(there))],
        home[low(rng, len(home))][0].casefold() if rng.random() < 0.6 else None,
        f"{day.year - rng.randrange(6)}-{rng.randrange(1, 13):02}", day.year, min(300, int(rng.paretovariate(1.2) * 2)),
    )  # fmt: skip


def _figure(rng: Random, s: Story, place: str) -> dict[str, Any]:
    measure = drawn(rng, {m: share for m, (share, _) in MEASURES.items()})
    if measure not in s.values:
        s.values[measure] = 1 + low(rng, MEASURES[measure][1] * 2)
    elif rng.random() < 0.1:
        s.values[measure] += 1 + s.values[measure] // 3  # it grew since
    value, luck = s.values[measure], rng.random()
    if luck < 0.06:
        value += 1 + value // 5
    elif luck < 0.16:
        value -= value // 4  # told late: an older number
    return {
        "measure": measure, "value": value, "qualifier": drawn(rng, QUALIFIERS), "scope": s.host,
        "place": place if s.number % 4 else None, "operator": s.authority,
        "status": "active" if rng.random() < 0.03 else None,
    }  # fmt: skip


def _site(rng: Random, s: Story, place: str) -> dict[str, Any]:
    status = drawn(rng, {"unknown": 55, "active": 27, "closed": 11, "ordered_closed": 7})
    form = drawn(rng, {None: 60, "service_centre": 12, "apartment": 8, "restaurant": 7, "community_association": 8, "shop": 5})
    opened = s.opened if rng.random() < 0.3 else None
    operator = s.authority if rng.random() < 0.8 else None
    s.sites[identity("sites", {"country": s.host, "place": place_name(place, s.host), "operator": operator})] = None
    return {"country": s.host, "place": place, "status": status, "form": form, "opened": opened, "operator": operator}


def _response(rng: Random, s: Story, place: str) -> dict[str, Any]:
    action = drawn(rng, ACTIONS)
    count = rng.randrange(1, 9) if action in ("arrest", "charge", "conviction", "expulsion") else None
    return {"country": s.host, "action": action, "about": s.origin, "place": place if rng.random() < 0.4 else None,
            "body": "ministry of the interior" if rng.random() < 0.5 else None, "count": count}  # fmt: skip


def _incident(rng: Random, s: Story, place: str) -> dict[str, Any]:
    also = [m for m in ("threat", "surveillance") if rng.random() < 0.15]
    return {
        "method": drawn(rng, METHODS), "host": s.host, "origin": s.origin, "level": "pattern" if rng.random() < 0.3 else "case",
        "also": also, "place": place if rng.random() < 0.6 else None,
        "target": drawn(rng, {None: 40, "dissidents": 25, "journalists": 12, "diaspora": 13, "suspects": 5, "students": 5}),
        "count": rng.randrange(1, 40) if rng.random() < 0.2 else None,
    }  # fmt: skip


def _position(rng: Random, s: Story, place: str) -> dict[str, Any]:
    party, taken = s.origin if rng.random() < 0.9 else s.host, drawn(rng, POSITIONS)
    if taken in ("volunteers", "pandemic_measure") and (party != "CN" or s.year < 2020):  # one state's words, in one affair
        taken = "denial"
    return {"party": party, "position": taken}


def _operator(rng: Random, s: Story, place: str) -> dict[str, Any]:
    role = drawn(rng, {"established": 30, "runs": 40, "mandated": 10, "staffs": 12, "enables": 8})
    return {"actor": drawn(rng, ACTORS), "name": s.authority, "role": role, "scope": s.host}


def _report(rng: Random, s: Story, place: str) -> dict[str, Any]:
    month = rng.randrange(1, 13) if rng.random() < 0.1 else s.number % 12 + 1  # a few give another month
    return {"author": f"org:rights-group-{s.number % 997}", "published": f"{s.year}-{month:02}", "title": f"Report {s.number}"}


def _agreement(rng: Random, s: Story, place: str) -> dict[str, Any]:
    kind = drawn(rng, {"joint_patrols": 30, "joint_policing": 20, "security_agreement": 30, "extradition": 20})
    return {"parties": [s.origin, s.host], "type": kind, "places": [place] if rng.random() < 0.3 else []}


def _recommendation(rng: Random, s: Story, place: str) -> dict[str, Any]:
    ask = drawn(rng, {"investigate": 40, "protect": 20, "coordinate": 10, "legislate": 15, "sanction": 15})
    return {"ask": ask, "addressee": f"government of {s.host}"}


MADE: dict[str, Callable[[Random, Story, str], dict[str, Any]]] = {
    "figure": _figure, "site": _site, "response": _response, "incident": _incident, "position": _position,
    "operator": _operator, "report": _report, "agreement": _agreement, "recommendation": _recommendation,
}  # fmt: skip


def _attribution(rng: Random, s: Story, kind: str, slots: dict[str, Any]) -> tuple[str, list[str], str]:
    """Asserter, via and stance."""
    if kind == "position":
        return f"state:{slots['party']}", ["media:xinhua"] if rng.random() < 0.3 else [], "asserts"
    if kind in ("figure", "site", "incident", "operator") and rng.random() < 0.04:
        return f"state:{s.origin if rng.random() < 0.7 else s.host}", [], "denies"
    voice = drawn(rng, VOICES)
    if slots.get("action") == "no_response":
        voice = "org"
    if voice in ("publisher", "unspecified"):
        return voice, [], "asserts"
    if voice == "state":
        return f"state:{s.host if rng.random() < 0.8 else s.origin}", [], "asserts"
    who = {
        "org": f"org:rights-group-{(s.number + low(rng, 12)) % 997}",  # few speak of one story
        "media": f"media:daily-{(s.number + low(rng, 9)) % 499}",
        "persons": f"persons:{PERSONS[rng.randrange(len(PERSONS))]}",
    }[voice]
    if voice == "org" and rng.random() < 0.03:
        who += OTHER_NAME
    via = []
    if rng.random() < 0.3:
        via = [f"media:daily-{(s.number + low(rng, 9)) % 499}"]
        if rng.random() < 0.2:
            via.append(f"media:agency-{rng.randrange(20)}")
        via = [v for v in via if v != who]
    return who, via, "asserts"


SLOTS = {  # slots that stand as null where they are empty, as ``Slots.as_json`` has it
    "figure": ("place",), "site": ("place", "form", "opened"), "incident": ("host", "origin"), "operator": ("name",),
    "report": ("published", "title"),
}  # fmt: skip


def _claim(rng: Random, s: Story, text: str, language: str, start: int, day: date) -> dict[str, Any]:
    kind, place = drawn(rng, KINDS), s.place(language)
    slots = MADE[kind](rng, s, place)
    who, via, stance = _attribution(rng, s, kind, slots)
    slots = {k: v for k, v in slots.items() if (v is not None and v != []) or k in SLOTS.get(kind, ())}
    if kind == "agreement":
        slots["parties"] = sorted(slots["parties"])
    quote = WORDS[language].format(kind=kind, n=start, place=place)
    said = (day - timedelta(days=rng.randrange(30))).isoformat() if rng.random() < 0.3 else None
    period = str(s.year) if kind == "figure" or (kind in ("incident", "response", "agreement") and rng.random() < 0.5) else None
    return {
        "text": text, "kind": kind, "start": start, "end": start + len(quote), "quote": quote, "slots": slots,
        "asserted_by": who, "via": via, "stance": stance, "asserted_when": said, "when": period, "anchor": None,
    }  # fmt: skip


def _moment(day: date, number: int) -> str:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(microseconds=number)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def records(claims: int, seed: int = 1) -> Iterator[Record]:
    """The records of a ledger with so many claims, in the order in which they would have been recorded."""
    rng, made, number = Random(seed), 0, 0
    live = [_story(rng, n, FIRST) for n in range(LIVE)]
    stories, later, undone = LIVE, deque[tuple[int, str]](), deque[tuple[int, str, str]]()
    renamed = set[str]()
    while made < claims:
        day = FIRST + (LAST - FIRST) * (made / claims)
        capture, text = sha256(f"capture {seed} {number}"), sha256(f"text {seed} {number}")
        language, paper = drawn(rng, LANGUAGES), f"Daily {low(rng, 499)}"
        name = f"article-{number}.html"
        read = {
            "title": f"Article {number}", "publisher": paper, "author": None, "published": day.isoformat(),
            "language": language,
        }  # fmt: skip
        yield Record("capture", capture, {
            "size": 20_000, "media_type": "text/html", "name": name, "how": "file",
            "obtained_at": _moment(day, number)[:19] + "Z", "url": f"https://news.example/{number}", "status": 200,
            "content_type": "text/html", "container": None, "given": {},
        })  # fmt: skip
        yield Record("text", capture, {
            "text": text, "reader": "made-up", "encoding": "utf-8", "characters": 8000, "pages": [], "read": read,
            "methods": {}, "notes": [],
        })  # fmt: skip
        told = [rng.randrange(LIVE) for _ in range(rng.randrange(1, 4))]
        start, ids, bodies = 0, [], set[str]()
        for n in range(min(CLAIMS[0] + low(rng, CLAIMS[1] - CLAIMS[0]), claims - made)):
            content = _claim(rng, live[told[n % len(told)]], text, language, start, day)
            start = content["end"] + rng.randrange(5, 200)
            ids.append("c" + sha256(canonical(content))[:20])
            bodies.add(content["asserted_by"])
            yield Record("proposal", ids[-1], {"extractor": "made-up 1", "rule": content["kind"], "claim": content})
        made += len(ids)
        outcome = {"extractor": "made-up 1", "proposals": len(ids), "dropped": 0, "languages": [language], "unsupported": []}
        yield Record("extraction", text, outcome)
        for n, claim in enumerate(ids):
            if (luck := rng.random()) < 0.96:
                act = "accept" if luck < 0.91 else "reject"
                yield decision(claim, act, _moment(day, number * 100 + n), None if act == "accept" else "not what is said")
                if act == "accept" and luck < 0.008:
                    later.append((number + rng.randrange(50, 500), claim))
        while later and later[0][0] <= number:
            yield decision(later.popleft()[1], "retract", _moment(day, number * 100 + 99), "the source corrected itself")
        links = [(b.removesuffix(OTHER_NAME), b) for b in sorted(bodies - renamed) if b.endswith(OTHER_NAME)]
        renamed.update(b for _, b in links)
        for story in (live[n] for n in set(told)):
            if len(story.sites) > 1 and not story.linked:
                story.linked = True
                if rng.random() < 0.5:
                    a, b, *_ = story.sites
                    links.append((a, b))
        for n, (a, b) in enumerate(links):
            yield link("link", a, b, _moment(day, number * 100 + 90 + n))
            if rng.random() < 0.05:
                undone.append((number + rng.randrange(50, 500), a, b))
        while undone and undone[0][0] <= number:
            yield link("unlink", *undone.popleft()[1:], _moment(day, number * 100 + 98))
        for place in set(told):
            live[place].tellings -= 1
            if live[place].tellings <= 0:
                live[place] = _story(rng, stories, day)
                stories += 1
        number += 1


def decision(claim: str, act: str, at: str, why: str | None = None) -> Record:
    """A reviewer's decision on a claim."""
    return Record("decision", claim, {"act": act, "by": "reviewer", "why": why, "at": at})


def link(act: LinkAct, a: str, b: str, at: str) -> Record:
    """A reviewer's decision on whether two mentions are one."""
    one, other = sorted((a, b))
    return Record("link", edge(a, b), {"act": act, "a": one, "b": other, "by": "reviewer", "why": "both are one", "at": at})


def main(arguments: Sequence[str]) -> None:
    digest, types = hashlib.sha256(), Counter[str]()
    for record in records(int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1):
        body = record.body()
        digest.update(body.encode())
        types[record.type] += 1
        print(body)
    print(json.dumps({**types, "sha256": digest.hexdigest()}), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
