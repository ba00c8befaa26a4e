"""A second process that reads a large ledger ahead of the one that computes: rows, their JSON and what was decided on them.

What it has read comes through a pipe in batches, each behind its length, and after the last one a length of nothing: a reading
that was cut off is an error and no smaller register.
"""

from __future__ import annotations

import json
import marshal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from os import cpu_count
from subprocess import PIPE, Popen

from safeconduct.ledger import Ledger, LedgerError

from .reading import Decided, Span, decided, uncollected

MANY = 100_000  # records from which on a second process is faster, which takes most of a second to start
BATCH = 1_000  # claims
LENGTH = 8  # bytes that tell how long a batch is


@contextmanager
def read_ahead(span: Span, *, include_proposed: bool) -> Iterator[Iterator[Decided]]:
    """What ``decided`` has of a span with an end, read by a second process where the ledger is large.

    Raises:
        LedgerError: the ledger cannot be read, or the process ended before it was through.
    """
    if (span.upto or 0) < MANY or (cpu_count() or 1) < 2:
        yield decided(span, include_proposed=include_proposed)
        return
    asked = {"path": str(span.ledger.path), "known_at": span.known_at, "upto": span.upto, "proposed": include_proposed}
    command = [sys.executable, "-c", f"from {__name__} import main; main()"]
    process = Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE)  # noqa: S603 - this program itself
    try:
        assert process.stdin
        with suppress(BrokenPipeError), process.stdin as told:  # an address may hold a password: not among the arguments
            told.write(json.dumps(asked).encode())
        yield _received(process, span.ledger.name)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            assert pipe
            pipe.close()


def _received(process: Popen[bytes], name: str) -> Iterator[Decided]:
    assert process.stdout and process.stderr
    while (head := process.stdout.read(LENGTH)) and len(head) == LENGTH:
        if not (length := int.from_bytes(head)):
            return
        if len(batch := process.stdout.read(length)) < length:
            break
        yield from marshal.loads(batch)  # noqa: S302 - written by this program itself
    told = process.stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
    why = told.rpartition("LedgerError: ")[2].rstrip(".") or "the process that read it was ended"
    raise LedgerError(f"The ledger {name} could not be read to its end: {why}; try again, or run `safeconduct verify`.")


def send(found: Iterable[Decided]) -> None:
    """Write what is found to standard output, as ``read_ahead`` takes it in."""
    out, left = sys.stdout.buffer, iter(found)
    while some := list(islice(left, BATCH)):
        packed = marshal.dumps(some)
        out.write(len(packed).to_bytes(LENGTH))
        out.write(packed)
    out.write(bytes(LENGTH))


def main() -> None:
    """Read what standard input asks for."""
    asked = json.load(sys.stdin)
    with Ledger(asked["path"]) as ledger, uncollected():
        send(decided(Span(ledger, asked["known_at"], upto=asked["upto"]), include_proposed=asked["proposed"]))
