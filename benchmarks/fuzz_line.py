"""Throw bytes at the line's parsers: a million parcels and forms by default.

    python benchmarks/fuzz_line.py [cases] [--coverage]

Half of the cases are written by the grammar of ``tests/line/grammar.py`` with one thing wrong, the others are bytes: random
ones, and parcels with random bytes, lengths and repetitions in them, all cut into pieces at random places. A parser may take
what it is given or refuse it; anything else is a finding, and so are memory beyond 64 MB and a case of more than a second. With
--coverage the bytes come from atheris (libFuzzer), which follows the coverage of the parsers, where it is installed.
"""

from __future__ import annotations

import argparse
import logging
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.line.grammar import fields_around, mutated, written

from safeconduct.line.forms import _Form
from safeconduct.line.intake import Intake
from safeconduct.line.refusals import Refusal

MOST, LIMIT = 3, 1 << 20
WORDS = [b"\n", b"\r\n", b"-> ", b"--- ", b"=", b"\0", b"--edge", b"mlkem768x25519", b"age-encryption.org/v1\n"]
FOLDER = Path(tempfile.mkdtemp())
(FOLDER / "incoming").mkdir()


class Sink:
    """Stands for a parcel on its way in through a form."""

    def __init__(self) -> None:
        self.intake = Intake(FOLDER, MOST, LIMIT, None, lambda begun: None)
        self.rights = type("Rights", (), {"pass_hash": None})()


def pieces(dice: random.Random, data: bytes) -> list[bytes]:
    cuts = sorted({0, len(data), *(dice.randrange(len(data) + 1) for _ in range(dice.randrange(4)))})
    return [data[a:b] for a, b in pairwise(cuts)]


def parcel(dice: random.Random, data: bytes) -> str:
    intake = Intake(FOLDER, MOST, LIMIT, dice.choice([len(data), None]), lambda begun: None)
    try:
        for piece in pieces(dice, data):
            intake.feed(piece)
        intake.end()
        return "taken"
    except Refusal as refusal:
        return refusal.code
    finally:
        intake.drop()


def form(dice: random.Random, data: bytes) -> str:
    sink = Sink()
    try:
        parsed = _Form(b"edge", sink)  # type: ignore[arg-type]
        for piece in pieces(dice, data):
            parsed.feed(piece)
        return "ended" if parsed.ended else "unfinished"
    except Refusal as refusal:
        return refusal.code
    finally:
        sink.intake.drop()


def noisy(dice: random.Random, good: bytes) -> bytes:
    """A parcel or form with noise in it."""
    data = bytearray(good[: dice.choice([len(good), dice.randrange(1, len(good) + 1), min(len(good), 6000)])])
    for _ in range(dice.randrange(1, 6)):
        at, size = dice.randrange(len(data) + 1), dice.randrange(1, 40)
        way = dice.randrange(4)
        if way == 0:
            data[at : at + size] = dice.randbytes(size)
        elif way == 1:
            del data[at : at + size]
        elif way == 2:
            data[at:at] = data[at : at + size] * dice.randrange(1, 9)
        else:
            data[at:at] = dice.choice(WORDS)
    return bytes(data)


def case(dice: random.Random, goods: list[bytes], seen: Counter[str]) -> None:
    good = dice.choice(goods)
    way = dice.randrange(6)
    if way < 3:
        name, data = mutated(dice, good, MOST)
        result = parcel(dice, data)
        assert result != "taken", f"taken although there is {name}"
        seen[f"grammar, parcel: {result}"] += 1
    elif way == 3:
        seen[f"noise, parcel: {parcel(dice, noisy(dice, good))}"] += 1
    elif way == 4:
        data, _ = fields_around(dice, b"edge", good[: dice.randrange(8000)])
        seen[f"noise, form: {form(dice, noisy(dice, data))}"] += 1
    else:
        data = dice.randbytes(dice.randrange(3000))
        data = dice.choice([b"", good[:8], good[:56], good[:78], good[:1600]]) + data
        seen[f"bytes: {dice.choice([parcel, form])(dice, data)}"] += 1


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run(cases: int, seed: int) -> None:
    dice, seen = random.Random(seed), Counter[str]()
    goods = [written(dice, n % MOST + 1, 100) for n in range(60)] + [written(dice, 3, 200_000)]
    start, began, slowest = memory(), time.monotonic(), 0.0
    for number in range(cases):
        before = time.process_time()
        case(dice, goods, seen)
        slowest = max(slowest, time.process_time() - before)
        if (number + 1) % 100_000 == 0:
            print(f"{number + 1} cases, {memory()} MB", flush=True)
    for name, count in sorted(seen.items()):
        print(f"{count:9}  {name}")
    print(f"{cases} cases, seed {seed}, {time.monotonic() - began:.0f} s; the slowest took {slowest * 1000:.0f} ms of the "
          f"processor; memory {start} MB at the start, at most {memory()} MB; nothing but refusals and parcels")  # fmt: skip
    assert memory() - start <= 64 and slowest < 1


def run_atheris(cases: int) -> None:
    import atheris

    for part in ("envelope.header", "envelope.parcel", "line.intake", "line.forms"):
        name = f"safeconduct.{part}"
        for function in vars(sys.modules[name]).values():
            if getattr(function, "__module__", "") == name and callable(function) and not isinstance(function, type):
                setattr(sys.modules[name], function.__name__, atheris.instrument_func(function))
    dice = random.Random(1)
    corpus = Path(tempfile.mkdtemp())
    for n in range(30):
        (corpus / f"p{n}").write_bytes(b"p" + written(dice, n % MOST + 1, 100)[:9000])
        (corpus / f"f{n}").write_bytes(b"f" + fields_around(dice, b"edge", b"SCLINE1\n" + bytes(100))[0])

    def one(data: bytes) -> None:
        (form if data[:1] == b"f" else parcel)(random.Random(len(data)), data[1:])

    options = [f"-runs={cases}", "-max_len=9000", "-rss_limit_mb=2048", "-timeout=5", "-print_final_stats=1", str(corpus)]
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--coverage", action="store_true", help="with atheris")
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)  # as the server does: the form's parser warns of everything
    run_atheris(chosen.cases) if chosen.coverage else run(chosen.cases, chosen.seed)
