"""Trusted timestamps of checkpoints (RFC 3161): a third party vouches that a checkpoint existed at a time.

The authority sees the hash of the checkpoint and nothing else. Needs the extra ``timestamps``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.claims import sha256
from safeconduct.ledger import Record

from .outcomes import Problem, WorkspaceError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from . import Workspace

SECONDS = 30  # how long an authority may take
LARGEST = 1 << 20  # bytes of an answer that are read


def _client() -> None:
    try:
        import rfc3161_client  # noqa: F401
    except ImportError as error:
        raise WorkspaceError("Trusted timestamps need a client: pip install 'safeconduct[timestamps]'.") from error


def stamp(workspace: Workspace, note: str, authority: str) -> bool:
    """Have ``authority`` (an http(s) address) stamp a signed checkpoint and record its answer; False when it did before.

    Raises:
        WorkspaceError: the authority cannot be reached or refuses, or the client is not installed.
    """
    _client()
    import httpx
    from rfc3161_client import PKIStatus, TimestampRequestBuilder, decode_timestamp_response

    subject = sha256(note)
    if any(r.content()["authority"] == authority for r in workspace.ledger.records("timestamp", subject=subject)):
        return False
    request = TimestampRequestBuilder().data(note.encode()).build()
    try:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        answer = httpx.post(authority, content=request.as_bytes(), headers=headers, timeout=SECONDS)
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WorkspaceError(f"{authority} gave no timestamp ({error}); the checkpoint is signed, try again later.") from error
    try:
        response = decode_timestamp_response(answer.content[:LARGEST])
        granted = response.status in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS)
        fits = granted and response.tst_info.nonce == request.nonce
    except ValueError as error:
        raise WorkspaceError(f"{authority} answered with no timestamp ({error}); is it a time-stamping authority?") from error
    if not fits:
        raise WorkspaceError(f"{authority} refused the timestamp, or answered another request; the checkpoint is signed.")
    content = {"authority": authority, "response": base64.b64encode(response.as_bytes()).decode()}
    return workspace.ledger.append([Record("timestamp", subject, content)])[0]


def certificates(path: Path) -> list[Certificate]:
    """The certificates of a PEM file, root first or alone.

    Raises:
        WorkspaceError: there is none in it.
    """
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(path.read_bytes())
    except (ValueError, OSError) as error:
        raise WorkspaceError(f"{path} holds no certificate in PEM form ({error}).") from error


def timestamp_problems(workspace: Workspace, roots: Sequence[Certificate]) -> Iterator[Problem]:
    """Timestamps in the ledger that no authority under ``roots`` made for a checkpoint in it; also when there is none."""
    _client()
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    notes = {sha256(n): n for n in (str(r.content()["note"]) for r in workspace.ledger.records("checkpoint"))}
    verifier = VerifierBuilder()
    for root in roots:
        verifier = verifier.add_root_certificate(root)
    built, found = verifier.build(), 0
    for record in workspace.ledger.records("timestamp"):
        found += 1
        note = notes.get(record.subject)
        if note is None:
            yield Problem(f"record {record.seq}", "the timestamp belongs to no checkpoint of this ledger")
            continue
        try:
            response = decode_timestamp_response(base64.b64decode(record.content()["response"], validate=True))
            built.verify_message(response, note.encode())
        except (VerificationError, ValueError, binascii.Error) as error:
            yield Problem(f"record {record.seq}", f"the timestamp does not hold: {' '.join(str(error).split())}")
    if not found:
        yield Problem("ledger", "no checkpoint was stamped; make one with `safeconduct checkpoint --timestamp ADDRESS`")
