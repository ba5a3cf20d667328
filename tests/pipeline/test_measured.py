"""Compute Optimizer is asked for every kind that may be there, and for no other."""

from __future__ import annotations

from collections import Counter

import pytest

from aws import connected
from factories import gap, instance, volume
from pipeline.desk import ACCOUNTS, PRODUCTION, REGIONS, Desk
from plainbill.analyzer.checks.ebs_volume_unattached import EbsVolumeUnattached
from plainbill.aws_connector import Scope
from plainbill.data_fetcher import ebs_volumes, ec2_instances
from plainbill.data_fetcher.collector import all_collectors
from plainbill.data_fetcher.compute_optimizer import ABOUT, ComputeOptimizer, kinds_read
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.aws_advice import ComputeOptimizerRecommendation
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.rds import RdsInstance
from plainbill.pipeline.measured import lacking
from plainbill.pipeline.resources import Resources

HERE, THERE = Scope(PRODUCTION, "us-east-1"), Scope(PRODUCTION, "eu-west-1")
VOLUMES, ENROLLED = "GetEBSVolumeRecommendations", set(ACCOUNTS[:2])


def asked(desk: Desk) -> Counter[tuple[str, str]]:
    """How often each list was asked for in each Region."""
    lists = {read.operation for read in kinds_read()}
    return Counter((call.operation, call.region) for call in desk.proxy.calls if call.operation in lists)


# --- leaves alone -------------------------------------------------------------------------


def test_a_kind_that_is_there_is_asked_about() -> None:
    mine = volume(account_id=HERE.account_id, region=HERE.region)
    assert lacking([EbsVolume], [HERE], [(EbsVolume, [mine])], []) == {HERE: frozenset()}


@pytest.mark.parametrize(
    "missing",
    [
        gap(source="ebs_volumes", account_id=PRODUCTION, region="us-east-1"),
        gap(source="ebs_volumes.further", account_id=PRODUCTION, region="us-east-1"),
        gap(source="ebs_volumes", account_id=PRODUCTION, region=None),
        gap(source="ebs_volumes", account_id=None, region="us-east-1"),
        gap(source="ebs_volumes", account_id=None, region=None),
        gap(source="ebs_volumes", account_id=PRODUCTION, region="us-east-1", kind="Resumed"),
    ],
)
def test_a_kind_that_could_not_be_described_is_asked_about(missing: Gap) -> None:
    assert lacking([EbsVolume], [HERE], [], [missing]) == {HERE: frozenset()}


def test_a_kind_that_nobody_described_is_asked_about() -> None:
    assert lacking([EbsVolume], [HERE], [], [])[HERE] == {EbsVolume}
    assert lacking([], [HERE], [], [])[HERE] == frozenset()


def test_what_is_idle_is_of_any_kind_and_always_asked_for() -> None:
    assert {read.operation for read in kinds_read()} - set(ABOUT) == {"GetIdleRecommendations"}


def test_every_kind_is_known_by_the_source_that_its_gaps_are_of() -> None:
    names = {one.kind: one.name for one in all_collectors()}
    names[Ec2Instance] = ec2_instances.Ec2Instances.name
    assert {kind: names[kind] for kind in ABOUT.values()} == {kind: kind.source for kind in ABOUT.values()}


def test_a_region_whose_volumes_are_refused_is_asked_about_volumes(desk: Desk) -> None:
    described, *_ = ebs_volumes.EbsVolumes.reads
    desk.ask_no_details()
    desk.proxy.refuse(described.operation, "UnauthorizedOperation", status=403)
    desk.refresh(checks=[EbsVolumeUnattached()])
    assert {region: asked(desk)[VOLUMES, region] for region in REGIONS} == dict.fromkeys(
        REGIONS, len(ENROLLED)
    )


# --- saves --------------------------------------------------------------------------------


def test_a_kind_of_which_a_place_has_none_is_not_asked_about_there() -> None:
    found: list[Resources] = [
        (EbsVolume, [volume(account_id=HERE.account_id, region=HERE.region)]),
        (Ec2Instance, [instance(account_id=THERE.account_id, region=THERE.region)]),
    ]
    none = lacking([EbsVolume, Ec2Instance], [HERE, THERE], found, [gap(source="rds_instances")])
    assert none == {HERE: {Ec2Instance}, THERE: {EbsVolume}}


def test_a_refresh_is_told_the_same_by_fewer_calls(desk: Desk) -> None:
    desk.ask_no_details()
    desk.refresh(checks=[EbsVolumeUnattached()])
    seldom = asked(desk)
    snapshot = desk.snapshot
    told = {one.arn for one in snapshot.resources(ComputeOptimizerRecommendation) or ()}
    places = {
        (one.account_id, one.region)
        for one in snapshot.resources(EbsVolume) or ()
        if one.account_id in ENROLLED
    }
    desk.proxy.calls.clear()
    with connected(desk.demo.environment, desk.proxy.url) as connector:
        all_told = {
            one.arn
            for account in sorted(ENROLLED)
            for one in ComputeOptimizer.read(connector, Scope(account, connector.home))[0]
        }
    assert told == all_told
    assert sum(seldom[VOLUMES, region] for region in REGIONS) == len(places)
    assert sum(asked(desk)[VOLUMES, region] for region in REGIONS) == len(ENROLLED) * len(REGIONS)
    not_described = [name for name, kind in ABOUT.items() if kind is RdsInstance]
    assert all(seldom[name, region] == len(ENROLLED) for name in not_described for region in REGIONS)
