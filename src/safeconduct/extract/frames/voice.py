"""Whose voice stands behind the words at a token: by cues, labels, subjects and the sentences before."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ...claims import PUBLISHER, UNSPECIFIED
from ...claims.places import country_name
from ..pack import load
from ..stretch import Cue
from ..view import View
from .party import (
    ACCUSED,
    SPEAKERS,
    STATES,
    Voice,
    accused_like,
    asserting_state,
    by_token,
    expert,
    is_pronoun,
    owner,
    state_at,
    subject,
    suspected,
)

SPEECH = frozenset(("say", "voice_verb", "line_noun"))
FLOOR = SPEECH | {"reject", "dismiss", "deny"}
LABELS = ("spokesperson", "spokesman", "spokeswoman", "the spokesperson", "mfa spokesperson", "foreign ministry spokesperson")
HEAD = 400  # so much of a text may tell who issues it
HEAD_LINES = 3
COLUMN = 4  # turns of phrase
HEAD_LINE = 130


def _cue_voice(view: View, cue: Cue, level: int) -> Voice | None:
    """The voice of a cue."""
    (low, high), code = cue.at, asserting_state(cue.who)
    if view.has("by", low=high, high=high + 2):  # "Berlin has been told by the embassy that …"
        teller = next(view.where(*STATES, low=high, high=high + 4), None)
        if teller is not None and view.has("be_being", low=low, high=high) and (voice := by_token(view, teller, level)):
            return voice
    for j in range(low, min(high, len(view.tokens))):
        if not SPEAKERS.isdisjoint(view.tokens[j].keys) or is_pronoun(view, j):
            voice = by_token(view, j, level, cue.who)
            if voice and not (accused_like(view, code) and voice.party not in (ACCUSED, code)):
                return voice  # and not "Wang Wenbin dismissed the prosecution as …"
    return Voice(code, cue.who, low) if code else None


def of_speaker(view: View, at: int, level: int) -> Voice | None:
    """The voice that a pronoun in reported speech stands for: who speaks ("the Kremlin says that it has no knowledge")."""
    over = [c for c in view.cues if c.start <= at < c.end and c.at[1] <= c.start <= at]
    cue = max(over, key=lambda c: c.start, default=None)
    return _cue_voice(view, cue, level) if cue is not None and asserting_state(cue.who) else None


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
        if (going_on := _elided(view, cue, level)) and accused_like(view, going_on.party):
            return going_on
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
    if code := asserting_state(view.speaker):
        return Voice(code, view.speaker, i)
    if level and view.speaker == "persons:interviewee" and (house := _house(view, i)):
        return house
    if view.speaker and view.speaker not in (UNSPECIFIED, PUBLISHER) and not (level and view.speaker.startswith("media:")):
        return None
    return _carried(view, i, data, level) or _alone(view, i, data)


def _elided(view: View, cue: Cue, level: int) -> Voice | None:
    """The party that goes on speaking where a verb of speech has no subject of its own ("Sostiene que …")."""
    low, high = cue.at
    if not view.pack.settings.get("pro_drop") or view.has(*SPEAKERS, low=low, high=high):
        return None
    here: View | None = view
    end, steps = low, 0
    while here is not None and steps < 3 and here.paragraph >= view.paragraph - 1:
        for j in here.where(*SPEAKERS - {"A", "T", "H", "X"}, low=0, high=end):
            at = j - 2 if here.before_is(j, "det") else j - 1
            if at >= 0 and "prep" in here.tokens[at].keys:
                continue
            voice = by_token(here, j, max(level, 1))
            return Voice(voice.party, voice.asserter, low) if voice else None
        here, steps = here.before, steps + 1
        end = len(here.tokens) if here is not None else 0
    return None


def _alone(view: View, i: int, data: Mapping[str, Any]) -> Voice | None:
    """The party that is the only one to speak in a sentence, by whatever words."""
    if data.get("states_only") or data.get("last"):
        return None
    found: Voice | None = None
    for j in view.where("G", "B", "C", "P", "O", "accused_person", "suspect_org", "their_office"):
        if not _takes_floor(view, j):
            continue
        voice = by_token(view, j, 1)
        if voice and (voice.party == ACCUSED or accused_like(view, voice.party)):
            found = found or voice
        elif expert(view, j) or view.tokens[j].kind in ("G", "B"):
            return None  # somebody else speaks
    return found


def _takes_floor(view: View, j: int) -> bool:
    """Whether what stands at a token speaks: beside a verb of speech, or as owner of an account, a phrase, a view."""
    tokens = view.tokens
    if view.has("poss", low=j + 1, high=j + 2):
        if suspected(view, j) and view.has("say", low=j + 3, high=j + 5):
            return True  # "the club's barman said"
        return view.has("own_words", "words_of", "line_noun", low=j + 2, high=j + 5)
    low = j - 1 if j and "det" in tokens[j - 1].keys else j
    if view.before_is(low, "of") and view.has("own_words", "words_of", low=low - 3, high=low):
        return True
    if view.before_is(low, "for") and low < 3:
        return True
    if view.before_is(low, "prep"):
        return False
    comma = next((k for k in range(j + 1, min(j + 6, len(tokens))) if tokens[k].form == ","), j + 5)
    return view.has(*FLOOR, low=j + 1, high=comma) or view.has(*SPEECH, "own_words", low=max(0, low - 2), high=low)


def _labelled(view: View, i: int) -> Voice | None:
    """The accused state where a paragraph begins with "Spokesperson:" and no state is named in the label."""
    here: View | None = view
    for _ in range(6):
        if here is None or here.paragraph != view.paragraph:
            return None
        if len(here.tokens) > 1 and here.tokens[1].form == ":":
            code, first = view.memory.accused, here.tokens[0]
            answers = first.form in view.pack.set("answer_label") and _press(view.memory.text[:HEAD_LINE], view.pack.language)
            speaks = answers or (first.form in LABELS and first.kind != "G")
            return Voice(code, f"state:{code}", i) if code and speaks else None
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
    cue = next((c for c in view.cues if c.at[0] <= verb < c.at[1]), None)
    if cue and accused_like(view, asserting_state(cue.who)):
        return _cue_voice(view, cue, level)
    at = owner(view, verb)
    at = at if at is not None else subject(view, verb)
    if at is None and verb and view.tokens[verb - 1].kind == "X":  # a spokesman's name
        who = view.memory.asserter(view.tokens[verb - 1])
        return Voice(code, who, verb - 1) if (code := asserting_state(who)) else None
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
        code = state_at(view, j, 0)
        if code and accused_like(view, code):
            return Voice(code, f"state:{code}", j)
    return None


def _carried(view: View, i: int, data: Mapping[str, Any], level: int) -> Voice | None:
    """The voice of a sentence before, where this one goes on with it: a quotation, or "they", "those" and the like."""
    memory = view.memory
    if data.get("home") and memory.home and memory.home == memory.accused and view.topical:
        return Voice(memory.home, f"state:{memory.home}", i)
    unsaid = view.pack.settings.get("pro_drop") and all(c.who == UNSPECIFIED for c in view.cues)
    if (unsaid or not view.cues) and not data.get("last") and (house := _house(view, i)):
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
    code, text, language = view.memory.accused, view.memory.text, view.pack.language
    issued = code and (issued_by(text[:HEAD], language, code) or _column(text, language))
    return Voice(code, f"state:{code}", i) if code and issued else None


def _press(head: str, language: str) -> bool:
    """Whether a text is the record of a press conference of the accused state's ministry, by its first line."""
    line = head.partition("\n")[0]
    return any(phrase in line for phrase in load(language).tables["tags"].get("press_head", ()))


@lru_cache(maxsize=64)
def _column(text: str, language: str) -> bool:
    """Whether a text is a column of the accused state's own press: one of its headings, and several of its turns of phrase."""
    tags = load(language).tables["tags"]
    head = text[:HEAD_LINE]
    named = any(h in head for h in tags.get("state_column", ()))
    return named and sum(p in text for p in tags.get("state_speak", ())) >= COLUMN


@lru_cache(maxsize=64)
def issued_by(head: str, language: str, state: str) -> bool:
    """Whether a text is a state's own statement, by its first lines ("Embassy of …", "distributed by the state agency")."""
    pack = load(language)
    lines = [line.casefold() for line in head.split("\n") if line.strip()][:HEAD_LINES]
    phrases = (*pack.tables["tags"].get("house_head", ()), *pack.set("house_head"))
    longest = HEAD_LINE + 45 if pack.settings.get("pro_drop") else HEAD_LINE  # titles are longer in Spanish
    if not any(len(line) < longest and phrase in line for line in lines for phrase in phrases):
        return False
    names = pack.tables["names"]
    forms = [f for table in ("country", "demonym") for f in names.get(table, {}).get(state, ())]
    forms += [f for table in ("country", "demonym") for f, code in names.get(table, {}).items() if code == state]
    forms += [pack.capital_of.get(state, state), country_name(state, language)]
    return any(form.split("[")[0].casefold() in line for line in lines for form in forms)
