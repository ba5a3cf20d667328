"""What types are, and which type must not be offered in another's place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plainbill.prices import InstanceSpec, InstanceSpecs, PriceBook

HOME = "us-east-1"
SPECS = InstanceSpecs.load()
PRICES = PriceBook.load()
EVERY = [spec for name in SPECS.names if (spec := SPECS.of(name)) is not None]


def of(name: str) -> InstanceSpec:
    spec = SPECS.of(name)
    assert spec is not None, name
    return spec


# --- what is not offered -----------------------------------------------------------------------


def test_an_unknown_type_has_no_facts_and_no_relatives() -> None:
    assert SPECS.of("m99.large") is None
    assert SPECS.one_size_down("m99.large") is None
    assert SPECS.newer("m99.large", HOME, PRICES) == ()
    assert SPECS.graviton("m99.large", HOME, PRICES) is None
    assert SPECS.shortfalls("m99.large", "m5.large") is None


@pytest.mark.parametrize("name", ["m5.large", "t3.nano", "m5.metal", "u-6tb1.metal", "hpc6a.48xlarge"])
def test_the_smallest_of_a_family_and_bare_metal_have_nothing_below(name: str) -> None:
    assert SPECS.one_size_down(name) is None


@pytest.mark.parametrize("name", ["m7i.large", "m6g.large", "t2.medium"])
def test_a_type_that_aws_calls_current_has_no_successor(name: str) -> None:
    assert of(name).is_current
    assert SPECS.successors(name, HOME, PRICES) == ()


@pytest.mark.parametrize("name", ["g5.xlarge", "p3.2xlarge", "inf1.xlarge", "f1.2xlarge"])
def test_accelerated_types_are_replaced_by_nothing(name: str) -> None:
    assert SPECS.newer(name, HOME, PRICES) == ()
    assert SPECS.graviton(name, HOME, PRICES) is None


def test_nothing_is_offered_where_the_region_has_no_list() -> None:
    assert SPECS.successors("m4.large", "eu-west-1", PRICES) == ()
    assert SPECS.graviton("m5.large", "eu-west-1", PRICES) is None


def test_graviton_itself_needs_no_graviton() -> None:
    assert SPECS.graviton("m6g.large", HOME, PRICES) is None


def test_a_type_with_local_disks_is_not_offered_one_without() -> None:
    offered = SPECS.successors("m3.xlarge", HOME, PRICES)
    assert offered
    assert all(of(name).instance_store_gb >= of("m3.xlarge").instance_store_gb for name in offered)


def test_a_steady_type_is_never_offered_a_burstable_or_flex_one() -> None:
    for spec in EVERY:
        if spec.is_burstable or spec.is_flex:
            continue
        for name in SPECS.newer(spec.instance_type, HOME, PRICES):
            assert not of(name).is_burstable
            assert not of(name).is_flex


def test_what_has_no_credits_needs_no_steady_type() -> None:
    assert SPECS.steady("m5.large", HOME, PRICES) is None
    assert SPECS.steady("t9.medium", HOME, PRICES) is None
    assert SPECS.steady("t3.medium", "sa-east-1", PRICES) is None


def test_a_steady_type_has_all_that_the_burstable_one_has_and_no_credits() -> None:
    burstable = [spec for spec in EVERY if spec.is_burstable]
    assert len(burstable) > 20
    for spec in burstable:
        name = SPECS.steady(spec.instance_type, HOME, PRICES)
        assert name is not None
        other = of(name)
        assert other.vcpus >= spec.vcpus
        assert other.memory_mib >= spec.memory_mib
        assert other.architectures & spec.architectures
        special = (other.is_burstable, other.is_flex, other.is_accelerated, other.is_bare_metal)
        assert not any(special)


# --- what is offered is better in every way that is promised ------------------------------------


def test_every_newer_type_does_the_same_work_for_less() -> None:
    offers = [(spec, of(name)) for spec in EVERY for name in SPECS.newer(spec.instance_type, HOME, PRICES)]
    assert len(offers) > 100
    for old, new in offers:
        assert new.is_current
        assert new.series == old.series
        assert (new.generation or 0) > (old.generation or 0)
        assert new.vcpus == old.vcpus
        assert new.memory_mib >= old.memory_mib
        assert new.architectures & old.architectures
        assert _price(new) < _price(old)


def test_every_graviton_type_does_the_same_work_for_less() -> None:
    offers = [
        (spec, of(name)) for spec in EVERY if (name := SPECS.graviton(spec.instance_type, HOME, PRICES))
    ]
    assert len(offers) > 100
    for old, new in offers:
        assert new.is_current
        assert "arm64" in new.architectures
        assert "arm64" not in old.architectures
        assert (new.vcpus, new.series) == (old.vcpus, old.series)
        assert new.memory_mib >= old.memory_mib
        assert _price(new) < _price(old)


def test_successors_come_cheapest_first() -> None:
    offered = SPECS.successors("m4.large", HOME, PRICES)
    assert len(offered) > 1
    assert [_price(of(name)) for name in offered] == sorted(_price(of(name)) for name in offered)


def test_one_size_down_is_smaller_and_nothing_lies_between() -> None:
    steps = [(spec, of(name)) for spec in EVERY if (name := SPECS.one_size_down(spec.instance_type))]
    assert len(steps) > 500
    for big, small in steps:
        assert big.family == small.family
        assert (small.vcpus, small.memory_mib) < (big.vcpus, big.memory_mib)
        between = [
            spec
            for spec in EVERY
            if spec.family == big.family
            and not spec.is_bare_metal
            and (small.vcpus, small.memory_mib) < (spec.vcpus, spec.memory_mib) < (big.vcpus, big.memory_mib)
        ]
        assert between == []


def _price(spec: InstanceSpec) -> Decimal:
    price = PRICES.of_type(HOME, spec.instance_type)
    assert price is not None
    return price.amount


# --- looked up by hand ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "smaller"),
    [
        ("m5.2xlarge", "m5.xlarge"),
        ("c5.9xlarge", "c5.4xlarge"),
        ("t3.large", "t3.medium"),
        ("m7i-flex.xlarge", "m7i-flex.large"),
        ("r6gd.16xlarge", "r6gd.12xlarge"),
    ],
)
def test_the_next_smaller_size_is_found(name: str, smaller: str) -> None:
    assert SPECS.one_size_down(name) == smaller


@pytest.mark.parametrize(
    ("name", "arm"),
    [
        ("m5.large", "m6g.large"),
        ("t3.large", "t4g.large"),
        ("c6a.xlarge", "c6g.xlarge"),
        ("r5.2xlarge", "r6g.2xlarge"),
    ],
)
def test_the_graviton_of_common_types_is_found(name: str, arm: str) -> None:
    assert SPECS.graviton(name, HOME, PRICES) == arm


def test_the_successors_of_an_m4_large_are_found() -> None:
    assert SPECS.successors("m4.large", HOME, PRICES) == ("m5a.large", "m6a.large")


def test_the_newer_of_a_current_t2_is_found() -> None:
    assert "t3.medium" in SPECS.newer("t2.medium", HOME, PRICES)


def test_a_lower_bandwidth_is_named() -> None:
    shortfalls = SPECS.shortfalls("m5.large", "m6g.large")
    assert shortfalls is not None
    assert [(one.of, one.has, one.would_have) for one in shortfalls] == [("EBS", 650, 630)]
    assert SPECS.shortfalls("m5.large", "m5.xlarge") == ()


def test_facts_are_those_of_aws() -> None:
    burstable, shared_gpu, steady = of("t3.large"), of("g6f.large"), of("m5.large")
    assert (burstable.vcpus, burstable.memory_mib, burstable.baseline_percent) == (2, 8192, Decimal(30))
    assert shared_gpu.gpus == Decimal("0.125")
    assert shared_gpu.is_accelerated
    assert (steady.hypervisor, steady.manufacturer, steady.network_mbps) == ("nitro", "Intel", 750)
    assert not steady.is_current
    assert steady.baseline_percent is None
    assert of("t2.xlarge").baseline_percent == Decimal("22.5")
    assert len(SPECS) == 1373
