"""Random bills whose tables are all made from the same charges, as AWS makes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from factories import cost_record
from plainbill.model.cost import CostMetric, CostRecord, CostTable, NamedTable
from plainbill.model.period import Period
from plainbill.storage import Collected, CostSpan

DAY = timedelta(days=1)
ACCOUNTS = ("111122223333", "444455556666", "777788889999")
SERVICES = ("Amazon EC2", "Amazon S3", "Tax", "AWS Support (Business)", "Savings Plans", "Other")
RECORD_TYPES = (
    "Usage", "Credit", "Refund", "Tax", "Support", "SavingsPlanCoveredUsage", "SavingsPlanNegation",
    "SavingsPlanRecurringFee", "RIFee", "DiscountedUsage", "Private Rate Discount",
)  # fmt: skip
REGIONS = ("us-east-1", "eu-west-1", "global", "NoRegion")
USAGE_TYPES = ("BoxUsage:m5.large", "EU-TimedStorage-ByteHrs", "Tax", "NatGateway-Bytes")
PURCHASE_TYPES = ("On Demand Instances", "Spot Instances", "Savings Plans")
TAGS = ("team$", "team$web", "team$a$b")
CATEGORIES = ("Environment$", "Environment$Production")
PROJECT = NamedTable(CostTable.TAG, "project")
"""A second tag, which each service has as a value."""
_ESTIMATED = 3
"""Days before the reading that AWS estimates."""


@dataclass(frozen=True)
class Charge:
    """One line of the bill; net metrics are a fifth less, amortized ones a cent more."""

    day: date
    account: str
    service: str
    record_type: str
    amount: Decimal
    region: str = REGIONS[0]
    usage_type: str = USAGE_TYPES[0]
    purchase_type: str = PURCHASE_TYPES[0]
    tag: str = TAGS[0]
    cost_category: str = CATEGORIES[0]

    def of(self, metric: CostMetric) -> Decimal:
        """The amount under one metric."""
        spread = Decimal("0.01") if metric in (CostMetric.AMORTIZED, CostMetric.NET_AMORTIZED) else Decimal(0)
        net = metric in (CostMetric.NET_UNBLENDED, CostMetric.NET_AMORTIZED)
        return self.amount * (Decimal("0.8") if net else 1) + spread


@dataclass(frozen=True)
class Estate:
    """All charges of a span of days, read at noon of the day ``read``."""

    stored: Period
    read: date
    charges: tuple[Charge, ...]

    def total(self, period: Period, metric: CostMetric, account: str | None = None) -> Decimal:
        """What AWS would say the days cost."""
        return sum(
            (
                one.of(metric)
                for one in self.charges
                if period.first_day <= one.day < period.end_day and account in (None, one.account)
            ),
            Decimal(0),
        )

    def collected(self) -> Collected:
        """All tables, as a refresh stores them: a group without a cost is in none."""
        return Collected(
            run_id="20261124T120000Z-aaaaaa",
            taken_at=datetime.combine(self.read, time(12), UTC),
            accounts=dict.fromkeys(ACCOUNTS),
            regions=("us-east-1",),
            costs={
                CostTable.SERVICE: self._span(lambda one: (one.service, one.account)),
                CostTable.RECORD_TYPE: self._span(lambda one: (one.record_type, one.account)),
                CostTable.CONTROL: self._span(lambda _: (None, None)),
                CostTable.REGION: self._span(lambda one: (one.region, one.account)),
                CostTable.PURCHASE_TYPE: self._span(lambda one: (one.purchase_type, one.account)),
                CostTable.TAG: self._span(lambda one: (one.tag, one.account)),
                CostTable.COST_CATEGORY: self._span(lambda one: (one.cost_category, one.account)),
                PROJECT: self._span(lambda one: (f"project${one.service}", one.account)),
                CostTable.USAGE_TYPE: self._by_service(lambda one: (one.usage_type, one.service)),
            },
            instances=[],
            utilization={},
            metrics_period=None,
            gaps=(),
        )

    def _span(self, group: Callable[[Charge], tuple[str | None, str | None]]) -> CostSpan:
        sums: dict[tuple[date, str | None, str | None], dict[CostMetric, Decimal]] = defaultdict(
            lambda: dict.fromkeys(CostMetric, Decimal(0))
        )
        for one in self.charges:
            amounts = sums[one.day, *group(one)]
            for metric in CostMetric:
                amounts[metric] += one.of(metric)
        records = [self._record(*at, amounts) for at, amounts in sums.items() if any(amounts.values())]
        return CostSpan(self.stored, records)

    def _by_service(self, group: Callable[[Charge], tuple[str | None, str | None]]) -> CostSpan:
        span = self._span(group)
        return CostSpan(
            span.period, [replace(one, service=one.account_id, account_id=None) for one in span.records]
        )

    def _record(
        self, day: date, key: str | None, account: str | None, amounts: dict[CostMetric, Decimal]
    ) -> CostRecord:
        record = cost_record(day, key, "0", account)
        return replace(record, amounts=amounts, is_estimated=day >= self.read - _ESTIMATED * DAY)


AMOUNTS = st.one_of(
    st.decimals(-500, 5000, places=9),
    st.sampled_from([Decimal(0), Decimal("1e-9"), Decimal("-0.005"), Decimal("0.005")]),
)


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """A bill of some days around month ends, with credits, refunds, negations and days without any row."""
    first = draw(st.dates(date(2025, 1, 25), date(2026, 3, 5)))
    length = draw(st.integers(1, 70))
    stored = Period.of_days(first, first + length * DAY)
    charges = draw(
        st.lists(
            st.builds(
                Charge,
                day=st.integers(0, length - 1).map(lambda n: first + n * DAY),
                account=st.sampled_from(ACCOUNTS),
                service=st.sampled_from(SERVICES),
                record_type=st.sampled_from(RECORD_TYPES),
                amount=AMOUNTS,
                region=st.sampled_from(REGIONS),
                usage_type=st.sampled_from(USAGE_TYPES),
                purchase_type=st.sampled_from(PURCHASE_TYPES),
                tag=st.sampled_from(TAGS),
                cost_category=st.sampled_from(CATEGORIES),
            ),
            max_size=30,
        )
    )
    late = draw(st.integers(0, 20))  # days between the last stored one and the reading
    return Estate(stored, stored.end_day + late * DAY, tuple(charges))


@st.composite
def periods_of(draw: st.DrawFn, estate: Estate) -> Period:
    """Days that may reach beyond what is stored."""
    first = estate.stored.first_day + draw(st.integers(-40, estate.stored.days - 1)) * DAY
    return Period.of_days(first, first + draw(st.integers(1, 80)) * DAY)
