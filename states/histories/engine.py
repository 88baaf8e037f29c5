"""The execution that runs again: it keeps the recorded clock, says where it leaves the recorded way, and stops there.

Every event it records is looked up at its place in the recording; its time becomes the recorded one, so that what is made of time agrees.
The child executions of a distributed Map are not in the history of their parent: what the Map gave is taken from there.
"""

from __future__ import annotations

from typing import Any

from states.errors import StatesError
from states.histories import facts
from states.histories.alike import NOTHING, Alike, Unlike
from states.histories.events import Event
from states.histories.lots import Lots
from states.histories.places import UNCOMPARED, Branches, Chain, Places, of_tuple
from states.histories.recording import Recording
from states.interpreter import dataflow
from states.interpreter.commands import Command
from states.interpreter.compiled import program_of
from states.interpreter.completions import TimerFired
from states.interpreter.context import Names
from states.interpreter.execution import Execution
from states.interpreter.map_run import MapRun
from states.interpreter.setup import PLAIN, Setup
from states.interpreter.task import TIMEOUT
from states.language.paths import PathError
from states.machine import Machine

Json = Any


class Diverged(Exception):
    """The first event that differs: `recorded` or `now` (a tuple of the core) is None where one side has none. `unlike` is a value."""

    def __init__(
        self, chain: Chain, recorded: Event | None, now: tuple[Any, ...] | None, key: str = "", unlike: Unlike | None = None, **more: Any
    ) -> None:
        super().__init__("diverged")
        self.chain = chain
        self.recorded = recorded
        self.now = now
        self.key = key
        self.unlike = unlike
        self.more = more


class EndedOutside(Exception):
    """The world ended the recorded execution where ours would go on: what a definition cannot tell."""


class AbsentChild:
    """A child execution of which only the result is known."""

    status = "SUCCEEDED"

    def __init__(self, index: int, now: float, result: Json = None) -> None:
        self.index = index
        self.now = now
        self.result = result

    def abort_at(self, at: float) -> None:
        """It ran elsewhere."""


class Again(Execution):
    """An execution that follows a recording.

    `length_unknown` are Maps whose items came from a reader, `results_unknown` those that drop the results of their child executions.
    """

    def __init__(
        self,
        machine: Machine,
        recording: Recording,
        recorded: Places,
        branches: Branches,
        alike: Alike,
        names: Names,
        type: str,
        length_unknown: frozenset[str],
        setup: Setup = PLAIN,
    ) -> None:
        text = recording.input_text
        super().__init__(machine, recording.read(text, f"{recording[1]}: its input"), input_text=text, names=names, type=type, setup=setup)
        self.recording = recording
        self.recorded = recorded
        self.alike = alike
        self.places = Places(branches)
        self.compared = 0
        self.drawn_before = 0
        self._lots: Lots | None = None
        self.tolerated: set[str] = set()
        self.length_unknown = length_unknown
        self.results_unknown: set[str] = set()
        self._branches = branches
        self._beyond: set[str] = set()
        self._texts: dict[int, tuple[Json, str]] = {}

    def draw_from(self, lots: Lots) -> Lots:
        """Where everything random comes from."""
        self._lots = self._random = lots
        return lots

    # ------------------------------------------------------------ each event

    def record(self, kind: str, previous: int, subject: Any = None, value: Any = None) -> int:
        """Adds an event as the recording has it there; Diverged when it has another."""
        raw = (kind, previous, self.now, subject, value)
        chain = self._spot(len(self._recorded) + 1, raw)
        if chain is None:
            return super().record(kind, previous, subject, value)
        theirs = self.recorded.chains[chain.path].events
        event = self.recording[theirs[len(chain.events) - 1]]
        self.now = event.at
        id = super().record(kind, previous, subject, value)
        self._compare(chain, event, raw)
        if self._lots is not None:
            self.drawn_before = len(self._lots.drawn)
        return id

    def _end(self, status: str, kind: str, previous: int, error: str | None, cause: str | None) -> None:
        raw = (kind, previous, self.now, error, cause)
        chain = self._spot(len(self._recorded) + 1, raw)
        if chain is not None:
            event = self.recording[self.recorded.chains[""].events[len(chain.events) - 1]]
            self.now = event.at
            self._compare(chain, event, raw)
        super()._end(status, kind, previous, error, cause)

    def _spot(self, id: int, raw: tuple[Any, ...]) -> Chain | None:
        """The chain of a new event, None where the recording was cut and tells nothing; Diverged where it has no such event."""
        chain = self.places.read(id, raw[0], raw[1], *of_tuple(raw))
        if raw[0] in UNCOMPARED or self._is_beyond(chain):
            return None
        known = self.recorded.chains.get(chain.path)
        if known is not None and len(chain.events) <= len(known.events):
            return chain
        if self.recording.end is None or self._was_cut(chain, known):
            self._beyond.add(chain.path)
            return None
        raise Diverged(chain, None, raw)

    def _is_beyond(self, chain: Chain | None) -> bool:
        while chain is not None:
            if chain.path in self._beyond:
                return True
            chain = chain.owner.chain if chain.owner is not None else None
        return False

    def _was_cut(self, chain: Chain, known: Chain | None) -> bool:
        if known is not None:
            return known.cut
        owner = chain.owner
        if owner is None:
            return False
        return owner.command_id in self.recorded.broken or self.recorded.chains[owner.chain.path].cut

    def _compare(self, chain: Chain, event: Event, raw: tuple[Any, ...]) -> None:
        if facts.kind_of(event.type) != raw[0]:
            if raw[0].endswith("Scheduled") and event.type == "ExecutionFailed" and "does not exist" in str(event.details.get("cause")):
                raise EndedOutside(f"{event}: what the task asks did not exist; taken as it was")
            raise Diverged(chain, event, raw)
        self.compared += 1
        if raw[0].endswith("StateEntered") and event.details.get("name") != raw[3]:
            raise Diverged(chain, event, raw, "name", Unlike("$", event.details.get("name"), raw[3]))
        if self._is_same_text(event, raw):
            return
        if raw[0] == "ParallelStateStarted":
            self._count_branches(chain)
            return
        was, now = facts.of_event(self.recording, event), facts.of_tuple(raw)
        for key in dict.fromkeys((*was, *now)):
            if key == "length" and self._islength_unknown(chain):
                continue
            if facts.is_truncated(event.details, key) or (self.recording.is_log and key in facts.DATA and key not in was):
                self.tolerated.add(f"{event}: its {key} is not in the log, or was cut off: not compared")
                continue
            unlike = self._unlike(key, was.get(key, NOTHING), now.get(key, NOTHING))
            if unlike is not None:
                raise Diverged(chain, event, raw, key, unlike)

    def _count_branches(self, chain: Chain) -> None:
        """Diverged when the recorded Parallel had more branches."""
        visit = chain.open
        most = len(self._branches.get(visit.name, {})) if visit is not None else 0
        for path, known in self.recorded.chains.items():
            if known.index >= most and visit is not None and known.events and path == f"{visit.command_id}[{known.index}]/":
                raise Diverged(chain, self.recording[known.events[0]], None, gone=True)

    def _unlike(self, key: str, was: Json, now: Json) -> Unlike | None:
        if key in ("error", "cause", "assignedVariables") and not was and not now:
            return None
        if was is NOTHING and now is None:
            return None
        return self.alike.first(was, now)

    def _is_same_text(self, event: Event, raw: tuple[Any, ...]) -> bool:
        """The usual case, told quickly: the same state, with data of the same text."""
        kind, details = raw[0], event.details
        if kind.endswith("StateEntered"):
            return self._text(raw[4]) == details.get("input")
        if kind.endswith("StateExited"):
            return details.get("name") == raw[3] and "assignedVariables" not in details and self._text(raw[4]) == details.get("output")
        return False

    def _text(self, value: Json) -> str:
        """JSON text of a value; that of an object is made once."""
        known = self._texts.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        text = self.history.text(value) if not hasattr(value, "variables") else ""
        if isinstance(value, (dict, list)):
            self._texts[id(value)] = (value, text)
        return text

    def _islength_unknown(self, chain: Chain) -> bool:
        return chain.open is not None and chain.open.name in self.length_unknown

    def issue_token(self, command_id: str) -> str:
        """The task token of a command; it stands for the recorded one."""
        token = super().issue_token(command_id)
        self.alike.add(token)
        return token

    # ------------------------------------------------------------ what follows in the recording

    def path_of(self, id: str) -> str:
        """The chain that waits for a command."""
        frame = self._pending.get(id)
        return frame.path if frame is not None else ""

    def last_of(self, path: str) -> Event | None:
        """The recorded event that was compared last in a chain."""
        return self._event(path, len(self.places.chains[path].events) - 1) if path in self.places.chains else None

    def next_of(self, path: str) -> Event | None:
        """The recorded event that comes next in a chain."""
        return self._event(path, len(self.places.chains[path].events)) if path in self.places.chains else None

    def _event(self, path: str, number: int) -> Event | None:
        known = self.recorded.chains.get(path)
        return self.recording[known.events[number]] if known is not None and 0 <= number < len(known.events) else None

    def missing(self) -> tuple[Chain, Event] | None:
        """The first recorded event that nothing of ours came to."""
        found = []
        for path, known in self.recorded.chains.items():
            mine = self.places.chains.get(path)
            done = len(mine.events) if mine is not None else 0
            if done < len(known.events) and not known.cut:
                found.append((known.events[done], known))
        if not found:
            return None
        id, chain = min(found, key=lambda pair: pair[0])
        return chain, self.recording[id]

    def time_out(self, id: str, at: float) -> list[Command]:
        """Times a task out that no worker took: the clocks of an activity start with one, and yet AWS times it out."""
        frame = self._pending.get(id)
        if frame is not None:
            self.now = at
            self.proceed(frame, frame.step.answer, TimerFired(id + TIMEOUT, at))
            self._run()
        return self._taken()

    # ------------------------------------------------------------ distributed Maps

    def start_child(self, frame: Any, data: Json, map_run: Any, name: str, index: int) -> Any:  # noqa: ARG002
        """A child execution ran elsewhere, with a history of its own."""
        return AbsentChild(index, self.now)

    def map_run_ended(self, run: MapRun, event: Event, at: float) -> list[Command]:
        """Ends a map run as the recording tells."""
        self.now = at
        if run.status == "RUNNING":
            run.running.clear()
            if event.type == "MapRunFailed":
                failure = StatesError(event.details.get("error"), event.details.get("cause"))
                self.proceed(run.frame, run._fail, failure)
            else:
                self.proceed(run.frame, self._map_succeeded, run)
            self._run()
        return self._taken()

    def _map_succeeded(self, frame: Any, run: MapRun) -> Any:
        """What `MapRun` does, with the result that the recorded exit shows."""
        run.status = "SUCCEEDED"
        succeeded = self.record("MapRunSucceeded", run.last)
        self.record("MapStateSucceeded", succeeded)
        frame.last, frame.work = run.last, None
        leaving = self.next_of(frame.path)
        step = frame.step
        if leaving is None or not leaving.type.endswith("StateExited"):
            raise Diverged(self.places.chains[frame.path], leaving, None, unknown=step.name)
        told = facts.of_event(self.recording, leaving)
        output = told.get("output")
        result = self._result_in(frame, leaving, output)
        self.tolerated.add(
            f'"{step.name}": its child executions are not in this history; '
            + ("its output is taken" if result is NOTHING else "their results are taken")
            + f" from {leaving}"
        )
        if result is not NOTHING:
            return dataflow.leave(frame, result)
        return dataflow.go(frame, step.next, output, self.measure(output), told.get("assignedVariables"))

    def _result_in(self, frame: Any, leaving: Event, output: Json) -> Json:
        """The result of the Map, where its output shows it as it was; NOTHING where it was made into something else."""
        step: Any = program_of(self.machine, frame.block).steps[frame.step.name]  # as nobody watches it
        if step.selector is not None or step.shape is not None or step.assign is not None:
            return NOTHING
        if step.put is None:
            self.results_unknown.add(step.name)
            return None
        result = output
        if not step.whole:
            try:
                result = step.state.result_path.evaluate(output, frame)
            except PathError:
                result = NOTHING
        if not isinstance(result, list) and step.name not in self.length_unknown:
            place = step.state.result_path.text
            raise Diverged(self.places.chains[frame.path], leaving, None, no_result=place)
        return result
