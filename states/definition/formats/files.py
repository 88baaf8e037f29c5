"""Files and folders -> the definitions in them; the one place of `formats` that reads files.

A definition in JSON is read as it always was. What other formats need is imported when such a file is met.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from states.definition import diagnostics, naming
from states.definition.formats.found import (
    CANNOT_READ_FILE,
    NO_DEFINITION_FOUND,
    PLAIN,
    Found,
    NoSuchMachine,
    bad,
    is_template,
    too_large,
    unreadable,
)
from states.definition.source import MAX_BYTES, Source, Unreadable, decode, read

if TYPE_CHECKING:
    from states.definition.formats.documents import Document, Part

MAX_FILE = 16 * MAX_BYTES  #: a template may hold many definitions; each of them may have MAX_BYTES

YAML_ENDINGS = (".yaml", ".yml")
MACHINE_FILES = ("machine.asl.json", "machine.asl.yaml", "machine.asl.yml", "machine.json")
TEMPLATE_FILES = ("template.yaml", "template.yml", "template.json", "serverless.yaml", "serverless.yml")
ENDINGS = (".asl.json", ".asl.jsonc", ".asl.yaml", ".asl.yml")
SKIPPED = {"node_modules", "__pycache__", ".git", ".venv", ".aws-sam", "asset"}

Values = Mapping[str, Any]


def open_definitions(spec: str | os.PathLike[str], substitutions: Values | None = None) -> list[Found]:
    """The definitions a name stands for: a definition file (one), a template (all of its machines, in its order), `template.yaml#Name`
    (that one), or a folder (its machine.asl.json).

    `substitutions` are put in for `${Name}`. A file whose content is bad gives a Found that raises when it is read. Raises OSError when
    the file cannot be read at all, NoSuchMachine, and ModuleNotFoundError when it is YAML and PyYAML is not installed.
    """
    path, name = split(os.fspath(spec))
    found = definitions_in(content(path), path, substitutions)
    if name is None:
        return found
    named = [one for one in found if one.name == name]
    if named:
        return named
    there = [one.name for one in found if one.name]
    raise NoSuchMachine(f"{path} has no state machine {name!r}; " + (f"it has {', '.join(there)}" if there else "it has none with a name"))


def open_definition(spec: str | os.PathLike[str], substitutions: Values | None = None) -> Found:
    """The one definition a name stands for. Raises what `open_definitions` raises; NoSuchMachine also when there are several."""
    found = open_definitions(spec, substitutions)
    if len(found) > 1:
        there = ", ".join(one.source for one in found[:10])
        raise NoSuchMachine(f"{os.fspath(spec)} holds {len(found)} machines; name one: {there}")
    return found[0]


def many(specs: Iterable[str | os.PathLike[str]], substitutions: Values | None = None) -> Iterator[Found]:
    """The definitions of files and folders: in the order given, those of a folder sorted by path, a file once.

    Nothing is raised: what cannot be read, or is not there, gives a Found that says so when it is read.
    """
    seen: set[str] = set()
    for spec in (os.fspath(spec) for spec in specs):
        is_folder = Path(spec).is_dir()
        for one in files_of(Path(spec)) if is_folder else [spec]:
            if one in seen:
                continue
            seen.add(one)
            try:
                found = open_definitions(one, substitutions)
            except OSError as error:
                found = [bad(one, unreadable(CANNOT_READ_FILE, error.strerror or str(error), one))]
            except (NoSuchMachine, ModuleNotFoundError) as error:
                found = [bad(split(one)[0], unreadable(CANNOT_READ_FILE, str(error), split(one)[0]), one)]
            if not (is_folder and is_without_machines(found)):
                yield from found


def is_without_machines(found: list[Found]) -> bool:
    """Whether a file that was met in a folder is a template of other things."""
    try:
        if len(found) == 1 and not found[0].name:
            found[0].read()
    except Unreadable as fault:
        return fault.diagnostic.code == NO_DEFINITION_FOUND
    return False


def split(spec: str) -> tuple[str, str | None]:
    """Path and name; a file whose own name holds a # is that file. A folder is its machine."""
    path, name = naming.split(spec)
    folder = Path(path)
    if folder.is_dir():
        path = next((str(folder / one) for one in MACHINE_FILES if (folder / one).is_file()), str(folder / MACHINE_FILES[0]))
    return path, name


def files_of(folder: Path) -> Iterator[str]:
    """The files in a folder that are definitions or templates by their name, sorted."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in SKIPPED and not (one.startswith(".") and one != ".."))
        for name in sorted(names):
            is_cdk = name.endswith(".template.json") and Path(root).name == "cdk.out"
            if is_cdk or name.endswith(ENDINGS) or name in MACHINE_FILES or name in TEMPLATE_FILES:
                yield str(Path(root) / name)


def content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(MAX_FILE + 1)


def definitions_in(content: bytes, path: str, substitutions: Values | None = None) -> list[Found]:
    """The definitions in a file's content; `path` names it and is where the files it names are looked for."""
    values = dict(substitutions or {})
    try:
        if len(content) > MAX_FILE:
            raise too_large(path, MAX_FILE)
        return looked_through(content, path, values)
    except Unreadable as fault:
        return [bad(path, fault)]


def looked_through(content: bytes, path: str, values: Values) -> list[Found]:
    if is_yaml(content, path):
        from states.definition.formats.documents import read_yaml

        document = read_yaml(decoded(content), path)
        if is_template(document.value):
            return in_template(document, values)
        return [plain(path, lambda: of_document(document, values))]
    if not values:
        try:  # what most files are: a definition in JSON, read as it always was
            source = read(content, path)
            if not is_template(source.value):
                return [plain(path, lambda: source)]
        except Unreadable as fault:
            if fault.diagnostic.code == diagnostics.TOO_DEEPLY_NESTED:
                raise
    return looked_through_text(decoded(content), path, values)


def looked_through_text(text: str, path: str, values: Values) -> list[Found]:
    """JSON that is a template, has comments, or needs its substitutions to be JSON."""
    from states.definition.formats.documents import read_json, without_comments
    from states.definition.formats.making import from_text
    from states.definition.formats.places import Text

    as_json = without_comments(text) if path.lower().endswith(".jsonc") else text
    if '"Resources"' in text or '"stepFunctions"' in text:
        try:
            document = read_json(as_json, path)
        except Unreadable:
            pass  # told by the reader of the definition below
        else:
            if is_template(document.value):
                document.text = text
                return in_template(document, values)
    return [plain(path, lambda: from_text(Text.whole(as_json), text, path, values))]


def is_yaml(content: bytes, path: str) -> bool:
    """By the name; when that says nothing, by the first character."""
    name = path.lower()
    if name.endswith(YAML_ENDINGS):
        return True
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return not name.endswith(("json", "jsonc", ".asl")) and start not in (b"", b"{", b"[", b"/")


def decoded(content: bytes, noun: str = "definition") -> str:
    """The text; the limit of a definition does not hold for the file around it, which has no definition's name then."""
    return decode(content, noun if len(content) <= MAX_BYTES else "file", limit=MAX_FILE)


def plain(path: str, read_it: Any) -> Found:
    return Found("", path, path, PLAIN, read_it)


def in_template(document: Document, values: Values) -> list[Found]:
    """The machines of a template; one Found that says so when there is none."""
    from states.definition.formats.templates import machines

    found = machines(document, values, read_named_file)
    if not found:
        raise unreadable(NO_DEFINITION_FOUND, "The template has no state machine", document.path, (1, 1))
    return found


def of_document(document: Document, values: Values) -> Source:
    from states.definition.formats.making import from_tree

    return from_tree(document, document.value, document.root, "", values, is_typed=True)


def read_named_file(named: Part, given: str, values: Values) -> Source:
    """The definition in a file that a template names, looked for beside the template."""
    path = os.path.normpath(str(Path(named.document.path).parent / given))
    try:
        data = content(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise unreadable(CANNOT_READ_FILE, f"{path}: {reason}", named.document.path, named.place) from None
    if len(data) > MAX_FILE:
        raise too_large(path, MAX_FILE)
    try:
        found = looked_through(data, path, values)
        if len(found) != 1 or found[0].kind != PLAIN:
            raise unreadable(NO_DEFINITION_FOUND, "The file is a template, not a definition", path)
        return found[0].read_source()
    except Unreadable as fault:
        known = fault.diagnostic.source != "<string>"
        raise fault if known else Unreadable(fault.diagnostic._replace(source=path)) from None
