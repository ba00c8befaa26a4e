"""How often the extractor tells who says a thing, on labelled passages: how many asserters are right, and how many chains too.

    python evaluation/attribution.py                  both files
    python evaluation/attribution.py a --wrong        one file, with the passages that are wrong

A line of ``attribution/*.jsonl`` is a passage ``text`` in which the words ``quote`` carry one claim of a ``kind``, with who
says it (``asserted_by``, ``via``, ``stance``) and the ``structure`` in which the passage tells that. Counted are the passages
in which a claim of the kind is found that overlaps the words: whether things are found at all is measured elsewhere.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from safeconduct.claims import Attribution
from safeconduct.extract import Context, extract

HERE = Path(__file__).parent / "attribution"


def read(passage: dict[str, Any]) -> Attribution | None:
    """Who says it as the extractor has it; None where it finds no such claim."""
    start = passage["text"].index(passage["quote"])
    end = start + len(passage["quote"])
    proposals = extract(passage["text"], Context(rules_only=True)).proposals
    found = [p.claim for p in proposals if p.claim.kind == passage["kind"]]
    best = max(found, key=lambda c: min(c.end, end) - max(c.start, start), default=None)
    return best.attribution if best and best.start < end and start < best.end else None


def main() -> None:
    """Print a line for each file, and the passages asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", default=["a", "b"])
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    for name in asked.files:
        found = right = whole = 0
        passages = [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        for passage in passages:
            if (said := read(passage)) is None:
                continue
            wanted = Attribution(passage["asserted_by"], tuple(passage["via"]), passage["stance"])
            found += 1
            right += (said.asserted_by, said.stance) == (wanted.asserted_by, wanted.stance)
            whole += said == wanted
            if said != wanted and asked.wrong:
                print(f"{passage['structure']}: {passage['text']}\n    >> {passage['quote']}\n    {wanted}\n    got {said}")
        shares = f"asserter right {right / found:.3f}, chain too {whole / found:.3f}"
        print(f"{name}: {len(passages)} passages, {found} found; {shares}")


if __name__ == "__main__":
    main()
