"""AWS's own advice: what Compute Optimizer measured and recommends, free of charge."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import Asked, NotEnabled, ServerFailure
from plainbill.aws_connector.redact import one_line
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.compute_optimizer_answers import PARSERS
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.autoscaling import AutoScalingGroup
from plainbill.model.resources.aws_advice import ComputeOptimizerRecommendation
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.ecs import EcsService
from plainbill.model.resources.lambda_function import LambdaFunction
from plainbill.model.resources.rds import RdsInstance

_SERVICE = "compute-optimizer"
_LOST = "what Compute Optimizer measured of {}, and so why it agrees with the findings or not"
_SIZES = {"GetIdleRecommendations": 100}  # the most it gives; of the others 1,000
_REGIONS_AT_ONCE = 4
ABOUT: Mapping[str, type[Resource]] = {
    "GetEC2InstanceRecommendations": Ec2Instance,
    "GetEBSVolumeRecommendations": EbsVolume,
    "GetLambdaFunctionRecommendations": LambdaFunction,
    "GetECSServiceRecommendations": EcsService,
    "GetRDSDatabaseRecommendations": RdsInstance,
    "GetAutoScalingGroupRecommendations": AutoScalingGroup,
}
"""The kind that each answer is about. What is idle is of more kinds than AWS names beforehand."""


class ComputeOptimizer(Collector):
    """What Compute Optimizer says of each resource that it has seen for long enough.

    An account enrols in all Regions at once, so it is asked once an account whether it has; without, there
    is nothing to ask for. Then every Region is asked for each kind of which it is not known to have none.
    """

    name = "compute_optimizer"
    kind = ComputeOptimizerRecommendation
    is_global = True
    is_advice = True
    reads = (
        Read(_SERVICE, "GetEnrollmentStatus", "whether Compute Optimizer looks at the account at all"),
        Read(_SERVICE, "GetEC2InstanceRecommendations", _LOST.format("EC2 instances")),
        Read(_SERVICE, "GetEBSVolumeRecommendations", _LOST.format("EBS volumes")),
        Read(_SERVICE, "GetLambdaFunctionRecommendations", _LOST.format("Lambda functions' memory")),
        Read(_SERVICE, "GetECSServiceRecommendations", _LOST.format("ECS services")),
        Read(_SERVICE, "GetRDSDatabaseRecommendations", _LOST.format("databases")),
        Read(_SERVICE, "GetAutoScalingGroupRecommendations", _LOST.format("Auto Scaling groups")),
        Read(_SERVICE, "GetIdleRecommendations", _LOST.format("what does nothing")),
        # Never asked: who may not see the groups is not told what is recommended for them.
        Read("autoscaling", "DescribeAutoScalingGroups", _LOST.format("Auto Scaling groups")),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of every kind in one Region."""
        return chain.from_iterable(_pages(connector, scope, read) for read in kinds_read())

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[ComputeOptimizerRecommendation]:
        """Yield what one page of any kind says, also of what is to stay as it is."""
        for key, parser in PARSERS.items():
            for raw in page.get(key) or ():
                yield from parser(raw, scope)

    @classmethod
    def read(
        cls,
        connector: Connector,
        scope: Scope,
        none: Mapping[Scope, Collection[type[Resource]]] = MappingProxyType({}),
    ) -> tuple[list[Resource], list[Gap]]:
        """Return what is said of all Regions, and what is missing.

        ``none`` are the kinds of which a place has none: there it is not asked what is said of them. Raises
        ``NotEnabled`` for an account that is not enrolled, else any ``AwsError`` of that question.
        """
        _require_enrolled(connector, scope)
        scopes = [Scope(scope.account_id, region) for region in connector.regions(scope.account_id)]
        with ThreadPoolExecutor(_REGIONS_AT_ONCE) as threads:
            asked = [_asked_for(none.get(one, ())) for one in scopes]
            answers = list(threads.map(partial(_of_region, connector), scopes, asked))
        found = [one for some, _ in answers for one in some]
        return found, [gap for _, gaps in answers for gap in gaps]


def kinds_read() -> tuple[Read, ...]:
    """Return the reads that answer with recommendations, one a kind of resource."""
    return tuple(one for one in ComputeOptimizer.reads[1:] if one.service == _SERVICE)


def _asked_for(none: Collection[type[Resource]]) -> list[Read]:
    """Return the reads but for those about kinds that are not there."""
    return [read for read in kinds_read() if ABOUT.get(read.operation) not in none]


def _require_enrolled(connector: Connector, scope: Scope) -> None:
    read = ComputeOptimizer.reads[0]
    with as_documented(read, scope):
        answer = connector.call(scope, read.service, read.operation)
        status, reason = str(answer["status"]), str(answer.get("statusReason") or "")
    if status != "Active":
        asked = Asked(read.service, read.operation, scope.account_id, scope.region)
        raise NotEnabled(asked, one_line(f"enrolment is {status}"), one_line(reason))


def _of_region(connector: Connector, scope: Scope, reads: Sequence[Read]) -> tuple[list[Resource], list[Gap]]:
    further = FurtherCalls(ComputeOptimizer.name)
    found: list[Resource] = []
    for read in reads:
        resources, untold = further.ask(partial(_all_pages, connector, scope, read)) or ([], [])
        found.extend(resources)
        for error in untold:
            further.ask(partial(_refused, error, read, scope))
    return found, further.gaps()


def _all_pages(
    connector: Connector, scope: Scope, read: Read
) -> tuple[list[ComputeOptimizerRecommendation], list[Mapping[str, Any]]]:
    """Return what is said, and the errors that stand beside it in an answer that is none."""
    with as_documented(read, scope):
        pages = list(_pages(connector, scope, read))
        said = [one for page in pages for one in ComputeOptimizer.parse(page, scope)]
        return said, [error for page in pages for error in page.get("errors") or ()]


def _pages(connector: Connector, scope: Scope, read: Read) -> Iterator[Page]:
    size = _SIZES.get(read.operation, 1000)
    return connector.pages(scope, read.service, read.operation, maxResults=size)


def _refused(error: Mapping[str, Any], read: Read, scope: Scope) -> None:
    """Raise what AWS says of one resource it could not tell of, for ``FurtherCalls`` to count."""
    asked = Asked(read.service, read.operation, scope.account_id, scope.region)
    words = ", ".join(str(error[name]) for name in ("identifier", "message") if error.get(name))
    raise ServerFailure(asked, one_line(str(error.get("code") or "")), one_line(words))
