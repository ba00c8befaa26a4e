"""Who does it where a language puts the actor behind the verb, or leaves it out.

Spanish says "lo apresó la policía de Costa Rica" and "En octubre convocó al cónsul"; packs of such languages set
``verb_first`` and list the endings of finite verbs (``finite_ending``).
"""

from __future__ import annotations

from ..grammar import Match
from ..view import View

STATE = frozenset("GBCPA")
NAMED = frozenset("OMGBCTXH")
ENVOYS = frozenset(("ambassador", "diplomats", "officials", "agents", "embassy"))
SMALL = frozenset(("adverb", "be_being", "neg", "modal", "perfect", "also", "inf_to", "begun_to"))


def behind(view: View, match: Match, deed: int) -> int | None:
    """The host's organ behind an active verb, unless another actor stands right before it."""
    tokens = view.tokens
    if not view.pack.settings.get("verb_first"):
        return None
    if deed and tokens[deed - 1].keys & {"det", "prep"} and not tokens[deed - 1].keys & {"adverb", "pronoun_object"}:
        return None  # a noun
    for i in dict.fromkeys((deed, max(deed, match.end - 1))):
        j = i + 1
        while (
            j < len(tokens)
            and j - i < 4
            and not tokens[j].kind
            and tokens[j].keys & {"det", "adverb", "organ_adj"}
            and "prep" not in tokens[j].keys
        ):
            j += 1
        if (
            j < len(tokens)
            and tokens[j].kind in ("G", "B")
            and str(tokens[j].data.get("body")) not in ENVOYS
            and _host(view, j)
        ):
            return None if _right_before(view, deed) else j
    return None


def dropped(view: View, deed: int) -> str | None:
    """The state whose organ was named last, for a finite verb that has no subject in its clause."""
    endings = view.pack.set("finite_ending")
    word = view.tokens[deed].form.partition(" ")[0]
    if not endings or not word.endswith(tuple(endings)) or view.before is None:
        return None
    if (
        deed
        and view.tokens[deed - 1].keys & {"det", "prep", "rel"}
        and not view.tokens[deed - 1].keys & {"adverb", "pronoun_object"}
    ):
        return None
    low = view.clause(deed)[0]
    if any(not t.keys.isdisjoint(NAMED) for t in view.tokens[low:deed]):
        return None
    if low and (said := _before_mark(view, low)):
        return said
    last = next((t for t in reversed(view.before.tokens) if t.kind in ("G", "B", "O", "M")), None)
    code = view.memory.state
    if last is None or last.kind in ("O", "M") or not code or code in view.memory.origins:
        return None
    return code if view.memory.state_of(last) == code else None


def _before_mark(view: View, low: int) -> str | None:
    """The state that is the one subject before a colon or semicolon: "Irlanda se adelantó: en octubre ordenó cerrar"."""
    tokens = view.tokens
    if not any(t.form in (":", ";") for t in tokens[max(0, low - 1) : low + 1]):
        return None
    start = next((k + 1 for k in range(low - 2, -1, -1) if tokens[k].form in (":", ";")), 0)
    named = [k for k in range(start, low) if not tokens[k].keys.isdisjoint(NAMED)]
    if len(named) != 1 or named[0] - start > 2 or tokens[named[0]].kind not in ("C", "G", "B", "P"):
        return None
    if tokens[named[0]].kind == "P" and not tokens[named[0]].data.get("capital"):
        return None
    codes = [c for c, _ in view.states(tokens[named[0]], named[0])]
    return codes[0] if len(codes) == 1 and codes[0] not in view.memory.origins else None


def _host(view: View, i: int) -> bool:
    origins = view.memory.origins
    return any(c not in origins or (c != view.accused and c in view.memory.named) for c, _ in view.states(view.tokens[i], i))


def _right_before(view: View, deed: int) -> bool:
    """Whether an actor stands right before the verb."""
    j = deed - 1
    while j >= 0 and view.tokens[j].keys & SMALL and not view.tokens[j].kind:
        j -= 1
    if j < 0 or view.tokens[j].kind not in STATE:
        return False
    return not (j and "prep" in view.tokens[j - 1].keys) and not (
        j > 1 and "det" in view.tokens[j - 1].keys and "prep" in view.tokens[j - 2].keys
    )
