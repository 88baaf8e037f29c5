"""`--mock-config`: the mocks of a test case in place of the work of its states, and what they have to say of the run."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from states.command import files, output
from states.command.ends import Refused

if TYPE_CHECKING:
    from states.definition.diagnostics import Diagnostic
    from states.machine import Machine
    from states.tasks.mocks import Mock


def add_arguments(group: argparse._ArgumentGroup) -> None:
    """The mocks that `states run` takes."""
    group.add_argument("--mock-config", metavar="FILE", help="mock states as this MockConfigFile.json of Step Functions Local says")
    group.add_argument("--test-case", metavar="NAME", help="the test case of --mock-config")
    group.add_argument(
        "--mock-machine", metavar="NAME", help="the machine in --mock-config; default: the only one, or the one of this name"
    )


class Mocked:
    """The mocks of a run, by state; none when none are asked for."""

    def __init__(self, mocks: dict[str, Mock], said: str = "") -> None:
        self.mocks = mocks
        self.facts = [said] if said else []  #: for the first line of the trace

    @property
    def tasks(self) -> dict[str, Any]:
        """The mocks as callables."""
        return {name: mock.function() for name, mock in self.mocks.items()}

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Lets a mock that has no answer left end the run; `check` tells of it."""
        if not self.mocks:
            yield
            return
        from states.tasks.functions import MockFault

        with contextlib.suppress(MockFault):
            yield

    def check(self) -> None:
        """Refused when a mock was asked too often, or not often enough."""
        said = [fault for mock in self.mocks.values() for fault in mock.misuse()]
        if said:
            raise Refused("\n".join(said))


def read_mocks(arguments: argparse.Namespace, machine: Machine, name: str, shows_warnings: bool) -> Mocked:
    """The mocks that are asked for; Refused with every fault of their file."""
    if arguments.mock_config is None:
        if arguments.test_case is not None or arguments.mock_machine is not None:
            raise Refused("--test-case and --mock-machine say what is meant in a file of mocks; give it with --mock-config FILE")
        return Mocked({})
    from states.tasks.mocks import MockError
    from states.testing.mock_config import MAX_BYTES, InvalidMockConfig, parse_mock_config
    from states.testing.mocked_states import read_mocked_states

    path = arguments.mock_config
    content = files.content(path, MAX_BYTES + 1)
    try:
        config, mocks = read_mocked_states(
            lambda: parse_mock_config(content, path), machine, arguments.mock_machine, name, arguments.test_case
        )
    except InvalidMockConfig as invalid:
        from states.views.diagnostics import summary

        _show(invalid.diagnostics, path, content)
        raise Refused(f"{path}: {summary(invalid.diagnostics)}") from None
    except MockError as fault:
        raise Refused(str(fault)) from None
    if config.warnings and shows_warnings:
        _show(config.warnings, path, content)
    return Mocked(mocks, f"mocks of {arguments.test_case}")


def _show(found: list[Diagnostic], path: str, content: bytes) -> None:
    from states.views.diagnostics import Diagnostics

    if not output.goes_nowhere(sys.stderr):
        with output.stderr_may_close():
            output.console(sys.stderr).print(Diagnostics(found, {path: content.decode("utf-8-sig", "replace")}), end="")
