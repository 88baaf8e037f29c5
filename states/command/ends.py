"""Ends: how a command may end, with which exit status, and what is said then; never a traceback for what the user did."""

from __future__ import annotations

import sys
from collections.abc import Callable

from states.command import output

EXIT = {"SUCCEEDED": 0, "FAILED": 1, "TIMED_OUT": 124, "ABORTED": 130}  #: by the status of the execution
FAULTS = 1  #: of `validate`, `test` and `eval`: what was checked or tried has a fault
WRONG = 2

EXIT_STATUS = """\
exit status:
  0    succeeded
  1    failed; of validate, test, fuzz and eval: errors were found
  2    wrong use, or an invalid definition, input, tasks or history
  124  timed out
  130  stopped, as by Ctrl-C
"""


class Refused(Exception):
    """What the user gave cannot be used; the text says what was found, where, and what was expected."""


def ended(act: Callable[[], int]) -> int:
    """Acts, and gives the exit status whatever came of it; what is still to be written is written, or its reader has had enough."""
    return _flushed(_acted(act))


def _acted(act: Callable[[], int]) -> int:
    try:
        return act()
    except Refused as refusal:
        output.say(f"states: {refusal}")
    except KeyboardInterrupt:
        return EXIT["ABORTED"]
    except SystemExit as over:  # a callable's, where no driver makes a failure of it
        output.say(f"states: a task ended the process with sys.exit({over.code!r})")
        return EXIT["FAILED"]
    except BrokenPipeError:
        output.let_go(sys.stdout)
        return 0
    except OSError as fault:
        output.let_go(sys.stdout)
        output.say(f"states: {fault.strerror or fault}")
    except MemoryError:
        output.say("states: not enough memory")
    return WRONG


def _flushed(code: int) -> int:
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            output.let_go(stream)
        except OSError as fault:
            output.let_go(stream)
            output.say(f"states: cannot write the output: {fault.strerror}")
            code = code or WRONG
    return code
