"""Who says it: cues such as "X said", "according to X", "reportedly", each with the stretch of a sentence it governs.

An attribution holds for its clause and for a quotation that goes on; it is not carried over a sentence without one
(codebook, "Common slots").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..claims import PUBLISHER, UNSPECIFIED, Attribution
from .grammar import Match, Rule
from .stretch import Cue, cut, date_of, placed, scope_of
from .view import View

OWNERS = frozenset("GBOM")
SPEAKERS = ("G", "B", "C", "P", "O", "M", "X", "H", "T", "pronoun")


def cues(view: View) -> list[Cue]:
    """The attributions of a sentence."""
    found: list[Cue] = []
    said: set[int] = set()
    for rule, match in view.matches("cue"):
        verb = match.kept.get("say", match.start)
        if verb in said and "say" in match.kept:
            continue
        cue = _cue(view, rule, match)
        if cue:
            found.append(cue)
            if "say" in match.kept:
                said.add(verb)
    for i in view.where("say", "find"):
        if i not in said and not any(c.at[0] <= i < c.at[1] for c in found if c.rule != "hedge"):  # noqa: SIM102
            if cue := _by_subject(view, i):
                found.append(cue)
    found += _bodies(view, found)
    return _bounded(view, found)


def _bodies(view: View, found: Sequence[Cue]) -> Iterator[Cue]:
    """Cues of organisations and media that are subjects of their clause: what stands there is what they say."""
    for i in view.where("O", "M"):
        token = view.tokens[i]
        if view.has("told", low=i - 4, high=i) or view.before_is(i, "rel", back=2):
            continue  # whom something is told; "to which the group looked"
        if any(c.at[0] <= i < c.at[1] for c in found) or _governed(view, i) or view.has("urge", low=i + 1, high=i + 4):
            continue
        who = view.memory.asserter(token, view.tokens[:i])
        if not who or who == UNSPECIFIED or any(c.who == who and c.end > i for c in found):
            continue
        following = view.tokens[i + 1] if i + 1 < len(view.tokens) else None
        if following is None or following.kind == "." or "poss" in following.keys or "and" in following.keys:
            continue
        yield Cue(who, i + 1, cut(view, i + 1), (i, i + 1), "body", (), date_of(view, i, i + 1))


def _bounded(view: View, found: list[Cue]) -> list[Cue]:
    """The cues with stretches that stop where another speaker takes over."""
    out: list[Cue] = []
    for cue in found:
        end = cue.end
        if cue.start >= cue.at[0]:
            for other in found:
                if (
                    other.at[0] >= cue.at[1]
                    and other.at[0] < end
                    and other.start < other.at[0]
                    and other.rule in ("after", "according-after")
                ):
                    end = min(end, max(cue.at[1], other.start))
        out.append(replace(cue, end=end) if end != cue.end else cue)
    return [c for c in out if c.end > c.start]


def _cue(view: View, rule: Rule, match: Match) -> Cue | None:
    """The cue that a rule of the grammar gives."""
    tokens = view.tokens
    who = rule.data.get("who")
    if "who" in match.kept:
        at = match.kept["who"]
        who = view.memory.asserter(tokens[at], tokens[:at])
        if rule.data.get("subject") and _governed(view, at):
            return None
        if rule.data.get("known") and not _known(view, at):
            return None
    if who == "@org":
        who = view.memory.org or view.memory.first_org or UNSPECIFIED
    if who == "@court":  # what somebody is charged with is what the prosecuting state says
        state = next(
            (c for j in view.where("G", "B", "C", "P") for c, _ in view.states(tokens[j], j) if c not in view.memory.origins),
            view.host_then,
        )
        who = f"state:{state}" if state else UNSPECIFIED
    if not who:
        return None
    via: tuple[str, ...] = ()
    if "src" in match.kept:
        at = match.kept["src"]
        source = view.memory.asserter(tokens[at], tokens[:at])
        if source and source != who:
            via, who = (who,), source
    start, end = scope_of(view, rule, match)
    if rule.id == "charged-with":  # up to the next clause
        end = next(
            (j for j in range(start, end) if view.tokens[j].form == "," and j + 1 < end and "and" in view.tokens[j + 1].keys),
            end,
        )
    return (
        Cue(who, start, end, (match.start, match.end), rule.id, via, date_of(view, match.start, match.end))
        if end > start
        else None
    )


def _known(view: View, i: int) -> bool:
    """Whether a body is one that the pack knows or that has spoken before, so no body that a text only mentions."""
    who = view.memory.asserter(view.tokens[i], view.tokens[:i])
    return (
        view.tokens[i].kind == "M"
        or who in (view.memory.org, view.memory.first_org, view.memory.speaker)
        or (str(view.tokens[i].data.get("slug", "")).replace("-", " ") in view.pack.set("expert_org"))
    )


def _governed(view: View, i: int) -> bool:
    tokens = view.tokens
    before = i - 1
    if before >= 0 and "det" in tokens[before].keys:
        before -= 1
    return before >= 0 and "prep" in tokens[before].keys and "break" not in tokens[before].keys


def _by_subject(view: View, i: int) -> Cue | None:
    """The cue that a verb of saying makes with its subject, before it or, after a comma or quotation, behind it."""
    tokens = view.tokens
    if view.before_is(i, "neg", "be_being", "modal", back=2) or _takes_object(view, i):
        return None
    if (
        i
        and tokens[i - 1].keys & {"det", "poss", "prep", "paper_adj"}
        and "say" in tokens[i].keys
        and not tokens[i - 1].keys & {"adverb", "pronoun"}
    ):
        return None  # a noun ("the claims"), an adjective ("of alleged …") or an infinitive
    after = next(
        (j for j in range(i + 1, min(i + 4, len(tokens))) if tokens[j].kind in SPEAKERS or "pronoun" in tokens[j].keys), None
    )
    if after is not None and after == i + 2 and "prep" in tokens[i + 1].keys:  # "replica desde Quito el agregado"
        after = next((j for j in range(after + 1, min(after + 4, len(tokens))) if tokens[j].kind in SPEAKERS), None)
    elif (
        after is not None and view.pack.settings.get("verb_first") and _governed(view, after)
    ):  # "dijo a la cadena X un exiliado"
        after = next(
            (j for j in range(after + 1, min(after + 4, len(tokens))) if tokens[j].kind in SPEAKERS and not _governed(view, j)),
            None,
        )
    while (
        after is not None
        and after + 2 < len(tokens)
        and "poss" in tokens[after + 1].keys
        and tokens[after + 2].kind in SPEAKERS
    ):
        after += 2
    settings = view.pack.settings
    addresses = "told" in tokens[i].keys and not settings.get("verb_first")  # behind "told" stands who is told
    leads = not (settings.get("speaker_first") or addresses) and (
        i == 0 or tokens[i - 1].form == "," or (view.quoted[i - 1] and not view.quoted[i])
    )
    if (
        leads
        and after is not None
        and i > 1
        and "that" not in tokens[i + 1].keys
        and all(t.keys & {"det", "adverb", "poss"} or t.kind in SPEAKERS for t in tokens[i + 1 : after])
    ):
        who = view.memory.asserter(tokens[after], tokens[:after])
        if who:
            return placed(view, who, i, i, after + 1)
    at = _subject(view, i)
    if at is None:
        dropped = view.pack.settings.get("pro_drop") and "say" in tokens[i].keys and (i < 2 or tokens[i - 1].form in (",", ";"))
        return placed(view, view.memory.speaker, i, i, i + 1) if dropped and view.memory.speaker else None
    who = view.memory.asserter(tokens[at], tokens[:at])
    if "find" in tokens[i].keys and "say" not in tokens[i].keys and who and not who.startswith(("org:", "media:")):
        return None
    return placed(view, who, i, at, i + 1) if who else None


def _takes_object(view: View, i: int) -> bool:
    """Whether a verb that is one of saying only before a clause ("concluded that") has an object ("concluded a treaty")."""
    tokens = view.tokens
    if "say_clause" not in tokens[i].keys or i + 1 >= len(tokens):
        return False
    after = tokens[i + 1]
    return not (after.kind in (".", "D") or after.keys & {"that", "pronoun", "adverb"} or after.form == "to")


def _subject(view: View, i: int) -> int | None:
    """The speaker of a verb of saying at ``i``."""
    tokens, j, commas, relative = view.tokens, i - 1, 0, False
    owner: int | None = None
    if j > 0 and "and" in tokens[j].keys and (first := _first_speaker(view, j)) is not None:
        return first  # "X said … and added": the subject is shared
    while j >= 0 and i - j < 32:
        token = tokens[j]
        if token.form in HARD_STOP:
            return owner
        commas += token.form == ","
        if "rel" in token.keys and j:
            j, relative = j - 1, True
            continue
        if token.kind == "P" and not token.data.get("capital"):
            j -= 1
            continue
        if token.kind in SPEAKERS or "pronoun" in token.keys:
            near = i - j <= 4 or commas > 0 or view.has("and", low=j, high=i) or not view.has("S", low=j, high=i)
            if token.kind == "T" and i - j > 3:
                near = False
            if near and (relative or not _governed(view, j)) and not (j + 1 < i and "poss" in tokens[j + 1].keys):
                told = token.kind in ("T", "X", "H") and tokens[i - 1].form == "," and view.pack.settings.get("speaker_first")
                if told and (first := _first_speaker(view, j)) is not None:
                    return first  # "police arrest a man, and say": not the man
                held = token.kind == "X" and j > 1 and tokens[j - 2].kind in "GB" and tokens[j - 1].cap
                return j - 2 if held and not tokens[j - 1].kind else _first_of(view, j)
            if owner is None and j + 1 < i and "poss" in tokens[j + 1].keys and token.kind in OWNERS and i - j < 7:
                owner = j  # "the force's Quebec division said"
        j -= 1
    return owner


def _first_of(view: View, j: int) -> int:
    """The first of several organisations that speak together ("A, B and C found"); ``j`` is the last of them."""
    tokens = view.tokens
    while tokens[j].kind == "O":
        k = j - 1
        while k > 0 and (tokens[k].form == "," or "and" in tokens[k].keys):
            k -= 1
        if k == j - 1 or tokens[k].kind != "O":
            break
        j = k
    return j


def _first_speaker(view: View, high: int) -> int | None:
    """The first token before ``high`` that can be the subject of the sentence."""
    low = max((k + 1 for k in range(high) if view.tokens[k].form in HARD_STOP), default=0)
    for k in range(low, high):
        if (view.tokens[k].kind in SPEAKERS or "pronoun" in view.tokens[k].keys) and not _governed(view, k):
            return None if "poss" in view.tokens[k + 1].keys else k
        if "say" in view.tokens[k].keys:
            return None
    return None


HARD_STOP = frozenset((";", ":", "?", "("))


def attribute(view: View, i: int) -> tuple[Attribution, str | None]:
    """The attribution at a token, and when it was said: the innermost cue, others as its ``via``."""
    over = sorted((c for c in view.cues if c.start <= i < c.end), key=lambda c: (c.rule == "body", c.end - c.start, -c.start))
    if not over:
        if view.speaker:
            return Attribution(view.speaker), None
        return Attribution(PUBLISHER), None
    first = over[0]
    if first.who == UNSPECIFIED and len(over) > 1:  # "X says that they are believed to …"
        first = next((c for c in over if c.who not in (UNSPECIFIED, PUBLISHER)), first)
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
    if who == UNSPECIFIED and view.speaker:
        who = view.speaker
    return Attribution(who, tuple(via)), edtf


def speakers(view: View) -> Iterator[str]:
    """Who speaks in a sentence, in order."""
    for cue in sorted(view.cues, key=lambda c: c.at[0]):
        if cue.who not in (PUBLISHER, UNSPECIFIED):
            yield cue.who
