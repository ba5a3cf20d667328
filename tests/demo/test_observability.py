"""A monitoring account sees what is linked to it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from factories import NOW
from plainbill.demo.call import Options
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.large_shape import Shape
from plainbill.demo.links import Link
from plainbill.demo.server import DemoEndpoint

LINK = Link(source=PRODUCTION, monitoring=MANAGEMENT, region="us-east-1")
LOGS_ONLY = replace(LINK, source=DEVELOPMENT, resource_types=("AWS::Logs::LogGroup",))


@pytest.fixture(scope="module")
def linked() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW, options=Options(links=(LINK, LOGS_ONLY), list_page=1)) as endpoint:
        yield endpoint


def cpu(
    aws: DemoEndpoint, asking: str, instance_id: str, of: str | None, region: str = "us-east-1"
) -> list[Any]:
    dimensions = [{"Name": "InstanceId", "Value": instance_id}]
    metric = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Dimensions": dimensions}
    query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Average"}}
    answer = client(aws, "cloudwatch", asking, region).get_metric_data(
        MetricDataQueries=[query | ({"AccountId": of} if of else {})],
        StartTime=NOW - timedelta(days=1),
        EndTime=NOW,
    )
    return list(answer["MetricDataResults"][0]["Values"])


def running(aws: DemoEndpoint, account: str) -> str:
    here = aws.company.instances_in(account, "us-east-1")
    return next(one.instance_id for one in here if one.tags["Name"].startswith(("search-node", "ci-")))


def test_without_a_link_that_shares_metrics_another_account_has_none_here(linked: DemoEndpoint) -> None:
    instance = linked.company.instances_in(DEVELOPMENT, "us-east-1")[0].instance_id
    assert cpu(linked, MANAGEMENT, instance, DEVELOPMENT) == []
    assert cpu(linked, DEVELOPMENT, running(linked, PRODUCTION), PRODUCTION) == []
    assert cpu(linked, MANAGEMENT, running(linked, PRODUCTION), None) == []


def test_a_linked_account_s_metrics_are_as_it_sees_them_itself(linked: DemoEndpoint) -> None:
    instance = running(linked, PRODUCTION)
    own = cpu(linked, PRODUCTION, instance, None)
    assert len(own) == 24
    assert cpu(linked, MANAGEMENT, instance, PRODUCTION) == own


def test_a_filter_leaves_the_other_namespaces_out() -> None:
    link = replace(LINK, namespaces=frozenset({"AWS/RDS"}))
    with DemoEndpoint(now=NOW, options=Options(links=(link,))) as aws:
        assert cpu(aws, MANAGEMENT, running(aws, PRODUCTION), PRODUCTION) == []


def test_an_estate_of_any_size_is_seen_through_links_too() -> None:
    with DemoEndpoint(now=NOW, shape=Shape(60, 2, 1)) as aws:
        payer, member = aws.estate.shape.account_ids
        found = client(aws, "ec2", member).describe_instances(MaxResults=50)["Reservations"]
        ids = [one["InstanceId"] for group in found for one in group["Instances"]]
        own = [cpu(aws, member, one, None) for one in ids]
        assert [cpu(aws, payer, one, member) for one in ids] == [[]] * len(ids)
        aws.change(links=(Link(source=member, monitoring=payer, region="us-east-1"),))
        assert [cpu(aws, payer, one, member) for one in ids] == own
        assert any(own)


def test_the_sink_and_its_links_are_listed_by_pages_where_they_are(linked: DemoEndpoint) -> None:
    oam = client(linked, "oam", MANAGEMENT)
    [sink] = oam.list_sinks()["Items"]
    pages = list(oam.get_paginator("list_attached_links").paginate(SinkIdentifier=sink["Arn"]))
    links = [link for page in pages for link in page["Items"]]
    assert len(pages) == 2
    assert {link["LinkArn"].split(":")[4]: link["ResourceTypes"] for link in links} == {
        PRODUCTION: ["AWS::CloudWatch::Metric"],
        DEVELOPMENT: ["AWS::Logs::LogGroup"],
    }
    assert client(linked, "oam", PRODUCTION).list_sinks()["Items"] == []
    assert client(linked, "oam", MANAGEMENT, "us-west-2").list_sinks()["Items"] == []
    with pytest.raises(ClientError) as error:
        client(linked, "oam", PRODUCTION).list_attached_links(SinkIdentifier=sink["Arn"])
    assert refusal(error) == "ResourceNotFoundException"
