"""The Jinja environment of the site: templates, and the helpers they use to put claims into words and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from safeconduct.claims import asserter_name, the_country
from safeconduct.register import Source, Statement

from . import labels, words
from .extracts import visible
from .index import Index
from .names import authority, capital, heading, in_country, party_words
from .when import date_in_words

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Voice:
    """One asserter and the claims in which it says a thing, in the order in which they were said."""

    name: str
    stance: str
    statements: tuple[Statement, ...]


class _Compiled(BytecodeCache):
    """Templates compiled earlier in this process; nothing goes to disk."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def environment(index: Index) -> Environment:
    """A Jinja environment whose templates know the publication. Autoescape is on for every template."""
    env = Environment(
        loader=PackageLoader("safeconduct.publish", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, bytecode_cache=_COMPILED,
    )
    helpers = Helpers(index)
    env.filters.update(date=date_in_words, visible=visible, capital=capital, amount=amount_text)
    env.globals.update(
        h=helpers, index=index, publication=index.publication, register=index.register, labels=labels, policy=POLICY,
        as_of=date_in_words(index.register.as_of.isoformat()), heading=heading, in_country=in_country,
        the_country=the_country, party=party_words, authority=authority,
        notice=notice(index), canonical_base=(index.publication.base_url or "").rstrip("/"),
    )
    return env


def notice(index: Index) -> str | None:
    """The sentence that every page carries when nobody has checked what it says."""
    publication = index.publication
    if publication.sample:
        return (
            "A sample made of the project’s own summaries. No person reviewed it. It is not evidence: cite the "
            "original source, never this page."
        )
    if not publication.reviewed or index.register.include_proposed:
        return (
            "No person reviewed this register: its claims were accepted by script, or include proposals that nobody "
            "has decided on. Read the quote before you rely on a sentence."
        )
    return None


def amount_text(value: int | float) -> str:
    """A number as the site writes it: 230000 → "230,000"."""
    return str(words.Amount(value))


class Helpers:
    """What templates call as ``h``."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def statement(self, claim: str) -> Statement:
        """The statement of a claim id."""
        return self.index.by_id[claim]

    def statements(self, claims: Iterable[str]) -> list[Statement]:
        """The statements of claim ids, those that are not published left out."""
        return [self.index.by_id[c] for c in claims if c in self.index.by_id]

    def link(self, root: str, claim: str) -> str:
        """The address of a claim, from a page whose way up is ``root``."""
        return root + self.index.address(claim)

    def number(self, value: int | float, claims: Iterable[str]) -> Markup:
        """A number that rests on claims."""
        plain = words.Amount(value)
        ids = escape(" ".join(claims))
        return Markup(f'<data value="{plain.value}" data-claims="{ids}">{plain}</data>')  # noqa: S704 (numbers)

    def counted(self, count: int, claims: Iterable[str]) -> Markup:
        """A count of people, resting on those of the claims that give it."""
        return self.number(count, [s.claim.id for s in self.statements(claims)
                                   if getattr(s.claim.slots, "count", None) == count])

    def total(self, name: str, value: int) -> Markup:
        """A count of the publication itself, such as how many claims there are."""
        return Markup('<data value="{}" data-count="{}">{}</data>').format(value, name, words.Amount(value))

    def sentence(self, statement: Statement) -> Markup:
        """The attributed sentence, its numbers marked with the claim."""
        claim = statement.claim
        pieces = words.sentence_parts(claim, words.publisher_of(statement.source))
        return Markup("").join(
            self.number(p.value, [claim.id]) if isinstance(p, words.Amount) else visible(p) for p in pieces
        )

    def badge(self, statement: Statement) -> tuple[str, str, str]:
        """Shape, words and style name."""
        return words.badge(statement)

    def asserter(self, statement: Statement) -> str:
        """Who says it."""
        return visible(asserter_name(statement.claim.attribution.asserted_by, words.publisher_of(statement.source)))

    def via(self, statement: Statement) -> str:
        """Through whom, or an empty text."""
        publisher = words.publisher_of(statement.source)
        return visible(", ".join(asserter_name(v, publisher) for v in statement.claim.attribution.via))

    def voices(self, claims: Iterable[str]) -> Iterator[Voice]:
        """Claims grouped by who asserts or denies, in the order of their first words."""
        found: dict[tuple[str, str], list[Statement]] = {}
        for s in self.statements(claims):
            found.setdefault((self.asserter(s), s.claim.attribution.stance), []).append(s)
        for (name, stance), said in found.items():
            yield Voice(name, stance, tuple(said))

    def lang(self, source: Source) -> str | None:
        """The source's language when it is a well-formed tag."""
        tag = source.language or ""
        return tag if _LANGUAGE.fullmatch(tag) else None

    def title(self, source: Source) -> str:
        """The source's title, else its document name."""
        return visible(source.title or self.index.docs[source.id])

    def url(self, source: Source) -> str | None:
        """The source's address when it is a web address that can be followed."""
        try:
            parts = urlsplit(source.url or "")
        except ValueError:
            return None
        fine = parts.scheme in ("http", "https") and parts.netloc and not re.search(r"[\s\x00-\x20\x7f]", source.url or "")
        return source.url if fine else None

    def quote(self, statement: Statement) -> tuple[str, str, str]:
        """The quote in three parts: before the member of a list that the claim is about, the member, after it."""
        claim = statement.claim
        if not claim.anchor:
            return visible(claim.quote), "", ""
        left, right = claim.anchor[0] - claim.start, claim.anchor[1] - claim.start
        return visible(claim.quote[:left]), visible(claim.quote[left:right]), visible(claim.quote[right:])

    def label(self, kind: str, slot: str, value: str) -> str:
        """The readable label of a closed-list value."""
        return labels.label(kind, slot, value)
