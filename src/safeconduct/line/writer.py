"""One thread that writes: what waits is done in one batch, so that many reports share a synchronisation of the disk."""

from __future__ import annotations

import asyncio
import queue
import threading
from typing import Any

from .database import forget
from .store import Act, Call, Result, Store

MOST = 256  # acts in one batch


class Writer:
    """Hands acts from the event loop to the thread that owns the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.SimpleQueue[tuple[Act, asyncio.Future[Any], asyncio.AbstractEventLoop] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def do(self, act: Act) -> Result:
        """What the act gives, once it is on the disk; raises what it was refused with."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._queue.put((act, future, loop))
        return await asyncio.shield(future)  # what was begun is finished, whoever still listens

    def stop(self) -> None:
        """Finish what waits, then close the store."""
        self._queue.put(None)
        self._thread.join()
        self._store.close()

    def _run(self) -> None:
        going = True
        while going:
            try:
                first = self._queue.get(timeout=0.2 if self._store.unforgotten else None)
            except queue.Empty:
                self._store.unforgotten = not forget(self._store.keys)
                continue
            batch = []
            while first is not None:
                batch.append(first)
                if len(batch) == MOST or isinstance(first[0], Call):
                    break
                try:
                    first = self._queue.get_nowait()
                except queue.Empty:
                    break
            going = first is not None
            if batch:
                self._answer(batch, self._results([act for act, _, _ in batch]))

    def _results(self, acts: list[Act]) -> list[Any]:
        try:
            return self._store.do(acts)
        except Exception as error:  # a fault of ours: everyone learns it, and the thread goes on
            return [error] * len(acts)

    @staticmethod
    def _answer(batch: list[tuple[Act, asyncio.Future[Any], asyncio.AbstractEventLoop]], results: list[Any]) -> None:
        loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
        for (_, future, loop), result in zip(batch, results, strict=True):
            loops.setdefault(loop, []).append((future, result))
        for loop, pairs in loops.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, pairs)


def _settle(pairs: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in pairs:
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
            future.exception()  # seen, even where the one who asked went away
        else:
            future.set_result(result)
