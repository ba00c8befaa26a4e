"""Who says it: cues such as "X said", "according to X", "reportedly", each with the stretch of a sentence it governs.

An attribution holds for its clause and for a quotation that goes on; it is not carried over a sentence without one
(codebook, "Common slots").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..claims import UNSPECIFIED
from .behind import behind, impersonal, speaks
from .grammar import Match, Rule
from .memory import governed
from .speakers import SPEAKERS, speaker_at, speaker_of, told_medium
from .stretch import Cue, cut, date_of, placed, scope_of
from .view import View

QUOTES = frozenset(("say", "say_clause"))  # verbs of saying, not of finding only
DASHES = {0x2013: "-", 0x2014: "-"}
BESIDE_SPEAKER = frozenset(("prep", "rel", "and", "adverb", "that", "det", "staff_role"))  # what may stand behind a speaker
BRACKETS = ("(", "（")
CLOSING = frozenset("\"'”’")
DATELINE = 16  # tokens at the front in which a dateline names the agency


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
    for i in view.where("say", "find", "say_clause"):
        if i in said or view.tokens[i].keys & {"hedge", "org_noun"}:
            continue
        if any(c.at[0] <= i < c.at[1] for c in found if c.rule != "document-alone"):
            continue
        cue = behind(view, i, found) if view.pack.settings.get("verb_first") else None
        if cue := cue or _by_subject(view, i):
            found.append(cue)
    found += _bodies(view, found)
    found = [c for c in found if not _agency_mark(view, c)]
    chains = [c.at for c in found if c.rule in ("citing", "citing-chain")]
    found = [c for c in found if c.rule != "citing-source" or not any(low <= c.at[0] < high for low, high in chains)]
    return _bounded(view, found)


def _bodies(view: View, found: Sequence[Cue]) -> Iterator[Cue]:
    """Cues of organisations and media that are subjects of their clause: what stands there is what they say."""
    for i in view.where("O", "M"):
        token = view.tokens[i]
        asked = view.has("inf_to", low=i + 1, high=i + 2) and view.has("urge", low=i - 2, high=i)
        if asked or view.has("told", low=i - 4, high=i) or view.before_is(i, "rel", back=2):
            continue  # whom something is told or asked; "to which the group looked"
        if any(c.at[0] <= i < c.at[1] for c in found) or governed(view.tokens, i) or view.has("urge", low=i + 1, high=i + 4):
            continue
        who = view.memory.asserter(token, view.tokens[:i])
        if not who or who == UNSPECIFIED or any(c.who == who and c.end > i for c in found):
            continue
        if i < DATELINE and any(t.form == "(" for t in view.tokens[max(0, i - 2) : i]) and _in_dateline(view, i):
            continue
        following = view.tokens[i + 1] if i + 1 < len(view.tokens) else None
        if following is not None and following.form.split(" ", 1)[0] in view.pack.set("goes_out"):
            continue  # "The statement from X came a day after …"
        if following is None or following.kind == "." or "poss" in following.keys or "and" in following.keys:
            continue
        end = cut(view, i + 1)
        if view.before_is(i, "break", back=2):  # "After X had spoken, …"
            end = next((j for j in range(i + 1, end) if view.tokens[j].form == ","), end)
        yield Cue(who, i + 1, end, (i, i + 1), "body", (), date_of(view, i, i + 1))


def _agency_mark(view: View, cue: Cue) -> bool:
    """Whether a cue is the agency's mark before a report ("(Agency X, Stockholm, reports) …"): the narrator's own."""
    first, tokens = cue.at[0], view.tokens
    if not cue.who.startswith("media:") or not 0 < first < 3 or tokens[first - 1].form not in BRACKETS:
        return False
    return any(t.form in (")", "）") for t in tokens[first : first + DATELINE])


def _in_dateline(view: View, i: int) -> bool:
    """Whether a medium stands in the parentheses of a dateline ("NAIROBI, 24 ene (Agencia X).- …")."""
    close = next((j for j in range(i, min(i + 6, len(view.tokens))) if view.tokens[j].form == ")"), None)
    return close is not None and "-" in view.memory.text[view.tokens[close].end :][:3].translate(DASHES)


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
    if not _holds(view, rule, match):
        return None
    if "who" in match.kept:
        at = match.kept["who"]
        if rule.id == "colon" and view.number == 0 and tokens[at].kind in ("C", "P"):
            return None  # a headline that names its country
        if rule.id == "colon" and tokens[at].kind == "C" and view.memory.state_of(tokens[at]) not in view.memory.origins:
            return None  # a line of a list of countries ("Ireland: told the embassy …")
        if rule.id == "colon" and tokens[at].kind == "H" and tokens[at].form in view.pack.set("guest_label"):
            return None  # the label of a turn, see turns.py
        who = view.memory.asserter(tokens[at], tokens[:at])
        if rule.data.get("subject") and governed(view.tokens, at):
            return None
        if rule.data.get("known") and not _known(view, at):
            return None
    if who == "@speaker":  # "Y que …": what was said before goes on
        who = view.memory.speaker if view.memory.spoke else None
    if who == "@org":
        who = view.memory.org or view.memory.first_org or UNSPECIFIED
    if who == "@court":  # what somebody is charged with is what the prosecuting state says
        state = next((c for c in _states(view, match) if c not in view.memory.origins), view.host_then)
        who = f"state:{state}" if state else UNSPECIFIED
    if not who:
        return None
    via: tuple[str, ...] = ()
    if "src" in match.kept:
        at = match.kept["src"]
        source = view.memory.asserter(tokens[at], tokens[:at])
        if source and source != who:
            via, who = (who,), source
        if "mid" in match.kept:
            at = match.kept["mid"]
            middle = view.memory.asserter(tokens[at], tokens[:at])
            via = (middle, *via) if middle and middle not in (who, *via) else via
    start, end = scope_of(view, rule, match)
    if rule.id == "rumour" and view.pack.settings.get("verb_first") and "rel" in tokens[match.end - 1].keys:
        end = next((j for j in range(start, end) if tokens[j].form == ","), end)  # "… que sitúan ahí un local, el ministerio …"
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


def _states(view: View, match: Match) -> Iterator[str]:
    """The states that a sentence names, by their organs first, then by the cities before a match ("a jury in Boston")."""
    for i in view.where("G", "B", "C", "P"):
        yield from (code for code, _ in view.states(view.tokens[i], i))
    for i in view.where("P", high=match.start):
        if code := view.memory.country_of(view.tokens[i]):
            yield code


def _holds(view: View, rule: Rule, match: Match) -> bool:
    """Whether what a rule asks for besides its pattern is so."""
    verb = match.kept.get("verb")
    if verb is not None and (_passive(view, verb) or governed(view.tokens, match.kept["who"])):
        return False
    if rule.data.get("clause") and not opens_clause(view, match.end - 1):
        return False
    if rule.id == "as-documented" and view.pack.settings.get("verb_first"):  # not "se presentaron como funcionarios"
        return match.start == 0 or view.tokens[match.start - 1].kind == "."
    body = str(view.tokens[match.kept["who"]].data.get("body")) if rule.data.get("hearing") else None
    return body is None or body.lower() in view.pack.set("hearing_body")


def _passive(view: View, verb: int) -> bool:
    """Whether somebody is accused, not accuses: "are accused of", "police accused of"."""
    token = view.tokens[verb]
    after = view.tokens[verb + 1].form if verb + 1 < len(view.tokens) else ""
    return "hedge" in token.keys or view.before_is(verb, "be_being") or "of" in (after, token.form.split(" ")[-1])


def opens_clause(view: View, i: int) -> bool:
    """Whether a clause that tells what is said begins behind a verb, with "that" or "how", maybe within its token."""
    after = view.tokens[i + 1] if i + 1 < len(view.tokens) else None
    return view.tokens[i].form.endswith((" that", " how")) or (
        after is not None and ("that" in after.keys or after.form == "how")
    )


def _known(view: View, i: int) -> bool:
    """Whether a body is one that the pack knows or that has spoken before, so no body that a text only mentions."""
    who = view.memory.asserter(view.tokens[i], view.tokens[:i])
    return (
        view.tokens[i].kind == "M"
        or who in (view.memory.org, view.memory.first_org, view.memory.speaker)
        or (str(view.tokens[i].data.get("slug", "")).replace("-", " ") in view.pack.set("expert_org"))
    )


def _relative(view: View, i: int) -> bool:
    """Whether a verb only tells who passed on what was said: "… said in an interview that Reuters quoted on Monday"."""
    tokens, behind = view.tokens, view.tokens[i + 1 :]
    if i < 3 or "that" not in tokens[i - 2].keys or not tokens[i - 1].kind or not view.has("say", high=i - 2):
        return False
    return tokens[i - 3].kind == "M" and all(t.kind in ("D", ".") or "prep" in t.keys for t in behind)


def _by_subject(view: View, i: int) -> Cue | None:
    """The cue that a verb of saying makes with its subject, before it or, after a comma or quotation, behind it."""
    tokens = view.tokens
    if view.before_is(i, "neg", "be_being", "modal", back=2) or _takes_object(view, i) or _only_acts(view, i):
        return None
    if tokens[i].form.startswith(("not ", "to ")) or _ordered(view, i) or _relative(view, i) or _says_nothing(view, i):
        return None
    if i and (tokens[i - 1].kind == "N" or (tokens[i].form.endswith("ing") and view.has("article", low=i - 3, high=i))):
        return None  # a noun: "the two states", "six alleged …", "a cease-and-desist warning"
    if (
        i
        and tokens[i - 1].keys & {"det", "poss", "prep", "paper_adj"}
        and tokens[i].keys & {"say", "say_clause"}
        and not tokens[i - 1].keys & {"adverb", "pronoun"}
    ):
        return None  # a noun ("the claims"), an adjective ("of alleged …") or an infinitive
    after = next(
        (j for j in range(i + 1, min(i + 4, len(tokens))) if tokens[j].kind in SPEAKERS or "pronoun" in tokens[j].keys), None
    )
    if after is not None and after == i + 2 and "prep" in tokens[i + 1].keys:  # "replica desde Quito el agregado"
        after = next((j for j in range(after + 1, min(after + 4, len(tokens))) if tokens[j].kind in SPEAKERS), None)
    elif (
        after is not None and view.pack.settings.get("verb_first") and governed(view.tokens, after)
    ):  # "dijo a la cadena X un exiliado"
        behind = range(after + 1, min(after + 4, len(tokens)))
        after = next((j for j in behind if tokens[j].kind in SPEAKERS and not governed(tokens, j)), None)
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
        and (settings.get("verb_first") or _quotes(view, i))
        and after is not None
        and i > 1
        and "that" not in tokens[i + 1].keys
        and all(t.keys & {"det", "adverb", "poss"} or t.kind in SPEAKERS for t in tokens[i + 1 : after])
        and (settings.get("verb_first") or not _acts_next(view, after + 1))
    ):
        who = view.memory.asserter(tokens[after], tokens[:after])
        if who:
            return placed(view, who, i, i, after + 1)
    if i > 1 and "staff_role" in tokens[i - 1].keys and not tokens[i - 1].kind and tokens[i - 2].form == "the":
        who = view.memory.speaker  # "the director said": of the organisation that spoke last
        return placed(view, who if who and who.startswith("org:") else UNSPECIFIED, i, i - 2, i + 1)
    at = speaker_of(view, i)
    if at is None:
        if not view.pack.settings.get("pro_drop") or "say" not in tokens[i].keys:
            return None
        opens = i < 2 or tokens[i - 1].form in (",", ";") or (i < 6 and not any(speaks(view, j) for j in range(i)))
        who = view.memory.last_teller(tokens[i].form) if opens else None
        return placed(view, who, i, i, i + 1) if who else None
    writes = tokens[at].form == "we" and not view.quoted[at]  # who writes speaks of itself
    who = None if writes else speaker_at(view, at, at == i - 1 and _aside(view, at))
    if not who or (_only_finds(view, i) and not who.startswith(("org:", "media:")) and not _paper(view, at, i)):
        return None
    if who == UNSPECIFIED and (tokens[at].form == "it" or (tokens[at].kind == "T" and "rel" in tokens[i - 1].keys)):
        return None  # "a man who told him …"
    cue = placed(view, who, i, at, i + 1)
    return replace(cue, via=via) if (via := told_medium(view, i)) and who not in via else cue


def _acts_next(view: View, i: int) -> bool:
    """Whether a verb begins at a token: who stands before it acts and does not speak ("Ms Wang, in Oslo, says agents came")."""
    token = view.tokens[i] if i < len(view.tokens) else None
    if token is None or token.kind or token.form.endswith("ing"):
        return False
    if not token.keys.isdisjoint(("perfect", "be_being", "modal")):
        return True
    return token.keys.isdisjoint(BESIDE_SPEAKER) and token.form not in CLOSING


def _quotes(view: View, i: int) -> bool:
    """Whether who speaks may stand behind a verb ("…, said the group"), and not what it is about ("…, named China")."""
    return not QUOTES.isdisjoint(view.tokens[i].keys) and "transitive" not in view.tokens[i].keys


def _only_acts(view: View, i: int) -> bool:
    """Whether a verb tells what somebody does: "found him guilty", "responded with visa bans"."""
    keys, high = view.tokens[i].keys, i + 8
    pleads = view.tokens[i].form.endswith((" culpable", " culpables"))
    if view.pack.settings.get("verb_first") and (pleads or impersonal(view, i)):
        return True
    if "find" in keys and view.has("guilty", "guilty_verdict", low=i, high=high) and not opens_clause(view, i):
        return True
    return "reacts" in keys and view.has("prep", "D", low=i + 1, high=i + 3) and not view.has("that", low=i + 1, high=high)


def _aside(view: View, at: int) -> bool:
    """Whether a speaker and its verb stand between commas in the first clause of a sentence ("Canberra, it notes, has …")."""
    tokens = view.tokens
    if at < 2 or tokens[at - 1].form != "," or at + 2 >= len(tokens) or tokens[at + 2].form != ",":
        return False
    return not view.has("rel", "break", "that", low=0, high=at) and all(t.form not in (":", ";") for t in tokens[:at])


def _ordered(view: View, i: int) -> bool:
    """Whether somebody is told to do something, not that something is so ("told the embassy to close the office")."""
    if "told" not in view.tokens[i].keys:
        return False
    rest = (t for t in view.tokens[i + 1 : i + 7] if t.form in (",", ":") or "that" in t.keys or f"{t.form} ".startswith("to "))
    first = next(rest, None)
    return first is not None and f"{first.form} ".startswith("to ")


def _says_nothing(view: View, i: int) -> bool:
    """Whether a verb tells of silence ("Vienna has said nothing"), and not that nothing is so ("said nothing was found")."""
    silent = "silent" in view.tokens[i].keys or view.has("nothing_said", low=i + 1, high=i + 2)
    return silent and not says_that_nothing(view, i)


def says_that_nothing(view: View, i: int) -> bool:
    """Whether behind "said nothing" a clause goes on of which nothing is the subject."""
    return view.has("perfect", "be_being", "modal", low=i + 1, high=i + 3)


def _only_finds(view: View, i: int) -> bool:
    """Whether a verb is one of finding only, which of a state says nothing unless a clause or a number follows."""
    if view.has("counts_up", low=i, high=i + 1) and view.has("N", low=i + 1, high=i + 5):
        return False
    return view.tokens[i].keys.isdisjoint(("say", "say_clause")) and not opens_clause(view, i)


def _paper(view: View, at: int, verb: int) -> bool:
    """Whether what stands at a token is a paper of an organ, and no noun ("an ugly show") is taken for its verb."""
    return "paper" in view.tokens[at].data and not view.has("det", low=at + 1, high=verb)


def _takes_object(view: View, i: int) -> bool:
    """Whether a verb that is one of saying only before a clause ("concluded that") has an object ("concluded a treaty")."""
    tokens = view.tokens
    if "say_clause" not in tokens[i].keys or i + 1 >= len(tokens) or ("say" in tokens[i].keys and " " in tokens[i].form):
        return False
    after = tokens[i + 1]
    if after.kind == "." or after.keys & {"that", "pronoun", "adverb"} or after.form == "how":
        return False
    if after.form == "to" and "say" in tokens[i].keys:
        return False
    comma = any(t.form == "," for t in tokens[max(0, i - 4) : max(0, i - 1)]) and tokens[i - 1].form != ","
    behind = comma or view.has("that", low=i + 2, high=i + 8)  # "…, X complained in a note"
    return not (behind and (after.kind == "D" or "prep" in after.keys))
