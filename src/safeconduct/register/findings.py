"""Reports by what they found: when one came out, and statements dated before the report that they speak of."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations

from safeconduct.claims import Figure, Report, asserter_name, parse_edtf

from .compared import Contradiction, apart, grouped, side, slots
from .origins import place_name
from .statements import Statement

NEAR = 2500  # characters behind a report's mention in which its findings are looked for
Finding = tuple[object, ...]


def _finding(statement: Statement) -> Finding:
    figure = slots(statement, Figure)
    place = place_name(figure.place, figure.scope)
    return figure.measure, figure.scope, place, figure.operator, float(figure.value)


def _published(report: Statement) -> str:
    return slots(report, Report).published or ""


def _findings(report: Statement, others: Sequence[Statement], own: Sequence[Statement]) -> set[Finding]:
    """What a report found: its author's numbers in the same source (``own``) that its mention holds or that bear its date;
    where there are none, those that follow it before the author's next report (``others``: of that source) is mentioned."""
    claim = report.claim
    told = [
        f for f in own
        if (f.claim.start < claim.end and claim.start < f.claim.end)
        or (f.claim.asserted_when and not apart(f.claim.asserted_when, _published(report)))
    ]  # fmt: skip
    if not told:
        behind = [o.claim.start for o in others if o.claim.start > claim.start]
        limit = min([*behind, claim.end + NEAR])
        after = [f for f in own if claim.end <= f.claim.start < limit]
        told = [f for f in after if not apart(f.claim.asserted_when, _published(report))]
    return {_finding(f) for f in told}


def author_of(s: Statement) -> Hashable:
    """The author of a report, or who says what reports may be compared with."""
    if isinstance(s.claim.slots, Report):
        return s.claim.slots.author
    return s.asserter if s.claim.asserted_when or isinstance(s.claim.slots, Figure) else None


def contradictory_reports(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    """Two dates for one report, which are told by its title or by what it found; and statements older than the report.

    ``statements`` are the reports by one author and what that author says.
    """
    reports = [s for s in statements if isinstance(s.claim.slots, Report)]
    if not reports:
        return
    author = slots(reports[0], Report).author
    told = [s for s in statements if not isinstance(s.claim.slots, Report)]
    counts = [s for s in told if isinstance(s.claim.slots, Figure)]
    figures = grouped((s.source.id, s) for s in counts)
    dated = [s for s in reports if slots(s, Report).published]
    beside = grouped((s.source.id, s) for s in reports)
    found = {s.claim.id: _findings(s, beside[s.source.id], figures.get(s.source.id, [])) for s in dated}
    by_date = grouped((slots(s, Report).published, s) for s in dated)
    for one, other in _comparable(dated, found):
        pairs = ((s, t) for s in by_date[one] for t in by_date[other])
        alike = [(s, t) for s, t in pairs if found[s.claim.id] & found[t.claim.id] or _same_title(s, t)]
        if alike and apart(one, other):
            first, second = [s for s, _ in alike], [t for _, t in alike]
            topic = f"when the report by {asserter_name(author)} came out"
            yield Contradiction("conflict", topic, (side(first, one), side(second, other)))
    yield from _too_early(author, dated, found, counts, [s for s in told if s.claim.asserted_when])


def _comparable(dated: Sequence[Statement], found: Mapping[str, set[Finding]]) -> list[tuple[str, str]]:
    """The pairs of dates under which reports with a finding or the title in common stand, in order."""
    bearing: dict[Finding, set[str]] = {}
    for s in dated:
        title = slots(s, Report).title
        for mark in (*found[s.claim.id], *([(title,)] if title is not None else ())):
            bearing.setdefault(mark, set()).add(_published(s))
    return sorted({pair for dates in bearing.values() for pair in combinations(sorted(dates), 2)})


def _same_title(one: Statement, other: Statement) -> bool:
    titles = [slots(s, Report).title for s in (one, other)]
    return titles[0] is not None and titles[0] == titles[1]


def _too_early(
    author: str, dated: Sequence[Statement], found: Mapping[str, set[Finding]], figures: Sequence[Statement],
    statements: Sequence[Statement],
) -> Iterator[Contradiction]:
    """Statements by a report's author, in a source that gives the report's findings, dated before it first came out.

    ``figures`` are the author's numbers, ``statements`` all that it says with a date, reports apart.
    """
    earliest: dict[Finding, list[Statement]] = {}
    for report in sorted(dated, key=_published):
        for finding in found[report.claim.id]:
            known = earliest.setdefault(finding, [report])
            if known[0] is not report and _published(known[0]) == _published(report):
                known.append(report)
    speaks_of: dict[str, list[Statement]] = {}
    for figure in figures if earliest else ():
        if reports := earliest.get(_finding(figure)):
            first = speaks_of.setdefault(figure.source.id, reports)
            if _published(reports[0]) < _published(first[0]):
                speaks_of[figure.source.id] = reports
    for s in statements:
        reports = speaks_of.get(s.source.id)
        if not reports or not s.claim.asserted_when:
            continue
        published = parse_edtf(_published(reports[0])).earliest
        said = parse_edtf(s.claim.asserted_when).latest
        if published and said and said < published:
            topic = f"a statement by {asserter_name(author)} dated before the report it speaks of"
            words = [f"said on {s.claim.asserted_when}", f"report of {_published(reports[0])}"]
            yield Contradiction("impossible", topic, (side([s], words[0]), side(reports, words[1])))
