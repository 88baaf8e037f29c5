"""What a definition is called by: the path of its file, or `template.yaml#OrderMachine`, one of a template's machines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

MACHINE_FILE = "machine.asl.json"  #: the definition in a folder that is given in its place
YAML_ENDINGS = (".yaml", ".yml")
TEMPLATE_KEYS = (b'"Resources"', b'"stepFunctions"')


def split(name: str) -> tuple[str, str | None]:
    """The path, and what stands after its `#`; a file whose own name holds a # is that file.

    >>> split("template.yaml#OrderMachine"), split("order.asl.json")
    (('template.yaml', 'OrderMachine'), ('order.asl.json', None))
    """
    path, mark, machine = name.rpartition("#")
    return (path, machine) if mark and machine and not Path(name).exists() else (name, None)


def is_plain(name: str, content: bytes, substitutions: Mapping[str, str] | None) -> bool:
    """Whether `content`, that of the file, is a definition in JSON and nothing more, read without what other formats need."""
    path, machine = split(name)
    is_json = not path.lower().endswith(YAML_ENDINGS)
    return is_json and machine is None and not substitutions and not any(key in content for key in TEMPLATE_KEYS)


def name_as_given(given: str, source: str) -> str:
    """A name for the state machine: its logical id where the template's machine was named, else that of its source."""
    return machine_name(source if split(given)[1] is None else given)


def machine_name(path: str) -> str:
    """A name for the state machine: of the file, or of its folder when the file is called machine.asl.json.

    >>> [machine_name(path) for path in ("machines/order/machine.asl.json", "order.asl.json", "<string>")]
    ['order', 'order', 'StateMachine']
    """
    path, mark, logical_id = path.rpartition("#") if "#" in path else (path, "", "")
    if mark:
        return machine_name(f"{logical_id}.asl.json")
    file = Path(path)
    stem = "" if path.startswith("<") else file.name.partition(".")[0]
    if file.name == MACHINE_FILE:
        stem = file.absolute().parent.name or stem
    name = "".join(c for c in stem if c.isascii() and (c.isalnum() or c in "-_"))[:80]
    return name or "StateMachine"
