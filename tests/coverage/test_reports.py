"""Each report read back: the terminal, JSON, LCOV, Cobertura, and the HTML pages with their pictures."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import states
from states.coverage import FORMATS, Collector, NotWritten, Results, check_spec, layered, measure, report
from states.coverage.html import file_names, pages
from states.coverage.picture import BOLD, PAD, curve, picture, status_of, text_width
from states.coverage.results import Covered
from states.tasks.functions import TaskError

ROOT = Path(__file__).resolve().parents[2]
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:work"

CHECK = """{
  "Comment": "a <b> & c",
  "StartAt": "Check",
  "States": {
    "Check": {
      "Type": "Choice",
      "Choices": [
        {"Variable": "$.n", "NumericLessThan": 5, "Next": "Work"}
      ],
      "Default": "Big"
    },
    "Work": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
      "Retry": [
        {"ErrorEquals": ["A"]}
      ],
      "Catch": [
        {"ErrorEquals": ["States.ALL"], "Next": "Big"}
      ],
      "Next": "Each"
    },
    "Each": {
      "Type": "Map", "ResultPath": null,
      "ItemsPath": "$.l",
      "ItemProcessor": {"StartAt": "I", "States": {
        "I": {"Type": "Pass", "End": true}
      }},
      "Next": "Check"
    },
    "Big": {"Type": "Fail", "Error": "<Big>"}
  }
}
"""
NEVER = '{"StartAt": "A", "States": {\n"A": {"Type": "Succeed"}}}\n'

#: Line, how often it was reached, and its branches where it has several goals.
CHECK_LINES: dict[int, tuple[int, list[int]]] = {
    5: (2, []),
    8: (2, [2, 0]),
    10: (0, []),
    12: (2, []),
    16: (1, [1, 0]),
    19: (1, []),
    21: (1, []),
    23: (1, []),
    25: (1, [0, 1, 0]),
    27: (1, [1, 1]),
    29: (1, []),
    31: (1, []),
}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Results:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/check.asl.json").write_text(CHECK)
    (tmp_path / "never.asl.json").write_text(NEVER)
    monkeypatch.chdir(tmp_path)
    attempts = iter(["A", None, "B"])

    def work(event: Any, context: Any) -> Any:
        error = next(attempts)
        if error:
            raise TaskError(error)
        return {"n": 1, "l": [1]}

    collector = Collector()
    with collector.watching():
        states.run("flows/check.asl.json", {"n": 1}, {"work": work})
    return measure(collector, ["flows", "never.asl.json"], exclude=["check/States/Check/Default taken"])


def shown(spec: str, results: Results) -> str:
    out = io.StringIO()
    report(spec, results, out)
    return out.getvalue()


def words(text: str) -> list[str]:
    return text.split()


# ---------------------------------------------------------------- the terminal


def test_the_table(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    rows = [words(line) for line in shown("term", results).splitlines()]
    assert words("Machine States Next, End Choices Retry Catch Maps Goals Missing Reached") in rows
    assert words("flows/check.asl.json 5/5 3/3 1/2 1/2 1/1 1/3 16 4 75.0%") in rows
    assert words("never.asl.json 0/1 1 1 0.0%") in rows
    assert words("Together 5/6 3/3 1/2 1/2 1/1 1/3 17 5 70.5%") in rows
    assert words("1 excluded") in rows
    assert not any("/States/" in word for row in rows for word in row)


def test_a_narrow_table_leaves_the_kinds_out(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = shown("term", results)
    assert words("flows/check.asl.json 16 4 75.0%") in [words(line) for line in text.splitlines()]
    assert max(map(len, text.splitlines())) <= 60


@pytest.mark.parametrize("form", ["term", "term-missing"])
@pytest.mark.parametrize("width", [40, 80, 140])
def test_no_line_ends_in_blanks(results: Results, form: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = shown(form, results).split("\n")
    assert [line for line in lines if line != line.rstrip()] == []
    (head,) = [line for line in lines if "Machine" in line]
    assert head.endswith("   Reached")


def test_colours_stay_where_there_is_a_terminal(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = shown("term", results)
    assert re.search(r"\x1b\[33m *75\.0%\x1b\[0m\n", text)
    assert not [line for line in re.sub(r"\x1b\[[\d;]*m", "", text).split("\n") if line.endswith(" ")]


def test_what_is_missing_is_told_with_its_line(results: Results) -> None:
    text = shown("term-missing", results)
    after = text[text.index("\nflows/check.asl.json") :]
    assert [words(line) for line in after.splitlines() if line.strip()] == [
        ["flows/check.asl.json"],
        words("8 /States/Check/Choices[0] false"),
        words("10 /States/Check/Default taken excluded"),
        words("16 /States/Work/Retry[0] exhausted"),
        words("25 /States/Each/ItemsPath no items"),
        words("25 /States/Each/ItemsPath many items"),
        ["never.asl.json"],
        words("2 /States/A entered"),
    ]


def test_notes_below_the_table() -> None:
    found = Results((), "/", (("bad.asl.json", "3: no"),), ("nix*",))
    assert shown("term-missing", found) == "no machine ran\nbad.asl.json: not read: 3: no\nexclude: no goal is called 'nix*'\n"


# ---------------------------------------------------------------- JSON


def test_json(results: Results) -> None:
    assert shown("json:out/c.json", results) == "json: out/c.json\n"
    made = json.loads(Path("out/c.json").read_text())
    assert made["version"] == 1
    assert (made["totals"]["reached"], made["totals"]["goals"]) == (12, 17)
    assert made["totals"]["percent"] == 70.59
    check, never = made["machines"]
    assert (check["machine"], check["name"], check["type"]) == ("flows/check.asl.json", "check", "STANDARD")
    assert check["totals"]["kinds"]["choice"] == {"reached": 1, "goals": 2}
    assert check["goals"][2] == {
        "name": "/States/Check/Choices[0] false",
        "kind": "choice",
        "location": "/States/Check/Choices[0]",
        "outcome": "false",
        "line": 8,
        "count": 0,
        "excluded": False,
    }
    assert [goal["name"] for goal in check["goals"] if goal["excluded"]] == ["/States/Check/Default taken"]
    assert [goal["count"] for goal in never["goals"]] == [0]
    assert made["unreadable"] == []


# ---------------------------------------------------------------- lines


def lines_expected() -> dict[int, tuple[int, list[int]]]:
    return {line: found for line, found in CHECK_LINES.items() if line != 10}


def test_lcov(results: Results) -> None:
    assert shown("lcov", results) == "lcov: states-coverage.info\n"
    check, never = Path("states-coverage.info").read_text().split("end_of_record\n")[:2]
    fields: dict[str, list[str]] = {}
    for line in check.splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key, []).append(value)
    assert fields["SF"] == ["flows/check.asl.json"]
    branches: dict[int, list[int]] = {}
    for one in fields["BRDA"]:
        line, block, branch, times = one.split(",")
        assert (block, int(branch)) == ("0", len(branches.setdefault(int(line), [])))
        branches[int(line)].append(0 if times == "-" else int(times))
    counts = {int(line): int(times) for line, times in (one.split(",") for one in fields["DA"])}
    assert {line: (times, branches.get(line, [])) for line, times in counts.items()} == lines_expected()
    assert (fields["LF"], fields["LH"], fields["BRF"], fields["BRH"]) == (["11"], ["11"], ["9"], ["5"])
    assert fields["FN"] == [
        "5,check/States/Check",
        "12,check/States/Work",
        "23,check/States/Each",
        "27,check/States/Each/ItemProcessor/States/I",
        "31,check/States/Big",
    ]
    assert fields["FNDA"][0] == "2,check/States/Check"
    assert (fields["FNF"], fields["FNH"]) == (["5"], ["5"])
    assert never == "TN:\nSF:never.asl.json\nFN:2,never/States/A\nFNDA:0,never/States/A\nFNF:1\nFNH:0\nBRF:0\nBRH:0\nDA:2,0\nLF:1\nLH:0\n"


def test_cobertura(results: Results) -> None:
    assert shown("xml:c.xml", results) == "xml: c.xml\n"
    text = Path("c.xml").read_text()
    assert text.splitlines()[1] == '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'
    root = ElementTree.fromstring(text)
    assert root.findtext("sources/source") == results.root
    valid = {"lines-valid": "12", "lines-covered": "11", "branches-valid": "9", "branches-covered": "5"}
    assert {name: root.get(name) for name in valid} == valid
    assert (root.get("line-rate"), root.get("branch-rate")) == ("0.9167", "0.5556")
    assert int(root.get("timestamp", "0")) > 1_600_000_000_000
    assert [package.get("name") for package in root.iter("package")] == ["flows", "."]
    check = root.findall(".//class")[0]
    assert (check.get("name"), check.get("filename")) == ("check", "flows/check.asl.json")
    found = {int(line.get("number", "")): line for line in check.findall("lines/line")}
    assert {
        number: (int(line.get("hits", "")), sum(one.get("coverage") == "100%" for one in line.iter("condition")))
        for number, line in found.items()
    } == {number: (times, sum(map(bool, branches))) for number, (times, branches) in lines_expected().items()}
    assert {number: line.get("condition-coverage") for number, line in found.items() if line.get("branch") == "true"} == {
        8: "50% (1/2)",
        16: "50% (1/2)",
        25: "33% (1/3)",
        27: "100% (2/2)",
    }
    assert [method.get("name") for method in check.iter("method")][:2] == ["check/States/Check", "check/States/Work"]


def test_machines_without_a_file_have_no_lines_of_one() -> None:
    collector = Collector()
    with collector.watching():
        states.run({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    found = measure(collector, inline=True)
    assert len(found.machines) == 1
    from states.coverage import lcov, xml

    assert lcov.write(found) == ""
    assert list(ElementTree.fromstring(xml.write(found)).iter("line")) == []


def test_machines_of_one_file_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one = '{"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": {"StartAt": "A", "States": {"A": {"Type": "%s"}}}}}'
    Path("template.json").write_text('{"Resources": {\n"One": ' + one % "Succeed" + ',\n"Two": ' + one % 'Fail", "Error": "E' + "\n}}")
    from states.coverage import lcov

    text = lcov.write(measure(Collector(), ["template.json"]))
    assert text.count("SF:template.json") == 1
    assert "FN:2,One/States/A\nFN:3,Two/States/A\n" in text


# ---------------------------------------------------------------- HTML

VOID = {"meta", "link", "br", "img"}


class Page(HTMLParser):
    """Tags that are open, classes by tag, and every address."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.classes: list[tuple[str, str]] = []
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "class":
                self.classes.append((tag, value or ""))
            if name in ("href", "src"):
                self.addresses.append(value or "")
            if name == "id":
                self.ids.add(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_pages_hold_together_and_ask_for_nothing(results: Results) -> None:
    assert shown("html:site", results) == "html: site/index.html\n"
    names = {path.name for path in Path("site").iterdir()}
    assert names == {"index.html", "flows_check.asl.json.html", "never.asl.json.html"}
    for name in names:
        text = (Path("site") / name).read_text()
        page = Page(text)
        assert "url(http" not in text
        assert "<script" not in text
        for address in page.addresses:
            assert address.removeprefix("#") in page.ids if address.startswith("#") else address in names


def test_the_index_has_the_sums(results: Results) -> None:
    text = re.sub(r"<[^>]+>", " ", pages(results)["index.html"].partition("<body>")[2])
    assert "2 machines, 12 of 17 goals reached" in text
    assert words("flows/check.asl.json 5/5 3/3 1/2 1/2 1/1 · 1/3 · 12/16 75.0%") == words(text[text.index("flows/") : text.index("never")])


def test_a_page_shows_each_line_with_what_is_missing(results: Results) -> None:
    text = pages(results)["flows_check.asl.json.html"]
    rows = dict(re.findall(r'<tr id="L(\d+)" class="(\w*)">', text))
    assert rows["8"] == rows["16"] == rows["25"] == "part"
    assert rows["5"] == rows["27"] == "hit"
    assert rows["10"] == "out"
    assert rows["1"] == rows["6"] == ""
    assert '<td class="why">never: Choices[0] false</td>' in text
    assert '<td class="why">never: ItemsPath no items, ItemsPath many items</td>' in text
    assert '<td class="why">excluded: Default taken</td>' in text
    assert "a &lt;b&gt; &amp; c" in text
    assert "<b>" not in text.partition("<h2>Definition")[2]


def test_the_picture_is_coloured(results: Results) -> None:
    drawn = ElementTree.fromstring(picture(results.machines[0]))
    looks: dict[str, str] = {}
    for group in drawn.iter("{http://www.w3.org/2000/svg}g"):
        first = group.find("{http://www.w3.org/2000/svg}text")
        look = group.get("class", "")
        if first is not None and look:
            looks[first.text or ""] = look
    assert looks["Check"] == "state choice part"
    assert looks["Work"] == "state task part"
    assert looks["Big"] == "state fail hit"
    assert looks["$.n < 5"] == "label choice part"
    assert looks["default"] == "label default out"
    assert looks["catch States.ALL"] == "label catch hit"
    assert looks["Retry[0] recovered"] == "chip hit"
    assert looks["Retry[0] exhausted"] == "chip miss"
    assert looks["no items"] == looks["many items"] == "chip miss"
    assert looks["one item"] == "chip hit"
    never = ElementTree.fromstring(picture(results.machines[1]))
    assert "state succeed miss" in [group.get("class") for group in never.iter("{http://www.w3.org/2000/svg}g")]


def test_a_graph_that_nobody_could_follow_is_not_drawn(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layered, "MOST_PASSES", 0)
    assert picture(results.machines[0]) == ""
    assert "too many ways to be drawn" in pages(results)["flows_check.asl.json.html"]


@pytest.mark.parametrize("path", sorted(ROOT.glob("machines/*/machine.asl.json")), ids=lambda path: path.parent.name)
def test_every_sample_can_be_drawn(path: Path) -> None:
    found = measure(Collector(), [str(path)], root=str(ROOT))
    for name, text in pages(found).items():
        Page(text)
        assert name == "index.html" or "<svg" in text


def test_the_files_of_pages_have_names_that_differ() -> None:
    def named(title: str) -> Covered:
        return Covered(title, "", "", "", {}, "STANDARD", ())

    titles = ["index", "a/b.json", "a_b.json", "A_B.json", "../..", "tests/x.py::test[ü-/]", "x" * 300]
    names = file_names([named(title) for title in titles])
    assert names[:5] == ["index-2.html", "a_b.json.html", "a_b.json-2.html", "A_B.json-3.html", "machine.html"]
    assert len({name.lower() for name in names}) == len(names)
    assert all(re.fullmatch(r"[\w.-]{1,130}", name, re.ASCII) for name in names)


def test_an_excluded_goal_that_was_reached_counts_for_its_colour(results: Results) -> None:
    (one,) = results.machines[1].measured
    assert status_of([]) == status_of([one._replace(is_excluded=True)]) == "out"
    assert status_of([one._replace(is_excluded=True, times=1)]) == "hit"
    assert status_of([one, one._replace(times=2)]) == "part"


def test_paths() -> None:
    assert curve([(0, 0), (0, 9)], False) == "M0.0 0.0V9.0"
    assert curve([(0, 0), (0, 9), (0, 9)], False) == "M0.0 0.0V9.0"
    assert curve([(0, 0), (4, 8)], False) == "M0.0 0.0C0.0 4.0 4.0 4.0 4.0 8.0"
    assert curve([(9, 50), (30, 50), (30, 0), (9, 0)], True).startswith("M9.0 50.0H22.0Q30.0 50.0 30.0 42.0V8.0Q")
    assert curve([(9, 50), (0, 50), (0, 0), (9, 0)], True) == "M9.0 50.0H8.0Q0.0 50.0 0.0 42.0V8.0Q0.0 0.0 8.0 0.0H9.0"
    assert curve([(9, 5), (30, 5), (9, 5)], True).startswith("M9.0 13.0H")


def test_wide_characters_are_wide() -> None:
    assert text_width("漢字", 10) == 20
    assert text_width("il", 10) < text_width("mm", 10)


#: Widths that Chromium measured for texts of 10 pixels in DejaVu Sans, plain and bold.
@pytest.mark.parametrize(
    ("text", "width", "bold"),
    [
        ("HeartbeatSeconds fired", 118.27, 133.86),
        ("TimeoutSeconds fired", 108.73, 123.00),
        ("Retry[0] exhausted", 96.28, 109.19),
        ("W" * 10, 98.89, 110.31),
        ("m" * 10, 97.42, 104.20),
        ("w" * 10, 81.80, 92.39),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 174.72, 196.28),
        ("abcdefghijklmnopqrstuvwxyz", 146.47, 165.39),
        ("0123456789", 63.63, 69.59),
        ("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", 179.13, 191.44),
        ("1,234×", 37.02, 40.02),
        ("…", 10.00, 10.00),
    ],
)
def test_no_text_is_wider_than_was_thought(text: str, width: float, bold: float) -> None:
    assert width <= text_width(text, 10) <= width * 1.35
    assert bold <= text_width(text, 10 * BOLD)


S = "{http://www.w3.org/2000/svg}"
NAMES = ["Beat", "ProcessTheIncomingOrderAndReserveTheStockInTheWarehouseBeforeItIsShippedToday_80"[:80], "W" * 80, "i" * 80, "日本" * 40]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:8])
def test_everything_in_a_box_has_room(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    task = {"Type": "Task", "Resource": LAMBDA, "HeartbeatSeconds": 1, "TimeoutSeconds": 9, "Retry": [{"ErrorEquals": ["A"]}], "End": True}
    Path("a.asl.json").write_text(json.dumps({"StartAt": name, "States": {name: task}}))
    collector = Collector()
    with collector.watching():
        for _ in range(12):
            states.run("a.asl.json", {}, {"work": lambda event, context: 1})
    (machine,) = measure(collector).machines
    drawn = ElementTree.fromstring(picture(machine))
    (box,) = [group for group in drawn.iter(f"{S}g") if group.get("class", "").startswith("state ")]
    width = float(box.find(f"{S}rect").get("width"))  # type: ignore[union-attr, arg-type]
    texts = {text.get("class"): text for text in box.findall(f"{S}text")}
    assert (texts["count"].text, texts["count"].get("text-anchor")) == ("12×", "end")
    ends = float(texts["name"].get("x", "")) + text_width(texts["name"].text or "", 13.5 * BOLD)
    assert ends + 5 < float(texts["count"].get("x", "")) - text_width("12×", 11)
    chips = [group for group in box.iter(f"{S}g") if any(inner.get("class", "").startswith("chip ") for inner in group.findall(f"./{S}g"))]
    assert len(chips) == 4
    for chip in chips:
        left = float(re.findall(r"[\d.]+", chip.get("transform", ""))[0])
        (rect,) = chip.iter(f"{S}rect")
        assert PAD + left + float(rect.get("width", "")) <= width - PAD + 0.1


# ---------------------------------------------------------------- specs


@pytest.mark.parametrize("spec", ["foo", "", "term:file", "html:", "lcov:", ":x", "TERM"])
def test_a_spec_that_is_none(spec: str) -> None:
    with pytest.raises(ValueError, match=r"a report is one of|expected a path|takes no path"):
        check_spec(spec)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_a_place(form: str) -> None:
    assert check_spec(form) == (form, FORMATS[form])


def test_a_colon_in_a_path() -> None:
    assert check_spec("xml:C:/x.xml") == ("xml", "C:/x.xml")


# ---------------------------------------------------------------- what cannot be written

NOT_WRITTEN = [
    ("html:file", "file is a file; expected a folder"),
    ("html:file/deep/er", "file is a file; expected a folder"),
    ("json:file/x.json", "file is a file; expected a folder"),
    ("xml:file/deep/x.xml", "file is a file; expected a folder"),
    ("lcov:folder", "folder is a folder; expected a file"),
    ("html:odd", "odd/index.html is a folder; expected a file"),
    (f"json:{'x' * 300}", f"{'x' * 300}: File name too long"),
    ("json:a\0b", r"a\x00b: embedded null byte"),
]


@pytest.mark.parametrize(("spec", "said"), NOT_WRITTEN, ids=[spec[:16].replace("\0", "0") for spec, _ in NOT_WRITTEN])
def test_what_cannot_be_written_is_named(results: Results, tmp_path: Path, spec: str, said: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "odd/index.html").mkdir(parents=True)
    with pytest.raises(NotWritten) as caught:
        shown(spec, results)
    assert str(caught.value) == f"{spec}: not written: {said}".replace("\0", r"\x00")
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(28, "No space left on device", None), OSError("odd")])
def test_a_place_that_takes_nothing_is_named(results: Results, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(NotWritten, match=rf"^lcov:out/a.info: not written: out/a.info: {error.strerror or 'odd'}$"):
        shown("lcov:out/a.info", results)


# ---------------------------------------------------------------- any name, any width

ODD = "A<b>&\"',#é漢"


def odd(name: str) -> Results:
    state = {"Type": "Task", "Resource": LAMBDA, "Catch": [{"ErrorEquals": ["<X>&"], "Next": "T"}], "Next": "T"}
    Path("odd, [1].asl.json").write_text(json.dumps({"StartAt": name, "States": {name: state, "T": {"Type": "Succeed"}}}, indent=1))
    return measure(Collector(), ["."])


def test_every_report_takes_odd_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = odd(ODD)
    from states.coverage import lcov, xml

    root = ElementTree.fromstring(xml.write(found))
    assert [method.get("name") for method in root.iter("method")] == [f"odd, [1]/States/{ODD}", "odd, [1]/States/T"]
    record = lcov.write(found).splitlines()
    assert all(line.count(",") == 1 for line in record if line.startswith(("FN:", "FNDA:")))
    made = pages(found)
    assert "odd_1_.asl.json.html" in made
    for text in made.values():
        Page(text)
    assert f"/States/{ODD}/Catch[0] taken" in shown("term-missing", found)


def test_no_name_drives_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    goal = odd("S").machines[0].measured[0]
    bad = goal._replace(goal=goal.goal._replace(location="/States/\x1b[31m\n\u202e"))
    machine = Covered("t\x1b[2J", "n\x00", "", "a\x00\u202e\nb", {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}, "STANDARD", (bad,))
    found = Results((machine,), "/", (("f\x1b", "w\x07"),), ("p\x1b",))
    text = shown("term-missing", found)
    assert not [c for c in text if c != "\n" and not c.isprintable()]
    for page in pages(found).values():
        assert not [c for c in page if c != "\n" and not c.isprintable()]


@pytest.mark.parametrize("width", [40, 60, 80, 90, 94, 95, 96, 97, 98, 99, 100, 110, 140])
def test_no_row_of_the_table_is_folded(results: Results, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = shown("term", results).splitlines()
    assert max(map(len, lines)) <= width
    assert width < 56 or sum("flows/check.asl.json" in line and "75.0%" in line for line in lines) == 1
