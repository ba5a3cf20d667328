"""The one sentence of the first screen: what was spent, what changed, what could be saved, how sure."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from plainbill.app.formats import before, day, money, plural
from plainbill.app.views.shapes import CostByServiceView, CountsView, DaysView, IdleInstancesView, StatusView

_WHOLE_FROM = 1000  # from here on cents only distract


def sentence(status: StatusView, costs: CostByServiceView, idle: IdleInstancesView) -> str:
    """Return the sentence; nothing in it is left out quietly and nothing unknown is called zero."""
    if status.taken_at is None:
        return _before_anything(status)
    return f"{_spent(costs, status)}; {_idle(idle)}."


def _before_anything(status: StatusView) -> str:
    if status.state == "failed":
        return f"Nothing could be read from AWS yet: {status.last_error or 'the last refresh failed'}"
    if status.is_refreshing:
        return "Plainbill is reading your account for the first time; this page fills when it is done."
    return "Nothing has been read from AWS yet: start a refresh to see what you spend."


def _spent(costs: CostByServiceView, status: StatusView) -> str:
    when = _when(costs.period, status)
    if costs.total is None:
        return f"What you spent {when} is not known"
    who = "You" if costs.account is None else f"Account {costs.account}"
    parts = f"{who} spent {rough(costs.total, costs.currency)} {when}"
    remarks = [*_change(costs), *_missing(costs), *_estimated(costs)]
    return ", ".join([parts, *remarks])


def _change(costs: CostByServiceView) -> list[str]:
    if costs.change is None or costs.previous_total is None:
        return []
    then = before(costs.period, costs.compared)
    if not costs.change:
        return [f"as much as in {then}"]
    word = "more" if costs.change > 0 else "less"
    share = ""
    if costs.previous_total > 0:
        share = f" ({abs(costs.change / costs.previous_total) * 100:.1f}\N{NO-BREAK SPACE}%)"
    return [f"{rough(abs(costs.change), costs.currency)}{share} {word} than in {then}"]


def _missing(costs: CostByServiceView) -> list[str]:
    if not costs.missing_days:
        return []
    late = len(costs.late_days)
    unread = len(costs.missing_days) - late
    said = [f"without {plural(unread, 'day')} that could not be read"] if unread else []
    return said + ([f"without the last {plural(late, 'day')}, of which AWS had nothing yet"] if late else [])


def _estimated(costs: CostByServiceView) -> list[str]:
    if not costs.estimated_days:
        return []
    return [f"{plural(costs.estimated_days, 'day')} of it still estimated by AWS"]


def _idle(idle: IdleInstancesView) -> str:
    counts, where = idle.counts, f" in {idle.region}" if idle.region else ""
    if not counts.running:
        return (
            f"whether instances run idle{where} is not known"
            if idle.gaps
            else f"no instances are running{where}"
        )
    looks = "looks" if counts.idle == 1 else "look"
    found = f"{counts.idle:,} of {counts.running:,} running instances{where} {looks} idle"
    if counts.idle:
        found += f", {_price(idle)}"
    return found + _doubt(counts, has_gaps=bool(idle.gaps))


def _price(idle: IdleInstancesView) -> str:
    if idle.unknown_price == idle.counts.idle:
        return "at a price that is not known"
    text = f"{rough(idle.monthly_cost_total, idle.currency)} a month at list price"
    return text + (f" and {idle.unknown_price:,} of unknown price" if idle.unknown_price else "")


def _doubt(counts: CountsView, *, has_gaps: bool) -> str:
    doubts = []
    if counts.could_not_tell:
        doubts.append(f"{counts.could_not_tell:,} more could not be judged")
    if has_gaps:
        doubts.append("not everything could be read")
    return " — " + ", and ".join(doubts) if doubts else ""


def _when(period: DaysView, status: StatusView) -> str:
    length = (period.end - period.start).days
    if length == 1:
        return f"on {day(period.start)}"
    ends_now = status.taken_at is not None and period.end >= status.taken_at.date()
    return f"in the last {length} days" if ends_now else f"in the {length} days from {day(period.start)}"


def rough(amount: Decimal, currency: str) -> str:
    """Return an amount as one says it: without cents once it is large."""
    if abs(amount) < _WHOLE_FROM:
        return money(amount, currency)
    return money(amount.quantize(Decimal(1), ROUND_HALF_EVEN), currency).removesuffix(".00")
