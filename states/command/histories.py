"""Histories: how one is read, where one may be written, and what an execution that is over has to tell besides."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from states.command import files
from states.command.ends import Refused

if TYPE_CHECKING:
    from states.interpreter.execution import Execution

Json = Any


LARGEST = 2**30  #: bytes of a history


def add_execution(parser: argparse.ArgumentParser) -> None:
    """The option that chooses among the log lines of several executions."""
    parser.add_argument("--execution", metavar="ARN|NAME", help="which execution, where log lines are of several")


def content(given: str) -> bytes:
    """The content of a history; Refused when it is too large."""
    found = files.stdin(LARGEST + 1) if given == "-" else files.content(given, LARGEST + 1)
    if len(found) > LARGEST:
        raise Refused(f"{files.named(given)}: no history: it is larger than 1 GiB")
    return found


class Saved(NamedTuple):
    """A history: `name` is what messages call it by, `content` all of it, `events` those that are meant."""

    name: str
    content: bytes
    events: list[dict[str, Json]]


def read(given: str, execution: str | None) -> Saved:
    """The history in a file or from stdin."""
    from states.histories.documents import InvalidHistory
    from states.histories.events import read_events

    name, found = files.named(given), content(given)
    try:
        return Saved(name, found, read_events(found, execution))
    except InvalidHistory as fault:
        raise Refused(f"{name}: no history: {fault}") from None


def target(given: str | None) -> Path | None:
    """Where to write the history: a new file, an empty one, or one that holds a history; Refused for anything else."""
    if given is None:
        return None
    path = files.target("--history", given)
    if path.is_file() and path.stat().st_size > 0:
        from states.histories.documents import InvalidHistory
        from states.histories.events import read_events

        try:
            read_events(files.content(given))
        except InvalidHistory:
            raise Refused(f"--history {given}: holds something that is no history; it is not overwritten") from None
    return path


def save(path: Path, execution: Execution) -> None:
    """Writes the history as AWS's JSON."""
    try:
        path.write_text(execution.history.to_json(indent=2) + "\n", encoding="utf-8", errors="surrogatepass")
    except OSError as fault:
        raise Refused(f"--history {path}: {fault.strerror}") from None


def in_a_line(execution: Execution) -> str:
    """`FAILED in Charge: PaymentDeclined: card declined`, and what came of it when it ended as another error."""
    from states.findings.why import why
    from states.views import words

    found = why(execution) if execution.status == "FAILED" else None
    if found is None or found.state is None:
        told = f": {words.failure_text(execution.error, execution.cause)}" if execution.error or execution.cause else ""
        return f"{execution.status}{told}"
    told = f": {words.failure_text(found.error, found.cause)}" if found.error or found.cause else ""
    last = (
        f"; {words.clean(found.became[-1].state)} made {words.clean(execution.error)} of it"
        if found.became and execution.error != found.error and execution.error
        else ""
    )
    return f"{execution.status} in {words.clean(found.state)}{told}{last}"


def description(execution: Execution, input_text: str | None) -> dict[str, Json]:
    """What DescribeExecution says of it; `input` and `output` are JSON texts, as there."""
    from states.history import details_of, timestamp

    names, text = execution.names, execution.history.text
    told: dict[str, Json] = {
        "executionArn": names.execution_arn,
        "stateMachineArn": names.state_machine_arn,
        "name": names.execution_name,
        "status": execution.status,
        "startDate": timestamp(execution.started_at).isoformat(),
        "stopDate": timestamp(execution.stopped_at).isoformat(),
        "input": input_text if input_text is not None else text(execution.input),
        "inputDetails": {"included": True},
    }
    if execution.status == "SUCCEEDED":
        told |= {"output": details_of(execution.history[-1])["output"], "outputDetails": {"included": True}}
    told |= {key: value for key, value in (("error", execution.error), ("cause", execution.cause)) if value is not None}
    return told
