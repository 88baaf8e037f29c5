"""A definition of the right shape -> a Machine: defaults filled in, every path, template and condition compiled, a location on each node.

Reads what `schema` and the rules have accepted and checks nothing again. What differs between the query languages is asked of
`jsonpath_fields` or `jsonata_fields`, which have the same functions. A state that cannot run here yet raises nothing:
`not_runnable` names it.

Source: https://states-language.net/spec.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from states.definition import jsonpath_fields, schema
from states.definition.diagnostics import NOT_SUPPORTED, Diagnostic
from states.definition.outline import JSONATA, Outline, Part
from states.machine import (
    ABSENT,
    Block,
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    ItemBatcher,
    Machine,
    Map,
    Parallel,
    Pass,
    Retrier,
    State,
    Succeed,
    Task,
    Wait,
)

Fields = dict[str, Any]


Position = Callable[[str], tuple[int, int] | None]


def parse(outline: Outline, text: str = "", source: str = "<string>", position: Position | None = None) -> Machine:
    """The Machine of a valid definition; `position` finds the places of its text."""
    definition = outline.definition
    whole = Parser(outline.language).block(definition, "")
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
        position=position if text else None,
    )


def fields_of(language: str) -> ModuleType:
    """The compiled fields of a query language."""
    if language == JSONATA:
        from states.definition import jsonata_fields

        return jsonata_fields
    return jsonpath_fields


class Parser:
    """Reads the blocks of one machine; a state without a QueryLanguage has the machine's, wherever it stands."""

    def __init__(self, language: str) -> None:
        self.language = language

    def block(self, value: Fields, location: str) -> Block:
        states = {name: self.state(name, fields, f"{location}/States/{name}") for name, fields in value["States"].items()}
        return Block(start_at=value["StartAt"], states=states, location=location)

    def state(self, name: str, value: Fields, location: str) -> State:
        language = value.get("QueryLanguage", self.language)
        fields = fields_of(language)
        common = {
            "name": name,
            "location": location,
            "next": None if value.get("End") else value.get("Next"),
            "comment": value.get("Comment"),
            "query_language": language,
            **fields.of_state(value),
        }
        return TYPES[value["Type"]](self, value, fields, common)


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


def handlers(value: Fields, fields: Any, location: str) -> Fields:
    """Retry and Catch."""
    catchers = (catcher(item, fields, f"Catch[{index}]", location) for index, item in enumerate(value.get("Catch", ())))
    return {"retry": retriers(value, location), "catch": tuple(catchers)}


def catcher(value: Fields, fields: Any, place: str, location: str) -> Catcher:
    return Catcher(
        error_equals=tuple(value["ErrorEquals"]), next=value["Next"], location=f"{location}/{place}", **fields.of_catcher(value, place)
    )


# --- the eight types ---------------------------------------------------------------------------------------------------------------


def pass_(_: Parser, value: Fields, fields: Any, common: Fields) -> State:
    return Pass(result=value.get("Result", ABSENT), **fields.of_pass(value), **common)


def task(_: Parser, value: Fields, fields: Any, common: Fields) -> State:
    return Task(
        resource=value["Resource"],
        credentials=fields.template(value, "Credentials"),
        timeout_seconds=fields.number(value, "TimeoutSeconds"),
        heartbeat_seconds=fields.number(value, "HeartbeatSeconds"),
        **fields.of_work(value),
        **handlers(value, fields, common["location"]),
        **common,
    )


def choice(_: Parser, value: Fields, fields: Any, common: Fields) -> State:
    rules = []
    for index, rule in enumerate(value["Choices"]):
        place = f"Choices[{index}]"
        rules.append(ChoiceRule(next=rule["Next"], location=f"{common['location']}/{place}", **fields.of_rule(rule, place)))
    return Choice(choices=tuple(rules), default=value.get("Default"), **common)


def wait(_: Parser, value: Fields, fields: Any, common: Fields) -> State:
    return Wait(**fields.of_wait(value), **common)


def succeed(_: Parser, __: Fields, ___: Any, common: Fields) -> State:
    return Succeed(**common)


def fail(_: Parser, value: Fields, fields: Any, common: Fields) -> State:
    return Fail(error=fields.text(value, "Error"), cause=fields.text(value, "Cause"), **common)


def parallel(parser: Parser, value: Fields, fields: Any, common: Fields) -> State:
    location = common["location"]
    return Parallel(
        branches=tuple(parser.block(branch, f"{location}/Branches[{index}]") for index, branch in enumerate(value["Branches"])),
        **fields.of_work(value),
        **handlers(value, fields, location),
        **common,
    )


def map_(parser: Parser, value: Fields, fields: Any, common: Fields) -> State:
    location = common["location"]
    processor = "ItemProcessor" if "ItemProcessor" in value else "Iterator"
    config = value[processor].get("ProcessorConfig", {})
    return Map(
        processor=parser.block(value[processor], f"{location}/{processor}"),
        distributed=config.get("Mode") == "DISTRIBUTED",
        execution_type=config.get("ExecutionType", "STANDARD"),
        item_batcher=item_batcher(value["ItemBatcher"], fields) if "ItemBatcher" in value else None,
        item_reader=value.get("ItemReader"),
        result_writer=value.get("ResultWriter"),
        max_concurrency=fields.number(value, "MaxConcurrency", 0),
        tolerated_failure_count=fields.number(value, "ToleratedFailureCount"),
        tolerated_failure_percentage=fields.number(value, "ToleratedFailurePercentage"),
        label=value.get("Label"),
        **fields.of_map(value),
        **handlers(value, fields, location),
        **common,
    )


def item_batcher(value: Fields, fields: Any) -> ItemBatcher:
    return ItemBatcher(
        batch_input=fields.template(value, "BatchInput", "ItemBatcher/BatchInput"),
        max_items_per_batch=fields.number(value, "MaxItemsPerBatch", None, "ItemBatcher/MaxItemsPerBatch"),
        max_input_bytes_per_batch=fields.number(value, "MaxInputBytesPerBatch", None, "ItemBatcher/MaxInputBytesPerBatch"),
    )


TYPES: dict[str, Callable[[Parser, Fields, Any, Fields], State]] = {
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
    """The parts of a valid definition of which no Machine can be made yet: substitutions without a value."""
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


def unsupported(machine: Machine) -> list[tuple[str, Diagnostic]]:
    """The states of a Machine that cannot be run yet, by name: those that read items from S3 or write results to it."""
    found = []
    for item in every_state(machine):
        if isinstance(item, Map):
            for field, raw in (("ItemReader", item.item_reader), ("ResultWriter", item.result_writer)):
                if raw is not None:
                    found.append((item.name, Diagnostic(NOT_SUPPORTED, f"{field} is not supported yet", f"{item.location}/{field}")))
    return found


def every_block(machine: Block) -> Iterator[Block]:
    """The machine and all blocks inside it, outermost first."""
    blocks = [machine]
    for block in blocks:  # grows while it is walked
        yield block
        for item in block.states.values():
            if isinstance(item, Parallel):
                blocks.extend(item.branches)
            elif isinstance(item, Map):
                blocks.append(item.processor)


def every_state(machine: Block) -> Iterator[State]:
    """All states of a machine, at any depth, outermost first."""
    return (item for block in every_block(machine) for item in block.states.values())
