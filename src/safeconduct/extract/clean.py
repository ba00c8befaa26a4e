"""Text as the rules read it, and the way back: every character of the clean text knows where it came from."""

from __future__ import annotations

import html
import re
import unicodedata
from array import array

from ..claims.places import simplified

_ONE_TO_ONE = {
    "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u3000": " ", "\t": " ", "\x0b": " ", "\x0c": " ",
    "\u2028": "\n", "\u2029": "\n",
    "’": "'", "‛": "'", "`": "'", "´": "'", "‚": "'", "„": "“", "«": "“", "‹": "“", "「": "“", "『": "“", "《": "“", "»": "”",
    "›": "”", "」": "”", "』": "”", "》": "”", "‐": "-", "‑": "-", "−": "-", "‒": "–", "﹣": "-", "İ": "I", "。": "。",
    "，": "，",
    "：": ":", "；": "；", "（": "(", "）": ")", "？": "？", "！": "！", "、": "、", "·": "·", "…": "…",
}  # fmt: skip
_GONE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_OTHER_LENGTH = re.compile(
    rf"[{_GONE}]|[\ufb00-\ufb06]|&(?:[a-zA-Z]{{2,8}}|#\d{{1,6}}|#x[0-9a-fA-F]{{1,5}});|(?<=[a-zà-ÿ])-\r?\n(?=[a-zà-ÿ])|\r\n"
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


class _Letters(dict[int, str]):
    """Character → the one character it is read as, worked out once for each."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        found = _ONE_TO_ONE.get(char)
        if found is None:
            found = simplified(char) if _HAN.match(char) else unicodedata.normalize("NFKC", char)
            found = found if len(found) == 1 and len(found.lower()) == 1 else char if len(char.lower()) == 1 else "\ufffd"
        self[code] = found
        return found


_LETTERS = _Letters()


class Clean:
    """``text`` as read: straight apostrophes, simple spaces, simplified Chinese, nothing invisible; ``low`` in lower case.

    Both have one character for each character read; ``span`` leads back to the text as given.
    """

    def __init__(self, given: str) -> None:
        self._starts: array[int] | None = None
        self._ends: array[int] | None = None
        if _OTHER_LENGTH.search(given):
            given = self._shortened(given)
        self.text = given.translate(_LETTERS)
        self.low = self.text.lower()

    def _shortened(self, given: str) -> str:
        """``given`` without what is invisible, entities and ligatures as their characters; remembers the offsets."""
        starts, ends, parts, at = array("q"), array("q"), [], 0
        for match in _OTHER_LENGTH.finditer(given):
            parts.append(given[at : match.start()])
            starts.extend(range(at, match.start()))
            ends.extend(range(at + 1, match.start() + 1))
            raw = match.group()
            put = "\n" if raw == "\r\n" else html.unescape(raw) if raw[0] == "&" else unicodedata.normalize("NFKC", raw)
            put = "" if raw[0] == "-" or re.fullmatch(f"[{_GONE}]", raw) else put
            parts.append(put)
            starts.extend([match.start()] * len(put))
            ends.extend([match.end()] * len(put))
            at = match.end()
        parts.append(given[at:])
        starts.extend(range(at, len(given)))
        ends.extend(range(at + 1, len(given) + 1))
        self._starts, self._ends = starts, ends
        return "".join(parts)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as given of ``text[start:end]``, a stretch that is not empty."""
        if self._starts is None or self._ends is None:
            return start, end
        return self._starts[start], self._ends[end - 1]
