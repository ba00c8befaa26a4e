"""Cities as running text names them, in letters with capitals and in Chinese characters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache

from ..claims import City, cities
from ..claims.places import fold, gazetteer
from .pack import Pack
from .tokens import Member, Token, made

TOWN = 15_000  # smallest population a city named in running text is taken for, unless curated
LONGEST = 8  # characters of a Chinese name of a city
MILLION = 1_000_000  # people from whom on two characters are taken for a city's name
KNOWN_CITY = 250_000  # from this population on, no preposition is needed before the name
SMALL_WORDS = frozenset(("de", "del", "la", "le", "am", "upon", "of", "the", "sur", "an", "der", "do", "los", "las", "el"))
Named = Callable[[list[Token], int], bool]
Known = Callable[[list[Token], int], tuple[int, Token] | None]


@cache
def _han_cities() -> dict[str, int]:
    """Chinese names of cities → the largest population of that name."""
    found: dict[str, int] = {}
    for name, line in gazetteer().items():
        if 2 <= len(name) <= LONGEST and "\u3400" <= name[0] <= "\u9fff":
            found[name] = max(found.get(name, 0), int(line.split("\t")[4] or 0))
    return found


@cache
def _han_beginnings() -> frozenset[str]:
    """The first two characters of such names."""
    return frozenset(name[:2] for name in _han_cities())


@lru_cache(maxsize=16384)
def _towns(name: str) -> tuple[City, ...]:
    """The cities that running text may mean by a name."""
    return tuple(c for c in cities(name) if c.population >= TOWN or fold(c.name) == fold(name))


class Cities:
    """Finds cities in the tokens of one sentence. ``near`` are the countries named in the document."""

    def __init__(self, pack: Pack, text: str) -> None:
        self.pack, self.text = pack, text
        self.near: Collection[str] = ()
        self.common, self.before_place = pack.set("common"), pack.set("before_place")
        self.capitals = pack.tables["names"].get("capital", {})

    def at(self, tokens: list[Token], i: int, out: list[Token], unknown: Named) -> tuple[int, Token] | None:
        """A city: in a country of ``near`` before a larger one elsewhere. ``unknown`` tells words of names nobody told."""
        before = out[-1] if out else None
        if before is not None and (before.kind == "X" or before.data.get("person")):
            return None
        prepared = before is not None and (before.kind in ("P", "A") or before.form.split()[-1] in self.before_place)
        widest = i + 1
        while widest < len(tokens) and widest < i + 4 and (tokens[widest].cap or tokens[widest].form in SMALL_WORDS):
            widest += 1
        for width in range(widest - i, 0, -1):
            some = tokens[i : i + width]
            if not some[-1].cap or (some[0].form in self.common and all(t.form in self.common for t in some)):
                continue
            name = self.text[some[0].start : some[-1].end]
            if "\n" in name or "." in name or not (found := self.named(name)):
                continue
            following = tokens[i + width] if i + width < len(tokens) else None
            if following and following.form in self.pack.set("after_region"):
                continue  # "the Lombard capital"
            suffix = int(bool(following and following.form in self.pack.set("after_place")))
            joined = following is not None and self.text[some[-1].end : following.start] in (" ", "-")
            if not suffix and following and joined and unknown(tokens, i + width):  # noqa: SIM102
                if found.population < KNOWN_CITY or not prepared:
                    continue
            if prepared or suffix or found.population >= KNOWN_CITY or fold(found.name) in self.capitals:
                name = " ".join(name.split())
                name = name.removesuffix(" City") if found.name.startswith("New York") else name
                return width + suffix, self._token(tokens[i : i + width + suffix], name, found, some[-1].end)
        return None

    def named(self, name: str) -> City | None:
        """The city that a name means."""
        if not 3 <= len(name) <= 40:
            return None
        found = _towns(name)
        if not found:
            return None
        if (code := self.capitals.get(fold(name))) and (seat := next((c for c in found if c.country == code), None)):
            return seat
        if self.near and found[0].country not in self.near:
            return next((c for c in found if c.country in self.near), found[0])
        return found[0]

    def _token(self, tokens: Sequence[Token], name: str, city: City, end: int) -> Token:
        code = self.capitals.get(fold(name))
        return made("P", tokens, [Member(name, tokens[0].start, end)], codes=(city.country,), capital=code)

    def in_han(self, tokens: list[Token], i: int, out: list[Token], known: Known) -> tuple[int, Token] | None:
        """A city named in Chinese characters."""
        names = _han_cities()
        for width in range(min(LONGEST, len(tokens) - i), 1, -1):
            some = tokens[i : i + width]
            if some[-1].end - some[0].start != width:
                continue
            name = "".join(t.form for t in some)
            if name not in names or name in self.pack.set("no_city") or any(t.keys for t in some):
                continue
            before, after = out[-1] if out else None, tokens[i + width].form if i + width < len(tokens) else ""
            prepared = before is not None and (before.form in self.before_place or before.kind in ("P", "C"))
            suffix = after in self.pack.set("after_place")
            if width > 2 or prepared or suffix or names[name] >= MILLION:
                found = self.named(name) if width > 2 else self._of_two(name)
                if found and not (width == 2 and not suffix and self._in_name(tokens, i, out, known)):
                    whole = tokens[i : i + width + suffix]
                    if (
                        before is not None
                        and before.kind == "P"
                        and before.end == some[0].start
                        and before.data["codes"] == (found.country,)
                    ):
                        whole = [out.pop(), *whole]  # a province and its city, a city and its quarter
                    token = self._token(whole, name, found, some[-1].end)
                    token.members = (Member(found.name, some[0].start, some[-1].end),)  # as other languages know it
                    return width + suffix, token
        return None

    def cuts_han(self, tokens: Sequence[Token], i: int, end: int) -> bool:
        """Whether words would end in the middle of the name of a city in Chinese characters ("in Fra|nkfurt")."""
        names = _han_cities()
        for k in range(i + 1, end):
            if end >= len(tokens) or tokens[k].form + tokens[k + 1].form not in _han_beginnings():
                continue
            for stop in range(end + 1, min(k + LONGEST, len(tokens)) + 1):
                name = "".join(t.form for t in tokens[k:stop])
                known = name in names and name not in self.pack.set("no_city")
                if known and (len(name) > 2 or names[name] >= MILLION) and tokens[stop - 1].end - tokens[k].start == len(name):
                    return True
        return False

    def _in_name(self, tokens: list[Token], i: int, out: Sequence[Token], known: Known) -> bool:
        """Whether two characters are only a part of a longer foreign name, written by sound."""
        sounds, after = self.pack.set("name_sounds"), tokens[i + 2] if i + 2 < len(tokens) else None
        before = out[-1] if out else None
        if before is not None and before.end == tokens[i].start and not before.keys and before.form in sounds:
            return True
        return after is not None and after.start == tokens[i + 1].end and after.form in sounds and known(tokens, i + 2) is None

    def _of_two(self, name: str) -> City | None:
        found = cities(name)
        return next((c for c in found if c.country in self.near), found[0] if found else None)
