"""What the Resource of a Task names: a Lambda function, an activity, or a service integration with its pattern.

Only names; who serves them is for `tasks`.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

LAMBDA = "LambdaFunction"  #: named by its ARN; events LambdaFunctionScheduled ...
ACTIVITY = "Activity"  #: events ActivityScheduled ...
SERVICE = "Task"  #: `arn:aws:states:::service:api`; events TaskScheduled ...

CALLBACK = ".waitForTaskToken"
SYNC = ".sync"

_LAMBDA_ARN = re.compile(r"arn:[\w-]+:lambda:[\w-]*:\d*:function:([\w-]+)(?::([\w$-]+))?")
_ACTIVITY_ARN = re.compile(r"arn:[\w-]+:states:[\w-]*:\d*:activity:(.+)")
_SERVICE_ARN = re.compile(r"arn:[\w-]+:states:[\w-]*:\d*:((?:aws-sdk:)?[\w-]+):([\w:]+?(?:\.waitForTaskToken|\.sync(?::\d+)?)?)")


class Resource(NamedTuple):
    """`family` is LAMBDA, ACTIVITY or SERVICE.

    `type` and `action` are what the events of a service integration show as `resourceType` and `resource`
    (`lambda` and `invoke.waitForTaskToken`); for a function or an activity `action` is its name, and a function has its `qualifier`.
    `pattern` is "", CALLBACK or SYNC; `is_invoke` says that it is `lambda:invoke`, with any pattern.
    """

    arn: str
    family: str
    type: str
    action: str
    qualifier: str | None = None
    pattern: str = ""
    is_invoke: bool = False

    @property
    def api(self) -> str:
        """The action without its pattern: `invoke`."""
        return self.action.partition(".")[0]


class TaskEvents(NamedTuple):
    """The names of the events of a family, and what they show of the resource: the first one its name, the later ones of a
    service integration too."""

    scheduled: str
    started: str
    submitted: str
    succeeded: str
    failed: str
    timed_out: str
    subject: Any
    later_subject: Any


def task_events(resource: Resource) -> TaskEvents:
    """What the events of a Task are called: `LambdaFunctionScheduled`, `ActivityScheduled`, `TaskScheduled` ..."""
    family = resource.family
    service = (resource.type, resource.action) if family == SERVICE else None
    return TaskEvents(
        scheduled=f"{family}Scheduled",
        started=f"{family}Started",
        submitted=f"{family}Submitted",
        succeeded=f"{family}Succeeded",
        failed=f"{family}Failed",
        timed_out=f"{family}TimedOut",
        subject=service or resource.arn,
        later_subject=service,
    )


def parse_resource(arn: str) -> Resource:
    """What an ARN names. Anything that is no function and no activity counts as a service integration by its last two parts."""
    if match := _LAMBDA_ARN.fullmatch(arn):
        return Resource(arn, LAMBDA, "lambda", match[1], match[2])
    if match := _ACTIVITY_ARN.fullmatch(arn):
        return Resource(arn, ACTIVITY, "activity", match[1])
    if match := _SERVICE_ARN.fullmatch(arn):
        action = match[2]
        pattern = CALLBACK if action.endswith(CALLBACK) else SYNC if SYNC in action else ""
        is_invoke = match[1] == "lambda" and action.partition(".")[0] == "invoke"
        return Resource(arn, SERVICE, match[1], action, None, pattern, is_invoke)
    return Resource(arn, LAMBDA, "lambda", arn.rpartition(":")[2])
