"""What the reservations of RDS, ElastiCache, OpenSearch and Redshift have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from plainbill.aws_connector import Connector, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, decimals
from plainbill.model.money import plain
from plainbill.model.resources.reserved_nodes import ReservedNodes

_PAGE = 100  # the most that each of them gives
_OVER = frozenset({"retired", "payment-failed"})
"""States in which nothing is billed any more, or never was."""


class ReservedNodesCollector(Collector):
    """Every reservation of a service that is not over.

    No check judges them; they are asked for where the bill of the last weeks has the service. ``answered``
    is the list of an answer, ``limit`` the parameter of a page's length.
    """

    always = True
    answered: ClassVar[str]
    limit: ClassVar[str]

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of the reservations."""
        read = cls.reads[0]
        return connector.pages(scope, read.service, read.operation, **{cls.limit: _PAGE})

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[ReservedNodes]:
        """Yield the reservations of a page that are not over."""
        return (cls.reserved(raw, scope) for raw in page.get(cls.answered, ()) if raw["State"] not in _OVER)

    @classmethod
    @abstractmethod
    def reserved(cls, raw: Mapping[str, Any], scope: Scope) -> ReservedNodes:
        """Return one of them."""


def terms(raw: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Return what AWS says of all of them in the same words; the end follows from start and duration."""
    start, seconds = instant(raw["StartTime"]), int(raw["Duration"])
    return {
        "account_id": scope.account_id,
        "region": scope.region,
        "state": raw["State"],
        "start_at": start,
        "end_at": start + timedelta(seconds=seconds),
        "term_seconds": seconds,
        "payment": raw.get("OfferingType") or _in_words(raw.get("PaymentOption")),
        "hourly": hourly(raw, "RecurringCharge"),
        "upfront": decimals(raw.get("FixedPrice")),
        "currency": raw.get("CurrencyCode") or None,
        "product": raw.get("ProductDescription") or None,
    }


def _in_words(option: str | None) -> str | None:
    """Return ``No Upfront``, as all others have it, for ``NO_UPFRONT``."""
    return option.replace("_", " ").title() if option else None


def hourly(raw: Mapping[str, Any], named: str = "") -> str | None:
    """Return the recurring charge, with that of used hours in old offerings; None where neither is told.

    ``named`` is what the names of its fields begin with.
    """
    charges = [
        one[f"{named}Amount"]
        for one in raw.get("RecurringCharges") or ()
        if one.get(f"{named}Frequency") == "Hourly"
    ]
    charges += [raw["UsagePrice"]] if raw.get("UsagePrice") is not None else []
    return plain(sum((Decimal(str(one)) for one in charges), Decimal(0))) if charges else None
