"""Second pass: lists and phrases. "the Dutch and Irish governments" becomes one token that holds both states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..claims import slugify
from .pack import Pack, Rule
from .tokens import Line, Member, Token, entity

QUOTE = re.compile('["“”»«]')
LISTED = ("C", "A", "P", "R")


def join_lists(line: Line, pack: Pack, text: str) -> None:
    """Put one token in the place of every list of countries, demonyms, cities or regions; none across a quotation."""
    tokens, out = line.tokens, list[Token]()
    i = 0
    while i < len(tokens):
        first = tokens[i]
        if first.kind not in LISTED:
            out.append(first)
            i += 1
            continue
        some, last, j = [first], i, i + 1
        inside: list[tuple[str, str]] = []  # "the United States (New York)": country and city
        while j < len(tokens):
            if [t.kind or t.form for t in tokens[j : j + 3]] == ["(", "P", ")"] and tokens[j - 1].kind == "C":
                inside.append((tokens[j - 1].values[0], tokens[j + 1].values[0]))
                j += 3
            k = j
            while k < len(tokens) and k - j < 4 and (tokens[k].form in pack.sets["list_joint"]):
                k += 1
            if k == j or k >= len(tokens) or QUOTE.search(text, tokens[last].end, tokens[k].start):
                break
            if tokens[k].kind == first.kind and not tokens[k].data.get("adjective"):
                some.append(tokens[k])
                last, j = k, k + 1
                if j < len(tokens) and tokens[j].form == "'s":
                    break
            else:
                break
        if len(some) > 1:
            members = [m for t in some for m in t.members]
            codes = tuple(t.data["codes"][0] for t in some if t.data.get("codes"))
            joined = entity(first.kind, tokens[i : last + 1], members, codes=codes, capital=None, inside=tuple(inside))
            out.append(joined)
        else:
            out.append(first)
        i = last + 1
    line.tokens = out
    line.render()


def head_phrases(line: Line, pack: Pack) -> None:
    """Stations and people: a head noun with the adjectives and demonyms before it becomes one token.

    A station is *strong* when something in the phrase says that it is a foreign one; ``found`` says of which states.
    """
    for rule in pack.tables["head"]:
        kind, heads = str(rule["becomes"]), pack.compile(rule["pattern"])
        for match in reversed(list(heads.finditer(line.text))):
            last = line.index(match.end() - 1)
            head = first = line.index(match.start())
            following = line.tokens[last + 1].form if last + 1 < len(line.tokens) else ""
            if kind == "S" and following in pack.sets["not_station_after"]:
                plain = line.tokens[head]
                line.substitute(head, head, Token(str(plain.data["head"]), plain.start, plain.end))
                line.render()
                continue
            codes: list[Member] = []
            modifiers: list[str] = []
            while first > 0 and head - first < 8 and modifiers.count(",") < 3:
                before = line.tokens[first - 1]
                if before.kind == "A" or (before.kind == "C" and before.data.get("code") in ("US", "GB", "EU")):
                    codes += [*before.members]
                elif before.form in pack.sets[rule["modifiers"]] or (before.form == "," and modifiers):
                    modifiers.append(before.form)
                elif before.form == "'s" and first > 1 and line.tokens[first - 2].kind in ("C", "G", "P"):
                    owner = line.tokens[first - 2]
                    codes += (
                        owner.members
                        if owner.kind in ("C", "G")
                        else [Member(c, owner.start, owner.end) for c in (owner.data.get("capital"),) if c]
                    )
                    break
                elif before.form == "run" and first > 1 and line.tokens[first - 2].kind in ("C", "A", "G"):
                    modifiers.append("foreign")
                    codes += line.tokens[first - 2].members
                    first -= 1
                else:
                    break
                first -= 1
            while first < head and line.tokens[first].form == ",":
                first += 1
            if rule.get("after"):
                last, more = _what_follows(line, last, pack, str(rule["after"]), modifiers)
                codes += more
            tokens = line.tokens[first : last + 1]
            noun = str(line.tokens[head].data.get("head", ""))
            phrase = entity(
                kind, tokens, codes, modifiers=tuple(modifiers), head=noun,
                target=line.tokens[head].data.get("target"),
                strong=bool(set(modifiers) & pack.sets["strong_modifier"]) or noun in pack.sets["strong_head"]
                or (noun.endswith(("station", "stations")) and bool(set(noun.split()) & pack.sets["strong_modifier"])),
                weak=noun in pack.sets["weak_head"],
            )  # fmt: skip
            line.substitute(first, last, phrase)
            line.render()


def _what_follows(line: Line, last: int, pack: Pack, words: str, modifiers: list[str]) -> tuple[int, list[Member]]:
    """Adjectives and "of …" after a head noun: the last token of the phrase, and the states it names."""
    codes: list[Member] = []
    linked, end = False, last
    for i in range(last + 1, min(len(line.tokens), last + 9)):
        token = line.tokens[i]
        if token.kind == "A" or (linked and token.kind in ("C", "G")):
            codes += token.members
            end = i
            if token.kind != "A":
                break
        elif linked and token.kind == "P" and token.data.get("capital"):
            codes.append(Member(str(token.data["capital"]), token.start, token.end))
            end = i
            break
        elif token.kind == "T" and not linked and i == end + 1:
            end = i
        elif token.form in pack.sets[words]:
            modifiers.append(token.form)
            end = i
        elif not (linked and token.kind == "B" and token.data.get("body") in pack.sets["owner_body"]):
            if token.form not in pack.sets["of_word"]:
                break
            linked = True
    return end, codes


def compose(line: Line, pack: Pack) -> None:
    """Apply the pack's phrase rules in their order."""
    for rule in pack.phrases:
        for pattern in rule.patterns:
            matches = list(pattern.finditer(line.text))
            for match in reversed(matches):
                span = match.span("self" if match.groupdict().get("self") else 0)
                if rule.data.get("capital") and not line.token(match.start("c")).data.get("capital"):
                    continue
                if (
                    rule.data.get("seat")
                    and line.token(match.start("b")).data.get("body") in pack.sets["body_of_accused"] | pack.sets["no_seat"]
                ):
                    continue  # the embassy in a city is not that city's
                token = build(line, rule, match, span)
                line.substitute(line.index(span[0]), line.index(span[1] - 1), token)
            if matches:
                line.render()


def build(line: Line, rule: Rule, match: re.Match[str], span: tuple[int, int]) -> Token:
    """The token a phrase rule makes of its match. Groups: c, g whose states; b organ; o, m, x bodies; n number.

    A group ``self`` says which part of the match becomes the token; without one all of it does.
    """
    tokens = line.slice(*span)
    groups = {n: line.token(match.start(n)) for n, value in match.groupdict().items() if value and n != "self"}
    kind = str(rule.data["becomes"])
    data: dict[str, Any] = dict(rule.data.get("data", {}))
    members: Sequence[Member] = ()
    for name, token in groups.items():
        if name in ("o", "m", "n", "t") or (name == "g" and kind == "G") or (name == "b" and kind in ("B", "G")):
            data = {**token.data, **data} if name != "b" or "body" not in data else {**data, **token.data}
        if name == "x":
            data["last"] = token.data.get("last")
        if name == "h":
            data.setdefault("role", token.data.get("role"))
    for name in ("c", "g"):
        if name in groups:
            token = groups[name]
            if token.kind == "P":
                code = token.data.get("capital")
                codes = ((code,) if code else ()) if rule.data.get("capital") else token.data.get("codes", ())
                members = [Member(c, token.start, token.end) for c in dict.fromkeys(codes)]
                data["city"] = token.values[0]
            elif name == "c" or "c" not in groups:
                members = token.members
    if rule.data.get("slug") and "x" in groups:
        text = " ".join(t.form for t in tokens if t.kind == "")
        data["slug"] = data.get("slug") or text
        data["name"] = (groups["x"].start, groups.get("z", groups["x"]).end)
    if kind == "N":
        data["qualifier"] = str(rule.data["qualifier"])
    if kind in ("C", "A", "P") and not members and groups:
        members = next(iter(groups.values())).members
    return entity(kind, tokens, members, **data)


def name_slug(text: str, token: Token) -> str | None:
    """The slug of a body: known from the pack, or made of the name as it stands in the text."""
    if token.data.get("name"):
        start, end = token.data["name"]
        return slugify(text[start:end]) or None
    slug = token.data.get("slug")
    return str(slug) if slug else None
