"""A notebook instance as SageMaker lists it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.sagemaker_notebooks import SageMakerNotebooks
from plainbill.model.resources.sagemaker import SageMakerNotebook

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {
    "NotebookInstanceName": "churn",
    "NotebookInstanceStatus": "InService",
    "InstanceType": "ml.t3.medium",
    "CreationTime": MADE.timestamp(),
}


def parsed_of(raw: dict[str, Any]) -> SageMakerNotebook:
    (one,) = SageMakerNotebooks.parse({"NotebookInstances": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> SageMakerNotebook:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == SageMakerNotebook(
        account_id="111122223333",
        region="us-east-1",
        notebook_name="churn",
        instance_type="ml.t3.medium",
        status="InService",
        created_at=MADE,
        changed_at=MADE,
    )


@pytest.mark.parametrize(
    "absent", ["NotebookInstanceName", "NotebookInstanceStatus", "InstanceType", "CreationTime"]
)
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_the_last_start_or_stop_is_kept_besides_the_day_it_was_made() -> None:
    changed = datetime(2026, 11, 1, tzinfo=UTC)
    assert parsed(LastModifiedTime=changed.timestamp()).changed_at == changed
