"""Resources: an ARN that Step Functions knows, an integration that exists, and what an Express machine may use of them.

A `${substitution}` stands for anything, also for a part of an ARN.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html; messages recorded from CreateStateMachine
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from states.definition.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from states.definition.outline import Outline

SUBSTITUTION = r"\$\{[^${}]+\}"
ANY = "\0"  #: what a substitution is read as

RUN = ""  #: call and go on
SYNC = ".sync"
SYNC_2 = ".sync:2"
TOKEN = ".waitForTaskToken"

#: Optimised integrations: service, its operations, and the patterns each has.
OPTIMISED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("apigateway", "invoke", (RUN, TOKEN)),
    ("athena", "startQueryExecution", (RUN, SYNC)),
    ("athena", "stopQueryExecution getQueryExecution getQueryResults", (RUN,)),
    ("batch", "submitJob", (RUN, SYNC)),
    ("bedrock", "invokeModel", (RUN,)),
    ("bedrock", "createModelCustomizationJob", (RUN, SYNC)),
    ("codebuild", "startBuild startBuildBatch retryBuildBatch", (RUN, SYNC)),
    ("codebuild", "stopBuild stopBuildBatch batchDeleteBuilds batchGetReports deleteBuildBatch", (RUN,)),
    ("databrew", "startJobRun", (RUN, SYNC)),
    ("dynamodb", "getItem putItem updateItem deleteItem", (RUN,)),
    ("ecs", "runTask", (RUN, SYNC, TOKEN)),
    ("eks", "createCluster deleteCluster createFargateProfile deleteFargateProfile createNodegroup deleteNodegroup runJob", (RUN, SYNC)),
    ("eks", "call", (RUN,)),
    ("elasticmapreduce", "createCluster terminateCluster addStep", (RUN, SYNC)),
    (
        "elasticmapreduce",
        "cancelStep setClusterTerminationProtection modifyInstanceFleetByName modifyInstanceGroupByName",
        (RUN,),
    ),
    ("emr-containers", "createVirtualCluster", (RUN,)),
    ("emr-containers", "deleteVirtualCluster startJobRun", (RUN, SYNC)),
    (
        "emr-serverless",
        "createApplication startApplication stopApplication deleteApplication startJobRun cancelJobRun",
        (RUN, SYNC),
    ),
    ("events", "putEvents", (RUN, TOKEN)),
    ("glue", "startJobRun", (RUN, SYNC)),
    ("http", "invoke", (RUN,)),
    ("lambda", "invoke", (RUN, TOKEN)),
    ("mediaconvert", "createJob", (RUN, SYNC)),
    (
        "sagemaker",
        "createHyperParameterTuningJob createLabelingJob createProcessingJob createTrainingJob createTransformJob",
        (RUN, SYNC),
    ),
    ("sagemaker", "createEndpoint createEndpointConfig createModel updateEndpoint", (RUN,)),
    ("sns", "publish", (RUN, TOKEN)),
    ("sqs", "sendMessage", (RUN, TOKEN)),
    ("states", "startExecution", (RUN, SYNC, SYNC_2, TOKEN)),
)
INTEGRATIONS = frozenset(
    f"{service}:{operation}{pattern}"
    for service, operations, patterns in OPTIMISED
    for operation in operations.split()
    for pattern in patterns
)


def resources_exist(outline: Outline) -> Iterator[Diagnostic]:
    """A Task's Resource is a Lambda function, an activity, or an integration that Step Functions has."""
    for node in outline.nodes:
        resource = node.value.get("Resource")
        if node.type == "Task" and type(resource) is str and resource and not is_known(resource):
            message = (
                f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, "
                "or the resource is not available in this region."
            )
            yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}/Resource")


def is_known(resource: str) -> bool:
    """Whether AWS may take this Resource; what a substitution hides is given the benefit of the doubt."""
    text = re.sub(SUBSTITUTION, ANY, resource) if "${" in resource else resource
    if text.startswith(ANY):
        return True
    parts = text.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn" or not parts[1] or not parts[5]:
        return ANY in text and parts[0] == "arn"
    service, rest = parts[2], parts[5]
    if service == "lambda":
        return is_function(rest)
    if service == "states":
        return is_integration(rest)
    return True


def is_function(rest: str) -> bool:
    """`function:charge`, `function:charge:live`: what stands behind a Lambda ARN's account."""
    kind, *names = rest.split(":")
    return (kind == "function" and 1 <= len(names) <= 2 and all(is_word(name, "-_.$") for name in names)) or rest.startswith(ANY)


def is_integration(rest: str) -> bool:
    """`lambda:invoke.waitForTaskToken`, `aws-sdk:s3:getObject`, `activity:review`: what stands behind `arn:aws:states:::`."""
    if rest in INTEGRATIONS:
        return True
    kind, *names = rest.split(":")
    if kind == "aws-sdk":
        return len(names) == 2 and is_word(names[0]) and is_word(names[1].removesuffix(TOKEN))
    if kind == "activity":
        return len(names) == 1 and bool(names[0])
    return ANY in rest


def is_word(text: str, also: str = "") -> bool:
    """Whether there are only letters, digits, substitutions, and these other characters."""
    return text != "" and all((character.isascii() and character.isalnum()) or character in also or character == ANY for character in text)


def express_has_no_callbacks(outline: Outline) -> Iterator[Diagnostic]:
    """An Express machine waits for no job, token or activity, and has no distributed Map."""
    if outline.type != "EXPRESS":
        return
    for node in outline.nodes:
        resource = node.value.get("Resource")
        if node.type == "Task" and type(resource) is str:
            message = refused_by_express(resource)
            if message:
                yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}/Resource")
    for part in outline.parts:
        config = part.value.get("ProcessorConfig")
        if part.kind == "processor" and type(config) is dict and config.get("Mode") == "DISTRIBUTED":
            message = "Express state machine does not support a Map in DISTRIBUTED mode"
            yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{part.location}/ProcessorConfig/Mode")


def refused_by_express(resource: str) -> str:
    """AWS's words; the blank after `integration` in the first is its own."""
    if resource.endswith(TOKEN):
        return "Express state machine does not support '.waitForTaskToken' service integration "
    if resource.endswith((SYNC, SYNC_2)):
        return "Express state machine does not support '.sync' service integration"
    if ":activity:" in resource:
        return "Express state machine does not support Activity ARN"
    return ""


RULES = (resources_exist, express_has_no_callbacks)
