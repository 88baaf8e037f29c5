"""The service integration `lambda:invoke`: its Payload as an event, its envelope around a result, and what it refuses.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html and recordings.
"""

from __future__ import annotations

from typing import Any

from states.language.values import loads, size
from states.tasks.functions import TaskError

Json = Any

STATUS_CODES = {"RequestResponse": 200, "Event": 202, "DryRun": 204}  #: by InvocationType


def event_of(payload: Json, request_id: str) -> Json:
    """The event of a Payload: absent or null is `{}`, a string is the JSON text itself. Raises the TaskError of a text that is none."""
    if payload is None:
        return {}
    if not isinstance(payload, str):
        return payload
    try:
        return loads(payload)
    except ValueError:
        text = f"Could not parse request body into json: Unrecognized token '{payload[:40]}'"
        raise refusal(400, "InvalidRequestContentException", text, request_id) from None


def not_found(arn: str, request_id: str) -> TaskError:
    """What the service answers for a function that does not exist; the ARN has its qualifier."""
    return refusal(404, "ResourceNotFoundException", f"Function not found: {arn}", request_id)


def refusal(status: int, code: str, message: str, request_id: str) -> TaskError:
    """An error of the Lambda service itself, in the words of the integration."""
    place = f"(Service: AWSLambda; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; Proxy: null)"
    return TaskError(f"Lambda.{code}", f"{message} {place}")


def envelope(payload: Json, *, version: str, invocation_type: str, request_id: str, log: bool) -> dict[str, Any]:
    """The result of `lambda:invoke`; only a RequestResponse has the payload. `log` is LogType Tail."""
    answered = invocation_type == "RequestResponse"
    status = STATUS_CODES.get(invocation_type, 200)
    headers = {
        "X-Amz-Executed-Version": version,
        "x-amzn-Remapped-Content-Length": "0",
        "Connection": "keep-alive",
        "x-amzn-RequestId": request_id,
        "Content-Length": str(size(payload)) if answered else "0",
        "X-Amzn-Trace-Id": f"root=1-00000000-{request_id.replace('-', '')[:24]};sampled=0",
        "Content-Type": "application/json",
    }
    result: dict[str, Any] = {"ExecutedVersion": version} if answered else {}
    if log:
        result["LogResult"] = "U1RBUlQ="
    result["Payload"] = payload if answered else ""
    result["SdkHttpMetadata"] = {
        "AllHttpHeaders": {key: [value] for key, value in headers.items()},
        "HttpHeaders": headers,
        "HttpStatusCode": status,
    }
    result["SdkResponseMetadata"] = {"RequestId": request_id}
    result["StatusCode"] = status
    return result
