"""Idle search domains: no search and no document on any day."""

from __future__ import annotations

from decimal import Decimal

import pytest

from databases_factories import domain
from factories import context, days_of, flat_days
from plainbill.analyzer.checks.opensearch_domain_idle import SEARCHES, WRITES, OpenSearchDomainIdle
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.opensearch import OpenSearchDomain

NOTHING = flat_days(0)


def judge(
    one: OpenSearchDomain, searches: Series | None = NOTHING, writes: Series | None = NOTHING
) -> Verdict:
    measured = {SEARCHES: searches, WRITES: writes}
    series = {(one.arn, metric): values for metric, values in measured.items() if values is not None}
    return OpenSearchDomainIdle().evaluate(one, context(one, series=series))


@pytest.mark.parametrize(
    ("searches", "writes"),
    [
        pytest.param(flat_days(5000), flat_days(0), id="searched"),
        pytest.param(flat_days(0), flat_days(9), id="written to, for an incident to come"),
        pytest.param(days_of(*[0] * 50, 2, *[0] * 12), flat_days(0), id="two searches on one day"),
    ],
)
def test_one_search_or_document_is_use(searches: Series, writes: Series) -> None:
    assert isinstance(judge(domain(), searches, writes), Ok)


def test_one_that_is_being_deleted_is_left_alone() -> None:
    assert isinstance(judge(domain(is_deleted=True)), Ok)


@pytest.mark.parametrize(
    "values", [None, flat_days(0, days=13), flat_days(None), days_of(*[None] * 50, *[0] * 13)]
)
def test_what_was_not_measured_every_day_is_unknown(values: Series | None) -> None:
    assert isinstance(judge(domain(), searches=values), Unknown)
    assert isinstance(judge(domain(), writes=values), Unknown)


def test_nodes_and_disks_are_the_saving() -> None:
    verdict = judge(domain(warm_type="ultrawarm1.medium.search", warm_nodes=2))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is not None
    # 2 x 730 h x $0.587 + 2 x 730 h x $0.238 + 2 x 100 GiB x $0.135
    assert verdict.monthly_saving.amount == Decimal("1231.50")
    assert verdict.reason == (
        "0 searches and 0 documents written in 14 days (every day was measured); its 4 nodes are billed by "
        "the hour."
    )


@pytest.mark.parametrize(
    "unpriced",
    [
        pytest.param(domain(volume_type="gp3"), id="disks of unknown price"),
        pytest.param(domain(master_type="m6g.large.search", masters=3), id="masters of unknown price"),
        pytest.param(domain(masters=3), id="masters of unknown type"),
        pytest.param(domain(other_nodes=1), id="further nodes"),
        pytest.param(domain(region="eu-west-1"), id="a Region without prices"),
    ],
)
def test_one_unknown_price_makes_the_saving_unknown(unpriced: OpenSearchDomain) -> None:
    verdict = judge(unpriced)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None


def test_metrics_of_one_that_goes_are_not_read() -> None:
    assert OpenSearchDomainIdle().measures(domain())
    assert not OpenSearchDomainIdle().measures(domain(is_deleted=True))
