"""SageMaker's real-time endpoints: ``ListEndpoints``, then each one's instances and their type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.sagemaker import SageMakerVariant

_PAGE = 100  # the most the API gives
_LIST, _DESCRIBE, _CONFIG = (
    Read("sagemaker", "ListEndpoints", "the SageMaker endpoints"),
    Read("sagemaker", "DescribeEndpoint", "the instances of each SageMaker endpoint"),
    Read("sagemaker", "DescribeEndpointConfig", "the instance type of each SageMaker endpoint"),
)


class SageMakerEndpoints(Collector):
    """Every production variant of every endpoint."""

    name = "sagemaker_endpoints"
    kind = SageMakerVariant
    reads = (_LIST, _DESCRIBE, _CONFIG)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListEndpoints``."""
        return connector.pages(scope, "sagemaker", "ListEndpoints", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[SageMakerVariant]:
        """Yield the variants of one answer of ``DescribeEndpoint``."""
        variants = page.get("ProductionVariants", ())
        for raw in variants:
            yield SageMakerVariant(
                account_id=scope.account_id,
                region=scope.region,
                endpoint_name=page["EndpointName"],
                variant_name=raw["VariantName"],
                created_at=instant(page["CreationTime"]),
                status=page["EndpointStatus"],
                variants=len(variants),
                instance_count=raw.get("CurrentInstanceCount"),
                is_serverless=True if raw.get("CurrentServerlessConfig") else None,
            )

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the variants and what is missing; raises ``AwsError``."""
        with as_documented(_LIST, scope):
            pages = cls.fetch(connector, scope)
            names = [raw["EndpointName"] for page in pages for raw in page.get("Endpoints", ())]
        further = FurtherCalls(cls.name)
        found: list[Resource] = []
        for name in names:
            answer = further.ask(partial(_described, connector, scope, name))
            if answer is not None:
                variants, config_name = answer
                config = further.ask(partial(_config, connector, scope, config_name)) or {}
                found.extend(_sized(one, config.get(one.variant_name)) for one in variants)
        return found, further.gaps()


def _described(connector: Connector, scope: Scope, name: str) -> tuple[list[SageMakerVariant], str]:
    with as_documented(_DESCRIBE, scope):
        page = connector.call(scope, _DESCRIBE.service, _DESCRIBE.operation, EndpointName=name)
        return list(SageMakerEndpoints.parse(page, scope)), page["EndpointConfigName"]


def _config(connector: Connector, scope: Scope, name: str) -> dict[str, Mapping[str, Any]]:
    with as_documented(_CONFIG, scope):
        answer = connector.call(scope, _CONFIG.service, _CONFIG.operation, EndpointConfigName=name)
        return {raw["VariantName"]: raw for raw in answer["ProductionVariants"]}


def _sized(variant: SageMakerVariant, raw: Mapping[str, Any] | None) -> SageMakerVariant:
    if raw is None:
        return variant
    return replace(
        variant,
        instance_type=raw.get("InstanceType"),
        is_serverless=bool(raw.get("ServerlessConfig")),
        hosts_components="ModelName" not in raw,  # then models are inference components, measured apart
    )
