"""What travels as text: base64url and JSON, read strictly. Every room of the line refuses with the same error."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection
from datetime import date
from typing import Any, NoReturn


class Refused(ValueError):
    """Something that is not what the protocol asks for; the message is one sentence and holds nothing that was sealed."""


def b64(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: object, size: int | None = None) -> bytes:
    """The bytes of a base64url text without padding, of ``size`` bytes; refused when it is not written exactly as b64 does."""
    if not isinstance(text, str) or not text.isascii():
        raise Refused("A base64url text was expected.")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("A text is not base64url.") from None
    if b64(data) != text or (size is not None and len(data) != size):
        raise Refused("A base64url text has the wrong length or form.")
    return data


def read_json(data: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8; refused when a key stands twice, a number is not one, or it is no object."""
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
        if isinstance(found, dict):
            return found
    except Refused:
        raise
    except (ValueError, RecursionError):
        pass
    raise Refused("A JSON object was expected.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("A key stands twice in a JSON object.")
    return found


def _no_number(name: str) -> NoReturn:
    raise Refused(f"{name} is not JSON.")


def keys(found: object, wanted: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """The object, with exactly the keys of ``wanted`` and perhaps those of ``optional``: version 1 is closed."""
    if not isinstance(found, dict):
        raise Refused("A JSON object was expected.")
    if missing := sorted(set(wanted) - set(found)):
        raise Refused(f"{missing[0]} is missing.")
    if set(found) - set(wanted) - set(optional):
        raise Refused("There is a key that version 1 of the protocol does not know; a newer Safeconduct may read it.")
    return found


def text(found: object, most: int) -> str:
    """A text of at most ``most`` characters. Half a character, which a browser may leave of one, becomes U+FFFD."""
    if not isinstance(found, str) or len(found) > most:
        raise Refused(f"A text of at most {most} characters was expected.")
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number(found: object, least: int, most: int) -> int:
    """A whole number between two others."""
    if type(found) is not int or not least <= found <= most:
        raise Refused(f"A whole number from {least} to {most} was expected.")
    return found


def items(found: object, most: int) -> list[Any]:
    """A list of at most ``most``."""
    if not isinstance(found, list) or len(found) > most:
        raise Refused(f"A list of at most {most} was expected.")
    return found


def day(found: object) -> date:
    """A day written 2026-11-26."""
    try:
        if isinstance(found, str) and len(found) == 10 and (read := date.fromisoformat(found)).isoformat() == found:
            return read
    except ValueError:
        pass
    raise Refused("A day such as 2026-11-26 was expected.")
