"""The `states` command: arguments, then read, call, show. `states --help` has the manual.

Each subcommand imports what it needs inside its function, because the start of the process counts: rich only where something is drawn,
the real-time driver only when asked for, a user's modules only when a state needs them. The output of a run goes to stdout and nothing
else does; whatever a callable prints goes to stderr, as a Lambda function's goes to its log.

Exit status: 0 succeeded; 1 failed (of `validate`: errors were found); 2 wrong use, or an invalid definition, input, tasks or history;
124 timed out; 130 stopped, as by Ctrl-C.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

    from states.definition.diagnostics import Diagnostic
    from states.interpreter.execution import Execution
    from states.machine import Machine
    from states.views.visits import Chain

Json = Any

EXIT = {"SUCCEEDED": 0, "FAILED": 1, "TIMED_OUT": 124, "ABORTED": 130}
WRONG = 2
MACHINE_FILE = "machine.asl.json"
TASKS_FILE = "tasks.py"
MAX_INPUT = 262_144


class Refused(Exception):
    """What the user gave cannot be used; the text says what was found, where, and what was expected."""


# ---------------------------------------------------------------- arguments

DESCRIPTION = "Run, test and understand AWS Step Functions state machines outside AWS, exactly as AWS does."

EXIT_STATUS = """\
exit status:
  0    succeeded
  1    failed; of validate: errors were found
  2    wrong use, or an invalid definition, input, tasks or history
  124  timed out
  130  stopped, as by Ctrl-C
"""

RUN = """\
Runs a state machine to its end and writes its output as JSON to stdout, indented on a
terminal. The trace goes to stderr. Time is virtual: a wait of a year takes no time,
unless --real-time is given.

MACHINE is a definition, or a folder that holds machine.asl.json. Tasks are Python callables
`def handler(event, context)`, found by the name of the Lambda function, its ARN, or the
name of the state. Without --tasks, tasks.py beside the definition serves.
"""

RUN_EXAMPLES = """\
examples:
  states run machines/order --input '{"order": 7}'
  states run order.asl.json --input order.json --tasks handlers.py | jq .total
  states run order.asl.json --task charge=shop.payments:charge --seed 42
  states run order.asl.json --json | jq -r .status
  states run poll.asl.json --real-time --history history.json

"""

TRACE = """\
Shows the way a saved history took: one that `states run --history` wrote, or that
`aws stepfunctions get-execution-history` printed.
"""

TRACE_EXAMPLES = """\
examples:
  states trace history.json
  states trace history.json --machine order.asl.json
  aws stepfunctions get-execution-history --execution-arn "$ARN" | states trace -

"""

GRAPH = "Draws a state machine: as a tree, as a Mermaid state diagram, or in Graphviz's DOT."

GRAPH_EXAMPLES = """\
examples:
  states graph machines/order
  states graph order.asl.json --format mermaid > order.mmd
  states graph order.asl.json --format dot | dot -Tsvg > order.svg

"""

VALIDATE = "Checks definitions and shows every fault with its place, AWS's code and the line it is in."

VALIDATE_EXAMPLES = """\
examples:
  states validate order.asl.json
  states validate machines/*
  states validate --type EXPRESS quick.asl.json

"""


class _Form(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, 96 columns at most; argparse's own way to find the width imports shutil on every start."""

    def __init__(self, prog: str) -> None:
        columns = os.environ.get("COLUMNS", "")
        super().__init__(prog, width=min(int(columns) if columns.isdecimal() else _terminal_columns(), 96) - 2)


def _terminal_columns() -> int:
    try:
        return os.get_terminal_size().columns or 80
    except (OSError, ValueError):
        return 80


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        raise Refused(f"{message}\ntry: {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    examples = "examples:\n  states run machines/order\n  states graph machines/order\n  states trace history.json\n\n"
    parser = _Parser("states", description=DESCRIPTION, epilog=examples + EXIT_STATUS, formatter_class=_Form)
    parser.add_argument("--version", action="store_true", help="show the version and leave")
    commands = parser.add_subparsers(prog="states", metavar="COMMAND", dest="command")

    def command(name: str, act: Callable[[argparse.Namespace], int], help: str, text: str, epilog: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=text, epilog=epilog + EXIT_STATUS, formatter_class=_Form)
        made.set_defaults(act=act)
        return made

    _add_run(command("run", run, "run a machine", RUN, RUN_EXAMPLES))
    shown = command("trace", trace, "show a saved history", TRACE, TRACE_EXAMPLES)
    shown.add_argument("file", metavar="FILE", help="a history; - for stdin")
    shown.add_argument("--machine", metavar="MACHINE", help="its definition, to show lines, retriers and catchers of what failed")
    drawn = command("graph", graph, "draw a machine", GRAPH, GRAPH_EXAMPLES)
    drawn.add_argument("machine", metavar="MACHINE", help="a definition, or a folder that holds machine.asl.json")
    drawn.add_argument("--format", choices=["tree", "mermaid", "dot"], default="tree", help="default: tree")
    checked = command("validate", validate, "check definitions", VALIDATE, VALIDATE_EXAMPLES)
    checked.add_argument("machines", metavar="MACHINE", nargs="+", help="a definition, or a folder that holds machine.asl.json")
    _add_type(checked)
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("machine", metavar="MACHINE", help="a definition, or a folder that holds machine.asl.json")
    given = parser.add_argument_group("what it is given")
    given.add_argument("-i", "--input", metavar="FILE|JSON|-", help="a file, JSON, or - for stdin; default {}")
    given.add_argument("--tasks", metavar="FILE|MODULE", action="append", default=[], help="a Python file or a module; repeatable")
    given.add_argument("--task", metavar="NAME=MODULE:FUNCTION", action="append", default=[], help="one callable by name; repeatable")
    how = parser.add_argument_group("how it runs")
    how.add_argument("--name", metavar="NAME", help="name of the execution")
    _add_type(how)
    how.add_argument("--seed", metavar="N", default="0", help="decides jitter, UUIDs and all else that is random; default 0")
    how.add_argument("--at", metavar="TIME", help="when it starts, such as 2026-01-31T12:00:00Z; default 2026-01-01T00:00:00Z")
    how.add_argument("--real-time", action="store_true", help="wait for real; callables run in threads")
    shown = parser.add_argument_group("what it shows")
    shown.add_argument("--history", metavar="FILE", help="write the history as AWS's JSON; replaces nothing but an older history")
    output = shown.add_mutually_exclusive_group()
    output.add_argument("-q", "--quiet", action="store_true", help="no trace; a failure is one line")
    output.add_argument("--json", action="store_true", help="no trace; stdout is what DescribeExecution says")
    output.add_argument("--no-trace", dest="trace", action="store_false", help="only what went wrong, not the way there")


def _add_type(parser: Any) -> None:
    parser.add_argument("--type", choices=["STANDARD", "EXPRESS"], type=str.upper, default="STANDARD", help="default: STANDARD")


def main(argv: list[str] | None = None) -> int:
    """Runs the command and gives its exit status; never a traceback for what the user did."""
    try:
        code = _command(argv)
    except Refused as refusal:
        _say(f"states: {refusal}")
        code = WRONG
    except KeyboardInterrupt:
        code = EXIT["ABORTED"]
    except SystemExit as over:  # a callable's, where no driver makes a failure of it
        _say(f"states: a task ended the process with sys.exit({over.code!r})")
        code = EXIT["FAILED"]
    except BrokenPipeError:
        _let_go(sys.stdout)
        code = 0
    except OSError as fault:
        _let_go(sys.stdout)
        _say(f"states: {fault.strerror or fault}")
        code = WRONG
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            _let_go(stream)
        except OSError as fault:
            _let_go(stream)
            _say(f"states: cannot write the output: {fault.strerror}")
            code = code or WRONG
    return code


def _command(argv: list[str] | None) -> int:
    parser = _parser()
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as over:  # --help
        return over.code if isinstance(over.code, int) else 0
    if arguments.version:
        from importlib.metadata import version

        _write(f"states {version('states')}\n")
        return 0
    if arguments.command is None:
        parser.print_help(sys.stderr)
        return WRONG
    act: Callable[[argparse.Namespace], int] = arguments.act
    return act(arguments)


# ---------------------------------------------------------------- states run


def run(arguments: argparse.Namespace) -> int:
    """`states run`: reads machine, input and tasks, runs, shows."""
    from states.running import RunSettings, make_execution

    machine = read_machine(arguments.machine, arguments.type)
    value, text = read_input(arguments.input)
    target = history_target(arguments.history)
    name = machine_name(machine.source)
    settings = RunSettings(
        name=arguments.name if arguments.name is not None else "execution",
        state_machine_name=name,
        seed=int(arguments.seed) if arguments.seed.lstrip("-").isdecimal() else arguments.seed,
        at=_start(arguments),
    )
    clock = "real time" if arguments.real_time else "virtual time"
    with _stdout_is_stderr():
        tasks, tasks_from = read_tasks(arguments, machine)
        with _refusals(machine):
            execution, served, at = make_execution(machine, value, tasks, settings, text)
        shows = not (arguments.quiet or arguments.json or _goes_nowhere(sys.stderr))
        _drive(execution, served, at, arguments.real_time, machine, name if shows else None)
    if target is not None:
        _save(target, execution)
    if shows:
        facts = [machine.type, clock, *([f"tasks from {tasks_from}"] if tasks_from else [])]
        _show_run(execution, machine, name, facts, arguments.trace)
    elif execution.status != "SUCCEEDED" and not arguments.json:
        _say(f"states: {_in_a_line(execution)}")
    if arguments.json:
        _write_json(description(execution, text))
    elif execution.status == "SUCCEEDED":
        _write_json(execution.output)
    return EXIT[execution.status]


def _start(arguments: argparse.Namespace) -> float:
    """When the execution starts on the virtual clock."""
    if arguments.at is None:
        from states.drivers.virtual import EPOCH

        return EPOCH
    if arguments.real_time:
        raise Refused("--at is for virtual time; with --real-time an execution starts now")
    from states.language import timestamps

    try:
        return timestamps.parse(arguments.at)
    except ValueError as fault:
        raise Refused(f"--at: {fault}") from None


def _drive(execution: Execution, tasks: Any, at: float, is_real: bool, machine: Machine, title: str | None) -> None:
    """Runs the execution to its end, on a terminal with a live trace. Ctrl-C stops it as StopExecution would."""
    if is_real:
        from states.drivers.realtime import RealTime

        with RealTime() as driver:
            started = driver.start_execution(execution, tasks)
            try:
                with _live(execution, machine, title, is_real):
                    started.result()
            except KeyboardInterrupt:
                started.stop()
        return
    from states.drivers.virtual import Virtual

    virtual = Virtual(execution, tasks, at=at)
    try:
        with _live(execution, machine, title, is_real):
            virtual.run()
    except KeyboardInterrupt:
        virtual.stop()


def _live(execution: Execution, machine: Machine, title: str | None, is_real: bool) -> contextlib.AbstractContextManager[Any]:
    if title is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return contextlib.nullcontext()
    from time import time

    from states.views.live import Live

    stderr = sys.stderr
    return Live(execution.history.recorded, machine, lambda: _console(stderr), title=title, clock=time if is_real else None)


def _show_run(execution: Execution, machine: Machine, title: str, facts: list[str], with_trace: bool) -> None:
    from states.views.story import read
    from states.views.trace import Trace

    story = read(execution.history.recorded)
    with _stderr_may_close():
        console = _console(sys.stderr)
        children = _children(execution)
        if with_trace:
            console.print(Trace(story, title=title, facts=facts, children=children), end="")
        if execution.status != "SUCCEEDED":
            from states.views.failure import Failure

            console.print(Failure(story, machine, children), end="")


def _children(execution: Execution) -> dict[str, list[Chain]]:
    """The child executions of distributed Maps, by the ARN of the map run; of many only some with their states."""
    from states.views import visits
    from states.views.story import read

    found: dict[str, list[Chain]] = {}
    for map_run in execution.map_runs:
        chains = found[map_run.arn] = []
        told = failed = 0
        for child in getattr(map_run, "executions", ()):
            chain = visits.Chain(visits.EXECUTION, child.index, status=child.status, started=child.started_at)
            chain.error, chain.cause = child.error, child.cause
            chain.ended = child.stopped_at if child.status != "RUNNING" else None
            told, failed = told + 1, failed + (child.status in ("FAILED", "TIMED_OUT"))
            if told <= 5 or (chain.error is not None and failed <= 3):
                chain.visits = read(child.history.recorded).chain.visits
            chains.append(chain)
    return found


def _in_a_line(execution: Execution) -> str:
    """`FAILED in Charge: PaymentDeclined: card declined`."""
    from states.views import words
    from states.views.story import read

    culprit = read(execution.history.recorded).culprit
    place = f" in {words.clean(culprit.name)}" if culprit is not None else ""
    told = f": {words.failure_text(execution.error, execution.cause)}" if execution.error or execution.cause else ""
    return f"{execution.status}{place}{told}"


def description(execution: Execution, input_text: str | None) -> dict[str, Json]:
    """What DescribeExecution says of it; `input` and `output` are JSON texts, as there."""
    from states.history import timestamp

    names, text = execution.names, execution.history.text
    told: dict[str, Json] = {
        "executionArn": names.execution_arn,
        "stateMachineArn": names.state_machine_arn,
        "name": names.execution_name,
        "status": execution.status,
        "startDate": timestamp(execution.started_at).isoformat(),
        "stopDate": timestamp(execution.stopped_at).isoformat(),
        "input": input_text if input_text is not None else text(execution.input),
        "inputDetails": {"included": True},
    }
    if execution.status == "SUCCEEDED":
        told |= {"output": text(execution.output), "outputDetails": {"included": True}}
    told |= {key: value for key, value in (("error", execution.error), ("cause", execution.cause)) if value is not None}
    return told


# ---------------------------------------------------------------- the other commands


def trace(arguments: argparse.Namespace) -> int:
    """`states trace`: a saved history as the way it took."""
    from states.views import saved
    from states.views.failure import Failure
    from states.views.story import read
    from states.views.trace import Trace

    machine = read_machine(arguments.machine, "STANDARD") if arguments.machine is not None else None
    content = _stdin() if arguments.file == "-" else _file(arguments.file)
    try:
        events = saved.read_history(content)
    except saved.InvalidHistory as fault:
        raise Refused(f"{_named(arguments.file)}: no history: {fault}") from None
    story = read(events)
    console = _console(_stdout())
    console.print(Trace(story, title=_named(arguments.file), facts=_started(story.started)))
    console.print(Failure(story, machine), end="")
    return 0


def _started(at: float) -> list[str]:
    from states.views import words

    return [f"started {words.moment(at)} UTC"]


def graph(arguments: argparse.Namespace) -> int:
    """`states graph`: a picture of the machine."""
    machine = read_machine(arguments.machine, "STANDARD")
    from states.views import diagram

    name = machine_name(machine.source)
    if arguments.format == "tree":
        _console(_stdout()).print(diagram.tree(machine, name))
    else:
        text = diagram.mermaid(machine) if arguments.format == "mermaid" else diagram.dot(machine, name)
        _write(text.encode(_encoding(_stdout()), "backslashreplace").decode(_encoding(_stdout())))
    return 0


def validate(arguments: argparse.Namespace) -> int:
    """`states validate`: every fault of every definition."""
    from states import definition
    from states.definition.diagnostics import errors
    from states.views.diagnostics import Diagnostics, summary

    console = _console(_stdout())
    are_valid = True
    for given in arguments.machines:
        path, content = _definition(given)
        found = definition.validate(content, type=arguments.type, source=path)
        are_valid = are_valid and not errors(found)
        console.print(Diagnostics(found, _texts(path, content)), end="")
        console.print(f"{path}: {summary(found)}", style="red" if errors(found) else "green", soft_wrap=True)
    return 0 if are_valid else 1


# ---------------------------------------------------------------- what the user names: the machine


def read_machine(given: str, type: str) -> Machine:
    """The machine of a file, or of a folder with machine.asl.json; its faults are shown, then Refused."""
    from states import definition

    path, content = _definition(given)
    try:
        return definition.loads(content, type=type, source=path)
    except definition.InvalidDefinition as invalid:
        raise _invalid(invalid.diagnostics, path, content) from None


def _definition(given: str) -> tuple[str, bytes]:
    from states.definition.source import MAX_BYTES

    path = Path(given)
    if path.is_dir():
        if not (path / MACHINE_FILE).is_file():
            inside = sorted(str(found.parent) for found in path.glob(f"*/{MACHINE_FILE}"))[:5]
            raise Refused(f"{given}: a folder without {MACHINE_FILE}" + (f"; there is {', '.join(inside)}" if inside else ""))
        path /= MACHINE_FILE
    content = _file(str(path), MAX_BYTES + 1)
    if not content.strip():
        raise Refused(f"{path}: empty; expected a state machine in JSON")
    return str(path), content


def _invalid(found: list[Diagnostic], path: str, content: bytes) -> Refused:
    """Shows the diagnostics and gives the line that follows them."""
    from states.views.diagnostics import Diagnostics, summary

    if not _goes_nowhere(sys.stderr):
        with _stderr_may_close():
            _console(sys.stderr).print(Diagnostics(found, _texts(path, content)), end="")
    return Refused(f"{path}: {summary(found)}")


def _texts(path: str, content: bytes) -> dict[str, str]:
    return {path: content.decode("utf-8-sig", "replace")}


def machine_name(path: str) -> str:
    """A name for the state machine: of the file, or of its folder when the file is called machine.asl.json.

    >>> [machine_name(path) for path in ("machines/order/machine.asl.json", "order.asl.json", "<string>")]
    ['order', 'order', 'StateMachine']
    """
    file = Path(path)
    stem = file.name.partition(".")[0]
    if file.name == MACHINE_FILE:
        stem = file.absolute().parent.name or stem
    name = "".join(c for c in stem if c.isascii() and (c.isalnum() or c in "-_"))[:80]
    return name or "StateMachine"


# ---------------------------------------------------------------- what the user names: the input


def read_input(given: str | None) -> tuple[Json, str | None]:
    """The input and its text: of a file, of stdin (`-`), or JSON itself; `{}` when nothing is given."""
    if given is None:
        return {}, None
    name = "the input"
    if given == "-":
        name, content = "stdin", _stdin(MAX_INPUT + 1)
    elif _is_file(given):
        name, content = given, _file(given, MAX_INPUT + 1)
    else:
        content = given.encode("utf-8", "surrogateescape")
        if given.strip() and not given.lstrip().startswith(("{", "[", '"')) and _is_no_json(given):
            raise Refused(f"--input: {_clipped(given)} is neither a file nor JSON")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as fault:
        raise Refused(f"{name} is not UTF-8: byte 0x{content[fault.start]:02x} at offset {fault.start}") from None
    if len(content) > MAX_INPUT and len(text.encode()) > MAX_INPUT:
        raise Refused(f"{name} is larger than 262,144 bytes (256 KiB), the limit of an execution's input")
    if not text:
        raise Refused(f"{name} is empty; expected JSON")
    try:
        return json.loads(text, parse_constant=_no_constant), text
    except RecursionError:
        raise Refused(f"{name} is nested too deeply") from None
    except json.JSONDecodeError as fault:
        raise Refused(f"{name} is not JSON: {fault.msg} at line {fault.lineno}, column {fault.colno}\n{_excerpt(fault)}") from None
    except ValueError as fault:
        raise Refused(f"{name} is not JSON: {fault}") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _is_no_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return True
    return False


def _excerpt(fault: json.JSONDecodeError) -> str:
    """The text around the fault, and a caret below it."""
    line = fault.doc.split("\n")[fault.lineno - 1]
    start = max(0, fault.colno - 40)
    shown = "".join(c if c.isprintable() else " " for c in line[start : start + 70])
    return f"  {shown}\n  {' ' * (fault.colno - 1 - start)}^"


# ---------------------------------------------------------------- what the user names: the tasks


def read_tasks(arguments: argparse.Namespace, machine: Machine) -> tuple[Any, str]:
    """The callables, and the file they came from when nobody named it."""
    from states.tasks.resources import Tasks

    given: list[Any] = [_module(each) for each in arguments.tasks]
    given += [_single(each) for each in arguments.task]
    beside = Path(machine.source).with_name(TASKS_FILE)
    used = ""
    if not arguments.tasks and Tasks(given).unserved(machine) and beside.is_file():
        used = str(beside)
        given.insert(0, _module(used))
    try:
        tasks = Tasks(given)
    except TypeError as fault:
        raise Refused(str(fault)) from None
    missing = tasks.unserved(machine)
    if missing:
        raise Refused(_not_served(machine, missing))
    return tasks, used


def _not_served(machine: Machine, missing: list[tuple[Any, str]]) -> str:
    """Each Task that nobody serves, with its place and the names that would serve it."""
    from states.views.lookup import position

    lines = [f"{machine.source}: {len(missing)} of its tasks {'is' if len(missing) == 1 else 'are'} served by nobody"]
    for state, names in missing[:10]:
        found = position(machine, state.location)
        place = f":{found[0]}:{found[1]}" if found is not None else ""
        lines.append(f'  {machine.source}{place}  {state.location}  "{state.resource}" needs a callable named {names}')
    if len(missing) > 10:
        lines.append(f"  and {len(missing) - 10} more")
    return "\n".join([*lines, "give a Python file with --tasks FILE.py, or one callable with --task NAME=MODULE:FUNCTION"])


def _single(given: str) -> dict[str, Any]:
    """`NAME=package.module:function` as a callable by its name."""
    name, equals, rest = given.partition("=")
    module_name, colon, attribute = rest.rpartition(":")
    if not (name and equals and module_name and colon and attribute):
        raise Refused(f"--task {_clipped(given)}: expected NAME=MODULE:FUNCTION, such as charge=shop.payments:charge")
    found: Any = _module(module_name)
    for part in attribute.split("."):
        if not hasattr(found, part):
            has = ", ".join(key for key, value in vars(found).items() if callable(value) and not key.startswith("_"))[:200]
            raise Refused(f"--task {given}: {module_name} has no {part!r}" + (f"; it has {has}" if has else ""))
        found = getattr(found, part)
    if not callable(found):
        raise Refused(f"--task {given}: expected a callable, found {type(found).__name__}")
    return {name: found}


def _module(given: str) -> Any:
    """The module of a Python file or of a dotted name; what goes wrong in it is told with the lines of the user's own code."""
    try:
        return _of_file(given) if given.endswith(".py") or "/" in given else _of_name(given)
    except Refused:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        raise Refused(f"{given} does not import\n{_own_traceback(fault)}") from None


def _of_name(name: str) -> Any:
    from importlib import import_module

    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)
    return import_module(name)


def _of_file(given: str) -> Any:
    from types import ModuleType

    path = Path(given)
    if path.is_dir():
        path /= TASKS_FILE
    content = _file(str(path))
    name = path.stem if path.stem not in sys.modules else f"states_tasks_{len(sys.modules)}"
    module = ModuleType(name)
    module.__file__ = str(path.absolute())
    code = compile(content, str(path.absolute()), "exec", dont_inherit=True)
    folder = str(path.absolute().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    sys.modules[name] = module
    exec(code, vars(module))
    return module


def _own_traceback(fault: BaseException) -> str:
    """The exception with the frames of the user's code, without those of this package and of the import system."""
    import traceback

    ours = str(Path(__file__).parent)
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if not frame.filename.startswith((ours, "<frozen importlib"))]
    frames = [frame for frame in frames if not frame.filename.endswith("/importlib/__init__.py")]
    lines = [*traceback.format_list(frames), *traceback.format_exception_only(fault)]
    return "".join(lines).rstrip().replace(f"{Path.cwd()}/", "")


@contextlib.contextmanager
def _refusals(machine: Machine) -> Iterator[None]:
    """What StartExecution refuses, as lines."""
    from states.definition import InvalidDefinition
    from states.running import InvalidExecutionInput, InvalidName

    try:
        yield
    except InvalidDefinition as invalid:
        raise _invalid(invalid.diagnostics, machine.source, machine.text.encode()) from None
    except (InvalidExecutionInput, InvalidName) as fault:
        raise Refused(str(fault)) from None


# ---------------------------------------------------------------- what the user names: the history


def history_target(given: str | None) -> Path | None:
    """Where to write the history: a new file, an empty one, or one that holds a history; Refused for anything else."""
    if given is None:
        return None
    path = Path(given)
    if path.is_dir():
        raise Refused(f"--history {given}: a folder; expected the name of a file")
    if not path.absolute().parent.is_dir():
        raise Refused(f"--history {given}: there is no folder {path.parent}")
    if path.is_file() and path.stat().st_size:
        from states.views import saved

        try:
            saved.read_history(_file(given))
        except saved.InvalidHistory:
            raise Refused(f"--history {given}: holds something that is no history; it is not overwritten") from None
    return path


def _save(path: Path, execution: Execution) -> None:
    try:
        path.write_text(execution.history.to_json(indent=2) + "\n", encoding="utf-8", errors="surrogatepass")
    except OSError as fault:
        raise Refused(f"--history {path}: {fault.strerror}") from None


# ---------------------------------------------------------------- files and streams


def _file(name: str, most: int = -1) -> bytes:
    """The content of a file, so many bytes at most."""
    try:
        with open(name, "rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise Refused(f"{name}: no such file") from None
    except IsADirectoryError:
        raise Refused(f"{name}: a folder; expected a file") from None
    except OSError as fault:
        raise Refused(f"{name}: {fault.strerror or fault}") from None
    except ValueError:
        raise Refused(f"{_clipped(name)}: no name of a file") from None


def _is_file(name: str) -> bool:
    try:
        return bool(name.strip()) and Path(name).exists()
    except (OSError, ValueError):
        return False


def _stdin(most: int = -1) -> bytes:
    if sys.stdin is None:
        raise Refused("stdin is closed")
    buffer = getattr(sys.stdin, "buffer", None)
    return buffer.read(most) if buffer is not None else sys.stdin.read(most).encode()


def _stdout() -> IO[str]:
    """Stdout, or nowhere when it is closed."""
    return sys.stdout if sys.stdout is not None else open(os.devnull, "w")


def _console(file: IO[str]) -> Console:
    from states.views.console import console

    return console(file)


def _write_json(value: Json) -> None:
    """JSON and a line end, indented on a terminal."""
    stdout = _stdout()
    indent = 2 if stdout.isatty() else None
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(_encoding(stdout))
    except UnicodeEncodeError:
        text = json.dumps(value, indent=indent)
    _write(text + "\n")


def _encoding(stream: IO[str]) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _write(text: str) -> None:
    """Writes to stdout; a reader that went away has had enough."""
    stdout = _stdout()
    try:
        stdout.write(text)
        stdout.flush()
    except BrokenPipeError:
        _let_go(stdout)
    except OSError as fault:
        _let_go(stdout)
        raise Refused(f"cannot write the output: {fault.strerror}") from None


def _say(text: str) -> None:
    """A message for people, without control codes."""
    with _stderr_may_close():
        if sys.stderr is not None:
            sys.stderr.write("".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text) + "\n")


@contextlib.contextmanager
def _stderr_may_close() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        _let_go(sys.stderr)


@contextlib.contextmanager
def _stdout_is_stderr() -> Iterator[None]:
    """What the user's code prints meanwhile goes to stderr."""
    stdout = sys.stdout
    sys.stdout = sys.stderr
    try:
        yield
    finally:
        sys.stdout = stdout


def _let_go(stream: IO[str]) -> None:
    """Lets whatever is still to be written to a stream go nowhere, so that the interpreter's end is quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _goes_nowhere(stream: IO[str] | None) -> bool:
    """Whether nobody can read the stream: it is closed, or the null device."""
    if stream is None:
        return True
    try:
        found, null = os.fstat(stream.fileno()), os.stat(os.devnull)  # noqa: PTH116
    except (OSError, ValueError, AttributeError):
        return False
    return (found.st_dev, found.st_ino) == (null.st_dev, null.st_ino)


def _named(name: str) -> str:
    return "stdin" if name == "-" else name


def _clipped(text: str) -> str:
    return repr(text) if len(text) <= 60 else f"{text[:60]!r}…"


if __name__ == "__main__":
    raise SystemExit(main())
