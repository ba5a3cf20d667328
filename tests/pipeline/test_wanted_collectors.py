"""Which kinds of resources a refresh reads."""

from __future__ import annotations

from plainbill.analyzer.checks.ebs_volume_unattached import EbsVolumeUnattached
from plainbill.data_fetcher.aws_budgets import AwsBudgets
from plainbill.data_fetcher.compute_optimizer import ComputeOptimizer
from plainbill.data_fetcher.cost_optimization_hub import CostOptimizationHub
from plainbill.data_fetcher.ebs_volumes import EbsVolumes
from plainbill.data_fetcher.ec2_reserved_instances import Ec2ReservedInstances
from plainbill.data_fetcher.nat_gateways import NatGateways
from plainbill.data_fetcher.savings_plans import SavingsPlans
from plainbill.data_fetcher.trusted_advisor import TrustedAdvisor
from plainbill.model.resources.reserved_nodes import RESERVED_NODES
from plainbill.pipeline.resources import wanted_collectors


def test_without_a_check_nothing_is_read() -> None:
    assert wanted_collectors([]) == ()


def test_what_no_check_looks_at_is_not_read_but_commitments_and_advice_beside_any_check() -> None:
    read = set(wanted_collectors([EbsVolumeUnattached()]))
    assert NatGateways not in read
    advice = {CostOptimizationHub, ComputeOptimizer, TrustedAdvisor}
    reserved = {one for one in read if one.billed_as}
    assert {one.kind for one in reserved} == set(RESERVED_NODES)
    assert read == {AwsBudgets, EbsVolumes, Ec2ReservedInstances, SavingsPlans} | reserved | advice
