"""Run, test and understand AWS Step Functions state machines outside AWS, exactly as AWS does.

>>> import states
>>> machine = states.loads('{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": "world", "End": true}}}')
>>> states.run(machine).output
'world'

The public names; each is imported when it is first asked for, so that `import states` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from states.definition import Diagnostic, InvalidDefinition, validate
    from states.definition.graph import graph
    from states.drivers.answers import UnknownToken
    from states.drivers.ordered import InvalidOrder
    from states.drivers.virtual import Virtual
    from states.errors import StatesError
    from states.findings.finding import Finding
    from states.findings.why import why
    from states.histories.answers import TaskAnswer
    from states.histories.comparison import Comparison, Difference
    from states.histories.diffing import Differences
    from states.histories.documents import InvalidHistory
    from states.history import History
    from states.interpreter.execution import Execution
    from states.machine import Machine
    from states.mocking.drift import Drift, drift
    from states.mocking.made import Mocks, mocks_of
    from states.orders.checks import OrderFailed, check_every_order
    from states.orders.every import NotRepeatable, every_order
    from states.recordings import answers, diff, replay
    from states.running import InvalidExecutionInput, InvalidName, RunSettings, inspect, load, loads, run, start
    from states.scheduler import RealTime
    from states.tasks.functions import Response, TaskContext, TaskError, function
    from states.tasks.resources import TaskNotServed
    from states.testing.one_state import test_state

__all__ = [
    "Comparison",
    "Diagnostic",
    "Difference",
    "Differences",
    "Drift",
    "Execution",
    "Finding",
    "History",
    "InvalidDefinition",
    "InvalidExecutionInput",
    "InvalidHistory",
    "InvalidName",
    "InvalidOrder",
    "Machine",
    "Mocks",
    "NotRepeatable",
    "OrderFailed",
    "RealTime",
    "Response",
    "RunSettings",
    "StatesError",
    "TaskAnswer",
    "TaskContext",
    "TaskError",
    "TaskNotServed",
    "UnknownToken",
    "Virtual",
    "answers",
    "check_every_order",
    "diff",
    "drift",
    "every_order",
    "function",
    "graph",
    "inspect",
    "load",
    "loads",
    "mocks_of",
    "replay",
    "run",
    "start",
    "test_state",
    "validate",
    "why",
]

#: Where each public name comes from.
_PLACES = {
    "states.definition": ("Diagnostic", "InvalidDefinition", "validate"),
    "states.definition.graph": ("graph",),
    "states.drivers.answers": ("UnknownToken",),
    "states.drivers.ordered": ("InvalidOrder",),
    "states.drivers.virtual": ("Virtual",),
    "states.errors": ("StatesError",),
    "states.findings.finding": ("Finding",),
    "states.findings.why": ("why",),
    "states.history": ("History",),
    "states.interpreter.execution": ("Execution",),
    "states.histories.answers": ("TaskAnswer",),
    "states.histories.comparison": ("Comparison", "Difference"),
    "states.histories.diffing": ("Differences",),
    "states.histories.documents": ("InvalidHistory",),
    "states.machine": ("Machine",),
    "states.mocking.drift": ("Drift", "drift"),
    "states.mocking.made": ("Mocks", "mocks_of"),
    "states.orders.checks": ("OrderFailed", "check_every_order"),
    "states.orders.every": ("NotRepeatable", "every_order"),
    "states.running": ("InvalidExecutionInput", "InvalidName", "RunSettings", "inspect", "load", "loads", "run", "start"),
    "states.recordings": ("answers", "diff", "replay"),
    "states.scheduler": ("RealTime",),
    "states.tasks.functions": ("Response", "TaskContext", "TaskError", "function"),
    "states.tasks.resources": ("TaskNotServed",),
    "states.testing.one_state": ("test_state",),
}


def __getattr__(name: str) -> Any:
    """Imports a public name at its first use."""
    from importlib import import_module

    for place, names in _PLACES.items():
        if name in names:
            found = getattr(import_module(place), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module 'states' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
