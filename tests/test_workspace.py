"""The main job through the Python API, and what goes wrong on the way."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from safeconduct import Workspace
from safeconduct.capture import CaptureError
from safeconduct.settings import SettingsError
from safeconduct.workspace import SCRIPT, WorkspaceError


def test_the_main_job(workspace: Workspace, brief: Path, tmp_path: Path) -> None:
    (added,) = workspace.add(brief, given={"publisher": "The Paper", "published": "2022-09-20"})
    assert added.new
    (again,) = workspace.add(brief)
    assert (again.source, again.new) == (added.source, False)
    (extracted,) = workspace.extract()
    assert extracted.proposed > 0
    assert workspace.extract() == []
    assert workspace.register().entries["figures"] == []
    made = workspace.decide("accept", by="A. Reviewer")
    assert len(made) == extracted.proposed
    figures = workspace.register().entries["figures"]
    assert {(f["measure"], f["value"], f["asserted_by"]) for f in figures} == {
        ("stations", 54, "org:safeguard-defenders"), ("countries", 30, "org:safeguard-defenders"),
    }  # fmt: skip
    site = workspace.publish(tmp_path / "site")
    assert (site.out / "index.html").is_file()
    assert list(workspace.verify(site.out)) == []


def test_what_is_given_wins_over_what_is_read_and_both_are_kept(workspace: Workspace, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html lang=en><head><title>Read title</title><meta name=author content='A Byline'></head><body><article><p>"
        + "The ministry said on Tuesday that it had begun to look into the offices. " * 12
        + "</p></article></body></html>"
    )
    workspace.add(page, given={"title": "Given title", "published": "2022-11-02"})
    (source,) = workspace.sources()
    assert (source.title, source.published, source.language) == ("Given title", "2022-11-02", "en")
    (text,) = workspace.ledger.records("text")
    (capture,) = workspace.ledger.records("capture")
    assert text.content()["read"]["title"] == "Read title"
    assert capture.content()["given"] == {"title": "Given title", "published": "2022-11-02"}


def test_a_folder_with_a_manifest_adds_what_the_manifest_lists(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    for name in ("one.txt", "two.txt", "unlisted.txt"):
        (folder / name).write_text(f"The ministry spoke of {name} at some length on that day.\n")
    manifest = folder / "manifest.csv"
    manifest.write_text("file,title,publisher,published,language\none.txt,One,The Paper,2022-11,en\ntwo.txt,Two,,2022,\n")
    added = workspace.add(folder, manifest=manifest)
    assert [(a.name, a.new) for a in added] == [("one.txt", True), ("two.txt", True)]
    assert [(s.title, s.publisher, s.published) for s in workspace.sources()] == [
        ("One", "The Paper", "2022-11"), ("Two", None, "2022"),
    ]  # fmt: skip
    assert [a.new for a in workspace.add(manifest=manifest)] == [False, False]


def test_a_bad_source_does_not_stop_the_others(workspace: Workspace, brief: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    junk = tmp_path / "junk.bin"
    junk.write_bytes(os.urandom(5000))
    added = workspace.add(empty, junk, tmp_path / "none.txt", brief)
    assert [bool(a.problem) for a in added] == [True, True, True, False]
    assert all(a.problem and a.problem.endswith(".") for a in added[:3])
    assert len(workspace.sources()) == 1


def test_a_source_too_large_to_read_is_preserved_and_read_later(workspace: Workspace, brief: Path) -> None:
    toml = workspace.root / "safeconduct.toml"
    toml.write_text("[capture]\nmax_text_bytes = 20\n")
    with Workspace(workspace.root) as small:
        (added,) = small.add(brief)
        assert added.source
        assert added.problem
        assert "max_text_bytes" in added.problem
    toml.write_text("")
    with Workspace(workspace.root) as larger:
        assert larger.sources() == []
        assert [a.new for a in larger.iter_reread()] == [True]
        assert [s.name for s in larger.sources()] == ["brief.txt"]
        assert [a.new for a in larger.iter_reread()] == [False]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [({"published": "2022-13"}, "no month 13"), ({"published": "31 November"}, "date"), ({"colour": "red"}, "colour")],
)
def test_what_is_given_must_make_sense(workspace: Workspace, brief: Path, given: dict[str, str], complaint: str) -> None:
    with pytest.raises(WorkspaceError, match=complaint):
        workspace.add(brief, given=given)
    assert workspace.sources() == []


def test_decisions_are_followed_never_edited(workspace: Workspace, brief: Path) -> None:
    workspace.add(brief)
    workspace.extract()
    claim = workspace.statements()[0].claim.id
    assert len(workspace.decide("accept", [claim[:8]], by="A")) == 1
    assert workspace.decide("accept", [claim], by="B") == []
    workspace.decide("reject", [claim], by="B", why="the quote does not say so")
    (statement,) = [s for s in workspace.statements() if s.claim.id == claim]
    assert (statement.status, statement.decision and statement.decision.why) == ("rejected", "the quote does not say so")
    assert len(list(workspace.ledger.records("decision", subject=claim))) == 2
    with pytest.raises(WorkspaceError, match="no claim"):
        workspace.decide("accept", ["c0000000000000"], by="A")
    with pytest.raises(WorkspaceError, match="begin with"):
        workspace.decide("accept", ["c"], by="A")


def test_the_register_as_this_ledger_knew_it(workspace: Workspace, brief: Path) -> None:
    workspace.add(brief, given={"published": "2022-09-20"})
    workspace.extract()
    before = workspace.ledger.head()[0]
    workspace.decide("accept", by="A")
    times = {r.seq: r.recorded_at for r in workspace.ledger.records()}
    assert workspace.register(known_at=times[before]).entries["figures"] == []
    assert workspace.register(known_at=times[before + 1]).entries["figures"]
    assert workspace.register(as_of=date(2022, 9, 19)).statements == ()
    assert workspace.register(as_of=date(2022, 9, 20)).statements


def test_verify_names_an_altered_capture_text_and_claim(workspace: Workspace, brief: Path) -> None:
    workspace.add(brief)
    workspace.extract()
    (source,) = workspace.sources()
    assert list(workspace.verify()) == []
    (blob,) = (workspace.root / "captures").rglob(source.text)
    original = blob.read_bytes()
    blob.chmod(0o644)
    blob.write_bytes(original.replace(b"54", b"45"))
    problems = list(workspace.verify())
    assert any(source.text in p.where and "altered" in p.what for p in problems)
    assert any(p.where.startswith("claim c") for p in problems)
    blob.unlink()
    assert any("missing" in p.what for p in workspace.verify())
    blob.write_bytes(original)
    assert list(workspace.verify()) == []


def test_verify_finds_a_claim_whose_quote_was_altered_in_the_ledger(workspace: Workspace, brief: Path) -> None:
    workspace.add(brief)
    workspace.extract()
    with sqlite3.connect(workspace.ledger.path) as connection:
        connection.execute("DROP TRIGGER ledger_no_update")
        connection.execute(
            "UPDATE ledger SET body = replace(body, 'has set up', 'had set up') WHERE type = 'proposal'"
        )
    found = list(workspace.verify())
    assert any("altered" in p.what for p in found)
    assert any("belongs to" in p.what or "not what stands" in p.what for p in found)


def test_opening_what_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="safeconduct init"):
        Workspace.open(tmp_path)
    Workspace.init(tmp_path / "w").ledger.close()
    with pytest.raises(WorkspaceError, match="already"):
        Workspace.init(tmp_path / "w")
    inside = tmp_path / "w" / "a" / "b"
    inside.mkdir(parents=True)
    with Workspace.open(inside) as found:
        assert found.root == tmp_path / "w"


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("[fetch]\ncolour = 1", "no setting colour"), ("[paint]\nx = 1", r"no section \[paint\]"),
        ("[fetch]\nmax_bytes = 'many'", "whole number"), ("[fetch]\nallow_private = 1", "true or false"),
        ("[capture]\nmax_bytes = -1", "negative"), ("[fetch", "cannot be read"), ("title = 'x'", "no section"),
    ],
)  # fmt: skip
def test_faulty_settings_are_named(workspace: Workspace, toml: str, complaint: str) -> None:
    (workspace.root / "safeconduct.toml").write_text(toml)
    with pytest.raises(SettingsError, match=complaint):
        Workspace(workspace.root)


def test_pages_say_when_no_person_reviewed(workspace: Workspace, brief: Path, tmp_path: Path) -> None:
    workspace.add(brief)
    workspace.extract()
    workspace.decide("accept", by=SCRIPT)
    scripted = workspace.publish(tmp_path / "scripted").out
    assert "no person" in (scripted / "index.html").read_text().lower()
    workspace.decide("reject", [s.claim.id for s in workspace.statements()], by="A")
    workspace.decide("accept", [s.claim.id for s in workspace.statements()], by="A")
    reviewed = workspace.publish(tmp_path / "reviewed").out
    assert "no person reviewed" not in (reviewed / "index.html").read_text().lower()


def test_unsupported_languages_are_said_not_guessed(workspace: Workspace, tmp_path: Path) -> None:
    icelandic = tmp_path / "is.txt"
    icelandic.write_text("Ráðuneytið sagði í gær að lögreglan hefði opnað tvær skrifstofur í borginni. " * 5)
    workspace.add(icelandic)
    (extracted,) = workspace.extract()
    assert extracted.proposed == 0
    assert extracted.unsupported == ("is",)


def test_two_workspaces_at_once(tmp_path: Path, brief: Path) -> None:
    with Workspace.init(tmp_path / "a") as a, Workspace.init(tmp_path / "b") as b:
        a.add(brief)
        assert len(a.sources()) == 1
        assert b.sources() == []


def test_the_text_is_gone(workspace: Workspace) -> None:
    with pytest.raises(CaptureError):
        workspace.text("0" * 64)


def test_the_register_is_plain_json(workspace: Workspace, brief: Path) -> None:
    workspace.add(brief)
    workspace.extract()
    found = workspace.register(include_proposed=True).as_json()
    assert json.loads(json.dumps(found)) == found


def test_nothing_of_a_hostile_page_reaches_the_site_as_markup(workspace: Workspace, tmp_path: Path) -> None:
    page = tmp_path / "hostile.html"
    page.write_text(
        "<html><head><title>&lt;img src=x onerror=alert(1)&gt; News</title><script>alert(2)</script></head>"
        "<body onload=alert(3)><article><p onclick='alert(4)'>"
        "According to Safeguard Defenders, China has set up 54 police service stations in 30 "
        "countries &lt;script&gt;alert(5)&lt;/script&gt;.</p><p>Beijing denied that it runs police stations abroad. "
        + "The ministry spoke at length about its letters and its telephones that day. " * 8
        + "<a href='javascript:alert(6)'>more</a></p></article></body></html>"
    )
    workspace.add(page, given={"published": "2022-09-20", "url": "javascript:alert(7)"})
    workspace.extract()
    workspace.decide("accept", by="A")
    assert any(f["value"] == 54 for f in workspace.register().entries["figures"])
    out = workspace.publish(tmp_path / "site").out
    for file in out.rglob("*.html"):
        markup = file.read_text(encoding="utf-8").lower()
        for forbidden in ("<script", "<img src=x", "onerror=alert(1)>", "onclick='", "onload=", "href=\"javascript:"):
            assert forbidden not in markup, (file.name, forbidden)
    assert list(workspace.verify(out)) == []
