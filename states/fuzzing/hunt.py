"""The hunt: draws cases that go wrong, until the time is up or there is nothing new, and lets hypothesis make each smaller.

In three stages, the plainest first: no fault of a task, one, two. A space that can be counted is gone through wholly. An end that is
known (by its kind, error, state and place) is told once. All chance comes from the seed: the same seed finds the same, as long as the time
is not up before.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from time import perf_counter
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from states.fuzzing.adversaries import ANY, HANDLED, NULLS, SHAPED, Fault, faults_of
from states.fuzzing.data import INPUT
from states.fuzzing.drawing import MANY, count, every, nth, pairs, some
from states.fuzzing.inferred import of_uses, with_boundaries
from states.fuzzing.playing import OVERTIME, Case, Ending, Player
from states.fuzzing.schemas import of_schema, validator
from states.fuzzing.shapes import Fields, Shape, Values, of_examples
from states.fuzzing.smaller import below, fewer
from states.fuzzing.strategies import without_patterns
from states.fuzzing.uses import read
from states.language.values import dumps
from states.machine import Machine
from states.running import InvalidExecutionInput, compiled

Json = Any
End = tuple[str, str | None, str | None]

STAGES = ((0, 0.4), (1, 0.8), (2, 1.0))  #: faults at a time, and the part of the time that is over then at the latest
MOST_RUNS = 8_000  #: of a stage whose cases cannot be counted
MOST_KNOWN = 300  #: runs one after the other that all end as is known
MOST_FINDINGS = 20
WARM_UP = 30  #: runs without faults that tell which tasks let time pass
SHRINKING = 1_000  #: cases hypothesis may draw to make one smaller
SHRINKING_SECONDS = 6.0


@dataclass(frozen=True)
class Found:
    """One finding: the smallest case that was found, how it ends, after how many runs and seconds."""

    case: Case
    ending: Ending
    runs: int
    seconds: float
    is_smallest: bool = True


@dataclass
class Report:
    """What a hunt found. `is_exhausted` says that every case was tried; `is_over` that the time was up before the end."""

    found: list[Found] = field(default_factory=list)
    runs: int = 0
    seconds: float = 0.0
    is_exhausted: bool = False
    is_over: bool = False


class _Bad(Exception):
    """A case that ends as the one that is made smaller."""


class _TimeUp(BaseException):
    """The time is up; no `except Exception` holds it back."""


@dataclass
class Hunt:
    """What is hunted: a machine with its tasks, the space of inputs and the level of faults.

    `schema` and `examples` say which inputs are valid; without both, what the machine reads does. `faults` is none, handled or any;
    `results` is shaped, nulls or any; None is shaped where every task is given, else nulls. `expected` are the ends that are meant of the
    examples, in their order: (status, error, last state), None where nothing is said. Raises InvalidSchema, and TooDeep for what is
    nested too deeply.
    """

    machine: Machine
    tasks: Any = None
    schema: Json = None
    examples: Sequence[Json] = ()
    faults: str = HANDLED
    results: str | None = None
    expected: Sequence[End | None] = ()
    clock: Callable[[], float] = perf_counter

    def __post_init__(self) -> None:
        compiled(self.machine)
        self.player = Player(self.machine, self.tasks)
        uses = read(self.machine.definition)
        self.is_valid: Callable[[Json], bool] = validator(self.schema) if self.schema is not None else _anything
        self.input_shape = self._input_shape(uses)
        level = self.results_level
        shapes = {name: of_uses(uses.get(name, {}), nulls=level != SHAPED) for name in self.player.unserved}
        self.shape: Shape = Fields({"input": self.input_shape, "results": Fields(shapes)})
        self.known: set[Any] = set()
        self._expected = {dumps(each): end for each, end in zip(self.examples, self.expected, strict=False) if end is not None}
        self._designed = {end for end in self._expected.values() if end[0] != "SUCCEEDED"}

    def _input_shape(self, uses: Any) -> Shape:
        if self.schema is not None:
            return with_boundaries(without_patterns(of_schema(self.schema)), uses[INPUT])
        return with_boundaries(of_examples(self.examples), uses[INPUT]) if self.examples else of_uses(uses[INPUT])

    @property
    def results_level(self) -> str:
        """How bad the results are: what was asked for, or what is the default here."""
        return self.results or (NULLS if self.player.unserved else SHAPED)

    def script(self) -> list[Fault]:
        """The faults that are tried; which tasks let time pass is known only after some runs."""
        level = ANY if self.results_level == ANY else SHAPED
        return faults_of(self.machine, self.faults, level, served=self.player.served, timed=self.player.timed)

    # ------------------------------------------------------------ hunting

    def go(
        self,
        seconds: float = 30.0,
        seed: int | str = 0,
        told: Callable[[Found], None] | None = None,
        *,
        most: int = MOST_FINDINGS,
    ) -> Report:
        """Hunts for so long, and for so many findings, at most; `told` hears of each finding at once."""
        began = self.clock()
        report = Report()
        self._until = began + seconds
        self._random = Random(f"fuzz {seed}")
        try:
            self._warm_up(report)
            faults = self.script()
            report.is_exhausted = True
            for many, part in STAGES:
                until = began + seconds * part
                for found in self._stage(many, faults, until, report):
                    report.found.append(Found(*found, report.runs, self.clock() - began, self.clock() < self._until))
                    if told is not None:
                        told(report.found[-1])
                    if len(report.found) >= most:
                        raise _TimeUp
        except _TimeUp:
            report.is_over, report.is_exhausted = True, False
        report.seconds = self.clock() - began
        return report

    def _warm_up(self, report: Report) -> None:
        """Runs the examples, or some inputs, without faults: tasks that let time pass are known then, and designed ends."""
        endings = [self._end(Case(example), report) for example in self.examples]
        is_overtime = any(ending is not None and ending.kind == OVERTIME for ending in endings)
        if is_overtime and not self._expected and any(ending is None for ending in endings):
            self._designed.add(("TIMED_OUT", None, None))
        if not self.examples and self.player.served:
            for each in islice(every(self.shape, self._random), WARM_UP):
                self._end(Case(each["input"], (), each["results"]), report)

    def _stage(self, many: int, faults: Sequence[Fault], until: float, report: Report) -> Iterator[tuple[Case, Ending]]:
        """The findings of cases with so many faults."""
        known = 0
        for case in self._cases(many, faults, report):
            if self.clock() > until:
                report.is_exhausted, report.is_over = False, True
                return
            ending = self._end(case, report)
            if ending is None:
                known = 0
            elif ending.key in self.known:
                known += 1
                if known > MOST_KNOWN:
                    report.is_exhausted = False
                    return
            else:
                known = 0
                self.known.add(ending.key)
                yield self._smaller(case, ending, faults, report)

    def _cases(self, many: int, faults: Sequence[Fault], report: Report) -> Iterator[Case]:
        """The cases with so many faults: all of them in an order by chance, or so many by chance where they cannot be counted."""
        scripts: list[tuple[Fault, ...]] = [()] if many == 0 else [(each,) for each in faults] if many == 1 else list(pairs(faults))
        if not scripts:
            return
        whole: Shape = Fields({"script": Values(tuple(range(len(scripts)))), "given": self.shape})
        total = count(whole)
        is_counted = total <= MANY
        if not is_counted:
            report.is_exhausted = False
        for number in self._order(total) if is_counted else range(MOST_RUNS):
            each = nth(whole, number) if is_counted else some(whole, self._random)
            given = each["given"]
            if self.is_valid(given["input"]):
                yield Case(given["input"], scripts[each["script"]], given["results"])

    def _order(self, total: int) -> list[int]:
        order = list(range(total))
        self._random.shuffle(order)
        return order

    def _end(self, case: Case, report: Report) -> Ending | None:
        if self.clock() > self._until:
            raise _TimeUp
        report.runs += 1
        try:
            ending = self.player.play(case)
        except InvalidExecutionInput:
            return None
        return None if ending is None or self._is_designed(ending, case) else ending

    def _is_designed(self, ending: Ending, case: Case) -> bool:
        """Whether an end is meant: as an example expects it, or the machine's own timeout when its tasks keep failing."""
        if ending.kind == OVERTIME and case.faults:
            return True
        end = (ending.execution.status, ending.error, ending.state)
        meant = self._expected.get(dumps(case.input)) if not case.faults else None
        return end == meant if meant is not None else end in self._designed

    # ------------------------------------------------------------ making smaller

    def _smaller(self, case: Case, ending: Ending, faults: Sequence[Fault], report: Report) -> tuple[Case, Ending]:
        """The smallest case that ends so."""
        best = [(case, ending)]
        until = min(self._until, self.clock() + SHRINKING_SECONDS)

        def tried(smaller: Case) -> None:
            if self.clock() > until:
                raise _TimeUp
            end = self._end(smaller, report)
            if end is not None and end.key == ending.key:
                best.append((smaller, end))
                raise _Bad

        inputs = below(self.input_shape, case.input).filter(self.is_valid)
        results = below(self.shape.fields["results"], case.results)  # type: ignore[union-attr]
        cases = st.builds(lambda script, given, made: Case(given, script, made), fewer(case.faults, faults), inputs, results)
        try:
            _shrink(cases, tried)
        except _TimeUp:
            return min(best, key=lambda each: _size(each[0]))
        return best[-1]


def _anything(_: Json) -> bool:
    return True


def _size(case: Case) -> tuple[int, int]:
    """How large a case is: fewer faults before a shorter input."""
    return len(case.faults), len(dumps(case.input)) + len(dumps(dict(case.results)))


def _shrink(cases: st.SearchStrategy[Case], tried: Callable[[Case], Any]) -> None:
    """Lets hypothesis draw cases and make smaller the one that raises _Bad; the last one that raised it is the smallest."""

    @seeded(0)
    @settings(
        max_examples=SHRINKING,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def draw(case: Case) -> None:
        tried(case)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            draw()
        except _Bad:
            pass
        except HypothesisException:
            pass  # nothing else was drawn, or a task that is not the same twice: what was found stands
