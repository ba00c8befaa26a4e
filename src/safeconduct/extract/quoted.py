"""Bodies named in quotation marks beside a word for such, in a language without capitals ("组织“边界之外”")."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence

from ..claims import slugify
from .tokens import Token, made

LONGEST = 6  # tokens of a name
NO_NAME = frozenset("OMSGT")  # kinds that are known already
CALLED = (("org_intro", "O"), ("media_intro", "M"))


def quoted_bodies(tokens: list[Token], text: str, alias: MutableMapping[str, tuple[str, str]]) -> list[Token]:
    """The tokens with one for each such body. ``alias`` holds, and learns, the bodies named before: name → kind, slug."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        end = _closes(tokens, i, text)
        name = text[tokens[i].start : tokens[end - 1].end] if end else ""
        kind, last = _called(tokens, i, end, out) if end else ("", 0)
        if not kind and name in alias:
            kind, last = alias[name][0], end
        if kind:
            slug = alias.setdefault(name, (kind, slugify(name)))[1]
            out.append(made(kind, tokens[i:last], slug=slug))
            i = last
        else:
            out.append(tokens[i])
            i += 1
    return out


def _closes(tokens: Sequence[Token], i: int, text: str) -> int:
    """The index after a short name in quotation marks that opens at ``i``; 0 when none does."""
    if not tokens[i].start or text[tokens[i].start - 1] != "“":
        return 0
    for j in range(i, min(i + LONGEST, len(tokens))):
        if tokens[j].kind in NO_NAME:
            return 0
        if text[tokens[j].end : tokens[j].end + 1] == "”":
            return j + 1
    return 0


def _called(tokens: Sequence[Token], i: int, end: int, out: Sequence[Token]) -> tuple[str, int]:
    """The kind of a quoted body and the index after it, when a word for such a body stands right beside it."""
    for tag, kind in CALLED:
        if out and tag in out[-1].keys and tokens[i].start - out[-1].end == 1:
            return kind, end
        j = end
        if j < len(tokens) and tokens[j].form == "(":
            j = next((k + 1 for k in range(j, min(j + LONGEST, len(tokens))) if tokens[k].form == ")"), j)
        if j < len(tokens) and tag in tokens[j].keys and tokens[j].start - tokens[j - 1].end <= 1:
            return kind, j + 1
    return "", end
