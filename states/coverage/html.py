"""The HTML report: a page with the sums, and one for each machine with its picture, what is missing, and its definition line by line.

Every page stands alone: its style is in it, it has no script, and it asks for nothing from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from states.coverage.goals import KINDS
from states.coverage.picture import HIT, MISS, OUT, PART, picture, said, status_of
from states.coverage.results import Covered, Measured, Results, Tally
from states.coverage.style import CSS
from states.coverage.text import TITLES, percent
from states.views import words

AROUND = 4  #: lines shown before and after a machine that is a part of a file
KEY = re.compile(r"(&quot;(?:[^&\\]|\\.|&(?!quot;))*&quot;|^\s*(?:- )?[\w.$-]+)(?=\s*:)")
LEGEND = ((HIT, "reached"), (PART, "in part"), (MISS, "never"), (OUT, "excluded"))


def pages(results: Results) -> dict[str, str]:
    """The pages by the names of their files; `index.html` is the first."""
    names = file_names(results.machines)
    made = {"index.html": index(results, names)}
    for machine, name in zip(results.machines, names, strict=True):
        made[name] = machine_page(machine)
    return made


def file_names(machines: Sequence[Covered]) -> list[str]:
    """A name for each machine's page: its title as every file system takes it, numbered where two are alike."""
    found: list[str] = []
    for machine in machines:
        stem = re.sub(r"[^A-Za-z0-9._-]+", "_", machine.title).strip("._")[-120:] or "machine"
        name, number = f"{stem}.html", 1
        while name.lower() in (other.lower() for other in [*found, "index.html"]):
            number += 1
            name = f"{stem}-{number}.html"
        found.append(name)
    return found


def page(title: str, body: Iterable[str]) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{shown(title)}</title>'
    whole = chr(10).join(body)
    return f'<!doctype html>\n<html lang="en"><head>{head}<style>{CSS}</style></head>\n<body><main>\n{whole}\n</main></body></html>\n'


def level(sum: Tally) -> str:
    return HIT if sum.reached == sum.total else MISS if not sum.reached else PART


def meter(sum: Tally) -> str:
    return f'<div class="meter {level(sum)}"><i style="width:{sum.percent:.1f}%"></i></div>'


# ---------------------------------------------------------------- the sums


def index(results: Results, names: Sequence[str]) -> str:
    sum = results.tally()
    rows = [
        row(f'<a href="{escape(name)}">{shown(machine.title)}</a>', machine) for machine, name in zip(results.machines, names, strict=True)
    ]
    heads = "".join(f"<th>{TITLES[kind]}</th>" for kind in KINDS)
    said_of = f"{words.count(len(results.machines), 'machine')}, {sum.reached:,} of {words.count(sum.total, 'goal')} reached"
    body = [
        f'<header><div><h1>Coverage of state machines</h1><div class="sub">{said_of}</div></div>',
        f'<div class="big {level(sum)}">{percent(sum)}</div></header>',
        f'<div class="card"><table class="sums"><thead><tr><th>Machine</th>{heads}<th>Goals</th><th></th><th>Reached</th></tr></thead>',
        f"<tbody>{''.join(rows)}</tbody>",
        f"<tfoot>{row('Together', results)}</tfoot></table></div>",
    ]
    if results.unreadable:
        faults = "".join(f"<tr><td>{shown(name)}</td><td>{shown(why)}</td></tr>" for name, why in results.unreadable)
        body.append(f'<h2>Not read</h2><div class="card"><table class="list">{faults}</table></div>')
    return page("Coverage of state machines", body)


def row(title: str, of: Covered | Results) -> str:
    cells = []
    for kind in KINDS:
        part = of.tally(kind)
        look = "none" if not part.total else "done" if part.reached == part.total else "few" if part.reached else "no"
        cells.append(f'<td class="{look}">{f"{part.reached}/{part.total}" if part.total else "·"}</td>')
    sum = of.tally()
    last = f'<td>{sum.reached}/{sum.total}</td><td>{meter(sum)}</td><td class="all {level(sum)}">{percent(sum)}</td>'
    return f"<tr><td>{title}</td>{''.join(cells)}{last}</tr>"


# ---------------------------------------------------------------- a machine


def machine_page(machine: Covered) -> str:
    sum = machine.tally()
    drawn = picture(machine) or '<p class="sub">The graph has too many ways to be drawn.</p>'
    legend = "".join(f'<span><i class="{status}"></i>{said_of}</span>' for status, said_of in LEGEND)
    missed = [listed(one, "never") for one in machine.missed]
    excluded = [listed(one, said(one)) for one in machine.excluded]
    comment = machine.definition.get("Comment")
    about = f"{machine.type}, {sum.reached} of {words.count(sum.total, 'goal')} reached"
    body = [
        f'<header><div><a class="back" href="index.html">← all machines</a><h1>{shown(machine.title)}</h1>',
        f'<div class="sub">{shown(comment) + "<br>" if isinstance(comment, str) else ""}{about}</div></div>',
        f'<div class="big {level(sum)}">{percent(sum)}</div></header>',
        f'<div class="tiles">{"".join(tiles(machine))}</div>',
        f'<h2>Picture</h2><div class="card graph">{drawn}</div><div class="keys">{legend}</div>',
        f'<h2>Missing</h2><div class="card"><table class="list">{"".join(missed)}</table></div>' if missed else "",
        f'<h2>Excluded</h2><div class="card"><table class="list">{"".join(excluded)}</table></div>' if excluded else "",
        f'<h2>Definition</h2><div class="card"><table class="source">{"".join(source(machine))}</table></div>',
    ]
    return page(f"{machine.name}: {percent(sum)}", body)


def tiles(machine: Covered) -> Iterator[str]:
    for kind in KINDS:
        part = machine.tally(kind)
        if part.total:
            yield f'<div class="tile"><b>{part.reached}/{part.total}</b><span>{TITLES[kind]}</span>{meter(part)}</div>'


def listed(one: Measured, said_of: str) -> str:
    line = f'<a href="#L{one.line}">line {one.line}</a>' if one.line else ""
    look = OUT if one.is_excluded else MISS
    return f'<tr class="{look}"><td>{line}</td><td class="what">{said_of}</td><td><code>{shown(one.goal.name)}</code></td></tr>'


def source(machine: Covered) -> Iterator[str]:
    """The lines of the definition; of a file with other things in it only the machine's."""
    by_line: dict[int, list[Measured]] = {}
    for one in machine.measured:
        by_line.setdefault(one.line or 0, []).append(one)
    lines = machine.text.split("\n")
    first, last = 1, len(lines)
    if "#" in machine.title and any(by_line):
        first, last = max(1, min(filter(None, by_line)) - AROUND), min(last, max(by_line) + AROUND)
    for number in range(first, last + 1):
        found = by_line.get(number, [])
        status = status_of(found) if found else ""
        count = max((one.times for one in found), default=0)
        times = f"{count:,}×" if count else "0" if status == MISS else ""
        yield (
            f'<tr id="L{number}" class="{status}"><td class="n">{number}</td><td class="c">{times}</td>'
            f'<td class="code">{coloured(lines[number - 1])}</td><td class="why">{escape(why(found))}</td></tr>'
        )


def why(found: Sequence[Measured]) -> str:
    """What is missing on a line."""
    missed = ", ".join(within(one) for one in found if one.is_missed)
    excluded = ", ".join(within(one) for one in found if one.is_excluded and not one.times)
    return "; ".join([*([f"never: {missed}"] if missed else []), *([f"excluded: {excluded}"] if excluded else [])])


def within(one: Measured) -> str:
    """A goal as its line says it: `Retry[0] exhausted`, `entered`."""
    place = one.goal.location.removeprefix(one.goal.state).strip("/")
    return f"{place} {one.goal.outcome}".strip()


def coloured(line: str) -> str:
    safe = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line.rstrip("\r"))
    return KEY.sub(r'<span class="k">\1</span>', escape(safe))


def shown(text: str) -> str:
    return escape(words.clean(text))
