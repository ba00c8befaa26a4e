"""Which words of a sentence name a state that acts across borders, and where such a name tells whose orders it were."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import chain

from ..pack import load
from ..tokens import Token
from ..view import STATE, View

PEOPLES = {"of_" + c.lower(): c for c in ("CN", "ET", "IN", "VN", "RU", "PK", "MM", "HK")}  # whose people some names tell of
NAMES = STATE.union(PEOPLES)


def code_of(view: View, j: int, wider: bool = False) -> str | None:
    """The accused state that a token names, if it does; ``wider``: any state known to act across borders."""
    return codes_of(view, wider).get(j)


def codes_of(view: View, wider: bool = False) -> Mapping[int, str]:
    """The tokens that name an accused state, and which, in order; ``wider``: any state known to act across borders."""
    found = view.codes.get(wider)
    if found is None:
        origins = view.pack.set("origin_state") if wider else view.memory.origins
        names = view.places[NAMES]
        some = [j for j, token in enumerate(view.tokens) if names >> j & 1 or " " in token.form]
        codes = {j: _named(view, view.tokens[j], origins, wider) for j in some}
        found = view.codes[wider] = {j: code for j, code in codes.items() if code}
    return found


def _named(view: View, token: Token, origins: Collection[str], wider: bool) -> str | None:
    if token.kind in ("", "T"):
        code = next((c for tag, c in PEOPLES.items() if tag in token.keys), None)
        if code is None and " " in token.form:
            code = _by_first_word(view.pack.language, token.form.split(" ", 1)[0])
        return code if code in origins else None
    if token.kind == "P":
        code = token.data.get("capital")
        return str(code) if code in origins else None
    if token.kind == "B":
        return view.memory.accused if token.data.get("body") in view.pack.set("body_of_accused") and not wider else None
    if token.kind not in STATE or envoy_in(view, token):
        return None
    return next((c for v in token.values for c in v.split("|") if c in origins), None)


@lru_cache(maxsize=4096)
def _by_first_word(language: str, word: str) -> str | None:
    """The state that the first word of a phrase tells of ("Chinese …", "Uyghur …")."""
    senses = load(language).root.get(word, {}).get("", ())
    named = (str(s.data["code"]) for s in senses if s.kind == "A")
    told = (c for tag, c in PEOPLES.items() if any(tag in s.tags for s in senses))
    return next(chain(named, told), None)


def linked(view: View, low: int, high: int) -> bool:
    """Whether an accused state, its people or its orders stand in a stretch."""
    if view.has("at_behest", "agent_word", low=low, high=high):
        return True
    if "CN" in view.memory.origins and any(m.value == "HK" for t in view.tokens[low:high] for m in t.members):
        return True
    near = range(low, high)
    return any(j in near for j in codes_of(view)) or any(j in near and acting(view, j) for j in codes_of(view, wider=True))


def acting(view: View, j: int) -> bool:
    """Whether a state's name stands where the one who gives the orders is named."""
    if view.before_is(j, "at_behest", back=2) or view.before_is(j, "agent_word", back=3):
        return True
    if view.has("agent_word", "order_noun", low=j + 1, high=j + 4) and "," not in (t.form for t in view.tokens[j + 1 : j + 3]):
        return True
    return "agent_word" in view.tokens[j].keys


def envoy_in(view: View, token: Token) -> bool:
    """Whether a token names an embassy or consulate by the place where it stands, not by the state that sent it."""
    if token.kind != "G":
        return False
    words, links = token.form.split(), view.pack.set("in_word")
    return not view.pack.set("envoy_post").isdisjoint(words) and not links.isdisjoint(words[1:])
