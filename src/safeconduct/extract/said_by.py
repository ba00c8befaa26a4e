"""Who says what stands at a place of a sentence: the innermost of the cues that govern it, the others as its ``via``."""

from __future__ import annotations

from collections.abc import Iterator

from ..claims import PUBLISHER, UNSPECIFIED, Attribution
from .saying import opens_clause
from .speakers import SPEAKERS
from .stretch import Cue
from .view import View

ADDRESSEES = frozenset(("embassy", "ambassador", "diplomats"))  # what is told them is an act
CITED = ("citing-source", "according", "according-to-paper", "by-report")  # cues of a source that a medium draws on
ASIDE = ("told-front", "spoke-to")  # cues of a medium to which somebody speaks


def attribute(
    view: View, i: int, doer: str | None = None, threat: tuple[int, int] | None = None
) -> tuple[Attribution, str | None]:
    """The attribution at a token, and when it was said: the innermost cue, others as its ``via``.

    ``doer``: whose act is told; that it condemns something, or what it says to threaten somebody (the tokens of ``threat``), is
    told by the narrator.
    """

    def acts(cue: Cue) -> bool:
        if threat is not None:
            return cue.who == doer and threat[0] < cue.at[1] <= threat[1]
        return _acts(view, cue, doer)

    over = sorted(
        (c for c in view.cues if (c.start <= i < c.end or _tells(view, c, i)) and not acts(c)),
        key=lambda c: (c.rule == "body", c.end - c.start, -c.start),
    )
    if not over:
        if view.speaker:
            return Attribution(view.speaker), None
        if goes_on := _going_on(view, i):
            return Attribution(goes_on.who, goes_on.via), None
        return Attribution(PUBLISHER), None
    first = over[0]
    if first.who == UNSPECIFIED and len(over) > 1:  # "X says that they are believed to …"
        first = next((c for c in over if c.who not in (UNSPECIFIED, PUBLISHER)), first)
    if first.who.startswith("media:"):
        first = next((c for c in over if first.who in c.via or _draws_on(first, c)), first)
    via = list(first.via)
    for cue in over:
        for body in (cue.who, *cue.via):
            if (
                cue is not first
                and body not in (first.who, UNSPECIFIED, PUBLISHER)
                and body not in via
                and first.who != UNSPECIFIED
            ):
                via.append(body)
    date = next((c.date for c in (first, *over) if c.who == first.who and c.date is not None), None)
    edtf = str(view.tokens[date].data["edtf"]) if date is not None else None
    who = first.who
    if doer and who.startswith("state:") and who != doer and _speaks(view, first, doer):
        who = doer  # "the ministries of Sweden and Denmark say": each for itself
    if who in (UNSPECIFIED, PUBLISHER) and view.speaker and view.speaker not in via and first.rule != "rumour":
        who = view.speaker
    return Attribution(who, tuple(via)), edtf


def _draws_on(medium: Cue, cue: Cue) -> bool:
    """Whether a cue names whom a medium draws on: "Reuters reported that …, citing Y", "according to Y, cited by Reuters"."""
    return cue.rule in CITED and (cue.at[0] > medium.at[0] or medium.rule == "found-by") and not cue.who.startswith("media:")


def _acts(view: View, cue: Cue, doer: str | None) -> bool:
    """Whether the words of a cue are an act of the state whose act is told, alone or with others."""
    return bool(doer) and (cue.who == doer or _speaks(view, cue, str(doer))) and _judges(view, cue)


def _speaks(view: View, cue: Cue, who: str) -> bool:
    """Whether a state is among those whom the words of a cue name."""
    return any(f"state:{code}" == who for j in range(*cue.at) for code, _ in view.states(view.tokens[j], j))


def _judges(view: View, cue: Cue) -> bool:
    """Whether a cue's verb tells an act, with an object ("called the step a crime and summoned the envoy"), and no clause."""
    verb = cue.at[1] - 1
    if cue.rule in ("between", "after") and view.pack.settings.get("verb_first"):
        verb = next(view.where("say", low=cue.at[0], high=cue.at[1]), verb)
    elif cue.rule != "before":
        return False
    if "transitive" not in view.tokens[verb].keys or opens_clause(view, verb):
        return False
    if not view.pack.settings.get("verb_first"):
        return True
    that = next(view.where("that", low=verb + 1, high=verb + 9), None)  # "comunicó el lunes a la prensa que …"
    named = (t.data.get("body") for t in view.tokens[verb + 1 : that or verb + 1])
    return that is None or any(body in ADDRESSEES for body in named)


def _going_on(view: View, i: int) -> Cue | None:
    """The cue of an organisation or medium before a semicolon, when the clause behind it, in which ``i`` stands, goes on."""
    tokens = view.tokens
    stop = next((j for j in range(i - 1, 0, -1) if tokens[j].form == ";"), None)
    if stop is None:
        return None
    end = next((j for j in range(i, len(tokens)) if tokens[j].form == ";"), len(tokens))
    acts = next((j for j in range(stop + 1, end) if tokens[j].kind in SPEAKERS), None)
    if (
        acts is not None
        and tokens[acts].kind in ("G", "B")
        and view.memory.state_of(tokens[acts]) not in (view.memory.origins | view.memory.others)
    ):
        return None  # what another body does next
    if any(c.at[0] < end and c.at[1] > stop for c in view.cues):
        return None
    bodies = [c for c in view.cues if c.who.startswith(("org:", "media:"))]
    told = [c for c in bodies if c.rule != "body" or view.has("N", low=c.start, high=stop)]
    return next((c for c in told if c.start < stop <= c.end or (c.start < c.at[0] and c.at[1] >= stop)), None)


def _tells(view: View, cue: Cue, i: int) -> bool:
    """Whether what a rule read at a cue's own words is what a clause behind them tells ("Ottawa insists that … closed")."""
    verb = cue.at[1] - 1
    if i not in (cue.at[0], verb) or verb >= cue.start:
        return False
    if "holds_for" in view.tokens[i].keys:  # "da por clausuradas las oficinas"
        return True
    return opens_clause(view, verb) or view.has("that", low=cue.start, high=cue.start + 5)


def speakers(view: View) -> Iterator[str]:
    """Who speaks in a sentence, in order."""
    for cue in sorted(view.cues, key=lambda c: c.at[0]):
        if cue.who not in (PUBLISHER, UNSPECIFIED) and cue.rule not in ASIDE:
            yield cue.who
