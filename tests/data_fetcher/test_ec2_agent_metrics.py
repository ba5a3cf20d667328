"""The agent's metrics: of instances only, each once, with exactly the dimensions that it was sent with."""

from __future__ import annotations

from typing import Any

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ec2_agent_metrics import Ec2AgentMetrics, coarsest
from plainbill.model.resources.agent_metric import AgentMetric

SCOPE = Scope("111122223333", "eu-west-1")
BOX = {"InstanceId": "i-0a1b2c3d4e5f60718"}
IMAGE = {"ImageId": "ami-0abc", "InstanceType": "g4dn.xlarge"}


def told(metric: str = "mem_used_percent", /, **labels: str) -> dict[str, Any]:
    """A metric as ListMetrics tells it."""
    dimensions = [{"Name": key, "Value": value} for key, value in labels.items()]
    return {"Namespace": "CWAgent", "MetricName": metric, "Dimensions": dimensions}


def parsed(*metrics: dict[str, Any]) -> list[AgentMetric]:
    return list(Ec2AgentMetrics.parse({"Metrics": list(metrics)}, SCOPE))


def test_what_is_of_no_single_instance_is_left_out() -> None:
    assert parsed(told(AutoScalingGroupName="web"), told(host="ip-10-0-0-7"), told()) == []
    assert parsed(told("disk_used_percent", **BOX)) == []
    assert list(Ec2AgentMetrics.parse({}, SCOPE)) == []


def test_the_dimensions_stay_as_they_are() -> None:
    (found,) = parsed(told("Memory % Committed Bytes In Use", objectname="Memory", **BOX, **IMAGE))
    assert found.instance_id == BOX["InstanceId"]
    assert found.dimensions == {"objectname": "Memory", **BOX, **IMAGE}
    assert (found.account_id, found.region) == ("111122223333", "eu-west-1")
    assert found.publishes("CWAgent")
    assert not found.publishes("AWS/EC2")


def test_a_metric_that_is_also_sent_by_the_instance_alone_is_asked_for_by_that() -> None:
    alone = told(**BOX)
    several = parsed(told(**BOX, **IMAGE), alone, told(InstanceType="g4dn.xlarge", **BOX))
    assert list(coarsest(several)) == parsed(alone)


def test_each_gpu_has_a_metric_of_its_own() -> None:
    name = "nvidia_smi_utilization_gpu"
    gpus = [told(name, index=index, name="Tesla T4", arch="Turing", **BOX, **IMAGE) for index in "0123"]
    found = list(coarsest(parsed(*gpus, told(**BOX))))
    assert [one.labels.get("index") for one in found] == ["0", "1", "2", "3", None]
    assert len({one.arn for one in found}) == 5


def test_hostile_dimensions_are_values_and_nothing_else() -> None:
    (found,) = parsed(told(name="<img src=x onerror=alert(1)>", **BOX))
    assert found.labels["name"] == "<img src=x onerror=alert(1)>"
    assert found.arn.startswith("arn:aws:cloudwatch:eu-west-1:111122223333:metric/CWAgent/")
