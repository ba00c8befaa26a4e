"""Verbs of saying that stand behind what is said and before their subject: "…, afirmó ayer ante la prensa el ministro"."""

from __future__ import annotations

from collections.abc import Sequence

from ..claims import PUBLISHER, UNSPECIFIED
from .memory import governed
from .speakers import SPEAKERS, agree
from .stretch import Cue, cut, date_of, opening, opening_near
from .view import View

FAR = 14  # tokens between such a verb and its subject
NOT_SAID = frozenset(("neg", "be_being", "modal"))
ASIDE = frozenset(("body", "hedge", "alleged", "charged-with", "accused-passive", "told-front", "spoke-to"))
SMALL = frozenset(("adverb", "prep", "det", "poss", "venue", "told_front", "also", "city_word", "paper_adj", "month_prep"))


def behind(view: View, i: int, found: Sequence[Cue]) -> Cue | None:
    """The cue of a verb at ``i`` behind a comma, a dash or a quotation, whose subject follows it or goes unsaid."""
    tokens = view.tokens
    first = i
    while first > 1 and i - first < 3 and tokens[first - 1].keys & {"adverb", "as"} and not tokens[first - 1].kind:
        first -= 1
    if not first or not _parted(view, first, i):
        return None
    clause = i + 2 < len(tokens) and "de" in tokens[i + 1].keys and "that" in tokens[i + 2].keys  # "informó de que …"
    opens = clause or tokens[i].form.split(" ")[-1] in view.pack.set("clause_word")
    if opens or tokens[i].keys.isdisjoint(("say", "say_clause")) or _goes_on(view, first):
        return None
    if tokens[i].form.startswith("no ") or not NOT_SAID.isdisjoint(tokens[i - 1].keys) or impersonal(view, i):
        return None
    stop = next((j for j in range(i + 1, min(len(tokens), i + FAR)) if _stops(view, j)), min(len(tokens), i + FAR))
    if stop < len(tokens) and (tokens[stop].form in (":", "(") or ("that" in tokens[stop].keys and stop == i + 1)):
        return None
    at = _subject(view, i, stop)
    if at is not None and stop < len(tokens) and stop == at + 1 and "that" in tokens[stop].keys:
        return None  # "…, añadió el ministro que"
    via: tuple[str, ...] = ()
    if at is None:
        who = _unsaid(view, i, stop, found)
    else:
        who = view.memory.asserter(tokens[at], tokens[:at])
        via = tuple(m for j in range(i + 1, stop) if j != at and (m := _medium(view, j)) and m != who)
    if not who:
        return None
    end = next(
        (j for j in range(i + 1, len(tokens)) if tokens[j].kind == "." or (j > stop and "rel" in tokens[j].keys)), len(tokens)
    )
    if end < len(tokens) and tokens[end].form in (":", "("):
        end = next((j for j in range(end, len(tokens)) if tokens[j].form in (",", ";", ")")), len(tokens))
    date = date_of(view, first, max(end, i + 1), back=False)
    if end >= len(tokens) - 1 or tokens[end].form == ";":
        return Cue(who, opening(view, first), first, (first, end), "after", via, date)
    return Cue(who, opening_near(view, first), cut(view, end), (first, end), "between", via, date)


def _subject(view: View, verb: int, stop: int) -> int | None:
    """The subject behind a verb, with no object between them but what prepositions govern."""
    tokens = view.tokens
    for j in range(verb + 1, stop):
        if speaks(view, j) and not governed(tokens, j):
            return j if agree(view, j, verb) else None
        if tokens[j].kind in ("N", "S"):
            return None
        if "det" in tokens[j].keys and not tokens[j].kind and tokens[j - 1].keys.isdisjoint(("prep", "det")):
            after = next((k for k in range(j + 1, min(j + 4, stop)) if speaks(view, k)), None)
            if after is None or view.has("prep", low=j, high=after):
                return None
    return None


def _goes_on(view: View, first: int) -> bool:
    """Whether a verb goes on with a subject behind which something stands between commas ("La ONG, con sede en X, afirma")."""
    tokens = view.tokens
    if tokens[first - 1].form != ",":
        return False
    comma = next((j for j in range(first - 2, 0, -1) if tokens[j].form in (",", ";", ":")), None)
    if comma is None or tokens[comma].form != "," or not speaks(view, comma - 1) or governed(tokens, comma - 1):
        return False
    return not view.has("say", "find", low=0, high=comma) or all("det" in t.keys or t.kind for t in tokens[:comma])


def impersonal(view: View, i: int) -> bool:
    """Whether a verb says that something is said, by nobody in particular: "se informó", "se le imputó"."""
    tokens = view.tokens
    k = i - 1
    while k >= 0 and tokens[k].form in view.pack.set("before_verb"):
        k -= 1
    return k >= 0 and tokens[k].form in view.pack.set("reflexive")


def speaks(view: View, j: int) -> bool:
    """Whether what stands at a token may be who speaks."""
    token = view.tokens[j]
    return token.kind in SPEAKERS or not token.keys.isdisjoint(("pronoun", "teller"))


def _parted(view: View, first: int, verb: int) -> bool:
    """Whether a verb and the small words before it stand behind a comma, a dash or the end of a quotation."""
    before = view.tokens[first - 1]
    if view.quoted[first - 1] and not view.quoted[verb]:
        return True
    return before.form == "--" or (before.form == "," and first > 1)


def _stops(view: View, j: int) -> bool:
    token = view.tokens[j]
    if token.kind == "." or not token.keys.isdisjoint(("that", "rel")):
        return True
    return "say" in token.keys and not token.kind and view.tokens[j - 1].keys.isdisjoint(("prep", "det"))


def _medium(view: View, j: int) -> str | None:
    """The medium at a token, to which somebody speaks."""
    token = view.tokens[j]
    if token.kind != "M" or token.data.get("anaphor") or not governed(view.tokens, j):
        return None
    who = view.memory.asserter(token, view.tokens[:j])
    return who if who and who.startswith("media:") else None


def _unsaid(view: View, i: int, stop: int, found: Sequence[Cue]) -> str | None:
    """Who goes on speaking where a verb has no subject: who spoke before in the sentence, else in the one before it."""
    tokens = view.tokens
    if stop < len(tokens) and tokens[stop].form not in (",", ";", ")", "--"):
        return None
    if i + 1 < stop:
        after = tokens[i + 1]
        if after.kind != "D" and after.keys.isdisjoint(("adverb", "prep", "also", "told_front")):
            named = "det" in after.keys and i + 2 < stop and not tokens[i + 2].kind and not view.has("N", "S", low=i, high=stop)
            return UNSPECIFIED if named and "its_their" not in after.keys else None  # "explica el cuerpo"
        if any(t.kind in ("N", "S") for t in tokens[i + 1 : stop]):
            return None
    part = next((j for j in range(i, 0, -1) if tokens[j].form in (":", ";")), 0)
    if part and (at := next((j for j in range(part) if speaks(view, j) and not governed(tokens, j)), None)) is not None:
        who = view.memory.asserter(tokens[at], tokens[:at])
        if who and who.startswith(("org:", "media:")):
            return who  # "Los autores no lo creen: varias oficinas, replican, …"
    told = [c for c in found if c.at[0] < i and c.rule not in ASIDE and c.who not in (UNSPECIFIED, PUBLISHER)]
    if told:
        return max(told, key=lambda c: c.at[0]).who
    return view.memory.last_teller(tokens[i].form)
