"""What is printed cannot steer the terminal it is printed on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.cli.text import printable


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        pytest.param("\x1b[2J\x1b[Hgone", "[2J[Hgone", id="clear the screen"),
        pytest.param("\x1b]0;title\x07", "]0;title", id="set the window title"),
        pytest.param("\x1b]52;c;ZWNobyBoaQ==\x07", "]52;c;ZWNobyBoaQ==", id="write to the clipboard"),
        pytest.param("\x9b31mred", "31mred", id="the eight-bit escape"),
        pytest.param("safe\rEVIL", "safe EVIL", id="overwrite the line"),
        pytest.param("one\ntwo\tthree", "one two three", id="further lines"),
        pytest.param("abc\b\b\bxyz", "abcxyz", id="backspaces"),
        pytest.param("\u202egnp.exe", "gnp.exe", id="right to left"),
        pytest.param("a\u2066b\u2069", "ab", id="isolates"),
        pytest.param("\ud800half", "half", id="half a character"),
        pytest.param("nul\x00l", "null", id="a zero byte"),
    ],
)
def test_what_a_terminal_would_obey_is_taken_out(hostile: str, shown: str) -> None:
    assert printable(hostile) == shown


@pytest.mark.parametrize("name", ["web-01", "Büro", "отчёт", "日本語", "👩‍💻", "a  b", "[red]x[/red]", ""])
def test_ordinary_names_are_left_alone(name: str) -> None:
    assert printable(name) == name


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_nothing_printed_is_a_control_character_or_a_direction_mark(text: str) -> None:
    shown = printable(text)
    assert all(unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} for character in shown)
    marks = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert all(unicodedata.bidirectional(character) not in marks for character in shown)
    assert printable(shown) == shown
    shown.encode("utf-8")
