"""The register line by line; of a large ledger by two processes.

Each reads the ledger and makes a share of the register (``register/shares.py``), the second one two, one after the other. It is
asked through its standard input, once for the ledger and once more with the parties of all claims, which only the first one
holds. Its lines go into a temporary file without a name on the disk; how many more bytes are there it tells through a pipe, and
at the end that there are none: a register that was cut off is an error and no smaller one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import chain, groupby, islice
from operator import itemgetter
from os import cpu_count, pread
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
BATCH = 1_000  # parts that are written at once
LENGTH = 8  # bytes that tell how many more there are
Placed = tuple[tuple[Any, ...], list[bytes]]  # where lines stand, and the lines


def register_lines(ledger: Ledger, day: date, *, include_proposed: bool, alone: bool) -> Iterator[bytes]:
    """The register as JSON, a line for each part with the name of its section, in order; ``alone``: by one process.

    Raises:
        LedgerError: the ledger cannot be read, or the second process ended before it was through.
    """
    upto = ledger.head()[0]
    if alone or upto < MANY or (cpu_count() or 1) < 2:
        yield from map(_line, made(_parts(ledger, upto, day, [WHOLE], include_proposed=include_proposed), spilled))
        return
    with _beside(ledger, upto, day, include_proposed=include_proposed) as second:
        (parts,) = _parts(ledger, upto, day, [OTHER_SHARE], include_proposed=include_proposed)
        Thread(target=second.ask, args=[parts.parties.as_json()]).start()  # it listens once it has found contradictions
        own = ((place(part), [_line(part)]) for part in made([parts], spilled))
        first = list(islice(own, 1))  # what comes before it is ready now: only then the other's are waited for
        for _, lines in merge(second.made(), chain(first, own), key=itemgetter(0)):
            yield from lines


def _parts(
    ledger: Ledger, upto: int, day: date, shares: Sequence[Share], *, include_proposed: bool
) -> Iterator[Parts]:
    """Shares of a register, from the records up to the one numbered ``upto``: claims are read share by share."""
    with uncollected():
        bare = Bare(ledger, upto)
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


@dataclass(frozen=True)
class _Second:
    """The second process, as the first one sees it."""

    process: Popen[bytes]
    out: IO[bytes]  # into which it writes what it makes
    name: str  # of the ledger

    def ask(self, told: object) -> None:
        """Send it one object, as a line."""
        assert self.process.stdin
        with suppress(BrokenPipeError, ValueError):  # that it ended, or is no longer needed, is seen elsewhere
            self.process.stdin.write(json.dumps(told).encode() + b"\n")
            self.process.stdin.flush()

    def made(self) -> Iterator[Placed]:
        """What it makes, as soon as it is there.

        Raises:
            LedgerError: it ended before it was through.
        """
        pipe, there = self.process.stdout, 0
        assert pipe
        while (head := pipe.read(LENGTH)) and len(head) == LENGTH:
            if not (more := int.from_bytes(head)):
                return
            at, *lines = pread(self.out.fileno(), more, there).splitlines(keepends=True)
            yield tuple(orjson.loads(at)), lines
            there += more
        raise self._cut_off()

    def _cut_off(self) -> LedgerError:
        assert self.process.stderr
        last = self.process.stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        why = last.rpartition("LedgerError: ")[2].rstrip(".") or "the process that read it was ended"
        return LedgerError(
            f"The ledger {self.name} could not be read to its end: {why}; try again, or run `safeconduct verify`."
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
        shares = _parts(ledger, asked["upto"], day, [NUMBERS_SHARE, DEALINGS_SHARE], include_proposed=proposed)
        _write(made(shares, spilled, lambda: Parties.from_json(json.loads(sys.stdin.readline()))), out)


def _write(parts: Iterator[Part], out: IO[bytes]) -> None:
    """Write parts and where each stands, as ``_Second.made`` takes them in."""
    pipe = sys.stdout.buffer
    for at, those in groupby(parts, key=place):
        while some := list(islice(those, BATCH)):
            lines = b"".join((orjson.dumps(at), b"\n", *map(_line, some)))
            out.write(lines)
            out.flush()
            pipe.write(len(lines).to_bytes(LENGTH))
            pipe.flush()
    pipe.write(bytes(LENGTH))
    pipe.flush()
