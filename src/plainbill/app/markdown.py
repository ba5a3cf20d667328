"""Findings as Markdown, for a ticket or a message: text of others stays text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from plainbill.analyzer.wording import sentence
from plainbill.app.formats import UNKNOWN, moment, money, plural
from plainbill.app.views.finding_shapes import FindingRowView, FindingsView, SavingTotalsView
from plainbill.app.views.gaps import NOT_READ_YET
from plainbill.app.views.standing import LISTED

MARKDOWN_TYPE = "text/markdown; charset=utf-8"
_MARKS = re.compile(r"([\\`*_{}\[\]<>!|~&$:^]|(?<=www)\.)", re.IGNORECASE)
_NAMES = re.compile(r"([@#])")
_JOINER = "\N{WORD JOINER}"
_HEAD = (
    "| Finding | Resource | Account | Region | Saves a month | Sure | Why |\n|---|---|---|---|--:|---|---|\n"
)


def escaped(text: str) -> str:
    """Return text that no Markdown reader takes for markup, a link, a mention, HTML or another cell.

    A mark of ASCII may have a backslash in front (CommonMark, 2.4). Mentions and numbers of issues are found
    in the finished text, where no backslash is left: an invisible joiner after ``@`` and ``#`` ends those.
    Control characters and line breaks become blanks, direction marks vanish.
    """
    line = "".join(_one_line(character) for character in text)
    return _NAMES.sub(rf"\1{_JOINER}", _MARKS.sub(r"\\\1", line))


def _one_line(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Cs"} else character


def findings_markdown(view: FindingsView, rows: Sequence[FindingRowView]) -> bytes:
    """Return findings as a table under the sum of what is counted of them."""
    if view.taken_at is None:
        return f"# Findings\n\n{sentence(NOT_READ_YET)}\n".encode()
    lines = [
        "# Findings\n",
        f"{saved(view.totals)} Read on {moment(view.taken_at)}.\n",
        *([_gaps(view)] if view.could_not_check.could_not_check or view.gaps else []),
        _HEAD + "".join(f"{_row(row)}\n" for row in rows),
    ]
    return "\n".join(lines).encode("utf-8", "replace")


def saved(totals: SavingTotalsView) -> str:
    """Say what findings come to, in a sentence."""
    if not totals.findings:
        return "No findings."
    known = " and ".join(
        money(amount, currency) for currency, amount in sorted(totals.monthly_saving.items())
    )
    rest = f", and {totals.unknown_price:,} of them of unknown price" if totals.unknown_price else ""
    amount = f"{known} a month{rest}" if known else "at prices that are not known"
    return f"{plural(totals.findings, 'finding')}: {amount}."


def _gaps(view: FindingsView) -> str:
    counts = view.could_not_check
    return (
        f"Not everything could be read: {counts.could_not_check:,} of "
        f"{plural(counts.checks, 'check')} in accounts and Regions have no whole answer.\n"
    )


def decided(row: FindingRowView) -> str:
    """Say what a person decided: ``snoozed until 2027-01-31 by kim: kept for the audit``."""
    until = "" if row.until is None else f" until {row.until:%Y-%m-%d}"
    who = f" by {row.who}" if row.who else ""
    return f"{row.state}{until}{who}{f': {row.note}' if row.note else ''}"


def _row(row: FindingRowView) -> str:
    resource = (
        f"{row.name} ({row.resource_id})" if row.name not in (None, row.resource_id) else row.resource_id
    )
    saving = UNKNOWN if row.monthly_saving is None else money(row.monthly_saving, row.currency or "USD")
    alternative = (
        row.state in LISTED and row.counted_saving is not None and row.counted_saving != row.monthly_saving
    )
    cells = (
        escaped(row.title),
        escaped(resource),
        escaped(row.account_name or row.account_id),
        escaped(row.region),
        f"{escaped(saving)}{' (alternative)' if alternative else ''}",
        row.confidence or UNKNOWN,
        escaped(f"{row.reason} ({decided(row)})" if row.note or row.who else row.reason),
    )
    return f"| {' | '.join(cells)} |"
