"""Replay: a machine runs again on what the tasks of a recording answered, and is compared with it event by event.

A driver whose clock is the recording's: every command is answered when, and as, the recording answers it. What the definition decides
(branches, data, retries, delays, timeouts) is decided anew; the first event that is not as recorded ends the replay. Reads no clock.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from states.histories.alike import Alike, uuids
from states.histories.answers import FAILED, SUCCEEDED, TIMED_OUT, TaskAnswer, answers_of
from states.histories.engine import Again, Diverged, EndedOutside
from states.histories.events import Event
from states.histories.lots import Lots
from states.histories.machines import Known, known
from states.histories.recording import Recording
from states.interpreter.commands import Cancel, Command, ScheduleTask, StartTimer
from states.interpreter.completions import (
    Completion,
    StopRequested,
    TaskFailed,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
    TimerFired,
)
from states.interpreter.context import Names, default_names
from states.interpreter.failures import RETRY
from states.interpreter.resources import ACTIVITY
from states.interpreter.setup import PLAIN, Probe, Setup
from states.interpreter.task import HEARTBEAT, TIMEOUT
from states.language.intrinsic_functions import uuid
from states.machine import Machine

EARLY = 0.05  #: seconds AWS's clocks let a timer fire before its time
TOLERANCE = 0.999  #: seconds AWS may be late; a delay that is shorter by a whole second is another one

_ARN = re.compile(r"arn:([\w-]+):states:([\w-]+):(\d+):(?:execution|express):([^:\"\\\s]+):([^:\"\\\s/]+)")
_RESOURCE = re.compile(r"arn:[\w-]+:(?:lambda|states):([\w-]+):(\d+):")


@dataclass(slots=True)
class Outcome:
    """How far a replay came. `diverged` is None when everything was as recorded; `tolerated` says what could not be compared."""

    recording: Recording
    execution: Again
    diverged: Diverged | None
    tolerated: list[str]

    @property
    def compared(self) -> int:
        return self.execution.compared


def run_again(
    machine: Machine,
    recording: Recording,
    *,
    tolerance: float = TOLERANCE,
    names: Names | None = None,
    probe: Callable[[], Probe] | None = None,
) -> Outcome:
    """Runs a machine on a recording until it ends or leaves the recorded way. Raises InvalidHistory.

    `probe` makes one that watches, anew for each time that it must begin again.
    """
    drawn: dict[int, Any] = {}
    while True:
        attempt = Replay(machine, recording, tolerance, names, drawn, PLAIN if probe is None else PLAIN._replace(probe=probe()))
        outcome = attempt.run()
        if outcome.diverged is None or not attempt.learned(outcome.diverged):
            return outcome


class Replay:
    """One replay: what is due, by recorded time and event."""

    def __init__(
        self,
        machine: Machine,
        recording: Recording,
        tolerance: float,
        names: Names | None,
        drawn: dict[int, Any],
        setup: Setup,
    ) -> None:
        self.known: Known = known(machine)
        self.recording = recording
        self.tolerance = tolerance if recording.has_times else float("inf")
        recorded = recording.places(self.known.branches)
        self.answers = {answer.scheduled_id: answer for answer in answers_of(recording, recorded)}
        start, end = recording.events[0].at, recording.events[-1].at
        self.alike = Alike(span=(start, end), fixed=uuids(recording.text), tolerance=1.0 if recording.has_times else float("inf"))
        type = "EXPRESS" if recording.arn is not None and ":express:" in recording.arn else machine.type
        names = names or names_in(recording, machine, type)
        for text in (names.execution_arn, names.execution_name, names.state_machine_arn, names.state_machine_name, names.role_arn):
            if text:
                self.alike.add(text)
        self.execution = Again(
            self.known.machine, recording, recorded, self.known.branches, self.alike, names, type, self.known.readers, setup
        )
        self.lots = self.execution.draw_from(Lots(0, drawn))
        self._due: list[tuple[float, int, int, Callable[[], list[Command]]]] = []
        self._order = 0
        self._timed_out: dict[str, Event] = {}
        self._ended: dict[str, TaskAnswer] = {}
        self._runs = 0

    def run(self) -> Outcome:
        execution, first = self.execution, self.recording.events[0]
        diverged: Diverged | None = None
        try:
            self._carry_out(execution.start(first.at))
            self._await_stop()
            while self._due and execution.status == "RUNNING":
                at, _, _, act = heapq.heappop(self._due)
                if self.recording.end is None and at > self.recording.events[-1].at:
                    break
                execution.now = at
                self._carry_out(act())
            missing = execution.missing()
            if missing is not None:
                raise Diverged(missing[0], missing[1], None, waiting=execution.waiting())
        except Diverged as found:
            diverged = found
        except EndedOutside as told:
            execution.tolerated.add(str(told))
        return Outcome(self.recording, execution, diverged, self._tolerated(diverged))

    def _tolerated(self, diverged: Diverged | None) -> list[str]:
        told = sorted(self.execution.tolerated)
        if not self.recording.has_times:
            told.insert(0, "its timestamps were taken out: delays and timeouts are not compared")
        if self.recording.redriven_at is not None:
            told.append(f"the execution was redriven at event {self.recording.redriven_at}: what follows is not compared")
        if self.recording.end is None and diverged is None:
            told.append(f"the execution still ran: compared up to {self.recording.events[-1]}")
        return told

    def learned(self, diverged: Diverged) -> bool:
        """Whether the difference is a lot that was drawn otherwise: then it is known now, and it is worth another try."""
        unlike = diverged.unlike
        return unlike is not None and self.lots.learn(unlike.was, unlike.now, self.execution.drawn_before)

    # ------------------------------------------------------------ commands

    def _carry_out(self, commands: list[Command]) -> None:
        for command in commands:
            if isinstance(command, ScheduleTask):
                self._answer(command)
            elif isinstance(command, StartTimer):
                self._time(command)
            elif isinstance(command, Cancel):
                self._timed_out.pop(command.id, None)
        for run in self.execution.map_runs[self._runs :]:
            self._runs += 1
            self._await_map_run(run)

    def _post(self, at: float, event_id: int, act: Callable[[], list[Command]]) -> None:
        self._order += 1
        heapq.heappush(self._due, (at, event_id, self._order, act))

    def _complete(self, event_id: int, completion: Completion) -> None:
        self._post(completion.at, event_id, lambda: self.execution.receive(completion))

    def _answer(self, command: ScheduleTask) -> None:
        """Posts what the recorded attempt came to."""
        asked = self.execution.last_of(self.execution.path_of(command.id))
        answer = self.answers.get(asked.id) if asked is not None else None
        if answer is None:
            return
        id = command.id
        self._ended[id] = answer
        if answer.started_at is not None and command.resource.family == ACTIVITY:
            self._complete(answer.scheduled_id, TaskStarted(id, answer.started_at, answer.worker_name))
        if answer.submitted_at is not None:
            self._complete(answer.submitted_id, TaskSubmitted(id, answer.submitted, answer.submitted_at))
        if answer.ended_at is None:
            return
        if answer.status == SUCCEEDED:
            self._complete(answer.ended_id, TaskSucceeded(id, answer.output, answer.ended_at))
        elif answer.status == TIMED_OUT and answer.started_at is None and command.resource.family == ACTIVITY and _has_clock(command):
            at = answer.ended_at
            self._post(at, answer.ended_id, lambda: self.execution.time_out(id, at))
        elif answer.status == FAILED:
            self._complete(answer.ended_id, TaskFailed(id, answer.error, answer.cause, answer.ended_at))

    def _time(self, command: StartTimer) -> None:
        """Fires a timer when the recording says that it fired; a delay that is not the recorded one is a difference of its own."""
        id, due = command.id, command.at
        if id == "timeout":
            self._time_execution(due)
        elif id.endswith(RETRY):
            self._time_delay(id, due, ("Scheduled", "StateStarted"))
        elif id.endswith(TIMEOUT) and id.removesuffix(TIMEOUT) in self.execution._pending:
            self._time_task(id, id.removesuffix(TIMEOUT), due)
        elif id.endswith(HEARTBEAT) and id.removesuffix(HEARTBEAT) in self.execution._pending:
            self._time_task(id, id.removesuffix(HEARTBEAT), due)
        else:
            self._time_delay(id, due, ("WaitStateExited",))

    def _time_execution(self, due: float) -> None:
        end = self.recording.end
        if end is not None and end.type == "ExecutionTimedOut" and self._is_on_time(end.at, due):
            self._fire("timeout", end.at, end.id)
        elif end is None or not self._is_late(end.at, due):
            self._fire("timeout", due, len(self.recording) + 1)

    def _time_delay(self, id: str, due: float, endings: tuple[str, ...]) -> None:
        path = self.execution.path_of(id)
        event = self.execution.next_of(path)
        if event is None or not event.type.endswith(endings):
            self._fire(id, due, len(self.recording) + 1)
            return
        since = self.execution.now
        longest = self._longest(path) if id.endswith(RETRY) else None
        if self._is_on_time(event.at, due) or (longest is not None and since - EARLY <= event.at <= since + longest + self.tolerance):
            self._fire(id, event.at, event.id)
            return
        chain = self.execution.places.chains[path]
        difference = Diverged(chain, event, None, delay=(event.at - since, due - since), retry=id.endswith(RETRY))
        self._post(min(event.at, due), event.id, lambda: _raise(difference))

    def _longest(self, path: str) -> float | None:
        """The longest delay a retrier with jitter may have drawn."""
        chain = self.execution.places.chains[path]
        name = chain.open.name if chain.open is not None else ""
        return self.known.longest_delay(name, max(1, chain.open.attempt if chain.open is not None else 1))

    def _time_task(self, id: str, task: str, due: float) -> None:
        """A clock of a task: fires where the recorded attempt timed out, or would have before it ended."""
        answer = self._ended.get(task) or self._answer_to_be(task)
        end = answer.ended_at if answer is not None else None
        if answer is None or end is None:
            return
        is_heartbeat = id.endswith(HEARTBEAT)
        if answer.status == TIMED_OUT:
            if self._is_on_time(end, due) or (is_heartbeat and end >= due - EARLY):
                self._fire(id, end, answer.ended_id)
            elif not is_heartbeat and due < end:
                self._fire(id, due, answer.ended_id)
        elif is_heartbeat and end > due:
            told = f'"{answer.state_name}": its heartbeats, which no history shows, are taken to have come in time'
            self.execution.tolerated.add(told)
        elif not is_heartbeat and not self._is_late(end, due) and due < end:
            self._fire(id, due, answer.ended_id)

    def _answer_to_be(self, task: str) -> TaskAnswer | None:
        """The clocks of a task start before its command is seen."""
        asked = self.execution.last_of(self.execution.path_of(task))
        return self.answers.get(asked.id) if asked is not None else None

    def _is_on_time(self, at: float, due: float) -> bool:
        return -EARLY <= at - due < self.tolerance or self.tolerance == float("inf")

    def _is_late(self, at: float, due: float) -> bool:
        """Whether something came after it was due, but so little that AWS let it pass."""
        return at - due < self.tolerance and at >= due

    def _fire(self, id: str, at: float, event_id: int) -> None:
        self._complete(event_id, TimerFired(id, at))

    # ------------------------------------------------------------ map runs and stops

    def _await_map_run(self, run: Any) -> None:
        event = self.execution.next_of(run.frame.path)
        if event is not None and event.type in ("MapRunSucceeded", "MapRunFailed"):
            self._post(event.at, event.id, lambda: self.execution.map_run_ended(run, event, event.at))

    def _await_stop(self) -> None:
        end = self.recording.end
        if end is not None and end.type == "ExecutionAborted":
            self._complete(end.id, StopRequested(end.at, end.details.get("error"), end.details.get("cause")))


def _has_clock(command: ScheduleTask) -> bool:
    return command.timeout_seconds is not None or command.heartbeat_seconds is not None


def _raise(difference: Diverged) -> list[Command]:
    raise difference


def names_in(recording: Recording, machine: Machine, type: str) -> Names:
    """The names of the execution as far as the history shows them; made-up ones, that are found again in no data, for the others."""
    from random import Random

    made_up = Random(recording.input_text)
    text = recording.text
    found = _ARN.search(recording.arn or text)
    place = _RESOURCE.search(text)
    region = (
        found[2]
        if found
        else place[1]
        if place
        else next((str(e.details["region"]) for e in recording.events if "region" in e.details), "us-east-1")
    )
    role_arn = recording.events[0].details.get("roleArn")
    role_arn = role_arn if isinstance(role_arn, str) else None
    account = found[3] if found else place[2] if place else _account(role_arn)
    names = default_names(
        machine,
        name=found[5] if found else uuid(made_up),
        state_machine_name=found[4].partition("/")[0] if found else f"machine-{uuid(made_up)}",
        region=region,
        account=account,
        role_arn=role_arn or f"arn:aws:iam::{account}:role/{uuid(made_up)}",
        type=type,
    )
    if found is not None and type == "EXPRESS":
        arn = recording.arn or text[found.start() : found.end() + 1 + 36]
        names = names._replace(execution_arn=arn)
    if "RedriveCount" not in text and '"StartTime"' in text and '"RoleArn"' in text:
        names = names._replace(redrive_count=None)
    return names


def names_shown(recording: Recording) -> list[str]:
    """The names of the execution that its data may hold, as far as an ARN shows them."""
    found = _ARN.search(recording.arn or recording.text)
    return [found[0], found[5], f"arn:{found[1]}:states:{found[2]}:{found[3]}:stateMachine:{found[4]}"] if found else []


def _account(role_arn: str | None) -> str:
    """The account of a role."""
    parts = (role_arn or "").split(":")
    return parts[4] if len(parts) > 4 and parts[4] else "123456789012"
