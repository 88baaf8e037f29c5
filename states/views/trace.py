"""The trace: the way an execution took as a tree, a line a visit, with times, attempts, waits and errors.

A `Trace` draws a `Story` as it stands, so that the same view is shown while it runs and at its end. It stays short: see `folds`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from states.views import folds, visits, words
from states.views.events import text_of, value_of
from states.views.inspected import Inspected
from states.views.layout import MARKS, STYLES, Layout, Row
from states.views.story import Story
from states.views.visits import Attempt, Chain, Visit

MOST_ROWS = 400
LONGEST_VALUE = 1000  #: characters; the width of the terminal ends a line before


class Trace:
    """Draws a story. `most_rows` bounds its height while it runs: then the oldest lines go first.

    `due` tells until when a running visit waits, by its place, None when nobody knows; `children` are the stories of the child
    executions of distributed Maps, by the ARN of the map run. `with_values` puts below a visit what it had and gave: its input, what its
    task was given, the variables it assigned, its output. `inspected` puts there what every filter made of it.
    """

    def __init__(
        self,
        story: Story,
        *,
        title: str = "",
        facts: Sequence[str] = (),
        most_rows: int | None = None,
        children: dict[str, list[Chain]] | None = None,
        due: Mapping[str, float] | None = None,
        frame: int = 0,
        with_values: bool = False,
        inspected: Inspected | None = None,
    ) -> None:
        self.story = story
        self.title = title
        self.facts = facts
        self.most_rows = most_rows
        self.children = children or {}
        self.due = due or {}
        self.knows_due = due is not None
        self.frame = frame
        self.with_values = with_values
        self.inspected = inspected
        self._width = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self._width = options.max_width
        rows: list[Row] = []
        for row in self._chain_rows(self.story.chain, "", 0):
            rows.append(row)
            if len(rows) >= MOST_ROWS:
                rows.append(Row("", "", f"… {words.count(self.story.totals.visits, 'visit')} in all", is_minor=True))
                break
        if self.most_rows is not None and len(rows) > self.most_rows:
            hidden = len(rows) - self.most_rows + 1
            rows = [Row("", "", f"… {words.count(hidden, 'line')} above", is_minor=True), *rows[hidden:]]
        width = options.max_width
        if self.title:
            yield self._header(width)
        yield from Layout(rows, self.story, width, self.frame).lines()
        yield self._summary(width)

    def _header(self, width: int) -> Text:
        header = Text(words.clip(words.clean(self.title), width), style="bold")
        for fact in self.facts:
            if header.cell_len + len(fact) + 2 <= width:
                header.append(f"  {words.clean(fact)}", style="dim not bold")
        return header

    def _summary(self, width: int) -> Text:
        story, totals = self.story, self.story.totals
        mark = MARKS[story.status]
        style = STYLES[story.status]
        took = "for" if story.status == visits.RUNNING else "in" if story.status == visits.SUCCEEDED else "after"
        line = Text(f"{mark} {story.status}", style=style)
        line.append(f" {took} {words.duration(story.seconds)}", style="default not bold")
        retries = words.count(totals.retries, "retry", "retries") if totals.retries else ""
        facts = [retries, words.count(totals.visits, "state visit"), words.count(totals.events, "event")]
        separator = "  "
        for fact in filter(None, facts):
            if line.cell_len + len(separator) + len(fact) <= width:
                line.append(f"{separator}{fact}", style="default dim not bold")
                separator = ", "
        return line

    # ------------------------------------------------------------ rows

    def _chain_rows(self, chain: Chain, guides: str, depth: int) -> Iterator[Row]:
        shown = list(folds.folded(chain.visits, depth))
        for place, entry in enumerate(shown):
            branch, stem = _guides(guides, place == len(shown) - 1)
            if isinstance(entry, Visit):
                yield self._visit_row(entry, branch)
                yield from self._inner_rows(entry, stem, depth + 1)
            else:
                yield Row(branch, "", entry, is_minor=True)

    def _visit_row(self, visit: Visit, guides: str, label: str = "") -> Row:
        status, now = self._status(visit), self.story.now
        note, style = self._note(visit, status)
        if status != visit.status and visit.attempts:
            now = visit.attempts[-1].ended or now
        return Row(
            guides,
            status,
            words.clean(visit.name),
            visit.type,
            visit.entered,
            visit.seconds(now),
            note,
            style,
            label,
            _parts(visit, now),
        )

    def _status(self, visit: Visit) -> str:
        """The status of a visit; of one inside a Parallel or Map that waits for its next attempt, which no event tells, how it ended."""
        if visit.status != visits.RUNNING or not self.knows_due or visit.place in self.due:
            return visit.status
        has_failed = visit.type == "Fail" or (visit.attempts and visit.attempts[-1].status != visits.RUNNING)
        chain = visit.chain
        while chain.owner is not None:
            if chain.owner.place in self.due:
                return visits.FAILED if has_failed else visits.ABORTED
            chain = chain.owner.chain
        return visit.status

    def _note(self, visit: Visit, status: str) -> tuple[str, str]:
        story = self.story
        if status == visits.RUNNING and story.status == visits.RUNNING:
            return self._running_note(visit), "cyan"
        if status in (visits.FAILED, visits.TIMED_OUT):
            if visit.error is None and status == visits.TIMED_OUT:
                return "still ran when the time was up", "red"
            if visit.retries:
                return words.count(len(visit.attempts), "attempt"), "red"
            is_telling = visit is story.culprit or not visit.chains
            return (words.failure_text(visit.error, visit.cause), "red") if is_telling else (_size(visit), "dim")
        if status == visits.CAUGHT:
            return f"caught {words.failure_text(visit.error, visit.cause)}", "yellow"
        if status == visits.ABORTED:
            return "aborted", "dim"
        if visit.retries:
            return f"{words.count(len(visit.attempts), 'attempt')}", "yellow"
        return (_size(visit) if visit.attempts else ""), "dim"

    def _running_note(self, visit: Visit) -> str:
        now, due = self.story.now, self.due.get(visit.place)
        if due is not None:
            word = "until" if visit.type == "Wait" else "retries at"
            moment = words.moment(due)
            if due - now < 43200:
                moment = moment.partition(" ")[2].partition(".")[0]
            return f"{word} {moment} UTC, {words.duration(due - now)} left"
        if visit.type == "Wait":
            return "waits"
        if visit.attempts and visit.attempts[-1].status != visits.RUNNING:
            return f"waits to retry after {words.failure_text(visit.error, visit.cause)}"
        done = sum(folds.is_done(chain) for chain in visit.chains)
        if visit.chains:
            total = visit.attempts[-1].length or len(visit.chains)
            return f"{done:,} of {total:,} done"
        attempt = f"attempt {len(visit.attempts)}, " if visit.retries else ""
        return f"{attempt}runs {_resource(visit)}".rstrip()

    def _inner_rows(self, visit: Visit, guides: str, depth: int) -> Iterator[Row]:
        """Attempts, branches and iterations below a visit."""
        is_container = visit.type in ("Parallel", "Map")
        attempts = folds.shown_attempts(visit)
        chains = self._chains(visit) if is_container else []
        if self.with_values:
            stem = f"{guides}{'│' if attempts or chains else ' '}    "
            yield from (Row(stem, "", words.clip(words.clean(text), LONGEST_VALUE)) for text in _values(visit))
        records = len(self.inspected.records(visit)) if self.inspected is not None else 0
        by_attempt = records > 1 and records == len(visit.attempts)
        if not by_attempt:
            for number in range(records):
                yield from self._inspected_rows(visit, number, f"{guides}{'│' if attempts or chains else ' '}  ", records > 1)
        for place, attempt in enumerate(attempts):
            branch, stem = _guides(guides, place == len(attempts) - 1 and not chains)
            yield _attempt_row(visit, attempt, branch) if isinstance(attempt, Attempt) else Row(branch, "", attempt, is_minor=True)
            if by_attempt and isinstance(attempt, Attempt):
                yield from self._inspected_rows(visit, attempt.number - 1, stem)
        picked, rest = folds.picked(chains)
        for place, chain in enumerate(picked):
            branch, stem = _guides(guides, place == len(picked) - 1 and not rest)
            yield from self._chain_row(chain, branch, stem, depth)
        if rest:
            waiting = (visit.attempts[-1].length or 0) - len(chains) if visit.status == visits.RUNNING else 0
            yield Row(_guides(guides, True)[0], "", folds.counted(rest, waiting), is_minor=True)

    def _inspected_rows(self, visit: Visit, number: int, stem: str, is_numbered: bool = False) -> Iterator[Row]:
        """What the filters of one attempt made of its input."""
        assert self.inspected is not None
        if is_numbered:
            yield Row(stem, "", f"attempt {number + 1}", is_minor=True)
        for text in self.inspected.lines(visit, number, self._width - len(stem) - 2):
            yield Row(f"{stem}  ", "", "", text=text)

    def _chains(self, visit: Visit) -> list[Chain]:
        arn = visit.attempts[-1].map_run_arn if visit.attempts else None
        return self.children.get(arn, []) if arn is not None else visit.chains

    def _chain_row(self, chain: Chain, guides: str, stem: str, depth: int) -> Iterator[Row]:
        label = visits.LABELS[chain.kind].format(chain.index, chain.index + 1)
        if len(chain.visits) == 1:
            yield self._visit_row(chain.visits[0], guides, f"{label} ")
            yield from self._inner_rows(chain.visits[0], stem, depth)
            return
        ended = self.story.now if chain.ended is None else chain.ended
        note = words.failure_text(chain.error, chain.cause) if chain.error else ""
        yield Row(guides, chain.status, label, "", chain.started, ended - chain.started, note, "red", "", is_minor=True)
        yield from self._chain_rows(chain, stem, depth)


def _guides(guides: str, is_last: bool) -> tuple[str, str]:
    """What is drawn before a line, and before the lines below it."""
    return (f"{guides}└─ ", f"{guides}   ") if is_last else (f"{guides}├─ ", f"{guides}│  ")


def _attempt_row(visit: Visit, attempt: Attempt, guides: str) -> Row:
    ended = attempt.ended if attempt.ended is not None else visit.exited
    note, style = "", "dim"
    if attempt.status in (visits.FAILED, visits.TIMED_OUT):
        note, style = words.failure_text(attempt.error, attempt.cause), "yellow"
        following = visit.attempts[attempt.number] if attempt.number < len(visit.attempts) else None
        if following is not None and attempt.ended is not None:
            note = f"again after {words.duration(following.started - attempt.ended)}  {note}"
        elif visit.status == visits.FAILED:
            style = "red"
    seconds = None if ended is None else ended - attempt.started
    status = visits.CAUGHT if style == "yellow" else attempt.status
    parts = [] if ended is None else [(attempt.started, ended, True)]
    return Row(guides, status, f"attempt {attempt.number}", "", attempt.started, seconds, note, style, "", parts, is_minor=True)


def _values(visit: Visit) -> Iterator[str]:
    """What a visit had and gave, a line each: `$name` is a variable that it assigned."""
    yield f"input   {text_of(visit.input)}"
    if visit.attempts and visit.attempts[-1].resource:
        yield f"given   {text_of(visit.attempts[-1].input)}"
    for name, value in (visit.assigned or {}).items():
        yield f"${name} = {text_of(value)}"
    if visit.status in (visits.SUCCEEDED, visits.CAUGHT):
        yield f"output  {text_of(visit.output)}"


def _size(visit: Visit) -> str:
    """What a Task asked, and how wide a Parallel or Map was."""
    last = visit.attempts[-1]
    if visit.type == "Parallel":
        return words.count(len(last.chains), "branch", "branches")
    if visit.type == "Map":
        length = last.length if last.length is not None else len(last.chains)
        return words.count(length, "item")
    return _resource(visit)


def _resource(visit: Visit) -> str:
    """The short name of what a Task asks: the function, the activity, or `service:action`."""
    last = visit.attempts[-1] if visit.attempts else None
    if last is None:
        return ""
    resource, asked = last.resource, None
    if resource.startswith("lambda:invoke"):
        request = value_of(last.input)
        asked = request.get("FunctionName") if isinstance(request, dict) else None
    if isinstance(asked, str):
        return words.clean(f"{asked.rpartition(':function:')[2]}{resource.removeprefix('lambda:invoke')}")
    for kind in (":function:", ":activity:"):
        if resource.startswith("arn:") and kind in resource:
            return words.clean(resource.rpartition(kind)[2])
    return words.clean(resource)


def _parts(visit: Visit, now: float) -> list[tuple[float, float, bool]]:
    """The stretches of a visit: work, and waiting between attempts or in a Wait."""
    end = now if visit.exited is None else visit.exited
    if visit.type == "Wait" or not visit.attempts:
        return [(visit.entered, end, visit.type != "Wait")]
    parts = [(visit.entered, end, False)]
    return parts + [(attempt.started, end if attempt.ended is None else attempt.ended, True) for attempt in visit.attempts]
