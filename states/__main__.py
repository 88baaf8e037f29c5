"""The `states` command, also as `python -m states`: the arguments say which subcommand acts, `states.command` has them all.

Exit status: 0 succeeded; 1 failed (of `validate` and `eval`: errors were found); 2 wrong use, or an invalid definition, input, tasks or
history; 124 timed out; 130 stopped, as by Ctrl-C.
"""

from __future__ import annotations

from states.command import ends, output
from states.command.arguments import parsed


def main(argv: list[str] | None = None) -> int:
    """Runs the command and gives its exit status; never a traceback for what the user did."""
    return ends.ended(lambda: _command(argv))


def _command(argv: list[str] | None) -> int:
    arguments = parsed(argv)
    if isinstance(arguments, int):
        return arguments
    if arguments.version:
        from importlib.metadata import version

        output.write(f"states {version('states')}\n")
        return 0
    status: int = arguments.act(arguments)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
