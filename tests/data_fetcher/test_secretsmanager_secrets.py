"""A secret as Secrets Manager lists it; one that was never read has no day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.secretsmanager_secrets import Secrets
from plainbill.model.resources.secretsmanager import Secret

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {
    "Name": "shop/key",
    "ARN": "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/key-AbCdEf",
}


def parsed_of(raw: dict[str, Any]) -> Secret:
    (one,) = Secrets.parse({"SecretList": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> Secret:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == Secret(
        account_id="111122223333",
        region="us-east-1",
        secret_name="shop/key",
        secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/key-AbCdEf",
    )


@pytest.mark.parametrize("absent", ["Name", "ARN"])
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_days_owner_copy_and_rotation_are_kept() -> None:
    one = parsed(
        CreatedDate=MADE.timestamp(),
        LastAccessedDate=MADE.timestamp(),
        OwningService="rds",
        PrimaryRegion="eu-west-1",
        RotationEnabled=True,
    )
    assert (one.created_at, one.last_accessed_at) == (MADE, MADE)
    assert (one.owning_service, one.primary_region, one.is_rotated) == ("rds", "eu-west-1", True)


def test_a_secret_that_is_being_deleted_is_not_billed_and_left_out() -> None:
    assert list(Secrets.parse({"SecretList": [LEAST | {"DeletedDate": MADE.timestamp()}]}, SCOPE)) == []


def test_tags_are_kept_as_they_are_even_hostile_ones() -> None:
    hostile = "'; DROP TABLE costs;--"
    assert parsed(Tags=[{"Key": "team", "Value": hostile}]).tags == {"team": hostile}
