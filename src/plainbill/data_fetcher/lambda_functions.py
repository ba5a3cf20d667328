"""Lambda functions: ``ListFunctions``, with the memory that each call is billed for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.model.resources.lambda_function import LambdaFunction

_PAGE = 50  # the most it gives


class LambdaFunctions(Collector):
    """All functions of an account and Region, fifty a page."""

    name = "lambda_functions"
    kind = LambdaFunction
    reads = (Read("lambda", "ListFunctions", "the functions, and so none that is kept warm for nothing"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListFunctions``."""
        return connector.pages(scope, "lambda", "ListFunctions", MaxItems=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[LambdaFunction]:
        """Yield the functions of one page."""
        return (_function(raw, scope) for raw in page.get("Functions", ()))


def _function(raw: Mapping[str, Any], scope: Scope) -> LambdaFunction:
    architectures = raw.get("Architectures") or ["x86_64"]  # AWS's default, for older functions
    return LambdaFunction(
        account_id=scope.account_id,
        region=scope.region,
        function_name=raw["FunctionName"],
        memory_mib=int(raw["MemorySize"]),
        architecture=architectures[0],
        runtime=raw.get("Runtime") or None,
    )
