"""Run, test and understand AWS Step Functions state machines outside AWS, exactly as AWS does.

>>> import states
>>> machine = states.loads('{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": "world", "End": true}}}')
>>> states.run(machine).output
'world'
"""

from __future__ import annotations

from states.definition import Diagnostic, InvalidDefinition, load, loads, validate
from states.errors import StatesError
from states.history import History
from states.interpreter.execution import Execution
from states.machine import Machine
from states.run import RunSettings, run, start
from states.tasks.functions import TaskContext, TaskError, function
from states.tasks.resources import TaskNotServed

__all__ = [
    "Diagnostic",
    "Execution",
    "History",
    "InvalidDefinition",
    "Machine",
    "RunSettings",
    "StatesError",
    "TaskContext",
    "TaskError",
    "TaskNotServed",
    "function",
    "load",
    "loads",
    "run",
    "start",
    "validate",
]
