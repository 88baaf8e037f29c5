"""What the data of a state can hold, as far as that is certain, and paths that lead to nothing.

The input of an execution may be anything. From then on the shape is known where a state makes it: a Result, Parameters, an Output, the
array of a Parallel, the answer of an integration. A shape says what *may* be there; where ways join, either may be; so a name that is
missing is missing on every way.

Source: https://states-language.net/spec.html#data
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from states.definition.diagnostics import WARNING, Diagnostic
from states.definition.graph import transitions
from states.definition.hints import did_you_mean
from states.definition.lints.shapes import ANY, ARRAY, ERROR, MISSING, SCALAR, Shape, answer, cut, join, literal, look, names_of, put
from states.definition.outline import JSONATA, Fields, Node, Outline, Part
from states.definition.rules.expressions import place_of
from states.definition.rules.fields import is_jsonata

MAX_ROUNDS = 12  #: visits to a state; a shape that still grows then is not followed


class Data(NamedTuple):
    """The data on entry to a state. `replaced` names the states whose result stands where their input was, and nothing else came since."""

    shape: Shape
    replaced: frozenset[str] = frozenset()


UNKNOWN = Data(ANY)


class Miss(NamedTuple):
    """A path that leads to nothing: where it stands, what it is, the names that are there, whose result replaced the rest."""

    node: Node
    place: str
    text: str
    known: tuple[str, ...]
    replaced: frozenset[str]


def paths_are_produced(outline: Outline) -> Iterator[Diagnostic]:
    """A path leads to something that an earlier state may have put there.

    Why: a path that finds nothing ends the execution with States.Runtime. This is said only where the states before make the whole of the
    data, on every way.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
    """
    for miss in misses(outline):
        if not miss.replaced:
            message = f"Nothing before puts anything at {miss.text}"
            hint = did_you_mean(last_name(miss.text), miss.known)
            yield Diagnostic("PATH_NEVER_PRODUCED", message, miss.node.location + miss.place, WARNING, hint)


def results_keep_the_input(outline: Outline) -> Iterator[Diagnostic]:
    """A state whose input is needed later keeps it: its result has a ResultPath of its own.

    Why: without ResultPath the result of a Task, a Map or a Parallel replaces the input. This is said only where a later path needs what
    the result certainly has not.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultpath.html
    """
    for miss in misses(outline):
        if miss.replaced:
            makers = " or ".join(f'"{name}"' for name in sorted(miss.replaced))
            message = f"Nothing is at {miss.text}: the result of {makers} has replaced the data"
            yield Diagnostic("RESULT_REPLACES_INPUT", message, miss.node.location + miss.place, WARNING, "keep the data with a ResultPath")


def last_name(text: str) -> str:
    return text.rpartition(".")[2]


# --- the data flow -----------------------------------------------------------------------------------------------------------------


class Flow:
    """The walk through a definition: what each block begins with, and every path that leads to nothing."""

    def __init__(self) -> None:
        self.begins: dict[int, Data] = {}
        self.misses: list[Miss] = []


def misses(outline: Outline) -> list[Miss]:
    """Every path of a definition that leads to nothing, block by block. A block is walked until the shapes stand still."""
    walk = Flow()
    for part in outline.parts:
        first = UNKNOWN if part.owner is None else walk.begins.get(id(part.value), UNKNOWN)
        known = settle(part, Data(cut(first.shape), first.replaced))
        for name, data in known.items():
            found = Passage(part.nodes[name], data)
            found.leave()
            walk.misses += found.misses
            walk.begins.update(found.begins)
    return walk.misses


def settle(part: Part, first: Data) -> dict[str, Data]:
    """The data on entry to each state of a block that is reached."""
    start = part.value.get("StartAt")
    if type(start) is not str or start not in part.nodes:
        return {}
    known = {start: first}
    visits: dict[str, int] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        visits[name] = visits.get(name, 0) + 1
        for target, data in Passage(part.nodes[name], known[name]).leave():
            for reached in [target] if target in part.nodes else part.nodes:
                before = known.get(reached)
                after = Data(cut(data.shape), data.replaced)
                if before is not None:
                    after = Data(cut(join(before.shape, after.shape)), before.replaced | after.replaced)
                if visits.get(reached, 0) > MAX_ROUNDS:
                    after = UNKNOWN
                if after != before:
                    known[reached] = after
                    waiting.append(reached)
    return known


class Passage:
    """One state with the data it is entered with: what it leaves with by each way, and which paths fail."""

    def __init__(self, node: Node, data: Data) -> None:
        self.node = node
        self.data = data
        self.misses: list[Miss] = []
        self.begins: dict[int, Data] = {}

    def leave(self) -> Iterator[tuple[str, Data]]:
        """Each target with the data that goes there."""
        ways = self.jsonata() if self.node.language == JSONATA else self.jsonpath()
        found = [(way.target, ways(way.kind, way.place)) for way in transitions(self.node)]
        return iter(found)

    # reading

    def read(self, names: tuple[str, ...] | None, place: str, text: str, shape: Shape, *, own: bool = False) -> Shape:
        """What a path finds in a shape; `own` when the shape is made by the state itself. A miss is noted, and read as anything."""
        if names is None:
            return ANY
        found, where = look(shape, names)
        if found != MISSING:
            return found
        known = tuple(where) if type(where) is dict else ()
        at_the_top = not own and shape is self.data.shape
        self.misses.append(Miss(self.node, place, text, known, self.data.replaced if at_the_top and is_top(shape, names) else frozenset()))
        return ANY

    def path(self, fields: Fields, field: str, shape: Shape, *, own: bool = False) -> Shape:
        """What InputPath, OutputPath or ItemsPath leaves of a shape."""
        if field not in fields:
            return shape
        text = fields[field]
        return {} if text is None else self.read(names_of(text), f"/{field}", str(text), shape, own=own)

    def template(self, value: Any, place: str, shape: Shape, *, own: bool = False) -> Shape:
        """The shape of a payload template."""
        if type(value) is not dict:
            return literal(value)
        made: dict[str, Any] = {}
        waiting: list[tuple[tuple[str | int, ...], Fields, dict[str, Any]]] = [((), value, made)]
        while waiting:
            way, fields, target = waiting.pop()
            for key, member in fields.items():
                if key.endswith(".$"):
                    where = f"{place}/{place_of((*way, key))}"
                    target[key.removesuffix(".$")] = self.read(names_of(member), where, str(member), shape, own=own)
                elif type(member) is dict:
                    target[key] = {}
                    waiting.append(((*way, key), member, target[key]))
                else:
                    target[key] = literal(member)
        return made

    # JSONPath

    def jsonpath(self) -> Callable[[str, str], Data]:
        node, value, raw = self.node, self.node.value, self.data.shape
        data = self.path(value, "InputPath", raw)
        if node.type == "Choice":
            self.first_rule(data)
        given = self.work_input(value, data)
        if node.type in ("Pass", "Task", "Parallel", "Map"):
            result, certain = self.result(given)
            if "ResultSelector" in value:
                result = self.template(value["ResultSelector"], "/ResultSelector", result, own=True)
            out, replaced = self.keep(value, result)
            if node.type == "Pass":
                replaced = self.data.replaced if out is raw else frozenset()
            elif replaced and not certain:
                replaced = frozenset()
        else:
            out, replaced = data, self.data.replaced if data is raw else frozenset()
        left = self.path(value, "OutputPath", out, own=out is not raw)
        after = Data(left, replaced if left is out else frozenset())

        def way(kind: str, place: str) -> Data:
            if kind != "catch":
                return after
            catcher = value["Catch"][int(place[len("/Catch[") : place.index("]")])]
            caught, _ = self.keep(catcher, ERROR)
            return Data(caught, self.data.replaced if caught is raw else frozenset())

        return way

    def work_input(self, value: Fields, data: Shape) -> Shape:
        """What the work of a state is given; the blocks inside begin with it."""
        node = self.node
        if node.type == "Map":
            if "ItemReader" not in value:
                self.path(value, "ItemsPath", data)
            field = next((name for name in ("ItemSelector", "Parameters") if name in value), None)
            item = self.template(value[field], f"/{field}", data) if field else ANY
            self.begin(("ItemProcessor", "Iterator"), ANY if "ItemBatcher" in value else item)
            return ANY
        if node.type in ("Pass", "Task", "Parallel") and "Parameters" in value:
            data = self.template(value["Parameters"], "/Parameters", data)
        if node.type == "Parallel":
            for branch in value.get("Branches", ()):
                if type(branch) is dict:
                    self.begins[id(branch)] = Data(data)
        return data

    def begin(self, fields: tuple[str, ...], shape: Shape) -> None:
        for field in fields:
            if type(self.node.value.get(field)) is dict:
                self.begins[id(self.node.value[field])] = Data(shape)

    def result(self, given: Shape) -> tuple[Shape, bool]:
        """The shape of a state's result, and whether it is known."""
        node, value = self.node, self.node.value
        if node.type == "Pass":
            return (literal(value["Result"]) if "Result" in value else given), True
        if node.type == "Parallel":
            return ARRAY, True
        if node.type == "Map":
            return (ANY, False) if "ResultWriter" in value else (ARRAY, True)
        found = answer(value.get("Resource"))
        return found, found != ANY

    def keep(self, value: Fields, result: Shape) -> tuple[Shape, frozenset[str]]:
        """The data with a result at its ResultPath, and the state's name when that is all there is."""
        where = value.get("ResultPath", "$")
        if where is None:
            return self.data.shape, self.data.replaced
        names = names_of(where)
        if names is None:
            return ANY, frozenset()
        if not names:
            return result, frozenset({self.node.name})
        return put(self.data.shape, names, result), self.data.replaced

    def first_rule(self, data: Shape) -> None:
        """The variable that is looked at first, whatever happens."""
        rules = self.node.value.get("Choices")
        rule, place = (rules[0] if type(rules) is list and rules else None), "/Choices[0]"
        while type(rule) is dict:
            field = next((name for name in ("And", "Or") if type(rule.get(name)) is list and rule[name]), None)
            if field:
                rule, place = rule[field][0], f"{place}/{field}[0]"
            elif "Not" in rule:
                rule, place = rule["Not"], f"{place}/Not"
            else:
                if "IsPresent" not in rule:
                    self.read(names_of(rule.get("Variable")), f"{place}/Variable", str(rule.get("Variable")), data)
                return

    # JSONata

    def jsonata(self) -> Callable[[str, str], Data]:
        node, value = self.node, self.node.value
        for field in ("Arguments", "Assign", "ItemSelector", "Items"):
            if field in value:
                self.made(value[field], f"/{field}")
        if node.type == "Map":
            self.begin(("ItemProcessor", "Iterator"), ANY)
        if node.type == "Parallel":
            first = Data(self.made(value["Arguments"], "/Arguments", note=False)) if "Arguments" in value else self.data
            self.begins.update((id(branch), first) for branch in value.get("Branches", ()) if type(branch) is dict)
        after = self.output(value, "")

        def way(kind: str, place: str) -> Data:
            if kind == "choice":
                rule = value["Choices"][int(place[len("/Choices[") : place.index("]")])]
                return self.output(rule, place.removesuffix("/Next")) if "Output" in rule else self.data
            if kind == "catch":
                catcher = value["Catch"][int(place[len("/Catch[") : place.index("]")])]
                return self.output(catcher, place.removesuffix("/Next")) if "Output" in catcher else Data(ERROR)
            return after

        return way

    def output(self, fields: Fields, place: str) -> Data:
        """What a state or a catcher leaves with."""
        if "Output" in fields:
            return Data(self.made(fields["Output"], f"{place}/Output"))
        if self.node.type in ("Pass", "Wait", "Choice", "Succeed"):
            return self.data
        result, certain = self.result(ANY)
        return Data(result, frozenset({self.node.name})) if certain else UNKNOWN

    def made(self, value: Any, place: str, *, note: bool = True) -> Shape:
        """The shape of a value with expressions in it. Those that only name a part of the input are looked up."""
        if type(value) is str and is_jsonata(value):
            names = input_names(value)
            shape = self.data.shape
            if names is None or shape in (ARRAY, SCALAR):
                return ANY
            return self.read(names, place, value[2:-2].strip(), shape) if note else ANY
        if type(value) is dict:
            return {key: self.made(member, f"{place}/{key}", note=note) for key, member in value.items()}
        return literal(value)


def is_top(shape: Shape, names: tuple[str, ...]) -> bool:
    """Whether already the first name is missing."""
    return type(shape) is not dict or names[0] not in shape


def input_names(text: str) -> tuple[str, ...] | None:
    """The names behind `$states.input` of an expression that is nothing else."""
    expression = text[2:-2].strip()
    if not expression.startswith("$states.input") or "${" in expression:
        return None
    from states.language import jsonata

    try:
        reference = jsonata.compile(expression).reference
    except jsonata.JsonataError:
        return None
    return reference[2:] if reference is not None and reference[:2] == ("states", "input") else None
