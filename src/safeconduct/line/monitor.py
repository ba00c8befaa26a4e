"""Watching a line from elsewhere: is what it serves what the installed package would serve?"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from safeconduct.envelope import sha256

from .guard import HEADERS
from .refusals import LineError

LARGEST = 1 << 20


@dataclass(frozen=True)
class Difference:
    """Something that is served otherwise than expected."""

    path: str
    what: str


def compare(address: str, expected: dict[str, bytes], timeout: float = 30) -> list[Difference]:
    """What differs between the live address and ``expected`` (path → bytes), headers included.

    Raises:
        LineError: the address is none, or does not answer.
    """
    found: list[Difference] = []
    for path, body in expected.items():
        status, headers, served = fetch(address, path, timeout)
        if status != 200:
            found.append(Difference(path, f"status {status}"))
            continue
        if served != body:
            found.append(Difference(path, f"sha256 {sha256(served).hex()}, expected {sha256(body).hex()}"))
        for name, value in HEADERS.items():
            if headers.get(name) != value:
                found.append(Difference(path, f"header {name}: {headers.get(name)!r}, expected {value!r}"))
        found += [Difference(path, f"header {name}: there is one") for name in ("set-cookie", "server") if name in headers]
    return found


def fetch(address: str, path: str, timeout: float = 30) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one page, asked for as a browser asks.

    Raises:
        LineError: the address is none, or does not answer.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LineError(f"{address} is no address; it begins with https:// or http://.")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path.rstrip("/") + path, headers={"User-Agent": "Mozilla/5.0", "Accept": "*/*"})
        answer = connection.getresponse()
        body = answer.read(LARGEST)
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
    except (OSError, http.client.HTTPException) as error:
        raise LineError(f"{address} does not answer ({error}).") from error
    finally:
        connection.close()
