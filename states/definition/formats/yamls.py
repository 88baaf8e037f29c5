"""YAML text -> value, with the place of every part; the one file that knows a YAML library.

PyYAML's events carry exact offsets, come from libyaml's fast scanner, and can be counted while they arrive: aliases that would blow a
small file up, and nesting without end, are refused before anything is built. What a plain scalar means is YAML 1.2's core schema, in which
`yes`, `on` and dates are texts and `010` is ten (in YAML 1.1, which many readers still speak, eight); a key is always the text that is
written. `.inf`, `.nan` and numbers beyond a double are refused, as JSON has none of them. Short-form tags become CloudFormation's
functions; of the others those of the core schema are known, and any other is refused.

Source: https://yaml.org/spec/1.2.2/#103-core-schema; https://yaml.org/type/merge.html;
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html (short forms)
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any, NamedTuple

from states.definition.formats.found import INVALID_YAML, unreadable
from states.definition.formats.places import Scalar
from states.definition.outline import MAX_SHOWN
from states.definition.positions import Entry
from states.definition.source import line_and_column, too_deep
from states.language.values import type_name

MAX_NESTED = 200  #: mappings and sequences in each other; a template has a few around its definitions
MAX_ADDED = 4_000_000  #: characters and parts that aliases and merges may add to those that are written

NEEDS_YAML = "reading YAML needs PyYAML: pip install 'states[yaml]'"

INTEGER = re.compile(r"[-+]?[0-9]{1,4000}\Z")
BASED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
FUNCTION = re.compile(r"![A-Za-z0-9:]+\Z")
PROPERTIES = re.compile(r"(?:[&!]\S*\s*)*")  #: the anchor and tag before a node
CORE = "tag:yaml.org,2002:"
#: The tags of the core schema, and what a value that has one is.
TAGS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "map": (dict,),
    "seq": (list,),
}
#: What is told of a character that YAML does not take, beyond the scanner's words.
CHARACTERS = {"\t": "found a tab; YAML is indented with spaces"}
CANNOT_START = "that cannot start any token"


class Tree(NamedTuple):
    """What a YAML text holds: its value, where everything stands, keys that were given twice, and its scalars by their offset."""

    value: Any
    root: Entry
    repeated: list[str]
    scalars: dict[int, Scalar]


class Node(NamedTuple):
    """A value, its entry (without a key), and its size with all aliases followed."""

    value: Any
    entry: Entry
    size: int


class Open:
    """A mapping or sequence that is being read."""

    __slots__ = ("again", "anchor", "entries", "key", "merged", "size", "start", "step", "tag", "value")

    def __init__(self, value: Any, start: int, tag: str | None, anchor: str | None, step: str) -> None:
        self.value = value
        self.entries: Any = {} if type(value) is dict else []
        self.start = start
        self.tag = tag
        self.anchor = anchor
        self.step = step  # its key or index, as a location has it
        self.key: tuple[str, int] | None = None  # a mapping's key that waits for its value
        self.merged: list[tuple[int, Node]] = []
        self.size = 1


class Reader:
    """Events in, one Node out."""

    def __init__(self, text: str, path: str, functions: bool = True) -> None:
        self.text = text
        self.path = path
        self.functions = functions
        self.open: list[Open] = []
        self.anchors: dict[str, Node] = {}
        self.added = 0
        self.repeated: list[str] = []
        self.scalars: dict[int, Scalar] = {}
        self.result: Node | None = None

    def refuse(self, message: str, offset: int) -> Exception:
        return unreadable(INVALID_YAML, message, self.path, line_and_column(self.text, offset))

    # One method an event; each is called by the name of the event's class.

    def scalar(self, event: Any) -> None:
        start = event.start_mark.index
        style = event.style if event.style in ('"', "'", "|", ">") else ""
        if event.tag is not None:
            self.check_tag(event.tag, start)
        holder = self.open[-1] if self.open else None
        if holder is not None and holder.key is None and type(holder.value) is dict:
            self.has_key(holder, event.value, start)
            return
        if event.anchor is not None or event.tag is not None:
            start = PROPERTIES.match(self.text, start, event.end_mark.index).end()  # type: ignore[union-attr]
        self.scalars[start] = Scalar(start, event.end_mark.index, style, event.value)
        value = meaning(event.value, bool(style), event.tag if event.tag != "!" else f"{CORE}str")
        if type(value) is float and not isfinite(value):
            raise self.refuse(f"{event.value} is no number in JSON; as a text it stands in quotes", start)
        if event.tag is not None:
            self.check_tagged(value, event.tag, start)
        self.add(self.tagged(Node(value, Entry(-1, start, None), len(event.value) + 1), event.tag), event.anchor)

    def alias(self, event: Any) -> None:
        offset = event.start_mark.index
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self.refuse(f"The alias *{event.anchor} has no anchor above it", offset)
        self.grow(node.size, offset)
        holder = self.open[-1] if self.open else None
        if holder is not None and holder.key is None and type(holder.value) is dict:
            if type(node.value) is not str:
                raise self.refuse("A key must be a text", offset)
            self.has_key(holder, node.value, offset)
            return
        place = node.entry.value if node.entry.inner is not None else offset
        if node.entry.inner is None and node.entry.value in self.scalars:
            self.scalars[offset] = self.scalars[node.entry.value]
        self.add(node._replace(entry=node.entry._replace(value=place)), None)

    def mapping_start(self, event: Any) -> None:
        self.begin({}, event)

    def sequence_start(self, event: Any) -> None:
        self.begin([], event)

    def begin(self, value: Any, event: Any) -> None:
        if event.tag is not None:
            self.check_tag(event.tag, event.start_mark.index)
            self.check_tagged(value, event.tag, event.start_mark.index)
        step = ""
        if self.open:
            holder = self.open[-1]
            if type(holder.value) is dict:
                if holder.key is None:
                    raise self.refuse("A key must be a text, not a mapping or sequence", event.start_mark.index)
                step = f"/{shown(holder.key[0])}"
            else:
                step = f"[{len(holder.value)}]"
        if len(self.open) >= MAX_NESTED:
            raise too_deep()
        self.open.append(Open(value, event.start_mark.index, event.tag, event.anchor, step))

    def mapping_end(self, _: Any) -> None:
        ended = self.open.pop()
        for offset, node in ended.merged:  # what is written wins over what is merged, the earlier merged over the later
            self.merge(ended, node, offset)
        self.ended(ended)

    def sequence_end(self, _: Any) -> None:
        self.ended(self.open.pop())

    # What they share.

    def check_tag(self, tag: str, offset: int) -> None:
        """A tag that nobody here knows is no value."""
        if tag == "!" or (tag.startswith(CORE) and tag.removeprefix(CORE) in TAGS):
            return
        if self.functions and FUNCTION.match(tag):
            return
        written = PROPERTIES.match(self.text, offset)[0].split()  # type: ignore[index]
        name = next((one for one in written if one.startswith("!")), tag)
        known = f"expected one of {', '.join(f'!!{one}' for one in TAGS)}" + (", or a function of CloudFormation" if self.functions else "")
        raise self.refuse(f"The tag {shown(name)} is not known here; {known}", offset)

    def check_tagged(self, value: Any, tag: str, offset: int) -> None:
        """A value is what its tag says."""
        if tag.startswith(CORE) and type(value) not in TAGS[tag.removeprefix(CORE)]:
            raise self.refuse(f"The tag says !!{tag.removeprefix(CORE)}, but the value is of type {type_name(value)}", offset)

    def ended(self, ended: Open) -> None:
        node = Node(ended.value, Entry(-1, ended.start, ended.entries), ended.size)
        self.add(self.tagged(node, ended.tag), ended.anchor)

    def has_key(self, holder: Open, key: str, offset: int) -> None:
        if key in holder.value and len(self.repeated) < 100:
            self.repeated.append("".join([*(one.step for one in self.open), f"/{shown(key)}"]))
        holder.key = (key, offset)

    def add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.open:
            self.result = node
            return
        holder = self.open[-1]
        holder.size += node.size
        if type(holder.value) is list:
            holder.value.append(node.value)
            holder.entries.append(node.entry)
            return
        assert holder.key is not None
        (key, offset), holder.key = holder.key, None
        if key == "<<" and type(node.value) in (dict, list):
            holder.merged.append((offset, node))
            return
        holder.value[key] = node.value
        holder.entries[key] = node.entry._replace(key=offset)

    def merge(self, into: Open, node: Node, offset: int) -> None:
        several = type(node.value) is list
        one: Any = [(node.value, node.entry)]
        inner: Any = node.entry.inner
        for value, entry in zip(node.value, inner, strict=True) if several else one:
            if type(value) is not dict:
                raise self.refuse("<< merges mappings", offset)
            self.grow(len(value), offset)
            for key, member in value.items():
                if key not in into.value:
                    into.value[key] = member
                    into.entries[key] = entry.inner[key]

    def grow(self, size: int, offset: int) -> None:
        self.added += size
        if self.added > MAX_ADDED:
            raise self.refuse(f"The aliases add more than {MAX_ADDED:,} characters to the file", offset)

    def tagged(self, node: Node, tag: str | None) -> Node:
        """`!Sub text` as {"Fn::Sub": text}."""
        if tag is None or not tag.startswith("!") or len(tag) < 2:
            return node
        name, value, entry = tag[1:], node.value, node.entry
        if name == "GetAtt" and type(value) is str:
            logical_id, _, attribute = value.partition(".")
            value, entry = [logical_id, attribute], entry._replace(inner=[entry, entry])
        key = name if name in ("Ref", "Condition") else f"Fn::{name}"
        return Node({key: value}, Entry(-1, entry.value, {key: entry._replace(key=entry.value)}), node.size)


HANDLERS = {
    "ScalarEvent": Reader.scalar,
    "AliasEvent": Reader.alias,
    "MappingStartEvent": Reader.mapping_start,
    "SequenceStartEvent": Reader.sequence_start,
    "MappingEndEvent": Reader.mapping_end,
    "SequenceEndEvent": Reader.sequence_end,
}


def read_yaml(text: str, path: str, *, functions: bool = True) -> Tree:
    """The value of a YAML text and the places of its parts. `functions` says whether tags are CloudFormation's.

    Raises Unreadable; ModuleNotFoundError when there is no PyYAML.
    """
    try:
        import yaml
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(NEEDS_YAML, name="yaml") from missing
    reader = Reader(text, path, functions)
    documents = 0
    try:
        event: Any
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            name = type(event).__name__
            if name in HANDLERS:
                HANDLERS[name](reader, event)
            elif name == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise reader.refuse("The file holds more than one YAML document", event.start_mark.index)
    except yaml.MarkedYAMLError as error:
        marks: list[Any] = [error.problem_mark, error.context_mark]
        offset = next((min(mark.index, len(text)) for mark in marks if mark is not None), 0)
        if (error.problem or "").endswith(CANNOT_START):
            raise reader.refuse(told_of(text, offset), offset) from None
        context = f"{error.context}: " if error.context else ""
        raise reader.refuse(f"{context}{error.problem}", offset) from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise reader.refuse(str(error).partition("\n")[0], getattr(error, "position", 0) or 0) from None
    except RecursionError:
        raise too_deep() from None
    node = reader.result or Node(None, Entry(-1, 0, None), 0)
    return Tree(node.value, node.entry, reader.repeated, reader.scalars)


def told_of(text: str, offset: int) -> str:
    """Which character it is that cannot stand there."""
    character = text[offset : offset + 1]
    return CHARACTERS.get(character, f"found {character!r}, which cannot begin a value; as a text it stands in quotes")


def meaning(text: str, quoted: bool, tag: str | None) -> Any:
    """What a scalar stands for in JSON; not finite is what has no number there.

    >>> [meaning(text, False, None) for text in ("yes", "true", "~", "0x10", "1.5", "2016-03-14T01:59:00Z", "007")]
    ['yes', True, None, 16, 1.5, '2016-03-14T01:59:00Z', 7]
    """
    if tag == f"{CORE}str" or (quoted and tag is None) or (tag is not None and not tag.startswith(CORE)):
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.match(text):
        return int(text)
    if BASED.match(text):
        return int(text[2:], 8 if text[1] == "o" else 16)
    if FLOAT.match(text):
        return float(text)
    return float("nan") if NO_NUMBER.match(text) else text


def shown(name: str) -> str:
    return name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}..."
