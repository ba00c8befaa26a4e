"""Dates that keep the granularity their source has: a small part of EDTF (ISO 8601-2, Library of Congress).

Understood: ``2022``, ``2022-11``, ``2022-11-02``; unspecified digits ``XXXX-09``, ``201X``, ``2022-XX``; seasons
``2022-21`` (spring) to ``2022-24`` (winter); a trailing ``~``, ``?`` or ``%`` (approximate, uncertain); intervals
``2021-04/2022-07``, ``2015/..``, ``../2019``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_POINT = re.compile(r"(?P<year>[0-9X]{4})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?(?P<mark>[~?%])?")
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}  # northern; the year's own December stands for winter


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date or an interval.

    ``text`` is the value as written. ``earliest`` and ``latest`` are the first and last day it can mean; None stands
    for an open or unknown end (``..``, or a year with unspecified digits).
    """

    text: str
    earliest: date | None
    latest: date | None

    def __str__(self) -> str:
        return self.text


def _digits(part: str, low: int, high: int) -> tuple[int, int] | None:
    """The lowest and highest number in ``low..high`` that ``part`` (with X for any digit) can be."""
    if part.isdecimal():
        return (n, n) if low <= (n := int(part)) <= high else None
    fits = [n for n in range(low, high + 1) if all(p in ("X", d) for p, d in zip(part, f"{n:0{len(part)}d}", strict=True))]
    return (fits[0], fits[-1]) if fits else None


def _point(text: str) -> tuple[date | None, date | None]:
    match = _POINT.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date; write it as 2022, 2022-11, 2022-11-02 or 2021-04/2022-07")
    year, month, day = match["year"], match["month"], match["day"]
    years: tuple[int, int] | None
    if year == "XXXX":
        years = None
    elif year.isdigit():
        years = (int(year), int(year))
    else:
        years = (int(year.replace("X", "0")), int(year.replace("X", "9")))
    if years and years[0] < 1:
        raise ValueError(f"{text!r} is not a date: there is no year 0000")
    months: tuple[int, int] | None = (1, 12)
    if month:
        season = _SEASONS.get(int(month)) if month.isdigit() else None
        if season and day:
            raise ValueError(f"{text!r} is not a date: a season has no days")
        months = season or _digits(month, 1, 12)
        if months is None:
            raise ValueError(f"{text!r} is not a date: there is no month {month}")
    assert months is not None
    days: tuple[int, int] | None = (1, 31)
    if day:
        any_year = 2000 if years is None else years[1]
        longest = max(calendar.monthrange(any_year, m)[1] for m in range(months[0], months[1] + 1))
        days = _digits(day, 1, longest)
        if days is None:
            raise ValueError(f"{text!r} is not a date: there is no such day")
    assert days is not None
    if years is None:
        return None, None
    if not day:
        return date(years[0], months[0], 1), date(years[1], months[1], calendar.monthrange(years[1], months[1])[1])
    last = min(days[1], calendar.monthrange(years[1], months[1])[1])
    return date(years[0], months[0], days[0]), date(years[1], months[1], last)


@lru_cache(maxsize=65_536)
def parse_edtf(text: str) -> Edtf:
    """Read one date.

    Raises:
        ValueError: ``text`` is outside the grammar above or names a day that does not exist; the message says which.
    """
    first, slash, second = text.partition("/")
    if not slash:
        return Edtf(text, *_point(text))
    if first == second == "..":
        raise ValueError(f"{text!r} is not a date: an interval needs at least one end")
    low = None if first == ".." else _point(first)
    high = None if second == ".." else _point(second)
    if low and high and low[0] and high[1] and low[0] > high[1]:
        raise ValueError(f"{text!r} is not a date: it ends before it begins")
    return Edtf(text, low[0] if low else None, high[1] if high else None)
