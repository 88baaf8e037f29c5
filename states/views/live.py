"""Live: the trace of an execution while it runs, drawn anew a few times a second.

A thread of its own reads the growing history and draws; the execution is not slowed by an observer and knows nothing of it. It begins
only when the run has lasted a moment, and it leaves nothing behind: the final trace is drawn by who started it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any

from states.views.story import Story
from states.views.visits import RUNNING

if TYPE_CHECKING:
    from rich.console import Console

DELAY = 0.3  #: seconds a run lasts before it is shown
PAUSE = 0.12  #: seconds between two pictures


class Live:
    """A context manager that shows an execution while its block runs.

    `recorded` is the list of the execution's events, which grows; `due` gives its pending timers (`Execution.due`); `clock` gives the
    time now in seconds since the epoch, None on a virtual clock, where the last event's time is now. `make_console` is called only if
    there is something to show.
    """

    def __init__(
        self,
        recorded: list[tuple[Any, ...]],
        make_console: Callable[[], Console],
        *,
        title: str = "",
        due: Callable[[], Mapping[str, float]] = dict,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._recorded = recorded
        self._make_console = make_console
        self._title = title
        self._due = due
        self._clock = clock
        self._ended = Event()
        self._thread = Thread(target=self._show, name="states-trace", daemon=True)

    def __enter__(self) -> Live:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _show(self) -> None:
        if self._ended.wait(DELAY):
            return
        from rich.live import Live as Display

        from states.views.trace import Trace

        story = Story()
        console = self._make_console()
        with Display(console=console, auto_refresh=False, transient=True, vertical_overflow="crop") as display:
            frame = 0
            while not self._ended.wait(PAUSE):
                frame += 1
                story.catch_up(self._recorded)
                if self._clock is not None and story.status == RUNNING:
                    story.now = self._clock()
                due = by_place(self._due())
                rows = max(3, console.height - 3)
                display.update(Trace(story, title=self._title, most_rows=rows, due=due, frame=frame), refresh=True)


_TIMER = re.compile(r"(#\d+)(?:(?:\.\d+)?/retry)?")


def by_place(due: Mapping[str, float]) -> dict[str, float]:
    """Until when visits wait, in a Wait or for their next attempt, by their place; timeouts and heartbeats end no wait.

    >>> by_place({"Nap#3": 5.0, "Charge#1.2/retry": 7.0, "Charge#1.2/timeout": 9.0, "timeout": 99.0})
    {'Nap#3': 5.0, 'Charge#1': 7.0}
    """
    found = {}
    for id, at in due.items():
        head, _, last = id.rpartition("#")
        timer = _TIMER.fullmatch(f"#{last}")
        if head and timer is not None:
            found[head + timer[1]] = at
    return found
