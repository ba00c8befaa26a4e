"""Who asks: verbs of urging with their subject, and the asserter that a subject stands for."""

from __future__ import annotations

from typing import NamedTuple

from ...claims import PUBLISHER, UNSPECIFIED
from ..said_by import attribute
from ..view import View

REACH = 60  # tokens that an asking reaches
ASKERS = frozenset(
    ("O", "M", "G", "B", "H", "T", "X", "C", "P", "pronoun", "we_ask", "asker_noun", "asker_body", "org_intro", "org_noun")
)
STATES = frozenset(("G", "B", "C", "P"))
CHAMBERS = ("asker_noun", "asker_body")
ASKING = (
    "parliament", "committee", "rapporteur", "ombuds", "human rights", "assembly", "senate", "congress", "caucus", "house of",
    "bundestag", "riksdag", "folketing", "oireachtas", "national council", "sejm", "knesset",
)  # fmt: skip


class Asking(NamedTuple):
    """An asking: who asks, the token where its quote begins, the one it is read from, and where it ends."""

    who: str
    start: int
    at: int
    stop: int


def stop_of(view: View, i: int) -> int:
    """Where an asking at ``i`` ends: at a hard stop or where a contrast begins."""
    for j in range(i + 1, min(len(view.tokens), i + REACH)):
        if (view.tokens[j].form == ";" and _lists_on(view, i, j)) or _as_long_as(view, j):
            continue
        if view.tokens[j].form == ";" or "contrast" in view.tokens[j].keys:
            return j
        if "urge" in view.tokens[j].keys and j > i + 2:
            at = subject_of(view, j)
            if at is not None and at > i and view.tokens[at].kind in ("O", "M", "H"):
                return at
    return min(len(view.tokens), i + REACH)


def _lists_on(view: View, i: int, j: int) -> bool:
    """Whether a semicolon parts the items of a list that a colon opens: "recomienda: a) …; b) …"."""
    colon = any(t.form == ":" for t in view.tokens[i:j])
    lists = view.pack.settings.get("verb_first") or view.pack.settings.get("place_first")
    return colon and bool(lists) and not view.has("urge", low=j, high=j + 9)


def _as_long_as(view: View, j: int) -> bool:
    """Whether a word that elsewhere makes a contrast tells how long: "que se congele mientras dure"."""
    return view.tokens[j].form in view.pack.set("as_long_as") and view.tokens[j - 1].form != ","


def urging(view: View, i: int) -> Asking | None:
    """An asking by a verb of urging."""
    low = view.clause(i)[0]
    if view.before_is(i, "neg", back=3) or view.has("if", low=low, high=i):
        return None
    at = i if "we_ask" in view.tokens[i].keys else subject_of(view, i)
    if at is None:
        at = _behind(view, i)
    if view.before_is(i, "poss") and i > 1:  # "at Ankara's request"
        if view.tokens[i - 2].kind in STATES:
            return None
        at = i - 2 if view.tokens[i - 2].kind == "O" else at
    if at is not None and view.before_is(i, "rel") and view.tokens[at].kind in ("T", "H"):
        return None  # people "who campaign for" something
    if _for_oneself(view, at, i) or of_somebody(view, i):
        return None
    hopes = view.tokens[i].form.startswith(tuple(view.pack.set("hoping")))
    if hopes and not view.has(*STATES, "addressee_noun", low=i + 1, high=i + 4):
        return None
    if view.before_is(i, "be_being", back=2):  # "governments are urged to"
        by = next(view.where("by", low=i, high=i + 3), None)
        at = next((j for j in view.where("O", "M", "H", low=by, high=by + 4)), None) if by is not None else None
        if by is None and not view.has("inf_to", "prep_to", low=i + 1, high=i + 3):
            return None
    who = _asker(view, at, i) or (_left_out(view, i) if at is None else None)
    if who is None:
        return None
    start = at if at is not None and i - at < 16 else max(low, i - 6)
    return Asking(who, min(start, i), i, stop_of(view, i))


def subject_of(view: View, i: int) -> int | None:
    """The nearest token to the left that can ask."""
    tokens = view.tokens
    for j in range(i - 1, max(-1, i - 24), -1):
        if tokens[j].form in (";", ":", "?"):
            return None
        if ASKERS.isdisjoint(tokens[j].keys):
            continue
        before = j - 2 if j > 1 and "det" in tokens[j - 1].keys else j - 1
        if before < 0 or not ("prep" in tokens[before].keys or _group_of(view, before)) or _asks_on(view, j, i):
            return j
    return None


def of_somebody(view: View, i: int) -> bool:
    """Whether a thing is asked of a person, not of a body, where a pronoun tells so ("要求她停止")."""
    return bool(view.pack.settings.get("no_capitals")) and view.has("personal", low=i + 1, high=i + 2)


def _for_oneself(view: View, at: int | None, i: int) -> bool:
    """Whether people ask for something for themselves: "pidió asilo"."""
    j = i + 2 if view.has("det", "adverb", low=i + 1, high=i + 2) else i + 1
    if not view.has("seek_self", low=j, high=j + 1):
        return False
    if at is None or view.tokens[at].kind == "T":
        return True
    return view.tokens[at].kind not in ("O", "M", "G") and view.tokens[at].keys.isdisjoint((*CHAMBERS, "we_ask"))


def _asks_on(view: View, j: int, i: int) -> bool:
    """Whether a clause that asks hangs on a token: "según el Colectivo, que exige"."""
    if not view.pack.settings.get("verb_first") or view.tokens[j].kind in STATES:
        return False
    return any(view.tokens[k].form == "," and "rel" in view.tokens[k + 1].keys for k in range(j + 1, min(j + 3, i - 1)))


def _behind(view: View, i: int) -> int | None:
    """Who asks where the subject stands behind the verb: "lo que pide Amnistía", "reclama la coalición"."""
    if not view.pack.settings.get("verb_first") or view.tokens[i].form.split(" ")[-1] in view.pack.set("governing"):
        return None
    for j in range(i + 1, min(i + 4, len(view.tokens))):
        token = view.tokens[j]
        if token.kind in ("O", "M", "H") or token.keys & {*CHAMBERS, "org_intro"}:
            return j
        if "prep" in token.keys or not token.keys & {"det", "adverb", "also"}:
            return None
    return None


def _left_out(view: View, i: int) -> str | None:
    """Who asks where the verb opens a clause without a subject: whoever may ask and was named last."""
    first = view.clause(i)[0]
    opens = view.tokens[first:i]
    if not view.pack.settings.get("pro_drop") or any(t.kind not in ("", ".") or t.keys & {"prep", "rel"} for t in opens):
        return None
    here: View | None = view
    high = first
    while here is not None and here.paragraph >= view.paragraph - 1:
        for j in sorted(here.where("O", "M", "H", *"GBC", *CHAMBERS, high=high), reverse=True):
            token = here.tokens[j]
            if token.kind not in ("O", "M") and here.before_is(j, "prep", back=2):
                continue  # not the subject
            if token.kind in STATES:
                return here.memory.asserter(token, here.tokens[:j]) if may_ask(here, j) else None
            who = here.memory.asserter(token, here.tokens[:j]) if token.kind else None
            return who if who and not who.startswith("state:") else here.memory.org or here.memory.first_org or UNSPECIFIED
        if here is not view:
            return None
        here = here.before
        high = len(here.tokens) if here is not None else 0
    return None


def first_asker(view: View, i: int) -> str | None:
    """The organisation or chamber that the clause of a token names first, before it, and no preposition governs: it asks."""
    for j in view.where("O", "G", low=view.clause(i)[0], high=i):
        if view.before_is(j, "prep", back=2) or (view.tokens[j].kind == "G" and not may_ask(view, j)):
            return None
        return view.memory.asserter(view.tokens[j], view.tokens[:j])
    return None


def _group_of(view: View, j: int) -> bool:
    """Whether a token is a group and its "of" in one ("an alliance of")."""
    return "org_noun" in view.tokens[j].keys and " " in view.tokens[j].form


def may_ask(view: View, j: int) -> bool:
    """Whether a state's organ is one that asks governments: a parliament, an ombudsman."""
    token = view.tokens[j]
    body = str(token.data.get("body") or "").casefold()
    return (
        body == "parliament"
        or bool(token.keys & {"asker_body", "committee"})
        or any(w in body for w in view.pack.set("asking_body") or ASKING)
    )


def _asker(view: View, at: int | None, i: int) -> str | None:
    """The asserter that the subject of a verb of urging stands for; None when it is none that asks so."""
    memory = view.memory
    said, _ = attribute(view, i)
    spoken = said.asserted_by if not said.asserted_by.startswith("state:") else None
    to = view.has(*STATES, "O", "addressee_noun", low=i + 1, high=i + 5)
    if at is None:
        if spoken not in (None, UNSPECIFIED, PUBLISHER):
            return spoken
        return memory.org or UNSPECIFIED if to else None
    token = view.tokens[at]
    if "we_ask" in token.keys:
        return spoken if spoken not in (None, UNSPECIFIED) else view.speaker or PUBLISHER
    if token.kind in STATES:
        who = memory.asserter(token, view.tokens[:at])
        return who if may_ask(view, at) and who != f"state:{memory.accused}" else None
    if (member := _member_of(view, at)) is not None:
        return memory.asserter(view.tokens[member], view.tokens[:member])
    if "asker_body" in token.keys and not token.kind:
        owner = next(view.where("A", "C", low=at - 2, high=at), None)
        return memory.asserter(view.tokens[owner]) if owner is not None else memory.org or UNSPECIFIED
    who = memory.asserter(token, view.tokens[:at]) if token.kind or "pronoun" in token.keys else None
    if who and who.startswith("state:"):
        if not token.keys & {"pronoun"}:
            return None
        if earlier := _asked_before(view):
            return earlier
        if "personal" not in token.keys and (chamber := _chamber(view, at)) == who:
            return chamber
        if not memory.org or not _named_near(view):
            return None
        who = memory.org
    if who in (None, UNSPECIFIED) and "pronoun" in token.keys and not memory.org and (memory.body or "").startswith("org:"):
        return memory.body
    if who in (None, UNSPECIFIED) and token.keys & {"asker_noun", "pronoun"} and (chamber := _chamber(view, at)):
        return chamber
    if who in (None, UNSPECIFIED) and (to or token.keys & {"asker_noun", "org_noun", "org_intro", "pronoun"}):
        who = memory.org or memory.first_org or UNSPECIFIED
    return who


def _member_of(view: View, at: int) -> int | None:
    """The organisation that somebody at token ``at`` speaks for ("Amnesty's commissioner", "a witness from Freedom House")."""
    if view.tokens[at].kind not in ("", "H", "T") or "pronoun" in view.tokens[at].keys:
        return None
    if view.before_is(at, "poss") and at > 1 and view.tokens[at - 2].kind == "O":
        return at - 2
    return next((k for k in view.where("O", low=at + 2, high=at + 4) if view.before_is(k, "prep", "det", back=2)), None)


def _chamber(view: View, i: int) -> str | None:
    """The parliament or committee named last before token ``i`` or in the two sentences before: its members may ask."""
    here: View | None = view
    end = i
    for _ in range(3):
        if here is None or here.paragraph < view.paragraph - 1:
            return None
        for j in sorted(here.where("G", "O", high=end), reverse=True):
            token = here.tokens[j]
            if token.kind == "O" or not may_ask(here, j):
                return None
            return here.memory.asserter(token, here.tokens[:j])
        here = here.before
        end = len(here.tokens) if here is not None else 0
    return None


def _asked_before(view: View) -> str | None:
    """Who asked something in one of the two sentences before, when somebody did: "they" may be the same."""
    here = view.before
    for _ in range(2):
        if here is None or here.paragraph < view.paragraph - 1:
            return None
        for i in here.where("urge"):
            at = subject_of(here, i)
            if at is not None and "pronoun" not in here.tokens[at].keys and (asking := urging(here, i)):
                return asking.who
        here = here.before
    return None


def _named_near(view: View) -> bool:
    """Whether an organisation is named in the sentence or one of the two before, of the same paragraph or the last."""
    here: View | None = view
    for _ in range(3):
        if here is None or here.paragraph < view.paragraph - 1:
            return False
        if here.has("O"):
            return True
        here = here.before
    return False
