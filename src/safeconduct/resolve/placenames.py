"""What a name of a place can stand for: its senses, with the route that leads from the name to each of them.

A name is taken apart (country or province beside it, the word for city or county, the stem) and its stem is looked up in the
tables of this room, in the gazetteer (GeoNames) as it stands, as pinyin, as Wade-Giles and as transliterated Cyrillic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from safeconduct.claims.places import City, cities, country_code, country_name, simplified

from .romanise import CYRILLIC, CYRILLIC_STATES, HAN, compact, latin_spellings, pinyin, pinyin_spellings, plain, skeleton
from .romanise import wade_giles as from_wade
from .tables import Alias, Division, Region, aliases, divisions, is_prefecture, regions

LEVELS = ("city", "county", "district", "town")  # below a region; what a name that says none of them can be
DOUBLES = 2.0  # times the people of the next namesake make a place the one that its bare name means
COUNTY, PREFECTURE = 500_000, 1_000_000  # people that one in the tables counts for at least: GeoNames often gives none
EXONYM = 20  # times the people of its namesake that let a place go by a name in another language
ALL = 10**9  # people, so that a bare name that is a country's means the country
_PEOPLES = "维吾尔|壮族|回族|藏族|彝族|苗族|土家族|布依族|侗族|傣族|白族|哈尼族|蒙古族?|朝鲜族|哈萨克族?|柯尔克孜族?|羌族"
_HAN_ENDING = re.compile(rf"(?<=..)(?:(?:{_PEOPLES})*(?:(?P<region>省|自治区|特别行政区)|(?P<county>自治县|县|自治旗|旗)|"
                         r"(?P<city>县级市|地级市|直辖市|市|地区|盟|自治州)|(?P<district>新区|市辖区|区)|"
                         r"(?P<town>镇|乡|街道)))$")  # fmt: skip
_WORDS = {
    "region": r"(?:autonomous |uyghur autonomous |uygur autonomous |zhuang autonomous |hui autonomous )?"
              r"(?:province|oblast'?|region|krai|voblast'?|sheng|область|вобласць|край|провинция|vilayet|governorate)",
    "county": r"(?:autonomous )?(?:county|xian|уезд)",
    "city": r"(?:county-level |prefecture-level |sub-provincial )?(?:city|municipality|prefecture|shi|город)",
    "district": r"(?:new )?(?:district|qu|район)",
    "town": r"(?:town|township|village|zhen|xiang)",
}  # fmt: skip
_ENDING = re.compile(r"[ -](?:" + "|".join(f"(?P<{k}>{v})" for k, v in _WORDS.items()) + ")$")
_START = re.compile(r"^(?:the )?(?:(?P<city>(?:city|municipality|ville|ciudad|stadt|город|г\.) ?(?:of |de |)?)|"
                    r"(?P<region>(?:province|region|oblast) (?:of |de )))(?=\w{2})")  # fmt: skip
_SAINT = re.compile(r"^(?:st\.?|sankt|saint|ste\.?|san(?=kt)) ?-?")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: ``stem``, ``level`` ("" where it says none), the ``country`` and ``province`` (Han) beside it."""

    text: str
    stem: str
    level: str
    country: str | None
    province: str | None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Sense:
    """One place that a name can stand for: ``base`` identifies it, ``route`` says how the name leads to it."""

    base: str
    country: str | None
    name: str
    people: int
    route: str
    levels: tuple[str, ...] = LEVELS
    within: tuple[str, ...] = ()  # province and prefecture (Han), where the tables know them

    def as_keys(self) -> frozenset[str]:
        """One key for each level that the name leaves open."""
        return frozenset(f"{self.base}#{level}" if level else self.base for level in self.levels)


@lru_cache(maxsize=65536)
def take_apart(name: str, country: str | None = None) -> Name:
    """``name`` into stem, level and what stands beside it; ``country`` is known from elsewhere."""
    text = plain(name)
    province: str | None = None
    pieces = [p.strip() for p in re.split(r"[,，(（)）]| in (?=\w)", text) if p.strip()]
    while len(pieces) > 1:
        land, region = country_code(pieces[-1]), _region(pieces[-1], country)
        if region is None and land is None:
            break
        if region is not None and (land is None or country is not None):
            country, province = country or region.country, province or region.name or region.english
        else:
            country = land
        pieces.pop()
    stem = pieces[0] if len(pieces) == 1 else text
    parent = None
    if HAN.search(stem):
        stem, country, province, parent = _fronts(stem, country, province)
        found = _HAN_ENDING.search(stem)
    else:
        found = _ENDING.search(stem) or _START.search(stem)
    level = ""
    if found and found.group() != stem and stem not in regions() and stem not in divisions():
        level = next(k for k, v in found.groupdict().items() if v)
        stem = (stem[: found.start()] if found.start() else stem[found.end() :]).strip(" -")
    return Name(text, stem, level, country, province, parent)


def _region(piece: str, country: str | None) -> Region | None:
    """The province or state that stands beside a town, with or without its ending."""
    for form in (piece, _HAN_ENDING.sub("", piece) if HAN.search(piece) else _ENDING.sub("", piece)):
        for region in regions().get(form, ()):
            if country in (None, region.country):
                return region
    return None


def _fronts(stem: str, country: str | None, province: str | None) -> tuple[str, str | None, str | None, str | None]:
    """Country, province and prefecture that stand in front of a Chinese name, taken off."""
    parent = None
    for _ in range(3):
        for cut in range(len(stem) - 2, 1, -1):
            front, rest = stem[:cut], stem[cut:]
            bare = _HAN_ENDING.sub("", front)
            region = _region(front, "CN")
            land = country_code(front)
            if land and len(rest) > 1 and (known(rest) or _HAN_ENDING.search(rest)):
                stem, country = rest, country or land
            elif region and (front != bare or known(rest)) and rest[0] not in "省市县":
                stem, country, province = rest, "CN", region.name
            elif front[-1] == "市" and is_prefecture(bare) and _HAN_ENDING.search(rest):
                stem, country, parent = rest, "CN", bare
            else:
                continue
            break
        else:
            break
    return stem, country, province, parent


def readings(han: str) -> frozenset[str]:
    """How a Chinese name reads in pinyin (:func:`compact`): as the tables say, else as its characters do."""
    here = divisions().get(han, ())
    return frozenset(compact(d.pinyin) for d in here) if here else frozenset({pinyin(han)})


def known(name: str) -> bool:
    """Whether the tables or the gazetteer know ``name``, with or without its ending."""
    forms = {name, _HAN_ENDING.sub("", name)}
    return any(f in aliases() or f in regions() or f in divisions() or cities(f) for f in forms)


@lru_cache(maxsize=65536)
def senses(name: str, country: str | None = None) -> tuple[Sense, ...]:
    """What ``name`` can stand for, the likeliest first; what no table knows has a sense of its own spelling.

    ``country`` is an ISO 3166-1 alpha-2 code that is known beside the name, or None.
    """
    parts = take_apart(name, country)
    found: dict[str, Sense] = {}
    for sense in _tabled(parts):
        if parts.country in (None, sense.country):
            found.setdefault(sense.base, sense)
    settled = any(s.country == "CN" for s in found.values())  # our tables know China's names better than the gazetteer does
    for sense in _called(list(_listed(parts)), parts.stem):
        if parts.country in (None, sense.country) and not (settled and sense.country == "CN"):
            found.setdefault(sense.base, sense)
    beside = (parts.province, parts.parent)
    chosen = [s for s in found.values() if all(b in (None, w) for b, w in zip(beside, s.within, strict=False))]
    if parts.province and parts.country == "CN":
        chosen = [s for s in chosen if s.within or s.levels == ("region",)] or chosen
    if parts.level == "region":
        chosen = [s for s in chosen if s.levels == ("region",)] or [replace(s, levels=("region",)) for s in chosen]
    elif parts.level:
        chosen = [replace(s, levels=(parts.level,)) for s in chosen if parts.level in s.levels]
    elif any(not r.name for r in regions().get(parts.stem, ())):  # Ontario, Bayern
        chosen = [replace(s, levels=("region", *s.levels)) for s in chosen]
    return (*sorted(chosen, key=lambda s: -s.people), *_spelt(parts, chosen))


def _called(listed: list[Sense], stem: str) -> list[Sense]:
    """Without places that the gazetteer only lists under ``stem`` where another one is called so: Cancún is not Changchun.

    Places with ``EXONYM`` times the people stay: Seville is Sevilla, though an American village is called Seville.
    """
    spelt = readings(stem) if HAN.search(stem) else {compact(stem)}
    called = max((s.people for s in listed if compact(s.name) in spelt), default=None)
    if called is None:
        return listed
    return [s for s in listed if compact(s.name) in spelt or s.people > EXONYM * called]


def _tabled(parts: Name) -> Iterator[Sense]:
    """The senses that the tables of this room give: other names, countries, provinces, China's prefectures and counties."""
    for alias in dict.fromkeys((*aliases().get(parts.text, ()), *aliases().get(parts.stem, ()))):
        yield from _aliased(alias)
    land = country_code(parts.text)
    if land:
        here = land in {c.country for c in cities(parts.text, land)}  # Singapore, Luxembourg: the city is as likely meant
        yield Sense(f"{land}:", land, country_name(land), 0 if here else ALL, "gazetteer", ("",))
    latin = parts.country in (None, "CN") and not HAN.search(parts.stem)
    wade = from_wade(parts.stem) if latin else ()
    for region in (r for form in (parts.text, parts.stem, *wade) for r in regions().get(form, ())):
        if region.name and (parts.level in ("", "region") or (parts.stem != parts.text and region.name == parts.text)):
            people = max((_people(d) for d in divisions().get(region.name, ())), default=0)
            yield Sense(f"{region.country}:{region.name}", region.country, region.english, people, "region", ("region",))
    forms = (compact(parts.stem), *map(compact, pinyin_spellings(parts.stem) if latin else ()))
    plainly = [d for form in dict.fromkeys(forms) for d in divisions().get(form, ())]
    yield from (_division(d, "division") for d in plainly)
    if set("-'") & set(parts.stem) or (parts.country and not plainly):
        yield from (_division(d, "wade-giles") for form in wade for d in divisions().get(form, ()))


def _listed(parts: Name) -> Iterator[Sense]:
    """The senses that the gazetteer gives, looked up as the name stands and as it reads in other spellings."""
    if (parts.level == "district" and parts.parent) or any(r.name for r in regions().get(parts.stem, ())):
        return
    seen = False
    for route, forms in _forms(parts):
        if seen and route in ("wade-giles", "transliteration"):
            return
        for form in forms:
            for city in cities(form, parts.country):
                seen = True
                yield _sense(city, route)


def _forms(parts: Name) -> list[tuple[str, tuple[str, ...]]]:
    """How to look a stem up, by route: as it stands, then read as pinyin, as Wade-Giles, as Cyrillic."""
    stem, chinese = parts.stem, parts.country in (None, "CN", "TW")
    forms: list[tuple[str, tuple[str, ...]]] = [("gazetteer", (parts.text, stem, stem.replace("-", " "), stem.replace(" ", "-"),
                                                               _SAINT.sub("saint ", stem)))]  # fmt: skip
    if CYRILLIC.search(stem):
        forms.append(("transliteration", latin_spellings(stem)))
    elif not HAN.search(stem) and chinese:
        forms.append(("pinyin", pinyin_spellings(stem)))
        readings = from_wade(stem)
        forms.append(("wade-giles", tuple(f for r in readings for f in pinyin_spellings(r))))
    return forms


def _aliased(alias: Alias) -> Iterator[Sense]:
    known_here = divisions().get(alias.target, ()) if alias.country == "CN" else ()
    if known_here:
        yield _division(min(known_here, key=lambda d: d.prefecture != ""), alias.kind)
        return
    city = next(iter(cities(alias.target, alias.country)), None)
    if city:
        yield replace(_sense(city, alias.kind), name=city.name)
    else:
        yield Sense(f"{alias.country}:{alias.target}", alias.country, alias.target, 0, alias.kind)


def _people(division: Division) -> int:
    """For which name is the bigger one: what the gazetteer says, but never less than ``COUNTY`` or ``PREFECTURE``."""
    if division.prefecture:
        return COUNTY
    return max([PREFECTURE, *(c.population for c in cities(division.han, "CN"))])


@cache
def _division(division: Division, route: str) -> Sense:
    level = LEVELS if division.prefecture else ("city",)
    within = (division.province, division.prefecture or division.han)
    base = f"CN:{division.province}/{division.prefecture}/{division.han}"
    return Sense(base, "CN", division.pinyin, _people(division), route, level, within)


@cache
def _places() -> dict[str, Division]:
    """Base of a place of the gazetteer → the prefecture or municipality that it is, so that all its names lead there."""
    found: dict[str, Division] = {}
    for han, here in divisions().items():
        if HAN.search(han) and not here[0].prefecture:
            for city in cities(han, "CN")[:1]:
                found.setdefault(_base(city), here[0])
    return found


def _base(city: City) -> str:
    return f"{city.country}:{city.latitude:.2f},{city.longitude:.2f}"


def _sense(city: City, route: str) -> Sense:
    """The sense of a place of the gazetteer, under the coordinates by which its main name finds it."""
    same = (c for c in cities(city.name, city.country) if c.name == city.name)
    near = (c for c in same if abs(c.latitude - city.latitude) < 0.15 and abs(c.longitude - city.longitude) < 0.15)
    city = next(near, city)
    here = _places().get(_base(city))
    return _division(here, route) if here else Sense(_base(city), city.country, city.name, city.population, route)


def _spelt(parts: Name, chosen: list[Sense]) -> list[Sense]:
    """Senses made of the spelling alone: the only ones of a name that no table knows, the last ones of others."""
    levels = (parts.level,) if parts.level else ("region", *LEVELS)
    stem = f"{parts.parent}/{parts.stem}" if parts.parent and parts.level == "district" else parts.stem
    made = [(f"~{simplified(stem)}" if HAN.search(stem) else f"~{compact(stem) or stem}", "same-name")]
    if HAN.search(stem) and parts.country in (None, "CN", "TW"):
        made.append((f"~{pinyin(stem)}", "pinyin"))
    if CYRILLIC.search(stem):
        made.append((f"~~{skeleton(stem)}", "transliteration"))
    elif stem.isascii() or not HAN.search(stem):
        lands = {parts.country, *(s.country for s in chosen)}
        if lands & CYRILLIC_STATES or lands == {None}:
            spellings = {skeleton(stem), *(skeleton(s.name) for s in chosen if s.country in CYRILLIC_STATES)}
            made += [(f"~~{s}", "transliteration") for s in sorted(spellings)]
    return [Sense(base, parts.country, parts.text, 0, route, levels) for base, route in made]
