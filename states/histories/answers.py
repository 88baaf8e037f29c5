"""Answers: what each attempt of each task gave in a recording. What a replay hands in again, and what a mock can be made of.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from states.histories.events import Event
from states.histories.places import FAMILIES, TASK_STEPS, Places
from states.histories.recording import Recording

Json = Any

RUNNING, SUCCEEDED, FAILED, TIMED_OUT = "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT"

#: How long a text is that counts as a task token, where no key says that it is one.
TOKEN_LENGTH = 100


@dataclass(slots=True)
class TaskAnswer:
    """One attempt of a task. `place` is the id of its command in the core: `Fan out#2[0]/Charge#1`, `Charge#1.2` for its second attempt.

    Times are seconds since the epoch, None where it did not come so far; `scheduled_id` and `ended_id` are events. `status` is SUCCEEDED,
    FAILED, TIMED_OUT, or RUNNING when nothing ended it. `resource` is an ARN, or `sqs:sendMessage.waitForTaskToken`. `submitted` is the
    response to the request of a callback or `.sync` task. `token` is None where the history does not show one; heartbeats it never shows.
    """

    place: str
    state_name: str
    attempt: int
    resource: str
    input: Json
    scheduled_id: int
    scheduled_at: float
    timeout_seconds: float | None = None
    heartbeat_seconds: float | None = None
    token: str | None = None
    started_at: float | None = None
    worker_name: str | None = None
    submitted_at: float | None = None
    submitted_id: int = 0
    submitted: Json = None
    status: str = RUNNING
    ended_at: float | None = None
    ended_id: int = 0
    output: Json = None
    error: str | None = None
    cause: str | None = None

    @property
    def seconds(self) -> float | None:
        """From the scheduling to the end."""
        return None if self.ended_at is None else self.ended_at - self.scheduled_at


def answers_of(recording: Recording, places: Places | None = None) -> list[TaskAnswer]:
    """The attempts of all tasks, in the order they were scheduled. Raises InvalidHistory where data is cut off or no JSON."""
    places = places or recording.places()
    found: dict[int, TaskAnswer] = {}
    counts: dict[str, int] = {}
    for event in recording.events:
        family = next((family for family in FAMILIES if event.type.startswith(family)), None)
        ending = event.type.removeprefix(family or "")
        if family is None or ending not in TASK_STEPS:
            continue
        visit = places.visit_of(event.id)
        if visit is None:
            continue
        if ending == "Scheduled":
            number = counts[visit.place] = counts.get(visit.place, 0) + 1
            found[event.id] = _scheduled(recording, event, visit.place, visit.name, number)
            continue
        answer = found.get(event.previous)
        if answer is not None:
            found[event.id] = answer
            _more(recording, answer, event, ending)
    return list({id(answer): answer for answer in found.values()}.values())


def _scheduled(recording: Recording, event: Event, place: str, name: str, number: int) -> TaskAnswer:
    details = event.details
    key = "parameters" if "parameters" in details else "input"
    given = recording.value(event, key) if key in details else None
    resource = str(details.get("resource", ""))
    if "resourceType" in details:
        resource = f"{details['resourceType']}:{resource}"
    token = next(tokens(given), None) if ".waitForTaskToken" in resource else None
    return TaskAnswer(
        place=place if number == 1 else f"{place}.{number}",
        state_name=name,
        attempt=number,
        resource=resource,
        input=given,
        scheduled_id=event.id,
        scheduled_at=event.at,
        timeout_seconds=details.get("timeoutInSeconds"),
        heartbeat_seconds=details.get("heartbeatInSeconds"),
        token=token,
    )


def _more(recording: Recording, answer: TaskAnswer, event: Event, ending: str) -> None:
    """What one more event tells of the attempt."""
    details = event.details
    if ending == "Started":
        answer.started_at, answer.worker_name = event.at, details.get("workerName")
    elif ending == "Submitted":
        answer.submitted_at, answer.submitted_id = event.at, event.id
        answer.submitted = recording.value(event, "output") if "output" in details else None
    elif ending == "Succeeded":
        answer.output = recording.value(event, "output")
        answer.status, answer.ended_at, answer.ended_id = SUCCEEDED, event.at, event.id
    else:
        answer.status = TIMED_OUT if ending == "TimedOut" else FAILED
        answer.error, answer.cause = details.get("error"), details.get("cause")
        answer.ended_at, answer.ended_id = event.at, event.id


def tokens(value: Json, key: str = "") -> Iterator[str]:
    """What may be a task token in the parameters of a callback task: first what a key calls one, at the top or inside."""
    named, long = [], []
    waiting = [(value, key)]
    for each, name in waiting:  # grows while it is walked
        if isinstance(each, dict):
            waiting += [(inner, inner_name) for inner_name, inner in each.items()]
        elif isinstance(each, list):
            waiting += [(inner, name) for inner in each]
        elif isinstance(each, str) and "token" in name.lower():
            named.append(each)
        elif isinstance(each, str) and len(each) >= TOKEN_LENGTH and " " not in each:
            long.append(each)
    yield from named
    yield from long
