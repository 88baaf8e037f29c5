"""Coroutines in real time: one asyncio loop in one thread beside the scheduler, for all `async def` callables of a driver.

Imported only when the first of them occurs. A callable that blocks the loop (`time.sleep`, `context.sleep`) holds up the others on it, as
it would in any program: `await asyncio.sleep` instead.

Source: https://docs.python.org/3/library/asyncio-dev.html#concurrency-and-multithreading
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

PATIENCE = 1.0  #: seconds a coroutine has to take its cancellation when the loop is closed


class Attended(Protocol):
    """Something to be awaited on the loop."""

    async def attend(self) -> None:
        """Awaits it; raises nothing."""
        ...

    def dispose(self) -> None:
        """Called when it ended, or was cancelled before it began."""
        ...


class EventLoop:
    """Attends to what it is given until that ends or is cancelled. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._asked: deque[tuple[Callable[[Attended], None], Attended]] = deque()
        self._is_woken = self._is_closed = False
        self._closing: asyncio.Task[None] | None = None
        self._tasks: dict[Attended, asyncio.Task[None]] = {}
        self._thread = threading.Thread(target=self._run, name="states-event-loop", daemon=True)
        self._thread.start()

    def submit(self, attended: Attended) -> None:
        """Attends to it as soon as the loop comes to it."""
        self._have_done(self._begin, attended)

    def cancel(self, attended: Attended) -> None:
        """Cancels it, if it still runs."""
        self._have_done(self._cancel, attended)

    def close(self) -> None:
        """Cancels what still runs and ends the loop; one that does not take its cancellation is left behind."""
        with suppress(RuntimeError):  # closed before
            self._loop.call_soon_threadsafe(self._begin_to_close)
        self._thread.join(2 * PATIENCE)

    def _run(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            self._is_closed = True
            self._loop.close()
            for _, attended in self._asked:
                attended.dispose()

    def _have_done(self, act: Callable[[Attended], None], attended: Attended) -> None:
        """Has the loop do it; wakes it once for all that comes before it looks, because waking costs more than the rest."""
        if self._is_closed:
            attended.dispose()
            return
        self._asked.append((act, attended))
        if not self._is_woken:
            self._is_woken = True
            with suppress(RuntimeError):  # closed this very moment
                self._loop.call_soon_threadsafe(self._do_what_was_asked)

    def _do_what_was_asked(self) -> None:
        self._is_woken = False  # first, so that what is asked from now on wakes the loop again
        while self._asked:
            act, attended = self._asked.popleft()
            act(attended)

    def _begin(self, attended: Attended) -> None:
        task = self._tasks[attended] = self._loop.create_task(attended.attend())
        task.add_done_callback(lambda _: self._ended(attended))

    def _ended(self, attended: Attended) -> None:
        del self._tasks[attended]
        attended.dispose()

    def _cancel(self, attended: Attended) -> None:
        task = self._tasks.get(attended)
        if task is not None:
            task.cancel()

    def _begin_to_close(self) -> None:
        self._closing = self._loop.create_task(self._wind_down())

    async def _wind_down(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=PATIENCE)
        await self._loop.shutdown_asyncgens()
        self._loop.stop()
