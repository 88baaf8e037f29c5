"""What every Python adapter does: set its peer up, run a workload, measure that, print one JSON line.

    adapter WORKLOAD_JSON [RUNS]  ->  {"ok": true, "wall_s": 0.01, "cpu_s": 0.01, "transitions": 1000, "peak_mb": 20.1, ...}

Wall and CPU seconds are the executions' alone: compiling the definition comes before (`setup_s`), reading the history after (`history_s`).
An adapter never fails as a process: what went wrong is the `note` of a line with "ok": false; "absent": true means not installed.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Peer:
    """One engine with one machine in it. `run` is one execution from input to output."""

    version = ""
    exact_history = False  # its history has the events AWS records, no more and no fewer: then their number is checked

    def __init__(self, workload: dict[str, Any]) -> None:
        self.input = workload["input"]
        self.input_text = json.dumps(workload["input"])

    def run(self) -> Any:
        raise NotImplementedError

    def run_together(self, runs: int) -> list[Any]:
        """All executions at once; here with a thread for each."""
        outputs: list[Any] = [None] * runs

        def one(i: int) -> None:
            outputs[i] = self.run()

        threads = [threading.Thread(target=one, args=(i,)) for i in range(runs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outputs

    def history(self) -> int | None:
        """Read the whole history of the last execution as AWS's JSON objects; how many events it has. None: the peer keeps none."""
        return None


def peak_mb() -> float:
    """The largest resident size of this process in MB."""
    try:  # ru_maxrss begins with the size of the parent at the fork, VmHWM does not
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(make: Callable[[dict[str, Any]], Peer], workload: dict[str, Any], runs: int) -> dict[str, Any]:
    begin = time.perf_counter()
    peer = make(workload)
    setup_s = time.perf_counter() - begin
    gc.collect()  # the garbage of the set-up is not the run's
    wall, cpu = time.perf_counter(), time.process_time()
    outputs = peer.run_together(runs) if workload["kind"] == "together" else [peer.run() for _ in range(runs)]
    wall_s, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    result = {
        "version": peer.version,
        "setup_s": setup_s,
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "runs": runs,
        "transitions": runs * workload["transitions"],
        "peak_mb": peak_mb(),
    }
    begin = time.perf_counter()
    events = peer.history() if workload["kind"] == "sequence" else None
    if events is not None:
        result |= {"events": events, "history_s": time.perf_counter() - begin}
    note = wrong_output(outputs, workload["expected"]) or wrong_history(events if peer.exact_history else None, workload["events"])
    return {"ok": not note, "note": note, **result}


def wrong_output(outputs: list[Any], expected: Any) -> str:
    wrong = [output for output in outputs if output != expected]
    return f"wrong output: {json.dumps(wrong[0])[:200]}" if wrong else ""


def wrong_history(events: int | None, expected: int) -> str:
    return f"{events} events where AWS records {expected}" if events not in (None, expected) else ""


def main(make: Callable[[dict[str, Any]], Peer]) -> None:
    workload = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else workload["runs"]
    try:
        result = measure(make, workload, runs)
    except ModuleNotFoundError as error:
        result = {"ok": False, "absent": True, "note": str(error)}
    except Exception as error:
        result = {"ok": False, "note": f"{type(error).__name__}: {str(error)[:300]}"}
    print(json.dumps(result), flush=True)
    os._exit(0)  # a peer may leave threads behind
