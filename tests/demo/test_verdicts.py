"""Each instance was made for a verdict of the seed rule; its own numbers must give it, whatever the day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from factories import NOW
from plainbill.demo.company import Company
from plainbill.demo.habits import Expected
from plainbill.demo.instances import DemoInstance
from plainbill.demo.series import Window, datapoints

DAY = timedelta(days=1)
EVERY_WEEKDAY = [NOW.replace(hour=hour) + day * DAY for day, hour in enumerate((0, 4, 9, 12, 15, 20, 23))]


def seed_rule(instance: DemoInstance, now: datetime) -> Expected:
    """By hand: mean of the hourly averages, highest hourly maximum, nine hours in ten of 14 days."""
    window = Window.of(now - 14 * DAY, now, 3600, now)
    _, means = datapoints(instance.series("CPUUtilization"), "Average", window)
    _, peaks = datapoints(instance.series("CPUUtilization"), "Maximum", window)
    if peaks and max(peaks) >= 10:
        return Expected.NOT_IDLE
    if len(means) < 0.9 * 14 * 24:
        return Expected.COULD_NOT_TELL
    return Expected.IDLE if sum(means) / len(means) < 5 else Expected.NOT_IDLE


@pytest.mark.parametrize("now", EVERY_WEEKDAY, ids=lambda now: f"{now:%A %H}")
def test_every_running_instance_deserves_its_verdict(now: datetime) -> None:
    company = Company(now.date())
    running = [found for found in company.instances if found.state == "running"]
    told = {found.instance_id: seed_rule(found, now) for found in running}
    assert told == dict(company.expected)
    assert set(told.values()) == set(Expected)


def test_stopped_instances_have_no_verdict() -> None:
    company = Company(NOW.date())
    stopped = [found for found in company.instances if found.state == "stopped"]
    assert stopped
    assert {found.expected for found in stopped} == {None}
    assert not {found.instance_id for found in stopped} & company.expected.keys()


def test_the_traps_of_careless_rules_are_in_the_fleet() -> None:
    """Averages hide the cron's peak and the weekly batch; the relay is quiet in CPU only."""
    company = Company(NOW.date())
    window = Window.of(NOW - 14 * DAY, NOW, 3600, NOW)
    by_name = {found.tags["Name"]: found for found in company.instances}
    _, means = datapoints(by_name["old-cms"].series("CPUUtilization"), "Average", window)
    assert max(means) < 10
    assert company.expected[by_name["old-cms"].instance_id] is Expected.NOT_IDLE
    _, means = datapoints(by_name["pricing-batch"].series("CPUUtilization"), "Average", window)
    assert sum(means) / len(means) < 5
    assert company.expected[by_name["pricing-batch"].instance_id] is Expected.NOT_IDLE
    _, traffic = datapoints(by_name["sftp-gateway"].series("NetworkIn"), "Sum", window)
    assert min(traffic) > 1e9
    assert company.expected[by_name["sftp-gateway"].instance_id] is Expected.IDLE
