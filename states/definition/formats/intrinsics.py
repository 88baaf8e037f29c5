"""CloudFormation's functions in a template -> the values they would have: plausible ARNs for Ref and Fn::GetAtt, pieced texts for Fn::Sub.

What nobody can know here (a parameter without default, another stack's export) stays a `${Name}`, which the rules take for any text and
which can be replaced by a substitution of that name.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from states.definition.formats.documents import Part, plain
from states.definition.formats.places import Piece, Text
from states.definition.positions import Entry

ACCOUNT, REGION = "123456789012", "us-east-1"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "stack",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/stack/00000000-0000-0000-0000-000000000000",
}
NO_VALUE = {"Ref": "AWS::NoValue"}

#: The ARN of a resource after `arn:aws:`; a name of the resource, or its logical id, stands for {}.
ARNS = {
    "AWS::Lambda::Function": "lambda:us-east-1:123456789012:function:{}",
    "AWS::Lambda::Alias": "lambda:us-east-1:123456789012:function:{}:live",
    "AWS::Lambda::Version": "lambda:us-east-1:123456789012:function:{}:1",
    "AWS::Serverless::Function": "lambda:us-east-1:123456789012:function:{}",
    "AWS::StepFunctions::StateMachine": "states:us-east-1:123456789012:stateMachine:{}",
    "AWS::Serverless::StateMachine": "states:us-east-1:123456789012:stateMachine:{}",
    "AWS::StepFunctions::Activity": "states:us-east-1:123456789012:activity:{}",
    "AWS::SNS::Topic": "sns:us-east-1:123456789012:{}",
    "AWS::SQS::Queue": "sqs:us-east-1:123456789012:{}",
    "AWS::DynamoDB::Table": "dynamodb:us-east-1:123456789012:table/{}",
    "AWS::Serverless::SimpleTable": "dynamodb:us-east-1:123456789012:table/{}",
    "AWS::S3::Bucket": "s3:::{}",
    "AWS::IAM::Role": "iam::123456789012:role/{}",
    "AWS::Events::EventBus": "events:us-east-1:123456789012:event-bus/{}",
    "AWS::ECS::Cluster": "ecs:us-east-1:123456789012:cluster/{}",
    "AWS::ECS::TaskDefinition": "ecs:us-east-1:123456789012:task-definition/{}:1",
    "AWS::Batch::JobQueue": "batch:us-east-1:123456789012:job-queue/{}",
    "AWS::Batch::JobDefinition": "batch:us-east-1:123456789012:job-definition/{}:1",
    "AWS::CodeBuild::Project": "codebuild:us-east-1:123456789012:project/{}",
    "AWS::SecretsManager::Secret": "secretsmanager:us-east-1:123456789012:secret:{}",
    "AWS::KMS::Key": "kms:us-east-1:123456789012:key/{}",
    "AWS::Events::Connection": "events:us-east-1:123456789012:connection/{}/00000000-0000-0000-0000-000000000000",
}
#: Resources of which Ref gives the ARN; of others it gives the name.
REF_IS_ARN = {
    "AWS::Lambda::Alias",
    "AWS::Lambda::Version",
    "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::StateMachine",
    "AWS::StepFunctions::Activity",
    "AWS::SNS::Topic",
    "AWS::ECS::TaskDefinition",
    "AWS::Batch::JobQueue",
    "AWS::Batch::JobDefinition",
    "AWS::SecretsManager::Secret",
}
NAMES = ("FunctionName", "StateMachineName", "TopicName", "QueueName", "TableName", "BucketName", "ClusterName", "RoleName", "Name")
IN_SUB = re.compile(r"\$\{(!?)([^${}]+)\}")


class Resolver:
    """Resolves the functions of one template; `given` (the caller's substitutions) wins over what the template says."""

    def __init__(self, template: dict[str, Any], given: Mapping[str, Any]) -> None:
        self.resources = mapping(template.get("Resources"))
        self.parameters = mapping(template.get("Parameters"))
        self.mappings = mapping(template.get("Mappings"))
        self.given = given

    # --- names

    def ref(self, name: str) -> str:
        """What Ref gives.

        >>> Resolver({"Resources": {"Work": {"Type": "AWS::SNS::Topic"}}}, {}).ref("Work")
        'arn:aws:sns:us-east-1:123456789012:Work'
        """
        if name in self.given:
            return plain(self.given[name])
        if name in PSEUDO:
            return PSEUDO[name]
        resource = mapping(self.resources.get(name))
        kind = resource.get("Type")
        if type(kind) is str:
            if kind in REF_IS_ARN:
                return self.arn(name, resource)
            if kind == "AWS::SQS::Queue":
                return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{own_name(name, resource)}"
            return own_name(name, resource)
        parameter = mapping(self.parameters.get(name))
        default, kind = parameter.get("Default"), parameter.get("Type")
        is_looked_up = type(kind) is str and kind.startswith("AWS::SSM")
        if default is None or default == "" or type(default) in (dict, list) or is_looked_up:
            return f"${{{name}}}"
        return plain(default)

    def get_att(self, name: str, attribute: str) -> str:
        """What Fn::GetAtt gives.

        >>> Resolver({"Resources": {"Work": {"Type": "AWS::Lambda::Function"}}}, {}).get_att("Work", "Arn")
        'arn:aws:lambda:us-east-1:123456789012:function:Work'
        """
        whole = f"{name}.{attribute}"
        if whole in self.given:
            return plain(self.given[whole])
        resource = mapping(self.resources.get(name))
        if attribute.endswith("Arn") and resource.get("Type") in ARNS:
            return self.arn(name, resource)
        if attribute.endswith("Name") and resource:
            return own_name(name, resource)
        return f"${{{whole}}}"

    def arn(self, name: str, resource: dict[str, Any]) -> str:
        return f"arn:aws:{ARNS[resource['Type']].format(own_name(name, resource))}"

    def named(self, name: str) -> str:
        """What `${name}` in Fn::Sub gives: a Ref, or with a dot a Fn::GetAtt."""
        logical_id, dot, attribute = name.partition(".")
        return self.get_att(logical_id, attribute) if dot and name not in self.given else self.ref(name)

    # --- texts

    def text(self, part: Part) -> Text:
        """A part that stands for a text, as that text."""
        function, argument = called(part)
        if argument is not None and function in TEXTS:
            return TEXTS[function](self, argument)
        if argument is not None and function in CHOICES:
            chosen = CHOICES[function](self, argument)
            return self.text(chosen) if chosen is not None else unknown(function, argument)
        if argument is not None:
            return unknown(function, argument)
        if type(part.value) in (dict, list):
            return Text([Piece(json.dumps(self.resolved(part)[0], ensure_ascii=False), part.entry.value)])
        return part.text()

    def text_ref(self, argument: Part) -> Text:
        return Text([Piece(self.ref(plain(argument.value)), argument.entry.value)])

    def text_get_att(self, argument: Part) -> Text:
        value = argument.value
        if type(value) is list and len(value) > 1:
            found = self.get_att(plain(value[0]), ".".join(plain(one) for one in value[1:]))
        else:
            found = self.named(plain(value))
        return Text([Piece(found, argument.entry.value)])

    def text_sub(self, argument: Part) -> Text:
        items = argument.items()
        whole = (items[0] if items else argument).text()
        own = dict(items[1].members()) if len(items) > 1 else {}

        def by(match: re.Match[str]) -> str:
            name = match[2].strip()
            if match[1]:
                return f"${{{match[2]}}}"
            return self.text(own[name]).string if name in own else self.named(name)

        return whole.replaced(IN_SUB, by)

    def text_join(self, argument: Part) -> Text:
        items = argument.items()
        if len(items) != 2 or type(items[0].value) is not str:
            return unknown("Fn::Join", argument)
        pieces: list[Piece] = []
        for number, item in enumerate(items[1].items()):
            if number and items[0].value:
                pieces.append(Piece(items[0].value, item.entry.value))
            pieces += self.text(item).pieces
        return Text(pieces)

    def text_json(self, argument: Part) -> Text:
        return Text([Piece(json.dumps(self.resolved(argument)[0], ensure_ascii=False), argument.entry.value)])

    # --- functions that choose one of their arguments

    def choose_if(self, argument: Part) -> Part | None:
        items = argument.items()
        wanted = [item for item in items[1:] if item.value != NO_VALUE]
        return wanted[0] if wanted else None

    def choose_select(self, argument: Part) -> Part | None:
        items = argument.items()
        if len(items) == 2 and str(items[0].value).isdecimal():
            values = items[1].items()
            number = int(str(items[0].value)[:9])
            return values[number] if number < len(values) else None
        return None

    def choose_in_map(self, argument: Part) -> Part | None:
        steps = [self.text(item).string for item in argument.items()]
        value: Any = self.mappings
        for step in steps:
            value = mapping(value).get(step)
        if type(value) not in (str, int, float, bool):
            return None
        return argument._replace(value=value, entry=Entry(-1, argument.entry.value, None))

    # --- values

    def resolved(self, part: Part, level: int = 0) -> tuple[Any, Entry]:
        """A part with its functions called: the value, and its entries."""
        value, entry = part.value, part.entry
        function, argument = called(part)
        if argument is not None:
            chosen = CHOICES[function](self, argument) if function in CHOICES else None
            if chosen is not None:
                value, inner = self.resolved(chosen, level + 1)
                return value, inner._replace(key=entry.key)
            text = self.text(part)
            at = text.pieces[0].at if text.pieces else entry.value
            return text.string, Entry(entry.key, at, None)
        if type(value) is dict:
            kept = {name: self.resolved(member, level + 1) for name, member in part.members() if not is_nothing(member)}
            return {name: one for name, (one, _) in kept.items()}, entry._replace(inner={name: inner for name, (_, inner) in kept.items()})
        if type(value) is list:
            items = [self.resolved(item, level + 1) for item in part.items() if not is_nothing(item)]
            return [one for one, _ in items], entry._replace(inner=[inner for _, inner in items])
        return value, entry


TEXTS: dict[str, Callable[[Resolver, Part], Text]] = {
    "Ref": Resolver.text_ref,
    "Fn::GetAtt": Resolver.text_get_att,
    "Fn::Sub": Resolver.text_sub,
    "Fn::Join": Resolver.text_join,
    "Fn::Base64": Resolver.text,
    "Fn::ToJsonString": Resolver.text_json,
}
CHOICES: dict[str, Callable[[Resolver, Part], Part | None]] = {
    "Fn::If": Resolver.choose_if,
    "Fn::Select": Resolver.choose_select,
    "Fn::FindInMap": Resolver.choose_in_map,
}


def called(part: Part) -> tuple[str, Part | None]:
    """The function an object calls and its argument, None when it is no call."""
    if type(part.value) is dict and len(part.value) == 1:
        name = next(iter(part.value))
        if name == "Ref" or name.startswith("Fn::"):
            return name, part.get(name)
    return "", None


def is_nothing(part: Part) -> bool:
    """Whether CloudFormation leaves the member out: AWS::NoValue, by itself or as all that an Fn::If has to choose from."""
    return bool(part.value == NO_VALUE)


def unknown(function: str, argument: Part) -> Text:
    """A value that only AWS knows, as a substitution."""
    name = argument.value if type(argument.value) is str else function
    name = re.sub(r"[${}]", "", name) or function
    return Text([Piece(f"${{{name}}}", argument.entry.value)])


def own_name(logical_id: str, resource: dict[str, Any]) -> str:
    """The name a resource is given, or its logical id."""
    properties = mapping(resource.get("Properties"))
    names = (properties[name] for name in NAMES if name in properties)
    return next((name for name in names if type(name) is str and name and "${" not in name), logical_id)


def mapping(value: Any) -> dict[str, Any]:
    return value if type(value) is dict else {}
