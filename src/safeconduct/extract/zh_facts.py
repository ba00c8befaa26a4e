"""Figures and sites in a Chinese sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .tokens import Token
from .zh_acts import ZhDraft, event_date
from .zh_view import ZhView

_LOOSE = ("机构", "场所", "设施", "办公室", "办事处")  # heads that need more to be a station
_PERSONS = ("名", "人", "位", "人次")
_THINGS = ("处", "个", "座", "家", "所", "间")
_EVENTS = ("起", "宗", "件", "例", "桩", "次", "个", "项")


def stations(view: ZhView) -> list[tuple[int, Token]]:
    """Stations of a foreign state: called so, or spoken of loosely in a sentence on the subject."""
    if not view.memory.strong or view.pack.lists["ordinary"].search(view.words):
        return []
    found = []
    for i, token in view.line.some("S"):
        words = str(token.data["words"])
        near = re.search("此类|这类|这些|所谓|疑似|类似|有关|这", words + view.text[max(0, i - 3) : i]) or view.line.some(
            "N", i - 2, i
        )
        domestic = any(view.text[:i].endswith(w) for w in view.pack.words["domestic"])
        known = token.data["strong"] or (view.topical and (near or token.data["head"] not in _LOOSE))
        if token.values or (known and not domestic):
            found.append((i, token))
    return found


def figures(view: ZhView) -> Iterator[ZhDraft]:
    """Numbers about the extent of the phenomenon."""
    if not view.topical and not view.memory.strong:
        return
    if view.pack.lists["ordinary"].search(view.words):
        return
    posts = stations(view)
    for i, token in view.line.some("N"):
        measure, end = _measure(view, i, token, posts)
        if not measure or view.hypothetical(i, i + 1, duty=False):
            continue
        low, high = view.line.clause(i)
        if view.find("negation", max(low, i - 4), i) or view.find("denied", low, i):
            continue
        head = view.text[max(0, i - 3) : i]
        direct = any(i < at < end for at, _ in posts) and token.data["value"] == 1
        if measure == "stations" and (direct or head.endswith(("这", "该", "上述", "那", "有关", "这些", "前述"))):
            continue  # one station is a site, and "these two" repeat a number
        scope, place = _scope(view, i, low, high, measure)
        slots: dict[str, Any] = {
            "measure": measure,
            "value": token.data["value"],
            "qualifier": token.data["qualifier"],
            "scope": scope,
            "place": place,
        }
        if measure not in ("stations", "stations_new") and view.accused:
            slots["operator"] = view.named[0] if view.named else None
        begin = low if i - low < 40 else i
        stop, when = max(end, high if high - end < 12 else end), event_date(view, i, end, ranges=True)
        yield ZhDraft("figure", slots, max(begin, after_cue(view, i)), stop, i, f"zh.figure.{measure}",
                      (token.start, token.end), when=when)  # fmt: skip


def after_cue(view: ZhView, position: int) -> int:
    cue = view.cue_start(position)
    return cue + (view.text[cue : cue + 1] in ("，", "：")) if cue <= position else 0


def _measure(view: ZhView, i: int, token: Token, posts: list[tuple[int, Token]]) -> tuple[str | None, int]:
    unit, value = str(token.data["unit"]), token.data["value"]
    low, high = view.line.clause(i)
    rest = view.text[i + 1 : min(high, i + 26)]
    clause = view.text[low:high]
    nation = (
        re.match("(?:主权)?(?:国家|多国|国|来源国|施害国|加害国|实施国|目的地国|东道国|所在国|收容国|接收国)", rest)
        if unit in ("个", "多个")
        else None
    )
    if nation or unit in ("国", "国政府"):
        after = rest[nation.end() if nation else 0 :]
        if re.search("展开调查|启动调查|开展调查|宣布调查|着手调查|调查", after[:14]) and posts + before_posts(view):
            return "countries_investigating", i + 2
        if re.match("(?:个)?(?:来源国|施害国|加害国|实施国|作恶国|发起国)", rest):
            return "origin_states", i + 4
        if (
            unit == "国政府"
            or re.match("(?:的)?(?:政府|\ue006|当局|政权)", after)
            or re.search("对[^，；]{0,12}?(?:下手|实施|采取)", after)
        ):
            return "origin_states", i + 3
        if posts or _about_people(view, low, high) or re.search("波及|遍布|分布|涉及|遍及|覆盖|从|在|横跨", clause):
            return (
                ("countries", i + 3) if view.topical and not re.search("签署|会员|成员|援助|出席|代表", clause) else (None, i)
            )
        return None, i
    if unit in ("大洲", "个大洲", "洲"):
        return ("continents", i + 1) if posts or before_posts(view) or view.topical else (None, i)
    if unit in ("座", "个") and re.match("城市|地级市|都市", rest) and (posts or before_posts(view)):
        return "cities", i + 3
    if unit in ("省", "个") and re.match("省|省份|$", rest) and rest.startswith("省") and posts:
        return "provinces", i + 2
    local = re.match("(?:的)?(?:地方)?(?:公安|司法管辖区|管辖区|县市|\ue006)", rest)
    if local and unit in ("地", "市", "县", "个", "家") and re.search("公安|管辖区", view.words):
        return "jurisdictions", i + 2
    if unit in _THINGS:
        found = _station_after(view, i, high, posts)
        if found is not None:
            new = re.search("新设|新增|新建|新发现|又发现|另外|新近", view.text[max(low, i - 8) : i])
            return ("stations_new" if new else "stations"), found
    if unit in _EVENTS:
        head = view.text[max(low, i - 12) : i]
        if re.search(
            "(?:暗杀|刺杀|谋杀|绑架|杀害|绑架和暗杀|袭击)?[^，；]{0,12}?(?:图谋|阴谋|密谋|企图|暗杀计划|刺杀计划|未遂|暗杀行动)",
            rest,
        ):
            return "plots", min(high, i + 22)
        named = re.search("事件|案件|案例|个案|镇压|骚扰|袭击|攻击|绑架|威胁|恐吓|行为|案", rest[:20])
        named = named or re.search("(?:事件|案件|案例|个案)[^，；]{0,8}$", head)
        counted = value > 20 or re.search("记录|统计|共|发生|录得|累计|收到|接获|登记|达|整理|有|核实|确认", clause)
        if named and counted and view.topical and value > 1:
            return "incidents", high
    if unit in _PERSONS:
        if re.search("劝返|遣返|带回|押回|送返|抓回|押解|遣送|回国|绑回|引渡|返国|追回|缉捕归案", clause) and value > 4:
            return "persons_returned", high
        if re.search("雇员|工作人员|警员|职员|探员", rest[:10]) and posts:
            return "staff", i + 4
        if (
            value > 4
            and re.search("遭|被|受到|受害|成为|针对|名单", clause)
            and any(p.search(view.text, low, high) for p in view.pack.methods.values())
        ):
            return "persons_targeted", high
    return None, i


def _station_after(view: ZhView, i: int, high: int, posts: list[tuple[int, Token]]) -> int | None:
    """The end of the station words that a number counts, also when they are left out: 三处在多伦多."""
    for at, _ in posts:
        if i < at <= i + 12 and at < high and not view.line.some("N", i + 1, at):
            return at + 1
    low = view.line.clause(i)[0]
    counted = [at for at, _ in posts if at < i] or before_posts(view)
    if counted and re.match("(?:在|位于|设在|设于|则在|分别)[^，；]{0,2}\ue004", view.text[i + 1 : i + 8]):
        return view.line.clause(i)[1]
    if (
        counted
        and view.line.some("P", max(low, i - 3), i)
        and view.text[i + 1 : i + 2] in ("，", "、", "。", "；", "和", "", "及")
    ):
        return i + 1
    return None


def before_posts(view: ZhView) -> list[int]:
    return [-1] if view.before and (view.before.line.some("S")) else []


def _about_people(view: ZhView, low: int, high: int) -> bool:
    return bool(view.line.some("T", low, high)) and any(p.search(view.text, low, high) for p in view.pack.methods.values())


def _scope(view: ZhView, i: int, low: int, high: int, measure: str) -> tuple[str, str | None]:
    if measure in ("jurisdictions", "provinces"):
        return view.accused or "CN", None
    if measure in ("countries", "origin_states", "continents", "countries_investigating"):
        region = next((t.values[0] for _, t in view.line.some("R", low, high)), None)
        return region or "world", None
    places = [(at, t) for at, t in view.line.some("P", low, high) if str(t.data.get("country")) != view.accused]
    worldwide = view.pack.once("国家|全球|世界各地|各国|海外|五大洲|境外").search(view.text, low, high)
    if measure == "stations" and places and not worldwide:
        members = [m for _, t in places for m in t.members]
        at, token = min(places, key=lambda p: (abs(p[0] - i), p[0]))
        codes = str(token.data.get("country"))
        regional = str(token.data["words"]).endswith(("省", "州")) or (len(members) != 1 and len(token.members) != 1)
        if regional or len(token.members) != 1:
            return codes, None
        if token.data.get("capital") and at == low and view.text[at + 1 : at + 2] not in tuple("有设的境市出共内至一"):
            return codes, None
        return codes, token.values[0] if abs(at - i) < 9 else None
    if measure in ("persons_returned", "persons_targeted") and not view.line.some("CP", low, i):
        return "world", None
    found = [c for c, _ in view.hosts(low, high, view.accused)] or [c for c, _ in view.hosts(0, i, view.accused)]
    if found and not worldwide:
        return found[-1] if measure == "stations" and len(found) == 1 else found[0], None
    region = next((t.values[0] for _, t in view.line.some("R", low, high)), None)
    return region or "world", None


def sites(view: ZhView) -> Iterator[ZhDraft]:
    """A station and its city, or a country where it is said to stand."""
    for at, _ in stations(view):
        low, high = view.line.clause(at)
        tail = (
            view.line.clause(high + 1)[1]
            if high + 1 < len(view.text) and re.match("，(?:分别|均|都)?(?:位于|设在|设于|坐落)", view.text[high:])
            else high
        )
        status, form = _status(view, low, tail), _form(view, low, min(tail, at + 16))
        number = next((t for _, t in reversed(view.line.some("N", max(low, at - 12), at)) if t.data["unit"] in _THINGS), None)
        places = [
            p
            for p in view.line.some("P", low, tail)
            if str(p[1].data.get("country")) != view.accused and _is_site(view, p[0], p[1], at)
        ]
        members = [
            (m, c, i)
            for i, t in places
            for m, c in zip(t.members, t.data.get("codes") or [t.data.get("country")], strict=False)
        ]
        if (
            view.hypothetical(at, at + 1, duty=False)
            or view.find("negation", max(low, at - 12), at)
            or view.find("denied", low, at)
        ):
            continue
        if members and (not number or number.data["value"] == 1 or len(members) > 1):
            first = min([at, *(i for _, _, i in members)])
            last = max([at, *(i for _, _, i in members)]) + 1
            last = max(last, at + 1)
            begin = max(low, after_cue(view, at)) if first - low < 30 else first
            for member, code, _ in members:
                slots = {"country": code, "place": member.value, "status": status, "form": form, "opened": None}
                yield ZhDraft("site", slots, min(begin, first), last, at, "zh.site.city", (member.start, member.end))
            continue
        if number is None or number.data["value"] == 1:
            yield from _country_sites(view, at, low, high, status, form)


def _country_sites(view: ZhView, at: int, low: int, high: int, status: str, form: str | None) -> Iterator[ZhDraft]:
    match = view.pack.once(
        "(?:在<C>(?:等国|等地|境内|国内|多地)?[^，；]{0,6}?|<C>(?:等国|等地|境内)?(?:均|都|也|分别|皆|同样))(?:均|都|也|分别|皆)?(?:设有|设立了?|开设了?|建立了?|存在|建有|运营|发现了?|出现了?)"
    ).search(view.text, low, at)
    if not match:
        return
    for i, token in view.line.some("C", match.start(), match.end()):
        for member in token.members:
            if member.value not in view.memory.accused_all:
                slots = {"country": member.value, "place": None, "status": status, "form": form, "opened": None}
                yield ZhDraft("site", slots, min(low, i), at + 1, at, "zh.site.country", (member.start, member.end))


def _is_site(view: ZhView, i: int, token: Token, at: int) -> bool:
    """Whether a city beside a station is where it stands, not who speaks or a province."""
    if str(token.data["words"]).endswith(("省", "州")) and len(token.members) == 1:
        return False
    if i < at:
        between = view.text[i + 1 : at]
        return len(between) < 22 and not re.search("要求|表示|指|称|调查|下令|关闭", between)
    return bool(re.search("位于|设在|设于|坐落|地点在|在", view.text[at + 1 : i])) or i == at + 1


def _status(view: ZhView, low: int, high: int) -> str:
    if re.search("仍在(?:运作|运营|运行|活动)|依然运作|继续运作|仍然开放", view.text[low:high]):
        return "active"
    if re.search(
        "(?:要求|下令|勒令|责令|命令|通知|指示|强令|强制|令|必须)[^；]{0,20}?(?:关闭|关停|停止|撤除|关门|停业)",
        view.text[max(0, low - 4) : high],
    ):
        return "ordered_closed"
    if re.search(
        "(?:已|已经|均已|业已)(?:被|告)?(?:关闭|关停|停止运作|停办)|人去楼空|不再运作", view.text[low : high + 12]
    ) and not view.find("negation", low, high):
        return "closed"
    return "unknown"


def _form(view: ZhView, low: int, high: int) -> str | None:
    found = [(m.start(), name) for name, p in view.pack.forms.items() if (m := p.search(view.text, low, high))]
    return min(found)[1] if found else None
