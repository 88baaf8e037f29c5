"""Cases: one recorded execution made into one scenario, and played to see that it comes to what was recorded.

Source: docs/scenarios.md
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from states.histories.alike import Alike, uuids
from states.histories.machines import known
from states.histories.recording import Recording
from states.language.timestamps import format_iso
from states.language.values import dumps, equal, loads
from states.machine import Machine
from states.mocking.expected import ANY, Comparing, escaped, exact, ways
from states.mocking.redacting import Redactor
from states.mocking.taken import never_called, taken_from
from states.tasks import mocks
from states.tasks.mocks import ERROR, NEVER, RESPONSE, RESULT, Answer, MockError
from states.testing.bench import Bench
from states.testing.service_models import NONE, PRESENT

if TYPE_CHECKING:
    from states.testing.runs import Run

Json = Any

#: What `Bench.start` calls the keys of a scenario.
OPTIONS = {
    "type": "type",
    "synchronous": "synchronous",
    "at": "at",
    "executionName": "name",
    "stateMachineName": "state_machine_name",
    "account": "account",
    "region": "region",
    "roleArn": "role_arn",
}
_ARN = re.compile(r"arn:[\w-]+:states:([\w-]+):(\d+):(execution|express):([^:\"\\\s]+):([^:\"\\\s/]+)")


@dataclass(slots=True)
class Case:
    """One execution as a scenario: `settings` and `input`, `mocks` by state, the steps `during` it, `expect`.

    `whole` are the mocks with the envelopes of `lambda:invoke`, where `mocks` are without. `differences` is what the run of it gives
    otherwise than was recorded, empty when nothing; `notes` what was assumed.
    """

    name: str
    settings: dict[str, Json]
    input: Json
    mocks: dict[str, list[Answer]]
    during: list[Json] = field(default_factory=list)
    expect: dict[str, Json] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    whole: dict[str, list[Answer]] = field(default_factory=dict)
    redacted: int = 0
    calls: int = 0

    @property
    def options(self) -> dict[str, Json]:
        """What `Bench.start` takes."""
        return {OPTIONS[key]: value for key, value in self.settings.items() if key in OPTIONS}

    def to_json(self) -> dict[str, Json]:
        """As it stands in a scenario file."""
        told: dict[str, Json] = {**self.settings, "input": self.input}
        if self.mocks:
            told["mocks"] = {name: [answer_json(answer) for answer in answers] for name, answers in self.mocks.items()}
        if self.during:
            told["during"] = self.during
        return {**told, "expect": self.expect}


def case_of(machine: Machine, recording: Recording, name: str, redactor: Redactor, execution: str | None = None) -> Case:
    """The case of a recording. Raises InvalidHistory where its data is cut off."""
    _learn(recording, redactor)
    taken = taken_from(machine, recording, clean=redactor.clean)
    input = redactor.clean(recording.read(recording.input_text, "the input"))
    case = Case(name, _settings(machine, recording, execution), input, taken.answers, _steps(recording), notes=taken.notes)
    case.calls = taken.calls
    if recording.end is None:  # what comes after it is not known yet
        for name in [*case.mocks, *never_called(machine, case.mocks)]:
            case.mocks[name] = [*case.mocks.get(name, []), mocks.never(times=None)]
    _expect(machine, recording, case, redactor, execution)
    case.redacted = len(redactor.used)
    return case


def answer_json(answer: Answer) -> dict[str, Json]:
    """An answer as it stands in a scenario file."""
    told: dict[str, Json] = {}
    if answer.kind == NEVER:
        told["never"] = True
        if answer.heartbeat is not None:
            told |= {"heartbeat": answer.heartbeat, "beats": round(answer.after / answer.heartbeat)}
    elif answer.kind == ERROR:
        told["error"] = answer.error
        if answer.cause is not None:
            told["cause"] = _cause_json(answer.cause)
    else:
        told["response" if answer.kind == RESPONSE else "result"] = answer.value
    if answer.kind != NEVER and answer.after:
        told["after"] = answer.after
    if answer.kind != NEVER and answer.heartbeat is not None:
        told["heartbeat"] = answer.heartbeat
    if answer.submitted is not None:
        told["submitted"] = answer.submitted
    if answer.times != 1:
        told["times"] = answer.times if answer.times is not None else "always"
    if answer.within is not None:
        told["within"] = answer.within
    return told


def _cause_json(cause: str) -> Json:
    """A cause as its JSON where that gives the same text again."""
    if cause[:1] == "{":
        try:
            value = loads(cause)
        except (ValueError, RecursionError):
            return cause
        return value if dumps(value) == cause else cause
    return cause


# ---------------------------------------------------------------- what a history tells besides its answers


def _learn(recording: Recording, redactor: Redactor) -> None:
    """Finds the secrets in all data of a recording."""
    for event in recording.events:
        for key in ("input", "output", "parameters"):
            if isinstance(event.details.get(key), str):
                redactor.learn(recording.value(event, key))
        if isinstance(event.details.get("cause"), str):
            redactor.learn(event.details["cause"])


def _settings(machine: Machine, recording: Recording, execution: str | None) -> dict[str, Json]:
    """What is said of the start: when it was, and the names that the data shows."""
    told: dict[str, Json] = {}
    arn = recording.arn or (execution if execution is not None and execution.startswith("arn:") else None)
    found = _ARN.search(arn or recording.text)
    if machine.type == "EXPRESS" or (found is not None and found[3] == "express"):
        told["type"] = "EXPRESS"
        if '"RedriveCount"' not in recording.text and '"StartTime"' in recording.text and '"RoleArn"' in recording.text:
            told["synchronous"] = True
    if found is not None:
        told |= {"executionName": found[5], "stateMachineName": found[4], "account": found[2], "region": found[1]}
    role = recording.events[0].details.get("roleArn")
    if isinstance(role, str) and recording.text.count(role) > 1:
        told["roleArn"] = role
    if recording.has_times:
        told["at"] = format_iso(recording.events[0].at)
    return told


def _steps(recording: Recording) -> list[Json]:
    """What happens from outside: a stop; of an execution that still runs, that time passes."""
    if recording.status not in ("ABORTED", "RUNNING"):
        return []
    first, last = recording.events[0], recording.events[-1]
    steps: list[Json] = []
    if recording.has_times:
        steps.append({"advance": round(last.at - first.at, 3)})
    else:
        entered = [event.name for event in recording.events if event.type.endswith("StateEntered")]
        steps += [{"until": entered[-1]}] * entered.count(entered[-1]) if entered else []
    if recording.status == "ABORTED":
        why = {key: last.details[key] for key in ("error", "cause") if last.details.get(key) is not None}
        steps.append({"stop": why or True})
    return steps


def path_of(machine: Machine, recording: Recording) -> list[str]:
    """The states a recorded execution entered, those inside Parallel and Map left out."""
    places = recording.places(known(machine).branches)
    entered = [(event, places.visit_of(event.id)) for event in recording.events if event.type.endswith("StateEntered")]
    return [visit.name for _, visit in entered if visit is not None and not visit.chain.path]


# ---------------------------------------------------------------- played


def play(machine: Machine, case: Case, answers: dict[str, list[Answer]] | None = None) -> Run:
    """The run of a case, to its end. Raises MockError when an answer is missing or left."""
    given = case.mocks if answers is None else answers
    bench = bench_of(machine, given)
    run = bench.start(case.input, **case.options)
    for step in case.during:
        if run.status != "RUNNING":
            break
        if "advance" in step:
            run.clock.advance(step["advance"])
        elif "until" in step:
            run.run_until(step["until"])
        else:
            run.stop(**(step["stop"] if isinstance(step["stop"], dict) else {}))
    return run if case.during else run.finish()


def bench_of(machine: Machine, answers: dict[str, list[Answer]]) -> Bench:
    """The machine with these answers; a state that has none must not be asked."""
    bench = Bench(machine, [], validation=NONE)
    for name, each in answers.items():
        bench.mock(name, *each)
    return bench


def _expect(machine: Machine, recording: Recording, case: Case, redactor: Redactor, execution: str | None) -> None:
    """Fills in what is expected, as the run of the case gives it where only ids and times differ."""
    try:
        run: Any = play(machine, case)
    except Exception as fault:  # whatever keeps the machine from running on these answers is what there is to tell
        case.differences.append(f"it does not run: {str(fault).partition(chr(10))[0]}")
        run = None
    comparing = _compared(machine, recording, case, redactor, run, is_loose=bool(redactor.used))
    if comparing.differences and not comparing.loose and _is_same_again(machine, recording, execution):
        loose = _compared(machine, recording, case, redactor, run, is_loose=True)
        comparing = loose if not loose.differences else comparing
    case.differences += comparing.differences
    if comparing.taken_over:
        why = "made of redacted data" if redactor.used else "drawn by lot, or made of the time"
        case.notes.append(f"{why}, so expected as it is now: {', '.join(comparing.taken_over[:5])}")
    if run is not None and not case.differences and not redactor.keep_sizes:
        _shorten(machine, case, run)
    _check_models(machine, case)


def _shorten(machine: Machine, case: Case, run: Run) -> None:
    """Leaves out the envelopes of `lambda:invoke` where the execution comes to the same without what they say."""
    short = {name: [_payload(answer) for answer in answers] for name, answers in case.mocks.items()}
    if short == case.mocks:
        return
    try:
        other = play(machine, case, short)
    except (MockError, AssertionError):
        return
    if (other.status, other.error, other.cause, list(other.path)) == (run.status, run.error, run.cause, list(run.path)) and equal(
        other.output, run.output
    ):
        case.whole, case.mocks = case.mocks, short


def _payload(answer: Answer) -> Answer:
    if answer.kind != RESPONSE or not isinstance(answer.value, dict) or "Payload" not in answer.value or answer.submitted is not None:
        return answer
    return replace(answer, kind=RESULT, value=answer.value["Payload"])


def _compared(machine: Machine, recording: Recording, case: Case, redactor: Redactor, run: Run | None, *, is_loose: bool) -> Comparing:
    """Sets what the case expects, and gives how its run compares with the recording."""
    comparing = Comparing(_alike(recording, run), loose=is_loose)
    end, path = recording.end, path_of(machine, recording)
    details = end.details if end is not None else {}
    expect: dict[str, Json] = {"status": recording.status}
    if run is not None:
        comparing.differences += ways(path, list(run.path)[: len(path)] if recording.end is None else list(run.path))
        if run.status != recording.status:
            told = "".join(f", {each}" for each in (run.error, run.cause) if each)
            comparing.differences.insert(0, f"status: recorded {recording.status}, now {run.status}{told}")
    found = run if run is not None and run.status == recording.status else None
    if end is not None and recording.status == "SUCCEEDED":
        wanted = redactor.clean(recording.value(end, "output"))
        value = comparing.value(wanted, found.output) if found is not None else wanted
        expect |= {"outputIncludes": escaped(value)} if comparing.has_patterns else {"output": value}
    elif details.get("error") or details.get("cause") or recording.status == "FAILED":
        for key in ("error", "cause"):
            wanted = redactor.clean(details.get(key))
            expect[key] = comparing.text(key, wanted, getattr(found, key)) if found is not None else exact(wanted)
    case.expect = {**expect, "path": path if recording.end is not None else [*path, ANY]}
    return comparing


def _is_same_again(machine: Machine, recording: Recording, execution: str | None) -> bool:
    """Whether the recording replays: then what differs was drawn by lot, or made of the time."""
    from states.histories.replayed import compare

    return compare(machine, recording, execution=execution, is_partial=recording.end is None).same


def _alike(recording: Recording, run: Run | None) -> Alike:
    start, end = recording.events[0].at, recording.events[-1].at
    tolerance = max(1.0, end - start) if recording.has_times else float("inf")
    alike = Alike(span=(start, end), fixed=uuids(recording.text), tolerance=tolerance)
    if run is not None:
        names = run.execution.names
        for text in (names.execution_arn, names.execution_name, names.state_machine_arn, names.state_machine_name, names.role_arn):
            if text:
                alike.add(text)
    return alike


def _check_models(machine: Machine, case: Case) -> None:
    """Answers that the API models would refuse are AWS's own all the same."""
    import warnings

    from states.testing.known_calls import UnknownServiceError

    bench = Bench(machine, [], validation=PRESENT)
    for name, answers in case.mocks.items():
        try:
            with warnings.catch_warnings(action="ignore", category=UnknownServiceError):
                bench.mock(name, *answers)
        except MockError:
            case.settings["validation"] = NONE
            return
