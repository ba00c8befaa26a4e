"""What speaks of stations: the words for them, and the words that stand for one just named.

Shared by the frames of sites, figures and operators.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..tokens import Token
from ..view import View
from .parts import FORM_TAGS

FAR = 12  # sentences back to which an office in a city may be a station, in a text about stations
NEAR = 3  # sentences back to which "it" and "the place" may refer


def references(view: View) -> list[int]:
    """The tokens that speak of a foreign police presence: a station, or what stands for one just named."""
    if view.stations is None:
        view.stations = list(_references(view))
    return view.stations


def _references(view: View) -> Iterator[int]:
    tokens = view.tokens
    known = False
    for i in view.where("S", "presence", "station_like", "ordinal", "form_mobile", "that_of", "town_adj"):
        token = tokens[i]
        if token.form in view.pack.set("adjective_too") and _adjective(view, i):
            continue
        if "town_adj" in token.keys and _town_alone(view, i):  # "el quiteño"
            yield i
            continue
        if "that_of" in token.keys:  # "la de Prato"
            if _that_of(view, i) and (known or spoken(view.before, FAR if view.memory.stations else 2)):
                yield i
            continue
        if "form_mobile" in token.keys and token.kind != "S":
            if " " in token.form and not known and spoken(view.before, 2):
                yield i
            continue
        if "station" in token.keys and not view.has("no_station_after", low=i + 1, high=i + 2):
            known = True
            yield i
        elif "presence" in token.keys:
            yield i
        elif token.kind == "S" or "station_like" in token.keys:
            if _weak(view, i):
                known = True
                yield i
        elif _stands_alone(view, i) and (known or spoken(view, 3)):
            yield i


def _adjective(view: View, i: int) -> bool:
    """Whether a word for a station is an adjective here ("autoridades locales")."""
    before = view.tokens[i - 1] if i else None
    return before is not None and not before.keys & _NOT_NOUN and (bool(before.kind) or before.form.endswith("s"))


_NOT_NOUN = frozenset(
    ("N", "det", "article", "prep", "anaphoric", "both_of", "foreign_adj", "plural", "new_ones", "ordinal", "and", ".")
)


def _town_alone(view: View, i: int) -> bool:
    """Whether the adjective of a city stands for its station ("la de Lisboa y la porteña")."""
    tokens = view.tokens
    if not i or "article" not in tokens[i - 1].keys or not view.memory.stations or not spoken(view, FAR):
        return False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    return after is None or after.form in (",", ".", ";", ":", ")") or bool(after.keys & _AFTER_ALONE)


_AFTER_ALONE = frozenset(
    (
        "located",
        "opened",
        "opening_word",
        "be_being",
        "run",
        "answer_to",
        "still_active",
        "closed_now",
        "and",
        "found_by",
        "since",
        "perfect",
    )
)


def _that_of(view: View, i: int) -> bool:
    """Whether "la de" stands for a station of a city: at the front, or as the object of its opening or closing."""
    tokens = view.tokens
    if i + 1 >= len(tokens) or tokens[i + 1].kind != "P" or accused(view, tokens[i + 1]):
        return False
    k = i - 2 if i and "article" in tokens[i - 1].keys else i - 1
    return (
        k < 0
        or tokens[k].form == ","
        or (view.memory.stations and tokens[k].kind in ("", "D", "S"))
        or bool(tokens[k].keys & {"opened", "set_up", "close", "forced_close", "and", "break", "run", "prep_to"})
    )


def spoken(view: View | None, back: int = NEAR) -> bool:
    """Whether a sentence, or one of a few before it, speaks of stations."""
    while view is not None and back > 0:
        if (
            view.has("station")
            or (view.has("S") and (view.names_accused or view.has("foreign_adj", "O")))
            or (view.has("listed", "list_word") and view.has("O") and view.memory.stations)
        ):
            return True
        view, back = view.before, back - 1
    return False


def _weak(view: View, i: int) -> bool:
    """Whether a word such as "office" means a foreign police presence here."""
    tokens = view.tokens
    ordinary = any("ordinary_station" in t.keys and "hosts" not in t.keys for t in tokens[max(0, i - 3) : i])
    if ordinary or view.has("no_station_after", low=i + 1, high=i + 2):
        return False
    if (
        i
        and ("poss" in tokens[i - 1].keys or tokens[i - 1].kind in ("G", "O"))
        and view.has("O", "M", low=max(0, i - 3), high=i)
    ):
        return False
    if (
        i > 1
        and "security_word" in tokens[i - 1].keys
        and any(t.kind == "P" and accused(view, t) for t in tokens[max(0, i - 4) : i - 1])
    ):
        return False  # the bureau itself
    if view.has("usual_kind", low=i + 1, high=i + 4) or view.has("our_word", low=max(0, i - 3), high=i):
        return False
    own = tokens[i - 2] if i > 1 and "poss" in tokens[i - 1].keys else tokens[i - 1] if i else None
    if own is not None and own.kind in ("G", "B") and not accused(view, own):
        return False
    low, high = view.clause(i)
    if _possessed(view, i):
        return False
    known = view.pack.settings.get("pro_drop") and view.memory.stations and spoken(view.before, FAR)
    told = view.before_is(i, "the") and view.has(*_TOLD, low=i + 1, high=i + 4)
    if known and (told or view.has("town_adj", low=i + 1, high=i + 2)):
        return True  # "la oficina quiteña", "el despacho ocupaba …"
    if (
        view.has("foreign_adj", low=max(0, i - 4), high=i)
        or view.before_is(i, "one_person")
        or any(accused(view, t) for t in tokens[max(low, i - 6) : min(high, i + 8)])
    ):
        return True
    if "plain_police" in tokens[i].keys:
        return (
            view.memory.stations
            and (spoken(view.before, 5) or view.has("O", "generic_abroad"))
            and not (own is not None and own.kind in ("P", "A"))
        )
    if (
        own is not None
        and own.kind in ("P", "A")
        and view.memory.stations
        and (not own.data.get("capital") or "poss" in tokens[i - 1].keys)
    ):
        return True
    if "very_weak" not in tokens[i].keys and view.memory.stations and _free(view, i):
        return True
    if view.memory.stations and (view.before_is(i, "anaphoric", back=2) or view.has("alike", low=max(0, i - 2), high=i + 2)):
        return True
    if view.has("anaphoric", "the", "its_their", "both_of", "N", low=max(0, i - 3), high=i) and spoken(view.before):
        return True
    back = FAR if view.memory.stations else 2
    if view.has("prep_in", low=i + 1, high=i + 3) and view.has("P", low=i + 2, high=i + 9) and spoken(view.before, back):
        return True
    return (
        view.has("O")
        and view.has("find", "say", "listed", "list_word")
        and (
            spoken(view.before, 4)
            or view.names_accused
            or (
                view.memory.stations
                and (view.has("P") or (bool(view.pack.settings.get("pro_drop")) and view.before_is(i, "N", back=2)))
            )
        )
    )


_TOLD = ("located", "opened", "still_active", "closed_now")


def _possessed(view: View, i: int) -> bool:
    """Whether a body of the host state, a city or an unnamed owner "has" or "runs" the places meant, as a matter of course."""
    tokens = view.tokens
    verb = next((k for k in range(i - 1, max(-1, i - 6), -1) if tokens[k].keys & {"owns_verb"}), None)
    if verb is None or not view.has("N", low=verb, high=i) or view.has("anaphoric", low=verb, high=i):
        return False
    who = next(
        (
            t
            for t in reversed(tokens[max(0, verb - 6) : verb])
            if t.kind in ("G", "B", "C", "P", "O", "A", "R") or "pronoun" in t.keys
        ),
        None,
    )
    return who is None or (who.kind in ("G", "B") and not accused(view, who))


def _free(view: View, i: int) -> bool:
    """Whether a station word stands free, owned by nobody of the host state."""
    tokens, low = view.tokens, max(view.clause(i)[0], i - 4)
    owners = [k for k in range(low, i) if tokens[k].kind in ("G", "B") and not accused(view, tokens[k])]
    return not any(k == i - 1 or view.has("owns_verb", "poss", low=k + 1, high=i) for k in owners)


def accused(view: View, token: Token) -> bool:
    """Whether a token names the accused state, its police or a city of it; stations are China's, whoever else is accused."""
    origins = view.memory.origins | {"CN"} if view.memory.stations else view.memory.origins
    if token.kind in ("A", "C", "G"):
        return any(c in origins for v in token.values for c in v.split("|"))
    if token.kind == "P":
        return any(c in origins for c in token.data["codes"])
    return token.kind == "B" and token.data.get("body") == "public security bureau"


def _stands_alone(view: View, i: int) -> bool:
    """Whether "one", "another", "the second" stands for a thing, with no noun of its own."""
    tokens = view.tokens
    if "ordinal" not in tokens[i].keys:
        return False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is None or ("first" in tokens[i].keys and not view.before_is(i, "det")):
        return False
    if tokens[i].kind == "N" and (tallied(view) or view.before_is(i, "single")):
        return False
    if "of" in after.keys and view.pack.settings.get("pro_drop") and view.has("person", "T", "H", low=i + 2, high=i + 4):
        return False  # "a uno de los acusados"
    return (
        after.form == ","
        or after.kind == "D"
        or bool(
            after.keys & {"prep", "be_being", "here", "set_up", "run", "linked_to", "answer_to", "adverb", "opened", "located"}
        )
    )


def _counted_where(view: View, k: int) -> list[int]:
    """Where a preposition may stand that places a number: right behind it, or behind "of them are"."""
    if view.has("of", "of_them", "be_being", "no_count", low=k + 1, high=k + 2):
        return list(range(k + 2, min(len(view.tokens), k + 6)))
    return [k + 1] if k + 1 < len(view.tokens) else []


def tallied(view: View) -> bool:
    """Whether a sentence counts stations place by place ("three in Toronto, one in Vancouver"): figures, not sites."""
    tokens = view.tokens
    counted = [k for k in view.where("N") if not view.has("no_count", "time_unit", low=k + 1, high=k + 2)]
    placed = [
        k
        for k in counted
        if any("prep_in" in tokens[m].keys and view.has("P", "C", low=m + 1, high=m + 4) for m in _counted_where(view, k))
    ]
    singles = [k for k in placed if tokens[k].data["value"] == 1]
    if len(singles) == len(placed) and any(tokens[k].data["value"] == len(placed) and k < placed[0] for k in counted if placed):
        lone = view.pack.numbers.get("lone")  # "dos locales, uno en Quito y otro en Guayaquil" counts them
        return bool(lone) and not any(view.has(*FORM_TAGS, low=k + 1, high=k + 3) for k in counted)
    several = any(int(tokens[k].data["value"]) > 1 for k in counted)
    return any(int(tokens[k].data["value"]) > 1 for k in placed) or (several and len(placed) > 1)
