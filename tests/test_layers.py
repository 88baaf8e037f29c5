"""The house plan as a table: who may import whom, that nobody imports in a circle, and that the core is pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VALUES = {"errors", "machine", "history"}

#: Each part of the house and the parts it may import from.
MAY_IMPORT = {
    "errors": set(),
    "machine": set(),
    "history": set(),
    "language": {"errors"},
    "definition": {"errors", "machine", "language"},
    "interpreter": {*VALUES, "language"},
    "tasks": {*VALUES, "language", "interpreter"},
    "drivers": {*VALUES, "interpreter", "tasks", "language"},
    "histories": {*VALUES, "language", "definition", "interpreter"},
    "views": {*VALUES, "definition", "histories"},
    "findings": {*VALUES, "language", "definition", "histories", "views"},
    "reports": {"definition"},
    "scheduler": {"machine", "drivers", "running"},
    "listeners": {"drivers"},
    "running": {*VALUES, "listeners", "language", "definition", "interpreter", "tasks", "drivers"},
    "testing": {
        *VALUES,
        "listeners",
        "language",
        "definition",
        "interpreter",
        "tasks",
        "drivers",
        "running",
        "views",
        "findings",
        "orders",
    },
    "orders": {*VALUES, "listeners", "language", "interpreter", "tasks", "drivers", "running"},
    "mocking": {*VALUES, "language", "definition", "interpreter", "tasks", "running", "histories", "testing"},
    "recordings": {"histories", "running"},
    "debugging": {*VALUES, "language", "definition", "interpreter", "tasks", "drivers", "views", "histories"},
    "fuzzing": {*VALUES, "language", "definition", "interpreter", "tasks", "drivers", "running", "findings"},
    "command": {
        *(VALUES | {"language", "definition", "interpreter", "tasks", "drivers", "running", "views", "findings", "reports"}),
        *{"testing", "histories", "mocking", "coverage", "fuzzing", "debugging"},
    },
    "coverage": {*VALUES, "definition", "interpreter", "running", "views"},
    "pytest_coverage": {"coverage", "definition"},
}

#: Modules of the standard library that would bring a clock, chance, a thread or a file into the core.
IMPURE = {"time", "threading", "asyncio", "os", "pathlib", "socket", "subprocess", "tempfile", "secrets", "io", "queue", "sched", "signal"}
PURE_PARTS = ("errors", "machine", "history", "language", "definition", "interpreter", "findings")

#: The one file each heavy package is imported in.
ONLY_IN = {
    "jsonschema": ("definition/schema.py", "fuzzing/schemas.py"),
    "hypothesis": "fuzzing/",
    "networkx": "definition/graph.py",
    "jsonpath_ng": "language/",
    "yaml": "definition/formats/yamls.py",
    "botocore": "testing/service_models.py",
}


def modules() -> list[Path]:
    return sorted((ROOT / "states").rglob("*.py"))


def part(path: Path) -> str:
    relative = path.relative_to(ROOT / "states")
    return relative.parts[0].removesuffix(".py")


@cache
def imports(path: Path, *, at_run_time: bool = True) -> tuple[str, ...]:
    """The modules a file imports, those only for type checking left out."""
    return tuple(_imports(path, at_run_time))


def _imports(path: Path, at_run_time: bool) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if at_run_time and isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            skipped.update(ast.walk(node))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_part_imports_only_what_stands_behind_it(path: Path) -> None:
    own = part(path)
    if own in ("__init__", "__main__", "pytest_plugin"):
        return
    used = {name.split(".")[1] for name in imports(path, at_run_time=False) if name.startswith("states.")}
    assert used - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize("path", [p for p in modules() if part(p) in PURE_PARTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_has_no_clock_no_thread_and_no_file(path: Path) -> None:
    if path.relative_to(ROOT / "states").as_posix() == "definition/__init__.py":
        return  # `load` reads the one file it is asked for
    if path.relative_to(ROOT / "states").as_posix() in ("definition/formats/files.py", "definition/naming.py"):
        return  # reads the files and folders it is asked for; asks whether a file is there
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE


@pytest.mark.parametrize(("package", "place"), ONLY_IN.items())
def test_a_heavy_package_is_imported_in_one_place(package: str, place: str) -> None:
    users = [p.relative_to(ROOT / "states").as_posix() for p in modules() if any(n.split(".")[0] == package for n in imports(p))]
    assert users
    assert all(user.startswith(place) for user in users)


def test_no_import_goes_in_a_circle() -> None:
    known = {module_name(path): path for path in modules()}
    graph = {name: {target for target in dependencies(path, set(known)) if target != name} for name, path in known.items()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above, name))
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*above, name))
            done.add(name)

    for name in graph:
        if name != "states":
            visit(name, ())


def dependencies(path: Path, known: set[str]) -> set[str]:
    """The modules of the house a file imports: `from package import module` is the module, not the package around it."""
    named = {name for name in imports(path) if name in known}
    return {name for name in named if not any(other.startswith(f"{name}.") for other in named)}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
