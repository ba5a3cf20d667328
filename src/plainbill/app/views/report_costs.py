"""The parts of the monthly report that tell of costs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from plainbill.app.formats import (
    link,
    moment,
    money,
    month,
    plural,
    share,
    signed_money,
)
from plainbill.app.views.changes import changed_sentence
from plainbill.app.views.cost_shapes import ReconciliationView
from plainbill.app.views.report_shapes import ReportPartView
from plainbill.app.views.report_sources import SHOWN, ReportSources, more, table


def adds_up(of: ReportSources) -> ReportPartView:
    """Hold the rows against AWS's own total."""
    proof, currency = of.proof, of.costs.currency
    rows = [(row.record_type, money(row.cost, currency)) for row in proof.by_record_type]
    if proof.record_types_total is not None:
        rows.append(("Sum of the record types", money(proof.record_types_total, currency)))
    about = [f"The rows sum to {money(proof.total, currency)}; {reconciled(proof, currency)}."]
    if proof.record_types_difference:
        about.append(f"{money(proof.record_types_difference, currency)} of it is in no record type.")
    return ReportPartView(
        title="Does it add up?",
        said=[*about, *([f"{proof.note}."] if proof.note else []), *proof.may_change],
        table=table(("Record type", "Cost"), rows, numbers=("Cost",)),
        href=link("/cost", start=of.costs.period.start, end=of.costs.period.end, group="record_type"),
    )


def changed(of: ReportSources) -> ReportPartView:
    """Say why the bill changed, the largest cause first."""
    ranked = sorted(of.changes.steps, key=lambda step: -abs(step.amount))
    return ReportPartView(
        title="Why the bill changed",
        said=[
            changed_sentence(of.changes),
            *(step.sentence for step in ranked if step.amount),
            *of.changes.notes,
        ],
        href=link("/changes", start=of.changes.period.start, end=of.changes.period.end),
    )


def services(of: ReportSources) -> ReportPartView:
    """Name the dearest services."""
    costs = of.costs
    rows = [
        (
            row.service,
            money(row.cost, costs.currency),
            share(row.share) if row.share is not None else "",
            money(row.previous_cost, costs.currency),
            signed_money(row.change, costs.currency),
        )
        for row in costs.services[:SHOWN]
    ]
    numbers = ("Cost", "Share", "Before", "Change")
    span = {"start": costs.period.start, "end": costs.period.end}
    return ReportPartView(
        title="Services",
        said=more(len(costs.services), "service", "No service has a known cost."),
        table=table(
            ("Service", *numbers),
            rows,
            numbers=numbers,
            links=[link("/cost", service=row.service, **span) for row in costs.services[:SHOWN]],
        ),
        href=link("/cost", **span),
    )


def accounts(of: ReportSources) -> ReportPartView:
    """Name the dearest accounts."""
    costs = of.costs
    rows = [
        (
            f"{row.name} ({row.account_id})" if row.name else row.account_id,
            money(row.cost, costs.currency),
            share(row.share) if row.share is not None else "",
        )
        for row in costs.by_account[:SHOWN]
    ]
    return ReportPartView(
        title="Accounts",
        said=more(len(costs.by_account), "account", "No account has a known cost."),
        table=table(("Account", "Cost", "Share"), rows, numbers=("Cost", "Share")),
        href=link("/cost", start=costs.period.start, end=costs.period.end, group="account"),
    )


def owners(of: ReportSources) -> Iterator[ReportPartView]:
    """Say who owes what, unless owners are accounts that bear nothing of each other's: those are above."""
    view = of.owners
    if view.total is None or (view.by == "account" and view.saved is None):
        return
    rows = [
        (
            row.name,
            money(row.direct, view.currency),
            signed_money(row.share, view.currency),
            money(row.charged, view.currency),
            share(row.share_of_total) if row.share_of_total is not None else "",
        )
        for row in view.rows[:SHOWN]
    ]
    if left := view.rows[SHOWN:]:
        sums = (sum(getattr(row, name) for row in left) for name in ("direct", "share", "charged"))
        own, got, charged = map(Decimal, sums)
        rows.append(
            (
                plural(len(left), "other row"),
                money(own, view.currency),
                signed_money(got, view.currency),
                money(charged, view.currency),
                share(float(charged / view.total)) if view.total > 0 else "",
            )
        )
    by_rule = f"By the saved rule {view.saved}: " if view.saved else ""
    whole, nobody = (money(amount, view.currency) for amount in (view.total, view.unallocated))
    numbers = ("Own", "Shared", "Charged", "Part")
    yield ReportPartView(
        title="Who owes what",
        said=[
            f"{by_rule}{view.rule_words}",
            f"The rows sum to {whole}; {nobody} of it is charged to nobody.",
            *view.notes,
        ],
        table=table(("Owner", *numbers), rows, numbers=numbers),
        href=link("/showback", start=view.period.start, end=view.period.end),
    )


def forecast(of: ReportSources) -> ReportPartView:
    """Say what the months to come may cost."""
    currency, numbers = of.costs.currency, ("Expected", "80 %", "95 %")
    rows = [
        (
            month(one.start),
            money(one.expected, currency),
            f"{money(one.low_80, currency)} to {money(one.high_80, currency)}",
            f"{money(one.low_95, currency)} to {money(one.high_95, currency)}",
        )
        for one in of.forecast.months
    ]
    past = of.forecast.last_month
    said = [f"Made on {moment(of.status.taken_at)} from the days that AWS had filled."]
    if past is not None and past.error is not None:
        said.append(
            f"What was expected of {month(past.start)} on the same day of it was off by {share(past.error)}."
        )
    if of.forecast.reason:
        said.append(f"{of.forecast.reason}.")
    return ReportPartView(
        title="Forecast", said=said, table=table(("Month", *numbers), rows, numbers=numbers), href="/cost"
    )


def reconciled(proof: ReconciliationView, currency: str) -> str:
    """Say how far the rows are from AWS's own total."""
    if proof.total is None:
        return "no day of it was read"
    if proof.control_total is None:
        return "there is no total of AWS's own to hold against it"
    total = money(proof.control_total, currency)
    return f"AWS's own total is {total}: difference {money(proof.difference, currency)}"
