"""How values read on the page: plain text, made on the server so that the first paint holds every number.

Every function takes a value of the views and gives text; none gives markup, so the templates' escaping
holds. What is not known reads as a word, never as zero. Numbers are written the English way, with a
no-break space before the percent sign and U+2212 as minus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from math import inf
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from plainbill.analyzer.cents import to_cent
from plainbill.analyzer.wording import below, grouping_words
from plainbill.app.budget_drawing import budget_bar
from plainbill.app.drawings import columns, sparkline
from plainbill.app.views.doctor import fixes
from plainbill.app.views.gaps import grouped_gaps
from plainbill.app.views.shapes import DaysView, DayView, GapView
from plainbill.model.inventory import REMARKS
from plainbill.model.money import plain
from plainbill.model.period import month_start

UNKNOWN = "not known"
_CENT = Decimal("0.01")
_MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = timedelta(days=1)
_ACRONYMS = frozenset({"ebs", "ec2", "ecr", "ecs", "efs", "eks", "elb", "ip", "nat", "rds", "s3", "vpc"})
_FIGURE = re.compile(
    rf"({_MINUS}?<?(?:\$|[A-Z]{{3}}{_SPACE})\d[\d,]*(?:\.\d+)?(?: \([\d.]+{_SPACE}%\))?|\d[\d,]* of \d[\d,]*)"
)


def money(amount: Decimal | None, currency: str = "USD") -> str:
    """``$1,234.50``; other currencies by their code; an amount that rounds to nothing is ``<$0.01``."""
    if amount is None:
        return UNKNOWN
    unit = "$" if currency == "USD" else f"{currency}{_SPACE}"
    rounded = abs(amount).quantize(_CENT, ROUND_HALF_EVEN)
    sign = _MINUS if amount < 0 else ""
    if amount and not rounded:
        return f"{sign}<{unit}0.01"
    return f"{sign}{unit}{rounded:,}"


def fine_money(amount: Decimal, currency: str = "USD") -> str:
    """Like ``money``, with four decimals where cents would hide the amount: prices of single calls."""
    if not amount or abs(amount) >= 1:
        return money(amount, currency)
    cents, rest = money(amount, currency), f"{amount.quantize(Decimal('0.0001')):f}"
    return cents if rest.endswith("00") else cents[: cents.index("0.")].replace("<", "") + rest.lstrip("-")


def price_of_requests(count: int) -> str:
    """What so many requests to Cost Explorer cost, a cent each."""
    return money(count * _CENT)


def rate(amount: Decimal, currency: str = "USD") -> str:
    """What a unit costs, with every digit that tells it from others: ``$0.0965`` or ``$0.0000002``."""
    if abs(amount) >= 1:
        return money(amount, currency)
    digits = f"{amount.normalize():f}"
    return money(Decimal(0), currency).replace("0.00", digits if "." in digits else "0.00")


def each(amount: Decimal | None, currency: str = "USD") -> str:
    """What one unit costs, below a dollar with four digits that tell: ``$0.0985``, ``$0.00001234``."""
    if amount is None or not amount or abs(amount) >= 1:
        return money(amount, currency)
    places = max(2, 3 - amount.adjusted())
    digits = f"{abs(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):f}"
    return ("" if amount > 0 else _MINUS) + money(Decimal(0), currency).replace("0.00", digits)


def units(number: Decimal | None) -> str:
    """A number of units with thousands apart, and two decimals where it is not whole."""
    if number is None:
        return UNKNOWN
    text = f"{number.quantize(_CENT, ROUND_HALF_EVEN):,}"
    return text.removesuffix(".00")


def signed_money(amount: Decimal | None, currency: str = "USD") -> str:
    """Like ``money``, with a plus before a growth."""
    return ("+" if amount is not None and amount > 0 else "") + money(amount, currency)


def is_off_by_cents(amounts: Iterable[Decimal], total: Decimal) -> bool:
    """Whether amounts that are each rounded to the cent do not add up to the rounded total."""
    return sum(map(to_cent, amounts), Decimal(0)) != to_cent(total)


def percent(value: float | None) -> str:
    """A measure that is already in percent: two decimals below ten, one above, none where it is whole."""
    if value is None:
        return UNKNOWN
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return f"{text.rstrip('0').rstrip('.')}{_SPACE}%"


def percent_below(value: float, limit: float | None) -> str:
    """A measure that is under ``limit``, with as many decimals as show it: 4.998 never reads as 5.

    None is no limit.
    """
    return f"{below(value, inf if limit is None else limit)}{_SPACE}%"


def peak_below(value: float, limit: float | None) -> str:
    """A highest sample under ``limit``, rounded up: what is said never to be passed was not passed."""
    return f"{below(value, inf if limit is None else limit, ROUND_CEILING)}{_SPACE}%"


def share(value: float | None) -> str:
    """A part of one, in percent with one decimal; a part that rounds to nothing says so."""
    if value is None:
        return UNKNOWN
    sign = _MINUS if value < 0 else ""
    if 0 < abs(value) < 0.0005:
        return f"{sign}<0.1{_SPACE}%"
    return f"{sign}{abs(value) * 100:.1f}{_SPACE}%"


def growth(change: Decimal | None, previous: Decimal | None) -> str | None:
    """The change against what was before, such as ``+12.3 %``; None where nothing can be said."""
    if change is None or previous is None or previous <= 0:
        return None
    ratio = float(change / previous)
    if ratio >= 10:
        return f"{ratio + 1:.0f} times as much"
    return ("+" if ratio > 0 else "") + share(ratio)


def age(seconds: int | None) -> str:
    """A span of time in words: ``3 hours``."""
    if seconds is None:
        return UNKNOWN
    if seconds < 60:
        return "less than a minute"
    if seconds >= 2 * 86400:
        return plural(seconds // 86400, "day")
    if seconds >= 3600:
        return plural(seconds // 3600, "hour")
    return plural(seconds // 60, "minute")


def byte_size(size: float | None) -> str:
    """Bytes in decimal units, as AWS bills them: ``1.5 MB``."""
    if size is None:
        return UNKNOWN
    unit = "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(size) < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f}{_SPACE}{unit}" if unit == "B" or size >= 100 else f"{size:.1f}{_SPACE}{unit}"


def whole(number: int) -> str:
    """A whole number with thousands apart."""
    return f"{number:,}"


def plural(number: int, noun: str, many: str | None = None) -> str:
    """``1 account``, ``2 accounts``; ``many`` where an s is not enough."""
    return f"{number:,}{_SPACE}{noun if number == 1 else many or noun + 's'}"


def day(value: date) -> str:
    """``4 Nov 2026``."""
    return f"{value.day}{_SPACE}{_MONTHS[value.month - 1]}{_SPACE}{value.year}"


def short_day(value: date) -> str:
    """``4 Nov``."""
    return f"{value.day}{_SPACE}{_MONTHS[value.month - 1]}"


def month(value: date) -> str:
    """``Nov 2026``."""
    return f"{_MONTHS[value.month - 1]}{_SPACE}{value.year}"


def days_of_month(value: date) -> int:
    """How many days the month of a day has."""
    return (month_start(value, 1) - month_start(value)).days


def moment(value: datetime | None) -> str:
    """``4 Nov 2026, 09:05 UTC``."""
    return UNKNOWN if value is None else f"{day(value.date())}, {value:%H:%M}{_SPACE}UTC"


def days(period: DaysView) -> str:
    """The days of a half-open span, last day included: ``25 Oct to 23 Nov 2026``."""
    last = period.end - _DAY
    if last <= period.start:
        return day(period.start)
    first = short_day(period.start) if period.start.year == last.year else day(period.start)
    return f"{first} to {day(last)}"


def before(period: DaysView, compared: DaysView | None) -> str:
    """The days that a period is held against: ``the 30 days before``; others by their dates."""
    if compared is None or (compared.end == period.start and length_of(compared) == length_of(period)):
        return f"the {plural(length_of(period), 'day')} before"
    return days(compared)


def length_of(period: DaysView) -> int:
    """How many days a span has."""
    return (period.end - period.start).days


def day_total(value: DayView) -> Decimal:
    """The cost of one day over all its services."""
    return sum(value.costs.values(), Decimal(0))


def highest_day(values: Sequence[DayView]) -> DayView:
    """The dearest day, the first of equals; raises ``ValueError`` where there is none."""
    return max(values, key=day_total)


def calendar(
    values: Sequence[DayView], missing: Collection[date], period: DaysView
) -> list[tuple[date, DayView | None]]:
    """Every day of a period: None where it was not read, a day without costs where it cost nothing."""
    known = {value.date: value for value in values}
    days = [period.start + number * _DAY for number in range(length_of(period))]
    free = {day: DayView(date=day, is_estimated=False, costs={}) for day in days}
    return [(day, None if day in missing else known.get(day, free[day])) for day in days]


def key_figures(sentence: str) -> list[str]:
    """A sentence in pieces: every second one is an amount or a count that a hasty reader looks for."""
    return _FIGURE.split(sentence)


def measured(reason: str) -> str:
    """The part of a reason that says what was measured; the rule itself stands above the table."""
    return reason.partition("; ")[0] + "."


def source_name(source: str) -> str:
    """A fetcher's name as a person says it: ``cost_explorer`` becomes ``Cost Explorer``."""
    name, _, part = source.partition(".")
    known = {"ec2_instances": "EC2 instances", "ec2_regions": "Regions", "cloudwatch": "CloudWatch"}
    said = known.get(name) or " ".join(
        word.upper() if word in _ACRONYMS else word.capitalize() for word in name.split("_")
    )
    return f"{said}, {grouping_words(part)}" if part else said


def missing(gaps: Iterable[GapView]) -> list[GapView]:
    """The gaps without the remarks, from which nothing is missing."""
    return [gap for gap in gaps if gap.kind not in REMARKS]


def remarks(gaps: Iterable[GapView]) -> list[GapView]:
    """The remarks among gaps: how an answer came about."""
    return [gap for gap in gaps if gap.kind in REMARKS]


def parameters(url: str) -> dict[str, str]:
    """The parameters of a URL's query."""
    return dict(parse_qsl(urlsplit(url).query))


def link(path: str, **changes: object) -> str:
    """A path with the parameters that are known."""
    known = {name: value for name, value in changes.items() if value not in (None, "")}
    return f"{path}?{urlencode(known)}" if known else path


def presets(end: date) -> list[tuple[str, date, date]]:
    """The usual spans of whole days before ``end``: label, first day, end (exclusive)."""
    this_month = month_start(end - _DAY)
    last_month = month_start(this_month, -1)
    return [
        ("7 days", end - 7 * _DAY, end),
        ("30 days", end - 30 * _DAY, end),
        ("90 days", end - 90 * _DAY, end),
        (_MONTHS[this_month.month - 1], this_month, end),
        (_MONTHS[last_month.month - 1], last_month, this_month),
    ]


FILTERS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        money, fine_money, rate, each, units, plain, signed_money, is_off_by_cents, percent, percent_below,
        peak_below, share, measured, growth, age, byte_size, whole, plural, day, short_day, month,
        days_of_month, moment, days, before, length_of, day_total, highest_day, calendar, key_figures,
        source_name, missing, remarks, parameters, link, presets, sparkline, columns, budget_bar,
        price_of_requests, grouped_gaps, fixes,
    )
}  # fmt: skip
"""What the templates' environment needs: ``environment.filters.update(FILTERS)``."""
