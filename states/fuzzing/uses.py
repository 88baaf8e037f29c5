"""Uses: what a machine reads of its input and of each task's result, found by following the paths through its states.

A Use tells of one place what the readers ask of it: types, the values at and around the boundaries of Choice rules, whether somebody asks
if it is there. Only what is written is followed; a value that nobody can know here (an intrinsic's, most JSONata) is unknown, and what is
read of it is not told. The walk visits each state with a few kinds of data at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from states.fuzzing import boundaries, jsonata_reads
from states.fuzzing.data import INPUT, Data, Known, Made, Ref, Scope, targets
from states.fuzzing.shapes import ITEM, Path
from states.language.values import dumps, loads

Json = Any

MOST_VISITS = 12  #: of a state, with different kinds of data
MOST_WALKED = 2_000
LAMBDA_INVOKE = "lambda:invoke"


@dataclass
class Use:
    """How one place is read."""

    types: dict[str, None] = field(default_factory=dict)
    values: list[Json] = field(default_factory=list)
    is_optional: bool = False
    is_nullable: bool = False
    least: int = 0  #: items a list must have


Uses = dict[str, dict[Path, Use]]


_STEP = re.compile(r"""\.([^\W\d][\w-]*)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*(\d+)\s*\]|(\[\s*\*\s*\]|\.\*)""")


def steps(text: str) -> list[Any]:
    """The steps of a path after its `$`, as far as they are plain: keys, indexes, ITEM."""
    found: list[Any] = []
    place = 0
    while match := _STEP.match(text, place):
        place = match.end()
        key = next((group for group in match.groups()[:3] if group is not None), None)
        found.append(key if key is not None else int(match[4]) if match[4] is not None else ITEM)
    return [*found, None] if place < len(text) else found


class Walk:
    """One walk through a machine; `uses` is what was found."""

    def __init__(self, definition: Json) -> None:
        self.uses: Uses = {INPUT: {}}
        self._language = definition.get("QueryLanguage", "JSONPath")
        self._walked = 0
        self.block(definition, Ref(INPUT), {}, {})

    # ------------------------------------------------------------ reading

    def touch(self, data: Data, types: Iterable[str] = (), values: Iterable[Json] = (), least: int = 0) -> Use | None:
        """Notes that this is read, and what of it; gives its use where it is known."""
        if not isinstance(data, Ref):
            return None
        root = self.uses.setdefault(data.root, {})
        for length in range(len(data.path)):
            root.setdefault(data.path[:length], Use())
        use = root.setdefault(data.path, Use())
        use.types.update(dict.fromkeys(types))
        use.values += [value for value in values if value not in use.values]
        use.least = max(use.least, least)
        return use

    def get(self, data: Data, path: Iterable[Any]) -> Data:
        """What lies at the steps of a path."""
        for step in path:
            if step is None:
                return None
            if isinstance(data, Made):
                over = dict(data.over)
                data = over[step] if step in over else self.get(data.base, [step])
            elif isinstance(data, Ref):
                if type(step) is int:
                    self.touch(data, ["list"], least=step + 1)
                data = Ref(data.root, (*data.path, ITEM if type(step) is int else step))
            else:
                return None
        return data

    def path(self, text: str, data: Data, scope: Scope, types: Iterable[str] = (), values: Iterable[Json] = ()) -> Data:
        """The value of a path, noted as read."""
        found = self._path(text, data, scope)
        self.touch(found, types, values)
        return None if "*" in text else found

    def _path(self, text: str, data: Data, scope: Scope) -> Data:
        if text.startswith("$$"):
            for known, value in scope.context.items():
                if text == known or text.startswith((f"{known}.", f"{known}[")):
                    return self.get(value, steps(text[len(known) :]))
            return None
        if variable := re.match(r"\$([^\W\d]\w*)", text):
            return self.get(scope.variables.get(variable[1]), steps(text[variable.end() :]))
        return self.get(data, steps(text[1:]))

    def expression(self, text: str, data: Data, scope: Scope) -> Data:
        """A path, or an intrinsic call whose arguments are read."""
        if text.startswith("$"):
            return self.path(text, data, scope)
        read = [self.path(called, data, scope, types) for called, types in boundaries.arguments(text)]
        return self._merged(*read) if text.startswith("States.JsonMerge(") and len(read) == 2 else None

    def _merged(self, first: Data, second: Data) -> Data:
        """Of two objects the second one; what the first one has need not be in it."""
        for key in loads(first.text) if isinstance(first, Known) and first.text.startswith("{") else ():
            use = self.touch(self.get(second, [key]))
            if use is not None:
                use.is_optional = True
        return second

    def template(self, template: Json, data: Data, scope: Scope) -> Data:
        """A payload template: what it makes."""
        if not isinstance(template, dict):
            if isinstance(template, list):
                return Made(None, tuple((index, self.template(each, data, scope)) for index, each in enumerate(template)))
            return Known(dumps(template))
        over: list[tuple[Any, Data]] = []
        for key, value in template.items():
            is_read = key.endswith(".$") and isinstance(value, str)
            over.append((key[:-2], self.expression(value, data, scope)) if is_read else (key, self.template(value, data, scope)))
        return Made(None, tuple(over))

    # ------------------------------------------------------------ walking

    def block(self, block: Json, data: Data, variables: Mapping[str, Data], context: Mapping[str, Data]) -> list[Data]:
        """Walks a `States` block; gives the data it may end with."""
        ends: list[Data] = []
        context = {"$$.Execution.Input": Ref(INPUT), **context}
        waiting: list[tuple[str, Data, Mapping[str, Data]]] = [(block["StartAt"], data, variables)]
        seen: dict[str, list[Any]] = {}
        while waiting and self._walked < MOST_WALKED:
            name, data, variables = waiting.pop(0)
            kind = (data, tuple(sorted(variables.items())))
            known = seen.setdefault(name, [])
            if kind in known or len(known) >= MOST_VISITS:
                continue
            known.append(kind)
            self._walked += 1
            for target, output, assigned in self._state(name, block["States"][name], data, Scope(variables, context)):
                if target is None:
                    ends.append(output)
                else:
                    waiting.append((target, output, assigned))
        return ends

    def _state(self, name: str, state: Json, data: Data, scope: Scope) -> list[tuple[str | None, Data, Mapping[str, Data]]]:
        if state.get("QueryLanguage", self._language) == "JSONata":
            return jsonata_reads.state(self, name, state, data, scope)
        raw = data
        data = self._filter(state.get("InputPath", "$"), data, scope)
        if state["Type"] == "Choice":
            boundaries.rules(state, lambda text, types, values: self._rule(text, data, scope, types, values))
        if state["Type"] in boundaries.PATH_FIELDS:
            for path_field, types in boundaries.PATH_FIELDS[state["Type"]].items():
                text = state.get(path_field)
                if isinstance(text, str) and text.startswith("$"):
                    self.path(text, data, scope, types)
                elif isinstance(text, str):
                    self.expression(text, data, scope)
        given = self.template(state["Parameters"], data, scope) if isinstance(state.get("Parameters"), dict) else data
        result = self.result(name, state, given, data, scope)
        if "ResultSelector" in state:
            result = self.template(state["ResultSelector"], result, scope)
        variables = dict(scope.variables)
        if isinstance(state.get("Assign"), dict):
            made = self.template(state["Assign"], result, scope)
            variables.update({str(key): value for key, value in made.over} if isinstance(made, Made) else {})
        is_passed = state["Type"] in ("Choice", "Wait", "Succeed", "Fail")
        output = data if is_passed else self.put(raw, state.get("ResultPath", "$"), result)
        output = self._filter(state.get("OutputPath", "$"), output, scope)
        nexts = targets(state)
        found: list[tuple[str | None, Data, Mapping[str, Data]]] = [(target, output, variables) for target in nexts]
        caught = [(each["Next"], self.put(raw, each.get("ResultPath", "$"), None), scope.variables) for each in state.get("Catch", ())]
        return [*found, *caught]

    def result(self, name: str, state: Json, given: Data, data: Data, scope: Scope) -> Data:
        """What the work of a state results in."""
        kind = state["Type"]
        if kind == "Pass":
            return Known(dumps(state["Result"])) if "Result" in state else given
        if kind == "Task":
            made: Data = Ref(name)
            self.uses.setdefault(name, {})
            is_wrapped = state["Resource"].endswith(f":::{LAMBDA_INVOKE}")
            return Made(None, (("Payload", made),)) if is_wrapped else made
        if kind == "Parallel":
            ends = [self.block(branch, given, scope.variables, scope.context) for branch in state["Branches"]]
            return Made(None, tuple((index, each[0] if each else None) for index, each in enumerate(ends)))
        if kind == "Map":
            self._map(state, given, data, scope)
            return None
        return data

    def _map(self, state: Json, given: Data, data: Data, scope: Scope) -> None:
        items = data if "ItemReader" not in state else None
        if isinstance(state.get("ItemsPath"), str):
            items = self._path(state["ItemsPath"], data, scope)
        self.touch(items, ["list"])
        item = self.get(items, [ITEM])
        self.iterate(state, item, data, scope, given if "Parameters" in state else item)

    def iterate(self, state: Json, item: Data, data: Data, scope: Scope, given: Data) -> None:
        """Walks the processor of a Map with one item."""
        context = {**scope.context, "$$.Map.Item.Value": item}
        if isinstance(state.get("ItemSelector"), dict):
            given = self.template(state["ItemSelector"], data, Scope(scope.variables, context))
        elif isinstance(state.get("Parameters"), dict):
            given = self.template(state["Parameters"], data, Scope(scope.variables, context))
        processor = state.get("ItemProcessor") or state.get("Iterator")
        self.block(processor, given, scope.variables, context)

    def _filter(self, text: Any, data: Data, scope: Scope) -> Data:
        if not isinstance(text, str) or text.startswith("States."):
            return None
        if re.search(r"\[[^\]]*,", text):
            return data
        return data if text == "$" else self.path(text, data, scope)

    def _rule(self, text: str, data: Data, scope: Scope, types: Iterable[str], values: Iterable[Json]) -> Use | None:
        found = self._path(text, data, scope)
        return self.touch(found, types, values)

    def put(self, data: Data, text: Any, value: Data) -> Data:
        """The data with a value put at a ResultPath."""
        if not isinstance(text, str):
            return data
        path = steps(text[1:])
        return value if not path else self._put(data, path, value)

    def _put(self, data: Data, path: list[Any], value: Data) -> Data:
        if not path:
            return value
        if path[0] is None:
            return data
        inner = self._put(self.get(data, path[:1]), path[1:], value)
        base, over = (data.base, dict(data.over)) if isinstance(data, Made) else (data, {})
        return Made(base, tuple(sorted({**over, path[0]: inner}.items(), key=lambda pair: str(pair[0]))))


def read(definition: Json) -> Uses:
    """What a definition reads, by root (INPUT or the name of a Task) and path."""
    return Walk(definition).uses
