"""Signed checkpoints of a workspace's ledger, and the proofs that a published register carries."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.claims import slugify
from safeconduct.ledger import Checkpoint, CheckpointError, PublicKey, Record, SigningKey, leaf_of, opened
from safeconduct.ledger.merkle import Growing, Tree, root_of
from safeconduct.publish.proofs import Integrity, Proof

from .outcomes import Problem, WorkspaceError

if TYPE_CHECKING:
    from . import Workspace

KEY = Path("keys") / "checkpoint.key"


def key_of(workspace: Workspace, *, name: str | None = None, create: bool = False) -> SigningKey | None:
    """The workspace's signing key; with ``create`` it is made where there is none, readable to its owner only.

    Raises:
        WorkspaceError: it cannot be read, or ``name`` cannot name it.
    """
    path = workspace.root / KEY
    try:
        if path.exists():
            return SigningKey.load(path.read_bytes())
        if not create:
            return None
        key = SigningKey.new(name or slugify(workspace.settings.workspace.title) or "register")
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(key.dump())
    except CheckpointError as error:
        raise WorkspaceError(f"{path}: {error}.") from error
    return key


def notes(workspace: Workspace) -> list[str]:
    """The signed checkpoints that the ledger holds, oldest first."""
    return [str(r.content()["note"]) for r in workspace.ledger.records("checkpoint")]


def sign(workspace: Workspace, *, name: str | None = None) -> str:
    """Sign what the ledger holds now, record the checkpoint in it and return it; an unchanged ledger has its last one."""
    key = key_of(workspace, name=name, create=True)
    assert key is not None
    size, chain = workspace.ledger.head()
    last = max(workspace.ledger.records("checkpoint"), key=lambda r: r.seq, default=None)
    if last is not None and all(r.type == "timestamp" for r in workspace.ledger.records(after=last.seq)):
        return str(last.content()["note"])
    root = root_of(workspace.ledger.leaves(size))
    note = key.sign(Checkpoint(key.name, size, root, chain))
    workspace.ledger.append([Record("checkpoint", root.hex(), {"note": note})])
    return note


def proofs(workspace: Workspace, claims: Sequence[str]) -> Integrity | None:
    """What a published register carries: the newest checkpoint, how it extends the earlier ones, and for every claim the
    proof that its proposal is in the ledger. None for a workspace that never signed."""
    signed = notes(workspace)
    key = key_of(workspace)
    if not signed or key is None:
        return None
    newest = opened(signed[-1], key.public)
    tree = Tree(workspace.ledger.leaves(newest.size))
    wanted, found = set(claims), {}
    for record in workspace.ledger.records("proposal"):
        if record.subject in wanted and record.subject not in found and record.seq <= newest.size:
            content = record.content()
            found[record.subject] = Proof(
                record.subject, content["extractor"], content["rule"], record.recorded_at, record.seq - 1,
                tuple(tree.inclusion(record.seq - 1)),
            )
    earlier = [(note, tuple(tree.consistency(opened(note, key.public).size))) for note in signed[:-1]]
    return Integrity(signed[-1], str(key.public), tuple(earlier), found)


def checkpoint_problems(workspace: Workspace, against: str | None, key: PublicKey | None) -> Iterator[Problem]:
    """Whether every checkpoint in the ledger fits the records before it, and whether the ledger still holds what the
    checkpoint ``against``, kept elsewhere and signed by ``key``, says that it held."""
    own = key_of(workspace)
    public = key or (own.public if own else None)
    kept: Checkpoint | None = None
    if against is not None:
        if public is None:
            raise WorkspaceError("Give the public key that signed the checkpoint with --key.")
        try:
            kept = opened(against, public)
        except CheckpointError as error:
            yield Problem("checkpoint", str(error))
    told: dict[int, list[tuple[str, Checkpoint]]] = {}  # number of records → who was signed for so many, and where
    for record in workspace.ledger.records("checkpoint"):
        if public is None:
            break
        try:
            found = opened(str(record.content()["note"]), public)
            told.setdefault(found.size, []).append((f"record {record.seq}", found))
        except CheckpointError as error:
            yield Problem(f"record {record.seq}", str(error))
    tree = Growing()
    for record in workspace.ledger.records():
        tree.add(leaf_of(record.id, record.recorded_at))
        for where, found in told.pop(tree.size, ()):  # others may have written between its signing and its recording
            if (found.root, found.chain) != (tree.root, record.chain):
                yield Problem(where, "the checkpoint does not fit the records before it: one was altered")
        if kept and tree.size == kept.size and tree.root != kept.root:
            where = f"records 1 to {kept.size}"
            yield Problem(where, "they are not what the checkpoint was signed for: one was altered or put in")
    for where, found in (one for some in told.values() for one in some):
        yield Problem(where, f"the checkpoint was signed for {found.size} records; there are {tree.size}")
    if kept and tree.size < kept.size:
        yield Problem(f"records {tree.size + 1} to {kept.size}", "they are missing: the checkpoint was signed for them")
