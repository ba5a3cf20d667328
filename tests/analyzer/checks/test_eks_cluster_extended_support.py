"""The day standard support ends decides, and what the cluster does then; the surcharge alone is saved."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps_factories import cluster, days_ago
from factories import context
from plainbill.analyzer.checks.eks_cluster_extended_support import EksClusterExtendedSupport
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.resources.eks import EksCluster


def judge(one: EksCluster) -> Verdict:
    return EksClusterExtendedSupport().evaluate(one, context(one))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(cluster(standard_support_ends_at=days_ago(-60)), id="in standard support"),
        pytest.param(cluster(standard_support_ends_at=days_ago(0.5)), id="on its last day"),
        pytest.param(cluster(support_type="STANDARD"), id="upgraded by AWS at the end"),
        pytest.param(cluster(status="DELETING"), id="being deleted"),
    ],
)
def test_a_cluster_at_the_standard_price_is_left_alone(one: EksCluster) -> None:
    assert isinstance(judge(one), Ok)


def test_a_version_of_which_aws_said_no_date_is_unknown() -> None:
    found = judge(cluster(standard_support_ends_at=None))
    assert isinstance(found, Unknown)
    assert "1.32" in found.reason


def test_extended_support_saves_its_surcharge_and_not_the_control_plane() -> None:
    found = judge(cluster())
    assert isinstance(found, Waste)
    assert found.monthly_cost is not None
    assert found.monthly_saving is not None
    assert found.monthly_cost.amount == Decimal(438)  # 730 h x $0.60
    assert found.monthly_saving.amount == Decimal(365)  # 730 h x $0.50
    assert "ended on 2026-08-16, 100 days ago" in found.reason


def test_where_aws_does_not_say_which_support_it_has_that_is_a_doubt() -> None:
    found = judge(cluster(support_type=None))
    assert isinstance(found, Waste)
    assert found.doubts


def test_a_region_without_a_price_has_none() -> None:
    found = judge(cluster(region="sa-east-1"))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
