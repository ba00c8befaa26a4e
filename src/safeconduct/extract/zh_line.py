"""A Chinese sentence as a line in which every character, and every entity, is one unit with its offsets.

Characters are simplified one by one, so offsets stay those of the text. Quotation marks, spaces and what stands in
parentheses are left out of the line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from ..claims import City, cities
from ..claims.places import _gazetteer as gazetteer
from ..claims.places import simplified
from .tokens import MARK, Member, Token
from .zh_merge import merged
from .zh_numbers import ChineseCalendar, Numbers
from .zh_pack import FAMILY, ChinesePack

TOWN, KNOWN_CITY = 15_000, 400_000  # population from which a city is one at all, and without a word before it
_MARKS = '“”「」『』"＂‘’〝〞'
_WIDE = {ord("０") + i: str(i) for i in range(10)} | {
    ord(","): "，",
    ord(";"): "；",
    ord(":"): "：",
    ord("︰"): "：",
    ord("於"): "于",
    ord("著"): "着",
    ord("?"): "？",
}
_STOP = re.compile(r"[。！？!?]+[”’」』）)\"]{0,3}|[\r\n]+")
LONGEST_SENTENCE = 800
_HEAD = re.compile(  # a dateline: 【…】, 新华社北京2023年5月18日电, 本报讯
    r"[ \u3000]*(?:【[^】]{0,60}】|[^，。]{0,16}?\d{4}年\d{1,2}月\d{1,2}日(?:电|讯|报道)|本报[^，。]{0,14}?讯)"
)
_LATIN = re.compile(r"[A-Za-z]")


@cache
def _han_places() -> dict[str, int]:
    """Chinese names of places, and by the first two characters of each the length of the longest that begins so."""
    found: dict[str, int] = {}
    for name in gazetteer():
        if "\u3400" <= name[0] <= "\u9fff" and len(name) > 1:
            found.setdefault(name, 0)
            found[name[:2]] = max(len(name), found.get(name[:2], 0))
    return found


def _is_place(name: str) -> bool:
    return name in gazetteer()


@cache
def _plain(char: str) -> str:
    """A character as lines hold it; always one."""
    one = simplified(char).translate(_WIDE)
    return one if len(one) == 1 else char


def plain(text: str) -> str:
    """``text`` simplified character by character, of the same length."""
    whole = simplified(text).translate(_WIDE)
    return whole if len(whole) == len(text) else "".join(map(_plain, text))


@dataclass
class ZhLine:
    """One sentence: ``text`` with one character a unit, and the token of each."""

    tokens: list[Token]
    paragraph: int = 0
    question: bool = False

    def __post_init__(self) -> None:
        self.text = "".join(t.form for t in self.tokens)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the document of ``text[start:end]``."""
        return self.tokens[start].start, self.tokens[end - 1].end

    def clause(self, position: int) -> tuple[int, int]:
        """The stretch around ``position`` between commas, semicolons and colons."""
        start = max(self.text.rfind(c, 0, position) for c in "，；：") + 1
        ends = [e for e in (self.text.find(c, position) for c in "，；：") if e >= 0]
        return start, min(ends, default=len(self.text))

    def some(self, kinds: str, start: int = 0, end: int | None = None) -> list[tuple[int, Token]]:
        """Entities of some classes between two places, in order."""
        stop = len(self.tokens) if end is None else min(end, len(self.tokens))
        return [(i, self.tokens[i]) for i in range(max(0, start), stop) if self.tokens[i].kind and self.tokens[i].kind in kinds]


def spans(text: str) -> list[tuple[int, int, int]]:
    """Sentences as start, end and number of the paragraph."""
    found: list[tuple[int, int, int]] = []
    start = number = 0
    for match in [*_STOP.finditer(text), None]:
        end = match.end() if match else len(text)
        while start < end:
            cut = min(end, start + LONGEST_SENTENCE)
            found.append((start, cut, number))
            start = cut
        number += bool(match and match[0][0] in "\r\n")
    return [s for s in found if text[s[0] : s[1]].strip()]


class Reader:
    """Makes lines of a text. ``orgs`` are organisations that only this text names; ``near`` countries it names."""

    def __init__(self, pack: ChinesePack, text: str, calendar: ChineseCalendar, orgs: Mapping[str, str]) -> None:
        self.pack, self.text, self.calendar, self.orgs = pack, plain(text), calendar, orgs
        self.numbers = Numbers(pack.words)
        self.longest = dict(pack.longest)
        for name in orgs:
            self.longest[name[0]] = max(len(name), self.longest.get(name[0], 0))
        self.near: Collection[str] = ()
        self.city_names: set[str] = set()

    def line(self, start: int, end: int, paragraph: int = 0) -> ZhLine:
        """The line of ``text[start:end]``."""
        raw = self.text[start:end]
        stripped = raw.rstrip('\r\n ”」』"')
        chars: list[tuple[str, int]] = []
        depth = 0
        head = _HEAD.match(raw)
        skip = head.end() if head else 0
        for i in range(skip, len(raw)):
            char = raw[i]
            if char in "（(" and "）" in raw[i : i + 80].replace(")", "）"):
                depth += 1
            elif char in "）)" and depth:
                depth -= 1
            elif (
                depth
                or char in _MARKS
                or char in "\r\n\t\u3000*#"
                or (char == " " and not (0 < i < len(raw) - 1 and _LATIN.match(raw[i - 1]) and _LATIN.match(raw[i + 1])))
                or "\ue000" <= char <= "\uf8ff"
            ):
                continue
            else:
                chars.append((char, start + i))
        line = ZhLine(merged(self._tagged(chars)), paragraph, stripped[-1:] in ("？", "?"))
        return line

    def _tagged(self, chars: list[tuple[str, int]]) -> list[Token]:
        s = "".join(c for c, _ in chars)
        out: list[Token] = []
        i = 0
        while i < len(s):
            width, kind, value, data = self._entity(s, i, out)
            first, last = chars[i][1], chars[i + width - 1][1] + 1
            if not kind:
                out += [Token(s[j], chars[j][1], chars[j][1] + 1) for j in range(i, i + width)]
            else:
                member = (Member(value, first, last),) if value else ()
                form = FAMILY if kind == "T" and value == "family" else MARK[kind]
                out.append(Token(form, first, last, kind, member, {**data, "words": s[i : i + width]}))
            i += width
        return out

    def _entity(self, s: str, i: int, out: list[Token]) -> tuple[int, str, str, dict[str, object]]:
        if date := self.calendar.at(s, i):
            return date[0], "D", date[1], {}
        if number := self.numbers.at(s, i):
            return number[0], "N", "", {"value": number[1], "qualifier": number[2], "unit": number[3]}
        if s[i] == "《" and (end := s.find("》", i, i + 60) + 1 - i) > 2:
            inside = s[i + 1 : i + end - 1]
            known = self.pack.names.get(inside)
            if known and known[0] == "M":
                return end, "M", known[1], {}
            return end, "K", inside, {}
        if station := self.pack.station.match(s, i):
            words = station[0]
            head = next((w for w in self.pack.words["weak_head"] if words.endswith(w)), "")
            strong = len(words) > len(head) and bool(
                re.search("秘密|海外|境外|地下|非法|中国|中共|警务|警侨|非官方|福州|青田", words)
            )
            if head not in ("派出所", "警察局", "警局") or strong:
                own = "CN" if re.search("中国|中共|福州|青田|警侨", words) else ""
                return len(words), "S", own, {"strong": strong or not head, "head": head or words}
        width, kind, value = self._named(s, i)
        if kind in ("O", "M", "G", "B", "T", "H") or (width and not kind):
            return width, kind, value, {}
        city = self._city(s, i, out)
        if city and city[0] > width:
            return (
                city[0],
                "P",
                city[1].name,
                {"country": city[1].country, "capital": self.pack.capital.get(s[i : i + city[2]])},
            )
        if kind:
            return width, kind, value, {}
        before = s[i - 1] if i else ""
        if s[i] in self.pack.short and (not ("\u3400" <= before <= "\u9fff") or before in "对向与和在驻访、"):
            follow = ("大使", "使", "总领", "领", "外交") if before in ("驻", "访") else self.pack.words["after_short"]
            if any(s.startswith(w, i + 1) for w in follow):
                return 1 + s.startswith("方", i + 1), "C", self.pack.short[s[i]], {}
        return 1, "", "", {}

    def _named(self, s: str, i: int) -> tuple[int, str, str]:
        for width in range(min(self.longest.get(s[i], 0), len(s) - i), 0, -1):
            form = s[i : i + width]
            if form in self.orgs:
                return width, "O", self.orgs[form]
            if form in self.pack.names:
                return width, *self.pack.names[form]
        return 0, "", ""

    def _city(self, s: str, i: int, out: list[Token]) -> tuple[int, City, int] | None:
        """Width, city and width of its bare name."""
        greater = int(s[i] == "大" and i + 2 < len(s))
        longest = _han_places().get(s[i + greater : i + greater + 2], 0)
        for width in range(min(9, longest, len(s) - i - greater), 1, -1):
            name = s[i + greater : i + greater + width]
            if not _is_place(name) or name in self.pack.sets["no_city"]:
                continue
            found = [c for c in cities(name) if c.population >= TOWN or name in self.city_names]
            city = next((c for c in found if c.country in self.near), found[0] if found else None)
            rest = s[i + greater + width :][:4]
            suffix = next((w for w in self.pack.words["place_suffix"] if rest.startswith(w)), "")
            suffix = (
                ""
                if rest.startswith(("市民", "区别", "省份", "城区", "市场", "区内", "州长", "市长", "省长", "县长"))
                else suffix
            )
            before = s[:i]
            prepared = any(before.endswith(w) for w in self.pack.words["place_before"]) or bool(
                out and out[-1].kind in ("C", "P")
            )
            small = bool(city) and len(name) == 2 and city.population < 1_000_000 and name not in self.pack.capital  # type: ignore[union-attr]
            if city and (suffix or prepared or not (small or city.population < KNOWN_CITY) or name in self.pack.capital):
                if greater and not suffix:
                    continue
                self.city_names.add(name)
                return greater + width + len(suffix), city, width
        return None
