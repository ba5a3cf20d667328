"""Where moto answers the same question, both answers have the same shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from demo.stock import NO_RETRY, client, paths
from plainbill.demo.company import EXTERNAL_ID
from plainbill.demo.fleet import PRODUCTION
from plainbill.demo.server import DemoEndpoint

ROLE = f"arn:aws:iam::{PRODUCTION}:role/PlainbillReadOnly"


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def of_moto(moto: str, service: str) -> Any:
    return boto3.Session("testing", "testing").client(
        service, region_name="us-east-1", endpoint_url=moto, config=NO_RETRY
    )


def shape(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return set(paths({key: value for key, value in answer.items() if key != "ResponseMetadata"}))


def test_regions_have_the_same_shape(aws: DemoEndpoint, moto: str) -> None:
    assert shape(client(aws, "ec2").describe_regions()) == shape(of_moto(moto, "ec2").describe_regions())


def test_an_identity_has_the_same_shape(aws: DemoEndpoint, moto: str) -> None:
    assert shape(client(aws, "sts").get_caller_identity()) == shape(
        of_moto(moto, "sts").get_caller_identity()
    )


def test_an_assumed_role_has_the_same_shape(aws: DemoEndpoint, moto: str) -> None:
    asked = {"RoleArn": ROLE, "RoleSessionName": "plainbill", "ExternalId": EXTERNAL_ID}
    assert shape(client(aws, "sts").assume_role(**asked)) == shape(of_moto(moto, "sts").assume_role(**asked))


def test_accounts_have_no_key_that_moto_s_lack(aws: DemoEndpoint, moto: str) -> None:
    organizations = of_moto(moto, "organizations")
    organizations.create_organization(FeatureSet="ALL")
    ours = shape(client(aws, "organizations").list_accounts())
    newer = {(".Accounts[].State", "str")}  # in AWS's model since 2025, beside Status which it replaces
    assert ours - newer <= shape(organizations.list_accounts())


def test_an_instance_has_no_key_of_another_type_than_moto_s(aws: DemoEndpoint, moto: str) -> None:
    ec2 = of_moto(moto, "ec2")
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "one"}]}]
    ec2.run_instances(
        ImageId="ami-0a1b2c3d4e5f60718",
        MinCount=1,
        MaxCount=1,
        InstanceType="m5.large",
        TagSpecifications=tags,
    )
    theirs = dict(paths(ec2.describe_instances()))
    ours = dict(paths(client(aws, "ec2", PRODUCTION).describe_instances()))
    shared = {path for path in theirs.keys() & ours.keys() if not path.startswith(".ResponseMetadata")}
    assert len(shared) > 40
    assert {path: ours[path] for path in shared} == {path: theirs[path] for path in shared}
