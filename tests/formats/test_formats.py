"""Definitions in the formats people have: what is found, what it means, and that every place is one in the file that was written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from states import definition
from states.definition.diagnostics import Diagnostic, errors
from states.definition.formats import Found, NoSuchMachine, definitions_in, many, open_definitions
from states.definition.source import Unreadable

FN = "arn:aws:lambda:us-east-1:123456789012:function:"


def found_in(text: str, name: str = "machine.asl.yaml", **substitutions: Any) -> list[Found]:
    return definitions_in(text.encode(), name, substitutions)


def one(text: str, name: str = "machine.asl.yaml", **substitutions: Any) -> Found:
    (found,) = found_in(text, name, **substitutions)
    return found


def value(found: Found) -> Any:
    return found.read_source().value


def faults(found: Found) -> list[Diagnostic]:
    return errors(definition.validate(found, type=found.type or "STANDARD"))


def at(text: str, mark: str) -> tuple[int, int]:
    """Line and column of a mark's first place in a text."""
    offset = text.index(mark)
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def same_place(found: Found, text: str, mark: str) -> None:
    (fault,) = [one for one in faults(found) if one.message.startswith("Missing 'Next' target")]
    assert (fault.line, fault.column) == at(text, mark)


YAML = """\
# Orders
StartAt: &first Charge
States:
  Charge:            # asks the bank
    Type: Task
    Resource: arn:aws:lambda:us-east-1:123456789012:function:charge
    TimeoutSeconds: 30
    Retry: &retry
      - {ErrorEquals: [States.ALL], MaxAttempts: 2, BackoffRate: 1.5}
    Next: Shp
  Ship:
    Type: Task
    Resource: "arn:aws:lambda:us-east-1:123456789012:function:ship"
    Retry: *retry
    End: true
"""


def test_yaml_is_read_with_comments_and_aliases_and_its_places_are_the_files() -> None:
    found = one(YAML)
    assert value(found)["States"]["Ship"]["Retry"] == [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "BackoffRate": 1.5}]
    same_place(found, YAML, "Shp")
    assert found.read_source().position("/States/Ship/Retry[0]/MaxAttempts") == at(YAML, "2,")


def test_a_machine_of_yaml_is_a_machine() -> None:
    machine = definition.loads(one(YAML.replace("Shp", "Ship")))
    assert list(machine.states) == ["Charge", "Ship"]
    assert machine.source == "machine.asl.yaml"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a: yes, b: on, c: 2016-03-14, d: 1:30, e: 0o17, f: -0.5e3, g: .5, h: 'true', i: !!str 12, k: }",
         {"a": "yes", "b": "on", "c": "2016-03-14", "d": "1:30", "e": 15, "f": -500.0, "g": 0.5, "h": "true", "i": "12", "k": None}),
        ("1: a\ntrue: b\nnull: c\n", {"1": "a", "true": "b", "null": "c"}),
        ("base: &b {x: 1, y: 2}\nother: {<<: *b, y: 3, z: 4}\n", {"base": {"x": 1, "y": 2}, "other": {"y": 3, "z": 4, "x": 1}}),
        ("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\n", {"a": {"x": 1}, "b": {"x": 2, "y": 2}, "c": {"x": 1, "y": 2}}),
        ("a: '.inf'\nb: 99999999999999999999\n.inf: '1e999'\n", {"a": ".inf", "b": 99999999999999999999, ".inf": "1e999"}),
        ("a: 010\nb: 0o10\nc: -007\nd: '010'\ne: ! 010\n", {"a": 10, "b": 8, "c": -7, "d": "010", "e": "010"}),
        ("a: !!int '5'\nb: !!float 1.5\nc: !!map {d: !!seq [!!null ~, !!bool true, !!str ~]}\n",
         {"a": 5, "b": 1.5, "c": {"d": [None, True, "~"]}}),
        ("s: !Sub 'x${A}'\ng: !GetAtt A.B.C\nr: !Ref R\nj: !Join [':', [a, !Ref B]]\n",
         {"s": {"Fn::Sub": "x${A}"}, "g": {"Fn::GetAtt": ["A", "B.C"]}, "r": {"Ref": "R"}, "j": {"Fn::Join": [":", ["a", {"Ref": "B"}]]}}),
    ],
)  # fmt: skip
def test_what_yaml_means(text: str, expected: Any) -> None:
    from states.definition.formats.yamls import read_yaml

    assert read_yaml(text, "a.yaml").value == expected


#: What is no JSON: where, and what is said.
REFUSED = [
    ("a:\n\tb: 1\n", (2, 1), "found a tab; YAML is indented with spaces"),
    ("a: 1\n\tb: 1\n", (2, 1), "while scanning a plain scalar: found a tab character that violates indentation"),
    ("a: @x\n", (1, 4), "found '@', which cannot begin a value; as a text it stands in quotes"),
    ("a: .inf\n", (1, 4), ".inf is no number in JSON; as a text it stands in quotes"),
    ("a: [1, -.INF]\n", (1, 8), "-.INF is no number in JSON; as a text it stands in quotes"),
    ("a: .nan\n", (1, 4), ".nan is no number in JSON; as a text it stands in quotes"),
    ("a: 1e999\n", (1, 4), "1e999 is no number in JSON; as a text it stands in quotes"),
    ("a: !!python/name:os.system\n", (1, 4), "The tag !!python/name:os.system is not known here; expected one of !!str, !!null,"),
    ("a: &b !!python/object/apply:os.system [ls]\n", (1, 4), "The tag !!python/object/apply:os.system is not known here"),
    ("a: !!set {b}\n", (1, 4), "The tag !!set is not known here"),
    ("!!binary a: b\n", (1, 1), "The tag !!binary is not known here"),
    ("a: !<tag:example.com,2026:x> b\n", (1, 4), "The tag !<tag:example.com,2026:x> is not known here"),
    ("a: !../x b\n", (1, 4), "The tag !../x is not known here"),
    ("a: !!int x\n", (1, 10), "The tag says !!int, but the value is of type string"),
    ("a: !!str {}\n", (1, 4), "The tag says !!str, but the value is of type object"),
    ("a: !!map []\n", (1, 4), "The tag says !!map, but the value is of type array"),
]

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (BOMB, "INVALID_YAML", (7, 10)),
        ("x: &x " + "y" * 1000 + "\nz: [" + "*x, " * 5000 + "]\n", "INVALID_YAML", None),
        ("a: &a [1, *a]\n", "INVALID_YAML", (1, 11)),
        ("a: " + "[" * 5000, "TOO_DEEPLY_NESTED", None),
        ("a:\n" + "".join(f"{' ' * n}- \n" for n in range(1, 150)), "TOO_DEEPLY_NESTED", None),
        ("a: {b: [1, 2}\n", "INVALID_YAML", (1, 13)),
        ("a: b: c\n", "INVALID_YAML", (1, 5)),
        ("? [a]\n: b\n", "INVALID_YAML", (1, 3)),
        ("--- {a: 1}\n--- {b: 1}\n", "INVALID_YAML", (2, 1)),
        ("- a\n- b\n", "SCHEMA_VALIDATION_FAILED", (1, 1)),
        ("just a text", "SCHEMA_VALIDATION_FAILED", (1, 1)),
        ("# nothing\n", "SCHEMA_VALIDATION_FAILED", (1, 1)),
        ("a: \x07\n", "INVALID_YAML", None),
        ("a: *b\n", "INVALID_YAML", (1, 4)),
        *((text, "INVALID_YAML", place) for text, place, _ in REFUSED),
    ],
)  # fmt: skip
def test_bad_yaml_is_one_fault_with_a_place(text: str, code: str, place: tuple[int, int] | None) -> None:
    (fault,) = definition.validate(one(text))
    assert (fault.code, fault.source) == (code, "machine.asl.yaml")
    assert place is None or (fault.line, fault.column) == place


@pytest.mark.parametrize(("text", "_", "said"), REFUSED)
def test_what_is_no_json_is_said_in_words(text: str, _: Any, said: str) -> None:
    (fault,) = definition.validate(one(text))
    assert fault.message.startswith(said)


def test_pythons_own_scanner_says_the_same_of_a_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    (fault,) = definition.validate(one("a:\n\tb: 1\n"))
    assert (fault.message, fault.line, fault.column) == ("found a tab; YAML is indented with spaces", 2, 1)


def test_a_function_is_one_only_where_there_are_functions() -> None:
    from states.definition.formats.yamls import read_yaml

    with pytest.raises(Unreadable) as raised:
        read_yaml("a: !Sub x", "a.yaml", functions=False)
    assert "The tag !Sub is not known here" in raised.value.diagnostic.message
    assert "CloudFormation" not in raised.value.diagnostic.message


def test_a_key_given_twice_in_yaml_is_told() -> None:
    text = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: true\n    Type: Succeed\n    Type: Pass\n"
    (fault, _) = [fault for fault in definition.validate(one(text)) if fault.code == "DUPLICATE_KEY"]
    assert fault.location == "/States/A/Type"
    assert fault.line == 7


def test_json_with_comments_has_its_places() -> None:
    text = '{\n  // the first\n  "StartAt": "A", /* a "b" */\n  "States": {"A": {"Type": "Pass", "Next": "http://x"},}\n}\n'
    same_place(one(text, "m.asl.jsonc"), text, '"http')


PLAIN = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Fn}", "TimeoutSeconds": 5, "End": True}}}


@pytest.mark.parametrize("name", ["m.asl.json", "m.asl.yaml", "m.tftpl"])
def test_substitutions_stay_as_they_are_written_until_they_are_given(name: str) -> None:
    text = json.dumps(PLAIN)
    assert value(one(text, name)) == PLAIN
    assert not faults(one(text, name))
    assert value(one(text, name, Fn=f"{FN}a"))["States"]["A"]["Resource"] == f"{FN}a"


TERRAFORM = """\
{
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Task", "Resource": "${fn["charge"]}",
      "TimeoutSeconds": ${timeout},
      "Parameters": {"p": ${jsonencode({ a = 1 })}},
      "Next": "B"
    }
  }
}
"""


def test_a_terraform_template_is_read_and_its_places_are_the_files() -> None:
    found = one(TERRAFORM, "m.asl.json")
    assert value(found)["States"]["A"]["TimeoutSeconds"] == 1
    same_place(found, TERRAFORM, '"B"')
    assert value(one(TERRAFORM, "m.asl.json", timeout=7))["States"]["A"]["TimeoutSeconds"] == 7


def test_a_yaml_substitution_without_quotes_may_be_a_number() -> None:
    text = 'StartAt: A\nStates:\n  A: {Type: Wait, Seconds: "${n}", End: true}\n'
    assert value(one(text, n=3))["States"]["A"]["Seconds"] == "3"
    bare = "StartAt: A\nStates:\n  A:\n    Type: Wait\n    Seconds: ${n}\n    End: true\n"
    assert value(one(bare, n=3))["States"]["A"]["Seconds"] == 3
    assert value(one(bare))["States"]["A"]["Seconds"] == 1


# --- templates ---------------------------------------------------------------------------------------------------------------------

SAM = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  Table: {Type: String, Default: orders}
  Topic: {Type: String}
Resources:
  ChargeFunction:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b}
  OrderMachine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      DefinitionUri: order.asl.json
      DefinitionSubstitutions:
        ChargeArn: !GetAtt ChargeFunction.Arn
        Table: !Ref Table
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Charge
        States:
          Charge:
            Type: Task
            Resource: !GetAtt ChargeFunction.Arn
            TimeoutSeconds: 5
            Parameters:
              Name: !Sub "${AWS::StackName}-${ChargeFunction.Arn}"
              Extra: !If [IsProd, !Ref Table, !Ref AWS::NoValue]
              Gone: !Ref AWS::NoValue
            Next: Nowhere
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineType: EXPRESS
      DefinitionString: !Sub
        - |-
          {
            "StartAt": "Tell",
            "States": {
              "Tell": {
                "Type": "Task", "Resource": "arn:${AWS::Partition}:states:::sns:publish",
                "Parameters": {"TopicArn": "${Topic}", "Message": "${message}"}, "Next": "Missing"
              }
            }
          }
        - message: hello
  InS3:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionS3Location: {Bucket: b, Key: k}
  Nothing:
    Type: AWS::StepFunctions::StateMachine
    Properties: {RoleArn: x}
"""
ORDER = """\
{"StartAt": "A", "States": {"A": {"Type": "Task", "TimeoutSeconds": 5,
 "Resource": "${ChargeArn}", "Comment": "${Table}", "Next": "B"}}}
"""


@pytest.fixture
def sam(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(SAM)
    (tmp_path / "order.asl.json").write_text(ORDER)
    return tmp_path / "template.yaml"


def test_the_machines_of_a_template_are_found_in_their_order(sam: Path) -> None:
    found = open_definitions(sam)
    assert [(one.name, one.kind, one.type) for one in found] == [
        ("OrderMachine", "AWS::Serverless::StateMachine", "EXPRESS"),
        ("Inline", "AWS::Serverless::StateMachine", None),
        ("Text", "AWS::StepFunctions::StateMachine", "EXPRESS"),
        ("InS3", "AWS::StepFunctions::StateMachine", None),
        ("Nothing", "AWS::StepFunctions::StateMachine", None),
    ]
    assert found[0].source == f"{sam}#OrderMachine"
    assert (found[0].line, found[0].column) == at(SAM, "OrderMachine")


def test_a_definition_uri_is_read_beside_the_template(sam: Path) -> None:
    (found,) = open_definitions(f"{sam}#OrderMachine")
    state = value(found)["States"]["A"]
    assert (state["Resource"], state["Comment"]) == (f"{FN}ChargeFunction", "orders")
    (fault,) = [one for one in faults(found) if one.code == "MISSING_TRANSITION_TARGET"]
    assert (fault.source, fault.line, fault.column) == (str(sam.with_name("order.asl.json")), *at(ORDER, '"B"'))
    (found,) = open_definitions(f"{sam}#OrderMachine", {"Table": "mine"})
    assert value(found)["States"]["A"]["Comment"] == "mine"


def test_a_definition_uri_that_is_not_there_is_told_at_its_place(sam: Path) -> None:
    sam.with_name("order.asl.json").unlink()
    (found,) = open_definitions(f"{sam}#OrderMachine")
    (fault,) = definition.validate(found)
    assert (fault.code, fault.source, fault.line) == ("CANNOT_READ_FILE", str(sam), at(SAM, "DefinitionUri")[0])


def test_functions_in_a_definition_have_values_and_places(sam: Path) -> None:
    (found,) = open_definitions(f"{sam}#Inline")
    state = value(found)["States"]["Charge"]
    assert state["Resource"] == f"{FN}ChargeFunction"
    assert state["Parameters"] == {"Name": f"stack-{FN}ChargeFunction", "Extra": "orders"}
    same_place(found, SAM, "Nowhere")


def test_a_text_in_a_block_scalar_has_the_places_of_the_template(sam: Path) -> None:
    (found,) = open_definitions(f"{sam}#Text")
    state = value(found)["States"]["Tell"]
    assert state["Resource"] == "arn:aws:states:::sns:publish"
    assert state["Parameters"] == {"TopicArn": "${Topic}", "Message": "hello"}
    same_place(found, SAM, '"Missing"')


def test_what_lies_in_s3_is_a_warning_and_nothing_at_all_a_fault(sam: Path) -> None:
    found = {one.name: one for one in open_definitions(sam)}
    assert [(fault.code, fault.severity) for fault in definition.validate(found["InS3"])] == [("DEFINITION_ELSEWHERE", "WARNING")]
    assert found["InS3"].is_elsewhere
    assert not found["Text"].is_elsewhere
    assert [(fault.code, fault.severity) for fault in definition.validate(found["Nothing"])] == [("NO_DEFINITION_FOUND", "ERROR")]


def test_a_name_that_no_machine_has_lists_those_there_are(sam: Path) -> None:
    with pytest.raises(NoSuchMachine, match="no state machine 'Order'; it has OrderMachine, Inline"):
        open_definitions(f"{sam}#Order")


CDK = {
    "Resources": {
        "Fn1": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "charge"}},
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "DefinitionString": {
                    "Fn::Join": [
                        "",
                        ['{"StartAt":"A","States":{"A":{"Type":"Task","TimeoutSeconds":5,"Resource":"', {"Fn::GetAtt": ["Fn1", "Arn"]},
                         '","Comment":"\\u00e9\\n","Next":"Missing"}}}'],
                    ]
                }
            },
        },
    }
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 1])
def test_a_join_of_cdk_is_read_and_a_fault_stands_inside_its_string(indent: int | None) -> None:
    text = json.dumps(CDK, indent=indent)
    found = one(text, "Stack.template.json")
    assert value(found)["States"]["A"]["Resource"] == f"{FN}charge"
    line, column = at(text, "Missing")
    (fault,) = [one for one in faults(found) if one.code == "MISSING_TRANSITION_TARGET"]
    assert (fault.line, fault.column) == (line, column - 2)  # the \" before it


def test_broken_json_inside_a_template_is_told_where_it_is_broken() -> None:
    text = SAM.replace('"StartAt": "Tell",', '"StartAt" "Tell",')
    (found,) = [one for one in found_in(text) if one.name == "Text"]
    (fault,) = definition.validate(found)
    assert (fault.code, fault.line, fault.column) == ("INVALID_JSON_DESCRIPTION", *at(text, '"Tell",'))


SERVERLESS = """\
service: orders
stepFunctions:
  stateMachines:
    order:
      name: order
      type: EXPRESS
      definition:
        StartAt: A
        States:
          A:
            Type: Task
            Resource: {Fn::GetAtt: [charge, Arn]}
            TimeoutSeconds: ${self:custom.timeout}
            Next: Missing
    other:
      definition: ${file(order.asl.json)}
"""


def test_serverless_machines_are_found(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(SERVERLESS)
    (tmp_path / "order.asl.json").write_text(ORDER)
    order, other = open_definitions(tmp_path / "serverless.yml")
    assert (order.name, order.type, other.name) == ("order", "EXPRESS", "other")
    assert value(order)["States"]["A"]["TimeoutSeconds"] == 1
    assert not [fault for fault in faults(order) if fault.code != "MISSING_TRANSITION_TARGET" and fault.code != "MISSING_END_STATE"]
    same_place(order, SERVERLESS, "Missing")
    assert value(other)["StartAt"] == "A"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (
            {"Fn::Sub": "x-${AWS::Region}-${Queue}-${!Literal}-${Param}"},
            "x-us-east-1-https://sqs.us-east-1.amazonaws.com/123456789012/Queue-${Literal}-${Param}",
        ),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:aws:sqs:us-east-1:123456789012:Queue"),
        ({"Fn::GetAtt": "Queue.QueueName"}, "Queue"),
        ({"Ref": "Topic"}, "arn:aws:sns:us-east-1:123456789012:told"),
        ({"Fn::Select": [1, ["a", {"Ref": "Topic"}]]}, "arn:aws:sns:us-east-1:123456789012:told"),
        ({"Fn::FindInMap": ["M", "k", "v"]}, "found"),
        ({"Fn::FindInMap": ["M", "k", "w"]}, "${Fn::FindInMap}"),
        ({"Fn::ImportValue": "Shared"}, "${Shared}"),
        ({"Fn::Join": ["-", ["a", {"Fn::Sub": ["${b}", {"b": {"Ref": "AWS::AccountId"}}]}]]}, "a-123456789012"),
        ({"Ref": "Ssm"}, "${Ssm}"),
        ({"Fn::If": ["C", {"Ref": "AWS::NoValue"}, {"x": 1}]}, {"x": 1}),
    ],
)
def test_what_functions_give(properties: Any, expected: Any) -> None:
    template = {
        "Parameters": {"Param": {"Type": "String"}, "Ssm": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x"}},
        "Mappings": {"M": {"k": {"v": "found"}}},
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "told"}},
            "M": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {"Definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": properties, "End": True}}}},
            },
        },
    }
    assert value(one(json.dumps(template), "t.json"))["States"]["A"]["Result"] == expected


# --- many, and what it costs -------------------------------------------------------------------------------------------------------


def test_many_looks_through_folders_in_order_and_reports_what_is_bad(tmp_path: Path) -> None:
    files = {
        "b/machine.asl.json": json.dumps(PLAIN),
        "a/order.asl.yaml": YAML,
        "a/bad.asl.json": "{",
        "cdk.out/S.template.json": json.dumps(CDK),
        "cdk.out/Other.template.json": '{"Resources": {}}',
        "node_modules/x.asl.json": "{",
        "notes.json": "{",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = list(many([tmp_path, tmp_path / "missing.json", tmp_path / "b" / "machine.asl.json"]))
    assert [one.source.removeprefix(f"{tmp_path}/") for one in found] == [
        "a/bad.asl.json", "a/order.asl.yaml", "b/machine.asl.json", "cdk.out/S.template.json#Machine", "missing.json",
    ]  # fmt: skip
    codes = [{fault.code for fault in faults(one)} for one in found]
    assert codes[0] == {"INVALID_JSON_DESCRIPTION"}
    assert codes[-1] == {"CANNOT_READ_FILE"}


def test_a_folder_is_its_machine(tmp_path: Path) -> None:
    (tmp_path / "machine.asl.json").write_text(json.dumps(PLAIN))
    (found,) = open_definitions(tmp_path)
    assert found.path == str(tmp_path / "machine.asl.json")


def test_a_plain_definition_imports_no_yaml(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps(PLAIN))
    opened = f"open_definitions({str(path)!r})[0].read_source()"
    code = f"import sys; from states.definition.formats import open_definitions; {opened}; print('yaml' in sys.modules)"
    root = Path(definition.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "False"


def test_without_pyyaml_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    path = tmp_path / "m.asl.yaml"
    path.write_text(YAML)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'states\[yaml\]'"):
        open_definitions(path)
    (fault,) = definition.validate(next(many([path])))
    assert "states[yaml]" in fault.message
