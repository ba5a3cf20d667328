"""Billed usage in a snapshot: absent is unknown, unread is kept with its own days, digits stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from billing_factories import ACCOUNT, BILL, in_october, span, usage
from factories import NOW
from plainbill.errors import CurrencyMismatchError, StorageError
from plainbill.model.billing import BilledUsage, UsageTable
from plainbill.storage import SnapshotStore
from storage.keeping import collected

HOURS = usage("NatGateway-Hours", ACCOUNT, "528.0000000001", "23.7600000001")
BY_ACCOUNT = span(HOURS, in_october(HOURS))
BY_OPERATION = span(replace(HOURS, key="NatGateway"))


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


def test_a_snapshot_without_it_does_not_say_that_nothing_was_used(store: SnapshotStore) -> None:
    assert store.write(collected()).billed() is None


def test_a_table_without_usage_is_not_one_that_was_not_read(store: SnapshotStore) -> None:
    kept = store.write(collected(usage={UsageTable.ACCOUNT: span()})).billed()
    assert kept == BilledUsage(by_operation=None, by_account=span())


def test_what_was_read_comes_back_to_the_last_digit(store: SnapshotStore) -> None:
    tables = {UsageTable.ACCOUNT: BY_ACCOUNT, UsageTable.OPERATION: BY_OPERATION}
    kept = store.write(collected(usage=tables)).billed()
    assert kept == BilledUsage(by_operation=BY_OPERATION, by_account=BY_ACCOUNT)


def test_a_table_that_could_not_be_read_stays_as_it_was_with_its_own_days(store: SnapshotStore) -> None:
    store.write(collected(usage={UsageTable.ACCOUNT: BY_ACCOUNT, UsageTable.OPERATION: BY_OPERATION}))
    later = replace(BY_OPERATION, period=BILL, records=())
    after = collected(run_id="later", taken_at=NOW + timedelta(days=1), usage={UsageTable.OPERATION: later})
    kept = store.write(after).billed()
    assert kept == BilledUsage(by_operation=later, by_account=BY_ACCOUNT)


def test_usage_of_somebody_else_is_not_kept(store: SnapshotStore) -> None:
    store.write(collected(usage={UsageTable.ACCOUNT: BY_ACCOUNT}, base_account="111122223333"))
    other = store.write(collected(run_id="other", base_account="999988887777"))
    assert other.billed() is None


def test_prices_in_another_currency_than_the_costs_are_refused(store: SnapshotStore) -> None:
    with pytest.raises(CurrencyMismatchError):
        store.write(collected(usage={UsageTable.ACCOUNT: replace(BY_ACCOUNT, currency="CNY")}))


@pytest.mark.parametrize("number", ["NaN", "1e28", "1e-11"])
def test_a_number_that_would_lose_a_digit_is_refused(store: SnapshotStore, number: str) -> None:
    broken = span(replace(HOURS, quantity=Decimal(number)))
    with pytest.raises(StorageError, match="quantity of NatGateway-Hours"):
        store.write(collected(usage={UsageTable.ACCOUNT: broken}))
