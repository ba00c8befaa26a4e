"""Who says it, in Chinese: 荷方表示, 据路透社报道, 援引…的话, 告诉路透社, 外交部：, and 据报 for nobody in particular."""

from __future__ import annotations

import re

from ..claims import PUBLISHER, UNSPECIFIED
from .tokens import Token
from .zh_view import ZhCue, ZhView

WHO = "GCOMHTP"
_BEST = "OMGCH"  # after 据: an organisation before a medium before a state


def cues(view: ZhView) -> list[ZhCue]:
    """The attributions of a sentence in order; each holds until the next one begins."""
    found = [*_headline(view), *_according(view), *_quoting(view), *_saying(view)]
    found.sort(key=lambda c: (c.at[0], -c.start))
    kept: list[ZhCue] = []
    for cue in found:
        if kept and cue.at[1] <= kept[-1].start:
            continue  # a verb of saying inside another attribution
        kept.append(cue)
    out: list[ZhCue] = []
    for cue, after in zip(kept, [*kept[1:], None], strict=False):
        end = max(cue.start, after.at[0]) if after else len(view.text)
        start = cue.start
        if after is None and not view.text[start:].strip("，。！？；：") and cue.at[0] > 4 and _closes(view, cue):
            start, end = max((c.end for c in out), default=0), cue.at[0]  # the words come first: “…”，发言人说。
        out.append(ZhCue(cue.who, start, end, cue.at, cue.via, cue.when))
    hedged = []
    for match in view.pack.lists["hedge"].finditer(view.text):
        if match[0] in ("传", "疑") and match.start() != view.line.clause(match.start())[0]:
            continue
        low, high = view.line.clause(match.end() - 1)
        if match.end() == high:
            high = view.line.clause(min(high + 1, len(view.text) - 1))[1] if high + 1 < len(view.text) else high
        hedged.append(ZhCue(UNSPECIFIED, match.start() if match.start() > low else low, high, match.span()))
    return [c for c in out if c.who != PUBLISHER] + hedged


def _closes(view: ZhView, cue: ZhCue) -> bool:
    """Whether a verb at the end of a sentence tells who said all that stands before it."""
    low = view.line.clause(max(0, cue.at[1] - 1))[0]
    return low > 0 and bool(re.search("(?:说|表示|称|指出|强调|透露|报道|写道|道|证实)$", view.text[low : cue.start]))


def _headline(view: ZhView) -> list[ZhCue]:
    tokens = view.line.tokens
    for i in range(min(3, len(tokens) - 1)):
        if tokens[i + 1].form == "：" and tokens[i].kind and tokens[i].kind in WHO:
            return [ZhCue(view.asserter(i, tokens[i]), i + 2, i + 2, (0, i + 2))]
    return []


def _when(view: ZhView, start: int, end: int) -> str | None:
    dates = [t.values[0] for _, t in view.line.some("D", start, end) if "/" not in t.values[0]]
    return dates[-1] if dates else None


def _according(view: ZhView) -> list[ZhCue]:
    """据, 根据 and 按照 with a speaker in the same clause."""
    found = []
    for match in view.pack.once("(?:根据|依据|按照|按|据)(?![报称悉传信指了点说])|据(?=[^，；]{0,4}(?:报告|统计))").finditer(
        view.text
    ):
        low, high = view.line.clause(match.start())
        if match.start() - low > 3 and view.text[match.start()] == "据" and view.text[match.start() - 1] in "证数根依占收":
            continue
        some = [(i, t) for i, t in view.line.some("OMGCH", match.end(), min(high, match.end() + 34))]
        some.sort(key=lambda p: (_BEST.index(p[1].kind), p[0]))
        if some:
            i, token = some[0]
            via: tuple[str, ...] = ()
            when = _when(view, match.start(), high)
            found.append(ZhCue(view.asserter(i, token), high, high, (match.start(), high), via, when))
    return found


def _quoting(view: ZhView) -> list[ZhCue]:
    """共同社援引日本警方人士的话报道: the source speaks, the one who quotes it stands between."""
    found = []
    for match in view.pack.lists["quoting"].finditer(view.text):
        low, high = view.line.clause(match.start())
        who = view.subject(match.start(), "OMGH")
        sources = view.line.some("GOMHTC", match.end(), min(high, match.end() + 20))
        if not sources:
            continue
        i, token = next(((i, t) for i, t in sources if t.kind != "C"), sources[0])
        speaker = view.asserter(i, token)
        between = view.asserter(*who) if who and who[0] >= low else None
        via = (between,) if between and between not in (speaker, UNSPECIFIED) else ()
        end = max([m.end() for m in view.pack.lists["say"].finditer(view.text, match.end(), high)], default=high)
        if view.text[match.end() : high].startswith(view.text[i]) and speaker == UNSPECIFIED:
            speaker = between or speaker
        found.append(ZhCue(speaker, end, end, (low, end), via, _when(view, low, end)))
    return found


def _recipient(view: ZhView, low: int, high: int) -> tuple[str, ...]:
    """The medium that was told."""
    for i, token in view.line.some("M", low, high):
        head = view.text[max(low, i - 4) : i]
        if head.endswith(("告诉", "对", "向", "接受", "告知", "回复", "答复")):
            return (view.asserter(i, token),)
    return ()


def _saying(view: ZhView) -> list[ZhCue]:
    found = []
    skip = [m.span() for m in view.pack.lists["no_say"].finditer(view.text)]
    for match in view.pack.lists["say"].finditer(view.text):
        low, high = view.line.clause(match.start())
        if any(a <= match.start() < b for a, b in skip) or view.text[low : match.start()].startswith(("据", "另据", "根据")):
            continue
        before = view.text[max(low, match.start() - 5) : match.start()]
        if before.endswith(("拒绝", "没有", "未", "不愿", "未予", "不", "不愿意", "拒不")):
            continue
        who = _speaker(view, match.start())
        if not who:
            continue
        end = match.end()
        via = _recipient(view, low, min(high, end + 6))
        if match[0] in ("告诉", "告知"):
            told = view.line.some("M", end, end + 3)
            end = told[0][0] + 1 if told else end
        name = view.asserter(*who)
        found.append(
            ZhCue(name, end, end, (who[0] if who[0] >= low else match.start(), end), via, _when(view, min(who[0], low), end))
        )
    return found


def _speaker(view: ZhView, position: int) -> tuple[int, Token] | None:
    """The subject of a verb of saying; for officials of a capital, the capital's state is found by ``state_of``."""
    return view.subject(position, "GCOMHT") or view.subject(position, WHO)
