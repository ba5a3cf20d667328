"""Trusted Advisor's flags: the columns say what they are about; what is no amount is not known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.trusted_advisor import TrustedAdvisor, cost_checks
from plainbill.model.findings import Action
from plainbill.model.money import Money
from plainbill.model.resources.aws_advice import TrustedAdvisorRecommendation

HERE = Scope("111122223333", "us-east-1")
IDLE = "Ti39halfu8"
CHECK: dict[str, Any] = {
    "id": IDLE,
    "name": "Amazon RDS Idle DB Instances",
    "category": "cost_optimizing",
    "metadata": [
        "Region",
        "DB Instance Name",
        "Days Since Last Connection",
        "Estimated Monthly Savings (On Demand)",
    ],
}
FLAG: dict[str, Any] = {
    "status": "warning",
    "region": "eu-west-1",
    "resourceId": "aBc",
    "isSuppressed": False,
    "metadata": ["eu-west-1", "orders", "14+", "$1,124.83"],
}


def parsed(check: dict[str, Any], *flags: dict[str, Any]) -> list[TrustedAdvisorRecommendation]:
    result = {"checkId": check["id"], "timestamp": "2026-11-24T03:00:00Z", "flaggedResources": list(flags)}
    return list(TrustedAdvisor.parse({"check": check, "result": result}, HERE))


def one(check: dict[str, Any] | None = None, **changes: Any) -> TrustedAdvisorRecommendation:
    (found,) = parsed(check or CHECK, FLAG | changes)
    return found


def test_what_is_well_or_left_out_by_people_is_no_advice() -> None:
    assert parsed(CHECK) == []
    assert parsed(CHECK, FLAG | {"status": "ok"}, FLAG | {"isSuppressed": True}) == []


def test_checks_of_other_pillars_and_those_that_repeat_the_hub_are_not_asked() -> None:
    security = CHECK | {"id": "Pfx0RwqBli", "category": "security"}
    repeated = CHECK | {"id": "c1z7kmr03n"}
    assert cost_checks({"checks": [security, CHECK, repeated]}) == [CHECK]


def test_a_flag_is_about_the_resource_that_its_columns_name() -> None:
    found = one()
    assert found.subject_arn == "arn:aws:rds:eu-west-1:111122223333:db:orders"
    assert (found.subject_id, found.region, found.action) == ("orders", "eu-west-1", Action.STOP)
    assert found.saving == Money(Decimal("1124.83"), "USD")
    assert (found.lookback_days, found.status, found.current_type) == (7, "warning", "RdsDbInstance")
    assert found.measured["Days Since Last Connection"] == "14+"
    assert found.refreshed_at is not None
    assert found.refreshed_at.isoformat() == "2026-11-24T03:00:00+00:00"


@pytest.mark.parametrize("cell", ["", "n/a", "-", "$-3", "$1e9", "12 dollars", None])
def test_what_is_no_amount_is_not_known_and_not_zero(cell: str | None) -> None:
    found = one(metadata=["eu-west-1", "orders", "14+", cell])
    assert (found.saving, found.currency) == (None, None)


def test_fewer_cells_than_columns_leave_the_rest_unknown() -> None:
    found = one(metadata=["eu-west-1"])
    assert (found.subject_arn, found.subject_id, found.saving) == (None, None, None)


def test_a_check_that_is_newer_than_ours_keeps_its_name_and_means_nothing() -> None:
    newer = {
        "id": "new",
        "name": "Idle toasters",
        "category": "cost_optimizing",
        "metadata": ["Resource Arn"],
    }
    arn = "arn:aws:toaster:eu-west-1:111122223333:slot/1"
    found = one(newer, metadata=[arn])
    assert (found.action, found.action_type, found.current_type) == (None, "Idle toasters", None)
    assert found.subject_arn == arn


def test_the_days_and_the_currency_that_a_check_tells_are_taken() -> None:
    columns = [
        "Function Name",
        "Lookback Period (Days)",
        "Estimated Monthly Savings",
        "Estimated Monthly Savings Currency",
    ]
    check = {"id": "COr6dfpM05", "name": "Lambda", "category": "cost_optimizing", "metadata": columns}
    found = one(check, metadata=["resize", "14", "3.5", "CNY"])
    assert (found.lookback_days, found.saving) == (14, Money(Decimal("3.5"), "CNY"))
    assert one(check, metadata=["resize", "14", "3.5", "<script>"]).saving is None


def test_hostile_names_stay_text_and_reach_no_other_resource() -> None:
    found = one(metadata=["eu-west-1", "<script>alert(1)</script>\n", "14+", "$1"])
    assert found.subject_arn == "arn:aws:rds:eu-west-1:111122223333:db:<script>alert(1)</script>"


@pytest.mark.parametrize("field", ["status", "resourceId"])
def test_what_aws_always_says_is_asked_for_by_name(field: str) -> None:
    with pytest.raises(KeyError, match=field):
        parsed(CHECK, {name: value for name, value in FLAG.items() if name != field})
