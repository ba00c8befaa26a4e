"""A small server for looking at a published site on this machine. It is not meant for the open network."""

from __future__ import annotations

import ipaddress
import os
import re
import stat
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, unquote, urlsplit

from .model import PublishError
from .render import POLICY

TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".csv": "text/csv; charset=utf-8",
    ".json": "application/json", ".jsonl": "application/jsonl", ".geojson": "application/geo+json",
    ".xml": "application/xml", ".png": "image/png", ".py": "text/plain; charset=utf-8",
}
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-cache",
}
_SEGMENT = re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_.\-]*")
_BLOCK = 1 << 16


def serve(out: Path, port: int = 8000, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server for the site in ``out``, on a loopback address only; call ``serve_forever`` on it. Port 0 takes a free one.

    Raises:
        PublishError: there is no site in ``out``, ``host`` is not this machine, or the port is taken.
    """
    folder = Path(os.path.abspath(out))
    if not (folder / "index.html").is_file():
        raise PublishError(f"There is no site in {out}; publish one there first.")
    try:
        if not (host == "localhost" or ipaddress.ip_address(host).is_loopback):
            raise ValueError
    except ValueError:
        raise PublishError(f"{host} is not this machine; use 127.0.0.1, or a web server for others to read.") from None

    class Handler(_Handler):
        root = folder

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = 10 if ":" in host and os.name == "posix" else 2

    try:
        return Server((host, port), Handler)
    except (OSError, OverflowError) as error:
        raise PublishError(f"Port {port} cannot be used ({error}); give another one.") from error


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with files below ``root``; anything else is an error without a listing or a trace."""

    root: Path
    protocol_version = "HTTP/1.1"
    server_version = "Safeconduct"
    sys_version = ""
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody's requests are logged."""

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, body: bool) -> None:
        path = self._path()
        file = self._open(path) if path is not None else None
        if file is None and path is not None and not path.endswith("/") and (near := self._open(path + "/index.html")):
            near.close()
            self._send(HTTPStatus.MOVED_PERMANENTLY, "text/plain; charset=utf-8", b"", body,
                       location=quote(f"/{path}/"))
        elif file is None:
            self._missing(body)
        else:
            with file:
                self._stream(file, TYPES.get(Path(path or "").suffix or ".html", "application/octet-stream"), body)

    def _path(self) -> str | None:
        """The path asked for, relative to the root, or None when it could leave it."""
        try:
            path = unquote(urlsplit(self.path).path, errors="strict")
        except ValueError:
            return None
        if not path.startswith("/"):
            return None
        segments = path[1:].split("/")
        if segments[-1] == "":
            segments[-1] = "index.html"
        return "/".join(segments) if all(_SEGMENT.fullmatch(s) for s in segments) else None

    def _open(self, path: str) -> BinaryIO | None:
        """The file at a path below the root; no links are followed, at no level."""
        opened: list[int] = []
        try:
            at = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
            opened.append(at)
            *folders, name = path.split("/")
            for folder in folders:
                at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
                opened.append(at)
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return os.fdopen(descriptor, "rb")
            os.close(descriptor)
        except OSError:
            return None
        finally:
            for descriptor in opened:
                os.close(descriptor)
        return None

    def _missing(self, body: bool) -> None:
        file = self._open("404.html")
        page = b"Not found"
        if file is not None:
            with file:
                page = file.read()
            page = re.sub(rb'href="(?![a-z]+:|/|#)', b'href="/', page)  # shown at any address: links from the root
        self._send(HTTPStatus.NOT_FOUND, "text/html; charset=utf-8", page, body)

    def _send(self, status: HTTPStatus, kind: str, data: bytes, body: bool, location: str | None = None) -> None:
        self._head(status, kind, len(data), location)
        if body:
            self.wfile.write(data)

    def _stream(self, file: BinaryIO, kind: str, body: bool) -> None:
        left = os.fstat(file.fileno()).st_size
        self._head(HTTPStatus.OK, kind, left)
        while body and left and (block := file.read(min(left, _BLOCK))):
            self.wfile.write(block)
            left -= len(block)

    def _head(self, status: HTTPStatus, kind: str, length: int, location: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()
