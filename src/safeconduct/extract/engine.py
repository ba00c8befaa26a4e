"""The engine, the same for every language: sentences → names → phrases → who says it → frames → claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from ..claims import PUBLISHER, UNSPECIFIED, Attribution, claim_from
from .clean import Clean
from .dates import Calendar, valid
from .frames import FRAMES
from .frames.unmatched import unmatched
from .grounding import Proposal
from .guard import Glance, Reading
from .likely import MAIN, Likely, beside, limit, weighed
from .memory import Memory
from .model import model
from .names import Tagger
from .pack import FIRST, Pack
from .phrases import compose, join_lists
from .places import Places, each
from .said_by import attribute, speakers
from .saying import cues
from .segment import Quotations, Sentence, sentences
from .tokens import Token, made, words
from .turns import Turns
from .untrue import untrue
from .view import Draft, View

_TITLE = re.compile(r"[“\"‘\[]{1,3}([^”\"\]\[\n“]{4,110})[”\"'\]]")
LONG = 500_000  # characters, beyond which the rules read a text alone: the model would take minutes
KEPT = 3000  # sentences whose tokens are held between the two readings
COUNTED = ("figure", "site", "operator")  # kinds that organisations find out and others repeat
SPOKEN = ("position", "recommendation")  # kinds whose date is the date of saying
Line = tuple[Sentence, Places, Likely | None]
PRIVATE = frozenset(("X", "O", "M", "H", "T", "G", "B"))


def run(given: str, name: str, pack: Pack, published: str | None, rules_only: bool = False) -> Iterator[Proposal]:
    """Proposals for one text in the pack's language. ``name`` is the text's id, ``published`` its dateline in EDTF."""
    clean = Clean(given)
    tagger = Tagger(pack, clean.text)
    lines = _lines(clean, pack, tagger)
    kept = list(islice(lines, KEPT))  # of a long text no more is held in memory
    reading = Reading(pack, clean.text)
    for _, line in kept:
        reading.add(line)
    again = chain(kept, lines)
    if len(kept) == KEPT and not reading.on_subject():
        after = kept[-1][0].end
        if (tagger.latin and not _may_come_to_it(reading, clean, after)) or not _comes_to_it(reading, lines):
            return
        again = chain(_lines(clean, pack, tagger))
    if not reading.may_be():
        return
    memory = reading.memory(calendar := Calendar(pack, clean.text, published))
    reader = None if rules_only or len(given) > LONG else model(pack.language)
    likely = list[float]()
    found = _read(given, name, clean, tagger, memory, calendar, _heard(beside(again, clean.text, reader), likely))
    if reader:
        proposed = list(found)
        if likely and reading.told_by_model([p.claim.kind for p in proposed], likely):
            yield from proposed
    elif reading.on_subject():
        yield from found
    elif reading.told_enough(len(doubtful := list(found))):
        yield from doubtful


def _heard(lines: Iterable[Line], likely: list[float]) -> Iterator[Line]:
    """The sentences; how likely there is a claim in each is noted down."""
    for sentence, line, told in lines:
        if told:
            likely.append(told.most)
        yield sentence, line, told


def _read(
    given: str,
    name: str,
    clean: Clean,
    tagger: Tagger,
    memory: Memory,
    calendar: Calendar,
    lines: Iterable[Line],
) -> Iterator[Proposal]:
    """Proposals for the sentences of a text."""
    pack = tagger.pack
    near, quoted, turns = memory.named | {memory.home or ""}, Quotations(clean.text), Turns(memory)
    before: View | None = None
    speaker: tuple[int, str] | None = None  # paragraph and speaker of the quotation last read
    for number, (sentence, line, likely) in enumerate(lines):
        _settle(line, near, tagger)
        line = compose(join_lists(calendar.mark(line), clean.text), pack, clean.text)
        tagger.learn(line)
        memory.head(line.tokens)
        line = _without_dateline(line)
        tokens = line.tokens
        if not tokens:
            continue
        view = View(
            line,
            memory,
            number,
            sentence.paragraph,
            tokens[-1].form == "?",
            before,
            memory.host,
            quoted.hold([t.start for t in tokens]),
            likely=likely,
        )
        view.cues = cues(view)
        turn = turns.read(line, sentence.paragraph)
        speaker = _speaker(view, speaker)
        share = sum(view.quoted) / len(tokens)
        view.speaker = speaker[1] if speaker and share > 0.5 else turn
        memory.note(line)
        drafts = _unique(d for frame in FRAMES for d in frame(view))
        if likely:
            kept = _likely_ones(likely, drafts, view)
            taken = [*kept, *(d for d in drafts if d.kind == "figure")]  # what a rule has read a number as, it counts
            drafts = kept + _likely_ones(likely, list(unmatched(view, likely.spans(), taken)), view)
        for draft in drafts:
            if proposal := _proposal(draft, view, name, given, clean, turns):
                yield proposal
        spoken = list(speakers(view))
        memory.spoke = bool(spoken)
        if spoken:
            memory.speaker, memory.topic = spoken[0], None
        before = view


def _likely_ones(likely: Likely, drafts: Sequence[Draft], view: View) -> list[Draft]:
    """The drafts that are likely enough right; the members of a list have their words in common."""
    listed = [sum(o.kind == d.kind and o.start <= d.start and d.end <= o.end for o in drafts) for d in drafts]
    return [d for d, n in zip(drafts, listed, strict=True) if _is_likely(likely, d, view, n)]


def _is_likely(likely: Likely, draft: Draft, view: View, listed: int) -> bool:
    """Whether a draft is likely enough right, as the model takes its words; ``listed`` of its kind have them in common."""
    low, high = max(0, draft.start), min(draft.end, len(view.tokens))
    if low >= high:
        return True
    main = draft.slots.get(MAIN[draft.kind]) if draft.kind in MAIN else draft.kind
    start, end, by_model = view.tokens[low].start, view.tokens[high - 1].end, draft.rule.startswith("model.")
    signs = likely.signs(draft.kind, main, start, end, by_model=by_model, listed=listed)
    return weighed(signs, view.pack.tables["model"]["claim"]) > limit(view.pack.settings, by_model=by_model)


def _may_come_to_it(reading: Reading, clean: Clean, after: int) -> bool:
    """Whether a quick look through what follows the first sentences of a long text finds enough signs of the subject."""
    pack, glance, tagger = reading.pack, Glance(reading), Tagger(reading.pack, clean.text)
    for number, sentence in enumerate(sentences(clean.text, pack.set("abbreviation"), after)):
        if not glance.passes(clean.low, sentence.start, sentence.end) and (tokens := _tokens(sentence, clean, pack)):
            glance.add(Places(tagger.tag(tokens)))
        if number % KEPT == 0 and glance.on_subject():
            return True
    return glance.on_subject()


def _comes_to_it(reading: Reading, lines: Iterator[tuple[Sentence, Places]]) -> bool:
    """Whether a long text comes to the subject after its first sentences; reads no further than that takes."""
    while some := list(islice(lines, KEPT)):
        for _, line in some:
            reading.add(line)
        if reading.on_subject():
            return True
    return False


def _lines(clean: Clean, pack: Pack, tagger: Tagger) -> Iterator[tuple[Sentence, Places]]:
    """The sentences of a text with their tokens, page furniture left out."""
    for sentence in sentences(clean.text, pack.set("abbreviation")):
        if tokens := _tokens(sentence, clean, pack):
            yield sentence, Places(tagger.tag(tokens))


def _tokens(sentence: Sentence, clean: Clean, pack: Pack) -> list[Token]:
    """The words and marks of a sentence; none when it is page furniture."""
    tokens = words(clean.text, clean.low, sentence.start, sentence.end)
    return [] if not tokens or _furniture(tokens, pack) else _titled(tokens, clean.text, sentence, pack)


def _settle(line: Places, near: frozenset[str], tagger: Tagger) -> None:
    """Take cities for those in a country that the document names where there is such a city."""
    for i in each(line.get("P", 0)):
        token = line.tokens[i]
        if near and token.data["codes"][0] not in near and not token.data.get("capital"):
            tagger.cities.near = near
            if found := tagger.cities.named(token.values[0]):
                token.data["codes"] = (found.country,)


def _furniture(tokens: Sequence[Token], pack: Pack) -> bool:
    """Whether a sentence is a byline, an advertisement, a newsletter box or the like."""
    if tokens[0].form not in pack.furniture_first or len(tokens) >= 25:
        return False
    forms = [t.form for t in tokens[:FIRST]]
    return any(" ".join(forms[:n]) in pack.furniture for n in range(1, len(forms) + 1))


def _titled(tokens: list[Token], text: str, sentence: Sentence, pack: Pack) -> list[Token]:
    """The tokens with one of kind K in the place of a quoted or bracketed title after a word such as "titled"."""
    for match in _TITLE.finditer(text, sentence.start, sentence.end):
        before = [t for t in tokens if t.end <= match.start()][-3:]
        if not before or not (
            _introduces(before[-1], pack)
            or " ".join(t.form for t in before[-2:]) in pack.set("before_title")
            or (before[-1].form in (",", "(") and any(_introduces(t, pack) for t in before))
        ):
            continue
        inside = [i for i, t in enumerate(tokens) if match.start(1) <= t.start and t.end <= match.end(1)]
        capitals = sum(tokens[i].cap for i in inside if len(tokens[i].form) > 3)
        if inside and (capitals >= 0.6 * sum(len(tokens[i].form) > 3 for i in inside) or pack.settings.get("small_titles")):
            title = " ".join(match[1].split()).strip(" .,;:()#*")
            tokens = [
                *tokens[: inside[0]],
                made("K", tokens[inside[0] : inside[-1] + 1], title=title),
                *tokens[inside[-1] + 1 :],
            ]
    return tokens


def _introduces(token: Token, pack: Pack) -> bool:
    """Whether a word may stand before a title."""
    return token.form in pack.set("before_title")


def _without_dateline(line: Places) -> Places:
    """The tokens without "LONDON, 6 June 2023 -" at the front, which says where the report was written, not what."""
    tokens = line.tokens
    for i, token in enumerate(tokens[:9]):
        if (
            token.form == "--"
            and i
            and all(t.kind in ("P", "C", "D", "X", "M", "O", ".") or t.form in (",", "de") for t in tokens[:i])
        ):
            return Places(tokens[i + 1 :])
    return line


def _speaker(view: View, last: tuple[int, str] | None) -> tuple[int, str] | None:
    """Who speaks the quotation that a sentence holds: its own cue, or the speaker of the quotation it goes on from."""
    share = sum(view.quoted) / max(1, len(view.quoted))
    own = next(speakers(view), None)
    if own:
        return view.paragraph, own
    if last and share > 0.5 and view.paragraph - last[0] <= 2:
        return view.paragraph, last[1]
    return last if last and view.paragraph == last[0] else None


def _unique(drafts: Iterator[Draft]) -> list[Draft]:
    """One draft for one thing said in a sentence: the one with more slots filled, then the earlier rule."""
    best: dict[object, Draft] = {}
    for draft in drafts:
        key = _same(draft)
        held = best.get(key)
        if held is None or _weight(draft) > _weight(held):
            best[key] = draft
    return list(best.values())


def _weight(draft: Draft) -> int:
    return sum(1 for v in draft.slots.values() if v not in (None, [], "unknown", "world"))


def _same(draft: Draft) -> object:
    s = draft.slots
    keys = {
        "site": ("country", "place", "opened"), "response": ("country", "action"),
        "figure": ("measure", "value", "scope", "place"), "incident": ("method", "host", "place", "origin"),
        "position": ("party", "position"), "operator": ("actor", "name"), "report": ("author",), "recommendation": ("ask",),
    }.get(draft.kind)  # fmt: skip
    if keys is None:
        return draft.kind, draft.start, tuple(s.get("parties") or ()), s.get("type")
    allowed = s["scope"] if s.get("actor") == "host_state" else None  # each host for itself
    return draft.kind, draft.stance, allowed, *(s.get(k) for k in keys)


def _without_names(view: View, draft: Draft) -> tuple[int, int]:
    """First token and end of a draft's quote, names of people who hold no office and loose ends cut off.

    Of what somebody asks for, nothing behind such a name is kept: the request stands before it.
    """
    tokens, low, high = view.tokens, max(0, draft.start), min(draft.end, len(view.tokens))
    loose = view.pack.set("dangling")

    def cut(i: int) -> bool:
        return (
            tokens[i].kind in PRIVATE and "last" in tokens[i].data and tokens[i].kind in ("X", "O", "M", "H", "T")
        ) or tokens[i].kind == "."

    if draft.kind in SPOKEN:
        named = next((i for i in range(max(draft.at, low) + 1, high) if cut(i) and tokens[i].kind != "."), high)
        high = named if named - low > 2 else high
    while high - low > 2 and cut(low):
        low += 1
    while high - low > 2 and (cut(high - 1) or tokens[high - 1].form in loose):
        high -= 1
    return low, high


def _body_named(view: View) -> str | None:
    """The organisation or medium that a sentence names where no cue tells who says it: whose list or finding it repeats."""
    bodies = [view.tokens[i] for i in view.where("O")] or [view.tokens[i] for i in view.where("M")]
    known = (t for t in bodies if str(t.data.get("slug", "")).replace("-", " ") in view.pack.set("expert_org"))
    body = next(known, bodies[0] if bodies else None)
    who = view.memory.asserter(body) if body is not None else None
    return who if who and who != UNSPECIFIED else None


def _paper_of(view: View, draft: Draft) -> str | None:
    """The organisation whose paper counts what a figure tells ("a first study listed 54")."""
    low = view.clause(draft.at)[0]
    papers = [k for k in view.where("paper", low=low, high=draft.at) if view.has("find", low=k + 1, high=draft.at)]
    return view.memory.org if papers and not view.has("G", "B", "A", low=low, high=draft.at) else None


def _counted_on(view: View, draft: Draft) -> str | None:
    """Whose count a sentence without a speaker goes on with: an organisation that spoke right before in the paragraph.

    Counts of stations are carried over only where the words say that they go on ("this brings the total to").
    """
    before = view.before
    if (
        before is None
        or before.paragraph != view.paragraph
        or (draft.slots["measure"] == "stations" and not view.has("total", "tally"))
    ):
        return None
    last = list(speakers(before))
    return last[-1] if last and last[-1].startswith("org:") else None


def _because(draft: Draft, view: View, given: str, clean: Clean, said: Attribution) -> str:
    """The rule and the word it read, and the cue that tells who says it."""
    at = min(max(draft.at, 0), len(view.tokens) - 1)

    def words_of(low: int, high: int) -> str:
        start, end = clean.span(view.tokens[low].start, view.tokens[high - 1].end)
        return " ".join(given[start:end].split())

    told = f"{draft.rule} at “{words_of(at, at + 1)}”"
    if draft.own:
        return f"{told}; said by {said.asserted_by}, whom the rule names"
    cue = next((c for c in view.cues if c.who == said.asserted_by and c.start <= at < c.end), None)
    if cue:
        return f"{told}; said by {said.asserted_by}: cue “{words_of(*cue.at)}” ({cue.rule})"
    source = "the quotation or turn it stands in" if view.speaker == said.asserted_by else "no cue: the narrator's voice"
    return f"{told}; said by {said.asserted_by}: {source}"


def _proposal(draft: Draft, view: View, name: str, given: str, clean: Clean, turns: Turns) -> Proposal | None:
    """A draft as a claim with its attribution; None when a slot turns out to hold what the codebook does not allow."""
    low, high = _without_names(view, draft)
    if low >= high:
        return None
    start, end = clean.span(view.tokens[low].start, view.tokens[high - 1].end)
    doer = f"state:{draft.slots['country']}" if draft.kind == "response" else None
    threat = (low, high) if draft.slots.get("method") in ("threat", "threat_to_family") else None
    if threat:
        doer = f"state:{draft.slots.get('origin')}"
    said, when_said = attribute(view, min(max(draft.at, 0), len(view.tokens) - 1), doer, threat)
    turn = turns.who
    if turn and turn != said.asserted_by and turn not in said.via and said.asserted_by != PUBLISHER:
        said = Attribution(said.asserted_by, (*said.via, turn))
    if draft.own and draft.asserter:
        via = tuple(b for b in (said.asserted_by, *said.via) if b not in (draft.asserter, PUBLISHER, UNSPECIFIED))
        when_said = when_said if said.asserted_by == draft.asserter else None
        said = Attribution(draft.asserter, () if draft.kind == "report" else via)
    if draft.kind in COUNTED and said.asserted_by in (PUBLISHER, UNSPECIFIED):
        body = _body_named(view) or (_paper_of(view, draft) if draft.kind == "figure" else None)
        said = Attribution(body, said.via) if body and body not in said.via else said
    if draft.kind == "figure" and said.asserted_by == PUBLISHER and not view.cues and (counted := _counted_on(view, draft)):
        said = Attribution(counted, said.via)
    if said.asserted_by == turn and not when_said:
        when_said = turns.when
    if draft.kind in SPOKEN and not when_said:
        when_said = view.event_date(low, high)
    if when_said and "/" in when_said:
        when_said = None
    anchor = clean.span(*draft.anchor) if draft.anchor else None
    if anchor and not (start <= anchor[0] and anchor[1] <= end):
        anchor = None
    value = {
        "kind": draft.kind, "start": start, "end": end, "quote": given[start:end],
        "slots": {k: v for k, v in draft.slots.items() if v is not None and v != []},
        "asserted_by": said.asserted_by, "via": list(said.via), "stance": "denies" if untrue(view, draft) else draft.stance,
        "asserted_when": valid(when_said), "when": valid(draft.when), "anchor": anchor,
    }  # fmt: skip
    if value["when"] == value["asserted_when"] and draft.kind == "figure":
        value["when"] = None
    try:
        claim = claim_from(value, name)
        return Proposal(claim, draft.rule, _because(draft, view, given, clean, said)) if claim.id else None
    except ValueError:
        return None
