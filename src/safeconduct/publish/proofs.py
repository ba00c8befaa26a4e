"""What lets anyone check a published register against the ledger it came from, without that ledger.

Three files: ``checkpoint.txt``, the signed checkpoint; ``proofs.jsonl``, for each claim where its record stands and the hashes
that lead from it to the checkpoint's root; ``checkpoints.jsonl``, the earlier checkpoints, each with the hashes that show that
the newest one extends it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from safeconduct.claims import canonical, claim_from, sha256
from safeconduct.ledger import CheckpointError, PublicKey, leaf_of, opened
from safeconduct.ledger.merkle import extends, included

from .datasets import uncell
from .model import Problem

CHECKPOINT, PROOFS, EARLIER = "checkpoint.txt", "proofs.jsonl", "checkpoints.jsonl"


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a claim's record stands (``index`` from 0, ``recorded_at`` in UTC), what else it holds, and its proof."""

    claim: str
    extractor: str
    rule: str
    recorded_at: str
    index: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True)
class Integrity:
    """The newest checkpoint (a signed note), the public key, earlier notes with proofs of consistency, proofs by claim."""

    note: str
    key: str
    earlier: tuple[tuple[str, tuple[bytes, ...]], ...]
    proofs: Mapping[str, Proof]


def checkpoint_txt(integrity: Integrity) -> Iterator[str]:
    """The signed checkpoint."""
    yield integrity.note


def proofs_jsonl(integrity: Integrity) -> Iterator[str]:
    """One line a claim, in the order of the ledger."""
    for p in sorted(integrity.proofs.values(), key=lambda p: p.index):
        line = {
            "claim": p.claim, "extractor": p.extractor, "rule": p.rule, "recorded_at": p.recorded_at, "index": p.index,
            "proof": [h.hex() for h in p.hashes],
        }  # fmt: skip
        yield json.dumps(line) + "\n"


def checkpoints_jsonl(integrity: Integrity) -> Iterator[str]:
    """One line for each earlier checkpoint, oldest first."""
    for note, hashes in integrity.earlier:
        yield json.dumps({"note": note, "proof": [h.hex() for h in hashes]}, ensure_ascii=False) + "\n"


PROOF_WRITERS: dict[str, Callable[[Integrity], Iterator[str]]] = {
    CHECKPOINT: checkpoint_txt, PROOFS: proofs_jsonl, EARLIER: checkpoints_jsonl,
}  # fmt: skip


def check_proofs(out: Path, key: PublicKey, earlier: str | None = None) -> Iterator[Problem]:
    """What is wrong with the proofs of a published register, checked with the public key alone.

    ``earlier`` is a checkpoint kept elsewhere that the published one has to extend.
    """
    with (out / "sources.csv").open(encoding="utf-8", newline="") as file:
        texts = {uncell(row["doc"]): row["text_sha256"] for row in csv.DictReader(file)}
    try:
        newest = opened((out / CHECKPOINT).read_text(encoding="utf-8"), key)
    except FileNotFoundError:
        yield Problem(CHECKPOINT, "This register carries no checkpoint: it cannot be checked with a key.")
        return
    except CheckpointError as error:
        yield Problem(CHECKPOINT, f"{str(error)[0].upper()}{str(error)[1:]}.")
        return
    known = {}
    for line in (out / PROOFS).read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        known[value["claim"]] = value
    for line in (out / "claims.jsonl").read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        claim = claim_from({k: v for k, v in value.items() if k != "source"}, texts[value["doc"]])
        proof = known.pop(claim.id, None)
        if proof is None:
            yield Problem(PROOFS, f"There is no proof for claim {claim.id}.")
            continue
        body = {"type": "proposal", "subject": claim.id, "extractor": proof["extractor"], "rule": proof["rule"],
                "claim": claim.content()}  # fmt: skip
        leaf = leaf_of(sha256(canonical(body)), proof["recorded_at"])
        if not included(leaf, proof["index"], newest.size, [bytes.fromhex(h) for h in proof["proof"]], newest.root):
            yield Problem(PROOFS, f"The proof of claim {claim.id} does not lead to the checkpoint.")
    for claim_id in known:
        yield Problem(PROOFS, f"The proof of {claim_id} belongs to no claim.")
    consistent: set[str] = set()
    for number, line in enumerate((out / EARLIER).read_text(encoding="utf-8").splitlines(), 1):
        value = json.loads(line)
        try:
            old = opened(value["note"], key)
        except CheckpointError as error:
            yield Problem(EARLIER, f"Line {number}: {error}.")
            continue
        if extends(old.size, old.root, newest.size, newest.root, [bytes.fromhex(h) for h in value["proof"]]):
            consistent.add(value["note"])
        else:
            yield Problem(EARLIER, f"The checkpoint does not extend the one of {old.size} records: one of them was altered.")
    if earlier is not None:
        try:
            old = opened(earlier, key)
        except CheckpointError as error:
            yield Problem("the checkpoint given", f"{error}.")
            return
        if earlier not in consistent and (old.size, old.root) != (newest.size, newest.root):
            yield Problem(CHECKPOINT, f"It does not extend the checkpoint of {old.size} records that was given.")
