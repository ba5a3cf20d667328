"""A file system is unused where nobody can mount it, or surely nobody has."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps_factories import GIB, days_ago, file_system
from factories import context, days_of, flat_days
from plainbill.analyzer.checks.efs_file_system_unused import EfsFileSystemUnused
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.efs import EfsFileSystem

CHECK = EfsFileSystemUnused()
CONNECTIONS, ALIVE = CHECK.metrics
PUBLISHED = flat_days(1e8)


def judge(one: EfsFileSystem, connections: Series | None = None, alive: Series | None = None) -> Verdict:
    measured = {(one.arn, CONNECTIONS): connections, (one.arn, ALIVE): alive}
    return CHECK.evaluate(
        one, context(one, series={key: values for key, values in measured.items() if values is not None})
    )


def amount(found: Verdict) -> Decimal | None:
    assert isinstance(found, Waste)
    return None if found.monthly_saving is None else found.monthly_saving.amount


@pytest.mark.parametrize(
    ("one", "connections"),
    [
        pytest.param(file_system(), days_of(*[None] * 29, 5.0), id="mounted on the last day"),
        pytest.param(file_system(mount_targets=0, is_replica=True), None, id="the copy of another"),
        pytest.param(file_system(mount_targets=0, total_bytes=6144), None, id="empty"),
        pytest.param(file_system(mount_targets=0, state="deleting"), None, id="being deleted"),
    ],
)
def test_a_file_system_that_is_used_or_free_is_left_alone(
    one: EfsFileSystem, connections: Series | None
) -> None:
    assert isinstance(judge(one, connections, PUBLISHED), Ok)


@pytest.mark.parametrize(
    ("one", "connections", "alive"),
    [
        pytest.param(file_system(), None, PUBLISHED, id="connections not read"),
        pytest.param(file_system(), flat_days(None), None, id="nothing shows that EFS publishes"),
        pytest.param(file_system(), flat_days(None), flat_days(None), id="nothing is published"),
        pytest.param(file_system(created_at=days_ago(29)), flat_days(None), PUBLISHED, id="young"),
        pytest.param(file_system(mount_targets=0, created_at=days_ago(1)), None, None, id="just made"),
    ],
)
def test_too_little_evidence_is_unknown(
    one: EfsFileSystem, connections: Series | None, alive: Series | None
) -> None:
    assert isinstance(judge(one, connections, alive), Unknown)


def test_without_a_mount_target_no_metric_is_needed() -> None:
    found = judge(file_system(mount_targets=0))
    assert amount(found) == Decimal(30)  # 100 GB x $0.30
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.HIGH


def test_without_a_connection_it_is_waste_one_step_less_sure() -> None:
    found = judge(file_system(), flat_days(None), PUBLISHED)
    assert amount(found) == Decimal(30)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM


@pytest.mark.parametrize(
    ("changes", "saved"),
    [
        pytest.param({"infrequent_bytes": 400 * GIB}, "40", id="400 GB x $0.025 besides"),
        pytest.param({"is_one_zone": True}, "16", id="one zone: 100 GB x $0.16"),
        pytest.param(
            {"throughput_mode": "provisioned", "provisioned_mibps": 25.0},
            "150",
            id="20 of 25 MiB/s x $6 besides",
        ),
        pytest.param({"throughput_mode": "provisioned", "provisioned_mibps": 5.0}, "30", id="5 are included"),
        pytest.param({"archive_bytes": 1}, None, id="archived: no price is held"),
        pytest.param({"standard_bytes": None}, None, id="the classes are not told apart"),
        pytest.param({"region": "sa-east-1"}, None, id="a region without prices"),
    ],
)
def test_the_saving_is_what_each_class_costs(changes: dict[str, object], saved: str | None) -> None:
    found = amount(judge(file_system(mount_targets=0, **changes)))
    assert found == (None if saved is None else Decimal(saved))
