"""Instances asked over real HTTP are those of the demo company, all of them and as they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from faults import FaultProxy
from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import AccessDenied
from plainbill.data_fetcher import ec2_instances
from plainbill.demo.server import DemoEndpoint
from plainbill.model.resources import Ec2Instance

PRODUCTION = "444455556666"
VIRGINIA = Scope(PRODUCTION, "us-east-1")


def instances_there(demo: DemoEndpoint, scope: Scope) -> dict[str, Ec2Instance]:
    """The truth, without what the demo has only on the wire: volumes, addresses, the image."""
    known = demo.company.instances_in(scope.account_id, scope.region)
    return {one.instance_id: one.resource for one in known}


def bare(one: Ec2Instance) -> Ec2Instance:
    return replace(one, ebs_volume_ids=(), public_ips=(), image_id=None, source_dest_check=None)


@pytest.mark.parametrize("page_size", [5, 1000])
def test_every_instance_of_a_region_is_read_whatever_the_pages(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy, page_size: int
) -> None:
    demo.change(instances_page=page_size)
    instances, gaps = ec2_instances.read(connector, VIRGINIA)
    assert gaps == []
    truth = instances_there(demo, VIRGINIA)
    assert {one.instance_id: bare(one) for one in instances} == truth
    assert {one.state for one in instances} == {"running", "stopped"}
    assert [one for one in instances if (one.stopped_at is None) == (one.state == "stopped")] == []
    assert all(one.ebs_volume_ids for one in instances)
    assert len(instances) == len(truth) > 50
    assert proxy.count("DescribeInstances") == -(-len(truth) // page_size)


def test_instances_that_are_not_gone_are_asked_for_a_thousand_a_page(
    connector: Connector, proxy: FaultProxy
) -> None:
    ec2_instances.read(connector, VIRGINIA)
    (call,) = (call for call in proxy.calls if call.operation == "DescribeInstances")
    asked = {name: value for name, value in call.parameters.items() if name not in {"Action", "Version"}}
    assert asked == {
        "MaxResults": "1000",
        "Filter.1.Name": "instance-state-name",
        "Filter.1.Value.1": "pending",
        "Filter.1.Value.2": "running",
        "Filter.1.Value.3": "stopping",
        "Filter.1.Value.4": "stopped",
    }


def test_a_denied_page_is_an_error_that_names_the_action(connector: Connector, proxy: FaultProxy) -> None:
    proxy.refuse("DescribeInstances", "UnauthorizedOperation", status=403)
    with pytest.raises(AccessDenied) as caught:
        ec2_instances.read(connector, VIRGINIA)
    assert caught.value.iam_action == "ec2:DescribeInstances"
