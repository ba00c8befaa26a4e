"""The local server: this machine only, files of the site only, strict headers."""

from __future__ import annotations

import http.client
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.publish import PublishError, serve


@pytest.fixture(scope="module")
def port(site: Path) -> Iterator[int]:
    with serve(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def get(port: int, path: str, method: str = "GET") -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(("path", "kind"), [
    ("/", "text/html; charset=utf-8"), ("/countries/", "text/html; charset=utf-8"),
    ("/static/style.css", "text/css; charset=utf-8"),
    ("/claims.csv", "text/csv; charset=utf-8"), ("/claims.jsonl", "application/jsonl"), ("/register.json", "application/json"),
    ("/sites.geojson", "application/geo+json"), ("/index.html?x=1", "text/html; charset=utf-8"),
    ("/recompute/standing.py", "text/plain; charset=utf-8"),
])
def test_types_and_headers(port: int, site: Path, path: str, kind: str) -> None:
    answer, body = get(port, path)
    assert answer.status == 200 and answer.getheader("Content-Type") == kind
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert "frame-ancestors 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert "Python" not in (answer.getheader("Server") or "")
    name = path.split("?")[0].lstrip("/")
    assert body == (site / (name + "index.html" if path.endswith("/") else name)).read_bytes()
    head, nothing = get(port, path, "HEAD")
    assert head.getheader("Content-Length") == answer.getheader("Content-Length") and nothing == b""


@pytest.mark.parametrize("path", [
    "/../secret", "/%2e%2e/secret", "/countries/../../secret", "/..%2fsecret", "//etc/passwd", "/countries/%00", "/.git/HEAD",
    "/static", "/static/", "/nothing.html", "/countries/..", "/%ff", "/a\\..\\secret", "http://example.org/../secret",
])
def test_nothing_else_is_served(port: int, site: Path, path: str) -> None:
    (site.parent / "secret").write_text("secret of the folder above")
    answer, body = get(port, path)
    assert answer.status == 404 and b"secret of" not in body
    assert b"Page not found" in body and b'href="/static/style.css"' in body
    assert answer.getheader("X-Content-Type-Options") == "nosniff"


def test_a_folder_without_a_slash_leads_to_its_index(port: int) -> None:
    answer, _ = get(port, "/countries")
    assert answer.status == 301 and answer.getheader("Location") == "/countries/"


def test_no_other_methods(port: int) -> None:
    assert get(port, "/", "POST")[0].status == 501
    assert get(port, "/", "DELETE")[0].status == 501


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("x")
    (tmp_path / "secret.html").write_text("secret")
    os.symlink(tmp_path / "secret.html", tmp_path / "site/link.html")
    os.symlink(tmp_path, tmp_path / "site/up")
    with serve(tmp_path / "site", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            for path in ("/link.html", "/up/secret.html"):
                answer, body = get(server.server_address[1], path)
                assert answer.status == 404 and b"secret" not in body
        finally:
            server.shutdown()
            thread.join()


def test_loopback_only(site: Path, tmp_path: Path, port: int, capfd: pytest.CaptureFixture[str]) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org", ""):
        with pytest.raises(PublishError, match="not this machine"):
            serve(site, 0, host)
    with pytest.raises(PublishError, match="no site"):
        serve(tmp_path, 0)
    with pytest.raises(PublishError, match="give another one"):
        serve(site, port)
    get(port, "/")
    get(port, "/nothing")
    assert capfd.readouterr() == ("", "")
