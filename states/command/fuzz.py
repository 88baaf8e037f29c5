"""`states fuzz`: looks for inputs and faults of tasks under which a machine ends badly, and shows the smallest of each."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from states.command import files, machines, output
from states.command.arguments import add_machine, add_substitutions, add_type
from states.command.ends import FAULTS, Refused
from states.command.inputs import read_json
from states.command.run import seed
from states.language.values import dumps

if TYPE_CHECKING:
    from states.fuzzing.hunt import Found, Hunt, Report
    from states.machine import Machine

Json = Any
End = tuple[str, str | None, str | None]

TEXT = """\
Looks for a valid input, and for faults that the machine's tasks may have, under which an
execution ends in States.Runtime, an error or timeout that nobody handles, the limit of
256 KiB, or 25,000 events. Each finding is made as small as it gets and shown with its
trace. A Fail state is a designed end, and no finding.

Valid inputs are those of --schema, or those like --examples; without both, like the files
in inputs/ beside the definition, else what the machine reads. Tasks that nobody serves
give what is read of their results. --seed repeats a hunt.
"""

EXAMPLES = """\
examples:
  states fuzz machines/order
  states fuzz order.asl.json --schema order.schema.json --seconds 60
  states fuzz order.asl.json --examples inputs --tasks handlers.py --write found.scenario.yaml
  states fuzz order.asl.json --faults any --results any

"""

MOST_ROWS = 24  #: of a trace
MOST_EXAMPLES = 1_000
INPUTS = "inputs"  #: the folder of examples beside a definition


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states fuzz` takes."""
    add_machine(parser)
    given = parser.add_argument_group("what is valid")
    given.add_argument("--schema", metavar="FILE", help="a JSON Schema of the input")
    given.add_argument("--examples", metavar="PATH", nargs="+", default=[], help="inputs, or folders of them")
    given.add_argument("--tasks", metavar="FILE|MODULE", action="append", default=[], help="a Python file or a module; repeatable")
    how = parser.add_argument_group("how it hunts")
    how.add_argument("--faults", choices=["none", "handled", "any"], default="handled", help="of tasks; default: what the machine handles")
    how.add_argument("--results", choices=["shaped", "nulls", "any"], help="default: shaped with tasks, else with nulls")
    how.add_argument("--seconds", type=_seconds, default=30.0, metavar="N", help="at most; default 30")
    how.add_argument("--seed", metavar="N", default="0", help="repeats a hunt; default 0")
    add_type(how)
    add_substitutions(how)
    shown = parser.add_argument_group("what it shows")
    shown.add_argument("--write", metavar="FILE", help="write the findings as scenarios for states test: *.scenario.yaml or .json")
    shown.add_argument("--json", action="store_true", help="the findings as JSON")
    shown.add_argument("-q", "--quiet", action="store_true", help="a line a finding")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("expected seconds, above 0 and at most 86,400")
    return value


def act(arguments: argparse.Namespace) -> int:
    """Reads, hunts, shows. 0 when nothing was found, 1 when something was."""
    from states.command.tasks import read_tasks

    try:
        from states.fuzzing.hunt import Hunt
    except ModuleNotFoundError as fault:
        if fault.name != "hypothesis":
            raise
        raise Refused("states fuzz needs hypothesis: pip install 'states[fuzz]'") from None
    from states.fuzzing.schemas import InvalidSchema
    from states.fuzzing.shapes import TooDeep

    machine = machines.read_machine(arguments.machine, arguments.type, machines.substitutions(arguments))
    target = _target(arguments.write)
    schema = read_json(arguments.schema, "schema")[0] if arguments.schema is not None else None
    examples, expected = _examples(arguments, machine)
    with _silent():
        tasks, used = read_tasks(arguments.tasks, [], machine, complete=False)
    with machines.refusals(machine):
        try:
            hunt = Hunt(machine, tasks, schema, examples, arguments.faults, arguments.results, expected)
        except (InvalidSchema, TooDeep) as fault:
            raise Refused(f"{arguments.schema or 'the examples'}: {fault}") from None
        shows = None if arguments.json else lambda found: show(found, arguments.quiet)
        report = _hunted(hunt, arguments, shows)
    if not report.runs:
        raise Refused(f"{arguments.schema}: no valid input was found; the schema may allow none, or say it in a way that is not understood")
    if arguments.json:
        output.write_json([described(found, machine) for found in report.found])
    if target is not None and report.found:
        _write(target, report, hunt, machine, [*arguments.tasks])
    output.say(_summary(report, hunt, used, target))
    return FAULTS if report.found else 0


def _hunted(hunt: Hunt, arguments: argparse.Namespace, shows: Any) -> Report:
    with _silent() as loud:
        return hunt.go(arguments.seconds, seed(arguments.seed), None if shows is None else lambda found: loud(shows, found))


@contextlib.contextmanager
def _silent() -> Iterator[Any]:
    """What tasks print thousands of times goes nowhere; gives a function that calls another one with stdout as it was."""
    import sys

    kept = sys.stdout
    with open(os.devnull, "w") as nowhere:

        def loud(act: Any, *given: Any) -> None:
            sys.stdout = kept
            try:
                act(*given)
            finally:
                sys.stdout = nowhere

        sys.stdout = nowhere
        try:
            yield loud
        finally:
            sys.stdout = kept


# ---------------------------------------------------------------- what is given


def _examples(arguments: argparse.Namespace, machine: Machine) -> tuple[list[Json], list[End | None]]:
    """The examples, and the ends that are expected of them, where a scenario beside the definition says so."""
    paths = [Path(given) for given in arguments.examples]
    beside = Path(machine.source.partition("#")[0]).parent / INPUTS
    if not paths and arguments.schema is None and beside.is_dir():
        paths = [beside]
    found: list[Path] = []
    for path in paths:
        if not files.is_there(str(path)):
            raise Refused(f"--examples {path}: no such file or folder")
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise Refused(f"--examples {path}: no *.json in this folder")
        found += inside
    if len(found) > MOST_EXAMPLES:
        raise Refused(f"--examples: {len(found):,} files; at most {MOST_EXAMPLES:,} are read")
    examples = [read_json(str(path), "examples")[0] for path in found]
    ends = _ends(Path(machine.source.partition("#")[0]).parent) if examples else {}
    return examples, [ends.get(dumps(example)) for example in examples]


def _ends(folder: Path) -> dict[str, End]:
    """What the scenarios of a folder expect of their inputs: status, error and last state. Those with mocks, and our own, say nothing."""
    from states.fuzzing.scenarios import ENDINGS, MARK
    from states.testing.scenarios import InvalidScenarios, load

    found: dict[str, End] = {}
    for path in sorted(each for each in folder.glob("*.scenario.*") if each.name.endswith(ENDINGS)):
        try:
            if MARK.encode() in files.content(str(path), 4096)[:4096]:
                continue
            scenarios = load(path)
        except (InvalidScenarios, ModuleNotFoundError, OSError):
            continue  # `states test` says what is wrong with it
        for scenario in scenarios:
            if not scenario.mocks and not scenario.options and not scenario.during:
                found[dumps(scenario.input)] = _end({each.name: each.part.value for each in scenario.expect})
    return found


def _end(expected: dict[str, Json]) -> End:
    status = expected.get("status") or ("FAILED" if "error" in expected else "SUCCEEDED")
    way = expected.get("path")
    last = way[-1] if isinstance(way, list) and way and isinstance(way[-1], str) and status == "FAILED" else None
    return status, expected.get("error"), last


def _target(given: str | None) -> Path | None:
    """The file to write to: a name that `states test` finds, and nothing else is replaced."""
    from states.fuzzing.scenarios import ENDINGS, MARK

    if given is None:
        return None
    path = Path(given)
    if not path.name.endswith(ENDINGS):
        raise Refused(f"--write {given}: expected a name that ends with {', '.join(ENDINGS)}")
    if not path.parent.is_dir():
        raise Refused(f"--write {given}: there is no folder {path.parent}")
    if files.is_there(given) and MARK.encode() not in files.content(given, 4096)[:4096]:
        raise Refused(f"--write {given}: there is a file that states fuzz did not write; it is not replaced")
    return path


# ---------------------------------------------------------------- what is shown


def show(found: Found, is_quiet: bool) -> None:
    """One finding to stdout: in a line, or with its case, its trace and why."""
    from rich.text import Text

    from states.findings.shown import Shown
    from states.fuzzing.scenarios import in_words, title
    from states.views import words
    from states.views.story import read
    from states.views.trace import Trace

    console = output.console(output.stdout())
    console.print(Text.assemble(("✗ ", "red"), (words.clean(title(found)), "bold")), soft_wrap=True)
    if is_quiet:
        return
    rows = [("input", _short(found.case.input))]
    rows += [(fault.state, words.clean(in_words(fault.answer))) for fault in found.case.faults]
    asked = _visited(found) - {fault.state for fault in found.case.faults if fault.is_persistent}
    rows += [(name, f"gives {_short(value)}") for name, value in found.case.results.items() if name in asked]
    for label, value in rows:
        console.print(Text(f"  {words.clean(label)}: {value}"), soft_wrap=True)
    if not found.is_smallest:
        console.print(Text("  the time was up before it was as small as it gets", style="dim"))
    ending = found.ending
    if ending.kind == "events":
        console.print(Text(f"  goes round in {words.clean(', '.join(ending.loop))}: {_full(found)}\n"), soft_wrap=True)
        return
    console.print(Trace(read(ending.execution.history.recorded), most_rows=MOST_ROWS), end="")
    if ending.finding is not None:
        console.print(Shown(ending.finding, brief=True, here=f"{Path.cwd()}/"), end="")
    console.print()


def _visited(found: Found) -> set[Any]:
    visited = {event[3] for event in found.ending.execution.history.recorded if event[0] == "TaskStateEntered"}
    is_asked = "/Parameters" not in (found.ending.location or "") and "/Arguments" not in (found.ending.location or "")
    return visited if is_asked else visited - {found.ending.state}


def _full(found: Found) -> str:
    execution = found.ending.execution
    return execution.cause or f"{len(execution.history.recorded):,} events, and no end"


def _short(value: Json) -> str:
    text = dumps(value)
    return text if len(text) <= 600 else f"{text[:300]} … {text[-60:]} ({len(text):,} characters)"


def described(found: Found, machine: Machine) -> dict[str, Json]:
    """A finding as JSON."""
    from states.fuzzing.scenarios import title, written

    ending = found.ending
    place = machine.position(ending.location) if machine.position is not None and ending.location is not None else None
    return {
        "title": title(found),
        "kind": ending.kind,
        "error": ending.error,
        "state": ending.state,
        "location": ending.location,
        "line": place[0] if place is not None else None,
        "message": str(ending.finding) if ending.finding is not None else _full(found),
        "loop": list(ending.loop),
        "input": found.case.input,
        "faults": [{"state": each.state, **written(each.answer), "times": each.answer.times or "always"} for each in found.case.faults],
        "results": dict(found.case.results),
        "runs": found.runs,
        "isSmallest": found.is_smallest,
    }


def _summary(report: Report, hunt: Hunt, used: str, target: Path | None) -> str:
    many = {0: "nothing found", 1: "1 finding"}.get(len(report.found), f"{len(report.found)} findings")
    spaces = (
        "a schema"
        if hunt.schema is not None
        else f"{len(hunt.examples)} example{'s' if len(hunt.examples) > 1 else ''}"
        if hunt.examples
        else "what the machine reads"
    )
    end = "every case was tried" if report.is_exhausted else "the time was up" if report.is_over else "the space has more cases"
    written = f"; written to {target}" if target is not None and report.found else ""
    tasks = f", tasks from {used}" if used else ""
    return f"{many}: {report.runs:,} runs in {report.seconds:.1f} s, inputs like {spaces}{tasks}; {end}{written}"


def _write(target: Path, report: Report, hunt: Hunt, machine: Machine, tasks: list[str]) -> None:
    from states.fuzzing import scenarios

    folder = target.absolute().parent
    path, mark, name = machine.source.partition("#")
    given = [os.path.relpath(each, folder) if each.endswith(".py") else each for each in tasks]
    with _silent():
        made = scenarios.document(report.found, hunt.player, os.path.relpath(path, folder) + mark + name, given)
    target.write_text(scenarios.text(made, str(target)), encoding="utf-8")
