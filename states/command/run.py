"""`states run`: reads machine, input and tasks, runs, shows."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

from states.command import histories, inspection, machines, mocks, output
from states.command.arguments import add_execution, add_machine
from states.command.ends import EXIT, Refused
from states.command.inputs import read_input

if TYPE_CHECKING:
    from states.interpreter.execution import Execution
    from states.interpreter.inspection import Inspector
    from states.machine import Machine

TEXT = """\
Runs a state machine to its end and writes its output as JSON to stdout, indented on a
terminal. The trace goes to stderr. Time is virtual: a wait of a year takes no time,
unless --real-time is given.

MACHINE is a definition, or a folder that holds machine.asl.json. Tasks are Python callables
`def handler(event, context)`, found by the name of the Lambda function, its ARN, or the
name of the state. Without --tasks, tasks.py beside the definition serves.
"""

EXAMPLES = """\
examples:
  states run machines/order --input '{"order": 7}'
  states run order.asl.json --input order.json --tasks handlers.py | jq .total
  states run order.asl.json --task charge=shop.payments:charge --seed 42
  states run order.asl.json --json | jq -r .status
  states run order.asl.json --mock-config MockConfigFile.json --test-case HappyPath
  states run poll.asl.json --real-time --history history.json
  states run machines/order --inspect ChargeCard

"""

LAST_YEAR = 253_370_764_800.0  #: the year 9999, in seconds since the epoch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states run` takes."""
    add_machine(parser)
    _, how = add_execution(parser)
    how.add_argument("--real-time", action="store_true", help="wait for real; callables run in threads")
    shown = parser.add_argument_group("what it shows")
    shown.add_argument("--history", metavar="FILE", help="write the history as AWS's JSON; replaces nothing but an older history")
    shown.add_argument(
        "--inspect", metavar="STATE", action="append", default=[], help="what every filter of a state made of its data; '*' all; repeatable"
    )
    what = shown.add_mutually_exclusive_group()
    what.add_argument("-q", "--quiet", action="store_true", help="no trace; a failure is one line")
    what.add_argument("--json", action="store_true", help="no trace; stdout is what DescribeExecution says")
    what.add_argument("--no-trace", dest="trace", action="store_false", help="only what went wrong, not the way there")
    what.add_argument("--values", action="store_true", help="with the trace: inputs, what tasks were given, variables, outputs")


def act(arguments: argparse.Namespace) -> int:
    """Runs the machine; the exit status is that of the execution."""
    from states.command.tasks import read_tasks
    from states.definition.naming import name_as_given
    from states.running import RunSettings, make_execution

    machine = machines.read_machine(arguments.machine, arguments.type, machines.substitutions(arguments))
    value, text = read_input(arguments.input)
    target = histories.target(arguments.history)
    name = name_as_given(arguments.machine, machine.source)
    settings = RunSettings(
        name=arguments.name if arguments.name is not None else "execution",
        state_machine_name=name,
        seed=seed(arguments.seed),
        at=start(arguments),
    )
    inspector = inspection.inspector(arguments, machine)
    clock = "real time" if arguments.real_time else "virtual time"
    shows = not (arguments.quiet or arguments.json or output.goes_nowhere(sys.stderr))
    mocked = mocks.read_mocks(arguments, machine, name, shows)
    with output.stdout_is_stderr():
        tasks, tasks_from = read_tasks(arguments.tasks, arguments.task, machine, mocked.tasks)
        with machines.refusals(machine):
            execution, served, at = make_execution(machine, value, tasks, settings, text, inspection.setup(inspector))
        with mocked.running():
            _drive(execution, served, at, arguments.real_time, name if shows else None)
    if target is not None:
        histories.save(target, execution)
    if shows:
        facts = [machine.type, clock, *mocked.facts, *([f"tasks from {tasks_from}"] if tasks_from else [])]
        _show(execution, machine, name, facts, arguments, inspector)
    elif execution.status not in ("SUCCEEDED", "RUNNING") and not arguments.json:
        output.say(f"states: {histories.in_a_line(execution)}")
    mocked.check()
    if arguments.json:
        told = histories.description(execution, text)
        output.write_json(told if inspector is None else {**told, "inspectionData": inspector.attempts})
    elif execution.status == "SUCCEEDED":
        output.write_json(execution.output)
    return EXIT[execution.status]


def seed(given: str) -> int | str:
    """A whole number is one, anything else is a text."""
    return int(given) if given.removeprefix("-").isdecimal() and len(given) < 1000 else given


def start(arguments: argparse.Namespace) -> float:
    """When the execution starts on the virtual clock."""
    if arguments.at is None:
        from states.drivers.virtual import EPOCH

        return EPOCH
    if getattr(arguments, "real_time", False):
        raise Refused("--at is for virtual time; with --real-time an execution starts now")
    from states.language import timestamps

    try:
        at = timestamps.parse(arguments.at)
    except ValueError as fault:
        raise Refused(f"--at: {fault}") from None
    if at >= LAST_YEAR:
        raise Refused("--at: expected a time before the year 9999: an execution may last a year, and no timestamp goes further")
    return at


def _drive(execution: Execution, tasks: Any, at: float, is_real: bool, title: str | None) -> None:
    """Runs the execution to its end, on a terminal with a live trace. Ctrl-C stops it as StopExecution would."""
    if is_real:
        from states.drivers.realtime import RealTime

        with RealTime() as driver:
            started = driver.start_execution(execution, tasks)
            try:
                with _live(execution, title, is_real):
                    started.result()
            except KeyboardInterrupt:
                started.stop()
        return
    from states.drivers.virtual import Virtual

    virtual = Virtual(execution, tasks, at=at)
    try:
        with _live(execution, title, is_real):
            virtual.run()
    except KeyboardInterrupt:
        virtual.stop()


def _live(execution: Execution, title: str | None, is_real: bool) -> contextlib.AbstractContextManager[Any]:
    if title is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return contextlib.nullcontext()
    from time import time

    from states.views.live import Live

    stderr = sys.stderr
    clock = time if is_real else None
    return Live(execution.history.recorded, lambda: output.console(stderr), title=title, due=execution.due, clock=clock)


def _show(
    execution: Execution, machine: Machine, title: str, facts: list[str], shown: argparse.Namespace, inspector: Inspector | None
) -> None:
    """The trace, and what went wrong, to stderr."""
    from states.views.children import children as read_children
    from states.views.story import read
    from states.views.trace import Trace

    story = read(execution.history.recorded)
    with output.stderr_may_close():
        console = output.console(sys.stderr)
        children = read_children(execution)
        if shown.trace:
            seen = inspection.view(inspector, machine)
            console.print(Trace(story, title=title, facts=facts, children=children, with_values=shown.values, inspected=seen), end="")
        if execution.status not in ("SUCCEEDED", "RUNNING"):
            from pathlib import Path

            from states.findings.shown import Shown
            from states.findings.why import why

            console.print(Shown(why(execution, machine), brief=True, here=f"{Path.cwd()}/"), end="")
