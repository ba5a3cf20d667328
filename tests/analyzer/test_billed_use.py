"""What the bill proves: nothing of what is not wholly on it, nothing beside any use; what it contradicts."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps_factories import stream
from billing_factories import BILL, HOURS, billed, in_october, span, usage
from factories import NOW, context, days_of, flat_days, gap
from network_factories import classic, endpoint, load_balancer, nat_gateway, route_table
from plainbill.analyzer.checks.elb_classic_unused import HEALTHY, REQUESTS, ElbClassicUnused
from plainbill.analyzer.checks.elb_load_balancer_no_traffic import ElbLoadBalancerNoTraffic
from plainbill.analyzer.checks.kinesis_stream_idle import KinesisStreamIdle
from plainbill.analyzer.checks.nat_gateway_unused import NatGatewayUnused
from plainbill.analyzer.checks.vpc_endpoint_unused import VpcEndpointUnused
from plainbill.analyzer.nat_traffic import ACTIVE_CONNECTIONS, PACKETS_BACK, PACKETS_OUT
from plainbill.model.billing import BilledUsage, UsageRecord
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.vpc import NatGateway, RouteTable

MINE, OTHER = "111122223333", "444455556666"
OWN = str(HOURS)  # as many hours as the bill has, of one gateway
NAT_HOURS = usage("NatGateway-Hours", MINE, OWN, "34.56")
BYTES = usage("NatGateway-Bytes", MINE, "0.0000000001", "0", unit="GB")
NOTHING_READ = [gap()]
SILENT = {
    (nat_gateway().arn, metric): flat_days(0.0) for metric in (ACTIVE_CONNECTIONS, PACKETS_OUT, PACKETS_BACK)
}


def judge(*records: UsageRecord, gateway: NatGateway | None = None, **changes: Any) -> Verdict:
    """A gateway in no route table, of which CloudWatch was not read, and a bill of these records."""
    gateway = gateway or nat_gateway()
    plain: dict[str, Any] = {"billed": billed(*records), "gaps": NOTHING_READ}
    return NatGatewayUnused().evaluate(gateway, context(gateway, asked=[RouteTable], **(plain | changes)))


def is_proven(*records: UsageRecord, **changes: Any) -> bool:
    verdict = judge(*records, **changes)
    assert isinstance(verdict, Unknown | Waste)
    return isinstance(verdict, Waste)


@pytest.mark.parametrize(
    "unread",
    [None, BilledUsage(by_operation=span(NAT_HOURS), by_account=None)],
    ids=["none", "not this table"],
)
def test_a_bill_that_was_not_read_proves_nothing(unread: BilledUsage | None) -> None:
    assert not is_proven(billed=unread)


def test_a_bill_without_the_hours_proves_nothing() -> None:
    """It may be another's: a shared VPC's, or one that somebody else pays."""
    assert not is_proven()
    assert not is_proven(usage("NatGateway-Hours", OTHER, OWN, "34.56"))


def test_one_byte_of_any_gateway_of_the_account_and_region_acquits_all_of_them() -> None:
    assert not is_proven(NAT_HOURS, BYTES)
    assert not is_proven(NAT_HOURS, in_october(BYTES))
    assert not is_proven(NAT_HOURS, usage("USE1-NatGateway-Bytes", MINE, "3", "0.135", unit="GB"))


def test_use_under_a_name_that_is_not_known_acquits_as_well() -> None:
    assert not is_proven(NAT_HOURS, usage("NatGateway-Prvd-Bytes", MINE, "3", "0.1", unit="GB"))


def test_use_that_was_given_back_was_use() -> None:
    back = usage("NatGateway-Bytes", MINE, "-3", "-0.135", unit="GB")
    assert not is_proven(NAT_HOURS, usage("NatGateway-Bytes", MINE, "3", "0.135", unit="GB"), back)


@pytest.mark.parametrize(
    "made",
    [BILL.start, BILL.start + timedelta(hours=1), NOW - timedelta(days=40), None],
    ids=["on the bill's first instant", "an hour later", "long before", "nobody knows"],
)
def test_one_younger_than_the_bill_is_not_proven(made: datetime | None) -> None:
    gateway = nat_gateway(created_at=made)
    assert is_proven(NAT_HOURS, gateway=gateway) == (made is not None and made < BILL.start)


def test_fewer_hours_than_its_own_are_not_all_of_them() -> None:
    """Those that are missing have not reached the bill, and neither may what went through it."""
    assert not is_proven(usage("NatGateway-Hours", MINE, str(HOURS * 0.97), "30"))
    assert is_proven(usage("NatGateway-Hours", MINE, str(HOURS * 0.98), "30"))


@pytest.mark.parametrize(("days_later", "proven"), [(0, True), (2, True), (3, False), (30, False)])
def test_an_old_bill_says_nothing_of_today(days_later: int, proven: bool) -> None:
    assert is_proven(NAT_HOURS, now=NOW + timedelta(days=days_later)) == proven


def test_a_bill_of_fewer_days_than_are_looked_back_on_proves_nothing() -> None:
    gateway = nat_gateway()
    known = context(gateway, asked=[RouteTable], billed=billed(NAT_HOURS), gaps=NOTHING_READ)
    assert isinstance(NatGatewayUnused(min_days=33).evaluate(gateway, known), Unknown)
    assert isinstance(NatGatewayUnused(min_days=32).evaluate(gateway, known), Waste)


def test_hours_in_another_region_are_none_of_its_own() -> None:
    assert not is_proven(usage("EU-NatGateway-Hours", MINE, OWN, "34.56"))
    assert not is_proven(NAT_HOURS, gateway=nat_gateway(region="eu-west-1"))
    assert not is_proven(usage("LAX1-NatGateway-Hours", MINE, OWN, "34.56"))


def test_what_cloudwatch_measured_of_it_outweighs_the_bill() -> None:
    """However little of it was read: too little to acquit by itself, enough to contradict."""
    arn = nat_gateway().arn
    seen = {(arn, PACKETS_OUT): days_of(None, 7.0, None)}
    assert not is_proven(NAT_HOURS, series=seen)
    assert is_proven(NAT_HOURS, series={(arn, PACKETS_OUT): days_of(None, 0.0, None)})
    assert isinstance(judge(NAT_HOURS, series=SILENT | {(arn, PACKETS_OUT): flat_days(1.0)}), Ok)


def test_route_tables_that_were_not_read_leave_it_open() -> None:
    assert isinstance(judge(NAT_HOURS, gaps=[gap(source="route_tables")]), Unknown)


def test_hours_and_no_byte_prove_a_gateway_unused_without_cloudwatch() -> None:
    october = in_october(usage("USE1-NatGateway-Hours", MINE, "240", "10.8"))
    found = judge(usage("NatGateway-Hours", MINE, "528", "23.76"), october)
    assert isinstance(found, Waste)
    assert found.reason == (
        "The bill of 2026-10-22 to 2026-11-22 has 768 hours of NAT gateways in this account and Region, "
        "and no use of any."
    )
    assert found.confidence is Confidence.HIGH
    assert [(one.label, one.value) for one in found.evidence] == [
        ("billed NatGateway-Hours, USE1-NatGateway-Hours", 768.0),
        ("billed for them", "34.56 USD"),
        ("billed use of any", 0),
        ("days of the bill", "2026-10-22 to 2026-11-22"),
        ("route tables that lead to it", 0),
    ]
    assert found.doubts[-1] == "What happened after the bill's last day is not in it."
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("32.85")


def test_a_route_makes_it_a_hint_here_too() -> None:
    gateway, routed = nat_gateway(), route_table(nat_gateway_ids=("nat-1",))
    found = NatGatewayUnused().evaluate(gateway, context(gateway, routed, billed=billed(NAT_HOURS)))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW


# Where CloudWatch measured nothing and the bill has use.


def silent(*records: UsageRecord, others: tuple[NatGateway, ...] = (), days: int = 32) -> Verdict:
    """A gateway without a packet by CloudWatch, and what the bill says."""
    gateway = nat_gateway()
    known = context(gateway, *others, asked=[RouteTable], series=SILENT, billed=billed(*records))
    return NatGatewayUnused(min_days=days).evaluate(gateway, known)


def test_use_of_others_on_the_bill_does_not_acquit_a_silent_one() -> None:
    two = usage("NatGateway-Hours", MINE, str(2 * HOURS), "69.12")
    beside = nat_gateway(nat_gateway_id="nat-2")
    for verdict in (silent(two, BYTES, others=(beside,)), silent(NAT_HOURS, BYTES, others=(beside,))):
        assert isinstance(verdict, Waste)
        assert verdict.confidence is Confidence.HIGH


def test_hours_of_one_that_is_gone_leave_open_whose_use_it_was() -> None:
    more = usage("NatGateway-Hours", MINE, str(HOURS + 24), "35.64")
    verdict = silent(more, BYTES)
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.HIGH


def test_billed_use_of_the_only_one_is_a_doubt_where_the_bill_goes_further_back() -> None:
    verdict = silent(NAT_HOURS, BYTES)
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW
    assert verdict.doubts[-1] == (
        "The bill of 2026-10-22 to 2026-11-22 has use of NAT gateways, and this is the only one here: "
        "before the look-back, or not measured."
    )


def test_billed_use_of_the_only_one_within_the_look_back_contradicts_cloudwatch() -> None:
    verdict = silent(NAT_HOURS, BYTES, days=40)
    assert isinstance(verdict, Unknown)
    assert verdict.reason.startswith("CloudWatch measured nothing, but the bill")


def test_a_bill_without_use_leaves_the_verdict_of_cloudwatch_as_it_is() -> None:
    assert silent(NAT_HOURS) == silent()
    assert isinstance(silent(), Waste)


# The other kinds.


def endpoints_of(*records: UsageRecord, zones: int = 2, **changes: Any) -> Verdict:
    one = endpoint(subnet_ids=tuple(f"subnet-{zone}" for zone in range(zones)), **changes)
    return VpcEndpointUnused().evaluate(one, context(one, billed=billed(*records)))


def test_an_endpoint_is_billed_in_each_of_its_zones() -> None:
    one_zone = usage("VpcEndpoint-Hours", MINE, OWN, "7.68")
    assert isinstance(endpoints_of(one_zone), Unknown)
    found = endpoints_of(usage("VpcEndpoint-Hours", MINE, str(2 * HOURS), "15.36"))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
    assert found.evidence[-1].label == "zones"


def test_hours_of_one_type_of_endpoint_are_none_of_the_other() -> None:
    hours = usage("VpcEndpoint-Hours", MINE, str(2 * HOURS), "15.36")
    assert isinstance(endpoints_of(hours, endpoint_type="GatewayLoadBalancer"), Unknown)
    own = usage("VpcEndpoint-GWLBE-Hours", MINE, str(2 * HOURS), "15.36")
    assert isinstance(endpoints_of(own, endpoint_type="GatewayLoadBalancer"), Waste)
    assert isinstance(endpoints_of(hours, endpoint_type="Gateway"), Ok)


BALANCER_HOURS = usage("LoadBalancerUsage", MINE, OWN, "17.28")


def balancer_of(*records: UsageRecord) -> Verdict:
    one = load_balancer()
    return ElbLoadBalancerNoTraffic().evaluate(one, context(one, billed=billed(*records)))


def test_a_capacity_unit_of_any_load_balancer_acquits_all_of_them() -> None:
    assert isinstance(balancer_of(BALANCER_HOURS, usage("LCUUsage", MINE, "0.0001", "0")), Unknown)
    assert isinstance(balancer_of(BALANCER_HOURS, usage("ReservedLCUUsage", MINE, "1", "0.008")), Unknown)


def test_a_load_balancer_is_proven_by_hours_without_a_capacity_unit() -> None:
    found = balancer_of(BALANCER_HOURS, usage("DataProcessing-Bytes", MINE, "5", "2.5", unit="GB"))
    assert isinstance(found, Waste)
    assert "no use of any" in found.reason


def classic_of(*records: UsageRecord, **changes: Any) -> Verdict:
    one = classic()
    return ElbClassicUnused().evaluate(one, context(one, billed=billed(*records), **changes))


def test_a_classic_one_is_not_proven_where_logs_are_billed_under_the_name_of_its_data() -> None:
    logs = usage("DataProcessing-Bytes", MINE, "5", "2.5", unit="GB")
    assert isinstance(classic_of(BALANCER_HOURS, logs), Unknown)
    assert isinstance(classic_of(BALANCER_HOURS), Waste)


def test_logs_do_not_contradict_a_classic_one_without_requests() -> None:
    one = classic()
    series = {(one.arn, HEALTHY): flat_days(2.0), (one.arn, REQUESTS): flat_days(None)}
    logs = usage("DataProcessing-Bytes", MINE, "5", "2.5", unit="GB")
    verdict = classic_of(BALANCER_HOURS, logs, series=series)
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.HIGH


def stream_of(*records: UsageRecord, **changes: Any) -> Verdict:
    one = stream(**changes)
    return KinesisStreamIdle().evaluate(one, context(one, billed=billed(*records)))


def test_a_record_put_into_any_stream_acquits_all_of_them() -> None:
    shards = usage("Storage-ShardHour", MINE, str(4 * HOURS), "46.08", unit="ShardHour")
    put = usage("PutRequestPayloadUnits", MINE, "1", "0", unit="PutRequest")
    incoming = usage("OnDemand-BilledIncomingBytes", MINE, "0.01", "0", unit="GB")
    assert isinstance(stream_of(shards, put), Unknown)
    assert isinstance(stream_of(shards, incoming), Unknown)
    assert isinstance(stream_of(shards, open_shards=5), Unknown)
    assert isinstance(stream_of(shards), Waste)


def test_a_stream_on_demand_is_billed_as_a_whole() -> None:
    hours = usage("OnDemand-StreamHour", MINE, OWN, "30.72", unit="StreamHour")
    assert isinstance(stream_of(hours), Unknown)
    assert isinstance(stream_of(hours, mode="ON_DEMAND", open_shards=4), Waste)
