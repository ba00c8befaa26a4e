"""What every answer carries, and what none does."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from safeconduct.line.pages import languages
from safeconduct.line.refusals import CODES

from .kit import Client, Organisation, Reporter, Running, running

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
EXPECTED = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
}
NEVER = set("set-cookie server date etag last-modified x-powered-by access-control-allow-origin link location".split())
REQUESTS = [
    ("GET", "/", b""), ("HEAD", "/", b""), ("GET", "/form", b""), ("GET", "/line.js", b""), ("GET", "/line.css", b""),
    *(("GET", f"/{code}/{page}", b"") for code in languages() for page in ("", "done")),
    ("GET", "/roster.json", b""), ("GET", "/work", b""), ("GET", "/nothing", b""), ("GET", "/..%2f..%2fetc/passwd", b""),
    ("POST", "/parcel", b"x"), ("POST", "/parcel", b""), ("POST", "/upload", b"x"), ("POST", "/mailbox", b"x"),
    ("POST", "/mailbox", bytes(52)), ("POST", "/mailbox/delete", bytes(48)), ("POST", "/desk/list", b"{}"),
    ("POST", "/desk/message", b""), ("POST", "/desk/answer", b""), ("POST", "/desk/header", b""), ("POST", "/desk/delete", b""),
    ("GET", "/parcel", b""), ("POST", "/work", b"x"), ("DELETE", "/", b""), ("OPTIONS", "/parcel", b""),
    ("PUT", "/mailbox", b"x"),
]  # fmt: skip


def check(headers: dict[str, str], *, https: bool = True) -> None:
    expected = {name: value for name, value in EXPECTED.items() if https or name != "strict-transport-security"}
    assert {name: headers.get(name) for name in expected} == expected
    assert not NEVER & set(headers)
    assert "camera=()" in headers["permissions-policy"] and "=(self)" not in headers["permissions-policy"]


@pytest.mark.parametrize("method, path, body", REQUESTS, ids=lambda v: v if isinstance(v, str) else "")
def test_every_answer_is_guarded(client: Client, method: str, path: str, body: bytes) -> None:
    status, headers, answer = client.ask(method, path, body or None)
    check(headers)
    if status >= 400 and path != "/upload" and method != "HEAD":
        found = json.loads(answer)
        assert CODES[found["error"]] == (status, found["text"])


def raw(port: int, data: bytes) -> dict[str, str]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        answer = b""
        while b"\r\n\r\n" not in answer and (more := connection.recv(65536)):
            answer += more
    lines = answer.split(b"\r\n\r\n")[0].decode().split("\r\n")
    assert lines[0].split()[1] in ("400", "413"), lines
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}


LENGTHS = [
    b"Content-Length: 5\r\nContent-Length: 6\r\n", b"Content-Length: -1\r\n", b"Content-Length: +5\r\n",
    b"Content-Length: 5, 5\r\n",
    b"Content-Length: 0x10\r\n", b"Transfer-Encoding: chunked\r\n", b"", b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"Content-Length: 99999999999999999999999\r\n", b"Content-Length: \xd9\xa5\r\n",
]  # fmt: skip


@pytest.mark.parametrize("length", LENGTHS)
def test_a_missing_or_strange_length_is_refused(server: Running, length: bytes) -> None:
    check(raw(server.port, b"POST /parcel HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n"), https=False)


def test_what_is_not_http_is_refused_with_the_same_headers(server: Running) -> None:
    check(raw(server.port, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), https=False)
    endless = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(300))
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        try:
            for at in range(0, len(endless), 4096):
                connection.sendall(endless[at : at + 4096])
            assert b"400" in connection.recv(100)
        except ConnectionError:
            pass  # cut off while still talking
        else:
            assert connection.recv(1 << 20) is not None


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_other_sites_make_a_browser_send_nothing(client: Client, origin: str) -> None:
    reporter = Reporter()
    status, headers, body = client.ask("POST", "/parcel", reporter.parcel(), Sec_Fetch_Site=origin)
    assert (status, json.loads(body)["error"]) == (403, "elsewhere")
    check(headers)


def test_the_onion_address_is_offered_outside_of_it(organisation: Organisation, tmp_path: Path) -> None:
    onion = "http://" + "a" * 56 + ".onion"
    folder = organisation.folder(tmp_path / "folder", f'[pages]\nonion_address = "{onion}"\nhttps = false\n')
    with running(folder) as server:
        client = Client(server.port)
        assert client.ask("GET", "/en/")[1]["onion-location"] == onion + "/en/"
        inside = client.ask("GET", "/en/", Host="a" * 56 + ".onion")[1]
        assert "onion-location" not in inside and "strict-transport-security" not in inside
        assert "\n" not in client.ask("GET", "/%0d%0aSet-Cookie:%20a=b")[1]["onion-location"]


def test_the_page_is_small_and_comes_compressed(client: Client) -> None:
    sizes = {p: len(client.ask("GET", p, Accept_Encoding="gzip")[2]) for p in ("/", "/line.js", "/line.css")}
    assert sum(sizes.values()) <= 90_000, sizes
