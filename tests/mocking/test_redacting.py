"""Secrets: found by key, path and looks, gone wherever they turn up, and the machine takes its course all the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

import states
from states.language.values import dumps
from states.mocking.redacting import Redactor, path_of
from states.testing.scenarios import load, play
from tests.mocking.machines import HIDDEN, SECRET_INPUT, SECRETS, bought, logged_in, refused

CARD = "4242424242424242"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ({"password": "hunter22"}, {"password": "REDACTED-1"}),
        ({"dbPassword": "a", "user_secret": "b"}, {"dbPassword": "REDACTED-1", "user_secret": "REDACTED-2"}),
        ({"X-Api-Key": "k", "API_KEY": "k"}, {"X-Api-Key": "REDACTED-1", "API_KEY": "REDACTED-1"}),
        ({"Authorization": ["a", {"b": "c", "n": 7, "t": True, "z": None}]},) * 2,
        ({"token": ""}, {"token": ""}),
        ({"token": None, "secret": True}, {"token": None, "secret": True}),
        ({"nextToken": "page 2", "tokens": 5, "passwords": 3}, {"nextToken": "page 2", "tokens": 5, "passwords": 3}),
        ({"pin": 1234}, {"pin": 0}),
        ({"a": "Bearer abcdefgh.ijk"}, {"a": "Bearer REDACTED-1"}),
        ({"a": f"see {JWT}."}, {"a": "see REDACTED-1."}),
        ({"a": "key AKIAIOSFODNN7EXAMPLE!"}, {"a": "key REDACTED-1!"}),
        ({"a": f"card {CARD} and {CARD}"}, {"a": "card REDACTED-1 and REDACTED-1"}),
        ({"a": "4242 4242 4242 4242"}, {"a": "REDACTED-1"}),
        ({"a": int(CARD)}, {"a": 0}),
        ({"a": "4242424242424241"}, {"a": "4242424242424241"}),  # its check digit is wrong
        ({"a": "5555555555555555", "b": "0000000000000000"}, {"a": "5555555555555555", "b": "0000000000000000"}),
        ({"a": 1767225600000, "b": "1767225600000", "c": "arn:aws:iam::123456789012:role/x"},) * 2,
        ({"a": "12345678-1234-4123-8123-123456789012"},) * 2,
        ({"a": '{"password":"hunter22","n":1.50}'}, {"a": '{"password":"REDACTED-1","n":1.5}'}),
        ({"a": '{ "harmless": 1 }'}, {"a": '{ "harmless": 1 }'}),
        ({"a": "{no json"}, {"a": "{no json"}),
    ],
)
def test_what_is_secret(value: Any, cleaned: Any) -> None:
    if "Authorization" in value:
        cleaned = {"Authorization": ["REDACTED-1", {"b": "REDACTED-2", "n": 0, "t": True, "z": None}]}
    assert Redactor().clean(value) == cleaned


@pytest.mark.parametrize(
    ("names", "value", "cleaned"),
    [
        (["email"], {"a": [{"Email": "x@y"}], "e_mail": "q"}, {"a": [{"Email": "REDACTED-1"}], "e_mail": "REDACTED-2"}),
        (["$.a.b"], {"a": {"b": "x", "c": "y"}, "b": "z"}, {"a": {"b": "REDACTED-1", "c": "y"}, "b": "z"}),
        (["$.a"], {"a": {"b": ["x", 5]}}, {"a": {"b": ["REDACTED-1", 0]}}),
        (["$.a[*].b"], {"a": [{"b": "x"}, {"b": "y"}]}, {"a": [{"b": "REDACTED-1"}, {"b": "REDACTED-2"}]}),
        (["$.a[1]"], {"a": ["x", "y", "z"]}, {"a": ["x", "REDACTED-1", "z"]}),
        (["$..b"], {"b": "x", "a": {"c": [{"b": "y"}]}}, {"b": "REDACTED-1", "a": {"c": [{"b": "REDACTED-2"}]}}),
        (["$.x..b"], {"b": "x", "x": {"c": {"b": "y"}}}, {"b": "x", "x": {"c": {"b": "REDACTED-1"}}}),
        (["$['a key']"], {"a key": "x"}, {"a key": "REDACTED-1"}),
    ],
)
def test_what_is_named(names: list[str], value: Any, cleaned: Any) -> None:
    assert Redactor(names).clean(value) == cleaned


@pytest.mark.parametrize("text", ["$", "$.", "$..", "$a", "$.a[", "$.a[-1]", "$.a[?(@.b)]", "$.a b"])
def test_a_path_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a path such as"):
        path_of(text)


@pytest.mark.parametrize("secret", ["ab", "abc", "secret", "a longer secret than that", 'with "quotes" and \\', "äöü€", "x" * 5000])
def test_sizes_are_kept(secret: str) -> None:
    redactor = Redactor(keep_sizes=True)
    cleaned = redactor.clean({"password": secret, "pin": 123456})
    assert cleaned["password"] != secret
    assert len(dumps(cleaned).encode()) == len(dumps({"password": secret, "pin": 123456}).encode())
    assert redactor.clean(cleaned["password"]) == cleaned["password"]


def test_secrets_go_wherever_they_turn_up() -> None:
    redactor = Redactor()
    redactor.learn({"login": {"password": "correct horse"}})
    value = ["correct horse", {"b": "a correct horse!", "correct horse": 1}, '{"a":"correct horse"}', "correct"]
    assert redactor.clean(value) == ["REDACTED-1", {"b": "a REDACTED-1!", "REDACTED-1": 1}, '{"a":"REDACTED-1"}', "correct"]


def test_the_longest_secret_goes_first() -> None:
    redactor = Redactor()
    redactor.learn([{"token": "sk_live_1"}, {"token": "sk_live_12"}, {"token": "sk_live_123"}])
    assert redactor.clean("sk_live_12, sk_live_123; sk_live_1") == "REDACTED-2, REDACTED-3; REDACTED-1"


def test_many_secrets_take_no_longer_each() -> None:
    value = [{"password": f"pw-{n}-secret", "text": f"said pw-{n}-secret {'x' * 50}"} for n in range(5000)]
    redactor = Redactor()
    redactor.learn(value)
    assert "-secret" not in dumps(redactor.clean(value))
    assert len(redactor.used) == 5000


def test_nothing_is_secret_where_that_is_asked_for() -> None:
    value = {"password": "x", "card": CARD, "email": "a@b"}
    assert Redactor(default=False).clean(value) == value
    assert Redactor(["email"], default=False).clean(value) == {**value, "email": "REDACTED-1"}


def test_data_as_deep_as_it_gets() -> None:
    value: Any = {"password": "hunter22"}
    for _ in range(150):
        value = [value]
    assert "hunter22" not in dumps(Redactor().clean(value))


@pytest.mark.parametrize("buy", [bought, refused])
@pytest.mark.parametrize("options", [{}, {"keep_sizes": True}, {"redact": ["$.user", "email"]}])
def test_a_history_without_its_secrets_takes_the_same_course(buy: Any, options: dict[str, Any], tmp_path: Any) -> None:
    execution = states.run(SECRETS, SECRET_INPUT, {"login": logged_in, "buy": buy})
    assert execution.status == "SUCCEEDED"
    made = states.mocks_of(execution.history, machine=SECRETS, **options)
    assert made.differences == []
    text = made.to_yaml()
    hidden = [*HIDDEN, "t-123456", *(["ada@example.com"] if "redact" in options else [])]
    assert [secret for secret in hidden if secret in text or secret in json.dumps(made.mock_config())] == []
    assert made.cases[0].expect["path"] == ["Login", "Is admin", "Buy", "Out"]
    (tmp_path / "machine.asl.json").write_text(json.dumps(SECRETS))
    (tmp_path / "it.scenario.yaml").write_text(text)
    [outcome] = [play(one) for one in load(tmp_path / "it.scenario.yaml")]
    assert [str(one) for one in outcome.mismatches] == []


def test_what_was_computed_of_a_secret_is_expected_as_it_is_now() -> None:
    execution = states.run(SECRETS, SECRET_INPUT, {"login": logged_in, "buy": bought})
    [case] = states.mocks_of(execution.history, machine=SECRETS, redact=["$.user"]).cases
    assert case.expect["output"]["first"] == "REDACTED-1"
    assert case.notes == ["made of redacted data, so expected as it is now: $.first"]


def test_a_course_that_hangs_on_a_secret_is_told() -> None:
    execution = states.run(SECRETS, SECRET_INPUT, {"login": logged_in, "buy": bought})
    made = states.mocks_of(execution.history, machine=SECRETS, redact=["role"])
    assert made.same is False
    assert "status: recorded SUCCEEDED, now FAILED" in made.differences[0]
