"""Whose position it is: the party that speaks what stands at a token, by cues, subjects and the sentences before."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ...claims import PUBLISHER, UNSPECIFIED, slugify
from ...claims.places import country_name
from ..memory import checked
from ..pack import load
from ..stretch import Cue
from ..view import View

STATES = ("G", "B", "C", "P")
ACTORS = frozenset(("G", "B", "C", "P", "O", "H", "T", "pronoun", "accused_person", "suspect_org", "org_folk"))
SPEAKERS = frozenset(("G", "B", "C", "P", "A", "O", "M", "H", "T", "X", "pronoun", "accused_person", "suspect_org"))
SPEECH = frozenset(("say", "voice_verb", "line_noun"))
ACCUSED = "accused"
LABELS = ("spokesperson", "spokesman", "spokeswoman", "the spokesperson", "mfa spokesperson", "foreign ministry spokesperson")
HEAD = 400  # so much of a text may tell who issues it
HEAD_LINES = 3
HEAD_LINE = 130
HOSTS_OWN = frozenset(("police", "interior ministry", "home office", "justice ministry", "government", "mayor", "city council"))
SILENT = frozenset(
    ("court", "prosecutors", "parliament", "intelligence service", "domestic intelligence service", "security service")
)


class Voice(NamedTuple):
    """Whose position it is, who asserts it, and the token that names them."""

    party: str
    asserter: str | None
    at: int


def subject(view: View, i: int) -> int | None:
    """The nearest actor to the left of token ``i`` that neither a preposition governs nor a possessive follows."""
    tokens = view.tokens
    for j in range(i - 1, max(-1, i - 40), -1):
        token = tokens[j]
        if token.form in (";", ":") or (token.form == "--" and i - j > 1 and not view.has("--", high=j)):
            return None
        if ACTORS.isdisjoint(token.keys):
            continue
        before = j - 2 if j > 1 and "det" in tokens[j - 1].keys else j - 1
        free = before < 0 or "prep" not in tokens[before].keys or (before == 0 and tokens[0].form == "as")
        if free and "poss" not in tokens[j + 1].keys:
            return j
    return None


def owner(view: View, i: int) -> int | None:
    """The state whose "promise", "denial" or "line" stands at token ``i`` ("Beijing's earlier promise")."""
    for j in range(i - 1, max(0, i - 4), -1):
        if "poss" in view.tokens[j].keys and view.tokens[j - 1].kind in STATES:
            return j - 1
    return None


def accused_like(view: View, code: str | None, wide: bool = False) -> bool:
    """Whether a state acts abroad in this document, or is one that usually does (``wide``: the one at home too)."""
    memory = view.memory
    if not code:
        return False
    if code in memory.origins or code in memory.others or code == memory.accused:
        return True
    return code in view.pack.set("origin_state") and (wide or code not in (memory.home, memory.likely))


def accused_near(view: View, i: int) -> str | None:
    """The accused state named last before token ``i`` or in the sentences before, else the document's."""
    here: View | None = view
    end, steps = i, 0
    while here is not None and steps < 3:
        for j in range(min(end, len(here.tokens)) - 1, -1, -1):
            token = here.tokens[j]
            if token.kind in ("C", "A", "G") and len(token.members) == 1:
                code = here.memory.state_of(token)
                if accused_like(here, code):
                    return code
        here, steps = here.before, steps + 1
        end = len(here.tokens) if here is not None else 0
    return view.memory.accused


def _state_at(view: View, j: int, level: int) -> str | None:
    """The state that a token speaks for; envoys, and at ``level`` 2 ministries of no state, are the accused state's."""
    token = view.tokens[j]
    if token.kind not in ("G", "B", "C", "P", "A") or (token.kind == "P" and not token.data.get("capital")):
        return None
    codes = view.states(token, j)
    code = codes[0][0] if codes else None
    if token.kind == "B" and (named := _whose(view, j)):
        return named
    if token.kind == "B" and _possessed(view, j):
        return _leading(view, j) or accused_near(view, j) or code
    if accused_like(view, code):
        return code
    if token.kind == "B":
        for k in view.where("P", low=0, high=j):
            near = k < 3 or not any(t.form == "," for t in view.tokens[k:j])
            if near and view.before_is(k, "prep_in") and accused_like(view, view.memory.state_of(view.tokens[k])):
                return view.memory.state_of(view.tokens[k])
    if level and token.kind == "B" and token.data.get("body") not in SILENT and j and view.tokens[j - 1].form == ",":
        for k in view.where("G", "C", low=0, high=j):  # "Turkish agents acted within the law, the foreign minister said"
            if accused_like(view, named := view.memory.state_of(view.tokens[k])):
                return named
    place = next(view.where("P", low=j + 2, high=j + 3), None) if token.kind == "B" else None
    if place is not None and view.has("prep_in", low=j + 1, high=place):  # "the police in Lishui"
        town = view.memory.country_of(view.tokens[place])
        if accused_like(view, town):
            return town
    body = token.data.get("body")
    envoy = token.kind in ("G", "B") and (body in view.pack.set("body_of_accused") or body == "state media")
    ministry = level > 1 and token.kind == "B" and body not in SILENT
    if envoy or (ministry and (body not in HOSTS_OWN or _opens(view, j))):
        return accused_near(view, j) or code
    return code


def envoy_like(view: View, j: int) -> bool:
    """Whether a token, if it is an organ of no named state, is an envoy or possessed, and so the accused state's."""
    token = view.tokens[j]
    if token.kind != "B":
        return True
    return token.data.get("body") in view.pack.set("body_of_accused") or _possessed(view, j) or "spokes" in token.keys


def _possessed(view: View, j: int) -> bool:
    """Whether "its", "his" or the like stands before an organ."""
    if view.before_is(j, "its_their") or (view.before_is(j, "poss") and view.before_is(j - 1, "countries")):
        return True
    return view.tokens[j].form.split(" ", 1)[0] in view.pack.tables["tags"].get("its_their", ())


def _whose(view: View, j: int) -> str | None:
    """The state whose organ stands at ``j`` ("Beijing, whose foreign ministry …")."""
    if not view.before_is(j, "whose") or j < 3:
        return None
    near = (k for k in (j - 2, j - 3) if view.tokens[k].kind in ("C", "P", "G"))
    return next((code for k in near for code, _ in view.states(view.tokens[k], k)), None)


def _leading(view: View, j: int) -> str | None:
    """The state that is the subject of the sentence, or of the one before where "its police" begins the next one."""
    here = view if j > 1 else view.before
    if here is None or here.paragraph != view.paragraph or here.tokens[0].kind not in ("C", "P"):
        return None
    codes = here.states(here.tokens[0], 0)
    if len(codes) != 1 or (here is not view and "poss" in here.tokens[1].keys):
        return None
    return codes[0][0] if here is not view or not here.memory.origin_in(here.tokens[1:j]) else None


def _opens(view: View, j: int) -> bool:
    """Whether the accused state, or its organ, is named before token ``j`` of its sentence."""
    for k in view.where("C", "G", "P", "B", high=j):
        if view.tokens[k].kind == "B":
            if view.tokens[k].data.get("body") in view.pack.set("body_of_accused"):
                return True
        elif any(accused_like(view, code) for code, _ in view.states(view.tokens[k], k)):
            return True
    return False


def _antecedent(view: View, j: int) -> str | None:
    """The accused state whose organ a pronoun at ``j`` may stand for: in its sentence, else in the two before."""
    here: View | None = view
    end, steps = j, 0
    while here is not None and steps < 3:
        for k in range(min(end, len(here.tokens)) - 1, -1, -1):
            if here.tokens[k].kind in ("G", "B", "C"):
                code = _state_at(here, k, 0)
                if accused_like(here, code):
                    return code
                if here is view and code and here.tokens[k].kind == "G" and not here.before_is(k, "prep", "det", back=2):
                    return None
        here, steps = here.before, steps + 1
        end = len(here.tokens) if here is not None else 0
    return None


def _state_of(asserter: str | None) -> str | None:
    return asserter[6:] if asserter and asserter.startswith("state:") else None


def by_token(view: View, j: int, level: int, who: str | None = None) -> Voice | None:
    """The voice of the speaker at a token; ``who`` is whom the cue takes it for. ``level``: how much may be inferred."""
    token = view.tokens[j]
    if "accused_person" in token.keys:
        return Voice(ACCUSED, _persons(view, j), j)
    if "suspect_org" in token.keys:
        return Voice(ACCUSED, checked(f"org:{slugify(token.form.split()[-1])}"), j)
    if is_pronoun(view, j):
        person = next((k for k in view.where("accused_person", "suspect_org", low=0, high=j)), None)
        if person is not None and not any(
            view.tokens[k].data.get("body") not in SILENT for k in view.where(*STATES, low=person, high=j)
        ):
            return by_token(view, person, level)
        code = _state_of(who or view.memory.asserter(token))
        envoys = view.pack.set("body_of_accused")
        envoy = any(view.tokens[k].data.get("body") in envoys for k in view.where("G", "B", low=0, high=j))
        if (level or code is None or envoy) and not accused_like(view, code):
            code = _antecedent(view, j) or code
        return Voice(code, f"state:{code}", j) if code else None
    if "ruler" in token.keys and token.kind != "G":
        for k in view.where("A", "C", "G", "P", low=j - 4, high=j):
            code = view.memory.state_of(view.tokens[k])
            return Voice(code, f"state:{code}", j) if code and accused_like(view, code) else None
        if level and (code := _antecedent(view, j)):
            return Voice(code, f"state:{code}", j)
    code = _state_at(view, j, level)
    return Voice(code, f"state:{code}", j) if code and len(code) == 2 else None


def is_pronoun(view: View, j: int) -> bool:
    """Whether a token is a pronoun, or a phrase that begins with one ("it wrote to")."""
    token = view.tokens[j]
    if token.keys & {"pronoun", "pronoun_object"}:
        return True
    return not token.kind and " " in token.form and token.form.split(" ", 1)[0] in view.pack.tables["tags"].get("pronoun", ())


def _persons(view: View, j: int) -> str:
    """The asserter that people accused, or their lawyers, are at token ``j``."""
    form = view.tokens[j].form
    last = form.split()[-1]
    if "keeper" in view.tokens[j].keys:
        return checked(f"persons:{slugify(last)}")
    several = last in ("men", "women", "pair", "duo", "trio", "brothers") or view.has("both_all", low=max(0, j - 2), high=j)
    if "defence_lawyer" in view.tokens[j].keys:
        return "persons:lawyers" if {"lawyers", "attorneys"} & set(form.split()) else "persons:lawyer"
    return "persons:defendants" if several or last.endswith("s") else "persons:defendant"


def _cue_voice(view: View, cue: Cue, level: int) -> Voice | None:
    """The voice of a cue."""
    low, high = cue.at
    if view.has("by", low=high, high=high + 2):  # "Berlin has been told by the embassy that …"
        teller = next(view.where(*STATES, low=high, high=high + 4), None)
        if teller is not None and view.has("be_being", low=low, high=high) and (voice := by_token(view, teller, level)):
            return voice
    for j in range(low, min(high, len(view.tokens))):
        if not SPEAKERS.isdisjoint(view.tokens[j].keys) or is_pronoun(view, j):
            voice = by_token(view, j, level, cue.who)
            if voice:
                return voice
    code = _state_of(cue.who)
    return Voice(code, cue.who, low) if code else None


def of_speaker(view: View, at: int, level: int) -> Voice | None:
    """The voice that a pronoun in reported speech stands for: who speaks ("the Kremlin says that it has no knowledge")."""
    over = [c for c in view.cues if c.start <= at < c.end and c.at[1] <= c.start <= at]
    cue = max(over, key=lambda c: c.start, default=None)
    return _cue_voice(view, cue, level) if cue is not None and _state_of(cue.who) else None


def level_of(data: Mapping[str, Any]) -> int:
    return 2 if data.get("theirs") else 1 if data.get("own") and not data.get("last") else 0


def voice_of(view: View, i: int, data: Mapping[str, Any]) -> Voice | None:
    """Who says what stands at token ``i``, when a party does."""
    level = level_of(data)
    over = sorted((c for c in view.cues if c.start <= i < c.end), key=lambda c: (c.end - c.start, -c.start))
    other = ""
    if labelled := _labelled(view, i):
        return labelled
    for cue in over:
        voice = _cue_voice(view, cue, level)
        if cue.rule in ("noun", "charged-with") and voice and not accused_like(view, voice.party):
            continue  # "called the minister's accusation absurd": whose accusation it is, not who calls
        if not (voice and accused_like(view, voice.party)):
            inner = _spoken(view, i, level)  # "according to the ministry, the embassy gave notice that …"
            if inner and accused_like(view, inner.party) and cue.start <= inner.at < i:
                return inner
        if voice and (not other or accused_like(view, voice.party)):
            return voice
        if cue.who not in (UNSPECIFIED, PUBLISHER):
            if data.get("bodies") and cue.who.startswith("org:") and _of_itself(view, cue, i):
                return Voice(ACCUSED, cue.who, cue.at[0])
            if not cue.who.startswith("media:") and cue.rule != "body":
                return None
            other = cue.who
    if other:
        return _house(view, i) if level and not view.has("O", "M") else None
    voice = _spoken(view, i, level)
    if voice and (voice.party == ACCUSED or accused_like(view, voice.party) or not view.speaker):
        return voice
    if code := _state_of(view.speaker):
        return Voice(code, view.speaker, i)
    if view.speaker and view.speaker not in (UNSPECIFIED, PUBLISHER) and not (level and view.speaker.startswith("media:")):
        return None
    return _carried(view, i, data, level)


def _labelled(view: View, i: int) -> Voice | None:
    """The accused state where a paragraph begins with "Spokesperson:" and no state is named in the label."""
    here: View | None = view
    for _ in range(6):
        if here is None or here.paragraph != view.paragraph:
            return None
        if len(here.tokens) > 1 and here.tokens[1].form == ":":
            code, first = view.memory.accused, here.tokens[0]
            return Voice(code, f"state:{code}", i) if code and first.form in LABELS and first.kind != "G" else None
        here = here.before
    return None


def _of_itself(view: View, cue: Cue, i: int) -> bool:
    """Whether an organisation that does not itself accuse speaks of itself."""
    at = next((j for j in range(*cue.at) if j < len(view.tokens) and view.tokens[j].kind == "O"), None)
    if at is None or expert(view, at):
        return False
    return view.has("pronoun", "its_their", low=cue.at[1], high=min(cue.at[1] + 4, i + 1))


def _spoken(view: View, i: int, level: int) -> Voice | None:
    """The voice of a verb of speech that no cue has found, or of "Malabo's line is that …", before token ``i`` or behind it."""
    tokens = view.tokens
    first_voice: Voice | None = None
    floor = next((j for j in range(i - 1, max(-1, i - 30), -1) if tokens[j].form == ";"), max(-1, i - 30))
    for verb in reversed(list(view.where(*SPEECH, low=floor + 1, high=i))):
        voice = _teller_of(view, i, verb, level)
        if voice and (voice.party == ACCUSED or accused_like(view, voice.party)):
            return voice
        first_voice = first_voice or voice
        if verb < i - 12 or (voice and "say" in tokens[verb].keys):
            break
    if first_voice:
        return first_voice
    for verb in view.where(*SPEECH, "according", low=i + 1, high=i + 30):
        if level and view.has("spokes", low=verb + 1, high=verb + 3):
            near = next(view.where("C", "G", low=0, high=i), None)  # "China respects the law, said spokeswoman …"
            named = view.memory.state_of(view.tokens[near]) if near is not None else None
            if near is not None and accused_like(view, named):
                return Voice(str(named), f"state:{named}", near)
        passive = view.has("by", low=verb + 1, high=verb + 3) and view.before_is(verb, "be_being", back=2)
        for at in view.where(*STATES, "pronoun", "pronoun_object", low=verb - 3, high=verb + 4):
            comma = any(t.form in (",", ":") for t in tokens[max(0, min(at, verb) - 4) : at])
            if at > verb and any(t.form == "," for t in tokens[verb:at]):
                continue  # "…, a spokesman stressed, had China asked"
            if (passive and at > verb) or comma or (at > verb and tokens[verb - 1].form == ","):
                return by_token(view, at, level)
    first = next(view.where("G", "B", "ruler", low=0, high=6), None) if "prep_to" in tokens[0].keys else None
    if first is not None and first < i:
        return by_token(view, first, max(level, 2))
    return None


def _teller_of(view: View, i: int, verb: int, level: int) -> Voice | None:
    """The voice of a verb or noun of speech that stands before token ``i``."""
    at = owner(view, verb)
    at = at if at is not None else subject(view, verb)
    if at is None or view.tokens[verb].keys & {"line_noun"}:
        near = next(view.where(*STATES, low=verb, high=min(i, verb + 7)), None)
        at = near if near is not None and owner(view, verb) is None else at
    if at is not None and (voice := by_token(view, at, level)):
        return voice
    for person in view.where("accused_person", low=verb - 4, high=verb):  # "the defendant's lawyer told jurors"
        return by_token(view, person, level)
    return None


def _speaks(view: View, level: int, surely: bool = False) -> Voice | None:
    """The party that speaks in a sentence, if any; ``surely``: by a cue, not just named."""
    for cue in reversed(view.cues):
        voice = _cue_voice(view, cue, level)
        if voice and (not level or accused_like(view, voice.party)):
            return voice
    for j in view.where("G", "B", "C") if not surely else ():
        code = _state_at(view, j, 0)
        if code and accused_like(view, code):
            return Voice(code, f"state:{code}", j)
    return None


def _carried(view: View, i: int, data: Mapping[str, Any], level: int) -> Voice | None:
    """The voice of a sentence before, where this one goes on with it: a quotation, or "they", "those" and the like."""
    memory = view.memory
    if data.get("home") and memory.home and memory.home == memory.accused and view.topical:
        return Voice(memory.home, f"state:{memory.home}", i)
    if not view.cues and not data.get("last") and (house := _house(view, i)):
        return house
    quoted = view.quoted[i] and (view.quoted[0] or 2 * sum(view.quoted) > len(view.quoted))
    stop = next((j for j in range(i, 0, -1) if view.tokens[j].form in (";", ":")), None)
    if view.cues:
        last = max((c for c in view.cues if c.at[1] <= stop), key=lambda c: c.at, default=None) if stop and level else None
        if last:
            voice = _cue_voice(view, last, 1)  # a sentence that goes on behind a semicolon is said by who spoke before it
            if voice and accused_like(view, voice.party) and not any(c.start <= i < c.end for c in view.cues):
                return voice
        if not (view.quoted[i] and level):
            return None
        voices = (_cue_voice(view, cue, 1) for cue in view.cues)
        return next((v for v in voices if v and accused_like(view, v.party)), None)
    if level and stop:
        for verb in view.where(*SPEECH, low=0, high=stop):
            at = subject(view, verb)
            if at is not None and (voice := by_token(view, at, level)) and accused_like(view, voice.party):
                return voice
    if not (quoted or (data.get("theirs") and view.tokens[0].keys & {"pronoun", "goes_on", "this"})):
        return None
    before, steps = view.before, 0
    while before is not None and before.paragraph >= view.paragraph - 1 and steps < (4 if quoted else 1):
        if voice := _speaks(before, level, bool(data.get("last"))):
            return Voice(voice.party, voice.asserter, i)
        if before.cues:
            return None
        before, steps = before.before, steps + 1
    return None


def _house(view: View, i: int) -> Voice | None:
    """The accused state where the whole text is its statement."""
    code = view.memory.accused
    return Voice(code, f"state:{code}", i) if code and _issued_by(view.memory.text[:HEAD], view.pack.language, code) else None


@lru_cache(maxsize=64)
def _issued_by(head: str, language: str, state: str) -> bool:
    """Whether a text is a state's own statement, by its first lines ("Embassy of …", "distributed by the state agency")."""
    pack = load(language)
    lines = [line.casefold() for line in head.split("\n") if line.strip()][:HEAD_LINES]
    phrases = pack.tables["tags"].get("house_head", ())
    if not any(len(line) < HEAD_LINE and phrase in line for line in lines for phrase in phrases):
        return False
    names = pack.tables["names"]
    forms = [f for table in ("country", "demonym") for f in names.get(table, {}).get(state, ())]
    forms += [f for table in ("country", "demonym") for f, code in names.get(table, {}).items() if code == state]
    forms += [pack.capital_of.get(state, state), country_name(state, language)]
    return any(form.split("[")[0].casefold() in line for line in lines for form in forms)


def expert(view: View, j: int) -> bool:
    """Whether a token stands for the organisation that accuses."""
    token = view.tokens[j]
    if "suspect_org" in token.keys:
        return False
    if token.data.get("anaphor") or "org_folk" in token.keys:
        return True
    who = view.memory.asserter(token) or ""
    return token.kind == "O" and (who == view.memory.first_org or who[4:] in view.pack.set("expert_org"))
