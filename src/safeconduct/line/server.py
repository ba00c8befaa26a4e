"""What the routes of one running line share: its folder, roster, store, readers and the load of the moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from safeconduct.envelope import Refused
from safeconduct.envelope.roster import Roster, read_roster

from . import settings
from .reading import Reader
from .refusals import LineError, Refusal
from .store import Store
from .sweep import keep_house
from .work import Challenges, Load
from .writer import Writer

ROSTER = "roster.json"
TOGETHER = 512  # requests that may send at once; the last quarter is for mailboxes that exist and for passes
T = TypeVar("T")


def load_roster(folder: Path, name: str = ROSTER, *, expired: bool = False) -> tuple[Roster, bytes]:
    """The folder's roster and its bytes; ``expired``: one whose time is over will do.

    Raises:
        LineError: it is not there or not genuine, or its time is over.
    """
    path = folder / name
    try:
        data = path.read_bytes()
        return read_roster(data, date.min if expired else datetime.now(UTC).date()), data
    except OSError as error:
        raise LineError(f"{path} cannot be read; `safeconduct line init` makes a folder with a roster.") from error
    except Refused as error:
        raise LineError(f"{path}: {error}") from error


class Line:
    """One line that is served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = settings.load(folder / settings.FILE)
        self.roster, self.roster_bytes = load_roster(folder)
        self.challenges = Challenges()
        self.load = Load(self.settings.load)
        self.sending = 0
        self.store = Store(folder, self.settings.storage, self.roster.retention_days)
        self.writer = Writer(self.store)
        self.reader = Reader(folder, self.store.decoys)  # for single looks, on the event loop
        self._far = Reader(folder, self.store.decoys)  # for pages and lists, on a thread
        self._pool = ThreadPoolExecutor(1, "reader")

    @property
    def stanzas(self) -> int:
        """The most stanzas of a report."""
        return len(self.roster.recipients)

    @property
    def largest_parcel(self) -> int:
        """Bytes of the largest parcel: the roster's limit is that of the whole parcel."""
        return self.roster.limit

    async def read(self, look: Callable[[Reader], T]) -> T:
        """Let the reader's thread look something up."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, look, self._far)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One of the places for requests that send a parcel.

        Raises:
            Refusal: ``busy``.
        """
        if self.sending >= TOGETHER:
            raise Refusal("busy", retry_after=10)
        self.sending += 1
        try:
            yield
        finally:
            self.sending -= 1

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the house while the server runs; finish what was begun when it stops."""
        task = asyncio.create_task(keep_house(self.writer, self.folder))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await asyncio.get_running_loop().run_in_executor(None, self.close)

    def close(self) -> None:
        self._pool.shutdown()
        self.writer.stop()
        self.reader.close()
        self._far.close()


async def at_a_step(began: float, step: float) -> None:
    """Wait until a whole number of steps (seconds) has passed since ``began``: the work done does not show in the time."""
    passed = time.monotonic() - began
    await asyncio.sleep((int(passed / step) + 1) * step - passed)
