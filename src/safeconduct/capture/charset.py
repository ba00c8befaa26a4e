"""Bytes to text when nobody can be trusted about the encoding.

Every plausible decoding is tried: byte order mark, UTF-8, what is declared, what charset_normalizer guesses, GB18030,
Big5, UTF-16, Windows-1252 and the Cyrillic ones. Among those that decode without error the most plausible text wins,
judged by how its non-ASCII characters are distributed: frequent Chinese characters against rare and private-use ones,
accents inside Latin words against runs of them, lower-case Cyrillic against inverted case. A declaration is worth a
small advantage, not a victory. Labels mean what the WHATWG Encoding Standard says they do (gb2312 and gbk are GB18030,
latin-1 is Windows-1252).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from .model import CaptureError
from .plausibility import plausibility
from .sniffing import utf16_byte_order

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BIG5 = ("big5", "cp950", "big5hkscs")
_LABELS: dict[str, tuple[str, ...]] = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "gb18030": ("gb18030",),
    "big5": _BIG5,
    "cp950": _BIG5,
    "big5hkscs": _BIG5,
    "iso8859-1": ("cp1252",),
    "ascii": ("cp1252",),
    "iso8859-9": ("cp1254",),
    "iso8859-11": ("cp874",),
    "tis-620": ("cp874",),
    "euc_kr": ("cp949",),
    "shift_jis": ("cp932",),
    "utf-16": ("utf-16-le", "utf-16-be"),
    "utf-8-sig": ("utf-8",),
}
_ALIASES = {"x-gbk": "gbk", "gb_2312-80": "gb2312", "x-sjis": "shift_jis", "windows-31j": "cp932", "utf8mb4": "utf-8"}
_ALWAYS = (
    ("gb18030",),
    _BIG5,
    *((codec,) for codec in ("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1251", "koi8-r", "cp1256")),
)
_GUESSES = re.compile(
    r"utf_(?:8|16|32).*|gb.*|big5.*|cp(?:125\d|874|93[26]|949|950)|iso8859_(?:[125-9]|15)|koi8_[ru]|"
    r"euc_\w+|shift_jis\w*|johab|hz|tis_620"
)  # what documents are in, not what terminals used
_REFUSED = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"}  # no charset of documents
_META = re.compile(
    rb"""<(?:meta\b[^>]{0,500}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I
)
_PARAMETER = re.compile(r"""\bcharset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
_CONTROLS = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")

_DECLARED_BONUS, _DETECTED_BONUS, _WESTERN_BONUS, _BLIND_UTF16 = 0.35, 0.05, 0.06, -0.4
_GUESS_BYTES = 32 * 1024
_JUDGED = 20_000  # characters looked at to tell text from other bytes
_FOREIGN = 0.3  # share of non-ASCII characters from which they must make sense


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding it was in (as a WHATWG label where there is one), and what to tell a reviewer."""

    text: str
    encoding: str
    notes: tuple[str, ...]


def charset_of(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type header, or None."""
    match = _PARAMETER.search(content_type or "")
    return match[1] if match else None


def meta_charset(data: bytes) -> str | None:
    """The encoding an HTML or XML document declares in its first 4096 bytes, or None."""
    match = _META.search(data[:4096])
    return match[1].decode("ascii") if match else None


def decode(data: bytes, declared: Sequence[str | None] = (), what: str = "it") -> Decoded:
    """Decode ``data``, given the encodings that headers and the document ``declared``, most trusted first.

    A byte order mark stays in the text as U+FEFF. Raises CaptureError if no decoding gives anything like text.
    """
    said = [label for label in declared if label]
    text, codec, wrong = _decide(data, said, what)
    notes = [
        f"declared charset {label} contradicted; read as {_label(codec)}"
        for label in dict.fromkeys(said)
        if not data.isascii() and codec not in _codecs(label)
    ]
    if wrong:
        notes.append(f"{wrong} bytes could not be decoded as {_label(codec)} and stand as U+FFFD")
    if len(_CONTROLS.findall(text[:_JUDGED])) * 50 > min(len(text), _JUDGED) and (codec != "utf-8" or "\0" in text):
        raise CaptureError(f"{what} is not text in any encoding known here; convert it to UTF-8 or leave it out.")
    return Decoded(text, _label(codec), tuple(notes))


def _decide(data: bytes, said: list[str], what: str) -> tuple[str, str, int]:
    """The text, its Python codec, and how many characters had to be replaced."""
    for mark, codec in _BOMS:
        if data.startswith(mark) and (text := _strict(data, codec)) is not None:
            return text, codec, 0
    utf8 = _strict(data, "utf-8")
    wide = utf16_byte_order(data[:4096])
    if utf8 is not None and not (wide and "\0" in utf8):
        seven_bit = [c for label in said for c in _codecs(label) if c.startswith(("iso2022", "hz"))]
        for codec in seven_bit:
            if data.isascii() and (b"\x1b" in data or b"~{" in data) and (text := _strict(data, codec)) is not None:
                return text, codec, 0
        return utf8, "utf-8", 0
    best: tuple[float, str, str, int] | None = None
    for family, bonus in _families(data, said, wide):
        found = next(((t, c, 0) for c in family if (t := _strict(data, c)) is not None), None)
        if found is None:
            text = data.decode(family[0], "replace")
            found = (text, family[0], text.count("\ufffd"))
        text, codec, wrong = found
        score = plausibility(text) + bonus
        if best is None or score > best[0]:
            best = (score, text, codec, wrong)
    assert best is not None
    if best[0] < 0 and sum(char > "\x7f" for char in best[1][:_JUDGED]) > _FOREIGN * min(len(best[1]), _JUDGED):
        raise CaptureError(f"{what} is not text in any encoding known here; convert it to UTF-8 or leave it out.")
    return best[1:]


def _families(data: bytes, said: list[str], wide: str | None) -> Iterator[tuple[tuple[str, ...], float]]:
    """Codecs to try with the advantage each has; of a family, the first that decodes is taken."""
    done: set[tuple[str, ...]] = set()
    guess = _guess(data)
    families = [(_codecs(label), _DECLARED_BONUS) for label in said]
    families.append((("utf-8",), 0.0))
    if guess:
        families.append((_codecs(guess), _DETECTED_BONUS))
    if wide:
        families.append(((wide,), 1.0))
    if len(data) % 2 == 0:
        families += [(("utf-16-le",), _BLIND_UTF16), (("utf-16-be",), _BLIND_UTF16)]
    families += [(family, _WESTERN_BONUS if family == ("cp1252",) else 0.0) for family in _ALWAYS]
    for family, bonus in families:
        if family and family not in done:
            done.add(family)
            yield family, bonus


def _codecs(label: str) -> tuple[str, ...]:
    """The Python codecs a charset label stands for; none if it is unknown or unsafe."""
    name = label.strip().lower()
    try:
        info = codecs.lookup(_ALIASES.get(name, name))
    except (LookupError, ValueError):
        return ()
    if info.name in _REFUSED or not getattr(info, "_is_text_encoding", True):
        return ()
    return _LABELS.get(info.name, (info.name,))


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _guess(data: bytes) -> str | None:
    """charset_normalizer's best guess from the first part of ``data``, cut where no character is cut."""
    sample = data[:_GUESS_BYTES]
    if len(data) > _GUESS_BYTES:
        cut = max(sample.rfind(b"\n"), sample.rfind(b" "), sample.rfind(b">"))
        sample = sample[: cut + 1] or sample
    best = from_bytes(sample).best()
    return best.encoding if best and _GUESSES.fullmatch(best.encoding) else None


def _label(codec: str) -> str:
    if codec in ("cp949", "cp932", "cp950", "cp874"):
        return {"cp949": "euc-kr", "cp932": "shift_jis", "cp950": "big5", "cp874": "windows-874"}[codec]
    if codec.startswith("utf-16"):
        return codec.replace("utf-16-", "utf-16")
    return {"big5hkscs": "big5-hkscs"}.get(codec, codec.replace("cp125", "windows-125").replace("iso8859", "iso-8859"))
