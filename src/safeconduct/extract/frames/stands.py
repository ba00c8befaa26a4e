"""Whether what a rule of responses matched is said to have happened, and to somebody whom a response concerns."""

from __future__ import annotations

from ..grammar import Match, Rule
from ..saying import says_that_nothing
from ..tokens import Token
from ..view import View
from .asker import of_somebody
from .deeds import METHODS

PURSUED = frozenset(("arrest", "charge", "conviction", "search", "investigation", "expulsion"))
PERPETRATORS = ("perp", "m_surveillance", "m_killing", "m_attempted_killing", "m_assault", "m_threat", "m_intimidation")
VICTIMS = frozenset(("dissidents", "journalists", "diaspora", "family"))
LONG = 400  # tokens, more than any sentence has
SILENCE = ("respond", "silent", "unanswered", "nothing_said", "mute", "nothing_from")
ENVOYS = frozenset(("ambassador", "diplomats", "officials", "agents", "embassy"))


def stands(view: View, rule: Rule, match: Match, deed: int) -> bool:
    """Whether what matched is said to have happened, and to somebody whom a response concerns."""
    data, tokens, action = rule.data, view.tokens, str(rule.data["action"])
    aimed = action != "no_response" and _infinitive(view, deed)
    if view.question or (not data.get("modal") and (view.hypothetical(deed, match.end) or aimed)):
        return False
    if not data.get("negated") and (view.negated(deed) or view.has("neg", low=deed + 1, high=match.end)):
        return False
    if data.get("noun") and "person" in tokens[deed].keys and view.before_is(deed, "article"):
        return False  # "el condenado"
    if not data.get("negated") and view.before_is(deed, "unable", back=2):
        return False
    between = [tokens[j].keys for j in range(match.start + 1, match.end - 1)]
    if any("contrast" in keys and not ("in_contrast" in keys and action == "no_response") for keys in between):
        return False
    if data.get("envoy") and not _theirs(view, match):
        return False
    if data.get("people") and _on_others(view, match, deed):
        return False
    if action == "cease_and_desist" and of_somebody(view, deed):
        return False  # what an accused state demands of somebody it threatens
    if action in PURSUED and _its_own(view, deed):
        return False
    ordinary = view.where("ordinary_case", low=deed + 1, high=match.end + 6)
    if action in ("arrest", "charge") and any(not view.before_is(j, "exile_word") for j in ordinary):
        return False  # robbers, smugglers and spies, but not "refugee espionage"
    if _set_aside(view, match, deed, action) or (data.get("silence") and (view.negated(deed) or says_that_nothing(view, deed))):
        return False
    if data.get("continues") and not any(v.has(*SILENCE) for v in (view, view.before) if v is not None):
        return False
    if action == "no_response" and view.has("unable", low=match.start, high=match.end):
        return False
    if action == "monitoring" and any(victim(t) for t in tokens[deed + 1 : deed + 6]):
        return False  # the accused state watches people
    if view.pack.settings.get("no_capitals") and _theirs_before(view, match.start, deed, str(action)):
        return False
    if action == "legislation" and any(_accused(view, j) for j in range(match.start, match.end)):
        return False  # its own law
    return not (data.get("asked") and _asked_for(view, match.start, deed))


def _theirs_before(view: View, start: int, deed: int, action: str) -> bool:
    """Whether what stands before the deed makes it one of the accused state, or of somebody who is asked (Chinese)."""
    if action == "legislation":
        near = list(view.where("C", "G", "P", low=max(0, start - 12), high=start))
        return bool(near) and view.memory.state_of(view.tokens[near[-1]]) in view.memory.origins
    if action == "monitoring":
        by = next(view.where("by", low=max(0, deed - 9), high=deed), None)
        return by is not None and any(_accused(view, j) for j in range(by, deed))
    return action == "no_response" and view.before_is(start, "personal")


def _set_aside(view: View, match: Match, deed: int, action: str) -> bool:
    """Whether the words around a deed make another one of it, or say that it concerns somebody else."""
    tokens, end = view.tokens, match.end
    low, high = view.clause(deed)
    if action in ("arrest", "charge", "conviction") and view.has("unrelated", low=low, high=high + 6):
        return True  # "in a separate case"
    if view.pack.settings.get("verb_first"):
        if action == "expulsion" and view.has("unrelated", low=low, high=high + 6):
            return True
        if action == "investigation" and view.before_is(deed, "has_open", back=2) and _states_listed(view, low, deed):
            return True  # those who have it are named before
    p = match.kept.get("p", deed)
    joined = view.has("and", low=p, high=deed) and not view.has("be_being", low=p, high=deed)
    if action == "expulsion" and p < deed and joined:
        return True  # "withdrew its envoy and expelled"
    taken = tokens[deed].keys >= {"faces", "take_verb"} or view.before_is(deed, "take_verb")
    if action == "charge" and taken:
        return True  # "took charge"
    if action in ("charge", "conviction") and _those_accused(view, deed):
        return True
    if action in ("charge", "investigation") and view.has("drop", low=max(low, deed - 5), high=deed):
        return True  # "dropped the charge"
    if action in ("conviction", "charge") and view.has("max_term", low=max(low, deed - 8), high=deed + 1):
        return True  # what the law allows
    without = view.has("truth_word", low=deed - 3, high=deed) and view.has("neg", "nonexistent", low=deed - 5, high=deed)
    if action == "charge" and (without or _describes(view, deed)):
        return True  # "found no basis for prosecuting"
    if action == "conviction" and view.has("short_time", low=deed + 1, high=end + 2):
        return True  # "locked up for nine days"
    if action == "investigation" and view.has("pact_word", low=max(low, deed - 5), high=deed):
        return True  # an agreement is under scrutiny
    if action == "legislation" and view.has("modal", low=match.start, high=end):
        return True
    if action == "closure_order" and not view.has("S") and _consulate(view, deed):
        return True
    if action == "protective_measure" and (
        view.has("questioned_word", low=deed + 1, high=end + 6)
        or any(tokens[j].kind and _accused(view, j) for j in range(deed + 1, end))
    ):
        return True  # taken in for questioning, or run by the accused state
    return end < len(tokens) and "none_word" in tokens[end].keys  # "has imposed none"


def _states_listed(view: View, low: int, high: int) -> bool:
    """Whether a list of countries stands between two tokens."""
    return any(len(view.tokens[i].members) > 1 for i in view.where("C", low=low, high=high))


def _those_accused(view: View, deed: int) -> bool:
    """Whether a word names people ("dos de los procesados siguen huidos"), or lays a deed on a state ("imputa a Teherán")."""
    tokens = view.tokens
    after = tokens[deed + 1 : deed + 5]
    if "ascribe" in tokens[deed].keys:
        low = 2 if len(after) > 1 and "det" in after[1].keys else 1
        return bool(after) and "prep_to" in after[0].keys and any(t.kind in ("C", "P", "G") for t in after[low : low + 1])
    if "accused_person" not in tokens[deed].keys or "person" not in tokens[deed].keys or not deed:
        return False
    counted = tokens[deed - 1].kind == "N" or "det" in tokens[deed - 1].keys
    return counted and not (after and (after[0].keys & {"by", "blame", "inquiry_word"} or "for_what" in after[0].keys))


def _describes(view: View, deed: int) -> bool:
    """Whether a deed only tells which people are meant, in a clause that stands before them (Chinese)."""
    if not view.pack.settings.get("no_capitals") or "charged_sure" not in view.tokens[deed].keys:
        return False
    high = next((j for j in range(deed, len(view.tokens)) if view.tokens[j].form in (",", ";")), len(view.tokens))
    behind = view.where("poss", low=deed + 1, high=high)
    return any(view.has("person", "T", "one_person", low=j + 1, high=min(j + 5, high)) for j in behind)


def _its_own(view: View, deed: int) -> bool:
    """Whether the accused state itself does it: "Iranian agents seized", "back to Iran, where he has been jailed"."""
    tokens = view.tokens
    if deed and tokens[deed - 1].data.get("body") == "agents" and _accused(view, deed - 1):
        return True
    behind = (j - 2 if tokens[j - 1].form == "," else j - 1 for j in view.where("where_word", low=deed - 6, high=deed) if j > 1)
    return any(tokens[k].kind in ("C", "P") and _accused(view, k) for k in behind)


def _consulate(view: View, deed: int) -> bool:
    """Whether an embassy or consulate is what was closed: it stands right before the words for who wanted it."""
    return any(str(t.data.get("body")) == "embassy" for t in view.tokens[max(0, deed - 5) : deed])


def _infinitive(view: View, deed: int) -> bool:
    """Whether a deed is only aimed at: "to close", but not "began to close"."""
    if view.tokens[deed].form.startswith("to "):
        return True
    i = deed - 1
    while i >= 0 and "adverb" in view.tokens[i].keys and "perfect" not in view.tokens[i].keys:
        i -= 1
    return i >= 0 and "inf_to" in view.tokens[i].keys and not view.before_is(i, "begun_to", back=2)


def _asked_for(view: View, start: int, deed: int) -> bool:
    """Whether a thing is only called for: "urged an inquiry"."""
    low, _ = view.clause(start)
    if view.has("plea", low=max(low, start - 8), high=max(start, deed)):
        return True
    if not view.pack.settings.get("no_capitals"):
        return False
    here = list(view.where("urge", low=max(0, start - 20), high=deed))  # in Chinese nothing marks what is asked
    return bool(here) and not any(
        t.form == ";" or (t.form == "," and not view.has("ba_word", "fronts", low=k + 1, high=k + 2))
        for k, t in enumerate(view.tokens[here[-1] : deed], here[-1])
    )


def _theirs(view: View, match: Match) -> bool:
    """Whether the accused state or its envoys are addressed, or stand right beside what matched."""
    at = match.kept.get("p")
    if at is not None:
        token = view.tokens[at]
        known = token.kind in ("C", "G", "P", "A") and view.memory.state_of(token) in view.pack.set("origin_state")
        return known or _accused(view, at)
    return any(_accused(view, i) for i in range(max(0, match.start - 9), min(len(view.tokens), match.end + 8)))


def _accused(view: View, i: int) -> bool:
    """Whether a token stands for the accused state or one of its envoys."""
    token = view.tokens[i]
    if token.keys & {"envoy", "counterpart"}:
        return True
    return token.kind in ("G", "B", "C", "P", "A") and view.memory.state_of(token, view.tokens[:i]) in view.memory.origins


def _on_others(view: View, match: Match, deed: int) -> bool:
    """Whether something is done to people of whom the accused state would be rid: that is its own deed, no response."""
    tokens, at = view.tokens, match.kept.get("p")
    if view.has("handed_off") and not view.has(*PERPETRATORS) and not (at is not None and _accused(view, at)):
        return True
    if at is not None:
        envoy = "envoy" in tokens[at].keys or str(tokens[at].data.get("body")) in ENVOYS
        if at < deed and tokens[at].kind in ("G", "B") and not envoy:
            return True
        told = view.has("on_grounds", "rel", low=at + 1, high=at + 2)  # "a man who followed exiles was held"
        if at < deed and not told and any(t.kind == "T" for t in tokens[at + 4 : deed]):
            return True  # somebody nearer is meant
        if "pronoun" not in tokens[at].keys and "pronoun_object" not in tokens[at].keys:
            return any(victim(tokens[j]) for j in range(max(0, at - 2), _blame(view, at)))
    else:
        near = next((j for j in range(deed - 1, max(-1, deed - 8), -1) if tokens[j].kind == "T"), None)
        if near is None:
            near = next((j for j in range(deed + 1, min(deed + 5, len(tokens))) if tokens[j].kind == "T"), None)
        if near is not None:
            return victim(tokens[near])
        if not view.has("pronoun", "pronoun_object", low=deed - 4, high=deed + 3):
            return False
    return not view.has("perp") and _spoken_of(view, deed)


def _blame(view: View, at: int) -> int:
    """Where it begins of what people are accused ("a man with spying on exiles"), else three tokens on."""
    high = min(at + 4, len(view.tokens))
    return next(view.where(*_BLAME, low=at + 1, high=high), high)


_BLAME = ("accused_of", "for", "for_what", "on_grounds", "rel", "with", *(f"m_{method}" for method in METHODS))


def victim(token: Token) -> bool:
    return token.data.get("target") in VICTIMS or "victims_adj" in token.keys


def _spoken_of(view: View, deed: int) -> bool:
    """Whether the people last named before a pronoun are victims."""
    one: View | None = view
    high = deed
    for _ in range(2):
        if one is None:
            return False
        last = next((t for t in reversed(one.tokens[:high]) if t.kind == "T"), None)
        if last is not None:
            return victim(last)
        one, high = one.before, LONG
    return False
