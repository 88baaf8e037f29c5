"""`states debug`: scripts in process, and keys on a terminal that is given back as it was, however it ends."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from states.__main__ import main
from states.command.picture import Picture, edited
from tests.debugging.worlds import FAN, FAN_INPUT, SHOP, SHOP_INPUT, Calls, debugger, sample
from tests.shared import ROOT

ORDER = ["debug", "machines/order", "--input", "machines/order/inputs/gateway_busy.json"]
POSIX = pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "110")


def run(*arguments: str, stdin: str | None = None, monkeypatch: pytest.MonkeyPatch | None = None) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    if stdin is not None and monkeypatch is not None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    return code, out.getvalue(), err.getvalue()


# ---------------------------------------------------------------- scripts


def test_a_script_on_the_command_line() -> None:
    code, out, err = run(*ORDER, "-c", "break ChargeCard; continue", "-c", "back")
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == ["> break ChargeCard", "stop 1: break ChargeCard", "> continue", out.splitlines()[3]]
    assert "ChargeCard#2  entered  +200 ms  machines/order/machine.asl.json:22" in out
    assert "ReserveStock#1  left  +200 ms  machines/order/machine.asl.json:20" in out


def test_a_script_in_a_file(tmp_path: Path) -> None:
    script = tmp_path / "steps.txt"
    script.write_text("# to the end\non error\n\ncontinue; why\nquit\nnonsense\n", encoding="utf-8-sig")
    code, out, err = run(*ORDER, "--commands", str(script))
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if line.startswith("> ")] == ["> on error", "> continue", "> why", "> quit"]
    assert "Retry[1] takes it  machines/order/machine.asl.json:34" in out


def test_a_script_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = run(*ORDER, "--commands", "-", stdin="continue\n", monkeypatch=monkeypatch)
    assert code == 0
    assert "execution  SUCCEEDED  +10.5 s" in out


def test_what_the_first_wrong_command_does() -> None:
    code, out, err = run(*ORDER, "-c", "step; nonsense; step")
    assert code == 2
    assert err == "states: there is no command nonsense; help lists them\n"
    assert out.splitlines()[-1] == "> nonsense"


def test_a_history_is_debugged() -> None:
    code, out, err = run("debug", "machines/order", "--history", "docs/histories/gateway_down.json", "-c", "continue; why")
    assert (code, err) == (0, "")
    assert "execution  FAILED" in out


def test_a_history_of_another_definition_is_told() -> None:
    code, out, _ = run("debug", "machines/order", "--history", "machines/order/histories/busy.json", "-c", "continue")
    assert code == 0
    assert out.startswith("the machine does not do what the history tells, from event 11: ")


REFUSED = [
    (["debug", "machines/order"], "debug: here is no terminal; give commands with -c COMMANDS, or --commands FILE (- for stdin)"),
    (["debug", "machines/nope", "-c", ""], "machines/nope: no such file"),
    ([*ORDER, "--commands", "nope.txt"], "nope.txt: no such file"),
    ([*ORDER, "--commands", "-", "--input", "-"], "stdin can be only one of --input, --history and --commands"),
    (["debug", "machines/order", "--history", "nope.json", "-c", "c"], "nope.json: no such file"),
    (
        ["debug", "machines/order", "--history", "machines/order/inputs/paid.json", "-c", "c"],
        "machines/order/inputs/paid.json: no history to debug: ",
    ),
    (["debug", "machines/order", "--history", "x.json", "--input", "{}", "-c", "c"], "--input is for a run; --history has its own"),
    (["debug", "machines/order", "--history", "x.json", "--at", "x", "-c", "c"], "--at is for a run; --history has its own"),
    (["debug", "READER", "--history", "docs/histories/gateway_down.json", "-c", "c"], "READER"),
    ([*ORDER, "--at", "soon", "-c", "c"], "--at: "),
    ([*ORDER, "--name", "a b", "-c", "c"], "an execution's name may not contain"),
    (["debug", "machines/order", "--input", "{", "-c", "c"], "the input is not JSON"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_what_is_refused(arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}, "ReaderConfig": {"InputType": "JSON"}}
    each = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    outside = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemReader": reader, "ItemProcessor": each, "End": True}}}
    (tmp_path / "m.asl.json").write_text(json.dumps(outside))
    arguments = [str(tmp_path / "m.asl.json") if each == "READER" else each for each in arguments]
    message = message.replace("READER", str(tmp_path / "m.asl.json"))
    code, out, err = run(*arguments, stdin="", monkeypatch=monkeypatch)
    assert (code, out) == (2, "")
    assert f"states: {message}" in err
    assert err.count("\n") <= 6
    assert "Traceback" not in err


def test_what_tasks_print_goes_to_stderr(tmp_path: Path) -> None:
    (tmp_path / "machine.asl.json").write_text(json.dumps(FAN))
    (tmp_path / "tasks.py").write_text("def double(event, context):\n    print('doubling')\n    return {'n': event['n'] * 2}\n")
    code, out, err = run("debug", str(tmp_path), "--input", json.dumps(FAN_INPUT), "-c", "continue")
    assert code == 0
    assert "doubling" not in out
    assert err == "doubling\n" * 3


def test_a_stream_without_our_signs_gets_others(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with contextlib.redirect_stdout(out):
        assert main([*ORDER, "-c", "n; where"]) == 0
    out.flush()
    assert b"v ReserveStock" in out.buffer.getvalue()  # type: ignore[attr-defined]


# ---------------------------------------------------------------- the picture, without a terminal


class Typed:
    """Keys that were typed before."""

    def __init__(self, *keys: str) -> None:
        self._keys = iter([*keys, "q", "q", "q"])

    def read(self) -> str:
        return next(self._keys)


def pressed(*keys: str, name: str = "shop") -> tuple[Picture, str]:
    """The picture after these keys and q, and all that was written."""
    target = io.StringIO()
    picture = Picture(sample(name), Typed(*keys), target)  # type: ignore[arg-type]
    assert picture.run() == 0
    return picture, target.getvalue()


KEYS = [
    (["s"], "Reserve#1", "asked"),
    (["right", "left"], "Reserve#1", "entered"),
    (["enter", " "], "Reserve#1", "result"),
    (["n"], "Charge#2", "entered"),
    (["down", "down", "up"], "Charge#2", "entered"),
    (["c", "b"], "Done#5", "left"),
    (["end", "home"], "Reserve#1", "entered"),
    (["e", "c"], "Charge#2", "failed"),
    (["n", ".", "c", "r"], "Charge#2", "entered"),
    (["n", ".", ".", "c"], "", "executionEnded"),
    ([":", *"break Wait", "enter", "c"], "Wait#3", "entered"),
    ([":", *"brek Wait", "left", "left", "left", "left", "left", "left", "a", "enter", "c"], "Wait#3", "entered"),
    ([":", *"nonsense", "escape", "n"], "Charge#2", "entered"),
    ([":", *"ne", "tab", "enter"], "Charge#2", "entered"),
    ([":", *"break W", "tab", "enter", "c"], "Wait#3", "entered"),
    ([":", *"n", "enter", ":", "up", "enter"], "Charge#2", "entered"),
    (["u", *"+10s", "enter"], "Wait#3", "left"),
    (["u", "escape", "s"], "Reserve#1", "asked"),
    (["?", "x", "s"], "Reserve#1", "asked"),
    (["resized", "page down", "page up", "", "s"], "Reserve#1", "asked"),
]


@pytest.mark.parametrize(("keys", "place", "kind"), KEYS, ids=[" ".join(keys) for keys, _, _ in KEYS])
def test_keys(keys: list[str], place: str, kind: str) -> None:
    moment = pressed(*keys)[0].debugger.session.moment
    assert (moment.place, moment.kind) == (place, kind)


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (["z"], "z is no key here; ? lists the commands"),
        (["b"], "this is where the execution begins"),
        (["y"], "why: nothing has failed so far"),
        (["."], "stop 1: break Reserve"),
        (["f"], "> 1  as far as 2 moments  as it was"),
        (["n", "x"], '"reservation": {'),
        (["?"], "reverse-continue [N]"),
        ([":", *"set $.a 1", "enter"], "future 2, from future 1: Reserve#1: set $.a 1"),
        ([":", *"abc\x1b", "escape"], "abc"),
    ],
)
def test_what_a_key_says(keys: list[str], shown: str) -> None:
    assert shown in pressed(*keys)[1]


class Talking(Calls):
    """Tasks that print."""

    def reserve(self, event: object, context: object) -> object:
        print("\x1b[31mreserving")
        return {}


def test_what_a_task_prints_stands_in_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    target = io.StringIO()
    found = debugger(SHOP, SHOP_INPUT, Talking())
    Picture(found, Typed("n"), target).run()  # type: ignore[arg-type]
    assert r"printed: \x1b[31mreserving" in target.getvalue()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "cursor", "key", "expected"),
    [
        ("", 0, "backspace", ("", 0)),
        ("a", 1, "delete", ("a", 1)),
        ("ab", 0, "left", ("ab", 0)),
        ("ab", 2, "right", ("ab", 2)),
        ("ab", 1, "home", ("ab", 0)),
        ("ab", 1, "page up", ("ab", 1)),
        ("ab", 1, "", ("ab", 1)),
        ("ab", 1, "\x07", ("ab", 1)),
        ("ab", 1, "ä", ("aäb", 2)),
    ],
)
def test_a_line_is_edited(text: str, cursor: int, key: str, expected: tuple[str, int]) -> None:
    assert edited(text, cursor, key) == expected


# ---------------------------------------------------------------- a real terminal


class Terminal:
    """`states debug` on a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        import pty
        import termios

        machine = folder / "machine.asl.json"
        machine.write_text(json.dumps(SHOP))
        (folder / "tasks.py").write_text(
            "def reserve(event, context):\n    return {}\n\ndef charge(event, context):\n    return {'receipt': 'r'}\n"
        )
        self.keyboard, self.side = pty.openpty()
        self.size(80, 24)
        self.before = termios.tcgetattr(self.side)
        command = [sys.executable, "-m", "states", "debug", str(folder), "--input", json.dumps(SHOP_INPUT)]
        environment = {**{k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}, "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            command, stdin=self.side, stdout=self.side, stderr=subprocess.PIPE, env=environment, start_new_session=True
        )
        self.seen = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def size(self, columns: int, lines: int) -> None:
        import fcntl
        import struct
        import termios

        fcntl.ioctl(self.keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def until(self, pattern: str) -> str:
        """What is written until this turns up, from where the last one ended."""
        deadline = time.monotonic() + 60
        while not re.search(pattern, self.seen):
            ready, _, _ = select.select([self.keyboard], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{pattern!r} does not come; seen: {self.seen[-2000:]!r}"
            self.seen += self._decoder.decode(os.read(self.keyboard, 65536))
        found = re.search(pattern, self.seen)
        assert found is not None
        seen, self.seen = self.seen[: found.end()], self.seen[found.end() :]
        return seen

    def press(self, keys: str) -> None:
        os.write(self.keyboard, keys.encode())

    def ended(self) -> tuple[int, bytes]:
        """The exit status, and what stderr has."""
        _, err = self.process.communicate(timeout=60)
        return self.process.returncode, err

    def is_restored(self) -> bool:
        import termios

        return termios.tcgetattr(self.side) == self.before


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    found = Terminal(tmp_path)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.process.kill()
            found.process.communicate()
        for end in (found.keyboard, found.side):
            with contextlib.suppress(OSError):
                os.close(end)


@POSIX
def test_keys_on_a_terminal_and_the_way_out(terminal: Terminal) -> None:
    terminal.until(r"\x1b\[\?1049h")
    terminal.until(r"Reserve#1  entered[\s\S]*quit")
    terminal.press("\x1b[B")
    terminal.until(r"Charge#2  entered[\s\S]*quit")
    terminal.press("s")
    terminal.until(r"after InputPath[\s\S]*quit")
    terminal.press(":back 2\r")
    terminal.until(r"Reserve#1  left[\s\S]*quit")
    terminal.press("q")
    terminal.until(r"\x1b\[\?1049l")
    assert terminal.ended() == (0, b"")
    assert terminal.is_restored()


@POSIX
def test_a_terminal_that_changes_its_size_is_drawn_anew(terminal: Terminal) -> None:
    terminal.until(r"quit")
    terminal.size(120, 40)
    os.kill(terminal.process.pid, signal.SIGWINCH)
    drawn = terminal.until(r"\x1b\[H[\s\S]*quit").rpartition("\x1b[H")[2]
    assert max(len(re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", line)) for line in drawn.split("\r\n")) == 120
    terminal.size(20, 5)
    os.kill(terminal.process.pid, signal.SIGWINCH)
    terminal.until("a terminal of 40 co")
    terminal.press("q")
    assert terminal.ended() == (0, b"")


@POSIX
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["Ctrl-C", "SIGTERM", "SIGHUP"]
)
def test_a_signal_gives_the_terminal_back(terminal: Terminal, number: int, status: int) -> None:
    terminal.until(r"quit")
    os.kill(terminal.process.pid, number)
    terminal.until(r"\x1b\[\?25h\x1b\[\?1049l")
    code, err = terminal.ended()
    assert (code, err) == (status, b"")
    assert terminal.is_restored()


@POSIX
def test_a_terminal_that_is_closed_ends_it(terminal: Terminal) -> None:
    terminal.until(r"quit")
    os.close(terminal.side)
    os.close(terminal.keyboard)
    code, err = terminal.ended()
    assert code in (0, 129)
    assert b"Traceback" not in err


@POSIX
def test_ctrl_d_leaves(terminal: Terminal) -> None:
    terminal.until(r"quit")
    terminal.press("\x04")
    assert terminal.ended() == (0, b"")
    assert terminal.is_restored()
