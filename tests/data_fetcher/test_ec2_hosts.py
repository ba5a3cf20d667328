"""Dedicated Hosts: every one that AWS describes, with what is on it and who pays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ec2_hosts import Ec2Hosts
from plainbill.model.resources.ec2_host import DedicatedHost

SCOPE = Scope("111122223333", "eu-west-1")


def described(**changes: Any) -> dict[str, Any]:
    """A host as AWS's own example tells it (Use DescribeHosts with an AWS SDK or CLI)."""
    plain = {
        "HostId": "h-07879acf49EXAMPLE",
        "State": "available",
        "AllocationTime": datetime(2019, 8, 19, 8, 57, 44, tzinfo=UTC),
        "HostProperties": {"Cores": 48, "TotalVCpus": 96, "InstanceType": "m5.large", "Sockets": 2},
        "Instances": [],
        "AvailabilityZone": "eu-west-1a",
        "Tags": [{"Key": "purpose", "Value": "=cmd|' /C calc'!A0"}],
    }
    return {**plain, **changes}


def parsed(*hosts: dict[str, Any]) -> list[DedicatedHost]:
    return list(Ec2Hosts.parse({"Hosts": list(hosts)}, SCOPE))


def test_an_answer_without_hosts_is_no_host() -> None:
    assert list(Ec2Hosts.parse({}, SCOPE)) == []


@pytest.mark.parametrize("absent", ["HostId", "State", "AllocationTime"])
def test_an_answer_without_what_aws_promises_is_no_host(absent: str) -> None:
    with pytest.raises(KeyError, match=absent):
        parsed({key: value for key, value in described().items() if key != absent})


def test_what_is_absent_is_none() -> None:
    (found,) = parsed({key: described()[key] for key in ("HostId", "State", "AllocationTime")})
    assert (found.owner_id, found.reservation_id, found.instance_family) == (None, None, None)
    assert found.instance_ids == ()


def test_a_host_has_its_family_its_instances_and_its_reservation() -> None:
    one = described(
        Instances=[{"InstanceId": "i-01"}, {"InstanceId": "i-02"}],
        HostProperties={"InstanceFamily": "r5"},
        HostReservationId="hr-01",
        OwnerId="444455556666",
    )
    full, plain = parsed(one, described())
    assert (full.instance_family, plain.instance_family) == ("r5", "m5")
    assert full.instance_ids == ("i-01", "i-02")
    assert (full.reservation_id, full.owner_id) == ("hr-01", "444455556666")
    assert plain.arn == "arn:aws:ec2:eu-west-1:111122223333:dedicated-host/h-07879acf49EXAMPLE"
    assert plain.tags == {"purpose": "=cmd|' /C calc'!A0"}
