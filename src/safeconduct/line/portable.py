"""What is handed out as files: the form that works without the internet, with its signature, and the sheet to print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from safeconduct.envelope import Refused, b64, read_json, sha256, sign, unb64, verify
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.wire import keys

from . import pages
from .refusals import LineError
from .server import load_roster

CONTEXT = "form"
SUFFIX = ".sig"


@dataclass(frozen=True)
class Written:
    """What was written: the file, its size and hash, and the signature's file and signer where it was signed."""

    file: str
    bytes: int
    sha256: str
    signature: str = ""
    signer: str = ""


def write(out: Path, roster: Path, languages: Sequence[str], leave_to: str, key: Key | None) -> Written:
    """Write the form of a roster.

    Raises:
        LineError: the roster is not good, a language is not offered, or the key is not that of the roster's signer.
    """
    found, data = load_roster(roster.parent, roster.name)
    _offered(languages)
    if key is not None and (key.kind != "organisation" or key.verifying != found.signer):
        raise LineError("The key is not the one that signed the roster; a form is signed by the same organisation.")
    body = pages.form(data.decode(), languages, pages.Settings(leave_to))
    out.write_bytes(body)
    digest = sha256(body).hex()
    if key is None:
        return Written(str(out), len(body), digest)
    beside = out.with_name(out.name + SUFFIX)
    signed = {"signer": b64(key.verifying), "signature": b64(sign(key.signing, CONTEXT, body))}
    beside.write_text(json.dumps(signed) + "\n", encoding="utf-8")
    return Written(str(out), len(body), digest, str(beside), b64(key.verifying))


def sheet(out: Path, roster: Path, language: str) -> None:
    """Write the instructions to print. Raises LineError: the roster is not good, or the language is not offered."""
    _, data = load_roster(roster.parent, roster.name)
    _offered([language])
    out.write_bytes(pages.paper(language, data.decode(), alone=True))


def _offered(languages: Sequence[str]) -> None:
    if unknown := sorted(set(languages) - set(pages.languages())):
        raise LineError(f"The pages are not offered in {unknown[0]}; there are {', '.join(pages.languages())}.")


def check(file: Path, roster: Path) -> str:
    """The signer of a form.

    Raises:
        LineError: there is no signature, it is wrong, or of another organisation than the roster's.
    """
    found, _ = load_roster(roster.parent, roster.name, expired=True)
    beside = file.with_name(file.name + SUFFIX)
    try:
        given = keys(read_json(beside.read_bytes()), ("signer", "signature"))
        if unb64(given["signer"], 32) != found.signer:
            raise LineError(f"{file} was signed by another organisation than that of the roster; do not use it.")
        verify(found.signer, CONTEXT, file.read_bytes(), unb64(given["signature"], 64))
    except OSError as error:
        raise LineError(f"{beside} cannot be read; the signature lies beside the form.") from error
    except Refused as error:
        raise LineError(f"{file} is not what was signed ({error}); do not use it.") from error
    return b64(found.signer)
