"""What the checks of volumes share: no metric is paid for that is not looked at, and none is misread."""

from __future__ import annotations

from itertools import product

import pytest

from ebs_factories import MIB, RUNNING, attached, peaks
from factories import context, days_of, flat_days, volume
from plainbill.analyzer.ebs_volumes import (
    IDLE_TIME,
    READ_BYTES_PEAK,
    READ_OPS,
    WRITE_OPS,
    Peak,
    gp3_settings,
    last_measured,
    operations,
    peak_of,
)
from plainbill.analyzer.registry import Check, all_checks
from plainbill.model.findings import Unknown
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume

CHECKS = [check for check in all_checks() if check.resource is EbsVolume and check.metrics]
VOLUMES = [
    volume(
        volume_type=kind,
        state=state,
        attached_to=to,
        is_root=is_root,
        iops=iops,
        throughput_mib=250 if kind == "gp3" else None,
    )
    for kind, (state, to), is_root, iops in product(
        ("gp2", "gp3", "io1", "io2", "st1", "standard"),
        (("available", ()), ("in-use", (RUNNING.instance_id,)), ("in-use", ())),
        (True, False),
        (3000, 8000),
    )
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_what_is_not_measured_is_decided_without_metrics(check: Check) -> None:
    assert any(check.measures(one) for one in VOLUMES)
    spared = [one for one in VOLUMES if not check.measures(one)]
    assert spared
    for one in spared:
        verdict = check.evaluate(one, context(one, RUNNING, asked=[Ec2Instance]))
        assert not isinstance(verdict, Unknown), one


def test_reads_and_writes_are_added_day_by_day() -> None:
    """Two days with equal numbers are two days, and a sum, not a mean."""
    one = attached()
    read, written = days_of(5.0, 5.0, None, 1.0, None), days_of(5.0, 5.0, 2.0, None, None)
    idle = days_of(1.0, 1.0, 1.0, 1.0, None)
    series = {(one.arn, READ_OPS): read, (one.arn, WRITE_OPS): written, (one.arn, IDLE_TIME): idle}
    used = operations(one, context(one, series=series), 5)
    assert used is not None
    assert used.values == (10.0, 10.0, 2.0, 1.0, None)


def test_operations_of_a_minute_become_operations_a_second() -> None:
    one = attached()
    known = context(one, RUNNING, series=peaks(one, read_iops=300.0, write_iops=200.0, read_mibps=50.0))
    assert known.series[one.arn, READ_BYTES_PEAK.key].maximum == 50.0 * 60 * MIB
    assert peak_of(one, known, 32) == Peak(iops=500.0, mibps=50.0)


def test_only_the_days_looked_back_on_count() -> None:
    one = attached()
    series = peaks(one)
    series[one.arn, READ_BYTES_PEAK] = days_of(*[60.0 * MIB * 900] * 31, *[0.0] * 32)
    assert peak_of(one, context(one, RUNNING, series=series), 32) == Peak(iops=0.0, mibps=0.0)


@pytest.mark.parametrize(("days", "ago"), [(0, 0), (1, 1), (31, 31), (32, 32), (63, 32)])
def test_the_last_day_with_a_datapoint_is_the_last_day_in_use(days: int, ago: int) -> None:
    one = volume()
    series = {(one.arn, IDLE_TIME): days_of(*[86_400.0] * (63 - days), *[None] * days)}
    assert last_measured(one, context(one, series=series), 32) == ago
    assert last_measured(one, context(one), 32) is None
    unused = {(one.arn, READ_OPS): flat_days(None), (one.arn, WRITE_OPS): flat_days(0.0)}
    assert last_measured(one, context(one, series=unused), 32) == 0


@pytest.mark.parametrize(
    ("iops", "mibps", "settings"),
    [
        (0.0, 0.0, (3000, 125)),
        (3000.0, 125.0, (3000, 125)),
        (3000.1, 125.1, (3100, 130)),
        (100.0, 900.0, (3600, 900)),  # 4 IOPS for each MiB/s
    ],
)
def test_a_gp3_volume_has_at_least_what_is_free(iops: float, mibps: float, settings: tuple[int, int]) -> None:
    assert gp3_settings(iops, mibps) == settings
