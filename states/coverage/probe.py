"""Notes of an execution -> counts of goals.

A Plan has the numbers of the goals of one state; a Counter is the probe of one execution and adds to the counts of its machine. What a
state does counts once it is certain: a way out when the next state is entered or the block ends, a recovery when its state was left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from states import errors
from states.coverage import goals
from states.coverage.goals import Goal
from states.interpreter import setup

if TYPE_CHECKING:
    from states.interpreter.frame import Frame

NOWHERE = -1  #: the number of a goal there is not


class Plan:
    """The goals of a state by what is noted of it; `leave` is its Next or End, `retry` has pairs of recovered and exhausted."""

    __slots__ = ("branches", "catch", "default", "entered", "heartbeat", "items", "leave", "retry", "rules", "timeout")

    def __init__(self) -> None:
        self.entered = self.leave = self.default = self.timeout = self.heartbeat = NOWHERE
        self.rules: list[list[int]] = []
        self.retry: list[list[int]] = []
        self.catch: list[int] = []
        self.items: list[int] = []
        self.branches: list[int] = []


def plans_of(found: Sequence[Goal]) -> dict[str, Plan]:
    """The plan of each state by its location; the machine's own is at ""."""
    plans: dict[str, Plan] = {"": Plan()}
    for number, goal in enumerate(found):
        plan = plans.setdefault(goal.state, Plan())
        _ADD[goal.kind](plan, goal, number)
    return plans


def _add_clock(plan: Plan, goal: Goal, number: int) -> None:
    if goal.location.rpartition("/")[2].startswith("Heartbeat"):
        plan.heartbeat = number
    else:
        plan.timeout = number


def _add_choice(plan: Plan, goal: Goal, number: int) -> None:
    if goal.outcome == goals.TAKEN:
        plan.default = number
    elif goal.outcome == goals.TRUE:
        plan.rules.append([number])
    else:
        plan.rules[-1].append(number)


def _add_retrier(plan: Plan, goal: Goal, number: int) -> None:
    if goal.outcome == goals.RECOVERED:
        plan.retry.append([number, NOWHERE])
    elif plan.retry and plan.retry[-1][1] == NOWHERE:
        plan.retry[-1][1] = number
    else:
        plan.retry.append([NOWHERE, number])


_ADD: Mapping[str, Callable[[Plan, Goal, int], None]] = {
    goals.STATE: lambda plan, _, number: setattr(plan, "entered", number),
    goals.TRANSITION: lambda plan, _, number: setattr(plan, "leave", number),
    goals.CHOICE: _add_choice,
    goals.RETRY: _add_retrier,
    goals.CATCH: lambda plan, _, number: plan.catch.append(number),
    goals.TIMEOUT: _add_clock,
    goals.MAP: lambda plan, _, number: plan.items.append(number),
    goals.PARALLEL: lambda plan, _, number: plan.branches.append(number),
}


class Counter:
    """The probe of one execution. `ways` has what each frame will have done once it left its state, `retried` the retrier it used last."""

    __slots__ = ("counts", "plans", "retried", "ways")

    kinds = setup.DECISIONS

    def __init__(self, plans: Mapping[str, Plan], counts: list[int]) -> None:
        self.plans = plans
        self.counts = counts
        self.ways: dict[Frame, tuple[int, ...]] = {}
        self.retried: dict[Frame, int] = {}

    def note(self, frame: Frame, kind: str, value: Any) -> None:
        if kind == "entered":
            self._entered(frame)
        elif kind == "afterOutput":
            self._done(frame)
        else:
            _TAKE[kind](self, frame, value, self.plans[frame.step.state.location])

    def _entered(self, frame: Frame) -> None:
        """A visit, or one more attempt of it."""
        way = self.ways.pop(frame, None)
        if way is not None:
            self._left(frame, way)
        elif self.retried and frame in self.retried:
            return
        self.counts[self.plans[frame.step.state.location].entered] += 1

    def _done(self, frame: Frame) -> None:
        """The state has its output; its Assign and the limits of sizes may still fail it."""
        plan = self.plans[frame.step.state.location]
        if plan.leave != NOWHERE:
            retrier = self.retried.get(frame) if self.retried else None
            self.ways[frame] = (plan.leave,) if retrier is None else (plan.leave, plan.retry[retrier][0])

    def _left(self, frame: Frame, way: tuple[int, ...]) -> None:
        for number in way:
            self.counts[number] += 1
        if self.retried:
            self.retried.pop(frame, None)

    def _tried(self, frame: Frame, tried: tuple[int, bool], plan: Plan) -> None:
        index, held = tried
        if held:
            self.ways[frame] = (plan.rules[index][0],)
            return
        self.counts[plan.rules[index][1]] += 1
        if plan.default != NOWHERE and index == len(plan.rules) - 1:
            self.ways[frame] = (plan.default,)

    def _failed(self, frame: Frame, failure: Any, plan: Plan) -> None:
        self.ways.pop(frame, None)
        is_heartbeat = failure.error == errors.HEARTBEAT_TIMEOUT or errors.HEARTBEAT_TIMEOUT in failure.matched_as
        if is_heartbeat:
            self._hit(plan.heartbeat)
        elif failure.error == errors.TIMEOUT:
            self._hit(plan.timeout)

    def _retried(self, frame: Frame, index: int, _: Plan) -> None:
        self.retried[frame] = index

    def _exhausted(self, _: Frame, index: int, plan: Plan) -> None:
        self._hit(plan.retry[index][1])

    def _caught(self, frame: Frame, index: int, plan: Plan) -> None:
        self.ways[frame] = (plan.catch[index],)

    def _items(self, _: Frame, items: list[Any], plan: Plan) -> None:
        self._hit(plan.items[min(len(items), 2)])

    def _ended(self, frame: Frame, _: Any, __: Plan) -> None:
        way = self.ways.pop(frame, None)
        if way is not None:
            self._left(frame, way)
        if frame.join is not None:
            branches = self.plans[frame.join.frame.step.state.location].branches
            if branches:
                self.counts[branches[frame.index]] += 1

    def _timed_out(self, frame: Frame, _: Any, __: Plan) -> None:
        if not frame.path:  # a child execution has limits of its own
            self._hit(self.plans[""].timeout)

    def _hit(self, number: int) -> None:
        if number != NOWHERE:
            self.counts[number] += 1


_TAKE: Mapping[str, Callable[[Counter, Any, Any, Plan], None]] = {
    setup.RULE: Counter._tried,
    setup.FAILED: Counter._failed,
    setup.RETRIED: Counter._retried,
    setup.EXHAUSTED: Counter._exhausted,
    setup.CAUGHT: Counter._caught,
    setup.ITEMS: Counter._items,
    setup.ENDED: Counter._ended,
    setup.TIMED_OUT: Counter._timed_out,
}
