"""AWS Lambda: functions, billed by memory and duration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaFunction(Resource):
    """The unpublished version of one function (``ListFunctions``), which does not tell the tags."""

    source: ClassVar[str] = "lambda_functions"

    function_name: str
    memory_mib: int
    architecture: str  # x86_64 | arm64
    runtime: str | None = None  # None for a container image

    @property
    def resource_id(self) -> str:
        """The function's name."""
        return self.function_name

    @property
    def name(self) -> str | None:
        """The function's name."""
        return self.function_name

    @property
    def arn(self) -> str:
        """The ARN of the function, without a version."""
        return arn_of("lambda", self.region, self.account_id, f"function:{self.function_name}")
