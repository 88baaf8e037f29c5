"""What can stand for the work of a state: which states can be mocked, by what, and what AWS could not answer.

A mock that could never be AWS's answer makes a test that is green here and a machine that fails there.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from states.interpreter.resources import CALLBACK, LAMBDA, Resource
from states.language.values import type_name
from states.machine import Map, Parallel, State, Task
from states.tasks.functions import LONGEST_TIMEOUT_SECONDS, AssertedFault, MockFault
from states.tasks.mocks import NEVER, RESPONSE, RESULT, Answer

Json = Any


def nobody(state: Task, names: str) -> Callable[..., Any]:
    """Stands for the work of a state that has neither mock nor task: a run that comes to it ends there."""

    def refuse(_: Json, __: Any) -> Any:
        raise MockFault(f"{state.name!r} has neither a mock nor a task: mock it, or give a callable as {names}")

    return refuse


def check_mockable(state: State) -> None:
    if state.type not in ("Task", "Parallel", "Map"):
        raise ValueError(f"{state.name!r} is a {state.type} state: only Task, Parallel and Map states have a result to mock")


def check_array(state: Parallel | Map, answer: Answer) -> None:
    """ValueError when a Parallel or Map could not have this result: AWS's TestState says so in these words."""
    if answer.kind not in (RESULT, RESPONSE):
        return
    if isinstance(state, Map) and state.result_writer is not None:
        if not isinstance(answer.value, dict):
            raise ValueError(f"Mocked result must be an object where a ResultWriter writes the items; found {type_name(answer.value)}")
        return
    if not isinstance(answer.value, list):
        raise ValueError(f"Mocked result must be an array; found {type_name(answer.value)}")
    if isinstance(state, Parallel) and len(answer.value) != len(state.branches):
        raise ValueError(f"{state.name!r} has {len(state.branches)} branches, and its result as many members; found {len(answer.value)}")


def check_function(resource: Resource, answer: Answer) -> None:
    """ValueError when a Lambda function could not answer so: it works for fifteen minutes at most, and cannot show that it is alive."""
    if resource.pattern == CALLBACK or not (resource.family == LAMBDA or resource.is_invoke) or answer.kind == NEVER:
        return
    if answer.after > LONGEST_TIMEOUT_SECONDS:
        raise ValueError(
            f"a Lambda function ends after {LONGEST_TIMEOUT_SECONDS:.0f} seconds at the latest; this one takes {answer.after:g}"
        )
    if answer.heartbeat is not None:
        raise ValueError("a Lambda function has no task token, and so no heartbeat")


def through(handler: Any) -> Callable[..., Any]:
    """The callable of a test: what it asserts goes through to the test, whatever the machine catches."""
    if isinstance(handler, type):
        raise ValueError(
            f"expected an answer, a JSON value or one callable, not the class {handler.__name__}; a failure is error(name, cause)"
        )
    try:
        inspect.signature(handler).bind(None, None)
    except TypeError:
        raise ValueError(f"a callable takes an event and a context; {getattr(handler, '__name__', handler)!r} does not") from None
    except ValueError:
        return handler  # type: ignore[no-any-return]
    if inspect.iscoroutinefunction(handler):

        @functools.wraps(handler)
        async def awaited(event: Json, context: Any) -> Any:
            try:
                return await handler(event, context)
            except AssertionError as failed:
                raise AssertedFault(failed) from failed

        return awaited

    @functools.wraps(handler)
    def asked(event: Json, context: Any) -> Any:
        try:
            return handler(event, context)
        except AssertionError as failed:
            raise AssertedFault(failed) from failed

    return asked
