"""Whether a mocked task is one that AWS could run: its call, its request and its answers, asked of the API models of services.

A test with a mock that can never come is green here and fails on AWS. So what is present is checked by default, what is left out is not;
the result of `lambda:invoke` only where its whole answer is given, those of functions and activities never. Without botocore nothing is.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html (fieldValidationMode)
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from states.interpreter.resources import CALLBACK, SERVICE, Resource
from states.machine import Machine
from states.tasks.functions import Function, MockFault, TaskContext
from states.tasks.mocks import ERROR, NEVER, RESULT, Answer, Check
from states.tasks.resources import task_states
from states.testing import service_models
from states.testing.known_calls import UnknownServiceError, call_fault, error_doubt
from states.testing.requests import check_request
from states.testing.service_models import MODES, NONE, PREFIX

Json = Any


def checked_mode(mode: str) -> str:
    """The mode; ValueError for one that there is not."""
    if mode not in MODES:
        raise ValueError(f"validation is {', '.join(MODES)}, not {mode!r}")
    return mode


def model_faults(resource: Resource, answer: Answer, mode: str) -> list[str]:
    """What AWS's TestState would say against a mocked answer of this Resource; nothing where there is no model."""
    if mode == NONE or resource.family != SERVICE or answer.kind in (ERROR, NEVER):
        return []
    checked = [service_models.check_result(arn, value, mode) for arn, value in _answers(resource, answer)]
    return [f"{PREFIX}{fault}" for each in checked for fault in each.faults]


def warn_of_errors(resource: Resource, answers: Iterable[Answer], mode: str, stacklevel: int = 3) -> None:
    """UnknownServiceError, a warning, for each mocked error that the service would not call so."""
    if mode != NONE:
        for error in dict.fromkeys(answer.error for answer in answers if answer.kind == ERROR):
            if doubt := error_doubt(resource, error):
                warnings.warn(f"the mocked error {error!r}: {doubt}", UnknownServiceError, stacklevel=stacklevel)


def unknown_call(resource: Resource, mode: str) -> str:
    """That AWS has nothing that this Resource could call; empty when it has."""
    fault = "" if mode == NONE else call_fault(resource)
    return f"{fault} ({resource.arn})" if fault else ""


MOST_FAULTS = 5  #: of one request that are told


def request_check(machine: Machine, mode: str) -> Check | None:
    """What is asked of each request to a mock of this machine; None for nothing. A Task without Parameters and Arguments is let pass."""
    if mode == NONE:
        return None
    given = {
        state.name: "Arguments" if state.parameters is None else "Parameters"
        for state, _, _ in task_states(machine)
        if state.parameters is not None or state.arguments is not None
    }

    def check(context: TaskContext, failing: bool) -> str:
        resource = context.resource
        if resource is None or resource.family != SERVICE or context.state_name not in given:
            return ""
        faults = check_request(resource.arn, context.request, failing=failing).faults
        if not faults:
            return ""
        listed = "; ".join(faults[:MOST_FAULTS])
        where = f"the {given[context.state_name]} of {context.state_name!r}"
        return f"AWS refuses {where} for {resource.arn}: {listed} (validation {NONE} lets it pass)"

    return check


def checked_function(function: Function, check: Check | None) -> Function:
    """A callable that is given a request only if AWS would take it."""
    if check is None:
        return function

    def handler(event: Json, context: TaskContext) -> Any:
        if fault := check(context, True):
            raise MockFault(fault)
        return function.handler(event, context)

    return function._replace(handler=handler)


def _answers(resource: Resource, answer: Answer) -> Iterator[tuple[str, Json]]:
    """Each answer of the service with the Resource whose it is: the result, and what it says when it takes the request."""
    if resource.pattern != CALLBACK and not (resource.is_invoke and answer.kind == RESULT):
        yield resource.arn, answer.value
    if resource.pattern and answer.submitted is not None:
        yield resource.arn.removesuffix(resource.action) + resource.api, answer.submitted
