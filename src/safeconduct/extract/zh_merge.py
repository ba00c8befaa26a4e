"""Neighbouring entities of a Chinese line made into one: dates into ranges, a state and its organ, members of a list."""

from __future__ import annotations

import re

from .tokens import MARK, Member, Token

_FOREIGN = (  # characters that spell foreign names
    "阿埃艾安奥巴贝本比彼宾波伯勃博布查达大戴丹道德登迪蒂丁杜敦多厄恩尔法菲费芬弗福盖冈戈格根古瓜哈汉豪赫"
    "亨霍基吉加贾杰金卡凯坎康考科克肯库拉莱兰朗劳勒雷里利列林琳隆卢鲁路伦罗洛马麦曼梅门蒙米密明莫默姆穆纳"
    "奈内尼涅宁纽诺欧帕派佩彭皮平珀普奇齐契恰乔切钦琼丘让热容瑞若萨塞桑森沙莎绍舍什圣施史斯松苏索塔泰坦汤"
    "陶特提廷通图托瓦万威韦维温翁沃乌西希锡夏肖谢辛休雅亚扬耶伊因尤于约扎詹珍兹祖佐"
)
_LIST = re.compile("(?:、|和|与|及|以及|跟|或|，以及|，及)")


def merged(tokens: list[Token]) -> list[Token]:
    """The tokens of a line with neighbours that belong together joined."""
    return _lists(_joined(_ranges(tokens)))


def _span(some: list[Token], token: Token, **data: object) -> Token:
    words = "".join(str(t.data.get("words", t.form)) for t in some)
    return Token(token.form, some[0].start, some[-1].end, token.kind, token.members, {**token.data, "words": words, **data})


def _ranges(tokens: list[Token]) -> list[Token]:
    """Dates joined or bounded: 2021年4月至2022年7月, 2021年以来, 截至去年底."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        before = out[-2] if len(out) > 1 and out[-1].form in "至到-—–~～" else None
        edtf = token.values[0] if token.kind == "D" else ""
        if before and before.kind == "D" and edtf and "/" not in before.values[0]:
            edtf = f"{before.values[0]}/{edtf}"
            member = Member(edtf, before.start, token.end)
            out[-2:] = [Token(token.form, before.start, token.end, "D", (member,), dict(token.data))]
            continue
        after = "".join(t.form for t in tokens[i + 1 : i + 3])
        ahead = "".join(t.form for t in out[-2:])
        if edtf and (after.startswith(("以来", "起")) or ahead in ("截至", "截止")):
            edtf = f"../{edtf}" if ahead in ("截至", "截止") else f"{edtf}/.."
            token = Token(token.form, token.start, token.end, "D", (Member(edtf, token.start, token.end),), token.data)
        out.append(token)
    return out


def _organ(state: str | None, token: Token, some: list[Token], **data: object) -> Token:
    """An organ of a state made of a country or city and what follows it."""
    if token.kind == "G":
        own, _, body = token.values[0].partition(" ")
    else:
        own, body = "", token.values[0]
    member = (Member(state or own, some[0].start, some[-1].end),) if state or own else ()
    whole = Token(MARK["G"], some[0].start, some[-1].end, "G", member, {"body": body})
    return _span(some, whole, **data)


def _joined(tokens: list[Token]) -> list[Token]:
    """Country or city with the organ after it: 荷兰外交部, 中国驻加使馆, 福州市公安局; 英国伦敦; 外交部发言人."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        j = i + 1
        following = tokens[j] if j < len(tokens) else None
        if token.kind in "CP" and token.kind:
            host = None
            if token.kind == "C" and following and following.form == "驻" and j + 2 < len(tokens):
                host, after = tokens[j + 1], tokens[j + 2]
                if host.kind in ("C", "P", "R") and after.kind == "B":
                    code = str(host.data.get("country") or host.values[0])
                    out.append(_organ(token.values[0], after, tokens[i : j + 3], host=code))
                    i = j + 3
                    continue
            if following and following.form in "的前现" and j + 1 < len(tokens) and tokens[j + 1].kind == "B":
                j += 1
                following = tokens[j]
            if following and following.kind in ("B", "G") and token.kind == "C":
                out.append(_organ(token.values[0], following, tokens[i : j + 1]))
                i = j + 1
                continue
            if following and following.kind in ("B", "G") and token.kind == "P":
                body = following.values[0].split(" ", 1)[-1]
                local = (
                    following.kind == "G"
                    or body in ("police", "public security bureau", "municipality")
                    or "court" in body
                    or body == "prosecutors"
                )
                if local or token.data.get("capital"):
                    out.append(_organ(str(token.data["country"]), following, tokens[i : j + 1], city=token.values[0]))
                    i = j + 1
                    continue
            if following and following.kind == "P" and (token.kind == "P" or following.data["country"] == token.values[0]):
                keep = token if token.kind == "P" else following
                tokens[j] = _span(tokens[i : j + 1], keep)
                i = j
                continue
        if (
            token.form == "驻"
            and following
            and following.kind in ("C", "P")
            and j + 1 < len(tokens)
            and tokens[j + 1].kind == "B"
        ):
            code = str(following.data.get("country") or following.values[0])
            out.append(_organ(None, tokens[j + 1], tokens[i : j + 2], host=code))
            i = j + 2
            continue
        if token.kind in ("G", "B"):
            token = token if "body" in token.data else _organ(None, token, [token])
        person = token.kind == "G" or (token.kind == "H" and str(token.data["words"]).startswith("发言人"))
        if person and out and out[-1].kind == "G" and out[-1].end >= token.start - 1:
            out[-1] = _span([out[-1], token], out[-1])
            i += 1
            continue
        out.append(token)
        i += 1
    return out


def _lists(tokens: list[Token]) -> list[Token]:
    """Countries, cities or organs in a row become one token with several members."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        out.append(token)
        while len(out) >= 3 and out[-1].kind:
            width = next(
                (w for w in (1, 2) if len(out) > w + 1 and _LIST.fullmatch("".join(t.form for t in out[-1 - w : -1]))), 0
            )
            first = out[-2 - width] if width else None
            last = out[-1]
            if first is None or not first.kind:
                break
            same = first.kind == last.kind and first.kind in ("C", "P", "R")
            organ = (
                first.kind == "C"
                and last.kind == "G"
                and last.data.get("body") in ("government", "police", "parliament")
                and last.members
            )
            if not (same or organ) or not first.members or first.data.get("host"):
                break
            codes = (*first.data.get("codes", [first.data.get("country")]), *last.data.get("codes", [last.data.get("country")]))
            whole = Token(
                last.form, first.start, last.end, last.kind, (*first.members, *last.members), {**last.data, "codes": codes}
            )
            out[-2 - width :] = [whole]
        following = tokens[i + 1 : i + 10]
        if out[-1].kind == "P" and following and following[0].form in "、和与及":
            _unknown_place(out, tokens, i)
    return out


def _unknown_place(out: list[Token], tokens: list[Token], i: int) -> None:
    """A name in foreign-sounding characters that ends a list of cities is a place of the same country."""
    j = i + 2
    while j < len(tokens) and not tokens[j].kind and tokens[j].form in _FOREIGN and j - i < 10:
        j += 1
    if j - (i + 2) >= 3 and (j == len(tokens) or tokens[j].form in "，。；的、等！"):
        some = tokens[i + 2 : j]
        name = "".join(t.form for t in some)
        place = out[-1]
        tokens[i + 2 : j] = [
            Token(
                MARK["P"],
                some[0].start,
                some[-1].end,
                "P",
                (Member(name, some[0].start, some[-1].end),),
                {"country": place.data.get("country"), "words": name},
            )
        ]
