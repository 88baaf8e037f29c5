"""LCOV: a tracefile that genhtml, Codecov, Coveralls and editors read.

Source: geninfo(1), section FILES, https://manpages.debian.org/bookworm/lcov/geninfo.1.en.html
"""

from __future__ import annotations

from collections.abc import Iterator

from states.coverage.lines import File, files
from states.coverage.results import Results


def write(results: Results) -> str:
    """The tracefile; one record a file."""
    return "".join(f"{line}\n" for file in files(results) for line in record(file))


def record(file: File) -> Iterator[str]:
    yield "TN:"
    yield f"SF:{file.path}"
    names = [(one_line(name), line, count) for name, line, count in file.states]
    yield from (f"FN:{line},{name}" for name, line, _ in names)
    yield from (f"FNDA:{count},{name}" for name, _, count in names)
    yield f"FNF:{len(names)}"
    yield f"FNH:{sum(1 for _, _, count in names if count)}"
    for line in file.lines:
        for number, one in enumerate(line.branches):
            yield f"BRDA:{line.number},0,{number},{one.times if line.times else '-'}"
    yield f"BRF:{sum(len(line.branches) for line in file.lines)}"
    yield f"BRH:{sum(line.reached for line in file.lines)}"
    yield from (f"DA:{line.number},{line.times}" for line in file.lines)
    yield f"LF:{len(file.lines)}"
    yield f"LH:{sum(1 for line in file.lines if line.times)}"
    yield "end_of_record"


def one_line(name: str) -> str:
    return " ".join(name.split()).replace(",", "_")
