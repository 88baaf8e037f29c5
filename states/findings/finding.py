"""A Finding: why an execution ended as it did, as frozen records that a test can assert on.

`error`, `state`, `line` and the rest tell of the error that mattered; `became` tells what came of it until the execution ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from states.views.visits import Failure

Json = Any

__all__ = ["Caught", "Failure", "Finding", "Frame", "Handler", "Nested", "Running", "Seen", "Step", "Took"]


@dataclass(frozen=True, slots=True)
class Handler:
    """A retrier or catcher that could have taken the error, and why it did not.

    `verdict` is one of those of `handlers`: "no match", "used up", "never", "not covered", "not asked", "took it", "own failure",
    "unclear".
    """

    kind: str  #: Retry or Catch
    state: str
    error_equals: tuple[str, ...]
    verdict: str
    reason: str
    next: str | None = None
    location: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What an expression looked at. `reached` is how far it came, `missing` the name or index that was not there (None when all was).

    `value` is what lies at `reached`; `text` says it all: `$.order has no total; it has id, items`.
    """

    expression: str
    text: str
    reached: str
    missing: str | int | None = None
    value: Json = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The innermost line of the user's own code in a stack trace."""

    file: str
    line: int | None
    function: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Nested:
    """An error inside a cause: of a Lambda function, of a child execution (`execution_arn`), of a service."""

    error: str | None
    message: str
    frame: Frame | None = None
    execution_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What came of the error: a state that passed it on, or that failed because of it. The last one ended the execution."""

    state: str
    place: str
    event_id: int
    how: str
    error: str | None = None
    cause: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Caught:
    """A failure that a catcher took. `next` is where it led; `retries` how often it was tried again before."""

    state: str
    place: str
    event_id: int
    error: str | None
    cause: str | None
    next: str | None = None
    line: int | None = None
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """What ran when the execution was stopped, when its time was up, or when the history ends."""

    state: str
    place: str
    way: tuple[str, ...]
    since: float
    seconds: float
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """How long the visits of a state took, all together, branches beside each other counted each."""

    state: str
    visits: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Why an execution ended as it did.

    `status` is that of the execution. `error` and `cause` are the error that mattered and `message` says it in a few words; `state` is
    where it arose, `place` which visit (`Fan out#1[2]/Charge#1`), `way` the same in words, and `event_id` the event that tells it.
    `location` is the part of the definition to look at, with `line` and `column` (from 1) in `source`; `field` is the field whose
    `expression` failed, and `seen` what that looked at. `reasons` are the retriers and catchers, from the inside out.
    `handling` is the error that a catcher took before its own path failed. `became` is what came of the error, in order;
    `caught` are the failures that catchers took on the way, `retried` how many were tried again.
    """

    status: str
    error: str | None = None
    cause: str | None = None
    message: str = ""
    state: str | None = None
    type: str | None = None
    place: str | None = None
    way: tuple[str, ...] = ()
    event_id: int | None = None
    location: str | None = None
    source: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    expression: str | None = None
    attempts: int = 0
    has_input: bool = False
    input: Json = None
    given: Json = None
    seen: tuple[Seen, ...] = ()
    nested: tuple[Nested, ...] = ()
    reasons: tuple[Handler, ...] = ()
    handling: Failure | None = None
    became: tuple[Step, ...] = ()
    caught: tuple[Caught, ...] = ()
    retried: int = 0
    running: tuple[Running, ...] = ()
    took: tuple[Took, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def frame(self) -> Frame | None:
        """The innermost line of the user's own code, of the innermost cause that has one."""
        return next((each.frame for each in reversed(self.nested) if each.frame is not None), None)

    def __str__(self) -> str:
        """`Charge failed: PaymentDeclined: card declined (order.asl.json:14)`."""
        what = ": ".join(part for part in (self.error, self.message) if part)
        where = f" ({self.source}:{self.line})" if self.line is not None else ""
        if self.status == "SUCCEEDED":
            return f"succeeded; {len(self.caught)} caught" if self.caught else "succeeded"
        if self.state is None:
            return (f"{self.status}: {what}" if what else self.status) + where
        verb = "failed" if self.status == "FAILED" else f"{self.status} in"
        start = f"{self.state} failed" if verb == "failed" else f"{verb} {self.state}"
        return (f"{start}: {what}" if what else start) + where
