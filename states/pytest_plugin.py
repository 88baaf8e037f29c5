"""The pytest plugin: state machines as fixtures, and a failing test that shows what its executions did.

Fixtures `state_machine` and `machine_bench`, the marker `state_machine`, the ini options `state_machine` and `states_executions`. It is
read whenever pytest starts: nothing but pytest is imported here before a test needs it. What the executions of a running test are is
kept until the test is over, and no longer.

Source: https://docs.pytest.org/en/stable/reference/reference.html#hooks
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

from states import listeners

if TYPE_CHECKING:
    from states.drivers.virtual import Virtual
    from states.testing import Bench

SECTION = "States execution"
MACHINE = "state_machine"  #: the ini option, and the marker
EXECUTIONS = "states_executions"
SCENARIOS = (".scenario.yaml", ".scenario.yml", ".scenario.json")
HERE = str(Path(__file__).parent) + os.sep

MARKER = "state_machine(machine, tasks=None, *, strict=True, **settings): the machine that the fixture machine_bench puts on the bench."


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("states", "state machines")
    group.addoption(
        "--states-executions", metavar="N", help="show the last N executions of a failing test, 0 for none; default 3, or what the ini says"
    )
    parser.addini(MACHINE, "the machine of the fixtures state_machine and machine_bench where a test names none")
    parser.addini(EXECUTIONS, "how many executions a failing test shows", default="3")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    given = config.getoption("--states-executions")
    most = str(config.getini(EXECUTIONS) if given is None else given)
    if not (most.isascii() and most.isdigit() and len(most) < 10):
        name = EXECUTIONS if given is None else "--states-executions"
        raise pytest.UsageError(f"{name}: expected how many executions a failing test shows, 0 or more, found {most!r}")
    config.stash[_KEPT] = kept = Kept(int(most))
    if kept.most:
        listeners.made.append(kept.made)
        listeners.asked.append(kept.asked)


def pytest_unconfigure(config: pytest.Config) -> None:
    kept = config.stash.get(_KEPT, None)
    if kept is not None and kept.made in listeners.made:
        listeners.made.remove(kept.made)
        listeners.asked.remove(kept.asked)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Any:
    """A scenario file is one test for each of its scenarios."""
    if not file_path.name.endswith(SCENARIOS):
        return None
    from states.testing import pytest_scenarios

    return pytest_scenarios.collect(file_path, parent)


# ---------------------------------------------------------------- fixtures


@pytest.fixture
def state_machine(request: pytest.FixtureRequest) -> Callable[..., Bench]:
    """Puts a machine on the bench: `state_machine("machines/order", tasks=None, strict=True, **settings)` gives a states.testing.Bench.

    A path is looked for in the folder of the test, then in the root folder of pytest. Without a machine it is that of the ini option
    state_machine. A machine that is not there or not valid is a failure of the test that says what is wrong with it, and where.
    """
    node = request.node

    def put(machine: Any = None, tasks: Any = None, *, strict: bool = True, **settings: Any) -> Bench:
        from states.testing import machines

        named = machine if machine is not None else node.config.getini(MACHINE)
        try:
            return machines.bench(named, tasks, (node.path.parent, node.config.rootpath), strict=strict, settings=settings)
        except machines.Refused as refusal:
            told = str(refusal)
        pytest.fail(told, pytrace=False)

    return put


@pytest.fixture
def machine_bench(request: pytest.FixtureRequest, state_machine: Callable[..., Bench]) -> Bench:
    """The machine of the marker `state_machine`, or of the ini option, on the bench: a states.testing.Bench."""
    marker = request.node.get_closest_marker(MACHINE)
    return state_machine(*marker.args, **marker.kwargs) if marker is not None else state_machine()


# ---------------------------------------------------------------- what a failing test shows


class Kept:
    """The last executions of the running test, each with its number and the states that the test asked about.

    An execution that is asked about counts as new, so that the one an assertion is about is among the last.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.clear()

    def clear(self) -> None:
        self.count = 0
        self.numbers: WeakKeyDictionary[Virtual, int] = WeakKeyDictionary()
        self.last: dict[int, tuple[int, Virtual, dict[str, int]]] = {}

    def made(self, driver: Virtual) -> None:
        self.count += 1
        self.numbers[driver] = self.count
        self._keep((self.count, driver, {}))

    def asked(self, driver: Virtual, name: str, visit: int) -> None:
        if driver not in self.numbers:
            return  # of another test
        number, _, names = self.last.pop(id(driver), (self.numbers[driver], driver, {}))
        names.pop(name, None)
        names[name] = visit
        self._keep((number, driver, names))

    def _keep(self, execution: tuple[int, Virtual, dict[str, int]]) -> None:
        self.last[id(execution[1])] = execution
        if len(self.last) > self.most:
            del self.last[next(iter(self.last))]


_KEPT = pytest.StashKey[Kept]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    try:
        return (yield)
    finally:
        item.config.stash[_KEPT].clear()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that is tried again begins anew."""
    item.config.stash[_KEPT].clear()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    if call.excinfo is not None and not item.config.getoption("fulltrace"):
        _leave_out_ours(call.excinfo.value)
    report = yield
    kept = item.config.stash[_KEPT]
    if report.failed and kept.last and not getattr(item, "shows_its_execution", False):
        from states.testing.shown import section

        width, *_ = _terminal(item.config)
        plain, coloured = section(kept.last.values(), kept.count, width)
        _add(report, plain, coloured)
    return report


def _add(report: Any, plain: str, coloured: str) -> None:
    """Plain text goes with the failure wherever that goes, also into JUnit's file; the terminal gets the colours at the end."""
    report.states_executions = coloured
    if hasattr(report.longrepr, "addsection"):
        report.longrepr.addsection(SECTION, plain)
    else:
        report.sections.append((SECTION, plain))


def _leave_out_ours(fault: BaseException) -> None:
    """What is said of a wrong test or definition ends at the line of the test, not inside of this package; a fault of ours does not."""
    if not (isinstance(fault, (AssertionError, ValueError)) or type(fault).__module__.startswith("states.")):
        return
    entry, last = fault.__traceback__, None
    while entry is not None:
        if not entry.tb_frame.f_code.co_filename.startswith(HERE):
            last = entry
        entry = entry.tb_next
    if last is not None:
        last.tb_next = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> Generator[None, Any, Any]:
    """Puts the colours in, and what this terminal can write, before the failures are shown."""
    reports = [report for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, ())]
    told = [report for report in reports if hasattr(report, "states_executions")]
    if told:
        from states.views.console import writable

        _, has_colour, encoding = _terminal(config)
        for report in told:
            for sections in (getattr(report.longrepr, "sections", []), report.sections):
                for place, (name, plain, *rest) in enumerate(sections):
                    if name == SECTION:
                        text = report.states_executions if has_colour else plain
                        sections[place] = (name, writable(text, encoding), *rest)
    return (yield)


def pytest_assertrepr_compare(op: str, left: Any, right: Any) -> list[str] | None:
    """A comparison with the status or the path of a Run says why it is not so."""
    comparing: Any = sys.modules.get("states.testing.comparing")
    return comparing.explained(op, left, right) if comparing is not None else None


def _terminal(config: pytest.Config) -> tuple[int, bool, str]:
    """How wide the terminal is, whether it has colour, and its encoding; a worker of xdist knows that from its controller."""
    given = getattr(config, "workerinput", {}).get("states_terminal")
    if given is not None:
        width, has_colour, encoding = given
        return width, has_colour, encoding
    writer = config.get_terminal_writer()
    return writer.fullwidth, writer.hasmarkup, getattr(sys.__stdout__, "encoding", None) or "utf-8"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["states_terminal"] = list(_terminal(node.config))
