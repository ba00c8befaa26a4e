"""What a name of a place can stand for: its senses, with the route that leads from the name to each of them.

A name is taken apart (country or province beside it, the word for city or county, the stem) and its stem is looked up in the
tables of this room, in the gazetteer (GeoNames) as it stands, as pinyin, as Wade-Giles and as transliterated Cyrillic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from safeconduct.claims.places import City, cities, country_code, country_name, simplified

from .romanise import CYRILLIC, CYRILLIC_STATES, HAN, compact, latin_spellings, pinyin, pinyin_spellings, plain, skeleton
from .romanise import wade_giles as wade_giles_readings
from .tables import Alias, Region, aliases, counties, prefectures, regions

LEVELS = ("city", "county", "district", "town")  # below a region; what a name that says none of them can be
DOUBLES = 2.0  # times the people of the next namesake make a place the one that its bare name means
COUNTY = 500_000  # people that a county of the table counts for at least: more than any township of its name
ALL = 10**9  # people, so that a bare name that is a country's means the country
MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
READ = ("gazetteer", "pinyin", "wade-giles", "transliteration")  # routes to what no table of ours names
_BOTH = frozenset({"吉林"})  # provinces with a prefecture of the same name
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

    def as_keys(self) -> frozenset[str]:
        """One key for each level that the name leaves open."""
        return frozenset(f"{self.base}#{level}" if level else self.base for level in self.levels)


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
    if found and found.group() != stem and plain(stem) not in regions():
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
            elif front[-1] == "市" and (bare in prefectures() or bare in MUNICIPALITIES) and _HAN_ENDING.search(rest):
                stem, country, parent = rest, "CN", bare
            else:
                continue
            break
        else:
            break
    return stem, country, province, parent


def known(name: str) -> bool:
    """Whether the tables or the gazetteer know ``name``, with or without its ending."""
    forms = {name, _HAN_ENDING.sub("", name)}
    return any(f in aliases() or f in regions() or f in prefectures() or cities(f) for f in forms)


@lru_cache(maxsize=65536)
def senses(name: str, country: str | None = None) -> tuple[Sense, ...]:
    """What ``name`` can stand for, the likeliest first; what no table knows has a sense of its own spelling.

    ``country`` is an ISO 3166-1 alpha-2 code that is known beside the name, or None.
    """
    parts = take_apart(name, country)
    found: dict[str, Sense] = {}

    def add(sense: Sense) -> None:
        if parts.country in (None, sense.country) and sense.base not in found:
            found[sense.base] = sense

    for alias in (*aliases().get(parts.text, ()), *aliases().get(parts.stem, ())):
        add(_aliased(alias))
    if (parts.stem in counties() or parts.stem in prefectures()) and not cities(parts.stem, "CN"):
        add(_aliased(Alias(parts.stem, "same-name", "CN", parts.stem)))
    land = country_code(parts.text)
    if land:
        here = land in {c.country for c in cities(parts.text, land)}  # Singapore, Luxembourg: the city is as likely meant
        add(Sense(f"{land}:", land, country_name(land), 0 if here else ALL, "gazetteer", ("",)))
    is_region = False
    read = wade_giles_readings(parts.stem) if parts.country in (None, "CN") and not HAN.search(parts.stem) else ()
    for region in (r for form in (parts.text, parts.stem, *read) for r in regions().get(form, ())):
        if region.name and (parts.level in ("", "region") or (parts.stem != parts.text and region.name == parts.text)):
            is_region |= region.name not in _BOTH
            people = max((c.population for c in cities(region.name, "CN")), default=0) if region.name in _BOTH else 0
            add(Sense(f"{region.country}:{region.name}", region.country, region.english, people, "region", ("region",)))
    if parts.level != "district" or not parts.parent:
        for route, forms in _forms(parts):
            marked = route == "wade-giles" and set("-'") & set(parts.stem)
            guess = route in ("wade-giles", "transliteration") and not marked
            if is_region or (guess and any(s.people for s in found.values())):
                break
            for form in forms:
                for city in cities(form, parts.country):
                    add(_sense(city, route))
    chosen = _namesakes([s for s in found.values() if _fits(s, parts)], parts.stem)
    if parts.province and parts.country == "CN":
        chosen = [s for s in chosen if s.base in _bases() or s.levels == ("region",)] or chosen
    if parts.level == "region":
        chosen = [s for s in chosen if s.levels == ("region",)] or [replace(s, levels=("region",)) for s in chosen]
    elif not parts.level and any(not r.name for r in regions().get(parts.stem, ())):  # Ontario, Bayern
        chosen = [replace(s, levels=("region", *s.levels)) for s in chosen]
    elif parts.level:
        chosen = [replace(s, levels=(parts.level,)) for s in chosen if s.levels != ("region",)]
    return (*sorted(chosen, key=lambda s: -s.people), *_spelt(parts, chosen))


def _namesakes(found: list[Sense], stem: str) -> list[Sense]:
    """Without the places in China that are only listed under ``stem``, where another one is called so."""
    ours = {s.base for s in found if s.country == "CN" and s.route not in (*READ, "region", "same-name")}
    if ours:
        return [s for s in found if s.country != "CN" or s.base in ours or s.route not in READ]
    if sum(s.country == "CN" and s.route == "gazetteer" for s in found) < 2:
        return found
    spelt = pinyin(stem) if HAN.search(stem) else compact(stem)
    called = {s.base for s in found if spelt in (compact(s.name), pinyin(_bases().get(s.base, "")))}
    if not any(s.country == "CN" and s.base in called for s in found):
        return found
    return [s for s in found if s.country != "CN" or s.route not in READ or s.base in called]


def _forms(parts: Name) -> list[tuple[str, tuple[str, ...]]]:
    """How to look a stem up, by route: as it stands, then read as pinyin, as Wade-Giles, as Cyrillic."""
    stem, chinese = parts.stem, parts.country in (None, "CN", "TW")
    forms: list[tuple[str, tuple[str, ...]]] = [("gazetteer", (parts.text, stem, stem.replace("-", " "), stem.replace(" ", "-"),
                                                               _SAINT.sub("saint ", stem)))]  # fmt: skip
    if CYRILLIC.search(stem):
        forms.append(("transliteration", latin_spellings(stem)))
    elif not HAN.search(stem) and chinese:
        forms.append(("pinyin", pinyin_spellings(stem)))
        readings = wade_giles_readings(stem)
        forms.append(("wade-giles", tuple(f for r in readings for f in pinyin_spellings(r))))
    return forms


def _aliased(alias: Alias) -> Sense:
    city = next(iter(cities(alias.target, alias.country)), None)
    if city:
        return replace(_sense(city, alias.kind), name=city.name)
    people = COUNTY if alias.target in counties() else 0
    return Sense(f"{alias.country}:{alias.target}", alias.country, alias.name, people, alias.kind)


@cache
def _bases() -> dict[str, str]:
    """Base of a place of the gazetteer → Han name of the prefecture, municipality or county that it is."""
    found: dict[str, str] = {}
    for han in (*prefectures(), *MUNICIPALITIES, *counties()):
        for city in cities(han, "CN")[:1]:
            found.setdefault(_base(city), han)
    return found


def _base(city: City) -> str:
    return f"{city.country}:{city.latitude:.2f},{city.longitude:.2f}"


def _sense(city: City, route: str) -> Sense:
    """The sense of a place of the gazetteer, under the coordinates by which its main name finds it."""
    near = (c for c in cities(city.name, city.country) if abs(c.latitude - city.latitude) < 0.15)
    city = next((c for c in near if abs(c.longitude - city.longitude) < 0.15), city)
    han = _bases().get(_base(city), "")
    if han in counties():
        return Sense(_base(city), city.country, city.name, max(city.population, COUNTY), route)
    return Sense(_base(city), city.country, city.name, city.population, route, ("city",) if han else LEVELS)


def _fits(sense: Sense, parts: Name) -> bool:
    """Whether a sense lies in the province that stands beside the name; places whose province is not known do."""
    if parts.province is None or sense.country != "CN":
        return True
    han = _bases().get(sense.base, "")
    return (counties().get(han) or (prefectures().get(han, han),))[0] == parts.province if han else True


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
