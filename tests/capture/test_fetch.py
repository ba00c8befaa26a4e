from __future__ import annotations

import gzip
import http.server
import io
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import brotli
import httpcore
import pytest
from warcio.archiveiterator import ArchiveIterator

from safeconduct.capture import BlobStore, CaptureError, FetchPolicy, Limits, Obtained, obtain, read
from safeconduct.capture.network import is_public

from .helpers import NOON, PAGE, Server, by_hash, page, split

PUBLIC = "93.184.216.34"
Handler = http.server.BaseHTTPRequestHandler


def policy(**changes: object) -> FetchPolicy:
    return FetchPolicy(**{"allow_private": True, "obey_robots": False, "timeout_seconds": 8, **changes})  # type: ignore[arg-type]


def fetch(url: str, store: BlobStore, **changes: object) -> Obtained:
    (got,) = obtain(url, store, policy=policy(**changes), clock=lambda: NOON)
    assert isinstance(got, Obtained)
    return got


def refused(url: str, store: BlobStore, words: str, **changes: object) -> str:
    with pytest.raises(CaptureError, match=words) as caught:
        fetch(url, store, **changes)
    assert ";" in str(caught.value) and str(caught.value).endswith("."), "one sentence that says what to do"
    return str(caught.value)


def records(store: BlobStore, container: str | None):
    assert container is not None
    return [
        (r.rec_type, r.rec_headers, r.http_headers, r.raw_stream.read())
        for r in ArchiveIterator(io.BytesIO(store.read(container)), check_digests="raise")
    ]


def test_a_page_and_its_exchange(server: Server, store: BlobStore) -> None:
    server.gives("/2024/office", PAGE.encode(), ("X-Odd-CASE", "kept  as is"), ("Set-Cookie", "a=b"))
    got = fetch(server.url("/2024/office?x=1#part"), store)
    assert store.read(got.sha256) == PAGE.encode()
    assert (got.how, got.status, got.media_type, got.name) == ("fetch", 200, "text/html", "office")
    assert (got.url, got.obtained_at) == (server.url("/2024/office?x=1"), "2026-03-01T12:00:00Z")
    assert ("X-Odd-CASE", "kept  as is") in got.headers
    assert (
        read(store.read(got.sha256), media_type=got.media_type, headers=got.headers, url=got.url).publisher
        == "The Harbour Post"
    )
    (info, _, _, _), (kind, fields, head, body), (_, asked, request, _) = records(store, got.container)
    assert (info, kind, body) == ("warcinfo", "response", PAGE.encode())
    assert fields["WARC-Target-URI"] == got.url and fields["WARC-Date"] == "2026-03-01T12:00:00Z"
    assert asked["WARC-Concurrent-To"] == fields["WARC-Record-ID"]
    assert "WARC-IP-Address" not in fields, "a private address is not written down"
    assert head["X-Odd-CASE"] == "kept  as is"
    assert request["User-Agent"].startswith("Safeconduct/") and request.get_header("Cookie") is None


def test_our_own_archive_gives_the_same_payload(server: Server, store: BlobStore, tmp_path: Path) -> None:
    def chunked(handler: Handler) -> None:
        handler.send_response(200)
        for name, value in (
            ("Content-Type", "text/html"),
            ("Content-Encoding", "gzip"),
            ("Transfer-Encoding", "chunked"),
        ):
            handler.send_header(name, value)
        handler.end_headers()
        data = gzip.compress(PAGE.encode())
        for part in (data[:100], data[100:]):
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
        handler.wfile.write(b"0\r\n\r\n")

    server.routes["/page"] = chunked
    got = fetch(server.url("/page"), store)
    assert store.read(got.sha256) == PAGE.encode()
    _, (_, _, _, wire), _ = records(store, got.container)
    assert wire.startswith(b"64\r\n\x1f\x8b") and wire.endswith(b"0\r\n\r\n"), "the body as it was transferred"
    path = tmp_path / "exchange.warc.gz"
    path.write_bytes(store.read(got.container or ""))
    (again,), skipped = split(obtain(path, store))
    assert (again.sha256, again.url, again.new, skipped) == (got.sha256, got.url, False, [])


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_encoded_bodies(server: Server, store: BlobStore, encoding: str) -> None:
    import zlib

    data = {"gzip": gzip.compress, "br": brotli.compress, "deflate": zlib.compress}[encoding](PAGE.encode())
    server.gives("/page", data, ("Content-Encoding", encoding))
    got = fetch(server.url("/page"), store)
    assert (got.sha256, got.size) == (by_hash(PAGE.encode()), len(PAGE.encode()))


def test_redirects_are_followed_and_kept(server: Server, store: BlobStore) -> None:
    server.redirects("/a", "/b?q=ü")
    server.redirects("/b", "c")
    server.gives("/c", page("Arrived."))
    got = fetch(server.url("/a"), store)
    assert got.url == server.url("/c")
    kinds = [(kind, fields.get_header("WARC-Target-URI")) for kind, fields, _, _ in records(store, got.container)]
    assert [kind for kind, _ in kinds] == [
        "warcinfo",
        "response",
        "request",
        "response",
        "request",
        "response",
        "request",
    ]
    assert kinds[1][1] == server.url("/a") and kinds[5][1] == server.url("/c")


def test_redirects_in_a_loop_and_elsewhere(server: Server, store: BlobStore) -> None:
    server.redirects("/loop", "/loop")
    refused(server.url("/loop"), store, "redirects more than 3 times", max_redirects=3)
    assert len(server.asked) == 4
    for path, target, words in [
        ("/file", "file:///etc/passwd", "not an http or https address"),
        ("/data", "data:text/html,hi", "not an http or https address"),
        ("/auth", "http://user:hunter2@127.0.0.1/", "carries a user name or password"),
    ]:
        server.redirects(path, target)
        assert "hunter2" not in refused(server.url(path), store, words)
    assert not any(store.root.glob("??/*"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://user:hunter2@a.example/", "carries a user name or password"),
        ("http://", "names no host"),
        ("http:///path", "names no host"),
        ("http://a.example:99999/", "not an address"),
    ],
)
def test_addresses_that_are_refused_outright(store: BlobStore, url: str, words: str) -> None:
    assert "hunter2" not in refused(url, store, words)


def test_loopback_is_refused_in_every_spelling(server: Server, store: BlobStore) -> None:
    server.gives("/", page("Private."))
    for host in (
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ):
        refused(
            f"http://{host}:{server.port}/",
            store,
            "could not be reached|not on the public internet",
            allow_private=False,
        )
    refused(server.url("/"), store, "allow_private", allow_private=False)
    assert server.asked == []


class Elsewhere(httpcore.NetworkBackend):
    """Takes the place of the internet: whatever public address is dialled, the test's server answers."""

    def __init__(self, port: int) -> None:
        self.port, self.dialled = port, []  # type: ignore[var-annotated]

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.dialled.append(host)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)


def test_a_redirect_or_a_changing_name_cannot_reach_inside(server: Server, store: BlobStore) -> None:
    """Checks apply to every connection and to the address that is dialled, not to an earlier answer of the resolver."""
    server.redirects("/leave", f"http://127.0.0.1:{server.port}/secret")
    server.redirects("/rebind", "http://rebinding.example/secret")
    server.gives("/secret", page("Secret."))
    server.gives("/fine", page("Fine."))
    server.gives("/robots.txt", b"", kind="text/plain")
    answers = {"public.example": ["10.0.0.1", PUBLIC], "rebinding.example": ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"]}
    changing = iter([[PUBLIC], ["127.0.0.1"]])
    internet = Elsewhere(server.port)
    network = {"resolve": lambda h, p: next(changing) if h == "changing.example" else answers[h], "connector": internet}
    careful = policy(allow_private=False)
    (got,) = obtain("http://public.example/fine", store, policy=careful, **network)
    assert isinstance(got, Obtained) and server.asked[-1][1]["Host"] == "public.example"
    assert records(store, got.container)[1][1]["WARC-IP-Address"] == PUBLIC
    for path in ("/leave", "/rebind"):
        with pytest.raises(CaptureError, match="not on the public internet"):
            list(obtain(f"http://public.example{path}", store, policy=careful, **network))
    with pytest.raises(CaptureError, match=r"changing\.example leads to 127\.0\.0\.1"):
        list(
            obtain(
                "http://changing.example/secret", store, policy=policy(allow_private=False, obey_robots=True), **network
            )
        )
    assert server.paths()[-1] == "/robots.txt", "its first answer was public and was used"
    assert set(internet.dialled) == {PUBLIC} and "/secret" not in server.paths()


PRIVATE = (
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 100.100.100.200 192.0.2.1 198.18.0.1 "
    "224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::ffff:8.8.8.8 ::ffff:10.0.0.1 ::7f00:1 "
    "64:ff9b::808:808 64:ff9b:1::a00:1 2002:7f00:1:: 2001:0:4136:e378:: fe80::1 fe80::1%eth0 fec0::1 fc00::1 "
    "fd00:ec2::254 ff02::1 2001:db8::1"
)


@pytest.mark.parametrize("address", PRIVATE.split())
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:4700::1111", "2001:4860:4860::8888"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


def test_proxies_of_the_environment_are_not_used(
    server: Server, store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    server.gives("/", page("Direct."))
    assert fetch(server.url(), store).status == 200


def patiently(write) -> tuple[socket.socket, str]:
    """A server that accepts and then does as ``write`` says with the connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=run, args=(connection,), daemon=True).start()
        except OSError:
            pass

    def run(connection: socket.socket) -> None:
        try:
            connection.recv(4096)
            write(connection)
        except OSError:
            pass

    threading.Thread(target=serve, daemon=True).start()
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_hanging_dripping_and_endless_answers_end_in_time(store: BlobStore) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"

    def drip_head(connection: socket.socket) -> None:
        for n in range(1000):
            connection.sendall(head[:20] if n == 0 else b"x")
            time.sleep(0.05)

    def drip_body(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    def forever(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"x" * 65536)

    def interim_forever(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: <%b>\r\n\r\n" % (b"x" * 9000))

    for write, words in [
        (lambda connection: time.sleep(30), "did not answer in full within 0.6 seconds"),
        (drip_head, "did not answer in full"),
        (drip_body, "did not answer in full"),
        (forever, "larger than|sent more than"),
        (interim_forever, "sent more than"),
    ]:
        listener, url = patiently(write)
        begun = time.monotonic()
        with listener:
            refused(url, store, words, timeout_seconds=0.6 if "did not" in words else 8, max_bytes=1_000_000)
        assert time.monotonic() - begun < 7
    assert not any(store.root.glob("??/*")) and not any((store.root / "tmp").iterdir())


def test_a_name_server_that_hangs(store: BlobStore) -> None:
    begun = time.monotonic()
    with pytest.raises(CaptureError, match="timeout_seconds"):
        list(
            obtain(
                "http://a.example/",
                store,
                policy=policy(timeout_seconds=0.5),
                resolve=lambda h, p: time.sleep(20) or [],
            )
        )  # type: ignore[func-returns-value]
    assert time.monotonic() - begun < 5


def test_a_name_without_address_and_a_closed_port(store: BlobStore) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    with pytest.raises(CaptureError, match=r"no address found for a\.example"):
        list(obtain("http://a.example/", store, policy=policy(), resolve=nowhere))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    refused(f"http://127.0.0.1:{port}/", store, "could not be reached")


def test_sizes_are_bounded_as_received_and_as_decoded(server: Server, store: BlobStore) -> None:
    server.gives("/large", b"<html>" + b"x" * 200_000)
    refused(server.url("/large"), store, r"\[fetch\] max_bytes", max_bytes=100_000)
    server.gives("/packed", gzip.compress(b"words and more words " * 10_000), ("Content-Encoding", "gzip"))
    refused(server.url("/packed"), store, "expands beyond the 100000 bytes", max_bytes=100_000)
    server.gives("/bomb", gzip.compress(b"a" * 20_000_000), ("Content-Encoding", "gzip"))
    refused(server.url("/bomb"), store, "bomb")


def test_wrong_content_length(server: Server, store: BlobStore) -> None:
    body = page("All of it.")
    server.gives("/more", body, ("Content-Length", str(len(body) + 50)))
    refused(server.url("/more"), store, "broke off")
    server.gives("/less", body + b"surplus", ("Content-Length", str(len(body))))
    got = fetch(server.url("/less"), store)
    assert store.read(got.sha256) == body
    assert records(store, got.container)[1][3] == body
    server.gives("/both", body, ("Content-Length", "5"), ("Content-Length", "6"))
    refused(server.url("/both"), store, "bad HTTP")


@pytest.mark.parametrize(
    ("status", "words"), [(404, "no such page"), (401, "login"), (500, "no page to give"), (204, "no page")]
)
def test_answers_without_a_page(server: Server, store: BlobStore, status: int, words: str) -> None:
    server.gives("/gone", b"", status=status)
    refused(server.url("/gone"), store, f"status {status} .*{words}")


def test_bodies_that_are_no_source(server: Server, store: BlobStore) -> None:
    server.gives("/png", b"\x89PNG\r\n\x1a\n" + bytes(50), kind="text/html")
    refused(server.url("/png"), store, "none of text, HTML, PDF")
    server.gives("/empty", b"")
    refused(server.url("/empty"), store, "is empty")
    server.gives("/zstd", b"x", ("Content-Encoding", "zstd"))
    refused(server.url("/zstd"), store, "'zstd'")
    server.gives("/cut", gzip.compress(PAGE.encode())[:-30], ("Content-Encoding", "gzip"))
    refused(server.url("/cut"), store, "cut off")
    assert not any(store.root.glob("??/*")), "nothing is preserved of what was refused"


def test_robots_txt_is_obeyed_and_asked_once(server: Server, store: BlobStore) -> None:
    server.gives(
        "/robots.txt",
        b"User-agent: *\nDisallow: /closed\n\nUser-agent: Safeconduct\nDisallow: /ours\n",
        kind="text/plain",
    )
    server.redirects("/way-in", "/ours/page")
    for path in ("/closed/page", "/open", "/ours/page"):
        server.gives(path, page("A page."))
    run = policy(obey_robots=True)
    list(obtain(server.url("/open"), store, policy=run))
    list(obtain(server.url("/closed/page"), store, policy=run))  # a group of our own replaces the one for all
    for path in ("/ours/page", "/way-in"):
        with pytest.raises(CaptureError, match=r"asks not to fetch .*\[fetch\] obey_robots"):
            list(obtain(server.url(path), store, policy=run))
    assert server.paths().count("/robots.txt") == 1 and "/ours/page" not in server.paths()
    assert fetch(server.url("/ours/page"), store).status == 200


def test_robots_txt_that_is_missing_failing_or_inside(server: Server, store: BlobStore) -> None:
    server.gives("/page", page("A page."))
    assert fetch(server.url("/page"), store, obey_robots=True).status == 200
    server.gives("/robots.txt", b"", status=503)
    refused(server.url("/page"), store, r"status 503.*\[fetch\] obey_robots", obey_robots=True)
    server.redirects("/robots.txt", "http://192.168.0.1/robots.txt")
    network = {
        "resolve": lambda host, port: [PUBLIC if host == "public.example" else host],
        "connector": Elsewhere(server.port),
    }
    with pytest.raises(CaptureError, match=r"192\.168\.0\.1, which is not on the public internet"):
        list(
            obtain("http://public.example/page", store, policy=policy(allow_private=False, obey_robots=True), **network)
        )


def test_a_full_store_is_not_taken_for_a_network_error(
    server: Server, store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    server.gives("/page", page("A page."))
    monkeypatch.setattr(store, "scratch", Full)
    refused(server.url("/page"), store, "no room left")


def test_tls_checks_names_and_keeps_the_exchange(server: Server, store: BlobStore, tmp_path: Path) -> None:
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out cert.pem -subj /CN=public.example"
    extra = ["-addext", "subjectAltName=DNS:public.example"]
    assert shutil.which("openssl"), "openssl makes this test's certificate: install it and run the tests again"
    subprocess.run([*command.split(), *extra], cwd=tmp_path, check=True, capture_output=True)
    names: list[str] = []
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    served.sni_callback = lambda connection, name, context: names.append(name)
    server.server.socket = served.wrap_socket(server.server.socket, server_side=True)
    server.gives("/page", page("Over TLS."))
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    network = {"resolve": lambda host, port: [PUBLIC], "connector": Elsewhere(server.port)}
    careful = policy(allow_private=False)
    (got,) = obtain("https://public.example/page", store, policy=careful, ssl_context=trusting, **network)
    assert isinstance(got, Obtained) and store.read(got.sha256) == page("Over TLS.")
    assert names == ["public.example"] and records(store, got.container)[1][3] == page("Over TLS.")
    for url, context in [("https://public.example/page", None), ("https://other.example/page", trusting)]:
        with pytest.raises(CaptureError, match="could not be reached"):
            list(obtain(url, store, policy=careful, ssl_context=context, **network))


def test_the_name_we_go_by() -> None:
    assert FetchPolicy().user_agent.startswith("Safeconduct/0.")
    assert FetchPolicy().user_agent.endswith(" (preserves public sources)")
    assert Limits().max_ratio == 200
