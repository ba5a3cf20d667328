"""What EC2 said of an instance is kept; what it did not say is None, and a thin answer is told apart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aws_connector.synthetic import body_of, value_of
from data_fetcher.answers import described_instance, instance_page, recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.aws_connector.pages import next_tokens
from plainbill.aws_connector.parsing import plan_of
from plainbill.aws_connector.service_models import service_model
from plainbill.data_fetcher.ec2_instances import Ec2Instances, incomplete, parse
from plainbill.model.resources import Ec2Instance

IRELAND = Scope("111122223333", "eu-west-1")


def parsed(**changes: Any) -> Ec2Instance:
    (instance,) = parse(instance_page(described_instance(**changes)), IRELAND)
    return instance


def test_an_instance_described_with_the_least_is_an_ordinary_linux_instance_of_which_no_more_is_known() -> (
    None
):
    assert parsed() == Ec2Instance(
        instance_id="i-0a1b2c3d4e5f60718",
        account_id="111122223333",
        region="eu-west-1",
        instance_type="m5.large",
        state="running",
        platform="Linux/UNIX",
        tenancy="default",
        lifecycle="on-demand",
        launched_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        first_launched_at=None,
    )


def test_every_instance_of_every_reservation_of_a_page_is_kept() -> None:
    page = {
        "Reservations": [
            {"Instances": [described_instance(InstanceId="i-1"), described_instance(InstanceId="i-2")]},
            {"Instances": []},
            {"Instances": [described_instance(InstanceId="i-3")]},
        ]
    }
    assert [instance.instance_id for instance in parse(page, IRELAND)] == ["i-1", "i-2", "i-3"]


@pytest.mark.parametrize(
    ("fields", "platform"),
    [
        ({"PlatformDetails": "Red Hat Enterprise Linux"}, "Red Hat Enterprise Linux"),
        ({"PlatformDetails": "Windows with SQL Server Standard", "Platform": "windows"},
         "Windows with SQL Server Standard"),
        ({"Platform": "windows"}, "Windows"),
        ({"Platform": "Windows"}, "Windows"),
        ({"PlatformDetails": ""}, "Linux/UNIX"),
    ],
)  # fmt: skip
def test_the_platform_is_what_the_licence_is_billed_as(fields: dict[str, str], platform: str) -> None:
    assert parsed(**fields).platform == platform


def test_placement_lifecycle_monitoring_and_architecture_are_kept() -> None:
    instance = parsed(
        Placement={"AvailabilityZone": "eu-west-1b", "Tenancy": "dedicated"},
        InstanceLifecycle="spot",
        Monitoring={"State": "enabled"},
        Architecture="arm64",
    )
    assert instance.availability_zone == "eu-west-1b"
    assert (instance.tenancy, instance.lifecycle) == ("dedicated", "spot")
    assert (instance.detailed_monitoring, instance.architecture) == (True, "arm64")


def test_the_first_launch_is_when_the_primary_interface_was_attached_not_the_last_start() -> None:
    def interface(device: int, attached_at: str, card: int = 0) -> dict[str, Any]:
        return {"Attachment": {"DeviceIndex": device, "NetworkCardIndex": card, "AttachTime": attached_at}}

    instance = parsed(
        LaunchTime="2026-11-20T08:00:00Z",
        NetworkInterfaces=[
            interface(1, "2026-11-01T00:00:00Z"),
            interface(0, "2026-10-01T00:00:00Z", card=1),
            interface(0, "2025-01-01T00:00:00Z"),
        ],
    )
    assert instance.launched_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert instance.first_launched_at == datetime(2025, 1, 1, tzinfo=UTC)


def test_every_volume_and_every_public_address_is_kept_once() -> None:
    instance = parsed(
        PublicIpAddress="203.0.113.1",
        BlockDeviceMappings=[
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1"}},
            {"DeviceName": "/dev/sdb"},
            {"DeviceName": "/dev/xvdb", "Ebs": {"VolumeId": "vol-2"}},
        ],
        NetworkInterfaces=[
            {
                "Association": {"PublicIp": "203.0.113.1"},
                "PrivateIpAddresses": [
                    {"Association": {"PublicIp": "203.0.113.1"}},
                    {"Association": {"PublicIp": "203.0.113.2"}},
                    {},
                ],
            },
            {"Association": {"PublicIp": "203.0.113.3"}},
        ],
    )
    assert instance.ebs_volume_ids == ("vol-1", "vol-2")
    assert instance.public_ips == ("203.0.113.1", "203.0.113.2", "203.0.113.3")


@pytest.mark.parametrize(
    ("tag", "managers"),
    [
        ("Name", ()),
        ("my:aws:autoscaling:groupName", ()),
        ("autoscaling", ()),
        ("aws:autoscaling:groupName", ("autoscaling",)),
        ("eks:cluster-name", ("eks",)),
        ("aws:eks:cluster-name", ("eks",)),
        ("kubernetes.io/cluster/prod", ("eks",)),
        ("aws:ecs:clusterName", ("ecs",)),
        ("AmazonECSManaged", ("ecs",)),
        ("AWSBatchServiceTag", ("batch",)),
        ("aws:batch:compute-environment", ("batch",)),
        ("aws:elasticmapreduce:job-flow-id", ("emr",)),
    ],
)
def test_managers_are_known_by_the_tags_of_aws_only(tag: str, managers: tuple[str, ...]) -> None:
    assert parsed(Tags=[{"Key": tag, "Value": "x"}]).managed_by == managers


def test_tags_are_kept_as_they_are_even_hostile_ones() -> None:
    hostile = "<script>alert(1)</script>"
    instance = parsed(Tags=[{"Key": "Name", "Value": hostile}, {"Key": "=cmd()", "Value": ""}, {"Key": "k"}])
    assert instance.tags == {"Name": hostile, "=cmd()": "", "k": ""}
    assert instance.name == hostile


@pytest.mark.parametrize("absent", ["InstanceType", "LaunchTime", "State"])
def test_an_instance_without_type_launch_or_state_is_neither_guessed_nor_forgotten(absent: str) -> None:
    thin = {key: value for key, value in described_instance(InstanceId="i-thin").items() if key != absent}
    page = instance_page(thin, described_instance(InstanceId="i-whole"))
    assert [instance.instance_id for instance in parse(page, IRELAND)] == ["i-whole"]
    assert incomplete(page) == ["i-thin"]


def test_every_recorded_instance_parses_and_none_is_lost() -> None:
    """The recordings hold nine instances that were shortened by hand, to no type or no launch time."""
    parsed_count = thin_count = text_count = 0
    for path in recordings("aws_api_c7n_placebo", "*/ec2.DescribeInstances_*.json"):
        page = recorded(path)
        instances = parse(page, IRELAND)
        assert all(instance.launched_at.tzinfo is UTC for instance in instances)
        parsed_count += len(instances)
        thin_count += len(incomplete(page))
        text_count += path.read_text().count('"InstanceId": "i-')
    assert parsed_count + thin_count == text_count == 215
    assert thin_count == 9


def test_recorded_facts_survive() -> None:
    paths = recordings("aws_api_c7n_placebo", "ec2_igw_subnet/ec2.DescribeInstances_1.json")
    first = parse(recorded(paths[0]), IRELAND)[0]
    assert first.instance_id == "i-07b1657fdb879c149"
    assert (first.instance_type, first.availability_zone) == ("t2.micro", "us-east-1a")
    assert first.launched_at == datetime(2023, 4, 19, 8, 49, 30, tzinfo=UTC)
    assert first.first_launched_at == datetime(2023, 4, 19, 8, 49, 30, tzinfo=UTC)
    assert first.ebs_volume_ids == ("vol-03e9b64e91a4f009c",)


@pytest.mark.parametrize("page", [0, 1])
def test_what_is_not_parsed_of_an_answer_is_not_missed(page: int) -> None:
    service = service_model("ec2")
    operation = service.operation("DescribeInstances")
    assert operation.output is not None
    body = body_of(service, operation, value_of(operation.output, page))
    whole, used = (answer_of(body, members) for members in ((), Ec2Instances.reads[0].members))
    assert len(str(used)) < len(str(whole)) / 4
    assert parse(used, IRELAND) == parse(whole, IRELAND)
    assert incomplete(used) == incomplete(whole)
    assert next_tokens(operation, used) == next_tokens(operation, whole) != {}


@pytest.mark.parametrize("member", Ec2Instances.reads[0].members)
def test_every_member_that_is_parsed_is_used(member: str) -> None:
    service = service_model("ec2")
    operation = service.operation("DescribeInstances")
    body = body_of(service, operation, {"Reservations": [{"Instances": [EVERYTHING, STOPPED]}]})
    used = Ec2Instances.reads[0].members
    without = answer_of(body, tuple(one for one in used if one != member))
    assert parse(without, IRELAND) != parse(answer_of(body, used), IRELAND)


EVERYTHING: dict[str, Any] = {
    "InstanceId": "i-1",
    "InstanceType": "m5.large",
    "LaunchTime": "2026-03-02T08:00:00.000Z",
    "State": {"Name": "running"},
    "Architecture": "arm64",
    "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1"}}],
    "ImageId": "ami-1",
    "InstanceLifecycle": "spot",
    "Monitoring": {"State": "enabled"},
    "NetworkInterfaces": [
        {"Attachment": {"AttachTime": "2026-01-01T00:00:00.000Z", "DeviceIndex": 0, "NetworkCardIndex": 1}},
        {
            "Association": {"PublicIp": "203.0.113.1"},
            "Attachment": {
                "AttachTime": "2026-02-01T00:00:00.000Z",
                "DeviceIndex": 0,
                "NetworkCardIndex": 0,
            },
            "PrivateIpAddresses": [{"Association": {"PublicIp": "203.0.113.2"}}],
        },
    ],
    "Placement": {"AvailabilityZone": "eu-west-1a", "Tenancy": "dedicated"},
    "PlatformDetails": "Windows with SQL Server Standard",
    "PublicIpAddress": "203.0.113.3",
    "SourceDestCheck": False,
    "Tags": [{"Key": "aws:autoscaling:groupName", "Value": "web"}],
}
STOPPED: dict[str, Any] = {
    **EVERYTHING,
    "InstanceId": "i-2",
    "State": {"Name": "stopped"},
    "StateTransitionReason": "User initiated (2026-08-20 17:04:05 GMT)",
    "Platform": "windows",
    "PlatformDetails": "",
}


def answer_of(body: bytes, members: tuple[str, ...]) -> dict[str, Any]:
    """An answer, parsed whole or as far as members are named."""
    read = plan_of("ec2", "DescribeInstances", members)
    assert read is not None
    return dict(read(body)[0])
