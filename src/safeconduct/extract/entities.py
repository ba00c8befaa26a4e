"""First pass: words become numbers, countries, cities, organs, organisations, media and unknown names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from ..claims import City, cities
from ..claims.places import countries, fold
from .numbers import number_at
from .pack import Pack, expand, normal
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
    for name in countries().values():
        add(name, "C", code=next(c for c, n in countries().items() if n == name))
    return found, frozenset(key[0] for key in found)


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
        self.common = pack.sets["common"]
        self.before_place = pack.sets["before_place"]

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
        if not label and (number := number_at(tokens, i, self.pack)):
            width, value, about = number
            return width, entity("N", tokens[i : i + width], value=value, qualifier=about)
        city = self._place(tokens, i, out) if token.capital else None
        named = self._named(tokens, i) if token.form in self.first else None
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
        if token.capital and i == 0 and self._unknown(tokens, 0) and len(tokens) > 1 and self._unknown(tokens, 1):
            width = 2 + (len(tokens) > 2 and self._unknown(tokens, 2))
            return width, entity("X", tokens[:width], last=tokens[width - 1].form)
        return 1, token

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

    def _named(self, tokens: list[Token], i: int) -> tuple[int, Token] | None:
        for width in range(min(LONGEST_NAME, len(tokens) - i), 0, -1):
            some = tokens[i : i + width]
            entry = self.entries.get(tuple(t.form for t in some))
            if not entry:
                continue
            kind, data = entry
            if kind in ("C", "A", "O", "M", "R") and not (some[0].capital or some[-1].capital):
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
