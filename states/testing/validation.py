"""Whether a mocked answer is one that AWS could give: asked of the API models, for answers of services.

A test with a mock that can never come is green here and fails on AWS. So what is present is checked by default, what is left out is not;
`lambda:invoke` is checked only where its whole answer is given, functions and activities never. Without botocore nothing is checked.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html (fieldValidationMode)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from states.interpreter.resources import CALLBACK, SERVICE, Resource
from states.tasks.mocks import ERROR, NEVER, RESULT, Answer
from states.testing import service_models
from states.testing.service_models import MODES, NONE, PREFIX

Json = Any


def checked_mode(mode: str) -> str:
    """The mode; ValueError for one that there is not."""
    if mode not in MODES:
        raise ValueError(f"validation is {', '.join(MODES)}, not {mode!r}")
    return mode


def model_faults(resource: Resource, answer: Answer, mode: str) -> list[str]:
    """What AWS's TestState would say against a mocked answer of this Resource; nothing where there is no model."""
    if mode == NONE or resource.family != SERVICE or answer.kind in (ERROR, NEVER):
        return []
    checked = [service_models.check_result(arn, value, mode) for arn, value in _answers(resource, answer)]
    return [f"{PREFIX}{fault}" for each in checked for fault in each.faults]


def _answers(resource: Resource, answer: Answer) -> Iterator[tuple[str, Json]]:
    """Each answer of the service with the Resource whose it is: the result, and what it says when it takes the request."""
    if resource.pattern != CALLBACK and not (resource.is_invoke and answer.kind == RESULT):
        yield resource.arn, answer.value
    if resource.pattern and answer.submitted is not None:
        yield resource.arn.removesuffix(resource.action) + resource.api, answer.submitted
