"""`states mock`: what the tasks of finished executions answered becomes the mocks of a test; `--check` says whether it still does."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from states.command import files, histories, machines, output
from states.command.arguments import add_substitutions, add_type
from states.command.ends import FAULTS, Refused

if TYPE_CHECKING:
    from states.histories.recording import Recording
    from states.mocking.made import Mocks

TEXT = """\
Makes a scenario of each history: the machine, its input, the answers of its tasks attempt by
attempt, and what is expected; `states test` plays it. Each is played once to see that it comes
to the same. Passwords, tokens, keys and card numbers are redacted.

With --check, says where histories no longer match the mocks in MOCKS, a scenario file or a
MockConfigFile.json: a key that is gone or new, another type, an error that is not mocked.

HISTORY is what `states replay` takes, or a folder of them. docs/mocks-from-histories.md has more.
"""

EXAMPLES = """\
examples:
  states mock history.json --machine order.asl.json -o order.scenario.yaml
  states mock histories/ --redact email --redact '$.customer.name' -o order.scenario.yaml
  states mock histories/ --format mock-config -o MockConfigFile.json
  states mock --check order.scenario.yaml new.json

"""

SCENARIO, MOCK_CONFIG = "scenario", "mock-config"
MOST_TOLD = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states mock` takes."""
    parser.add_argument("histories", metavar="HISTORY", nargs="+", help="a history, a folder of them, or - for stdin")
    parser.add_argument(
        "--machine", metavar="MACHINE", help="a definition, a template or a folder; default: machine.asl.json beside the history or above"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write; JSON if it ends in .json; default: stdout")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")
    parser.add_argument("--format", choices=[SCENARIO, MOCK_CONFIG], default=SCENARIO, help="default: scenario")
    parser.add_argument("--state-machine", metavar="NAME", help="what mock-config calls the machine")
    parser.add_argument("--redact", metavar="KEY|PATH", action="append", default=[], help="redact this, too; again for more")
    parser.add_argument("--keep-secrets", action="store_true", help="redact nothing but what --redact names")
    parser.add_argument("--keep-sizes", action="store_true", help="what is redacted keeps its length")
    parser.add_argument(
        "--execution", metavar="ARN|NAME", help="which execution, where log lines are of several; its ARN, where none shows"
    )
    parser.add_argument("--partial", action="store_true", help="the execution still runs")
    parser.add_argument("--check", metavar="MOCKS", help="compare histories with these mocks, and write nothing")
    parser.add_argument("--json", action="store_true", help="what --check finds as JSON")
    add_type(parser)
    add_substitutions(parser)


def act(arguments: argparse.Namespace) -> int:
    """Makes mocks, or checks them."""
    from states.histories.documents import InvalidHistory

    recordings = dict[str, Any]()
    for given in _histories(arguments.histories):
        try:
            _read(given, arguments, recordings)
        except InvalidHistory as fault:
            raise Refused(f"{files.named(given)}: no history to make mocks of: {fault}") from None
    try:
        return _check(arguments, recordings) if arguments.check is not None else _make(arguments, recordings)
    except InvalidHistory as fault:
        raise Refused(f"no history to make mocks of: {fault}") from None


# ---------------------------------------------------------------- histories


def _histories(given: list[str]) -> list[str]:
    """The files that are named, and those in folders that are."""
    from states.histories.many import histories_in

    found: list[str] = []
    for name in given:
        is_folder = name != "-" and files.is_there(name) and Path(name).is_dir()
        inside = [str(path) for path in histories_in(Path(name))] if is_folder else [name]
        if not inside:
            raise Refused(f"{name}: no histories in it; expected files that end in .json, .jsonl or .log")
        found += inside
    return found


def _read(given: str, arguments: argparse.Namespace, into: dict[str, Recording]) -> None:
    """The executions of a file, each by a title that no other has."""
    from states.histories.documents import executions_in
    from states.histories.recording import read_recording
    from states.mocking.made import free

    content = histories.content(given)
    stem = files.named(given) if arguments.check is not None else "stdin" if given == "-" else Path(given).stem
    several = executions_in(content) if b"execution_arn" in content and arguments.execution is None else ()
    for execution in several if len(several) > 1 else (None,):
        title = stem if execution is None else f"{stem} {execution.rpartition(':')[2]}"
        chosen = execution or (arguments.execution if several or b"execution_arn" in content else None)
        into[free(title, into)] = read_recording(content, execution=chosen, is_partial=arguments.partial)


def _machine_of(arguments: argparse.Namespace) -> str:
    """The machine that was named, or that lies beside the histories."""
    from states.testing.scenarios.loading import default_machine

    if arguments.machine is not None:
        given: str = arguments.machine
        return given
    beside = {default_machine(str(Path(name) if Path(name).is_dir() else Path(name).parent)) for name in arguments.histories if name != "-"}
    found = beside - {None}
    if len(found) == 1:
        return str(found.pop())
    where = "there are several beside the histories" if found else "there is none beside the histories or one folder up"
    raise Refused(f"expected --machine MACHINE: {where}")


# ---------------------------------------------------------------- made


def _make(arguments: argparse.Namespace, recordings: dict[str, Recording]) -> int:
    from states.mocking.made import Mocks, cases_of
    from states.mocking.redacting import path_of
    from states.running import compiled

    target = _target(arguments)
    for name in arguments.redact:
        try:
            path_of(name) if name.startswith("$") else None
        except ValueError as fault:
            raise Refused(f"--redact {fault}") from None
    named = _machine_of(arguments)
    values = machines.substitutions(arguments)
    machine = compiled(machines.read_machine(named, arguments.type, values))
    cases = cases_of(
        machine,
        recordings,
        redact=arguments.redact,
        secrets=not arguments.keep_secrets,
        keep_sizes=arguments.keep_sizes,
        execution=arguments.execution,
    )
    made = Mocks(machine, cases, named, values)
    text, notes = _text(made, arguments, target)
    if target is None:
        output.write(text)
    else:
        _write(target, text)
    _tell(made, notes, target)
    return 0 if made.same else FAULTS


def _target(arguments: argparse.Namespace) -> Path | None:
    """Where to write; Refused for a file that is there already."""
    if arguments.output is None or arguments.output == "-":
        return None
    path = files.target("--output", arguments.output)
    if path.exists() and not arguments.force:
        raise Refused(f"--output {path}: it is there already; --force overwrites it")
    return path


def _text(made: Mocks, arguments: argparse.Namespace, target: Path | None) -> tuple[str, list[str]]:
    """What is written, and what the form cannot hold."""
    folder = target.parent if target is not None else Path()
    is_json = target is not None and target.suffix == ".json"
    try:
        if arguments.format == MOCK_CONFIG:
            from states.mocking.writing import to_json

            config, notes = made.mock_config(arguments.state_machine)
            return to_json(config), notes
        return (made.to_json(folder) if is_json else made.to_yaml(folder)), []
    except ValueError as fault:
        raise Refused(str(fault)) from None


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise Refused(f"--output {target}: {fault.strerror}") from None


def _tell(made: Mocks, notes: list[str], target: Path | None) -> None:
    """How much was made, what was assumed, and what is not as it was recorded."""
    if target is not None:
        redacted = sum(case.redacted for case in made.cases)
        parts = [(len(made.cases), "scenario"), (sum(case.calls for case in made.cases), "answer"), (redacted, "secret")]
        told = [f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in parts]
        output.say(f"{target}: {told[0]}, {told[1]}" + (f", {told[2]} redacted" if redacted else ""))
    for note in [*made.notes, *notes][:MOST_TOLD]:
        output.say(f"assumed: {note}")
    for told_once in made.differences[:MOST_TOLD]:
        output.say(f"not as recorded: {told_once}")


# ---------------------------------------------------------------- checked


def _check(arguments: argparse.Namespace, recordings: dict[str, Recording]) -> int:
    from states.mocking.drift import drift
    from states.testing.mock_config import InvalidMockConfig
    from states.testing.scenarios import InvalidScenarios

    files.content(arguments.check, 1)
    try:
        found = drift(arguments.check, *recordings.values(), names=recordings)
    except (InvalidMockConfig, InvalidScenarios) as invalid:
        raise Refused(f"{arguments.check}: no mocks to check:\n{invalid}") from None
    except ModuleNotFoundError as fault:
        raise Refused(f"{arguments.check}: {fault}") from None
    if arguments.json:
        output.write_json({"mocks": arguments.check, "histories": len(recordings), "drift": [each.to_json() for each in found]})
    elif found:
        output.write("".join(f"✗ {each}\n" for each in found))
    else:
        many = "1 history matches" if len(recordings) == 1 else f"{len(recordings):,} histories match"
        output.write(f"✓ {many} {arguments.check}\n")
    return FAULTS if found else 0
