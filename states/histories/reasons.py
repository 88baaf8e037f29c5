"""Reasons: why an event is not as recorded, as far as the definition and the two events tell."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from states.errors import StatesError, matches
from states.histories.alike import NOTHING
from states.histories.engine import Diverged
from states.histories.machines import Known
from states.histories.situation import (
    Explanation,
    Situation,
    after_failure,
    failed_before,
    last_error,
    visit_before,
    visit_of,
    was_caught,
    written,
)

#: What may be different, in a word, and what the word means.
REASONS = {
    "branch": "another state follows: another rule of a Choice, another Next, another catcher",
    "state": "a state was renamed, or is gone",
    "type": "a state has another type",
    "request": "a task is asked for something else",
    "result": "a state makes something else of its result or its input",
    "input": "a branch or an iteration begins with another input",
    "items": "a Map has another number of items",
    "variables": "a state assigns other variables",
    "retry": "a failure is retried that was not, or no longer retried",
    "catch": "a failure is caught that was not, or no longer caught",
    "delay": "a wait or a retry takes another time",
    "timeout": "a task or the execution times out that did not, or no longer does",
    "failure": "a state fails that did not, or with another error",
    "end": "the execution or an iteration ends earlier, later or otherwise",
}

#: The fields that make the output of a state, in the order they act.
SHAPING = ("Result", "InputPath", "Parameters", "Arguments", "ResultSelector", "ResultPath", "OutputPath", "Output")


def explained(known: Known, found: Diverged, execution: Any) -> Explanation:
    """The reason of a divergence."""
    visit = visit_of(found, execution)
    context = Situation(known, found, execution, visit)
    explanation = _explained(context)
    place = visit.place if visit is not None else found.chain.path.rstrip("/")
    after = execution.last_of(found.chain.path)
    return explanation._replace(place=explanation.place or place, after=after.id if after is not None else 0)


def _explained(context: Situation) -> Explanation:
    found, was, now = context.found, context.was, context.now
    if "delay" in found.more:
        return _delay(context)
    if "no_result" in found.more:
        message = f'the output of "{context.name}" is another: it had no array at {found.more["no_result"]}, where the results go now'
        return context.told("result", message, "ResultPath")
    if "unknown" in found.more:
        return context.told(
            "result", f'what "{found.more["unknown"]}" gave is not in the history: its child executions are not there, and no exit'
        )
    if was == now and found.key and found.key != "name":
        return _value(context)
    for applies, explain in _CASES:
        if applies(was, now):
            return explain(context)
    return context.told("end", f"{_an(was)} was recorded; now comes {_an(now)}")


# ---------------------------------------------------------------- the same event with another value


def _value(context: Situation) -> Explanation:
    found, kind, name = context.found, context.now, context.name
    key, unlike = found.key, found.unlike
    assert unlike is not None
    at = f" at {unlike.path}" if unlike.path != "$" else ""
    if key == "assignedVariables":
        return context.told("variables", f'"{name}" assigns other variables{at}', "Assign", "Catch")
    if kind.endswith("StateExited"):
        if failed_before(context):
            return context.told("catch", f'"{name}" leaves through a catcher with another output{at}', "Catch")
        shaped = [field for field in SHAPING if field in written(context.known, context.state)]
        by = f", made by {_and(shaped)}" if shaped else ""
        return context.told("result", f'the output of "{name}" is another{at}{by}', *reversed(shaped))
    if kind.endswith("StateEntered"):
        owner = found.chain.owner
        if owner is not None:
            part = "a branch" if owner.type == "Parallel" else "an iteration"
            message = f'{part} of "{owner.name}" begins with another input{at}'
            return context.told("input", message, "ItemSelector", "Parameters", "Arguments", "ItemsPath", "Items", name=owner.name)
        return context.told("input", f'"{name}" is entered with another input{at}')
    if kind == "MapStateStarted":
        message = f'"{name}" has {unlike.now} items, and had {unlike.was}'
        return context.told("items", message, "ItemsPath", "Items", "InputPath")
    if kind.endswith("Scheduled"):
        field = {"timeoutInSeconds": "TimeoutSeconds", "heartbeatInSeconds": "HeartbeatSeconds", "taskCredentials": "Credentials"}.get(key)
        if field is not None:
            message = f'the {field} of "{name}" {_are(field)} {_said(unlike.now)}, and {_were(field)} {_said(unlike.was)}'
            reason = "timeout" if "Seconds" in field else "request"
            return context.told(reason, message, field, f"{field}Path")
        if key in ("resource", "resourceType"):
            return context.told("request", f'"{name}" asks {_said(unlike.now)}, and asked {_said(unlike.was)}', "Resource")
        return context.told("request", f'"{name}" asks for something else{at}', "Parameters", "Arguments", "InputPath")
    if kind.endswith("Failed"):
        return context.told(
            "failure",
            f"{'the execution' if kind.startswith('Execution') else _quoted(name)} fails with another {key}",
            key.capitalize(),
            f"{key.capitalize()}Path",
        )
    return context.told("end", f"another {key}{at}")


# ---------------------------------------------------------------- another event


def _delay(context: Situation) -> Explanation:
    was, now = (_seconds(seconds) for seconds in context.found.more["delay"])
    if context.found.more["retry"]:
        return context.told("delay", f'"{context.name}" is tried again after {now}; recorded: after {was}', _retrier(context))
    fields = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
    return context.told("delay", f'"{context.name}" waits {now}; recorded: {was}', *fields)


def _retrier(context: Situation) -> str:
    """The retrier that takes the last failure of the state: `Retry[1]`; `Retry` when none does."""
    failure = StatesError(last_error(context), None)
    retriers = getattr(context.state, "retry", ())
    return next((f"Retry[{index}]" for index, retrier in enumerate(retriers) if matches(retrier.error_equals, failure)), "Retry")


def _entered(context: Situation) -> Explanation:
    """Another state is entered, or a state of another type."""
    assert context.recorded is not None
    was, now = context.recorded.details.get("name"), context.found.now[3] if context.found.now else ""
    before = visit_before(context)
    if was == now:
        return context.told(
            "type", f'"{now}" is a {context.now.removesuffix("StateEntered")}, and was a {context.was.removesuffix("StateEntered")}', "Type"
        )
    if was not in context.known.states:
        near = difflib.get_close_matches(str(was), context.known.states, 1, 0.6)
        hint = f'; "{now}" comes in its place' if not near or near[0] == now else f'; "{now}" comes in its place, and there is "{near[0]}"'
        return context.told("state", f'"{was}" is no state any more{hint}', name=str(now))
    if before is None:
        return Explanation("branch", f'"{now}" is entered first, and "{was}" was', None, str(now))
    if before.type == "Choice":
        return context.told("branch", f'"{before.name}" chooses "{now}", and chose "{was}"', "Choices", name=before.name)
    if was_caught(context):
        return context.told("branch", f'the failure of "{before.name}" leads to "{now}", and led to "{was}"', "Catch", name=before.name)
    return context.told("branch", f'"{before.name}" leads to "{now}", and led to "{was}"', "Next", name=before.name)


def _ends(context: Situation) -> Explanation:
    """A state is entered where nothing was, or the other way round."""
    before = visit_before(context)
    name = before.name if before is not None else context.name
    if context.was.endswith("StateEntered"):
        assert context.recorded is not None
        was = context.recorded.details.get("name")
        gone = f': "{was}" is no state any more' if was not in context.known.states else ""
        fields = ("Choices",) if before is not None and before.type == "Choice" else ("End", "Next")
        return context.told("branch", f'nothing follows "{name}", and "{was}" did{gone}', *fields, name=name)
    now = context.found.now[3] if context.found.now else ""
    fields = ("Choices",) if before is not None and before.type == "Choice" else ("Next", "End")
    return context.told("branch", f'"{name}" leads to "{now}", and nothing followed it', *fields, name=name)


def _retried_no_more(context: Situation) -> Explanation:
    if not after_failure(context) and _FAILS(context.now):
        return _fails_now(context)
    return context.told(
        "retry", f'"{context.name}" is not tried again, and was: no retrier takes {last_error(context)} then', _retrier(context)
    )


def _retried_now(context: Situation) -> Explanation:
    if context.was and not after_failure(context):
        return _fails_no_more(context)
    return context.told("retry", f'"{context.name}" is tried again after {last_error(context)}, and was not', _retrier(context))


def _caught_no_more(context: Situation) -> Explanation:
    return context.told("catch", f'{last_error(context)} of "{context.name}" is caught by nobody, and was', "Catch")


def _caught_now(context: Situation) -> Explanation:
    return context.told("catch", f'{last_error(context)} of "{context.name}" is caught, and was not', "Catch")


def _fails_now(context: Situation) -> Explanation:
    raw = context.found.now
    assert raw is not None
    error, cause = raw[3] if context.now == "EvaluationFailed" else (raw[3], raw[4])
    told = ": ".join(str(part) for part in (error, cause) if part)
    return context.told("failure", f'"{context.name}" fails{": " if told else ""}{told}')


def _fails_no_more(context: Situation) -> Explanation:
    assert context.recorded is not None
    error = context.recorded.details.get("error")
    return context.told("failure", f'"{context.name}" does not fail with {error} any more: now comes {_an(context.now)}')


def _times_out(context: Situation) -> Explanation:
    if context.now == "ExecutionTimedOut":
        return Explanation("timeout", f"the execution times out before {context.recorded}", "/TimeoutSeconds")
    return context.told(
        "timeout", f'"{context.name}" times out, and did not: {_an(context.was)} was recorded', "TimeoutSeconds", "TimeoutSecondsPath"
    )


def _missing(context: Situation) -> Explanation:
    waiting = ", ".join(f'"{name}"' for name in sorted(set(context.found.more.get("waiting", {}).values()))[:3])
    assert context.recorded is not None
    if context.was.endswith("TimedOut"):
        what = "the execution" if context.was.startswith("Execution") else f'"{context.name}"'
        location = None if what == "the execution" else context.field()
        return Explanation("timeout", f"{what} timed out, and nothing times it out any more", location, context.name or None)
    where = f"; {waiting} would wait for an answer that was not recorded" if waiting else ""
    if "gone" in context.found.more:
        return context.told("end", f"the branch that began with {_quoted(context.recorded.name)} is gone", "Branches")
    if context.was.endswith("StateEntered") and context.found.chain.path:
        return context.told("end", f"a branch or iteration that began with {_quoted(context.recorded.name)} is gone{where}")
    return context.told("end", f"{context.recorded} does not come any more{where}")


def _more(context: Situation) -> Explanation:
    if context.now.endswith("Scheduled"):
        return _retried_now(context)
    if context.now == "MapIterationStarted" or (context.now.endswith("StateEntered") and context.found.chain.path):
        return context.told("end", f"{_an(context.now)} comes that was not recorded: one more branch or iteration")
    return context.told("end", f"{_an(context.now)} comes, and nothing more was recorded there")


def _is(*endings: str) -> Callable[[str], bool]:
    return lambda kind: bool(kind) and kind.endswith(endings)


_AGAIN = _is("Scheduled", "ParallelStateStarted", "MapStateStarted")
_LEAVES = _is("StateExited")
_FAILS = _is("ExecutionFailed", "StateFailed", "MapIterationFailed")
_ENTERS = _is("StateEntered")
_OVER = _is("ExecutionSucceeded", "MapIterationSucceeded", "ParallelStateSucceeded", "MapStateSucceeded")

#: By the types of the two events: what was, what is now -> how it is explained. The first that applies.
_CASES: tuple[tuple[Callable[[str, str], bool], Callable[[Situation], Explanation]], ...] = (
    (lambda was, now: _ENTERS(was) and _ENTERS(now), _entered),
    (lambda _, now: now.endswith("TimedOut"), _times_out),
    (lambda was, now: was.endswith("TimedOut") or not now, _missing),
    (lambda was, now: _AGAIN(was) and (_LEAVES(now) or _FAILS(now)), _retried_no_more),
    (lambda was, now: _AGAIN(now) and (_LEAVES(was) or _FAILS(was)), _retried_now),
    (
        lambda was, now: _LEAVES(was) and _FAILS(now),
        lambda context: _caught_no_more(context) if after_failure(context) else _fails_now(context),
    ),
    (
        lambda was, now: _LEAVES(now) and _FAILS(was),
        lambda context: _caught_now(context) if after_failure(context) else _fails_no_more(context),
    ),
    (lambda _, now: now in ("ExecutionFailed", "EvaluationFailed"), _fails_now),
    (lambda was, _: was in ("ExecutionFailed", "EvaluationFailed"), _fails_no_more),
    (lambda was, now: (_ENTERS(was) and _OVER(now)) or (_OVER(was) and _ENTERS(now)), _ends),
    (lambda was, _: not was, _more),
)


# ---------------------------------------------------------------- words


def _an(kind: str) -> str:
    return f"{'an' if kind[:1] in 'AEIOU' else 'a'} {kind}" if kind else "nothing"


def _and(words: list[str]) -> str:
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def _are(field: str) -> str:
    return "are" if field.endswith("s") else "is"


def _were(field: str) -> str:
    return "were" if field.endswith("s") else "was"


def _quoted(name: str | None) -> str:
    return f'"{name}"'


def _said(value: Any) -> str:
    return "not given" if value is NOTHING or value is None else str(value)


def _seconds(seconds: float) -> str:
    return f"{round(seconds, 3):g} s"
