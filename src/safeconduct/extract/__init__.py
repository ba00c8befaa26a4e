"""Claims proposed from a text by rules: a text in, grounded proposals out; the same text gives the same claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .engine import run
from .grounding import Proposal, ground, text_id
from .language import CHINESE, found_languages, passages
from .pack import LANGUAGES, load
from .repeats import repeats
from .zh import run_chinese

EXTRACTOR = "rules/1"  # name and version, stored with each proposal


@dataclass(frozen=True)
class Context:
    """What is known of the source: when it was ``published`` (EDTF), its publisher, and its language (BCP 47)."""

    published: str | None = None
    publisher: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Extraction:
    """Proposals ordered by start, end, kind and id; how many the grounding gate refused; which languages were read."""

    proposals: tuple[Proposal, ...]
    dropped: int
    languages: tuple[str, ...]
    unsupported: tuple[str, ...]


def extract(text: str, context: Context = Context()) -> Extraction:
    """The claims that rules find in ``text``. No text makes it raise; languages without a pack are only reported."""
    found = found_languages(text, context.language)
    known = tuple(code for code in found if code in LANGUAGES)
    name = text_id(text)
    proposals = [p for code, own in passages(text, known).items() for p in _read(code, own, name, context.published)]
    kept, dropped = ground(text, proposals)
    return Extraction(kept, dropped, known, tuple(code for code in found if code not in LANGUAGES))


def _read(code: str, text: str, name: str, published: str | None) -> Iterator[Proposal]:
    """What the reading path of a language proposes; Chinese, which has no spaces, has its own."""
    return run_chinese(text, name, published) if code == CHINESE else run(text, name, load(code), published)


__all__ = ["EXTRACTOR", "Context", "Extraction", "Proposal", "extract", "ground", "repeats"]
