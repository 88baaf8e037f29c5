"""The trace: the way an execution took as a tree, a line a visit, with times, attempts, waits and errors.

A `Trace` draws a `Story` as it stands, so that the same view is shown while it runs and at its end. It stays short: of many iterations
and of long loops it shows the first, those that failed, and counts the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from states.views import visits, words
from states.views.visits import Attempt, Chain, Story, Visit

STYLES = {
    visits.RUNNING: "cyan",
    visits.SUCCEEDED: "green",
    visits.FAILED: "bold red",
    visits.CAUGHT: "yellow",
    visits.TIMED_OUT: "bold red",
    visits.ABORTED: "dim",
}

MARKS = {
    visits.RUNNING: "●",
    visits.SUCCEEDED: "✓",
    visits.FAILED: "✗",
    visits.CAUGHT: "!",
    visits.TIMED_OUT: "✗",
    visits.ABORTED: "⊘",
}

LABELS = {visits.BRANCH: "branch {1}", visits.ITERATION: "[{0}]", visits.EXECUTION: "run {0}"}  #: index and number of a chain

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

MOST_CHAINS = 5  #: iterations or branches shown one by one; of more only the telling ones
ENDS = ((10, 10), (5, 5), (3, 3))  #: visits shown at the start and end of a long chain, by depth
MOST_TELLING = 6  #: failed or retried visits shown from the middle of a long chain
MOST_ATTEMPTS = 6
MOST_ROWS = 400


@dataclass(slots=True)
class Row:
    """One line: `guides` draws the tree before it. `parts` are stretches of time on the bar: from, to, and whether work was done."""

    guides: str
    status: str
    name: str
    type: str = ""
    at: float | None = None
    seconds: float | None = None
    note: str = ""
    note_style: str = "dim"
    label: str = ""
    parts: Sequence[tuple[float, float, bool]] = ()
    is_minor: bool = False


class Trace:
    """Draws a story. `most_rows` bounds its height while it runs: then the oldest lines go first.

    `due` tells until when a running visit waits, by its place; `children` are the stories of the child executions of distributed Maps,
    by the ARN of the map run.
    """

    def __init__(
        self,
        story: Story,
        *,
        title: str = "",
        facts: Sequence[str] = (),
        most_rows: int | None = None,
        children: dict[str, list[Chain]] | None = None,
        due: dict[str, float] | None = None,
        frame: int = 0,
    ) -> None:
        self.story = story
        self.title = title
        self.facts = facts
        self.most_rows = most_rows
        self.children = children or {}
        self.due = due or {}
        self.frame = frame

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
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
        yield from _Layout(rows, self.story, width, self.frame).lines()
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
                line.append(f"{separator}{fact}", style="dim not bold")
                separator = ", "
        return line

    # ------------------------------------------------------------ rows

    def _chain_rows(self, chain: Chain, guides: str, depth: int) -> Iterator[Row]:
        shown = list(_folded(chain.visits, depth))
        for place, entry in enumerate(shown):
            branch, stem = _guides(guides, place == len(shown) - 1)
            if isinstance(entry, Visit):
                yield self._visit_row(entry, branch)
                yield from self._inner_rows(entry, stem, depth + 1)
            else:
                yield Row(branch, "", entry, is_minor=True)

    def _visit_row(self, visit: Visit, guides: str, label: str = "") -> Row:
        note, style = self._note(visit)
        return Row(
            guides,
            visit.status,
            words.clean(visit.name),
            visit.type,
            visit.entered,
            visit.seconds(self.story.now),
            note,
            style,
            label,
            _parts(visit, self.story.now),
        )

    def _note(self, visit: Visit) -> tuple[str, str]:
        story = self.story
        if visit.status == visits.RUNNING and story.status == visits.RUNNING:
            return self._running_note(visit), "cyan"
        if visit.status in (visits.FAILED, visits.TIMED_OUT):
            if visit.error is None and visit.status == visits.TIMED_OUT:
                return "still ran when the time was up", "red"
            if visit.retries:
                return words.count(len(visit.attempts), "attempt"), "red"
            is_telling = visit is story.culprit or not visit.chains
            return (words.failure_text(visit.error, visit.cause), "red") if is_telling else (_size(visit), "dim")
        if visit.status == visits.CAUGHT:
            return f"caught {words.failure_text(visit.error, visit.cause)}", "yellow"
        if visit.status == visits.ABORTED:
            return "aborted", "dim"
        if visit.retries:
            return f"{words.count(len(visit.attempts), 'attempt')}", "yellow"
        return (_size(visit) if visit.attempts else ""), "dim"

    def _running_note(self, visit: Visit) -> str:
        now, due = self.story.now, self.due.get(visit.place)
        if due is not None:
            word = "retries at" if visit.attempts and visit.attempts[-1].status != visits.RUNNING else "until"
            moment = words.moment(due)
            if due - now < 43200:
                moment = moment.partition(" ")[2].partition(".")[0]
            return f"{word} {moment}, {words.duration(due - now)} left"
        if visit.type == "Wait":
            return "waits"
        if visit.attempts and visit.attempts[-1].status != visits.RUNNING:
            return f"waits to retry after {words.failure_text(visit.error, visit.cause)}"
        done = sum(_is_done(chain) for chain in visit.chains)
        if visit.chains:
            total = visit.attempts[-1].length or len(visit.chains)
            return f"{done:,} of {total:,} done"
        attempt = f"attempt {len(visit.attempts)}, " if visit.retries else ""
        return f"{attempt}runs {_resource(visit)}".rstrip()

    def _inner_rows(self, visit: Visit, guides: str, depth: int) -> Iterator[Row]:
        """Attempts, branches and iterations below a visit."""
        is_container = visit.type in ("Parallel", "Map")
        attempts = _shown_attempts(visit)
        chains = self._chains(visit) if is_container else []
        for place, attempt in enumerate(attempts):
            branch, _ = _guides(guides, place == len(attempts) - 1 and not chains)
            yield _attempt_row(visit, attempt, branch) if isinstance(attempt, Attempt) else Row(branch, "", attempt, is_minor=True)
        picked, rest = _picked(chains)
        for place, chain in enumerate(picked):
            branch, stem = _guides(guides, place == len(picked) - 1 and not rest)
            yield from self._chain_row(chain, branch, stem, depth)
        if rest:
            waiting = (visit.attempts[-1].length or 0) - len(chains) if visit.status == visits.RUNNING else 0
            yield Row(_guides(guides, True)[0], "", _counted(rest, waiting), is_minor=True)

    def _chains(self, visit: Visit) -> list[Chain]:
        arn = visit.attempts[-1].map_run_arn if visit.attempts else None
        return self.children.get(arn, []) if arn is not None else visit.chains

    def _chain_row(self, chain: Chain, guides: str, stem: str, depth: int) -> Iterator[Row]:
        label = LABELS[chain.kind].format(chain.index, chain.index + 1)
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


def _shown_attempts(visit: Visit) -> list[Attempt | str]:
    """The attempts worth a line: none when the first one did it; of a Parallel or Map those before the last."""
    attempts = visit.attempts
    if visit.type in ("Parallel", "Map"):
        attempts = attempts[:-1]
    if len(visit.attempts) < 2:
        return []
    if len(attempts) <= MOST_ATTEMPTS:
        return list(attempts)
    hidden = len(attempts) - MOST_ATTEMPTS + 1
    return [*attempts[:2], f"… {words.count(hidden, 'attempt')} more", *attempts[hidden + 2 :]]


def _picked(chains: list[Chain]) -> tuple[list[Chain], list[Chain]]:
    """The branches or iterations worth showing, and the rest: the first that failed, those that run, those with retries, the first."""
    if len(chains) <= MOST_CHAINS:
        return chains, []
    telling: dict[int, Chain] = {}
    for fits in (_failed, _is_running, _is_retried, lambda _: True):
        for chain in chains:
            if len(telling) < MOST_CHAINS - 2 and fits(chain):
                telling[chain.index] = chain
                if fits is not _is_running:
                    break
    picked = [telling[index] for index in sorted(telling)]
    return picked, [chain for chain in chains if chain.index not in telling]


def _failed(chain: Chain) -> bool:
    return chain.status in (visits.FAILED, visits.TIMED_OUT)


def _is_running(chain: Chain) -> bool:
    return chain.status == visits.RUNNING


def _is_retried(chain: Chain) -> bool:
    return any(visit.retries or visit.status == visits.CAUGHT for visit in chain.visits)


def _is_done(chain: Chain) -> bool:
    """Whether it has ended; the end of a branch is no event, so that its last state must tell."""
    return chain.status != visits.RUNNING or (chain.kind == visits.BRANCH and chain.visits[-1].status == visits.SUCCEEDED)


def _counted(chains: Iterable[Chain], waiting: int) -> str:
    """`… 995 more: 990 succeeded, 5 aborted`; `waiting` are those that have not started."""
    counts = Counter(chain.status for chain in chains)
    if waiting > 0:
        counts["not started"] = waiting
    statuses = ", ".join(f"{number:,} {status.lower().replace('_', ' ')}" for status, number in counts.most_common())
    return f"… {sum(counts.values()):,} more: {statuses}"


def _folded(chain: Sequence[Visit], depth: int) -> Iterator[Visit | str]:
    """The visits of a chain; of a long one its start, its end, what is telling between, and counts of the rest."""
    head, tail = ENDS[min(depth, len(ENDS) - 1)]
    if len(chain) <= head + tail + 3:
        yield from chain
        return
    yield from chain[:head]
    hidden: Counter[str] = Counter()
    told = 0
    for visit in chain[head : len(chain) - tail]:
        if told < MOST_TELLING and (visit.retries or visit.status in (visits.FAILED, visits.CAUGHT)):
            if hidden:
                yield _uncounted(hidden)
                hidden.clear()
            told += 1
            yield visit
        else:
            hidden[visit.name] += 1
    if hidden:
        yield _uncounted(hidden)
    yield from chain[len(chain) - tail :]


def _uncounted(hidden: Counter[str]) -> str:
    names = ", ".join(f"{words.clean(name)} ×{number:,}" for name, number in hidden.most_common(3))
    more = ", …" if len(hidden) > 3 else ""
    return f"… {words.count(sum(hidden.values()), 'visit')}: {names}{more}"


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
        request = visits.value_of(last.input)
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


# ---------------------------------------------------------------- layout


class _Layout:
    """Rows as lines of one width: columns that stand below each other, fewer of them where there is no room."""

    def __init__(self, rows: list[Row], story: Story, width: int, frame: int) -> None:
        self.rows = rows
        self.width = width
        self.frame = frame
        self.story = story
        self.type_width = max((len(row.type) for row in rows), default=0) if width >= 60 else 0
        has_time = story.seconds > 0
        self.times = [words.duration(row.seconds) if row.seconds is not None and has_time else "" for row in rows]
        self.starts = ["" if row.at is None or not has_time else f"+{words.duration(row.at - story.started)}" for row in rows]
        self.time_width = max((len(time) for time in self.times), default=0)
        self.start_width = max((len(start) for start in self.starts), default=0) if width >= 76 else 0
        self.bar_width = 20 if width >= 104 and has_time else 0
        fixed = sum(part + 2 for part in (self.type_width, self.time_width, self.start_width, self.bar_width) if part)
        wanted = max((cell_len(row.guides) + 2 + cell_len(row.label + row.name) for row in rows if row.type or not row.is_minor), default=0)
        self.note_below = width < 60
        room = width - fixed
        self.name_width = min(wanted, room if self.note_below else max(16, room * 55 // 100))
        self.note_width = 0 if self.note_below else max(0, room - self.name_width - 2)

    def lines(self) -> Iterator[Text]:
        for number, row in enumerate(self.rows):
            line = Text(no_wrap=True, overflow="ellipsis", end="")
            line.append(row.guides, style="bright_black")
            self._name(line, row)
            if row.status:
                self._columns(line, row, number)
            line.rstrip()
            line.truncate(self.width, overflow="ellipsis")
            line.end = "\n"
            yield line
            if self.note_below and row.note and row.note_style != "dim":
                yield self._below(row)

    def _name(self, line: Text, row: Row) -> None:
        if row.status:
            line.append(self._mark(row.status), style=STYLES[row.status])
            line.append(" ")
            room = max(6, self.name_width - line.cell_len)
            name = Text(row.label, style="dim", end="")
            name.append(row.name, style="dim" if row.is_minor or row.status == visits.ABORTED else "not dim")
            name.truncate(room, overflow="ellipsis")
            line.append_text(name)
        else:
            line.append(row.name, style="dim italic")

    def _columns(self, line: Text, row: Row, number: int) -> None:
        line.append(" " * max(0, self.name_width - line.cell_len))
        if self.type_width:
            line.append(f"  {row.type:<{self.type_width}}", style="dim")
        if self.start_width:
            line.append(f"  {self.starts[number]:>{self.start_width}}", style="dim")
        if self.time_width:
            is_nothing = not row.seconds or row.is_minor
            line.append(f"  {self.times[number]:>{self.time_width}}", style="dim" if is_nothing else "")
        if self.bar_width:
            line.append("  ")
            line.append_text(self._bar(row))
        if self.note_width and row.note:
            note = Text(f"  {row.note}", style=row.note_style)
            note.truncate(self.note_width + 2, overflow="ellipsis")
            line.append_text(note)

    def _below(self, row: Row) -> Text:
        indent = len(row.guides) + 2
        guides = row.guides.replace("├─", "│ ").replace("└─", "  ")
        line = Text(guides, style="bright_black", no_wrap=True)
        line.append("  ")
        note = Text(row.note, style=row.note_style)
        note.truncate(max(10, self.width - indent), overflow="ellipsis")
        return line.append_text(note)

    def _mark(self, status: str) -> str:
        if status == visits.RUNNING and self.story.status == visits.RUNNING and self.frame:
            return SPINNER[self.frame % len(SPINNER)]
        return MARKS[status]

    def _bar(self, row: Row) -> Text:
        """When the visit was: thick where work was done, thin where it waited."""
        cells = [" "] * self.bar_width
        total = self.story.seconds
        instant, work, wait = "╵", "━", "─"
        for start, end, is_work in row.parts:
            first = min(self.bar_width - 1, int((start - self.story.started) / total * self.bar_width))
            last = max(first + 1, round((end - self.story.started) / total * self.bar_width))
            for place in range(first, min(last, self.bar_width)):
                if end == start:
                    cells[place] = instant if cells[place] == " " else cells[place]
                else:
                    cells[place] = work if is_work else wait
        bar = Text()
        style: Any = "dim" if row.is_minor else STYLES.get(row.status, "") if row.status != visits.SUCCEEDED else "blue"
        bar.append("".join(cells), style=style)
        return bar
