"""The desk and a reporter at a real server, in a process of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from safeconduct.casework import Desk, DeskError, Kept
from safeconduct.envelope import Refused, b64, recipient_of, seal, unb64, unseal, work_bits
from safeconduct.envelope.letter import Answer, Report, read_letter, write_report
from safeconduct.envelope.parcel import write_parcel
from safeconduct.envelope.roster import Roster, write_roster
from safeconduct.envelope.words import mailbox_of, reply_identity_of, token_of

from ..envelope.people import DESKS, ORGANISATION, SIGNER, report_of, roster_of

pytest.importorskip("safeconduct.line.serve")
TODAY = datetime.now(UTC).date()
ROOT = Path(__file__).parents[2]
ROSTER = roster_of(DESKS, TODAY)


class Reporter:
    """Somebody with twelve words, as the page would act for them."""

    def __init__(self, address: str, words: bytes) -> None:
        self.http = httpx.Client(base_url=address, trust_env=False)
        self.mailbox, self.token = mailbox_of(words, SIGNER), token_of(words, SIGNER)
        self.identity = reply_identity_of(words, SIGNER)

    def send(self, what: str, roster: Roster, files: tuple[bytes, ...] = (), *, first: bool = True) -> None:
        draft = report_of(what, files=files, kind="report" if first else "addition")
        report = Report(
            draft.type, self.mailbox, recipient_of(self.identity), "fa", TODAY, draft.parts, draft.uses, draft.attachments
        )  # fmt: skip
        sealed = b"".join(seal(write_report(report, [[one] for one in files]), roster.sealed_to))
        headers = {"Line-Work": self.work()} if first else {}
        answer = self.http.post("/parcel", content=write_parcel(self.mailbox, self.token) + sealed, headers=headers)
        assert answer.status_code == 201, answer.text

    def work(self) -> str:
        asked = self.http.get("/work").json()
        challenge = unb64(asked["challenge"], 16)
        nonce = next(n for n in range(1 << 24) if work_bits(challenge, self.mailbox, n) >= asked["bits"])
        return f"{b64(challenge)}.{nonce}"

    def answers(self) -> list[Answer]:
        page = self.http.post("/mailbox", content=self.mailbox + self.token + bytes(4)).content
        assert len(page) == 65536
        source, found = io.BytesIO(page), []
        _, _, count = source.read(1), source.read(1), int.from_bytes(source.read(2), "big")
        for _ in range(count):
            _, kind, _ = source.read(16), source.read(1)[0], source.read(4)
            file = source.read(int.from_bytes(source.read(4), "big"))
            if kind:
                letter = read_letter(unseal(io.BytesIO(file), [self.identity]))
                assert isinstance(letter, Answer) and letter.mailbox == self.mailbox
                found.append(letter)
        return sorted(found, key=lambda one: one.number)

    def delete(self) -> None:
        assert self.http.post("/mailbox/delete", content=self.mailbox + self.token).status_code == 200


class Line:
    """A server in a process of its own, at any free port."""

    def __init__(self, folder: Path, roster: bytes) -> None:
        self.folder = folder
        self.take(roster)
        self.start()

    def take(self, roster: bytes) -> None:
        file = self.folder.with_name("roster.json")
        file.write_bytes(roster)
        words = ["init", str(self.folder), "--roster", str(file)]
        subprocess.run([sys.executable, "-m", "safeconduct", "line", *words], check=True, cwd=ROOT, capture_output=True)

    def start(self) -> None:
        words = ["serve", str(self.folder), "--port", "0", "--json"]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "safeconduct", "line", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )  # fmt: skip
        assert self.process.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            text = self.process.stdout.readline()
            assert text, "the server ended"
            told += text
        self.address = json.loads(told)["address"]

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=20)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    made = Line(tmp_path / "line", write_roster(ROSTER, ORGANISATION.seed))
    try:
        yield made
    finally:
        made.stop()


def desk_of(number: int, tmp_path: Path, address: str) -> Desk:
    """A caseworker's desk, made anew for each address."""
    path = tmp_path / f"desk{number}-{address.rpartition(':')[2]}"
    if not path.exists():
        Desk.join(path, write_roster(ROSTER, ORGANISATION.seed), tmp_path / "key", address, None, TODAY)
    return Desk(path, DESKS[number])


def a_report(desk: Desk) -> Kept:
    desk.fetch()
    return next(one for one in desk.folder.messages() if one.listed.kind == "report")


def test_report_answers_addition_and_the_end(line: Line, tmp_path: Path) -> None:
    person, files = Reporter(line.address, bytes(range(16))), (os.urandom(300_000),)
    person.send("the plum tree", ROSTER, files)
    assert person.answers() == []
    with desk_of(0, tmp_path, line.address) as one, desk_of(1, tmp_path, line.address) as two:
        done = one.fetch()
        assert not done.problems
        opened = one.read(done.new[0])
        assert isinstance(opened.letter, Report) and opened.letter.parts["what"] == "the plum tree" and not opened.warnings
        assert [path.read_bytes() for path in one.save(done.new[0], tmp_path / "out")] == list(files)
        one.answer(done.new[0], "سلام")
        two.answer(a_report(two), "Hello.")
        assert [(letter.number, letter.text) for letter in person.answers()] == [(1, "سلام"), (2, "Hello.")]
        person.send("more", ROSTER, first=False)
        assert len(one.fetch().new) == 2
        person.delete()
        assert len(two.fetch().gone) == 3 and person.answers() == []
        with pytest.raises(DeskError):
            two.answer(a_report(two), "too late")


def test_the_largest_answer_reaches_its_mailbox(line: Line, tmp_path: Path) -> None:
    person = Reporter(line.address, bytes(16))
    person.send("x", ROSTER)
    with desk_of(0, tmp_path, line.address) as desk:
        desk.answer(a_report(desk), '"\\' * 4000)
        desk.answer(a_report(desk), "照" * 8000)
    assert {len(one.text) for one in person.answers()} == {8000}


def test_who_left_opens_nothing_any_more(line: Line, tmp_path: Path) -> None:
    person, files = Reporter(line.address, bytes(range(16))), (os.urandom(3_000_000),)
    person.send("the plum tree", ROSTER, files)
    with desk_of(0, tmp_path, line.address) as desk:
        desk.answer(a_report(desk), "hello")
    line.stop()
    fewer = roster_of(DESKS[:1], TODAY)
    line.take(write_roster(fewer, ORGANISATION.seed))
    line.start()
    with desk_of(0, tmp_path, line.address) as desk:
        assert desk.reseal() == (2, [])
        assert desk.fetch().problems == ()
    with desk_of(0, tmp_path / "elsewhere", line.address) as fresh:
        for one in fresh.fetch().new:
            fresh.read(one)
            with fresh.folder.sealed(one.listed).open("rb") as file, pytest.raises(Refused):
                unseal(file, [DESKS[1].identity])
    with desk_of(1, tmp_path, line.address) as left, pytest.raises(DeskError, match="in the roster"):
        left.fetch()
    assert [one.text for one in Reporter(line.address, bytes(range(16))).answers()] == ["hello"]


def test_a_fetch_while_many_send(line: Line, tmp_path: Path) -> None:
    people = [Reporter(line.address, number.to_bytes(16, "big")) for number in range(30)]
    with desk_of(0, tmp_path, line.address) as desk:
        seen = 0
        for number, person in enumerate(people):
            person.send(str(number), ROSTER)
            if number % 10 == 9:
                seen += len(desk.fetch().new)
        assert seen == 30
        said = {letter.parts["what"] for one in desk.folder.messages() if isinstance(letter := desk.read(one).letter, Report)}
        assert said == {str(number) for number in range(30)}
