"""A definition of the right shape -> a Machine: defaults filled in, every path, template and condition compiled, a location on each node.

Reads what `schema` and the rules have accepted and checks nothing again. Paths that say `$` are one shared object (IDENTITY,
IDENTITY_REFERENCE), so that the interpreter can skip them by `is`. States that cannot run here yet are named by `not_runnable`.

Source: https://states-language.net/spec.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from states.definition import schema
from states.definition.diagnostics import NOT_SUPPORTED, Diagnostic
from states.definition.outline import JSONATA, Fields, Outline, Part
from states.language import comparisons, paths, templates, timestamps
from states.machine import (
    ABSENT,
    Block,
    Catcher,
    Choice,
    ChoiceRule,
    Expression,
    Fail,
    ItemBatcher,
    Machine,
    Map,
    Parallel,
    Pass,
    Reference,
    Retrier,
    State,
    Succeed,
    Task,
    Wait,
)

IDENTITY: Expression = paths.compile_path("$")
IDENTITY_REFERENCE: Reference = paths.compile_reference_path("$")


def parse(outline: Outline, text: str = "", source: str = "<string>") -> Machine:
    """The Machine of a valid definition."""
    definition = outline.definition
    whole = block(definition, "")
    return Machine(
        start_at=whole.start_at,
        states=whole.states,
        comment=definition.get("Comment"),
        query_language=outline.language,
        timeout_seconds=definition.get("TimeoutSeconds"),
        version=definition.get("Version"),
        type=outline.type,
        definition=definition,
        source=source,
        text=text,
    )


def block(value: Fields, location: str) -> Block:
    states = {name: state(name, fields, f"{location}/States/{name}") for name, fields in value["States"].items()}
    return Block(start_at=value["StartAt"], states=states, location=location)


def state(name: str, value: Fields, location: str) -> State:
    common = {
        "name": name,
        "location": location,
        "next": None if value.get("End") else value.get("Next"),
        "comment": value.get("Comment"),
        "input_path": optional_path(value, "InputPath"),
        "output_path": optional_path(value, "OutputPath"),
        "assign": template(value, "Assign"),
    }
    return TYPES[value["Type"]](value, location, common)


# --- fields ------------------------------------------------------------------------------------------------------------------------


def path(text: str) -> Expression:
    return IDENTITY if text == "$" else paths.compile_path(text)


def optional_path(value: Fields, field: str) -> Expression | None:
    """`$` when the field is absent, None when it is null."""
    text = value.get(field, "$")
    return None if text is None else path(text)


def reference(value: Fields) -> Reference | None:
    """ResultPath: `$` when it is absent, None when it is null."""
    text = value.get("ResultPath", "$")
    if text is None:
        return None
    return IDENTITY_REFERENCE if text == "$" else paths.compile_reference_path(text)


def template(value: Fields, field: str) -> Expression | None:
    return templates.compile_template(value[field]) if field in value else None


def number(value: Fields, field: str, default: Any = None) -> Any:
    """A number, or the expression of the field's Path form."""
    if f"{field}Path" in value:
        return path(value[f"{field}Path"])
    return value.get(field, default)


def text(value: Fields, field: str) -> Any:
    """A text, or the expression of the field's Path form (a path or an intrinsic call), or None."""
    if f"{field}Path" in value:
        return templates.compile_payload_field(value[f"{field}Path"], f"{field}Path")
    return value.get(field)


# --- retriers, catchers, choice rules ----------------------------------------------------------------------------------------------


def retriers(value: Fields, location: str) -> tuple[Retrier, ...]:
    return tuple(retrier(item, f"{location}/Retry[{index}]") for index, item in enumerate(value.get("Retry", ())))


def retrier(value: Fields, location: str) -> Retrier:
    return Retrier(
        error_equals=tuple(value["ErrorEquals"]),
        interval_seconds=value.get("IntervalSeconds", 1),
        max_attempts=value.get("MaxAttempts", 3),
        backoff_rate=value.get("BackoffRate", 2.0),
        max_delay_seconds=value.get("MaxDelaySeconds"),
        jitter=value.get("JitterStrategy") == "FULL",
        location=location,
    )


def catchers(value: Fields, location: str) -> tuple[Catcher, ...]:
    return tuple(catcher(item, f"{location}/Catch[{index}]") for index, item in enumerate(value.get("Catch", ())))


def catcher(value: Fields, location: str) -> Catcher:
    return Catcher(
        error_equals=tuple(value["ErrorEquals"]),
        next=value["Next"],
        result_path=reference(value),
        assign=template(value, "Assign"),
        location=location,
    )


NOT_THE_CONDITION = frozenset({"Next", "Comment", "Assign", "Output"})


def choice_rule(value: Fields, location: str) -> ChoiceRule:
    rule = {name: item for name, item in value.items() if name not in NOT_THE_CONDITION}
    return ChoiceRule(
        condition=comparisons.compile_condition(rule), next=value["Next"], assign=template(value, "Assign"), location=location
    )


# --- the eight types ---------------------------------------------------------------------------------------------------------------


def pass_(value: Fields, location: str, common: Fields) -> State:  # noqa: ARG001
    return Pass(parameters=template(value, "Parameters"), result=value.get("Result", ABSENT), result_path=reference(value), **common)


def task(value: Fields, location: str, common: Fields) -> State:
    return Task(
        resource=value["Resource"],
        parameters=template(value, "Parameters"),
        credentials=template(value, "Credentials"),
        result_selector=template(value, "ResultSelector"),
        result_path=reference(value),
        timeout_seconds=number(value, "TimeoutSeconds"),
        heartbeat_seconds=number(value, "HeartbeatSeconds"),
        retry=retriers(value, location),
        catch=catchers(value, location),
        **common,
    )


def choice(value: Fields, location: str, common: Fields) -> State:
    rules = tuple(choice_rule(rule, f"{location}/Choices[{index}]") for index, rule in enumerate(value["Choices"]))
    return Choice(choices=rules, default=value.get("Default"), **common)


def wait(value: Fields, location: str, common: Fields) -> State:  # noqa: ARG001
    return Wait(
        seconds=value.get("Seconds"),
        seconds_path=path(value["SecondsPath"]) if "SecondsPath" in value else None,
        timestamp=timestamps.parse(value["Timestamp"]) if "Timestamp" in value else None,
        timestamp_path=path(value["TimestampPath"]) if "TimestampPath" in value else None,
        **common,
    )


def succeed(value: Fields, location: str, common: Fields) -> State:  # noqa: ARG001
    return Succeed(**common)


def fail(value: Fields, location: str, common: Fields) -> State:  # noqa: ARG001
    return Fail(error=text(value, "Error"), cause=text(value, "Cause"), **common)


def parallel(value: Fields, location: str, common: Fields) -> State:
    return Parallel(
        branches=tuple(block(branch, f"{location}/Branches[{index}]") for index, branch in enumerate(value["Branches"])),
        parameters=template(value, "Parameters"),
        result_selector=template(value, "ResultSelector"),
        result_path=reference(value),
        retry=retriers(value, location),
        catch=catchers(value, location),
        **common,
    )


def map_(value: Fields, location: str, common: Fields) -> State:
    processor = "ItemProcessor" if "ItemProcessor" in value else "Iterator"
    selector = "ItemSelector" if "ItemSelector" in value else "Parameters"
    config = value[processor].get("ProcessorConfig", {})
    return Map(
        processor=block(value[processor], f"{location}/{processor}"),
        distributed=config.get("Mode") == "DISTRIBUTED",
        execution_type=config.get("ExecutionType", "STANDARD"),
        items_path=path(value.get("ItemsPath", "$")),
        item_selector=template(value, selector),
        item_batcher=item_batcher(value["ItemBatcher"]) if "ItemBatcher" in value else None,
        item_reader=value.get("ItemReader"),
        result_writer=value.get("ResultWriter"),
        max_concurrency=number(value, "MaxConcurrency", 0),
        tolerated_failure_count=number(value, "ToleratedFailureCount"),
        tolerated_failure_percentage=number(value, "ToleratedFailurePercentage"),
        label=value.get("Label"),
        result_selector=template(value, "ResultSelector"),
        result_path=reference(value),
        retry=retriers(value, location),
        catch=catchers(value, location),
        **common,
    )


def item_batcher(value: Fields) -> ItemBatcher:
    return ItemBatcher(
        batch_input=template(value, "BatchInput"),
        max_items_per_batch=number(value, "MaxItemsPerBatch"),
        max_input_bytes_per_batch=number(value, "MaxInputBytesPerBatch"),
    )


TYPES: dict[str, Callable[[Fields, str, Fields], State]] = {
    "Pass": pass_,
    "Task": task,
    "Choice": choice,
    "Wait": wait,
    "Succeed": succeed,
    "Fail": fail,
    "Parallel": parallel,
    "Map": map_,
}


# --- what cannot run yet -----------------------------------------------------------------------------------------------------------


def not_runnable(outline: Outline) -> Iterator[Diagnostic]:
    """The parts of a valid definition of which no Machine can be made yet: states in JSONata, and substitutions without a value."""
    for node in outline.nodes:
        if node.language == JSONATA:
            yield Diagnostic(NOT_SUPPORTED, "JSONata is not supported yet", node.location)
    if "${" in str(outline.definition):
        places = dict.fromkeys(place for part in outline.parts for place in unfilled_of(part)) | dict.fromkeys(schema.forgiven(outline))
        for place in places:
            yield Diagnostic(NOT_SUPPORTED, "A substitution must be replaced by its value before this can run", place)


def unfilled_of(part: Part) -> Iterator[str]:
    """Where in a block, but not in the blocks inside it, a substitution stands that must be read."""
    yield from unfilled(part.value, part.location, part)
    for node in part.nodes.values():
        rules = node.rules if node.type == "Choice" else []
        for place, fields in (*node.pieces, *rules):
            if type(fields) is dict:
                yield from unfilled(fields, node.location + place, part)


#: Fields whose value is a text or a literal of the user's: a substitution in it is as good as any other text.
LITERAL = frozenset({"Resource", "Comment", "Error", "Cause", "Label", "Version", "Result", "StringMatches"})


def unfilled(fields: Fields, location: str, part: Part) -> Iterator[str]:
    """Locations of the fields that cannot be read while a `${substitution}` stands in them."""
    for field, value in fields.items():
        literal = field in LITERAL or (field.startswith("String") and not field.endswith("Path"))
        if not literal and holds_substitution(value, field) and not (field in TARGETS and value in part.nodes):
            yield f"{location}/{field}"


TARGETS = frozenset({"Next", "Default", "StartAt"})
TEMPLATES = frozenset({"Parameters", "ResultSelector", "ItemSelector", "Credentials", "Assign", "BatchInput"})


def holds_substitution(value: Any, field: str) -> bool:
    """Whether a text holds one, or an expression in a template."""
    if field not in TEMPLATES:
        return type(value) is str and "${" in value
    waiting = [("", value)]
    for key, item in waiting:  # grows while it is walked
        if type(item) is str and key.endswith(".$") and "${" in item:
            return True
        if type(item) is dict:
            waiting += item.items()
        elif type(item) is list:
            waiting += [("", inner) for inner in item]
    return False


def unsupported(machine: Machine) -> list[Diagnostic]:
    """The states of a Machine that cannot be run yet: those that read items from S3 or write results to it."""
    found = []
    for item in every_state(machine):
        if isinstance(item, Map):
            for field, raw in (("ItemReader", item.item_reader), ("ResultWriter", item.result_writer)):
                if raw is not None:
                    found.append(Diagnostic(NOT_SUPPORTED, f"{field} is not supported yet", f"{item.location}/{field}"))
    return found


def every_state(machine: Block) -> Iterator[State]:
    """All states of a machine, at any depth, outermost first."""
    blocks = [machine]
    for inner in blocks:  # grows while it is walked
        for item in inner.states.values():
            yield item
            if isinstance(item, Parallel):
                blocks.extend(item.branches)
            elif isinstance(item, Map):
                blocks.append(item.processor)
