"""Execution: a machine, an input, a seed and the completions so far, folded into commands and a history.

`start` and `receive` give the commands that follow; the same completions always give the same commands, history and output.
Here is the one loop that runs states and the one place that catches a StatesError; `failures` says what becomes of it.

Source: https://states-language.net/spec.html and the recordings named in the docs of this project.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from states import errors
from states.errors import StatesError
from states.history import LIMIT, History
from states.interpreter import dataflow
from states.interpreter import setup as probing
from states.interpreter.commands import Cancel, Command, EndExecution, StartTimer
from states.interpreter.compiled import program_of
from states.interpreter.completions import Completion, StopRequested, TimerFired
from states.interpreter.context import Names, default_names, execution_arn
from states.interpreter.failures import RETRY, raised
from states.interpreter.frame import Frame, HistoryFull, Join, MapRunFace
from states.interpreter.program import Program, Step
from states.interpreter.setup import PLAIN, Setup, note
from states.language.values import Sizes, copy_json, dumps
from states.machine import Block, Machine

Json = Any

RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED = "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"

LONGEST = {"STANDARD": 365 * 86400.0, "EXPRESS": 300.0}  #: seconds an execution may last: a year and five minutes

#: Events after which an Express execution, which has no cap, counts as one that never ends: it would run into its five minutes.
EXPRESS_ROOM = 250_000

FULL = f"The execution reached the maximum number of history events ({LIMIT})."


class Execution:
    """One execution of a machine. `status` is RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED.

    `output` is a JSON value once SUCCEEDED; `error` and `cause` are None where AWS writes none. `history` has the shape of boto3's
    `get_execution_history()["events"]`. `map_runs` are the runs of its distributed Maps, with their child executions; `path` begins the
    places of a child's visits. `received` are the completions that led here, where a driver keeps them.

    >>> from states import Execution, loads
    >>> machine = loads('{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": "world", "End": true}}}')
    >>> execution = Execution(machine, {})
    >>> execution.start(at=0.0)[-1]
    EndExecution(status='SUCCEEDED', output='world', error=None, cause=None)
    >>> execution.history.types()
    ['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']
    """

    def __init__(
        self,
        machine: Machine,
        input: Json = None,
        *,
        input_text: str | None = None,
        seed: int | float | str | None = 0,
        names: Names | None = None,
        jsonata_seconds: float = 1.0,
        setup: Setup = PLAIN,
        block: Block | None = None,
        type: str | None = None,
        parent: Execution | None = None,
        path: str = "",
    ) -> None:
        self.machine = machine
        self.setup: Setup = parent.setup if parent is not None else setup
        self.type = type or machine.type
        self.input = input
        self.names = names or default_names(machine)
        self.jsonata_seconds: float = parent.jsonata_seconds if parent is not None else jsonata_seconds
        self.status = RUNNING
        self.result: Json = None
        self._output: tuple[Json, Json] = (None, None)
        self.error: str | None = None
        self.cause: str | None = None
        self.started_at = self.stopped_at = 0.0
        self.now = 0.0
        self.history = History(limit=LIMIT if self.type == "STANDARD" else None)
        self._recorded = self.history.recorded
        self._room = LIMIT - 1 if self.type == "STANDARD" else EXPRESS_ROOM
        self.map_runs: list[MapRunFace] = []
        self.map_run: MapRunFace | None = None
        self.index = 0
        self.parent = parent
        self.path = path
        self.received: list[Completion] | None = None
        self.root: Execution = parent.root if parent is not None else self
        self._seed = seed
        self._random: Random | None = None
        self._sizes: Sizes = parent._sizes if parent is not None else Sizes()
        self._ready: deque[tuple[Frame, Step, bool]] = parent._ready if parent is not None else deque()
        self._pending: dict[str, Frame] = parent._pending if parent is not None else {}
        self._commands: list[Command] = parent._commands if parent is not None else []
        self._tokens: dict[str, str] = parent._tokens if parent is not None else {}
        self._own: dict[str, Command] = {}
        self._timeout_id = f"{path}timeout"
        self._frame = Frame(self, block or machine, input, 0, 0, path)
        if input_text is not None:
            self.history.verbatim = (input, input_text)

    @property
    def output(self) -> Json:
        """The output once SUCCEEDED, None before: the caller's own copy of `result`, which belongs to the execution."""
        if self._output[0] is not self.result:
            self._output = (self.result, copy_json(self.result))
        return self._output[1]

    # ------------------------------------------------------------ the fold

    def start(self, at: float) -> list[Command]:
        """Starts the execution at this time (seconds since the epoch) and gives the first commands."""
        self._begin(at)
        self._run()
        return self._taken()

    def receive(self, completion: Completion) -> list[Command]:
        """Takes one completion and gives the commands that follow; one that answers nothing pending changes nothing."""
        if self.status is not RUNNING:
            return []
        if isinstance(completion, StopRequested):
            self.now = completion.at
            self._end(ABORTED, "ExecutionAborted", 0, completion.error, completion.cause)
            return self._taken()
        frame = self._pending.get(completion.id)
        if frame is not None:
            engine: Execution = frame.engine  # type: ignore[assignment]
            engine.now = self.now = completion.at
            engine._take(frame, completion)
            self._run()
        return self._taken()

    @classmethod
    def replay(cls, machine: Machine, input: Json, completions: Iterable[Completion], *, at: float, **settings: Any) -> Execution:
        """The execution that these completions, in this order, lead to; equal to the one that received them first."""
        execution = cls(machine, input, **settings)
        execution.start(at)
        for completion in completions:
            execution.receive(completion)
        return execution

    def command_of(self, task_token: str) -> str | None:
        """The id of the command a task token belongs to, None when it is unknown or its task is over."""
        command = self._tokens.get(task_token)
        return command if command in self._pending else None

    def task_tokens(self) -> dict[str, str]:
        """The task tokens that can be answered: token -> id of the command it belongs to."""
        return {token: command for token, command in self._tokens.items() if command in self._pending}

    def waiting(self) -> dict[str, str]:
        """What the execution waits for: id of the pending task or timer -> name of the state."""
        return {id: frame.step.name for id, frame in self._pending.items() if not id.endswith("/timeout") and id != "timeout"}

    def due(self) -> dict[str, float]:
        """Until when it waits: id of each pending timer, child executions' too -> seconds since the epoch. Any thread may ask."""
        commands = [frame.engine._own.get(id) for id, frame in self._pending.copy().items()]  # type: ignore[attr-defined]
        return {command.id: command.at for command in commands if isinstance(command, StartTimer)}

    # ------------------------------------------------------------ the one loop

    def _begin(self, at: float) -> None:
        self.started_at = self.now = at
        self.record("ExecutionStarted", 0, self.names.role_arn, self.input)
        frame = self._frame
        frame.size = dataflow.measure(frame, self.input)
        seconds = LONGEST[self.type]
        if self.parent is None and self.machine.timeout_seconds is not None:
            seconds = min(seconds, self.machine.timeout_seconds)
        timeout = self._own[self._timeout_id] = StartTimer(self._timeout_id, at + seconds)
        self._pending[self._timeout_id] = frame
        self._commands.append(timeout)
        program = self.program(frame.block)
        first = program.start
        if self.parent is None:
            if self.setup.start_at is not None:
                first = program.steps[self.setup.start_at]
            frame.variables = self.setup.variables
            frame.variables_size = self.measure(frame.variables) if frame.variables else 0
        self._ready.append((frame, first, True))

    def _run(self) -> None:
        ready = self._ready
        while ready:
            frame, step, fresh = ready.popleft()
            engine: Execution = frame.engine  # type: ignore[assignment]
            if not frame.over and engine.status is RUNNING:
                engine._advance(frame, step, fresh)

    def _advance(self, frame: Frame, step: Step | None, fresh: bool) -> None:
        """Runs states of a frame until it waits, ends, or another frame is ready too: then it lines up behind that."""
        ready = self._ready
        while step is not None:
            try:
                if fresh:
                    frame.visit(step)
                    if ready and frame.visits == 1 and frame.join is not None:
                        ready.append((frame, step, False))  # all branches start before one of them goes on
                        return
                step = step.enter(frame)
            except StatesError as failure:
                step = self._guarded(raised, frame, failure)
            except HistoryFull:
                self._overflow()
                return
            if ready and step is not None:
                ready.append((frame, step, True))
                return
            fresh = True

    def _take(self, frame: Frame, completion: Any) -> None:
        """Hands a completion to the state that asked, and lines the frame up with what follows."""
        if isinstance(completion, TimerFired):
            if completion.id == self._timeout_id:
                note(frame, probing.TIMED_OUT, None)
                self._end(TIMED_OUT, "ExecutionTimedOut", 0, errors.TIMEOUT, None)
                return
            self.answered(completion.id, frame)
            if completion.id.endswith(RETRY):
                frame.again()
                self._ready.append((frame, frame.step, False))
                return
        self.proceed(frame, frame.step.answer, completion)

    def _guarded(self, act: Callable[[Frame, Any], Step | None], frame: Frame, argument: Any) -> Step | None:
        """Runs what may fail the state or fill the history."""
        try:
            return act(frame, argument)
        except HistoryFull:
            self._overflow()
            return None
        except StatesError as failure:
            return self._guarded(raised, frame, failure)

    # ------------------------------------------------------------ ends

    def unhandled(self, frame: Frame, failure: StatesError) -> None:
        """Nothing took the failure of the frame's state: it is that of the execution, or of the Parallel or Map around it."""
        if frame.join is None or failure.error == errors.RUNTIME:
            self._end(FAILED, "ExecutionFailed", frame.last, failure.error, failure.cause)
        else:
            frame.join.failed(frame, failure)

    def _overflow(self) -> None:
        if self.status is not RUNNING:
            return
        if self.type == "EXPRESS":
            self.now = max(self.now, self.started_at + LONGEST["EXPRESS"])
            self._end(TIMED_OUT, "ExecutionTimedOut", 0, errors.TIMEOUT, None)
            return
        self._end(FAILED, "ExecutionFailed", len(self._recorded), errors.RUNTIME, FULL)

    def _end(self, status: str, kind: str, previous: int, error: str | None, cause: str | None) -> None:
        self._recorded.append((kind, previous, self.now, error, cause))
        if status != TIMED_OUT:
            self.error, self.cause = error, cause
        self._close(status)

    def _close(self, status: str) -> None:
        self.status = status
        self.stopped_at = self.now
        for id in self._own:
            del self._pending[id]
        if self.parent is not None:
            self._commands.extend(map(Cancel, self._own))
        self._own.clear()
        for map_run in self.map_runs:
            map_run.stop()
        if self.parent is None:
            self._ready.clear()
            self._commands.append(EndExecution(status, self.result, self.error, self.cause))
        elif self.map_run is not None:
            self.map_run.child_ended(self)

    def abort_at(self, at: float) -> None:
        """Ends the execution as ABORTED: it was stopped, or its map run was."""
        if self.status is RUNNING:
            self.now = at
            self._end(ABORTED, "ExecutionAborted", 0, None, None)

    def _taken(self) -> list[Command]:
        commands, self._commands[:] = self._commands[:], []
        return commands

    # ------------------------------------------------------------ the face the handlers see

    @property
    def random(self) -> Random:
        """The generator of everything that is random, made of the seed when first asked for; children share it."""
        if self.parent is not None:
            return self.parent.random
        if self._random is None:
            self._random = Random(self._seed)
        return self._random

    def record(self, kind: str, previous: int, subject: Any = None, value: Any = None) -> int:
        """Adds an event to the history and gives its id; HistoryFull when only the last event would fit."""
        recorded = self._recorded
        id = len(recorded)
        if id >= self._room:
            raise HistoryFull
        recorded.append((kind, previous, self.now, subject, value))
        return id + 1

    def ask(self, command: Any, frame: Frame) -> None:
        """Sends a command whose completion is for this frame."""
        id = command.id
        if id not in self._own:
            self._pending[id] = frame
            frame.pending.append(id)
        self._own[id] = command
        self._commands.append(command)

    def asked(self, id: str) -> Command | None:
        """The command of this id that waits for its answer."""
        return self._own.get(id)

    def answered(self, id: str, frame: Frame) -> None:
        """The command has its final answer."""
        if id in self._own:
            del self._own[id]
            del self._pending[id]
            frame.pending.remove(id)

    def forget(self, frame: Frame) -> None:
        """Cancels every task and timer of the frame's state."""
        for id in frame.pending:
            del self._own[id]
            del self._pending[id]
            self._commands.append(Cancel(id))
        frame.pending.clear()

    def proceed(self, frame: Frame, act: Callable[[Frame, Any], Step | None], argument: Any) -> None:
        """Acts on a frame's state from outside its own turn, and lines the frame up with what follows."""
        try:
            step = act(frame, argument)
        except StatesError as failure:
            step = self._guarded(raised, frame, failure)
        except HistoryFull:
            self._overflow()
            return
        if step is not None:
            self._ready.append((frame, step, True))

    def finish(self, frame: Frame) -> None:
        """The frame came to the end of its block."""
        if frame.join is not None:
            frame.join.finished(frame)
            return
        self.record("ExecutionSucceeded", frame.last, None, frame.input)
        self.result = frame.input
        self._close(SUCCEEDED)

    def begin(self, block: Block, data: Json, size: int, last: int, join: Join, index: int, item: Json = None) -> Frame:
        """A new frame for a branch or an iteration of the join, ready to run its first state."""
        owner = join.frame
        frame = Frame(self, block, data, size, last, f"{owner.command_id}[{index}]/")
        frame.join, frame.index, frame.item, frame.variables = join, index, item, owner.variables
        frame.variables_size = owner.variables_size
        self._ready.append((frame, self.program(block).start, True))
        return frame

    def start_child(self, frame: Frame, data: Json, map_run: MapRunFace, name: str, index: int) -> Execution:
        """Starts a child execution of a distributed Map: its own history, its own names, the same clock."""
        names = self.names
        machine_name = f"{names.state_machine_name}/{map_run.label}"
        state = frame.step.state
        arn = execution_arn(state.execution_type, names.region, names.account, machine_name, name)
        names = names._replace(execution_arn=arn, execution_name=name)
        path = f"{frame.command_id}[{name}]/"
        child = Execution(self.machine, data, names=names, block=state.processor, type=state.execution_type, parent=self, path=path)
        child.map_run, child.index = map_run, index
        child._begin(self.now)
        return child

    def program(self, block: Block) -> Program:
        """The block made ready to run, made once a machine."""
        return program_of(self.machine, block, self.setup)

    def measure(self, value: Json) -> int:
        """Bytes of the value as JSON text."""
        return self._sizes.measure(value)

    def text(self, value: Json) -> str:
        """JSON text of the value as a cause quotes it: the execution's input as the caller wrote it."""
        known, text = self.history.verbatim
        return text if known is value and isinstance(value, (dict, list)) else dumps(value)

    def issue_token(self, command_id: str) -> str:
        """The task token of a command; the same in every replay."""
        token = f"{self.names.execution_name}:{command_id}".encode().hex()
        self._tokens[token] = command_id
        return token
