"""Coroutines in real time: one asyncio loop in one thread beside the scheduler, for all `async def` callables of a driver.

Imported only when the first of them occurs. A callable that blocks the loop (`time.sleep`, `context.sleep`) holds up the others on it, as
it would in any program: `await asyncio.sleep` instead.

Source: https://docs.python.org/3/library/asyncio-dev.html#concurrency-and-multithreading
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Coroutine, Hashable
from typing import Any

PATIENCE = 1.0  #: seconds a coroutine has to take its cancellation when the loop is closed


class EventLoop:
    """Runs coroutines until they end or are cancelled. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._thread = threading.Thread(target=self._run, name="states-event-loop", daemon=True)
        self._thread.start()

    def submit(self, key: Hashable, coroutine: Coroutine[Any, Any, None]) -> None:
        """Runs the coroutine, which raises nothing, under this key."""
        self._loop.call_soon_threadsafe(self._begin, key, coroutine)

    def cancel(self, key: Hashable) -> None:
        """Cancels the coroutine of this key, if it still runs."""
        self._loop.call_soon_threadsafe(self._cancel, key)

    def close(self) -> None:
        """Cancels what still runs and ends the loop; one that does not take its cancellation is left behind."""
        self._loop.call_soon_threadsafe(lambda: self._begin(self, self._wind_down()))
        self._thread.join(2 * PATIENCE)

    def _run(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    def _begin(self, key: Hashable, coroutine: Coroutine[Any, Any, None]) -> None:
        task = self._tasks[key] = self._loop.create_task(coroutine)
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    def _cancel(self, key: Hashable) -> None:
        task = self._tasks.get(key)
        if task is not None:
            task.cancel()

    async def _wind_down(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=PATIENCE)
        await self._loop.shutdown_asyncgens()
        self._loop.stop()


async def awaited(awaitable: Awaitable[Any]) -> Any:
    """The result of anything that can be awaited, as a coroutine."""
    return await awaitable
