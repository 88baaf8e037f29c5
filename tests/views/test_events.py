"""Events: timestamps and data of every form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from states.views import events
from states.views.events import Text


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [
        (12.5, 12.5),
        ("1970-01-01T00:00:12.500000+00:00", 12.5),
        ("1970-01-01T01:00:12.5+01:00", 12.5),
        ("1970-01-01T00:00:12Z", 12),
        (datetime(1970, 1, 1, 0, 0, 3, tzinfo=UTC), 3),
        ("yesterday", 0),
        (None, 0),
    ],
)
def test_timestamps_of_every_form(timestamp: Any, seconds: float) -> None:
    assert events.of_dictionary(1, {"timestamp": timestamp}).at == seconds


@pytest.mark.parametrize(
    ("data", "value", "text"),
    [
        (Text('{"a": 1}'), {"a": 1}, '{"a": 1}'),
        ({"a": [1, "ä"]}, {"a": [1, "ä"]}, '{"a": [1, "ä"]}'),
        ("plain", "plain", '"plain"'),
        (Text('{"cut": "of'), '{"cut": "of', '{"cut": "of'),
        (Text("null"), None, "null"),
        (None, None, "null"),
    ],
)
def test_data_as_value_and_as_text(data: Any, value: Any, text: str) -> None:
    assert events.value_of(data) == value
    assert events.text_of(data) == text
