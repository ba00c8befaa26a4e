"""The domain guard: is this text about a state acting on people abroad, and which state is accused?

Texts on ordinary policing, spying on institutions or trade name stations, patrols, agents and foreigners too. The guard counts
sentences that show signs of the subject and weighs the counts; the weights (``grammar/guard.toml``) are those of a logistic
regression on annotated texts, so that they can be read and computed anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import log
from statistics import fmean
from typing import Any

from ..claims import KINDS
from ..claims.places import fold
from .dates import Calendar
from .grammar import grammar
from .likely import weighed
from .memory import Memory, is_seat
from .pack import Pack, Sense
from .places import Places, each
from .tokens import Token

LONG_LIST = 4  # a list of so many countries accuses none of them
DATELINE = 6  # a dateline stands in one of so many first sentences
MOST = 3  # sentences with a sign that count
OUTWEIGHS = 3  # times as much as any other known state, and a text's own state is the accused one
BESIDE = 0.35  # part of the main accused state's weight from which another known state counts as one beside it
CERTAIN = 0.9  # a sentence that is likelier a claim than this tells of the subject where an expert is named
FICTION = 0.07  # part of the sentences that speak of novels, films or exercises, above which a text is one
SHORT = 6  # sentences up to which one strong sign is enough
BRIEF = 4  # sentences that a shorter text counts as when it is weighed against the claims in it
BEST = 5  # sentences of which the likeliest ones tell of a text
SIGNS = 8  # of the weight of the signs no more counts beside the model
READ = 0.7  # what is likelier about the subject than this is read
LIKELY = 0.75  # claims a sentence that a text in doubt hardly exceeds: where they would not do, it is not read
NOTE = 3  # sentences up to which a weak sign is enough
ORDINARY = 0.2  # part of the sentences on ordinary matters from which a text has to name the subject outright
OUTRIGHT = ("surely", "station", "foreign-station", "expert")
STRONG = ("station", "foreign-station", "expert", "surely", "exiles-acted-upon", "agents-and-grave-act", "patrol")
WEAK = ("origin-and-exile", "exile-and-act", "act-with-host")
GRAVE = frozenset(
    ("m_killing", "m_attempted_killing", "m_abduction", "m_assault", "m_threat", "m_surveillance", "m_coerced_return")
)
ACTS = GRAVE | {"m_detention", "m_threat_to_family", "m_intimidation", "m_digital_attack", "m_mobility_control"}
EXILES = frozenset(("dissidents", "journalists", "diaspora", "students"))
STATES, CITY, PEOPLE, ORGANISATION, ORGANS = (frozenset(kinds) for kinds in ("ACGP", "P", "T", "O", "BG"))
NAMES = STATES | ORGANISATION
POLICE = frozenset(("police", "public security bureau", "security service", "agents", "Ministry of Public Security"))


def signs(line: Places, pack: Pack) -> list[str]:
    """The signs of the subject, or against it, that a sentence shows: names of ``grammar/guard.toml``."""
    usual, only = pack.set("origin_state"), pack.set("only_origin")
    named, places, tokens = list(line.some(STATES)), list(line.some(CITY)), line.tokens
    codes = {c for t in named for c in _codes(t)}
    origin = not codes.isdisjoint(usual)
    host = not codes <= only or any(t.data["codes"][0] not in only for t in places)
    exile = "exile_word" in line or any(t.data.get("target") in EXILES for t in line.some(PEOPLE))
    act, grave = not ACTS.isdisjoint(line.keys_here), not GRAVE.isdisjoint(line.keys_here)
    open_question = not DOUBT.isdisjoint(line.keys_here) or tokens[-1].form == "?"
    shown = {
        "origin": origin, "exile": exile, "act": act, "question": open_question,
        "exiles-acted-upon": origin and exile and act and not open_question, "origin-and-grave-act": origin and grave,
        "exile-and-act": exile and act, "origin-and-exile": origin and exile,
        "station": "station" in line, "foreign-station": "S" in line and _foreign(line, usual),
        "agents-and-grave-act": origin and grave and "agents_word" in line,
        "expert": any(_slug(t) in pack.set("expert_org") for t in line.some(ORGANISATION)),
        "surely": "surely_topic" in line, "ordinary": "ordinary" in line, "fiction": "fiction" in line,
        "patrol": origin and "joint_patrol" in line, "family": origin and act and "family" in line,
        "envoy-response": origin and not ENVOYS.isdisjoint(line.keys_here),
        "act-with-host": origin and host and act and not open_question,
        "origin-and-police": origin and any(str(t.data.get("body")) in POLICE for t in line.some(ORGANS)),
    }  # fmt: skip
    return [name for name, here in shown.items() if here]


def _slug(token: Token) -> str:
    return str(token.data.get("slug", "")).replace("-", " ")


def _foreign(line: Places, usual: frozenset[str]) -> bool:
    """Whether a station is called foreign or secret, by the name of a usual origin state, or is a local force's abroad."""
    tokens = line.tokens
    away = any(usual.isdisjoint(t.data["codes"]) for t in line.some(CITY))
    if away and any(_local_force(t, usual) for t in tokens):
        return True
    for i in each(line["S"]):
        if tokens[i].kind == "S":
            for near in tokens[max(0, i - 4) : i + 4]:
                if "foreign_adj" in near.keys or (near.kind in ("A", "C") and not usual.isdisjoint(near.values)):
                    return True
    return False


def _local_force(token: Token, usual: frozenset[str]) -> bool:
    """Whether a token names the police of a place in a usual origin state, or such a place."""
    if token.kind == "G":
        return bool(token.data.get("seat")) and str(token.data.get("body")) in POLICE and not usual.isdisjoint(token.values)
    return token.kind == "P" and not token.data.get("capital") and usual.issuperset(token.data["codes"])


def on_subject(found: Mapping[str, int], sentences: int) -> bool:
    """Whether a text with so many sentences that show each sign is about the subject."""
    enough: tuple[str, ...] = STRONG if sentences <= SHORT else ()
    if sentences <= NOTE and found.get("origin") and not found.get("ordinary"):
        enough += WEAK
    if _matter_of_course(found, sentences):
        return False
    if any(found.get(s) for s in enough) and not found.get("fiction"):
        return True
    return not _fiction(found, sentences) and _score(found) > 0


def told_enough(found: Mapping[str, int], sentences: int, claims: int) -> bool:
    """Whether a text that shows too few signs is about the subject all the same, as so many claims were found in it."""
    if not claims or _matter_of_course(found, sentences) or found.get("fiction"):
        return False
    if not found.get("origin") or (found.get("envoy-response") and not found.get("exile")):
        return False  # nobody is accused, or of spying among diplomats
    second = grammar()["guard"]["second"]
    length = max(sentences, BRIEF)
    told = float(second["claims"]) * log(1 + claims) + float(second["sentences"]) * log(length)
    return _score(found) + float(second["bias"]) + told > 0


def signs_of_text(found: Mapping[str, int], sentences: int, kinds: Sequence[str], likely: Sequence[float]) -> dict[str, float]:
    """What tells that a text is about the subject (``[model.text]`` of the pack): the signs in it, how many claims were found
    in it and of how many kinds, and how likely its sentences are claims, on the average and the likeliest few of them.

    ``kinds`` are those of the claims found, one for each claim; ``likely`` are from 0 to 1, one for each sentence.
    """
    best = sorted(likely, reverse=True)[:BEST]
    return {
        "signs": min(_score(found), SIGNS), "claims": log((1 + len(kinds)) / max(sentences, BRIEF)),
        "kinds": float(len(set(kinds))), "likely": fmean(likely), "best": fmean(best),
        "ordinary": float(_matter_of_course(found, sentences)), "fiction": float(_fiction(found, sentences)),
    }  # fmt: skip


def _fiction(found: Mapping[str, int], sentences: int) -> bool:
    return found.get("fiction", 0) > max(1, FICTION * sentences)


def _matter_of_course(found: Mapping[str, int], sentences: int) -> bool:
    """Whether a text speaks of ordinary matters and does not name the subject outright."""
    return found.get("ordinary", 0) >= max(2, ORDINARY * sentences) and not any(found.get(s) for s in OUTRIGHT)


def _score(found: Mapping[str, int]) -> float:
    """The weighed signs of a text."""
    weights = grammar()["guard"]
    score = float(weights["bias"])
    for sign, n in found.items():
        score += float(weights["weight"].get(sign, 0)) * min(n, 2 * MOST if sign == "ordinary" else MOST)
    return score


SAID = re.compile(r"(?:[a-z]\.){2,}|[^\W\d_]+|\d+")
ENVOYS = frozenset(("summon", "summoned", "non_grata", "expel", "protest_note"))
DOUBT = frozenset(("modal", "if", "fear", "whether"))
# What a sentence cannot do without to show a sign: one of these tags or of what _told says of an entry beyond its tags.
NEEDED: Mapping[str, Collection[str]] = {
    "origin": ("=origin",), "question": DOUBT, "act": ACTS, "act-with-host": ACTS, "origin-and-grave-act": GRAVE,
    "exile": ("exile_word", "=exile"), "station": ("station",), "foreign-station": ("=S",),
    "agents-and-grave-act": ("agents_word",),
    "expert": ("=expert",), "surely": ("surely_topic",), "ordinary": ("ordinary",), "fiction": ("fiction",),
    "patrol": ("joint_patrol",), "family": ("family",), "envoy-response": ENVOYS, "origin-and-police": ("=police",),
}  # fmt: skip
NEEDED = {**NEEDED, **dict.fromkeys(("exiles-acted-upon", "exile-and-act", "origin-and-exile"), NEEDED["exile"])}


def _told(sense: Sense, pack: Pack) -> Iterator[str]:
    """What a sense of an entry tells towards a sign: its tags, and what kind and data mean for one."""
    yield from sense.tags
    if str(sense.data.get("code", "")).split("|")[0] in pack.set("origin_state"):
        yield "=origin"
    if sense.data.get("target") in EXILES:
        yield "=exile"
    if sense.kind == "S":
        yield "=S"
    if sense.kind == "O" and str(sense.data.get("slug", "")).replace("-", " ") in pack.set("expert_org"):
        yield "=expert"
    if sense.data.get("body") in POLICE:
        yield "=police"


@cache
def _telling_words(pack: Pack) -> dict[str, frozenset[str]]:
    """Sign → words of which one must stand in a sentence that shows it: the longest word of each entry for it."""
    telling: dict[str, set[str]] = {}

    def read(node: Mapping[str, Any], longest: str) -> None:
        for word, below in node.items():
            if word:
                read(below, max(longest, word, key=len))
                continue
            for sense in below:
                for told in _told(sense, pack):
                    telling.setdefault(told, set()).add(longest)

    def named(told: str, names: Iterable[str]) -> None:
        telling.setdefault(told, set()).update(max(SAID.findall(name.lower()), key=len) for name in names)

    read(pack.root, "")
    states = pack.set("origin_state")
    named("=origin", (name for name, code in pack.tables["names"].get("capital", {}).items() if code in states))
    named("=expert", pack.set("expert_org"))
    named("=police", POLICE)
    found = {sign: {w for told in needed for w in telling.get(told, ())} for sign, needed in NEEDED.items()}
    return {sign: frozenset((*some, *(".".join(w) + "." for w in some if 1 < len(w) < 6))) for sign, some in found.items()}


class Glance:
    """A quick look through the rest of a long text: what could still tip the scales, told by single words.

    A sign that has been counted as often as it can count is looked for no more, and a sentence without a word that some sign
    still looked for needs is passed over. What it finds is only a hint that the text is worth reading in full.
    """

    def __init__(self, reading: Reading) -> None:
        self.pack, self.found, self.sentences = reading.pack, Counter(reading.found), reading.sentences
        self._sought: dict[str, int] = {}  # sign → how often it counts
        self._needed: frozenset[str] = frozenset()
        self._look()

    def _look(self) -> None:
        """Look for the signs that still count."""
        words = _telling_words(self.pack)
        weights = grammar()["guard"]["weight"]
        self._sought.clear()
        for sign in words:
            enough = 2 * MOST if sign == "ordinary" else MOST
            if sign == "fiction" or (weights.get(sign) and self.found[sign] < enough):
                self._sought[sign] = enough
        self._needed = frozenset().union(*(words[sign] for sign in self._sought))

    def passes(self, low: str, start: int, end: int) -> bool:
        """Whether the sentence ``low[start:end]``, in lower case, can be passed over; it is counted then."""
        said = set(SAID.findall(low, start, end))
        if not self._needed.isdisjoint(said) or ("question" in self._sought and low[end - 1] == "?"):
            return False
        if any(not self._needed.isdisjoint(SAID.findall(fold(word))) for word in said if not word.isascii()):
            return False
        self.sentences += 1
        return True

    def add(self, line: Places) -> None:
        """Take one more sentence into account."""
        shown = signs(line, self.pack)
        self.found.update(shown)
        self.sentences += 1
        if any(self.found[sign] == self._sought.get(sign) for sign in shown):
            self._look()

    def on_subject(self) -> bool:
        """Whether what has been read is about the subject."""
        return on_subject(self.found, self.sentences)


class Reading:
    """What a first reading gathers of a document, sentence by sentence."""

    def __init__(self, pack: Pack, text: str) -> None:
        self.pack, self.text = pack, text
        self.usual, self.only = pack.set("origin_state"), pack.set("only_origin")
        self.found: Counter[str] = Counter()  # sentences with each sign
        self.weights: Counter[str] = Counter()  # of the states known to act across borders
        self.visited: Counter[str] = Counter()  # mentions of countries, by name or city
        self.named: set[str] = set()
        self.home: str | None = None
        self.first_org: Token | None = None
        self.sentences = 0

    def add(self, line: Places) -> None:
        """Take one more sentence into account."""
        tokens = line.tokens
        self.found.update(signs(line, self.pack))
        if self.home is None and self.sentences < DATELINE:
            self.home = _home(tokens, self.text)
        self.sentences += 1
        for i in each(line[NAMES]):
            token = tokens[i]
            if codes := [code for code in _codes(token) if code in self.usual]:
                beside = [*tokens[i + 1 : i + 2], *(tokens[max(0, i - 1) : i] if token.kind == "A" else ())]
                theirs = any(self._of_accused(t) for t in beside)
                within = i > 0 and "prep_in" in tokens[i - 1].keys and not theirs  # "in Bangkok": rather the host
                for code in codes:
                    if not within or code in self.only:
                        self.weights[code] += (2 if code in self.only else 1) + 2 * theirs
            if token.kind in ("C", "A"):
                self.named.update(v for v in token.values if "|" not in v)
                self.visited.update(v for v in token.values if len(v) == 2)
            elif token.kind == "P" and not is_seat(tokens, i):
                self.visited.update(token.data["codes"])
            elif token.kind == "O" and self.first_org is None:
                self.first_org = token if _slug(token) not in self.pack.set("world_body") else None

    def _of_accused(self, token: Token) -> bool:
        """Whether a token beside the name of a state is rather said of one that acts abroad: its agents, stations, exiles."""
        if token.kind == "B":
            return str(token.data.get("body")).lower() not in self.pack.set("body_of_law")
        return token.kind == "S" or (token.kind == "T" and token.data.get("target") in EXILES)

    def on_subject(self) -> bool:
        """Whether what has been read is about the subject."""
        return on_subject(self.found, self.sentences)

    def told_enough(self, claims: int) -> bool:
        """Whether it is about the subject all the same, as so many claims were found in it."""
        return told_enough(self.found, self.sentences, claims)

    def may_be(self) -> bool:
        """Whether it can be about the subject, whatever is found in it."""
        claims = round(LIKELY * self.sentences)
        if self.on_subject() or self.told_enough(claims):
            return True
        return "model" in self.pack.tables and self.told_by_model([*KINDS, *("figure",) * (claims - len(KINDS))], [1.0])

    def told_by_model(self, kinds: Sequence[str], likely: Sequence[float]) -> bool:
        """Whether it is about the subject, as claims of these kinds were found in it and its sentences are so likely ones; see
        ``signs_of_text``."""
        if self.sentences <= SHORT:  # too few to tell by
            return self.on_subject() or self.told_enough(len(kinds))
        if self.found["expert"] and kinds and max(likely) > CERTAIN:
            return True  # much else may stand in it: who is named there works on nothing else
        signs, settings = signs_of_text(self.found, self.sentences, kinds, likely), self.pack.settings
        least = settings.get("read", READ)
        if signs["signs"] < 0:  # nothing but the model tells that it is
            least = settings.get("read_unsigned", least)
        return weighed(signs, self.pack.tables["model"]["text"]) > float(least)

    def memory(self, calendar: Calendar) -> Memory:
        """The memory the document starts with."""
        weights, home = self.weights, self.home
        others = max((n for code, n in weights.items() if code != home), default=0)
        if home and home not in self.only and others and weights[home] <= OUTWEIGHS * others:
            weights.pop(home, None)  # the state a report is written in is rather the host
        main = max(weights, key=lambda c: weights[c]) if weights else None  # of equal ones the first named
        memory = Memory(self.text, self.pack, calendar, accused=main, home=home)
        memory.origins = frozenset(c for c in weights if c in self.only or c == main)
        least = 0.0 if main and weights[main] < 0.5 * weights.total() else max(2, BESIDE * weights[main]) if main else 0.0
        memory.others = frozenset(c for c, n in weights.items() if n >= least) - memory.origins
        memory.named = frozenset(self.named)
        memory.stations = bool(self.found["station"] + self.found["foreign-station"] + self.found["expert"])
        if self.first_org:
            memory.first_org, memory.first_org_at = memory.asserter(self.first_org), self.first_org.start
        hosts = {c: k for c, k in self.visited.items() if c not in memory.origins and len(c) == 2}
        memory.likely = max(hosts, key=lambda c: (hosts[c], c), default=None)
        if home and home not in memory.origins:
            memory.host = home
        return memory


def _home(tokens: Sequence[Token], text: str) -> str | None:
    """The country of the city in capitals that a report or a sentence's first words give as its dateline."""
    for token in tokens[:2]:
        if token.kind == "P" and text[token.start : token.end].isupper():
            return str(token.data["codes"][0])
    return None


def _codes(token: Token) -> list[str]:
    """The states a token names, unless it is a long list."""
    if token.kind == "P":
        code = token.data.get("capital")
        return [str(code)] if code else []
    if token.kind not in ("A", "C", "G") or len(token.members) >= LONG_LIST:
        return []
    return [m.value.split("|")[0] for m in token.members]
