"""What a test may set of an execution that StartExecution cannot: where it starts, what is mocked, and who watches.

A Probe watches: it is told what happens inside the states, which no history shows. Blocks that are watched, or that have mocked Parallel
or Map states, are made ready to run a second time with that built in (see `watched` and `mocked`), so that it costs others nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from states.interpreter.frame import Frame

Json = Any

ENTERED = "entered"  #: an attempt of a state begins; the value is its raw input
VARIABLES = "variables"  #: with ENTERED: the variables the state sees
AFTER_INPUT_PATH = "afterInputPath"
AFTER_PARAMETERS = "afterParameters"
AFTER_ARGUMENTS = "afterArguments"
RESULT = "result"
AFTER_RESULT_SELECTOR = "afterResultSelector"
AFTER_RESULT_PATH = "afterResultPath"
AFTER_OUTPUT = "afterOutput"  #: after OutputPath or Output
ITEMS = "items"  #: the items of a Map; a list
AFTER_ITEM_SELECTOR = "afterItemSelector"  #: once for each item
AFTER_ITEM_BATCHER = "afterItemBatcher"  #: the input of each child execution
LIMITS = "limits"  #: the numbers of a Map as they are for this attempt; (field, number)
RULE = "rule"  #: a choice rule was tried; (its index, whether it is true)
FAILED = "failed"  #: an attempt failed; the StatesError
RETRIED = "retried"  #: a retrier took the failure; its index
EXHAUSTED = "exhausted"  #: a retrier matches, but its attempts are used up; its index
CAUGHT = "caught"  #: a catcher took the failure; its index
ENDED = "ended"  #: the frame came to the end of its block; its output
TIMED_OUT = "timedOut"  #: an execution, or a child execution of a distributed Map, ran into its time limit
ASKED = "asked"  #: a task or a timer was asked for; the input of the task, or until when a Wait lasts
LEFT = "left"  #: the state was left; (its output, the variables it assigned or None)

#: What TestState's inspection data is made of.
DATA = frozenset(
    {
        ENTERED,
        VARIABLES,
        AFTER_INPUT_PATH,
        AFTER_PARAMETERS,
        AFTER_ARGUMENTS,
        RESULT,
        AFTER_RESULT_SELECTOR,
        AFTER_RESULT_PATH,
        AFTER_OUTPUT,
        ITEMS,
        AFTER_ITEM_SELECTOR,
        AFTER_ITEM_BATCHER,
        LIMITS,
    }
)

#: What decides where an execution goes.
DECISIONS = frozenset({ENTERED, AFTER_OUTPUT, ITEMS, RULE, FAILED, RETRIED, EXHAUSTED, CAUGHT, ENDED, TIMED_OUT})

#: Every place inside a state at which an execution can be looked at.
PLACES = (DATA | DECISIONS | {ASKED, LEFT}) - {VARIABLES, LIMITS, ENDED, TIMED_OUT}


class Probe(Protocol):
    """Who watches an execution. Notes are not kept by the core, and their values are not to be changed.

    `kinds` are the notes it wants; it never changes.
    """

    @property
    def kinds(self) -> frozenset[str]: ...

    def note(self, frame: Frame, kind: str, value: Json) -> None:
        """Something of `kinds` happened in the frame's current state."""
        ...


class Setup(NamedTuple):
    """`start_at` names a state of the execution's block, None is its StartAt; `variables` are in sight from there on.

    `retry_count` says how often each retrier of the first state was used before. `mocked` names Parallel and Map states whose result
    comes from a ScheduleTask of their own, instead of from their branches or items; `read` has what the ItemReaders of mocked Maps
    find, by state name. `context` stands for the Context Object of every state; None is the execution's own.
    """

    start_at: str | None = None
    variables: Mapping[str, Json] = {}
    retry_count: int = 0
    mocked: frozenset[str] = frozenset()
    probe: Probe | None = None
    read: Mapping[str, list[Json]] = {}
    context: dict[str, Json] | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The notes that somebody wants."""
        return self.probe.kinds if self.probe is not None else frozenset()


PLAIN = Setup()  #: an execution as StartExecution starts it


def note(frame: Frame, kind: str, value: Json) -> None:
    """Tells the execution's probe, where there is one that wants to know."""
    probe = frame.engine.setup.probe
    if probe is not None and kind in probe.kinds:
        probe.note(frame, kind, value)
