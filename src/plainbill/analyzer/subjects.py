"""What AWS's advice is about: the resource of ours, or why we have none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from plainbill.analyzer.aws_advice import SOURCES
from plainbill.analyzer.comparison import Because, Said, Stance
from plainbill.analyzer.engine import Place
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.model.resources import Resource, all_kinds
from plainbill.model.resources.addresses import ElasticIp
from plainbill.model.resources.recommendation import AwsRecommendation

_VARIANTS = "sagemaker_endpoints"
"""We read an endpoint's variants, which are billed; AWS speaks of the endpoint."""


class Subjects:
    """The resources of one reading, found by what AWS calls them; ``places`` were to be read."""

    def __init__(self, context: Context, places: Collection[Place], checks: Sequence[Check]) -> None:
        self._inventory = context.inventory
        self._places = places
        self._checked = {check.resource for check in checks}
        self._by_arn: dict[str, list[Resource]] = {}
        self._by_id: dict[tuple[str, str, str, str], list[Resource]] = {}
        for one in _resources(self._inventory.resources):
            for arn in _arns(one):
                self._by_arn.setdefault(arn, []).append(one)
            for name in _ids(one):
                key = (one.source, one.account_id, one.region, name)
                self._by_id.setdefault(key, []).append(one)

    def of(self, advice: AwsRecommendation) -> Sequence[Resource]:
        """Return what the advice is about: by ARN, or by id within the kind AWS names; none is empty."""
        if advice.subject_arn in self._by_arn:
            return self._by_arn[advice.subject_arn]
        source = SOURCES.get(advice.current_type or "", "")
        return self._by_id.get((source, advice.account_id, advice.region, advice.subject_id or ""), ())

    def absence(self, advice: AwsRecommendation) -> Said:
        """Say why there is nothing of ours that the advice is about."""
        source = SOURCES.get(advice.current_type or "")
        kind = next((one for one in all_kinds() if one.source == source), None)
        if kind is None or kind not in self._checked:
            named = advice.current_type or "which AWS does not name"
            why = f"Plainbill has no check on this kind of resource ({named})."
            return Said(Stance.ONLY_THEIRS, Because.NO_CHECK, why)
        gap = self._inventory.gap(kind, advice.account_id, advice.region)
        if gap is not None:
            return _not_read(f"Plainbill could not look: {gap.reason}")
        if kind not in self._inventory.resources:
            return _not_read("The last refresh did not ask for this kind of resource.")
        if advice.account_id not in {account_id for account_id, _ in self._places}:
            return _not_read(f"Plainbill does not read the account {advice.account_id}.")
        if (advice.account_id, advice.region) not in self._places:
            return _not_read(f"Plainbill does not read {advice.region} in {advice.account_id}.")
        seen = f" AWS looked on {advice.refreshed_at:%Y-%m-%d}." if advice.refreshed_at else ""
        why = f"The last refresh found nothing of this name: it may be gone since.{seen}"
        return Said(Stance.ONLY_THEIRS, Because.NOT_FOUND, why)


def _not_read(why: str) -> Said:
    return Said(Stance.ONLY_THEIRS, Because.NOT_READ, why)


def _resources(by_kind: Mapping[type[Resource], Sequence[Resource]]) -> Iterator[Resource]:
    """Yield what advice can be about; advice itself is kept with the resources too."""
    for kind, resources in by_kind.items():
        if not issubclass(kind, AwsRecommendation):
            yield from resources


def _ids(resource: Resource) -> Iterator[str]:
    """Yield what AWS may call it: Trusted Advisor knows addresses by themselves."""
    yield resource.resource_id
    if isinstance(resource, ElasticIp) and resource.public_ip != resource.resource_id:
        yield resource.public_ip


def _arns(resource: Resource) -> Iterator[str]:
    yield resource.arn
    if resource.source == _VARIANTS:
        yield resource.arn.rpartition("/")[0]
