"""VALUE ONE: a Machine, what may happen. The eight states, retriers, catchers and choice rules as frozen records.

Made by `definition.parser` with every default filled in and every path, template and condition compiled; read by everybody else.
Knows no JSON text and runs nothing. Absent, null, false and empty are four things: a field that was absent and has no
default is `ABSENT` where null would be a value of its own, and None where it would not.

Source: https://states-language.net/spec.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

Json = Any  #: None, bool, int, float, str, list[Json] or dict[str, Json]; never changed in place


class Absent:
    """The one value of a field that was not written; test it with `is`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


class Expression(Protocol):
    """A compiled path, intrinsic call, payload template or JSONata text.

    `evaluate(data, scope)` gives its value: `data` is what `$` names, `scope` (see `language.scope`) everything else it may read.
    """

    @property
    def text(self) -> str: ...
    @property
    def evaluate(self) -> Callable[[Json, Any], Json]: ...


class Reference(Expression, Protocol):
    """A compiled reference path: `put(data, value)` gives a new document with the value at its place."""

    @property
    def put(self) -> Callable[[Json, Json], Json]: ...


Condition = Callable[[Json, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrier:
    """One entry of Retry. Seconds are floats; `max_delay_seconds` is None when not given; `jitter` is JitterStrategy FULL."""

    error_equals: tuple[str, ...]
    interval_seconds: float = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: float | None = None
    jitter: bool = False
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catcher:
    """One entry of Catch. `result_path` is None when it is null: the error output is then dropped."""

    error_equals: tuple[str, ...]
    next: str
    result_path: Reference | None
    assign: Expression | None = None
    output: Expression | None = None
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRule:
    """One entry of Choices: a compiled condition and where it leads."""

    condition: Condition
    next: str
    assign: Expression | None = None
    output: Expression | None = None
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What every state has. `next` is None when the state ends its block (End, Succeed, Fail; a Choice moves by its rules).

    `input_path` and `output_path` are None when they are null: the data is then `{}`. The expressions of a JSONata state
    (`arguments`, `output`, `assign` ...) are given the `$states` object as data.
    """

    name: str
    location: str
    input_path: Expression | None
    output_path: Expression | None
    next: str | None = None
    comment: str | None = None
    query_language: str = "JSONPath"
    assign: Expression | None = None
    output: Expression | None = None

    @property
    def type(self) -> str:
        """The state's Type as the definition writes it: `Pass`, `Task` ..."""
        return type(self).__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(State):
    """`result` is ABSENT when there is none; `"Result": null` is a result."""

    parameters: Expression | None = None
    result: Json | Absent = ABSENT
    result_path: Reference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(State):
    """`timeout_seconds` and `heartbeat_seconds` are a number, an expression (the ...Path form or JSONata), or None when not declared."""

    resource: str
    parameters: Expression | None = None
    arguments: Expression | None = None
    credentials: Expression | None = None
    result_selector: Expression | None = None
    result_path: Reference | None
    timeout_seconds: float | Expression | None = None
    heartbeat_seconds: float | Expression | None = None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(State):
    """`default` is None when there is none."""

    choices: tuple[ChoiceRule, ...]
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(State):
    """Exactly one of the four is given. `timestamp` is seconds since the epoch when it was a literal; JSONata has expressions."""

    seconds: float | Expression | None = None
    seconds_path: Expression | None = None
    timestamp: float | Expression | None = None
    timestamp_path: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeed(State):
    """Ends its block with its input, filtered by InputPath and OutputPath."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(State):
    """`error` and `cause` are a text, an expression (the ...Path form or JSONata), or None when not given."""

    error: str | Expression | None = None
    cause: str | Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A `StartAt` with its `States`: the machine itself, a branch of a Parallel, or the processor of a Map."""

    start_at: str
    states: Mapping[str, State]
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel(State):
    """Runs every branch on the same input; its result is the list of their outputs, in order."""

    branches: tuple[Block, ...]
    parameters: Expression | None = None
    arguments: Expression | None = None
    result_selector: Expression | None = None
    result_path: Reference | None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBatcher:
    """How a distributed Map groups items: at most so many items and so many bytes a batch; None is no such bound."""

    batch_input: Expression | None = None
    max_items_per_batch: int | Expression | None = None
    max_input_bytes_per_batch: int | Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(State):
    """`max_concurrency` 0 is AWS's own bound (40 inline). `item_reader` and `result_writer` are the raw JSON of the field, or None.

    `label` is None when not given; `execution_type` is STANDARD or EXPRESS and matters only when `distributed`.
    """

    processor: Block
    distributed: bool = False
    execution_type: str = "STANDARD"
    items_path: Expression | None = None
    items: Expression | None = None
    item_selector: Expression | None = None
    item_batcher: ItemBatcher | None = None
    item_reader: Json | None = None
    result_writer: Json | None = None
    max_concurrency: int | Expression = 0
    tolerated_failure_count: int | Expression | None = None
    tolerated_failure_percentage: float | Expression | None = None
    label: str | None = None
    result_selector: Expression | None = None
    result_path: Reference | None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Machine(Block):
    """A whole definition. `type` is STANDARD or EXPRESS; `timeout_seconds` is None when not declared.

    `definition` is the JSON value it was made of and `source` names where the text came from (a file, or `<string>`). `position` gives
    line and column (from 1) of a location in that file, which may be a template; None without a text.
    A machine equals only itself.
    """

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    comment: str | None = None
    query_language: str = "JSONPath"
    timeout_seconds: float | None = None
    version: str | None = None
    type: str = "STANDARD"
    definition: Json = None
    source: str = "<string>"
    text: str = ""
    position: Callable[[str], tuple[int, int] | None] | None = None
