"""A real time-stamping authority on this machine for the tests: OpenSSL behind a small web server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

CONFIG = """
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamp]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
"""


def _openssl(*arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60).stdout


def certified(folder: Path) -> None:
    """Make a root and a stamping certificate in ``folder``: root.pem, tsa.pem, tsa.key, tsa.cnf."""
    config = folder / "tsa.cnf"
    config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n")
    key, root = ["-newkey", "rsa:2048", "-nodes", "-config", "/dev/null"], str(folder / "root.pem")
    own = ["-addext", "basicConstraints=critical,CA:TRUE", "-days", "2"]
    _openssl("req", "-x509", *key, *own, "-keyout", f"{folder}/root.key", "-out", root, "-subj", "/CN=root")
    _openssl("req", *key, "-keyout", f"{folder}/tsa.key", "-out", f"{folder}/tsa.csr", "-subj", "/CN=tsa")
    signed = ["-CA", root, "-CAkey", f"{folder}/root.key", "-CAcreateserial", "-days", "2"]
    what = ["-extfile", str(config), "-extensions", "stamp"]
    _openssl("x509", "-req", "-in", f"{folder}/tsa.csr", *signed, *what, "-out", f"{folder}/tsa.pem")


@contextmanager
def authority(folder: Path) -> Iterator[str]:
    """Serve an authority whose files are made in ``folder``; yields its address. ``/broken`` answers with nonsense."""
    certified(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query").write_bytes(query)
            if self.path == "/broken":
                answer = b"nonsense"
            else:
                how = ["-config", f"{folder}/tsa.cnf", "-section", "tsa"]
                answer = _openssl("ts", "-reply", *how, "-queryfile", f"{folder}/query")
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    served = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{served.server_port}/"
    finally:
        served.shutdown()
        served.server_close()
