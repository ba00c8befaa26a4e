"""A table of cities that is looked up by name and takes little memory: some millions of bytes for 70,000 cities."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from zlib import crc32


class Gazetteer:
    """Lines of a table, each of which ends in a column of names (``a|b``), found by these names."""

    def __init__(self, table: bytes) -> None:
        """``table`` is in UTF-8, its columns are apart by tabs; every line ends in a line break."""
        self._table = table
        found, start = array("Q"), 0  # checksum of a name, and where its line begins
        while start < len(table):
            end = table.index(b"\n", start)
            found.extend(crc32(name) << 32 | start for name in table[table.rindex(b"\t", start, end) + 1 : end].split(b"|"))
            start = end + 1
        self._found = array("Q", sorted(set(found)))

    def lines(self, name: str) -> list[str]:
        """The lines with a name, in the order of the table."""
        checksum, found = crc32(name.encode()), []
        for at in range(bisect_left(self._found, checksum << 32), len(self._found)):
            if self._found[at] >> 32 != checksum:
                break
            line = self._line(self._found[at] & 0xFFFFFFFF)
            if name in _names(line):  # another name may have the same checksum
                found.append(line)
        return found

    def items(self) -> Iterator[tuple[str, str]]:
        """Each name with each of its lines."""
        start = 0
        while start < len(self._table):
            line = self._line(start)
            yield from ((name, line) for name in _names(line))
            start = self._table.index(b"\n", start) + 1

    def _line(self, start: int) -> str:
        return self._table[start : self._table.index(b"\n", start)].decode()


def _names(line: str) -> list[str]:
    return line[line.rindex("\t") + 1 :].split("|")
