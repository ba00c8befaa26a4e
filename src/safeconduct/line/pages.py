"""The pages of the line, as bytes: the reporter's page, the form that works without the internet, a sheet to print.

Pure: a language, a roster and settings in, the same bytes out. Nothing here is written by a reporter, and nothing here
encrypts: that happens in the browser (``browser/``), whose bundle the build puts into ``static/line.js``.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import jinja2
import segno
from markupsafe import Markup

from ..envelope import header_limit, padded, sealed_size, unb64, words
from ..envelope.parcel import PREFIX
from ..envelope.roster import MOST_RECIPIENTS

TEXTS = (
    "title skip leave wiped metadata_removed metadata_unknown remove_file words_place words_wrong words_bad "
    "empty_report working sending sent what when where risk contact from_us from_you not_genuine mailbox_none "
    "mailbox_empty deleted error_network error_busy error_too_large error_full error_pass error_roster error_other"
).split()  # what the script says by itself
ICON = base64.b64decode(  # one point that cannot be seen: a mark would stand beside the address in a browser's history
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAAAnRSTlMAAHaTzTgAAAAKSURBVHjaY2AAAAACAAHlJ978AAAAAElFTkSuQmCC"
)
DEFAULT = "en"  # the language the others are translated from


@dataclass(frozen=True)
class Settings:
    """``leave_to``: where "Leave this page now" leads. A page of another site would be asked for at the very moment somebody
    is in a hurry to hide, and would stand in the browser's history right after ours; an empty page asks nobody."""

    leave_to: str = "about:blank"


@functools.cache
def languages() -> Mapping[str, Mapping[str, Any]]:
    """The languages the pages are offered in, by code: those that have every sentence of the English one."""
    folder = files(__package__) / "languages"
    found = {
        f.name.removesuffix(".json"): json.loads(f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith(".json")
    }
    return {code: found[code] for code in sorted(found) if found[code].keys() >= found[DEFAULT].keys()}


def static() -> dict[str, tuple[str, bytes]]:
    """What the page asks for besides itself: name, media type and bytes."""
    return {
        "line.css": ("text/css; charset=utf-8", _style()),
        "line.png": ("image/png", ICON),
        "line.js": ("text/javascript; charset=utf-8", _script()),
    }


def published() -> str:
    """The SHA-256 that the script must have: anybody can build it from the sources, and compare it with a live address."""
    return (files(__package__) / "bundle.sha256").read_text("ascii").split()[0]


def page(language: str, roster: str, settings: Settings | None = None) -> bytes:
    """The reporter's page in one language. ``roster``: the text of the signed roster file."""
    codes = [language, *(code for code in languages() if code != language)]
    return _render("page.html.j2", codes, roster, settings, portable=False, integrity=f"sha256-{_hash(_script())}")


def form(roster: str, codes: Sequence[str] = (), settings: Settings | None = None) -> bytes:
    """The form that works without the internet: one file with everything inside, in these languages (else in all)."""
    style, script = _style().decode(), _script().decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{_hash(script.encode())}'; style-src 'sha256-{_hash(style.encode())}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    ordered = list(codes) or [DEFAULT, *(code for code in languages() if code != DEFAULT)]
    inside = {"style": Markup(style), "script": Markup(script), "policy": policy}  # noqa: S704  # ours, and hashed in the policy
    return _render("page.html.j2", ordered, roster, settings, portable=True, **inside)


def done(language: str, settings: Settings | None = None) -> bytes:
    """An empty page to come to when the reporter's page was cleared."""
    return _render("plain.html.j2", [language], None, settings, said="wiped")


def uploaded(language: str, accepted: bool, settings: Settings | None = None) -> bytes:
    """The answer to a locked file that was sent without scripts."""
    return _render("plain.html.j2", [language], None, settings, said="upload_done" if accepted else "upload_bad")


def paper(language: str, roster: str, settings: Settings | None = None, *, alone: bool = False) -> bytes:
    """Instructions to print and hand out: where, the six words, what to heed. ``alone``: with its style inside."""
    signed = json.loads(json.loads(roster)["signed"])
    addresses = [{"text": one, "qr": _qr(one)} for one in signed["addresses"]]
    fingerprint = words.fingerprint(unb64(signed["signer"], 32))
    six = [{"text": word, "number": words.word_list().index(word) + 1} for word in fingerprint]
    style = Markup(_style().decode())  # noqa: S704  # ours
    inside = {"addresses": addresses, "six": six, "alone": alone, "style": style}
    return _render("paper.html.j2", [language], roster, settings, **inside)


def _qr(text: str) -> Markup:
    """A QR code as inline SVG without styles, for an address that people photograph from paper."""
    return Markup(segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=2))  # noqa: S704  # made of squares


def _render(template: str, codes: Sequence[str], roster: str | None, settings: Settings | None, **more: Any) -> bytes:
    inside: dict[str, Any] = json.loads(json.loads(roster)["signed"]) if roster else {"organisation": "", "limit": 0}
    values = {"{organisation}": inside["organisation"], "{limit}": str(_room(inside["limit"]))}
    spoken = [{"code": code, **{key: _filled(text, values) for key, text in languages()[code].items()}} for code in codes]
    shown = spoken if more.get("portable") else spoken[:1]
    context = {
        "first": spoken[0],
        "languages": spoken,
        "shown": shown,
        "roster": roster,
        "texts": TEXTS,
        "portable": False,
        **more,
    }
    html = _templates().get_template(template).render(leave_to=(settings or Settings()).leave_to, **context)
    return html.encode()


def _room(limit: int) -> int:
    """The megabytes of files that fit into the largest parcel, together with a long text and the padding."""
    sizes = range(limit >> 20, 0, -1)
    head = PREFIX + header_limit(MOST_RECIPIENTS)
    return next((mega for mega in sizes if head + sealed_size(padded((mega << 20) + 65536)) <= limit), 0)


def _filled(text: Any, values: Mapping[str, str]) -> Any:
    for place, value in values.items():
        text = text.replace(place, value) if isinstance(text, str) else text
    return text


@functools.cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FunctionLoader(lambda name: (files(__package__) / "templates" / name).read_text("utf-8"))
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)


@functools.cache
def _style() -> bytes:
    return (files(__package__) / "templates" / "line.css").read_bytes()


@functools.cache
def _script() -> bytes:
    return (files(__package__) / "static" / "line.js").read_bytes()


def _hash(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
