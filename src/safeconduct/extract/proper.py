"""Bodies that a text names with capitals and a telling noun: "Exile Rights Monitor", "the Internal Security Agency"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..claims import slugify
from .pack import Pack
from .tokens import Token

LONGEST = 9  # words

Named = Callable[[int], Token | None]


def _joined(text: str, first: Token, second: Token) -> bool:
    """Whether only a space or a hyphen stands between two words."""
    return text[first.end : second.start] in (" ", "-", " “", ' "', "")


def proper_body(tokens: Sequence[Token], i: int, pack: Pack, text: str, known: Named) -> tuple[int, str, str] | None:
    """Width, class (O, M or B) and name of the body that the capitals from ``i`` on name; None when they name none.

    ``known`` tells the entity that starts at a word, so that the state after "of" is left to the phrases.
    """
    if not tokens[i].cap or tokens[i].form in pack.set("det") or tokens[i].form in pack.set("not_in_body"):
        return None
    last, best = i, 0
    heads = pack.head
    leads = bool(pack.settings.get("head_first")) and tokens[i].form in heads  # "Red Centroamericana de Exilio"
    articles = pack.set("name_article") | {"the"}
    while last + 1 < len(tokens) and last - i < LONGEST - 1:
        after = tokens[last + 1]
        link = after.form in pack.set("body_link") and (not after.cap or after.form in pack.set("capital_link"))
        if not _joined(text, tokens[last], after) or (after.form in pack.set("not_in_body") and not link):
            break
        if after.form in pack.set("body_link") and last + 2 < len(tokens):
            far = last + 2 + (tokens[last + 2].form in articles and last + 3 < len(tokens))
            held = known(far)
            place = held is not None and held.kind in ("C", "A", "P", "G")
            civil = best and after.form in ("of", "for") and not _is_state([t.form for t in tokens[i : last + 1]], pack)
            if not tokens[far].cap or (place and not civil):
                break
            opens = pack.set("organ_head") if last > i else pack.set("organ_head") | pack.set("org_head")
            if not best and not leads and tokens[last].form not in opens:
                break
            last = far
        elif after.cap and after.form.isalpha() and after.form not in pack.set("det"):
            last += 1
        elif _plural_owner(tokens, last, text) and (tokens[last + 2].form in heads or tokens[i].form in pack.set("org_head")):
            last += 2  # "the Pacific Reporters' Forum"
        elif after.form in ("and", "&") and last + 2 < len(tokens) and tokens[last + 2].cap:
            beyond = known(last + 2)
            if (beyond is not None and beyond.kind != "T") or not (
                _ends_in_head(tokens, last + 2, pack.set("org_head")) or _for_two_things(tokens, i, last, pack)
            ):
                break
            last += 2
        else:
            break
        if best or leads or tokens[last].form in heads or (last == i + 1 and tokens[i].form in pack.set("media_first")):
            best = last
    if i + 1 <= best:
        forms = [t.form for t in tokens[i : best + 1]]
    elif (
        tokens[i].form in pack.set("organ_head") | pack.set("org_head")
        and last > i
        and tokens[i + 1].form in pack.set("body_link")
    ):
        best, forms = last, [t.form for t in tokens[i : last + 1]]
    else:
        return None
    if _title_case(tokens, i, best) or _is_station([t.form for t in tokens[i : last + 1]], pack):
        return None
    first = known(i)
    state = _is_state(forms, pack)
    if state and (first is not None and first.kind in ("A", "C", "G", "P")):
        return None  # "the Norwegian Police": the phrases know what to do
    if not state and first is not None and first.kind in ("O", "M", "G"):
        return None
    if first is not None and first.kind in ("A", "C", "P"):
        behind = i + len(first.form.split())
        second = known(behind) if behind < len(tokens) else None
        if second is not None and second.kind in ("O", "M"):
            return None  # "(credits) Italy Safeguard Defenders (with eleven)"
    if len(forms) == 2 and forms[-1] in pack.set("surname_head") and known(i) is None and forms[0] not in pack.set("common"):
        return None  # "Rebecca Hall"
    name = " ".join(text[tokens[i].start : tokens[best].end].split())
    medium = bool({forms[0], forms[-1]} & pack.set("media_head"))
    return (best - i + 1, "M" if medium else "B" if state else "O", name) if slugify(name) else None


def _plural_owner(tokens: Sequence[Token], i: int, text: str) -> bool:
    """Whether a bare apostrophe and a word with a capital follow ("Reporters' Forum")."""
    mark = i + 1
    return mark + 1 < len(tokens) and text[tokens[mark].start : tokens[mark].end] == "'" and tokens[mark + 1].cap


def _for_two_things(tokens: Sequence[Token], i: int, last: int, pack: Pack) -> bool:
    """Whether "and" with one word goes on with what a body is for ("Institute for Peace and Safety")."""
    if tokens[i].form not in pack.head or tokens[i + 1].form != "for":
        return False
    return not (last + 3 < len(tokens) and tokens[last + 3].cap)


def _ends_in_head(tokens: Sequence[Token], start: int, heads: frozenset[str]) -> bool:
    for token in tokens[start : start + 4]:
        if not token.cap:
            return False
        if token.form in heads:
            return True
    return False


def _is_station(forms: Sequence[str], pack: Pack) -> bool:
    """Whether capitals name a station, as on its sign: "Fuzhou Police Overseas Service Station"."""
    return " ".join(forms[-2:]) in pack.set("station")


def _is_state(forms: Sequence[str], pack: Pack) -> bool:
    if {forms[0], forms[-1]} & pack.set("media_head") or set(forms) & pack.set("civil_word"):
        return False
    if set(forms) & pack.set("organ_head"):
        return True
    return forms[-1] in pack.set("either_head") and bool(set(forms) & pack.set("state_word"))


def _title_case(tokens: Sequence[Token], i: int, last: int) -> bool:
    """Whether the whole sentence is written with capitals, as some headlines are."""
    words = [t for t in tokens if len(t.form) > 3 and t.form.isalpha()]
    outside = [t for t in [*tokens[:i], *tokens[last + 1 :]] if len(t.form) > 3 and t.form.isalpha()]
    return len(words) > 4 and len(outside) > 2 and all(t.cap for t in outside)
