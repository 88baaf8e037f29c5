"""A Frame: one run of a `States` block. Where it is, its data and variables, and who waits for its end.

The execution itself is a frame, and so is each branch of a Parallel and each iteration of an inline Map. A frame is also the
scope of the expressions of its states. `Engine` is the face of the execution that the handlers of the states see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from states.errors import StatesError
from states.interpreter import context
from states.interpreter.commands import Command
from states.machine import Block

if TYPE_CHECKING:
    from states.interpreter.program import Step
    from states.interpreter.setup import Setup

Json = Any


class HistoryFull(Exception):
    """The history has room only for the event that fails the execution."""


class Engine(Protocol):
    """What the handlers of the states may ask of the execution."""

    now: float
    started_at: float
    jsonata_seconds: float
    input: Json
    map_runs: list[MapRunFace]
    names: context.Names
    setup: Setup

    @property
    def random(self) -> Random:
        """The execution's seeded generator."""
        ...

    def record(self, kind: str, previous: int, subject: Any = None, value: Any = None) -> int:
        """Adds an event to the history and gives its id; HistoryFull when there is no room."""
        ...

    def ask(self, command: Command, frame: Frame) -> None:
        """Sends a command whose completion is for this frame."""
        ...

    def forget(self, frame: Frame) -> None:
        """Cancels every task and timer of the frame."""
        ...

    def asked(self, id: str) -> Command | None:
        """The command of this id that waits for its answer."""
        ...

    def answered(self, id: str, frame: Frame) -> None:
        """The command has its final answer: nobody need cancel it."""
        ...

    def proceed(self, frame: Frame, act: Callable[[Frame, Any], Step | None], argument: Any) -> None:
        """Acts on a frame's state from outside its own turn, and lines the frame up with what follows."""
        ...

    def finish(self, frame: Frame) -> None:
        """The frame came to the end of its block."""
        ...

    def issue_token(self, command_id: str) -> str:
        """The task token of a command; the same in every replay."""
        ...

    def begin(self, block: Block, data: Json, size: int, last: int, join: Join, index: int, item: Json = None) -> Frame:
        """A new frame for a branch or an iteration of the join, ready to run its first state."""
        ...

    def unhandled(self, frame: Frame, failure: StatesError) -> None:
        """Nothing took the failure of the frame's state: its chain ends with it."""
        ...

    def measure(self, value: Json) -> int:
        """Bytes of the value as JSON text."""
        ...

    def text(self, value: Json) -> str:
        """JSON text of the value as a cause quotes it."""
        ...

    def start_child(self, frame: Frame, data: Json, map_run: MapRunFace, name: str, index: int) -> Engine:
        """Starts a child execution of a distributed Map."""
        ...


class MapRunFace(Protocol):
    """Who hears of the end of a child execution."""

    arn: str
    label: str

    def child_ended(self, child: Any) -> None: ...

    def stop(self) -> None: ...


class Join(Protocol):
    """One attempt of a Parallel or Map: waits for its frames."""

    frame: Frame

    def finished(self, child: Frame) -> None:
        """A branch or iteration came to its end; its output is `child.input`."""
        ...

    def failed(self, child: Frame, failure: StatesError) -> None:
        """A branch or iteration failed and nothing in it took the failure."""
        ...

    def abort(self, previous: int) -> None:
        """The container itself is cancelled: so are its frames."""
        ...


class Frame:
    """`input` is the raw input of the current state, `size` an upper bound of its bytes, `last` the id of the last event of this chain.

    `before` is what `last` was when the current state was entered. `attempt` counts the attempts of the current state from 1,
    `retries` how often each retrier was used in this visit. `variables_size` is an upper bound of the bytes of `variables`.
    """

    __slots__ = (
        "_context",
        "attempt",
        "before",
        "block",
        "effective_size",
        "engine",
        "entered_at",
        "entered_id",
        "index",
        "input",
        "inside",
        "item",
        "join",
        "last",
        "over",
        "path",
        "pending",
        "retries",
        "size",
        "step",
        "token",
        "variables",
        "variables_size",
        "visits",
        "work",
    )

    def __init__(self, engine: Engine, block: Block, data: Json, size: int, last: int, path: str = "") -> None:
        self.engine = engine
        self.block = block
        self.input = data
        self.size = size
        self.effective_size: int | None = size
        self.last = last
        self.path = path
        self.step: Any = None
        self.inside = False
        self.over = False
        self.join: Join | None = None
        self.index = 0
        self.item: Json = None
        self.variables: Mapping[str, Json] = {}
        self.variables_size = 0
        self.visits = 0
        self.before = last
        self.entered_at = 0.0
        self.entered_id = 0
        self.attempt = 1
        self.retries: dict[int, int] | None = None
        self.token: str | None = None
        self.pending: list[str] = []
        self.work: Any = None
        self._context: Json = None

    # ------------------------------------------------------------ the scope of its expressions

    @property
    def random(self) -> Random:
        return self.engine.random

    @property
    def now(self) -> float:
        return self.engine.now

    @property
    def jsonata_seconds(self) -> float:
        return self.engine.jsonata_seconds

    def context(self) -> Json:
        """The Context Object of the current attempt of the current state."""
        if self._context is None:
            self._context = context.build(self)
        return self._context

    def text(self, value: Json) -> str:
        return self.engine.text(value)

    def view(self, data: Json) -> Json:
        """What a field's expression is given as its data: the data itself, or in JSONata the `$states` object around it."""
        return {"input": data} if self.step.jsonata else data

    # ------------------------------------------------------------ its way through the block

    def visit(self, step: Step) -> None:
        """Enters a state: the first attempt of a new visit."""
        engine = self.engine
        self.step = step
        self.visits += 1
        self.attempt = 1
        self.retries = None
        self._context = None
        self.inside = True
        self.before = self.last
        self.last = self.entered_id = engine.record(step.entered, self.last, step.name, self.input)
        self.entered_at = engine.now

    def again(self) -> None:
        """One more attempt of the current state."""
        self.attempt += 1
        self._context = None

    @contextmanager
    def at_item(self, item: Json) -> Iterator[None]:
        """Shows an item in the Context Object while a Map selects the input of its iteration."""
        outer, self.item, self._context = self.item, item, None
        try:
            yield
        finally:
            self.item, self._context = outer, None

    def has_token(self, token: str) -> None:
        """The state's callback token, from now on in the Context Object."""
        self.token = token
        self._context = None

    @property
    def command_id(self) -> str:
        """Names the current attempt by its place: `Charge#3` is the third state of this frame, `Charge#3.2` its second attempt."""
        place = f"{self.path}{self.step.name}#{self.visits}"
        return place if self.attempt == 1 else f"{place}.{self.attempt}"
