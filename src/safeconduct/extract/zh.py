"""The reading path for Chinese: the same claims, attributions and gate, over a line of characters instead of words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..claims import PUBLISHER, UNSPECIFIED, claim_from, slugify
from .grounding import Proposal
from .when import valid
from .zh_acts import ZhDraft, agreements, positions, recommendations, reports, responses
from .zh_cues import cues
from .zh_facts import figures, sites
from .zh_incidents import incidents
from .zh_line import Reader, ZhLine, plain, spans
from .zh_numbers import ChineseCalendar
from .zh_operators import operators
from .zh_pack import load_chinese
from .zh_view import ZhView, remember

_PAIRS = {"“": "”", "「": "」", "『": "』", "《": "》", "（": "）", "(": ")", "【": "】"}
_KIND_OF_ORG = "组织|团体|机构|智库|网络|协会|基金会|联盟|非政府组织|NGO|委员会|中心|网|平台"
_LIKE_ORG = f"(?:{_KIND_OF_ORG}|观察|项目|实验室|监察|研究所|研究院|之家|计划|理事会|联合会|大会)"
_LATIN_NAME = r"（([A-Za-z][^）\n]{2,60})）"
_ORG = re.compile(
    rf"(?:{_KIND_OF_ORG})[“「『](?P<a>[^”」』\n，。]{{2,16}})[”」』](?:{_LATIN_NAME})?"
    rf"|[“「『](?P<b>[^”」』\n，。]{{2,16}})[”」』](?:{_LATIN_NAME})?(?:的)?(?:人权)?(?:{_KIND_OF_ORG})"
    rf"|[“「『](?P<c>[^”」』\n，。]{{2,12}}{_LIKE_ORG})[”」』](?:{_LATIN_NAME})?"
    rf"|(?:^|(?<=[据的，。、由和与\n“]))(?P<d>[\u4e00-\u9fff]{{2,10}}?{_LIKE_ORG}){_LATIN_NAME}"
)
COUNTS = {"persons_returned", "plots", "incidents", "persons_targeted"}


def run_chinese(text: str, name: str, published: str | None) -> Iterator[Proposal]:
    """Proposals for the Chinese parts of one text. ``name`` is the text's id, ``published`` its dateline in EDTF."""
    if not re.search("[\u3400-\u9fff]", text):
        return
    pack = load_chinese()
    calendar = ChineseCalendar(plain(text[:200_000]), published)
    reader = Reader(pack, text, calendar, _organisations(text, pack.names))
    places = [s for s in spans(reader.text) if re.search("[\u3400-\u9fff]", reader.text[s[0] : s[1]])]
    first = [reader.line(*s) for s in places]
    memory = remember(pack, first, reader.text[:300])
    if memory is None:
        return
    reader.near = _near(first)
    calendar.last = calendar.reference
    before: ZhView | None = None
    for place in places:
        line = reader.line(*place)
        if not line.tokens:
            continue
        view = ZhView(line, memory, before)
        view.cues = cues(view)
        for draft in _unique(list(_drafts(view))):
            if proposal := _proposal(draft, view, name, text):
                yield proposal
        memory.note(line, view.cues)
        before = view
        if view.before:
            view.before.before = _cut(view.before.before)


def _cut(view: ZhView | None) -> ZhView | None:
    """Forget what is more than four sentences back."""
    if view and view.before:
        view.before.before = None
    return view


def _near(lines: Sequence[ZhLine]) -> frozenset[str]:
    """Countries the text names, whose cities come before their namesakes."""
    return frozenset(v for line in lines for _, t in line.some("CG") for v in t.values if len(v) == 2)


def _organisations(text: str, known: object) -> dict[str, str]:
    """Organisations that the text introduces: 组织“边界之外”（Beyond Borders）. Simplified name → slug."""
    found: dict[str, str] = {}
    same = plain(text)
    for match in _ORG.finditer(same):
        group = next(g for g in "abcd" if match[g])
        own, latin = (
            match[group],
            next((x for x in match.groups() if x and x is not match[group] and re.match("[A-Za-z]", x)), None),
        )
        title = text[match.start(group) : match.end(group)]
        slug = slugify(latin) if latin and re.search("[A-Za-z]{3}", latin) else slugify(title)
        if isinstance(known, dict) and own not in known and slug and not re.search("[警站据劝]|服务|事务", own):
            found.setdefault(own, slug)
    return found


def _drafts(view: ZhView) -> Iterator[ZhDraft]:
    counted = list(figures(view))
    prosecuted = False
    for rule in view.pack.responses:
        for pattern in rule.patterns:
            for match in pattern.finditer(view.text):
                for draft in responses(view, rule, match):
                    prosecuted |= draft.slots["action"] in ("arrest", "charge", "conviction")
                    yield draft
    for rule in view.pack.positions:
        for pattern in rule.patterns:
            for match in pattern.finditer(view.text):
                yield from positions(view, rule, match)
    for rule in view.pack.agreements:
        for pattern in rule.patterns:
            for match in pattern.finditer(view.text):
                yield from agreements(view, rule, match)
    yield from counted
    yield from sites(view)
    yield from operators(view)
    yield from recommendations(view)
    yield from reports(view)
    yield from incidents(view, prosecuted, [d.at for d in counted if d.slots["measure"] in COUNTS])


def _same(draft: ZhDraft) -> object:
    s = draft.slots
    if draft.kind == "site":
        return draft.kind, s["country"], s["place"]
    if draft.kind == "response":
        return draft.kind, s["country"], s["action"]
    if draft.kind == "figure":
        return draft.kind, s["measure"], s["value"], s["place"]
    if draft.kind == "agreement":
        return draft.kind, tuple(s["parties"])
    keys = {"position": ("party", "position"), "operator": ("actor", "name"), "recommendation": ("ask",), "report": ("author",)}
    if draft.kind in keys:
        return draft.kind, *(s[k] for k in keys[draft.kind])
    return draft.kind, draft.start, s.get("host")


def _unique(drafts: list[ZhDraft]) -> list[ZhDraft]:
    """One draft for one thing said in a sentence: the first rule's, with the most slots filled."""
    best: dict[object, ZhDraft] = {}
    for draft in drafts:
        key = _same(draft)
        held = best.get(key)
        if held is None or _filled(draft) > _filled(held):
            best[key] = draft
    found = list(best.values())
    actions = {d.slots["action"] for d in found if d.kind == "response"}
    gone = {
        a
        for a, stronger in {"cease_and_desist": "closure_order", "arrest": "conviction", "charge": "conviction",
                            "diplomatic_contact": "protest_note", "statement_of_concern": "protest_note",
                            "information_request": "cease_and_desist"}.items()
        if stronger in actions
    }  # fmt: skip
    if "no_charge" in actions:
        gone |= {"charge"}
    return [d for d in found if d.kind != "response" or d.slots["action"] not in gone]


def _filled(draft: ZhDraft) -> int:
    return sum(1 for v in draft.slots.values() if v not in (None, [], "unknown", "world"))


def _quoted(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with a quotation or bracket closed that it opens, and without one it does not."""
    for _ in range(4):
        opened = [c for c in text[start:end] if c in _PAIRS]
        for char in set(opened):
            if opened.count(char) > text[start:end].count(_PAIRS[char]) and text[end : end + 1] == _PAIRS[char]:
                end += 1
    return start, end


def _proposal(draft: ZhDraft, view: ZhView, name: str, text: str) -> Proposal | None:
    """A draft as a claim; None when a slot holds what the codebook does not allow."""
    first, last = draft.start, min(draft.end, len(view.text))
    while first < last and view.text[first] in "，；：、。的则而但":
        first += 1
    while last > first and view.text[last - 1] in "，；：、。！？":
        last -= 1
    if first >= last:
        return None
    start, end = _quoted(text, *view.line.source(first, last))
    said, cue = view.attribution(min(draft.at, len(view.text) - 1))
    asserted, via, when_said = said.asserted_by, said.via, cue.when if cue else None
    if draft.asserter:
        via = tuple(b for b in (asserted, *via) if b not in (draft.asserter, PUBLISHER, UNSPECIFIED) and b.startswith("media:"))
        at_verb, verb = view.attribution(draft.at, verb=True)
        when_said = verb.when if verb and at_verb.asserted_by == draft.asserter else None
        asserted, via = draft.asserter, () if draft.kind == "report" else via
        when_said = None if draft.kind == "report" else when_said
    anchor = draft.anchor if draft.anchor and start <= draft.anchor[0] and draft.anchor[1] <= end else None
    value = {
        "kind": draft.kind, "start": start, "end": end, "quote": text[start:end],
        "slots": {k: v for k, v in draft.slots.items() if v is not None and v != []},
        "asserted_by": asserted, "via": list(via), "stance": draft.stance,
        "asserted_when": valid(when_said), "when": valid(draft.when) if draft.when != when_said else None, "anchor": anchor,
    }  # fmt: skip
    try:
        claim = claim_from(value, name)
        return Proposal(claim, draft.rule) if claim.id else None
    except ValueError:
        return None
