"""What a service says when it takes a request whose result comes later: the output of TaskSubmitted.

A callback task and a `.sync` task are told so before their token is answered or their job is done. Made of the request, or of what the
finished job shows, as far as it is known here.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html and recordings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from states.interpreter.resources import Resource
from states.language.values import dumps, loads

Json = Any


def accepted(resource: Resource, event: Json, request_id: str) -> Json:
    """What a service answers to the request of a callback task; an empty object where that is not known."""
    make = ACCEPTED.get(f"{resource.type}:{resource.api}")
    return make(event, request_id) if make is not None else {}


def _message(event: Json, request_id: str) -> Json:
    import hashlib

    body = event.get("MessageBody") if isinstance(event, dict) else None
    text = body if isinstance(body, str) else dumps(body)
    return {"MD5OfMessageBody": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), "MessageId": request_id}


#: `service:api` -> what it answers when it takes a request, made of the request and its id.
ACCEPTED: dict[str, Callable[[Json, str], Json]] = {
    "sqs:sendMessage": _message,
    "sns:publish": lambda _, request_id: {"MessageId": request_id},
    "events:putEvents": lambda _, request_id: {"Entries": [{"EventId": request_id}], "FailedEntryCount": 0},
}


# ---------------------------------------------------------------- jobs


def job_started(resource: Resource, job: Json) -> Json:
    """What a service answered when it started the job that ended like this; the same where it is not known what it shows."""
    make = STARTED.get(f"{resource.type}:{resource.api}")
    return make(job) if make is not None and isinstance(job, dict) else job


def job_of_cause(cause: str | None) -> Json:
    """The failed job that the cause of a `States.TaskFailed` describes; an empty object when it is no JSON object."""
    try:
        job = loads(cause) if cause is not None else {}
    except ValueError:
        return {}
    return job if isinstance(job, dict) else {}


def _fields(*names: str) -> Callable[[Json], Json]:
    return lambda job: {name: job[name] for name in names if name in job}


def _query(job: Json) -> Json:
    query = job.get("QueryExecution")
    return _fields("QueryExecutionId")(query if isinstance(query, dict) else job)


#: `service:api` -> what it answers when it starts a job, made of what the finished job shows.
STARTED: dict[str, Callable[[Json], Json]] = {
    "states:startExecution": _fields("ExecutionArn", "StartDate"),
    "athena:startQueryExecution": _query,
    "batch:submitJob": _fields("JobArn", "JobId", "JobName"),
    "ecs:runTask": lambda job: {"Failures": [], "Tasks": [job]},
    "glue:startJobRun": lambda job: {"JobRunId": job["Id"]} if "Id" in job else {},
    "sagemaker:createProcessingJob": _fields("ProcessingJobArn"),
    "sagemaker:createTrainingJob": _fields("TrainingJobArn"),
    "sagemaker:createTransformJob": _fields("TransformJobArn"),
}
