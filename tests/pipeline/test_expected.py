"""The order of work follows what the last refresh found, and is the same whenever it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import instance, volume
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume
from plainbill.pipeline.expected import UNKNOWN, Expected
from plainbill.storage import SnapshotStore
from storage.keeping import collected

SHOP, BANK = "111122223333", "444455556666"


@pytest.fixture
def expected(tmp_path: Path) -> Expected:
    """Four volumes and an instance in one place, two volumes in another, nothing in a third."""
    volumes = [volume(volume_id=f"vol-{n}", account_id=SHOP, region="eu-west-1") for n in range(4)]
    volumes += [volume(volume_id=f"vol-b{n}", account_id=BANK, region="us-east-1") for n in range(2)]
    last = collected(
        instances=[instance(account_id=SHOP, region="eu-west-1")],
        resources={EbsVolume: volumes},
        places=((SHOP, "eu-west-1"), (SHOP, "us-east-1"), (BANK, "us-east-1")),
    )
    return Expected(SnapshotStore(tmp_path).write(last))


def test_without_a_last_refresh_all_places_are_equal() -> None:
    assert Expected(None).things(EbsVolume, SHOP, "eu-west-1") == UNKNOWN


def test_where_nothing_was_found_nothing_is_expected(expected: Expected) -> None:
    assert expected.things(EbsVolume, SHOP, "us-east-1") == 0
    assert expected.things(Ec2Instance, BANK, "us-east-1") == 0


def test_where_something_was_found_as_much_is_expected(expected: Expected) -> None:
    assert expected.things(EbsVolume, SHOP, "eu-west-1") == 4
    assert expected.things(EbsVolume, BANK, "us-east-1") == 2
    assert expected.things(Ec2Instance, SHOP, "eu-west-1") == 1


def test_a_new_place_is_expected_to_be_like_the_others(expected: Expected) -> None:
    assert expected.things(EbsVolume, "999999999999", "eu-west-1") == 3


def test_what_has_no_regions_is_counted_by_account(expected: Expected) -> None:
    assert expected.things(EbsVolume, SHOP, None) == 4


def test_a_kind_that_was_never_read_is_expected_the_same_everywhere(tmp_path: Path) -> None:
    never = Expected(SnapshotStore(tmp_path).write(collected(places=((SHOP, "eu-west-1"),))))
    assert never.things(EbsVolume, SHOP, "eu-west-1") == 0
    assert never.things(EbsVolume, BANK, "eu-west-1") == UNKNOWN
