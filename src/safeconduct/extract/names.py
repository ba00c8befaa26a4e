"""First pass over a sentence: words become numbers, countries, cities, organs, organisations, media and unknown names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..claims import slugify
from .cities import Cities
from .numbers import as_year, is_year, number_at
from .pack import Entry, Pack, Sense, meaning
from .places import Places, each
from .proper import LONGEST, proper_body
from .quoted import quoted_bodies
from .tokens import NONE, Member, Token, made

SLUGGED = frozenset("OM")
INTRO = frozenset(("org_intro", "media_intro"))  # words that introduce the name of a body


class Tagger:
    """Finds named things in the tokens of one sentence."""

    def __init__(self, pack: Pack, text: str) -> None:
        self.pack, self.text, self.cities = pack, text, Cities(pack, text)
        self.common = pack.set("common")
        self.latin = not pack.settings.get("no_capitals")
        self.alias: dict[str, tuple[str, str]] = {}  # bodies the text has named: their words → kind and slug

    def tag(self, tokens: list[Token]) -> list[Token]:
        """The tokens with named things in the place of the words they are made of."""
        out: list[Token] = []
        i, starts = 0, self.pack.starts
        while i < len(tokens):
            token = tokens[i]
            if token.kind == ".":
                token.keys = frozenset((".",))
                out.append(token)
                i += 1
                continue
            if not token.cap and token.kind != "#" and self.latin:
                node = starts.get(token.form)
                if node is None:  # a word that means nothing to us
                    out.append(token)
                    i += 1
                    continue
                if node and not token.kind and (i + 1 == len(tokens) or tokens[i + 1].form not in node):
                    plain = self.pack.plain.get(token.form)
                    if plain is not None:  # one word with one meaning, however it is written
                        token.kind, token.keys, token.data = plain
                        out.append(token)
                        i += 1
                        continue
            width, found = self._entity(tokens, i, out)
            out.append(as_year(found) if found.kind == "#" and is_year(found) else found)
            i += width
        return out if self.latin else quoted_bodies(out, self.text, self.alias)

    def _entity(self, tokens: list[Token], i: int, out: list[Token]) -> tuple[int, Token]:
        token = tokens[i]
        named = self._named(tokens, i)
        place = None if self.latin else self.cities.in_han(tokens, i, out, self._named)
        number = None
        if token.kind == "#" or token.form in self.pack.number_words or not self.latin:
            label = token.form in self.pack.set("no_number") and i + 1 < len(tokens) and tokens[i + 1].cap
            number = None if label else number_at(tokens, i, self.pack)
        if number and number[0] >= max(named[0] if named else 0, place[0] if place else 0):
            tags = named[1].keys - {named[1].kind} if named and named[0] == number[0] else NONE
            found = made("N", tokens[i : i + number[0]], tags=tags | _digit_tag(token), value=number[1])
            return number[0], found
        if not self.latin:
            if place and named and place[0] == named[0] > 2 and not named[1].kind:  # "马德里" in "马德里的人权组织"
                place[1].keys |= named[1].keys
                return place
            return place if place and (not named or place[0] > named[0]) else named or (1, token)
        if token.cap and (body := self._body(tokens, i, named[0] if named else 0)):
            return body
        city = self.cities.at(tokens, i, out, self._unknown) if token.cap else None
        if named and (not city or named[0] > city[0] or (named[0] == city[0] and named[1].kind in ("C", "G", "A", "O", "M"))):
            return named
        if city:
            return city
        if token.cap and token.form.isalpha() and token.form not in self.common and (i > 0 or self._starts_name(tokens)):
            width = 1
            while i + width < len(tokens) and width < 5 and self._goes_on(tokens, i + width):
                width += 1
            if out and not INTRO.isdisjoint(out[-1].keys) and self.pack.settings.get("head_first"):
                width = self._linked(tokens, i, width)
            return width, made("X", tokens[i : i + width], last=tokens[i + width - 1].form)
        return named or (1, token)

    def _starts_name(self, tokens: list[Token]) -> bool:
        """Whether the first word of a sentence opens a name of somebody: a second one in capitals follows."""
        return len(tokens) > 1 and self._unknown(tokens, 1) and self._unknown(tokens, 0)

    def _goes_on(self, tokens: list[Token], i: int) -> bool:
        joined = self.text[tokens[i - 1].end : tokens[i].start]
        if joined == "'" and len(tokens[i - 1].form) == 1:  # "O'Brien"
            return tokens[i].cap
        return (joined in (" ", "-", "") and self._unknown(tokens, i)) or (joined == "-" and tokens[i].form.isalpha())

    def _linked(self, tokens: list[Token], i: int, width: int) -> int:
        """The width of the name of a body that goes on behind small words ("Puentes en el Exilio"), capitals only."""
        while width < LONGEST:
            after = i + width
            while (
                after < len(tokens)
                and after - i - width < 3
                and tokens[after].form in self.pack.set("name_link")
                and not tokens[after].cap
            ):
                after += 1
            if after >= len(tokens) or not tokens[after].cap or not tokens[after].form.isalpha():
                return width
            named = self._named(tokens, after)
            placed = (named is not None and named[1].kind in ("C", "A", "P", "R")) or self.cities.named(
                self.text[tokens[after].start : tokens[after].end]
            )
            if placed or (after == i + width and self.text[tokens[after - 1].end : tokens[after].start] != " "):
                return width
            width = after - i + 1
        return width

    def _unknown(self, tokens: list[Token], i: int) -> bool:
        """Whether a word is part of a name nobody told us."""
        token = tokens[i]
        if not token.cap or not token.form.isalpha() or token.form in self.common:
            return False
        named = self._named(tokens, i)
        return named is None or (i > 0 and named[1].kind == "R")

    def _named(self, tokens: list[Token], i: int) -> tuple[int, Token] | None:
        """The longest entry of the pack that starts at a token."""
        node, j = self.pack.root.get(tokens[i].form), i + 1
        held: list[tuple[int, Entry]] = []
        while node is not None:
            if "" in node:
                held.append((j, node[""]))
            if j >= len(tokens):
                break
            node, j = node.get(tokens[j].form), j + 1
        for end, entry in reversed(held):
            if chosen := self._chosen(entry, tokens, i, end):
                return end - i, self._token(tokens[i:end], entry, chosen)
        return None

    def _chosen(self, entry: Entry, tokens: list[Token], i: int, end: int) -> int:
        """The senses, as bits, that words have as they are written here."""
        if entry.free:
            chosen = (1 << len(entry)) - 1
            named, form = entry.named, entry.form
        else:
            chosen, some, before = 0, tokens[i:end], tokens[i - 1].form if i else None
            named = form = False
            for n, sense in enumerate(entry):
                if (not sense.article or before == sense.article) and self._written(sense, some):
                    chosen |= 1 << n
                    named = named or bool(sense.kind)
                    form = form or any(tag.startswith("form_") for tag in sense.tags)
        if chosen and end - i > 1 and not named:
            if self.latin and self._hides(tokens[i:end], stations=not form):
                return 0
            if not self.latin and (self._cuts(tokens, i, end) or self.cities.cuts_han(tokens, i, end)):
                return 0
        return chosen

    def _token(self, tokens: Sequence[Token], entry: Entry, chosen: int) -> Token:
        """One token with the chosen senses of an entry."""
        told = entry.meanings.get(chosen)
        if told is None:
            told = entry.meanings[chosen] = self._meaning(tokens, [s for n, s in enumerate(entry) if chosen >> n & 1])
        kind, keys, data = told
        first, last = tokens[0], tokens[-1]
        members = (Member(str(data["code"]), first.start, last.end),) if "code" in data else ()
        form = first.form if len(tokens) == 1 else " ".join(t.form for t in tokens)
        return Token(form, first.start, last.end, kind, keys, data, members, first.cap)

    def _meaning(self, tokens: Sequence[Token], senses: Sequence[Sense]) -> tuple[str, frozenset[str], dict[str, Any]]:
        """Kind, keys and data of words with some senses. Shared by all tokens of these words, so never to be changed."""
        if len(tokens) > 1 and not any(x.kind for x in senses):
            senses = [*senses, *self._within(tokens)]
        kind, tags, data = meaning(senses)
        plain = self.pack.plain
        if len(tokens) > 1 and not kind and self.latin and tags.isdisjoint(NO_SPEECH):  # "told the court" is still told
            tags |= frozenset(t for word in tokens if word.form in plain for t in plain[word.form][1] if t in SPEECH)
        return kind, tags | {kind} if kind else tags, data

    def _cuts(self, tokens: Sequence[Token], i: int, end: int) -> bool:
        """Whether words written without spaces would end in the middle of the name of a country ("in Ger|many")."""
        for k in range(i + 1, end):
            node, j = self.pack.root.get(tokens[k].form), k + 1
            while node is not None and j < len(tokens):
                node, j = node.get(tokens[j].form), j + 1
                if node is not None and j > end and any(sense.kind in ("C", "A", "G") for sense in node.get("", ())):
                    return True
        return False

    def _within(self, tokens: Sequence[Token]) -> list[Sense]:
        """What words mean without the small ones at their ends."""
        low, high = 0, len(tokens)
        while low < high - 1 and tokens[low].form in SMALL_FIRST:
            low += 1
        while high > low + 1 and tokens[high - 1].form in SMALL_LAST:
            high -= 1
        if high - low == len(tokens):
            return []
        node: Mapping[str, Any] = self.pack.root
        for token in tokens[low:high]:
            node = node.get(token.form, NOTHING)
        return [x for x in node.get("", ()) if not x.kind and not x.article and x.tags.isdisjoint(FUNCTION)]

    def _hides(self, tokens: Sequence[Token], *, stations: bool) -> bool:
        """Whether a phrase without a kind would swallow a country's adjective, a country or a station ("a Chinese …").

        What a house looks like is no station ("an office building"): such phrases may hold one (``stations`` false).
        """
        for n, token in enumerate(tokens):
            if token.form not in self.pack.shown:
                continue
            half = n > 0 and self.text[tokens[n - 1].end : token.start] == "-" and tokens[n - 1].form in HALVES
            for sense in self.pack.root[token.form].get("", ()):
                if sense.kind == "S" and (half or not stations):
                    continue  # "co-operation" is no operation
                if sense.kind in self.pack.kinds_shown and self._written(sense, (token,)):
                    return True
        return False

    def _written(self, sense: Sense, tokens: Sequence[Token]) -> bool:
        if not sense.capital:
            return True
        if sense.upper:
            return self.text[tokens[0].start : tokens[-1].end].isupper()
        if tokens[0].form in ARTICLES and len(tokens) > 1:
            return tokens[1].cap
        return tokens[0].cap or tokens[-1].cap or (sense.kind == "G" and tokens[0].form in self.pack.set("lower_organ"))

    def _body(self, tokens: list[Token], i: int, least: int) -> tuple[int, Token] | None:
        """A body that the text names with capitals, or has named before, when wider than ``least`` words."""
        if least < 2 and self.alias:
            for width in (3, 2, 1):
                held = self.alias.get(" ".join(t.form for t in tokens[i : i + width]))
                if held and i + width <= len(tokens) and all(t.cap for t in tokens[i : i + width]):
                    return width, made(held[0], tokens[i : i + width], slug=held[1])

        def known(j: int) -> Token | None:
            named = self._named(tokens, j)
            return named[1] if named else None

        found = proper_body(tokens, i, self.pack, self.text, known)
        if not found or found[0] <= least:
            return None
        width, kind, name = found
        if self._of_city(tokens, i, width):
            return None
        if kind == "B":
            return width, made("B", tokens[i : i + width], body=name, proper=True)
        after = tokens[i + width : i + width + 3]
        slug = slugify(name.removeprefix("The ").removeprefix("the "))
        if len(after) == 3 and after[0].form == "(" and after[2].form == ")" and after[1].cap:
            self.alias[after[1].form] = (kind, slug)
        self.alias.setdefault(name.lower(), (kind, slug))
        if self.pack.settings.get("head_first") and tokens[i].form in self.pack.set("org_head"):
            self.alias.setdefault(tokens[i].form, (kind, slug))  # "la Red"
        return width, made(kind, tokens[i : i + width], slug=slug)

    def _of_city(self, tokens: list[Token], i: int, width: int) -> bool:
        """Whether a name is that of a body which the pack knows, with its city; the phrases put these together."""
        for k in range(width):
            named = self._named(tokens, i + k)
            if named is None or named[1].kind != "B" or named[1].data.get("body") not in self.pack.set("city_force"):
                continue
            low, high = (i, i + k) if k else (i + named[0] + 1, i + width)  # before it, or behind it and "of"
            some = [tokens[low:n] for n in range(high, low, -1)]
            return any(self.cities.named(self.text[s[0].start : s[-1].end]) for s in some)
        return False

    def learn(self, line: Places) -> None:
        """Remember bodies that a phrase of the text introduced ("the broadcaster X"), for when only "X" is said."""
        for i in each(line[SLUGGED]):
            token = line.tokens[i]
            if "name" in token.data:
                start, end = token.data["name"]
                slug = slugify(self.text[start:end])
                if slug and end - start > 2:
                    self.alias[" ".join(self.text[start:end].lower().replace("-", " ").split())] = (token.kind, slug)


ARTICLES = frozenset(("the", "el", "la", "los", "las"))
FUNCTION = frozenset(("break", "contrast", "prep", "neg", "modal", "det", "adverb", "pronoun", "that", "rel", "and", "if"))
SMALL_FIRST = frozenset(
    (
        "a",
        "an",
        "the",
        "its",
        "their",
        "his",
        "her",
        "has",
        "have",
        "had",
        "was",
        "were",
        "is",
        "are",
        "been",
        "being",
        "be",
        "to",
    )
)
SMALL_LAST = frozenset(
    (
        "a",
        "an",
        "the",
        "its",
        "their",
        "his",
        "her",
        "of",
        "to",
        "by",
        "in",
        "on",
        "for",
        "with",
        "from",
        "at",
        "that",
        "as",
        "into",
        "against",
        "him",
        "them",
    )
)


def _digit_tag(token: Token) -> frozenset[str]:
    return frozenset(("figures",)) if token.kind == "#" else NONE


NOTHING: dict[str, Any] = {}
HALVES = frozenset(("co", "re"))  # first halves of one word written with a hyphen
SPEECH = frozenset(("say", "find", "staff_role", "spokes", "org_people"))
NO_SPEECH = frozenset(("hedge", "according", "citing", "found_by", "accused_participle"))
