"""What a name of a body can stand for: an organ of a state, one of its local offices, or a well-known organisation.

The name of an organ (公安局, Public Security Bureau, PSB) is found inside the name; what is left says which state's or which
town's it is. What is left over and says neither makes it another body: a department of a bureau is not the bureau.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from safeconduct.claims.places import country_code, country_name

from . import placenames
from .romanise import HAN, compact, plain
from .tables import rows

_PROVINCIAL = frozenset("公安厅 国家安全厅 国安厅 司法厅 高级人民法院 高院".split()) | {
    "public security department", "department of public security", "department of state security", "high people court",
    "gong'an ting", "gong'anting",
}  # fmt: skip
_CENTRE = (
    "ccp|cpc|communist party of china|chinese communist party|central committee|party committee|committee|state council|"
    "central|zhonggong|zhongyang"
)
_LATIN_FILLERS = re.compile(rf"\b(?:of|the|for|in|at|de|del|di|du|da|von|по|в|{_CENTRE})(?!\w)|г\.")
_HAN_FRONT = re.compile(r"^(?:中国共产党|中共)?(?:中央委员会|中央|国务院)?")
_HAN_PARTY = re.compile(r"(?<=..)(?:委员会|委|人民政府|政府)$")
_LEVEL_WORDS = {
    "municipal": "city", "city-level": "city", "prefectural": "city", "provincial": "province", "regional": "region",
    "county-level": "county", "district-level": "district",
}  # fmt: skip
EMBASSY = "embassy"
_PREFIX = re.compile(r"^(?:org|media):")


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ: ``id``, the ``states`` that have one (ISO codes; empty: any), whether it has ``local`` offices.

    ``loose``: what people call it, which may mean something else ("Fuzhou police").
    """

    id: str
    states: tuple[str, ...]
    local: bool
    loose: bool


@dataclass(frozen=True, slots=True)
class Sense:
    """One body: ``body`` says what, ``of`` which state's (ISO code), ``place`` which town's or province's, as it is named."""

    body: str
    of: str | None
    place: str
    route: str

    def as_keys(self) -> frozenset[str]:
        """One key, or for a local office one for each thing that its place can be."""
        whole = f"{self.body}@{self.of}" if self.of else self.body
        if not self.place:
            return frozenset({whole})
        return frozenset(f"{whole}@{key}" for place in placenames.senses(self.place, self.land) for key in place.as_keys())

    @property
    def land(self) -> str | None:
        """The country in which its place lies (ISO code), where the name says so: an embassy stands in another than its own."""
        return None if self.body == EMBASSY else self.of

    def rule(self, other: Sense) -> str:
        """The id of the rule that makes this sense and ``other`` one."""
        return self.route if self.route == other.route else "organ"

    def sentence(self, a: str, b: str) -> str:
        """Why the names ``a`` and ``b`` mean one body."""
        if self.route == "spelling":
            return f"{a} and {b} differ only in accents, case or punctuation."
        if self.route == "organisation":
            return f"{a} and {b} are names of one organisation ({self.body.removeprefix('org:')})."
        organ = f"{self.body.replace('-', ' ')}{f', {country_name(self.of)}' if self.of else ''}"
        return f"{a} and {b} name {'the same kind of' if self.place else 'the same'} organ ({organ})."


def _clean(name: str) -> str:
    """``name`` as organs are looked up: folded, without possessive and quotation marks."""
    text = re.sub(r"'s?(?=\s|$)|(?<=\bpeople)s(?=\s)", "", plain(name)).replace("gong an", "gong'an")
    return " ".join(re.sub(r"[\"“”«»„]", " ", text).replace("\u200c", " ").split())


@cache
def _organs() -> dict[str, tuple[Organ, ...]]:
    found: dict[str, tuple[Organ, ...]] = {}
    for id_, states, local, names in rows("organs.tsv"):
        organ = Organ(id_, tuple(states.replace("*", "").split()), local != "central", local == "loose")
        for name in {_clean(n) for n in names.split("|")}:
            found[name] = (*found.get(name, ()), organ)
    return found


@cache
def _states() -> dict[str, str]:
    return {_clean(word): state for state, words in rows("states.tsv") for word in words.split("|")}


@cache
def _organisations() -> dict[str, str]:
    """Compact name → slug of the organisation."""
    found: dict[str, str] = {}
    for slug, names in rows("organisations.tsv"):
        found.update((compact(name), slug) for name in (slug, *names.split("|")))
    return found


@cache
def _finder() -> re.Pattern[str]:
    """Finds organs' names as whole words, the longest at each place first."""
    names = sorted((n for n in _organs() if not HAN.search(n)), key=lambda n: (-len(n), n))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def _found(text: str) -> tuple[str, str] | None:
    """The longest name of an organ in ``text`` and what stands around it. A Chinese one ends the name."""
    if HAN.search(text):
        for start in range(len(text) - 1):
            if text[start:] in _organs():
                return text[start:], text[:start]
        return None
    text = re.sub(r"\s*\(([^)]*)\)", lambda m: "" if _clean(m[1]) in _organs() else m[0], text)
    hits = sorted(_finder().finditer(text), key=lambda m: (-len(m.group()), m.start()))
    if not hits:
        return None
    hit = hits[0]
    before, after = text[: hit.start()], text[hit.end() :]
    return hit.group(), f"{before.strip(' ,-')} {after.strip(' -')}".strip(" ,")


def _state_and_place(rest: str) -> tuple[str | None, str]:
    """What stands around an organ's name: the state it names, and what is left, which may be a place."""
    if HAN.search(rest):
        rest = _HAN_PARTY.sub("", _HAN_FRONT.sub("", rest))
        for cut in range(len(rest), 0, -1):
            state = _states().get(rest[:cut]) or (country_code(rest[:cut]) if len(rest[:cut]) > 1 or cut == len(rest) else None)
            if state:
                return state, _HAN_FRONT.sub("", rest[cut:]).removeprefix("驻")
        return None, rest
    rest = re.sub(rf"\b(?:{_CENTRE})\b", " ", rest)
    words = rest.split()
    runs = [(start, start + size) for size in range(len(words), 0, -1) for start in range(len(words) - size + 1)]
    state = None
    for start, end in runs:
        piece = " ".join(words[start:end]).strip(",()")
        state = _states().get(piece) or country_code(piece)
        if state:
            words[start:end] = []
            break
    rest = _LATIN_FILLERS.sub(" ", " ".join(words))
    return state, " ".join(_LEVEL_WORDS.get(word, word) for word in rest.split()).strip(" ,-")


@lru_cache(maxsize=65536)
def senses(name: str, country: str | None = None) -> tuple[Sense, ...]:
    """What ``name`` can stand for, the likeliest first; what no table knows has a sense of its own spelling.

    ``country`` is an ISO 3166-1 alpha-2 code, the state whose organs are meant, or None.
    """
    bare = _PREFIX.sub("", name)
    text = _clean(bare if bare == name else bare.replace("-", " "))
    if not compact(text):
        return ()
    slug = _organisations().get(compact(bare)) or _organisations().get(compact(text.removeprefix("the ")))
    if slug:
        return (Sense(f"org:{slug}", None, "", "organisation"),)
    hit = _found(text)
    if hit:
        found = _organ_senses(*hit, country)
        if found:
            return found
    return (Sense(f"~{compact(text.removeprefix('the '))}", None, "", "spelling"),)


def force(name: str) -> tuple[str | None, str | None, str]:
    """What a police force's name says: the organ (None where a bare town stands for its force, or "police"), the state
    whose organ that is, and the town."""
    sense = next(iter(senses(name)), None)
    if sense is None or not sense.place:
        return None, None, name
    return (None if sense.route == "loose" else sense.body), sense.of, sense.place


def _organ_senses(organ_name: str, rest: str, country: str | None) -> tuple[Sense, ...]:
    said, place = _state_and_place(rest)
    state = said or country
    if place and organ_name in _PROVINCIAL and not placenames.take_apart(place, "CN").level:
        place += "省" if HAN.search(place) else " province"
    found: list[Sense] = []
    for organ in _organs()[organ_name]:
        if (place and not organ.local) or (not place and organ.id == EMBASSY):
            continue
        states = organ.states or ((state,) if state else ())
        for of in states:
            if state in (None, of):
                found.append(Sense(organ.id, of, place, "loose" if organ.loose else "organ"))
    return tuple(found)
