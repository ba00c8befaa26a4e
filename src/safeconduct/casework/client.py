"""The line's server as a caseworker asks it: signed requests, perhaps through Tor, tried again when a network fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from safeconduct.envelope import Refused, b64, read_json, sha256, sign, unb64
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.roster import LARGEST
from safeconduct.envelope.wire import day, items, keys, number

from .errors import DeskError, Unreachable

T = TypeVar("T")
TRIES = 4
TIMEOUT = httpx.Timeout(30, connect=60)  # an onion service takes its time to answer the door
LARGEST_LIST = 64 << 20
TELLING = {  # code of the server → what to do
    "not_desk": "The server does not know this key as a caseworker's: is it in the roster that the server has?",
    "not_found": "The server does not have this message (any more); `safeconduct line fetch` shows what is there.",
    "mailbox_full": "The mailbox is full: delete answers that were read, and try again.",
    "disk_full": "The server's disk is full: tell whoever runs it.",
    "too_large": "The server takes nothing as large as this.",
    "bad_parcel": "The server refused the file as no sealed letter: is its roster as new as the one here?",
}


@dataclass(frozen=True)
class Listed:
    """A message as the server lists it; ``kind`` says who is said to have sent it."""

    id: bytes
    mailbox: bytes
    kind: str  # report (also an addition) or answer
    day: date
    size: int

    @classmethod
    def from_json(cls, found: object) -> Listed:
        """Raises Refused when it is not as the protocol says."""
        one = keys(found, ("id", "mailbox", "kind", "day", "size"))
        if one["kind"] not in ("report", "answer"):
            raise Refused("The server lists a message of an unknown kind.")
        size = number(one["size"], 0, 1 << 40)
        return cls(unb64(one["id"], 16), unb64(one["mailbox"], 16), one["kind"], day(one["day"]), size)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": b64(self.id), "mailbox": b64(self.mailbox), "kind": self.kind, "day": self.day.isoformat(), "size": self.size,
        }  # fmt: skip


class Client:
    """A server at an address. Close it after use.

    Raises DeskError when the server cannot be reached or refuses, Refused when it does not speak the protocol. Nothing it says
    is believed here: whoever calls checks rosters, headers and letters.
    """

    def __init__(
        self, address: str, key: Key, proxy: str | None = None, transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        check_address(address, proxy)
        self._key = key
        self._wait = wait
        self._http = httpx.Client(
            base_url=address, proxy=proxy, transport=transport, timeout=TIMEOUT, trust_env=False, follow_redirects=False,
            headers={"User-Agent": "safeconduct", "Accept-Encoding": "identity"},
        )  # fmt: skip

    def close(self) -> None:
        self._http.close()

    def roster(self) -> bytes:
        """The roster that the server shows, unchecked."""
        return self._again(lambda: self._whole("GET", "/roster.json", most=LARGEST))

    def listed(self) -> list[Listed]:
        """Every message that the server keeps."""
        found = keys(read_json(self._again(lambda: self._desk("/desk/list", b"{}", LARGEST_LIST))), ("messages",))
        return [Listed.from_json(one) for one in items(found["messages"], 1 << 20)]

    def message(self, message: bytes, into: Callable[[Iterator[bytes]], T]) -> T:
        """Give a message's age file, in pieces, to ``into``; when the network fails, once more from the beginning."""

        def once() -> T:
            with self._asked("POST", "/desk/message", message, signed=True) as answer:
                return into(answer.iter_raw(65536))

        return self._again(once)

    def answer(self, mailbox: bytes, sealed: bytes) -> bytes:
        """Leave an answer in a mailbox; gives its id. Tried once: a second try could leave it twice."""
        try:
            found = keys(read_json(self._desk("/desk/answer", mailbox + sealed)), ("id",))
        except Unreachable:
            words = "The connection failed while the answer was sent, so it may have arrived"
            raise DeskError(f"{words}: look with `safeconduct line fetch`.") from None
        return unb64(found["id"], 16)

    def rewrap(self, message: bytes, header: bytes) -> None:
        """Replace the wrapped keys of a message."""
        self._again(lambda: self._desk("/desk/header", message + header))

    def delete(self, message: bytes | None = None, mailbox: bytes | None = None) -> None:
        """Destroy a message, or everything in a mailbox."""
        body = b"m" + message if message is not None else b"b" + (mailbox or b"")
        self._again(lambda: self._desk("/desk/delete", body))

    def _desk(self, path: str, body: bytes, most: int = 65536) -> bytes:
        return self._whole("POST", path, body, most, signed=True)

    def _whole(self, method: str, path: str, body: bytes = b"", most: int = 65536, *, signed: bool = False) -> bytes:
        with self._asked(method, path, body, signed=signed) as answer:
            return _limited(answer.iter_raw(), most)

    @contextmanager
    def _asked(self, method: str, path: str, body: bytes, *, signed: bool) -> Iterator[httpx.Response]:
        headers = {"Line-Desk": self._signature(path, body)} if signed else {}
        try:
            with self._http.stream(method, path, content=body or None, headers=headers) as answer:
                if answer.status_code not in (200, 201):
                    raise _refusal(answer)
                yield answer
        except httpx.HTTPError as error:
            words = f"The server could not be reached ({type(error).__name__}); check network and proxy, then try again."
            raise Unreachable(words, again=True) from None

    def _signature(self, path: str, body: bytes) -> str:
        work = read_json(self._whole("GET", "/work"))
        challenge = unb64(work.get("challenge"), 16)
        made = sign(self._key.signing, "desk", challenge + path.encode() + b"\n" + sha256(body))
        return ".".join(map(b64, (self._key.verifying, challenge, made)))

    def _again(self, act: Callable[[], T]) -> T:
        return again(act, self._wait)


def again(act: Callable[[], T], wait: Callable[[float], None]) -> T:
    """What ``act`` gives, which is tried up to four times while its failures say that it may work later."""
    for tried in range(1, TRIES):
        try:
            return act()
        except DeskError as error:
            if not error.again:
                raise
            wait(error.after if error.after is not None else 2**tried)
    return act()


def check_address(address: str, proxy: str | None) -> None:
    """Raises DeskError when what is asked for would be readable on the way, or leak the address of an onion service."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    onion, local = host.endswith(".onion"), host in ("127.0.0.1", "localhost", "::1")
    if parts.scheme not in ("http", "https") or not host or parts.path not in ("", "/") or parts.query:
        raise DeskError("The server's address looks like https://line.example.org or http://….onion.")
    if parts.scheme == "http" and not onion and not local:
        raise DeskError("The server's address begins with https:// unless it is an onion service.")
    if onion and not proxy:
        raise DeskError("An onion service is reached through Tor: add --proxy socks5h://127.0.0.1:9050.")
    if proxy and urlsplit(proxy).scheme != "socks5h":
        raise DeskError("The proxy looks like socks5h://127.0.0.1:9050; the h keeps names from being looked up outside it.")


def _limited(pieces: Iterable[bytes], most: int) -> bytes:
    data = b""
    for piece in pieces:
        data += piece
        if len(data) > most:
            raise Refused("The server says more than it should.")
    return data


def _refusal(answer: httpx.Response) -> DeskError:
    try:
        code = read_json(_limited(answer.iter_raw(), 65536)).get("error")
    except Refused:
        code = None
    code = code if isinstance(code, str) else ""
    busy = answer.status_code == 503
    known = "The server is busy; try again later." if busy else TELLING.get(code, "")
    after = answer.headers.get("Retry-After", "")
    seconds = min(int(after), 60) if busy and after.isascii() and after.isdecimal() else None
    return DeskError(known or f"The server refused (status {answer.status_code}).", again=busy, after=seconds, code=code)
