"""The way of data through a state: InputPath, Parameters, ResultSelector, ResultPath, OutputPath, Assign, and the 256 KiB limit.

`effective_input` is what a state works on, `leave` makes its output from its result and takes the frame to the next state,
`catch` does so for a failure that a catcher took. Sizes are upper bounds that cost nothing to carry on; only when a bound passes
the limit is the value itself measured.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

from typing import Any

from states import errors
from states.errors import StatesError
from states.history import Assigned
from states.interpreter.frame import Frame
from states.interpreter.program import Step
from states.interpreter.setup import ENDED, note
from states.machine import Catcher

Json = Any
LIMIT = 262_144  #: bytes of a state's input, result, output, and of one Assign
VARIABLES_LIMIT = 10 * 1024 * 1024  #: bytes of all variables in sight


def effective_input(frame: Frame) -> Json:
    """The input after InputPath and Parameters; `frame.effective_size` is then an upper bound of its bytes, or None."""
    step = frame.step
    data = frame.input
    frame.effective_size = frame.size
    if step.select is not None:
        data = step.select(data, frame)
        frame.effective_size = None
    if step.parameters is not None:
        data = step.parameters(data, frame)
        size = frame.effective_size = measure(frame, data)
        if size > LIMIT:
            check(frame, measure_exactly(frame, data))
    return data


def measure(frame: Frame, value: Json) -> int:
    """An upper bound of the value's bytes, exact for arrays and objects."""
    if isinstance(value, (dict, list)):
        return frame.engine.measure(value)
    if isinstance(value, str):
        return 6 * len(value) + 2 if len(value) < 1000 else frame.engine.measure(value)
    return 24 if not isinstance(value, int) else 8 + value.bit_length()


def measure_exactly(frame: Frame, value: Json) -> int:
    """The value's bytes as JSON text."""
    return frame.engine.measure(value)


def bounded(frame: Frame, value: Json, size: int) -> int:
    """The upper bound of the value's bytes, made exact where it passes the limit; States.DataLimitExceeded when the bytes do."""
    if size > LIMIT:
        size = measure_exactly(frame, value)
        check(frame, size)
    return size


def check(frame: Frame, size: int, what: str = "") -> None:
    """States.DataLimitExceeded when a size is above the limit; `what` is the state or the resource that made the value."""
    if size > LIMIT:
        raise too_large(what or frame.step.name)


def too_large(what: str) -> StatesError:
    """The failure of a value above the limit, in AWS's words."""
    cause = f"The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
    return StatesError(errors.DATA_LIMIT_EXCEEDED, cause)


def leave(frame: Frame, result: Json, size: int | None = None) -> Step | None:
    """Ends the state with this result; `size` is an upper bound of its bytes where one is known. Gives the next state."""
    step = frame.step
    if step.selector is not None:
        result = step.selector(result, frame)
        size = None
    if size is None:
        size = measure(frame, result)
    if step.put is None:
        output, size = frame.input, frame.size
    elif step.whole:
        output = result
    else:
        output = step.put(frame.input, result)
        size += frame.size + step.put_size
    return exit_with(frame, output, size, result)


def pass_on(frame: Frame, data: Json) -> Step | None:
    """Ends a state that has no result of its own (Choice, Wait, Succeed): its output is its effective input."""
    size = frame.effective_size
    return exit_with(frame, data, size if size is not None else measure(frame, data), data)


def exit_with(frame: Frame, output: Json, size: int, result: Json) -> Step | None:
    """Applies OutputPath, assigns variables, and exits to the state's Next."""
    step = frame.step
    if step.shape is not None:
        output = step.shape(output, frame)
        if not step.shape_is_definite:
            size = measure(frame, output)
    if size > LIMIT:
        size = bounded(frame, output, size)
    variables = assign(frame, step.assign, result) if step.assign is not None else None
    return go(frame, step.next, output, size, variables)


def assign(frame: Frame, template: Any, data: Json) -> dict[str, Json]:
    """The variables a state's Assign sets; they are seen from the next state on."""
    assigned: dict[str, Json] = template(data, frame)
    size = frame.engine.measure(assigned)
    check(frame, size)
    total = frame.variables_size + size
    if total > VARIABLES_LIMIT:
        total = frame.engine.measure({**frame.variables, **assigned})
        if total > VARIABLES_LIMIT:
            raise StatesError(errors.DATA_LIMIT_EXCEEDED, f"The variables of an execution exceed the maximum of {VARIABLES_LIMIT} bytes.")
    frame.variables_size = total
    return assigned


def go(frame: Frame, following: Step | None, output: Json, size: int, variables: dict[str, Json] | None = None) -> Step | None:
    """Records the exit and moves the frame on; at the end of the block, whoever waits for the frame is told."""
    step = frame.step
    value = Assigned(output, variables) if variables else output
    frame.last = frame.engine.record(step.exited, frame.last, step.name, value)
    frame.inside = False
    frame.input = output
    frame.size = size
    if variables is not None:
        frame.variables = {**frame.variables, **variables}
    if step.leaving is not None:
        step.leaving(frame, output, variables)
    if following is None:
        if frame.engine.setup.probe is not None:
            note(frame, ENDED, output)
        frame.engine.finish(frame)
    return following


def catch(frame: Frame, catcher: Catcher, failure: StatesError) -> Step | None:
    """Exits through a catcher: the error output is put into the raw input; the state's own OutputPath does not apply."""
    error_output = {"Error": failure.error, "Cause": failure.cause}
    path = catcher.result_path
    view = {"input": frame.input, "errorOutput": error_output} if frame.step.jsonata else error_output
    if catcher.output is not None:
        output = catcher.output.evaluate(view, frame)
    else:
        output = frame.input if path is None else path.put(frame.input, error_output)
    size = frame.engine.measure(output)
    check(frame, size)
    variables = assign(frame, catcher.assign.evaluate, view) if catcher.assign is not None else None
    return go(frame, frame.step.siblings[catcher.next], output, size, variables)
