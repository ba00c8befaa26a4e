"""First pass: words become numbers, countries, cities, organs, organisations, media and unknown names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from ..claims import City, cities, slugify
from ..claims.places import countries, country_name, fold
from .numbers import number_at
from .pack import Pack, expand, normal
from .proper import proper_body
from .tokens import Member, Token, entity

TOWN = 15_000  # smallest population a city named in running text is taken for, unless curated
KNOWN_CITY = 250_000  # from this population on, no preposition is needed before the name
LONGEST_NAME = 9  # words

Entry = tuple[str, Mapping[str, Any]]


@cache
def _dictionary(pack: Pack) -> tuple[Mapping[tuple[str, ...], Entry], frozenset[str]]:
    """Word tuples → class and data, and the words any of them starts with."""
    found: dict[tuple[str, ...], Entry] = {}

    def add(name: str, kind: str, **data: Any) -> None:
        for form in expand(name):
            key = tuple(normal(form).split())
            if key and len(key) <= LONGEST_NAME:
                found.setdefault(key, (kind, data))

    names = pack.tables["names"]
    for form, code in names["country"].items():
        add(form, "C", code=code)
    for form, code in names["demonym"].items():
        add(form, "A", code=code)
        add(form + "s", "A", code=code)
    for form, code in names["region"].items():
        add(form, "R", code=code)
    for form, code in names["region_adjective"].items():
        add(form, "R", code=code, adjective=True)
    for form, slug in names["org"].items():
        add(form, "O", slug=slug)
    for form, slug in names["media"].items():
        add(form, "M", slug=slug)
    for form, (code, body) in names["organ"].items():
        add(form, "G", code=code, body=body)
    for body, forms in names["body"].items():
        for form in forms:
            add(form, "B", body=body)
    for target, forms in names["target"].items():
        for form in forms:
            add(form, "T", target=target)
    for role, forms in names["role"].items():
        for form in forms:
            add(form, "H", role=role)
    for form in pack.words["station"]:
        add(form, "S", head=form)
    for code in countries():
        add(country_name(code, pack.language), "C", code=code)
    return found, frozenset(key[0] for key in found)


@cache
def _small_demonyms(pack: Pack) -> Mapping[tuple[str, ...], Entry]:
    """Demonyms and adjectives of regions, by their words, in a language that writes them in lower case; else none."""
    if not pack.tables.get("small_demonyms"):
        return {}
    names = pack.tables["names"]
    found: dict[tuple[str, ...], Entry] = {}
    for table, kind, more in (("demonym", "A", {}), ("region_adjective", "R", {"adjective": True})):
        for name, code in names[table].items():
            for form in expand(name):
                found.setdefault(tuple(normal(form).split()), (kind, {"code": code, **more}))
    return found


def _is_place_name(tokens: Sequence[Token]) -> bool:
    return all(t.capital or t.form in ("de", "del", "la", "le", "am", "upon", "of", "the", "sur") for t in tokens[1:])


def _city(tokens: Sequence[Token], near: Collection[str], text: str) -> City | None:
    """The city these words name, one in a country of ``near`` before a larger one elsewhere."""
    name = text[tokens[0].start : tokens[-1].end]
    if not 3 <= len(name) <= 40 or "\n" in name:
        return None
    found = [c for c in cities(name) if c.population >= TOWN or fold(c.name) == fold(name)]
    at_home = [c for c in found if c.country in near]
    return next(iter(at_home or found), None)


class Tagger:
    """Finds entities in the tokens of one sentence. ``near`` are the countries named in the document."""

    def __init__(self, pack: Pack, text: str, near: Collection[str]) -> None:
        self.pack, self.text, self.near = pack, text, near
        self.entries, self.first = _dictionary(pack)
        self.small = {words[0] for words in _small_demonyms(pack)}
        self.common = pack.sets["common"]
        self.before_place = pack.sets["before_place"]
        self.alias: dict[str, tuple[str, str]] = {}  # bodies the text has named: their words → class and slug

    def tag(self, tokens: list[Token]) -> list[Token]:
        """The tokens with entities put in the place of the words they are made of."""
        out: list[Token] = []
        i = 0
        while i < len(tokens):
            width, token = self._entity(tokens, i, out)
            out.append(token)
            i += width
        return out

    def _entity(self, tokens: list[Token], i: int, out: list[Token]) -> tuple[int, Token]:
        token = tokens[i]
        label = token.form in self.pack.sets["no_number"] and i + 1 < len(tokens) and tokens[i + 1].capital
        label = label or (token.form == "one" and bool(out) and out[-1].form in self.pack.sets["pronoun_one"])
        if not label and (number := number_at(tokens, i, self.pack)):
            width, value, about = number
            return width, entity("N", tokens[i : i + width], value=value, qualifier=about)
        named = self._named(tokens, i) if token.form in self.first or token.form in self.small else None
        if token.capital and (body := self._body(tokens, i, named[0] if named else 0)):
            return body
        city = self._place(tokens, i, out) if token.capital else None
        if named and (not city or named[0] >= city[0]):
            return named
        if city:
            return city
        if token.capital and i > 0 and token.form.isalpha() and token.form not in self.common:
            width = 1
            while (
                i + width < len(tokens)
                and width < 5
                and (self._unknown(tokens, i + width) or self._hyphenated(tokens, i + width))
            ):
                width += 1
            return width, entity("X", tokens[i : i + width], last=tokens[i + width - 1].form)
        known = not self._unknown(tokens, 0) and tokens[0].form not in self.pack.sets["civil_word"]
        if token.capital and i == 0 and not known and len(tokens) > 1 and self._unknown(tokens, 1):
            width = 2 + (len(tokens) > 2 and self._unknown(tokens, 2))
            return width, entity("X", tokens[:width], last=tokens[width - 1].form)
        return 1, token

    def _body(self, tokens: list[Token], i: int, least: int) -> tuple[int, Token] | None:
        """A body that the text names with capitals, or has named before, when wider than ``least`` words."""

        def known(j: int) -> Token | None:
            found = self._named(tokens, j) if tokens[j].form in self.first else None
            return found[1] if found else None

        if least < 2:
            for width in (3, 2, 1):
                held = self.alias.get(" ".join(t.form for t in tokens[i : i + width]))
                if held and i + width <= len(tokens) and all(t.capital for t in tokens[i : i + width]):
                    return width, entity(held[0], tokens[i : i + width], slug=held[1])
        found = proper_body(tokens, i, self.pack, self.text, known)
        if not found or found[0] <= least:
            return None
        width, kind, name = found
        if kind == "B":
            seat = self._place(tokens, i, []) or self._place(tokens, i, [Token("in", 0, 0)])
            if seat and seat[0] < width:
                codes = [Member(c, tokens[i].start, seat[1].end) for c in seat[1].data["codes"]]
                return width, entity("G", tokens[i : i + width], codes, body=name)
            return width, entity("B", tokens[i : i + width], body=name, proper=True)
        after = tokens[i + width : i + width + 3]
        if len(after) == 3 and after[0].form == "(" and after[2].form == ")" and self._upper(after[1]):
            self.alias[after[1].form] = (kind, slugify(name))
        return width, entity(kind, tokens[i : i + width], slug=slugify(name.removeprefix("The ")))

    def learn(self, tokens: Sequence[Token]) -> None:
        """Remember bodies that a phrase of the text introduced ("the broadcaster X"), for when only "X" is said."""
        for token in tokens:
            if token.kind in ("O", "M") and token.data.get("name"):
                start, end = token.data["name"]
                words = normal(self.text[start:end])
                if len(words) > 2 and words.count(" ") < 3 and slugify(words):
                    self.alias[words] = (token.kind, slugify(self.text[start:end]))

    def _unknown(self, tokens: list[Token], i: int) -> bool:
        """Whether a word is part of a name nobody told us."""
        token = tokens[i]
        return (
            token.capital and token.form.isalpha() and token.form not in self.common
            and not (token.form in self.first and self._named(tokens, i))
        )  # fmt: skip

    def _hyphenated(self, tokens: list[Token], i: int) -> bool:
        """Whether a word is the second half of a hyphenated name ("Jing-jie")."""
        return self.text[tokens[i - 1].end : tokens[i].start] == "-" and tokens[i].form.isalpha()

    def _demonym(self, tokens: list[Token], i: int) -> tuple[int, Token] | None:
        """A demonym in a language that writes them in lower case, where "china" is no country."""
        for width in (2, 1):
            some = tokens[i : i + width]
            if entry := _small_demonyms(self.pack).get(tuple(t.form for t in some)):
                kind, data = entry
                member = Member(str(data["code"]), some[0].start, some[-1].end)
                return width, entity(kind, some, [member], **data)
        return None

    def _named(self, tokens: list[Token], i: int) -> tuple[int, Token] | None:
        if not tokens[i].capital and (small := self._demonym(tokens, i)):
            return small
        for width in range(min(LONGEST_NAME, len(tokens) - i), 0, -1):
            some = tokens[i : i + width]
            entry = self.entries.get(tuple(t.form for t in some))
            if not entry:
                continue
            kind, data = entry
            if kind in ("C", "A", "O", "M", "R") and not (some[0].capital or some[-1].capital):
                continue
            if kind == "G" and width == 1 and not some[0].capital and some[0].form not in self.pack.sets["lower_organ"]:
                continue
            if kind in ("C", "G") and len(some[0].form) < 4 and width == 1 and not self._upper(some[0]):
                continue
            if kind in ("C", "A", "R"):
                member = Member(str(data["code"]), some[0].start, some[-1].end)
                return width, entity(kind, some, [member], **data)
            if kind == "G":
                member = Member(str(data["code"]), some[0].start, some[-1].end)
                return width, entity("G", some, [member], body=data["body"])
            return width, entity(kind, some, **data)
        return None

    def _upper(self, token: Token) -> bool:
        letters = [c for c in self.text[token.start : token.end] if c.isalpha()]
        return sum(c.isupper() for c in letters) >= 2

    def _place(self, tokens: list[Token], i: int, out: list[Token]) -> tuple[int, Token] | None:
        before = out[-1] if out else None
        prepared = before is not None and (before.form in self.before_place or before.kind in ("P", "A"))
        after_name = before is not None and (before.kind == "X" or (before.kind == "B" and before.data.get("person")))
        for width in range(min(4, len(tokens) - i), 0, -1):
            some = tokens[i : i + width]
            if not some[-1].capital or not _is_place_name(some) or all(t.form in self.common for t in some):
                continue
            found = _city(some, self.near, self.text)
            if not found or after_name:
                continue
            following = tokens[i + width] if i + width < len(tokens) else None
            suffix = int(bool(following and following.form in self.pack.sets["after_place"]))
            if not suffix and following and self._unknown(tokens, i + width) and found.population < KNOWN_CITY:
                continue
            if not suffix and following and self._unknown(tokens, i + width) and not prepared:
                continue
            if prepared or suffix or found.population >= KNOWN_CITY or fold(found.name) in self._capitals():
                whole = tokens[i : i + width + suffix]
                name = " ".join(self.text[some[0].start : some[-1].end].split())
                name = name.removesuffix(" City") if found.name == "New York" else name
                member = Member(name, some[0].start, some[-1].end)
                code = self._capitals().get(fold(name))
                return len(whole), entity("P", whole, [member], codes=(found.country,), capital=code)
        return None

    def _capitals(self) -> Mapping[str, str]:
        return self.pack.tables["names"]["capital"]  # type: ignore[no-any-return]
