"""List prices of any region: ``pricing:GetProducts``, free of charge, asked by the names a bill uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.price_list_product import Offer, offer_of
from plainbill.data_fetcher.source import Source, as_documented
from plainbill.prices import Listed, Origin, Rate, Unit, UsageKey
from plainbill.prices.billing_regions import spellings

_PARTITIONS = frozenset({"aws", "aws-cn"})
_REGION = "us-east-1"  # where a partition's list answers is the connector's to know
_PAGE = 100
_LONGEST_FILTER = 1024
"""Characters of a filter's value, AWS's limit (API reference, ``Filter``)."""

Page = Mapping[str, Any]


class PriceList(Source):
    """AWS's list prices of what neither the bill nor the built-in tables know."""

    name = "price_list"
    reads = (Read("pricing", "GetProducts", "list prices that the built-in tables do not hold"),)


@dataclass(frozen=True, slots=True)
class Batch:
    """Usages that one call can ask for: of one region, service and operation."""

    region: str
    service: str
    operation: str
    wanted: tuple[tuple[UsageKey, Unit], ...]


def has_list(arn: str) -> bool:
    """Say whether the partition of an ARN has a price list: GovCloud and the European cloud have none."""
    return arn.split(":")[1] in _PARTITIONS


def batches(wanted: Mapping[UsageKey, Unit]) -> Iterator[Batch]:
    """Put the usages together that can be asked for in one call, in the order in which they came.

    Those of a region whose billing code is not known cannot be asked for, and are in no batch.
    """
    groups: dict[tuple[str, str, str], list[tuple[UsageKey, Unit]]] = {}
    for key, unit in wanted.items():
        if spellings(key.region, key.usage_type):
            groups.setdefault((key.region, key.service, key.operation), []).append((key, unit))
    for place, found in groups.items():
        for part in _short_enough(found):
            yield Batch(*place, tuple(part))


def _short_enough(found: Iterable[tuple[UsageKey, Unit]]) -> Iterator[list[tuple[UsageKey, Unit]]]:
    part: list[tuple[UsageKey, Unit]] = []
    length = 0
    for key, unit in found:
        more = sum(len(one) + 1 for one in spellings(key.region, key.usage_type))
        if part and length + more > _LONGEST_FILTER:
            yield part
            part, length = [], 0
        part.append((key, unit))
        length += more
    if part:
        yield part


def request(batch: Batch) -> dict[str, Any]:
    """Return the parameters of ``GetProducts``: any of the usage types, in one region.

    Values of ``ANY_OF`` are parted by commas; no usage type has one.
    """
    names = [name for key, _ in batch.wanted for name in spellings(key.region, key.usage_type)]
    filters = [
        _filter("TERM_MATCH", "regionCode", batch.region),
        _filter("ANY_OF", "usagetype", ",".join(names)),
    ]
    if batch.operation:
        filters.append(_filter("TERM_MATCH", "operation", batch.operation))
    return {
        "ServiceCode": batch.service,
        "Filters": filters,
        "FormatVersion": "aws_v1",
        "MaxResults": _PAGE,
    }


def _filter(kind: str, field: str, value: str) -> dict[str, str]:
    return {"Type": kind, "Field": field, "Value": value}


def fetch(connector: Connector, account_id: str, batch: Batch) -> Iterator[Page]:
    """Yield every page of ``GetProducts``; raises ``AwsError``."""
    return connector.pages(Scope(account_id, _REGION), "pricing", "GetProducts", **request(batch))


def parse(pages: Iterable[Page], batch: Batch, today: date) -> list[Listed]:
    """Return the answer to each usage of a batch.

    Several products may be listed under one usage: the price is that of all of them, or there is none.
    """
    offers = [offer for page in pages for raw in page["PriceList"] if (offer := offer_of(raw))]
    return [_listed(key, unit, offers, today) for key, unit in batch.wanted]


def _listed(key: UsageKey, unit: Unit, offers: Iterable[Offer], today: date) -> Listed:
    prices = {offer.price_in(unit) for offer in offers if offer.is_of(key)}
    price = prices.pop() if len(prices) == 1 else None
    if price is None:
        return Listed(key, today, None)
    source = " ".join(filter(None, (key.service, key.usage_type, key.operation)))
    return Listed(key, today, Rate(price, unit, today, source, Origin.PRICE_LIST))


def read(connector: Connector, account_id: str, batch: Batch, today: date) -> list[Listed]:
    """Ask for one batch; raises ``AwsError``."""
    with as_documented(PriceList.reads[0], Scope(account_id, _REGION)):
        return parse(fetch(connector, account_id, batch), batch, today)
