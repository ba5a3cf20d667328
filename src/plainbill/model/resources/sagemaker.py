"""Amazon SageMaker: what hosts models, and notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SageMakerVariant(Resource):
    """One production variant of a real-time endpoint: the instances that answer for one model.

    The endpoint (``DescribeEndpoint``) has one, seldom several; SageMaker measures and bills each.
    """

    source: ClassVar[str] = "sagemaker_endpoints"

    endpoint_name: str
    variant_name: str
    created_at: datetime  # of the endpoint
    status: str  # of the endpoint: InService, Creating, Updating, Failed ...
    variants: int = 1  # of the endpoint
    instance_type: str | None = None  # None where it could not be read
    instance_count: int | None = None
    is_serverless: bool | None = None
    hosts_components: bool | None = None  # models come and go as inference components

    @property
    def resource_id(self) -> str:
        """Endpoint and variant."""
        return f"{self.endpoint_name}/{self.variant_name}"

    @property
    def name(self) -> str | None:
        """Endpoint and variant; the endpoint alone where it has but one."""
        return self.endpoint_name if self.variants == 1 else self.resource_id

    @property
    def arn(self) -> str:
        """The ARN of the endpoint, and the variant, which has none of its own."""
        return arn_of("sagemaker", self.region, self.account_id, f"endpoint/{self.resource_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimensions of ``AWS/SageMaker`` and ``/aws/sagemaker/Endpoints``."""
        return {"EndpointName": self.endpoint_name, "VariantName": self.variant_name}


@dataclass(frozen=True, slots=True, kw_only=True)
class SageMakerNotebook(Resource):
    """One notebook instance (``ListNotebookInstances``)."""

    source: ClassVar[str] = "sagemaker_notebooks"

    notebook_name: str
    instance_type: str
    status: str  # Pending | InService | Stopping | Stopped | Failed | Deleting | Updating
    created_at: datetime
    changed_at: datetime  # also when it was last started or stopped

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.notebook_name

    @property
    def name(self) -> str | None:
        """The name."""
        return self.notebook_name

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("sagemaker", self.region, self.account_id, f"notebook-instance/{self.notebook_name}")
