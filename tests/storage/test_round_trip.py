"""What goes into a snapshot comes out of it: every digit, every missing hour, every strange name."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from factories import NOW, cost_record, instance, last_hours, utilization
from plainbill.errors import CurrencyMismatchError, StorageError
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.inventory import Gap
from plainbill.model.load_block import LoadBlock
from plainbill.model.period import Period
from plainbill.model.utilization import NOT_ASKED
from plainbill.storage import CostSpan, SnapshotStore, without_network
from storage.keeping import collected, flat_costs, span

OCTOBER = Period.of_days(date(2026, 10, 1), date(2026, 11, 1))
FIRST = date(2026, 10, 1)
HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE costs; --",
    '=HYPERLINK("http://evil","x")',
    "{{ 7*7 }} ${jndi:ldap://x}",
    "nul\x00 newline\n tab\t bell\x07",
    "\u202eright to left\u200b \U0001f4a9 é e\u0301",
    "../../etc/passwd",
    "read_text('/etc/passwd')",
    "x" * 5000,
    "",
    " ",
    "NULL",
)


def costs_of(amount: str) -> dict[CostTable, CostSpan]:
    return {CostTable.SERVICE: span(FIRST, date(2026, 10, 2), [cost_record(FIRST, "Amazon EC2", amount)])}


@pytest.mark.parametrize(
    "amount",
    ["0", "0.0000000001", "-0.0000000001", "1.1E-9", "99999999.9999999999", "-99999999.9999999999", "12"],
)
def test_an_amount_keeps_every_digit(tmp_path: Path, amount: str) -> None:
    snapshot = SnapshotStore(tmp_path).write(collected(costs=costs_of(amount)))
    for metric in CostMetric:
        assert [cost.cost for cost in snapshot.daily_costs(CostTable.SERVICE, OCTOBER, metric)] == [
            Decimal(amount)
        ]


@pytest.mark.parametrize("amount", ["100000000", "0.00000000001", "1.23456789012", "NaN", "Infinity", "sNaN"])
def test_an_amount_that_would_lose_a_digit_is_refused_by_name(tmp_path: Path, amount: str) -> None:
    store = SnapshotStore(tmp_path)
    with pytest.raises(StorageError, match="unblended of Amazon EC2 on 2026-10-01 is"):
        store.write(collected(costs=costs_of(amount)))
    assert store.latest() is None
    assert not list(tmp_path.glob(".writing-*"))


def test_a_record_without_one_of_the_metrics_is_refused(tmp_path: Path) -> None:
    record = cost_record(FIRST, "Amazon EC2", "1", amounts={CostMetric.UNBLENDED: Decimal(1)})
    with pytest.raises(StorageError, match="amortized of Amazon EC2"):
        SnapshotStore(tmp_path).write(
            collected(costs={CostTable.SERVICE: span(FIRST, date(2026, 10, 2), [record])})
        )


def test_each_metric_keeps_its_own_amount(tmp_path: Path) -> None:
    amounts = {metric: Decimal(place) / 7 for place, metric in enumerate(CostMetric)}
    amounts = {metric: amount.quantize(Decimal("1E-10")) for metric, amount in amounts.items()}
    record = cost_record(FIRST, "Amazon EC2", "0", amounts=amounts)
    snapshot = SnapshotStore(tmp_path).write(
        collected(costs={CostTable.SERVICE: span(FIRST, date(2026, 10, 2), [record])})
    )
    for metric in CostMetric:
        assert snapshot.daily_costs(CostTable.SERVICE, OCTOBER, metric)[0].cost == amounts[metric]


def test_an_instance_comes_back_equal(tmp_path: Path) -> None:
    bare = instance(instance_id="i-1", first_launched_at=None)
    full = instance(
        instance_id="i-2",
        launched_at=datetime(2026, 10, 31, 23, 59, 59, 999999, tzinfo=UTC),
        availability_zone="us-east-1a",
        architecture="arm64",
        detailed_monitoring=True,
        ebs_volume_ids=("vol-2", "vol-1"),
        public_ips=("203.0.113.7",),
        managed_by=("autoscaling", "eks"),
        tags={text: f"value of {text}" for text in HOSTILE} | {"Name": HOSTILE[0]},
    )
    snapshot = SnapshotStore(tmp_path).write(collected(instances=(full, bare)))
    assert snapshot.instances() == (full, bare)
    assert list(snapshot.instances()[0].tags) == list(full.tags)


def test_an_hour_without_a_datapoint_stays_without_one(tmp_path: Path) -> None:
    patchy = replace(utilization(), cpu_average=(None, *((0.0, 0.1, None, 100.0) * 83), 5e-324, 1.1, None))
    silent = replace(utilization(), cpu_average=(None,) * 336, network_out=(None,) * 336)
    seen = {"arn:1": patchy, "arn:2": silent, "arn:3": utilization(average=1 / 3)}
    stored = SnapshotStore(tmp_path).write(collected(utilization=seen)).utilization()
    assert dict(stored) == seen
    assert stored["arn:1"].cpu_average[0] is None
    assert stored["arn:1"].cpu_average[1] == 0.0
    assert "arn:4" not in stored
    assert math.fsum(hour or 0 for hour in stored["arn:3"].cpu_average) == math.fsum([1 / 3] * 336)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_only_a_name(tmp_path: Path, text: str) -> None:
    records = [cost_record(FIRST, text, "2", account_id=text or "x"), cost_record(FIRST, "other", "1")]
    costs = {CostTable.SERVICE: span(FIRST, date(2026, 10, 2), records)}
    gap = Gap(source=text, account_id=text, region=text, kind=text, action=text, reason=text, remedy=text)
    snapshot = SnapshotStore(tmp_path).write(collected(costs=costs, accounts={"1": text}, gaps=(gap,)))
    found = snapshot.daily_costs(CostTable.SERVICE, OCTOBER, CostMetric.UNBLENDED, account=text or "x")
    assert [(cost.key, cost.cost) for cost in found] == [(text, Decimal(2))]
    assert snapshot.manifest.accounts == {"1": text}
    assert snapshot.manifest.gaps == (gap,)


def test_half_a_character_does_not_stop_a_refresh(tmp_path: Path) -> None:
    records = [cost_record(FIRST, "\ud800", "2")]
    snapshot = SnapshotStore(tmp_path).write(
        collected(
            costs={CostTable.SERVICE: span(FIRST, date(2026, 10, 2), records)},
            accounts={"1": "A\udfff"},
            regions=(),
            instances=(instance(tags={"a\ud800": "b\ud800"}),),
            gaps=(
                Gap(
                    source="s",
                    account_id=None,
                    region=None,
                    kind="k",
                    action=None,
                    reason="\ud800",
                    remedy="",
                ),
            ),
        )
    )
    assert snapshot.daily_costs(CostTable.SERVICE, OCTOBER, CostMetric.UNBLENDED)[0].key == "\ufffd"
    assert snapshot.manifest.accounts == {"1": "A\ufffd"}
    assert snapshot.manifest.gaps[0].reason == "\ufffd"
    assert snapshot.instances()[0].tags == {"a\ufffd": "b\ufffd"}


def test_the_manifest_says_what_was_covered(tmp_path: Path) -> None:
    what = collected(
        accounts={"1": "One", "2": None},
        regions=("eu-west-1", "us-east-1"),
        metrics_period=utilization().period,
        base_account="1",
    )
    SnapshotStore(tmp_path).write(what)
    latest = SnapshotStore(tmp_path).latest()
    assert latest is not None
    manifest = latest.manifest
    assert (manifest.run_id, manifest.taken_at) == ("run-1", NOW)
    assert (manifest.accounts, manifest.regions) == ({"1": "One", "2": None}, ("eu-west-1", "us-east-1"))
    assert (manifest.metrics_period, manifest.currency) == (utilization().period, "USD")
    assert manifest.base_account == "1"
    assert {table: span.period for table, span in manifest.tables.items()} == dict.fromkeys(
        CostTable, Period.of_days(FIRST, date(2026, 11, 24))
    )


def test_two_currencies_are_never_kept_in_one_record(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected())
    yuan = flat_costs(date(2026, 11, 1), date(2026, 11, 2), currency="CNY")
    with pytest.raises(CurrencyMismatchError):
        store.write(collected("run-2", costs=yuan))
    latest = store.latest()
    assert latest is not None
    assert latest.manifest.run_id == "run-1"


def test_costs_of_one_account_and_by_account(tmp_path: Path) -> None:
    records = [
        cost_record(FIRST, "EC2", "1.5", "1"),
        cost_record(FIRST, "EC2", "4", "2"),
        cost_record(FIRST, "S3", "-9", "1", is_estimated=True),
        cost_record(date(2026, 10, 2), "EC2", "100", "1"),
    ]
    costs = {
        CostTable.SERVICE: span(FIRST, date(2026, 10, 3), records),
        CostTable.CONTROL: span(FIRST, date(2026, 10, 3), [cost_record(FIRST, None, "7", None)]),
    }
    snapshot = SnapshotStore(tmp_path).write(collected(costs=costs))
    one_day = Period.of_days(FIRST, date(2026, 10, 2))
    ask = snapshot.daily_costs(CostTable.SERVICE, one_day, CostMetric.UNBLENDED)
    assert [(c.day, c.key, c.cost, c.is_estimated) for c in ask] == [
        (FIRST, "EC2", Decimal("5.5"), False),
        (FIRST, "S3", Decimal(-9), True),
    ]
    of_two = snapshot.daily_costs(CostTable.SERVICE, one_day, CostMetric.UNBLENDED, account="2")
    assert [(c.key, c.cost) for c in of_two] == [("EC2", Decimal(4))]
    assert snapshot.costs_by_account(one_day, CostMetric.UNBLENDED) == [
        ("2", Decimal(4)),
        ("1", Decimal("-7.5")),
    ]
    control = snapshot.daily_costs(CostTable.CONTROL, one_day, CostMetric.NET_AMORTIZED)
    assert [(c.key, c.cost) for c in control] == [(None, Decimal(7))]
    assert snapshot.daily_costs(CostTable.RECORD_TYPE, one_day, CostMetric.UNBLENDED) == []
    with pytest.raises(ValueError, match="not split by account"):
        snapshot.daily_costs(CostTable.CONTROL, one_day, CostMetric.UNBLENDED, account="1")


def test_a_network_that_was_not_asked_comes_back_as_that_and_not_as_hours_without_datapoints(
    tmp_path: Path,
) -> None:
    unasked = replace(utilization(), network_in=NOT_ASKED, network_out=NOT_ASKED)
    silent = replace(utilization(), network_in=(None,) * 336, network_out=(None,) * 336)
    seen = {"arn:1": unasked, "arn:2": silent, "arn:3": utilization()}
    stored = SnapshotStore(tmp_path).write(collected(utilization=seen)).utilization()
    assert dict(stored) == seen
    assert stored["arn:1"].network is None
    assert without_network(stored) == without_network(seen) == {"arn:1"}


def test_load_that_was_written_block_by_block_is_the_snapshots_own(tmp_path: Path) -> None:
    store, period = SnapshotStore(tmp_path), last_hours(48)
    values = np.random.default_rng(3).normal(50, 20, (6, 48))
    values[2, 5:9] = np.nan
    asked = LoadBlock(
        period=period,
        arns=["arn:1", "arn:2", "arn:3"],
        cpu_average=values[:3],
        cpu_maximum=values[3:],
        network=(values[3:] * 1e6, values[:3] / 3),
    )
    unasked = LoadBlock(
        period=period, arns=["arn:4"], cpu_average=values[:1], cpu_maximum=values[1:2], network=None
    )
    with store.load_writer("run-1") as writer:
        writer.add(asked)
        writer.add(unasked)
        load = writer.finish()
        before = dict(load)
        snapshot = store.write(collected(run_id="run-1", utilization=load))
    stored = snapshot.utilization()
    assert (
        dict(stored)
        == before
        == {
            **{arn: asked.row(number) for number, arn in enumerate(asked.arns)},
            "arn:4": unasked.row(0),
        }
    )
    assert stored["arn:3"].cpu_average[4:10] == [values[2, 4], None, None, None, None, values[2, 9]]
    assert without_network(stored) == {"arn:4"}
    assert not list(tmp_path.glob(".load-*"))


def test_load_that_no_snapshot_took_is_removed_and_so_is_that_of_a_refresh_that_died(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    (tmp_path / ".load-died.parquet").write_bytes(b"half of it")
    with store.load_writer("run-1"):
        assert [path.name for path in tmp_path.glob(".load-*")] == [".load-run-1.parquet"]
    assert not list(tmp_path.glob(".load-*"))
