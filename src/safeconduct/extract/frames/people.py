"""Numbers of people: brought home, targeted, or at work in a station. People in one case are no figure."""

from __future__ import annotations

from typing import NamedTuple

from ..tokens import Token
from ..view import View
from .stations import spoken

STAFF_MOST = 1500
CASE = 10  # from so many people on, a number is a total rather than one case


class Count(NamedTuple):
    """What a number counts and where the words that say so end."""

    measure: str
    end: int


def acted_upon(view: View, i: int, refs: list[int]) -> Count | None:
    """A number of people whom no noun names ("over 12,000 fetched back", "four traders man it")."""
    value = int(view.tokens[i].data["value"])
    if value >= CASE and view.has("returned", low=i + 1, high=i + 3):
        return Count("persons_returned", i + 2)
    named_before = view.has("T", "person", low=max(0, i - 2), high=i) and view.has("counts_people", low=i + 1, high=i + 3)
    if value >= CASE and named_before and view.has("returned", low=max(0, i - 4), high=i):
        return Count("persons_returned", i + 2)  # "追回外逃人员一万余名"
    if value <= STAFF_MOST and not refs and view.has("staffed", low=i + 2, high=i + 7) and spoken(view.before):
        return Count("staff", i + 2)
    if (
        view.has("in_number", low=i + 1, high=i + 2)
        and spoken(view.before)
        and view.has("person", "T", "staff", low=max(0, i - 4), high=i)
    ):
        return Count("staff", i + 2)
    return None


def works_at_station(view: View, i: int, j: int, refs: list[int]) -> bool:
    """Whether people counted work at a foreign station, not for a force of the host."""
    value = int(view.tokens[i].data["value"])
    if value > STAFF_MOST or not spoken(view, 2):
        return False
    low, high = view.clause(i)
    if of_host(view, i):
        return False
    if not refs and not view.has("org_wide", "it_them", "staffed", low=low, high=high):
        return False
    return view.has("staffed", "hired_staff", low=max(0, i - 4), high=j + 5) or any(low <= r < i or j < r < j + 6 for r in refs)


def of_host(view: View, i: int) -> bool:
    """Whether a body of the host state stands before a number in its clause, with no station between."""
    low = view.clause(i)[0]
    return any(t.kind in ("G", "B") and not _of_accused(view, t) for t in view.tokens[max(low, i - 8) : i]) and not view.has(
        "S", low=low, high=i
    )


def _of_accused(view: View, token: Token) -> bool:
    code = view.memory.state_of(token)
    return code in view.memory.origins


def proxies(view: View, i: int, j: int) -> Count | None:
    """People counted by what is theirs: the names of a wanted list, the telephones of a target list."""
    if int(view.tokens[i].data["value"]) < 3 or not view.has("name_list") or not (view.names_accused or view.near_topic(2)):
        return None
    return Count("persons_targeted", j + 1)


def _bystanders(view: View, i: int, j: int, wide: int) -> bool:
    """Whether people counted are no victims: a population, one of several, those of ordinary immigration or crime."""
    return (
        view.before_is(i, "one_of", back=2)
        or view.before_is(i, "populate", back=4)
        or view.has("dwell", low=j + 1, high=j + 3)
        or view.has("ordinary_removal", low=i, high=wide + 4)
    )


def _at_once(view: View) -> bool:
    """Whether a sentence tells of one event on a day or in a month rather than of a campaign."""
    taken = {c.date for c in view.cues if c.date is not None}
    dates = (str(view.tokens[k].data["edtf"]) for k in view.where("D") if k not in taken)
    return not view.has("wanted_list") and (
        view.has("at_once") or any("/" not in d and len(d) > 6 and d != view.memory.calendar.reference for d in dates)
    )


def people(view: View, i: int, j: int, refs: list[int]) -> Count | None:
    """Totals of people brought home, targeted or employed; people in one case are no figure."""
    low, high = view.clause(i)
    value = int(view.tokens[i].data["value"])
    wide = min(len(view.tokens), j + 16)
    if _bystanders(view, i, j, wide):
        return None
    tallied = view.has("find", "count_noun", "total", "tally", "period", "knows", low=0, high=wide) or _period(view)
    if view.before_is(i, "definite") and not view.has("returned", "wanted_list", low=i, high=wide):
        return None
    if value >= CASE and view.has("bring_verb", low=max(low, i - 7), high=i) and view.has("home_back", low=j, high=j + 7):
        return Count("persons_returned", j + 1)
    if value < CASE and view.has("at_once"):
        return None
    back, hit = _nearest(view, i, "returned", wide), _nearest(view, i, "targeted", wide)
    if (
        back is not None
        and (hit is None or back < hit or (back < 9 and not any(t.form == "," for t in view.tokens[i : i + back])))
        and (value >= CASE or tallied)
        and value > 1
        and view.tokens[j].data.get("target") != "family"
    ):
        return Count("persons_returned", j + 1)
    if (
        (refs or spoken(view, 2))
        and not of_host(view, i)
        and value <= STAFF_MOST
        and view.has("staffed", low=low, high=min(high, j + 5))
    ):
        return Count("staff", j + 1)
    if view.has(
        "arrest",
        "arrested",
        "charged",
        "charge_verb",
        "convict",
        "convicted",
        "expel",
        "expelled",
        "sanction_verb",
        "sanctions",
        "employs",
        low=low,
        high=wide,
    ):
        return None
    if "person" in view.tokens[j].keys and "staff" in view.tokens[j].keys:
        return None  # officers and agents act, they are not acted upon
    if hit is not None and value >= 3 and (tallied or (value >= CASE and not _at_once(view))):
        return Count("persons_targeted", j + 1)
    if value >= 3 and tallied and view.has(*HARMED, low=max(low, i - 8), high=wide):
        return Count("persons_targeted", j + 1)
    return None


def _nearest(view: View, i: int, tag: str, high: int) -> int | None:
    """How far the nearest word of a tag stands from a number; what stands behind it counts before what stands ahead."""
    behind = next((k - i for k in view.where(tag, low=i + 1, high=high)), None)
    if behind is not None:
        return behind
    ahead = list(view.where(tag, low=max(0, i - 10), high=i))
    return 20 + i - ahead[-1] if ahead else None


HARMED = (
    "m_killing",
    "m_abduction",
    "m_assault",
    "m_threat",
    "m_intimidation",
    "m_surveillance",
    "m_digital_attack",
    "m_mobility_control",
    "m_threat_to_family",
)


def _period(view: View) -> bool:
    """Whether a sentence speaks of a stretch of time ("since 2019", "between 2014 and 2023")."""
    return any("/" in str(view.tokens[k].data["edtf"]) for k in view.where("D"))
