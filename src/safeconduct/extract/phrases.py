"""Second pass over a sentence: lists of names become one token, and names with the words around them one organ or body."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby

from ..claims import cities, slugify
from .grammar import Match, Rule, Rules, grammar, starting
from .pack import Pack
from .places import Places
from .tokens import Member, Token, made

LISTED = frozenset("CAPR")


@cache
def _passes() -> list[Rules]:
    tables = grammar()["phrase"]
    passes = sorted({t.get("pass", 1) for t in tables})
    return [Rules(t for t in tables if t.get("pass", 1) == n) for n in passes]


def join_lists(places: Places, text: str) -> Places:
    """Rows of countries, of adjectives of countries or of cities become one token each, with a member for each."""
    if places[LISTED].bit_count() < 2:
        return places
    tokens = places.tokens
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "P":
            i, token = _with_country(tokens, i)
        else:
            i += 1
        if token.kind in LISTED:
            row, before = [token], i
            while (
                (after := _past_country(tokens, _separated(tokens, i), token.kind))
                and tokens[after].kind == token.kind
                and not _quote_between(text, row[-1], tokens[after])
                and (token.kind != "R" or bool(tokens[after].data.get("adjective")) == bool(token.data.get("adjective")))
            ):
                i, following = _with_country(tokens, after) if token.kind == "P" else (after + 1, tokens[after])
                row.append(following)
            if len(row) == 2 and (_new_clause(tokens, before, i) or _speaks(tokens, before, i)):
                i, row = before, row[:1]
            if len(row) > 1:
                token = _row(token, row)
        out.append(token)
    return Places(out) if len(out) < len(tokens) else places


def _new_clause(tokens: list[Token], before: int, after: int) -> bool:
    """Whether ", and" between two names opens a clause: "by a court at Angers, and Paris has protested"."""
    parted = tokens[before].form == "," and before + 1 < len(tokens) and "and" in tokens[before + 1].keys
    return parted and after < len(tokens) and not tokens[after].keys.isdisjoint(("perfect", "be_being", "modal"))


def _speaks(tokens: list[Token], before: int, after: int) -> bool:
    """Whether the second of two names is a capital that speaks: "a refugee in Kharkiv, Kyiv complained"."""
    if tokens[before].form != "," or after != before + 2 or after >= len(tokens):
        return False
    last = tokens[after - 1]
    speaks = not tokens[after].keys.isdisjoint(("say", "say_clause"))
    return speaks and (last.kind != "P" or bool(last.data.get("capital")))


def _quote_between(text: str, first: Token, second: Token) -> bool:
    """Whether a quotation ends or begins between two tokens."""
    between = text[first.end : second.start]
    return "“" in between or "”" in between or '"' in between


def _with_country(tokens: list[Token], i: int) -> tuple[int, Token]:
    """A city with the country behind it ("Lyon, France"): the next index and one token for both."""
    city = tokens[i]
    for width in (2, 1):
        between = [t.form for t in tokens[i + 1 : i + width]]
        if i + width < len(tokens) and tokens[i + width].kind == "C" and between in ([","], ["("]):
            code = tokens[i + width].values[0]
            end = i + width + 1
            owner = end < len(tokens) and "poss" in tokens[end].keys  # "in Nairobi, Kenya's minister said"
            if not owner and (code in city.data.get("codes", ()) or cities(city.values[0], code)):
                if end < len(tokens) and tokens[end].form in (",", ")") and (between == ["("] or end + 1 < len(tokens)):
                    end += 1
                token = made("P", tokens[i:end], city.members, city.keys - {"P"}, **city.data)
                token.data["codes"] = (code,)
                return end, token
    return i + 1, city


def _past_country(tokens: list[Token], i: int | None, kind: str) -> int | None:
    """The index of the city behind its country in a list of cities ("西班牙巴塞罗那、匈牙利布达佩斯"), else ``i``."""
    if i is None or kind != "P" or i + 1 >= len(tokens) or tokens[i].kind != "C" or len(tokens[i].members) > 1:
        return i
    city = tokens[i + 1]
    own = city.kind == "P" and city.start == tokens[i].end and tokens[i].values[0] in city.data.get("codes", ())
    return i + 1 if own else i


def _separated(tokens: list[Token], i: int) -> int | None:
    """The index after a separator of a list at ``i``."""
    j = i
    if j < len(tokens) and tokens[j].form in (",", "、"):
        j += 1
    if j < len(tokens) and "and" in tokens[j].keys:
        j += 1
        if j < len(tokens) and "also" in tokens[j].keys and tokens[j].kind != "N":
            j += 1
    if j == i:
        return None
    while (
        j < len(tokens)
        and not tokens[j].kind
        and tokens[j].keys & {"det", "near_city", "prep_in"}
        and not ("a_one" in tokens[j].keys and "prep_in" not in tokens[j].keys)
    ):
        j += 1
    return j if j < len(tokens) else None


def _row(first: Token, row: Sequence[Token]) -> Token:
    data = dict(first.data)
    if first.kind == "P":
        data["codes"] = tuple(c for t in row for c in (t.data["codes"] * len(t.members))[: len(t.members)])
        data["capitals"] = tuple(t.data.get("capital") for t in row for _ in t.members)
        data["capital"] = None
    return made(first.kind, row, [m for t in row for m in t.members], first.keys - {first.kind}, **data)


def compose(places: Places, pack: Pack, text: str) -> Places:
    """The tokens with one token for "the Dutch foreign ministry's spokeswoman" and the like."""
    for rules in _passes():
        if not (matches := rules.matches(places)):
            continue
        tokens, out, done = places.tokens, list[Token](), 0  # tokens dealt with
        for start, found in groupby(matches, starting):
            if start < done:
                continue
            rule, match = max(found, key=lambda one: one[1].end)
            if token := _made(rule, match, tokens, pack, text):
                out += tokens[done:start]
                out.append(token)
                done = match.kept.get("until", match.end)
        if done:
            places = Places(out + tokens[done:])
    return places


def _made(rule: Rule, match: Match, tokens: list[Token], pack: Pack, text: str) -> Token | None:
    """The token that a phrase makes of what it matched; None when it does not hold."""
    if "setting" in rule.data and not pack.settings.get(rule.data["setting"]):
        return None
    kept = {name: tokens[i] for name, i in match.kept.items()}
    some = tokens[match.start : match.kept.get("until", match.end)]
    words = (t.keys for t in some[1:-1] if "org_intro" not in t.keys)  # "think tank" holds no verb
    if "without" in rule.data and any(not keys.isdisjoint(rule.data["without"]) for keys in words):
        return None
    head = next((kept[n] for n in ("g", "b", "o", "m", "h", "t") if n in kept), None)
    kind = str(rule.data["becomes"])
    kind = head.kind if kind == "same" and head else kind
    data = dict(head.data) if head else {}
    members: list[Member] = list(head.members) if head else []
    if "c" in kept:
        owner = kept["c"]
        if owner.kind == "P":
            codes = owner.data["codes"]
            if rule.data.get("capital"):
                if not owner.data.get("capital"):
                    return None
                codes = (owner.data["capital"],)
            else:
                data["seat"] = owner.values[0]
            members = [Member(c, m.start, m.end) for c, m in zip(codes, owner.members, strict=False)]
        else:
            members = list(owner.members)
    if "d" in kept:
        data["edtf"] = kept["d"].data["edtf"]
    if "x" in kept:
        data["last"] = kept["x"].data.get("last")
        data["person"] = True
    if rule.data.get("slug"):
        named = kept["x"]
        name = text[named.start : named.end]
        data = {"slug": slugify(name), "name": (named.start, named.end)}
        if not data["slug"]:
            return None
    data |= rule.data.get("data", {})
    tags = frozenset(rule.data.get("tags", ())) | (head.keys - {head.kind} if head else frozenset())
    token = made(kind, some, members, tags, **data)
    return token
