"""What a Chinese document has told so far, and one of its sentences as the frames see it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..claims import PUBLISHER, UNSPECIFIED, Attribution, check_asserter
from .tokens import Token
from .zh_line import ZhLine
from .zh_pack import ChinesePack

OF_ACCUSED = ("embassy", "ambassador", "diplomats", "agents", "state media", "public security bureau")
CLAUSES_BACK = 4  # a subject is looked for so many clauses back


@dataclass(frozen=True)
class ZhCue:
    """``who`` says what stands from ``start`` to ``end``; ``at`` is where the speaker and the verb stand."""

    who: str
    start: int
    end: int
    at: tuple[int, int]
    via: tuple[str, ...] = ()
    when: str | None = None


@dataclass
class ZhMemory:
    """The document: which state is accused, and what sentences already read left behind."""

    pack: ChinesePack
    accused: str | None
    accused_all: frozenset[str]
    strong: bool  # whether station words mean a foreign presence
    home: str | None = None  # the state whose own medium tells the story
    org: str | None = None
    media: str | None = None
    state: str | None = None
    host: str | None = None
    speaker: str | None = None

    def note(self, line: ZhLine, cues: Sequence[ZhCue]) -> None:
        """Remember who and where a sentence named."""
        for _, token in line.some("CGPOM"):
            code = str(token.data.get("country")) if token.kind == "P" else next(iter(token.values), "")
            if token.kind == "O":
                self.org = f"org:{code}"
            elif token.kind == "M":
                self.media = f"media:{code}"
            else:
                if token.kind == "G" and code:
                    self.state = code
                abroad = str(token.data.get("host") or code)
                if abroad and abroad != self.accused and abroad not in self.accused_all and len(abroad) == 2:
                    self.host = abroad
        said = [c.who for c in cues if c.who not in (PUBLISHER, UNSPECIFIED)]
        self.speaker = said[-1] if said else self.speaker


def remember(pack: ChinesePack, lines: Sequence[ZhLine], head: str) -> ZhMemory | None:
    """What a first reading tells; None when the text is not about the subject. ``head``: how the text begins."""
    counts: Counter[str] = Counter()
    stations: Counter[str] = Counter()
    evidence = strong = 0
    origins, expert = pack.sets["origin_state"], pack.sets["expert_org"]
    org = None
    for line in lines:
        words = words_of(line)
        codes = [c for _, t in line.some("CG") for c in t.values[:3] if c in origins]
        codes += [str(t.data["capital"]) for _, t in line.some("P") if t.data.get("capital") in origins]
        counts.update(codes)
        ordinary = pack.lists["ordinary"].search(words)
        topic = bool(pack.lists["surely_topic"].search(words)) and not ordinary
        evidence += topic
        for _, token in line.some("S"):
            named = bool(re.search("秘密|海外|境外|非法|地下|疑似|所谓|中国|中共|警侨", str(token.data["words"])))
            stations.update(token.values)
            strong += bool(token.data["strong"] and named and not ordinary)
        for _, token in line.some("O"):
            org = org or f"org:{token.values[0]}"
            evidence += token.values[0] in expert
        evidence += not ordinary and bool(codes) and _acted_upon(pack, line, words, codes[0])
    if not evidence + strong:
        return None
    main = (stations or counts).most_common(1)
    accused = main[0][0] if main else None
    also = {c for c in {*counts, *stations} if not stations or c == accused or c in pack.sets["only_origin"]}
    home = "CN" if re.search("新华社|中新社|人民日报|环球时报|央视", head) else None
    return ZhMemory(pack, accused, frozenset(also), bool(strong or evidence), home, org)


def words_of(line: ZhLine) -> str:
    """The words of a sentence without quotation marks."""
    return "".join(str(t.data.get("words", t.form)) for t in line.tokens)


def _acted_upon(pack: ChinesePack, line: ZhLine, words: str, origin: str) -> bool:
    """Whether people of the groups in question, or anybody by agents, are acted upon outside ``origin``."""
    methods = {m for m, p in pack.methods.items() if p.search(line.text) or p.search(words)} - {"detention"}
    people = {t.values[0] for _, t in line.some("T")}
    elsewhere = [c for _, t in line.some("CG") for c in t.values if c != origin]
    elsewhere += [c for _, t in line.some("P") if (c := str(t.data.get("country"))) != origin]
    abroad = bool(elsewhere) or bool(pack.lists["abroad"].search(words))
    if not methods or not abroad:
        return False
    agents = bool(pack.lists["agents_abroad"].search(words)) and methods - {"mobility_control", "surveillance"}
    return bool((agents and people) or people & {"dissidents", "journalists"} or ("mobility_control" in methods and people))


@dataclass
class ZhView:
    """A sentence. ``before`` is the one before it."""

    line: ZhLine
    memory: ZhMemory
    before: ZhView | None = None
    cues: list[ZhCue] = field(default_factory=list)

    @property
    def pack(self) -> ChinesePack:
        return self.memory.pack

    @property
    def text(self) -> str:
        return self.line.text

    def find(self, name: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first entry of a word list between two places."""
        return self.pack.lists[name].search(self.text, start, len(self.text) if end is None else end)

    @cached_property
    def words(self) -> str:
        return words_of(self.line)

    @cached_property
    def named(self) -> list[str]:
        """Accused states that the sentence names."""
        found: list[str] = []
        for _, token in self.line.some("CGPST"):
            codes = [token.data.get("capital")] if token.kind == "P" else list(token.values) if token.kind != "T" else []
            found += [str(c) for c in codes if c in self.memory.accused_all and c not in found]
        return found

    @cached_property
    def accused(self) -> str | None:
        """The state this sentence is about: named in it, else in the one before it, else of the document."""
        if self.memory.accused in self.named or not self.memory.accused:
            return self.memory.accused or next(iter(self.named), None)
        if self.named:
            return self.named[0]
        same = self.before and self.before.line.paragraph == self.line.paragraph
        return (self.before.accused if same and self.before else None) or self.memory.accused

    @cached_property
    def topical(self) -> bool:
        """Whether the sentence, or one of the three before it, speaks of the subject."""
        if self.pack.lists["ordinary"].search(self.words):
            return False
        view: ZhView | None = self
        for _ in range(4):
            if view and (view.named or view.pack.lists["topic"].search(view.words)):
                return True
            view = view.before if view else None
        return False

    def state_of(self, position: int, token: Token) -> str | None:
        """The state an organ, country or capital stands for."""
        if token.kind in ("C", "G") and token.values:
            return token.values[0]
        if token.kind == "P":
            return str(token.data.get("capital") or token.data.get("country") or "") or None
        body, memory = str(token.data.get("body", "")), self.memory
        prior = [(t.kind, c) for _, t in self.line.some("CGP", 0, position) if (c := self._code(t))]
        if body in OF_ACCUSED or str(token.data.get("words")) in ("当局", "政权"):
            return next((c for _, c in reversed(prior) if c in memory.accused_all), None) or self.accused
        if str(token.data.get("words", "")).startswith("该"):
            return next((c for k, c in reversed(prior) if k == "G"), None) or memory.state or memory.host
        foreign = [c for _, c in prior if c not in memory.accused_all or memory.accused is None]
        if body in ("foreign ministry", "foreign minister") and not foreign and memory.home:
            return memory.home
        return (foreign or [""])[-1] or memory.host or memory.state or memory.home

    @staticmethod
    def _code(token: Token) -> str | None:
        return str(token.data.get("country") or "") or None if token.kind == "P" else next(iter(token.values), None)

    def asserter(self, position: int, token: Token) -> str:
        """Who a token is as an asserter."""
        if token.kind in ("G", "C", "P"):
            state = self.state_of(position, token)
            return checked(f"state:{state}") if state else UNSPECIFIED
        value = token.values[0] if token.values else ""
        if token.kind == "O":
            return checked(f"org:{value}")
        if token.kind == "M":
            return checked(f"media:{value}")
        if token.kind == "H":
            if value == "pronoun":
                own = [c.who for c in self.cues if c.at[1] <= position and c.who not in (PUBLISHER, UNSPECIFIED)]
                if own:
                    return own[-1]
                return self.memory.speaker or UNSPECIFIED
            if value == "organisation":
                named = [t for _, t in self.line.some("O", 0, position)]
                return (checked(f"org:{named[-1].values[0]}") if named else self.memory.org) or UNSPECIFIED
            if value == "medium":
                return self.memory.media or UNSPECIFIED
        return UNSPECIFIED if value in ("none", "unspecified") else checked(f"persons:{value}")

    def subject(self, position: int, kinds: str = "GCOMHTP") -> tuple[int, Token] | None:
        """The subject at ``position``: of its clause, or of one before it."""
        low, high = self.line.clause(position)[0], position
        for _ in range(CLAUSES_BACK):
            for i, token in self.line.some(kinds, low, high):
                if self._is_subject(i, token, low):
                    return i, token
            if low == 0:
                return None
            high = low - 1
            low = self.line.clause(max(0, high - 1))[0] if high else 0
        return None

    def _is_subject(self, i: int, token: Token, low: int) -> bool:
        if token.kind == "P" and not token.data.get("capital"):
            return False
        after = self.line.tokens[i + 1] if i + 1 < len(self.line.tokens) else None
        beyond = self.line.tokens[i + 2] if i + 2 < len(self.line.tokens) else None
        if token.kind == "C" and after and (after.kind == "H" or (after.kind == "N" and beyond and beyond.kind in ("H", "T"))):
            return after.data.get("words") in ("他", "她", "他们", "她们")
        if after and (
            after.form == "的"
            or (token.kind in "CP" and (after.form in "籍裔人媒境内之在" or (after.kind in "TPS" and after.kind)))
        ):
            return after.form == "在" and token.kind == "C"
        before = i
        while before > low and (self.line.tokens[before - 1].kind == "N" or self._filler(before, low)):
            before -= self._filler(before, low) or 1
        head = self.text[low:before]
        return not (
            head.startswith(("据", "根据", "依据", "另据")) or any(head.endswith(w) for w in self.pack.words["preposition"])
        )

    def _filler(self, before: int, low: int) -> int:
        return next((len(w) for w in self.pack.words["filler"] if self.text[low:before].endswith(w)), 0)

    def agent(self, start: int, end: int) -> tuple[int, Token] | None:
        """Who stands after 被, 遭 or 由 between two places."""
        for i, token in self.line.some("GCOMH", start, end):
            if any(self.text[:i].endswith(w) for w in self.pack.words["agent"]):
                return i, token
        return None

    def hypothetical(self, start: int, end: int, duty: bool = True) -> bool:
        """Whether it is asked, or a condition, a fear or a modal word stands over it."""
        low = self.line.clause(start)[0]
        since = max(self.text.rfind("；", 0, start) + 1, self.cue_start(start))
        return bool(
            self.line.question
            or self.find("modal", low, end)
            or (duty and self.find("duty", low, end))
            or self.find("condition", since, end)
            or self.find("ask_mark", low, end)
        )

    def cue_start(self, position: int) -> int:
        """Where the attribution over ``position`` begins."""
        return max((c.start for c in self.cues if c.start <= position and c.at[1] <= c.start), default=0)

    def attribution(self, position: int, *, verb: bool = False) -> tuple[Attribution, ZhCue | None]:
        """Who says what stands at ``position``; with ``verb`` the verb of saying counts as said."""
        over = [c for c in self.cues if (c.at[0] if verb else c.start) <= position < c.end]
        if not over:
            return Attribution(PUBLISHER), None
        cue = max(over, key=lambda c: (c.start, c.who != UNSPECIFIED))
        return Attribution(cue.who, tuple(v for v in cue.via if v != cue.who)), cue

    def hosts(self, start: int, end: int, origin: str | None) -> Iterator[tuple[str, Token | None]]:
        """Countries other than ``origin`` named between two places."""
        for _, token in self.line.some("CPG", start, end):
            codes = [str(c) for c in token.data.get("codes", ()) if c] if token.kind == "P" else list(token.values)
            codes = codes or ([str(token.data["country"])] if token.kind == "P" else [])
            if token.data.get("host"):
                codes.append(str(token.data["host"]))
            for code in codes:
                if code != origin and len(code) == 2:
                    yield code, token


def checked(value: str) -> str:
    """``value`` if the codebook allows it, else "unspecified"."""
    try:
        return check_asserter(value)
    except ValueError:
        return UNSPECIFIED
