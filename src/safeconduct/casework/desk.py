"""A caseworker's desk: fetch what was sent, read it, answer, seal anew for others, delete.

Letters stay sealed on disk exactly as they were downloaded and are opened in memory, each time anew. The server is believed
nothing: whose roster it is, whether a file is whole, for which mailbox a letter was written and who signed an answer are
checked here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx

from safeconduct.envelope import MOST, Refused, b64, header_limit, parse_header, rewrap, seal, sha256
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.letter import Answer, Letter, Report, write_answer
from safeconduct.envelope.roster import Roster, read_roster

from .client import Client, Listed, check_address
from .errors import DeskError
from .folder import Folder, Kept, Settings, write_whole
from .opening import Opened, open_letter, save_attachments

LARGEST_ANSWER = 65536
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Fetched:
    """What a fetch did: messages that are new, messages that the server has no more, and what went wrong with which."""

    new: tuple[Kept, ...]
    gone: tuple[Kept, ...]
    problems: tuple[str, ...]


class Desk:
    """A desk opened with its key. A context manager; ``today`` and ``transport`` are for tests.

    Raises DeskError for what a caseworker can put right, Refused for what is not as the protocol says.
    """

    def __init__(
        self, path: Path, key: Key, *, today: date | None = None, transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] | None = None,
    ) -> None:  # fmt: skip
        if key.kind != "caseworker":
            raise DeskError("This is the organisation's key; a desk is opened with a caseworker's.")
        self.folder = Folder(path)
        self._key, self._today = key, today or datetime.now(UTC).date()
        self._identity = key.identity
        settings = self.folder.settings
        more = {"wait": wait} if wait else {}
        self._server = Client(settings.address, key, settings.proxy, transport, **more)

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    @classmethod
    def join(cls, path: Path, roster: bytes, key: Path, address: str, proxy: str | None, today: date) -> Roster:
        """Make a desk's folder: pin the roster's signer (whose fingerprint people compared), and remember where the key is."""
        found = read_roster(roster, today)
        check_address(address, proxy)
        Folder.make(path, Settings(address.rstrip("/"), key.absolute(), found.signer, proxy)).accept(roster, today)
        return found

    # ── what is there ───────────────────────────────────────────────────────────────────────────────────────────────────

    def roster(self) -> Roster:
        """The roster that holds."""
        return self.folder.roster()

    def find(self, name: str) -> Kept:
        """The message whose id begins so; DeskError when there is none, or more than one."""
        found = [one for one in self.folder.messages() if one.id.startswith(name.lower())]
        if len(found) != 1 or not name:
            words = "Several messages begin" if found and name else "No message begins"
            raise DeskError(f"{words} with {name or 'nothing'}; `safeconduct line list` names them all.")
        return found[0]

    def fetch(self, progress: Progress | None = None) -> Fetched:
        """Take the newest roster, and download every message that is not here yet. What was downloaded stays when it fails."""
        with self.folder.locked():
            problems = self._take_roster()
            listed = self._server.listed()
            known = {one.listed.id: one for one in self.folder.messages()}
            now = {one.id: replace(known.get(one.id, Kept(one)), gone=False) for one in listed}
            gone = [replace(one, gone=True) for id_, one in known.items() if id_ not in now]
            missing = [one for one in now.values() if not self.folder.sealed(one.listed).exists()]
            failed = set()
            for number, one in enumerate(missing):
                if (problem := self._download(one.listed)) is not None:
                    problems += [f"{one.id}: {problem}"] if problem else []
                    failed.add(one.listed.id)
                if progress:
                    progress(number + 1, len(missing))
            self.folder.keep([*(one for id_, one in now.items() if id_ not in failed), *gone])
        new = tuple(one for id_, one in now.items() if id_ not in known and id_ not in failed)
        return Fetched(new, tuple(one for one in gone if not known[one.listed.id].gone), tuple(problems))

    def _take_roster(self) -> list[str]:
        try:
            self.folder.accept(self._server.roster(), self._today)
        except Refused as error:
            return [f"roster: {error}"]
        return []

    def _download(self, listed: Listed) -> str | None:
        """Keep one message, and give None; else what is wrong with it, or an empty text when it was deleted meanwhile."""
        if listed.size > (LARGEST_ANSWER if listed.kind == "answer" else self.roster().limit):
            return "Larger than a letter may be; not downloaded."
        try:
            self._server.message(listed.id, lambda pieces: self.folder.store(listed, pieces))
        except Refused as error:
            return str(error)
        except DeskError as error:
            if error.code != "not_found":
                raise
            return ""
        return None

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, message: Kept) -> Opened:
        """The letter of a message. Refused, and nothing of it shown, when it is not genuine."""
        letter = self._letter(message)
        warnings = []
        if message.gone:
            warnings.append("The server has this no more: the person deleted it, or its time is over. Delete it here too.")
        if isinstance(letter, Answer) and self.roster().desk_of(letter.answer_key) is None:
            warnings.append("Signed by a caseworker who has left since.")
        return Opened(letter, tuple(warnings))

    def signed_by(self, answer: Answer) -> str:
        """The role of who signed an answer; empty when the roster that holds does not vouch for them, as of its day."""
        roster = self.roster()
        if found := roster.desk_of(answer.answer_key):
            return found.name
        return "a former desk" if roster.was_desk(answer.answer_key, answer.written) else ""

    def save(self, message: Kept, folder: Path, places: Sequence[int] | None = None) -> list[Path]:
        """Write attachments in the clear into a folder; gives the paths."""
        self.read(message)
        return save_attachments(self.folder.sealed(message.listed), self._identity, folder, places)

    def _letter(self, message: Kept) -> Letter:
        path = self.folder.sealed(message.listed)
        if not path.exists():
            raise DeskError("This message is not here; `safeconduct line fetch` downloads it.")
        with path.open("rb") as file:
            letter = open_letter(file, self._identity, message.listed.mailbox)
        if isinstance(letter, Answer) != (message.listed.kind == "answer"):
            raise Refused("Not genuine: the server says this is another kind of letter than it is.")
        if isinstance(letter, Answer) and not self.signed_by(letter):
            raise Refused("Not genuine: the organisation's roster does not vouch for who signed the answer, or not on its day.")
        return letter

    def _of(self, mailbox: bytes, kind: str) -> list[Kept]:
        return [one for one in self.folder.messages() if one.listed.mailbox == mailbox and one.listed.kind == kind]

    # ── answering, sealing anew, deleting ───────────────────────────────────────────────────────────────────────────────

    def answer(self, message: Kept, text: str) -> Kept:
        """Leave an answer to a report in its mailbox, signed, sealed to its reply key and to the roster; gives it as kept.

        The server is asked first what is there, so that answers are numbered on.
        """
        text = checked_text(text)
        problems = self.fetch().problems
        report = self._letter(message)
        if not isinstance(report, Report):
            raise DeskError("This is an answer; name the report or addition that you answer.")
        roster = self._current_roster(problems)
        mailbox = report.mailbox
        numbers = [one.number for kept in self._of(mailbox, "answer") if isinstance(one := self._try(kept), Answer)]
        letter = Answer(mailbox, max(numbers, default=0) + 1, self._today, text, self._key.verifying)
        sealed = b"".join(seal(write_answer(letter, self._key.signing), _first(report.reply_to, roster)))
        id_ = self._server.answer(mailbox, sealed)
        made = Kept(Listed(id_, mailbox, "answer", self._today, len(sealed)), sealed_for=_mark(roster))
        with self.folder.locked():
            self.folder.store(made.listed, [sealed])
            return self.folder.update(made)

    def reseal(self, progress: Progress | None = None) -> tuple[int, list[str]]:
        """Seal every message to the newest roster, on the server and here: how many, and what could not be.

        The payload stays, only the wrapped keys are new; who left and kept no copy can open nothing any more. May be stopped
        and started again.
        """
        roster, done, problems = self._current_roster(self.fetch().problems), 0, []
        if roster.desk_of(self._key.verifying) is None:
            raise DeskError("This key is not in the newest roster; somebody who is in it has to seal anew.")
        waiting = [one for one in self.folder.messages() if one.sealed_for != _mark(roster) and not one.gone]
        with self.folder.locked():
            for number, one in enumerate(waiting):
                try:
                    self._reseal(one, roster)
                    done += 1
                except (Refused, DeskError) as error:
                    if isinstance(error, DeskError) and error.again:
                        raise
                    problems.append(f"{one.id}: {error}")
                if progress:
                    progress(number + 1, len(waiting))
        return done, problems

    def _reseal(self, message: Kept, roster: Roster) -> None:
        letter, path = self._letter(message), self.folder.sealed(message.listed)
        to = roster.sealed_to if isinstance(letter, Report) else _first(self._reply_to(letter.mailbox), roster)
        with path.open("rb") as file:
            begin = file.read(header_limit(MOST))
            header = parse_header(begin, MOST)
            assert header is not None  # the letter was opened
            made = rewrap(begin[: header.length], self._identity, to)
            self._server.rewrap(message.listed.id, made)
            file.seek(header.length)
            write_whole(path, _joined(made, iter(lambda: file.read(65536), b"")))
        listed = replace(message.listed, size=message.listed.size - header.length + len(made))
        self.folder.update(message, listed=listed, sealed_for=_mark(roster))

    def _reply_to(self, mailbox: bytes) -> str:
        letters = (self._try(kept) for kept in self._of(mailbox, "report"))
        found = next((one.reply_to for one in letters if isinstance(one, Report)), None)
        if found is None:
            raise DeskError("To whom this answer goes is not known: its mailbox has no report here.")
        return found

    def delete(self, message: Kept, *, mailbox: bool = False) -> int:
        """Destroy a message, or everything in its mailbox, on the server and then here; gives how many are gone here."""
        with self.folder.locked():
            everything = self.folder.messages()
            doomed = [one for one in everything if one.listed.mailbox == message.listed.mailbox] if mailbox else [message]
            if mailbox:
                self._server.delete(mailbox=message.listed.mailbox)
            elif not message.gone:
                self._server.delete(message.listed.id)
            for one in doomed:
                self.folder.sealed(one.listed).unlink(missing_ok=True)
            ids = {one.listed.id for one in doomed}
            self.folder.keep(one for one in everything if one.listed.id not in ids)
        return len(doomed)

    def _current_roster(self, problems: Iterable[str]) -> Roster:
        """The newest roster, if it holds today and the server shows no other; else DeskError."""
        roster = self.roster()
        if wrong := next((one for one in problems if one.startswith("roster: ")), None):
            raise DeskError(f"To whom to seal is not certain: {wrong.removeprefix('roster: ')}")
        if roster.expires < self._today:
            raise DeskError("The roster has expired; ask the organisation for a new one.")
        return roster

    def _try(self, message: Kept) -> Letter | None:
        try:
            return self._letter(message)
        except (Refused, DeskError):
            return None


def checked_text(text: str) -> str:
    """An answer's text, trimmed; DeskError when it is empty or holds control characters."""
    text = text.replace("\r\n", "\n").strip()
    if not text or any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise DeskError("An answer is text and not empty; nothing was sent.")
    return text


def _first(reply_to: str, roster: Roster) -> list[str]:
    return [reply_to, *(one for one in roster.sealed_to if one != reply_to)]


def _mark(roster: Roster) -> str:
    return b64(sha256("\n".join(sorted(roster.sealed_to)).encode()))[:16]


def _joined(head: bytes, rest: Iterable[bytes]) -> Iterable[bytes]:
    yield head
    yield from rest
