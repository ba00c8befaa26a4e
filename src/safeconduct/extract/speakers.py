"""The speaker of a verb of saying: its subject, those who speak with it, and the medium that was told."""

from __future__ import annotations

from collections.abc import Sequence

from ..claims import UNSPECIFIED
from .memory import governed
from .tokens import Token
from .view import View

OWNERS = frozenset("GBOM")
SPEAKERS = ("G", "B", "C", "P", "O", "M", "X", "H", "T", "pronoun")
HARD_STOP = frozenset((";", ":", "?", "("))


def speaker_at(view: View, i: int, aside: bool = False) -> str | None:
    """The asserter that a speaker at token ``i`` stands for; an organ of no named state is that of the state named after it.

    ``aside``: between commas, where a pronoun stands for nobody that the same clause is about ("France, it says, has …").
    """
    token = view.tokens[i]
    who = view.memory.asserter(token, () if aside and token.keys & {"pronoun", "its_their"} else view.tokens[:i])
    if who == UNSPECIFIED and token.kind == "B":
        codes = (c for j in view.where("G", "C", "P", low=i + 1) for c, _ in view.states(view.tokens[j], j))
        code = next((c for c in codes if c not in view.memory.origins), None)
        who = f"state:{code}" if code else who
    return who


def told_medium(view: View, verb: int) -> tuple[str, ...]:
    """The medium that was told, right behind a verb such as "told"."""
    if "told" not in view.tokens[verb].keys:
        return ()
    for j in range(verb + 1, min(verb + 4, len(view.tokens))):
        token = view.tokens[j]
        if token.kind == "M" and not token.data.get("anaphor"):
            who = view.memory.asserter(token, view.tokens[:j])
            return (who,) if who and who != UNSPECIFIED else ()
        if token.kind or "that" in token.keys:
            break
    return ()


def speaker_of(view: View, i: int) -> int | None:
    """The speaker of a verb of saying at ``i``."""
    tokens, j, commas, relative = view.tokens, i - 1, 0, False
    owner: int | None = None
    if j > 0 and "and" in tokens[j].keys and (first := _first_speaker(view, j)) is not None:
        return first  # "X said … and added": the subject is shared
    while j >= 0 and i - j < 32:
        token = tokens[j]
        if token.form == ")" and (k := next((k for k in range(j - 1, max(-1, j - 12), -1) if tokens[k].form == "("), None)):
            j = k - 1  # past what stands in parentheses
            continue
        if token.form in HARD_STOP:
            return owner
        commas += token.form == ","
        if "rel" in token.keys and j:
            j, relative = j - 1, True
            continue
        if token.kind == "P" and not token.data.get("capital"):
            j -= 1
            continue
        if token.kind in SPEAKERS or not token.keys.isdisjoint(("pronoun", "teller")):
            near = i - j <= 4 or commas > 0 or view.has("and", low=j, high=i) or not view.has("S", low=j, high=i)
            people = token.kind == "T" or "teller" in token.keys
            if people and i - j > 3 and not _with_relative(tokens, j, i) and not _opens(view, j, i):
                near = False
            if "teller" in token.keys and not agree(view, j, i):
                near = False
            owns = j + 1 < i and "poss" in tokens[j + 1].keys
            if near and not owns and not _addressed(view, j) and (relative or not governed(tokens, j)):
                told = token.kind in ("T", "X", "H") and tokens[i - 1].form == "," and view.pack.settings.get("speaker_first")
                if told and (first := _first_speaker(view, j)) is not None:
                    return first  # "police arrest a man, and say": not the man
                held = token.kind == "X" and j > 1 and tokens[j - 2].kind in "GB" and tokens[j - 1].cap
                return j - 2 if held and not tokens[j - 1].kind else _first_of(view, j)
            if owner is None and j + 1 < i and "poss" in tokens[j + 1].keys and token.kind in OWNERS and i - j < 7:
                owner = j  # "the force's Quebec division said"
            if token.kind == "C" and j > 2 and i - j < 9 and tokens[j - 1].form == "," and "poss" in tokens[j + 1].keys:
                return j  # "…, Kenya's principal secretary said"
        j -= 1
    return owner


def _opens(view: View, j: int, verb: int) -> bool:
    """Whether people open a sentence as the subject of a verb some words on ("Un vendedor de té asentado en X contó que")."""
    tokens = view.tokens
    if any(t.form == "," for t in tokens[j:verb]):
        return False
    start = next((k for k in range(j - 1, max(-1, j - 3), -1) if "det" in tokens[k].keys), j)
    first = start < 2 or tokens[start - 1].kind == "."
    if not view.pack.settings.get("verb_first"):
        return first and not tokens[j + 1].keys.isdisjoint(("living", "rel", "prep"))  # "A woman living in P said"
    if not agree(view, j, verb):
        return False
    return first and not any(tokens[k].kind in SPEAKERS and tokens[k].kind not in ("P", "C") for k in range(j + 1, verb))


def agree(view: View, j: int, verb: int) -> bool:
    """Whether people and a verb are both one or both several, in a language where both tell ("los vecinos cuentan")."""
    if view.tokens[j].kind not in ("", "T", "H") or "pronoun" in view.tokens[j].keys:
        return True
    forms = [t.form for t in view.tokens[max(0, verb - 2) : verb + 1]]
    finite = next((f for f in forms if f in view.pack.set("auxiliary")), forms[-1]).split(" ")[0]
    return finite.endswith("n") == view.tokens[j].form.endswith("s")


def _with_relative(tokens: Sequence[Token], j: int, verb: int) -> bool:
    """Whether only a relative clause between commas stands between people and a verb ("one exile, who lives in Oslo, said")."""
    return tokens[j + 1].form == "," and "rel" in tokens[j + 2].keys and tokens[verb - 1].form == ","


def _addressed(view: View, j: int) -> bool:
    """Whether what stands at a token is told something ("told the daily X that callers had threatened …")."""
    if view.pack.settings.get("verb_first") or view.pack.settings.get("no_capitals"):
        return False
    k = j - 1
    while k > 0 and not view.tokens[k].kind and view.tokens[k].keys & {"det", "media_intro", "media_adj"}:
        k -= 1
    return k > 0 and "told" in view.tokens[k].keys and not view.before_is(k, "be_being", back=2)


def _first_of(view: View, j: int) -> int:
    """The first of several organisations or media that speak together ("A, B and C found"); ``j`` is the last of them."""
    tokens = view.tokens
    while tokens[j].kind in ("O", "M"):
        k = j - 1
        while k > 0 and (tokens[k].form == "," or "and" in tokens[k].keys):
            k -= 1
        if k == j - 1 or tokens[k].kind not in ("O", "M"):
            break
        if "M" in (tokens[k].kind, tokens[j].kind) and "and" not in tokens[j - 1].keys:
            break  # "in an interview with a newspaper, the group said"
        j = k
    return j


def _first_speaker(view: View, high: int) -> int | None:
    """The first token before ``high`` that can be the subject of the sentence."""
    low = max((k + 1 for k in range(high) if view.tokens[k].form in HARD_STOP), default=0)
    for k in range(low, high):
        if (view.tokens[k].kind in SPEAKERS or "pronoun" in view.tokens[k].keys) and not governed(view.tokens, k):
            return None if "poss" in view.tokens[k + 1].keys else k
        if "say" in view.tokens[k].keys:
            return None
    return None
