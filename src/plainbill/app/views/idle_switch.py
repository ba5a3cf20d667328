"""The named rules of the idle table, and where another rule says otherwise than the one that is shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from plainbill.analyzer.ec2_idle import PRESETS
from plainbill.app.views.idle_presets import SUMMARIES
from plainbill.app.views.judged import Judged
from plainbill.app.views.shapes import IdleInstancesView, IdleRuleView, OtherwiseView
from plainbill.model.findings import Confidence
from plainbill.model.resources import Ec2Instance

GRADED = "plainbill"
"""The preset of the graded rule, by which the check judges too."""
CHECK = "ec2_instance_idle"
RULES: Sequence[IdleRuleView] = tuple(
    IdleRuleView(
        name=name, title=preset.title, summary=SUMMARIES[name], source=preset.source, days=preset.days
    )
    for name, preset in PRESETS.items()
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule said, as instance ids; whoever is in neither is not idle."""

    idle: Collection[str]
    unsure: Collection[str]


def said_by_table(view: IdleInstancesView) -> Said:
    """Return what the rule of a table said."""
    return Said({row.instance_id for row in view.instances}, {row.instance_id for row in view.could_not_tell})


def said_by_check(judged: Judged | None, account: str | None, region: str | None) -> Said | None:
    """Return what the graded check said in a place; None where it is not there or could not judge.

    Its least sure grade asks for the owner and counts as unsure, as in ``analyzer.ec2_idle.presets``.
    """
    if judged is None or CHECK not in {check.id for check in judged.checks} or judged.failures.get(CHECK):
        return None
    idle: set[str] = set()
    unsure: set[str] = set()
    for finding in judged.report.of_check(CHECK):
        sure = finding.confidence is not Confidence.REVIEW
        _add(idle if sure else unsure, finding.resource, account, region)
    for one in judged.report.undecided_of(CHECK):
        _add(unsure, one.resource, account, region)
    return Said(idle, unsure)


def otherwise(shown: Said, other: Said | None, title: str) -> OtherwiseView | None:
    """Count the instances of which one rule says idle and the other not; the unsure disagree with nobody."""
    if other is None:
        return None
    one_way = set(shown.idle).difference(other.idle, other.unsure)
    other_way = set(other.idle).difference(shown.idle, shown.unsure)
    return OtherwiseView(count=len(one_way) + len(other_way), title=title)


def _add(ids: set[str], resource: object, account: str | None, region: str | None) -> None:
    is_there = (
        isinstance(resource, Ec2Instance)
        and account in (None, resource.account_id)
        and region in (None, resource.region)
    )
    if is_there and isinstance(resource, Ec2Instance):
        ids.add(resource.instance_id)
