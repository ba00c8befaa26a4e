"""Countries and cities, by the names people give them in English, Spanish and Chinese.

Countries: ISO 3166-1 alpha-2 codes with names from Unicode CLDR (package babel). Cities: GeoNames (CC BY 4.0), condensed
when the package is built (``hatch_build.py``), with ``data/places.tsv`` of our own on top.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale
from opencc import OpenCC

from .gazetteer import Gazetteer

REGIONS = ("world", "europe", "africa", "asia", "americas", "oceania")
LANGUAGES = ("en", "es", "zh", "zh_Hant")  # whose country names country_code() reads
_OTHER_NAMES = {  # names in use that CLDR does not give
    "uk": "GB", "u.k.": "GB", "britain": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "us": "US", "u.s.": "US", "usa": "US", "u.s.a.": "US", "america": "US", "states": "US",
    "the netherlands": "NL", "holland": "NL", "turkey": "TR", "czech republic": "CZ", "prc": "CN", "ivory coast": "CI",
    "people's republic of china": "CN", "republic of ireland": "IE", "burma": "MM", "hong kong": "HK", "macau": "MO",
    "macao": "MO", "taiwan": "TW", "palestine": "PS", "vatican": "VA", "congo": "CG", "south korea": "KR",
    "north korea": "KP", "uae": "AE", "drc": "CD", "european union": "EU", "eu": "EU", "ee.uu.": "US", "reino unido": "GB",
    "republica checa": "CZ", "英国": "GB", "美": "US", "荷": "NL", "欧盟": "EU", "中方": "CN", "捷克": "CZ", "朝鲜": "KP",
}
_DISPLAY = {"TR": "Türkiye", "HK": "Hong Kong", "MO": "Macao", "EU": "European Union", "PS": "Palestine",
            "MM": "Myanmar"}


@dataclass(frozen=True, slots=True)
class City:
    """A city or region: English ``name``, ISO ``country``, WGS 84 ``latitude`` and ``longitude`` in degrees."""

    name: str
    country: str
    latitude: float
    longitude: float
    population: int


def simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones; other characters unchanged."""
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def fold(name: str) -> str:
    """A name as looked up: simplified characters, no accents, lower case, straight apostrophes, single spaces."""
    if any("\u3400" <= c <= "\u9fff" for c in name):
        name = simplified(name)
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").casefold().split())


@cache
def countries() -> dict[str, str]:
    """ISO alpha-2 code → English name of every country and territory that CLDR names (not its groupings)."""
    names = Locale("en").territories
    return {
        c: _DISPLAY.get(c, str(n)) for c, n in names.items() if len(c) == 2 and c.isalpha() and c not in _NOT_COUNTRIES
    }


_NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


@cache
def country_names() -> dict[str, str]:
    """Folded name → ISO alpha-2 code, over all ``LANGUAGES`` and the other names in use."""
    known = countries()
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in known:
                found.setdefault(fold(str(name)), code)
    for code, name in _DISPLAY.items():
        found[fold(name)] = code
    found.update((fold(name), code) for name, code in _OTHER_NAMES.items())
    return found


def is_country(code: str) -> bool:
    """Whether ``code`` is an ISO alpha-2 code in use."""
    return code in countries()


def country_code(name: str) -> str | None:
    """The ISO code of a country by name ("the Netherlands", "荷兰", "Países Bajos"), or None."""
    folded = fold(name)
    return country_names().get(folded) or country_names().get(folded.removeprefix("the "))


def country_name(code: str, language: str = "en") -> str:
    """The country's name in ``language`` (a BCP 47 tag); continents and unknown codes as given, with a capital."""
    if language == "en":
        return _DISPLAY.get(code) or countries().get(code) or code.capitalize()
    return str(Locale.parse(language, sep="-").territories.get(code, code))


CONTINENTS = {"europe": "Europe", "africa": "Africa", "asia": "Asia", "americas": "the Americas", "oceania": "Oceania"}
_WITH_ARTICLE = frozenset(
    "AE AX BQ BS CC CD CF CG CK DO EU FK FO GB GM GS IM IO KM KY MH MP MV NL PH PM SB SC SJ TC TF UM US VA VG VI".split()
)


def the_country(code: str) -> str:
    """The country in running English text: "the Netherlands", "Italy", "the Americas", "the world"."""
    if code == "world":
        return "the world"
    if code in CONTINENTS:
        return CONTINENTS[code]
    name = country_name(code)
    return f"the {name}" if code in _WITH_ARTICLE and not name.casefold().startswith("the ") else name


@cache
def gazetteer() -> Gazetteer:
    """The tables of cities: curated ones first, then by population. Their names are folded."""
    data = files("safeconduct.claims") / "data"
    curated: list[str] = []
    for line in (data / "places.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, *numbers, others = line.split("\t")
            names = dict.fromkeys(fold(n) for n in (name, *others.split("|")))
            curated.append("\t".join((name, *numbers, "|".join(names))))
    return Gazetteer("".join(line + "\n" for line in curated).encode() + (data / "cities.tsv").read_bytes())


@lru_cache(maxsize=65536)
def _cities(folded: str) -> tuple[City, ...]:
    lines = gazetteer().lines(folded)
    if not lines and len(folded) > 2 and folded[-1] in "市县区":
        lines = gazetteer().lines(folded[:-1])
    found: list[City] = []
    for line in lines:
        name, country, latitude, longitude, population, _ = line.split("\t")
        if all(abs(c.latitude - float(latitude)) + abs(c.longitude - float(longitude)) > 0.3 for c in found):
            found.append(City(name, country, float(latitude), float(longitude), int(population)))
    return tuple(found)


def cities(name: str, country: str | None = None) -> tuple[City, ...]:
    """Cities and regions of that name in any of its known forms, the most likely first (curated, then by population).

    ``country`` keeps those of one country. 市, 县 and 区 at the end of a Chinese name are passed over.
    """
    return tuple(c for c in _cities(fold(name)) if country in (None, c.country))


def city(name: str, country: str | None = None) -> City | None:
    """The most likely city of that name, or None."""
    return next(iter(cities(name, country)), None)
