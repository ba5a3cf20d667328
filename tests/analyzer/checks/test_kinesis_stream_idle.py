"""A stream is idle only where it is shown that Kinesis publishes what comes in there."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps_factories import days_ago, stream
from factories import context, days_of, flat_days
from plainbill.analyzer.checks.kinesis_stream_idle import KinesisStreamIdle
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.kinesis import KinesisStream

CHECK = KinesisStreamIdle()
RECORDS, READS = CHECK.metrics
SILENT = flat_days(None)


def judge(
    one: KinesisStream, records: Series | None, reads: Series | None = None, other: Series | None = None
) -> Verdict:
    neighbour = stream(stream_name="orders")
    measured = {(one.arn, RECORDS): records, (one.arn, READS): reads, (neighbour.arn, RECORDS): other}
    series = {key: values for key, values in measured.items() if values is not None}
    return CHECK.evaluate(one, context(one, neighbour, series=series))


@pytest.mark.parametrize(
    ("one", "records"),
    [
        pytest.param(stream(), days_of(*[None] * 13, 1.0), id="one record on the last day"),
        pytest.param(stream(), days_of(1.0, *[None] * 13), id="one record on the first day"),
        pytest.param(stream(status="DELETING"), SILENT, id="being deleted"),
    ],
)
def test_a_stream_that_is_written_to_is_left_alone(one: KinesisStream, records: Series) -> None:
    assert isinstance(judge(one, records, other=flat_days(9.0)), Ok)


@pytest.mark.parametrize(
    ("one", "records", "other"),
    [
        pytest.param(stream(), None, flat_days(9.0), id="not read"),
        pytest.param(stream(), flat_days(None, 13), flat_days(9.0), id="too few days"),
        pytest.param(stream(), SILENT, None, id="silent, and nothing else measured"),
        pytest.param(stream(), SILENT, SILENT, id="silent as all others"),
        pytest.param(stream(created_at=days_ago(13)), SILENT, flat_days(9.0), id="young"),
        pytest.param(stream(created_at=None), SILENT, flat_days(9.0), id="of unknown age"),
    ],
)
def test_too_little_evidence_is_unknown(
    one: KinesisStream, records: Series | None, other: Series | None
) -> None:
    assert isinstance(judge(one, records, other=other), Unknown)


@pytest.mark.parametrize(
    ("one", "saved"),
    [
        pytest.param(stream(), "43.80", id="4 shards x $0.015 x 730 h"),
        pytest.param(stream(mode="ON_DEMAND", open_shards=4), "29.20", id="on demand: $0.04 x 730 h"),
        pytest.param(stream(open_shards=None), None, id="shards not read"),
        pytest.param(stream(region="sa-east-1"), None, id="a region without prices"),
    ],
)
def test_a_stream_without_a_record_saves_its_hours(one: KinesisStream, saved: str | None) -> None:
    found = judge(one, flat_days(0.0), other=flat_days(9.0))
    assert isinstance(found, Waste)
    amount = None if found.monthly_saving is None else found.monthly_saving.amount
    assert amount == (None if saved is None else Decimal(saved))


def test_its_own_readers_prove_the_silence_and_are_named() -> None:
    found = judge(stream(), SILENT, reads=flat_days(17000.0))
    assert isinstance(found, Waste)
    assert found.doubts == ("something still reads from it",)
    assert judge(stream(), SILENT, reads=SILENT) == Unknown(
        "IncomingRecords is published of no stream here, so its silence proves nothing"
    )
