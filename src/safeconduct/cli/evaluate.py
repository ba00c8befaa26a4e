"""`safeconduct eval`: how well the extractor does on annotated texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import Failure, json_option, plain, print_json, print_table, progress

if TYPE_CHECKING:
    from safeconduct.extract.score import Scores


@click.command("eval")
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.option("--texts", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Where the texts are; default: beside GOLD, in a folder texts or sources.")  # fmt: skip
@click.option("--system", type=click.Path(exists=True, path_type=Path), help="Score these claims instead of the extractor's.")
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Gives datelines.")
@click.option("--rules-only", is_flag=True, help="Score the rules without the model.")
@click.option("--unique", is_flag=True, help="Count a proposition that a text repeats once.")
@click.option("--errors", type=click.IntRange(0), default=0, help="Show so many claims missed and so many too much.")
@json_option
def evaluate(
    gold: Path, texts: Path | None, system: Path | None, manifest: Path | None, rules_only: bool, unique: bool, errors: int,
    as_json: bool,
) -> None:
    """Score the extractor on annotated texts, by language, kind and slot.

    GOLD is a file of claims in the codebook's form, one JSON object a line, or a folder of such files, one a text; an
    empty file marks a text with nothing to find. Levels: detect (kind and span), exact (key slots too), attributed
    (asserter and stance too), full (dates too).
    """
    from safeconduct.claims import KINDS
    from safeconduct.extract.score import LEVELS, score

    annotated = _load(gold)
    folder = texts or next((f for f in (gold.parent / n for n in ("texts", "sources")) if f.is_dir()), None)
    if folder is None and system is None:
        raise click.UsageError("Say with --texts where the texts are.")
    found = {d: f for d in annotated if folder and (f := _text(folder, d))}
    if system is None and (lost := sorted(set(annotated) - set(found))):
        raise Failure(f"There is no text for {', '.join(lost)} in {folder}.")
    proposed = _load(system) if system else _propose(found, manifest, rules_only)
    scores = score(annotated, proposed, unique=unique)
    ungrounded = [
        c["id"] for d, claims in proposed.items() if d in found
        for text in [found[d].read_bytes().decode("utf-8")] for c in claims if text[c["start"] : c["end"]] != c["quote"]
    ]  # fmt: skip
    groups = {"all": list(annotated), **_by_language(found)}
    if as_json:
        print_json({
            "documents": len(annotated), "ungrounded": ungrounded,
            "texts": {n: {lv: _numbers(scores, lv, documents=g) for lv in LEVELS} for n, g in groups.items()},
            "kinds": {k: {lv: _numbers(scores, lv, kind=k) for lv in LEVELS} for k in KINDS},
            "slots": {s: {"right": c[True], "compared": c.total()} for s, c in sorted(scores.slots.items())},
        })  # fmt: skip
        return
    rows = [_row(f"{name} ({len(group)} texts)", scores, documents=group) for name, group in groups.items()]
    rows += [_row(kind, scores, kind=kind) for kind in KINDS]
    head = ["", "annotated", "proposed", *LEVELS, "exact precision"]
    print_table(head, rows, [34] + [15] * 7)
    click.echo()
    print_table(["slot", "right", "compared"], [[s, c[True], c.total()] for s, c in sorted(scores.slots.items())], [34, 9, 9])
    nothing = {d: len(proposed.get(d, ())) for d in annotated if not annotated[d]}
    click.echo(f"\nClaims on {len(nothing)} texts with nothing to find: {sum(nothing.values())}.")
    click.echo("Every quote equals its span." if not ungrounded else f"{len(ungrounded)} quotes differ from their span!")
    for label, claims in (("missed", scores.missed), ("too much", scores.extra)):
        for document, c in claims[:errors]:
            slots = {k: v for k, v in c["slots"].items() if v is not None}
            click.echo(f"{label}: {document} {c['kind']} {json.dumps(slots, ensure_ascii=False)} “{plain(c['quote'])[:110]}”")
    if ungrounded:
        raise Failure("Ungrounded proposals came through; this is a fault of the extractor.")


def _text(folder: Path, document: str) -> Path | None:
    """The file of a document, wherever it lies in a folder: its text, never its annotations."""
    files = sorted((f for f in folder.rglob(f"{document}.*") if f.suffix != ".jsonl"), key=lambda f: (f.suffix != ".txt", f))
    return next(iter(files), None)


def _load(path: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        if path.is_dir():
            found.setdefault(file.stem, [])
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    claim = json.loads(line)
                    found.setdefault(Path(claim["doc"]).stem, []).append(claim)
                except (ValueError, KeyError, TypeError) as error:
                    raise Failure(f"{file}, line {number}, is no claim in the codebook's form; correct it.") from error
    if not found:
        raise Failure(f"{path} holds no .jsonl file of annotations; name another.")
    return found


def _propose(texts: dict[str, Path], manifest: Path | None, rules_only: bool) -> dict[str, list[dict[str, Any]]]:
    from safeconduct.stateless import claims_in

    proposed: dict[str, list[dict[str, Any]]] = {}
    with progress("Extracting") as show:
        for path, result in claims_in(list(texts.values()), manifest=manifest, rules_only=rules_only, progress=show):
            if isinstance(result, str):
                raise Failure(result)
            proposed[path.stem] = list(result.claims)
    return proposed


def _by_language(texts: dict[str, Path]) -> dict[str, list[str]]:
    from safeconduct.capture import detect_language

    groups: dict[str, list[str]] = {}
    for document, path in texts.items():
        found = detect_language(path.read_bytes().decode("utf-8"))
        groups.setdefault(found[0].partition("-")[0] if found else "unknown", []).append(document)
    return dict(sorted(groups.items()))


def _numbers(scores: Scores, level: str, **narrow: Any) -> dict[str, float]:
    tally = scores.total(level, **narrow)
    return {"precision": round(tally.precision, 4), "recall": round(tally.recall, 4), "f1": round(tally.f1, 4)}


def _row(label: str, scores: Scores, *, kind: str | None = None, documents: Iterable[str] | None = None) -> list[str]:
    from safeconduct.extract.score import LEVELS

    tallies = {level: scores.total(level, kind=kind, documents=documents) for level in LEVELS}
    base = tallies["detect"]
    marks = [f"{tallies[level].f1:.3f}" for level in LEVELS]
    return [label, str(base.hits + base.missed), str(base.hits + base.extra), *marks, f"{tallies['exact'].precision:.3f}"]
