"""Classic Load Balancers: a silence of requests counts only beside healthy instances that were reported."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from factories import NOW, context, days_of, flat_days
from network_factories import classic
from plainbill.analyzer.checks.elb_classic_unused import HEALTHY, REQUESTS, ElbClassicUnused
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import ClassicLoadBalancer

NONE, TWO = flat_days(None), flat_days(2.0)


def judge(
    requests: Series | None, healthy: Series | None, balancer: ClassicLoadBalancer | None = None
) -> Verdict:
    balancer = balancer or classic()
    read = {REQUESTS: requests, HEALTHY: healthy}
    series = {(balancer.arn, metric): values for metric, values in read.items() if values is not None}
    known = context(balancer, asked=[NetworkInterface], series=series)
    return ElbClassicUnused().evaluate(balancer, known)


@pytest.mark.parametrize("healthy", [TWO, NONE, None])
def test_one_request_acquits_whatever_else_is_missing(healthy: Series | None) -> None:
    once = days_of(*[None] * 13, 1.0)
    assert isinstance(judge(once, healthy), Ok)
    assert isinstance(judge(once, healthy, classic(instance_ids=())), Ok)


@pytest.mark.parametrize(
    ("requests", "healthy"),
    [
        pytest.param(None, None, id="nothing was read"),
        pytest.param(None, TWO, id="requests were not read"),
        pytest.param(NONE, NONE, id="nothing was measured"),
        pytest.param(NONE, days_of(*[None] * 3, *[2.0] * 11), id="health on 11 of 14 days"),
        pytest.param(flat_days(None, 13), flat_days(2.0, 13), id="13 days"),
    ],
)
def test_a_silence_that_is_not_shown_to_be_one_is_unknown(
    requests: Series | None, healthy: Series | None
) -> None:
    assert isinstance(judge(requests, healthy), Unknown)


def test_a_young_one_is_not_judged() -> None:
    young = classic(created_at=NOW - timedelta(days=13), instance_ids=())
    assert isinstance(judge(NONE, NONE, young), Unknown)


@pytest.mark.parametrize(
    ("balancer", "requests", "healthy", "reason", "confidence"),
    [
        pytest.param(
            classic(instance_ids=()), None, None, "No instance is registered with it.", Confidence.HIGH,
            id="no instance",
        ),
        pytest.param(
            classic(), NONE, flat_days(0.0), "None of its 2 instances was healthy in 14 days.",
            Confidence.MEDIUM, id="no healthy instance",
        ),
        pytest.param(
            classic(), NONE, TWO, "No request or connection in 14 days.", Confidence.HIGH, id="no request"
        ),
        pytest.param(
            classic(tags={"kubernetes.io/cluster/prod": "owned"}), NONE, TWO,
            "No request or connection in 14 days.", Confidence.MEDIUM, id="made by Kubernetes",
        ),
    ],
)  # fmt: skip
def test_one_that_serves_nobody_costs_its_hours(
    balancer: ClassicLoadBalancer,
    requests: Series | None,
    healthy: Series | None,
    reason: str,
    confidence: Confidence,
) -> None:
    found = judge(requests, healthy, balancer)
    assert isinstance(found, Waste)
    assert (found.reason, found.confidence) == (reason, confidence)
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("18.25")  # $0.025 x 730 h


def test_one_healthy_instance_on_one_day_makes_it_a_matter_of_requests() -> None:
    once = days_of(*[0.0] * 13, 1.0)
    found = judge(NONE, once)
    assert isinstance(found, Waste)
    assert found.reason.startswith("No request")


def test_requests_that_were_not_measured_are_shown_as_not_measured() -> None:
    found = judge(None, None, classic(instance_ids=()))
    assert isinstance(found, Waste)
    assert found.evidence[1].value is None
