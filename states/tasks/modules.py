"""The modules users keep their tasks in: a Python file, a dotted name, or tasks.py beside the definition.

What the user's code raises while it is imported goes on to the caller.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

TASKS_FILE = "tasks.py"


def of_name(name: str) -> ModuleType:
    """The module of a dotted name, looked for in the current folder too."""
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)
    return import_module(name)


def of_file(path: Path, content: bytes | None = None) -> ModuleType:
    """The module of a Python file, imported anew; its folder can be imported from. `content` is what the file holds."""
    name = path.stem if path.stem not in sys.modules else f"states_tasks_{len(sys.modules)}"
    module = ModuleType(name)
    module.__file__ = str(path.absolute())
    code = compile(path.read_bytes() if content is None else content, str(path.absolute()), "exec", dont_inherit=True)
    folder = str(path.absolute().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    sys.modules[name] = module
    exec(code, vars(module))
    return module


def beside(source: str) -> Path | None:
    """The tasks.py beside a definition, None when there is none."""
    path = Path(source.partition("#")[0]).with_name(TASKS_FILE) if source and not source.startswith("<") else None
    return path if path is not None and path.is_file() else None
