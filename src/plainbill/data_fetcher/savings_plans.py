"""Savings Plans: ``DescribeSavingsPlans`` once an account, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.commitments import SavingsPlan


class SavingsPlans(Collector):
    """Every active Savings Plan: no check judges them, but they decide what a saving is worth."""

    name = "savings_plans"
    kind = SavingsPlan
    is_global = True
    always = True
    reads = (Read("savingsplans", "DescribeSavingsPlans", "how much of a saving a Savings Plan would keep"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeSavingsPlans``."""
        return connector.pages(scope, "savingsplans", "DescribeSavingsPlans", states=["active"])

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[SavingsPlan]:
        """Yield the plans of a page."""
        return (_plan(raw, scope) for raw in page.get("savingsPlans", ()))


def _plan(raw: Mapping[str, Any], scope: Scope) -> SavingsPlan:
    start_at, end_at = raw.get("start"), raw.get("end")
    return SavingsPlan(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw, "tags"),
        plan_id=raw["savingsPlanId"],
        plan_arn=raw["savingsPlanArn"],
        plan_type=raw["savingsPlanType"],
        state=raw["state"],
        commitment=raw["commitment"],
        currency=raw["currency"],
        covered_region=raw.get("region") or None,
        family=raw.get("ec2InstanceFamily") or None,
        start_at=instant(start_at) if start_at else None,
        end_at=instant(end_at) if end_at else None,
        payment=raw.get("paymentOption") or None,
        term_seconds=raw.get("termDurationInSeconds"),
    )
