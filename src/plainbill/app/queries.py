"""What a request means: parameters checked against the clock and against what is stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from plainbill.analyzer.cost_periods import period_before
from plainbill.analyzer.ec2_idle import PRESETS
from plainbill.analyzer.idle import IdleRule
from plainbill.analyzer.idle_by_preset import SEED
from plainbill.app.params import CostParams, IdleParams
from plainbill.app.problems import ParameterError
from plainbill.model.cost import CostMetric
from plainbill.model.period import Period
from plainbill.settings import Settings

FIRST_DAY = date(2006, 1, 1)  # AWS billed nothing before
MOST_DAYS = 455  # 15 months: more than Cost Explorer keeps by day
_DAY = timedelta(days=1)
_MOST_NAMED = 40  # known accounts that an error message lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the stored data know: None before anything was read."""

    accounts: Collection[str] | None
    regions: Collection[str] | None
    metric_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostQuery:
    """Costs of whole days under one metric, of one account or of all.

    A change is since ``compared``, or since as many days before the period.
    """

    period: Period
    metric: CostMetric
    account: str | None
    compared: Period | None = None

    @property
    def before(self) -> Period:
        """The days that a change is since."""
        return self.compared or self.period.previous()

    def by_months(self) -> CostQuery:
        """Return the same, a month held against the month before."""
        before = period_before(self.period)
        return self if before == self.before else replace(self, compared=before)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleQuery:
    """Running instances under one rule, of one account or region or of all.

    Under a preset other than ``seed`` only the days of ``rule`` count.
    """

    rule: IdleRule
    account: str | None
    region: str | None
    preset: str = SEED


def cost_query(params: CostParams, known: Known, settings: Settings, today: date) -> CostQuery:
    """Fill in the defaults; raises ``ParameterError`` for a period or account that cannot be meant."""
    end = params.end or today
    if not FIRST_DAY < end <= today + _DAY:
        raise ParameterError("end", params.end, f"a day after {FIRST_DAY} and not after {today + _DAY}")
    start = params.start or max(end - settings.cost_days * _DAY, FIRST_DAY)
    if not FIRST_DAY <= start < end:
        raise ParameterError("start", params.start, f"a day from {FIRST_DAY} on and before the end, {end}")
    if (end - start).days > MOST_DAYS:
        raise ParameterError("start", params.start, f"at most {MOST_DAYS} days before the end, {end}")
    account = one_of("account", params.account, known.accounts)
    return CostQuery(period=Period.of_days(start, end), metric=params.metric, account=account)


def idle_query(params: IdleParams, known: Known, settings: Settings) -> IdleQuery:
    """Fill in the defaults; raises ``ParameterError`` for days, account or region that are not stored.

    Also for a threshold beside a preset that has its own.
    """
    stored = known.metric_days
    if params.days is not None and stored is not None and params.days > stored:
        raise ParameterError("days", params.days, f"1 to {stored}, the days of metrics that are stored")
    return IdleQuery(
        rule=_rule_of(params, settings, stored) if params.preset == SEED else _preset_rule(params),
        account=one_of("account", params.account, known.accounts),
        region=one_of("region", params.region, known.regions),
        preset=params.preset,
    )


def _rule_of(params: IdleParams, settings: Settings, stored: int | None) -> IdleRule:
    usual = IdleRule()
    return IdleRule(
        cpu_average=usual.cpu_average if params.cpu_average is None else params.cpu_average,
        cpu_maximum=usual.cpu_maximum if params.cpu_maximum is None else params.cpu_maximum,
        days=params.days or min(settings.idle_days, stored or settings.idle_days),
    )


def _preset_rule(params: IdleParams) -> IdleRule:
    """Return the window of a preset; raises ``ParameterError`` for a threshold that it would not heed."""
    for name in ("cpu_average", "cpu_maximum", "days"):
        if (value := getattr(params, name)) is not None:
            raise ParameterError(name, value, f"nothing: the rule {params.preset} has thresholds of its own")
    return IdleRule(name=params.preset, days=PRESETS[params.preset].days)


def one_of(name: str, received: str | None, known: Collection[str] | None) -> str | None:
    """Return a name that is known, or None; raises ``ParameterError`` that lists what may be named."""
    if received is None or known is None or received in known:
        return received
    listed = sorted(known)[:_MOST_NAMED]
    rest = f" and {len(known) - len(listed)} more" if len(known) > len(listed) else ""
    raise ParameterError(name, received, (", ".join(listed) or "none is known yet") + rest)
