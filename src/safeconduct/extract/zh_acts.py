"""Responses, positions, agreements, recommendations and reports in a Chinese sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..claims import UNSPECIFIED
from .tokens import MARK, Member, Token
from .zh_pack import ZhRule
from .zh_view import ZhView

SPEAKING = ("position", "recommendation", "statement_of_concern")
STATED = ("government", "officials", "agents", "diplomats", "minister")
COUNTED = {"arrest", "charge", "expulsion", "sanctions", "conviction", "guilty_plea"}
CONFIRMED = ("closure_order", "cease_and_desist", "statement_of_concern", "cooperation_suspended")  # a duty is their content


@dataclass
class ZhDraft:
    """A claim in the making, with places in the line; ``at`` is where its attribution is read."""

    kind: str
    slots: dict[str, Any]
    start: int
    end: int
    at: int
    rule: str
    anchor: tuple[int, int] | None = None  # in the document
    asserter: str | None = None
    stance: str = "asserts"
    when: str | None = None


def event_date(view: ZhView, start: int, end: int, ranges: bool = False) -> str | None:
    """The date beside an event, unless it is that of a statement."""
    said = {c.when for c in view.cues if c.when and c.at[0] <= start}
    low, high = view.line.clause(start)[0], view.line.clause(max(start, end - 1))[1]
    for back in (low, view.line.clause(max(0, low - 2))[0] if low > 1 else low):
        dates = [t.values[0] for _, t in view.line.some("D", back, high)]
        dates = [d for d in dates if d not in said and (ranges or "/" not in d)]
        if dates:
            return dates[0]
    return None


def responses(view: ZhView, rule: ZhRule, match: re.Match[str]) -> Iterator[ZhDraft]:
    """What a state does about it."""
    action = str(rule.data["action"])
    if not view.topical:
        return
    start, end = match.span()
    low, _ = view.line.clause(start)
    if not rule.data.get("negated") and view.find("negation", max(low, start - 6), start):
        return
    if view.hypothetical(start, end, duty=action not in CONFIRMED):
        return
    agent = view.agent(max(low, start - 14), end)
    actor = agent or view.subject(start)
    if actor is None or actor[1].kind in "TN":
        passive = rule.data.get("people") and view.pack.once("被|遭|认罪|承认|获刑|落网|定罪").search(
            view.text, max(low, start - 6), end
        )
        actor = _by_context(view, start) if passive else None
    if actor is None:
        return
    i, token = actor
    codes = _acting(view, i, token)
    if (
        token.kind == "G"
        and token.data.get("body") in ("embassy", "ambassador", "agents")
        and codes
        and codes[0][0] in view.memory.accused_all
    ):
        return
    if rule.data.get("claimed") and token.kind == "G" and token.data.get("body") == "officials" and not token.values:
        return
    begin = min(start, i) if i >= view.cue_start(start) or start - i < 24 else start
    begin = begin if agent is None else min(low, start)
    if start - begin > 60:
        begin = start
    close = view.line.clause(end - 1)[1]
    end = close if close - end <= 16 else end
    number = next((t for _, t in view.line.some("N", start, end) if t.data["unit"] in ("名", "人", "位")), None)
    accused = next((c for c in view.named if c not in [k for k, _ in codes]), None) or view.accused
    for code, anchor in codes:
        if not code or len(code) != 2 or code == accused or (code in view.memory.accused_all and code not in _hosts(view)):
            continue
        body = str(token.data.get("body") or "") or None
        slots = {
            "country": code, "action": action, "about": accused or "CN",
            "body": body if body not in STATED else None,
            "count": number.data["value"] if number and action in COUNTED else None,
        }  # fmt: skip
        when = event_date(view, begin, end)
        content = max(start, begin) if not (rule.data.get("claimed") and begin < start) else start
        yield ZhDraft("response", slots, begin, end, content, f"zh.{rule.id}", anchor if len(codes) > 1 else None, when=when)


def _by_context(view: ZhView, start: int) -> tuple[int, Token] | None:
    """The organ of a host state that a sentence on people arrested, charged or convicted names before it."""
    for i, token in reversed(view.line.some("GC", 0, start)):
        if token.values and token.values[0] not in view.memory.accused_all:
            return i, token
    host = view.memory.host
    if host:
        first = view.line.tokens[start]
        return start, Token(MARK["C"], first.start, first.end, "C", (Member(host, first.start, first.end),), {})
    return None


def _hosts(view: ZhView) -> set[str]:
    return {view.memory.host} if view.memory.host else set()


def _acting(view: ZhView, i: int, token: Token) -> list[tuple[str | None, tuple[int, int] | None]]:
    """The states a subject stands for."""
    if token.kind in ("C", "G") and token.values:
        return [(m.value, (m.start, m.end)) for m in token.members]
    if token.kind in ("G", "P"):
        return [(view.state_of(i, token), None)]
    if token.kind == "H" and token.values[:1] == ("pronoun",):
        said = view.asserter(i, token)
        return [(said.removeprefix("state:"), None)] if said.startswith("state:") else []
    return []


def positions(view: ZhView, rule: ZhRule, match: re.Match[str]) -> Iterator[ZhDraft]:
    """What the accused says of itself: it is the subject or the speaker."""
    start, end = match.span()
    name = str(rule.data["position"])
    low, high = view.line.clause(start)
    said, cue = view.attribution(end - 1, verb=True)
    party = said.asserted_by.removeprefix("state:") if said.asserted_by.startswith("state:") else None
    if party is None and said.asserted_by != UNSPECIFIED:
        who = view.subject(end, "GCHP")
        codes = _acting(view, *who) if who else []
        party = (
            codes[0][0]
            if codes and (said.asserted_by == "publisher" or name in ("denial", "not_acknowledged", "smear_accusation"))
            else None
        )
        if who and name not in ("denial", "not_acknowledged", "smear_accusation", "admission", "promise_to_close", "unaware"):
            party = None
    allowed = view.memory.accused_all | ({party} if name == "unaware" and party else set())
    if not party or party not in allowed or not view.topical or view.line.question:
        return
    if view.find("condition", view.cue_start(start), start) or view.find("ask_mark", low, high):
        return
    if name in ("claims_closed", "promise_to_close", "volunteers", "administrative_services", "lawful_conduct") and view.find(
        "negation", max(low, start - 4), start
    ):
        return
    service = name in ("administrative_services", "volunteers", "pandemic_measure")
    if service and (not _about_stations(view) or view.find("duty", low, high) or re.search("提醒|预约|举办", view.words)):
        return
    if name == "admission" and re.search("否认|[不有绝]承认|承认控罪|承认有罪", view.text[max(0, start - 3) : end]):
        return
    begin = low
    if cue and cue.at[0] <= start < cue.start:
        begin = min(low, cue.at[0])
    elif low > 0 and view.text[low - 1] == "：":
        begin = 0
    stop = max(end, min(high, end + 14))
    slots = {"party": party, "position": name}
    anchor = _place(view, start, end)
    yield ZhDraft("position", slots, begin, stop, end - 1, f"zh.{rule.id}", anchor, asserter=f"state:{party}")


def _place(view: ZhView, start: int, end: int) -> tuple[int, int]:
    return view.line.source(start, end)


def _about_stations(view: ZhView) -> bool:
    """Whether stations are spoken of in this sentence or the few before it."""
    seen: ZhView | None = view
    for _ in range(4):
        if seen and (seen.line.some("S") or seen.pack.lists["topic"].search(seen.words)):
            return True
        seen = seen.before if seen else None
    return False


def agreements(view: ZhView, rule: ZhRule, match: re.Match[str]) -> Iterator[ZhDraft]:
    """An accused state and each of its partners."""
    start, end = match.span()
    low, high = view.line.clause(start)
    if view.find("negation", low, start) or view.hypothetical(start, end) or not view.topical:
        return
    if view.pack.once("暂停|中止|终止|停止|取消|冻结|退出|废除|不再|叫停|搁置|结束|拒绝").search(view.text, low, high):
        return
    if not view.pack.once(
        "签署|签订|签有|达成|缔结|建立|开展|举行|进行|启动|实施|展开|生效|批准|订有|订立|参与|参加|执行|推行|联手|设立|合作"
    ).search(view.text, low, high):
        return
    tokens = view.line.some("CG", low, high)
    codes = [(m.value, i, (m.start, m.end)) for i, t in tokens for m in t.members if len(m.value) == 2]
    ours = next((c for c in codes if c[0] in view.memory.accused_all), None)
    if not ours:
        return
    partners = {c[0]: c for c in codes if c[0] != ours[0]}
    first = min([low, *(c[1] for c in codes)]) if codes else low
    for code, _, anchor in partners.values():
        slots = {"parties": sorted((ours[0], code)), "type": rule.data["type"]}
        yield ZhDraft("agreement", slots, first, end, start, f"zh.{rule.id}", anchor, when=event_date(view, start, end))


def recommendations(view: ZhView) -> Iterator[ZhDraft]:
    """What organisations and people who are no state ask for."""
    if not view.topical or view.line.question:
        return
    pattern = view.pack.once("呼吁|促请|敦促|建议|吁请|吁|要求|主张|力促|倡议|请求")
    for match in pattern.finditer(view.text):
        low, _ = view.line.clause(match.start())
        who = view.subject(match.start())
        if not who or who[1].kind not in ("O", "H", "T") or who[1].values[:1] in (("pronoun",), ("medium",)):
            said = view.asserter(*who) if who and who[1].kind == "H" else ""
            if not said.startswith("org:"):
                continue
        name = view.asserter(*who) if who else UNSPECIFIED
        stop = view.text.find("；", match.end())
        stop = len(view.text) if stop < 0 else stop
        stop = min(stop, match.end() + 90, *(c.at[0] for c in view.cues if c.at[0] > match.end()), len(view.text))
        if view.find("condition", low, match.start()):
            continue
        begin = who[0] if who and match.start() - who[0] < 40 else low
        addressee = next((t for _, t in view.line.some("CGR", match.end(), match.end() + 8)), None)
        for ask, words in view.pack.asks.items():
            hit = words.search(view.text, match.end(), stop)
            if hit and not view.find("negation", max(match.end(), hit.start() - 3), hit.start()):
                if ask == "take_action" and any(
                    p.search(view.text, match.end(), stop) for a, p in view.pack.asks.items() if a != ask
                ):
                    continue
                if ask == "protect" and view.pack.once("保护卫士|保护记者").search(view.text, hit.start(), hit.end() + 4):
                    continue
                end = view.line.clause(hit.start())[1]
                slots = {"ask": ask, "addressee": addressee.data.get("words") if addressee else None}
                yield ZhDraft("recommendation", slots, begin, max(end, hit.end()), match.start(), f"zh.recommendation.{ask}",
                              _place(view, hit.start(), hit.end()), asserter=name)  # fmt: skip


def reports(view: ZhView) -> Iterator[ZhDraft]:
    """A publication of an organisation or a medium, with its date or its title."""
    for match in view.pack.once("(?:发布|发表|公布|出版|推出|刊发|刊登|公开|发行|撰写|刊出)(?:了|的)?").finditer(view.text):
        low, high = view.line.clause(match.start())
        noun = view.pack.once("<K>|(?:报告|研究|调查报告|白皮书|年报|年度报告|报导|简报|文件)|<H>").search(
            view.text, match.end(), min(high, match.end() + 26)
        )
        if not noun:
            continue
        author = next((p for p in reversed(view.line.some("OM", low, match.start()))), None)
        title = next((t.values[0] for _, t in view.line.some("K", match.end(), high)), None)
        dates = [t.values[0] for _, t in view.line.some("D", low, match.end() + 6) if "/" not in t.values[0]]
        if not author or not (dates or title) or view.find("negation", low, match.start()):
            continue
        if view.hypothetical(match.start(), match.end()) or (author[1].kind == "M" and not title):
            continue
        end = max([noun.end(), *(i + 1 for i, _ in view.line.some("K", match.end(), high))])
        tail = view.pack.once("的?(?:<H>|报告|研究|调查|年报)").match(view.text, end)
        slots = {"author": view.asserter(*author), "published": dates[-1] if dates else None, "title": title}
        if slots["author"] != UNSPECIFIED:
            begin = author[0] if title or not view.text[low:].startswith("据") else low
            stop = tail.end() if tail else end
            yield ZhDraft("report", slots, begin, stop, match.start(), "zh.report", asserter="publisher")
