"""This project through its public API: compiled once, virtual time; W10 with threads and the clock."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from measure import Peer, main


def identity(event: Any, context: Any) -> Any:  # noqa: ARG001
    return event


class States(Peer):
    exact_history = True

    def __init__(self, workload: dict[str, Any]) -> None:
        super().__init__(workload)
        import states

        self.states = states
        self.version = version("states")
        self.machine = states.loads(json.dumps(workload["definition"]))

    def run(self) -> Any:
        self.last = self.states.run(self.machine, json.loads(self.input_text), tasks={"identity": identity})
        return self.output(self.last)

    def run_together(self, runs: int) -> list[Any]:
        with self.states.RealTime() as scheduler:
            started = [scheduler.start(self.machine, json.loads(self.input_text)) for _ in range(runs)]
            return [self.output(handle.result()) for handle in started]

    def output(self, execution: Any) -> Any:
        if execution.status != "SUCCEEDED":
            raise RuntimeError(f"{execution.status}: {execution.error} {execution.cause}")
        return execution.output

    def history(self) -> int:
        return len(list(self.last.history))


if __name__ == "__main__":
    main(States)
