"""Reports by their names: `term`, `term-missing`, `html:DIR`, `lcov:FILE`, `xml:FILE`, `json:FILE`."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from states.coverage.results import Results
from states.views import words


class NotWritten(OSError):
    """A report could not be written; the text says which, the path, and what is wrong with it."""


#: Each format with where it goes when nothing else is said; None is the terminal.
FORMATS: dict[str, str | None] = {
    "term": None,
    "term-missing": None,
    "html": "states-coverage",
    "lcov": "states-coverage.info",
    "xml": "states-coverage.xml",
    "json": "states-coverage.json",
}


def check_spec(spec: str) -> tuple[str, str | None]:
    """The format and the target of a report. Raises ValueError for what is none.

    >>> check_spec("lcov:out/cov.info"), check_spec("html"), check_spec("term")
    (('lcov', 'out/cov.info'), ('html', 'states-coverage'), ('term', None))
    """
    form, colon, target = spec.partition(":")
    if form not in FORMATS:
        raise ValueError(f"a report is one of {', '.join(FORMATS)}, not {form!r}")
    if colon and (FORMATS[form] is None or not target):
        raise ValueError(f"{spec!r}: " + ("expected a path after the colon" if FORMATS[form] else f"{form} takes no path"))
    return form, target or FORMATS[form]


def report(spec: str, results: Results, file: IO[str]) -> None:
    """Writes one report; what the terminal shows, and one line of each file written, goes to `file`.

    A relative target is one in the folder of the process. Raises ValueError for a spec that is none, NotWritten (an OSError) when the
    target cannot be written.
    """
    form, target = check_spec(spec)
    if target is None:
        from states.coverage.terminal import show
        from states.views.console import console

        show(results, console(file), with_missing=form == "term-missing")
        return
    if form == "html":
        from states.coverage.html import pages

        files = {Path(target) / name: text for name, text in pages(results).items()}
        target = str(Path(target) / "index.html")
    else:
        files = {Path(target): write(form, results)}
    for path, text in files.items():
        try:
            save(path, text)
        except (OSError, ValueError) as fault:
            raise NotWritten(f"{words.clean(spec)}: not written: {what_is_wrong(path, fault)}") from None
    print(f"{form}: {target}", file=file)


def write(form: str, results: Results) -> str:
    """The text of a report that is one file: `lcov`, `xml` or `json`."""
    make: Callable[..., str] = import_module(f"states.coverage.{form}").write
    more: dict[str, Any] = {"at": time.time()} if form == "xml" else {}
    return make(results, **more)


def what_is_wrong(path: Path, fault: OSError | ValueError) -> str:
    """A fault of writing a file, with the part of its path that is to blame."""
    name = words.clean(str(path))
    if isinstance(fault, FileExistsError | NotADirectoryError):
        in_the_way = next((one for one in reversed(path.parents) if one.exists() and not one.is_dir()), path.parent)
        return f"{words.clean(str(in_the_way))} is a file; expected a folder"
    if isinstance(fault, IsADirectoryError):
        return f"{name} is a folder; expected a file"
    return f"{name}: {getattr(fault, 'strerror', None) or fault}"


def save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")
