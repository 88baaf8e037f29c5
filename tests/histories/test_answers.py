"""Answers: what each attempt of each task gave, and where."""

from __future__ import annotations

import pytest

import states
from states.drivers.virtual import EPOCH
from tests.histories.shop import INPUT, SHOP, silent, slow, sold

ANSWERS = states.answers(sold().history)


def test_answers_have_the_places_of_commands() -> None:
    assert sorted((answer.place, answer.attempt, answer.status) for answer in ANSWERS) == [
        ("Ask#2", 1, "SUCCEEDED"),
        ("Both#5[0]/Pack#1[0]/Wrap#1", 1, "SUCCEEDED"),
        ("Both#5[0]/Pack#1[1]/Wrap#1", 1, "SUCCEEDED"),
        ("Both#5[0]/Pack#1[2]/Wrap#1", 1, "SUCCEEDED"),
        ("Both#5[1]/Print#2", 1, "SUCCEEDED"),
        ("Charge#3", 1, "FAILED"),
        ("Charge#3.2", 2, "SUCCEEDED"),
    ]


def test_answers_are_those_of_the_commands_in_the_core() -> None:
    """A place is the id of the command that asked."""
    from states.interpreter.commands import ScheduleTask
    from states.interpreter.completions import TaskFailed, TaskSucceeded

    driver = states.start(SHOP, INPUT, {name: (lambda event, context: {}) for name in ("charge", "wrap", "print", "Ask")})
    asked: list[str] = []
    execution = states.Execution(driver.execution.machine, INPUT)
    by_place = {answer.place: answer for answer in ANSWERS}
    commands, now = execution.start(0.0), 0.0
    while commands:
        command = commands.pop(0)
        if isinstance(command, ScheduleTask):
            asked.append(command.id)
            answer = by_place[command.id]
            now += 1
            done = (
                TaskSucceeded(command.id, answer.output, now)
                if answer.status == "SUCCEEDED"
                else TaskFailed(command.id, answer.error, answer.cause, now)
            )
            commands += execution.receive(done)
        elif type(command).__name__ == "StartTimer" and not command.id.endswith(("timeout", "heartbeat")):  # type: ignore[union-attr]
            from states.interpreter.completions import TimerFired

            now += 1
            commands += execution.receive(TimerFired(command.id, now))  # type: ignore[union-attr]
    assert execution.status == "SUCCEEDED"
    assert sorted(asked) == sorted(by_place)


def test_an_answer_tells_all_that_is_known() -> None:
    first, failed, charged = ANSWERS[:3]
    assert (first.state_name, first.resource) == ("Ask", "sqs:sendMessage.waitForTaskToken")
    assert (first.submitted, first.submitted_at) == ({"MessageId": "m-1"}, EPOCH)
    assert first.token == first.input["MessageBody"]["token"]
    assert (first.output, first.seconds, first.timeout_seconds, first.heartbeat_seconds) == ({"yes": True}, 3.0, 600, 60)
    assert (failed.error, failed.output, failed.token, failed.seconds) == ("Busy", None, None, 0.5)
    assert failed.cause is not None
    assert charged.output == {"receipt": "4900 paid", "trace": "x-1"}
    assert charged.scheduled_at == failed.ended_at + 2  # type: ignore[operator]
    assert charged.resource.endswith(":function:charge")


@pytest.mark.parametrize(
    ("tasks", "place", "error"),
    [({"Ask": silent}, "Ask#2", "States.Timeout"), ({"charge": slow}, "Charge#3", "States.Timeout")],
)
def test_what_timed_out_is_told(tasks: dict[str, object], place: str, error: str) -> None:
    found = {answer.place: answer for answer in states.answers(sold(tasks=tasks).history)}[place]
    assert (found.status, found.error, found.cause, found.output) == ("TIMED_OUT", error, None, None)


def test_what_runs_has_no_end() -> None:
    events = list(sold().history)[:6]
    (found,) = states.answers(events)
    assert (found.status, found.ended_at, found.seconds) == ("RUNNING", None, None)
