"""Findings as Markdown: whatever a name holds, it is read as that name."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.app.markdown import escaped, saved
from plainbill.app.views.finding_shapes import SavingTotalsView


def totals(findings: int, unknown: int, **amounts: str) -> SavingTotalsView:
    return SavingTotalsView(
        findings=findings,
        monthly_saving={currency: Decimal(amount) for currency, amount in amounts.items()},
        unknown_price=unknown,
        by_confidence={},
        by_check={},
    )


@pytest.mark.parametrize("text", ["web-1", "vol-0a1b", "at most 3.5 reads a day in 7 days; stopped", "über"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a|b", "a\\|b"),
        ("<b>", "\\<b\\>"),
        ("[a](b)", "\\[a\\](b)"),
        ("![a](b)", "\\!\\[a\\](b)"),
        ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
        ("http://evil.example", "http\\://evil.example"),
        ("WWW.evil.example", "WWW\\.evil.example"),
        ("@all #1", "@\u2060all #\u20601"),
        ("two\nlines\r\u2028", "two lines  "),
        ("\u202eevil\u200b", "evil"),
        ("\\|", "\\\\\\|"),
    ],
)
def test_marks_are_written_so_that_they_stay_text(text: str, written: str) -> None:
    assert escaped(text) == written


@given(st.text())
def test_no_text_leaves_its_cell(text: str) -> None:
    written = escaped(text)
    assert "\n" not in written
    assert "\r" not in written
    for place, character in enumerate(written):
        if character in "|<[`":
            before = written[:place]
            assert (len(before) - len(before.rstrip("\\"))) % 2 == 1


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (totals(0, 0), "No findings."),
        (totals(1, 0, USD="3"), "1 finding: $3.00 a month."),
        (
            totals(3, 1, CNY="2", USD="3"),
            "3 findings: CNY 2.00 and $3.00 a month, and 1 of them of unknown price.",
        ),
        (totals(2, 2), "2 findings: at prices that are not known."),
    ],
)
def test_the_sum_says_what_is_not_in_it(of: SavingTotalsView, said: str) -> None:
    assert saved(of).replace("\N{NO-BREAK SPACE}", " ") == said
