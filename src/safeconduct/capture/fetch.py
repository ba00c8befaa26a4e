"""Fetching a public address: one GET per hop, redirects by hand, everything bounded, the exchange kept as a WARC."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

import httpcore
import httpx

from .body import ACCEPT_ENCODING, Bound, Damaged, Head, decode_body, read_chunks, read_head
from .model import MIB, CaptureError, FetchPolicy, header
from .network import Deadline, GuardedBackend, Resolve, Tape, system_resolve

_REDIRECTS = (301, 302, 303, 307, 308)
_REASONS = {401: "it wants a login", 403: "it refuses access", 404: "there is no such page", 410: "the page is gone"}


@dataclass(frozen=True)
class Hop:
    """One request and its response, as bytes on the wire: ``request`` and ``response`` are files.

    ``response`` is the head as received and the body as transferred (chunked and content-encoded as the server sent
    it); the body lies between ``head.end`` and ``end``. ``address`` is the IP address that answered.
    """

    url: str
    request: BinaryIO
    response: BinaryIO
    head: Head
    end: int
    address: str | None

    def payload(self, policy: FetchPolicy, max_ratio: int) -> Iterator[bytes]:
        """The decoded body, in pieces. Raises Damaged if it cannot be decoded or expands too far."""
        chunks = read_chunks(self.response, self.head.end, self.end)
        return decode_body(chunks, self.head.headers, Bound(policy.max_bytes, max_ratio))


class Fetcher:
    """Makes requests under one policy and one deadline.

    ``scratch`` makes temporary files; ``stack`` closes them. ``resolve``, ``connector`` and ``ssl_context`` replace
    the system's resolver, TCP and trusted certificates.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        scratch: Callable[[], BinaryIO],
        stack: ExitStack,
        *,
        resolve: Resolve = system_resolve,
        connector: httpcore.NetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.policy, self._scratch, self._stack = policy, scratch, stack
        self._resolve, self._connector, self._ssl = resolve, connector, ssl_context
        self._deadline = Deadline(policy.timeout_seconds)

    def follow(self, url: str, *, max_redirects: int, before: Callable[[httpx.URL], None] | None = None) -> list[Hop]:
        """GET ``url`` and what it redirects to; the last hop is the answer. ``before`` is called for each address.

        Raises CaptureError for an address that is malformed, carries a password, is refused by the policy or does not
        answer in time, and beyond ``max_redirects``.
        """
        hops: list[Hop] = []
        address = parse_url(url)
        while True:
            if before is not None:
                before(address)
            hop = self._get(address)
            hops.append(hop)
            location = header(hop.head.headers, "Location")
            if hop.head.status not in _REDIRECTS or location is None:
                return hops
            if len(hops) > max_redirects:
                raise CaptureError(
                    f"{url} redirects more than {max_redirects} times; give the address it ends at in a browser."
                )
            try:
                following = str(address.join(location.encode("latin-1").decode("utf-8", "replace")))
            except (httpx.InvalidURL, ValueError) as e:
                raise CaptureError(
                    f"{address} redirects to a malformed address; give the address it should lead to."
                ) from e
            address = parse_url(following, origin=str(address))

    def _get(self, url: httpx.URL) -> Hop:
        sent, received = (self._stack.enter_context(self._scratch()) for _ in range(2))
        backend = GuardedBackend(
            self._deadline,
            Tape(sent, received, self.policy.max_bytes + MIB),
            allow_private=self.policy.allow_private,
            resolve=self._resolve,
            connector=self._connector,
        )
        size = 0
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._ssl, network_backend=backend, max_connections=1) as pool,
                pool.stream("GET", _core_url(url), headers=self._headers(url)) as response,
            ):
                for chunk in response.iter_stream():
                    size += len(chunk)
                    if size > self.policy.max_bytes:
                        raise CaptureError(
                            f"{url} is larger than {self.policy.max_bytes} bytes; raise [fetch] max_bytes to take it."
                        )
        except httpcore.TimeoutException as e:
            raise CaptureError(
                f"{url} did not answer in full within {self._deadline.seconds:g} seconds; try again later or raise "
                "[fetch] timeout_seconds."
            ) from e
        except httpcore.RemoteProtocolError as e:
            raise CaptureError(f"{url} broke off or answered in bad HTTP ({e}); try again later.") from e
        except (httpcore.NetworkError, httpcore.ProtocolError) as e:
            raise CaptureError(f"{url} could not be reached ({e}); check the address and try again later.") from e
        received.seek(0)
        try:
            head = read_head(received)
        except Damaged as e:
            raise CaptureError(f"{url} answered in bad HTTP; try again later.") from e
        chunked = header(head.headers, "Transfer-Encoding") is not None
        end = received.seek(0, 2) if chunked else head.end + size
        return Hop(str(url), sent, received, head, end, backend.address)

    def _headers(self, url: httpx.URL) -> list[tuple[bytes, bytes]]:
        fields = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self.policy.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
            "Accept-Encoding": ACCEPT_ENCODING,
            "Connection": "close",
        }
        return [(k.encode("ascii"), v.encode("ascii", "replace")) for k, v in fields.items()]


def parse_url(url: str, *, origin: str | None = None) -> httpx.URL:
    """``url`` without its fragment. Raises CaptureError unless it is http(s), with a host and no password.

    ``origin`` is the address that redirected there.
    """
    led = f"{origin} redirects to {without_password(url)!r}, which" if origin else f"{without_password(url)!r}"
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as e:
        raise CaptureError(f"{led} is not an address; check it for typing mistakes.") from e
    if parsed.scheme not in ("http", "https"):
        raise CaptureError(f"{led} is not an http or https address; give one that is.")
    if parsed.userinfo:
        raise CaptureError(f"{led} carries a user name or password; give a public address without one.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise CaptureError(f"{led} is not an address: there is no such port; check it for typing mistakes.")
    if not parsed.host:
        raise CaptureError(f"{led} names no host; check it for typing mistakes.")
    return parsed


def without_password(url: str) -> str:
    """``url`` as it may be shown: what stands before an @ in the host part is left out."""
    return re.sub(r"//[^/?#]*@", "//…@", url)


def refusal(hop: Hop) -> CaptureError | None:
    """The error for an answer other than 200, or None."""
    if hop.head.status == 200:
        return None
    why = _REASONS.get(hop.head.status, "it has no page to give")
    return CaptureError(
        f"{hop.url} answered with status {hop.head.status} ({why}); check the address or try an archive."
    )


def _core_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
