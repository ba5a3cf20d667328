"""What AWS's price list answered comes out of a snapshot as it went in, what it does not sell included."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from plainbill.model.money import Money
from plainbill.prices import Listed, Origin, Rate, Unit, UsageKey
from plainbill.storage import SnapshotStore
from storage.keeping import collected

DAY = date(2026, 11, 24)
KEY = UsageKey("cn-north-1", "AmazonEC2", "BoxUsage:m5.large", "RunInstances:0002")
PRICE = Rate(Money(Decimal("0.0000166667"), "CNY"), Unit.GB_SECOND, DAY, "a list", Origin.PRICE_LIST)


def test_a_snapshot_without_answers_knows_no_prices(tmp_path: Path) -> None:
    written = SnapshotStore(tmp_path).write(collected())
    assert written.listed() == ()
    assert written.listed_rates() == {}


def test_answers_come_back_equal(tmp_path: Path) -> None:
    answers = (Listed(KEY, DAY, PRICE), Listed(UsageKey("eu-west-1", "AmazonS3", "X"), DAY, None))
    SnapshotStore(tmp_path).write(collected(listed=answers))
    found = SnapshotStore(tmp_path).latest()
    assert found
    assert found.listed() == answers
    assert found.listed_rates() == {KEY: PRICE}
