"""Checks under a policy: the usual ones where it says nothing or nothing that can be used."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.waste import CHECKS, EbsVolumeLarge
from factories import NOW
from plainbill.analyzer.policy import Ruled, under, unusual
from plainbill.analyzer.what_if import SettingError
from plainbill.model.policy import Policy

LARGE = "ebs_volume_large"


def policy(settings: Mapping[str, Mapping[str, str]]) -> Policy:
    return Policy(name="ours", settings=settings, note=None, who="kim", saved_at=NOW)


def test_without_a_policy_every_check_is_as_usual() -> None:
    assert under(CHECKS, None) == Ruled(None, CHECKS, ())
    assert under(CHECKS, None).changes == []


def test_a_policy_changes_the_checks_that_it_names_and_no_other() -> None:
    ruled = under(CHECKS, policy({LARGE: {"most_gib": "150"}}))
    assert ruled == Ruled("ours", (EbsVolumeLarge(most_gib=150), *CHECKS[1:]), ())
    (change,) = ruled.changes
    assert (change.check.id, change.name, change.usual, change.value) == (LARGE, "most_gib", 80, 150)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"ebs_volume_of_old": {"days": "3"}}, "there is no check ebs_volume_of_old"),
        ({LARGE: {"days": "3"}}, "ebs_volume_large is judged by its usual thresholds: days is '3'"),
        ({LARGE: {"most_gib": "-1"}}, "ebs_volume_large is judged by its usual thresholds: most_gib is '-1'"),
        ({LARGE: {"most_gib": "many"}}, "usual thresholds: most_gib is 'many'; allowed: a whole number"),
    ],
)
def test_what_cannot_be_used_any_more_is_said_and_the_usual_holds(
    settings: Mapping[str, Mapping[str, str]], problem: str
) -> None:
    ruled = under(CHECKS, policy({**settings, "ebs_volume_lonely": {"days": "3"}}))
    assert [check for check in ruled.checks if check.id == LARGE] == [EbsVolumeLarge()]
    assert getattr(ruled.checks[1], "days") == 3  # noqa: B009 - of one check only
    (said,) = ruled.problems
    assert problem in said


def test_a_usual_value_is_not_kept() -> None:
    assert unusual(EbsVolumeLarge(), {"most_gib": " 80 "}) == {}
    assert unusual(EbsVolumeLarge(), {"most_gib": ""}) == {}
    assert unusual(EbsVolumeLarge(), {"most_gib": " 81 "}) == {"most_gib": "81"}
    with pytest.raises(SettingError):
        unusual(EbsVolumeLarge(), {"most_gib": "x"})
