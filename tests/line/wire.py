"""Everything a browser says to a server, byte for byte, and whether a text stands in it in any writing."""

from __future__ import annotations

import base64
import re
import socket
import threading
import urllib.parse
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Wire:
    """A proxy on a port of its own that keeps what goes through it."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.said: list[bytearray] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                kept = bytearray()
                self.said.append(kept)
                threading.Thread(target=_carry, args=(near, far, kept), daemon=True).start()
                threading.Thread(target=_carry, args=(far, near, None), daemon=True).start()

    @property
    def everything(self) -> bytes:
        return b"\n".join(bytes(kept) for kept in self.said)


def _carry(source: socket.socket, target: socket.socket, kept: bytearray | None) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if kept is not None:
                kept += data
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def wire(to: int) -> Iterator[Wire]:
    made = Wire(to)
    try:
        yield made
    finally:
        made.listening.close()


def writings(text: str) -> dict[str, bytes]:
    """A text in the encodings in which it could leave a page by mistake."""
    plain = text.encode()
    found = {"plain": plain, "url": urllib.parse.quote(text, safe="").encode(), "form": urllib.parse.quote_plus(text).encode()}
    found |= {"json": text.encode("unicode_escape"), "utf-16": text.encode("utf-16-le"), "utf-16 be": text.encode("utf-16-be")}
    found |= {"utf-32": text.encode("utf-32-le"), "hex": plain.hex().encode(), "reversed": plain[::-1]}
    for shift in range(3):  # base64 has three ways to write what stands inside it
        inside = base64.b64encode(bytes(shift) + plain)[4 if shift else 0 :]
        inside = inside[: len(inside) - 4]
        found[f"base64 {shift}"] = inside
        found[f"base64url {shift}"] = inside.replace(b"+", b"-").replace(b"/", b"_")
    return found


def betrayed(data: bytes, *texts: str) -> list[tuple[str, str]]:
    """Which texts stand in the data, and in which writing; packed data is unpacked first."""
    found = []
    layers = {"": data} | {f"packed at {at}: ": inside for at, inside in unpacked(data)}
    for layer, content in layers.items():
        low = content.lower()  # letters of hexadecimal and of %-escapes are written large or small
        for text in texts:
            for name, written in writings(text).items():
                if written in content or (not name.startswith("base64") and written.lower() in low):
                    found.append((text, layer + name))
    return found


def unpacked(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Whatever gzip or zlib can be made of the data, from any place."""
    for match in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", data):
        unpacking = zlib.decompressobj(47)
        with suppress(zlib.error):
            inside = unpacking.decompress(data[match.start() :], 1 << 20)
            if len(inside) > 8:
                yield match.start(), inside
