"""Whether a request is one that AWS takes: what a Task asks a service for, checked against the API model that botocore brings.

`check_request` takes the Parameters or Arguments of a Task after their evaluation. Fields have Step Functions' names: those of the AWS SDK
for Java 2 with a capital after `aws-sdk:`, those of the API with a capital in an optimized integration. What is not known to be refused
is let pass: patterns, bounds and enumerations, a number as text, JSON where text is carried, `null` (which AWS takes as absent).

Source: recordings, and https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from states.definition.hints import did_you_mean
from states.interpreter.resources import SERVICE, Resource, parse_resource
from states.language.values import type_name
from states.testing import service_models
from states.testing.service_models import NO_BOTOCORE, WITHOUT_MODEL, Checked, optimized_name, sdk_name

Json = Any
Path = tuple[str | int, ...]

DEEPEST = 60  #: levels of a request that are looked at
SHOWN = 5  #: fields that are listed

#: Structures (service, shape) that an optimized integration also takes as a text: published machines of AWS have `{"id": "x"}`.
TEXT_TOO = {("dynamodb", "AttributeValue")}

#: Optimized integrations whose requests are not those of an API.
OTHERWISE = WITHOUT_MODEL | {"emr-containers", "databrew", "elasticmapreduce"}

#: `service:api` of an optimized integration -> fields that may be any JSON, and fields besides those of the API.
ANY_JSON = {
    "sqs:sendMessage": {"MessageBody"},
    "sns:publish": {"Message"},
    "events:putEvents": {"Detail"},
    "states:startExecution": {"Input"},
}
MORE = {"bedrock:invokeModel": ("Input", "Output")}

#: Members that hold JSON as text: `aws-sdk:sfn:startExecution` was recorded to take an object.
TEXT_OF_JSON = {"Input", "Output", "Detail", "MessageBody", "Message", "Payload", "Body", "Policy", "PolicyDocument", "SecretString"}

#: Ends of the names of texts that no JSON can stand for.
NAMES = ("Name", "Arn", "ARN", "Id", "Url", "Bucket")

#: Members that the SDK for Java calls otherwise: `NULL`, and the words of its language, which get `Value` behind them.
RENAMED = {"NULL": "Nul"}
_JAVA = """abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally
float for goto if implements import instanceof int interface long native new null package private protected public return short static
strictfp super switch synchronized this throw throws transient true try void volatile while"""
JAVA_WORDS = frozenset(_JAVA.split())

#: Required members that are filled in for whoever leaves them out.
FILLED_IN = {("aws-sdk:glacier", "accountId")}


class _Plain(NamedTuple):
    """A shape as botocore has it, of what is known without a model."""

    type_name: str
    name: str = ""
    members: dict[str, Any] = {}
    required_members: tuple[str, ...] = ()
    metadata: dict[str, Any] = {}
    serialization: dict[str, Any] = {}


#: The request of `lambda:invoke`, the commonest: a model takes a third of a second to load.
_TEXT = _Plain("string")
INVOKE = _Plain(
    "structure",
    members={
        "Payload": _Plain("blob"),
        **dict.fromkeys(("FunctionName", "InvocationType", "LogType", "ClientContext", "Qualifier"), _TEXT),
        **dict.fromkeys(("TenantId", "DurableExecutionName"), _TEXT),
    },
    required_members=("FunctionName",),
)


def check_request(resource: str, request: Json, *, failing: bool = False) -> Checked:
    """What AWS would refuse in the request of a Task with this Resource: each fault with the path of its field, the first one first.

    `failing` is for a task that fails: then a required field may be null, as that may be why.
    """
    parsed = parse_resource(resource)
    try:
        shape, why = _shape(parsed)
    except ModuleNotFoundError:
        return Checked(unchecked=NO_BOTOCORE)
    if shape is None:
        return Checked(unchecked=why)
    called = f"{parsed.type}:{parsed.api}"
    is_sdk = parsed.type.startswith("aws-sdk:")
    free = TEXT_OF_JSON if is_sdk else frozenset(ANY_JSON.get(called, ()))
    rules = _Rules(_sdk_names if is_sdk else _optimized_names, frozenset(free), MORE.get(called, ()), failing, parsed.type)
    return Checked(tuple(_check(shape, request, (), rules)))


class _Rules(NamedTuple):
    """`names` gives the names that a member may have, the right one first; fields in `free` may be anything, `more` are no members."""

    names: Callable[[str], tuple[str, ...]]
    free: frozenset[str]
    more: tuple[str, ...]
    failing: bool
    service: str


def _shape(resource: Resource) -> tuple[Any, str]:
    """The shape of the request, or None and why there is none."""
    if resource.is_invoke:
        return (INVOKE, "") if service_models.has_botocore() else (None, NO_BOTOCORE)
    if resource.family != SERVICE or resource.type in OTHERWISE:
        return None, f"{resource.arn} has no API model"
    model = service_models.model_of(resource)
    name = service_models.operation_of(model, resource.api) if model is not None else None
    if name is None:
        return None, f"botocore has no {resource.api} of {resource.type!r}"
    return model.operation_model(name).input_shape, f"{resource.api} asks for nothing"


# ---------------------------------------------------------------- names


def _optimized_names(member: str) -> tuple[str, ...]:
    return (optimized_name(member),)


def _sdk_names(member: str) -> tuple[str, ...]:
    """The names after `aws-sdk:`.

    >>> _sdk_names("bucket"), _sdk_names("DBInstances"), _sdk_names("static")
    (('Bucket',), ('DbInstances', 'DBInstances'), ('Static', 'StaticValue'))
    """
    names = [sdk_name(member), optimized_name(member)]
    if member in RENAMED:
        names.append(RENAMED[member])
    elif member.lower() in JAVA_WORDS:
        names.append(f"{optimized_name(member)}Value")
    return tuple(dict.fromkeys(names))


def _is_sure(member: str) -> bool:
    """Whether there is only one way to write a member: no abbreviation in capitals, no digit."""
    return not any(one.isdigit() or (one.isupper() and after.isupper()) for one, after in zip(member, f"{member[1:]} ", strict=True))


# ---------------------------------------------------------------- a value and its shape


def _check(shape: Any, value: Json, path: Path, rules: _Rules) -> Iterator[str]:
    if value is None or len(path) > DEEPEST or getattr(shape, "is_document_type", False):
        return
    check = TYPES.get(shape.type_name)  # bytes may be any JSON, as recorded of `aws-sdk:s3:putObject`
    if check is not None:
        yield from check(shape, value, path, rules)


def _structure(shape: Any, value: Json, path: Path, rules: _Rules) -> Iterator[str]:
    if not isinstance(value, dict):
        if not (isinstance(value, str) and ((rules.service, shape.name) in TEXT_TOO or value.startswith("${"))):
            yield _wrong(path, value, "an object")
        return
    known = {name: member for member in shape.members for name in reversed(rules.names(member))}
    loose = {member.lower(): member for member in shape.members if not _is_sure(member)}
    given, hints = {}, ""
    for field, item in value.items():
        if field in known:
            given[known[field]] = item
        elif field.lower() in loose and field[:1].isupper():
            given[loose[field.lower()]] = item
        elif path or field not in rules.more:
            fault = _unknown(field, path, [rules.names(member)[0] for member in shape.members])
            hints += fault
            yield fault
    for member in shape.required_members:
        name = rules.names(member)[0]
        if _is_missing(shape, member, given, rules) and f'mean "{name}"' not in hints:
            yield f"{_shown((*path, name))} is {'null' if member in given else 'missing'}, and is required"
    for member, item in given.items():
        if rules.names(member)[0] not in rules.free:
            yield from _check(shape.members[member], item, (*path, rules.names(member)[0]), rules)


def _is_missing(shape: Any, member: str, given: dict[str, Json], rules: _Rules) -> bool:
    if shape.members[member].metadata.get("idempotencyToken") or (rules.service, member) in FILLED_IN:
        return False
    return member not in given or (given[member] is None and not rules.failing)


def _list(shape: Any, value: Json, path: Path, rules: _Rules) -> Iterator[str]:
    if not isinstance(value, list):
        yield _wrong(path, value, "an array")
        return
    for index, item in enumerate(value):
        yield from _check(shape.member, item, (*path, index), rules)


def _map(shape: Any, value: Json, path: Path, rules: _Rules) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _wrong(path, value, "an object")
        return
    for key, item in value.items():
        yield from _check(shape.value, item, (*path, key), rules)


def _text(shape: Any, value: Json, path: Path, _: _Rules) -> Iterator[str]:
    """An object or array becomes its JSON where that may be meant: not in a name."""
    if isinstance(value, str) or shape.serialization.get("jsonvalue"):
        return
    if not isinstance(value, (dict, list)) or shape.metadata.get("enum") or str(path[-1]).endswith(NAMES):
        yield _wrong(path, value, "a string")


def _number(_: Any, value: Json, path: Path, __: _Rules) -> Iterator[str]:
    if isinstance(value, bool) or not (isinstance(value, (int, float)) or _is_written(value, _is_number)):
        yield _wrong(path, value, "a number")


def _boolean(_: Any, value: Json, path: Path, __: _Rules) -> Iterator[str]:
    if not isinstance(value, bool) and not _is_written(value, lambda text: text.lower() in ("true", "false")):
        yield _wrong(path, value, "a boolean")


def _timestamp(_: Any, value: Json, path: Path, __: _Rules) -> Iterator[str]:
    if isinstance(value, (bool, dict, list)):
        yield _wrong(path, value, "a timestamp")


#: botocore's names of types -> who checks a value.
TYPES: dict[str, Callable[[Any, Json, Path, _Rules], Iterator[str]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _text,
    "character": _text,
    **dict.fromkeys(("integer", "long", "float", "double"), _number),
    "boolean": _boolean,
    "timestamp": _timestamp,
}


def _is_written(value: Json, test: Callable[[str], bool]) -> bool:
    """Whether a text may stand for another type: AWS was not seen to refuse it, or a template fills it in."""
    return isinstance(value, str) and (test(value) or value.startswith("${"))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


# ---------------------------------------------------------------- messages


def _wrong(path: Path, value: Json, expected: str) -> str:
    kind = type_name(value)
    return f"{_shown(path)} is {'an' if kind[0] in 'ao' else 'a'} {kind}; expected {expected}"


def _unknown(field: str, path: Path, known: list[str]) -> str:
    if not known:
        return f"{_shown((*path, field))} is no field; expected none"
    hint = did_you_mean(field, known)
    listed = ", ".join(sorted(known)[:SHOWN]) + (" ..." if len(known) > SHOWN else "")
    return f"{_shown((*path, field))} is no field of it; {hint or f'there is {listed}'}"


def _shown(path: Path) -> str:
    """A path as it is written: `Entries[0].Detail`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:80]}" for part in path).removeprefix(".")
    return text or "the request"
