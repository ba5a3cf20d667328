"""The shapes of findings, checks and coverage: HTML, JSON, CSV and Markdown are made from the same values.

As in ``shapes``: fields are added, never renamed; money is a ``Decimal`` here and a plain decimal string in
JSON; None is "not known" and never stands for zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plainbill.app.views.shapes import GapView, Setting

"""What a threshold may be set to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementView:
    """One measured fact with the threshold it was held against; None where it could not be measured."""

    label: str
    value: float | str | None
    unit: str
    threshold: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRowView:
    """One resource that one check calls waste, with the proof.

    ``counted_saving`` is the part of ``monthly_saving`` that is in the sum: of alternatives on one billed
    thing only the largest counts, and of what people set aside nothing.

    ``state`` is ``open``, ``snoozed`` (until ``until``), ``dismissed``, ``acted`` or ``gone``; ``note`` and
    ``who`` are of the person who decided it. ``first_seen``, ``last_seen`` and ``wasted`` are None while no
    refresh has recorded the finding. ``wasted`` is the saving over the time between the first and the last
    reading that found it; where it is ``unpriced``, a part of that time had no known saving, and it is at
    least so much. A gone finding has only what was remembered: no cost, no confidence, no thresholds.

    ``price_origin`` is the least trusted of whoever gave the prices: ``billed``, ``price list`` or ``built-in
    table``; None where no price is known.
    """

    finding_id: str
    check_id: str
    title: str
    service: str
    resource_id: str
    name: str | None
    arn: str
    account_id: str
    account_name: str | None
    region: str
    action: str
    effort: str
    confidence: str | None
    reason: str
    currency: str | None
    monthly_cost: Decimal | None
    monthly_saving: Decimal | None
    counted_saving: Decimal | None
    keeps_billing: Sequence[str]
    doubts: Sequence[str]
    cleared_by: str
    evidence: Sequence[MeasurementView]
    state: str
    state_since: datetime | None
    until: datetime | None
    note: str | None
    who: str | None
    first_seen: datetime | None
    last_seen: datetime | None
    wasted: Decimal | None
    unpriced: bool
    regressions: int
    price_origin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingTotalsView:
    """What the open and acted ones of some findings come to; ``monthly_saving`` is what counts of them."""

    findings: int
    monthly_saving: Mapping[str, Decimal]
    unknown_price: int
    by_confidence: Mapping[str, int]
    by_check: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldNotCheckView:
    """How much of what was asked has no answer.

    ``checks`` counts every check in every account and Region, ``could_not_check`` those of them that were
    not, or not wholly, read; ``could_not_judge`` counts resources that were read but have no verdict.
    """

    checks: int
    could_not_check: int
    could_not_judge: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RealisableTotalsView:
    """What of the savings of all open and acted findings would really be saved, by currency.

    Less than the list price where a Savings Plan or a reservation would go on being billed. Findings whose
    realisable saving is not known are not in it; with ``is_lower_bound`` it may be more.
    """

    monthly_saving: Mapping[str, Decimal]
    not_known_findings: int
    is_lower_bound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RealisableView:
    """What one finding would really save a month, as if it were the only one; None: not known."""

    monthly_saving: Decimal | None
    reason: str
    is_lower_bound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinionView:
    """What AWS says of the resource: "agree", "disagree", "only ours"; ``sources`` are who of AWS says it."""

    stance: str
    why: str
    action: str | None
    monthly_saving: Decimal | None  # AWS's estimate
    sources: Sequence[str]  # Cost Optimization Hub, Compute Optimizer, Trusted Advisor; none for silence


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsView:
    """One page of the findings that a query asks for.

    ``totals`` is of all that match it and are open or acted, ``states`` counts all that match it in any
    state. ``state`` None asks for the open and the acted ones.
    """

    taken_at: datetime | None
    check: str | None
    account: str | None
    region: str | None
    service: str | None
    action: str | None
    confidence: str | None
    state: str | None
    q: str
    sort: str
    page: int
    pages: int
    size: int
    matching: int
    findings: Sequence[FindingRowView]
    states: Mapping[str, int]
    totals: SavingTotalsView
    overall: SavingTotalsView  # of every open or acted finding, whatever the query
    realisable: RealisableTotalsView | None  # of every open or acted finding; None before anything was read
    could_not_check: CouldNotCheckView
    gaps: Sequence[GapView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdView:
    """One setting of a check, what it means, its usual value, the one in force and what it may be.

    ``allowed`` says it in words; None is a threshold that cannot be set. What is no number has no bounds.
    """

    name: str
    help: str
    default: Setting
    value: Setting
    allowed: str | None
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricView:
    """One statistic of a CloudWatch metric; ``is_sparse`` ones are published only while something happens."""

    namespace: str
    name: str
    statistic: str
    unit: str
    step_hours: float
    is_sparse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCountsView:
    """The answers of one check; ``could_not_check`` counts places, the others resources."""

    waste: int
    ok: int
    could_not_judge: int
    could_not_check: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionView:
    """How right a check was here: ``held`` of ``told`` flags were not cleared within ``days`` days.

    Told are flags that are old enough and that nobody acted on.
    """

    held: int
    told: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One waste check: what it looks for, why, and by which rule."""

    id: str
    title: str
    service: str
    explanation: str
    rule: str  # with the thresholds filled in
    source: str  # where the rule comes from; empty where it is our own
    resource: str  # the kind of resource it judges
    needs: Sequence[str]  # further kinds that it looks at
    action: str
    effort: str
    thresholds: Sequence[ThresholdView]
    metrics: Sequence[MetricView]
    counts: CheckCountsView | None  # None before anything was read
    monthly_saving: Mapping[str, Decimal]  # what is counted of its findings, by currency
    precision: PrecisionView | None  # None while none of its flags is old enough to tell
    failure: str | None  # what the check itself ended with where it should have judged; None where it did


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksView:
    """Every check that is there."""

    taken_at: datetime | None
    checks: Sequence[CheckView]
    refused: Sequence[GapView]  # what other packages offer and cannot be used


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCellView:
    """What one check found in one account and Region.

    ``state`` is ``waste``, ``clean``, ``nothing_there`` (no resource of the kind), ``could_not_judge`` (no
    waste, but resources without a verdict) or ``could_not_check`` (not, or not wholly, read: then ``gap``
    is the place of the reason in the list of gaps). ``region`` is None for an account that was not entered.
    """

    check_id: str
    account_id: str
    region: str | None
    state: str
    ok: int
    waste: int
    could_not_judge: int
    gap: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndecidedView:
    """One resource that a check could not judge, and what was missing."""

    check_id: str
    resource_id: str
    name: str | None
    arn: str
    account_id: str
    region: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageView:
    """Where every check looked, what it found, and where it could not look."""

    taken_at: datetime | None
    account: str | None
    region: str | None
    service: str | None
    check: str | None
    accounts: Mapping[str, str | None]
    states: Mapping[str, int]  # how many cells are in each state
    cells: Sequence[CoverageCellView]
    undecided: Sequence[UndecidedView]
    network_not_asked: int  # running instances: CPU alone shows that they are used, which is no gap
    gaps: Sequence[GapView]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    """One thing that AWS says of a resource; None where it does not."""

    label: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartView:
    """One measured series; ``values`` has a value a step, None where nothing was measured.

    ``known`` of ``expected`` steps were measured. Of an ``is_sparse`` metric AWS publishes nothing while
    nothing happens: a step without a value then may be a true zero. ``threshold`` is in the series' own
    unit, None where the verdict does not rest on a single step's value.
    """

    label: str
    statistic: str
    unit: str
    start: datetime
    end: datetime
    step_hours: float
    values: Sequence[float | None]
    is_sparse: bool
    known: int
    expected: int
    threshold: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A billed thing that a saving comes from, and the finding in which it is counted."""

    arn: str
    monthly_saving: Decimal
    counted_in: str | None  # None where people set aside every finding that it is part of
    counted_title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyView:
    """The commands that would end the waste, those that undo it, and what to know before; never run by us."""

    commands: Sequence[str]
    undo: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceView:
    """A price that was looked at when a finding was judged: of one unit, in a Region, of a day, and whose."""

    item: str
    region: str
    price: Decimal
    currency: str
    unit: str
    as_of: date
    origin: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """A change of a finding's state: by a person, or by a reading where ``who`` is None."""

    at: datetime
    state: str
    until: datetime | None
    note: str | None
    who: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding with all that proves it.

    Where ``is_found`` is false, the last reading did not find it, and only what was remembered is there.
    """

    taken_at: datetime
    is_found: bool
    finding: FindingRowView
    check: CheckView | None  # None for a finding of a check that is not there any more
    facts: Sequence[FactView]
    tags: Mapping[str, str]
    charts: Sequence[ChartView]
    parts: Sequence[PartView]
    remaining: Decimal | None  # what is still billed afterwards; None where cost or saving is not known
    alternatives: Sequence[FindingRowView]
    remedy: RemedyView | None
    price_source: str  # who gave the prices and of which days they are, in a sentence
    prices: Sequence[PriceView]
    history: Sequence[EventView]  # oldest first
    realisable: RealisableView | None  # None where the last reading did not find it
    second_opinions: Sequence[SecondOpinionView]  # none where AWS's advice was not read
