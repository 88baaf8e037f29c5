"""Whether AWS has what an `aws-sdk:` Resource calls, and whether a mocked error has a name that the service could give.

Services, operations and error shapes are those of the models that botocore brings; without botocore nothing is said. Names of errors are
those of the AWS SDK for Java 2: the shape with `Exception` at its end, behind the service; an error without a shape of its own comes as
`S3.S3Exception`. Only a doubt is told of them, as a model does not list all.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html, recordings, and for the two spellings of
DynamoDB https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html
"""

from __future__ import annotations

import re
from typing import Any

from states.definition.hints import did_you_mean
from states.interpreter.resources import SERVICE, Resource
from states.testing import service_models

SDK_PREFIX = "aws-sdk:"

#: How the names of errors begin, by service, where it is known exactly.
PREFIXES = {"dynamodb": "DynamoDb", "sfn": "Sfn", "secretsmanager": "SecretsManager", "s3": "S3"}

#: Errors of the SDK itself, which any service may show.
OF_THE_SDK = ("Sdk", "ApiCall", "Abort", "Retryable", "Crt")


class UnknownServiceError(UserWarning):
    """A mocked error has a name that the API model of its service does not have: a Catch of it may never be taken on AWS."""


def call_fault(resource: Resource) -> str:
    """That AWS has no such service or operation, of an `aws-sdk:` Resource; empty when it has, or when that is not known."""
    if resource.family != SERVICE or not resource.type.startswith(SDK_PREFIX):
        return ""
    service = resource.type.removeprefix(SDK_PREFIX)
    try:
        model = service_models.model_of(resource)
        if model is None:
            return _joined(f"botocore has no service {service!r}", _near(service, service_models.known_services()))
    except ModuleNotFoundError:
        return ""
    if service_models.operation_of(model, resource.api) is not None:
        return ""
    names = [name[0].lower() + name[1:] for name in model.operation_names]
    return _joined(f"{service!r} has no operation {resource.api!r}", did_you_mean(resource.api, names))


def error_doubt(resource: Resource, error: str | None) -> str:
    """Why an `aws-sdk:` task would not fail with an error of this name; empty when it could, or when that is not known."""
    prefix, dot, name = (error or "").partition(".")
    if not dot or resource.family != SERVICE or not resource.type.startswith(SDK_PREFIX):
        return ""
    service = resource.type.removeprefix(SDK_PREFIX)
    try:
        model = service_models.model_of(resource)
    except ModuleNotFoundError:
        return ""
    if model is None or _plain(prefix) not in {_plain(service), _plain(model.metadata.get("serviceId", service))}:
        return ""
    right = PREFIXES.get(service, prefix)
    known = {_exception(shape.name) for shape in model.error_shapes} | {f"{right}Exception"}
    if name in known or name.startswith(OF_THE_SDK):
        return (
            "" if prefix == right else f'errors of {resource.type} begin with "{right}.", not "{prefix}."; did you mean "{right}.{name}"?'
        )
    near = _exception(name) if _exception(name) in known else _nearest(name, known)
    if near:
        return f'{service!r} has no error {name!r}; did you mean "{right}.{near}"?'
    if name.endswith("Exception"):
        return ""
    return (
        f'{service!r} has no error {name!r}: names there end with "Exception", and one without a shape comes as "{right}.{right}Exception"'
    )


def _exception(shape: str) -> str:
    """The SDK's name of an error shape.

    >>> [_exception(name) for name in ("NoSuchKey", "DBClusterNotFoundFault", "ResourceInUseException")]
    ['NoSuchKeyException', 'DbClusterNotFoundException', 'ResourceInUseException']
    """
    name: str = service_models.sdk_name(shape)
    return name if name.endswith("Exception") else f"{name.removesuffix('Fault')}Exception"


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower()).removesuffix("service")


def _nearest(name: str, known: Any) -> str:
    return did_you_mean(name, sorted(known)).removeprefix('did you mean "').removesuffix('"?')


def _near(service: str, known: list[str]) -> str:
    """Names of services are short: `s4` is half of `s3`."""
    from difflib import get_close_matches

    near = get_close_matches(
        service.lower(), [name for name in known if abs(len(name) - len(service)) <= 4], 1, 0.5 if len(service) <= 4 else 0.7
    )
    return f'did you mean "{near[0]}"?' if near else ""


def _joined(fault: str, hint: str) -> str:
    return f"{fault}; {hint}" if hint else fault
