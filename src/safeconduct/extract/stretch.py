"""How far a cue reaches: the stretch of a sentence that what somebody says fills, and the date that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from .grammar import Match, Rule
from .memory import governed
from .tokens import Token
from .view import View

NO_NOUN = {"say", "find", "prep", "be_being", "break", "and", "that", "modal"}  # tags of words in no speaker's name
NO_SUBJECT = frozenset(("prep", "break", "adverb", "if", "told_front", "citing", "according", "hedge", "D"))  # open no clause
OWN = frozenset("GBCPOMTAS")  # what a clause of its own is about
ADDRESSED = ("D", "X", "M", "O", "G", "B", "H", "P")  # who may be told something


@dataclass(frozen=True)
class Cue:
    """``who`` says what stands in tokens ``start`` to ``end``; ``at`` is the cue itself, ``date`` the token that dates it."""

    who: str
    start: int
    end: int
    at: tuple[int, int]
    rule: str
    via: tuple[str, ...] = ()
    date: int | None = None


def scope_of(view: View, rule: Rule, match: Match) -> tuple[int, int]:
    tokens, scope = view.tokens, rule.data["scope"]
    low, high = view.clause(match.start)
    if scope == "after":
        return match.end, cut(view, match.end)
    if scope == "before":
        return opening(view, match.start), match.start
    if scope == "sentence":
        return 0, len(tokens)
    if scope == "last":
        return (opening(view, match.start), match.start) if match.end >= len(tokens) else (0, 0)
    if scope == "clause":
        return (low, high) if view.pack.settings.get("comma_clauses", True) else _comma_part(view, match, low, high)
    if scope == "from-station":
        return match.start, view.clause(match.end - 1)[1]
    if scope == "clause-before":
        return low, match.start
    if scope == "around":
        if match.start and tokens[match.start - 1].form in (":", ";"):
            return match.end, cut(view, match.end)
        if match.start > 1 and tokens[match.start - 1].form == "," and "that" in tokens[match.start - 2].keys:
            return match.end, cut(view, match.end)
        if match.start <= 1 or (match.start > 0 and tokens[match.start - 1].form in (",", "--") and match.start <= 1):
            return match.end, cut(view, match.end)
        if match.end < len(tokens) and tokens[match.end].form == ",":
            return opening(view, match.start), cut(view, match.end)
        return opening(view, match.start), max(high, match.end)
    return match.start, match.end  # "match"


def _comma_part(view: View, match: Match, low: int, high: int) -> tuple[int, int]:
    """The part between commas that a hedge holds for; one that opens it holds for all that follows."""
    first = next((k + 1 for k in range(match.start - 1, low - 1, -1) if view.tokens[k].form == ","), low)
    if match.start - first <= 1:
        return first, high
    return first, next((k for k in range(match.end, high) if view.tokens[k].form == ","), high)


def placed(view: View, who: str, verb: int, start: int, end: int) -> Cue:
    """A cue at tokens ``start`` to ``end``, with the stretch that its place in the sentence gives it."""
    tokens, last = view.tokens, len(view.tokens)
    date = date_of(view, start, end)
    late = date_of(view, start, end, back=False)  # of a cue behind its content, whose own dates are not meant
    told = ADDRESSED if "told" in tokens[verb].keys else ("D", "X", "M")
    stop = end
    while (
        stop < last
        and (tokens[stop].kind in told or tokens[stop].keys & {"adverb", "prep", "det", "venue", "also", "told_front"})
        and stop - end < 6
    ):
        stop += 1
    noun = _noun_start(view, start)
    comma_before = noun > 0 and tokens[noun - 1].form == ","
    ends = stop >= last or (comma_before and (last - stop <= 2 or _only_describes(view, stop)))
    start = noun if comma_before else start
    if start > 1 and (
        ends
        or (
            stop < last
            and tokens[stop].form in (",", ";", "--")
            and (comma_before or (view.quoted[start - 1] and not view.quoted[start]))
        )
    ):
        if ends or tokens[stop].form == ";":
            return Cue(who, opening(view, start), start, (start, stop), "after", (), late)
        return Cue(who, opening_near(view, start), cut(view, stop), (start, stop), "between", (), late)
    if (
        comma_before
        and start > 3
        and end < last
        and tokens[end].keys & {"prep", "adverb", "as", "D", "told_venue", "told_front"}
        and not tokens[end].keys & {"that", "det"}
    ):
        return Cue(
            who, opening(view, start), cut(view, end), (start, end), "between", (), late
        )  # "…, X has confirmed in a letter"
    if comma_before and start != verb and _told_before(view, start, end):
        behind = next((j + 1 for j in range(end, last) if tokens[j].form in (",", ";")), last)
        if (
            behind < last and tokens[behind - 1].form == "," and "and" not in tokens[behind].keys
        ):  # "Agents, X said in a speech, followed …"
            return Cue(who, opening_near(view, start), cut(view, behind), (start, behind), "between", (), late)
        return Cue(who, opening(view, start), start, (start, stop), "after", (), late)
    close = cut(view, end)
    relative = verb > 1 and "rel" in tokens[verb - 1].keys and tokens[verb - 2].form == ","
    relative = relative and end < last and "that" not in tokens[end].keys  # "X, which calls it a crime, expelled …"
    if relative or (start == 1 and tokens[0].form in view.pack.set("subordinate")):  # "While X says that …, Y"
        close = next((j for j in range(end, close) if tokens[j].form == ","), close)
    return Cue(who, end, close, (start, end), "before", (), date)


def _told_before(view: View, start: int, end: int) -> bool:
    """Whether what is said stands before the comma in front of a speaker ("…, exiles testified in court, and …")."""
    tokens = view.tokens
    if view.pack.settings.get("no_capitals"):  # where a comma stands before every clause
        return False
    if tokens[0].keys & NO_SUBJECT or view.has("break", "that", "citing", "according", low=0, high=start):
        return False
    if governed(tokens, start) or view.has("rel", low=start, high=end):
        return False  # "according to a lawmaker who read the file"
    comma = next((j for j in range(end, len(tokens)) if tokens[j].form in (",", ";")), len(tokens))
    if view.has("that", low=end, high=comma) or tokens[end - 1].form.endswith((" that", " how")):
        return False
    told = any(tokens[j].kind and tokens[j].kind in OWN and not governed(tokens, j) for j in range(start - 1))
    return told and not view.has("S", "perfect", "be_being", low=end, high=comma) and "pronoun" not in tokens[end].keys


def _only_describes(view: View, i: int) -> bool:
    """Whether what is left of a sentence tells where or to whom ("before the committee", "…, a weekly in Bonn")."""
    tokens = view.tokens
    if i >= len(tokens) or len(tokens) > i + 8 or view.has("rel", "say", "find", "be_being", "S", "T", "and", low=i):
        return False
    return (tokens[i].form == "," and view.has("det", low=i + 1, high=i + 2)) or tokens[i].kind in ADDRESSED


def opening(view: View, i: int) -> int:
    """Where a stretch that ends before ``i`` begins: after the last hard stop or contrast."""
    for j in range(i - 1, -1, -1):
        if view.tokens[j].form in (";",) or ("contrast" in view.tokens[j].keys and j):
            return j
    return 0


def _noun_start(view: View, i: int) -> int:
    """Where the noun phrase of a speaker at ``i`` begins, when a comma stands shortly before it ("…, exiled reporters")."""
    for j in range(i - 1, max(-1, i - 5), -1):
        token = view.tokens[j]
        if token.form == ",":
            return j + 1
        counted = token.kind == "N" and view.tokens[j - 1].form != ","
        if counted or token.kind in ("D", "P", "S") or token.keys & NO_NOUN:
            return i
    return i


def opening_near(view: View, i: int) -> int:
    """Where the clause begins that a cue between commas stands in: behind a relative pronoun, a contrast or ", and"."""
    tokens = view.tokens
    for j in range(i - 2, -1, -1):
        if tokens[j].form == ";" or (j and tokens[j].keys & {"rel", "contrast"}):
            return j
        if "and" in tokens[j].keys and j and tokens[j - 1].form == ",":
            return j
    return 0


def cut(view: View, i: int) -> int:
    """Where a stretch that begins at ``i`` ends: at a hard stop or a contrast with a subject of its own."""
    tokens = view.tokens
    for j in range(i, len(tokens)):
        if tokens[j].form == ";":
            return j
        if (
            "contrast" in tokens[j].keys
            and j > i + 1
            and (tokens[j - 1].form in (",", "--") or "while" in tokens[j].keys)
            and not view.quoted[j]
        ):
            return j
    return len(tokens)


def date_of(view: View, start: int, end: int, back: bool = True) -> int | None:
    """The token that dates a cue: a date shortly behind it, or one that opens the clause before it; no span."""
    tokens = view.tokens
    for j in range(start, min(end + 6, len(tokens))):
        if _dated(tokens[j]):
            return j
        if j >= end and (tokens[j].keys & {"that", "break"} or tokens[j].form in (",", ":") or view.quoted[j]):
            break
    for j in range(start - 1, max(-1, start - 9), -1) if back else ():
        if _dated(tokens[j]):
            return j
        if tokens[j].keys & {"say", "break"} or tokens[j].form in (";", "--"):
            break
    return None


def _dated(token: Token) -> bool:
    return token.kind == "D" and "/" not in str(token.data["edtf"])
