"""A secret that is read, copied, young or an AWS service's own is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps_factories import days_ago, secret
from factories import context
from plainbill.analyzer.checks.secretsmanager_secret_unused import SecretsmanagerSecretUnused
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.secretsmanager import Secret


def judge(one: Secret) -> Verdict:
    return SecretsmanagerSecretUnused().evaluate(one, context(one))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(secret(last_accessed_at=days_ago(89.9)), id="read in time"),
        pytest.param(secret(owning_service="rds"), id="looked after by RDS"),
        pytest.param(secret(primary_region="eu-west-1"), id="a copy"),
        pytest.param(secret(created_at=None, last_accessed_at=days_ago(1)), id="of unknown age, but read"),
    ],
)
def test_a_secret_that_is_needed_is_left_alone(one: Secret) -> None:
    assert isinstance(judge(one), Ok)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(secret(created_at=days_ago(89), last_accessed_at=None), id="young and not yet read"),
        pytest.param(secret(created_at=None, last_accessed_at=None), id="of unknown age"),
    ],
)
def test_too_little_evidence_is_unknown(one: Secret) -> None:
    assert isinstance(judge(one), Unknown)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (secret(), "last read 120 days ago (threshold 90 days)"),
        (secret(last_accessed_at=None), "never read (threshold 90 days)"),
        (secret(primary_region="us-east-1"), "last read 120 days ago (threshold 90 days)"),
    ],
)
def test_a_secret_nobody_reads_saves_its_month(one: Secret, reason: str) -> None:
    found = judge(one)
    assert isinstance(found, Waste)
    assert found.reason == reason
    assert found.confidence is Confidence.MEDIUM
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("0.40")
