"""What is written is run: the Python and the sessions of every page, the links between them, and the examples of docstrings.

The ```python blocks of a page run one after another in one namespace, and so do the tests they define. A ```console block is a session:
`$ states ...` is run in this process at the root of the project, `$ echo $?` shows its exit status, and what was printed must follow,
blanks and line breaks aside; `...` stands for anything. A ```python block that begins with `# test_NAME.py` is that file, and
`$ pytest test_NAME.py` runs it in a folder beside the samples.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import os
import pkgutil
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import states
import states.testing
from states.definition.diagnostics import CODES

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md"), *ROOT.glob("machines/*/README.md")])
MODULES = sorted(module.name for module in pkgutil.walk_packages(states.__path__, "states."))

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
FILE = re.compile(r"# (test_\w+\.py)$", re.MULTILINE)
ENVIRONMENT = {"COLUMNS": "110", "NO_COLOR": "1"}  #: the terminal of the sessions
INSTALL_AND_RUN = r"^python -m pip install \. && states run machines/\S+ --input machines/\S+$"
INSTALL_AND_TEST = r"^python -m pip install '\.\[test\]' && python -m pytest$"


class Block(NamedTuple):
    page: Path
    language: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, language: str) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        if match[1] == language:
            yield Block(page, language, text.count("\n", 0, match.start()) + 1, match[2])


def pages_with(language: str) -> list[Path]:
    return [page for page in PAGES if any(blocks(page, language))]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


# ---------------------------------------------------------------- Python


@pytest.mark.parametrize("page", pages_with("python"), ids=name_of)
def test_the_python_of_a_page_runs(page: Path) -> None:
    namespace: dict[str, Any] = {"__name__": "page"}
    done: set[str] = set()
    for block in blocks(page, "python"):
        if FILE.match(block.text):
            continue
        padded = "\n" * block.line + block.text
        if ">>> " in block.text:
            run_examples(block, namespace)
            continue
        exec(compile(padded, str(page), "exec"), namespace)
        for name in [name for name in namespace if name.startswith("test_") and name not in done]:
            done.add(name)
            namespace[name]()


def run_examples(block: Block, namespace: dict[str, Any]) -> None:
    example = doctest.DocTestParser().get_doctest(block.text, namespace, str(block), str(block.page), block.line)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    report = io.StringIO()
    failed, _ = runner.run(example, out=report.write, clear_globs=False)
    namespace.update(example.globs)
    assert failed == 0, report.getvalue()


@pytest.mark.parametrize("module", ["states", *MODULES])
def test_the_examples_of_a_module(module: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(module))
    assert failed == 0


# ---------------------------------------------------------------- sessions


def sessions() -> list[Block]:
    return [block for page in PAGES for block in blocks(page, "console")]


def commands(session: str) -> Iterator[tuple[str, str]]:
    """Each command of a session with what it printed; a command goes on where its line ends in a backslash."""
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, printed = part.replace("\\\n", " ").partition("\n")
        yield command, printed


def run_command(command: str, page: Path) -> tuple[str, int]:
    """What `states ...` or `pytest ...` prints, and its exit status."""
    from states.__main__ import main

    name, *arguments = shlex.split(command)
    if name == "pytest":
        return run_pytest(arguments, page)
    assert name == "states", f"a session runs `states`, not {name!r}"
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = ended.code
    return out.getvalue(), int(status or 0)


def run_pytest(arguments: list[str], page: Path) -> tuple[str, int]:
    """What pytest prints of the test files of a page, with the plugin and no other."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "machines").symlink_to(ROOT / "machines")
        (Path(folder) / "pytest.ini").write_text("[pytest]\n")
        for block in blocks(page, "python"):
            if named := FILE.match(block.text):
                (Path(folder) / named[1]).write_text(block.text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "states.pytest_plugin", "-p", "no:cacheprovider", *arguments]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "COLUMNS": "100"}
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
        printed = (done.stdout + done.stderr).replace(folder, "/home/me/shop")
        return re.sub(r"\bin \d+\.\d\ds\b", "in 0.12s", printed), done.returncode


def without_blanks(text: str) -> str:
    return " ".join(text.split())


def shows(expected: str, printed: str) -> bool:
    """Whether this was printed, blanks aside; `...` stands for anything."""
    parts = [re.escape(without_blanks(part)) for part in re.split(r"\.\.\.|…", expected)]
    return re.fullmatch(r"\s*.*?\s*".join(parts), without_blanks(printed), re.DOTALL) is not None


@pytest.mark.parametrize("session", sessions(), ids=str)
def test_a_session_shows_what_the_command_prints(session: Block) -> None:
    status = 0
    for command, expected in commands(session.text):
        if command == "echo $?":
            printed = str(status)
        else:
            printed, status = run_command(command, session.page)
        assert shows(expected, printed), f"$ {command}\n{printed}"


@pytest.mark.parametrize(
    ("expected", "printed", "whether"),
    [
        ("a  b\n", "a\nb", True),
        ("a ... c", "a b b c", True),
        ("a ...", "a b", True),
        ("...\nb", "b", True),
        ("a", "a b", False),
        ("a (b)", "a (b)", True),
    ],
)
def test_shows(expected: str, printed: str, whether: bool) -> None:
    assert shows(expected, printed) is whether


# ---------------------------------------------------------------- pages


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("pattern", [INSTALL_AND_RUN, INSTALL_AND_TEST])
def test_the_readme_has_the_two_commands(pattern: str) -> None:
    assert len(re.findall(pattern, (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)) == 1


def test_the_readme_links_every_page_and_every_sample() -> None:
    linked = {(ROOT / target.partition("#")[0]).resolve() for target in LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert set((ROOT / "docs").glob("*.md")) - linked == set()
    assert {path.parent for path in ROOT.glob("machines/*/machine.asl.json")} - linked == set()


def test_every_diagnostic_code_is_in_the_manual() -> None:
    manual = "".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in ("rules.md", "validating.md"))
    assert [code for code in CODES if f"\n## {code}\n" not in manual and f"| `{code}` |" not in manual] == []


def test_every_name_of_the_library_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "library.md").read_text(encoding="utf-8") + (ROOT / "docs" / "tasks.md").read_text()
    assert [name for name in states.__all__ if not re.search(rf"\b{name}\b", manual)] == []


def test_every_name_of_the_testing_kit_is_in_a_page() -> None:
    manual = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))
    assert [name for name in states.testing.__all__ if not re.search(rf"`(?:[^`\n]*\W)?{name}\b", manual)] == []


# ---------------------------------------------------------------- `python -m tests.test_docs` writes what the commands print


def refreshed(session: str, page: Path) -> str:
    """The session with what its commands print now; a command whose output is elided with `...` keeps it."""
    lines, status = [], 0
    spelled = re.findall(r"^\$ ((?:.*\\\n)*.*)$", session, re.MULTILINE)
    for written, (command, expected) in zip(spelled, commands(session), strict=True):
        if command == "echo $?":
            printed = f"{status}\n"
        else:
            printed, status = run_command(command, page)
        kept = expected if "..." in expected else "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
        lines.append(f"$ {written}\n{kept}")
    return "".join(lines)


def refresh() -> None:
    os.environ.update(ENVIRONMENT)
    os.chdir(ROOT)
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        new = BLOCK.sub(lambda match, page=page: f"```console\n{refreshed(match[2], page)}```" if match[1] == "console" else match[0], text)
        if new != text:
            page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    refresh()
