"""Letters: what is inside the seal, a report with its attachments or an answer, padded (docs/line-protocol.md, "Letter")."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, cast

from .header import padded
from .parcel import mailbox_for
from .sealing import check_recipient, public_of, sign, verify
from .wire import Refused, b64, day, items, keys, number, read_json, text, unb64

PARTS = ("what", "when", "where", "risk", "contact")
USES = ("help", "refer", "count", "register")
METADATA = ("removed", "kept", "unknown")
LARGEST_JSON = 1048576
MOST_ATTACHMENTS = 100
MOST_ANSWER = 8000  # characters

Metadata = Literal["removed", "kept", "unknown"]


@dataclass(frozen=True)
class Attachment:
    """A file as the letter lists it; ``name`` comes from a stranger and is never a path."""

    name: str = field(repr=False)
    type: str
    size: int
    metadata: Metadata
    uses: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A report, or an addition to one; ``parts`` holds what was answered, ``uses`` what each part may be used for.

    Refused when the mailbox is not that of the reply key: who keeps the mailboxes could have put it there to read the answers.
    """

    type: Literal["report", "addition"]
    mailbox: bytes
    reply_to: str = field(repr=False)
    language: str
    written: date
    parts: Mapping[str, str] = field(repr=False)
    uses: Mapping[str, tuple[str, ...]]
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        if self.mailbox != mailbox_for(self.reply_to):
            raise Refused("Not genuine: the letter's mailbox is not that of its reply key; somebody else put it there.")


@dataclass(frozen=True)
class Answer:
    """An answer; ``answer_key`` is who signed it (``read_letter`` checked the signature, not whose key it is)."""

    mailbox: bytes
    number: int
    written: date
    text: str = field(repr=False)
    answer_key: bytes


Letter = Report | Answer


def write_report(report: Report, files: Iterable[Iterable[bytes]] = ()) -> Iterator[bytes]:
    """The padded letter in pieces; ``files`` are the attachments' bytes, in order and of the sizes that the report says."""
    head = _encoded({
        "v": 1, "type": report.type, "mailbox": b64(report.mailbox), "reply_to": report.reply_to, "language": report.language,
        "written": report.written.isoformat(), "parts": dict(report.parts), "uses": dict(report.uses),
        "attachments": [vars(one) for one in report.attachments],
    })  # fmt: skip
    _report(read_json(head))
    return _padded(head, [one.size for one in report.attachments], files)


def write_answer(answer: Answer, seed: bytes) -> Iterator[bytes]:
    """The padded letter in pieces, signed with a caseworker's answer key; Refused when it is too long."""
    signed = _encoded({
        "v": 1, "mailbox": b64(answer.mailbox), "number": answer.number, "written": answer.written.isoformat(),
        "text": answer.text,
    }).decode()  # fmt: skip
    head = _encoded({
        "v": 1, "type": "answer", "signed": signed, "signature": b64(sign(seed, "answer", signed.encode())),
        "answer_key": b64(public_of(seed)),
    })  # fmt: skip
    _answer(read_json(head))
    return _padded(head, (), ())


def read_letter(plain: Iterable[bytes]) -> Letter:
    """The letter in a plaintext, which is read to its end: also the padding and the attachments' sizes are checked.

    Raises Refused, whose message tells nothing of the content, when anything is not as the protocol says.
    """
    source = _Source(plain)
    length = int.from_bytes(source.take(8), "big")
    size = int.from_bytes(source.take(4), "big")
    if size > min(LARGEST_JSON, length - 4):
        raise Refused("The letter's parts do not add up.")
    letter = _letter(read_json(source.take(size)))
    attached = sum(one.size for one in letter.attachments) if isinstance(letter, Report) else 0
    if length != 4 + size + attached:
        raise Refused("The letter's attachments do not add up.")
    for _ in source.pieces(attached):
        pass
    if source.zeros() != padded(8 + length) - 8 - length:
        raise Refused("The letter is not padded as it should be.")
    return letter


def read_attachment(plain: Iterable[bytes], place: int) -> Iterator[bytes]:
    """The bytes of one attachment (the first is 0), in pieces, of a plaintext that ``read_letter`` accepted."""
    source = _Source(plain)
    source.take(8)
    letter = _letter(read_json(source.take(int.from_bytes(source.take(4), "big"))))
    listed = letter.attachments if isinstance(letter, Report) else ()
    if not 0 <= place < len(listed):
        raise Refused("The letter has no such attachment.")
    for _ in source.pieces(sum(one.size for one in listed[:place])):
        pass
    return source.pieces(listed[place].size)


class _Source:
    """A stream of pieces, read in other pieces."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._more = iter(pieces)
        self._held = b""

    def pieces(self, size: int) -> Iterator[bytes]:
        while size:
            if not self._held:
                try:
                    self._held = next(self._more)
                except StopIteration:
                    raise Refused("The letter ends too early.") from None
                continue
            piece, self._held = self._held[:size], self._held[size:]
            size -= len(piece)
            yield piece

    def take(self, size: int) -> bytes:
        return b"".join(self.pieces(size))

    def zeros(self) -> int:
        """The number of zero bytes to the end; Refused when there is another."""
        count = 0
        for piece in (self._held, *self._more):
            if piece.count(0) != len(piece):
                raise Refused("The letter is not padded with zeros.")
            count += len(piece)
        return count


def _padded(head: bytes, sizes: Sequence[int], files: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    length = 4 + len(head) + sum(sizes)
    yield length.to_bytes(8, "big") + len(head).to_bytes(4, "big") + head
    for size, pieces in zip(sizes, files, strict=True):
        for piece in pieces:
            size -= len(piece)
            yield piece
        if size:
            raise Refused("A file changed its size while it was sealed; try again.")
    missing = padded(8 + length) - 8 - length
    for at in range(0, missing, 65536):
        yield bytes(min(65536, missing - at))


def _encoded(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _letter(found: dict[str, Any]) -> Letter:
    if type(found.get("v")) is not int or found["v"] != 1 or found.get("type") not in ("report", "addition", "answer"):
        raise Refused("The letter is of a version or type that this Safeconduct does not know.")
    return _answer(found) if found["type"] == "answer" else _report(found)


def _report(found: dict[str, Any]) -> Report:
    keys(found, ("v", "type", "mailbox", "reply_to", "language", "written", "parts", "uses", "attachments"))
    parts = {name: text(value, LARGEST_JSON) for name, value in keys(found["parts"], (), PARTS).items()}
    uses = {name: _uses(value) for name, value in keys(found["uses"], parts).items()}
    return Report(
        found["type"], unb64(found["mailbox"], 16), check_recipient(text(found["reply_to"], 4096)),
        text(found["language"], 35), day(found["written"]), parts, uses,
        tuple(_attachment(one) for one in items(found["attachments"], MOST_ATTACHMENTS)),
    )  # fmt: skip


def _attachment(found: object) -> Attachment:
    one = keys(found, ("name", "type", "size", "metadata", "uses"))
    if one["metadata"] not in METADATA:
        raise Refused("An attachment does not say what was done to its metadata.")
    metadata = cast(Metadata, one["metadata"])
    return Attachment(
        text(one["name"], 255), text(one["type"], 127), number(one["size"], 0, 1 << 40), metadata, _uses(one["uses"])
    )


def _uses(found: object) -> tuple[str, ...]:
    named = items(found, len(USES))
    if "help" not in named or any(use not in USES for use in named) or len(set(named)) != len(named):
        raise Refused("A part says of no known use what it may be used for.")
    return tuple(use for use in USES if use in named)


def _answer(found: dict[str, Any]) -> Answer:
    keys(found, ("v", "type", "signed", "signature", "answer_key"))
    signed, answer_key = text(found["signed"], LARGEST_JSON).encode(), unb64(found["answer_key"], 32)
    verify(answer_key, "answer", signed, unb64(found["signature"], 64))
    inner = keys(read_json(signed), ("v", "mailbox", "number", "written", "text"))
    if type(inner["v"]) is not int or inner["v"] != 1:
        raise Refused("The answer is of another version of the protocol.")
    return Answer(
        unb64(inner["mailbox"], 16), number(inner["number"], 1, 1 << 31), day(inner["written"]),
        text(inner["text"], MOST_ANSWER), answer_key,
    )  # fmt: skip
