"""The engine: the same for every language. Sentences → entities → phrases → attribution → frames → drafts → claims."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..claims import PUBLISHER, UNSPECIFIED, Attribution, claim_from
from .attribution import attribute, cues
from .domain import remember
from .entities import Tagger
from .frames import FILLERS, agreements, incidents, recommendations
from .grounding import Proposal
from .pack import Pack, Rule
from .phrases import compose, head_phrases, join_lists
from .segment import Sentence, quotations, sentences
from .tokens import Line, entity, tokenise
from .turns import Turns
from .view import Draft, View
from .when import Calendar, valid

_TITLE = re.compile(r"[“\"‘'«*\[]{1,3}([A-Z0-9][^”\"’»*\]\[\n]{3,100})[”\"’»*\]]")
EXEMPT = {"figure", "position", "recommendation", "report"}  # kinds that modality does not touch


def run(text: str, name: str, pack: Pack, published: str | None) -> Iterator[Proposal]:
    """Proposals for one text in the pack's language. ``name`` is the text's id, ``published`` its dateline in EDTF."""
    found = sentences(text, pack.sets["abbreviation"])
    lines = [_words(text, s, pack) for s in found]
    found, lines = [s for s, w in zip(found, lines, strict=True) if w.tokens], [w for w in lines if w.tokens]
    memory = remember(text, pack, lines, Calendar(pack, text, published))
    if memory is None:
        return
    tagger = Tagger(pack, text, memory.hosts | memory.accused_all)
    quoted = quotations(text)
    before: View | None = None
    turns = Turns(memory)
    speaker: tuple[int, str] | None = None  # paragraph and speaker of the quotation last read
    for sentence, line in zip(found, lines, strict=True):
        line.tokens = tagger.tag(line.tokens)
        line.render()
        memory.calendar.mark(line)
        join_lists(line, pack, text)
        head_phrases(line, pack)
        compose(line, pack)
        tagger.learn(line.tokens)
        _drop_dateline(line, pack)
        view = View(line, pack, memory, [], before, None, sentence.paragraph, text[sentence.end - 1] == "?",
                    memory.stations, host_then=memory.host)  # fmt: skip
        view.cues = cues(line, memory)
        speaker = _speaker(sentence, view, quoted, speaker)
        turn = turns.read(line, sentence.paragraph)
        view.speaker = speaker[1] if speaker and _inside(sentence, quoted) > 0.5 else turn
        view.turn = turn
        memory.note(line)
        drafts = list(_drafts(view))
        view.positions = [d for d in drafts if d.kind == "position"]
        for draft in _unique(drafts):
            if proposal := _proposal(draft, view, name, text):
                yield proposal
        spoken = sorted((c.at[0], c.who) for c in view.cues if c.who not in (PUBLISHER, UNSPECIFIED))
        memory.speaker = spoken[0][1] if spoken else memory.speaker
        before = view


def _drop_dateline(line: Line, pack: Pack) -> None:
    """Take "LONDON, 6 June 2023 -" off the front of a sentence: it says where the report was written, not what."""
    dateline = r"^(?:<PXCR>|[^ ]{1,20})(?: de)?(?: <CPX>)?(?: ,)?(?: <D>)?(?: ,)?(?: \( [^()]{1,20} \))? --"
    if match := pack.compile_once(dateline).match(line.text):
        line.tokens = line.tokens[line.index(match.end() - 1) + 1 :]
        line.render()


def _words(text: str, sentence: Sentence, pack: Pack) -> Line:
    tokens = tokenise(text, sentence.start, sentence.end)
    for start, end in _titles(text, sentence, pack):
        inside = [i for i, t in enumerate(tokens) if start <= t.start and t.end <= end]
        if inside:
            some = tokens[inside[0] : inside[-1] + 1]
            title = " ".join(text[start:end].split()).strip(" .,;:[]()#*")
            tokens[inside[0] : inside[-1] + 1] = [entity("K", some, title=title)]
    return Line(tokens)


def _titles(text: str, sentence: Sentence, pack: Pack) -> Iterator[tuple[int, int]]:
    """Quoted or bracketed titles of publications in a sentence: capitalised, after a word such as "titled"."""
    for match in _TITLE.finditer(text[sentence.start : sentence.end]):
        words = re.findall(r"\w{4,}", match[1])
        before = re.findall(r"\w+", text[sentence.start : sentence.start + match.start()])[-1:]
        named = before and before[0].casefold() in pack.sets["before_title"]
        few = bool(pack.tables.get("small_titles"))  # a language whose titles have one capital
        if named and words and (few or sum(w[0].isupper() for w in words) >= 0.6 * len(words)):
            yield sentence.start + match.start(1), sentence.start + match.end(1)


def _inside(sentence: Sentence, quoted: Sequence[tuple[int, int]]) -> float:
    """The part of a sentence that stands in quotation marks (``quoted`` is in order and does not overlap)."""
    covered, i = 0, max(0, bisect_right(quoted, (sentence.start, 0)) - 1)
    while i < len(quoted) and quoted[i][0] < sentence.end:
        covered += max(0, min(quoted[i][1], sentence.end) - max(quoted[i][0], sentence.start))
        i += 1
    return covered / max(1, sentence.end - sentence.start)


def _speaker(
    sentence: Sentence, view: View, quoted: Sequence[tuple[int, int]], last: tuple[int, str] | None
) -> tuple[int, str] | None:
    """Who speaks the quotation that a sentence holds: its own cue, or the speaker of the quotation it goes on from."""
    share = _inside(sentence, quoted)
    own = next((c.who for c in view.cues if c.who not in (PUBLISHER, UNSPECIFIED)), None)
    if own:
        return sentence.paragraph, own
    if last and share > 0.5 and sentence.paragraph - last[0] <= 2:
        return sentence.paragraph, last[1]
    return last if last and sentence.paragraph == last[0] else None


def _drafts(view: View) -> Iterator[Draft]:
    if not any(t.kind for t in view.line.tokens) and not view.topical:
        return
    prosecuted = False
    for rule in view.pack.rules:
        kind = rule.data["kind"]
        if kind == "agreement":
            yield from agreements(view, rule)
            continue
        if kind not in FILLERS or not _needed(view, rule):
            continue
        for pattern in rule.patterns:
            for match in pattern.finditer(view.text):
                if kind not in EXEMPT and view.hypothetical(*match.span()):
                    continue
                if kind == "position" and view.question:
                    continue
                for draft in FILLERS[kind](view, rule, match):
                    prosecuted = prosecuted or draft.slots.get("action") in ("arrest", "charge", "conviction")
                    yield draft
    yield from incidents(view, prosecuted)
    yield from recommendations(view)


def _needed(view: View, rule: Rule) -> bool:
    need = rule.data.get("needs")
    if need in ("station", "presence"):
        return bool(view.stations) or bool(need == "presence" and view.topical and view.has("{presence}|in <N>"))
    if need == "station-near":
        return bool(view.stations or (view.before and view.before.stations))
    if need == "station-figure":
        return bool(view.figures) and bool(view.stations)
    if need == "topic":
        return view.topical
    if need == "origin":
        return bool(view.named_accused) or bool(view.before and view.before.named_accused)
    return True


def _unique(drafts: Sequence[Draft]) -> list[Draft]:
    """One draft for one thing said in a sentence: the one with more slots filled, then the earlier rule."""
    best: dict[object, Draft] = {}
    for draft in drafts:
        key = _same(draft)
        held = best.get(key)
        if held and draft.kind == "report":
            slots = {**held.slots, **{k: v for k, v in draft.slots.items() if v is not None}}
            best[key] = replace(held, slots=slots, start=min(held.start, draft.start), end=max(held.end, draft.end))
            continue
        if held is None or _weight(draft) > _weight(held):
            best[key] = draft
    if any(d.slots.get("measure") == "countries_investigating" for d in best.values()):
        return [d for d in best.values() if d.slots.get("measure") != "countries"]
    return list(best.values())


def _weight(draft: Draft) -> tuple[int, int]:
    filled = sum(1 for v in draft.slots.values() if v not in (None, [], "unknown", "world"))
    return filled, -(draft.end - draft.start)


def _same(draft: Draft) -> object:
    s = draft.slots
    if draft.kind == "site":
        return ("site", s.get("country"), s.get("place"), s.get("opened") if s.get("place") else None)
    if draft.kind == "response":
        return ("response", s["country"], s["action"])
    if draft.kind == "figure":
        return ("figure", s["measure"], s["value"], s.get("place"))
    if draft.kind == "position":
        return ("position", s["party"], s["position"], draft.stance)
    if draft.kind == "operator":
        return ("operator", s["actor"], s.get("name"))
    if draft.kind == "report":
        return ("report", s["author"])
    if draft.kind == "agreement":
        return ("agreement", tuple(sorted(s["parties"])), s["type"])
    if draft.kind == "recommendation":
        return ("recommendation", s["ask"])
    return (draft.kind, draft.start, s.get("host"), s.get("place"))


def _without_names(view: View, draft: Draft) -> tuple[int, int]:
    """Offsets of a draft's quote, names of people who hold no office cut off its ends."""
    tokens = view.line.slice(draft.start, draft.end)
    private = [t.kind in ("X", "O", "M", "H", "T") and "last" in t.data for t in tokens]
    while len(tokens) > 2 and private[0]:
        tokens, private = tokens[1:], private[1:]
        if tokens[0].form == "," and "," in (forms := [t.form for t in tokens[1:7]]):  # an age or a role in commas
            gone = forms.index(",") + 2
            tokens, private = tokens[gone:], private[gone:]
        if not tokens:
            return 0, 0
    while len(tokens) > 2 and (private[-1] or tokens[-1].form in view.pack.sets["dangling"]):
        tokens, private = tokens[:-1], private[:-1]
    return (tokens[0].start, tokens[-1].end) if tokens else (0, 0)


def _proposal(draft: Draft, view: View, name: str, text: str) -> Proposal | None:
    """A draft as a claim with its attribution; None when a slot turns out to hold what the codebook does not allow."""
    start, end = _without_names(view, draft)
    if start >= end:
        return None
    said, said_when = attribute(view.cues, draft.at)
    if said.asserted_by in (PUBLISHER, UNSPECIFIED) and view.speaker:
        said = Attribution(view.speaker, said.via)
    if view.turn and view.turn != said.asserted_by and view.turn not in said.via and said.asserted_by != PUBLISHER:
        said = Attribution(said.asserted_by, (*said.via, view.turn))
    if draft.asserter:
        via = tuple(b for b in (said.asserted_by, *said.via) if b not in (draft.asserter, PUBLISHER, UNSPECIFIED))
        said_when = said_when if said.asserted_by == draft.asserter else None
        said = Attribution(draft.asserter, () if draft.kind == "report" else via)
    anchor = draft.anchor if draft.anchor and start <= draft.anchor[0] and draft.anchor[1] <= end else None
    value = {
        "kind": draft.kind, "start": start, "end": end, "quote": text[start:end],
        "slots": {k: v for k, v in draft.slots.items() if v is not None and v != []},
        "asserted_by": said.asserted_by, "via": list(said.via), "stance": draft.stance,
        "asserted_when": valid(said_when), "when": valid(draft.when), "anchor": anchor,
    }  # fmt: skip
    try:
        claim = claim_from(value, name)
        return Proposal(claim, draft.rule) if claim.id else None
    except ValueError:
        return None
