"""The running instances under one rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from plainbill.analyzer.evidence import cpu_hours_seen
from plainbill.analyzer.idle import CouldNotTell, IdleInstance, IdleReport, IdleRule, idle_report, judge
from plainbill.analyzer.idle_by_preset import SEED, judging_by
from plainbill.analyzer.reading import rates_of
from plainbill.app.queries import IdleQuery
from plainbill.app.views.gaps import NOTHING_READ, idle_gaps
from plainbill.app.views.shapes import (
    CouldNotTellView,
    CountsView,
    CriteriaView,
    IdleInstancesView,
    IdleInstanceView,
)
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.prices import RateLadder, Receipt
from plainbill.prices.ec2 import InstancePrices
from plainbill.storage import Snapshot

Names = Mapping[str, str | None]


def idle_view(snapshot: Snapshot | None, query: IdleQuery) -> IdleInstancesView:
    """Judge the instances of a query anew, from what is stored."""
    if snapshot is None:
        receipt = Receipt(RateLadder([]))
        nothing = idle_report([], {}, query.rule, InstancePrices(receipt))
        return replace(_view(query, nothing, {}, None, receipt), gaps=[NOTHING_READ])
    manifest = snapshot.manifest
    instances = [
        each
        for each in snapshot.instances()
        if query.account in (None, each.account_id) and query.region in (None, each.region)
    ]
    receipt = Receipt(rates_of(snapshot))
    usage, prices = snapshot.utilization(), InstancePrices(receipt)
    judging = judge if query.preset == SEED else judging_by(query.preset, manifest.taken_at)
    report = idle_report(instances, usage, query.rule, prices, manifest.currency, judging)
    view = _view(query, report, manifest.accounts, judged_window(snapshot, query.rule), receipt)
    stored = manifest.metrics_period
    gaps = idle_gaps(manifest.gaps, query.account, query.region)
    days = None if stored is None else stored.hours // 24
    return replace(view, gaps=gaps, stored_days=days)


def judged_window(snapshot: Snapshot | None, rule: IdleRule) -> Period | None:
    """Return the hours that a rule looks at; None where no metrics are stored."""
    stored = None if snapshot is None else snapshot.manifest.metrics_period
    if stored is None:
        return None
    return Period(max(stored.start, stored.end - timedelta(days=rule.days)), stored.end)


def hours_seen(snapshot: Snapshot | None, rule: IdleRule) -> float | None:
    """Return the share of the hours of all running instances whose CPU was seen; None without instances."""
    if snapshot is None:
        return None
    running = [each for each in snapshot.instances() if each.state == "running"]
    usage = snapshot.utilization()
    seen = sum(cpu_hours_seen(usage[each.arn], rule.days) for each in running if each.arn in usage)
    expected = len(running) * rule.days * 24
    return seen / expected if expected else None


def _view(
    query: IdleQuery, report: IdleReport, names: Names, window: Period | None, receipt: Receipt
) -> IdleInstancesView:
    counts = report.counts
    currency = report.monthly_cost_total.currency
    return IdleInstancesView(
        criteria=_criteria(query),
        account=query.account,
        region=query.region,
        start=None if window is None else window.start,
        end=None if window is None else window.end,
        stored_days=None,
        currency=currency,
        price_source=receipt.text,
        instances=[_idle_row(row, names, currency) for row in report.idle],
        could_not_tell=[_unknown_row(row, names) for row in report.could_not_tell],
        counts=CountsView(
            running=counts.running,
            idle=counts.idle,
            not_idle=counts.not_idle,
            could_not_tell=counts.could_not_tell,
        ),
        monthly_cost_total=report.monthly_cost_total.amount,
        unknown_price=report.unknown_price,
        gaps=[],
    )


def _criteria(query: IdleQuery) -> CriteriaView:
    rule, is_seed = query.rule, query.preset == SEED
    return CriteriaView(
        name=query.preset,
        cpu_average=rule.cpu_average if is_seed else None,
        cpu_maximum=rule.cpu_maximum if is_seed else None,
        days=rule.days,
        min_coverage=rule.min_coverage if is_seed else None,
    )


def _idle_row(row: IdleInstance, names: Names, currency: str) -> IdleInstanceView:
    instance: Ec2Instance = row.instance
    return IdleInstanceView(
        instance_id=instance.instance_id,
        name=instance.name,
        account_id=instance.account_id,
        account_name=names.get(instance.account_id),
        region=instance.region,
        instance_type=instance.instance_type,
        platform=instance.platform,
        lifecycle=instance.lifecycle,
        availability_zone=instance.availability_zone,
        managed_by=instance.managed_by,
        ebs_volumes=len(instance.ebs_volume_ids),
        public_ips=instance.public_ips,
        launched_at=instance.launched_at,
        cpu_average=row.cpu_average,
        cpu_maximum=row.cpu_maximum,
        network_bytes_per_day=row.evidence.network_bytes_per_day,
        network_asked=row.evidence.is_network_asked,
        coverage=row.evidence.coverage,
        monthly_cost=row.cost_in(currency),
        reason=row.verdict.reason,
    )


def _unknown_row(row: CouldNotTell, names: Names) -> CouldNotTellView:
    instance = row.instance
    return CouldNotTellView(
        instance_id=instance.instance_id,
        name=instance.name,
        account_id=instance.account_id,
        account_name=names.get(instance.account_id),
        region=instance.region,
        instance_type=instance.instance_type,
        reason=row.reason,
    )
