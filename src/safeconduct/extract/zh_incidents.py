"""Acts of repression in a Chinese sentence: a method, those it falls on, and a state behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tokens import Token
from .zh_acts import ZhDraft, event_date
from .zh_view import ZhView

GRAVE = ("killing", "attempted_killing", "abduction")
Hit = tuple[int, int, str]


def incidents(view: ZhView, prosecuted: bool, counted: list[int]) -> Iterator[ZhDraft]:
    """Incidents, at most one for a clause and those that go on from it.

    ``prosecuted``: the sentence tells of an arrest or a sentence in the host country, so custody is no repression;
    ``counted``: where it counts the acts, which makes them figures.
    """
    if view.line.question or view.pack.lists["ordinary"].search(view.words):
        return
    done = 0
    for hits in _groups(view):
        start, end = hits[0][0], max(h[1] for h in hits)
        if start < done:
            continue
        low, high = view.line.clause(start)[0], view.line.clause(end - 1)[1]
        hits = [h for h in hits if not (prosecuted and h[2] == "detention")]
        if (
            not hits
            or any(low <= i < high for i in counted)
            or view.hypothetical(start, end, duty=True)
            or view.find("condition", low, end)
        ):
            continue
        if view.find("negation", max(low, start - 8), start) or _rejected(view, low, start):
            continue
        crowd = _crowd(view, low, high, start, end, any(h[2] in (*GRAVE, "assault") for h in hits))
        if not crowd:
            continue
        origin, first = _origin(view, low, start, end)
        if not origin or not _people_fit(view, crowd, hits, origin):
            continue
        done = end
        origin, caught = _swapped(view, origin, crowd)
        yield from _incident(view, hits, crowd, origin, first, low, high, caught)


def _swapped(view: ZhView, origin: str, crowd: list[tuple[int, Token]]) -> tuple[str, str | None]:
    """Where a state lays hands on another state's exiles (泰国警方…柬埔寨反对派), they are the other's: it is the host."""
    for i, _ in crowd:
        before = view.line.tokens[i - 1] if i else None
        if (
            before
            and before.kind == "C"
            and before.values
            and before.values[0] != origin
            and before.values[0] in view.memory.accused_all
        ):
            return before.values[0], origin
    return origin, None


def _groups(view: ZhView) -> Iterator[list[Hit]]:
    """Method words clause by clause; a clause that begins with 并 or 而 goes on from the one before it."""
    hits = sorted(
        (m.start(), m.end(), name)
        for name, p in view.pack.methods.items()
        for m in p.finditer(view.text)
        if m.end() > m.start()
    )
    group: list[Hit] = []
    for hit in hits:
        if group:
            clause_end = view.line.clause(group[-1][1] - 1)[1]
            joined = re.match("，(?:并|且|还|也|甚至|同时|以及|或|继而|随后)", view.text[clause_end : clause_end + 4])
            limit = view.line.clause(clause_end + 1)[1] if joined and clause_end + 1 < len(view.text) else clause_end
            if hit[0] >= limit:
                yield group
                group = []
        group.append(hit)
    if group:
        yield group


def _rejected(view: ZhView, low: int, start: int) -> bool:
    """Whether a state denies what follows, or calls for it to stop, or forbids it."""
    head = view.text[max(view.cue_start(start) - 6, 0) : start]
    high = view.line.clause(start)[1]
    if re.search(
        "任何(?:国家|政府|外国|人)|不可接受|不能容忍|不会容忍|绝不容忍|不允许|无法接受|不能接受|不得", view.text[low:high]
    ):
        return True
    return bool(
        view.find("denied", max(low, start - 30), start)
        or re.search("否认|驳斥", head)
        or (
            re.search(
                "(?:停止|防止|打击|应对|遏制|禁止|反对|谴责|抵制|防范|免受|免遭|免于|制止|举报|预防|对抗|抗议|针对|受)[^，；]{0,8}$",
                view.text[max(low, start - 14) : start],
            )
            and not re.search("遭受?|受到?|针对[^，；]{0,6}<T>", view.text[max(low, start - 4) : start])
        )
    )


def _crowd(view: ZhView, low: int, high: int, start: int, end: int, grave: bool) -> list[tuple[int, Token]]:
    near = [(i, t) for i, t in view.line.some("T", max(low, start - 30), min(high, end + 30))]
    if near:
        return near
    back = view.line.clause(max(0, low - 2))[0] if low > 1 else low
    far = [(i, t) for i, t in view.line.some("T", back, low)]
    if not far and grave:  # 一名前高管, 他, 其: people of no group we know
        return [
            (i, t)
            for i, t in view.line.some("NH", max(low, start - 12), min(high, end + 8))
            if t.data.get("unit") in ("名", "人", "位", None)
        ][:1]
    return far[-1:]


def _origin(view: ZhView, low: int, start: int, end: int) -> tuple[str | None, int]:
    """The state behind it and where it is named."""
    accused = view.memory.accused_all
    back = max(0, low - 60)
    high = view.line.clause(end - 1)[1]
    for i, token in [
        *reversed(view.line.some("GCPS", low, start)),
        *view.line.some("GCS", start, high),
        *reversed(view.line.some("GCPS", back, low)),
    ]:
        if (
            token.kind in "CP"
            and i + 1 < len(view.line.tokens)
            and (view.line.tokens[i + 1].kind == "T" or view.line.tokens[i + 1].form in "籍裔")
        ):
            continue
        code = str(token.data.get("capital") or "") if token.kind == "P" else next(iter(token.values), "")
        if (
            not code
            and token.kind == "G"
            and token.data.get("body") in ("security service", "government", "agents", "embassy", "diplomats")
        ):
            code = view.state_of(i, token) or ""
        if code in accused:
            return code, i
    if re.search("国内|当局|政权|原籍国|母国|祖国|来源国|回国|该国", view.text[back:high]) or view.line.some("S", back, high):
        return view.accused, start
    if view.find("agents_abroad", back, high):
        return view.accused, start
    for i, token in reversed(view.line.some("CP", low, high)):  # 伊朗裔记者: whose exiles they are
        code = str(token.data.get("capital") or "") if token.kind == "P" else next(iter(token.values), "")
        if code in accused and i + 1 < len(view.line.tokens):
            return code, i
    if (
        view.before
        and view.before.line.paragraph == view.line.paragraph
        and view.before.named
        and view.subject(start, "GCHOMT")
    ):
        who = view.subject(start, "GCHOMT")
        if who and who[1].kind == "H" and who[1].values == ("pronoun",):
            return view.accused, start
    return None, start


def _people_fit(view: ZhView, crowd: list[tuple[int, Token]], hits: list[Hit], origin: str) -> bool:
    """Whether those acted upon are abroad, or of a group that only this subject speaks of."""
    kinds = {t.values[0] if t.kind == "T" else "none" for _, t in crowd}
    methods = {h[2] for h in hits}
    if kinds & {"none", "suspects", "officials"} == kinds and not (
        methods & {*GRAVE, "coerced_return", "threat", "surveillance", "threat_to_family"}
    ):
        return False
    window = view.words + (view.before.words if view.before and view.before.line.paragraph == view.line.paragraph else "")
    elsewhere = [c for c, _ in view.hosts(0, len(view.text), origin) if c != origin]
    abroad = bool(view.pack.lists["abroad"].search(window)) or bool(elsewhere) or bool(re.search("当地|国内", view.words))
    return abroad or bool(view.memory.host and kinds & {"dissidents", "diaspora"})


def _incident(
    view: ZhView,
    hits: list[Hit],
    crowd: list[tuple[int, Token]],
    origin: str,
    first: int,
    low: int,
    high: int,
    caught: str | None = None,
) -> Iterator[ZhDraft]:
    order = list(view.pack.methods)
    spans = {h[2]: (h[0], h[1]) for h in hits}
    methods = sorted(spans, key=order.index)
    if "threat_to_family" in methods and "threat" in methods:
        methods.remove("threat")
    if "attempted_killing" in methods and "killing" in methods:
        methods.remove("killing")
    if methods[0] in ("threat_to_family", "coerced_return") and "detention" in methods:
        methods.remove("detention")
    start, end = min(h[0] for h in hits), max(h[1] for h in hits)
    named = [t for _, t in crowd if t.kind == "T" and t.values[0] != "none"]
    targets = [t.values[0] for t in named]
    target = next((t for t in targets if t != "family"), targets[0] if targets else None)
    number = next(
        (
            t
            for i, t in view.line.some("N", low, high)
            if t.data["unit"] in ("名", "人", "位")
            and any(0 <= j - i < 9 and not any(i < h[0] < j for h in hits) for j, _ in crowd)
        ),
        None,
    )
    one = number is not None and number.data["value"] < 50
    plural = re.search("们|多名|不少|许多|一些|众多|各|经常|常|多年|系统|屡|长期|持续", view.text[low:high])
    case = one or (
        not plural
        and methods[0] in GRAVE
        and bool(event_date(view, start, end) or view.line.some("P", low, high))
        and not view.find("modal", low, high)
    )
    begin = min(first, start, crowd[0][0]) if first >= low - 30 else min(start, crowd[0][0])
    begin = max(begin, view.cue_start(start)) if begin < view.cue_start(start) <= min(start, crowd[0][0]) else begin
    stop = max(end, *(i + 1 for i, _ in crowd))
    hosts: list[tuple[str, tuple[int, int] | None]]
    hosts = [(caught, None)] if caught else _hosts(view, low, high, origin, bool(case))
    slots = {
        "method": methods[0], "origin": origin, "level": "case" if case else "pattern", "also": methods[1:],
        "target": target, "count": number.data["value"] if one and number else None,
    }  # fmt: skip
    when = event_date(view, begin, stop)
    for host, anchor in hosts:
        yield ZhDraft(
            "incident",
            {**slots, "host": host},
            begin,
            stop,
            start,
            f"zh.incident.{methods[0]}",
            anchor if len(hosts) > 1 else None,
            when=when,
        )


def _hosts(view: ZhView, low: int, high: int, origin: str, case: bool) -> list[tuple[str, tuple[int, int] | None]]:
    """Where it happens: named in the clause, else in the sentence, else as the context gives it."""
    placed: list[tuple[str, tuple[int, int] | None]] = []
    for i, token in view.line.some("CP", low, high):
        head, tail = view.text[max(0, i - 3) : i], view.text[i + 1 : i + 3]
        if not (
            head.endswith(("在", "于", "自", "从", "往", "居", "赴", "旅", "留", "驻"))
            or tail.startswith(("境内", "境", "的", "当地", "市", "国内"))
        ):
            continue
        if head.endswith("替"):
            continue
        codes = (
            token.data.get("codes")
            if token.kind == "P" and token.data.get("codes")
            else [token.data.get("country")] * len(token.members)
            if token.kind == "P"
            else token.values
        )
        placed += [
            (str(c), (m.start, m.end))
            for c, m in zip(codes or (), token.members, strict=False)
            if c and c != origin and len(str(c)) == 2
        ]
    if placed:
        return list({c: (c, a) for c, a in reversed(placed)}.values())[::-1]
    found = [c for c, _ in view.hosts(low, high, origin)] or [c for c, _ in view.hosts(0, low, origin)]
    if found:
        return [(found[-1] if len(set(found)) == 1 else found[0], None)]
    region = next((t.values[0] for _, t in view.line.some("R", low, high)), None)
    if region:
        return [(region, None)]
    if re.search("海外|境外|国外|驻外|世界|全球|多国", view.words):
        return [("world", None)]
    local = case or re.search("当地|本地|境内|这里|本国", view.words)
    said, _ = view.attribution(high - 1)
    if not local and said.asserted_by.startswith("state:") and said.asserted_by[6:] not in view.memory.accused_all:
        return [(said.asserted_by[6:], None)]
    return [(view.memory.host if local and view.memory.host else "world", None)]
