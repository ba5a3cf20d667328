"""Which kinds of resources a refresh reads."""

from __future__ import annotations

from plainbill.analyzer.checks.ebs_volume_unattached import EbsVolumeUnattached
from plainbill.data_fetcher.ebs_volumes import EbsVolumes
from plainbill.data_fetcher.ec2_reserved_instances import Ec2ReservedInstances
from plainbill.data_fetcher.nat_gateways import NatGateways
from plainbill.data_fetcher.savings_plans import SavingsPlans
from plainbill.pipeline.resources import wanted_collectors


def test_what_no_check_looks_at_is_not_read_and_commitments_always_are() -> None:
    always = {Ec2ReservedInstances, SavingsPlans}
    none, some = (set(wanted_collectors(checks)) for checks in ((), (EbsVolumeUnattached(),)))
    assert NatGateways not in none | some
    assert none >= always
    assert some - none == {EbsVolumes}
