"""A refresh remembers what the checks found, and forgets nothing that it could not look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from factories import NOW
from pipeline.desk import ACCOUNTS, PRODUCTION, Desk
from plainbill.analyzer.checks.ec2_instance_stopped import Ec2InstanceStopped
from plainbill.analyzer.registry import all_checks
from plainbill.analyzer.waste_check import Context
from plainbill.data_fetcher.collector import all_collectors
from plainbill.model.findings import Verdict
from plainbill.model.lifecycle import FindingState
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import RunState

HOUR = timedelta(hours=1)
STOPPED = (Ec2InstanceStopped(),)


@pytest.fixture(autouse=True)
def small_bill(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)


def states(desk: Desk) -> list[tuple[str, FindingState]]:
    return [(record.resource_id, record.state) for record in desk.state.findings()]


def test_a_refresh_that_was_denied_the_disks_clears_no_finding_on_them(desk: Desk) -> None:
    desk.refresh(checks=STOPPED)
    before = states(desk)
    assert len(before) >= 3
    desk.proxy.refuse("DescribeVolumes", "UnauthorizedOperation", status=403)
    assert desk.refresh(NOW + HOUR, checks=STOPPED).state is RunState.PARTIAL
    assert states(desk) == before


def test_a_refresh_that_was_denied_the_instances_clears_none_either(desk: Desk) -> None:
    desk.refresh(checks=STOPPED)
    before = states(desk)
    desk.proxy.refuse("DescribeInstances", "UnauthorizedOperation", status=403)
    desk.refresh(NOW + HOUR, checks=STOPPED)
    assert states(desk) == before


@dataclass(frozen=True)
class BreaksOnAll(Ec2InstanceStopped):
    """The same check after an update that broke it."""

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        raise LookupError(resource.instance_id, context.now)


def test_a_refresh_with_a_check_that_breaks_is_complete_and_clears_none_of_its_findings(desk: Desk) -> None:
    desk.refresh(checks=STOPPED)
    before = states(desk)
    assert desk.refresh(NOW + HOUR, checks=(BreaksOnAll(),)).state is RunState.COMPLETE
    assert states(desk) == before


def test_what_is_found_again_is_as_old_as_it_is_and_adds_up(desk: Desk) -> None:
    desk.refresh(checks=STOPPED)
    desk.refresh(NOW + HOUR, checks=STOPPED)
    for record in desk.state.findings():
        assert (record.first_seen, record.last_seen) == (NOW, NOW + HOUR)
        if record.monthly_saving is not None:
            assert 0 < record.wasted < record.monthly_saving.amount / 700


def test_stopped_instances_of_the_company_are_found_where_they_are_stopped_for_long(desk: Desk) -> None:
    desk.refresh(checks=STOPPED)
    long_ago = {
        one.instance_id
        for one in desk.demo.company.instances
        if one.fleet.stopped is not None and one.fleet.stopped >= Ec2InstanceStopped().min_days
    }
    assert {record.resource_id for record in desk.state.findings()} == long_ago


def test_a_whole_refresh_reads_what_every_check_looks_at_without_a_gap(desk: Desk) -> None:
    run = desk.refresh(checks=all_checks())
    assert [gap for gap in run.gaps if is_hole(gap)] == []
    assert run.state is RunState.COMPLETE
    places = desk.snapshot.manifest.places
    assert len(places) == 12
    assert (PRODUCTION, "us-east-1") in places
    wanted = {kind for check in all_checks() for kind in check.kinds()}
    assert {collector.kind for collector in all_collectors()} >= wanted - {Ec2InstanceStopped.resource}
    assert [kind for kind in wanted if not desk.snapshot.resources(kind)] == []
