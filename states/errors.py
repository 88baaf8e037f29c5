"""The names of errors, what an ErrorEquals list matches, and the one exception that carries a failure.

Every failure of a state is a `StatesError(error, cause)`, raised anywhere below and caught in exactly one place, `interpreter.execution`.
From there on it is a value that retriers and catchers look at.

Source: https://states-language.net/spec.html#errors and the recordings named in the docs of this project.
"""

from __future__ import annotations

from collections.abc import Iterable

ALL = "States.ALL"
TASK_FAILED = "States.TaskFailed"
TIMEOUT = "States.Timeout"
HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
RUNTIME = "States.Runtime"
DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded"
PERMISSIONS = "States.Permissions"
RESULT_PATH_MATCH_FAILURE = "States.ResultPathMatchFailure"
PARAMETER_PATH_FAILURE = "States.ParameterPathFailure"
BRANCH_FAILED = "States.BranchFailed"
NO_CHOICE_MATCHED = "States.NoChoiceMatched"
INTRINSIC_FAILURE = "States.IntrinsicFailure"
QUERY_EVALUATION_ERROR = "States.QueryEvaluationError"
EXCEED_TOLERATED_FAILURE_THRESHOLD = "States.ExceedToleratedFailureThreshold"
ITEM_READER_FAILED = "States.ItemReaderFailed"
RESULT_WRITER_FAILED = "States.ResultWriterFailed"

#: Every name that begins with `States.` and that AWS documents; an ErrorEquals may name no other.
RESERVED_NAMES = frozenset(
    {
        ALL,
        TASK_FAILED,
        TIMEOUT,
        HEARTBEAT_TIMEOUT,
        RUNTIME,
        DATA_LIMIT_EXCEEDED,
        PERMISSIONS,
        RESULT_PATH_MATCH_FAILURE,
        PARAMETER_PATH_FAILURE,
        BRANCH_FAILED,
        NO_CHOICE_MATCHED,
        INTRINSIC_FAILURE,
        QUERY_EVALUATION_ERROR,
        EXCEED_TOLERATED_FAILURE_THRESHOLD,
        ITEM_READER_FAILED,
        RESULT_WRITER_FAILED,
    }
)


class StatesError(Exception):
    """A failure of a state or an execution, by its AWS name.

    `error` and `cause` are strings, or None where AWS writes no such field (a timeout has no cause, a Fail state may have neither).
    `matched_as` are further names a retrier or catcher may know the failure by: a missed heartbeat is written as States.Timeout
    but is matched as States.HeartbeatTimeout too. `location` is the field whose expression failed, None when it was none.
    """

    def __init__(self, error: str | None, cause: str | None = None, matched_as: tuple[str, ...] = (), location: str | None = None) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.matched_as = matched_as
        self.location = location

    def __str__(self) -> str:
        return ": ".join(part for part in (self.error, self.cause) if part)


def matches(error_equals: Iterable[str], failure: StatesError) -> bool:
    """Whether a retrier or catcher with this ErrorEquals takes the failure.

    States.Runtime is terminal: nothing takes it, not even its own name. States.ALL takes everything else,
    States.TaskFailed everything else but States.Timeout.
    """
    error = failure.error
    if error == RUNTIME:
        return False
    for name in error_equals:
        if name in (error, ALL) or name in failure.matched_as:
            return True
        if name == TASK_FAILED and error != TIMEOUT:
            return True
    return False
