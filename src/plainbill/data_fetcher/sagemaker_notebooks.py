"""SageMaker's notebook instances: ``ListNotebookInstances`` in every enabled Region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.model.resources.sagemaker import SageMakerNotebook

_PAGE = 100  # the most the API gives


class SageMakerNotebooks(Collector):
    """Every notebook instance, running or not."""

    name = "sagemaker_notebooks"
    kind = SageMakerNotebook
    reads = (Read("sagemaker", "ListNotebookInstances", "the SageMaker notebooks that run day and night"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListNotebookInstances``."""
        return connector.pages(scope, "sagemaker", "ListNotebookInstances", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[SageMakerNotebook]:
        """Yield the notebooks of a page."""
        return (_notebook(raw, scope) for raw in page.get("NotebookInstances", ()))


def _notebook(raw: Mapping[str, Any], scope: Scope) -> SageMakerNotebook:
    created_at = instant(raw["CreationTime"])
    changed = raw.get("LastModifiedTime")
    return SageMakerNotebook(
        account_id=scope.account_id,
        region=scope.region,
        notebook_name=raw["NotebookInstanceName"],
        instance_type=raw["InstanceType"],
        status=raw["NotebookInstanceStatus"],
        created_at=created_at,
        changed_at=created_at if changed is None else instant(changed),
    )
