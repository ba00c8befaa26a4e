"""Dates in a text as EDTF, at the granularity the text has; relative ones resolved against the dateline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from ..claims import parse_edtf
from .pack import Pack
from .tokens import Line, Token, entity

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)")


def valid(edtf: str | None) -> str | None:
    """``edtf`` when it is a date, else None."""
    try:
        return parse_edtf(edtf).text if edtf else None
    except ValueError:
        return None


class Calendar:
    """Resolves dates of one document. ``reference`` is the dateline (EDTF) or None; ``latest`` the last year named."""

    def __init__(self, pack: Pack, text: str, published: str | None) -> None:
        self.pack = pack
        self.months: Mapping[str, int] = pack.tables["calendar"]["month"]
        self.weekdays: Mapping[str, int] = pack.tables["calendar"]["weekday"]
        own = self._dateline(text)
        self.reference = own if own and (not published or len(own) >= len(published)) else valid(published)
        years = [int(y) for y in _YEAR.findall(text[:200_000])]
        self.latest = max(years) if years else None
        self.anchor: str | None = None  # the last date told, for "a month earlier", "that year"

    def _dateline(self, text: str) -> str | None:
        """The first full date, or month and year, that stands in the first lines the way a dateline does."""
        head = text[:400]
        months = "|".join(map(re.escape, self.months))
        for form in self.pack.tables["calendar"]["dateline"]:
            match = re.search(form.replace("{month}", f"(?P<m>{months})"), head, re.IGNORECASE)
            if match:
                found = match.groupdict()
                month = self.months[found["m"].lower()]
                day = f"-{int(found['d']):02d}" if found.get("d") else ""
                return valid(f"{found['y']}-{month:02d}{day}")
        return None

    def mark(self, line: Line) -> None:
        """Put one token in the place of every date of the line."""
        for rule in self.pack.dates:
            for pattern in rule.patterns:
                for match in reversed(list(pattern.finditer(line.text))):
                    tokens = line.slice(*match.span())
                    edtf = self._resolve(match, line, str(rule.data.get("op", "")))
                    if edtf and tokens:
                        first, last = line.index(match.start()), line.index(match.end() - 1)
                        line.substitute(first, last, entity("D", tokens, edtf=edtf))
                        line.render()
        told = [str(t.data["edtf"]) for t in line.tokens if t.kind == "D" and "/" not in str(t.data["edtf"])]
        self.anchor = told[-1] if told else self.anchor

    def _resolve(self, match: re.Match[str], line: Line, op: str) -> str | None:
        groups = match.groupdict()
        get = groups.get
        if op in ("range", "since", "until", "same"):
            ends = [self._edtf(line.token(match.start(g))) for g in ("a", "b") if get(g)]
            if op == "range" and len(ends) == 2:
                return valid("/".join(ends)) if all("/" not in e for e in ends) else None
            if not ends or "/" in ends[0]:
                return None
            return {"since": f"{ends[0]}/..", "until": f"../{ends[0]}", "same": ends[0]}[op]
        if op in ("back", "before", "after"):
            return self._shifted(match, line, op)
        if op == "that":
            size = {"year": 4, "month": 7, "day": 10}[get("u") or "day"]
            held = self._anchor(line, match.start())
            return valid(held[:size]) if held and len(held) >= size else None
        if get("season"):
            return self._season(match)
        if op.startswith("ago"):
            return self._relative(op)
        if get("w"):
            return self._weekday(self.weekdays[match["w"]])
        year = get("y")
        if get("back") and self.reference and self.reference[:4].isdigit():  # "6 February last year"
            year = str(int(self.reference[:4]) - 1)
        if not get("m"):
            return valid(year)
        month = self.months[match["m"]]
        day = line.token(match.start("d")).data.get("value") if get("d") else None
        if not year:
            year = self._year_for(month)
        return valid(f"{year}-{month:02d}" + (f"-{day:02d}" if day else ""))

    @staticmethod
    def _edtf(token: Token) -> str:
        return str(token.data.get("edtf", ""))

    def _year_for(self, month: int) -> str:
        """The year of a month without one: that of the last such month before the dateline, else the latest named."""
        if self.reference and "/" not in self.reference and self.reference[:4].isdigit():
            year = int(self.reference[:4])
            known = self.reference[5:7]
            return str(year if not known.isdigit() or month <= int(known) else year - 1)
        return str(self.latest) if self.latest else "XXXX"

    def _anchor(self, line: Line, position: int) -> str | None:
        """The date told last before a place in the line."""
        before = [self._edtf(t) for at, t in zip(line.at, line.tokens, strict=True) if t.kind == "D" and at < position]
        before = [d for d in before if "/" not in d]
        return before[-1] if before else self.anchor

    def _shifted(self, match: re.Match[str], line: Line, op: str) -> str | None:
        """So many days, weeks, months or years before the dateline ("back"), or before or after the date told last."""
        from_day = (self.reference if op == "back" else self._anchor(line, match.start())) or ""
        if "/" in from_day or not from_day[:4].isdigit():
            return None
        counted = line.token(match.start("n")).data.get("value") if match.groupdict().get("n") else 1
        unit = str(self.pack.tables["calendar"]["unit"][match["u"]])
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
        if not from_day[5:7].isdigit() or int(from_day[5:7]) > 12:
            return None
        months = int(from_day[:4]) * 12 + int(from_day[5:7]) - 1 + count
        return valid(f"{months // 12}-{months % 12 + 1:02d}")

    def _season(self, match: re.Match[str]) -> str | None:
        """A season as EDTF 21 to 24: of the year given, else the last one that had begun by the dateline."""
        season = int(self.pack.tables["calendar"]["season"][match["season"]])
        year = match.groupdict().get("y")
        if not year:
            if not self.reference or not self.reference[:4].isdigit():
                return None
            month = int(self.reference[5:7]) if self.reference[5:7].isdigit() else 12
            begins = 3 * (season - 20)
            over = match.groupdict().get("last") and begins <= month < begins + 3
            year = str(int(self.reference[:4]) - (begins > month or bool(over)))
        return valid(f"{year}-{season}")

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
        if not self.reference or not self.reference[:4].isdigit() or "/" in self.reference:
            return None
        year = int(self.reference[:4])
        if unit == "year":
            return str(year - int(count))
        today = self._day()
        if unit == "day":
            return (today - timedelta(days=int(count))).isoformat() if today else None
        if unit == "week" and today:
            return (today - timedelta(days=7 * int(count))).isoformat()[:7]
        if not self.reference[5:7].isdigit():
            return None
        months = year * 12 + int(self.reference[5:7]) - 1 - (int(count) if unit == "month" else 0)
        return f"{months // 12}-{months % 12 + 1:02d}"
