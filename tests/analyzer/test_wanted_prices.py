"""Which prices judging asks for, and that every finding says which it was judged by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from factories import NOW, context, flat_days, instance, volume
from plainbill.analyzer.checks.ebs_volume_unattached import EbsVolumeUnattached
from plainbill.analyzer.checks.ec2_instance_graviton import Ec2InstanceGraviton
from plainbill.analyzer.engine import pairs, run_checks
from plainbill.analyzer.wanted_prices import wanted_prices
from plainbill.analyzer.waste_check import Context
from plainbill.model.money import Money
from plainbill.model.resources.ebs import EbsVolume
from plainbill.prices import ListPrices, Origin, Rate, RateLadder, RateSource, Unit, UsageKey, UsageRates

UNATTACHED = EbsVolumeUnattached()
GP3 = "EBS:VolumeUsage.gp3"
HERE = UsageKey("us-east-1", "AmazonEC2", GP3)
IRELAND = UsageKey("eu-west-1", "AmazonEC2", GP3)
DAY = date(2026, 11, 20)


def rate(price: str, origin: Origin) -> Rate:
    return Rate(Money(Decimal(price)), Unit.GB_MONTH, DAY, "a source", origin)


def disk(region: str = "us-east-1", **changes: object) -> EbsVolume:
    plain = {"attached_to": (), "state": "available", "volume_type": "gp3", "size_gib": 100}
    return volume(region=region, **{**plain, "iops": 3000, "throughput_mib": 125, **changes})


def idle(*disks: EbsVolume, rates: RateSource | None = None) -> Context:
    """Volumes that nobody uses, at the prices of the tables unless others are given."""
    series = {(one.arn, metric): flat_days(None) for one in disks for metric in EbsVolumeUnattached.metrics}
    return context(*disks, series=series, rates=rates or ListPrices.load())


# --- what is not asked for ----------------------------------------------------------------------


def test_what_a_table_knows_is_not_wanted() -> None:
    known = idle(disk())
    found = wanted_prices(known, pairs([UNATTACHED], known))
    assert (found.unknown, found.listed, list(found.short)) == ({}, {}, [])


def test_what_nobody_asks_is_not_wanted() -> None:
    known = idle(disk("eu-west-1"))
    assert wanted_prices(known, []).unknown == {}


# --- what is ------------------------------------------------------------------------------------


def test_a_price_that_nobody_knows_is_wanted_in_its_unit_with_those_who_missed_it() -> None:
    one, other = disk("eu-west-1"), disk(volume_id="vol-2")
    known = idle(one, other)
    found = wanted_prices(known, pairs([UNATTACHED], known))
    assert found.unknown == {IRELAND: Unit.GB_MONTH}
    assert [resource for _, resource in found.short] == [one]


def test_all_parts_of_a_sum_are_wanted_at_once() -> None:
    known = idle(disk("eu-west-1", iops=6000, throughput_mib=500))
    found = wanted_prices(known, pairs([UNATTACHED], known))
    assert {key.usage_type for key in found.unknown} == {
        GP3, "EBS:VolumeP-IOPS.gp3", "EBS:VolumeP-Throughput.gp3",
    }  # fmt: skip


def test_a_price_of_the_list_is_still_wanted_so_that_it_is_renewed() -> None:
    listed = UsageRates({IRELAND: rate("0.088", Origin.PRICE_LIST)})
    known = idle(disk("eu-west-1"), rates=RateLadder([listed, ListPrices.load()]))
    found = wanted_prices(known, pairs([UNATTACHED], known))
    assert (found.unknown, found.listed) == ({}, {IRELAND: Unit.GB_MONTH})


def test_what_runs_is_wanted_with_its_system_and_tenancy_and_once_known_its_successors() -> None:
    windows = instance(region="eu-west-1", instance_type="m5.large", platform="Windows", tenancy="dedicated")
    linux = instance(region="eu-west-1", instance_type="m4.large")
    known = context(windows, linux)
    found = wanted_prices(known, pairs([Ec2InstanceGraviton()], known))
    assert {(key.usage_type, key.operation) for key in found.unknown} >= {
        ("DedicatedUsage:m5.large", "RunInstances:0002"),
        ("BoxUsage:m4.large", "RunInstances"),
    }
    key = UsageKey("eu-west-1", "AmazonEC2", "BoxUsage:m4.large", "RunInstances")
    price = Rate(Money(Decimal("0.111")), Unit.HOUR, DAY, "a source", Origin.PRICE_LIST)
    better = context(linux, rates=UsageRates({key: price}))
    found = wanted_prices(better, found.short)
    assert "BoxUsage:m6g.large" in {one.usage_type for one in found.unknown}


class Unsure(EbsVolumeUnattached):
    """A check that fails when it is asked what it asks for."""

    def prices_asked(self, resource: EbsVolume) -> tuple[()]:
        raise KeyError(resource.volume_id)


def test_a_check_that_fails_to_say_what_it_asks_for_is_judged() -> None:
    known = idle(disk("eu-west-1"))
    assert wanted_prices(known, pairs([Unsure()], known)).unknown == {IRELAND: Unit.GB_MONTH}


# --- what a finding says ------------------------------------------------------------------------


def found_at(rates: RateSource) -> tuple[Money | None, list[Origin]]:
    known = idle(disk(), rates=rates)
    (one,) = run_checks([UNATTACHED], known, []).findings
    return one.waste.monthly_saving, [rate.origin for _, _, rate in one.rates]


def test_a_finding_without_a_known_price_names_none() -> None:
    assert found_at(RateLadder([])) == (None, [])


def test_each_finding_names_the_best_rung_that_knew() -> None:
    billed = UsageRates({HERE: rate("0.05", Origin.BILLED)})
    listed = UsageRates({HERE: rate("0.07", Origin.PRICE_LIST)})
    tables = ListPrices.load()
    assert found_at(RateLadder([billed, listed, tables])) == (Money(Decimal(5)), [Origin.BILLED])
    assert found_at(RateLadder([listed, tables])) == (Money(Decimal(7)), [Origin.PRICE_LIST])
    assert found_at(RateLadder([tables])) == (Money(Decimal(8)), [Origin.BUILT_IN])


def test_a_finding_names_its_own_prices_and_not_those_of_the_one_before() -> None:
    listed = UsageRates({IRELAND: rate("0.088", Origin.PRICE_LIST)})
    known = idle(disk("eu-west-1"), disk(volume_id="vol-2"), rates=RateLadder([listed, ListPrices.load()]))
    found = run_checks([UNATTACHED], known, []).findings
    assert [[(region, one.origin) for region, _, one in each.rates] for each in found] == [
        [("eu-west-1", Origin.PRICE_LIST)],
        [("us-east-1", Origin.BUILT_IN)],
    ]


def test_what_was_made_for_all_checks_is_shared_with_whoever_notes_prices() -> None:
    known = context()
    noting, _ = known.noting()
    noting.once("key", lambda: 1)
    assert known.once("key", lambda: 2) == 1
    assert noting.now == NOW
