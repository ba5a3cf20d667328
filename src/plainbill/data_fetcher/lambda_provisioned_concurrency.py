"""Lambda's provisioned concurrency: no list tells all of it, so each function is asked."""

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
from plainbill.model.resources.lambda_concurrency import LambdaProvisionedConcurrency

_PAGE = 50  # the most either list gives


class LambdaProvisionedConcurrencies(Collector):
    """The provisioned concurrency of every function of a Region, with the memory of that very version.

    One call a function, one after the other: Lambda allows 15 such calls a second.
    """

    name = "lambda_provisioned_concurrency"
    kind = LambdaProvisionedConcurrency
    reads = (
        Read("lambda", "ListFunctions", "the functions, and so none that is kept warm for nothing"),
        Read("lambda", "ListProvisionedConcurrencyConfigs", "how much memory is kept warm, used or not"),
        Read("lambda", "GetFunctionConfiguration", "the memory of a function's version, and so its price"),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListFunctions``."""
        return connector.pages(scope, "lambda", "ListFunctions", MaxItems=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[LambdaProvisionedConcurrency]:
        """Yield the configurations of one page of ``ListProvisionedConcurrencyConfigs``."""
        return (_config(raw, scope) for raw in page.get("ProvisionedConcurrencyConfigs", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the configurations of all functions, and what is missing; raises ``AwsError``."""
        with as_documented(cls.reads[0], scope):
            names = [name for page in cls.fetch(connector, scope) for name in function_names(page)]
        further = FurtherCalls(cls.name)
        found: list[Resource] = []
        for name in names:
            configs = further.ask(partial(_configs, connector, scope, name)) or ()
            found.extend(further.ask(partial(_sized, connector, scope, one)) or one for one in configs)
        return found, further.gaps()


def function_names(page: Page) -> list[str]:
    """Return the names of the functions of one page of ``ListFunctions``."""
    return [raw["FunctionName"] for raw in page.get("Functions", ())]


def _configs(connector: Connector, scope: Scope, name: str) -> list[LambdaProvisionedConcurrency]:
    _, read, _ = LambdaProvisionedConcurrencies.reads
    pages = connector.pages(scope, read.service, read.operation, FunctionName=name, MaxItems=_PAGE)
    with as_documented(read, scope):
        return [one for page in pages for one in LambdaProvisionedConcurrencies.parse(page, scope)]


def _sized(
    connector: Connector, scope: Scope, config: LambdaProvisionedConcurrency
) -> LambdaProvisionedConcurrency:
    _, _, read = LambdaProvisionedConcurrencies.reads
    of_version = {"FunctionName": config.function_name, "Qualifier": config.qualifier}
    with as_documented(read, scope):
        answer = connector.call(scope, read.service, read.operation, **of_version)
        architectures = answer.get("Architectures") or ["x86_64"]  # AWS's default, for older functions
        return replace(config, memory_mib=int(answer["MemorySize"]), architecture=architectures[0])


def _config(raw: Mapping[str, Any], scope: Scope) -> LambdaProvisionedConcurrency:
    function_name, _, qualifier = raw["FunctionArn"].partition(":function:")[2].partition(":")
    if not qualifier:
        raise ValueError(f"{raw['FunctionArn']} names no alias or version")
    return LambdaProvisionedConcurrency(
        account_id=scope.account_id,
        region=scope.region,
        function_name=function_name,
        qualifier=qualifier,
        requested=int(raw["RequestedProvisionedConcurrentExecutions"]),
        allocated=int(raw.get("AllocatedProvisionedConcurrentExecutions") or 0),
        status=raw["Status"],
        changed_at=instant(raw["LastModified"]),
    )
