"""Deeds: the words of a sentence that tell of an act of repression, and whether it is told as done to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..view import STATE, View, subject
from .states import acting, code_of, codes_of, linked

METHODS = tuple(
    "killing attempted_killing abduction coerced_return detention assault threat_to_family threat intimidation surveillance "
    "digital_attack mobility_control".split()
)
DEEDS = frozenset(kind + method for kind in ("m_", "w_") for method in METHODS)
WEIGHTY = frozenset(METHODS[:6]) - {"detention"}
GRAVE = WEIGHTY | {"detention"} - {"coerced_return"}
BODILY = ("killing", "attempted_killing", "abduction", "coerced_return", "assault", "threat")
FATAL = {"m_killing", "m_attempted_killing", "m_abduction", "m_assault"}
SUFFERED = (*BODILY, "digital_attack")
TOLD_ON = (*BODILY, "surveillance")
POLICED = ("detention", "surveillance", "assault", "intimidation", "digital_attack")
VICTIMS = (*"TX", "person", "one_person", "pronoun_object", "community", "victim_word", "compatriots", "family", "self_object")
CASE = 10  # so many people in one case only where the day or month is told
NEAR = 12
BESIDE = 8
# of these, nouns and idioms may stand on either side of the victim
EITHER = ("killing", "attempted_killing", "abduction", "threat", "surveillance", "digital_attack")
EXILES = ("dissidents", "journalists", "diaspora", "students", "officials")


class Act(NamedTuple):
    """Words for an act: where it is read, the tokens it takes, its method, whether it needs an accused state nearby."""

    at: int
    start: int
    end: int
    method: str
    weak: bool = False
    free: bool = False  # a negation belongs to it ("will not renew passports")


def deeds_of(view: View) -> Iterator[Act]:
    """All words for acts of a sentence."""
    matches = view.matches("act")
    tries = {m.kept.get("at", m.start) for rule, m in matches if rule.data["method"] == "attempted_killing"}
    for i, token in ((i, view.tokens[i]) for i in view.where(*DEEDS)):
        if "guard_only" in token.keys or (token.cap and view.before_is(i, "the")):
            continue
        bidden = i and _infinitive(view, i) and not view.has("using", low=max(0, i - 8), high=i)  # "hired to kill"
        tried = bidden or _attempted(view, i)
        if tried and view.has("m_threat", "vow_verb", low=max(0, i - 6), high=i - 1) and view.tokens[i].keys & FATAL:
            continue  # "vowed to kill" threatens
        for method in METHODS:
            if (strong := "m_" + method in token.keys) or "w_" + method in token.keys:
                named = "attempted_killing" if method == "killing" and ((strong and tried) or i in tries) else method
                if named == "abduction" and not strong and _by_host(view, i):
                    if not view.has("prep_to", "back_home", "aboard", low=i, high=i + 10):
                        continue  # the police of the host arrest somebody
                    named = "coerced_return"
                yield Act(i, i, i + 1, named, "w_" + method in token.keys)
    for rule, match in matches:
        at, data = match.kept.get("at", match.start), rule.data
        method = str(data["method"])
        if method == "abduction" and _by_host(view, at):
            method = "coerced_return"
        if "by_origin" in data and _by_origin(view, at):
            method = str(data["by_origin"])
        yield Act(at, match.start, match.end, method, bool(data.get("weak")), bool(data.get("free")))


def _infinitive(view: View, i: int) -> bool:
    """Whether a deed is one to be done: an infinitive that a purpose or an order goes before."""
    before, pack = view.tokens[i - 1], view.pack
    if before.form == "to":
        return True
    told = before.form in pack.set("bid_word") or "hired" in before.keys
    return told and view.tokens[i].form.split()[0].endswith((*pack.set("infinitive_end"), "\0"))


def _attempted(view: View, i: int) -> bool:
    """Whether a deed is only tried, in a language that puts a whole clause between the trying and the deed."""
    if not view.pack.settings.get("no_plural"):
        return False
    low = next((k + 1 for k in range(i - 1, max(-1, i - 16), -1) if view.tokens[k].form == ","), max(0, i - 16))
    high = next((k for k in range(i + 1, min(len(view.tokens), i + 12)) if view.tokens[k].form == ","), i + 12)
    return view.has("attempt", "tried", "survived", low=low, high=i) or view.has("plot", low=i + 1, high=high)


def applies(view: View, act: Act) -> bool:
    """Whether an act is told as done by an accused state to somebody."""
    i = act.at
    refused = act.free and view.has("neg", low=act.start, high=act.end) and not view.question
    if (view.hypothetical(i) and not refused) or (not act.free and view.negated(i, 3)):
        return False
    low, high = stretch(view, i)
    known = linked(view, low, high) or _own_people(view, act, low, high)
    beyond = act.method not in ("detention", "surveillance") and linked(view, *_part(view, i))
    if act.weak and not (known or beyond or _goes_on(view, act, low, high)):
        return False
    if _set_aside(view, act, low, high) or _totalled(view, act, low, high):
        return False
    if act.method in POLICED and not _theirs(view, act, low, high):
        return False
    if not _bare(view, act) and victims_of(view, act, low, high):
        return True
    official = view.has(*STATE, "envoys", low=max(low, i - 5), high=i)
    if act.method in SUFFERED and undergone(view, i) and not _bare(view, act) and not official:
        return True  # a passive befalls its subject, whatever that is called
    stations = view.has("S") and view.has("purpose", low=max(0, i - 6), high=i + 1)
    if not act.weak and (stations or act.method == "mobility_control"):
        return known or stations
    told = act.method in GRAVE or bool(view.tokens[i].keys & {"act_noun", "blame"})
    known = known or (not act.weak and any(linked(past, 0, len(past.tokens)) for past in earlier(view, 1)))
    return told and known and view.has("blame", "at_behest", low=low, high=high)


def stretch(view: View, i: int) -> tuple[int, int]:
    """The clause around a token, with what its relative pronoun stands for and the relative clause that ends it."""
    low, high = view.clause(i)
    if view.has("rel", low=high, high=high + 1):
        high = min(view.clause(high)[1], high + 16)
    return max(0, low - 7 * (low > 0 and "break" in view.tokens[low].keys)), high


def _bare(view: View, act: Act) -> bool:
    """Whether an act is only referred back to ("the assault"), with nobody named whom it befell."""
    i, token = act.at, view.tokens[act.at]
    again = "act_noun" in token.keys and (token.form.startswith(("the ", "that ")) or view.before_is(i, "the", "this"))
    return again and not (view.has("prep", low=i + 1, high=i + 2) and view.has(*VICTIMS, low=i + 1, high=i + 7))


def _set_aside(view: View, act: Act, low: int, high: int) -> bool:
    """Whether an act is only spoken of: in a law, advice, an inquiry, a denial, or of whomever it may befall."""
    i, tokens = act.at, view.tokens
    start, form = view.clause(i)[0], tokens[i].form
    if view.has("legal_word", low=max(0, start - 6), high=i) and not view.has("one_person", low=low, high=high):
        return True
    if form.endswith(("ing", "ance", "ing on")):  # a noun: "spying on refugees is to be a crime", "conspiracy and stalking, …"
        ends = (i + 1 >= len(tokens) or tokens[i + 1].form in ",;:)") and not view.before_is(i, "be_being", back=3)
        ordered = view.has("order", "blame", low=i - 3, high=i)  # "found that Russia had ordered the killing"
        if view.has("legal_word", low=i + 1, high=i + 9) or (ends and " " not in form and not ordered):
            return True
    whence = view.has("from", low=i + 1, high=i + 2) and not view.has("prep_to", low=i + 1, high=i + 9)
    if act.method == "coerced_return" and whence:  # "extradited from Prague"
        several = view.has("countries", low=i + 2, high=i + 3)  # "from countries such as Serbia"
        return not several and not any(tokens[v].data.get("target") in EXILES for v in victims_of(view, act, low, high))
    if view.has("take_view", low=i - 3, high=i) and view.has("ask_seriously", "gravely", low=i + 1, high=i + 12):
        return True  # "takes threats to people in the country seriously"
    if view.has("need_be", low=start, high=i + 1):  # "not every critic has to be carried off"
        return True
    sent = view.has("envoys", low=i, high=i + 5) and not view.has("by", low=i, high=i + 5)
    if act.method == "coerced_return" and sent:  # "sent the consul home"
        return True
    if "act_noun" in tokens[i].keys and view.has("accused_of", low=max(start, i - 5), high=i):  # "charged them with murder"
        return not (view.has(*VICTIMS, low=i + 1, high=i + 7) or _state_accused(view, i))
    if form in view.pack.set("protected") and view.has(*VICTIMS, low=i + 1, high=i + 2) and view.before_is(i, "prep"):
        return True  # "a contact officer for threatened writers"
    if view.pack.settings.get("head_first") and view.has("ask_legislate", low=max(0, start - 6), high=i):
        return True
    if view.has("common_crime") and not view.has("at_behest", "blame"):
        return True
    if view.has("nobody", low=i + 1, high=i + 5):
        return True
    if view.pack.settings.get("head_first") and form in view.pack.set("protected"):  # "resguardar a los amenazados"
        before = bool(tokens[i - 1].keys & {"the", "T", "victim_word", "person"}) if i else True
        if before and not view.before_is(i, "be_being", "perfect", back=3) and not view.has("by", low=i + 1, high=i + 7):
            return True
    taken = act.method == "abduction" and view.has("object_thing", "papers", "device_word", low=i + 1, high=i + 4)
    if taken or view.has("deny_word", low=start, high=i):
        return True
    for j in view.where("rel", low=max(0, i - 5), high=i):
        known = linked(view, j, high) or view.before_is(j, "N", "a_one", "one_person", back=4)
        if view.has("be_being", low=j + 1, high=i + 1) and not known:
            return True
    asked = "act_noun" in tokens[i].keys and view.has("inquiry_word", low=max(start, i - 6), high=i)
    return asked and not linked(view, start, high)


def _state_accused(view: View, i: int) -> bool:
    """Whether it is a state that is accused of an act ("accused Iran of two murders")."""
    accusing = max(view.where("accused_of", low=i - 5, high=i), default=i)
    return view.has("C", "G", low=accusing + 1, high=i)


def _totalled(view: View, act: Act, low: int, high: int) -> bool:
    """Whether a number sums up people or cases over a time: a figure, and no incident of its own."""
    tokens, i = view.tokens, act.at
    told = [tokens[d] for d in view.where("D", low=low, high=high)]
    dates = ["/" if t.form.startswith("since ") else str(t.data["edtf"]) for t in told]
    span = view.has("period", low=low, high=high) or any("/" in d for d in dates)
    exact = not span and any(len(d) >= 7 for d in dates)
    for j in view.where("N", low=max(low, i - NEAR), high=min(high, i + NEAR)):
        if j < i and view.has("state_noun", low=j + 1, high=j + 4):
            return True
        number = int(tokens[j].data["value"])
        if j > 1 and tokens[j - 1].cap and tokens[j - 1].kind in ("", "X"):
            continue  # "Group 24"
        if number > 1 and i - 6 <= j < i and view.has("act_noun", low=j + 1, high=j + 3):
            return not _state_accused(view, i)
        if view.pack.settings.get("head_first") and view.has("reward_word", low=j + 1, high=j + 4):
            continue
        if view.pack.settings.get("head_first") and j < i and not _told_of_them(view, i, j):
            continue  # it counts those who did it ("veinte imanes delataron a fieles")
        if view.has("prep_to", low=j + 1, high=j + 2) and j < i:
            continue  # "offered $500,000 to murder"
        if (number >= CASE and i - 3 <= j < i) or view.has(*VICTIMS, "act_noun", low=j + 1, high=j + 6):
            return (number > 2 and span) or (number >= CASE and not exact)
    return False


def _told_of_them(view: View, i: int, j: int) -> bool:
    """Whether an act may befall those whom a number before it counts: a noun or passive, or a clitic takes them up."""
    clitic = view.tokens[i].form.split()[0] in view.pack.set("clitic") or view.tokens[i - 1].form in view.pack.set("clitic")
    named = bool(view.tokens[i].keys & {"m_mobility_control", "act_noun"})
    return clitic or named or undergone(view, i) or view.before_is(j, "prep_to")


def _own_people(view: View, act: Act, low: int, high: int) -> bool:
    """Whether an act befalls exiles of a state known to act across borders ("a Lao democrat was found dead")."""
    for v in victims_of(view, act, low, high)[:2]:
        if act.method in BODILY and _exile(view, v) and any(code_of(view, j, wider=True) for j in (v - 1, v) if j >= 0):
            return True
    return False


def _theirs(view: View, act: Act, low: int, high: int) -> bool:
    """Whether what only looks like repression (an arrest, a watch kept) is not the work of another state's police."""
    near = range(low, min(high, len(view.tokens)))
    held, agent = act.method == "detention", agent_of(view, act.at)
    told = [j for j in near if view.has("order_noun", low=j + 1, high=j + 3) or view.before_is(j, "at_behest")]
    beyond = [j for j in near if j < act.at + 8 or (j in told and not view.has("blame", "S", low=act.at, high=j))]
    ordered = any(j in beyond and acting(view, j) for j in codes_of(view, wider=True))
    ordered = ordered or (held and view.has("notice_word", low=low, high=high) and linked(view, low, high))
    if ordered or (not held and view.has("at_behest", low=low, high=high)):
        return True
    if agent is None:
        return not held or view.has("m_mobility_control", "notice_word")
    if view.tokens[agent].kind == "B" and act.method not in ("detention", "surveillance"):
        return True
    codes = [c for c, _ in view.states(view.tokens[agent], agent)]
    return not codes or any(c in view.memory.origins for c in codes)


def agent_of(view: View, i: int) -> int | None:
    """The organ that does it: after "by", or the subject of an active verb right before it."""
    tokens = view.tokens
    for j in range(i + 1, min(i + 8, len(tokens))):
        if "by" in tokens[j].keys:
            return next((k for k in range(j + 1, min(j + 4, len(tokens))) if tokens[k].kind in STATE), None)
    found = None if undergone(view, i) else subject(view, i, ("G", "B", "C", "P"), 10)
    if found is None or view.has(*_BETWEEN, low=found + 1, high=i):
        return None
    return found


# What stands between an organ and a deed of somebody else: whoever "said", or "arrested" them (Chinese puts their deed next).
_BETWEEN = ("say", "rel", "find", "inquiry_word", "T", "person", "arrest", "charge_verb", "expel")


def undergone(view: View, i: int) -> bool:
    """Whether a word for an act is a passive participle."""
    if "befalls" in view.tokens[i].keys or view.before_is(i, "receives", back=3):  # "vanished", "received threats"
        return True
    word = view.tokens[i].form.split()[0]
    if view.pack.set("passive_end"):
        return _participle(view, i, word)
    being = word in ("was", "were", "been", "being", "is", "are")
    return being or (view.before_is(i, "be_being", back=3) and not word.endswith("ing")) or _reduced(view, i)


def _participle(view: View, i: int, word: str) -> bool:
    """Whether a participle is a passive one, in a language where it needs no auxiliary for that ("opositores baleados")."""
    ends, pack = view.pack.set("passive_end"), view.pack
    if not word.endswith((*ends,)) or "act_noun" in view.tokens[i].keys:
        return False
    had = any(t.form.split()[-1] in pack.set("have_word") for t in view.tokens[max(0, i - 2) : i])
    return not had or view.before_is(i, "be_being", back=2)


def _reduced(view: View, i: int) -> bool:
    """Whether a participle stands behind the one it befalls ("a blogger picked up in Bishkek")."""
    word, before = view.tokens[i].form.split()[0], view.tokens[i - 1] if i else None
    if before is None or not view.pack.set("participle_end") or not word.endswith(tuple(view.pack.set("participle_end"))):
        return False
    placed = view.tokens[i].form.split()[-1] in view.pack.set("in_word") or view.has("prep_in", low=i + 1, high=i + 2)
    return placed and bool({"T", "victim_word"} & ({before.kind} | before.keys)) and view.has("be_being", "had_word", low=i + 1)


def victims_of(view: View, act: Act, low: int, high: int) -> list[int]:
    """The people an act befalls: after an active verb or a noun, before a passive one; the nearest first."""
    i, tokens = act.at, view.tokens
    if not view.pack.set("itself_victim").isdisjoint(tokens[i].form.split()):
        return [i]
    if i and tokens[i - 1].form in view.pack.set("clitic") and tokens[i].form.endswith((*view.pack.set("clitic_verb"),)):
        named = [v for v in view.where("T", "X", "family", "victim_word", low=max(low, i - 14), high=i - 1) if _object(view, v)]
        return [*named[-1:], i - 1]  # "a un bloguero lo secuestraron"
    if tokens[i].form.split()[0].endswith((*view.pack.set("enclitic"), "\0")):
        return [i]  # "para matarlo"
    passive, people = undergone(view, i), view.where(*VICTIMS, low=low, high=high + 2)
    found = [v for v in people if v != i and "agent_word" not in tokens[v].keys and not view.before_is(v, "by", back=2)]
    side = [v for v in found if (v < i) == passive]
    if passive:
        side += [v for v in view.where("pronoun", low=view.clause(i)[0], high=i) if tokens[v].form != "it"]
    elif not side and act.method in ("surveillance", "digital_attack"):
        side = list(view.where("victim_thing", low=max(low, i - 6), high=min(high, i + 10)))
    if not side and passive and act.weak and " " in tokens[i].form:  # "was driven straight at an exile"
        side = [v for v in found if i < v <= i + 5]
    if not side and act.weak and act.method in EITHER:
        side = [v for v in found if abs(v - i) <= BESIDE and _exile(view, v)]
    if not side and not passive:  # "held dozens of students and deported some of them"
        side = list(view.where("of_them", low=i + 1, high=i + 3))
    near = side or ([] if act.weak else [v for v in found if abs(v - i) <= NEAR])
    near = [v for v in near if abs(v - i) <= (2 * NEAR if passive else NEAR)]
    return sorted(near, key=lambda v: abs(v - i) + 6 * view.before_is(v, "from", "of", back=3))


def _object(view: View, v: int) -> bool:
    """Whether "a" stands before people: they are the object that a clitic takes up."""
    return view.before_is(v, "prep_to", back=4) and not view.has("say", low=max(0, v - 3), high=v)


def earlier(view: View, back: int) -> Iterator[View]:
    """The sentences before it, the last first."""
    past = view.before
    while past is not None and back:
        yield past
        past, back = past.before, back - 1


def _by_origin(view: View, i: int) -> bool:
    """Whether the accused state's own people do what a token says."""
    agent = agent_of(view, i)
    if agent is not None:
        return code_of(view, agent, wider=True) in view.memory.origins
    by = next(view.where("by", low=i, high=i + 14), None)
    return by is not None and view.has("agent_word", low=by, high=by + 4)


def _by_host(view: View, i: int) -> bool:
    """Whether an organ of the host does what a token says: it hands people over rather than abducts them."""
    agent = agent_of(view, i)
    if agent is None or view.tokens[agent].kind == "B" or "agent_word" in view.tokens[agent].keys:
        return False
    codes = [c for c, _ in view.states(view.tokens[agent], agent)]
    return bool(codes) and not any(c in view.memory.origins or c == view.memory.accused for c in codes)


def _exile(view: View, v: int) -> bool:
    """Whether a word for people names such as states pursue abroad."""
    return view.tokens[v].data.get("target") in EXILES or "victim_word" in view.tokens[v].keys


def _goes_on(view: View, act: Act, low: int, high: int) -> bool:
    """Whether a sentence goes on about the accused state of the one before it, telling what befell an exile."""
    return (
        act.method in TOLD_ON
        and any(linked(past, 0, len(past.tokens)) for past in earlier(view, 1))
        and any(_exile(view, v) for v in victims_of(view, act, low, high))
    )


def _part(view: View, i: int) -> tuple[int, int]:
    """The part of a sentence around a token that no colon cuts off."""
    colons = [j for j, t in enumerate(view.tokens) if t.form == ":"]
    return max((j for j in colons if j < i), default=0), min((j for j in colons if j > i), default=len(view.tokens))
