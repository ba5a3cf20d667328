from __future__ import annotations

import pytest

from factories import instance


def test_an_instance_without_a_name_tag_has_no_name() -> None:
    assert instance(tags={"name": "lower case is another tag"}).name is None


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("ap-southeast-5", "aws"),
    ],
)
def test_an_arn_is_in_the_partition_of_its_region(region: str, partition: str) -> None:
    box = instance(region=region)
    assert box.arn == f"arn:{partition}:ec2:{region}:111122223333:instance/{box.instance_id}"
