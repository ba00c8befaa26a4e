"""The process: a line behind uvicorn, without logs, core dumps, or patience for connections that only hold a place."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import logging
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import make_app
from .guard import COMMON
from .refusals import LineError
from .server import Line, load_roster

HEAD = 16_384  # bytes that a request may take before its body
WAIT = 20.0  # seconds until a request's head is complete, and for which a refused body is read
UNWANTED = 4 << 20  # bytes of a refused body that are read
TOGETHER = 2_000  # connections
LOCK = "lock"


class Connection(HttpToolsProtocol):
    """uvicorn's connection with limits on the head of a request, and with this server's headers on its own errors.

    Where a request is refused before its body came, a little of the rest is read and thrown away: closing at once would take
    the answer from the other side as well.
    """

    _taken = 0  # bytes of the head of this request, or of what is thrown away
    _patience: asyncio.TimerHandle | None = None
    _sending = False  # the body of the request is not complete
    _refused = False  # and nobody wants it any more

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.client = None  # nobody needs to know
        if len(self.connections) > TOGETHER:
            transport.abort()
            return
        self._expect_head()

    def _expect_head(self) -> None:
        self._taken = 0
        if self._patience is None:
            self._patience = self.loop.call_later(WAIT, self._impatient)

    def _impatient(self) -> None:
        self._patience = None
        if self.transport is not None and not self.transport.is_closing():
            self.transport.abort()

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def data_received(self, data: bytes) -> None:
        if self._patience is not None:  # in the head of a request, or refused
            self._taken += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._patience is None and not self._sending and (self.cycle is None or self.cycle.response_complete):
            self._expect_head()  # an empty line after an answer begins no request, and stops uvicorn's own clock
        if self._patience is None:
            return
        if self._refused and self._taken > UNWANTED:
            self.transport.abort()
        elif not self._refused and self._taken > HEAD:
            self.send_400_response("too large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._calm()
        self._sending, self._refused = True, False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._sending = False
        if self._refused:
            self._calm()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._sending and not self.transport.is_closing():
            self._refused, self._taken = True, 0
            self._patience = self.loop.call_later(WAIT, self._impatient)

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Every request that is not HTTP gets the same answer."""
        body = b'{"error": "bad_request", "text": "The request is not one that this server knows."}'
        own = (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), (b"connection", b"close")
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in (*COMMON, *own))
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + lines + b"\r\n" + body)
        self.transport.close()


class _Server(uvicorn.Server):
    """A server for which being told to stop is no failure: what follows, such as removing its socket, is done."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def harden() -> None:
    """No core dumps, files for their owner only, and as many connections as the system gives."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def lock(folder: Path) -> int:
    """Take the folder for this process; the handle holds it.

    Raises:
        LineError: another process serves it.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise LineError(f"{folder} is served by another process; stop it first.") from None
    return handle


def serve(folder: Path, host: str = "127.0.0.1", port: int = 8080, unix: Path | None = None, ready: Any = None) -> None:
    """Serve a line until the process is told to stop. ``ready`` is called once with the address.

    Raises:
        LineError: the folder is not one of a line, or is served already; the address cannot be used.
    """
    harden()
    load_roster(folder)
    handle = lock(folder)
    try:
        line = Line(folder)
        gc.freeze()
        listener = _listen(host, port, unix)
        config = uvicorn.Config(
            make_app(line), http=Connection, ws="none", loop="asyncio", lifespan="on", log_config=None, access_log=False,
            server_header=False, date_header=False, proxy_headers=False, timeout_keep_alive=15, timeout_graceful_shutdown=20,
        )  # fmt: skip
        logging.disable(logging.CRITICAL)  # every library's: some log pieces of what was sent
        if ready is not None:
            ready(f"unix:{unix}" if unix else "http://{}:{}".format(*listener.getsockname()[:2]))
        _Server(config).run(sockets=[listener])
    finally:
        os.close(handle)
        if unix is not None:
            unix.unlink(missing_ok=True)


def _listen(host: str, port: int, unix: Path | None) -> socket.socket:
    try:
        if unix is not None:
            if unix.is_socket():
                unix.unlink()
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(unix))
            unix.chmod(0o660)
        else:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio sets no-delay
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        raise LineError(f"{unix or f'{host}:{port}'} cannot be used ({error.strerror}).") from error
    return listener
