"""Which languages a text is in (Compact Language Detector 2, through pycld2)."""

from __future__ import annotations

import pycld2

LONGEST = 100_000  # characters looked at
SHARE = 10  # percent of the text below which a further language is left out
ENGLISH = "en"


def found_languages(text: str, declared: str | None = None) -> tuple[str, ...]:
    """Two-letter codes of the languages of ``text``, the most used first.

    ``declared`` (BCP 47) decides when the text is too short to tell; without it such a text is taken for English.
    """
    head = "".join(c for c in text[:LONGEST] if c.isprintable() or c in "\n\t")
    head = head.encode("utf-8", "ignore").decode("utf-8")
    given = declared.split("-")[0].lower() if declared else None
    try:
        _, _, details = pycld2.detect(head, isPlainText=True, bestEffort=True)
    except pycld2.error:
        details = ()
    codes = [str(code).split("-")[0] for _, code, percent, _ in details if code != "un" and percent >= SHARE]
    if not codes or len(head) < 40:
        codes = [given or (codes[0] if codes else ENGLISH)]
    return tuple(dict.fromkeys(codes))
