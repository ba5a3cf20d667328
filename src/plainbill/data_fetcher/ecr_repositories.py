"""ECR: ``DescribeRepositories``, the lifecycle policy of each, and the images of those that have none."""

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
from plainbill.model.resources.ecr import EcrRepository

_PAGE = 1000  # the most either list gives
_LIST, _POLICY, _IMAGES = (
    Read("ecr", "DescribeRepositories", "the ECR repositories"),
    Read("ecr", "GetLifecyclePolicy", "which ECR repositories delete old images"),
    Read("ecr", "DescribeImages", "how many images an ECR repository without a policy keeps"),
)


class EcrRepositories(Collector):
    """Every private repository; tags would take a call each and are not read."""

    name = "ecr_repositories"
    kind = EcrRepository
    reads = (_LIST, _POLICY, _IMAGES)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeRepositories``."""
        return connector.pages(scope, "ecr", _LIST.operation, maxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[EcrRepository]:
        """Yield the repositories of a page."""
        return (_repository(raw, scope) for raw in page.get("repositories", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the repositories and what is missing; raises ``AwsError``."""
        with as_documented(_LIST, scope):
            found = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        further = FurtherCalls(cls.name)
        return [_completed(connector, scope, one, further) for one in found], further.gaps()


def _completed(
    connector: Connector, scope: Scope, one: EcrRepository, further: FurtherCalls
) -> EcrRepository:
    has_policy = further.ask(
        partial(_has_policy, connector, scope, one.repository_name),
        {"LifecyclePolicyNotFoundException": False},
    )
    one = replace(one, has_lifecycle=has_policy)
    if has_policy is not False:
        return one
    return further.ask(partial(_counted, connector, scope, one)) or one


def _has_policy(connector: Connector, scope: Scope, name: str) -> bool:
    with as_documented(_POLICY, scope):
        answer = connector.call(scope, "ecr", _POLICY.operation, repositoryName=name)
        return bool(answer["lifecyclePolicyText"])


def _counted(connector: Connector, scope: Scope, one: EcrRepository) -> EcrRepository:
    pages = connector.pages(
        scope, "ecr", _IMAGES.operation, repositoryName=one.repository_name, maxResults=_PAGE
    )
    with as_documented(_IMAGES, scope):
        sizes = [int(raw.get("imageSizeInBytes") or 0) for page in pages for raw in page["imageDetails"]]
    return replace(one, images=len(sizes), image_bytes=sum(sizes))


def _repository(raw: Mapping[str, Any], scope: Scope) -> EcrRepository:
    return EcrRepository(
        account_id=scope.account_id,
        region=scope.region,
        repository_name=raw["repositoryName"],
        created_at=instant(raw["createdAt"]),
    )
