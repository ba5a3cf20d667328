"""What is not known stays a word, and what is known reads the same everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from plainbill.app import formats
from plainbill.app.views.shapes import DaysView, DayView

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "show",
    [formats.money, formats.signed_money, formats.percent, formats.share, formats.age, formats.byte_size,
     formats.moment],
)  # fmt: skip
def test_nothing_known_is_said_and_not_shown_as_zero(show: object) -> None:
    assert callable(show)
    assert show(None) == "not known"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0E-10", "$0.00"),
        ("1234567.891", "$1,234,567.89"),
        ("-1234.5", "−$1,234.50"),
        ("0.004", "<$0.01"),
        ("-0.000001", "−<$0.01"),
        ("1E+3", "$1,000.00"),
        ("2.675", "$2.68"),
    ],
)
def test_money_is_exact_to_the_cent(amount: str, text: str) -> None:
    assert formats.money(Decimal(amount)) == text


def test_another_currency_is_not_shown_as_dollars() -> None:
    assert formats.money(Decimal("12.5"), "CNY") == f"CNY{NBSP}12.50"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.06", "$0.06"),
        ("0.0616", "$0.0616"),
        ("0.0012", "$0.0012"),
        ("0.00001", "<$0.01"),
        ("12.345", "$12.34"),
    ],
)
def test_the_price_of_a_call_is_not_hidden_by_cents(amount: str, text: str) -> None:
    assert formats.fine_money(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("12.345", "$12.34"),
        ("0.5", "$0.5000"),
        ("0.0989898990", "$0.09899"),
        ("0.0000012345", "$0.000001234"),
        ("-0.25", "−$0.2500"),
    ],
)
def test_the_cost_of_each_keeps_four_digits_that_tell(amount: str, text: str) -> None:
    assert formats.each(Decimal(amount)) == text


def test_a_number_of_units_has_no_decimals_where_it_is_whole() -> None:
    assert [formats.units(Decimal(number)) for number in ("1250", "1250.5")] == ["1,250", "1,250.50"]
    assert formats.units(None) == formats.UNKNOWN


@pytest.mark.parametrize(("amount", "text"), [("0", "$0.00"), ("3", "+$3.00"), ("-3", "−$3.00")])
def test_a_change_carries_its_sign(amount: str, text: str) -> None:
    assert formats.signed_money(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (5.0, "5"), (4.966, "4.97"), (0.1, "0.1"), (99.95, "100"), (12.34, "12.3")],
)
def test_a_measure_keeps_the_digits_that_tell_it_from_its_threshold(value: float, text: str) -> None:
    assert formats.percent(value) == f"{text}{NBSP}%"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.0"), (0.0001, "<0.1"), (-0.0001, "−<0.1"), (0.123, "12.3"), (1.0, "100.0"), (-0.25, "−25.0")],
)
def test_a_share_that_rounds_to_nothing_says_so(value: float, text: str) -> None:
    assert formats.share(value) == f"{text}{NBSP}%"


@pytest.mark.parametrize(
    ("change", "previous", "text"),
    [
        (None, "10", None),
        ("1", None, None),
        ("1", "0", None),
        ("1", "-5", None),
        ("1", "10", f"+10.0{NBSP}%"),
        ("-1", "10", f"−10.0{NBSP}%"),
        ("110", "10", "12 times as much"),
    ],
)
def test_growth_from_nothing_has_no_percentage(
    change: str | None, previous: str | None, text: str | None
) -> None:
    assert formats.growth(change and Decimal(change), previous and Decimal(previous)) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute"),
        (60, f"1{NBSP}minute"),
        (7300, f"2{NBSP}hours"),
        (100_000, f"27{NBSP}hours"),
        (200_000, f"2{NBSP}days"),
    ],
)
def test_age_is_said_in_words(seconds: int, text: str) -> None:
    assert formats.age(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0.0, "0 B"),
        (999.0, "999 B"),
        (1500.0, "1.5 kB"),
        (250e6, "250 MB"),
        (3e12, "3.0 TB"),
        (5e15, "5000 TB"),
    ],
)
def test_bytes_are_decimal_units(size: float, text: str) -> None:
    assert formats.byte_size(size) == text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 11, 4), date(2026, 11, 5), "4 Nov 2026"),
        (date(2026, 10, 25), date(2026, 11, 24), "25 Oct to 23 Nov 2026"),
        (date(2025, 12, 1), date(2026, 1, 1), "1 Dec to 31 Dec 2025"),
        (date(2025, 12, 31), date(2026, 1, 2), "31 Dec 2025 to 1 Jan 2026"),
    ],
)
def test_a_span_is_shown_with_its_last_day(start: date, end: date, text: str) -> None:
    assert formats.days(DaysView(start=start, end=end)).replace(NBSP, " ") == text


def test_a_moment_names_its_time_zone() -> None:
    assert (
        formats.moment(datetime(2026, 11, 4, 9, 5, tzinfo=UTC)).replace(NBSP, " ") == "4 Nov 2026, 09:05 UTC"
    )


def test_one_is_not_many() -> None:
    assert formats.plural(1, "account") == f"1{NBSP}account"
    assert formats.plural(1200, "account") == f"1,200{NBSP}accounts"
    assert formats.plural(2, "query", "queries") == f"2{NBSP}queries"


def test_a_day_sums_its_services_exactly() -> None:
    day = DayView(
        date=date(2026, 11, 4), is_estimated=False, costs={"a": Decimal("0.1"), "b": Decimal("0.2")}
    )
    assert formats.day_total(day) == Decimal("0.3")


def test_fetchers_are_called_as_people_call_them() -> None:
    assert formats.source_name("cost_explorer") == "Cost Explorer"
    assert formats.source_name("ec2_instances") == "EC2 instances"
    assert formats.source_name("cost_explorer.record_type") == "Cost Explorer, record type"
    assert formats.source_name("cost_explorer.tag:cost_center") == "Cost Explorer, tag cost_center"


def test_a_link_keeps_what_is_known_and_nothing_else() -> None:
    assert (
        formats.link("/api/x.csv", start=date(2026, 11, 4), account=None, q="")
        == "/api/x.csv?start=2026-11-04"
    )
    assert formats.link("/api/x.csv", account=None) == "/api/x.csv"
    assert formats.parameters("/?q=a%26b&sort=-cost") == {"q": "a&b", "sort": "-cost"}


def test_presets_end_where_the_data_end_even_on_the_first_of_a_month() -> None:
    spans = {label: (start, end) for label, start, end in formats.presets(date(2026, 3, 1))}
    assert spans["7 days"] == (date(2026, 2, 22), date(2026, 3, 1))
    assert spans["Feb"] == (date(2026, 2, 1), date(2026, 3, 1))
    assert spans["Jan"] == (date(2026, 1, 1), date(2026, 2, 1))


def test_a_day_that_was_not_read_is_a_hole_in_the_calendar_and_a_free_one_is_not() -> None:
    first, second, third, fourth = (date(2026, 11, day) for day in (1, 2, 3, 4))
    read = [DayView(date=day, is_estimated=False, costs={"a": Decimal(day.day)}) for day in (first, fourth)]
    free = DayView(date=third, is_estimated=False, costs={})
    assert formats.calendar(read, [second], DaysView(start=first, end=date(2026, 11, 5))) == [
        (first, read[0]), (second, None), (third, free), (fourth, read[1]),
    ]  # fmt: skip
    assert formats.highest_day(read) is read[1]


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("Nothing was read in 30 days; 6 more could not be judged.", []),
        (
            f"You spent $38,079 in 30 days, $36.64 (1.0{NBSP}%) more; 28 of 123 look idle, $3,313 a month.",
            ["$38,079", f"$36.64 (1.0{NBSP}%)", "28 of 123", "$3,313"],
        ),
        (f"You spent \u2212EUR{NBSP}1,000.50, <$0.01 less.", [f"\u2212EUR{NBSP}1,000.50", "<$0.01"]),
    ],
)
def test_the_figures_of_a_sentence_are_found_and_no_word_is_lost(sentence: str, figures: list[str]) -> None:
    pieces = formats.key_figures(sentence)
    assert "".join(pieces) == sentence
    assert pieces[1::2] == figures


def test_a_measure_under_its_threshold_never_reads_as_the_threshold() -> None:
    assert formats.percent_below(4.9998, 5.0) == f"4.9998{NBSP}%"
    assert formats.percent_below(1.23, 5.0) == f"1.2{NBSP}%"


def test_lengths_and_counts_are_whole() -> None:
    assert formats.length_of(DaysView(start=date(2026, 2, 28), end=date(2026, 3, 1))) == 1
    assert formats.whole(1234) == "1,234"


def test_a_reason_in_the_table_is_what_was_measured_without_the_rule_above_it() -> None:
    reason = "CPU averaged 1.2 % and never passed 4.3 % in 14 days; idle means under 5 % on average."
    assert formats.measured(reason) == "CPU averaged 1.2 % and never passed 4.3 % in 14 days."
    assert formats.measured("CPU was never seen") == "CPU was never seen."


def test_the_highest_sample_reads_as_in_its_reason_rounded_up_and_yet_under_the_threshold() -> None:
    assert formats.peak_below(4.25, 10.0) == f"4.3{NBSP}%"
    assert formats.peak_below(9.94, 10.0) == f"9.94{NBSP}%"
    assert formats.peak_below(0.0, 10.0) == f"0.0{NBSP}%"


@pytest.mark.parametrize(
    ("amounts", "total", "is_off"),
    [([], "0", False), (["0.10", "0.20"], "0.30", False), (["0.004", "0.004", "0.004"], "0.012", True)],
)
def test_rows_whose_shown_cents_are_not_the_shown_sum_are_known(
    amounts: list[str], total: str, is_off: bool
) -> None:
    assert formats.is_off_by_cents(map(Decimal, amounts), Decimal(total)) is is_off
