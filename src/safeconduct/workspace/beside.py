"""The register line by line; of a large ledger by two processes.

Each reads the ledger and makes a share of the register (``register/shares.py``), the second one two, one after the other. It is
asked through its standard input, once for the ledger and once more with the parties of all claims, which only the first one
holds. What it has goes into a temporary file without a name on the disk: which claims nobody decided on, which is looked up
only once, and then its lines. How many more bytes are there it tells through a pipe, and at the end that there are none: a
register that was cut off is an error and no smaller one. While it is waited for, the first one goes on with its own lines.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from datetime import date
from heapq import merge
from itertools import groupby
from operator import itemgetter
from os import cpu_count, pread, read
from select import POLLIN, poll
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any

import orjson

from safeconduct.claims.collecting import uncollected
from safeconduct.ledger import Ledger, LedgerError
from safeconduct.register.parties import Parties
from safeconduct.register.parts import Parts, made
from safeconduct.register.shares import DEALINGS_SHARE, NUMBERS_SHARE, OTHER_SHARE, WHOLE, Part, Share, place
from safeconduct.resolve import same

from .reading import Bare
from .sorting import spilled

MANY = 100_000  # records from which on a second process is faster, which takes most of a second to start
BATCH = 500_000  # bytes that are written at once
LENGTH = 8  # bytes that tell how many more there are
Placed = tuple[tuple[Any, ...], list[bytes]]  # where lines stand, and the lines
Undecided = Callable[[], Set[str]]  # the claims on which nobody decided


def register_lines(ledger: Ledger, day: date, *, include_proposed: bool, alone: bool) -> Iterator[bytes]:
    """The register as JSON, a line for each part with the name of its section, in order; ``alone``: by one process.

    Raises:
        LedgerError: the ledger cannot be read, or the second process ended before it was through.
    """
    upto = ledger.head()[0]
    if alone or upto < MANY or (cpu_count() or 1) < 2:
        shares = _parts(ledger, upto, day, [WHOLE], lambda: _undecided(ledger), include_proposed=include_proposed)
        yield from map(_line, made(shares, spilled))
        return
    with _beside(ledger, upto, day, include_proposed=include_proposed) as second, TemporaryFile() as file:
        (parts,) = _parts(ledger, upto, day, [OTHER_SHARE], second.undecided, include_proposed=include_proposed)
        Thread(target=second.ask, args=[parts.parties.as_json()]).start()  # it listens once it has found contradictions
        own = _Own(made([parts], spilled), file)
        own.more()  # its contradictions are found with it: only then the other's lines are waited for
        for _, lines in merge(second.made(meanwhile=own.more), own.all(), key=itemgetter(0)):
            yield from lines


def _undecided(ledger: Ledger) -> Set[str]:
    return ledger.subjects_lacking("proposal", "decision")


def _parts(
    ledger: Ledger, upto: int, day: date, shares: Sequence[Share], undecided: Undecided, *, include_proposed: bool
) -> Iterator[Parts]:
    """Shares of a register, from the records up to the one numbered ``upto``: claims are read share by share."""
    with uncollected():
        bare = Bare(ledger, upto, undecided)
        linked = same(bare.links)
    for n, share in enumerate(shares):
        with uncollected():
            claims = bare.statements(share, include_proposed=include_proposed)
            ready = [Parts(claims, day, include_proposed=include_proposed, same=linked, share=share)]
        del claims
        if n == len(shares) - 1:
            del bare
        yield ready.pop()  # nobody holds it here


def _line(part: Part) -> bytes:
    section, thing = part
    return orjson.dumps({"section": section, **thing}, option=orjson.OPT_APPEND_NEWLINE)


def _batches(parts: Iterator[Part]) -> Iterator[bytes]:
    """Parts as lines, some at once, behind one that tells where they stand."""
    for at, those in groupby(parts, key=place):
        head = orjson.dumps(at, option=orjson.OPT_APPEND_NEWLINE)
        batch = bytearray(head)
        for part in those:
            batch += _line(part)
            if len(batch) >= BATCH:
                yield bytes(batch)
                batch = bytearray(head)
        if len(batch) > len(head):
            yield bytes(batch)


def _placed(batch: bytes) -> Placed:
    at, *lines = batch.splitlines(keepends=True)
    return tuple(orjson.loads(at)), lines


class _Own:
    """What this process makes; some of it before it is asked for, which lies in a file meanwhile."""

    def __init__(self, parts: Iterator[Part], file: IO[bytes]) -> None:
        self._made, self._file = _batches(parts), file
        self._waiting: deque[int] = deque()  # bytes of each batch in the file that was not asked for
        self._at = 0  # where the first of them begins

    def more(self) -> bool:
        """Make some more; whether there was any."""
        if (batch := next(self._made, None)) is None:
            return False
        self._file.write(batch)
        self._waiting.append(len(batch))
        return True

    def all(self) -> Iterator[Placed]:
        """All of it, in order."""
        while True:
            if self._waiting:
                self._file.flush()
                length = self._waiting.popleft()
                batch = pread(self._file.fileno(), length, self._at)
                self._at += length
            elif (made := next(self._made, None)) is not None:
                batch = made
            else:
                return
            yield _placed(batch)


class _Second:
    """The second process, as the first one sees it."""

    def __init__(self, process: Popen[bytes], out: IO[bytes], name: str) -> None:
        """``out`` is what it writes into, ``name`` that of the ledger."""
        self._process, self._out, self._name = process, out, name
        self._at = 0  # bytes that were read

    def ask(self, told: object) -> None:
        """Send it one object, as a line."""
        assert self._process.stdin
        with suppress(BrokenPipeError, ValueError):  # that it ended, or is no longer needed, is seen elsewhere
            self._process.stdin.write(json.dumps(told).encode() + b"\n")
            self._process.stdin.flush()

    def undecided(self) -> Set[str]:
        """The claims on which nobody decided: the first that it tells.

        Raises:
            LedgerError: it ended before.
        """
        return set(orjson.loads(self._next()))

    def made(self, meanwhile: Callable[[], bool]) -> Iterator[Placed]:
        """What it makes, as soon as it is there; until then ``meanwhile`` is done, as often as it has something to do.

        Raises:
            LedgerError: it ended before it was through.
        """
        while batch := self._next(meanwhile):
            yield _placed(batch)

    def _next(self, meanwhile: Callable[[], bool] = lambda: False) -> bytes:
        assert self._process.stdout
        pipe = self._process.stdout.fileno()
        there = poll()
        there.register(pipe, POLLIN)
        while not there.poll(0) and meanwhile():
            pass
        head = read(pipe, LENGTH)  # written at once, and so read
        if len(head) < LENGTH:
            raise self._cut_off()
        more = int.from_bytes(head)
        self._at += more
        return pread(self._out.fileno(), more, self._at - more)

    def _cut_off(self) -> LedgerError:
        assert self._process.stderr
        last = self._process.stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        why = last.rpartition("LedgerError: ")[2].rstrip(".") or "the process that read it was ended"
        return LedgerError(
            f"The ledger {self._name} could not be read to its end: {why}; try again, or run `safeconduct verify`."
        )


@contextmanager
def _beside(ledger: Ledger, upto: int, day: date, *, include_proposed: bool) -> Iterator[_Second]:
    """A second process, asked for its share."""
    with TemporaryFile() as out:
        asked = {
            "path": str(ledger.path), "upto": upto, "day": day.isoformat(), "proposed": include_proposed, "out": out.fileno(),
        }  # fmt: skip
        command = [sys.executable, "-c", f"from {__name__} import main; main()"]
        process = Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, pass_fds=[out.fileno()])  # noqa: S603 - this program itself
        try:
            second = _Second(process, out, ledger.name)
            second.ask(asked)  # an address may hold a password: not among the arguments
            yield second
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                assert pipe
                with suppress(BrokenPipeError):
                    pipe.close()


def main() -> None:
    """What the second process does."""
    asked = json.loads(sys.stdin.readline())
    with Ledger(asked["path"]) as ledger, open(asked["out"], "wb") as out, uncollected():
        day, proposed = date.fromisoformat(asked["day"]), asked["proposed"]
        undecided = _undecided(ledger)
        _tell(orjson.dumps(list(undecided)), out)
        shares = _parts(
            ledger, asked["upto"], day, [NUMBERS_SHARE, DEALINGS_SHARE], lambda: undecided, include_proposed=proposed
        )
        parts = made(shares, spilled, lambda: Parties.from_json(json.loads(sys.stdin.readline())))
        for batch in _batches(parts):
            _tell(batch, out)
        _tell(b"", out)


def _tell(told: bytes, out: IO[bytes]) -> None:
    """Write something, as ``_Second`` takes it in; at the end nothing."""
    out.write(told)
    out.flush()
    sys.stdout.buffer.write(len(told).to_bytes(LENGTH))
    sys.stdout.buffer.flush()
