"""Import, retraction and signed checkpoints, from the outside: a workspace, its published register, and who alters them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct import Workspace
from safeconduct.cli import main
from safeconduct.ledger import Checkpoint, Record, SigningKey
from safeconduct.ledger.ledger import link
from safeconduct.publish.proofs import check_proofs
from safeconduct.workspace import WorkspaceError

from .authority import authority, certified
from .server import fresh_database

TEXT = "An organisation counted 54 stations in 30 countries. The paper found one in Prato.\n"


def told(quote: str, kind: str, slots: dict[str, object], **more: object) -> dict[str, object]:
    start = TEXT.index(quote)
    return {"id": f"given-{start}", "doc": "paper.txt", "kind": kind, "start": start, "end": start + len(quote),
            "quote": quote, "slots": slots, **more}  # fmt: skip


CLAIMS = [
    told("54 stations", "figure", {"measure": "stations", "value": 54}, asserted_by="org:counters"),
    told("30 countries", "figure", {"measure": "countries", "value": 30}, asserted_by="org:counters"),
    told("found one in Prato", "site", {"country": "IT", "place": "Prato", "status": "active|unknown"}),
]


@pytest.fixture
def imported(workspace: Workspace, tmp_path: Path) -> Workspace:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "paper.txt").write_text(TEXT, encoding="utf-8")
    (texts / "manifest.csv").write_text("file,publisher,published\npaper.txt,The Paper,2022-11-02\n", encoding="utf-8")
    file = tmp_path / "claims.jsonl"
    file.write_text("\n".join(json.dumps(c) for c in CLAIMS) + "\n", encoding="utf-8")
    done = workspace.import_claims(file, texts=texts)
    assert (done.read, done.new, done.known, done.refused) == (3, 3, 0, ())
    workspace.decide("accept", by="a reviewer")
    return workspace


# A command closes the ledger that it opened: after `run`, open the workspace again.
def run(workspace: Workspace, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--workspace", str(workspace.root), *arguments])
    return done.exit_code, done.output


def test_the_same_file_twice_changes_nothing_and_given_ids_are_aliases(imported: Workspace, tmp_path: Path) -> None:
    before = imported.ledger.head()
    done = imported.import_claims(tmp_path / "claims.jsonl", texts=tmp_path / "texts")
    assert (done.new, done.known, imported.ledger.head()) == (0, 3, before)
    assert imported.import_claims(tmp_path / "claims.jsonl").known == 3  # the document is preserved: no --texts needed
    register = imported.register().as_json()
    [site] = register["sites"]
    assert register["aliases"][site["claims"][0]] == [CLAIMS[2]["id"]]
    assert site["statuses"][0]["status"] == "active" and site["origins"][0]["asserter"] == "media:the-paper"
    assert imported.sources()[0].published == "2022-11-02"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (json.dumps({**CLAIMS[0], "quote": "55 stations"}), "the quote does not stand at its place"),
        (json.dumps({**CLAIMS[0], "doc": "other.txt"}), "there is no preserved text of other.txt"),
        (json.dumps({**CLAIMS[0], "slots": {"measure": "wings", "value": 1}}), "'wings' should be one of"),
        (json.dumps({**CLAIMS[0], "start": -1}), "span -1"),
        (json.dumps({k: v for k, v in CLAIMS[0].items() if k != "kind"}), "needs the field 'kind'"),
    ],
)
def test_a_bad_claim_is_refused_and_the_others_are_taken(
    imported: Workspace, tmp_path: Path, line: str, complaint: str
) -> None:
    file = tmp_path / "more.jsonl"
    good = told("one in Prato", "site", {"country": "IT", "place": "Prato"})
    file.write_text(f"{line}\n\n{json.dumps(good)}\n", encoding="utf-8")
    done = imported.import_claims(file, texts=tmp_path / "texts")
    assert done.new == 1 and len(done.refused) == 1
    assert done.refused[0].startswith("more.jsonl, line 1: ") and complaint in done.refused[0]
    code, output = run(imported, "import", str(file))
    assert code == 1 and "1 claims were refused" in output


def test_what_is_no_json_stops_the_import(imported: Workspace, tmp_path: Path) -> None:
    before = imported.ledger.head()
    for content in (b"{}\n{", b"[1]\n", b"\xff\xfe\n"):
        (tmp_path / "bad.jsonl").write_bytes(content)
        code, output = run(imported, "import", str(tmp_path / "bad.jsonl"))
        assert code == 1 and "bad.jsonl" in output
    assert Workspace(imported.root).ledger.head() == before


def test_a_retraction_is_told_by_changes_and_undone_by_another_decision(imported: Workspace, clock: object) -> None:
    since = imported.ledger.records()
    moment = max(r.recorded_at for r in since)
    [claim] = [s.claim.id for s in imported.statements() if s.claim.kind == "site"]
    assert run(imported, "decide", "retract", claim, "--why", "the paper corrected it")[0] == 0
    code, output = run(imported, "changes", "--since", moment, "--json")
    told_ = {c["section"]: c for c in json.loads(output)}
    assert (told_["sites"]["what"], told_["sites"]["after"]) == ("retracted", "retracted")
    assert "the paper corrected it" in told_["sites"]["because"][0]
    code, output = run(imported, "register", "explain", claim)
    assert code == 0 and "withdrawn" in output and "the paper corrected it" in output
    again = Workspace(imported.root)
    again.decide("accept", [claim], by="a reviewer")
    assert again.register().as_json()["retracted"] == []


def altered(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_published_register_is_checked_with_the_key_alone(imported: Workspace, tmp_path: Path) -> None:
    first = imported.checkpoint(name="example.org/register")
    assert imported.checkpoint() == first  # nothing was recorded since
    mode = (imported.root / "keys" / "checkpoint.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    key = imported.public_key()
    assert key is not None
    imported.decide("reject", [imported.statements()[0].claim.id], by="a reviewer")
    out = tmp_path / "site"
    imported.publish(out)
    (tmp_path / "key").write_text(f"{key}\n", encoding="utf-8")
    (tmp_path / "first").write_text(first, encoding="utf-8")
    code, output = run_bare("verify", str(out), "--key", str(tmp_path / "key"), "--against", str(tmp_path / "first"))
    assert code == 0 and "example.org/register signed" in output, output
    assert list(check_proofs(out, key, first)) == []

    other = SigningKey.new("example.org/register")
    assert [p.what for p in check_proofs(out, other.public)] == ["This checkpoint is not signed by example.org/register."]
    line = json.loads((out / "proofs.jsonl").read_text().splitlines()[0])
    for name, old, new, complaint in (
        ("proofs.jsonl", line["proof"][0], "00" * 32, "does not lead to the checkpoint"),
        ("proofs.jsonl", line["recorded_at"], "2020-01-01T00:00:00.000000Z", "does not lead to the checkpoint"),
        ("proofs.jsonl", line["claim"], "c" + "0" * 20, "no proof for claim"),
        ("checkpoint.txt", "chain ", "chain 0", "altered"),
        ("checkpoints.jsonl", '"proof": ["', '"proof": ["' + "00" * 32 + '", "', "does not extend"),
    ):
        copy = tmp_path / "copy"
        shutil.copytree(out, copy)
        altered(copy, name, old, new)
        assert any(complaint in p.what for p in check_proofs(copy, key)), (name, complaint)
        shutil.rmtree(copy)
    (out / "checkpoint.txt").unlink()
    assert "carries no checkpoint" in next(iter(check_proofs(out, key))).what


def run_bare(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(arguments))
    return done.exit_code, done.output


def rebuilt(path: Path, change: str) -> None:
    """Alter the ledger as an intruder with full access would: change it and compute the whole chain anew."""
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER IF EXISTS ledger_no_update")
        connection.execute("DROP TRIGGER IF EXISTS ledger_no_delete")
        connection.executescript(change)
        chain = "0" * 64
        rows = connection.execute("SELECT seq, record, recorded_at FROM ledger ORDER BY seq").fetchall()
        for number, (seq, record, at) in enumerate(rows, 1):
            chain = link(chain, record, at)
            connection.execute("UPDATE ledger SET seq = ?, chain = ? WHERE seq = ?", (number, chain, seq))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("DELETE FROM ledger WHERE seq = 3", "does not fit the records before it"),
        ("UPDATE ledger SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE seq = 1", "does not fit the records before it"),
        (
            "UPDATE ledger SET seq = -seq * 10; UPDATE ledger SET seq = -seq; "
            "INSERT INTO ledger (seq, record, type, subject, body, recorded_at, chain) "
            "SELECT 15, 'f' || substr(record, 2), type, subject, body, recorded_at, chain FROM ledger WHERE seq = 10",
            "does not fit the records before it",
        ),
        (
            "UPDATE ledger SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3); "
            "UPDATE ledger SET seq = -seq WHERE seq < 0",
            "does not fit the records before it",
        ),
        ("DELETE FROM ledger WHERE seq > 4", "are missing: the checkpoint was signed for them"),
    ],
)
def test_a_ledger_rebuilt_without_a_record_is_found(imported: Workspace, change: str, complaint: str) -> None:
    note = imported.checkpoint()
    assert list(imported.verify(against=note)) == []
    imported.ledger.close()
    rebuilt(imported.root / "ledger.sqlite3", change)
    with Workspace(imported.root) as again:
        assert any(complaint in p.what for p in again.verify(against=note))


def test_a_record_written_between_signing_and_recording_is_no_flaw(imported: Workspace) -> None:
    """Two at once: another process records something after the ledger was read for a checkpoint."""
    append = imported.ledger.append

    def late(records: Sequence[Record], **more: bool) -> list[bool]:
        if records[0].type == "checkpoint":
            append([Record("alias", imported.statements()[0].claim.id, {"given": "meanwhile"})])
        return append(records, **more)

    imported.ledger.append = late  # type: ignore[method-assign]
    note = imported.checkpoint()
    imported.ledger.append = append  # type: ignore[method-assign]
    assert list(imported.verify(against=note)) == []
    key = SigningKey.load((imported.root / "keys" / "checkpoint.key").read_bytes())
    size, chain = imported.ledger.head()
    for told in (Checkpoint(key.name, size, b"\x01" * 32, chain), Checkpoint(key.name, size + 9, b"\x01" * 32, chain)):
        imported.ledger.append([Record("checkpoint", f"{told.size}", {"note": key.sign(told)})])
    found = [p.what for p in imported.verify()]
    assert len(found) == 2 and "does not fit" in found[0] and "was signed for" in found[1]


def test_a_reviewers_reason_is_not_published(imported: Workspace, tmp_path: Path) -> None:
    imported.decide("retract", [imported.statements()[0].claim.id], by="R. Eviewer", why="a relative wrote to us")
    imported.publish(tmp_path / "out")
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            assert b"a relative wrote" not in path.read_bytes() and b"Eviewer" not in path.read_bytes(), path.name


def test_a_ledger_signed_anew_does_not_pass_for_the_one_that_was_signed(imported: Workspace) -> None:
    note, key = imported.checkpoint(), imported.public_key()
    (imported.root / "keys" / "checkpoint.key").write_bytes(SigningKey.new("register").dump())
    imported.decide("reject", [imported.statements()[0].claim.id], by="somebody else")
    imported.checkpoint()
    found = [p.what for p in imported.verify(against=note, key=key)]
    assert (len(found) == 1 and "signed by" in found[0]) or "does not fit" in found[0]


def test_keys_and_checkpoints_that_are_none_are_told(imported: Workspace, tmp_path: Path) -> None:
    code, output = run(imported, "key")
    assert code == 1 and "never signed" in output
    assert run(imported, "checkpoint", "--name", "two words")[0] == 1
    assert run(imported, "verify", str(tmp_path), "--key", "nonsense")[0] == 2
    (imported.root / "keys").mkdir(exist_ok=True)
    (imported.root / "keys" / "checkpoint.key").write_bytes(b"nonsense")
    code, output = run(imported, "checkpoint")
    assert code == 1 and "no signing key" in output


def test_a_workspace_moves_to_postgresql_and_back_with_the_same_root(
    imported: Workspace, tmp_path: Path, postgres: Path
) -> None:
    note = imported.checkpoint()
    assert imported.backup(tmp_path / "one.tar") == imported.ledger.head()[0]
    address = fresh_database(postgres, f"moved_{tmp_path.name}")
    there = Workspace.restore(tmp_path / "one.tar", tmp_path / "there", database=address)
    assert (there.root / "safeconduct.toml").read_text().count("postgresql://") == 1
    key = imported.public_key()
    assert list(there.verify(against=note, key=key)) == []
    day = date(2026, 6, 1)
    assert there.register(as_of=day).as_json() == imported.register(as_of=day).as_json()
    there.backup(tmp_path / "two.tar")
    back = Workspace.restore(tmp_path / "two.tar", tmp_path / "back")
    assert back.ledger.head() == imported.ledger.head()
    assert list(back.verify(against=note, key=key)) == []
    code, output = run_bare("init", str(tmp_path / "second"), "--database", address)
    assert code == 1 and "already holds a ledger" in output


def test_a_damaged_or_unfitting_backup_is_told(imported: Workspace, tmp_path: Path) -> None:
    imported.backup(tmp_path / "good.tar")
    with pytest.raises(WorkspaceError, match="already there"):
        imported.backup(tmp_path / "good.tar")
    good = (tmp_path / "good.tar").read_bytes()
    for name, content, complaint in (
        ("cut", good[: len(good) // 2], "backup"),
        ("none", b"nothing at all", "backup"),
        ("bits", good.replace(b"counted 54", b"counted 45"), "damaged"),
        ("chain", good.replace(b'\\"act\\":\\"accept\\"', b'\\"act\\":\\"reject\\"', 1), "chain"),
    ):
        (tmp_path / f"{name}.tar").write_bytes(content)
        with pytest.raises(WorkspaceError, match=complaint):
            Workspace.restore(tmp_path / f"{name}.tar", tmp_path / name)
    code, output = run_bare("restore", str(tmp_path / "good.tar"), str(tmp_path / "again"))
    assert code == 0 and "Restored" in output
    assert run(Workspace(tmp_path / "again"), "verify")[0] == 0


def test_links_are_decided_listed_and_undone_one_by_one(imported: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "more.jsonl"
    more = [told("one in Prato", "site", {"country": "IT", "place": "Prato", "operator": "wenzhou"}),
            told("The paper found one in Prato", "site", {"country": "IT", "place": "Florence"})]  # fmt: skip
    file.write_text("\n".join(json.dumps(c) for c in more), encoding="utf-8")
    imported.import_claims(file)
    imported.decide("accept", by="a reviewer")
    ids = {(e["place"], e["operator"]): e["id"] for e in imported.register().entries["sites"]}
    prato, wenzhou, florence = ids["Prato", None], ids["Prato", "wenzhou"], ids["Florence", None]
    assert run(imported, "link", prato[:8], wenzhou, "--why", "the same door", "--by", "A")[0] == 0
    assert "linked already" in run(imported, "link", wenzhou, prato, "--why", "again")[1]
    for arguments, complaint in (
        (("link", prato, "org:counters", "--why", "x"), "different kinds"),
        (("link", prato, prato, "--why", "x"), "already itself"),
        (("link", "t000nothing", prato, "--why", "x"), "no site and no report"),
        (("link", "org:Counters", "org:counters", "--why", "x"), "no asserter"),
    ):
        code, output = run(imported, *arguments)
        assert code == 1 and complaint in output, output
    again = Workspace(imported.root)
    assert len(again.register().entries["sites"]) == 2
    assert run(imported, "link", florence, prato, "--why", "one firm")[0] == 0
    assert run(imported, "unlink", wenzhou, prato, "--why", "another street")[0] == 0
    listed = json.loads(run(imported, "links", "--json")[1])
    assert [(one["why"], {one["a"], one["b"]}) for one in listed] == [("one firm", {florence, prato})]
    assert len(json.loads(run(imported, "links", "--all", "--json")[1])) == 3
    sites = Workspace(imported.root).register().entries["sites"]
    assert sorted(len(e["claims"]) for e in sites) == [1, 2]


def test_an_authority_stamps_a_checkpoint_and_nobody_else(imported: Workspace, tmp_path: Path) -> None:
    ours, other = tmp_path / "ours", tmp_path / "other"
    ours.mkdir()
    other.mkdir()
    certified(other)
    with authority(ours) as address:
        assert any("was stamped" in p.what for p in imported.verify(authorities=ours / "root.pem"))
        note = imported.checkpoint(timestamp=address)
        assert note.encode() not in (ours / "query").read_bytes()  # the authority sees a hash only
        before = imported.ledger.head()
        assert imported.checkpoint(timestamp=address) == note and imported.ledger.head() == before
        assert list(imported.verify(authorities=ours / "root.pem", against=note)) == []
        assert any("does not hold" in p.what for p in imported.verify(authorities=other / "root.pem"))
        with pytest.raises(WorkspaceError, match="no timestamp"):
            imported.checkpoint(timestamp=f"{address}broken")
    with pytest.raises(WorkspaceError, match="gave no timestamp"):
        imported.checkpoint(timestamp=f"{address}gone")
    with pytest.raises(WorkspaceError, match="no certificate"):
        list(imported.verify(authorities=ours / "serial"))
