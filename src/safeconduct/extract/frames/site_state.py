"""What a text tells of a site: whether it is open, what it looks like, since when it exists."""

from __future__ import annotations

from ..tokens import Token
from ..view import View
from .parts import FORM_TAGS, FORMS
from .ties import SOON

LIST = 20  # words between a counted noun and a member of its list


def stretch(view: View, i: int, j: int) -> tuple[int, int]:
    """The tokens around a station and its city that tell its state: their clauses, and one that goes on about it."""
    low, high = view.clause(min(i, j))[0], view.clause(max(i, j))[1]
    tokens = view.tokens
    if low > 1 and tokens[low - 1].form not in (";", "--", ":") and view.has("order", low=max(0, low - 8), high=low):
        low = view.clause(low - 1)[0]
    after = high + 1 if high < len(tokens) and tokens[high].form in (";", ":", "--") else high
    if after + 1 < len(tokens) and (
        view.has("all_of", "neg", "it_them", low=after + (after == high), high=after + 4)
        or tokens[after].keys & {"rel"}
        or (after > high and _goes_on(view, after))
        or (
            "break" in tokens[after].keys
            and not view.has("P", "C", "A", "G", "B", "O", "S", "M", "T", low=after, high=view.clause(after + 1)[1])
        )
    ):
        high = view.clause(after + 1)[1]
    return low, high


def _goes_on(view: View, i: int) -> bool:
    """Whether a clause behind a colon or semicolon speaks of the site just named ("the office has shut")."""
    high = view.clause(i)[1]
    return not view.has("P", "C", low=i, high=high) and view.has("S", "station_like", low=i, high=i + 3)


def status_of(view: View, low: int, high: int) -> str:
    tokens, neg = view.tokens, view.has("neg", low=low, high=high)
    working = [*view.where("still_active", low=low, high=high)]
    if working:
        return "closed" if view.has("neg", low=max(low, working[0] - 3), high=working[0]) else "active"
    if any(view.has("work_word", low=k + 1, high=k + 2) for k in view.where("cease_order", low=low, high=high)):
        return "ordered_closed"
    before = view.before
    if view.has("did_same", low=low, high=high) and (
        view.has("told_to", "closure_order", "close", "forced_close", high=low)
        or (before and before.has("told_to", "closure_order", "close", "forced_close"))
    ):
        return "ordered_closed"
    if view.pack.settings.get("pro_drop") and view.has("closed_by_order", low=low, high=high):
        return "ordered_closed"
    if view.has("closure_order", "sealed", low=low, high=high) or any(
        _closes(view, k) for k in view.where("told_to", low=low, high=high)
    ):
        return "ordered_closed"
    shut = [k for k in view.where("closed_now", low=low, high=high) if not view.has("closed_other", low=k + 1, high=k + 4)]
    closing = [*view.where("close", "closure", "cease", "forced_close", "closing_verb", low=low, high=high), *shut]
    if closing and not view.has("neg", low=max(low, min(closing) - 4), high=min(closing)):
        stated = any(tokens[k].keys & _STATED or _perfect(view, k) for k in shut)
        if (not stated or view.has("must_close", "told_to", low=low, high=high)) and _ordered(view, low, max(closing)):
            return "ordered_closed"
    if shut and view.has("neg", low=max(low, shut[0] - 3), high=shut[0]) and not view.has("neg", low=shut[0], high=shut[0] + 1):
        return "active"
    if (
        shut
        and not view.has("modal", low=low, high=high)
        and (not neg or any("neg" in tokens[k].keys or _perfect(view, k) for k in shut))
    ):
        return "closed"
    return "unknown"


_STATED = frozenset(("perfect", "be_being"))


def _perfect(view: View, k: int) -> bool:
    """Whether a closing is told as done: "has", "had", "was" stands right before it or opens the phrase."""
    return bool(view.pack.ends(view.tokens[k].form)[0] & _STATED) or view.before_is(k, *_STATED)


def _closes(view: View, k: int) -> bool:
    """Whether a phrase of command names the closing too ("must close", "ordered shut")."""
    first, last = view.pack.ends(view.tokens[k].form)
    return first is not last and not last.isdisjoint(("close", "closed_now", "closing_verb", "closure"))


def _ordered(view: View, low: int, high: int) -> bool:
    """Whether a state orders the closing; others only call for it."""
    if view.has("must_close", "told_to", low=low, high=high):
        return True
    for k in view.where("order", "ordered", low=low, high=high):
        if "ordered" in view.tokens[k].keys and view.has("be_being", low=k - 2, high=k):
            return True
        who = next((t for t in reversed(view.tokens[:k]) if t.kind in ("G", "B", "C", "P", "O", "T", "H", "X", "M")), None)
        if who is None or (who.kind in ("G", "B", "C", "P") and str(who.data.get("body")) != "parliament"):
            return True
    return False


def form_of(view: View, i: int, j: int) -> str | None:
    """What a site looks like: the nearest word for it, before its city rather than behind, not beyond another city."""
    tokens = view.tokens
    first, last = min(i, j), max(i, j)
    while (
        last + 1 < len(tokens)
        and (tokens[last + 1].kind == "P" or tokens[last + 1].keys & _LINKS)
        and view.has("P", low=last + 1, high=last + 4)
    ):
        last += 1
    low = next(
        (
            k + 1
            for k in range(first - 1, max(-1, first - 11), -1)
            if tokens[k].kind in ("P", "S") or tokens[k].form in (";", ":") or "contrast" in tokens[k].keys
            or (k >= first - 2 and "and" in tokens[k].keys)  # "is an estate agency and the office in Glasgow …"
        ),
        max(0, first - 10),
    )
    high = next(
        (
            k
            for k in range(last + 1, min(len(tokens), last + 15))
            if tokens[k].kind == "P"
            or (tokens[k].kind == "S" and "very_weak" not in tokens[k].keys)
            or tokens[k].form in (";", "?")
        ),
        min(len(tokens), last + 15),
    )
    inside = [
        k
        for k in range(first, last + 1)
        if _shows(view, k) and (tokens[k].kind != "S" or "form_service_centre" in tokens[k].keys)
    ]
    ahead = _counted(view, first) if "ordinal" in tokens[i].keys else [k for k in range(low, first) if _shows(view, k)]
    if i == j and _opens(view, j):
        ahead = []
    behind = [k for k in range(last + 1, min(high, view.clause(last)[1]) if i == j else high) if _shows(view, k)]
    for row in (inside, ahead[::-1], behind):
        if row:
            at = row[0]
            while at - 1 in row:  # "a handyman's shop" is above all a handyman's
                at -= 1
            return next((form for form in FORMS if "form_" + form in tokens[at].keys), "virtual")
    return None


def _opens(view: View, j: int) -> bool:
    """Whether a city opens its part of the sentence (", in Lyon"), so that what is told of it stands behind it."""
    k = next((k for k in range(j - 1, max(-1, j - 4), -1) if "prep_in" in view.tokens[k].keys), None)
    return k is not None and (k == 0 or view.tokens[k - 1].kind == "." or "and" in view.tokens[k - 1].keys)


def _counted(view: View, high: int) -> list[int]:
    """The houses that a number counts before each is named ("two charities, one in …")."""
    houses = view.where(*FORM_TAGS, low=high - LIST, high=high)
    return [k for k in houses if view.before_is(k, "N", back=2) and view.tokens[k + 1].form == ","]


def _shows(view: View, k: int) -> bool:
    """Whether a word tells what a site looks like; an app or a website only when it is said to be nothing more."""
    keys = view.tokens[k].keys
    return bool(keys & _TAGS) or ("virtual_medium" in keys and view.has("merely", low=max(0, k - 6), high=k))


_LINKS = frozenset(("and", "prep_in", "ordinal"))  # between the members of a list of cities
_TAGS = frozenset(FORM_TAGS)


def since_when(view: View, low: int, high: int, i: int, j: int) -> str | None:
    """Since when a station exists, where its clause tells."""
    tokens = view.tokens
    taken = {c.date for c in view.cues if c.date is not None}
    said = frozenset(("opened", "opening_word", "opening_of"))
    dates = [
        k
        for k in view.where("D", low=low, high=high)
        if (k not in taken or view.has(*said, low=max(low, k - 4), high=k)) and _year(tokens[k])
    ]
    if view.has("before_pandemic", low=low, high=high):
        return (
            next((_year(tokens[k]) for k in dates if view.has("opened", "since", "opening_word", low=low, high=high)), None)
            or "../2019"
        )
    if not dates:
        return None
    if "ordinal" in tokens[i].keys and j + 1 in dates:
        return _year(tokens[j + 1])
    busy = view.has(*_RESPONSES, low=low, high=high)
    lasting = (k for k in dates if str(tokens[k].data["edtf"]).endswith("/.."))
    since = next((k for k in lasting if not view.has("closed_now", low=max(low, k - 2), high=k + 3)), None)
    if since is not None and not busy and min(abs(since - i), abs(since - j)) <= 8:
        return _year(tokens[since])
    for k in view.where("opened", "opening_of", "opening_word", low=low, high=high):
        if (
            "since" in tokens[k].keys
            or view.has("probe", "probing", "hearing", "legislation", "hotline", low=k + 1, high=k + 6)
            or min(abs(k - i), abs(k - j)) > SOON
            or of_another(view, i, j, k)
        ):
            continue
        if view.pack.settings.get("pro_drop"):  # "el 1 de noviembre ordenó cerrar la oficina, abierta …"
            dates = [
                d
                for d in dates
                if d > k
                or not view.has(
                    "told_to", "order", "say", "sealed", "close", "closed_now", "forced_close", "closure_order", low=d, high=k
                )
            ]
        near = [d for d in dates if -4 <= d - k <= 7 or d == j + 1 or (d < k and d - low <= 2)]
        if near:
            return _year(tokens[near[0]])
    return None


_RESPONSES = (
    "probe",
    "probing",
    "watch_closely",
    "arrest",
    "arrested",
    "charged",
    "search_act",
    "raided",
    "summon",
    "summoned",
    "under_investigation",
    "close",
    "closure",
)


def of_another(view: View, i: int, j: int, k: int) -> bool:
    """Whether another station stands between a site and what is told behind it ("one in Prato and a centre in Milan")."""
    between = [view.tokens[m] for m in view.where("S", "ordinal", low=max(i, j) + 1, high=k)]
    return any("first" not in t.keys and (t.kind != "S" or view.tokens[i].kind == "S") for t in between)


def _year(token: Token) -> str | None:
    """The year or month that a date token gives, when it can be that of a station."""
    date = str(token.data["edtf"]).split("/")[0].replace("..", "")
    return date[:7] if date[:4].isdigit() and int(date[:4]) >= 2004 else None
