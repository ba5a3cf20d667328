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


def test_json_is_ascii_and_keeps_every_character(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": HOSTILE})
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert "\x1b" not in shown
    assert json.loads(shown) == {"name": HOSTILE}


def test_csv_reaches_a_file_byte_for_byte(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_csv("name\r\nB\u00fcro\r\n".encode())
    assert capfdbinary.readouterr().out == "name\r\nB\u00fcro\r\n".encode()
