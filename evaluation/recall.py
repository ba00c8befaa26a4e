"""How much of the labelled sentences the English rules find: recall and precision by label, in some minutes.

    python evaluation/recall.py                              every label, all files
    python evaluation/recall.py response --files h1 h2       labels that begin so, some files
    python evaluation/recall.py response:search --missed 40  and sentences that are missed (or --extra 40: found too much)

A line of ``sentences/*.jsonl`` is a sentence ``t`` with labels ``y``, each with the words that carry it; ``p`` numbers the
paragraph it stands in. Each sentence or paragraph is read behind an opening that says what the text is about. A label is
found where a claim of its kind and value overlaps the words that carry it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

from safeconduct.extract import Context, extract

HERE = Path(__file__).parent
OPENING = (
    "Police from China have set up overseas police service stations in dozens of countries and hounded exiles from there, "
    "Safeguard Defenders said in a report.\n\n"
)
SLOTS = {
    "response": "action", "incident": "method", "position": "position", "recommendation": "ask", "site": "status",
    "operator": "role", "agreement": "type", "figure": "measure",
}  # fmt: skip
Found = tuple[str, int, int]


def paragraphs(file: Path) -> list[list[dict[str, Any]]]:
    """The sentences of a file, those of a paragraph together."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    keyed = groupby(enumerate(lines), key=lambda n: n[1].get("p", -n[0] - 1))
    return [[line for _, line in group] for _, group in keyed]


def read(lines: list[dict[str, Any]]) -> tuple[str, list[Found], list[Found]]:
    """The text of a paragraph, what is labelled in it and what the extractor finds there, with offsets."""
    text, told = OPENING, list[Found]()
    for line in lines:
        for label, words, *_ in line["y"]:
            at = len(text) + line["t"].index(words)
            told.append((label, at, at + len(words)))
        text += line["t"] + " "
    found = [
        (f"{p.claim.kind}:{getattr(p.claim.slots, SLOTS.get(p.claim.kind, ''), p.claim.kind)}", p.claim.start, p.claim.end)
        for p in extract(text, Context(rules_only=True)).proposals
        if p.claim.start >= len(OPENING)
    ]
    return text, told, found


def main() -> None:
    """Print the table, and the sentences asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("label", nargs="?", default="")
    parser.add_argument("--files", nargs="*", default=[""])
    parser.add_argument("--missed", type=int, default=0)
    parser.add_argument("--extra", type=int, default=0)
    asked = parser.parse_args()
    hits, missed, extra = Counter[str](), Counter[str](), Counter[str]()
    for file in sorted((HERE / "sentences").glob("*.jsonl")):
        if not file.name.startswith(tuple(asked.files)):
            continue
        for lines in paragraphs(file):
            text, told, found = read(lines)
            left = list(found)
            for label, start, end in told:
                hit = next((f for f in left if f[0] == label and f[1] < end and start < f[2]), None)
                (hits if hit else missed)[label] += 1
                if hit:
                    left.remove(hit)
                elif label.startswith(asked.label) and asked.missed:
                    asked.missed -= 1
                    others = [f[0] for f in found if f[1] < end and start < f[2]]
                    print(f"MISSED {label} | {text[start:end]} | in: {text[len(OPENING):].strip()} | got {others}")
            for label, start, end in left:
                extra[label] += 1
                if label.startswith(asked.label) and asked.extra:
                    asked.extra -= 1
                    there = [t[0] for t in told]
                    print(f"EXTRA {label} | {text[start:end]} | in: {text[len(OPENING):].strip()} | has {there}")
    labels = sorted(label for label in {*hits, *missed, *extra} if label.startswith(asked.label))
    for name, of in [*((label, [label]) for label in labels), ("all", labels)]:
        h, m, e = (sum(counter[label] for label in of) for counter in (hits, missed, extra))
        if h + m:
            print(f"{name:36}{h + m:6}  recall {h / max(1, h + m):.3f}  precision {h / max(1, h + e):.3f}")


if __name__ == "__main__":
    main()
