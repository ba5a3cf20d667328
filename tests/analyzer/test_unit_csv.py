"""A file of units is read as it says or refused by the line."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.analyzer.unit_csv import LARGEST, MOST_LINES, UnitFileError, read_units
from plainbill.model.units import Grain

DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("", 1, "headings"),
        ("day,value\n2026-11-01,1\n", 1, "allowed: date,value or month,value"),
        ("date,month,value\n2026-11-01,2026-11,1\n", 1, "headings"),
        ("date,value,note\n2026-11-01,1,x\n", 1, "headings"),
        ("date,value,value\n2026-11-01,1,1\n", 1, "headings"),
        ("date,value\n", 1, "no number"),
        ("date,value\n2026-11-01,1\n01.11.2026,2\n", 3, "YYYY-MM-DD"),
        ("date,value\n2026-02-30,1\n", 2, "YYYY-MM-DD"),
        ("date,value\n20261101,1\n", 2, "YYYY-MM-DD"),
        ("date,value\n2026-W45-1,1\n", 2, "YYYY-MM-DD"),
        ("date,value\n1999-11-01,1\n", 2, "from 2006-01-01"),
        ("month,value\n2026-13,1\n", 2, "YYYY-MM"),
        ("month,value\n2026-11-01,1\n", 2, "YYYY-MM"),
        ("date,value\n2026-11-01,-3\n", 2, "zero or more"),
        ("date,value\n2026-11-01,NaN\n", 2, "zero or more"),
        ("date,value\n2026-11-01,inf\n", 2, "zero or more"),
        ("date,value\n2026-11-01,1e9\n", 2, "zero or more"),
        ("date,value\n2026-11-01,=1+1\n", 2, "zero or more"),
        ('date,value\n2026-11-01,"1,250"\n', 2, "zero or more"),
        ("date;value\n2026-11-01;1,5\n", 2, "zero or more"),
        ("date,value\n2026-11-01,\n", 2, "zero or more"),
        ("date,value\n2026-11-01,1\u0661\n", 2, "zero or more"),
        ("date,value\n2026-11-01\n", 2, "1 columns"),
        ("date,value\n2026-11-01,1\n\n2026-11-01,1\n", 4, "same day and owner as line 2"),
        ("date,value,owner\n2026-11-01,1,a\n2026-11-01,2,a\n", 3, "as line 2"),
        (f"date,value,owner\n2026-11-01,1,{'x' * 257}\n", 2, "256 letters"),
        ('date,value,owner\n2026-11-01,1,"a\nb"\n', 2, "one line"),
        ('date,value\n2026-11-01,"1\n', 2, "not CSV"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(UnitFileError, match=word) as caught:
        read_units(text.encode())
    assert caught.value.line == line


def test_a_file_that_is_not_utf_8_names_the_line() -> None:
    with pytest.raises(UnitFileError, match="line 2: this is not UTF-8"):
        read_units("date,value,owner\n2026-11-01,1,Müller\n".encode("latin-1"))


def test_a_huge_file_is_refused_unread() -> None:
    with pytest.raises(UnitFileError, match="bytes"):
        read_units(b"\xff" * (LARGEST + 1))
    many = b"date,value\n" + b"2026-11-01,1\n" * 2
    assert len(many) < LARGEST
    lines = b"date,value,owner\n" + b"".join(b"2026-11-01,1,%d\n" % n for n in range(MOST_LINES))
    with pytest.raises(UnitFileError, match="lines"):
        read_units(lines)


@pytest.mark.parametrize(
    "text",
    [
        "date,value\n2026-11-01,12.5\n",
        "\ufeffdate,value\r\n2026-11-01,12.5\r\n",
        "Date;Value\n2026-11-01;12.5\n\n",
        'value,"date"\n 12.5 ,2026-11-01',
        "date,value,owner\n2026-11-01,12.5,\n",
    ],
)
def test_a_number_is_read_however_the_file_was_saved(text: str) -> None:
    assert read_units(text.encode()) == (Grain.DAY, {(DAY, None): Decimal("12.5")})


def test_months_and_owners_are_read() -> None:
    text = "month,owner,value\n2026-11,web,1\n2026-11,=data,0\n"
    values = {(DAY, "web"): Decimal(1), (DAY, "=data"): Decimal(0)}
    assert read_units(text.encode()) == (Grain.MONTH, values)


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_the_file_holds_it_is_refused_in_words(content: bytes) -> None:
    for file in (content, b"date,value,owner\n" + content):
        with suppress(UnitFileError):
            _, values = read_units(file)
            assert values
