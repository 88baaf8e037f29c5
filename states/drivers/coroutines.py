"""Coroutines on a virtual clock: an event loop whose time jumps, so that `await asyncio.sleep(3600)` takes none.

Imported only when a callable is `async def`.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable
from typing import Any

from states.tasks.functions import Clock


class _JumpingSelector(selectors.DefaultSelector):
    """Where a loop would wait for its next timer, lets the call's clock pass instead; real sockets are still polled."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0 if timeout else timeout)
        if not ready and timeout:
            self._clock.sleep(timeout)
        return ready


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, clock: Clock) -> None:
        super().__init__(_JumpingSelector(clock))
        self._call_clock = clock
        self._clock_resolution = 1e-6  # of a float that counts seconds since 1970: at asyncio's own nanosecond no timer comes due

    def time(self) -> float:
        return self._call_clock.now()


def run_virtually(awaitable: Awaitable[Any], clock: Clock) -> Any:
    """The result of a coroutine whose sleeps pass on the call's clock."""
    loop = _VirtualLoop(clock)
    try:
        return loop.run_until_complete(_awaited(awaitable))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable
