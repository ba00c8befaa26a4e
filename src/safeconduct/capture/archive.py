"""Payloads out of web archives: which records are taken, and the bounds an archive must keep as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, Literal
from urllib.parse import unquote, urlsplit

from . import gzipped
from .body import Bound, Damaged, decode_body, read_chunks
from .model import CaptureError, Limits, Obtained, Skipped, header, printable
from .sniffing import HEAD_BYTES, HTML, PDF, TEXT, UNKNOWN, WACZ, WARC, essence, sniff
from .store import BlobStore
from .warc import Gap, Record, http_head, records, verify_block

_NOT_SOURCES = re.compile(
    r"(?:image|audio|video|font)/|text/(?:css|javascript|ecmascript|xml)|"
    r"application/(?:.*javascript|ecmascript|(?:.+\+)?json|wasm|font|vnd\.ms-fontobject|(?:rss\+|atom\+)?xml$)"
)
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?Z")


class Exhausted(CaptureError):
    """An archive reached a bound that holds for all of it: the rest is not read."""


class Budget:
    """What one archive has used of ``max_members`` records and ``max_expanded_bytes``.

    What counts as expanded is growth: bytes given beyond the bytes taken, over all compressed parts.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits, self.members, self.expanded = limits, 0, 0

    def member(self) -> None:
        """Count one record or gap. Raises Exhausted beyond the bound."""
        self.members += 1
        if self.members > self.limits.max_members:
            raise Exhausted(
                f"the archive has more than {self.limits.max_members} records and the rest was not read; "
                "raise [capture] max_members to take all."
            )

    def bound(self, max_bytes: int | None = None) -> Bound:
        """A bound for one compressed part, which also counts towards the archive's. Raises Exhausted as it is used."""
        return _Shared(self, self.limits.max_expanded_bytes if max_bytes is None else max_bytes)


class _Shared(Bound):
    def __init__(self, budget: Budget, max_bytes: int) -> None:
        super().__init__(max_bytes, budget.limits.max_ratio)
        self._budget, self._counted = budget, 0

    def give(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in super().give(chunks):
            growth = max(0, self.given - self.taken - self._counted)
            self._counted += growth
            self._budget.expanded += growth
            if self._budget.expanded > self._budget.limits.max_expanded_bytes:
                raise Exhausted(
                    f"the archive expands beyond {self._budget.limits.max_expanded_bytes} bytes and the rest was not "
                    "read; raise [capture] max_expanded_bytes to take all."
                )
            yield chunk


class ArchiveReader:
    """Takes the text, HTML and PDF payloads of a WARC, each distinct payload once.

    Taken are ``response`` records with status 200 and ``resource`` records. Other records and other kinds of payload
    are passed over; what is cut off, corrupt or undecodable is reported as Skipped.
    """

    def __init__(self, store: BlobStore, container: str, how: Literal["warc", "wacz"], budget: Budget) -> None:
        self._store, self._container, self._how, self._budget = store, container, how, budget
        self._seen: set[str] = set()

    def payloads(self, file: BinaryIO, name: str) -> Iterator[Obtained | Skipped]:
        """The payloads of one WARC file, gzipped or not; ``name`` is for messages."""
        try:
            for part in self._parts(file):
                if isinstance(part, Gap):
                    self._budget.member()
                    yield Skipped(name, part.reason)
                else:
                    yield from self._records(part, name)
        except Exhausted as e:
            yield Skipped(name, str(e))
            raise

    def _parts(self, file: BinaryIO) -> Iterator[BinaryIO | Gap]:
        if gzipped.is_gzip(file):
            return gzipped.members(file, self._store.scratch, self._budget.bound)
        return iter([file])

    def _records(self, file: BinaryIO, name: str) -> Iterator[Obtained | Skipped]:
        for record in records(file):
            self._budget.member()
            if isinstance(record, Gap):
                yield Skipped(name, record.reason)
                continue
            try:
                taken = self._take(file, record)
            except Exhausted:
                raise
            except Damaged as e:
                yield Skipped(record.uri or name, str(e))
            else:
                if taken is not None and taken.sha256 not in self._seen:
                    self._seen.add(taken.sha256)
                    yield taken

    def _take(self, file: BinaryIO, record: Record) -> Obtained | None:
        kind, limits = record.fields.get("warc-type", "").lower(), self._budget.limits
        status, start = None, record.start
        if kind == "resource":
            headers: tuple[tuple[str, str], ...] = (("Content-Type", record.fields.get("content-type", "")),)
        elif kind == "response" and record.uri.lower().startswith(("http:", "https:")):
            head = http_head(file, record)
            if head.status != 200:
                return None
            headers, status, start = head.headers, head.status, record.start + head.end
        else:
            return None
        declared = header(headers, "Content-Type")
        if _NOT_SOURCES.match(essence(declared)):
            return None
        if record.end - start > limits.max_bytes:
            raise Damaged(f"it is larger than {limits.max_bytes} bytes; raise [capture] max_bytes to take it.")
        verify_block(file, record)
        if reason := record.fields.get("warc-truncated"):
            raise Damaged(f"its archive says it was cut off when captured ({reason}); capture the page again.")
        chunks: Iterator[bytes] = read_chunks(file, start, record.end)
        if kind == "response":
            _check_length(headers, record.end - start)
            chunks = decode_body(chunks, headers, self._budget.bound(limits.max_bytes))
        first = b""
        for chunk in chunks:
            first += chunk
            if len(first) >= HEAD_BYTES:
                break
        media_type = sniff(first, url_tail(record.uri), declared) if first else UNKNOWN
        if media_type not in (TEXT, HTML, PDF):
            return None
        blob = self._store.put(chain([first], chunks), max_bytes=limits.max_bytes)
        return Obtained(
            sha256=blob.sha256,
            size=blob.size,
            media_type=media_type,
            name=url_tail(record.uri),
            how=self._how,
            obtained_at=_warc_date(record),
            url=record.uri or None,
            status=status,
            headers=headers,
            container=self._container,
            new=blob.new,
        )


def url_tail(url: str) -> str:
    """The last part of an address's path, or its host: a name for people."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    tail = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return printable(tail) or parts.hostname or url


def is_archive(media_type: str) -> bool:
    """Whether the media type is a web archive's."""
    return media_type in (WARC, WACZ)


def _check_length(headers: tuple[tuple[str, str], ...], size: int) -> None:
    """Raises Damaged if an unencoded body is shorter than its Content-Length. (Archives store others decoded.)"""
    length = header(headers, "Content-Length") or ""
    if header(headers, "Transfer-Encoding") or header(headers, "Content-Encoding") or not re.fullmatch(r"\d+", length):
        return
    if int(length) > size:
        raise Damaged(f"it is cut off ({size} of {length} bytes); capture the page again.")


def _warc_date(record: Record) -> str:
    match = _DATE.fullmatch(record.fields.get("warc-date", "").strip())
    if match is None:
        raise Damaged("its record has no valid WARC-Date, so nobody can say when it was captured; leave it out.")
    return match[1] + "Z"
