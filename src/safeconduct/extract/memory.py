"""What earlier sentences of a document left behind, for "the group", "the ministry", "he", and a host that goes unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..claims import UNSPECIFIED, check_asserter, slugify
from .dates import Calendar
from .pack import Pack
from .places import Places, each
from .tokens import Token

STATES = frozenset("ACGP")
NOTED = frozenset("ABCGMOPX")  # kinds that are remembered
SAME = frozenset(("misma", "mismo"))
HEADS = ("--", ":")  # what stands behind a heading
SUBJECTS = frozenset("GBOMHT")  # kinds that a sentence may be about


@dataclass
class Memory:
    """The document so far. ``accused`` is the state that acts across borders in it, ``origins`` all such states."""

    text: str
    pack: Pack
    calendar: Calendar
    accused: str | None = None
    origins: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()  # where no state stands out: further ones that are known to act so
    named: frozenset[str] = frozenset()  # countries the document names as such
    stations: bool = False  # whether station words mean a foreign presence in this document
    home: str | None = None  # the country of the dateline
    likely: str | None = None  # the country that hosts, as far as the whole text tells
    host: str | None = None  # the last country named that is no origin
    state: str | None = None  # the last state whose organ was named
    org: str | None = None  # the last organisation
    first_org: str | None = None
    first_org_at: int = 0  # where the text names it first
    expert: str | None = None  # the last organisation that looks for stations
    medium: str | None = None
    recent: str | None = None  # the last state named that is known to act across borders
    body: str | None = None  # the last body named, as an asserter
    speaker: str | None = None  # who spoke last
    spoke: bool = False  # whether somebody did in the sentence before
    topic: tuple[str, bool] | None = None  # whom a sentence in which nobody speaks is about, and whether that is a person
    person: str | None = None  # for whom the person named last speaks
    persons: dict[str, str] = field(default_factory=dict)

    def country_of(self, token: Token) -> str | None:
        """The country of a country or city token."""
        if token.kind == "P":
            codes = token.data.get("codes") or ()
            return str(codes[0]) if codes else None
        return self.one_of(token.values[0]) if token.values else None

    def one_of(self, codes: str) -> str:
        """One of the states that a name may mean ("GB|DE"): the one the context makes likely."""
        options = codes.split("|")
        if len(options) == 1:
            return codes
        return next(
            (c for c in (self.home, self.host, self.state, *sorted(self.named), self.likely) if c in options), options[0]
        )

    def state_of(self, token: Token, before: Sequence[Token] | None = None) -> str | None:
        """The state an organ or country stands for: its own, or the one that the context gives (``before`` it)."""
        if token.kind in ("G", "C", "A") and token.members:
            return self.one_of(token.values[0])
        if token.kind == "P":
            return str(token.data.get("capital") or "") or None
        if leads := self._leads(token):
            return leads
        body = str(token.data.get("body"))
        if body in self.pack.set("body_of_accused"):
            return self.origin_in(before or ()) or self.acting
        for other in reversed(before or ()):
            if other.kind == "P" and other.data.get("codes"):
                code = str(other.data["codes"][-1])
                if code not in self.origins:
                    return code
            if other.kind in ("C", "G") and other.members:
                code = self.one_of(other.values[-1])
                if code not in self.origins or (self.state == code and not self.host):
                    return code
        if self.home and self.home == self.accused:  # its own press: "the ministry" is theirs
            return self.home
        return self.host or self.state or self.home or self.likely

    def _leads(self, token: Token) -> str | None:
        """The state for which somebody with a well-known name speaks."""
        states: dict[str, str] = self.pack.tables.get("leader", {})
        return states.get(str(token.data.get("last")))

    @cached_property
    def ahead(self) -> str | None:
        """The organisation that looks for stations which the text names somewhere, for "una ONG" before its name."""
        names = self.pack.tables["names"]["org"]
        slugs = [
            s
            for form, s in names.items()
            if s.replace("-", " ") in self.pack.set("expert_org") and form.split("[")[0] in self.text
        ]
        return f"org:{slugs[0]}" if slugs else None

    @property
    def here(self) -> str | None:
        """The country a text speaks from: that of its dateline, else the one it tells most about."""
        return self.home or self.likely

    @property
    def acting(self) -> str | None:
        """The state that acts where none is named: the document's, or the last one named where several do."""
        return (self.recent if self.others else None) or self.accused

    def origin_in(self, tokens: Sequence[Token]) -> str | None:
        """The last state in some tokens that is known to act across borders."""
        for token in reversed(tokens):
            if token.kind in ("C", "A", "G") or (token.kind == "P" and token.data.get("capital")):
                codes = [str(token.data["capital"])] if token.kind == "P" else [self.one_of(v) for v in token.values]
                found = next((c for c in codes if c in self.origins or c in self.others), None)
                if found:
                    return found
        return None

    def asserter(self, token: Token, before: Sequence[Token] | None = None) -> str | None:
        """The asserter a speaker token stands for, in the codebook's form; None when it is no speaker."""
        kind = token.kind
        if kind == "B" and self.org and self.org.endswith("-" + token.form.split()[-1]) and token.form.startswith("the "):
            return self.org  # "the committee" of an organisation that calls itself one
        if kind == "B" and token.form.startswith("its ") and self.spoke and str(self.speaker).startswith("state:"):
            return self.speaker  # "its foreign minister" behind "Ankara says …"
        if kind == "B" and self.body and not SAME.isdisjoint(token.form.split()) and self.body.startswith("state:"):
            return self.body  # "la misma fiscalía"
        if kind in ("G", "B", "C", "P", "A"):
            state = self.state_of(token, before)
            return checked(f"state:{state}") if state and len(state) == 2 else UNSPECIFIED
        if kind == "O":
            if token.data.get("unnamed"):  # "una ONG": one that the text names elsewhere
                return self.ahead or UNSPECIFIED
            if token.data.get("anaphor"):
                if (
                    "paper" in token.data
                    and self.expert
                    and self.pack.settings.get("pro_drop")
                    and not token.form.startswith("su")
                ):
                    return self.expert  # "el listado"
                if self.medium and token.form in self.pack.set("paper_or_medium") and not str(self.speaker).startswith("org:"):
                    return self.medium  # "the paper" where no organisation spoke last
                near = next((t for t in reversed(before or ()) if t.kind == "O" and not t.data.get("anaphor")), None)
                named = (
                    checked(f"org:{near.data.get('slug')}") if near is not None and self.pack.settings.get("pro_drop") else None
                )
                last = self.speaker if str(self.speaker).startswith("org:") and "paper" not in token.data else None
                return named or self.org or self.first_org or last or UNSPECIFIED
            slug = str(token.data.get("slug"))
            return checked(
                f"org:{slug.removeprefix('de-').removeprefix('del-') if self.pack.settings.get('pro_drop') else slug}"
            )
        if kind == "M":
            if token.data.get("anaphor"):
                return self.medium or UNSPECIFIED
            return checked(f"media:{token.data.get('slug')}")
        if kind == "X":
            leads = self._leads(token)
            if token.form.startswith("the ") and self.pack.settings.get("pro_drop"):  # "The …" in a Spanish text: a medium
                return checked(f"media:{slugify(token.form)}")
            return self.persons.get(str(token.data.get("last")), f"state:{leads}" if leads else UNSPECIFIED)
        if kind == "H":
            if "teller" in token.keys and token.form in self.pack.tables.get("person", {}):
                return checked(f"persons:{slugify(self.pack.tables['person'][token.form])}")
            role = str(token.data.get("role") or UNSPECIFIED)
            if role in ("experts", "researchers") and (body := self._theirs(before)):
                return body
            if role == "@named" and self.body:  # "the agency": the body that an earlier sentence named
                return self.body
            if role in ("@body", "@named"):  # "a spokesman": of whoever was named last
                near = next((t for t in reversed(before or ()) if t.kind in ("G", "B", "O", "M")), None)
                named = self.asserter(near, before) if near is not None else None
                return named or self.body or self.speaker or UNSPECIFIED
            return UNSPECIFIED if role in (UNSPECIFIED, "none") else checked(f"persons:{slugify(role)}")
        if kind == "T":
            last = token.form.split()[-1]
            vague = last in self.pack.set("vague_people") and "teller" not in token.keys
            told_of = any(t.kind == "T" and t.form.split()[-1] == last for t in before or ())  # "two exiles …, the exiles"
            if last in self.pack.set("staff_people") and not told_of and (body := self._theirs(before)):
                return body
            names = self.pack.tables.get("person", {})  # what people are called in claims, by the words of the language
            if self.pack.settings.get("no_capitals"):  # the longest known ending of a word without spaces
                whole = token.form.replace(" ", "")
                end = next((whole[k:] for k in range(len(whole)) if whole[k:] in names), whole)
                return UNSPECIFIED if vague else checked(f"persons:{slugify(names.get(end, end))}")
            form = names.get(token.form) or next((names[w] for w in token.form.split() if w in names), token.form)
            if last in self.pack.set("role_people"):  # "a Uyghur student": what matters is in which role she speaks
                form = last
            return UNSPECIFIED if vague else checked(f"persons:{slugify(form)}")
        if token.keys & {"pronoun", "its_their"}:
            if found := self._antecedent(before or (), "personal" in token.keys, token.form == "it"):
                return found
            if "its_their" in token.keys:
                return self.speaker or self.org or UNSPECIFIED
            personal = "personal" in token.keys
            third = token.form in self.pack.set("third_person")
            if token.form == "it" and str(self.speaker).startswith("persons:"):
                return self.org or UNSPECIFIED
            if third and self.topic and (self.topic[1] == personal or token.form == "they"):
                return self.topic[0]
            return (self.person if personal else None) or self.speaker or self.org or UNSPECIFIED
        if "teller" in token.keys:  # "la viuda": people who speak, by their role
            return checked(f"persons:{slugify(self.pack.tables['person'].get(token.form, UNSPECIFIED))}")
        return None

    def last_teller(self, verb: str) -> str | None:
        """Who goes on speaking where a sentence leaves the subject of its verb out."""
        return self.speaker if self.spoke or not self.topic or verb in self.pack.set("says_more") else self.topic[0]

    def _theirs(self, before: Sequence[Token] | None) -> str | None:
        """The organisation whose people "the activists" are: one that spoke last."""
        definite = before is not None and len(before) > 0 and before[-1].form in self.pack.set("the_several")
        last = (who for who in (self.speaker, self.body) if who and who.startswith("org:"))
        return next(last, None) if definite else None

    def _antecedent(self, before: Sequence[Token], personal: bool, one: bool) -> str | None:
        """The speaker that a pronoun stands for when the same sentence names one before it; ``one``: not several."""
        for i, token in enumerate(before):
            governed = i > 0 and (
                "prep" in before[i - 1].keys or (i > 1 and "det" in before[i - 1].keys and "prep" in before[i - 2].keys)
            )
            speaks = token.kind == "C" and i + 1 < len(before) and "say" in before[i + 1].keys  # "Ecuador said it had …"
            if (
                (token.kind in ("G", "B", "O", "M", "H", "X") or (token.kind == "P" and token.data.get("capital")) or speaks)
                and not governed
                and (not personal or "last" in token.data or token.kind == "X")
                and not (one and token.data.get("body") in self.pack.set("several"))
            ):
                found = self.asserter(token, list(before[:i]))
                if found and found != UNSPECIFIED:
                    return found
        return None

    def _about(self, line: Places) -> tuple[str, bool] | None:
        """Whom a sentence is about: the first speaker in it that no preposition governs, and whether that is a person."""
        tokens = line.tokens
        if tokens[0].keys & {"pronoun", "its_their"}:
            return self.topic
        for n in each(line[SUBJECTS]):
            token = tokens[n]
            if token.data.get("anaphor") or token.data.get("body") == "agents" or governed(tokens, n):
                continue
            if any("pronoun" in t.keys for t in tokens[:n]):
                return self.topic
            if n and tokens[n - 1].kind == "N":
                return None  # several
            who = self.asserter(token, tokens[:n])
            if not who or who == UNSPECIFIED:
                return None
            office = str(token.data.get("body")).rsplit(" ", 1)[-1] in self.pack.set("office")
            return who, token.kind in ("H", "T") or "last" in token.data or office
        return None

    def head(self, tokens: Sequence[Token]) -> None:
        """Remember the country under whose name a section or an entry of a list stands ("GERMANY - …", "Canada:")."""
        at = next((n for n, t in enumerate(tokens) if t.kind not in ("N", ".")), 0)
        if at < min(3, len(tokens)) and tokens[at].kind == "C" and len(tokens[at].members) == 1:
            alone = at + 1 == len(tokens) or tokens[at + 1].form in HEADS
            code = self.one_of(tokens[at].values[0])
            if alone and code not in self.origins:
                self.host, self.state = code, code

    def note(self, line: Places) -> None:
        """Remember who and where a sentence named."""
        hosts: list[str] = []
        tokens = line.tokens
        self.topic = self._about(line)
        self.recent = self.origin_in(list(line.some(STATES))) or self.recent
        for n in each(line[NOTED]):
            token = tokens[n]
            if token.kind in ("G", "B", "O", "M") and not token.data.get("anaphor"):
                named = self.asserter(token, tokens[:n])
                self.body = named if named and named != UNSPECIFIED else self.body
            if token.kind in ("C", "A"):
                codes = {self.one_of(v) for v in token.values} - self.origins
                if len(codes) == 1 and (token.kind == "C" or codes <= {self.home, self.likely} or _of_body(tokens, n)):
                    hosts += codes
            elif token.kind == "G":
                code = self.state_of(token)
                self.state = code or self.state
                if code and code not in self.origins and len(token.members) == 1:
                    hosts.append(code)
            elif token.kind == "P" and not is_seat(tokens, n):
                country = self.country_of(token)
                if country and country not in self.origins and len(set(token.data["codes"])) == 1:  # noqa: SIM102
                    if country in self.named or not (self.host or hosts):
                        hosts.append(country)
            elif token.kind == "O" and not token.data.get("anaphor") and not _further(tokens, n):
                found = self.asserter(token)
                if found and found[4:].replace("-", " ") in self.pack.set("expert_org"):
                    self.expert = found
                if found and found != UNSPECIFIED and found[4:].replace("-", " ") not in self.pack.set("world_body"):
                    self.org = found
                    self.first_org = self.first_org or found
            elif token.kind == "M" and not token.data.get("anaphor"):
                self.medium = self.asserter(token) or self.medium
            last = token.data.get("last")
            if last and token.kind in ("G", "O", "B", "M") and (found := self.asserter(token, tokens[:n])):
                self.persons.setdefault(str(last), found)
                self.person = found
            elif token.kind == "X":
                self.person = self.persons.get(str(last), self.person)
        if hosts:
            self.host = hosts[-1]


def governed(tokens: Sequence[Token], i: int) -> bool:
    """Whether a preposition stands before what is named at token ``i``."""
    before = i - 1
    if before >= 0 and "det" in tokens[before].keys:
        before -= 1
    return before >= 0 and "prep" in tokens[before].keys and "break" not in tokens[before].keys


def is_seat(tokens: Sequence[Token], n: int) -> bool:
    """Whether a city only tells where an organisation has its seat ("a group based in Madrid", "the Madrid-based NGO")."""
    if not any("based" in t.keys for t in (*tokens[max(0, n - 2) : n], *tokens[n + 1 : n + 2])):
        return False
    return any(t.kind == "O" or t.keys & {"org_intro", "org_noun"} for t in tokens[max(0, n - 6) : n + 4])


def _of_body(tokens: Sequence[Token], n: int) -> bool:
    """Whether an adjective of a country stands with a body of it, and not with people or things ("a false Afghan name")."""
    return n + 1 < len(tokens) and tokens[n + 1].kind == "B"


def _further(tokens: Sequence[Token], n: int) -> bool:
    """Whether an organisation stands behind another with which it acts ("a survey by A with B")."""
    k = n - 1
    while k > 0 and (tokens[k].form == "," or tokens[k].keys & {"and", "det", "with"}):
        k -= 1
    return 0 <= k < n - 1 and tokens[k].kind == "O" and not tokens[k].data.get("anaphor")


def checked(value: str) -> str:
    """An asserter of the codebook, or ``unspecified``."""
    try:
        return check_asserter(value)
    except ValueError:
        return UNSPECIFIED
