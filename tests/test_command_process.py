"""The command as a process of its own: pipes that close, Ctrl-C, streams that are not there, and what is imported."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "ä" * 100_000, "End": True}}}
SMALL = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}}}
TASK = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:work", "End": True}}}

POSIX = pytest.mark.skipif(os.name == "nt", reason="pipes and signals of POSIX")


def states(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS")}
    environment |= options.pop("env", {})
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-m", "states", *arguments], env=environment, **options)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    path = tmp_path / "m.asl.json"
    path.write_text(json.dumps(PASS))
    return path


@POSIX
@pytest.mark.parametrize(
    "arguments",
    [["run", "{}", "-q"], ["graph", "{}", "--format", "dot"], ["graph", "{}"], ["--help"], ["run", "--help"]],
)
def test_a_reader_that_goes_away_is_no_noise(machine: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = states(*(each.format(machine) for each in arguments), stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert err == b""
    assert process.returncode == 0


@POSIX
def test_a_reader_of_the_trace_that_goes_away_does_not_hold_up_the_output(machine: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = states("run", str(machine), stderr=writing)
    os.close(writing)
    out, _ = process.communicate(timeout=60)
    assert json.loads(out) == "ä" * 100_000
    assert process.returncode == 0


@POSIX
@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_closed_stream(machine: Path, closed: str) -> None:
    process = subprocess.run(
        ["sh", "-c", f'exec "$0" -m states run "$1" {closed}>&-', sys.executable, str(machine)],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 0
    assert b"Traceback" not in process.stderr
    assert bool(process.stdout) == (closed == "2")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["run", "-q"], ["graph"]])
def test_a_full_disk_is_said(machine: Path, arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        process = states(*arguments, str(machine), stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert b"No space left on device" in err
    assert b"Traceback" not in err


@POSIX
@pytest.mark.parametrize("real_time", [[], ["--real-time"]])
def test_ctrl_c(tmp_path: Path, real_time: list[str]) -> None:
    """The callable tells through a pipe that it runs, and then waits for what never comes."""
    reading, writing = os.pipe()
    (tmp_path / "m.asl.json").write_text(json.dumps(TASK))
    (tmp_path / "tasks.py").write_text(
        f"import os, threading\ndef work(event, context):\n    os.write({writing}, b'x')\n    threading.Event().wait()\n"
    )
    process = states("run", str(tmp_path / "m.asl.json"), *real_time, pass_fds=[writing])
    os.close(writing)
    assert os.read(reading, 1) == b"x"
    os.close(reading)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert "⊘ ABORTED" in err.decode()
    assert b"Traceback" not in err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_every_encoding(machine: Path, encoding: str) -> None:
    process = states("run", str(machine), env={"PYTHONIOENCODING": encoding})
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(out.decode(encoding)) == "ä" * 100_000
    assert ("✓ SUCCEEDED" if encoding == "utf-8" else "v SUCCEEDED") in err.decode(encoding)


@pytest.mark.parametrize(
    ("arguments", "stderr", "has_rich"),
    [
        (["--quiet"], subprocess.PIPE, False),
        (["--json"], subprocess.PIPE, False),
        ([], subprocess.DEVNULL, False),
        ([], subprocess.PIPE, True),
    ],
)
def test_a_run_imports_only_what_it_needs(tmp_path: Path, arguments: list[str], stderr: int, has_rich: bool) -> None:
    (tmp_path / "m.asl.json").write_text(json.dumps(SMALL))
    code = (
        "import sys\nfrom states.__main__ import main\n"
        f"code = main(['run', {str(tmp_path / 'm.asl.json')!r}, *{arguments!r}])\n"
        "print(*sys.modules, sep=chr(10), file=open('modules.txt', 'w'))\nsys.exit(code)\n"
    )
    process = subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=stderr, cwd=tmp_path, timeout=60, check=False)
    assert process.returncode == 0
    imported = {name.partition(".")[0] for name in (tmp_path / "modules.txt").read_text().splitlines()}
    assert ("rich" in imported) == has_rich
    assert not imported & {"networkx", "jsonschema", "jsonpath_ng", "asyncio", "logging", "concurrent", "sqlite3", "http"}
