"""Auto Scaling groups: every one that AWS lists, with its sizes and the instances it holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.autoscaling_groups import AutoScalingGroups
from plainbill.model.resources.autoscaling import AutoScalingGroup

OHIO = Scope("111122223333", "us-east-2")
ARN = "arn:aws:autoscaling:us-east-2:111122223333:autoScalingGroup:1:autoScalingGroupName/web"


def described(**changes: Any) -> dict[str, Any]:
    """A group as ``DescribeAutoScalingGroups`` tells it."""
    plain = {
        "AutoScalingGroupARN": ARN,
        "AutoScalingGroupName": "web",
        "MinSize": 1,
        "MaxSize": 4,
        "DesiredCapacity": 2,
        "CreatedTime": datetime(2026, 3, 2, tzinfo=UTC),
        "Instances": [{"InstanceId": "i-01", "LifecycleState": "InService"}, {"InstanceId": "i-02"}],
    }
    return {**plain, **changes}


def parsed(*groups: dict[str, Any]) -> list[AutoScalingGroup]:
    return list(AutoScalingGroups.parse({"AutoScalingGroups": list(groups)}, OHIO))


def test_an_answer_without_groups_is_no_group() -> None:
    assert parsed() == []
    assert list(AutoScalingGroups.parse({}, OHIO)) == []


@pytest.mark.parametrize("absent", ["AutoScalingGroupARN", "MinSize", "DesiredCapacity", "CreatedTime"])
def test_an_answer_without_what_aws_promises_is_no_group(absent: str) -> None:
    with pytest.raises(KeyError, match=absent):
        parsed({key: value for key, value in described().items() if key != absent})


def test_a_group_has_its_sizes_its_instances_and_its_tags() -> None:
    hostile = "<script>alert(1)</script>"
    (found,) = parsed(described(Tags=[{"Key": "team", "Value": hostile, "ResourceId": "web"}]))
    assert (found.arn, found.name, found.account_id) == (ARN, "web", "111122223333")
    assert (found.min_size, found.desired_size, found.max_size) == (1, 2, 4)
    assert found.instance_ids == ("i-01", "i-02")
    assert found.tags == {"team": hostile}


def test_a_group_scaled_to_nothing_holds_nothing() -> None:
    empty = {
        key: value for key, value in described(MinSize=0, DesiredCapacity=0).items() if key != "Instances"
    }
    assert parsed(empty)[0].instance_ids == ()


def test_every_recorded_group_parses() -> None:
    paths = recordings("aws_api_c7n_placebo", "*/autoscaling.DescribeAutoScalingGroups_*.json")
    found = [one for path in paths for one in AutoScalingGroups.parse(recorded(path), OHIO)]
    assert len(found) > 20
    assert all(one.created_at.tzinfo is UTC for one in found)
    assert any(one.instance_ids for one in found)
