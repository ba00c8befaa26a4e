"""How well mentions of sites and bodies are linked, side by side with Splink and nomenklatura on the same labelled mentions.

    python benchmarks/linkage.py                    quality at 9 000 mentions, everybody
    python benchmarks/linkage.py quality 9000 2     another seed: rules were written looking at seed 1 only
    python benchmarks/linkage.py candidates 900000  time and memory of candidates; on Spark too where pyspark is installed

The mentions are made up (``mentions.py``). Each runs in a process of its own; time is of the clock and without making the
mentions, memory the kernel's high-water mark of the process. Ours are the pairs that ``safeconduct links --suggest`` lists; the
peers get the mentions as they are and cleaned (romanised, folded, organ words off), are trained
on them without labels where they can be trained, and are credited with the threshold that is best for them, which nobody knows
who has no labels. Splink also runs with the keys of our tables as columns, which shows what tables do and what rules do.
nomenklatura, which compares pairs, is handed the candidates that Splink's blocking finds.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from itertools import combinations, product
from pathlib import Path
from typing import Any

from mentions import Mention, cleaned, mentions

Told = dict[str, Any]
Scored = list[tuple[float, str, str]]


def truth(some: Iterable[Mention]) -> tuple[dict[str, str], int]:
    """What each mention is of, and how many pairs are of one thing."""
    of = {m.id: m.of for m in some}
    return of, sum(n * (n - 1) // 2 for n in Counter(of.values()).values())


def scores(right: int, found: int, wanted: int) -> Told:
    precision, recall = right / found if found else 0.0, right / wanted
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    told = {"pairs": found, "right": right, "wanted": wanted}
    return told | {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def judged(pairs: Iterable[tuple[str, str]], of: dict[str, str], wanted: int) -> Told:
    found = {(a, b) if a < b else (b, a) for a, b in pairs}
    return scores(sum(of[a] == of[b] for a, b in found), len(found), wanted)


def best(scored: Scored, of: dict[str, str], wanted: int) -> Told:
    """At the threshold that gives the best F1."""
    right, told, last = 0, scores(0, 0, wanted), None
    ordered = sorted(scored, reverse=True)
    for n, (score, a, b) in enumerate(ordered, 1):
        right += of[a] == of[b]
        last = ordered[n][0] if n < len(ordered) else None
        if score != last:
            now = scores(right, n, wanted)
            told = now | {"threshold": round(score, 3)} if now["f1"] > told["f1"] else told
    return told


# Ours


def entry(m: Mention) -> Told:
    """A mention of a site as the register's entries are."""
    opened = [m.opened] if m.opened else []
    return {"id": m.id, "country": m.country, "place": m.place, "operator": m.operator, "opened": opened}


def ours(number: int, seed: int) -> Told:
    from safeconduct.claims.attribution import slugify
    from safeconduct.resolve import suggestions

    some = list(mentions(number, seed))
    sites = [m for m in some if m.kind == "site"]
    named: dict[str, list[str]] = {}
    for m in some:
        if m.name:
            named.setdefault(f"org:{slugify(m.name)}", []).append(m.id)
    start = time.perf_counter()
    found = suggestions(list(map(entry, sites)), [], named, ())
    told: Told = {"seconds": time.perf_counter() - start, "results": {}}
    same = [pair for ids in named.values() for pair in combinations(ids, 2)]  # one name is one asserter
    pairs = {"site": [(s.a, s.b) for s in found if s.section == "sites"]}
    pairs["body"] = same + [p for s in found if s.section == "bodies" for p in product(named[s.a], named[s.b])]
    for kind, some_pairs in pairs.items():
        told["results"][kind] = judged(some_pairs, *truth(m for m in some if m.kind == kind))
    return told


# Splink


def columns(m: Mention) -> Told:
    """A mention as the peers get it: as it is, and cleaned."""
    place = cleaned(m.place.partition(",")[0]) if m.place else None
    force, name = cleaned(m.operator, organs=True), cleaned(m.name)
    return {
        "unique_id": m.id, "country": m.country, "place": m.place, "place_clean": place, "operator": m.operator,
        "operator_clean": force, "year": int(m.opened[:4]) if m.opened else None, "name": m.name, "name_clean": name,
        "place_start": place[:4] if place else None, "operator_start": force[:4] if force else None,
        "name_words": " ".join(sorted(name.split())) if name else None, "name_start": name[:6] if name else None,
        "name_place": cleaned(m.name, organs=True) if m.name else None,
    }  # fmt: skip


def with_our_keys(m: Mention) -> Told:
    """The same, and what our tables say of the names in place of their spelling in Latin letters."""
    from safeconduct.resolve import body_key, force_town, place_base

    told = columns(m)
    if m.place:
        told["place_clean"] = place_base(m.place, m.country)
    if m.operator:
        told["operator_clean"] = force_town(m.operator)
    if m.name:
        told["name_words"] = min((k for k in body_key(m.name) if k[0] not in "?~"), default=told["name_words"])
        told["name_clean"] = told["name_words"]
    return told


def splink_scored(some: list[Mention], kind: str, floor: float = 0.01, columns: Callable[[Mention], Told] = columns) -> Scored:
    """Trained without labels: u from random pairs, m by expectation maximisation, as Splink's guide has it."""
    import pyarrow
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def text(column: str, exact: str) -> Any:
        return cl.CustomComparison(
            output_column_name=column,
            comparison_levels=[
                cll.NullLevel(column),
                cll.ExactMatchLevel(exact),
                cll.ExactMatchLevel(column, term_frequency_adjustments=True),
                cll.JaroWinklerLevel(column, 0.95),
                cll.JaroWinklerLevel(column, 0.88),
                cll.ElseLevel(),
            ],
        )

    year = cl.CustomComparison(
        output_column_name="year",
        comparison_levels=[
            cll.NullLevel("year"), cll.ExactMatchLevel("year"), cll.AbsoluteDifferenceLevel("year", 1), cll.ElseLevel(),
        ],
    )  # fmt: skip
    if kind == "site":
        comparisons = [text("place_clean", "place"), text("operator_clean", "operator"), year]
        rules = [block_on("country", "place_clean"), block_on("country", "operator_clean"),
                 block_on("country", "place_start"), block_on("country", "year", "operator_start")]  # fmt: skip
        sure = [block_on("country", "place_clean", "operator_clean")]
        trained = [block_on("country", "place_clean"), block_on("country", "operator_clean")]
    else:
        comparisons = [text("name_clean", "name"), text("name_place", "name_place"), cl.ExactMatch("country")]
        rules = [block_on("name_words"), block_on("name_start"), block_on("name_place"), block_on("country")]
        sure = [block_on("name_clean")]
        trained = [block_on("name_clean"), block_on("name_place")]
    db = DuckDBAPI()
    table = db.register(pyarrow.Table.from_pylist([columns(m) for m in some]))
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id", comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
    )  # fmt: skip
    linker = Linker(table, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in trained:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=floor)
    told = found.query_sql("SELECT match_weight, unique_id_l, unique_id_r FROM {this}").as_dict()
    return list(zip(*told.values(), strict=True))


def splink(number: int, seed: int, columns: Callable[[Mention], Told] = columns) -> Told:
    some = list(mentions(number, seed))
    told: Told = {"results": {}}
    start = time.perf_counter()
    for kind in ("site", "body"):
        part = [m for m in some if m.kind == kind]
        told["results"][kind] = best(splink_scored(part, kind, columns=columns), *truth(part))
    told["seconds"] = time.perf_counter() - start
    return told


# nomenklatura


def nomenklatura(number: int, seed: int, algorithm: str) -> Told:
    from followthemoney import model
    from nomenklatura.matching import ScoringConfig, get_algorithm

    def entity(m: Mention) -> Any:
        c = columns(m)
        if m.kind == "body":
            made = {"name": [m.name, c["name_clean"]], "country": [m.country]}
        else:  # the force and the city are its name: nothing else of an organisation is compared as words
            names = [f"{m.operator or ''} station {m.place or ''}".strip(),
                     f"{c['operator_clean'] or ''} station {c['place_clean'] or ''}".strip()]  # fmt: skip
            made = {"name": names, "country": [m.country], "address": [m.place], "incorporationDate": [m.opened]}
        properties = {k: [v for v in values if v] for k, values in made.items()}
        return model.get_proxy({"id": m.id, "schema": "Organization", "properties": properties})

    some = list(mentions(number, seed))
    matcher: Any = get_algorithm(algorithm)
    config = ScoringConfig.defaults()
    told: Told = {"seconds": 0.0, "results": {}}
    for kind in ("site", "body"):
        part = [m for m in some if m.kind == kind]
        candidates = splink_scored(part, kind, 0.0001)
        start = time.perf_counter()
        made = {m.id: entity(m) for m in part}
        scored = [(matcher.compare(made[a], made[b], config).score, a, b) for _, a, b in candidates]
        told["seconds"] += time.perf_counter() - start
        told["results"][kind] = best(scored, *truth(part))
    return told


# Candidates of very many mentions


def file_of(number: int, seed: int) -> Path:
    """So many mentions of sites as the register's entries, in a file, so that whoever reads them holds what it needs only."""
    path = Path(tempfile.gettempdir()) / f"mentions-{number}-{seed}.jsonl"
    if not path.exists():
        with path.open("w", encoding="utf-8") as out:
            for m in mentions(number, seed, sites_share=1):
                out.write(json.dumps({**entry(m), "of": m.of}) + "\n")
    return path


def read(path: Path) -> Iterator[Told]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def gone_through(path: Path, pairs: Iterable[tuple[str, str]]) -> Told:
    """Count pairs as they come; which are right is looked up in what is left of the mentions, a number each."""
    numbers: dict[str, int] = {}
    of = array("L", (numbers.setdefault(e["of"], len(numbers)) for e in read(path)))
    wanted = sum(n * (n - 1) // 2 for n in Counter(of).values())
    del numbers
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, found, right = time.perf_counter(), 0, 0
    for a, b in pairs:
        found += 1
        right += of[int(a[1:])] == of[int(b[1:])]
    told = {"seconds": time.perf_counter() - start, "peak_mb_before": held}
    return told | {"results": {"site": scores(right, found, wanted)}}


def candidates_ours(number: int, seed: int) -> Told:
    from safeconduct.resolve import same_sites

    path = file_of(number, seed)
    return gone_through(path, ((a, b) for a, b, _ in same_sites(read(path))))


def candidates_splink(number: int, seed: int) -> Told:
    from safeconduct.workspace.candidates import candidates

    path = file_of(number, seed)
    return gone_through(path, ((s.a, s.b) for s in candidates(read(path))))


def candidates_spark(number: int, seed: int) -> Told:
    """The same pairs by Spark, here on this machine alone. What it holds in its own process is not counted."""
    from pyspark.sql import SparkSession
    from splink import SparkAPI

    from safeconduct.workspace.candidates import candidates

    path = file_of(number, seed)
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    with tempfile.TemporaryDirectory() as between:
        session.sparkContext.setCheckpointDir(between)
        told = gone_through(path, ((s.a, s.b) for s in candidates(read(path), SparkAPI(spark_session=session))))
        session.stop()
    return told


PARTS = {
    "ours": ours, "splink": splink, "splink, our keys": lambda number, seed: splink(number, seed, with_our_keys),
    "nomenklatura regression-v1": lambda number, seed: nomenklatura(number, seed, "regression-v1"),
    "nomenklatura logic-v2": lambda number, seed: nomenklatura(number, seed, "logic-v2"),
}  # fmt: skip
CANDIDATES = {"candidates, ours": candidates_ours, "candidates, splink": candidates_splink}
if find_spec("pyspark"):
    CANDIDATES["candidates, splink on spark"] = candidates_spark


def child(part: str, number: int, seed: int) -> Told:
    """Run one part in a process of its own."""
    command = [sys.executable, __file__, "--part", part, str(number), str(seed)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        return {"error": run.stderr[-1500:]}
    told: Told = json.loads(run.stdout.splitlines()[-1])
    return told


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--part"]:
        part, number, seed = arguments[1], int(arguments[2]), int(arguments[3])
        told = (PARTS | CANDIDATES)[part](number, seed)
        told["processor_seconds"] = time.process_time()  # of the whole process, making or reading the mentions with it
        told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(told))
        return
    numbers = [int(a) for a in arguments if a.isdigit()]
    number, seed = (*numbers, *(9000, 1)[len(numbers) :])
    chosen = CANDIDATES if "candidates" in arguments else PARTS
    names = [a for a in arguments if a in PARTS | CANDIDATES] or list(chosen)
    if names[0] not in PARTS:
        file_of(number, seed)
    for name in names:
        told = child(name, number, seed)
        results = told.pop("results", {})
        if results:
            results["both"] = scores(*(sum(r[n] for r in results.values()) for n in ("right", "pairs", "wanted")))
        print(json.dumps({"who": name, "mentions": number, "seed": seed, **told}))
        for what, result in results.items():
            print(f"    {what:5} {json.dumps(result)}", flush=True)
    if names[0] not in PARTS:
        file_of(number, seed).unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
