"""Dates in a text as EDTF, at the granularity the text has; relative ones resolved against the dateline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import compress, groupby

from ..claims import parse_edtf
from .grammar import Match, Rule, Rules, starting
from .pack import Pack, load
from .places import Places
from .tokens import Token, made

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)")
DATED = frozenset((  # without any of these a sentence has no date
    "year", "month", "sure_month", "weekday", "season", "unit", "today", "yesterday", "this_week", "last_week", "this_month",
    "last_month", "this_year", "last_year", "month_mark", "day_mark", "year_ago", "next_day_word", "next_month_word",
    "same_day_word", "same_year",
    "last_year_word", "this_year_word", "next_year_word", "year_before_last", "before_yesterday",
))  # fmt: skip
HEAD = 600  # characters in which a dateline stands
END = 250  # and in which it stands at the end of a letter


def valid(edtf: str | None) -> str | None:
    """``edtf`` when it is a date, else None."""
    try:
        return parse_edtf(edtf).text if edtf else None
    except ValueError:
        return None


class Calendar:
    """Resolves dates of one document. ``reference`` is the dateline (EDTF) or None."""

    def __init__(self, pack: Pack, text: str, published: str | None) -> None:
        self.pack = pack
        own = self._dateline(text[:HEAD], "dateline") or self._dateline(text[max(HEAD, len(text) - END) :], "dateline_end")
        self.reference = own if own and (not published or len(own) >= len(published)) else valid(published)
        years = [int(y) for y in _YEAR.findall(text[:200_000])]
        self.latest = max(years) if years else None  # the last year named
        self.anchor: str | None = None  # the last date told, for "a month earlier", "that year"

    def _dateline(self, some: str, forms: str) -> str | None:
        """The first full date, or month and year, that stands in the first or the last lines the way a dateline does."""
        months = self.pack.calendar["month"]
        for form in _datelines(self.pack.language, forms):
            if match := form.search(some):
                found = match.groupdict()
                month = months[found["m"].lower()] if not found["m"].isdigit() else int(found["m"])
                day = f"-{int(found['d']):02d}" if found.get("d") else ""
                return valid(f"{found['y']}-{month:02d}{day}")
        return None

    def mark(self, places: Places) -> Places:
        """The tokens with one token of kind D in the place of every date."""
        if DATED.isdisjoint(places.keys_here):
            return places
        for rules in _rules(self.pack.language):
            tokens, out, done = places.tokens, list[Token](), 0
            for i, found in groupby(rules.matches(places), starting):
                if i >= done:
                    out += tokens[done:i]
                    done = i
                    if marked := self._date(tokens, found, out):
                        out.append(marked[1])
                        done = marked[0]
            if done:
                places = Places(out + tokens[done:])
        told = [t.data["edtf"] for t in places.tokens if t.kind == "D" and "/" not in t.data["edtf"]]
        self.anchor = told[-1] if told else self.anchor
        return places

    def _date(self, tokens: list[Token], found: Iterable[tuple[Rule, Match]], before: list[Token]) -> tuple[int, Token] | None:
        """The longest of the dates that begin at one token, and where it ends."""
        best: tuple[int, Token] | None = None
        for rule, match in found:
            if best is None or match.end > best[0]:
                end = match.kept.get("before", match.end)
                edtf = self._resolve(match, tokens, before, str(rule.data.get("op", "")))
                if edtf:
                    best = end, made("D", tokens[match.start : end], edtf=edtf, bare=match.end - match.start == 1)
        return best

    def _resolve(self, match: Match, tokens: Sequence[Token], before: Sequence[Token], op: str) -> str | None:
        kept = {name: tokens[i] for name, i in match.kept.items()}
        if op in SPANS:
            ends = [kept[g].data["edtf"] for g in ("a", "b") if g in kept]
            if any("/" in e for e in ends):
                return ends[0] if op == "same" else None
            if op == "range" and len(ends) == 2:
                return valid("/".join(ends)) or valid(f"{ends[1][:4]}{ends[0][4:]}/{ends[1]}")
            return {"since": f"{ends[0]}/..", "until": f"../{ends[0]}", "same": ends[0]}.get(op)
        if op in ("back", "before", "after"):
            return self._shifted(kept, before, op)
        if op == "that":
            size = {"year": 4, "month": 7, "week": 7, "day": 10}[kept["u"].data["n"]]
            held = self._anchor(before)
            return valid(held[:size]) if held and len(held) >= size else None
        if "s" in kept:
            return self._season(kept)
        if op.startswith("ago"):
            return self._relative(op)
        if "w" in kept:
            return self._weekday(int(kept["w"].data["n"]))
        year = str(kept["y"].data["n"]) if "y" in kept else None
        if op == "last-year" and self._year():
            year = str(self._year() - 1)
        if op == "this-year" and self._year():
            year = str(self._year())
        if op == "day-only":
            return self._day_only(kept)
        if op in ("that-day", "this-day"):
            held, day = (self._anchor(before) if op == "that-day" else self.reference) or "", kept["d"].data.get("value")
            return valid(f"{held[:7]}-{day:02d}") if isinstance(day, int) and len(held) >= 7 else None
        if op == "next-year":
            held = self._anchor(before)
            year = str(int(held[:4]) + 1) if held and held[:4].isdigit() else None
        if op == "last-month-day" and self.reference:
            last, day = _month(self.reference, -1), kept["d"].data.get("value")
            return valid(f"{last}-{day:02d}") if last and isinstance(day, int) else None
        if "m" not in kept:
            return valid(year)
        month = int(kept["m"].data.get("n") or kept["m"].data.get("value") or 0)
        day = kept["d"].data.get("value") if "d" in kept else None
        if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
            return None
        if not year and op == "that-month":
            held = self._anchor(before)
            year = held[:4] if held else None
        return valid(f"{year or self._year_for(month, day, before)}-{month:02d}" + (f"-{day:02d}" if day else ""))

    def _day_only(self, kept: dict[str, Token]) -> str | None:
        """ "The 15th": of the dateline's month, or of the month before when that day is still to come."""
        day, month = kept["d"].data.get("value"), (self.reference or "")[:7]
        if not isinstance(day, int) or len(month) < 7:
            return None
        today = (self.reference or "")[8:10]
        if today.isdigit() and day > int(today) and "this" not in kept:
            month = _month(month, -1) or month
        return valid(f"{month}-{day:02d}")

    def _year(self) -> int:
        return int(self.reference[:4]) if self.reference and self.reference[:4].isdigit() else 0

    def _year_for(self, month: int, day: int | None, before: Sequence[Token]) -> str:
        """The year of a month without one: that of the last such month before the dateline, else the latest named."""
        if self.reference and "/" not in self.reference and self._year():
            known, today = self.reference[5:7], self.reference[8:10]
            later = known.isdigit() and (
                month > int(known) or (month == int(known) and bool(day) and today.isdigit() and (day or 0) > int(today))
            )
            return str(self._year() - later)
        return str(self.latest) if self.latest else "XXXX"

    def _anchor(self, before: Sequence[Token]) -> str | None:
        """The date told last before a place in the line."""
        found = [t.data["edtf"] for t in before if t.kind == "D" and "/" not in t.data["edtf"]]
        return found[-1] if found else self.anchor or self.reference

    def _shifted(self, kept: dict[str, Token], before: Sequence[Token], op: str) -> str | None:
        """So many days, weeks, months or years before the dateline ("back"), or before or after the date told last."""
        from_day = (self.reference if op == "back" else self._anchor(before)) or ""
        if "/" in from_day or not from_day[:4].isdigit():
            return None
        counted = kept["n"].data.get("value") if "n" in kept else 1
        unit = str(kept["u"].data["n"]) if "u" in kept else "day"
        if not isinstance(counted, int) or counted > 400:
            return None
        count = counted if op == "after" else -counted
        if unit == "year":
            return valid(str(int(from_day[:4]) + count))
        if unit in ("day", "week"):
            try:
                day = date.fromisoformat(from_day) + timedelta(days=count * (7 if unit == "week" else 1))
            except (ValueError, OverflowError):
                return None
            return valid(day.isoformat()[: 10 if unit == "day" else 7])
        return _month(from_day, count)

    def _season(self, kept: dict[str, Token]) -> str | None:
        """A season as EDTF 21 to 24: of the year given, else the last one that had begun by the dateline."""
        season = int(kept["s"].data["n"])
        if "y" in kept:
            return valid(f"{kept['y'].data['n']}-{season}")
        if not self._year():
            return None
        month = int(self.reference[5:7]) if self.reference and self.reference[5:7].isdigit() else 12
        begins = 3 * (season - 20)
        over = "last" in kept and begins <= month < begins + 3
        return valid(f"{self._year() - (begins > month or over)}-{season}")

    def _day(self) -> date | None:
        try:
            return date.fromisoformat(self.reference or "")
        except ValueError:
            return None

    def _weekday(self, weekday: int) -> str | None:
        today = self._day()
        return (today - timedelta(days=(today.weekday() - weekday) % 7)).isoformat() if today else None

    def _relative(self, op: str) -> str | None:
        """``ago day 1``, ``ago month 0``, ``ago year 1``, ``ago week 0`` (a week has the granularity of its month)."""
        _, unit, count = op.split()
        if not self._year() or "/" in (self.reference or ""):
            return None
        if unit == "year":
            return str(self._year() - int(count))
        today = self._day()
        if unit in ("day", "week"):
            days = int(count) * (7 if unit == "week" else 1)
            shifted = (today - timedelta(days=days)).isoformat() if today else None
            return shifted[:7] if shifted and unit == "week" else shifted
        return _month(self.reference or "", -int(count))


SPANS = ("range", "since", "until", "same")


@cache
def _rules(language: str) -> tuple[Rules, Rules]:
    """The rules of single dates, and those that make spans of them."""
    tables = load(language).tables["date"]
    spans = [t.get("op") in SPANS for t in tables]
    return Rules(t for t, span in zip(tables, spans, strict=True) if not span), Rules(compress(tables, spans))


@cache
def _datelines(language: str, forms: str) -> list[re.Pattern[str]]:
    """What datelines look like."""
    told = load(language).calendar
    names = "|".join(sorted(map(re.escape, told["month"]), key=len, reverse=True))
    return [re.compile(form.replace("{month}", f"(?P<m>{names})"), re.IGNORECASE) for form in told.get(forms, ())]


def _month(from_day: str, count: int) -> str | None:
    """The month ``count`` months after (or, negative, before) a date."""
    if not from_day[5:7].isdigit() or int(from_day[5:7]) > 12:
        return None
    months = int(from_day[:4]) * 12 + int(from_day[5:7]) - 1 + count
    return valid(f"{months // 12}-{months % 12 + 1:02d}")
