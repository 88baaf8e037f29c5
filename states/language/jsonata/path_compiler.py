"""Paths: every step maps its input's items, drops nothing and flattens one level; a single result stands for itself.

A path of names behind a variable, which nearly all are, is read in one loop. Every other step is a function of (items, frame) that
gives the next items. Once a step binds a name (`@$x`, `#$i`) or is what a later `%` refers to, rows are carried instead: dicts of the item
(`@`) and the names bound on the way.

Source: https://docs.jsonata.org/path-operators, https://docs.jsonata.org/processing
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import TYPE_CHECKING, Any

from states.language.jsonata.data import UNDEFINED, Constructed, Kept, Sequence, Tuples, is_number, settled, truth
from states.language.jsonata.frames import Evaluate, Frame
from states.language.jsonata.functions import BUILTINS
from states.language.jsonata.groups import row_frame
from states.language.jsonata.limits import Run
from states.language.jsonata.path_names import look_up
from states.language.jsonata.sorting import compile_sort
from states.language.jsonata.tree import Node

if TYPE_CHECKING:
    from states.language.jsonata.compiler import Compiler

Items = list[Any]
Step = Callable[[Items, Frame], Any]
Select = Callable[[Any, Frame], Any]


def compile_path(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    """The closure of a path; its result is settled unless predicates or a group follow."""
    steps = node.items
    compiler.height = max(compiler.height, depth + 1)
    if any(step.tuple for step in steps):
        return _rows_path(compiler, node, depth)
    names = 0
    while not compiler.checked and names < len(steps) and _is_simple(steps[names], names):
        names += 1
    if names == len(steps) and node.group is None:
        compiler.weight += names
        return _names_path(steps, node.keep_singleton, node.keep_array)
    return _steps_path(compiler, node, depth, names if names < len(steps) else names - 1)


def _is_simple(step: Node, place: int) -> bool:
    """Whether a step is a bare name, or a bare variable at the beginning."""
    if step.stages or step.predicates or step.group is not None or step.keep_array:
        return False
    return step.kind == "name" or (place == 0 and step.kind == "variable")


# Names


def flattened(found: Items, last: bool, run: Run) -> Any:
    """The results of a step as the items of the next one. A single array that ends a path stays as it is."""
    if last and len(found) == 1 and isinstance(found[0], list) and not isinstance(found[0], Sequence):
        return found[0]
    items = Sequence()
    for value in found:
        if isinstance(value, list) and type(value) is not Constructed:
            run.items(len(items) + len(value))
            items.extend(value)
        else:
            items.append(value)
    run.items(len(items))
    return items


def _named(items: Items, name: str, last: bool, run: Run) -> Any:
    """The step `.name` over several items."""
    found = []
    for item in items:
        if type(item) is dict:
            member = item.get(name, UNDEFINED)
        else:
            member = settled(look_up(item, name))
        if member is not UNDEFINED:
            found.append(member)
    return flattened(found, last, run)


def _start(step: Node) -> tuple[Evaluate | None, str]:
    """How the first of simple steps begins: the value of a variable, or None for a name of the context."""
    if step.kind != "variable":
        return None, step.value
    name = step.value

    def variable(context: Any, frame: Frame) -> Any:
        value = frame.find(name, BUILTINS) if name else context
        return settled(value) if isinstance(value, Sequence) else value

    return variable, ""


def _names_path(steps: list[Node], keep: bool, keep_array: bool) -> Evaluate:
    start, first = _start(steps[0])
    names = [step.value for step in (steps if start is None else steps[1:])]
    del first

    def settle(value: Any) -> Any:
        """What the last step found: a single item, an array of the data, or a sequence."""
        if keep and isinstance(value, Sequence) and value:
            return Kept(value)
        return settled(value, keep_array) if isinstance(value, Sequence) else value

    def path(context: Any, frame: Frame) -> Any:
        value = context if start is None else start(context, frame)
        if start is None and isinstance(value, list):
            return settle(walk(value, 0, frame.run))
        for place, name in enumerate(names):
            if type(value) is dict:
                value = value.get(name, UNDEFINED)
                if value is UNDEFINED:
                    return UNDEFINED
            elif isinstance(value, list):
                return settle(walk(value, place, frame.run))
            else:
                return UNDEFINED
        if isinstance(value, list):
            return settle(Sequence(value)) if isinstance(value, Sequence) else value
        return Kept([value]) if keep else value

    def walk(items: Items, place: int, run: Run) -> Any:
        for at in range(place, len(names)):
            items = _named(items, names[at], at == len(names) - 1, run)
            if not items:
                break
        return items

    return path


def _head(steps: list[Node]) -> Step:
    """The first, simple steps of a path that goes on: the items they lead to."""
    start, _ = _start(steps[0])
    names = [step.value for step in (steps if start is None else steps[1:])]

    def head(items: Items, frame: Frame) -> Items:
        if start is not None:
            value = start(items[0], frame)
            if value is UNDEFINED:
                return Sequence()
            items = [value]
            if isinstance(value, list):
                items = value if type(value) is not Constructed else items
        for name in names:
            if len(items) == 1 and type(items[0]) is dict:
                value = items[0].get(name, UNDEFINED)
                if isinstance(value, list) and type(value) is not Constructed:
                    items = value
                else:
                    items = [] if value is UNDEFINED else [value]
            else:
                items = _named(items, name, False, frame.run)
        return Sequence(items)

    return head


# Steps


def _steps_path(compiler: Compiler, node: Node, depth: int, simple: int) -> Evaluate:
    nodes = node.items
    head = _head(nodes[:simple]) if simple else None
    compiler.weight += simple
    absolute = nodes[0].kind == "variable"
    constructs_first = nodes[0].constructs and not simple
    first = compiler.part(nodes[0], depth + 1) if constructs_first else None
    begin = 1 if constructs_first else simple
    steps = [_step(compiler, step, depth, begin + place == len(nodes) - 1) for place, step in enumerate(nodes[begin:])]
    finish = _finish(compiler, node, depth)

    def path(context: Any, frame: Frame) -> Any:
        items: Any = context if isinstance(context, list) and not absolute else Sequence([context])
        if first is not None:
            items = first(items, frame)
            if items is UNDEFINED or items == []:
                return finish(items, frame)
            if not isinstance(items, list) and steps:
                items = []
        elif head is not None:
            items = head(items, frame)
        if items or simple == 0:
            for step in steps:
                items = step(items, frame)
                if not items:
                    break
        return finish(items, frame)

    return path


def _finish(compiler: Compiler, node: Node, depth: int) -> Callable[[Any, Frame], Any]:
    """What becomes of a path's items: kept as an array, grouped, settled."""
    keep, keep_array = node.keep_singleton, node.keep_array
    group = compiler.group(node.group, depth, node.position) if node.group is not None else None
    settles = not node.predicates

    def finish(items: Any, frame: Frame) -> Any:
        if keep:
            if type(items) is Constructed:
                items = Kept([items])
            elif isinstance(items, Sequence):
                items = Kept(items)
        if group is not None:
            return group(items, frame)
        return settled(items, keep_array) if settles and isinstance(items, Sequence) else items

    return finish


def _step(compiler: Compiler, node: Node, depth: int, last: bool) -> Step:
    if node.kind == "sort":
        return _sort_step(compiler, node, depth)
    stages = [compile_filter(compiler, stage, depth) for stage in node.stages or [] if isinstance(stage, Node)]
    weight = compiler.weight
    evaluate = compiler.part(node, depth + 1)
    weight = compiler.weight - weight
    if node.kind == "name" and not stages and not node.predicates and node.group is None and not compiler.checked:
        name = node.value
        return lambda items, frame: _named(items, name, last, frame.run)

    def step(items: Items, frame: Frame) -> Any:
        run = frame.run
        run.fuel -= len(items) * weight
        if run.fuel < 0:
            run.refuel()
        found = []
        for item in items:
            value = evaluate(item, frame)
            for select in stages:
                value = select(value, frame)
            if value is not UNDEFINED:
                found.append(value)
        return flattened(found, last, run)

    return step


def _sort_step(compiler: Compiler, node: Node, depth: int) -> Step:
    sort = compile_sort([(compiler.part(term, depth + 1), down) for term, down in node.terms], node.position)
    stages = [compile_filter(compiler, stage, depth) for stage in node.stages or [] if isinstance(stage, Node)]

    def step(items: Items, frame: Frame) -> Any:
        result = sort(items, frame)
        for select in stages:
            result = select(result, frame)
        return result

    return step


# Filters


def compile_filter(compiler: Compiler, node: Node, depth: int) -> Select:
    """`[predicate]`: an index, an array of indexes, or what has to be true of an item."""
    if node.kind == "number":
        compiler.height = max(compiler.height, depth + 1)
        return _indexed(floor(node.value))
    weight = compiler.weight
    predicate = compiler.part(node, depth + 1)
    weight = compiler.weight - weight

    def select(value: Any, frame: Frame) -> Any:
        run = frame.run
        rows = isinstance(value, Tuples)
        items = value if isinstance(value, list) else [value]
        chosen: Sequence = Tuples() if rows else Sequence()
        run.fuel -= len(items) * weight
        if run.fuel < 0:
            run.refuel()
        for place, item in enumerate(items):
            decision = predicate(item["@"], row_frame(item, frame)) if rows else predicate(item, frame)
            if decision is True:
                chosen.append(item)
            elif decision is not False and decision is not UNDEFINED:
                chosen.extend([item] * _chosen(decision, place, len(items), run))
        return chosen

    return select


def _chosen(decision: Any, place: int, length: int, run: Run) -> int:
    """How often an item at `place` is chosen by a value that is neither true nor false: by its indexes, or by what counts as true."""
    indexes = decision if isinstance(decision, list) else [decision]
    if all(map(is_number, indexes)):
        run.spend(len(indexes))
        places = (floor(index) for index in indexes)
        return sum(1 for index in places if (index + length if index < 0 else index) == place)
    return int(truth(decision))


def _indexed(index: int) -> Select:
    def select(value: Any, _: Frame) -> Any:
        items = value if isinstance(value, list) else [value]
        place = index + len(items) if index < 0 else index
        chosen: Sequence = Tuples() if isinstance(value, Tuples) else Sequence()
        if 0 <= place < len(items):
            item = items[place]
            if isinstance(item, list):
                return item
            if item is not UNDEFINED:
                chosen.append(item)
        return chosen

    return select


# Rows


def _rows_path(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    nodes = node.items
    begins = next(place for place, step in enumerate(nodes) if step.tuple)
    constructs_first = nodes[0].constructs
    begins = max(begins, int(constructs_first))
    first = compiler.part(nodes[0], depth + 1) if constructs_first else None
    plain = [_step(compiler, step, depth, False) for step in nodes[:begins]]
    steps = [_row_step(compiler, step, depth) for step in nodes[begins:]]
    absolute = nodes[0].kind == "variable"
    carries_on = node.tuple
    finish = _finish(compiler, node, depth)
    group = node.group is not None

    def path(context: Any, frame: Frame) -> Any:
        context_items = context if isinstance(context, list) and not absolute else Sequence([context])
        items: Any = context_items
        for place, step in enumerate(plain):
            items = first(items, frame) if first is not None and place == 0 else step(items, frame)
            if place == 0 and first is not None and nodes[0].tuple:
                items = context_items if nodes[0].focus is not None else items
            elif items is UNDEFINED or items == []:
                return finish(items, frame)
            if not isinstance(items, list):
                items = Sequence()
        rows: Any = Tuples() if not steps else None
        for take in steps:
            rows = take(items, rows, frame)
        if carries_on or group:
            return finish(rows, frame)
        return finish(Sequence([row["@"] for row in rows]), frame)

    return path


def _row_step(compiler: Compiler, node: Node, depth: int) -> Callable[[Items, Tuples | None, Frame], Tuples]:
    """One step over rows; the first one makes them of items."""
    stages: list[Select] = [
        _numbering(stage) if isinstance(stage, str) else compile_filter(compiler, stage, depth) for stage in node.stages or []
    ]
    take = _sorting_rows(compiler, node, depth) if node.kind == "sort" else _mapping_rows(compiler, node, depth)

    def step(items: Items, rows: Tuples | None, frame: Frame) -> Tuples:
        result: Any = take(items, rows, frame)
        for stage in stages:
            result = stage(result, frame)
        found: Tuples = result
        return found

    return step


def _numbering(name: str) -> Callable[[Any, Frame], Tuples]:
    def number(rows: Any, _: Frame) -> Tuples:
        return Tuples([{**row, name: place} for place, row in enumerate(rows)])

    return number


def _sorting_rows(compiler: Compiler, node: Node, depth: int) -> Callable[[Items, Tuples | None, Frame], Tuples]:
    sort = compile_sort([(compiler.part(term, depth + 1), down) for term, down in node.terms], node.position)
    number = _numbering(node.index) if node.index is not None else None

    def step(items: Items, rows: Tuples | None, frame: Frame) -> Tuples:
        if rows is not None:
            return Tuples(sort(rows, frame))
        bound = Tuples({"@": item} for item in sort(items, frame))
        return number(bound, frame) if number is not None else bound

    return step


def _mapping_rows(compiler: Compiler, node: Node, depth: int) -> Callable[[Items, Tuples | None, Frame], Tuples]:
    weight = compiler.weight
    evaluate = compiler.part(node, depth + 1)
    weight = compiler.weight - weight
    focus, index = node.focus, node.index
    ancestor = node.ancestor

    def step(items: Items, rows: Tuples | None, frame: Frame) -> Tuples:
        if rows is None:
            rows = Tuples({"@": item} for item in items)
        frame.run.spend(len(rows) * weight)
        result = Tuples()
        for row in rows:
            value = evaluate(row["@"], row_frame(row, frame))
            if value is UNDEFINED:
                continue
            if isinstance(value, Tuples):
                result.extend({**row, **inner} for inner in value)
                continue
            for place, item in enumerate(value if isinstance(value, list) else [value]):
                made = {**row}
                if focus is not None:
                    made[focus] = item
                else:
                    made["@"] = item
                if index is not None:
                    made[index] = place
                if ancestor is not None:
                    made[ancestor.label] = row["@"]
                result.append(made)
            frame.run.items(len(result))
        return result

    return step
