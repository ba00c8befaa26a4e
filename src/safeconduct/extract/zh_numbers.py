"""Numbers and dates of Chinese text: 五十四, 二十三万, 逾百, 2.3万; 去年12月, 上月下旬, 本周二, 翌年, 18日."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from .when import valid

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_QUALIFIERS = ("at_least", "more_than", "approx", "up_to", "less_than")
_WEEKDAY = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6}
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
DATE = re.compile(
    rf"(?:(?P<y>(?:19|20)\d\d)年(?:(?P<ym>{_M})月份?(?:(?P<yd>{_D})[日号])?)?"
    rf"|(?P<rel>去年|今年|前年|同年|当年|翌年|次年|隔年|上一年|明年)(?:(?P<rm>{_M})月份?(?:(?P<rd>{_D})[日号])?)?"
    rf"|(?P<m>{_M})月份?(?:(?P<md>{_D})[日号])?|(?P<d>{_D})[日号](?!本|报)"
    r"|(?P<mon>上个?月|本月|这个月|当月)(?:(?P<xd>\d{1,2})[日号])?"
    r"|(?P<wk>上个?|本|这个?|)(?:周|星期|礼拜)(?P<w>[一二三四五六日天])|(?P<week>上个?(?:周|星期)|本周|这周|本星期|上周末)"
    r"|(?P<day>昨天|昨日|昨晚|今天|今日|今早|当天|当日|同日|同一天|次日|翌日|隔日|隔天|第二天|前天|前日))"
    r"(?:上旬|中旬|下旬|年底|年初|年中|底|初|末|上半年|下半年|晚间|晚上|上午|下午|凌晨|傍晚|早间|清晨|周末|春天|夏天|秋天|冬天)?"
)
_START = re.compile(r"[\d去今前同当翌次隔上明本这昨周星礼第一二三四五六七八九十]")
_DATELINE = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(?:(\d{1,2})日)?")


class Numbers:
    """Reads a number with its measure word. ``words`` are the pack's word lists."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        groups = "|".join(f"(?P<{q}>{'|'.join(sorted(words[q], key=len, reverse=True))})" for q in _QUALIFIERS)
        units = "|".join(sorted(words["unit"], key=len, reverse=True))
        self._pattern = re.compile(
            rf"(?:(?<![最附不])(?:{groups})[有达为]?)?"
            r"(?P<n>\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,3})?|[〇零一二两三四五六七八九十百千]{1,9})(?P<more>[多余来几])?"
            rf"(?P<s>[百千万亿]{{0,2}})(?P<more2>[多余])?(?P<u>{units})(?P<after>之多|以上|左右|上下)?"
        )
        self._may_start = frozenset("〇零一二两三四五六七八九十百千0123456789") | {w[0] for q in _QUALIFIERS for w in words[q]}

    def at(self, text: str, i: int) -> tuple[int, int, str, str] | None:
        """Length, value, qualifier and measure word of the number at ``i``; None for vague ones (数十, 十几)."""
        if text[i] not in self._may_start or (i and text[i - 1] in "第数几每初"):
            return None
        match = self._pattern.match(text, i)
        if not match:
            return None
        qualifier = next((q for q in _QUALIFIERS if match[q]), "exact")
        raw, scale = match["n"], match["s"]
        if match["more"] == "几" or (match[0][0] in "上过超" and len(match[0]) > 1 and match[0][1] not in "百千万过0123456789"):
            return None
        value = _value(raw)
        for char in scale:
            value *= _LARGE.get(char) or _SCALE[char]
        if match["more"] or match["more2"]:
            qualifier = "approx" if match["more"] == "来" else "more_than" if qualifier == "exact" else qualifier
        if match["after"]:
            qualifier = {"以上": "more_than", "之多": "up_to"}.get(match["after"], "approx")
        return match.end() - i, round(value), qualifier, match["u"]


def _value(raw: str) -> float:
    if raw[0].isascii():
        return float(raw.replace(",", ""))
    total = current = 0
    for char in raw:
        if char in _SCALE:
            total, current = total + (current or 1) * _SCALE[char], 0
        else:
            current = current * 10 + _DIGIT[char] if current and total == 0 else _DIGIT[char]
    return total + current


def _small(raw: str | None) -> int | None:
    return int(_value(raw)) if raw else None


class ChineseCalendar:
    """Resolves the dates of one text. ``reference`` is its dateline; "the same day" goes back to the last day named."""

    def __init__(self, text: str, published: str | None) -> None:
        match = _DATELINE.search(text[:200])
        own = None
        if match and re.match(r"[^\n。]{0,12}?[电讯报综】）)\n]", text[match.end() : match.end() + 20]):
            own = valid(f"{match[1]}-{int(match[2]):02d}" + (f"-{int(match[3]):02d}" if match[3] else ""))
        self.reference = own if own and len(own) >= len(published or "") else valid(published) or own
        years = [int(y) for y in re.findall(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?=年)", text[:200_000])]
        self.year = int(self.reference[:4]) if self.reference else None
        self.latest = self.year or max(years, default=None)  # for a month without a year
        self.last: str | None = self.reference  # the last day named

    def at(self, text: str, i: int) -> tuple[int, str] | None:
        """Length and EDTF of the date at ``i``."""
        if not _START.match(text, i) or (text[i].isdigit() and i and text[i - 1].isdigit()):
            return None
        match = DATE.match(text, i)
        edtf = self._resolve(match) if match else None
        if not match or not edtf:
            return None
        self.last = edtf if len(edtf) == 10 else self.last
        return match.end() - i, edtf

    def _resolve(self, match: re.Match[str]) -> str | None:
        if match["y"]:
            return _edtf(match["y"], match["ym"], match["yd"])
        if match["rel"]:
            base = int(self.last[:4]) if self.last and match["rel"] in ("翌年", "次年", "隔年", "同年") else self.year
            shift = {"去年": -1, "上一年": -1, "前年": -2, "翌年": 1, "次年": 1, "隔年": 1, "明年": 1}.get(match["rel"], 0)
            if base is None and match["rm"]:
                return _edtf(self._year_of(0), match["rm"], match["rd"])
            return _edtf(base + shift, match["rm"], match["rd"]) if base else None
        if match["m"]:
            return _edtf(self._year_of(_small(match["m"]) or 0), match["m"], match["md"])
        known = self.reference[:7] if self.reference and len(self.reference) >= 7 else None
        if match["d"]:
            return valid(f"{known}-{_small(match['d']):02d}") if known else None
        if match["mon"]:
            if not known:
                return None
            months = int(known[:4]) * 12 + int(known[5:]) - 1 - (match["mon"][0] == "上")
            return _edtf(months // 12, str(months % 12 + 1), match["xd"])
        return self._day(match)

    def _year_of(self, month: int) -> str:
        if self.latest is None:
            return "XXXX"
        later = self.reference and len(self.reference) >= 7 and month > int(self.reference[5:7])
        return str(self.latest - bool(later))

    def _day(self, match: re.Match[str]) -> str | None:
        today = _iso(self.reference)
        if match["day"] and match["day"][0] in "当同次翌隔第":
            day = _iso(self.last)
            return (day + timedelta(days=match["day"][0] not in "当同")).isoformat() if day else None
        if not today:
            return None
        if match["day"]:
            back = {"昨": 1, "今": 0, "前": 2}[match["day"][0]]
            return (today - timedelta(days=back)).isoformat()
        if match["week"]:
            return (today - timedelta(days=7 * (match["week"][0] == "上"))).isoformat()[:7]
        weekday = _WEEKDAY[match["w"]]
        back = (today.weekday() - weekday) % 7
        if match["wk"].startswith("上") and back <= today.weekday():
            back += 7
        return (today - timedelta(days=back)).isoformat()


def _edtf(year: int | str, month: str | None, day: str | None) -> str | None:
    m, d = _small(month), _small(day)
    return valid(f"{year}" + (f"-{m:02d}" if m else "") + (f"-{d:02d}" if m and d else ""))


def _iso(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
