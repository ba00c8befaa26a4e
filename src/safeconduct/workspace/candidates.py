"""Candidates by Splink: which of hundreds of thousands of mentions of sites may be one, found in SQL.

Splink joins in DuckDB, in this process; given its interface to Spark, on a cluster. It only says which mentions to look at:
there is no training and no weight, and every pair needs the reasons that ``resolve`` gives, which a person reads and decides.
Needs the extra ``linkage``.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from safeconduct.resolve import Suggestion, apart, edge, force_town, place_base, same_force, same_place, spelling, suggestions

from .outcomes import WorkspaceError

if TYPE_CHECKING:
    from . import Workspace

AT_ONCE = 50_000  # rows that go into and come out of the database together
MISSPELT = 2  # letters that may differ
_LIKE = f"length(l.{{0}}) > 5 and length(r.{{0}}) > 5 and levenshtein(l.{{0}}, r.{{0}}) between 1 and {MISSPELT}"
RULES = (  # on what two mentions have to agree to be looked at
    "l.country = r.country and l.city = r.city and l.force = r.force",
    "l.country = r.country and l.force = r.force and " + _LIKE.format("city_text"),
    "l.country = r.country and l.city = r.city and " + _LIKE.format("force_text"),
)
NONE = ""  # the force of a city in which no mention names any
COLUMNS = ("unique_id", "country", "place", "operator", "opened", "city", "force", "city_text", "force_text")
Entry = Mapping[str, Any]


def suggestions_by_splink(workspace: Workspace, backend: Any = None) -> list[Suggestion]:
    """As ``Workspace.suggestions``, but the sites are found by Splink; see ``candidates``."""
    register, links = workspace.register(), workspace.links()
    decided = {link.edge for link in links}
    sites = [s for s in candidates(register.entries["sites"], backend) if edge(s.a, s.b) not in decided]
    others = suggestions([], register.entries["reports"], {s.asserter for s in register.statements}, links)
    return sorted((*others, *sites), key=lambda s: (s.section, s.a, s.b))


def candidates(sites: Iterable[Entry], backend: Any = None) -> Iterator[Suggestion]:
    """Sites that may be the same, in the order of their ids; entries as ``resolve.suggestions`` takes them. Differs from those
    in this: a name may be misspelt in two letters, and only the likeliest meaning of each name counts.

    ``backend`` is a database interface of Splink, such as ``splink.SparkAPI``; DuckDB in this process without one.

    Raises:
        WorkspaceError: the extra ``linkage`` is not installed.
    """
    try:
        import pyarrow
        from splink import DuckDBAPI, Linker, SettingsCreator
    except ImportError as error:
        raise WorkspaceError("Candidates by Splink need it installed: pip install 'safeconduct[linkage]'.") from error
    logging.getLogger("splink").setLevel(logging.ERROR)  # it would warn that nothing was trained, and nothing is
    backend = backend or DuckDBAPI()
    schema = pyarrow.schema([(name, pyarrow.string()) for name in COLUMNS])
    batches, some = [], []
    for row in _rows(sites):
        some.append(row)
        if len(some) == AT_ONCE:
            batches.append(pyarrow.RecordBatch.from_pylist(some, schema))
            some = []
    batches.append(pyarrow.RecordBatch.from_pylist(some, schema))
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id", comparisons=[],
        blocking_rules_to_generate_predictions=list(RULES),
        additional_columns_to_retain=["country", "place", "operator", "opened"],
    )  # fmt: skip
    linker = Linker(backend.register(pyarrow.Table.from_batches(batches, schema)), settings, log_level=None)
    found = linker.inference.deterministic_link().query_sql(
        "SELECT unique_id_l, unique_id_r, country_l, place_l, place_r, operator_l, operator_r, opened_l, opened_r FROM {this} "
        "ORDER BY unique_id_l, unique_id_r"
    )
    for batch in found.as_pyarrow_table().to_batches(AT_ONCE):
        for a, b, country, place, other_place, operator, other_operator, opened, other_opened in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            if apart(opened.split(), other_opened.split()):
                continue
            where = _where(*sorted((place, other_place)), country)
            why = _why(*sorted((operator, other_operator)))
            if where and why:
                yield Suggestion("sites", min(a, b), max(a, b), (where, why))


def _rows(sites: Iterable[Entry]) -> Iterator[dict[str, str | None]]:
    """What is joined on: the likeliest sense and the spelling of city and force. A mention without a force gets that of its
    city where only one is named there, a mention without a city that of its force."""
    known = [(str(e["id"]), e["country"], e["place"] or "", e["operator"] or "", " ".join(e["opened"])) for e in sites]
    forces_in: dict[tuple[str, str], set[str]] = defaultdict(set)
    cities_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, country, place, operator, _ in known:
        city, force = place and place_base(place, country), operator and force_town(operator)
        if city and force:
            forces_in[country, city].add(force)
            cities_of[country, force].add(city)
    for identity, country, place, operator, opened in known:
        city, force = place and place_base(place, country), operator and force_town(operator)
        only = force or None
        if city and not force:
            there = forces_in.get((country, city))
            only = NONE if not there else next(iter(there)) if len(there) == 1 else None
        those = cities_of.get((country, force), set())
        yield {
            "unique_id": identity, "country": country, "place": place, "operator": operator, "opened": opened,
            "city": city or (next(iter(those)) if len(those) == 1 else None),
            "force": only,
            "city_text": spelling(place) if place else None, "force_text": spelling(operator) if operator else None,
        }  # fmt: skip


@lru_cache(maxsize=65_536)
def _where(place: str, other: str, country: str) -> str | None:
    if place == other:
        return f"both are in {place}" if place else "neither names a city"
    if not place:
        return f"one names no city, the other {other}, the only one in the country where that force is named"
    reason = same_place(place, other, country)
    if reason or spelling(place)[:1] == spelling(other)[:1]:
        return reason.sentence if reason else f"{place} and {other} are spelt alike; that alone decides nothing."
    return None


@lru_cache(maxsize=65_536)
def _why(operator: str, other: str) -> str | None:
    if not operator:
        return f"one names no police force, the other {other}, the only one named there" if other else "neither names a force"
    reason = same_force(operator, other)
    return reason.sentence if reason else None
