"""Which gaps belong to which answer: a gap of an unknown source belongs to every one of them.

Gaps of AWS's advice belong to neither: costs and idle instances are known without it. Nor do remarks. What
is billed is known without any resource, metric or list price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
        "unit_metrics",
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
NOT_READ_YET = f"{NOTHING_READ.reason}; {NOTHING_READ.remedy}"
"""What every answer says before the first reading, and what to do; never that something could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapGroup:
    """Gaps that one thing mends: the first of them, what all of them are gaps in, and where."""

    gap: GapView
    sources: Sequence[str]
    places: Sequence[str]


def grouped_gaps(gaps: Iterable[GapView]) -> list[GapGroup]:
    """Join gaps of one kind that one remedy mends, in the order of the first of each.

    What follows the colon in a reason is the call, the place and AWS's own words: it may differ.
    """
    groups: dict[tuple[str, str | None, str, str], list[GapView]] = {}
    for gap in gaps:
        what = gap.reason.partition(":")[0]
        groups.setdefault((gap.kind, gap.action, gap.remedy, what), []).append(gap)
    return [
        GapGroup(
            gap=alike[0],
            sources=list(dict.fromkeys(gap.source for gap in alike)),
            places=list(dict.fromkeys(place_of(gap.account_id, gap.region) for gap in alike)),
        )
        for alike in groups.values()
    ]


def place_of(account_id: str | None, region: str | None) -> str:
    """Return where something is missing, in words."""
    return " · ".join(part for part in (account_id, region) if part) or "everywhere"


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
