"""Taking parcels in: from the page or a program (``POST /parcel``), or through a form without scripts (``POST /upload``)."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import Request

from safeconduct.envelope import Refused, sha256, unb64, work_bits

from .bodies import announced, pieces
from .intake import Begun, Intake
from .large import NO_ROOM
from .refusals import Refusal
from .server import TOGETHER, Line
from .store import Accept, Kept, check_room

_WORK = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9]{1,20})", re.ASCII)


@dataclass
class Rights:
    """With what a request may open a mailbox; filled in as it is found out."""

    work: tuple[bytes, int] | None = None  # challenge, nonce
    pass_hash: bytes | None = None
    upload: bool = False  # through the form, which cannot work
    new: bool = False
    taken: bytes | None = None  # the challenge, while it is used

    @classmethod
    def of(cls, request: Request) -> Rights:
        """Those that the headers claim.

        Raises:
            Refusal: ``work_needed`` or ``bad_pass``: a header is not written as the protocol says.
        """
        work, given = request.headers.get("line-work"), request.headers.get("line-pass")
        rights = cls()
        if given is not None:
            rights.pass_hash = pass_hash(given)
        elif work is not None:
            found = _WORK.fullmatch(work)
            if found is None or int(found[2]) >= 1 << 64:
                raise Refusal("work_needed")
            try:
                rights.work = unb64(found[1], 16), int(found[2])
            except Refused:
                raise Refusal("work_needed") from None
        return rights


def pass_hash(given: str) -> bytes:
    """The hash of a pass as people write it; raises Refusal ``bad_pass``."""
    try:
        return sha256(unb64(given.strip(), 16))
    except Refused:
        raise Refusal("bad_pass") from None


class Sending:
    """One parcel on its way in."""

    def __init__(self, line: Line, rights: Rights, size: int | None) -> None:
        self.line, self.rights, self.size = line, rights, size
        self.intake = Intake(line.folder, line.stanzas, line.largest_parcel, size, self._judge)

    def _judge(self, begun: Begun) -> None:
        """Whether this parcel may come in, before any of it is stored."""
        line, rights = self.line, self.rights
        kept = line.reader.token(begun.mailbox)
        if kept is not None:
            if not hmac.compare_digest(kept, begun.token):
                raise Refusal("wrong_token")
            count, size = line.reader.fill(begun.mailbox)
            limits = line.settings.storage
            if count >= limits.mailbox_messages or size + (self.size or 0) > limits.mailbox_mb << 20:
                raise Refusal("mailbox_full")
        elif rights.pass_hash is not None:
            if not line.reader.has_pass(rights.pass_hash):
                raise Refusal("bad_pass")
        else:
            line.load.check(without_script=rights.upload)
            if line.sending > TOGETHER * 3 // 4:
                raise Refusal("busy", retry_after=10)
            self._work(begun.mailbox)
            rights.new = True
        reserve = kept is not None or rights.pass_hash is not None
        check_room(line.folder, line.settings.storage, line.store.used, self.size or 0, reserve=reserve)

    def _work(self, mailbox: bytes) -> None:
        if self.rights.upload:
            return
        if self.rights.work is None:
            raise Refusal("work_needed")
        challenge, nonce = self.rights.work
        bits = self.line.challenges.take(challenge)
        self.rights.taken = challenge
        if work_bits(challenge, mailbox, nonce) < bits:
            raise Refusal("work_needed")

    async def finish(self) -> Kept:
        """Put it on the disk, synchronised. Raises Refusal."""
        if self.intake.in_file:
            payload = await asyncio.to_thread(self.intake.end)
        else:
            payload = self.intake.end()
        begun = self.intake.begun
        assert begun is not None
        size = len(begun.header) + self.intake.payload
        new, pass_hash = self.rights.new, self.rights.pass_hash
        act = Accept(begun.mailbox, begun.token, begun.header, payload, size, new=new, pass_hash=pass_hash)
        kept: Kept = await self.line.writer.do(act)
        self.rights.taken = None  # used up
        if kept.opened:
            self.line.load.opened.add()
            if self.rights.upload and self.rights.pass_hash is None:
                self.line.load.uploads.add()
        return kept


@asynccontextmanager
async def sending(line: Line, rights: Rights, size: int | None) -> AsyncIterator[Sending]:
    """A parcel that is received inside of the block; what fails leaves nothing behind and uses no challenge up.

    Raises:
        Refusal: as the protocol lists them; a full disk is ``disk_full``.
    """
    async with line.turn():
        one = Sending(line, rights, size)
        try:
            yield one
        except OSError as error:
            if error.errno in NO_ROOM:
                raise Refusal("disk_full") from None
            raise
        finally:
            one.intake.drop()
            if rights.taken is not None:
                line.challenges.give_back(rights.taken)


async def receive_parcel(line: Line, request: Request) -> Kept:
    """``POST /parcel``: the body is the parcel. Raises Refusal."""
    size = announced(request, "bad_parcel")
    if size > line.largest_parcel:
        raise Refusal("too_large")
    async with sending(line, Rights.of(request), size) as one:
        async for piece in pieces(request, size):
            one.intake.feed(piece)
        return await one.finish()
