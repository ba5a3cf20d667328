"""What Plainbill declares to read."""

from __future__ import annotations

import pytest

from plainbill.aws_connector.iam_names import ACTIONS, PREFIXES
from plainbill.aws_connector.reads import CONNECTOR_READS, Read
from plainbill.aws_connector.service_models import service_model, service_names


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("ec2", "TerminateInstances"),
        ("ec2", "StopInstances"),
        ("ce", "CreateAnomalyMonitor"),
        ("ce", "UpdateCostAllocationTagsStatus"),
        ("sts", "AssumeRoot"),
        ("iam", "AssumeRole"),
        ("s3", "PutObject"),
        ("ec2", ""),
    ],
)
def test_what_does_not_read_cannot_be_declared(service: str, operation: str) -> None:
    with pytest.raises(ValueError, match="does not read"):
        Read(service, operation, "nothing")


@pytest.mark.parametrize("read", CONNECTOR_READS, ids=lambda read: read.iam_action)
def test_the_connectors_own_reads_exist_read_and_say_what_is_lost_without_them(read: Read) -> None:
    assert read.operation in service_model(read.service).operation_names
    assert read.operation.startswith(("Get", "Describe", "List", "AssumeRole"))
    assert len(read.lost_without.split()) > 3


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ce", "GetCostAndUsage", "ce:GetCostAndUsage"),
        ("cloudwatch", "GetMetricData", "cloudwatch:GetMetricData"),
        ("ec2", "DescribeInstances", "ec2:DescribeInstances"),
        ("sts", "AssumeRole", "sts:AssumeRole"),
        ("elbv2", "DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
        ("efs", "DescribeFileSystems", "elasticfilesystem:DescribeFileSystems"),
        ("opensearch", "ListDomainNames", "es:ListDomainNames"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3", "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
        ("s3", "ListMultipartUploads", "s3:ListBucketMultipartUploads"),
        ("s3", "GetBucketVersioning", "s3:GetBucketVersioning"),
    ],
)
def test_iam_has_its_own_names_for_some_services(service: str, operation: str, action: str) -> None:
    assert Read(service, operation, "something").iam_action == action


def test_the_services_and_operations_that_iam_renames_are_real_ones() -> None:
    assert set(PREFIXES) <= set(service_names())
    for service, operation in ACTIONS:
        assert operation in service_model(service).operation_names
