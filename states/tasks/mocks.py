"""Mocks: answers in the order they are asked for, in place of the work of a state or a resource.

An Answer is a result, an error, or silence, after so many seconds, so many times. A Mock is a callable like any other that gives them
one after the other, counts, and refuses to be asked once too often. An answer may be for the calls within one branch or iteration only.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from states.interpreter.resources import CALLBACK, Resource
from states.language.durations import seconds_of
from states.language.values import dumps
from states.tasks.accepted import accepted
from states.tasks.functions import Function, MockFault, Response, TaskContext, TaskError, to_json

Json = Any

RESULT, RESPONSE, ERROR, NEVER = "result", "response", "error", "never"
EVERY_TIME = None  #: of `times`: for ever, or not at all
BY_PLACE = -1  #: of `times` where nothing was said: every time for the only answer, once for one of several
LONGEST = 2 * 365 * 86400.0  #: seconds a mock may take: longer than any execution
MOST_BEATS = 100_000  #: heartbeats of one answer

#: The count of visits and attempts in a place, which a chain of states is named without.
_COUNTS = re.compile(r"#\d+(?:\.\d+)?(?=\[\d+\](?:/|$))")


class MockError(AssertionError):
    """A mock was used otherwise than it was meant: asked too often, not often enough, or for a state that is not there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `kind` is result, response, error or never. `after` and `heartbeat` are seconds.

    `times` is how often it is given, None for ever; `is_counted` says that a test has said so.

    `submitted` is what the service answers to the request of a callback or `.sync` task, None for something like it. `within` is the
    branch or iteration whose calls it answers, such as `Fan out[0]` or `Each[3]/Fan out[1]`; None is for all.
    """

    kind: str
    value: Json = None
    error: str | None = None
    cause: str | None = None
    after: float = 0.0
    heartbeat: float | None = None
    times: int | None = 1
    submitted: Json = None
    where: str = ""
    within: str | None = None
    is_counted: bool = field(default=True, compare=False, repr=False)

    def __mul__(self, times: int | None) -> Answer:
        """The answer so many times: `error("Busy") * 2`."""
        return _checked(replace(self, times=times, is_counted=True))

    __rmul__ = __mul__


def result(
    value: Json = None,
    *,
    after: Any = 0,
    heartbeat: Any = None,
    times: int | None = BY_PLACE,
    submitted: Json = None,
    within: str | None = None,
) -> Answer:
    """The task succeeds with this value: of a function what it returns, also with `lambda:invoke`, which puts its envelope around it.

    `after` and `heartbeat` are durations: seconds, or "2h 30m". With `heartbeat` the task shows that often that it is alive.
    `times` None is for ever. `submitted` is what the service says when it takes the request of a callback task, whose token gets the
    value, or of a `.sync` task, whose job ends with it. `within` names the branch or iteration whose calls get it: `Each[3]`.
    """
    return _answer(RESULT, after, heartbeat, times, value=to_json(value), submitted=to_json(submitted), within=within)


def response(
    value: Json,
    *,
    after: Any = 0,
    heartbeat: Any = None,
    times: int | None = BY_PLACE,
    submitted: Json = None,
    within: str | None = None,
) -> Answer:
    """The same with the whole answer of the service, for `lambda:invoke` with its envelope: what AWS's mock files hold."""
    return _answer(RESPONSE, after, heartbeat, times, value=to_json(value), submitted=to_json(submitted), within=within)


def error(
    error: str | None,
    cause: Json = None,
    *,
    after: Any = 0,
    heartbeat: Any = None,
    times: int | None = BY_PLACE,
    within: str | None = None,
) -> Answer:
    """The task fails with this error and cause."""
    text = cause if isinstance(cause, (str, type(None))) else dumps(to_json(cause))
    return _answer(ERROR, after, heartbeat, times, error=error, cause=text, within=within)


def never(*, heartbeat: Any = None, beats: int = 0, times: int | None = BY_PLACE, within: str | None = None) -> Answer:
    """The task does not answer: its TimeoutSeconds or HeartbeatSeconds run out. It may show `beats` times before that it is alive."""
    if heartbeat is not None and not beats:
        raise ValueError("never(heartbeat=...) needs beats: how often the task shows that it is alive before it falls silent")
    return _answer(NEVER, (seconds_of(heartbeat) * beats) if heartbeat is not None else 0, heartbeat, times, within=within)


def _answer(kind: str, after: Any, heartbeat: Any, times: int | None, **more: Any) -> Answer:
    every = seconds_of(heartbeat) if heartbeat is not None else None
    is_counted = times != BY_PLACE
    return _checked(
        Answer(kind=kind, after=seconds_of(after), heartbeat=every, times=times if is_counted else 1, is_counted=is_counted, **more)
    )


def _checked(answer: Answer) -> Answer:
    if answer.times is not None and not (isinstance(answer.times, int) and answer.times >= 1):
        raise ValueError(f"times is 1 or more, or None for ever, not {answer.times!r}")
    for name in ("error", "cause", "within"):
        if not isinstance(getattr(answer, name), (str, type(None))):
            raise ValueError(f"{name} is a text or None, not {getattr(answer, name)!r}")
    if answer.error == "":
        raise ValueError("error is the name of an error or None, not an empty text")
    if answer.heartbeat is not None and (answer.heartbeat <= 0 or answer.after / answer.heartbeat > MOST_BEATS):
        raise ValueError(f"heartbeat is a duration above 0, and one answer has at most {MOST_BEATS:,} of them")
    return answer


def answers_of(given: Iterable[Any]) -> list[Answer]:
    """The answers of what a test gives: Answers, or plain values, which are results.

    A single answer that does not say how often is given every time it is asked for, and need not be; of several each is given once.
    """
    each = [one if isinstance(one, Answer) else _plain(one) for one in given]
    answers = [replace(each[0], times=EVERY_TIME)] if len(each) == 1 and not each[0].is_counted else each
    if never_given(answers) is not None:
        raise ValueError("answers after one that is given for ever would never be given")
    return answers


def _plain(value: Any) -> Answer:
    """The result of a plain value. ValueError for what is plainly meant otherwise."""
    if isinstance(value, (list, tuple)) and any(isinstance(one, Answer) for one in value):
        raise ValueError("answers are given one after the other, not in a list: mock(name, *answers)")
    if isinstance(value, BaseException) or callable(value):
        raise ValueError(f"expected an answer, a JSON value or one callable, not {value!r}; a failure is error(name, cause)")
    return result(value)


def never_given(answers: list[Answer]) -> int | None:
    """The place of the first answer that comes after one that is given for ever to the same calls; None where there is none."""
    endless: set[str | None] = set()
    for place, answer in enumerate(answers):
        if any(within in endless for within in around(answer.within or "")):
            return place
        if answer.times is None:
            endless.add(answer.within)
    return None


def chain_of(place: str) -> str:
    """The branches and iterations around a call, by its place; empty for the machine itself.

    >>> chain_of("Fan out#2[0]/Each#1.2[3]/Charge#1"), chain_of("Charge#4.2")
    ('Fan out[0]/Each[3]', '')
    """
    head, inside, _ = place.rpartition("]/")
    return _COUNTS.sub("", f"{head}]") if inside else ""


def around(chain: str) -> Iterator[str | None]:
    """What `within` may be for a call in this chain, the widest first.

    >>> list(around("Fan out[0]/Each[3]"))
    [None, 'Fan out[0]', 'Fan out[0]/Each[3]']
    """
    yield None
    end = chain.find("]/")
    while end >= 0:
        yield chain[: end + 1]
        end = chain.find("]/", end + 1)
    if chain:
        yield chain


@dataclass(frozen=True, slots=True)
class Asked:
    """One time a mock was asked: by which state, in which attempt (from 1), with what, at what time (seconds since the epoch).

    `answer` is what it gave, None when it had none.
    """

    state_name: str
    attempt: int
    event: Json
    at: float
    answer: Answer | None = None


#: What is wrong with the request of a call, whose answer is an error or not.
Check = Callable[[TaskContext, bool], str]


class Mock:
    """A callable that answers in order. `asked` has every time it was asked; `name` is the state or resource it stands for.

    `check` says what is wrong with the request of a call, when it is told whether the answer is an error; nothing when it is right.
    """

    def __init__(self, name: str, answers: Iterable[Answer], where: str = "", check: Check | None = None) -> None:
        self.name = name
        self.answers = list(answers)
        self.where = where
        self.check = check
        self.asked: list[Asked] = []
        self.refused = ""  #: what was said when it was asked once too often, or for what AWS refuses
        self._left: dict[str | None, deque[list[Any]]] = {}
        for place, answer in enumerate(self.answers):
            self._left.setdefault(answer.within, deque()).append([place, answer, answer.times])

    def _next(self, chain: str) -> Answer | None:
        """The first answer that is left for a call in this chain."""
        waiting = [queue for within in around(chain) if (queue := self._left.get(within))]
        if not waiting:
            return None
        queue = min(waiting, key=lambda queue: queue[0][0])
        first = queue[0]
        if first[2] is not None:
            first[2] -= 1
            if not first[2]:
                queue.popleft()
        answer: Answer = first[1]
        return answer

    @property
    def count(self) -> int | None:
        """How many answers there are, None when they never end."""
        counts = [answer.times for answer in self.answers]
        return None if None in counts else sum(times for times in counts if times is not None)

    @property
    def unused(self) -> int:
        """How many answers were not given; one that is given for ever need not be."""
        least = sum(answer.times for answer in self.answers if answer.times is not None)
        return max(0, least - len(self.asked))

    def misuse(self) -> list[str]:
        """What there is to say of how it was used: that it was asked once too often or wrongly, or that answers are left."""
        if self.refused:
            return [self.refused]
        if not self.unused:
            return []
        start = f"{self.where}: " if self.where else ""
        asked = len(self.asked)
        times = "never asked" if asked == 0 else "asked once" if asked == 1 else f"asked {asked} times"
        were = "was" if self.unused == 1 else "were"
        return [f"{start}the mock of {self.name!r} was {times}, {self.unused} of its answers {were} not given"]

    def fresh(self) -> Mock:
        """The same mock, not asked yet."""
        return Mock(self.name, self.answers, self.where, self.check)

    def function(self) -> Function:
        """The mock as a callable that serves a task, without a timeout of its own."""
        return Function(self, self.name, timeout_seconds=float("inf"))

    def __call__(self, event: Json, context: TaskContext) -> Any:
        answer = self._next(chain_of(context.place))
        self.asked.append(Asked(context.state_name, context.attempt, event, context.now(), answer))
        if answer is None:
            self.refused = self._exhausted(context)
            raise MockFault(self.refused)
        if self.check is not None and (fault := self.check(context, answer.kind == ERROR)):
            self.refused = f"{self.where}: {fault}" if self.where else fault
            raise MockFault(self.refused)
        return give(answer, event, context)

    def _exhausted(self, context: TaskContext) -> str:
        count = self.count or 0
        many = "1 answer" if count == 1 else f"{count} answers"
        of = "" if self.name == context.state_name else f" for the state {context.state_name!r}"
        if any(answer.within is not None for answer in self.answers):
            of += f" within {chain_of(context.place) or 'no branch or iteration'}"
        start = f"{self.where}: " if self.where else ""
        return f"{start}the mock of {self.name!r} has {many} and was asked once more{of}, in attempt {context.attempt}"


def give(answer: Answer, event: Json, context: TaskContext) -> Any:
    """Carries an answer out on the clock of the call: through the task token where there is one."""
    if context.task_token is not None and context.resource is not None and context.resource.pattern == CALLBACK:
        return _through_token(answer, event, context, context.resource, context.task_token)
    _pass(answer, context)
    if answer.kind == NEVER:
        context.sleep(LONGEST)
    if answer.kind == ERROR:
        raise TaskError(answer.error, answer.cause)
    if answer.submitted is not None:
        return Response(answer.value, answer.submitted)
    return Response(answer.value) if answer.kind == RESPONSE else answer.value


def _pass(answer: Answer, context: TaskContext) -> None:
    """Lets the time before the answer pass, with a heartbeat as often as it says."""
    left = answer.after
    while answer.heartbeat is not None and left >= answer.heartbeat:
        context.sleep(answer.heartbeat)
        context.heartbeat()
        left -= answer.heartbeat
    if left:
        context.sleep(left)


def _through_token(answer: Answer, event: Json, context: TaskContext, resource: Resource, token: str) -> Any:
    beats = int(answer.after / answer.heartbeat + 1e-9) if answer.heartbeat is not None else 0
    for beat in range(1, beats + 1):
        context.send_task_heartbeat(token, after=beat * (answer.heartbeat or 0))
    if answer.kind == ERROR:
        context.send_task_failure(token, answer.error, answer.cause, after=answer.after)
    elif answer.kind != NEVER:
        context.send_task_success(token, answer.value, after=answer.after)
    if answer.submitted is not None:
        return Response(answer.submitted)
    return None if resource.is_invoke else Response(accepted(resource, event, context.aws_request_id))
