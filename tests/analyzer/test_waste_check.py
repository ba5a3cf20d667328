"""What a check is told, and what is kept from it because it is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from factories import context, days_of, flat_days, gap, instance, volume
from plainbill.analyzer.waste_check import Context, WasteCheck, metrics_of
from plainbill.model.findings import Action, Effort, Verdict
from plainbill.model.metrics import Metric, Series
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume

OPS = Metric("AWS/EBS", "VolumeReadOps", "Sum")


def test_nothing_follows_from_what_is_absent_where_not_everything_was_read() -> None:
    denied = gap(source="ec2_instances")
    known = context(volume(), instance(), gaps=[denied])
    assert known.inventory.beside(volume(), Ec2Instance) is None
    assert context(volume()).inventory.beside(volume(), Ec2Instance) is None, "never asked for"


def test_what_was_read_to_the_end_is_told_also_when_it_is_nothing() -> None:
    elsewhere = instance(region="eu-west-1")
    known = context(volume(), elsewhere, gaps=[gap(source="ec2_instances", region="eu-west-1")])
    assert known.inventory.beside(volume(), Ec2Instance) == ()
    assert context(volume(), instance()).inventory.beside(volume(), Ec2Instance) == [instance()]


def test_what_is_beside_is_found_by_each_value_of_a_field() -> None:
    both = volume(volume_id="vol-1", attached_to=("i-1", "i-2"))
    one, far = (
        volume(volume_id="vol-2", attached_to=("i-2",)),
        volume(region="eu-west-1", attached_to=("i-1",)),
    )
    known = context(instance(), both, one, far, volume()).inventory
    found = known.beside_by(instance(), EbsVolume, "attached_to")
    assert found == {"i-1": [both], "i-2": [both, one]}
    assert known.beside_by(instance(), EbsVolume, "attached_to") is found, "made once"
    sizes = known.beside_by(instance(), EbsVolume, "size_gib")
    assert sizes is not None
    assert len(sizes[100]) == 3


def test_nothing_is_found_by_a_field_where_not_everything_was_read() -> None:
    known = context(volume(), instance(), gaps=[gap(source="ec2_instances")])
    assert known.inventory.beside_by(volume(), Ec2Instance, "instance_id") is None


def test_a_metric_that_was_not_read_or_not_for_long_enough_is_not_told() -> None:
    used = context(series={(volume().arn, OPS): flat_days(0.0, 13)})
    assert used.used(volume(), OPS, 14) is None
    assert used.used(volume(volume_id="vol-other"), OPS, 7) is None
    week = used.used(volume(), OPS, 7)
    assert week is not None
    assert (len(week.values), week.period.days) == (7, 7)


def test_a_day_without_a_datapoint_is_no_zero() -> None:
    series = days_of(4.0, None, 2.0, float("nan"))
    assert series.known == [4.0, 2.0]
    assert (series.coverage, series.mean, series.total, series.maximum) == (0.5, 3.0, 6.0, 4.0)
    assert flat_days(None).maximum is None
    assert flat_days(None).total is None


def test_a_series_has_a_value_for_every_step() -> None:
    with pytest.raises(ValueError, match="2 values for a period of 3 steps"):
        Series(Period.last_days(3, days_of(1.0).period.end_day), timedelta(days=1), (1.0, 2.0))


@dataclass(frozen=True)
class Measuring(WasteCheck[EbsVolume]):
    """Wants a metric of attached volumes."""

    id, title = "measuring", "Measures attached volumes"
    resource, action, effort, metrics = EbsVolume, Action.DELETE, Effort.LOW, (OPS,)
    rule = "None."

    def measures(self, resource: EbsVolume) -> bool:
        return bool(resource.attached_to)

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        raise AssertionError(f"not asked: {resource} {context}")


def test_a_metric_is_wanted_only_of_what_needs_it() -> None:
    attached = volume(attached_to=("i-1",))
    assert metrics_of([Measuring()], volume()) == frozenset()
    assert metrics_of([Measuring()], instance()) == frozenset()
    assert metrics_of([Measuring(), Measuring()], attached) == {OPS}
