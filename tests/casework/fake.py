"""A line's server in a dictionary, as docs/line-protocol.md describes it, that can be told to misbehave."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from safeconduct.envelope import Refused, b64, parse_header, sha256, unb64, verify
from safeconduct.envelope.parcel import PREFIX, read_parcel
from safeconduct.envelope.roster import read_roster

from ..envelope.people import TODAY


class FakeLine:
    """``messages`` maps an id to mailbox, kind and age file. ``fail`` may answer a request instead."""

    def __init__(self, roster: bytes) -> None:
        self.roster = roster
        self.messages: dict[bytes, tuple[bytes, str, bytes]] = {}
        self.challenges: set[bytes] = set()
        self.asked: list[str] = []
        self.fail: Callable[[httpx.Request], httpx.Response | None] = lambda request: None

    def post(self, parcel: bytes, kind: str = "report") -> bytes:
        begin = read_parcel(parcel)
        assert begin is not None
        return self.put(begin.mailbox, parcel[PREFIX:], kind)

    def put(self, mailbox: bytes, file: bytes, kind: str = "report") -> bytes:
        made = secrets.token_bytes(16)
        self.messages[made] = (mailbox, kind, file)
        return made

    def handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request.url.path)
        if failed := self.fail(request):
            return failed
        path, body = request.url.path, request.content
        if path == "/roster.json":
            return httpx.Response(200, content=self.roster)
        if path == "/work":
            challenge = secrets.token_bytes(16)
            self.challenges.add(challenge)
            return httpx.Response(200, json={"challenge": b64(challenge), "bits": 12, "limit": 1})
        if not self._signed(request):
            return self.refuse(403, "not_desk")
        return getattr(self, path.removeprefix("/desk/").join(("_", "")))(body)

    def transport(self) -> httpx.MockTransport:
        """For httpx, with bodies that are streamed as a network's are."""

        def streamed(request: httpx.Request) -> httpx.Response:
            answer = self.handle(request)
            return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))

        return httpx.MockTransport(streamed)

    def refuse(self, status: int, code: str, **headers: str) -> httpx.Response:
        return httpx.Response(status, json={"error": code, "text": "No."}, headers=headers)

    def _signed(self, request: httpx.Request) -> bool:
        try:
            key, challenge, signature = request.headers["Line-Desk"].split(".")
            self.challenges.remove(unb64(challenge, 16))
            said = unb64(challenge, 16) + request.url.path.encode() + b"\n" + sha256(request.content)
            verify(unb64(key, 32), "desk", said, unb64(signature, 64))
        except (KeyError, ValueError, Refused):
            return False
        return read_roster(self.roster, date.min).desk_of(unb64(key, 32)) is not None

    def _list(self, body: bytes) -> httpx.Response:
        found = [
            {"id": b64(id_), "mailbox": b64(mailbox), "kind": kind, "day": TODAY.isoformat(), "size": len(file)}
            for id_, (mailbox, kind, file) in self.messages.items()
        ]
        return httpx.Response(200, json={"messages": found})

    def _message(self, body: bytes) -> httpx.Response:
        found = self.messages.get(body)
        return httpx.Response(200, content=found[2]) if found else self.refuse(404, "not_found")

    def _answer(self, body: bytes) -> httpx.Response:
        if not any(mailbox == body[:16] for mailbox, _, _ in self.messages.values()):
            return self.refuse(404, "not_found")
        return httpx.Response(201, json={"id": b64(self.put(body[:16], body[16:], "answer"))})

    def _header(self, body: bytes) -> httpx.Response:
        mailbox, kind, file = self.messages[body[:16]]
        old, new = parse_header(file, 11), parse_header(body[16:], 11)
        assert old and new and new.length == len(body) - 16
        self.messages[body[:16]] = (mailbox, kind, body[16:] + file[old.length :])
        return httpx.Response(200, json={"replaced": True})

    def _delete(self, body: bytes) -> httpx.Response:
        kept = {
            id_: one for id_, one in self.messages.items()
            if not (body[:1] == b"m" and id_ == body[1:]) and not (body[:1] == b"b" and one[0] == body[1:])
        }  # fmt: skip
        self.messages = kept
        return httpx.Response(200, json={"deleted": True})

    @contextmanager
    def served(self) -> Iterator[str]:
        """The same over HTTP, on this machine."""
        line = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = httpx.Request(self.command, f"http://line{self.path}", headers=dict(self.headers), content=body)
                answer = line.handle(request)
                self.send_response(answer.status_code)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
