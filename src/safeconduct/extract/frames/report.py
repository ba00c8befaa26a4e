"""Reports: publications by a named body, with a date or a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..pack import load
from ..view import Draft, View

NEAR = 4  # tokens between a verb of finding and its date
PAPERS = ("paper", "report_more")
AHEAD = ("will", "would", "to", "may", "might")  # what stands before a verb of publishing that is still to come
VAGUE = ("reports of", "reports that", "reports say", "reports said", "reports suggest")  # reports in no sense of a publication
_QUOTED = re.compile(r"[“\"‘]([^”\"’\[\]\n“]{4,110})[”\"’]")


def reports(view: View) -> Iterator[Draft]:
    """The reports of a sentence: a body, a word for publishing or for a publication, and a date or a title."""
    if not view.has("D", "K") and "“" not in view.memory.text and '"' not in view.memory.text:
        return
    done: set[str] = set()
    for i in view.where("O", "M", "G"):
        if view.tokens[i].kind == "G" and not _official(view, i):
            continue
        if view.tokens[i].kind == "M" and view.before_is(i, "with"):
            continue  # "shared with CNN"
        author = view.memory.asserter(view.tokens[i], view.tokens[:i])
        if not author or not author.startswith(("org:", "media:", "state:")) or author in done:
            continue
        found = _publication(view, i)
        if found is None:
            continue
        near, date, title = found
        if not date and not title:
            continue
        done.add(author)
        for when in _dates(view, date):
            places = [i, near, *([when[0]] if when else []), *([title[1]] if title else [])]
            yield Draft(
                "report", {"author": author, "published": when[1] if when else None, "title": title[0] if title else None},
                min(places), max(places) + 1, i, "report", own=True, asserter="publisher",
            )  # fmt: skip


def _dates(view: View, date: tuple[int, str] | None) -> list[tuple[int, str] | None]:
    """A date, and another that "and" joins to it ("publications of September and December 2022")."""
    found = [date]
    if date is not None:
        for j in (date[0] - 2, date[0] + 2):
            joined = 0 <= j < len(view.tokens) and view.tokens[j].kind == "D" and "and" in view.tokens[(j + date[0]) // 2].keys
            if (
                joined
                and "/" not in str(view.tokens[j].data["edtf"])
                and view.has("papers_word", low=min(j, date[0]) - 5, high=max(j, date[0]))
            ):
                found.append((j, str(view.tokens[j].data["edtf"])))
    return found


def _papers(view: View, low: int, high: int) -> Iterator[int]:
    """The places of words for a publication, also where a longer phrase holds one ("report of")."""
    forms = _paper_forms(view.pack.language)
    for j in range(max(0, low), min(high, len(view.tokens))):
        token = view.tokens[j]
        if (
            token.kind == "K"
            or not token.keys.isdisjoint(PAPERS)
            or (
                not token.kind
                and " " in token.form
                and token.form.removeprefix("a ").removeprefix("the ").split(" ", 1)[0] in forms
                and token.form not in VAGUE
            )
        ):
            yield j


@lru_cache(maxsize=8)
def _paper_forms(language: str) -> frozenset[str]:
    """The words for a publication in a language."""
    pack = load(language)
    return frozenset(f for entry in pack.tables["tags"].get("paper", ()) for f in pack.expand(entry) if " " not in f)


def _official(view: View, i: int) -> bool:
    """Whether a state's organ puts out a paper: a word for one stands beside it, and a date; papers of courts are none."""
    data = view.tokens[i].data
    if str(data.get("body")).lower() in view.pack.set("body_of_law") or "paper" in data:
        return False
    near = [j for j in view.where("official_paper", low=i - 5, high=i + 6) if not _other_body(view, i, j)]
    return any(view.has("D", low=j - 4, high=j + 6) for j in near)


def _publication(view: View, i: int) -> tuple[int, tuple[int, str] | None, tuple[str, int] | None] | None:
    """The word for the publication of a body at ``i``, its date and its title."""
    tokens, token = view.tokens, view.tokens[i]
    if "edtf" in token.data:
        return i, (i, str(token.data["edtf"])), title_of(view, i, i)
    if "paper" in token.data:
        title = title_of(view, i, i)
        told = token.data.get("anaphor") and not title and view.pack.settings.get("pro_drop")
        if told and not view.has("D", low=i + 1, high=i + 4) and not view.has("publish", low=i - 6, high=i + 6):
            return None  # "this month its work has been …"
        return i, date_of(view, i, i, 9), title
    low, high = max(0, i - 10), min(len(tokens), i + 13)
    papers = [j for j in _papers(view, low, high) if not (_other_body(view, i, j) or _of_another(view, i, j))]
    ahead = any(tokens[j].form in AHEAD and "publish" in tokens[j + 1].keys for j in range(i, min(high, len(tokens) - 1)))
    if papers and not ahead:
        near = min(papers, key=lambda j: abs(j - i))
        return near, date_of(view, i, near, 9), title_of(view, i, near)
    telling = ("publish",) if view.pack.settings.get("pro_drop") else ("publish", "find")
    verbs = [j for j in view.where(*telling, low=i + 1, high=min(len(tokens), i + 6)) if not _other_body(view, i, j)]
    verbs += [
        j for j in view.where("publish", low=i - 7, high=i) if view.has("by", low=j, high=i) and not _other_body(view, i, j)
    ]
    if view.pack.settings.get("verb_first"):  # "según reveló en marzo el semanario", "el recuento que difundió la red"
        verbs += [
            j
            for j in view.where("publish", low=i - 8, high=i)
            if not _other_body(view, i, j) and not view.has("H", "T", "X", "break", "say", low=j + 1, high=i)
        ]
    if not verbs and token.kind == "O" and (title := _quoted_title(view, i, i)) and (date := date_of(view, i, title[1], 6)):
        return i, date, title  # a reference: its author, its title, its date
    verbs = [j for j in verbs if j == 0 or tokens[j - 1].form not in AHEAD]
    dated = token.kind == "M" and 0 < i < 4 and view.has("D", high=i)  # "In 2019 Reuters reported"
    if not verbs or token.kind == "G":
        return None
    low = i - 3 if view.pack.settings.get("verb_first") else i + 1  # "lo desveló El País el 3 de enero"
    if token.kind == "M" and not dated and not view.has("put_out", "broke_story", low=low, high=i + 6):
        return None
    near = verbs[0]
    title = title_of(view, i, near) or _quoted_title(view, i, near)
    if token.data.get("anaphor") and not title and not view.has("first", "first_time", low=i, high=near + 1):
        return None
    return near, date_of(view, near, near, 7 if view.has("broke_story", low=near, high=near + 1) else NEAR), title


def _of_another(view: View, i: int, j: int) -> bool:
    """Whether the paper at ``j`` is said to be by a name nobody knows, and not by the body at ``i`` ("a study by X")."""
    return i < j + 2 < len(view.tokens) and view.has("of", "by", low=j + 1, high=j + 2) and view.tokens[j + 2].kind == "X"


def _other_body(view: View, i: int, j: int) -> bool:
    """Whether another body stands between two places, and so is nearer."""
    low, high = sorted((i, j))
    return any(k not in (i, j) for k in view.where("O", "M", "G", low=low, high=high + 1))


def date_of(view: View, i: int, near: int, far: int) -> tuple[int, str] | None:
    """The date of publication: the one nearest to the word for it, in its clause or that of the body."""
    clauses = {view.clause(i), view.clause(near)}
    best: tuple[int, int, str] | None = None
    for j in view.where("D", low=min(i, near) - far, high=max(i, near) + far + 1):
        edtf = str(view.tokens[j].data["edtf"])
        if "/" in edtf or (view.clause(j) not in clauses and abs(j - near) > 5):
            continue
        gap = min(abs(j - near), abs(j - i))
        if gap <= far and view.has("publish", "published_by", low=j - 3, high=j):
            gap = 0  # "the 2023 report, released on 6 April"
        if gap <= far and (best is None or gap < best[0]):
            best = gap, j, edtf
    return (best[1], best[2]) if best else None


def title_of(view: View, i: int, near: int) -> tuple[str, int] | None:
    """The title of what a body at ``i`` puts out, beside it or a word for a publication, and a token that is part of it."""
    for j in view.where("K", low=min(i, near) - 6, high=max(i, near) + 9):
        title = str(view.tokens[j].data["title"])
        if not (title[:1].islower() and view.pack.settings.get("small_demonyms")):  # "ve en el informe «un cuento …»"
            return title, j
    return _quoted_title(view, i, near)


def _quoted_title(view: View, i: int, near: int) -> tuple[str, int] | None:
    """A title in quotation marks right behind a body or a word for a paper, mostly in capitals, and the token it ends at."""
    tokens, text = view.tokens, view.memory.text
    low, high = max(0, min(i, near) - 6), min(len(tokens), max(i, near) + 9)
    start = max(0, tokens[low].start - 2)
    for match in _QUOTED.finditer(text, start, tokens[high - 1].end + 112):
        before = [j for j in range(low, high) if tokens[j].end <= match.start()][-2:]
        inside = [j for j in range(low, len(tokens)) if match.start(1) <= tokens[j].start and tokens[j].end <= match.end(1)]
        words = [w for w in match[1].replace("-", " ").split() if len(w) > 3]
        capitals = sum(w[0].isupper() or w[0].isdigit() for w in words)
        opens = not before or any(_leads(view, j) for j in before)
        if inside and words and opens and capitals >= 0.7 * len(words) and len(match[1].split()) > 1:
            return " ".join(match[1].split()).strip(" .,;:()#*"), inside[-1]
    return None


def _leads(view: View, j: int) -> bool:
    """Whether a title may stand behind token ``j``: a body, its possessive, a word for a paper or for publishing."""
    token = view.tokens[j]
    return (
        token.kind in ("O", "M", "K") or bool(token.keys & {"poss", "publish", "paper", "report_more"}) or "paper" in token.data
    )
