"""One finding with all that proves it: facts, measurements, money, alternatives, and what would end it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from plainbill.analyzer.engine import Finding
from plainbill.analyzer.remedies import remedy_of
from plainbill.app.views.charts import charts_of
from plainbill.app.views.checks import check_view
from plainbill.app.views.finding_shapes import FactView, FindingView, PartView, RemedyView
from plainbill.app.views.findings import finding_row
from plainbill.app.views.judged import Judged
from plainbill.model.resources import Resource

_SHOWN_ELSEWHERE = frozenset({"account_id", "region", "tags"})
_WRITTEN = {
    **{word: word.upper() for word in ("ami", "arn", "cpu", "dns", "ebs", "id", "iops", "ip", "kms", "vpc")},
    "ids": "IDs",
    "ips": "IPs",
    "vcpu": "vCPU",
}
_UNITS = {"gib": "GiB", "mib": "MiB", "bytes": "bytes", "days": "days", "hours": "hours", "percent": "%"}


def finding_view(judged: Judged, finding_id: str) -> FindingView | None:
    """Return a finding by its id; None where this reading has none."""
    finding = judged.by_id.get(finding_id)
    if finding is None:
        return None
    waste, remedy = finding.waste, remedy_of(finding.resource, finding.action)
    known = waste.monthly_cost is not None and waste.monthly_saving is not None
    return FindingView(
        taken_at=judged.context.now,
        finding=finding_row(finding, judged),
        check=check_view(finding.check),
        facts=list(facts_of(finding.resource)),
        tags=dict(finding.resource.tags),
        charts=charts_of(finding, judged.context),
        parts=list(_parts(finding, judged)),
        remaining=(waste.monthly_cost - waste.monthly_saving).amount if known else None,  # type: ignore[operator]  # both are known
        alternatives=[finding_row(other, judged) for other in _alternatives(finding, judged)],
        remedy=None
        if remedy is None
        else RemedyView(commands=remedy.commands, undo=remedy.undo, notes=remedy.notes),
        price_source="AWS on-demand list prices",
    )


def facts_of(resource: Resource) -> Iterator[FactView]:
    """Yield what AWS says of a resource, field by field, in words."""
    for one in fields(resource):
        if one.name not in _SHOWN_ELSEWHERE:
            value, (label, unit) = getattr(resource, one.name), _label(one.name)
            yield FactView(label=label, value=None if value is None else _said(value, unit))


def _label(name: str) -> tuple[str, str]:
    """``size_gib`` becomes ``Size`` in ``GiB``."""
    words, _, last = name.rpartition("_")
    unit = _UNITS.get(last, "") if words else ""
    text = (words if unit else name).removeprefix("is_")
    said = " ".join(_WRITTEN.get(word, word) for word in text.split("_"))
    return said[:1].upper() + said[1:], unit


def _said(value: Any, unit: str) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case int() | float():
            return f"{value:,g} {unit}".strip() if isinstance(value, float) else f"{value:,} {unit}".strip()
        case Mapping():
            return ", ".join(f"{key}: {one}" for key, one in value.items()) or "none"
        case tuple() | list():
            return ", ".join(map(str, value)) or "none"
        case _:
            return f"{value} {unit}".strip()


def _parts(finding: Finding, judged: Judged) -> Iterator[PartView]:
    for arn, part in sorted(finding.parts.items()):
        winner = judged.counted_in[arn]
        yield PartView(
            arn=arn,
            monthly_saving=part.amount,
            counted_in=winner.finding_id,
            counted_title=winner.check.title,
        )


def _alternatives(finding: Finding, judged: Judged) -> list[Finding]:
    """Return the other findings that are about a same thing, the largest saving first."""
    found = {
        other.finding_id: other
        for arn in (finding.resource.arn, *finding.parts)
        for other in judged.touching.get(arn, ())
        if other.finding_id != finding.finding_id
    }
    return [other for other in judged.report.findings if other.finding_id in found]
