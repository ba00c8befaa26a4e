"""What the capture room takes and gives: limits, policies, results and its one error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

MIB = 1 << 20
STEP = 64 * 1024  # bytes moved at a time

Clock = Callable[[], datetime]


class CaptureError(Exception):
    """A source cannot be preserved or read. ``str(e)`` is one plain sentence that says what to do next."""


class StoreError(CaptureError):
    """The store itself fails: no further source can be preserved until it is mended."""


@dataclass(frozen=True)
class Limits:
    """Bounds on what one source may cost, in bytes unless said otherwise.

    ``max_bytes``: one source, and one payload of an archive. ``max_text_bytes``: what is decoded; a longer source is
    preserved but not read. ``max_members``: the records of an archive. ``max_expanded_bytes``: an archive as stored,
    and, once more, what all its compressed parts add when expanded. ``max_ratio``: how many times its size a
    compressed part may grow (a plain number, applied once the part has given 1 MiB).
    """

    max_bytes: int = 512 * MIB
    max_text_bytes: int = 64 * MIB
    max_members: int = 10_000
    max_expanded_bytes: int = 2048 * MIB
    max_ratio: int = 200


@lru_cache(maxsize=1)
def default_user_agent() -> str:
    """The name fetching goes by, with the installed version."""
    try:
        number = version("safeconduct")
    except PackageNotFoundError:
        number = "0"
    return f"Safeconduct/{number} (preserves public sources)"


@dataclass(frozen=True)
class FetchPolicy:
    """How addresses are fetched.

    ``timeout_seconds`` covers the whole fetch: name lookup, robots.txt, every redirect and the last byte of the body.
    ``max_bytes`` bounds the body both as received and as decoded. Keep one policy for a run: it carries the run's
    copies of robots.txt.
    """

    allow_private: bool = False
    obey_robots: bool = True
    max_bytes: int = 50 * MIB
    timeout_seconds: float = 60.0
    max_redirects: int = 10
    user_agent: str = field(default_factory=default_user_agent)

    @cached_property
    def robots(self) -> dict[str, str | None]:
        """By origin, the text of robots.txt as it was fetched in this run, or None where there is none."""
        return {}


@dataclass(frozen=True)
class Obtained:
    """One preserved source.

    ``sha256`` and ``size`` are those of the payload a reader sees: for HTTP, the body *after* transfer and content
    decoding. The bytes as they travelled are in ``container``, the SHA-256 of the WARC or WACZ the payload came from,
    or, for a fetch, of the WARC written of the exchange. ``obtained_at`` is UTC, RFC 3339, in seconds (WARC-Date for
    archive records). ``url`` is the address that answered, after redirects. ``headers`` are the response headers as
    received; a WARC ``resource`` record has one, the Content-Type of the record. ``new`` is false if the store
    already had the payload.
    """

    sha256: str
    size: int
    media_type: str
    name: str
    how: Literal["file", "fetch", "warc", "wacz"]
    obtained_at: str
    url: str | None
    status: int | None
    headers: tuple[tuple[str, str], ...]
    container: str | None
    new: bool


@dataclass(frozen=True)
class Skipped:
    """A part of a source that was not taken, and why, in one sentence."""

    name: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """Text read from a payload, with what the payload says about itself.

    Offsets into ``text`` are Unicode code points. ``language`` is a BCP 47 primary subtag, or zh-Hans or zh-Hant.
    ``published`` is EDTF. ``methods`` says for each metadata field how it was found. ``pages`` are the start offsets
    of a PDF's pages. ``notes`` tell what a reviewer should know about the reading.
    """

    text: str
    reader: str
    encoding: str | None = None
    language: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    methods: dict[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blob:
    """Bytes in the store: their SHA-256 (lower-case hex), size in bytes, and whether this call added them."""

    sha256: str
    size: int
    new: bool


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """``moment`` (aware) as RFC 3339 in UTC, to the second: 2022-12-05T09:30:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def printable(name: str) -> str:
    """``name`` as it may be shown and stored: what is not valid text or would steer a terminal becomes U+FFFD."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


def header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    """The first value of the header ``name`` (any case), or None."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)
