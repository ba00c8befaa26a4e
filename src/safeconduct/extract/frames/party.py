"""Whose position it is: the party that speaks what stands at a token, by cues, subjects and the sentences before."""

from __future__ import annotations

from typing import NamedTuple

from ...claims import slugify
from ..memory import checked
from ..view import View

STATES = ("G", "B", "C", "P")
ACTORS = frozenset(("G", "B", "C", "P", "O", "H", "T", "pronoun", "accused_person", "suspect_org", "their_office", "org_folk"))
SPEAKERS = ACTORS - {"org_folk"} | {"A", "M", "X"}
ACCUSED = "accused"
HOSTS_OWN = frozenset(("police", "interior ministry", "home office", "justice ministry", "government", "mayor", "city council"))
SILENT = frozenset(
    ("court", "prosecutors", "parliament", "intelligence service", "domestic intelligence service", "security service")
)


class Voice(NamedTuple):
    """Whose position it is, who asserts it, and the token that names them."""

    party: str
    asserter: str | None
    at: int


def subject(view: View, i: int) -> int | None:
    """The nearest actor to the left of token ``i`` that neither a preposition governs nor a possessive follows."""
    tokens = view.tokens
    for j in range(i - 1, max(-1, i - 40), -1):
        token = tokens[j]
        if token.form in (";", ":") or (token.form == "--" and i - j > 1 and not view.has("--", high=j)):
            return None
        if ACTORS.isdisjoint(token.keys):
            continue
        before = j - 2 if j > 1 and "det" in tokens[j - 1].keys else j - 1
        free = before < 0 or "prep" not in tokens[before].keys or (before == 0 and tokens[0].form == "as")
        if free and "poss" not in tokens[j + 1].keys:
            return j
    return None


def owner(view: View, i: int) -> int | None:
    """The state whose "promise", "denial" or "line" stands at token ``i`` ("Beijing's earlier promise")."""
    for j in range(i - 1, max(0, i - 4), -1):
        if "poss" in view.tokens[j].keys and view.tokens[j - 1].kind in STATES:
            return j - 1
    return None


def accused_like(view: View, code: str | None, wide: bool = False) -> bool:
    """Whether a state acts abroad in this document, or is one that usually does (``wide``: the one at home too)."""
    memory = view.memory
    if not code:
        return False
    if code in memory.origins or code in memory.others or code == memory.accused:
        return True
    return code in view.pack.set("origin_state") and (wide or code not in (memory.home, memory.likely))


def accused_near(view: View, i: int) -> str | None:
    """The accused state named last before token ``i`` or in the sentences before, else the document's."""
    here: View | None = view
    end, steps = i, 0
    while here is not None and steps < 3:
        for j in range(min(end, len(here.tokens)) - 1, -1, -1):
            token = here.tokens[j]
            if token.kind in ("C", "A", "G") and len(token.members) == 1:
                code = here.memory.state_of(token)
                if accused_like(here, code):
                    return code
        here, steps = here.before, steps + 1
        end = len(here.tokens) if here is not None else 0
    return view.memory.accused


def state_at(view: View, j: int, level: int) -> str | None:
    """The state that a token speaks for; envoys, and at ``level`` 2 ministries of no state, are the accused state's."""
    token = view.tokens[j]
    if token.kind not in ("G", "B", "C", "P", "A") or (token.kind == "P" and not token.data.get("capital")):
        return None
    codes = view.states(token, j)
    code = codes[0][0] if codes else None
    if token.kind == "B" and (named := _whose(view, j)):
        return named
    if token.kind == "B" and _possessed(view, j):
        return _leading(view, j) or accused_near(view, j) or code
    if accused_like(view, code):
        return code
    if token.kind == "B":
        for k in view.where("P", low=0, high=j):
            near = k < 3 or not any(t.form == "," for t in view.tokens[k:j])
            if near and view.before_is(k, "prep_in") and accused_like(view, view.memory.state_of(view.tokens[k])):
                return view.memory.state_of(view.tokens[k])
    if level and token.kind == "B" and token.data.get("body") not in SILENT and j and view.tokens[j - 1].form == ",":
        for k in view.where("G", "C", low=0, high=j):  # "Turkish agents acted within the law, the foreign minister said"
            if accused_like(view, named := view.memory.state_of(view.tokens[k])):
                return named
    place = next(view.where("P", low=j + 2, high=j + 3), None) if token.kind == "B" else None
    if place is not None and view.has("prep_in", low=j + 1, high=place):  # "the police in Lishui"
        town = view.memory.country_of(view.tokens[place])
        if accused_like(view, town):
            return town
    body = token.data.get("body")
    envoy = token.kind in ("G", "B") and (body in view.pack.set("body_of_accused") or body == "state media")
    ministry = level > 1 and token.kind == "B" and body not in SILENT
    if envoy or (ministry and (body not in HOSTS_OWN or _opens(view, j))):
        return accused_near(view, j) or code
    return code


def envoy_like(view: View, j: int) -> bool:
    """Whether a token, if it is an organ of no named state, is an envoy or possessed, and so the accused state's."""
    token = view.tokens[j]
    if token.kind != "B":
        return True
    return token.data.get("body") in view.pack.set("body_of_accused") or _possessed(view, j) or "spokes" in token.keys


def _possessed(view: View, j: int) -> bool:
    """Whether "its", "his" or the like stands before an organ."""
    if view.before_is(j, "its_their") or (view.before_is(j, "poss") and view.before_is(j - 1, "countries")):
        return True
    return view.tokens[j].form.split(" ", 1)[0] in view.pack.tables["tags"].get("its_their", ())


def _whose(view: View, j: int) -> str | None:
    """The state whose organ stands at ``j`` ("Beijing, whose foreign ministry …")."""
    if not view.before_is(j, "whose") or j < 3:
        return None
    near = (k for k in (j - 2, j - 3) if view.tokens[k].kind in ("C", "P", "G"))
    return next((code for k in near for code, _ in view.states(view.tokens[k], k)), None)


def _leading(view: View, j: int) -> str | None:
    """The state that is the subject of the sentence, or of the one before where "its police" begins the next one."""
    here = view if j > 1 else view.before
    if here is None or here.paragraph != view.paragraph or here.tokens[0].kind not in ("C", "P"):
        return None
    codes = here.states(here.tokens[0], 0)
    if len(codes) != 1 or (here is not view and "poss" in here.tokens[1].keys):
        return None
    return codes[0][0] if here is not view or not here.memory.origin_in(here.tokens[1:j]) else None


def _opens(view: View, j: int) -> bool:
    """Whether the accused state, or its organ, is named before token ``j`` of its sentence."""
    for k in view.where("C", "G", "P", "B", high=j):
        if view.tokens[k].kind == "B":
            if view.tokens[k].data.get("body") in view.pack.set("body_of_accused"):
                return True
        elif any(accused_like(view, code) for code, _ in view.states(view.tokens[k], k)):
            return True
    return False


def _antecedent(view: View, j: int) -> str | None:
    """The accused state whose organ a pronoun at ``j`` may stand for: in its sentence, else in the two before."""
    here: View | None = view
    end, steps = j, 0
    while here is not None and steps < 3:
        for k in range(min(end, len(here.tokens)) - 1, -1, -1):
            if here.tokens[k].kind in ("G", "B", "C"):
                code = state_at(here, k, 0)
                if accused_like(here, code):
                    return code
                if here is view and code and here.tokens[k].kind == "G" and not here.before_is(k, "prep", "det", back=2):
                    return None
        here, steps = here.before, steps + 1
        end = len(here.tokens) if here is not None else 0
    return None


def asserting_state(asserter: str | None) -> str | None:
    return asserter[6:] if asserter and asserter.startswith("state:") else None


def by_token(view: View, j: int, level: int, who: str | None = None) -> Voice | None:
    """The voice of the speaker at a token; ``who`` is whom the cue takes it for. ``level``: how much may be inferred."""
    token = view.tokens[j]
    if "accused_person" in token.keys and not (
        view.has("of", low=j + 1, high=j + 2) and view.has("committee", "B", "G", low=j + 2, high=j + 5)
    ):
        return Voice(ACCUSED, _persons(view, j), j)
    if suspected(view, j):
        return Voice(ACCUSED, checked(f"org:{slugify(token.form.split()[-1])}"), j)
    if level and token.kind in ("H", "T") and token.form.split()[-1] in view.pack.set("side_person"):
        return Voice(ACCUSED, _persons(view, j), j)
    if ("their_office" in token.keys and token.kind not in STATES) or (level and unnamed_spokesman(view, j)):
        code = accused_near(view, j)
        return Voice(code, f"state:{code}", j) if code else None
    if is_pronoun(view, j):
        person = next((k for k in view.where("accused_person", "suspect_org", low=0, high=j)), None)
        if person is not None and not any(
            view.tokens[k].data.get("body") not in SILENT for k in view.where(*STATES, low=person, high=j)
        ):
            return by_token(view, person, level)
        code = asserting_state(who or view.memory.asserter(token))
        envoys = view.pack.set("body_of_accused")
        envoy = any(view.tokens[k].data.get("body") in envoys for k in view.where("G", "B", low=0, high=j))
        if (level or code is None or envoy) and not accused_like(view, code):
            code = _antecedent(view, j) or code
        return Voice(code, f"state:{code}", j) if code else None
    if "ruler" in token.keys and token.kind != "G":
        for k in view.where("A", "C", "G", "P", low=j - 4, high=j):
            code = view.memory.state_of(view.tokens[k])
            return Voice(code, f"state:{code}", j) if code and accused_like(view, code) else None
        if level and (code := _antecedent(view, j)):
            return Voice(code, f"state:{code}", j)
    code = state_at(view, j, level)
    return Voice(code, f"state:{code}", j) if code and len(code) == 2 else None


def suspected(view: View, j: int) -> bool:
    """Whether a token is an organisation under suspicion: "the association", when no accuser is called so."""
    token = view.tokens[j]
    if "suspect_org" in token.keys:
        return True
    last = token.form.split()[-1]
    known = (view.memory.first_org or "").endswith(last) or (view.memory.org or "").endswith(last)
    return bool(token.data.get("anaphor")) and last in view.pack.set("club_word") and not known


def unnamed_spokesman(view: View, j: int) -> bool:
    """Whether a token is "the spokeswoman" of nobody named in the sentence."""
    token = view.tokens[j]
    return bool(token.data.get("anaphor")) and token.form.split()[-1] in view.pack.set("spokesperson")


def is_pronoun(view: View, j: int) -> bool:
    """Whether a token is a pronoun, or a phrase that begins with one ("it wrote to")."""
    token = view.tokens[j]
    if token.keys & {"pronoun", "pronoun_object"}:
        return True
    return not token.kind and " " in token.form and token.form.split(" ", 1)[0] in view.pack.tables["tags"].get("pronoun", ())


def _persons(view: View, j: int) -> str:
    """The asserter that people accused, or their lawyers, are at token ``j``."""
    form = view.tokens[j].form
    last = form.split()[-1]
    if "keeper" in view.tokens[j].keys:
        return checked(f"persons:{slugify(last)}")
    several = last in ("men", "women", "pair", "duo", "trio", "brothers") or view.has("both_all", low=max(0, j - 2), high=j)
    if "defence_lawyer" in view.tokens[j].keys:
        return "persons:lawyer" if view.pack.set("lawyers").isdisjoint(form.split()) else "persons:lawyers"
    return "persons:defendants" if several or last.endswith("s") else "persons:defendant"


def expert(view: View, j: int) -> bool:
    """Whether a token stands for the organisation that accuses."""
    token = view.tokens[j]
    if suspected(view, j) or unnamed_spokesman(view, j):
        return False
    if token.data.get("anaphor") or "org_folk" in token.keys:
        return True
    who = view.memory.asserter(token) or ""
    return token.kind == "O" and (who == view.memory.first_org or who[4:] in view.pack.set("expert_org"))
