"""Live: nothing of a run that is over at once, pictures of one that lasts, until when it waits, and nothing left behind."""

from __future__ import annotations

import io
import re
from threading import Event
from typing import Any

import pytest
from rich.console import Console

import states
from states.views import live
from states.views.live import by_place
from states.views.story import read
from states.views.trace import Trace
from tests.views.stories import FAIL, TASKS, block, both, drawn, each, execute, task


class Terminal(Console):
    """A terminal in memory that tells when something was drawn."""

    def __init__(self, awaited: str = "runs work") -> None:
        self.awaited = awaited
        self.shown = Event()
        self.text = io.StringIO()
        super().__init__(file=self.text, force_terminal=True, width=80, height=20, color_system=None)

    def print(self, *objects: object, **options: object) -> None:  # type: ignore[override]
        super().print(*objects, **options)  # type: ignore[arg-type]
        if self.awaited in self.text.getvalue():
            self.shown.set()


def test_a_quick_run_is_not_shown() -> None:
    def never() -> Console:
        raise AssertionError("nothing was to be shown")

    with live.Live([], never):
        pass


@pytest.mark.parametrize("clock", [None, lambda: 1767225700.0])
def test_shows_what_runs_while_it_runs(clock: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "DELAY", 0.0)
    monkeypatch.setattr(live, "PAUSE", 0.001)
    terminal = Terminal()
    recorded = execute("a task").history.recorded[:4]
    with live.Live(recorded, lambda: terminal, title="order", clock=clock):  # type: ignore[arg-type]
        assert terminal.shown.wait(20)
    text = terminal.text.getvalue()
    assert "order" in text
    assert ("RUNNING for 1m 40s" in text) == (clock is not None)
    assert text.rstrip().endswith(("\x1b[2K", "\x1b[?25h", "\x1b[1A\x1b[2K"))


# ---------------------------------------------------------------- until when it waits

FLAKY = {"ErrorEquals": ["Flaky"], "IntervalSeconds": 2, "BackoffRate": 3}
BROKEN = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 4}]
WAIT = {"Type": "Wait", "Seconds": 9}


def paused(state: Any, input: Any, events: int) -> tuple[Any, dict[str, float]]:
    """An execution as soon as it has so many events, and until when it waits: seconds from its start, by place."""
    driver = states.start(block(A=state), input, TASKS)
    while len(driver.execution.history) < events:
        assert driver.step()
    execution = driver.execution
    return execution, {place: at - execution.started_at for place, at in by_place(execution.due()).items()}


@pytest.mark.parametrize(
    ("state", "input", "events", "due"),
    [
        ({"Type": "Wait", "Seconds": 90}, {}, 2, {"A#1": 90}),
        ({"Type": "Wait", "SecondsPath": "$.s"}, {"s": 7}, 2, {"A#1": 7}),
        ({"Type": "Wait", "Timestamp": "2026-01-01T00:01:00Z"}, {}, 2, {"A#1": 60}),
        ({"Type": "Wait", "TimestampPath": "$.t"}, {"t": "2026-01-01T00:01:00Z"}, 2, {"A#1": 60}),
        (task(Retry=[FLAKY]), {"fail": 9}, 5, {"A#1": 2.5}),
        (task(Retry=[FLAKY]), {"fail": 9}, 8, {"A#1": 9.0}),
        (task(Retry=[{**FLAKY, "MaxDelaySeconds": 4}]), {"fail": 9}, 8, {"A#1": 7.0}),
        (task(Retry=[{**FLAKY, "JitterStrategy": "FULL"}]), {"fail": 9}, 5, {"A#1": 2.189}),
        (task(TimeoutSeconds=60, HeartbeatSeconds=20), {}, 4, {}),
        (both(block(B=WAIT), block(C={**WAIT, "Seconds": 5})), {}, 5, {"A#1[0]/B#1": 9, "A#1[1]/C#1": 5}),
        (both(block(B=task("broken")), block(C=WAIT), Retry=BROKEN), {}, 8, {"A#1": 4}),
        (each(block(B=task("broken")), Retry=BROKEN), [1], 8, {"A#1": 4}),
        (each(block(B=WAIT), MaxConcurrency=1), [1, 2], 5, {"A#1[0]/B#1": 9}),
    ],
)
def test_tells_until_when_something_waits(state: Any, input: Any, events: int, due: dict[str, float]) -> None:
    assert paused(state, input, events)[1] == pytest.approx(due, abs=0.001)


def test_every_timer_that_is_pending_is_due() -> None:
    execution, _ = paused(task(TimeoutSeconds=60, HeartbeatSeconds=20), {}, 4)
    seconds = {id: at - execution.started_at for id, at in execution.due().items()}
    assert seconds == {"timeout": 365 * 86400, "A#1/timeout": 60, "A#1/heartbeat": 20}


def test_nothing_is_due_in_the_end() -> None:
    execution = execute("a wait")
    assert execution.due() == {}


def test_the_timers_of_child_executions_are_due_too() -> None:
    child = {**block(B=WAIT), "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    execution, _ = paused(each(child), [1, 2], 4)
    assert len([id for id in execution.due() if id.endswith("/B#1")]) == 2


@pytest.mark.parametrize(
    ("branches", "events", "inside"),
    [
        ([block(B=task("broken")), block(C=WAIT)], 8, ["✗ branch 1 B Task Broken: it is broken", "⊘ branch 2 C Wait aborted"]),
        ([block(B=FAIL), block(C=task())], 6, ["✗ branch 1 B Fail failed", "⊘ branch 2 C Task aborted"]),
        ([block(B=both(block(D=task("broken"))))], 9, ["✗ branch 1 B Parallel 1 branch", "✗ branch 1 D Task Broken: it is broken"]),
    ],
)
def test_a_parallel_that_waits_for_its_next_attempt_says_when(branches: list[Any], events: int, inside: list[str]) -> None:
    execution, due = paused(both(*branches, Retry=BROKEN), {}, events)
    assert due == {"A#1": 4}
    story = read(execution.history.recorded)
    text = re.sub(r" [+]?[\d.]+ m?s|[├└│] ?─?", "", drawn(Trace(story, due=by_place(execution.due())), 120))
    lines = [re.sub(r"[\s━─╵]+", " ", line).strip() for line in text.splitlines()]
    assert lines[0].startswith("● A Parallel retries at 00:00:04 UTC, left")
    assert lines[1:-1] == inside


def test_places() -> None:
    due = {
        "A.2#1": 1.0,
        "A.2#2.3/retry": 2.0,
        "B#1[0]/C#1.2/retry": 3.0,
        "B#1[0]/C#1.2/timeout": 4.0,
        "B#1[x]/timeout": 5.0,
        "timeout": 6.0,
    }
    assert by_place(due) == {"A.2#1": 1.0, "A.2#2": 2.0, "B#1[0]/C#1": 3.0}


def test_shows_until_when_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "DELAY", 0.0)
    monkeypatch.setattr(live, "PAUSE", 0.001)
    terminal = Terminal("left")
    execution, _ = paused(WAIT, {}, 2)
    with live.Live(execution.history.recorded, lambda: terminal, due=execution.due):
        assert terminal.shown.wait(20)
    assert "until 00:00:09 UTC, 9 s left" in terminal.text.getvalue()
