"""Countries and asserters as they stand in an English sentence."""

from __future__ import annotations

from safeconduct.claims import city, country_name, the_country
from safeconduct.claims.places import CONTINENTS


def in_country(code: str) -> str:
    """ "worldwide", "in Italy", "in the Netherlands"."""
    return "worldwide" if code == "world" else f"in {the_country(code)}"


def heading(code: str) -> str:
    """The country as a heading: "Netherlands", "Italy", "World"."""
    return {"world": "World", "americas": "The Americas"}.get(code) or country_name(code)


def party_words(code: str) -> str:
    """A state, or the accused, as the plural subject of a sentence."""
    if code == "accused":
        return "those accused"
    if code == "EU":
        return "institutions of the European Union"
    return f"authorities {in_country(code)}" if code == "world" or code in CONTINENTS else (
        f"authorities of {the_country(code)}"
    )


def authority(name: str) -> str:
    """The place or body of an authority, which slots give in lower case: "fuzhou" → "Fuzhou", "CN" → "China"."""
    if len(name) == 2 and name.isupper():
        return heading(name)
    if name != name.lower():
        return name
    known = city(name)
    return known.name if known and known.name.casefold() == name else (name.title() if " " not in name else name)


def capital(text: str) -> str:
    """``text`` with its first letter in upper case."""
    return text[:1].upper() + text[1:]
