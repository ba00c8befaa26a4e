"""Pictures that a browser drew, with everything put into them that a camera or an editor might put there."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Page

CANARY = b"CANARY 41.0082N 28.9784E 2026-11-26"
DRAW = """() => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 40];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#b03020"; pen.fillRect(0, 0, 64, 40);
  pen.fillStyle = "#2060b0"; pen.fillRect(0, 0, 32, 20);
  pen.fillStyle = "#30a040"; pen.fillRect(32, 20, 32, 20);
  return ["jpeg", "png", "webp"].map((kind) => canvas.toDataURL(`image/${kind}`, 0.9).split(",")[1]);
}"""
PIXELS = """async (data) => {
  const blob = await (await fetch(data)).blob();
  const picture = await createImageBitmap(blob);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return [picture.width, picture.height, ...canvas.getContext("2d").getImageData(0, 0, picture.width, picture.height).data];
}"""


def drawn(page: Page) -> dict[str, bytes]:
    made = [base64.b64decode(data) for data in page.evaluate(DRAW)]
    return dict(zip(("jpg", "png", "webp"), made, strict=True))


def pixels(page: Page, data: bytes, kind: str) -> list[int]:
    """Width, height and pixels, the right way up."""
    found: list[int] = page.evaluate(PIXELS, f"data:image/{kind};base64,{base64.b64encode(data).decode()}")
    return found


def exif(orientation: int, order: str = "<") -> bytes:
    """TIFF with an orientation, a date, a position and a text."""
    entries = [
        (0x010E, 2, len(CANARY), 0),
        (0x0112, 3, 1, orientation if order == "<" else orientation << 16),
        (0x8825, 4, 1, 0),
    ]
    data = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, len(entries))
    after = 8 + 2 + 12 * len(entries) + 4
    offsets = {0x010E: after, 0x8825: after + len(CANARY)}
    for tag, kind, count, value in entries:
        data += struct.pack(order + "HHII", tag, kind, count, offsets.get(tag, value))
    return (
        data + bytes(4) + CANARY + struct.pack(order + "H", 0) + bytes(4) + b"\xff\xd8 a small picture " + CANARY + b"\xff\xd9"
    )


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def jpeg(plain: bytes, orientation: int, order: str = "<") -> bytes:
    """JFIF with a small picture, EXIF, XMP, IPTC, a comment, makers' segments, and more after the end."""
    assert plain[2:4] == b"\xff\xe0"
    size = int.from_bytes(plain[4:6], "big")
    start = segment(0xE0, plain[6:18] + bytes([1, 1]) + b"abc") if size == 16 else plain[2 : 4 + size]
    more = [
        segment(0xE0, b"JFXX\0\x10" + CANARY),
        segment(0xE1, b"Exif\0\0" + exif(orientation, order)),
        b"\xff" + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + CANARY),
        segment(0xE2, b"MPF\0" + CANARY),
        segment(0xED, b"Photoshop 3.0\08BIM" + CANARY),
        segment(0xEB, CANARY),
        segment(0xFE, CANARY),
    ]
    after = b"\xff\xd8\xff\xfe" + CANARY + b"\xff\xd9"
    return plain[:2] + start + b"".join(more) + plain[4 + size :] + after


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(plain: bytes, orientation: int) -> bytes:
    more = chunk(b"eXIf", exif(orientation, ">")) + chunk(b"tEXt", b"Comment\0" + CANARY) + chunk(b"tIME", bytes(7))
    more += chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + CANARY) + chunk(b"zTXt", b"x\0\0" + zlib.compress(CANARY))
    more += chunk(b"iCCP", b"profile\0\0" + zlib.compress(CANARY)) + chunk(b"prVt", CANARY)
    return plain[:33] + more + plain[33:] + CANARY


def webp(plain: bytes, orientation: int) -> bytes:
    assert plain[12:16] == b"VP8X", "Chromium writes an extended file, with a profile"
    body = bytearray(plain[12:])
    body[8] |= 0x0C
    for name, data in ((b"EXIF", exif(orientation)), (b"XMP ", CANARY), (b"zzzz", CANARY)):
        body += name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body + CANARY


def gif() -> bytes:
    """Two frames, of four points each, with comments."""
    start = b"GIF89a" + struct.pack("<HHBBB", 2, 2, 0x80, 0, 0) + bytes([200, 0, 0, 0, 0, 200])
    frame = b"\x21\xf9\x04\0\x0a\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 2, 2, 0) + b"\x02\x03\x44\x02\x05\0"
    comment = b"\x21\xfe" + bytes([len(CANARY)]) + CANARY + b"\0"
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(CANARY)]) + CANARY + b"\0"
    loops = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    return start + loops + comment + frame + xmp + frame + b"\x3b" + CANARY
