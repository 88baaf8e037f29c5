"""Playing a scenario: on the virtual clock, step by step, and what was not as expected."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from states.definition.diagnostics import InvalidDefinition
from states.drivers.answers import UnknownToken
from states.drivers.ordered import InvalidOrder
from states.running import InvalidExecutionInput, InvalidName
from states.tasks.mocks import MockError
from states.tasks.resources import TaskNotServed
from states.testing.scenarios.outcomes import Mismatch, Outcome

if TYPE_CHECKING:
    from states.testing.runs import Run
    from states.testing.scenarios.reading import Scenario

#: What a start may refuse.
REFUSALS = (InvalidDefinition, InvalidExecutionInput, InvalidName, TaskNotServed, ValueError)


def play(scenario: Scenario) -> Outcome:
    """Plays a scenario and gives what came of it; one that is skipped is not played."""
    if scenario.skip is not None:
        return Outcome(scenario)
    began = perf_counter()
    found: list[Mismatch] = []
    run = _run(scenario, found)
    return Outcome(scenario, tuple(found), run, perf_counter() - began)


def _run(scenario: Scenario, found: list[Mismatch]) -> Run | None:
    try:
        run = scenario.bench.start(scenario.input, **scenario.options)
    except REFUSALS as fault:
        found.append(Mismatch("start", scenario.part, message=str(fault)))
        return None
    except AssertionError as fault:  # of a mock
        found.append(_of_mocks(fault, scenario, None))
        return None
    for step in scenario.during:
        try:
            found += step.do(run)
        except MockError as fault:
            found.append(_of_mocks(fault, scenario, run))
            return run
        except (AssertionError, ValueError, UnknownToken) as fault:
            found.append(Mismatch(f"step {step.name}", step.part, message=_said(fault, run)))
            return run
    if _expects_an_end(scenario):
        try:
            run.finish()
        except (AssertionError, InvalidOrder) as fault:
            found.append(_of_mocks(fault, scenario, run))
            if run.status == "RUNNING":  # it came no further
                return run
    for expectation in scenario.expect:
        found += expectation.check(run)
    if _takes_success_for_granted(scenario) and run.status != "SUCCEEDED":
        why = ": ".join(filter(None, (run.error, run.cause)))
        found.insert(0, Mismatch("status", scenario.part, expected="SUCCEEDED", found=f"{run.status}{', ' if why else ''}{why}"))
    return run


def _of_mocks(fault: BaseException, scenario: Scenario, run: Run | None) -> Mismatch:
    """What a mock says, at its place in the file where that is known."""
    said = _said(fault, run)
    for name, mock in scenario.bench.mocks.items():
        if mock.where and name in scenario.mocks and said.startswith(f"{mock.where}: "):
            return Mismatch("mocks", scenario.mocks[name], message=said.removeprefix(f"{mock.where}: "))
    return Mismatch("order" if isinstance(fault, InvalidOrder) else "mocks", scenario.part, message=said)


def _said(fault: BaseException, run: Run | None) -> str:
    """What a fault says, without how the run stands: that is drawn below it."""
    return str(fault).removesuffix(f"; {run!r}")


def _expects_an_end(scenario: Scenario) -> bool:
    """Whether the run goes on to its end after the steps: unless it is expected to be RUNNING then."""
    return not any(one.name == "status" and one.wanted == "RUNNING" for one in scenario.expect)


def _takes_success_for_granted(scenario: Scenario) -> bool:
    """Whether nothing is said of how it ends: then it succeeds."""
    return not any(one.name in ("status", "error", "cause") for one in scenario.expect)
