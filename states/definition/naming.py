"""What a definition is called by: the path of its file, or `template.yaml#OrderMachine`, one of a template's machines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

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
