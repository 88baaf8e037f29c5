"""`states debug`: an execution gone through in the terminal, forwards and back, and its other futures. Keys on a terminal, or a script."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from states.command import files, histories, machines, mocks, output
from states.command.arguments import add_execution, add_machine
from states.command.ends import EXIT, Refused
from states.command.inputs import read_input

if TYPE_CHECKING:
    from states.debugging.debugger import Debugger
    from states.debugging.futures import World
    from states.machine import Machine

TEXT = """\
Goes through an execution place by place: into states, branches and filters, over them, and
back. Shows the data after every filter, the variables, and the lines of the definition; stops
at states, errors and conditions; changes a value and goes on from there as another future.

On a terminal, keys drive it (? lists them). With -c or --commands it is a script: what each
command shows goes to stdout. Time is virtual. No task is called before you go past it, and
none twice for going back.
"""

EXAMPLES = """\
examples:
  states debug machines/order --input order.json
  states debug order.asl.json --input order.json -c 'break ChargeCard; continue; show; back'
  states debug order.asl.json -c 'on error; continue; why; result {"paid": true}; continue'
  states debug order.asl.json --history history.json -c 'on error; continue; why'
  states debug order.asl.json --input order.json --commands steps.txt

"""

LARGEST_SCRIPT = 1 << 20  #: bytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states debug` takes."""
    add_machine(parser)
    given, _ = add_execution(parser)
    given.add_argument(
        "--history", metavar="FILE", help="instead: what `states run --history` or AWS wrote, or - for stdin; nothing is called"
    )
    script = parser.add_argument_group("what it does")
    script.add_argument(
        "-c", metavar="COMMANDS", dest="typed", action="append", default=[], help="commands with ; between them; repeatable"
    )
    script.add_argument("--commands", metavar="FILE|-", help="a file of commands, one a line; - for stdin")


def act(arguments: argparse.Namespace) -> int:
    """Debugs a run, by keys or by a script."""
    from states.debugging.debugger import Debugger
    from states.debugging.session import Session
    from states.definition.naming import name_as_given

    machine = machines.read_machine(arguments.machine, arguments.type, machines.substitutions(arguments))
    script = _script(arguments)
    if script is None and not (sys.stdin is not None and sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty()):
        raise Refused("debug: here is no terminal; give commands with -c COMMANDS, or --commands FILE (- for stdin)")
    title = name_as_given(arguments.machine, machine.source)
    with output.stdout_is_stderr():
        world, said = _world_of_history(arguments, machine) if arguments.history is not None else _world_of_run(arguments, machine, title)
        with machines.refusals(machine):
            session = Session(machine, world, title)
    debugger = Debugger(session, machine)
    return _keyed(debugger, said) if script is None else _scripted(debugger, script, said)


def _script(arguments: argparse.Namespace) -> list[str] | None:
    from states.debugging.commands import split

    if [arguments.commands, arguments.input, arguments.history].count("-") > 1:
        raise Refused("stdin can be only one of --input, --history and --commands")
    found: list[str] = [command for text in arguments.typed for command in split(text)]
    if arguments.commands is not None:
        given = arguments.commands
        content = files.stdin(LARGEST_SCRIPT + 1) if given == "-" else files.content(given, LARGEST_SCRIPT + 1)
        if len(content) > LARGEST_SCRIPT:
            raise Refused(f"--commands: {files.named(given)} is larger than 1 MiB")
        found += split(content.decode("utf-8-sig", "replace"))
    return found if arguments.typed or arguments.commands is not None else None


def _world_of_run(arguments: argparse.Namespace, machine: Machine, title: str) -> tuple[World, tuple[str, ...]]:
    """The run that the options of `states run` describe, to be made as often as there are futures."""
    from states.command.run import seed, start
    from states.command.tasks import read_tasks
    from states.debugging.futures import World
    from states.running import RunSettings, make_execution

    value, text = read_input(arguments.input)
    name = arguments.name if arguments.name is not None else "execution"
    settings = RunSettings(name=name, state_machine_name=title, seed=seed(arguments.seed), at=start(arguments))
    mocked = mocks.read_mocks(arguments, machine, title, True)
    tasks, _ = read_tasks(arguments.tasks, arguments.task, machine, mocked.tasks)
    return World(lambda setup: make_execution(machine, value, tasks, settings, text, setup)), ()


def _world_of_history(arguments: argparse.Namespace, machine: Machine) -> tuple[World, tuple[str, ...]]:
    """The world of a history, and what there is to say when the machine does not do what the history tells."""
    from states.command.run import seed
    from states.debugging.recorded import world_of
    from states.histories.documents import InvalidHistory
    from states.histories.recording import read_recording
    from states.histories.replayed import compare
    from states.running import check_runnable

    for option in ("input", "tasks", "task", "mock_config", "name", "at"):
        if getattr(arguments, option):
            raise Refused(f"--{option.replace('_', '-')} is for a run; --history has its own")
    name = files.named(arguments.history)
    with machines.refusals(machine):
        check_runnable(machine)
    try:
        recording = read_recording(histories.content(arguments.history), is_partial=True)
        found = compare(machine, recording, is_partial=True)
        world = world_of(machine, recording, seed(arguments.seed))
    except InvalidHistory as fault:
        raise Refused(f"{name}: no history to debug: {fault}") from None
    if found.same or found.difference is None:
        return world, ()
    return world, (f"the machine does not do what the history tells, from event {found.difference.event_id}: {found.difference.message}",)


# ---------------------------------------------------------------- a script


def _scripted(debugger: Debugger, script: list[str], said: tuple[str, ...]) -> int:
    """Each command and what it shows; the first that cannot be done ends it."""
    from states.debugging.commands import do
    from states.debugging.session import Wrong

    debugger.width = _columns()
    for text in said:
        _write(_clean(text))
    for line in script:
        _write(f"> {_clean(line)}")
        try:
            with output.stdout_is_stderr():
                reply = do(debugger, line)
        except Wrong as fault:
            raise Refused(str(fault)) from None
        for text in reply.lines:
            _write(text)
        if reply.quits:
            break
    return EXIT["SUCCEEDED"]


def _columns() -> int:
    columns = os.environ.get("COLUMNS", "")
    return max(40, int(columns)) if columns.isdecimal() and len(columns) < 6 else 110


def _write(text: str) -> None:
    from states.views.console import writable

    output.write(writable(f"{text}\n", output.encoding(output.stdout())))


def _clean(text: str) -> str:
    from states.views.words import clean

    return clean(text)


# ---------------------------------------------------------------- a terminal


def _keyed(debugger: Debugger, said: tuple[str, ...]) -> int:
    from states.command.keys import Ended, Keys
    from states.command.picture import Picture

    try:
        with Keys(sys.stdin, sys.stdout) as keys:
            return Picture(debugger, keys, sys.stdout, said).run()
    except Ended as ended:
        return 128 + ended.number
