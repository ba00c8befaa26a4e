"""Recommendations: what somebody asks states to do.

Something is asked by a verb of urging ("urged"), by what somebody says ought to be done, by "let" or "have" at the start, in
the imperative of who speaks, or in a list under a heading such as "What we ask". The grammar knows the things asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...claims import PUBLISHER, UNSPECIFIED
from ..grammar import Match, Rule
from ..said_by import attribute
from ..view import Draft, View
from .asker import STATES, Asking, may_ask, stop_of, subject_of, urging

BACK = 12  # so many sentences back may lie the last word of the subject
LIST = 9  # lines of a list
TAIL = 9  # tokens of a quote after the thing asked
FRAGMENT = 13  # tokens below which a line without a verb names what is asked
GUESSES = (
    ("close", ("S",)),
    ("suspend_cooperation", ("ask_coop",)),
    ("protect", ("T", "exile_word", "ask_exile")),
    ("take_action", ("topic", "inf_to")),
)


PAST = ("had to", "would have to", "needed to")  # what ought to be done only where somebody says so
IMPERATIVE = frozenset(
    f"ask_{w}"
    for w in (
        "give", "issue", "stop", "cut", "expel", "name", "make", "bar", "freeze", "agree", "share", "treat", "take", "train",
        "refuse", "recognise", "say", "widen",
    )
)  # fmt: skip


def recommendations(view: View) -> Iterator[Draft]:
    """The recommendations of a sentence: one for each thing asked."""
    if view.question or not view.near_topic(BACK):
        return
    found = list(view.matches("ask"))
    if not found and not view.has("urge"):
        return
    done: set[str] = set()
    for asking in _askings(view, found):
        asked = [(str(rule.data["ask"]), match.end, rule.id) for rule, match in _asked(view, asking, found)]
        if not asked and view.quoted[0] and (said := [(r, m) for r, m in found if m.end <= asking.at and view.quoted[m.start]]):
            asking = Asking(asking.who, 0, 0, asking.at)  # "Act now", the group appealed to ministers
            asked = [(str(rule.data["ask"]), match.end, rule.id) for rule, match in _asked(view, asking, said)]
        for ask, end, rule_id in asked or _guessed(view, asking):
            if ask in done or (ask == "take_action" and done):
                continue
            done.add(ask)
            yield Draft(
                "recommendation", {"ask": ask, "addressee": _addressee(view, asking, end)}, asking.start,
                _end(view, end, asking.stop), asking.at, rule_id, asserter=asking.who, own=True,
            )  # fmt: skip


def _guessed(view: View, asking: Asking) -> Iterator[tuple[str, int, str]]:
    """What is asked in words that the grammar does not know, as far as its object tells: of a state, to do something."""
    to = next(view.where("inf_to", "ask_that", low=asking.at + 1, high=asking.at + 9), None)
    if to is None or "urge" not in view.tokens[asking.at].keys:
        return
    if not view.has(*STATES, "addressee_noun", low=asking.at + 1, high=to):
        return
    end = min(to + 12, asking.stop)
    for ask, keys in GUESSES:
        if view.has(*keys, low=to, high=end):
            yield ask, min(to + 6, asking.stop), "recommendation.guess"
            return


def _askings(view: View, found: list[tuple[Rule, Match]]) -> Iterator[Asking]:
    """The askings of a sentence; the first kind that there is."""
    tokens, any_found = view.tokens, False
    first = _first(view)
    for i in view.where("urge", "ought", "let_have", "ask_noun"):
        keys = tokens[i].keys
        if "urge" in keys:
            asking = urging(view, i)
        elif "ought" in keys:
            asking = _ought(view, i, {m.start for _, m in found})
        elif "ask_noun" in keys:
            asking = _noun(view, i)
        else:
            asking = _letting(view, i) if i == first else None
        if asking:
            any_found = True
            yield asking
    for asking in _addressed(view, found):
        any_found = True
        yield asking
    if any_found:
        return
    listed = _listed(view)
    if asking := _wished(view, first, found, listed):
        yield asking
        return
    who = listed or _commands(view)
    if who:
        starts = min((m.start for _, m in found), default=len(tokens))
        opener = view.tokens[min(first, len(view.tokens) - 1)]
        verb = not opener.kind and (not opener.keys.isdisjoint(IMPERATIVE) or _is_infinitive(view, opener.form))
        bare = "det" in opener.keys and len(view.tokens) < FRAGMENT and not view.has("be_being", "perfect", "say")
        told = view.pack.settings.get("verb_first") and not (view.speaker or view.tokens[0].form == "--" or _numbered(view))
        told = told and "asker_label" not in opener.keys
        if starts <= first + (LIST if (listed and not told) or verb else 2 if bare else 0):
            yield Asking(who, first, first, len(tokens))


def _is_infinitive(view: View, form: str) -> bool:
    """Whether a word is an infinitive, where the pack knows their endings: it commands as an imperative does."""
    endings = view.pack.set("infinitive_ending")
    return bool(endings) and form.partition(" ")[0].endswith(tuple(endings))


def _wished(view: View, first: int, found: list[tuple[Rule, Match]], listed: str | None) -> Asking | None:
    """An asking by a wish ("que cierren los locales") or by an infinitive of asking that opens an article of a resolution."""
    last = len(view.tokens) - 1
    if first > last:
        return None
    if "asker_label" in view.tokens[first].keys and view.has("let_that", low=first + 1, high=first + 2):
        first += 1  # "R. Que cierren"
    wish = view.has("let_that", low=first, high=first + 1)
    if not wish and not view.has("urge_start", low=first, high=first + 1):
        return None
    if wish and view.has("also", "adverb", low=0, high=first):
        return None  # "También que": somebody goes on telling
    if not any(first < m.start <= first + LIST or (not wish and m.start > first) for _, m in found):
        return None
    if wish and view.has("neg", low=first + 1, high=first + 2) and not any(m.start == first + 1 for _, m in found):
        return None
    said, _ = attribute(view, min(first + 1, last))
    for who in (listed, said.asserted_by, view.speaker, None if wish else view.memory.org or view.memory.first_org):
        if who and who not in (UNSPECIFIED, PUBLISHER):
            if wish and who.startswith("state:") and not view.quoted[-1]:
                return None
            return Asking(who, first, first, stop_of(view, first))
    return Asking(PUBLISHER if wish else UNSPECIFIED, first, first, stop_of(view, first))


def _addressed(view: View, found: list[tuple[Rule, Match]]) -> Iterator[Asking]:
    """Askings told by their addressee alone: "A las fiscalías, que indaguen", "To Interpol: review every notice"."""
    tokens, plain = view.tokens, not view.pack.settings.get("verb_first")
    opens = next((i for i, t in enumerate(tokens) if t.kind not in (".", "N") and "and" not in t.keys), 0)
    for i in (opens, *(j + 1 for j in range(1, len(tokens) - 3) if tokens[j].form == ";")):
        if "prep_to" not in tokens[i].keys:
            continue
        mark = next((j for j in range(i + 1, min(i + 9, len(tokens))) if tokens[j].form in (",", ":")), None)
        if mark is None or not view.has(*STATES, "O", "addressee_noun", low=i + 1, high=mark):
            continue
        after = mark + 1 if mark + 1 < len(tokens) else mark
        form = tokens[after].form
        clause = form.split(" ")[0] in view.pack.set("clause_word") or tokens[after].keys & {"that", "a_one", "neg"}
        if plain and (i != opens or tokens[mark].form != ":" or tokens[after].keys.isdisjoint(IMPERATIVE)):
            continue
        if not (plain or clause or _is_infinitive(view, form)):
            continue
        end = stop_of(view, mark)
        who = _asking_still(view) or (_listed(view) or PUBLISHER if plain else None)
        if who and any(mark < m.start < end for _, m in found):
            yield Asking(who, i, mark, end)


def _asking_still(view: View) -> str | None:
    """Who asks in this sentence or one of those before it, in this paragraph or the last."""
    here: View | None = view
    for _ in range(5):
        if here is None or here.paragraph < view.paragraph - 4:
            return None
        asking = next((a for i in here.where("urge") if (a := urging(here, i))), None)
        if asking is not None:
            return asking.who
        if here.has("ask_heading", "ask_noun") or (here is view.before and here.question and view.speaker):
            return view.speaker or view.memory.org or view.memory.first_org or PUBLISHER
        here = here.before
    return None


def _asked(view: View, asking: Asking, found: list[tuple[Rule, Match]]) -> Iterator[tuple[Rule, Match]]:
    """The things asked: in each member of a list, the first thing, a wider scope before others."""
    held: dict[int, tuple[Rule, Match]] = {}
    for rule, match in found:
        if (
            not (asking.start <= match.start < asking.stop and match.end > asking.at + 1)
            and not asking.at <= match.start < asking.stop
        ):
            continue
        part = sum(1 for t in view.tokens[asking.at : match.start] if t.form in (",", ";") or "and" in t.keys)
        best = held.get(part)
        if best is None or (rule.data["ask"] == "broaden_scope" and best[0].data["ask"] == "investigate"):
            held[part] = rule, match
    yield from held.values()


def _end(view: View, i: int, stop: int) -> int:
    """Where a quote ends: a few words after the thing asked, on over the commas of a list of names."""
    for j in range(i, min(i + TAIL, stop)):
        comma = view.tokens[j].form == ","
        if view.tokens[j].form == ";" or (comma and (j >= i + 5 or view.has("and", low=j + 1, high=j + 2))):
            return j
    return min(i + TAIL, stop)


def _first(view: View) -> int:
    """The first word of a sentence: after a label, a bullet, "and" or the like."""
    i = 0
    for j in range(min(6, len(view.tokens))):
        if view.tokens[j].form == ":":
            i = j + 1
    skipped = {"and", "adverb", "also", "inf_to", "ask_first"}
    while i < len(view.tokens) - 1 and (view.tokens[i].kind in (".", "N") or view.tokens[i].keys & skipped):
        i += 1
    return i


# Who asks


def _noun(view: View, i: int) -> Asking | None:
    """An asking by a noun: "its first demand is", "among the recommendations"."""
    said, _ = attribute(view, i)
    who = said.asserted_by
    if who.startswith("state:"):
        return None
    at = subject_of(view, i)
    if at is not None and view.tokens[at].kind in STATES and not may_ask(view, at):
        return None
    owner = next((j for j in range(i - 1, max(-1, i - 6), -1) if view.tokens[j].kind in ("O", "M")), None)
    if owner is not None:
        who = view.memory.asserter(view.tokens[owner]) or who
    if who in (PUBLISHER, UNSPECIFIED):
        who = view.memory.org or view.memory.first_org or who
    colon = any(t.form == ":" for t in view.tokens[i : i + 4])
    return Asking(who, max(view.clause(i)[0], i - 4), i, len(view.tokens) if colon else stop_of(view, i))


def _ought(view: View, i: int, asked: set[int]) -> Asking | None:
    """An asking by what ought to be done: said by somebody, or by the text itself of a state."""
    if (
        (i == _first(view) and " " not in view.tokens[i].form)
        or (view.has("neg", low=i + 1, high=i + 2) and i + 1 not in asked)
        or view.has("if", low=0, high=i)
    ):
        return None
    low = max(view.clause(i)[0], i - 8)
    said, _ = attribute(view, i)
    who = said.asserted_by
    if who in (PUBLISHER, UNSPECIFIED) and view.has("opines", high=1):  # "Para Amnistía, la Fiscalía debe"
        holder = next(view.where("O", "M", low=1, high=4), None)
        who = view.memory.asserter(view.tokens[holder]) or who if holder is not None else who
    form = view.tokens[i].form
    if form in PAST and who in (PUBLISHER, UNSPECIFIED):
        return None
    needs = form in view.pack.set("needs")  # verbs only behind a state, or they are nouns
    needy = needs and view.has("T", "ask_exile", low=i - 1, high=i)
    if needs and not needy and not view.has(*STATES, "addressee_noun", "pronoun", low=i - 1, high=i):
        return None
    if who.startswith("state:"):
        cues = [c for c in view.cues if c.who == who]
        asks = any(may_ask(view, j) for c in cues for j in range(*c.at) if j < len(view.tokens))
        by_pronoun = any(view.has("pronoun", low=c.at[0], high=c.at[1]) for c in cues)
        if not asks and not (by_pronoun and view.memory.org):
            return None
        who = who if asks else str(view.memory.org)
    to = [j for j in range(low, i) if view.tokens[j].kind in STATES or "addressee_noun" in view.tokens[j].keys]
    if who in (PUBLISHER, UNSPECIFIED):
        if view.memory.home and view.memory.home == view.memory.accused:
            return None
        behind = view.has("ought_that", low=i, high=i + 1) and view.has(*STATES, "addressee_noun", low=i + 1, high=i + 6)
        if (not behind and not needy and (not to or i - to[-1] > 4)) or any(c.start <= i < c.end for c in view.cues):
            return None
        who = PUBLISHER
    last = view.tokens[to[-1]] if to else None
    if last and last.kind in STATES and view.memory.state_of(last, view.tokens[: to[-1]]) == view.memory.accused:
        return None
    return Asking(who, to[-1] if to else low, i, stop_of(view, i))


def _letting(view: View, i: int) -> Asking | None:
    """An asking by "let" or "have" at the start of a sentence."""
    if not view.has(*STATES, "addressee_noun", low=i + 1, high=i + 5):
        return None
    said, _ = attribute(view, i)
    if said.asserted_by.startswith("state:"):
        return None
    who = said.asserted_by if said.asserted_by != UNSPECIFIED else PUBLISHER
    return Asking(who, i, i, stop_of(view, i))


def _commands(view: View) -> str | None:
    """Who commands, when somebody who is no state speaks the whole sentence, so that an imperative asks."""
    said, _ = attribute(view, min(_first(view) + 1, len(view.tokens) - 1))
    who = said.asserted_by
    if who.startswith(("org:", "persons:")) and (view.speaker or view.quoted[-1]):
        return who
    here: View | None = view
    for _ in range(4):
        if here is None or here.paragraph != view.paragraph:
            return None
        colon = next((j for j in range(min(6, len(here.tokens))) if here.tokens[j].form == ":"), None)
        if colon:
            return view.memory.org or UNSPECIFIED if here.has("asker_label", high=colon) else None
        here = here.before
    return None


def _numbered(view: View) -> bool:
    """Whether a sentence begins with the number of a list."""
    tokens = view.tokens
    return tokens[0].kind == "N" and tokens[0].form.isdigit() and (len(tokens) == 1 or tokens[1].form in (".", ")", ":"))


def _listed(view: View) -> str | None:
    """Who asks in the list that a sentence is a line of, under a heading or after a question; None when it is none."""
    here, steps = view.before, 0
    number = here is not None and len(here.tokens) == 1 and here.tokens[0].kind == "N"
    bullet = view.tokens[0].form == "--" or _numbered(view) or number
    while here is not None and steps < LIST:
        tokens = here.tokens
        heads = here.has("ask_heading") or (here.has("urge") and (bullet or tokens[-1].form in (":", "--")))
        if heads and (len(tokens) < 18 or bullet or tokens[-1].form == ":"):
            if here.question:
                return view.speaker or view.memory.first_org or UNSPECIFIED
            asking = next((a for i in here.where("urge") if (a := urging(here, i))), None)
            if asking and asking.who not in (UNSPECIFIED, PUBLISHER):
                return asking.who
            said, _ = attribute(here, len(tokens) - 1)
            now, _ = attribute(view, min(_first(view) + 1, len(view.tokens) - 1))
            for who in (now.asserted_by, view.speaker or UNSPECIFIED, said.asserted_by):
                if who not in (UNSPECIFIED, PUBLISHER) and not who.startswith("state:"):
                    return who
            return PUBLISHER if bullet else None
        if not (here.paragraph == view.paragraph or tokens[0].form == "--" or _numbered(here) or number):
            return None
        here, steps = here.before, steps + 1
    return None


def _addressee(view: View, asking: Asking, end: int) -> str | None:
    """Whom something is asked of: a state where one is named right after the asking, or before what ought to be."""
    low = asking.at + 1 if "urge" in view.tokens[asking.at].keys else asking.start
    for j in view.where("G", "B", "C", "P", "addressee_noun", low=low, high=end):
        token = view.tokens[j]
        if token.kind in ("G", "C") or (token.kind == "P" and token.data.get("capital")):
            return view.memory.state_of(token, view.tokens[:j])
        if token.kind == "B" or "addressee_noun" in token.keys:
            if "ask_coop" in view.tokens[min(j + 1, len(view.tokens) - 1)].keys:
                continue  # "police cooperation"
            return token.form.replace(" ", "") if view.pack.settings.get("no_capitals") else token.form.removeprefix("the ")
    return None
