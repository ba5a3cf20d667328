"""Text that is safe to print: names and tags come from whoever may tag a resource.

A terminal obeys control characters (move the cursor, rewrite what was printed, set the clipboard), and
direction marks make a line read as something else than it is ("Trojan Source", CVE-2021-42574).
"""

from __future__ import annotations

import unicodedata

_BLANKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = frozenset({"Cc", "Cs"})  # C0 and C1 controls; halves of characters, which no encoding takes


def printable(text: str) -> str:
    """Return one line of text without control characters and direction marks; line breaks become blanks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in _BLANKS:
        return " "
    if character in _DIRECTIONS or unicodedata.category(character) in _UNPRINTABLE:
        return ""
    return character
