"""The mocks of one test case: a MockConfig and a machine made into Mocks by state.

Checks what the file alone does not show: that the states are there, that they are Tasks, and that their answers could be AWS's. A Return
is the whole answer of the service; of a function named by its ARN it is the function's result, or the envelope around it.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from states.definition import every_block
from states.definition.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from states.interpreter.resources import LAMBDA, Resource
from states.machine import Machine
from states.tasks.mocks import RESPONSE, RESULT, Answer, Mock, MockError
from states.tasks.resources import task_states
from states.testing.mock_config import InvalidMockConfig, Invocation, MockConfig, hint_for
from states.testing.service_models import PRESENT
from states.testing.validation import checked_mode, model_faults, request_check, unknown_call, warn_of_errors

Json = Any

UNKNOWN_STATE = "UNKNOWN_STATE"
STATE_NOT_MOCKABLE = "STATE_NOT_MOCKABLE"
INVALID_MOCK_RESULT = "INVALID_MOCK_RESULT"
UNKNOWN_API = "UNKNOWN_API"

#: The fields of what Lambda's Invoke answers.
ENVELOPE = {"ExecutedVersion", "FunctionError", "LogResult", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"}


def read_mocked_states(
    read: Callable[[], MockConfig], machine: Machine, state_machine: str | None, own: str, test_case: str | None, validation: str = PRESENT
) -> tuple[MockConfig, dict[str, Mock]]:
    """The configuration that `read` gives and the Mocks of a test case by state; `own` is the name of the machine.

    InvalidMockConfig with everything that is wrong in the file, and that does not fit the machine; the latter as far as the former lets
    it be told. MockError when there is no such test case.
    """
    checked_mode(validation)
    try:
        config, found = read(), []
    except InvalidMockConfig as invalid:
        if invalid.config is None:
            raise
        config, found = invalid.config, invalid.diagnostics
    try:
        chosen = config.state_machine(state_machine, own)
        case = config.test_case(chosen, test_case)
    except MockError:
        if found:
            raise InvalidMockConfig(found) from None
        raise
    return config, mocked_states(config, machine, chosen, case, validation, found)


def mocked_states(
    config: MockConfig, machine: Machine, state_machine: str, test_case: str, validation: str, found: list[Diagnostic]
) -> dict[str, Mock]:
    """The Mocks of a test case. InvalidMockConfig with what was found before and with everything that does not fit the machine."""
    mocked = config.state_machines[state_machine][test_case]
    location = f"/StateMachines/{state_machine}/TestCases/{test_case}"
    found = [*found, *config.placed(dict.fromkeys(_faults(config, machine, mocked, location, validation)))]
    if found:
        raise InvalidMockConfig(found)
    check = request_check(machine, validation)
    resources = {state.name: resource for state, resource, _ in task_states(machine)}
    return {
        name: Mock(
            name,
            [_of_function(one.answer) if resources[name].family == LAMBDA else one.answer for one in config.mocked_responses[response]],
            config.where(f"{location}/{name}"),
            check,
        )
        for name, response in mocked.items()
    }


def _faults(config: MockConfig, machine: Machine, mocked: dict[str, str], location: str, validation: str) -> Iterator[Diagnostic]:
    states = {state.name: state for block in every_block(machine) for state in block.states.values()}
    resources = {state.name: resource for state, resource, _ in task_states(machine)}
    for name, response in mocked.items():
        if name not in states:
            message = f"the machine {machine.source} has no state {name!r}"
            yield Diagnostic(UNKNOWN_STATE, message, location, key=name, hint=hint_for(name, resources))
        elif name not in resources:
            kind = states[name].type
            message = f"{name!r} is a {kind} state; expected a Task, as in Step Functions Local"
            hint = f"Bench.mock({name!r}, ...) mocks it as a whole" if kind in ("Map", "Parallel") else ""
            yield Diagnostic(STATE_NOT_MOCKABLE, message, location, key=name, hint=hint)
        else:
            if fault := unknown_call(resources[name], validation):
                yield Diagnostic(UNKNOWN_API, fault, location, key=name)
            answers = config.mocked_responses.get(response, ())
            warn_of_errors(resources[name], [one.answer for one in answers], validation)
            for one in answers:
                yield from _answer_faults(one, resources[name], f"/MockedResponses/{response}/{one.key}/Return", validation)


def _answer_faults(one: Invocation, resource: Resource, location: str, validation: str) -> Iterator[Diagnostic]:
    value = one.answer.value
    if (resource.is_invoke or resource.family == LAMBDA) and _is_envelope(value) and "FunctionError" in value:
        message = "found the answer of a function that failed; expected a Throw with its errorType, as the task fails with it"
        yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, location, key="FunctionError")
    for fault in model_faults(resource, one.answer, validation):
        yield Diagnostic(INVALID_MOCK_RESULT, f"{fault} in the answer of {resource.arn}", location)


def _of_function(answer: Answer) -> Answer:
    """The answer of a function named by its ARN: its result, without the envelope of Invoke where it was given with one."""
    if answer.kind != RESPONSE:
        return answer
    return replace(answer, kind=RESULT, value=answer.value["Payload"] if _is_envelope(answer.value) else answer.value)


def _is_envelope(value: Json) -> bool:
    return isinstance(value, dict) and "Payload" in value and value.keys() <= ENVELOPE
