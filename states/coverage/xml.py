"""Cobertura's XML, which Jenkins, GitLab, Azure and SonarQube read: a package a folder, a class a file, a method a state.

Source: https://raw.githubusercontent.com/cobertura/cobertura/master/cobertura/src/site/htdocs/xml/coverage-04.dtd
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from states.coverage.lines import File, Line, files
from states.coverage.results import Results

DOCTYPE = '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'


def write(results: Results, at: float = 0.0) -> str:
    """The document; `at` is when it was made, seconds since 1970."""
    found = files(results)
    root = Element("coverage", {**rates(line for file in found for line in file.lines), **sums(found)})
    root.set("complexity", "0")
    root.set("version", "1")
    root.set("timestamp", str(int(at * 1000)))
    SubElement(SubElement(root, "sources"), "source").text = printable(results.root)
    packages = SubElement(root, "packages")
    for folder, inside in by_folder(found).items():
        lines = [line for file in inside for line in file.lines]
        package = SubElement(packages, "package", {"name": printable(folder) or ".", **rates(lines), "complexity": "0"})
        classes = SubElement(package, "classes")
        for file in inside:
            add_class(classes, file)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n{ElementTree.tostring(root, encoding="unicode")}\n'


def by_folder(found: Sequence[File]) -> dict[str, list[File]]:
    folders: dict[str, list[File]] = {}
    for file in found:
        folders.setdefault(file.path.rpartition("/")[0], []).append(file)
    return folders


def add_class(classes: Element, file: File) -> None:
    name = printable(", ".join(file.names))
    made = SubElement(classes, "class", {"name": name, "filename": printable(file.path), **rates(file.lines), "complexity": "0"})
    methods = SubElement(made, "methods")
    by_number = {line.number: line for line in file.lines}
    for state, number, _ in file.states:
        own = by_number[number]
        method = SubElement(methods, "method", {"name": printable(state), "signature": "", **rates([own]), "complexity": "0"})
        add_line(SubElement(method, "lines"), own)
    lines = SubElement(made, "lines")
    for line in file.lines:
        add_line(lines, line)


def add_line(lines: Element, line: Line) -> None:
    made = SubElement(lines, "line", {"number": str(line.number), "hits": str(line.times)})
    if not line.branches:
        made.set("branch", "false")
        return
    percent = 100 * line.reached // len(line.branches)
    made.set("branch", "true")
    made.set("condition-coverage", f"{percent}% ({line.reached}/{len(line.branches)})")
    conditions = SubElement(made, "conditions")
    for number, one in enumerate(line.branches):
        SubElement(conditions, "condition", {"number": str(number), "type": "jump", "coverage": "100%" if one.times else "0%"})


def rates(lines: Iterable[Line]) -> dict[str, str]:
    lines = list(lines)
    branches = sum(len(line.branches) for line in lines)
    return {
        "line-rate": rate(sum(1 for line in lines if line.times), len(lines)),
        "branch-rate": rate(sum(line.reached for line in lines), branches),
    }


def sums(found: Sequence[File]) -> dict[str, str]:
    lines = [line for file in found for line in file.lines]
    return {
        "lines-covered": str(sum(1 for line in lines if line.times)),
        "lines-valid": str(len(lines)),
        "branches-covered": str(sum(line.reached for line in lines)),
        "branches-valid": str(sum(len(line.branches) for line in lines)),
    }


def rate(reached: int, total: int) -> str:
    return f"{reached / total if total else 1.0:.4g}"


def printable(text: str) -> str:
    """Without the characters that XML does not have."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
