"""The tables in ``resolve/data``, read once: provinces of China, other names of places, regions elsewhere.

Reading tables that ship inside the package is the one input a pure room has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .romanise import compact, plain


@dataclass(frozen=True, slots=True)
class Alias:
    """``name`` is another name of ``target`` in ``country``: ``kind`` is postal, cantonese, former, translation …"""

    name: str
    kind: str
    country: str
    target: str


@dataclass(frozen=True, slots=True)
class Region:
    """A province, oblast or state: ``name`` is empty where the table only says in which country a name stands."""

    country: str
    name: str
    english: str


@dataclass(frozen=True, slots=True)
class Division:
    """A prefecture or municipality of China; with a ``prefecture``, a county or district below it."""

    han: str
    pinyin: str
    province: str
    prefecture: str


def rows(table: str) -> Iterator[list[str]]:
    """The rows of ``data/<table>``, comments left out.

    Raises:
        FileNotFoundError: the package ships no such table.
    """
    for line in (files("safeconduct.resolve") / "data" / table).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def aliases() -> dict[str, tuple[Alias, ...]]:
    """Folded name → the places that bear it beside their usual name."""
    found: dict[str, tuple[Alias, ...]] = {}
    for country, target, kind, names in rows("aliases.tsv"):
        for name in names.split("|"):
            for key in dict.fromkeys((plain(name), plain(name).replace("-", ""))):
                found[key] = (*found.get(key, ()), Alias(name, kind, country, target))
    return found


@cache
def regions() -> dict[str, tuple[Region, ...]]:
    """Folded name → provinces of China and regions of other states that bear it."""
    found: dict[str, tuple[Region, ...]] = {}

    def add(name: str, region: Region) -> None:
        if name and region not in found.get(plain(name), ()):
            found[plain(name)] = (*found.get(plain(name), ()), region)

    for han, english, others, _ in rows("provinces.tsv"):
        for name in (han, english, *others.split("|")):
            add(name, Region("CN", han, english))
    for country, english, others in rows("regions.tsv"):
        for group in (english, *others.split("|")):
            for name in group.split("="):
                add(name, Region(country, english, english or group.partition("=")[0]))
    return found


@cache
def divisions() -> dict[str, tuple[Division, ...]]:
    """Prefectures, municipalities and counties of China by Han name without ending, and by pinyin (:func:`compact`)."""
    found: dict[str, tuple[Division, ...]] = {}
    below = [(province, "", names) for province, _, _, names in rows("provinces.tsv")]
    for province, prefecture, names in (*below, *((p, q, n) for p, q, n in rows("counties.tsv"))):
        for han, spelt in (token.split("=") for token in names.split()):
            spellings = spelt.split("/")
            one = Division(han, spellings[0], province, prefecture)
            for key in dict.fromkeys((han, *map(compact, spellings))):
                found[key] = (*found.get(key, ()), one)
    return found


def is_prefecture(han: str) -> bool:
    """Whether ``han`` is a prefecture or municipality of China."""
    return any(not d.prefecture for d in divisions().get(han, ()))
