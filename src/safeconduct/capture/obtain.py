"""From a file, a folder, a web archive or an address to preserved bytes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal

from .archive import ArchiveReader, Budget, Exhausted, is_archive, url_tail
from .body import Damaged
from .exchange import chunks_of, write_exchange
from .fetch import Fetcher, refusal, without_password
from .model import (
    MIB,
    CaptureError,
    Clock,
    FetchPolicy,
    Limits,
    Obtained,
    Skipped,
    StoreError,
    header,
    printable,
    rfc3339,
    utc_now,
)
from .robots import check_robots
from .sniffing import HEAD_BYTES, UNKNOWN, WACZ, sniff
from .store import BlobStore
from .wacz import wacz_payloads

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_NONE_OF = "is none of text, HTML, PDF, WARC or WACZ; convert it to one of these or leave it out"


def obtain(
    source: str | Path,
    store: BlobStore,
    *,
    limits: Limits | None = None,
    policy: FetchPolicy | None = None,
    clock: Clock = utc_now,
    **network: Any,
) -> Iterator[Obtained | Skipped]:
    """Preserve ``source`` in ``store``: a file, a folder, a WARC, a WACZ, or an http(s) address.

    Gives one Obtained for each payload and one Skipped for each part that could not be taken. A folder is taken in
    sorted order, without following symbolic links or entering hidden entries. An archive is itself preserved and is
    the ``container`` of its payloads; the container may be as large as ``limits.max_expanded_bytes``. For an address,
    ``sha256`` and ``size`` are of the body after content decoding and ``container`` is a WARC of the whole exchange,
    redirects included. ``network`` replaces parts of the network (see :class:`Fetcher`).

    Raises CaptureError, when the first item is asked for or later, if the source as a whole cannot be taken.
    """
    limits, policy = limits or Limits(), policy or FetchPolicy()
    try:
        yield from _obtain(source, store, limits, policy, clock, network)
    except OSError as e:  # sources report their own; what is left is the store's disk
        raise store.unwritable(e) from e


def _obtain(
    source: str | Path, store: BlobStore, limits: Limits, policy: FetchPolicy, clock: Clock, network: dict[str, Any]
) -> Iterator[Obtained | Skipped]:
    scheme = _SCHEME.match(str(source)) if isinstance(source, str) else None
    if scheme and scheme[1].lower() in ("http", "https"):
        yield _fetch(str(source), store, limits, policy, clock, network)
        return
    if scheme:
        raise CaptureError(
            f"{without_password(str(source))} is neither a file, a folder nor an http(s) address; give one of these."
        )
    path = Path(source)
    if path.is_dir():
        yield from _folder(path, path, store, limits, clock)
    else:
        yield from _file(path, printable(str(source)), store, limits, clock, os.O_RDONLY | os.O_NONBLOCK)


def _folder(folder: Path, root: Path, store: BlobStore, limits: Limits, clock: Clock) -> Iterator[Obtained | Skipped]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as e:
        raise CaptureError(f"{folder} cannot be listed ({e.strerror}); check its permissions.") from e
    if not entries and folder == root:
        raise CaptureError(f"{folder} is empty; put the sources in it.")
    for entry in entries:
        path = folder / entry.name
        name = printable(path.relative_to(root).as_posix())
        if entry.name.startswith("."):
            yield Skipped(name, f"{name} is hidden; rename it to take it.")
        elif entry.is_symlink():
            yield Skipped(name, f"{name} is a symbolic link; copy what it points to into the folder to take it.")
        else:
            try:
                if entry.is_dir():
                    yield from _folder(path, root, store, limits, clock)
                else:
                    yield from _file(path, name, store, limits, clock, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            except StoreError:
                raise
            except CaptureError as e:
                yield Skipped(name, str(e))


def _file(
    path: Path, name: str, store: BlobStore, limits: Limits, clock: Clock, flags: int
) -> Iterator[Obtained | Skipped]:
    with _open_regular(path, name, flags) as file:
        head = _read(file, HEAD_BYTES, name)
        if not head:
            raise CaptureError(f"{name} is empty; choose a file that has content.")
        media_type = sniff(head, path.name)
        if media_type == UNKNOWN:
            raise CaptureError(f"{name} {_NONE_OF}.")
        setting, most = "max_bytes", limits.max_bytes
        if is_archive(media_type):
            setting, most = "max_expanded_bytes", limits.max_expanded_bytes
        if os.fstat(file.fileno()).st_size > most:
            raise CaptureError(f"{name} is larger than {most} bytes; raise [capture] {setting} to take it.")
        blob = store.put(chain([head], iter(lambda: _read(file, MIB, name), b"")), max_bytes=most)
    if is_archive(media_type):
        yield from _archive(blob.sha256, name, media_type, store, limits)
        return
    yield Obtained(
        sha256=blob.sha256,
        size=blob.size,
        media_type=media_type,
        name=printable(path.name),
        how="file",
        obtained_at=rfc3339(clock()),
        url=None,
        status=None,
        headers=(),
        container=None,
        new=blob.new,
    )


def _archive(sha256: str, name: str, media_type: str, store: BlobStore, limits: Limits) -> Iterator[Obtained | Skipped]:
    budget, nothing = Budget(limits), True
    how: Literal["warc", "wacz"] = "wacz" if media_type == WACZ else "warc"
    reader = ArchiveReader(store, sha256, how, budget)
    with store.open(sha256) as file:
        try:
            parts = wacz_payloads(file, name, reader, budget, store) if how == "wacz" else reader.payloads(file, name)
            for part in parts:
                nothing = False
                yield part
        except Exhausted:
            return  # told as Skipped
    if nothing:
        raise CaptureError(f"{name} holds no page, text or PDF that was captured with status 200; check what it holds.")


def _fetch(
    source: str, store: BlobStore, limits: Limits, policy: FetchPolicy, clock: Clock, network: dict[str, Any]
) -> Obtained:
    with ExitStack() as stack:
        fetcher = Fetcher(policy, store.scratch, stack, **network)
        before = (lambda url: check_robots(url, fetcher, limits.max_ratio)) if policy.obey_robots else None
        hops = fetcher.follow(source, max_redirects=policy.max_redirects, before=before)
        hop, now = hops[-1], rfc3339(clock())
        if error := refusal(hop):
            raise error
        body = stack.enter_context(store.scratch())
        try:
            body.writelines(hop.payload(policy, limits.max_ratio))
        except Damaged as e:
            raise CaptureError(f"{hop.url} could not be decoded: {e}") from e
        body.seek(0)
        head, name = body.read(HEAD_BYTES), url_tail(hop.url)
        if not head:
            raise CaptureError(f"{hop.url} is empty; check the address.")
        media_type = sniff(head, name, header(hop.head.headers, "Content-Type"))
        if media_type == UNKNOWN:
            raise CaptureError(f"{hop.url} {_NONE_OF}.")
        if is_archive(media_type):
            raise CaptureError(f"{hop.url} is a web archive; download it and capture the file.")
        exchange = stack.enter_context(store.scratch())
        write_exchange(hops, exchange, date=now, software=policy.user_agent)
        container = store.put(chunks_of(exchange, MIB), max_bytes=limits.max_expanded_bytes)
        body.seek(0)
        blob = store.put(chunks_of(body, MIB), max_bytes=policy.max_bytes)
    return Obtained(
        sha256=blob.sha256,
        size=blob.size,
        media_type=media_type,
        name=name,
        how="fetch",
        obtained_at=now,
        url=hop.url,
        status=hop.head.status,
        headers=hop.head.headers,
        container=container.sha256,
        new=blob.new,
    )


def _open_regular(path: Path, name: str, flags: int) -> BinaryIO:
    try:
        fd = os.open(path, flags)
    except FileNotFoundError as e:
        raise CaptureError(f"{name} does not exist; check the path.") from e
    except (OSError, ValueError) as e:
        raise CaptureError(f"{name} cannot be opened ({getattr(e, 'strerror', e)}); check its permissions.") from e
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise CaptureError(f"{name} is not a regular file; choose a file, a folder or an address.")
    return os.fdopen(fd, "rb")


def _read(file: BinaryIO, size: int, name: str) -> bytes:
    try:
        return file.read(size)
    except OSError as e:
        raise CaptureError(f"{name} cannot be read ({e.strerror}); check the disk.") from e
