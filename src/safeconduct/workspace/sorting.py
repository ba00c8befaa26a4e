"""Sorting what is too much to be held: by parts, in temporary files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any

import orjson

Keyed = tuple[tuple[str, ...], bytes]
AT_ONCE = 4_000_000  # bytes that are held to be sorted
PARTS = 64  # files that are open at once


def spilled(found: Iterable[tuple[tuple[str, ...], dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """JSON objects in the order of their keys, of those with one key the last; only some are held at once."""
    with Sorted(AT_ONCE) as there:
        for key, value in found:
            there.put(key, value)
        yield from there.all()


class Sorted:
    """JSON objects by their keys. Of those with one key the one that was put last is there. Use it in a ``with`` statement."""

    def __init__(self, at_once: int) -> None:
        """``at_once`` bytes are held and sorted before they are written away."""
        self._at_once = at_once
        self._bytes = bytearray()  # one piece: bytes from orjson keep far more memory than they fill
        self._held: list[tuple[tuple[str, ...], int, int]] = []  # keys, and where the objects begin and end
        self._parts: list[IO[bytes]] = []
        self._open = ExitStack()

    def __enter__(self) -> Sorted:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def put(self, key: tuple[str, ...], value: dict[str, Any]) -> None:
        """Put an object."""
        start = len(self._bytes)
        self._bytes += orjson.dumps(value)
        self._held.append((key, start, len(self._bytes)))
        if len(self._bytes) >= self._at_once:
            self._parts.append(self._written(self._sorted()))
            self._held, self._bytes = [], bytearray()
            if len(self._parts) == PARTS:
                together = self._written(merge(*map(_read, self._parts), key=_key))
                for part in self._parts:
                    part.close()
                self._parts = [together]

    def _written(self, some: Iterable[Keyed]) -> IO[bytes]:
        part = self._open.enter_context(TemporaryFile())  # noqa: SIM115  closed with the others
        part.writelines(orjson.dumps(key) + b"\n" + line + b"\n" for key, line in some)
        return part

    def _sorted(self) -> Iterator[Keyed]:
        for key, start, end in sorted(self._held, key=_key):
            yield key, bytes(self._bytes[start:end])

    def all(self) -> Iterator[dict[str, Any]]:
        """The objects, in the order of their keys."""
        last: Keyed | None = None
        for keyed in merge(*map(_read, self._parts), self._sorted(), key=_key):
            if last is not None and last[0] != keyed[0]:
                yield orjson.loads(last[1])
            last = keyed
        if last is not None:
            yield orjson.loads(last[1])


def _read(part: IO[bytes]) -> Iterator[Keyed]:
    part.seek(0)
    for line in part:
        yield tuple(orjson.loads(line)), next(part)[:-1]


def _key(keyed: tuple[tuple[str, ...], *tuple[Any, ...]]) -> tuple[str, ...]:
    return keyed[0]
