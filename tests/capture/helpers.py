"""Files of the real formats, made by hand, and a real HTTP server."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from safeconduct.capture import Obtained, Skipped

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Police close office | The Harbour Post</title>
<meta property="og:title" content="Police close office above a bakery"><meta property="og:site_name" content="The Harbour Post">
<meta name="author" content="Mira Olsen"><meta property="article:published_time" content="2024-02-17T08:30:00Z">
</head><body><nav><a href="/">Home</a></nav><article><h1>Police close office above a bakery</h1>
<p>Officers on Friday closed a two-room office above a bakery in the harbour district, the city police said.</p>
<p>Neighbours told this newspaper that visitors had been asked there to renew documents and to speak about relatives abroad.</p>
<p>A spokeswoman for the consulate called the report unfounded and said the rooms had been rented by volunteers.</p>
</article><footer>Imprint</footer></body></html>"""


def by_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def split(items: Iterable[Obtained | Skipped]) -> tuple[list[Obtained], list[Skipped]]:
    got, skipped = [], []
    for item in items:
        (got if isinstance(item, Obtained) else skipped).append(item)
    return got, skipped


def pdf(
    *pages: str, info: str = "/Title (Minutes of the council) /CreationDate (D:20230405120000Z)", encrypt: bool = False
) -> bytes:
    """A PDF 1.4 file with one line of text on each page."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for i, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET" if text else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append(f"<< {info} >>")
    trailer = f"/Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R"
    if encrypt:
        keys = f"/V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}>"
        trailer += f" /ID [<{'11' * 16}><{'11' * 16}>] /Encrypt << /Filter /Standard {keys} >>"
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    xref = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + xref.encode("latin-1")


def http_response(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def warc_record(uri: str, block: bytes, *, kind: str = "response", fields: dict[str, str] | None = None) -> bytes:
    content_type = {"response": "application/http; msgtype=response"}.get(kind, "text/html")
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{hashlib.md5(uri.encode()).hexdigest()}>",
        "WARC-Date": "2022-12-05T09:30:00Z",
        "WARC-Target-URI": uri,
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
        **(fields or {}),
    }
    return ("WARC/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in head.items()) + "\r\n").encode() + block + b"\r\n\r\n"


def page(words: str) -> bytes:
    return f"<!doctype html><html><body><p>{words}</p></body></html>".encode()


def page_record(number: int) -> bytes:
    return warc_record(f"https://news.example/{number}", http_response(page(f"Page number {number} of the archive.")))


def gzipped(*records: bytes) -> bytes:
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def wacz(path: Path, members: dict[str, bytes], *, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


class Server:
    """A real HTTP server on 127.0.0.1; ``routes`` maps a path to a function that answers with a handler."""

    def __init__(self) -> None:
        self.routes: dict[str, Callable[[http.server.BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers)))
                answer = outer.routes.get(self.path.partition("?")[0])
                try:
                    if answer is None:
                        self.send_error(404)
                    else:
                        answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.port = self.server.server_address[1]

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def gives(
        self, path: str, body: bytes, *headers: tuple[str, str], status: int = 200, kind: str = "text/html"
    ) -> None:
        def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in (("Content-Type", kind), *headers):
                handler.send_header(name, value)
            if not any(name in ("Content-Length", "Transfer-Encoding") for name, _ in headers):
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.routes[path] = answer

    def redirects(self, path: str, location: str) -> None:
        self.gives(path, b"", ("Location", location), status=302)


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.server.shutdown()
        server.server.server_close()
        thread.join(2)
