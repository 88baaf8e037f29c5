"""The state machines of a template: CloudFormation, SAM, cdk.out, and serverless.yml.

Finds them and says how each is read; none is read before somebody asks.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html;
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html;
https://github.com/serverless-operations/serverless-step-functions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from states.definition.diagnostics import WARNING
from states.definition.formats.documents import Document, Part
from states.definition.formats.found import (
    DEFINITION_ELSEWHERE,
    NO_DEFINITION_FOUND,
    SERVERLESS_STATE_MACHINE,
    SERVERLESS_YML,
    STATE_MACHINE,
    Found,
    unreadable,
)
from states.definition.formats.intrinsics import Resolver, called, mapping
from states.definition.formats.making import from_text, from_tree
from states.definition.source import Source

#: Reads the definition in another file: the place where it is named, and the substitutions.
ReadFile = Callable[[Part, str, Mapping[str, Any]], Source]

TYPES = ("STANDARD", "EXPRESS")
FILE = re.compile(r"\$\{file\(([^)]+)\)\}\s*\Z")


def machines(document: Document, given: Mapping[str, Any], read_file: ReadFile) -> list[Found]:
    """Every machine of a template, in its order."""
    whole = document.whole()
    found = of_resources(whole, Resolver(mapping(document.value), given), read_file)
    resources = whole.get("resources")  # serverless.yml has CloudFormation in it
    resolver = Resolver(mapping(resources.value) if resources is not None else {}, given)
    served = whole.get("stepFunctions")
    if served is not None:
        found += [of_serverless(name, part, resolver, read_file) for name, part in members(served, "stateMachines")]
    if resources is not None:
        found += of_resources(resources, resolver, read_file)
    return found


def of_resources(template: Part, resolver: Resolver, read_file: ReadFile) -> list[Found]:
    """The machines among the resources of a template."""
    found = (of_resource(name, part, resolver, read_file) for name, part in members(template, "Resources"))
    return [one for one in found if one is not None]


def members(part: Part, name: str) -> Iterator[tuple[str, Part]]:
    inner = part.get(name)
    if inner is not None:
        yield from inner.members()


def of_resource(name: str, resource: Part, resolver: Resolver, read_file: ReadFile) -> Found | None:
    """The machine of a resource, None when it is something else."""
    kind = mapping(resource.value).get("Type")
    if kind not in (STATE_MACHINE, SERVERLESS_STATE_MACHINE):
        return None

    def read() -> Source:
        return read_resource(name, resource, resolver, read_file)

    properties = resource.get("Properties")
    stated = properties and properties.get("StateMachineType" if kind == STATE_MACHINE else "Type")
    return described(name, resource, kind, read, type_of(stated, resolver))


def of_serverless(name: str, machine: Part, resolver: Resolver, read_file: ReadFile) -> Found:
    def read() -> Source:
        definition = machine.get("definition")
        if definition is None:
            raise nothing(name, machine)
        return read_definition(definition, resolver, read_file, resolver.given, is_typed=True)

    return described(name, machine, SERVERLESS_YML, read, type_of(machine.get("type"), resolver))


def described(name: str, part: Part, kind: str, read: Callable[[], Source], type: str | None) -> Found:
    path = part.document.path
    line, column = part.place
    return Found(name, f"{path}#{name}", path, kind, read, type, line, column)


def type_of(stated: Part | None, resolver: Resolver) -> str | None:
    found = resolver.text(stated).string.upper() if stated is not None else None
    return found if found in TYPES else None


def read_resource(name: str, resource: Part, resolver: Resolver, read_file: ReadFile) -> Source:
    """The definition of a resource: the first there is of what AWS knows."""
    properties = resource.get("Properties")
    if properties is None:
        raise nothing(name, resource)
    stated = properties.get("DefinitionSubstitutions")
    own = {key: resolver.text(member).string for key, member in stated.members()} if stated is not None else {}
    values = {**own, **resolver.given}
    for field in ("DefinitionString", "Definition"):
        definition = properties.get(field)
        if definition is not None:
            return read_definition(definition, resolver, read_file, values)
    for field in ("DefinitionUri", "DefinitionS3Location"):
        elsewhere = properties.get(field)
        if elsewhere is not None:
            return read_elsewhere(elsewhere, read_file, values)
    raise nothing(name, resource)


def read_definition(part: Part, resolver: Resolver, read_file: ReadFile, values: Mapping[str, Any], *, is_typed: bool = False) -> Source:
    """A definition that stands in the template, as a text, as a value, or as a file's name."""
    included = FILE.match(part.value) if type(part.value) is str else None
    if included:
        return read_file(part, included[1].strip(), values)
    function, argument = called(part)
    if function == "Fn::Transform" and argument is not None:
        return read_included(part, argument, read_file, values)
    if argument is not None or type(part.value) is not dict:
        document = part.document
        return from_text(resolver.text(part), document.text, document.path, values, part.place)
    value, entry = resolver.resolved(part)
    return from_tree(part.document, value, entry, part.location, values, is_typed=is_typed)


def read_included(part: Part, argument: Part, read_file: ReadFile, values: Mapping[str, Any]) -> Source:
    """`Fn::Transform` with AWS::Include of a file; any other macro is not run."""
    parameters = argument.get("Parameters")
    location = parameters.get("Location") if parameters is not None else None
    if mapping(argument.value).get("Name") != "AWS::Include" or location is None:
        raise elsewhere(part, "The definition is made by a macro, which is not run here")
    return read_elsewhere(location, read_file, values)


def read_elsewhere(part: Part, read_file: ReadFile, values: Mapping[str, Any]) -> Source:
    if type(part.value) is not str or "://" in part.value:
        raise elsewhere(part, "The definition lies in S3; it was not looked at")
    return read_file(part, part.value, values)


def elsewhere(part: Part, message: str) -> Exception:
    return unreadable(DEFINITION_ELSEWHERE, message, part.document.path, part.place, WARNING)


def nothing(name: str, part: Part) -> Exception:
    return unreadable(NO_DEFINITION_FOUND, f"The state machine {name} has no definition", part.document.path, part.place)
