"""Who sets up, runs, staffs or lets run a station, in a Chinese sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..claims import city
from ..claims.places import fold
from .zh_acts import ZhDraft
from .zh_facts import after_cue, before_posts
from .zh_view import ZhView


def operators(view: ZhView) -> Iterator[ZhDraft]:
    """Who sets up, runs, staffs or lets run."""
    if not view.topical:
        return
    text = view.text
    for match in view.pack.patterns["run_by"].finditer(text):
        yield from _operator(view, match, match["who"], match.start("who"))
    for match in view.pack.patterns["runs"].finditer(text):
        yield from _operator(view, match, match["who"], match.start("who"), own=True)
    for match in view.pack.patterns["plate"].finditer(text):
        words = str(view.line.tokens[match.start("s")].data["words"])
        name = re.match("(?:的|所谓|中国|海外)*([\u4e00-\u9fff]{2,3}?)(?:市|县|省)?(?:海外|警|公安)", words)
        found = city(name[1], "CN") if name else None
        if found and not view.hypothetical(match.start(), match.end()):
            low = view.line.clause(match.start())[0]
            yield _made(
                view,
                "police_authority",
                fold(found.name),
                "runs",
                max(0, view.line.clause(max(0, low - 2))[0]),
                match.end(),
                match.start(),
            )
    for match in view.pack.patterns["no_consent"].finditer(text):
        if view.line.question or view.find("condition", 0, match.start()) or not _about(view):
            continue
        who = view.subject(match.start(), "GCSHP")
        low = view.line.clause(match.start())[0]
        by_host = who and who[1].kind in "GC" and view.state_of(*who) not in view.memory.accused_all
        if by_host and (re.search("通知|知会|告知", match[0]) or not re.search("[批同授许允准][准意权可许]", match[0])):
            continue
        end = match.end() + (len(m[0]) if (m := re.match("许可|同意|批准|授权", text[match.end() :])) else 0)
        yield _made(
            view,
            "host_state",
            None,
            "enables",
            low if match.start() - low < 30 else match.start(),
            end,
            match.start(),
            "denies",
        )


def _about(view: ZhView) -> bool:
    return bool(view.line.some("S") or before_posts(view) or re.search("设站|站点|警务|警站|活动|这些", view.words))


def _operator(view: ZhView, match: re.Match[str], who: str, at: int, own: bool = False) -> Iterator[ZhDraft]:
    if view.hypothetical(match.start(), match.end()) or view.find("negation", max(0, match.start() - 5), match.start()):
        return
    group = match.groupdict()
    role = "established" if group.get("set") else "staffs" if group.get("staff") else "enables" if group.get("give") else "runs"
    low = view.line.clause(match.start())[0]
    words = "".join(str(t.data.get("words", t.form)) for t in view.line.tokens[at : at + len(who)])
    near = (
        view.line.some("S", max(0, low - 30), match.end() + 12)
        or view.line.some("N", low, match.start())
        or re.search("场地|场所|站|点|机构", view.text[low : match.start()])
    )
    if not near:
        return
    begin = low
    if not view.line.some("S", low, match.end()) and low:
        begin = view.line.clause(max(0, low - 2))[0] if not re.search("场地|场所", view.text[low : match.start()]) else low
    begin = max(begin, after_cue(view, match.start()))
    if re.search("侨团|侨领|侨界|社团|同乡会|华人社区|侨民|侨胞|华侨|华人|会馆|商会|联谊会", words):
        role = "enables" if role == "enables" else role
        yield _made(view, "diaspora", None, role, begin, match.end(), match.start())
        return
    if re.search("志愿者|义工|志工", words):
        yield _made(view, "volunteers", None, "staffs" if role == "staffs" else "runs", begin, match.end(), match.start())
        return
    if "统战" in words:
        yield _made(view, "party_body", None, role, begin, match.end(), match.start())
        return
    if re.search("公安部|中央|国务院", words):
        yield _made(
            view, "central_authority", None, "mandated" if role == "established" else role, begin, match.end(), match.start()
        )
        return
    if re.search("国家安全部|国安部|情报|安全部", words) and not own:
        yield _made(view, "intelligence_service", None, role, begin, match.end(), match.start())
        return
    if not re.search("公安|警|两地", words):
        return
    for i, token in view.line.some("GP", at, at + len(who)):
        if token.kind == "P" and str(token.data.get("country")) == view.accused:
            for member in token.members:
                yield _made(
                    view, "police_authority", fold(member.value), role, begin, match.end(), i, anchor=(member.start, member.end)
                )
        elif token.data.get("city") and token.values[:1] == (view.accused,):
            yield _made(
                view,
                "police_authority",
                fold(str(token.data["city"])),
                role,
                begin,
                match.end(),
                i,
                anchor=(token.start, token.end),
            )


def _made(
    view: ZhView, actor: str, name: str | None, role: str, start: int, end: int, at: int, stance: str = "asserts",
    anchor: tuple[int, int] | None = None,
) -> ZhDraft:  # fmt: skip
    high = view.line.clause(at)[1]
    worldwide = bool(view.line.some("N", 0, at) and re.search("国家", view.text[:at]))
    found = [c for c, _ in view.hosts(start, high, view.accused)]
    said, _ = view.attribution(at)
    speaker = said.asserted_by.removeprefix("state:")
    scope = found[0] if found else None
    if scope is None and said.asserted_by.startswith("state:"):
        scope = speaker if speaker not in view.memory.accused_all else _embassy_host(view)
    if scope is None and said.asserted_by == "publisher":
        scope = view.memory.host
    scope = scope if scope and not worldwide and len(scope) == 2 else "world"
    slots = {"actor": actor, "name": name, "role": role, "scope": scope}
    return ZhDraft("operator", slots, start, end, at, f"zh.operator.{actor.replace('_', '-')}", anchor, stance=stance)


def _embassy_host(view: ZhView) -> str | None:
    """Where the embassy stands that speaks."""
    seen: ZhView | None = view
    for _ in range(3):
        for _, token in reversed(seen.line.some("G") if seen else []):
            if token.data.get("body") in ("embassy", "ambassador"):
                return str(token.data.get("host")) if token.data.get("host") else view.memory.host
        seen = seen.before if seen else None
    return None
