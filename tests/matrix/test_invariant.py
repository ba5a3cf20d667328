"""The checker of the fault matrix bites: readings that were corrupted on purpose do not get past it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from factories import NOW, instance
from matrix.invariant import Expected, Seen, compare, violations
from matrix.site import Items, Place
from plainbill.model.inventory import Gap
from plainbill.model.metrics import HOUR, Series
from plainbill.model.period import Period

HERE: Place = ("111122223333", "us-east-1")
THERE: Place = ("444455556666", "us-east-1")
ONE, OTHER = instance(tags={"team": "web"}), instance(instance_id="i-0fedcba9876543210")
TRUTH = Seen(
    {HERE: {ONE.arn: ONE, OTHER.arn: OTHER}, THERE: {"i-there": ONE}},
    [],
    {(HERE[0], "us-east-1", "ec2:DescribeInstances"): 2},
)
DENIED = Gap(
    source="ec2_instances",
    account_id=HERE[0],
    region="us-east-1",
    kind="AccessDenied",
    action="ec2:DescribeInstances",
    reason="Not permitted: ec2:DescribeInstances in 111122223333 us-east-1.",
    remedy='Add to the policy of the role or user: {"Effect": "Allow"}',
)
REFUSED = Expected(
    source="ec2_instances",
    places=[HERE],
    kinds=["AccessDenied"],
    action="ec2:DescribeInstances",
    says='"Effect": "Allow"',
)


def seen(here: Items, *gaps: Gap, there: Items = TRUTH.items[THERE], calls: int = 1) -> Seen:
    return Seen({HERE: here, THERE: there}, gaps, {(HERE[0], "us-east-1", "ec2:DescribeInstances"): calls})


def kinds(reading: Seen, expected: Expected = REFUSED, truth: Seen = TRUTH) -> set[str]:
    return {one.partition(":")[0].split()[0] for one in violations(truth, reading, expected)}


def test_the_truth_and_a_gap_that_says_what_is_missing_pass() -> None:
    assert kinds(seen({}, DENIED)) == set()
    assert kinds(seen({ONE.arn: ONE}, DENIED)) == set()
    assert kinds(seen({ONE.arn: replace(ONE, first_launched_at=None), OTHER.arn: OTHER}, DENIED)) == set()
    assert kinds(TRUTH, replace(REFUSED, passes=True)) == set()


CORRUPT: dict[str, tuple[str, Callable[[], Seen]]] = {
    "an item dropped, no gap": ("silent", lambda: seen({ONE.arn: ONE})),
    "all dropped, no gap": ("silent", lambda: seen({})),
    "nothing missing, and a refusal not mentioned": ("silent", lambda: seen(dict(TRUTH.items[HERE]))),
    "a gap of another account": ("silent", lambda: seen({}, replace(DENIED, account_id=THERE[0]))),
    "a gap of another Region": ("silent", lambda: seen({}, replace(DENIED, region="eu-west-1"))),
    "a gap of another source": ("silent", lambda: seen({}, replace(DENIED, source="ebs_volumes"))),
    "a value changed": (
        "wrong",
        lambda: seen({ONE.arn: replace(ONE, state="stopped"), OTHER.arn: OTHER}, DENIED),
    ),
    "a list emptied": ("wrong", lambda: seen({ONE.arn: replace(ONE, platform="")}, DENIED)),
    "an item that never was": ("wrong", lambda: seen({"i-ghost": ONE}, DENIED)),
    "an item dropped elsewhere": ("elsewhere", lambda: seen({}, DENIED, there={})),
    "a gap elsewhere": ("elsewhere", lambda: seen({}, DENIED, replace(DENIED, account_id=THERE[0]))),
    "a gap without a remedy": ("gap", lambda: seen({}, replace(DENIED, remedy=""))),
    "a gap without a reason": ("gap", lambda: seen({}, replace(DENIED, reason=" "))),
    "a gap of a vaguer kind": ("gap", lambda: seen({}, replace(DENIED, kind="AwsError"))),
    "a gap without the action": ("gap", lambda: seen({}, replace(DENIED, action=None))),
    "a gap with the wrong advice": ("gap", lambda: seen({}, replace(DENIED, remedy="Try again some day."))),
    "a refusal asked again and again": ("storm", lambda: seen({}, DENIED, calls=9)),
    "an end with an error": ("crash", lambda: replace(seen({}, DENIED), crash="KeyError: 'x'")),
}


@pytest.mark.parametrize("name", CORRUPT)
def test_a_corrupted_reading_is_found_out(name: str) -> None:
    kind, make = CORRUPT[name]
    assert kind in kinds(make())


def test_a_gap_that_was_forgotten_elsewhere_is_found_out() -> None:
    there = replace(DENIED, account_id=THERE[0])
    assert "elsewhere" in kinds(seen({}, DENIED), truth=replace(TRUTH, gaps=[there]))


def test_a_failure_that_passed_may_leave_nothing() -> None:
    assert "whole" in kinds(seen(dict(TRUTH.items[HERE]), DENIED), replace(REFUSED, passes=True))


def test_what_another_way_gives_may_be_noted_and_not_be_missing() -> None:
    spared = replace(REFUSED, spared=True)
    assert kinds(seen(dict(TRUTH.items[HERE]), DENIED), spared) == set()
    assert kinds(TRUTH, spared) == set()
    assert kinds(seen({ONE.arn: ONE}, DENIED), spared) == {"whole"}


def test_asking_on_with_credentials_that_have_expired_is_found_out() -> None:
    gap = replace(DENIED, kind="CredentialsExpired", action=None, remedy="Renew the credentials.")
    expired = Expected(source="ec2_instances", places=[HERE], kinds=["CredentialsExpired"], stops=True)
    assert kinds(replace(seen({}, gap), units=2, hits=2), expired) == set()
    assert kinds(replace(seen({}, gap), units=2, hits=9), expired) == {"storm"}


def test_a_total_that_changed_is_wrong_and_a_step_that_is_unknown_is_not() -> None:
    period = Period(NOW, NOW + 3 * timedelta(hours=1))
    truth = Series(period, HOUR, (1.0, 2.0, 3.0))
    assert compare(truth, truth) is None
    assert compare(truth, Series(period, HOUR, (1.0, None, None))) == "a step unknown"
    assert str(compare(truth, Series(period, HOUR, (1.0, 0.0, 3.0)))).startswith("wrong")
    assert str(compare(truth, Series(period, HOUR, (None, None, None)))).startswith("wrong")
