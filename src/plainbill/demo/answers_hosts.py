"""EC2: Dedicated Hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_hosts import Host, hosts


def describe_hosts(call: Call) -> Mapping[str, Any]:
    """List the hosts of one account in one region; all of them are available."""
    here = hosts(call.company).at(call.account, call.region)
    states = [
        value for one in call.params.get("Filter", ()) if one["Name"] == "state" for value in one["Values"]
    ]
    kept = [_told(one) for one in here if not states or "available" in states]
    return paged(call, "Hosts", kept, most=500, refusal="InvalidParameterValue")


def _told(host: Host) -> dict[str, Any]:
    reserved = {"HostReservationId": host.reservation} if host.reservation else {}
    return {
        "HostId": host.name,
        "State": "available",
        "AllocationTime": host.created_at,
        "AutoPlacement": "off",
        "AvailabilityZone": host.availability_zone,
        "HostProperties": {"Cores": 48, "InstanceFamily": host.family, "Sockets": 2, "TotalVCpus": 96},
        "Instances": [
            {"InstanceId": one, "InstanceType": f"{host.family}.4xlarge", "OwnerId": host.owner}
            for one in host.instances
        ],
        "HostRecovery": "off",
        "AllowsMultipleInstanceTypes": "on",
        "OwnerId": host.owner,
        "MemberOfServiceLinkedResourceGroup": False,
        "Tags": host.tag_list,
        **reserved,
    }


ANSWERS: Mapping[str, Answer] = {"ec2:DescribeHosts": describe_hosts}
