"""The panel of a failure: which state, which error, the user's own stack trace, what the state was given, who might have taken the error.

Works from a story alone; with the Machine it also knows the line of the definition, retriers and catchers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from states import errors
from states.errors import StatesError
from states.machine import Catcher, Machine, Map, Parallel, Retrier, State, Task
from states.views import visits, words
from states.views.events import value_of
from states.views.lookup import find_state, position, takes
from states.views.story import Story
from states.views.visits import Chain, Visit

MOST_CAUSE_LINES = 12
MOST_DATA_LINES = 10
MOST_WAITING = 6


class Failure:
    """Draws why a story ended badly; nothing for one that succeeded or still runs. `children` are those of `Trace`."""

    def __init__(self, story: Story, machine: Machine | None = None, children: Mapping[str, list[Chain]] | None = None) -> None:
        self.story = story
        self.machine = machine
        self.children = children or {}

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.story.status not in (visits.FAILED, visits.TIMED_OUT, visits.ABORTED):
            return
        width = min(options.max_width, 110)
        body = Table.grid(padding=(0, 2), expand=False)
        body.add_column(style="dim", no_wrap=True)
        body.add_column(overflow="fold")
        inner = width - 4
        for label, lines in self._facts(max(20, inner - 8)):
            body.add_row(label, lines)
        parts = Table.grid()
        parts.add_column(overflow="fold")
        for part in self._cause(inner):
            parts.add_row(part)
        if body.row_count:
            parts.add_row(Padding(body, (1 if parts.row_count else 0, 0, 0, 0)))
        title = Text(words.clip(self._title(), width - 8), style="bold red")
        yield Panel(parts, title=title, title_align="left", border_style="red", width=width, padding=(0, 1))

    def _title(self) -> str:
        story, culprit = self.story, self.story.culprit
        if story.status == visits.TIMED_OUT:
            limit = self.machine.timeout_seconds if self.machine is not None else None
            return f"Timed out after {words.duration(limit if limit is not None else story.seconds)}"
        if story.status == visits.ABORTED:
            return "Stopped" + (f": {words.clean(story.error)}" if story.error else "")
        error = words.clean(story.error or "no error name")
        return f"{words.clean(culprit.name)} failed: {error}" if culprit is not None else f"Failed: {error}"

    # ------------------------------------------------------------ what happened

    def _cause(self, width: int) -> Iterator[Text]:
        cause = self.story.cause
        document = words.lambda_error(cause)
        if document is None:
            if cause:
                yield from _block(cause, width)
            return
        yield from _block(document["errorMessage"] or "(no message)", width)
        trace = _stack_trace(document.get("stackTrace"))
        if trace:
            yield Text("")
        for line in trace[-MOST_CAUSE_LINES:]:
            is_place = line.lstrip().startswith("File ")
            yield Text(words.clip(line, width), style="dim" if is_place else "cyan", no_wrap=True)

    # ------------------------------------------------------------ where, and with what

    def _facts(self, width: int) -> Iterator[tuple[str, Text]]:
        culprit = self.story.culprit
        if culprit is None:
            yield from self._still_running()
            return
        state = self._state(culprit.name)
        yield "state", Text(" › ".join(_way(culprit)))
        if state is not None and self.machine is not None:
            yield "where", Text(f"{self._line(state)}  {state.location}".strip())
        child = self._failed_child(culprit)
        if child is not None:
            yield f"run {child.index}", Text(words.failure_text(child.error, child.cause))
        led = _led_here(culprit)
        if led is not None:
            yield "after", Text(f"{words.clean(led.name)}: {words.failure_text(led.error, led.cause)}")
        if culprit.input is not None:
            yield "input", _data(culprit.input, width)
        asked = culprit.attempts[-1] if culprit.attempts else None
        if asked is not None and asked.input is not None and value_of(asked.input) != value_of(culprit.input):
            yield "asked", _data(asked.input, width)
        if state is not None:
            yield from self._handlers(culprit, state)

    def _still_running(self) -> Iterator[tuple[str, Text]]:
        """What ran when the execution was stopped or its time was up."""
        ended = [
            visit
            for visit in visits.every_visit(self.story.chain)
            if visit.status in (visits.ABORTED, visits.TIMED_OUT) and visit.exited == self.story.now and not visit.chains
        ]
        for number, visit in enumerate(ended[:MOST_WAITING]):
            state = self._state(visit.name)
            line = Text(" › ".join(_way(visit)))
            line.append(f"  for {words.duration(visit.seconds(self.story.now))}", style="dim")
            if state is not None:
                line.append(f"  {self._line(state)}", style="dim")
            yield "running" if number == 0 else "", line
        if len(ended) > MOST_WAITING:
            yield "", Text(f"… {len(ended) - MOST_WAITING:,} more", style="dim")

    def _handlers(self, visit: Visit, state: State) -> Iterator[tuple[str, Text]]:
        """The retriers and catchers of the state, and of those it runs inside of, and why none of them took the error."""
        failure = StatesError(self.story.error, self.story.cause)
        inside: Visit | None = visit
        while inside is not None:
            found = self._state(inside.name)
            prefix = "" if inside is visit else f"{words.clean(inside.name)}: "
            retriers: tuple[Retrier, ...] = getattr(found, "retry", ())
            catchers: tuple[Catcher, ...] = getattr(found, "catch", ())
            for number, text in enumerate(_retriers(retriers, failure, inside)):
                yield "retry" if number == 0 else "", Text(prefix + text)
            for number, text in enumerate(_catchers(catchers, failure)):
                yield "catch" if number == 0 else "", Text(prefix + text)
            if inside is visit and not retriers and not catchers and isinstance(state, (Task, Parallel, Map)):
                yield "retry", Text("no Retry and no Catch here", style="dim")
            inside = inside.chain.owner

    def _failed_child(self, visit: Visit) -> Chain | None:
        """The first child execution of a distributed Map that failed."""
        arn = visit.attempts[-1].map_run_arn if visit.attempts else None
        chains = self.children.get(arn, []) if arn is not None else []
        return next((chain for chain in chains if chain.status in (visits.FAILED, visits.TIMED_OUT)), None)

    def _state(self, name: str) -> State | None:
        return find_state(self.machine, name) if self.machine is not None else None

    def _line(self, state: State) -> str:
        """`order.asl.json:14:5`, as far as it is known."""
        assert self.machine is not None
        found = position(self.machine, state.location)
        return f"{_short_path(self.machine.source)}:{found[0]}:{found[1]}" if found is not None else ""


def _retriers(retriers: tuple[Retrier, ...], failure: StatesError, visit: Visit) -> Iterator[str]:
    """Each retrier, what it had to do with this visit, and why it did not help."""
    has_decided = False
    for retrier in retriers:
        names = ", ".join(retrier.error_equals)
        if has_decided:
            yield f"{names}: not asked, an earlier one decides"
        elif failure.error == errors.RUNTIME:
            yield f"{names}: States.Runtime is never retried"
        elif not errors.matches(retrier.error_equals, failure):
            yield f"{names}: another error"
        else:
            has_decided = True
            used = sum(takes(retrier, attempt) for attempt in visit.attempts[:-1])
            yield f"{names}: used up, {words.count(used, 'retry', 'retries')} of MaxAttempts {retrier.max_attempts}"


def _catchers(catchers: tuple[Catcher, ...], failure: StatesError) -> Iterator[str]:
    for catcher in catchers:
        names = ", ".join(catcher.error_equals)
        if failure.error == errors.RUNTIME:
            yield f"{names} → {catcher.next}: States.Runtime is never caught"
        elif errors.matches(catcher.error_equals, failure):
            yield f"{names} → {catcher.next}: takes it, but the failure came after"
        else:
            yield f"{names} → {catcher.next}: another error"


def _led_here(culprit: Visit) -> Visit | None:
    """The visit whose caught error led to a Fail state: the last such before it in its chain."""
    if culprit.type != "Fail":
        return None
    before = culprit.chain.visits[: culprit.ordinal - 1]
    return next((visit for visit in reversed(before) if visit.status == visits.CAUGHT), None)


def _way(visit: Visit) -> list[str]:
    """Where a visit is: `Fan out`, `branch 2`, `Charge`."""
    way = [words.clean(visit.name)]
    chain = visit.chain
    while chain.owner is not None:
        label = f"branch {chain.index + 1}" if chain.kind == visits.BRANCH else f"[{chain.index}]"
        way = [words.clean(chain.owner.name), label, *way]
        chain = chain.owner.chain
    return way


def _block(text: str, width: int) -> Iterator[Text]:
    lines = words.clean_lines(text).splitlines() or [""]
    for line in lines[:MOST_CAUSE_LINES]:
        yield Text(words.clip(line, width * 6))
    if len(lines) > MOST_CAUSE_LINES:
        yield Text(f"… {words.count(len(lines) - MOST_CAUSE_LINES, 'line')} more", style="dim")


def _data(data: object, width: int) -> Text:
    return Text("\n".join(words.data_lines(data, width, MOST_DATA_LINES)))


def _stack_trace(trace: object) -> list[str]:
    """The lines of Lambda's stackTrace: texts, or in older runtimes [file, line, function, code]."""
    lines: list[str] = []
    for entry in trace if isinstance(trace, list) else ():
        if isinstance(entry, str):
            lines += words.clean_lines(entry).splitlines()
        elif isinstance(entry, list) and len(entry) == 4:
            file, line, function, code = entry
            lines += [words.clean(f'  File "{file}", line {line}, in {function}'), words.clean(f"    {code}")]
    here = f"{Path.cwd()}/"
    return [line.replace(here, "") for line in lines]


def _short_path(path: str) -> str:
    """The path from here, when it is below here."""
    return path.removeprefix(f"{Path.cwd()}/")
