"""Whether a mocked result is one that the service could give: checked against the API models that botocore brings.

`check_result` asks for the model of what a Task's Resource calls: an optimized integration, an `aws-sdk:` one, or the call whose answer a
`.sync` one waits for. Fields have the names Step Functions gives them: those of the AWS SDK for Java 2, with a capital (`DbInstances`).
A field that the API does not have is let pass, as AWS does; patterns of texts are not looked at. Without botocore, or for a Resource
without a model (functions by ARN, activities, callback tasks, API Gateway, HTTP), nothing is checked and the answer says so.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html, recordings, and
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html for the names of services and fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from states.interpreter.resources import CALLBACK, SERVICE, SYNC, Resource, parse_resource

Json = Any

STRICT, PRESENT, NONE = "STRICT", "PRESENT", "NONE"
MODES = (STRICT, PRESENT, NONE)

PREFIX = "Mock result schema validation error: "  #: what AWS writes before a fault
NO_BOTOCORE = "botocore is not installed; install it with: pip install 'states[aws]'"


class Checked(NamedTuple):
    """`faults` are all that is wrong with a result, in AWS's words without PREFIX, the first one first; empty when nothing is.

    `unchecked` says why nothing was looked at; None when it was.
    """

    faults: tuple[str, ...] = ()
    unchecked: str | None = None


#: Names of services in an optimized Resource -> in botocore, where they are not the same.
OPTIMIZED = {"states": "stepfunctions", "elasticmapreduce": "emr", "bedrock": "bedrock-runtime"}

#: Names of services after `aws-sdk:` -> in botocore, where it is not the name without hyphens.
SDK = {
    "sfn": "stepfunctions",
    "eventbridge": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "costexplorer": "ce",
    "databasemigration": "dms",
    "directory": "ds",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearch": "es",
    "lexmodelbuilding": "lex-models",
    "lexruntime": "lex-runtime",
    "transcribestreaming": "transcribe",
    "configservice": "config",
    "applicationdiscovery": "discovery",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "costandusagereport": "cur",
}

#: Bounds of shapes (service, shape) that TestState was recorded to hold to where newer models have others.
RECORDED_BOUNDS: dict[tuple[str, str], dict[str, float]] = {("lambda", "MemorySize"): {"min": 128, "max": 10_240}}

#: Services without an API model of their own: what they answer is the caller's affair.
WITHOUT_MODEL = frozenset({"apigateway", "http", "eks", "activity"})

#: `service:api` of a `.sync` integration -> the structure of the model that it ends with.
SYNC_RESULTS = {
    "states:startExecution": "DescribeExecutionOutput",
    "athena:startQueryExecution": "GetQueryExecutionOutput",
    "batch:submitJob": "JobDetail",
    "ecs:runTask": "Task",
    "glue:startJobRun": "JobRun",
    "sagemaker:createProcessingJob": "DescribeProcessingJobResponse",
    "sagemaker:createTrainingJob": "DescribeTrainingJobResponse",
    "sagemaker:createTransformJob": "DescribeTransformJobResponse",
}

#: Fields that an optimized integration gives as JSON of any kind, where the API has text or bytes.
AS_JSON = {
    "lambda:invoke": frozenset({"Payload"}),
    "bedrock:invokeModel": frozenset({"Body"}),
    "states:startExecution.sync:2": frozenset({"Input", "Output"}),
}


def check_result(resource: str, value: Json, mode: str = STRICT) -> Checked:
    """What is wrong with a mocked result of a Task with this Resource.

    PRESENT looks at the types, bounds and enumerations of the fields that are there, STRICT also asks for the required ones, NONE looks
    at nothing. Raises ValueError for another mode.
    """
    if mode not in MODES:
        raise ValueError(f"mode is {', '.join(MODES)}, not {mode!r}")
    if mode == NONE:
        return Checked(unchecked="the mode is NONE")
    shape, why = result_shape(resource)
    if shape is None:
        return Checked(unchecked=why)
    parsed = parse_resource(resource)
    naming = sdk_name if parsed.type.startswith("aws-sdk:") else optimized_name
    rules = _Rules(parsed.type.removeprefix("aws-sdk:"), mode == STRICT, parsed.pattern == SYNC, naming, _free(parsed))
    return Checked(tuple(_structure(shape, value, "", rules)))


class _Rules(NamedTuple):
    """`whole` asks for required fields, `synced` lets a time be a number, `naming` gives the field of a member, `free` may be anything."""

    service: str
    whole: bool
    synced: bool
    naming: Callable[[str], str]
    free: frozenset[str]


def _free(resource: Any) -> frozenset[str]:
    known: frozenset[str] = AS_JSON.get(f"{resource.type}:{resource.action}", AS_JSON.get(f"{resource.type}:{resource.api}", frozenset()))
    return known


# ---------------------------------------------------------------- the model of a Resource


def result_shape(resource: str) -> tuple[Any, str]:
    """botocore's shape of the result of a Resource, or None and why there is none."""
    parsed = parse_resource(resource)
    service = parsed.type.removeprefix("aws-sdk:")
    if parsed.family != SERVICE or parsed.type in WITHOUT_MODEL:
        return None, f"{resource} has no API model"
    if parsed.pattern == CALLBACK:
        return None, "the result of a task token is what somebody sends"
    try:
        model = model_of(parsed)
    except ModuleNotFoundError:
        return None, NO_BOTOCORE
    if model is None:
        return None, f"botocore has no service {service!r}"
    if parsed.pattern == SYNC:
        name = SYNC_RESULTS.get(f"{parsed.type}:{parsed.api}")
        if name is None or name not in model.shape_names:
            return None, f"what {resource} ends with is not modelled here"
        return model.shape_for(name), ""
    name = operation_of(model, parsed.api)
    if name is None:
        return None, f"botocore has no {parsed.api} of {service!r}"
    return model.operation_model(name).output_shape, f"{parsed.api} answers nothing"


def model_of(resource: Resource) -> Any:
    """botocore's model of the service that a Resource calls, None when there is none. ModuleNotFoundError without botocore."""
    service = resource.type.removeprefix("aws-sdk:")
    return _model(OPTIMIZED.get(service, service) if service == resource.type else SDK.get(service, service))


def operation_of(model: Any, api: str) -> str | None:
    """The operation of a model that `putItem` in a Resource calls, None when there is none."""
    wanted = api.lower()
    return next((name for name in model.operation_names if name.lower() == wanted), None)


def known_services() -> list[str]:
    """The names of services that a model is found for. ModuleNotFoundError without botocore."""
    return sorted({*_session()[1], *SDK})


def has_botocore() -> bool:
    """Whether botocore is installed; it is not loaded."""
    from importlib.util import find_spec

    return find_spec("botocore") is not None


@lru_cache(maxsize=64)
def _model(service: str) -> Any:
    """botocore's model of a service named as in a Resource, None when there is none. ModuleNotFoundError without botocore."""
    session, names = _session()
    name = names.get(service.replace("-", ""))
    return session.get_service_model(name) if name is not None else None


@lru_cache(maxsize=1)
def _session() -> tuple[Any, dict[str, str]]:
    import botocore.session  # the one place
    from botocore import utils

    session = botocore.session.get_session()
    names = {name.replace("-", ""): name for name in session.get_available_services()}
    ids: dict[str, str] = getattr(utils, "CLIENT_NAME_TO_HYPHENIZED_SERVICE_ID_OVERRIDES", {})
    for name, service_id in ids.items():  # by which Step Functions calls them, some without the word `service`
        names.setdefault(service_id.replace("-", ""), name)
        names.setdefault(service_id.replace("-", "").removesuffix("service"), name)
    return session, names


def sdk_name(member: str) -> str:
    """What an `aws-sdk:` integration calls a member of an API's structure: as the AWS SDK for Java 2 does, with a capital.

    >>> [sdk_name(name) for name in ("executionArn", "StatusCode", "DBInstances", "ETag", "SSEKMSKeyId", "ARN")]
    ['ExecutionArn', 'StatusCode', 'DbInstances', 'ETag', 'SsekmsKeyId', 'Arn']
    """
    end = 1
    while end < len(member) and member[end].isupper() and not (end + 1 < len(member) and member[end + 1].islower()):
        end += 1
    return member[0].upper() + member[1:end].lower() + member[end:]


def optimized_name(member: str) -> str:
    """What an optimized integration calls it: as the API does, with a capital.

    >>> [optimized_name(name) for name in ("executionArn", "MD5OfMessageBody")]
    ['ExecutionArn', 'MD5OfMessageBody']
    """
    return member[0].upper() + member[1:]


# ---------------------------------------------------------------- a value and its shape


def _structure(shape: Any, value: Json, name: str, rules: _Rules) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"Field '{name}' must be an object" if name else "Mock result must be an object"
        return
    members = {rules.naming(member): inner for member, inner in shape.members.items()}
    if rules.whole:
        for required in map(rules.naming, shape.required_members):
            if required not in value:
                yield f"Required field '{required}' is missing"
    for field, item in value.items():
        if field in members and field not in rules.free:
            yield from _check(members[field], item, field, rules._replace(free=frozenset()))


def _list(shape: Any, value: Json, name: str, rules: _Rules) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"Field '{name}' must be an array"
        return
    yield from _length(shape, len(value), name)
    for item in value:
        yield from _check(shape.member, item, name, rules)


def _map(shape: Any, value: Json, name: str, rules: _Rules) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"Field '{name}' must be an object"
        return
    yield from _length(shape, len(value), name)
    for key, item in value.items():
        yield from _check(shape.value, item, key, rules)


def _text(shape: Any, value: Json, name: str, _: _Rules) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"Field '{name}' must be a string"
    elif shape.enum and value not in shape.enum:
        yield f"Field '{name}' is not an expected value"
    else:
        yield from _length(shape, len(value), name)


def _blob(shape: Any, value: Json, name: str, _: _Rules) -> Iterator[str]:
    """Bytes are text, in base64 as a rule: 4 characters for 3 bytes."""
    if not isinstance(value, str):
        yield f"Field '{name}' must be a string"
    else:
        yield from _length(shape, len(value) if len(value) < 4 else len(value) * 3 // 4, name)


def _number(shape: Any, value: Json, name: str, rules: _Rules) -> Iterator[str]:
    bounds = RECORDED_BOUNDS.get((rules.service, shape.name), shape.metadata)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield f"Field '{name}' must be a number"
    elif value < bounds.get("min", value):
        yield f"Field '{name}' is less than the minimum value"
    elif value > bounds.get("max", value):
        yield f"Field '{name}' exceeds the maximum value"


def _boolean(_: Any, value: Json, name: str, __: _Rules) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"Field '{name}' must be a boolean"


def _timestamp(_: Any, value: Json, name: str, rules: _Rules) -> Iterator[str]:
    if rules.synced and isinstance(value, (int, float)) and not isinstance(value, bool):
        return
    if not isinstance(value, str):
        yield f"Field '{name}' must be a string"


def _length(shape: Any, length: int, name: str) -> Iterator[str]:
    if length < shape.metadata.get("min", length):
        yield f"Field '{name}' is smaller than the minimum length"
    elif length > shape.metadata.get("max", length):
        yield f"Field '{name}' exceeds the maximum length"


#: botocore's names of types -> who checks a value.
TYPES: dict[str, Callable[[Any, Json, str, _Rules], Iterator[str]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _text,
    "character": _text,
    "blob": _blob,
    "integer": _number,
    "long": _number,
    "float": _number,
    "double": _number,
    "boolean": _boolean,
    "timestamp": _timestamp,
}


def _check(shape: Any, value: Json, name: str, rules: _Rules) -> Iterator[str]:
    if getattr(shape, "is_document_type", False):
        return
    yield from TYPES[shape.type_name](shape, value, name, rules)
