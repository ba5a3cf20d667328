"""Which gaps belong to which answer: a gap of an unknown source belongs to every one of them.

Gaps of AWS's advice belong to neither: costs and idle instances are known without it. Nor do remarks. What
is billed is known without any resource, metric or list price.
"""

from __future__ import annotations

from collections.abc import Iterable

from plainbill.app.views.shapes import GapView
from plainbill.model.cost_answers import COMMITMENT_FAMILY, OPINION_FAMILY
from plainbill.model.inventory import REMARKS, Gap
from plainbill.model.resources import all_kinds
from plainbill.model.resources.aws_advice import ADVICE

_COST_SOURCES = frozenset({"cost_explorer"})
_INSTANCE_SOURCES = frozenset({"sts", "ec2_regions", "ec2_instances", "cloudwatch", "metric_statistics"})
_NOT_OF_COSTS = frozenset(
    {
        "resource_metrics",
        "price_list",
        COMMITMENT_FAMILY,
        OPINION_FAMILY,
        *(kind.source for kind in all_kinds()),
    }
)
_ADVICE_SOURCES = frozenset(kind.source for kind in ADVICE)

NOTHING_READ = GapView(
    source="plainbill",
    account_id=None,
    region=None,
    kind="Empty",
    action=None,
    reason="nothing has been read yet",
    remedy="start a refresh: the button on the page, or `plainbill refresh`",
)


def _family(gap: Gap) -> str:
    """``cost_explorer.control`` is one of several steps of ``cost_explorer``."""
    return gap.source.partition(".")[0]


def gap_view(gap: Gap) -> GapView:
    """Return a gap as it is shown."""
    return GapView(
        source=gap.source,
        account_id=gap.account_id,
        region=gap.region,
        kind=gap.kind,
        action=gap.action,
        reason=gap.reason,
        remedy=gap.remedy,
    )


def cost_gaps(gaps: Iterable[Gap]) -> list[GapView]:
    """Return the gaps that costs may suffer from.

    Whatever account is looked at: the gap of a paying account hides the costs of its linked ones.
    """
    others = _INSTANCE_SOURCES | _NOT_OF_COSTS | _ADVICE_SOURCES
    return [gap_view(gap) for gap in gaps if gap.kind not in REMARKS and _family(gap) not in others]


def idle_gaps(gaps: Iterable[Gap], account: str | None, region: str | None) -> list[GapView]:
    """Return the gaps that the instances of an account and region may suffer from."""
    return [
        gap_view(gap)
        for gap in gaps
        if gap.kind not in REMARKS
        and _family(gap) not in _COST_SOURCES | _ADVICE_SOURCES
        and (account is None or gap.account_id in (None, account))
        and (region is None or gap.region in (None, region))
    ]
