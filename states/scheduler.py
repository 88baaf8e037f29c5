"""Many executions in real time, from the library: `RealTime` with a `start` that takes what `run` takes.

One scheduler drives them all; see `drivers.realtime` for how.
"""

from __future__ import annotations

import os
from typing import Any

from states.drivers import realtime
from states.drivers.realtime import Run
from states.machine import Machine
from states.running import RunSettings, prepared


class RealTime(realtime.RealTime):
    """Runs executions on the real clock, thousands at once.

    `max_workers` bounds the threads for callables, `observer` is called with an execution after each of its steps.

    >>> from states import RealTime
    >>> with RealTime() as scheduler:
    ...     runs = [scheduler.start({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, n) for n in range(3)]
    ...     [run.result().output for run in runs]
    [0, 1, 2]
    """

    def start(
        self,
        machine: Machine | str | os.PathLike[str] | dict[str, Any],
        input: Any = None,
        tasks: Any = None,
        settings: RunSettings | None = None,
        **options: Any,
    ) -> Run:
        """Starts an execution now; the arguments are those of `states.start`. Its `result()` waits for the end."""
        execution, served, _ = prepared(machine, input, tasks, settings, options)
        return self.start_execution(execution, served)
