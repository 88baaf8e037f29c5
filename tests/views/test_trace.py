"""Trace: the tree of an execution in every width, short however long the way was."""

from __future__ import annotations

import importlib.util
import io
import json
import re
from random import Random
from typing import Any

import pytest
from rich.cells import cell_len

import states
from states.views import folds, visits
from states.views.console import console
from states.views.story import read
from states.views.trace import Trace
from states.views.visits import Chain
from tests.shared import ROOT
from tests.views.stories import PASS, TASKS, WAYS, block, drawn, each, story, task

HOURS = ROOT / "machines/export/inputs/hours.json"


def tasks_of(sample: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"{sample}_tasks", ROOT / "machines" / sample / "tasks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RETRIES = """\
order  STANDARD
└─ ✓ A           Task    +0 s  4.5 s  3 attempts
   ├─ ! attempt 1        +0 s  500 ms  again after 1 s  Flaky: try again
   ├─ ! attempt 2      +1.5 s  500 ms  again after 2 s  Flaky: try again
   └─ ✓ attempt 3        +4 s  500 ms
✓ SUCCEEDED in 4.5 s  2 retries, 1 state visit, 13 events
"""

BRANCHES = """\
├─ ✓ A              Parallel    +0 s  500 ms  2 branches
│  ├─ ✓ branch 1                +0 s  500 ms
│  │  ├─ ✓ B        Task        +0 s  500 ms  work
│  │  └─ ✓ C        Pass     +500 ms     0 s
│  └─ ✓ branch 2 D  Pass        +0 s     0 s
└─ ✓ E              Pass     +500 ms     0 s
✓ SUCCEEDED in 500 ms  5 state visits, 17 events
"""

CAUGHT = """\
├─ ! A      Task  caught Broken: it is broken
└─ ✓ After  Pass
✓ SUCCEEDED in 0 s  2 state visits, 9 events
"""

ITEM_FAILS = """\
└─ ✗ A           Map   +0 s  500 ms  3 items
   ├─ ✓ [0] B    Task  +0 s  500 ms  work
   ├─ ✗ [1] B    Task  +0 s  500 ms  Flaky: try again
   └─ ⊘ [2] B    Task  +0 s  500 ms  aborted
"""


def squeezed(text: str) -> list[str]:
    """The lines with runs of blanks as one: columns are tested by themselves."""
    return [re.sub(r"(?<=\S) +", " ", line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("name", "title", "expected"),
    [("retries", "order", RETRIES), ("branches", "", BRANCHES), ("caught", "", CAUGHT)],
)
def test_shows_the_way(name: str, title: str, expected: str) -> None:
    facts = ["STANDARD"] if title else []
    assert squeezed(drawn(Trace(story(name), title=title, facts=facts), 90)) == squeezed(expected)


def test_shows_which_item_failed() -> None:
    assert squeezed(drawn(Trace(story("an item fails")), 90))[:4] == squeezed(ITEM_FAILS)


@pytest.mark.parametrize("width", [20, 40, 60, 76, 104, 200])
@pytest.mark.parametrize("name", WAYS)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    text = drawn(Trace(story(name), title="a machine with a long title", facts=["STANDARD", "virtual time"]), width)
    assert [line for line in text.splitlines() if cell_len(line) > width] == []
    assert "\x1b" not in text


@pytest.mark.parametrize("name", WAYS)
def test_columns_stand_below_each_other(name: str) -> None:
    lines = drawn(Trace(story(name)), 90).splitlines()[:-1]
    kinds = "Pass|Task|Choice|Wait|Succeed|Fail|Parallel|Map"
    starts = {found.start(1) for line in lines if (found := re.search(rf"  ({kinds})\b", line))}
    assert len(starts) == 1


@pytest.mark.parametrize("width", [40, 59])
def test_a_narrow_terminal_has_errors_on_lines_of_their_own(width: int) -> None:
    text = drawn(Trace(story("retries used up")), width)
    assert "\n   └─ ✗ attempt 4" in text
    assert text.count("Flaky") == 4
    assert "Task" not in text


def test_a_bar_shows_work_and_waiting() -> None:
    lines = drawn(Trace(story("retries")), 120).splitlines()
    assert re.search(r"━+─+━+─+━+", lines[0])
    assert "━━" in lines[1]


def test_colours() -> None:
    text = drawn(Trace(story("an item fails")), 80, color=True)
    assert "\x1b[1;31m✗" in text
    assert "\x1b[32m✓" in text


def test_wide_characters_keep_the_columns() -> None:
    machine = states.loads(block(注文を確認する=PASS, B={"Type": "Wait", "Seconds": 1}))
    lines = drawn(Trace(read(states.run(machine).history.recorded)), 80).splitlines()
    assert cell_len(lines[0].partition("Pass")[0]) == cell_len(lines[1].partition("Wait")[0])


def test_names_and_causes_cannot_drive_the_terminal() -> None:
    machine = states.loads(block(**{"A\x1b[2J": {"Type": "Fail", "Error": "E\x1b[1m", "Cause": "c\x07"}}))
    text = drawn(Trace(read(states.run(machine).history.recorded), title="t\x1b"), 80)
    assert "\x1b" not in text
    assert "\x07" not in text


# ---------------------------------------------------------------- long ways


def mapped(count: int, failing: int | None = None) -> Trace:
    machine = states.loads(block(A=each(block(B=task(), C=PASS), MaxConcurrency=100)))
    items: list[Any] = [{"fail": 1} if n == failing else {} for n in range(count)]
    return Trace(read(states.run(machine, items, TASKS).history.recorded))


@pytest.mark.parametrize(("count", "lines"), [(1, 4), (5, 16), (6, 6), (2000, 6)])
def test_many_items_are_folded(count: int, lines: int) -> None:
    text = drawn(mapped(count), 100)
    assert len(text.splitlines()) <= lines + 2
    assert (f"… {count - 1:,} more: {count - 1:,} succeeded" in text) == (count > 5)


def test_the_item_that_failed_is_shown_among_many() -> None:
    text = drawn(mapped(1000, failing=777), 100)
    assert "✗ [777]" in text
    assert "Flaky: try again" in text
    assert re.search(r"… 798 more: 700 succeeded, 98 aborted|… [\d,]+ more: ", text)
    assert len(text.splitlines()) < 15


def counting(count: int, around: int = 1) -> Any:
    """A loop that goes round so often, with so many states to it besides the Choice."""
    named = {f"S{n}": PASS for n in range(around - 1)}
    definition = block(
        A={"Type": "Pass", "Result": count},
        B={"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 0, "Next": "D"}], "Default": next(iter(named), "C")},
        **named,
        C={"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($, -1)"}, "OutputPath": "$.n", "Next": "B"},
        D={"Type": "Succeed"},
    )
    return Trace(read(states.run(definition).history.recorded))


@pytest.mark.parametrize(
    ("count", "around", "shown"),
    [
        (10, 1, "A B C B C B C B C B C B C B C B C B C B C B D"),
        (11, 1, "A B C …9×B→C B C B D"),
        (500, 1, "A B C …498×B→C B C B D"),
        (9, 2, "A B S0 C …7×B→S0→C B S0 C B D"),
        (9, 5, "A B S0 S1 S2 S3 C …7×B→S0→S1→S2→S3→C B S0 S1 S2 S3 C B D"),
        (9, 6, "A B S0 S1 S2 S3 S4 C …7×B→S0→S1→S2→S3→… 1 more→C B S0 S1 S2 S3 S4 C B D"),
    ],
)
def test_a_loop_is_folded_by_its_cycle(count: int, around: int, shown: str) -> None:
    assert ways(counting(count, around)) == shown


def ways(trace: Trace) -> str:
    """The lines of a trace in a few words."""
    lines = [re.sub(r"^[│├└─ ]+", "", line) for line in drawn(trace, 100).splitlines()[:-1]]
    return " ".join(loop(line) or line.split()[1] for line in lines)


def loop(line: str) -> str:
    found = re.fullmatch(r"… (.*?) times: (.*)", line)
    return f"…{found[1]}×{found[2].replace(' → ', '→')}" if found else ""


def chain_of(names: str, failing: frozenset[int] = frozenset()) -> Chain:
    chain = Chain()
    for place, name in enumerate(names):
        status = visits.CAUGHT if place in failing else visits.SUCCEEDED
        chain.visits.append(visits.Visit(place + 1, name, "Pass", 0.0, chain, place + 1, exited=0.0, status=status))
    return chain


@pytest.mark.parametrize(
    ("names", "failing", "shown"),
    [
        ("AB" * 20, (), "A B | … 18 times: A → B | A B"),
        ("AB" * 20 + "A", (), "A B | … 18 times: A → B | A B A"),
        ("S" + "AB" * 20 + "T" + "CDE" * 9, (), "S A B | … 18 times: A → B | A B T C D E | … 7 times: C → D → E | C D E"),
        ("AAAAB" * 8, (), "A A A A B | … 6 times: A → A → A → A → B | A A A A B"),
        ("AB" * 20, (11,), "A B | … 4 times: A → B | A B | … 13 times: A → B | A B"),
        ("AB" * 20, (3,), "A B A B | … 17 times: A → B | A B"),
        ("AB" * 20, (4, 6), "A B | … once: A → B | A B A B | … 15 times: A → B | A B"),
        ("AB" * 20, tuple(range(40)), "A B A B A B A B | … 15 times: A → B, 15 with errors | A B"),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (), "A B C D E F G H I J | … 6 visits: K ×1, L ×1, M ×1, … | Q R S T U V W X Y Z"),
        ("A" * 30, (), "A | … 28 times: A | A"),
        ("AB" * 11, (), "A B A B A B A B A B A B A B A B A B A B A B"),
    ],
)
def test_what_is_shown_of_a_long_chain(names: str, failing: tuple[int, ...], shown: str) -> None:
    entries = folds.folded(chain_of(names, frozenset(failing)).visits, 0)
    text = " ".join(f"| {entry} |" if isinstance(entry, str) else entry.name for entry in entries)
    assert text.removesuffix(" |") == shown


def test_a_loop_with_much_to_tell_stays_short() -> None:
    inner = "".join(f"{chr(65 + n)}bc" + "bc" * (4 + n) for n in range(26))
    entries = list(folds.folded(chain_of(inner).visits, 0))
    assert len(entries) <= 2 * sum(folds.ENDS[0])
    assert any(str(entry).startswith("… ") and "visits: " in str(entry) for entry in entries)


def test_ten_thousand_visits_are_folded_at_once() -> None:
    random = Random(1)
    names = "".join(random.choice("ABC") for _ in range(10_000))
    assert len(list(folds.folded(chain_of(names).visits, 0))) < 60


def test_the_sample_that_polls_is_a_few_lines() -> None:
    execution = states.run(ROOT / "machines/export/machine.asl.json", json.loads(HOURS.read_text()), tasks_of("export"))
    text = drawn(Trace(read(execution.history.recorded)), 110)
    assert re.findall(r"… \d+ times: .*", text) == [f"… {n} times: WaitAWhile → CheckExport → CountChecks → IsDone" for n in (24, 23)]
    assert text.count("IsDone ") == 3
    assert "2 attempts" in text


def test_a_failure_in_the_middle_of_a_long_way_stays_visible() -> None:
    named: dict[str, Any] = {f"S{n}": PASS for n in range(40)}
    named["S20"] = task("broken", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "S21"}])
    text = drawn(Trace(read(states.run(states.loads(block(**named)), {}, TASKS).history.recorded)), 100)
    assert "! S20" in text
    assert text.count("visits: S") == 2


def test_many_attempts_are_folded() -> None:
    machine = states.loads(block(A=task(Retry=[{"ErrorEquals": ["Flaky"], "MaxAttempts": 50, "BackoffRate": 1}])))
    text = drawn(Trace(read(states.run(machine, {"fail": 40}, TASKS).history.recorded)), 100)
    assert "… 36 attempts more" in text
    assert "attempt 41" in text
    assert len(text.splitlines()) == 8


def test_an_attempt_of_a_parallel_ends_when_its_branch_fails() -> None:
    text = drawn(Trace(story("branches again")), 100)
    assert re.search(r"attempt 1 +\+0 s +0 s  again after 1 s  Broken: it is broken", text)
    assert re.search(r"attempt 2 +\+1 s +0 s  again after 2 s  Broken: it is broken", text)


# ---------------------------------------------------------------- while it runs


def unfinished(name: str, events: int) -> Any:
    from tests.views.stories import execute

    return read(execute(name).history.recorded[:events])


def test_says_what_runs() -> None:
    text = drawn(Trace(unfinished("a task", 4)), 80)
    assert "● A" in text
    assert "runs work" in text
    assert "● RUNNING for 0 s" in text


def test_says_until_when_it_waits() -> None:
    waiting = unfinished("a wait", 2)
    due = waiting.chain.visits[0].entered + 5
    assert "until 00:00:05 UTC, 5 s left" in drawn(Trace(waiting, due={"A#1": due}), 80)
    assert "until 2026-01-03 00:00:00 UTC, 2d left" in drawn(Trace(waiting, due={"A#1": due - 5 + 2 * 86400}), 80)
    assert "waits" in drawn(Trace(waiting), 80)


def test_says_when_it_retries() -> None:
    broken = unfinished("retries", 5)
    assert "retries at 00:00:01 UTC, 1 s left" in drawn(Trace(broken, due={"A#1": broken.now + 1}), 80)
    assert "waits to retry after Flaky: try again" in drawn(Trace(broken), 80)


def test_counts_items_that_wait_for_their_turn() -> None:
    machine = states.loads(block(A=each(block(B=task()), MaxConcurrency=7)))
    recorded = states.run(machine, [{}] * 20, TASKS).history.recorded
    text = drawn(Trace(read(recorded[: 3 + 7 * 4])), 80)
    assert "0 of 20 done" in text
    assert "… 17 more: 13 not started, 4 running" in text


@pytest.mark.parametrize("most", [3, 8, 20])
def test_keeps_to_the_height_of_the_terminal(most: int) -> None:
    text = drawn(Trace(story("a loop"), most_rows=most), 80)
    assert len(text.splitlines()) <= most + 1


def test_a_frame_turns_the_wheel() -> None:
    running = unfinished("a task", 4)
    assert drawn(Trace(running, frame=1)) != drawn(Trace(running, frame=2))


# ---------------------------------------------------------------- distributed


def test_child_executions_are_shown_with_their_map() -> None:
    arn = "arn:run"
    events = [
        ("ExecutionStarted", 0, 0.0, None, {}),
        ("MapStateEntered", 0, 0.0, "Each", {}),
        ("MapStateStarted", 2, 0.0, 2, None),
        ("MapRunStarted", 3, 0.0, arn, None),
        ("MapRunSucceeded", 4, 1.0, None, None),
        ("MapStateSucceeded", 5, 1.0, None, None),
        ("MapStateExited", 4, 1.0, "Each", []),
        ("ExecutionSucceeded", 7, 1.0, None, []),
    ]
    child = Chain(visits.EXECUTION, 0, status="FAILED", started=0.0, ended=1.0, error="Broken", cause="why")
    text = drawn(Trace(read(events), children={arn: [child]}), 90)
    assert "✗ run 0" in text
    assert "Broken: why" in text


# ---------------------------------------------------------------- consoles


class Stream(io.StringIO):
    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "├─ ✓ branch 1"),
        ("ascii", "+- v branch 1"),
        ("latin-1", "+- v branch 1"),
    ],
)
def test_a_stream_gets_what_its_encoding_has(encoding: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    stream = Stream(encoding)
    console(stream).print(Trace(story("branches")))
    assert text in stream.getvalue()
    stream.getvalue().encode(encoding)


def test_what_is_no_terminal_is_plain_and_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    stream = io.StringIO()
    made = console(stream)
    assert made.width == 120
    made.print(Trace(story("a branch fails")))
    assert "\x1b" not in stream.getvalue()
    monkeypatch.setenv("COLUMNS", "40")
    assert console(stream).width == 40


def test_colour_can_be_forced_and_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    stream = io.StringIO()
    console(stream).print(Trace(story("a branch fails")))
    assert "\x1b[1;31m" in stream.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    plain = io.StringIO()
    console(plain).print(Trace(story("a branch fails")))
    assert "31m" not in plain.getvalue()
