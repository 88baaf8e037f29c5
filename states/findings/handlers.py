"""Handlers: the retriers and catchers that could have taken an error, from the state outwards, and why each did not.

Tells by the definition what `interpreter.retry` would have done with the failures that the history tells of.

Source: https://states-language.net/spec.html#errors and the recordings named in `errors`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from states import errors
from states.errors import StatesError
from states.findings import nested
from states.findings.finding import Handler
from states.findings.times import missed_heartbeat
from states.machine import Catcher, Retrier, State
from states.views import words
from states.views.lookup import Lookup
from states.views.visits import Attempt, Visit

NO_MATCH = "no match"  #: its ErrorEquals names another error
USED_UP = "used up"  #: MaxAttempts times
NEVER = "never"  #: MaxAttempts is 0
NOT_COVERED = "not covered"  #: nothing takes this error, States.ALL neither
NOT_ASKED = "not asked"  #: an earlier one decided
TOOK_IT = "took it"
OWN_FAILURE = "own failure"  #: it took the error, and then its own path failed
UNCLEAR = "unclear"  #: by this definition it would have taken the error


def reasons(
    visit: Visit, failure: StatesError, lookup: Lookup, *, caught_by: Visit | None = None, own: StatesError | None = None
) -> tuple[Handler, ...]:
    """Every retrier and catcher of the state, and of those it runs inside of, up to the catcher of `caught_by`, which took the error.

    `own` is the error with which a catcher of the state failed itself; `failure` is then the one it was to take.
    """
    found: list[Handler] = []
    inside: Visit | None = visit
    while inside is not None:
        state = lookup.state(inside.name)
        is_caught = inside is caught_by
        if state is not None:
            found += _of_retriers(state, inside, failure, lookup)
            found += _of_catchers(state, failure, is_caught, own if inside is visit else None, lookup)
        if is_caught:
            break
        if own is not None:
            failure, own = own, None
        inside = inside.chain.owner
    return tuple(found)


def _of_retriers(state: State, visit: Visit, failure: StatesError, lookup: Lookup) -> Iterator[Handler]:
    retriers: tuple[Retrier, ...] = getattr(state, "retry", ())
    used = _used(state, retriers, visit, failure)
    decided: str | None = None
    for index, retrier in enumerate(retriers):
        verdict, reason = _of_retrier(retrier, used.get(index, 0), failure, decided)
        if verdict in (USED_UP, NEVER, UNCLEAR):
            decided = f"{words.clean(', '.join(retrier.error_equals))} comes first and decides"
        yield _handler("Retry", state, retrier, verdict, reason, lookup)


def _of_retrier(retrier: Retrier, used: int, failure: StatesError, decided: str | None) -> tuple[str, str]:
    if failure.error == errors.RUNTIME:
        return NOT_COVERED, "States.Runtime is never retried"
    if decided is not None:
        return NOT_ASKED, decided
    if not errors.matches(retrier.error_equals, failure):
        return NO_MATCH, mismatch(retrier.error_equals, failure)
    if retrier.max_attempts == 0:
        return NEVER, "MaxAttempts is 0: never retried"
    if used >= retrier.max_attempts:
        return USED_UP, f"used up, {words.count(used, 'retry', 'retries')} of MaxAttempts {retrier.max_attempts}"
    if failure.error == errors.DATA_LIMIT_EXCEEDED:
        return NOT_COVERED, "States.DataLimitExceeded was not retried"
    return UNCLEAR, f"had {words.count(retrier.max_attempts - used, 'retry', 'retries')} left by this definition: is it the one that ran?"


def _used(state: State, retriers: Sequence[Retrier], visit: Visit, failure: StatesError) -> dict[int, int]:
    """How often each retrier was used before, by its index: the first that matches a failure decides."""
    used: dict[int, int] = {}
    before = [_failure(attempt, state, failure) for attempt in visit.attempts[:-1]]
    if not visit.attempts:  # JSONata that failed before the task was asked
        before = [StatesError(each.error, each.cause) for each in visit.failures[:-1]]
    for each in before:
        index = next((place for place, retrier in enumerate(retriers) if errors.matches(retrier.error_equals, each)), None)
        if index is not None:
            used[index] = used.get(index, 0) + 1
    return used


def _failure(attempt: Attempt, state: State, last: StatesError) -> StatesError:
    """How an attempt failed; no event names the error of a Fail state in a branch that was retried, it is taken for that of the last."""
    matched_as = (errors.HEARTBEAT_TIMEOUT,) if missed_heartbeat(attempt, state) else ()
    return StatesError(attempt.error or last.error, attempt.cause, matched_as)


def _of_catchers(state: State, failure: StatesError, is_caught: bool, own: StatesError | None, lookup: Lookup) -> Iterator[Handler]:
    catchers: tuple[Catcher, ...] = getattr(state, "catch", ())
    decided: str | None = None
    for catcher in catchers:
        verdict, reason = _of_catcher(catcher, failure, decided, is_caught, own)
        if verdict in (TOOK_IT, OWN_FAILURE, UNCLEAR):
            decided = f"{words.clean(', '.join(catcher.error_equals))} comes first and takes it"
        yield _handler("Catch", state, catcher, verdict, reason, lookup, catcher.next)


def _of_catcher(catcher: Catcher, failure: StatesError, decided: str | None, is_caught: bool, own: StatesError | None) -> tuple[str, str]:
    if failure.error == errors.RUNTIME:
        return NOT_COVERED, "States.Runtime is never caught" + (", by States.ALL neither" if errors.ALL in catcher.error_equals else "")
    if decided is not None:
        return NOT_ASKED, decided
    if not errors.matches(catcher.error_equals, failure):
        return NO_MATCH, mismatch(catcher.error_equals, failure)
    if own is not None:
        return OWN_FAILURE, f"took it, and then failed itself with {words.clean(own.error or 'no error name')}"
    if is_caught:
        return TOOK_IT, "took it"
    if failure.error == errors.DATA_LIMIT_EXCEEDED and failure.error not in catcher.error_equals:
        return NOT_COVERED, "does not cover States.DataLimitExceeded here"
    return UNCLEAR, "takes it by this definition: is it the one that ran?"


def mismatch(error_equals: Sequence[str], failure: StatesError) -> str:
    """Why no name of an ErrorEquals fits, with the name that may have been meant."""
    error = failure.error
    if error is None:
        return _misspelt(error_equals) or "the error has no name, only States.ALL and States.TaskFailed take it"
    if errors.TASK_FAILED in error_equals and error == errors.TIMEOUT:
        return "States.TaskFailed does not cover States.Timeout"
    if errors.HEARTBEAT_TIMEOUT in error_equals and error == errors.TIMEOUT:
        return "it was no missed heartbeat, but TimeoutSeconds"
    folded = next((name for name in error_equals if name.casefold() == error.casefold()), None)
    if folded is not None:
        return f"{words.clean(folded)} is not {words.clean(error)}: upper and lower case differ"
    inside = next((name for each in nested.unfolded(failure.cause) for name in error_equals if name == each.error), None)
    if inside is not None:
        return f"{words.clean(inside)} is the error inside the cause; the state failed with {words.clean(error)}"
    if any("*" in name for name in error_equals):
        return "there are no wildcards, names are compared whole"
    last = error.rpartition(".")[2]
    near = next((name for name in error_equals if name.rpartition(".")[2] == last), None)
    near = near or next(iter(difflib.get_close_matches(error[:200], [name[:200] for name in error_equals[:100]], 1, 0.75)), None)
    if near is not None:
        return f"{words.clean(near)} is not {words.clean(error)}: names are compared whole"
    return _misspelt(error_equals) or "another error"


def _misspelt(error_equals: Sequence[str]) -> str | None:
    """A name that is nearly one of the States Language: `State.ALL`."""
    for name in error_equals:
        if name not in errors.RESERVED_NAMES:
            near = difflib.get_close_matches(name[:100], sorted(errors.RESERVED_NAMES), 1, 0.85)
            if near:
                return f"{words.clean(name)} is no error of the States Language; did you mean {near[0]}?"
    return None


def _handler(
    kind: str, state: State, source: Retrier | Catcher, verdict: str, reason: str, lookup: Lookup, next: str | None = None
) -> Handler:
    return Handler(kind, state.name, source.error_equals, verdict, reason, next, source.location, lookup.line(source.location))
