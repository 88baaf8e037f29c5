"""Scripts of commands, and what must be shown: lines in this order, others between them."""

from __future__ import annotations

import pytest

from states.debugging.commands import COMMANDS, named, split
from states.debugging.session import Wrong
from states.tasks.functions import MockFault
from tests.debugging.worlds import FAN, LAMBDA, LOOP, SHOP, SHOP_INPUT, Calls, debugger, play, sample, to_the_end

#: Machine, script, what is shown.
SCRIPTS = [
    ("shop", "where", ["Reserve#1  entered  +0 s  <string>:1", "  > Reserve  +0 s"]),
    ("shop", "step", ["Reserve#1  asked the task  +0 s  <string>:1", '    {"order": {"id": 7, "cents": 4900}}']),
    ("shop", "step 2", ["Reserve#1  result  +200 ms  <string>:1", '    {"id": "r1"}']),
    ("shop", "step 3", ["Reserve#1  after ResultPath  +200 ms  <string>:1", '  +   "reservation": {"id": "r1"}']),
    ("shop", "next", ["Charge#2  entered  +200 ms  <string>:1"]),
    (
        "shop",
        "break Charge; continue; step 3",
        [
            "stop 1: break Charge",
            "Charge#2  entered  +200 ms  <string>:1",
            "stop 1: break Charge",
            "Charge#2  asked the task  +200 ms  <string>:1",
            '    {"cents": 4900, "for": "order 7"}',
        ],
    ),
    ("shop", "break Charge; c; s", ["Charge#2  after InputPath  +200 ms  <string>:1", '  + {"id": 7, "cents": 4900}']),
    ("shop", "break Charge; c; s; s", ["Charge#2  after Parameters  +200 ms  <string>:1", '  -   "id": 7,', '  +   "for": "order 7"']),
    ("shop", "break Charge; c 2", ["Charge#2  entered  attempt 2  +2.2 s  <string>:1"]),
    (
        "shop",
        "break Charge; c 2; s 4",
        ["Charge#2  result  attempt 2  +3 s  <string>:1", '    {"receipt": "4900 for order 7", "secret": 1}'],
    ),
    ("shop", "break Charge; c 2; s 5", ["Charge#2  after ResultSelector  attempt 2  +3 s  <string>:1", '  -   "secret": 1']),
    (
        "shop",
        "break Charge; c 2; s 6",
        ["Charge#2  after ResultPath  attempt 2  +3 s  <string>:1", '  +   "payment": {"receipt": "4900 for order 7"}'],
    ),
    ("shop", "break Charge; c 2; s 7", ["Charge#2  after OutputPath  attempt 2  +3 s  <string>:1", '  + {"receipt": "4900 for order 7"}']),
    ("shop", "break Charge; c 2; s 8", ["Charge#2  left  attempt 2  +3 s  <string>:1", '  + {"receipt": "4900 for order 7"}']),
    ("shop", "on error; c", ["stop 1: on error", "Charge#2  failed  +200 ms  <string>:1", "stop 1: on error", "    Busy: try again"]),
    ("shop", "on error; c; s", ["Charge#2  retried  +200 ms  <string>:1", "Retry[0] takes it"]),
    ("shop", "on error; c; why", ["Charge#2 failed", "  Busy: try again", "  at <string>:1", "  Retry[0] takes it  <string>:1"]),
    ("shop", "on error Other; c", ["execution  SUCCEEDED  +1m 3s", '    {"receipt": "4900 for order 7"}']),
    ("shop", "when $.reservation; c; c", ["Reserve#1  after ResultPath", "Charge#2  entered  attempt 2"]),
    ("shop", "when $.payment; c", ["stop 1: when $.payment", "Charge#2  after ResultPath  attempt 2  +3 s  <string>:1"]),
    ("shop", 'when $.receipt == "4900 for order 7"; c', ["Charge#2  result  attempt 2  +3 s  <string>:1"]),
    ("shop", "when $states.input.receipt; c", ["Wait#3  entered  +3 s  <string>:1"]),
    ("shop", "when $states.errorOutput.Error = 'Busy'; c", ["Charge#2  failed  +200 ms  <string>:1"]),
    (
        "shop",
        "until 2026-01-01T00:00:02Z; w",
        ["Charge#2  entered  attempt 2  +2.2 s  <string>:1", "  ✓ Reserve  +0 s", "  > Charge  attempt 2  +200 ms"],
    ),
    ("shop", "until +1m", ["Wait#3  left  +1m 3s  <string>:1"]),
    ("shop", "break Wait; c; s", ["Wait#3  waits  +3 s  <string>:1", "until 2026-01-01 00:01:03 UTC"]),
    ("shop", "break Big?; c; s", ["Big?#4  choice rule  +1m 3s  <string>:1", "Choices[0] does not hold"]),
    (
        "shop",
        'break Big?; c; set $.receipt "none"; s; c',
        ['future 2, from future 1: Big?#4: set $.receipt "none"', "Choices[0] holds", "execution  FAILED  +1m 3s", "    Refused: no money"],
    ),
    ("shop", "c; r", ["execution  SUCCEEDED  +1m 3s", "Reserve#1  entered  +0 s  <string>:1"]),
    ("shop", "break Charge; c 2; r", ["Charge#2  entered  attempt 2", "Charge#2  entered  +200 ms"]),
    ("shop", "n 2; p", ["Charge#2  entered  attempt 2", "Charge#2  entered  +200 ms"]),
    ("shop", "n; s 2; p", ["Charge#2  after Parameters", "Charge#2  entered  +200 ms"]),
    (
        "shop",
        "break Charge#2; stops; delete 1; stops",
        [
            "stop 1: break Charge#2",
            "stop 1: break Charge#2",
            "stop 1 is gone: break Charge#2",
            "no stops; break STATE, on error, when EXPR",
        ],
    ),
    ("shop", "n; show $.order.cents", ["4900"]),
    ("shop", "n; show $states.input.order.cents * 2; show input", ["9800", "{", '  "order": {']),
    (
        "shop",
        'n; result {"receipt": "mine"}; c; futures',
        [
            'future 2, from future 1: Charge#2: result {"receipt": "mine"}',
            "Charge#2  result  +200 ms  <string>:1",
            '    {"receipt": "mine"}',
            "execution  SUCCEEDED  +1m",
            "  1  as far as 9 moments  as it was",
            '> 2  SUCCEEDED  from 1, Charge#2: result {"receipt": "mine"}',
        ],
    ),
    (
        "shop",
        "n; fail Declined no money; s; why; c",
        [
            "future 2, from future 1: Charge#2: fail Declined no money",
            "    Declined: no money",
            "Charge#2  caught  +200 ms  <string>:1",
            "Catch[0] takes it",
            "  Catch[0] takes it  <string>:1",
            "execution  FAILED",
        ],
    ),
    (
        "shop",
        'on error; c; result {"receipt": "x"}; switch 1; c; futures',
        ["future 2, from future 1", "Charge#2  failed  +200 ms", "execution  SUCCEEDED  +1m 3s", "> 1  SUCCEEDED  as it was"],
    ),
    (
        "shop",
        "n; set $.order.cents 1; s 3; set $.order.id 8; futures",
        [
            '    {"cents": 1, "for": "order 7"}',
            "future 3, from future 2: Charge#2: set $.order.id 8",
            "> 3  as far as 9 moments  from 2, Charge#2: set $.order.id 8",
        ],
    ),
    (
        "shop",
        "c; where",
        [
            "execution  SUCCEEDED",
            "  ✓ Reserve  +0 s",
            "  ✓ Charge  attempt 2  +200 ms",
            "  ✓ Wait  +3 s",
            "  ✓ Big?  +1m 3s",
            "  ✓ Done  +1m 3s",
        ],
    ),
    ("shop", "help back", ["b  back [N]                one place back"]),
    ("fan", "s; show variables", ["    $rate = 2", '    $deep = {"a": [1, 2]}', '  "rate": 2,']),
    ("fan", "break A; c; where", ["Fan#2[0]/A#1  entered", "inside Fan#2 [0] › A#1", "  ● Fan  +0 s", "  >   [0] A  +0 s"]),
    ("fan", "break A; c; n", ["Fan#2[0]/A2#2  entered  +1 s"]),
    ("fan", "break A; c; o", ["Fan#2  result  +5 s"]),
    ("fan", "break A; c; n; n", ["Fan#2  result  +5 s"]),
    ("fan", "n; n", ["Fan#2  entered", "Each#3  entered"]),
    ("fan", "break Twice; n 3", ["Each#3[0]/Twice#1  entered"]),
    ("fan", "break Twice; c 2; o", ["Each#3[1]/Twice#1  entered", "Each#3  result", '    [{"n": 6}, {"n": 8}]']),
    ("fan", "break Each#3[1]/Twice#1; c", ["stop 1: break Each#3[1]/Twice#1", "Each#3[1]/Twice#1  entered"]),
    ("fan", "break Each; c; s", ["Each#3  after ItemsPath", "    [3, 4]"]),
    ("fan", "break Each; c; s 3", ["Each#3  after ItemSelector", '    {"n": 4}']),
    (
        "fan",
        "break A2; c; set $rate 5; n; b",
        ["future 2, from future 1: Fan#2[0]/A2#2: set $rate 5", "Fan#2  result", '    [{"rate": 5, "a": {"n": 2}}'],
    ),
    ("fan", "break A2; c; set $deep.a[1] 9; show $deep.a[1]; switch 1; show $deep.a[1]", ["9", "2"]),
    ("fan", "break Twice; c; result 5; delete 1; c", ["    5", '    [5, {"n": 8}]']),
    ("jsonata", "s; s; s", ["Price#1  after Arguments", "Price#1  asked the task", "Price#1  result  +1 s", '    {"n": 200}']),
    ("jsonata", "s 4; s", ["Price#1  after Output  +1 s", "Price#1  left  +1 s", "    $total = 200"]),
    ("jsonata", "when $total > 100; c", ["Price#1  left  +1 s"]),
    ("jsonata", 'break Last; c; set $total {"a": 1}; c', ['    {"a": 1}']),
]


@pytest.mark.parametrize(("machine", "script", "expected"), SCRIPTS, ids=[f"{machine}: {script}" for machine, script, _ in SCRIPTS])
def test_a_script_shows(machine: str, script: str, expected: list[str]) -> None:
    shown = play(sample(machine), script)
    rest = iter(shown)
    for line in expected:
        assert any(found.startswith(line) for found in rest), f"{line!r} is not, or not in this order, in\n" + "\n".join(shown)


WRONG = [
    ("foo", "there is no command foo; help lists them"),
    ("brek A", "there is no command brek; did you mean break?"),
    ("st", "st may be step or stops"),
    ("b x", "back: expected nothing, or how many times, found x"),
    ("s 0", "step: expected nothing, or how many times, found 0"),
    ("c -1", "continue: expected nothing, or how many times, found -1"),
    ("back", "this is where the execution begins"),
    ("r", "this is where the execution begins"),
    ("p", "this is where the execution begins"),
    ("break Chrge", "break: the machine has no state 'Chrge'; did you mean \"Charge\"?"),
    ("break Chrge#1", "break: the machine has no state 'Chrge#1'"),
    ("on", "on: expected on error, or on error NAME, found on"),
    ("on failure", "on: expected on error, or on error NAME, found on failure"),
    ("when", "when: expected an expression"),
    ("when $.[", "when: $.[ is no path"),
    ("when )(", "when: )( is no JSONata"),
    ("delete", "delete: expected a number, found nothing"),
    ("delete 4", "there is no stop 4"),
    ("show $.nope", "show: $.nope has no value here"),
    ("show result", "show: result has no value here"),
    ("until", "until: expected a time such as"),
    ("until soon", "until: expected a time such as"),
    ("until +x", "until: expected a time such as"),
    ("until 2020-01-01T00:00:00Z", "until: that time has passed"),
    ("why", "why: nothing has failed so far"),
    ("set", "set: expected a path and JSON"),
    ("set $.a", "set: expected a path and JSON"),
    ("set order 5", "set: expected a path and JSON"),
    ("set $.a {", "set: expected JSON"),
    ("set $.a[*] 1", "set: $.a[*] names no one place"),
    ("set $rate 1", "set: no variable $rate is in sight where Reserve#1 begins"),
    ("set $$.x 1", "set: the Context Object is not changed"),
    ("set $.order.id.x 1", 'set: Unable to apply step "x" to input 7'),
    (f'set $ "{"x" * 262_144}"', "set: the value has 262,146 bytes; the limit is 262,144 bytes (256 KiB)"),
    ("result", "result: expected JSON"),
    ("result {a}", "result: expected JSON"),
    ("fail", "fail: expected an error name"),
    ("switch", "switch: expected a number, found nothing"),
    ("switch 2", "there is no future 2; there is 1"),
    ("help foo", "there is no command foo; help lists them"),
]


@pytest.mark.parametrize(("command", "message"), WRONG, ids=[command[:40] for command, _ in WRONG])
def test_what_cannot_be_done_is_one_line_and_changes_nothing(command: str, message: str) -> None:
    found = sample("shop")
    before = found.screen()
    with pytest.raises(Wrong) as refusal:
        play(found, command)
    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)
    assert found.screen() == before
    assert found.session.stops == []


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("c; s", "the execution has ended; back, previous and reverse-continue go back"),
        ("c; set $.a 1", "set: the execution has ended; go back to a state first"),
        ("c; result 1", "result: the execution has ended"),
        ("c; fail X", "fail: the execution has ended"),
        ("break Big?; c; result 1", "result: Big? asks no task here"),
        ("break Wait; c; result 1", "result: Wait asks no task here"),
        ("break Charge; break Charge", "there is a stop break Charge already"),
    ],
)
def test_what_cannot_be_done_there(script: str, message: str) -> None:
    with pytest.raises(Wrong) as refusal:
        play(sample("shop"), script)
    assert str(refusal.value).startswith(message)


def test_a_parallel_is_not_answered_as_a_task() -> None:
    with pytest.raises(Wrong, match="result: Fan asks no task here"):
        play(sample("fan"), "break Fan; c; result []")


def test_no_task_is_called_before_somebody_goes_past_it() -> None:
    calls = Calls()
    found = sample("shop", calls)
    play(found, "step")
    assert calls.made == []
    play(found, "step")
    assert calls.made == ["reserve"]
    play(found, "break Charge; continue; step 3")
    assert calls.made == ["reserve"]


def test_an_answer_by_hand_stands_for_the_call() -> None:
    calls = Calls()
    found = sample("shop", calls)
    play(found, 'result {"id": "mine"}; next; result {"receipt": "mine"}; c')
    assert calls.made == []
    assert found.session.moment.value == {"receipt": "mine"}


def test_going_back_and_other_futures_call_no_task_twice() -> None:
    calls = Calls()
    play(sample("shop", calls), "c; r; c; p 3; set $.order.id 7; c; r; c")
    assert calls.made == ["reserve", "charge", "charge"]


def test_a_task_that_is_asked_something_else_is_called_again() -> None:
    calls = Calls()
    found = sample("shop", calls)
    play(found, "c; r; n; set $.order.id 8; c")
    assert calls.made == ["reserve", "charge", "charge", "charge", "charge"]
    assert found.session.moment.value == {"receipt": "4900 for order 8"}


def test_a_change_drops_what_was_changed_later() -> None:
    found = sample("shop")
    play(found, 'n; result {"receipt": "mine"}; p; p; set $.order.cents 5; c')
    assert found.session.moment.value == {"receipt": "5 for order 7"}


def test_a_change_keeps_what_was_changed_before() -> None:
    found = sample("shop")
    play(found, 'set $.order.cents 5; n; result {"receipt": "mine"}; n; set $.more 1; c')
    assert found.session.moment.value == {"receipt": "mine", "more": 1}
    assert [len(future.changes) for future in found.session.futures] == [0, 1, 2, 3]


def test_the_history_shows_the_input_that_was_set() -> None:
    found = sample("shop")
    play(found, "n; set $.order.cents 5; c")
    entered = next(e for e in found.session.future.execution.history if e["type"] == "TaskStateEntered" and e["id"] > 3)
    assert '"cents":5' in entered["stateEnteredEventDetails"]["input"].replace(" ", "")


def test_a_failure_nobody_takes() -> None:
    found = debugger(FAN, {"items": []})
    assert play(found, "on error; c; why")[-1] == "  nobody took it: no Retry and no Catch"


def test_a_failure_no_retrier_takes_any_more() -> None:
    shown = play(debugger(SHOP, SHOP_INPUT, Calls(busy=9)), "on error; c 3; why; c; c; why")
    assert [line for line in shown if "used up" in line] == ["  Retry[0] matches, but its attempts are used up  <string>:1"] * 1
    assert "Refused#3 failed" in shown


@pytest.mark.parametrize(
    ("machine", "input", "expected"),
    [
        ({**SHOP, "TimeoutSeconds": 30}, SHOP_INPUT, ["the execution TIMED_OUT"]),
        (
            LOOP,
            {"n": -9000},
            ["the execution FAILED", "  States.Runtime: The execution reached the maximum number of history events (25000)."],
        ),
        (
            SHOP,
            {},
            ["Charge#2 failed", "  States.Runtime: Invalid path '$.order' : No results for path: $['order']", "  at <string>:1"],
        ),
    ],
)
def test_why_an_execution_ended(machine: dict[str, object], input: object, expected: list[str]) -> None:
    found = debugger(machine, input)
    play(found, "c")
    assert play(found, "why")[: len(expected)] == expected


def test_futures_and_stops_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from states.debugging import session

    monkeypatch.setattr(session, "MOST_FUTURES", 3)
    monkeypatch.setattr(session, "MOST_STOPS", 2)
    found = sample("shop")
    play(found, "set $.a 1; set $.a 2; break Wait; break Done")
    with pytest.raises(Wrong, match="there are 3 futures already"):
        play(found, "set $.a 3")
    with pytest.raises(Wrong, match="there are 2 stops already"):
        play(found, "on error")


def test_a_filter_that_is_looked_at_again_is_no_other_place() -> None:
    task = {"Type": "Task", "Resource": f"{LAMBDA}double", "InputPath": "$.in", "Parameters": {"n.$": "$.n"}, "TimeoutSecondsPath": "$.s"}
    found = debugger({"StartAt": "A", "States": {"A": {**task, "End": True}}}, {"in": {"n": 2, "s": 9}})
    to_the_end(found)
    kinds = [moment.kind for moment in found.session.moments]
    assert kinds == ["entered", "afterInputPath", "afterParameters", "asked", "result", "left", "executionEnded"]


def test_a_mock_without_an_answer_is_answered_by_hand() -> None:
    def refuses(event: object, context: object) -> object:
        raise MockFault("no answer left")

    calls = Calls()
    calls.charge = refuses  # type: ignore[method-assign,assignment]
    patient = {**SHOP, "States": {**SHOP["States"], "Charge": {**SHOP["States"]["Charge"], "TimeoutSeconds": 5}}}  # type: ignore[dict-item,index]
    found = debugger(patient, SHOP_INPUT, calls)
    assert "nothing more is known: nobody answers Charge; give a result with result JSON, or fail ERROR CAUSE" in play(found, "c")
    play(found, 'result {"receipt": "mine"}; c')
    assert found.session.moment.value == {"receipt": "mine"}


def test_25_000_events_are_run_once() -> None:
    made: list[int] = []
    found = debugger(LOOP, {"n": 0}, made=made)
    play(found, "c; b 20; r; c; where; p 10; when $.n >= 12000; r; c")
    assert found.session.future.execution.history.recorded
    assert len(found.session.moments) > 24_000
    assert made == [0]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("", []),
        ("a", ["a"]),
        ("a; b;; c ;", ["a", "b", "c"]),
        ("a\n# b; c\n\n  d", ["a", "d"]),
        ('result {"a": "x; y"}; n', ['result {"a": "x; y"}', "n"]),
        ("when ($a := 1; $a > 0); n", ["when ($a := 1; $a > 0)", "n"]),
        ("set $['a;b'] 1; n", ["set $['a;b'] 1", "n"]),
        ('fail E it"s; n', ['fail E it"s', "n"]),
    ],
)
def test_split(text: str, commands: list[str]) -> None:
    assert split(text) == commands


def test_each_letter_is_one_command() -> None:
    letters = [command.letter for command in COMMANDS.values() if command.letter]
    assert len(letters) == len(set(letters))
    assert [named(command.letter) for command in COMMANDS.values() if command.letter] == [n for n, c in COMMANDS.items() if c.letter]
    assert all(named(name) == name for name in COMMANDS)
