"""AWS Lambda: memory that is kept warm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaProvisionedConcurrency(Resource):
    """The provisioned concurrency of one alias or version (``ListProvisionedConcurrencyConfigs``)."""

    source: ClassVar[str] = "lambda_provisioned_concurrency"

    function_name: str
    qualifier: str  # an alias, or the number of a version
    requested: int  # execution environments
    allocated: int
    status: str  # IN_PROGRESS | READY | FAILED
    changed_at: datetime
    memory_mib: int | None = None  # of that version; None where it could not be read
    architecture: str | None = None  # x86_64 | arm64

    @property
    def resource_id(self) -> str:
        """Function and qualifier, as CloudWatch joins them."""
        return f"{self.function_name}:{self.qualifier}"

    @property
    def name(self) -> str | None:
        """Function and qualifier."""
        return self.resource_id

    @property
    def arn(self) -> str:
        """The ARN of the alias or version."""
        return arn_of("lambda", self.region, self.account_id, f"function:{self.resource_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/Lambda``'s dimensions of an alias or version."""
        return {"FunctionName": self.function_name, "Resource": self.resource_id}
