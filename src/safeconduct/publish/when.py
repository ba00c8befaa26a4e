"""EDTF dates in English words, as precise as the source is and no more."""

from __future__ import annotations

import re

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_MARKS = {"~": "about ", "?": "probably ", "%": "perhaps about "}
_POINT = re.compile(r"([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?([~?%])?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}[~?%]?")


def _year(text: str) -> str:
    if text.isdigit():
        return text.lstrip("0") or text
    if re.fullmatch(r"\d{3}X", text):
        return f"the {text[:3]}0s"
    return f"a year between {text.replace('X', '0')} and {text.replace('X', '9')}"


def _point(text: str) -> str:
    match = _POINT.fullmatch(text)
    if not match:
        return text
    year, month, day, mark = match.groups()
    about = _MARKS.get(mark or "", "")
    unknown_year = year == "XXXX"
    if month is None:
        return about + ("a year not given" if unknown_year else _year(year))
    if month in _SEASONS:
        name = _SEASONS[month]
    elif month.isdigit() and 1 <= int(month) <= 12:
        name = _MONTHS[int(month) - 1]
    else:
        return about + ("a date not given" if unknown_year else f"{_year(year)}, month not given")
    if day and day.isdigit():
        dated = f"{int(day)} {name}"
    elif day:
        return about + (f"a day in {name}, year not given" if unknown_year else f"{name} {_year(year)}, day not given")
    else:
        dated = ("an " if name[0] in "AEIOU" else "a ") + name if unknown_year else name
    if unknown_year:
        return f"{about}{dated}, year not given"
    return f"{about}{dated} {_year(year)}" if year.isdigit() else f"{about}{dated}, {_year(year)}"


def date_in_words(edtf: str) -> str:
    """An EDTF date for a reader: ``2022-09`` → "September 2022", ``2015/..`` → "since 2015". Unreadable ones as given."""
    first, slash, second = edtf.partition("/")
    if not slash:
        return _point(edtf)
    if first == "..":
        return f"by {_point(second)}"
    if second == "..":
        return f"since {_point(first)}"
    return f"{_point(first)} to {_point(second)}"


def when_phrase(edtf: str) -> str:
    """The date with its preposition, to stand at the end of a clause: "in September 2022", "from 2021 to 2022"."""
    first, slash, second = edtf.partition("/")
    if slash:
        words = date_in_words(edtf)
        return words if ".." in (first, second) else f"from {words}"
    return f"{'on' if _DAY.fullmatch(edtf) else 'in'} {_point(edtf)}"
