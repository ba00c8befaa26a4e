"""Which language a text is in, by its own words (Compact Language Detector 2) and by what it declares."""

from __future__ import annotations

import re

import pycld2

from .han import SIMPLIFIED_ONLY, TRADITIONAL_ONLY

_SAMPLE = 20_000  # characters
_CERTAIN_BYTES = 200  # of text, before a detection may overrule a declaration
_RENAMED = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "tl": "fil",
    "zh-TW": "zh-Hant",
    "nb": "no",
    "nn": "no",
}
_NEAR = (
    {"sr", "hr", "bs", "sh", "cnr"},
    {"id", "ms"},
    {"no", "da"},
    {"gl", "pt"},
    {"ug", "uz", "kk"},
    {"hi", "ne", "mr"},
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_TRADITIONAL_REGIONS = ("tw", "hk", "mo")


def detect_language(text: str) -> tuple[str, bool] | None:
    """The language of ``text`` as BCP 47 (zh-Hans or zh-Hant for Chinese) and whether it is beyond doubt, or None.

    None stands for too little text or an unreliable answer.
    """
    sample = _CONTROLS.sub(" ", text[:_SAMPLE])
    sample = "".join(c for c in sample if ord(c) & 0xFFFE != 0xFFFE)
    try:
        reliable, size, ranking = pycld2.detect(sample.encode("utf-8"), isPlainText=True)
    except pycld2.error:
        return None
    _, code, percent, _ = ranking[0]
    if not reliable or code == "un" or code.startswith("x"):
        return None
    language = chinese_script(text) if code.startswith("zh") else _RENAMED.get(code, code.partition("-")[0])
    return language, size >= _CERTAIN_BYTES and percent >= 90


def chinese_script(text: str) -> str:
    """zh-Hans or zh-Hant, by which characters that exist in only one of the two prevail."""
    simplified = sum(c in SIMPLIFIED_ONLY for c in text[:_SAMPLE])
    traditional = sum(c in TRADITIONAL_ONLY for c in text[:_SAMPLE])
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def declared_language(tag: str, text: str) -> str | None:
    """A language tag cut to its primary subtag; Chinese gets its script from the tag, its region or the text."""
    parts = tag.strip().lower().replace("_", "-").split("-")
    if not re.fullmatch(r"[a-z]{2,3}", parts[0]) or parts[0] in ("und", "mul", "zxx"):
        return None
    if parts[0] != "zh":
        return _RENAMED.get(parts[0], parts[0])
    if "hant" in parts or ("hans" not in parts and any(region in parts for region in _TRADITIONAL_REGIONS)):
        return "zh-Hant"
    return "zh-Hans" if len(parts) > 1 else chinese_script(text)


def choose_language(declared: str | None, text: str) -> tuple[str | None, str | None, str | None]:
    """The language, how it was found, and a note if the text contradicts ``declared`` beyond doubt."""
    said = declared_language(declared, text) if declared else None
    found = detect_language(text)
    if said is None:
        return (found[0], f"pycld2/{pycld2.__version__}", None) if found else (None, None, None)
    if found is None or not found[1] or _same(said, found[0]):
        return said, "html lang", None
    note = f"declared language {declared} contradicted; the text is in {found[0]}"
    return found[0], f"pycld2/{pycld2.__version__}", note


def _same(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _NEAR)
