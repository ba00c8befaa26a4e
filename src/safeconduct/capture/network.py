"""Connections that cannot be led into private networks, cannot outlast their deadline, and remember their bytes.

The address that is checked is the address that is connected to, on every connection, so neither a redirect nor a name
that changes its answer (DNS rebinding) reaches a machine the policy forbids.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

import httpcore

from .model import CaptureError

Resolve = Callable[[str, int], list[str]]  # host and port to IP addresses; raises OSError

_REFUSED = tuple(
    ipaddress.ip_network(block)
    for block in (
        "64:ff9b::/96",  # NAT64 (RFC 6052): stands for an IPv4 address that would go unchecked
        "64:ff9b:1::/48",  # local-use NAT64 (RFC 8215)
        "2002::/16",  # 6to4 (RFC 3056)
        "2001::/32",  # Teredo (RFC 4380)
        "168.63.129.16/32",  # Azure's platform address, reachable only from inside
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: global unicast, not a tunnel, not a platform service."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped is not None or ip.is_site_local):
        return False
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local
    return ip.is_global and not special and not any(ip in block for block in _REFUSED if block.version == ip.version)


def system_resolve(host: str, port: int) -> list[str]:
    """The IP addresses the system's resolver gives for ``host``, in its order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Deadline:
    """A moment after which nothing goes on. ``seconds`` from now."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left. Raises TimeoutError if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"not done within {self.seconds:g} s")
        return left


class Refused(CaptureError):
    """The policy forbids this address."""


@dataclass
class Tape:
    """What passed over a connection, before any decoding but after TLS; more than ``max_bytes`` in is an error."""

    sent: BinaryIO
    received: BinaryIO
    max_bytes: int


class Wire(httpcore.NetworkStream):
    """A connection that keeps to the deadline on every read and write and records what passes."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, tape: Tape) -> None:
        self._stream, self._deadline, self._tape = stream, deadline, tape

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._timeout(timeout, httpcore.ReadTimeout))
        self._tape.received.write(data)
        if self._tape.received.tell() > self._tape.max_bytes:
            raise CaptureError(
                f"the server sent more than {self._tape.max_bytes} bytes; raise [fetch] max_bytes if you want it all."
            )
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._timeout(timeout, httpcore.WriteTimeout))
        self._tape.sent.write(buffer)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._timeout(timeout, httpcore.ConnectTimeout))
        return Wire(inner, self._deadline, self._tape)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _timeout(self, asked: float | None, error: type[Exception]) -> float:
        try:
            left = self._deadline.left()
        except TimeoutError as e:
            raise error(str(e)) from e
        return left if asked is None else min(asked, left)


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves, checks and connects. ``address`` is then the IP address in use.

    ``connector`` makes the actual TCP connection to an IP address. Raises Refused for a name that has no address the
    policy allows.
    """

    def __init__(
        self,
        deadline: Deadline,
        tape: Tape,
        *,
        allow_private: bool,
        resolve: Resolve = system_resolve,
        connector: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._deadline, self._tape = deadline, tape
        self._allow_private, self._resolve = allow_private, resolve
        self._connector = connector or httpcore.SyncBackend()
        self.address: str | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._lookup(host, port)
        allowed = [a for a in addresses if self._allow_private or is_public(a)]
        if not allowed:
            raise Refused(
                f"{host} leads to {', '.join(addresses)}, which is not on the public internet; set [fetch] "
                "allow_private only if it is your own server."
            )
        for address in allowed:
            try:
                stream = self._connector.connect_tcp(address, port, self._left(), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address == allowed[-1]:
                    raise
            else:
                self.address = address
                return Wire(stream, self._deadline, self._tape)
        raise httpcore.ConnectError(f"no connection to {host}")

    def _left(self) -> float:
        try:
            return self._deadline.left()
        except TimeoutError as e:
            raise httpcore.ConnectTimeout(str(e)) from e

    def _lookup(self, host: str, port: int) -> list[str]:
        """Resolve in a thread of its own: the system's resolver knows no deadline."""
        found: list[str] = []
        failed: list[OSError] = []

        def run() -> None:
            try:
                found.extend(self._resolve(host, port))
            except OSError as e:
                failed.append(e)
            except UnicodeError as e:
                failed.append(OSError(str(e)))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(self._left())
        if thread.is_alive():
            raise httpcore.ConnectTimeout(f"no address for {host} in time")
        if failed or not found:
            raise httpcore.ConnectError(f"no address found for {host}")
        return found
