"""What RDS says of an instance is kept; what it does not say is None; other services are left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.aws_connector.errors import UnreadableAnswer
from plainbill.data_fetcher.rds_instances import RdsInstances
from plainbill.data_fetcher.source import as_documented
from plainbill.model.resources.rds import RdsInstance

IRELAND = Scope("111122223333", "eu-west-1")
LEAST: dict[str, Any] = {
    "DBInstanceIdentifier": "orders",
    "DBInstanceClass": "db.m5.large",
    "Engine": "mysql",
    "EngineVersion": "8.0.40",
    "DBInstanceStatus": "available",
}


def parsed(**changes: Any) -> RdsInstance:
    (one,) = RdsInstances.parse({"DBInstances": [LEAST | changes]}, IRELAND)
    return one


def test_an_instance_described_with_the_least_has_no_more_than_that() -> None:
    assert parsed() == RdsInstance(
        account_id="111122223333",
        region="eu-west-1",
        instance_id="orders",
        db_class="db.m5.large",
        engine="mysql",
        engine_version="8.0.40",
        status="available",
    )
    assert parsed().arn == "arn:aws:rds:eu-west-1:111122223333:db:orders"
    assert parsed().dimensions == {"DBInstanceIdentifier": "orders"}


def test_everything_that_a_verdict_needs_is_kept() -> None:
    one = parsed(
        InstanceCreateTime="2026-03-02T08:00:00.000Z",
        LicenseModel="general-public-license",
        MultiAZ=True,
        StorageType="gp3",
        AllocatedStorage=500,
        Iops=12000,
        StorageThroughput=500,
        AdditionalStorageVolumes=[{"VolumeName": "rdsdbdata2"}],
        DBClusterIdentifier="shop",
        ReadReplicaSourceDBInstanceIdentifier="arn:aws:rds:us-east-1:111122223333:db:orders",
        ReadReplicaDBInstanceIdentifiers=["copy-1", "copy-2"],
        ReadReplicaDBClusterIdentifiers=["shop-2"],
        BackupRetentionPeriod=7,
        AutomaticRestartTime="2026-11-28T09:30:00Z",
        EngineLifecycleSupport="open-source-rds-extended-support",
    )
    assert one.created_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert one.restarts_at == datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
    assert (one.storage_type, one.allocated_gib, one.iops, one.throughput_mibps) == ("gp3", 500, 12000, 500)
    assert one.further_volumes == 1
    assert (one.cluster_id, one.multi_az, one.backup_days) == ("shop", True, 7)
    assert one.replica_of == "arn:aws:rds:us-east-1:111122223333:db:orders"
    assert one.replicas == ("copy-1", "copy-2", "shop-2")
    assert one.lifecycle_support == "open-source-rds-extended-support"


def test_a_replica_of_a_cluster_is_a_replica() -> None:
    assert parsed(ReadReplicaSourceDBClusterIdentifier="shop").replica_of == "shop"


@pytest.mark.parametrize("engine", ["docdb", "neptune"])
def test_other_services_that_share_the_api_are_left_out(engine: str) -> None:
    page = {"DBInstances": [LEAST | {"Engine": engine}, LEAST]}
    assert [one.engine for one in RdsInstances.parse(page, IRELAND)] == ["mysql"]


def test_tags_are_kept_as_they_are_even_hostile_ones() -> None:
    hostile = "<script>alert(1)</script>"
    tags = [{"Key": "Name", "Value": hostile}, {"Key": "=cmd()", "Value": ""}, {"Key": "k"}]
    assert parsed(TagList=tags).tags == {"Name": hostile, "=cmd()": "", "k": ""}


@pytest.mark.parametrize("absent", sorted(LEAST))
def test_an_answer_without_what_aws_always_says_is_no_answer(absent: str) -> None:
    thin = {key: value for key, value in LEAST.items() if key != absent}
    with pytest.raises(UnreadableAnswer), as_documented(RdsInstances.reads[0], IRELAND):
        list(RdsInstances.parse({"DBInstances": [thin]}, IRELAND))


def test_a_page_without_instances_has_none() -> None:
    assert list(RdsInstances.parse({}, IRELAND)) == []


def test_every_recorded_instance_parses_and_none_is_lost() -> None:
    """Some of the recordings were shortened by hand, to instances without a class or a status."""
    read = shortened = told = 0
    for path in recordings("aws_api_c7n_placebo", "*/rds.DescribeDBInstances_*.json"):
        whole = [raw for raw in recorded(path).get("DBInstances", ()) if LEAST.keys() <= raw.keys()]
        instances = list(RdsInstances.parse({"DBInstances": whole}, IRELAND))
        assert all(one.created_at is None or one.created_at.tzinfo is UTC for one in instances)
        assert all(one.allocated_gib for one in instances)
        read += len(instances)
        told += len(recorded(path).get("DBInstances", ()))
        shortened += told_thin(recorded(path))
    assert read + shortened == told == 56
    assert shortened == 5


def told_thin(page: dict[str, Any]) -> int:
    return sum(not LEAST.keys() <= raw.keys() for raw in page.get("DBInstances", ()))


def test_recorded_facts_survive() -> None:
    (path,) = recordings("aws_api_c7n_placebo", "test_rds_stop/rds.DescribeDBInstances_1.json")
    first = next(iter(RdsInstances.parse(recorded(path), IRELAND)))
    assert (first.instance_id, first.db_class) == ("rds-test-instance-1", "db.t2.micro")
    assert (first.engine, first.engine_version, first.licence_model) == (
        "postgres",
        "9.6.1",
        "postgresql-license",
    )
    assert first.created_at == datetime(2017, 4, 5, 20, 28, 25, 992000, tzinfo=UTC)
