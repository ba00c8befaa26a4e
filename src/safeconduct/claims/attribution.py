"""Who says it: the ultimate asserter, and those who stand between the asserter and the page."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

from .places import is_country, the_country

Stance = Literal["asserts", "denies"]
STANCES: tuple[str, ...] = get_args(Stance)
PUBLISHER = "publisher"  # the narrator's own voice
UNSPECIFIED = "unspecified"  # "reportedly", "is accused", unnamed reports
BODIES = ("org", "media", "persons")  # prefixes that take a slug; state: takes a country code
_SLUG = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

_NAMES = {  # slugs whose name is not simply the slug with capitals
    "rfa": "RFA", "cnn": "CNN", "npr": "NPR", "bbc": "BBC", "apa": "APA", "afp": "AFP", "ap": "AP",
    "rtl-nieuws": "RTL Nieuws", "un-rapporteurs": "United Nations rapporteurs", "follow-the-money": "Follow the Money",
    "new-york-times": "The New York Times", "le-monde": "Le Monde", "la-nazione": "La Nazione", "il-foglio": "Il Foglio",
}


def slugify(name: str) -> str:
    """A name as it stands in ``org:``, ``media:`` and ``persons:``: lower case, words joined by hyphens, no accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[^\W_]+", plain.replace("’", "").replace("'", "").casefold()))


def check_asserter(value: str) -> str:
    """``value`` if it is an asserter of the codebook.

    Raises:
        ValueError: it is none of publisher, unspecified, org:…, state:XX, media:…, persons:….
    """
    if value in (PUBLISHER, UNSPECIFIED):
        return value
    prefix, _, rest = value.partition(":")
    if prefix == "state" and (is_country(rest) or rest == "EU"):
        return value
    if prefix in BODIES and _SLUG.fullmatch(rest) and rest == rest.casefold():
        return value
    raise ValueError(
        f"{value!r} is no asserter; use publisher, unspecified, org:…, state:XX, media:… or persons:… in lower case"
    )


def asserter_name(value: str, publisher: str | None = None) -> str:
    """The asserter in words for a reader, such as "Safeguard Defenders" or "authorities of Germany".

    ``publisher`` is the name of the source's publisher, used for the narrator's voice.
    """
    if value == PUBLISHER:
        return publisher or "the source itself"
    if value == UNSPECIFIED:
        return "unnamed sources"
    prefix, _, rest = value.partition(":")
    if prefix == "state":
        return "the European Union" if rest == "EU" else f"authorities of {the_country(rest)}"
    if prefix == "persons":
        role = rest.replace("-", " ")
        return role if speaks_as_many(value) else f"{'an' if role[0] in 'aeiou' else 'a'} {role}"
    return _NAMES.get(rest) or rest.replace("-", " ").title()


def speaks_as_many(value: str) -> bool:
    """Whether an asserter takes a plural verb: authorities, several people, unnamed sources."""
    prefix, _, rest = value.partition(":")
    if prefix == "persons":
        last = rest.rpartition("-")[2]
        return (last.endswith("s") and not last.endswith("ss")) or last in ("people", "police", "staff", "men", "women")
    return value == UNSPECIFIED or (prefix == "state" and rest != "EU") or rest.endswith("-rapporteurs")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who asserts a claim, through whom it reached the page, and whether they assert or deny it.

    ``via`` holds the bodies between asserter and page, nearest to the asserter first.
    """

    asserted_by: str = PUBLISHER
    via: tuple[str, ...] = ()
    stance: Stance = "asserts"

    def __post_init__(self) -> None:
        check_asserter(self.asserted_by)
        for body in self.via:
            check_asserter(body)
        if self.stance not in STANCES:
            raise ValueError(f"{self.stance!r} is no stance; use asserts or denies")
