"""Tables, JSON and CSV on standard output."""

from __future__ import annotations

import json

import pytest

from plainbill.cli.output import print_csv, print_json, print_table

HOSTILE = "\x1b]0;owned\x07[bold]x[/bold] :smile: \u202e\x9b2J"


def test_a_cell_steers_nothing_and_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Name", "Cost"), [(HOSTILE, "$1.00")], right=("Cost",), total=(HOSTILE, "$1.00"))
    shown = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)
    assert shown.count("[bold]x[/bold] :smile:") == 2


def test_a_table_in_a_file_is_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 500
    print_table(("Name", "Cost"), [(long, "$1.00")])
    assert long in capsys.readouterr().out


def test_numbers_stand_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Name", "Cost"), [("a", "$1.00"), ("b", "$100.00")], right=("Cost",))
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines() if "$" in line]
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize("columns", [*range(20, 60), 80, 200])
def test_no_number_is_cut_however_narrow_the_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(columns))
    rows = [
        ("Amazon Elastic Compute Cloud - Compute", "us-east-1", "$10,014.85", "−$540.26"),
        ("S3", "", "", ""),
    ]
    total = ("Total", "", "$12,345.67", "+$1,234.56")
    print_table(("Service", "Region", "Cost", "Change"), rows, right=("Cost", "Change"), total=total)
    shown = capsys.readouterr().out
    assert all(number in shown for number in (*rows[0][2:], *total[2:]))
    assert all(text in "".join(shown.split()) for text in ("Amazon", "Total", "S3"))


def test_on_a_narrow_terminal_each_row_is_two_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "20")
    print_table(("Service", "Region", "Cost"), [("EC2", "eu-west-1", "$10,014.85")], right=("Cost",))
    assert capsys.readouterr().out.splitlines() == ["EC2  eu-west-1", "    Cost $10,014.85"]


def test_json_is_ascii_and_keeps_every_character(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": HOSTILE})
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert "\x1b" not in shown
    assert json.loads(shown) == {"name": HOSTILE}


def test_csv_reaches_a_file_byte_for_byte(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_csv("name\r\nB\u00fcro\r\n".encode())
    assert capfdbinary.readouterr().out == "name\r\nB\u00fcro\r\n".encode()
