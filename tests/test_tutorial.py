"""docs/tutorial.md, done as its reader does it: in an empty folder, file after file, command after command.

A block ```LANGUAGE FILE is a file that is written when it is reached; with a `+` after its name the text is added to the file after two
empty lines, with a number it takes the place of that line. A ```shell-session block holds commands and what they print,
blanks aside, `...` for anything. Commands run as processes; `python -m pip install` is asked only whether all it names is there.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.test_docs import ROOT, commands, shows

PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\S+)(?: (\S+))?(?: (\+|\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = "shell-session"
ENVIRONMENT = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PY_COLORS": "0"}
PROGRAMS = {"python": [sys.executable], "pytest": [sys.executable, "-m", "pytest"], "states": [sys.executable, "-m", "states"]}


class Block(NamedTuple):
    language: str
    file: str | None
    how: str | None
    text: str
    line: int

    def write(self, folder: Path) -> None:
        """Writes its file, or that part of it."""
        assert self.file is not None
        path, text = folder / self.file, self.text
        if self.how == "+":
            text = f"{path.read_text(encoding='utf-8')}\n\n{text}"
        elif self.how is not None:
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            lines[int(self.how) - 1] = text
            text = "".join(lines)
        path.write_text(text, encoding="utf-8")


def blocks() -> list[Block]:
    text = PAGE.read_text(encoding="utf-8")
    return [Block(m[1], m[2], m[3], m[4], text.count("\n", 0, m.start()) + 1) for m in BLOCK.finditer(text)]


def ran(command: str, folder: Path) -> str:
    """What a command of the tutorial prints, and `exit status N` where it is not 0."""
    program, *arguments = shlex.split(command)
    given = [*PROGRAMS[program], *arguments]
    if arguments[:3] == ["-m", "pip", "install"]:
        given = [*given[:4], "--quiet", "--dry-run", "--no-index", "--no-deps", "--disable-pip-version-check", *INSTALLED]
    done = subprocess.run(
        given, cwd=folder, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )
    if arguments[:3] == ["-m", "pip", "install"]:
        assert done.returncode == 0, done.stderr
        return ""
    return done.stdout + done.stderr


INSTALLED = ["states"]  #: what the tutorial's first command installs from the project's folder


def test_the_tutorial_goes_as_it_is_written(tmp_path: Path) -> None:
    count = 0
    for block in blocks():
        if block.file is not None:
            block.write(tmp_path)
        elif block.language == SESSION:
            for command, expected in commands(block.text):
                printed = ran(command, tmp_path)
                assert shows(expected, printed), f"{PAGE.name}:{block.line}: $ {command}\n{printed}"
                count += 1
    assert count == 7


def test_the_tutorial_has_no_block_that_is_not_done() -> None:
    assert [f"{PAGE.name}:{block.line}" for block in blocks() if block.file is None and block.language != SESSION] == []


@pytest.mark.parametrize("text", ["100%", "--states-cov-fail-under=100", "pip install"])
def test_the_tutorial_comes_to_its_end(text: str) -> None:
    assert text in PAGE.read_text(encoding="utf-8")
