"""The whole job on the five real documents, where they are at hand: known facts, by content, with the right asserter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safeconduct import Workspace

SOURCES = Path(__file__).parents[2] / "shared" / "sources"
NGO = "org:safeguard-defenders"
pytestmark = pytest.mark.skipif(not SOURCES.is_dir(), reason="the real documents are not beside this checkout")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.init(tmp_path_factory.mktemp("real") / "w") as made:
        added = made.add(SOURCES, manifest=SOURCES / "manifest.csv")
        assert [a.new for a in added] == [True] * 5
        made.extract()
        made.decide("accept", by="script")
        yield made


@pytest.fixture(scope="module")
def claims(workspace: Workspace) -> list[dict[str, Any]]:
    found = []
    for s in workspace.statements():
        text = (SOURCES / s.source.name).read_bytes().decode("utf-8")
        assert text[s.claim.start : s.claim.end] == s.claim.quote
        found.append(s.claim.as_codebook(s.source.name))
    return found


def has(claims: list[dict[str, Any]], kind: str, by: str | None = None, quote: str = "", **slots: object) -> bool:
    return any(
        c["kind"] == kind and by in (None, c["asserted_by"]) and quote in c["quote"]
        and all(c["slots"].get(k) == v for k, v in slots.items())
        for c in claims
    )  # fmt: skip


@pytest.mark.parametrize("document", ["000", "001", "004"])
def test_54_stations_in_30_countries(claims: list[dict[str, Any]], document: str) -> None:
    here = [c for c in claims if c["doc"].startswith(document)]
    assert has(here, "figure", NGO, "54", measure="stations", value=54, scope="world")
    assert has(here, "figure", NGO, "30 countries", measure="countries", value=30)


def test_102_stations_in_53_countries(claims: list[dict[str, Any]]) -> None:
    assert has(claims, "figure", NGO, "102", measure="stations", value=102, qualifier="exact", scope="world")
    assert has(claims, "figure", NGO, "53 countries", measure="countries", value=53)


def test_11_stations_in_italy(claims: list[dict[str, Any]]) -> None:
    assert has(claims, "figure", NGO, "11", measure="stations", value=11, scope="IT")


def test_two_in_germany_by_the_government_and_frankfurt_by_the_group(claims: list[dict[str, Any]]) -> None:
    assert has(claims, "figure", "state:DE", measure="stations", value=2, scope="DE")
    assert has(claims, "site", NGO, country="DE", place="Frankfurt")


@pytest.mark.parametrize("country", ["NL", "IE"])
def test_closure_orders(claims: list[dict[str, Any]], country: str) -> None:
    for document in ("000", "001"):
        here = [c for c in claims if c["doc"].startswith(document)]
        assert has(here, "response", "publisher", country=country, action="closure_order")


@pytest.mark.parametrize("country", ["AR", "AT", "BR", "KH", "GR", "HU", "JP", "SK"])
def test_eight_silent_governments(claims: list[dict[str, Any]], country: str) -> None:
    here = [c for c in claims if c["doc"].startswith("001")]
    assert has(here, "response", NGO, "yet to respond", country=country, action="no_response")


def test_the_chinese_denials_and_explanations(claims: list[dict[str, Any]]) -> None:
    assert has(claims, "position", "state:CN", party="CN", position="denial")
    for position in ("administrative_services", "pandemic_measure", "volunteers", "smear_accusation", "claims_closed"):
        assert has(claims, "position", "state:CN", party="CN", position=position), position


def test_joint_patrols_2016_to_2018(claims: list[dict[str, Any]]) -> None:
    found = [c for c in claims if c["kind"] == "agreement" and c["slots"]["type"] == "joint_patrols"]
    assert any(c["slots"]["parties"] == ["CN", "IT"] and c["when"] == "2016/2018" for c in found)


@pytest.mark.parametrize(("country", "place"), [("NL", "Rotterdam"), ("CL", "Viña del Mar"), ("US", "New York"),
                                                ("DE", "Frankfurt"), ("IT", "Milan"), ("GB", "Glasgow")])  # fmt: skip
def test_city_sites(claims: list[dict[str, Any]], country: str, place: str) -> None:
    assert has(claims, "site", country=country, place=place)


def test_all_nine_kinds_are_found(claims: list[dict[str, Any]]) -> None:
    kinds = {c["kind"] for c in claims}
    assert kinds == {"figure", "site", "response", "position", "incident", "agreement", "operator", "recommendation", "report"}


def test_the_site_of_the_real_documents_verifies_and_quotes_only_extracts(workspace: Workspace, tmp_path: Path) -> None:
    out = workspace.publish(tmp_path / "site").out
    assert list(workspace.verify(out)) == []
    pages = "".join(p.read_text(encoding="utf-8") for p in out.rglob("*.html"))
    for name in ("Jing-jie Chen", "Angeline Tan", "Judith Bergman"):
        assert name not in pages
    for file in SOURCES.glob("*.txt"):
        for paragraph in file.read_text(encoding="utf-8").splitlines():
            if len(paragraph) > 900:
                assert paragraph not in pages
