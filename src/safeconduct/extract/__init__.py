"""Claims proposed from a text by rules and a small model: a text in, grounded proposals out; the same text, the same claims."""

from __future__ import annotations

from dataclasses import dataclass

from ..claims.collecting import uncollected
from .engine import run
from .grounding import Proposal, ground, text_id
from .language import found_languages, passages
from .pack import LANGUAGES, load
from .repeats import repeats

EXTRACTOR = "rules+model/15"  # name and version, stored with each proposal
RULES = "rules/12"  # the same without the model


@dataclass(frozen=True)
class Context:
    """What is known of the source: when it was ``published`` (EDTF), its publisher, and its language (BCP 47). ``rules_only``:
    read it without the model, which is several times as fast."""

    published: str | None = None
    publisher: str | None = None
    language: str | None = None
    rules_only: bool = False


@dataclass(frozen=True)
class Extraction:
    """Proposals ordered by start, end, kind and id; how many the grounding gate refused; which languages were read."""

    proposals: tuple[Proposal, ...]
    dropped: int
    languages: tuple[str, ...]
    unsupported: tuple[str, ...]


def extract(text: str, context: Context = Context()) -> Extraction:
    """The claims that rules and the model find. No text makes it raise; languages without a pack are only reported."""
    found = found_languages(text, context.language)
    known = tuple(code for code in found if code in LANGUAGES)
    name = text_id(text)
    with uncollected():  # a sentence leaves nothing behind that refers to itself
        proposals = [
            p for code, own in passages(text, known).items()
            for p in run(own, name, load(code), context.published, context.rules_only)
        ]  # fmt: skip
    kept, dropped = ground(text, proposals)
    return Extraction(kept, dropped, known, tuple(code for code in found if code not in LANGUAGES))


__all__ = ["EXTRACTOR", "RULES", "Context", "Extraction", "Proposal", "extract", "ground", "repeats"]
