"""Whether what is told is called false: "it is not true that …", "dismissed reports that …", "there is no …"."""

from __future__ import annotations

from .view import Draft, View

DEEDS = frozenset(("site", "incident", "agreement", "operator", "response"))  # kinds of which one may say that they are not so
REFUSALS = ("deny", "reject", "dismiss")
FAR = 12  # tokens between the word for "false" and what is


def untrue(view: View, draft: Draft) -> bool:
    """Whether who asserts a draft says that it is false."""
    if draft.stance == "denies":
        return True
    if draft.kind not in DEEDS:
        return False
    at = min(max(draft.at, 0), len(view.tokens) - 1)
    return _before(view, at) or _behind(view, at) or (draft.kind == "site" and _none(view, draft))


def _before(view: View, at: int) -> bool:
    """Whether a word for "false" governs the clause that a token stands in."""
    for j in view.where("untrue", "truth_word", *REFUSALS, low=at - FAR, high=at):
        if "truth_word" in view.tokens[j].keys and not view.before_is(j, "nonexistent", "neg"):
            continue
        between = view.tokens[j + 1 : at]
        named = view.tokens[j].form.endswith(" that") or any("that" in t.keys or t.form.endswith(" that") for t in between)
        if named and not any(t.form in (",", ";", ":") or t.keys & {"contrast", "and"} for t in between):
            return True
    return False


def _behind(view: View, at: int) -> bool:
    """Whether what was told is taken up and called false: "…: that version is untrue"."""
    words = view.where("untrue", low=at + 1)
    return any(view.before_is(j, "be_being", back=2) and view.has("claim_noun", low=at + 1, high=j) for j in words)


def _none(view: View, draft: Draft) -> bool:
    """Whether it is said that there is no such station."""
    near = view.where("nonexistent", low=draft.at - 6, high=draft.at + 1)
    return any(not view.has("break", "truth_word", low=j, high=draft.at) for j in near)
