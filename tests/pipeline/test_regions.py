"""A Region is left out only where the bill and the last look both say that nothing is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from billing_factories import BILL, span, usage
from factories import NOW, TODAY, gap, instance, volume
from plainbill.aws_connector import Scope
from plainbill.model.billing import UsageTable
from plainbill.model.period import Period
from plainbill.model.resources.ebs import EbsVolume
from plainbill.pipeline.regions import Places, where_to_look
from plainbill.storage import Snapshot, SnapshotStore
from storage.keeping import collected

ACCOUNT, HOME, FAR = "111122223333", "us-east-1", "eu-west-1"
SCOPES = [Scope(ACCOUNT, FAR), Scope(ACCOUNT, HOME)]
PLACES = tuple((scope.account_id, scope.region) for scope in SCOPES)
USED_AT_HOME = usage("BoxUsage:m5.large", ACCOUNT, "10", "1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SnapshotStore]:
    store = SnapshotStore(tmp_path)
    yield store
    if latest := store.latest():
        latest.close()


def last(store: SnapshotStore, *records: Any, **changes: Any) -> Snapshot:
    """The last refresh: by default usage in Virginia, a whole look at both Regions, nothing found."""
    bill = span(*(records or (USED_AT_HOME,)))
    plain: dict[str, Any] = {"places": PLACES, "usage": {UsageTable.ACCOUNT: bill}}
    return store.write(collected(**(plain | changes)))


def looked(last: Snapshot | None, *wanted: str, today: date = TODAY) -> Places:
    return where_to_look(HOME, wanted or ("auto",), SCOPES, last, today)


# --- looks ------------------------------------------------------------------------------------


def test_by_default_every_region_is_looked_into(store: SnapshotStore) -> None:
    assert looked(last(store), "all") == Places(SCOPES)


def test_nothing_is_skipped_before_anything_was_read() -> None:
    assert looked(None) == Places(SCOPES)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"usage": {}}, id="no bill"),
        pytest.param(
            {"usage": {UsageTable.ACCOUNT: span(period=Period.of_days(date(2026, 11, 1), BILL.end_day))}},
            id="a bill of three weeks",
        ),
        pytest.param({"places": PLACES[1:]}, id="a Region that was not enabled then"),
        pytest.param({"instances": (instance(account_id=ACCOUNT, region=FAR),)}, id="an instance"),
        pytest.param({"resources": {EbsVolume: [volume(account_id=ACCOUNT, region=FAR)]}}, id="a volume"),
        pytest.param({"gaps": (gap(account_id=ACCOUNT, region=FAR),)}, id="a look that was not whole"),
        pytest.param({"gaps": (gap(account_id=None, region=None),)}, id="a gap that may be anywhere"),
        pytest.param({"skipped": ((ACCOUNT, FAR, TODAY - timedelta(days=7)),)}, id="a look a week ago"),
    ],
)
def test_what_may_hold_something_is_looked_into(store: SnapshotStore, changes: dict[str, Any]) -> None:
    assert looked(last(store, **changes)) == Places(SCOPES)


@pytest.mark.parametrize(
    "usage_type",
    [
        pytest.param("EU-EBS:VolumeUsage.gp3", id="usage there"),
        pytest.param("eu-west-1-KMS-Requests", id="usage there, with the Region written out"),
        pytest.param("XYZ9-BoxUsage:m5.large", id="usage of a place that is not known"),
    ],
)
def test_where_something_is_billed_is_looked_into(store: SnapshotStore, usage_type: str) -> None:
    assert looked(last(store, usage(usage_type, ACCOUNT, "1", "0.01"))) == Places(SCOPES)


def test_a_bill_that_ends_too_early_skips_nothing(store: SnapshotStore) -> None:
    assert looked(last(store), today=BILL.end_day + timedelta(days=4)) == Places(SCOPES)


@pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(days=365)])
def test_a_bill_or_a_look_of_the_future_skips_nothing(store: SnapshotStore, ahead: timedelta) -> None:
    """The clock was wrong when they were read, or is wrong now."""
    assert looked(last(store), "auto", today=TODAY - ahead).skipped == ()
    away = collected(
        "run-2",
        places=PLACES,
        usage={UsageTable.ACCOUNT: span(USED_AT_HOME)},
        skipped=((ACCOUNT, FAR, TODAY + ahead),),
    )
    assert looked(store.write(away)).skipped == ()


def test_the_region_of_the_first_calls_is_always_looked_into(store: SnapshotStore) -> None:
    found = looked(last(store, usage("EU-EBS:VolumeUsage.gp3", ACCOUNT, "1", "0.01")))
    assert Scope(ACCOUNT, HOME) in found.looked_into


def test_a_region_of_another_account_is_judged_by_that_accounts_bill(store: SnapshotStore) -> None:
    found = looked(last(store, usage("EU-EBS:VolumeUsage.gp3", "444455556666", "1", "0.01")))
    assert found.looked_into == [Scope(ACCOUNT, HOME)]


# --- skips, and says so -----------------------------------------------------------------------


def test_an_empty_region_without_usage_is_skipped_and_that_is_said(store: SnapshotStore) -> None:
    found = looked(last(store))
    assert found.looked_into == [Scope(ACCOUNT, HOME)]
    assert found.skipped == ((ACCOUNT, FAR, NOW.date()),)
    [said] = found.gaps
    assert (said.kind, said.account_id, said.region) == ("Skipped", ACCOUNT, FAR)
    assert said.reason == (
        "Skipped: no usage on the bill from 2026-10-22 to 2026-11-22, "
        "and nothing that is judged at the last look (2026-11-24)."
    )


def test_the_day_of_the_last_look_stays_while_it_is_skipped(store: SnapshotStore) -> None:
    before = TODAY - timedelta(days=6)
    found = looked(last(store, skipped=((ACCOUNT, FAR, before),)))
    assert found.skipped == ((ACCOUNT, FAR, before),)


def test_a_list_looks_there_and_says_what_was_left_out(store: SnapshotStore) -> None:
    found = looked(last(store), HOME)
    assert found.looked_into == [Scope(ACCOUNT, HOME)]
    assert [(one.region, one.remedy) for one in found.gaps] == [(FAR, "Name it in PLAINBILL_REGIONS.")]


def test_a_region_that_nobody_has_is_named_and_the_others_are_looked_into(store: SnapshotStore) -> None:
    found = looked(last(store), HOME, FAR, "eu-wset-1")
    assert found.looked_into == SCOPES
    assert [(one.region, one.kind) for one in found.gaps] == [("eu-wset-1", "RegionDisabled")]
    assert "PLAINBILL_REGIONS" in found.gaps[0].reason


def test_where_no_account_could_be_asked_nothing_is_said_of_its_regions() -> None:
    assert where_to_look(HOME, (FAR,), [], None, TODAY).gaps == []
