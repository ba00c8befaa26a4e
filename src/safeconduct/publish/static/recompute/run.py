"""The register computed anew from its published datasets: rules of standing 1, rules of contradictions 1.

    python3 recompute/run.py [FOLDER]

FOLDER (the one above this file if none is named) is a copy of the published site, or holds its claims.jsonl, sources.csv,
places.csv, links.jsonl and register.json. Python 3.11 or newer is all that this needs: nothing of the program that made the
register, and no network. It computes the standing of every entry, whether it is disputed, which claims speak of one site, and
every contradiction with its type, its sides and their claims; says where register.json has something else, and then ends with
1. It does not compute words: the values and topics of contradictions as sentences.

``datasets.py``, ``standing.py`` and ``contradictions.py`` are the rules, to be read in that order. They are given away like the
datasets: copy them, change them, check them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.dont_write_bytecode = True  # a copy of a site is checked file by file: nothing may come into it

from contradictions import contradictions  # noqa: E402
from datasets import Register  # noqa: E402
from standing import ORDER, Standings  # noqa: E402

NUMBER = ("measure", "scope", "place", "operator", "status", "value", "qualifier")  # figures that agree in these stand together


def standings(register: Register) -> Iterator[tuple[str, object, object]]:
    """Each entry's id, its standing and whether it is disputed as computed here, and as published."""
    judge = Standings(register).judge

    def judged(claims: list[str]) -> tuple[str, bool]:
        standing, disputed = judge([register.by_id[c] for c in claims])
        return standing, disputed

    numbers: dict[str, list[str]] = defaultdict(list)
    for entry in register.published["figures"]:
        numbers[json.dumps([entry[k] for k in NUMBER])] += entry["claims"]
    for entry in register.published["figures"]:
        claims = numbers[json.dumps([entry[k] for k in NUMBER])]
        yield entry["id"], judged(claims), (entry["standing"], entry["disputed"])
    for section in ("sites", "operators", "agreements", "incidents", "positions", "recommendations", "reports"):
        for entry in register.published[section]:
            yield entry["id"], judged(entry["claims"]), (entry["standing"], entry["disputed"])
    for ladder in register.published["responses"]:  # a ladder stands as its best step, and is disputed where any is
        steps = [judged(step["claims"]) for step in ladder["steps"]]
        for step, found in zip(ladder["steps"], steps, strict=True):
            yield f"{ladder['id']} {step['action']}", found, (step["standing"], step["disputed"])
        best = max((standing for standing, _ in steps), key=ORDER.index, default="alleged")
        yield ladder["id"], (best, any(d for _, d in steps)), (ladder["standing"], ladder["disputed"])


def misplaced(register: Register) -> Iterator[str]:
    """What is wrong with where claims stand: each of them somewhere, those of one country, city and operator in one site."""
    sections = [entries for entries in register.published.values() if isinstance(entries, list)]
    used = {c for entries in sections for entry in entries for c in entry.get("claims", ())}
    yield from (f"{c} stands in no entry" for c in sorted(set(register.by_id) - used))
    yield from (f"{c} is no published claim" for c in sorted(used - set(register.by_id)))
    groups: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for c in register.claims:
        if c.kind == "site" or (c.kind == "figure" and c.slots["measure"] == "stations" and c.slots.get("place")):
            operator = c.slots.get("operator") if c.kind == "site" else None
            groups[c.slots.get("country") or c.slots["scope"], register.place(c), operator].add(c.id)
    held = {c: entry for entry in register.published["sites"] for c in entry["claims"]}
    for what, claims in groups.items():
        entries = {held[c]["id"]: held[c] for c in claims if c in held}
        if len(entries) != 1 or any(not e["linked"] and set(e["claims"]) != claims for e in entries.values()):
            yield f"the site {what} does not consist of {sorted(claims)}"


def differences(register: Register) -> tuple[int, int, list[str]]:
    """How many standings and contradictions were computed, and in what the published ones differ from them."""
    judged = list(standings(register))
    told = [f"{name}: {found} follows from the claims, {published} is published" for name, found, published in judged
            if found != published]  # fmt: skip
    published = [
        (c["type"], tuple((s["asserter"], tuple(s["claims"])) for s in c["sides"]))
        for c in register.published["contradictions"]
    ]  # fmt: skip
    found = contradictions(register)
    told += misplaced(register)
    more, less = Counter(found) - Counter(published), Counter(published) - Counter(found)
    told += [f"not published: {json.dumps(c)}" for c in more.elements()]
    told += [f"published, but does not follow from the claims: {json.dumps(c)}" for c in less.elements()]
    return len(judged), len(found), told


def main(folder: str | Path = Path(__file__).parents[1]) -> int:
    judged, contradicting, told = differences(Register(Path(folder)))
    print(*told, sep="\n", end="\n" if told else "")
    print(f"{judged} standings and {contradicting} contradictions computed anew; {len(told)} differ from register.json.")
    return bool(told)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
