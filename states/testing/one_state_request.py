"""A TestState request as a value: its texts read, its parts checked against each other in AWS's words.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html and recordings. Where neither tells AWS's words
the message is ours; docs/testing-a-state.md says which.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any, NamedTuple

from states.definition.source import not_json
from states.interpreter.resources import ACTIVITY, CALLBACK, SYNC, parse_resource
from states.language import values
from states.testing import one_state_definition, parameters, service_models
from states.testing.api_errors import InvalidArn, InvalidDefinition, InvalidExecutionInput, ValidationException
from states.testing.items import NotReadable, ReadItems, read_items
from states.testing.one_state_definition import Tested

Json = Any

CONTAINERS = frozenset({"Map", "Parallel"})
MOCKABLE = frozenset({"Task", *CONTAINERS})  #: the types a mock can stand for
NOT_WITHOUT_MOCK = (
    "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
)
_ROLE = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+")


class NotChecked(UserWarning):
    """A mocked result could not be checked against its API model, because botocore is not installed."""


class Mock(NamedTuple):
    """`text` and `value` of the result, or the error and cause that the state fails with (then `text` is None)."""

    text: str | None = None
    value: Json = None
    error: str | None = None
    cause: str | None = None


class Request(NamedTuple):
    """What is to be tested, with everything read. `mock` and `context` are None where not given; `read` is of a Map with an ItemReader."""

    tested: Tested
    input_text: str
    input: Json
    level: str
    role_arn: str | None
    variables: dict[str, Json]
    mock: Mock | None
    context: dict[str, Json] | None
    retry_count: int
    failure_count: int | None
    read: ReadItems | None


def read(given: Mapping[str, Any]) -> Request:
    """The request that boto3's keyword arguments make. Raises the exceptions of `api_errors`, as AWS would refuse it."""
    parameters.check(given)
    configuration = given.get("stateConfiguration", {})
    mock_given = given.get("mock")
    if mock_given is not None:
        _check_mock_fields(mock_given)
    tested = one_state_definition.find(given["definition"], given.get("stateName"))
    _check_type(tested, mock_given is not None, given.get("roleArn"))
    input_text = given.get("input", "{}")
    context = _context(given.get("context"), mock_given is not None)
    mock = _mock(mock_given, tested) if mock_given is not None else None
    failure_count = configuration.get("mapIterationFailureCount")
    if failure_count is not None and mock is not None and isinstance(mock.value, list) and failure_count > len(mock.value):
        raise too_many_failures()
    _check_origin(configuration.get("errorCausedByState"), tested)
    return Request(
        tested=tested,
        input_text=input_text,
        input=_input(input_text),
        level=given.get("inspectionLevel", "INFO"),
        role_arn=given.get("roleArn"),
        variables=_variables(given.get("variables", "{}")),
        mock=mock,
        context=context,
        retry_count=configuration.get("retrierRetryCount", 0),
        failure_count=failure_count,
        read=_read(tested, configuration.get("mapItemReaderData")),
    )


def too_many_failures() -> ValidationException:
    return ValidationException("Map iteration failure count must be less than or equal to the number of Map iterations")


# ---------------------------------------------------------------- the state and what is said of it


def _check_mock_fields(mock: Mapping[str, Any]) -> None:
    given = [field for field in ("result", "errorOutput") if field in mock]
    if len(given) == 2:
        raise ValidationException("A test mock should have only one of the following fields: [result, errorOutput].")
    if not given:
        raise ValidationException("A test mock should have one of the following fields: [result, errorOutput].")


def _check_type(tested: Tested, mocked: bool, role_arn: str | None) -> None:
    if mocked and tested.type not in MOCKABLE:
        raise ValidationException(f"State type '{tested.type}' is not supported when a mock is specified")
    if not mocked and tested.type in CONTAINERS:
        raise InvalidDefinition(NOT_WITHOUT_MOCK)
    if role_arn is not None and not _ROLE.fullmatch(role_arn):
        raise InvalidArn(f"Invalid Arn: 'Invalid ARN prefix: {role_arn}'")
    if mocked or tested.type != "Task":
        return
    if role_arn is None:
        raise ValidationException("RoleArn must be specified when testing a Task state")
    resource = parse_resource(tested.state["Resource"])
    if resource.family == ACTIVITY or resource.pattern in (CALLBACK, SYNC):
        what = "an Activity" if resource.family == ACTIVITY else f"the {resource.pattern} service integration pattern"
        raise InvalidDefinition(f"TestState API does not support {what} unless a mock is specified")


def _check_origin(name: str | None, tested: Tested) -> None:
    """The state that an error comes from is one inside the Map or Parallel."""
    if name is not None and tested.type in CONTAINERS and name not in one_state_definition.names_inside(tested.state):
        raise ValidationException(f"State '{name}' of errorCausedByState not found in the {tested.type} state")


# ---------------------------------------------------------------- the texts


def _input(text: str) -> Json:
    try:
        return values.loads(text)
    except JSONDecodeError as fault:
        raise InvalidExecutionInput(f"Invalid State Machine Execution Input: '{_jackson(text, fault)}'") from None


def _jackson(text: str, fault: JSONDecodeError) -> str:
    """What is wrong with a text, in AWS's words where they are known."""
    found = text[fault.pos : fault.pos + 1]
    if found and fault.msg.startswith("Expecting property name"):
        return f"Unexpected character ('{found}' (code {ord(found)})): was expecting double-quote to start field name"
    message: str = not_json(text, fault).diagnostic.message
    return message.partition("\n at ")[0]


def _variables(text: str) -> dict[str, Json]:
    try:
        found = values.loads(text)
    except ValueError as fault:
        raise ValidationException(f"Variables must be valid JSON: {fault}") from None
    if not isinstance(found, dict):
        raise ValidationException("Variables must be a JSON object")
    return found


def _context(text: str | None, mocked: bool) -> dict[str, Json] | None:
    if text is None:
        return None
    if not mocked:
        raise ValidationException("A Context object can only be specified when a mock is specified")
    try:
        found = values.loads(text)
    except ValueError:
        raise ValidationException("Context object must be valid JSON") from None
    parameters.check_context(found)
    checked: dict[str, Json] = found
    return checked


def _mock(given: Mapping[str, Any], tested: Tested) -> Mock:
    if "errorOutput" in given:
        output = given["errorOutput"]
        if "error" not in output:
            raise ValidationException("A test mock with an errorOutput must have the field 'error'")
        return Mock(error=output["error"], cause=output.get("cause"))
    text = given["result"]
    try:
        value = values.loads(text)
    except ValueError:
        raise ValidationException("Mocked result must be valid JSON") from None
    _check_result(value, tested, given.get("fieldValidationMode", service_models.STRICT))
    return Mock(text, value)


def _check_result(value: Json, tested: Tested, mode: str) -> None:
    """A mocked result is an array or object where the state gives one, and what the service can answer."""
    if tested.type == "Map" and "ResultWriter" in tested.state:
        if not isinstance(value, dict):
            raise ValidationException("Mocked result must be a JSON object.")
    elif tested.type in CONTAINERS:
        if not isinstance(value, list):
            raise ValidationException("Mocked result must be an array.")
    else:
        checked = service_models.check_result(tested.state["Resource"], value, mode)
        if checked.faults:
            raise ValidationException(service_models.PREFIX + checked.faults[0])
        if checked.unchecked == service_models.NO_BOTOCORE:
            warnings.warn(f"The mocked result is not checked: {service_models.NO_BOTOCORE}", NotChecked, stacklevel=5)


def _read(tested: Tested, text: str | None) -> ReadItems | None:
    """What the ItemReader of a Map finds, None where it has none or the test does not say."""
    if text is None or tested.type != "Map" or "ItemReader" not in tested.state:
        return None
    try:
        return read_items(tested.state["ItemReader"], text)
    except NotReadable as fault:
        raise ValidationException(f"mapItemReaderData cannot be read: {fault}") from None
