"""The tasks a user gives: Python files, modules, single callables; or tasks.py beside the definition.

What does not import is told with the lines of the user's own code.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from states.command import files
from states.command.ends import Refused
from states.tasks import modules

if TYPE_CHECKING:
    from states.machine import Machine


def read_tasks(
    named: list[str], singles: list[str], machine: Machine, mocks: dict[str, Any] | None = None, *, complete: bool = True
) -> tuple[Any, str]:
    """The callables of `--tasks` and `--task`, mocks by state before them, and the file they came from when nobody named it."""
    from states.tasks.resources import Tasks

    given: list[Any] = [_module(each) for each in named]
    given += [*(_single(each) for each in singles), mocks]
    beside = modules.beside(machine.source)
    used = ""
    if not named and beside is not None and Tasks(given).unserved(machine):
        used = str(beside)
        given.insert(0, _module(used))
    try:
        tasks = Tasks(given)
    except TypeError as fault:
        raise Refused(str(fault)) from None
    missing = tasks.unserved(machine)
    if missing and complete:
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
        raise Refused(f"--task {files.clipped(given)}: expected NAME=MODULE:FUNCTION, such as charge=shop.payments:charge")
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
        return _of_file(given) if given.endswith(".py") or "/" in given or given.startswith(".") else modules.of_name(given)
    except Refused:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        raise Refused(f"{given} does not import\n{_own_traceback(fault)}") from None


def _of_file(given: str) -> Any:
    path = Path(given)
    if path.is_dir():
        path /= modules.TASKS_FILE
    return modules.of_file(path, files.content(str(path)))


def _own_traceback(fault: BaseException) -> str:
    """The exception with the frames of the user's code, without those of this package and of the import system."""
    import traceback

    ours = f"{Path(__file__).parents[1]}{os.sep}"
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if not frame.filename.startswith((ours, "<frozen importlib"))]
    frames = [frame for frame in frames if not frame.filename.endswith("/importlib/__init__.py")]
    lines = [*traceback.format_list(frames), *traceback.format_exception_only(fault)]
    return "".join(lines).rstrip().replace(f"{Path.cwd()}/", "")
