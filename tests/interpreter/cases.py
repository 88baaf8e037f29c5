"""Cases as data: a machine, an input, scripted tasks, and what becomes of them. Any driver can run them.

A file of tests/cases is `{"about": text, "cases": [case, ...]}`. A case:

    name      what it shows
    states    the states of the machine; or `machine`, a whole definition. A block without StartAt starts with its first state.
              A Resource that is no ARN and no substitution is the name of a Lambda function.
    input     a JSON value, `{}` when absent; or `input_text`, its text as the caller spells it
    tasks     name of a function, state or service -> script
    settings  fields of RunSettings
    during    what happens from outside: [seconds after the start, what, ...]
                  [5, "stop", error, cause]
                  [5, "success", state name, output]        the token that state's task was given last
                  [5, "failure", state name, error, cause]
                  [5, "heartbeat", state name]
                  [5, "unknown token", kind, state name]    the same, refused: nothing waits for that token any more
                  [5, "look"]                               the rest of `expected` is about this moment
    order     why the order of things that happen at the same time decides the outcome (else it must not)
    expected  status  output  error  cause  seconds (that passed)
              events: types in order, or [type, previousEventId] in order, without ExecutionStarted
              counts: type of event -> how many there are       last: [id, type, previousEventId] of the last event
              details: id of an event -> its details, as far as given
              waiting: names of the states that wait
              map_runs: [{status, failed_items, arn (a pattern), children: [{status, input, output, error, events}]}]

A script is an object of steps, done in the order they are written; or a list of such objects, done one after the other:

    {"return": value}  {"echo": true}: return the event      {"raise": [error, cause]}: TaskError
    {"exception": [class, message]}                          {"sleep": seconds}  {"heartbeat": true}
    {"success": output}  {"failure": [error, cause]}  {"beat": true}: answers to its own token, `{"after": seconds}` before it delays them
    {"python": name}: one of PYTHON below
    {"attempts": [script of the first attempt, of the second ..., of all later ones]}
    {"by": {JSON text of the event: script, "else": script}}

Anywhere: {"$bytes": n} is a string with n bytes of JSON text, {"$range": n} the numbers from 0 to n - 1.
"""

from __future__ import annotations

import asyncio
import builtins
import json
from pathlib import Path
from typing import Any

import states
from states.drivers.answers import UnknownToken
from states.drivers.virtual import Virtual
from states.interpreter.execution import Execution
from states.language.values import dumps
from states.running import RunSettings, make_execution
from states.tasks.functions import TaskContext, TaskError, function

Json = Any
Case = dict[str, Any]

FOLDER = Path(__file__).parent.parent / "cases"
FILES = (
    *("pass", "task", "functions", "invoke", "activities", "choice", "wait", "succeed", "fail", "parallel", "map", "distributed_map"),
    *("dataflow", "context", "variables", "errors", "retry", "timeouts", "limits", "stop"),
)
FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


def load(name: str) -> list[Case]:
    """The cases of a file, each with the name of the file before its own."""
    found = json.loads((FOLDER / f"{name}.json").read_text())["cases"]
    return [{**case, "name": f"{name}: {case['name']}"} for case in found]


def all_cases() -> list[Case]:
    return [case for name in FILES for case in load(name)]


# ---------------------------------------------------------------- macros


def expand(value: Json) -> Json:
    """The value with its macros replaced."""
    if isinstance(value, list):
        return [expand(member) for member in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["$bytes"]:
        return "x" * (value["$bytes"] - 2)
    if list(value) == ["$range"]:
        return list(range(value["$range"]))
    return {key: expand(member) for key, member in value.items()}


def definition(case: Case) -> Json:
    """The whole definition of a case's machine."""
    return expand(_whole(case["machine"] if "machine" in case else {"States": case["states"]}))


def _whole(value: Json) -> Json:
    if isinstance(value, list):
        return [_whole(member) for member in value]
    if not isinstance(value, dict):
        return value
    made = {key: member if key in ("Parameters", "Result") else _whole(member) for key, member in value.items()}
    if isinstance(value.get("States"), dict) and "StartAt" not in value:
        made["StartAt"] = next(iter(value["States"]))
    resource = value.get("Resource")
    if value.get("Type") == "Task" and isinstance(resource, str) and not resource.startswith(("arn:", "${")):
        made["Resource"] = FUNCTION_ARN + resource
    return made


# ---------------------------------------------------------------- scripted tasks


class Scripts:
    """The callables of a case; `tokens` are the task tokens they saw, by state."""

    def __init__(self, scripts: dict[str, Json]) -> None:
        self.tokens: dict[str, str] = {}
        self.callables = {name: self._callable(name, expand(script)) for name, script in scripts.items()}

    def _callable(self, name: str, script: Json) -> Any:
        options = script.get("function", {}) if isinstance(script, dict) else {}

        def call(event: Json, context: TaskContext) -> Json:
            if context.task_token is not None:
                self.tokens[context.state_name] = context.task_token
            return perform(script, event, context)

        return function(name, **options)(call)


def perform(script: Json, event: Json, context: TaskContext) -> Json:
    """Does what a script says."""
    for steps in script if isinstance(script, list) else [script]:
        after = 0.0
        for step, value in steps.items():
            if step == "attempts":
                return perform(value[min(context.attempt, len(value)) - 1], event, context)
            if step == "by":
                return perform(value.get(dumps(event), value.get("else")), event, context)
            if step == "return":
                return value
            if step == "echo":
                return event
            if step == "after":
                after = value
            elif step == "python":
                return PYTHON[value](event, context)
            else:
                STEPS[step](context, value, after)
    return None


def _exception(_: TaskContext, value: Json, __: float) -> None:
    raise getattr(builtins, value[0])(*value[1:])


def _task_error(_: TaskContext, value: Json, __: float) -> None:
    raise TaskError(*value)


STEPS = {
    "function": lambda context, value, after: None,
    "sleep": lambda context, value, after: context.sleep(value),
    "heartbeat": lambda context, value, after: context.heartbeat(),
    "raise": _task_error,
    "exception": _exception,
    "success": lambda context, value, after: context.send_task_success(context.task_token, value, after=after),
    "failure": lambda context, value, after: context.send_task_failure(context.task_token, *value, after=after),
    "beat": lambda context, value, after: context.send_task_heartbeat(context.task_token, after=after),
}


# ---------------------------------------------------------------- what no JSON can say


class CustomError(Exception):
    pass


class SpeechlessError(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


def _raise(fault: BaseException) -> Any:
    def call(event: Json, context: TaskContext) -> Json:
        raise fault.with_traceback(None)

    return call


def _nested(event: Json, context: TaskContext) -> Json:
    try:
        event["missing"]
    except KeyError as inner:
        raise CustomError("outer") from inner


def _ring(event: Json, context: TaskContext) -> Json:
    ring: list[Any] = []
    ring.append(ring)
    return ring


def _spoils_its_event(event: Json, context: TaskContext) -> Json:
    event["list"].append("spoilt")
    event.clear()
    return "done"


def _deep(event: Json, context: TaskContext) -> Json:
    value: Json = 1
    for _ in range(100_000):
        value = [value]
    return value


async def _sleeps(event: Json, context: TaskContext) -> Json:
    await asyncio.sleep(event["seconds"])
    return context.get_remaining_time_in_millis()


async def _gathers(event: Json, context: TaskContext) -> Json:
    async def one(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    return await asyncio.gather(*map(one, event["seconds"]))


async def _raises_later(event: Json, context: TaskContext) -> Json:
    await asyncio.sleep(1)
    raise CustomError("later")


def _context(event: Json, context: TaskContext) -> Json:
    return {name: getattr(context, name) for name in CONTEXT_FIELDS}


CONTEXT_FIELDS = (
    *("function_name", "function_version", "invoked_function_arn", "memory_limit_in_mb"),
    *("state_name", "attempt", "task_token", "log_group_name"),
)


def _remaining(event: Json, context: TaskContext) -> Json:
    before = context.get_remaining_time_in_millis()
    context.sleep(1.5)
    return [before, context.get_remaining_time_in_millis()]


def _holds_on(event: Json, context: TaskContext) -> Json:
    try:
        context.sleep(60)
    except Exception:
        return "held on"


PYTHON: dict[str, Any] = {
    "custom": _raise(CustomError("custom")),
    "unicode": _raise(CustomError('né "日本" \n')),
    "speechless": _raise(SpeechlessError()),
    "no arguments": _raise(CustomError()),
    "nested": _nested,
    "exit 3": _raise(SystemExit(3)),
    "exit 0": _raise(SystemExit()),
    "set": lambda event, context: {1, 2},
    "nan": lambda event, context: [float("nan")],
    "object": lambda event, context: {"at": object},
    "bytes": lambda event, context: b'{"raw": [1, 2]}',
    "bytes that are no JSON": lambda event, context: b"raw",
    "tuple": lambda event, context: {1: (1, 2), None: True},
    "surrogate": lambda event, context: "\ud800",
    "long number": lambda event, context: [10**5000],
    "wide": lambda event, context: "日" * 90_000,
    "ring": _ring,
    "deep": _deep,
    "spoils its event": _spoils_its_event,
    "sleeps": _sleeps,
    "gathers": _gathers,
    "raises later": _raises_later,
    "context": _context,
    "remaining": _remaining,
    "holds on": _holds_on,
}


# ---------------------------------------------------------------- driving


class Watched(Virtual):
    """Notes after each completion how far the execution is: (number of events, what it waits for, status)."""

    def __init__(self, execution: Execution, tasks: Any, *, at: float) -> None:
        super().__init__(execution, tasks, at=at, observer=self._note)
        self.notes: list[tuple[int, dict[str, str], str]] = []

    def _note(self, execution: Execution) -> None:
        self.notes.append((len(execution.history), execution.waiting(), execution.status))


def prepared(case: Case) -> tuple[Execution, Any, float, Scripts]:
    """The execution of a case, not yet started, its tasks, its start, and its scripts."""
    settings = RunSettings(**case.get("settings", {}))
    machine = states.loads(definition(case), type=settings.type or "STANDARD")
    scripts = Scripts(case.get("tasks", {}))
    text = case.get("input_text")
    given = json.loads(text) if text is not None else expand(case.get("input", {}))
    execution, served, at = make_execution(machine, given, scripts.callables, settings, text)
    return execution, served, at, scripts


def drive(case: Case, kind: Any = Watched, **more: Any) -> Virtual:
    """The case run on a virtual clock to where it ends."""
    execution, served, at, scripts = prepared(case)
    driver = kind(execution, served, at=at, **more)
    driver.start()
    for seconds, what, *values in case.get("during", ()):
        driver.advance(at + seconds - driver.now)
        if what == "look":
            return driver
        if what == "stop":
            driver.stop(*values)
        else:
            answer(driver, scripts.tokens, what, values)
    driver.run()
    return driver


def answer(driver: Virtual, tokens: dict[str, str], what: str, values: list[Any]) -> None:
    """An answer to the token that a state's task was given."""
    if what == "unknown token":
        kind, *values = values
        try:
            answer(driver, tokens, kind, values)
        except UnknownToken:
            return
        raise AssertionError("the token is still known")
    name, *rest = values
    send = {"success": driver.send_task_success, "failure": driver.send_task_failure, "heartbeat": driver.send_task_heartbeat}[what]
    send(tokens.get(name, name), *rest)
