"""The Price List API: products as JSON in strings, found by what a bill calls them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.price_list import Sold, price_list
from plainbill.demo.wire_scope import WireError
from plainbill.model.money import plain
from plainbill.prices import Unit
from plainbill.prices.billing_regions import spellings

_REFUSAL = "InvalidParameterException"
_KINDS = frozenset({"TERM_MATCH", "EQUALS", "ANY_OF"})
_FIELDS = frozenset({"regionCode", "usagetype", "operation"})
_UNITS: Mapping[Unit, tuple[str, int]] = {
    Unit.HOUR: ("Hrs", 1),
    Unit.MONTH: ("Months", 1),
    Unit.GB: ("GB", 1),
    Unit.GB_HOUR: ("hours", 1),
    Unit.GB_MONTH: ("GB-Mo", 1),
    Unit.GB_SECOND: ("Lambda-GB-Second", 1),
    Unit.IOPS_MONTH: ("IOPS-Mo", 1),
    Unit.MIBPS_MONTH: ("GiBps-mo", 1024),
    Unit.VCPU_HOUR: ("hours", 1),
    Unit.VCPU_MONTH: ("vCPU-Months", 1),
}
"""How AWS's list writes a unit, and how many of ours one of it is."""


def get_products(call: Call) -> Mapping[str, Any]:
    """List the products of a service that all filters match, by pages of at most 100.

    Only filters by region, usage type and operation are known here; others are refused, not passed over.
    """
    wanted = [_filter(one) for one in call.params.get("Filters", ())]
    places = (sold for (service, _), sold in price_list().items() if service == call.params["ServiceCode"])
    products = [
        product
        for sold in places
        for one in sold
        if all(_attributes(one)[field] in values for field, values in wanted)
        for product in [_product(one, call)]
    ]
    token = ("NextToken", "NextToken")
    found = paged(call, "PriceList", products, limit="MaxResults", token=token, most=100, refusal=_REFUSAL)
    return {"FormatVersion": "aws_v1"} | found


def _filter(given: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    kind, field, value = given["Type"], given["Field"], given["Value"]
    if kind not in _KINDS or field not in _FIELDS:
        raise WireError(_REFUSAL, f"The demo company's list knows no filter {kind} on {field}.")
    return field, frozenset(value.split(",")) if kind == "ANY_OF" else frozenset({value})


def _attributes(sold: Sold) -> dict[str, str]:
    key = sold.key
    return {
        "servicecode": key.service,
        "regionCode": key.region,
        "locationType": "AWS Region",
        "usagetype": spellings(key.region, key.usage_type)[0],
        "operation": key.operation,
    }


def _product(sold: Sold, call: Call) -> str:
    names = _attributes(sold)
    sku = hashlib.sha256(f"{names}".encode()).hexdigest()[:16].upper()
    unit, count = _UNITS[sold.unit]
    tier = {
        "unit": unit,
        "beginRange": "0",
        "endRange": "Inf",
        "description": "A price of the demo company's, not of AWS",
        "appliesTo": [],
        "rateCode": f"{sku}.JRTCKXETXF.6YS6EN2CT7",
        "pricePerUnit": {"USD": plain(sold.price * count)},
    }
    term = {
        "priceDimensions": {tier["rateCode"]: tier},
        "sku": sku,
        "effectiveDate": f"{call.company.today:%Y-%m}-01T00:00:00Z",
        "offerTermCode": "JRTCKXETXF",
        "termAttributes": {},
    }
    told = {
        "product": {"productFamily": "Demo", "attributes": names, "sku": sku},
        "serviceCode": sold.key.service,
        "terms": {"OnDemand": {f"{sku}.JRTCKXETXF": term}},
        "version": f"{call.company.today:%Y%m%d}000000",
        "publicationDate": f"{call.company.today:%Y-%m-%d}T00:00:00Z",
    }
    return json.dumps(told)


ANSWERS: Mapping[str, Answer] = {"pricing:GetProducts": get_products}
