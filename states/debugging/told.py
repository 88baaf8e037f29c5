"""Told: a moment in words. What its place is called, where in the definition it stands, which filters the state has.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from states.debugging.moments import ENDED, Moment
from states.interpreter import setup
from states.machine import Machine, State
from states.views import lookup, words

Json = Any

#: What the place of a moment is called. `{}` is the last name of a field that has two.
KINDS = {
    setup.ENTERED: "entered",
    setup.AFTER_INPUT_PATH: "after InputPath",
    setup.AFTER_PARAMETERS: "after Parameters",
    setup.AFTER_ARGUMENTS: "after Arguments",
    setup.ITEMS: "after ItemsPath",
    setup.AFTER_ITEM_SELECTOR: "after ItemSelector",
    setup.AFTER_ITEM_BATCHER: "after ItemBatcher",
    setup.RULE: "choice rule",
    setup.ASKED: "asked",
    setup.RESULT: "result",
    setup.AFTER_RESULT_SELECTOR: "after ResultSelector",
    setup.AFTER_RESULT_PATH: "after ResultPath",
    setup.AFTER_OUTPUT: "after OutputPath",
    setup.FAILED: "failed",
    setup.RETRIED: "retried",
    setup.EXHAUSTED: "retries used up",
    setup.CAUGHT: "caught",
    setup.LEFT: "left",
    ENDED: "ended",
}

IN_JSONATA = {setup.AFTER_OUTPUT: "after Output", setup.ITEMS: "after Items"}

#: Names of the field a moment is about, the first that the state has.
FIELDS = {
    setup.AFTER_INPUT_PATH: ("InputPath",),
    setup.AFTER_PARAMETERS: ("Parameters",),
    setup.AFTER_ARGUMENTS: ("Arguments",),
    setup.ITEMS: ("ItemsPath", "Items", "ItemReader"),
    setup.AFTER_ITEM_SELECTOR: ("ItemSelector", "Parameters"),
    setup.AFTER_ITEM_BATCHER: ("ItemBatcher",),
    setup.ASKED: ("Resource", "Seconds", "Timestamp", "SecondsPath", "TimestampPath"),
    setup.RESULT: ("Result", "Resource"),
    setup.AFTER_RESULT_SELECTOR: ("ResultSelector",),
    setup.AFTER_RESULT_PATH: ("ResultPath",),
    setup.AFTER_OUTPUT: ("OutputPath", "Output"),
    setup.LEFT: ("Next", "End"),
}

#: The filters of the two query languages in the order data goes through them, each with the kind of its moment.
FILTERS = {
    "JSONPath": (
        ("InputPath", setup.AFTER_INPUT_PATH),
        ("Parameters", setup.AFTER_PARAMETERS),
        ("ItemsPath", setup.ITEMS),
        ("ItemSelector", setup.AFTER_ITEM_SELECTOR),
        ("ItemBatcher", setup.AFTER_ITEM_BATCHER),
        ("Resource", setup.ASKED),
        ("ResultSelector", setup.AFTER_RESULT_SELECTOR),
        ("ResultPath", setup.AFTER_RESULT_PATH),
        ("OutputPath", setup.AFTER_OUTPUT),
    ),
    "JSONata": (
        ("Items", setup.ITEMS),
        ("ItemSelector", setup.AFTER_ITEM_SELECTOR),
        ("ItemBatcher", setup.AFTER_ITEM_BATCHER),
        ("Arguments", setup.AFTER_ARGUMENTS),
        ("Resource", setup.ASKED),
        ("Output", setup.AFTER_OUTPUT),
    ),
}

_NOTED = re.compile(r"(?:Choices|Retry|Catch)\[\d+\]")
LAST = (setup.LEFT, setup.FAILED, setup.RETRIED, setup.EXHAUSTED, setup.CAUGHT)


class Line(NamedTuple):
    """A line of the definition; `is_state` where the state stands, `is_here` where the field of the moment does."""

    number: int
    text: str
    is_state: bool
    is_here: bool


class Teller:
    """What is known of a machine's states for telling; each is looked up once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._states: dict[str, State | None] = {}
        self._written: dict[str, dict[str, Json]] | None = None
        self._lines = machine.text.splitlines()

    def state(self, name: str) -> State | None:
        if name not in self._states:
            self._states[name] = lookup.find_state(self.machine, name) if name else None
        return self._states[name]

    def kind(self, moment: Moment) -> str:
        """`after Parameters`, `asked the task`, `waits`."""
        state = self.state(moment.name)
        if moment.kind == ENDED:
            return moment.note
        if moment.kind == setup.ASKED:
            return "waits" if state is not None and state.type == "Wait" else "asked the task"
        if state is not None and state.query_language == "JSONata" and moment.kind in IN_JSONATA:
            return IN_JSONATA[moment.kind]
        return KINDS[moment.kind]

    def line(self, moment: Moment) -> int | None:
        """The line of what the moment is about: of its field, or of the state."""
        for location in self._locations(moment):
            found = lookup.position(self.machine, location)
            if found is not None:
                return found[0]
        return None

    def _locations(self, moment: Moment) -> list[str]:
        state = self.state(moment.name)
        if state is None:
            return []
        noted = _NOTED.match(moment.note)
        fields = (noted[0],) if noted is not None else FIELDS.get(moment.kind, ())
        return [*(f"{state.location}/{field}" for field in fields), state.location]

    def source(self, moment: Moment, most: int) -> tuple[Line, ...]:
        """The lines of the definition around the moment, the line of the state first where there is room for both."""
        state, here = self.state(moment.name), self.line(moment)
        if state is None or here is None or here > len(self._lines) or most < 1:
            return ()
        found = lookup.position(self.machine, state.location)
        first = found[0] if found is not None else here
        if not 0 <= here - first < most:
            first = here - most // 2
        first = max(1, min(first - (1 if here - first < most - 1 else 0), len(self._lines) - most + 1))
        numbers = range(first, min(first + most, len(self._lines) + 1))
        state_line = found[0] if found is not None else 0
        texts = [self._lines[number - 1].expandtabs(4).rstrip() for number in numbers]
        indent = min((len(text) - len(text.lstrip()) for text in texts if text), default=0)
        return tuple(Line(n, words.clean(text[indent:]), n == state_line, n == here) for n, text in zip(numbers, texts, strict=True))

    def filters(self, moment: Moment) -> tuple[tuple[str, str], ...]:
        """The filters that the state declares, each with `done`, `here` or `next`."""
        state = self.state(moment.name)
        if state is None:
            return ()
        definition = self._definition(state)
        every = [kind for _, kind in FILTERS[state.query_language]]
        here = setup.ASKED if moment.kind == setup.RESULT else moment.kind
        reached = len(every) if here in LAST else every.index(here) if here in every else -1
        return tuple(
            (name, "here" if kind == moment.kind else "done" if rank <= reached else "next")
            for rank, (name, kind) in enumerate(FILTERS[state.query_language])
            if name in definition
        )

    def _definition(self, state: State) -> dict[str, Json]:
        """The state as it is written."""
        if self._written is None:
            from states.definition.outline import Outline

            definition = self.machine.definition
            self._written = {node.name: node.value for node in Outline(definition).nodes} if isinstance(definition, dict) else {}
        return self._written.get(state.name, {})

    # ------------------------------------------------------------ lines of text

    def place(self, moment: Moment) -> str:
        """`machine.asl.json:22`, "" where no line is known."""
        line = self.line(moment)
        if line is None:
            return ""
        name = self.machine.source.partition("#")[0]
        return f"{words.clean(name)}:{line}"

    def heading(self, moment: Moment, started_at: float) -> str:
        """`ChargeCard#2  after Parameters  attempt 2  +2.2 s`."""
        parts = [words.clean(moment.place) or "execution", self.kind(moment)]
        parts += [f"attempt {moment.attempt}"] if moment.attempt > 1 else []
        parts += [f"+{words.duration(moment.at - started_at)}"]
        return "  ".join(parts)


def way(moment: Moment) -> str:
    """`Fan out#2 › [0] › Charge#1`: what the moment is inside of."""
    parts = moment.place.replace("]/", "]\0").split("\0")
    return " › ".join(words.clean(part.replace("[", " [") if part.endswith("]") else part) for part in parts)


def failure(value: Json) -> tuple[str | None, str | None] | None:
    """Error and Cause of a value that is a failure's."""
    if isinstance(value, dict) and value.keys() == {"Error", "Cause"}:
        return value["Error"], value["Cause"]
    return None
