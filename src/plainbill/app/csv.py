"""The tables as CSV, safe to open in a spreadsheet.

Names and tags are written by whoever may tag a resource, and spreadsheets run a cell that begins with
``=``, ``+``, ``-`` or ``@``. Such text gets an apostrophe in front, as OWASP advises ("CSV Injection"); the
price is that apostrophe for whoever reads the file by program. Numbers are written as numbers, negative
ones too: they come from values, not from text.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from plainbill.app.views.finding_shapes import FindingRowView
from plainbill.app.views.outlook import AnomaliesView
from plainbill.app.views.shapes import CostByServiceView, IdleInstancesView, IdleInstanceView
from plainbill.model.money import plain

CSV_TYPE = "text/csv; charset=utf-8; header=present"
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")  # the wide ones: a Japanese Excel reads them as narrow
Cell = str | Decimal | float | int | date | datetime | None

COST_COLUMNS = (
    "service", "cost", "currency", "share", "previous_cost", "change", "start", "end", "metric", "account",
)  # fmt: skip
IDLE_COLUMNS = (
    "instance_id", "name", "account_id", "account_name", "region", "availability_zone", "instance_type",
    "platform", "lifecycle", "managed_by", "ebs_volumes", "public_ips", "launched_at", "cpu_average",
    "cpu_maximum", "network_bytes_per_day", "coverage", "monthly_cost", "currency", "reason",
)  # fmt: skip
FINDING_COLUMNS = (
    "finding_id", "check_id", "title", "resource_id", "name", "arn", "account_id", "account_name", "region",
    "action", "effort", "confidence", "currency", "monthly_cost", "monthly_saving", "counted_saving",
    "reason", "keeps_billing", "doubts", "cleared_by", "state", "state_since", "until", "note", "who",
    "first_seen", "last_seen", "wasted", "unpriced", "regressions",
    "price_origin",
)  # fmt: skip

ANOMALY_COLUMNS = (
    "anomaly_id", "scope", "name", "account_name", "shape", "rule", "limit", "start", "end", "expected",
    "actual", "impact", "cause", "cause_name", "cause_impact", "is_open", "state", "note", "who",
    "decided_at",
)  # fmt: skip


def safe_text(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before one that might be.

    Leading blanks and invisible characters do not hide a formula, nor does a tab or line break.
    """
    start = next((index for index, char in enumerate(text) if not _is_invisible(char)), len(text))
    if text[:1] in _FORMULA_STARTS or text[start : start + 1] in _FORMULA_STARTS:
        return "'" + text
    return text


def costs_csv(view: CostByServiceView) -> bytes:
    """Return the services of a period, one a row."""
    rows = (
        (
            row.service,
            row.cost,
            view.currency,
            row.share,
            row.previous_cost,
            row.change,
            view.period.start,
            view.period.end,
            view.metric,
            view.account,
        )
        for row in view.services
    )
    return table_csv(COST_COLUMNS, rows)


def idle_csv(rows: Sequence[IdleInstanceView], view: IdleInstancesView) -> bytes:
    """Return idle instances, one a row; lists within a cell are separated by blanks."""
    return table_csv(IDLE_COLUMNS, (_idle_row(row, view.currency) for row in rows))


def findings_csv(rows: Sequence[FindingRowView]) -> bytes:
    """Return findings, one a row; an unknown amount is an empty cell, lists are separated by semicolons."""
    return table_csv(FINDING_COLUMNS, (_finding_row(row) for row in rows))


def anomalies_csv(view: AnomaliesView) -> bytes:
    """Return anomalies, one a row."""
    rows = ([getattr(row, column) for column in ANOMALY_COLUMNS] + [view.currency] for row in view.anomalies)
    return table_csv((*ANOMALY_COLUMNS, "currency"), rows)


def _finding_row(row: FindingRowView) -> Sequence[Cell]:
    lists = {"keeps_billing", "doubts"}
    return [
        "; ".join(getattr(row, column)) if column in lists else getattr(row, column)
        for column in FINDING_COLUMNS
    ]


def _idle_row(row: IdleInstanceView, currency: str) -> Sequence[Cell]:
    return (
        row.instance_id,
        row.name,
        row.account_id,
        row.account_name,
        row.region,
        row.availability_zone,
        row.instance_type,
        row.platform,
        row.lifecycle,
        " ".join(row.managed_by),
        row.ebs_volumes,
        " ".join(row.public_ips),
        row.launched_at,
        row.cpu_average,
        row.cpu_maximum,
        row.network_bytes_per_day,
        row.coverage,
        row.monthly_cost,
        currency,
        row.reason,
    )


def findings_csv_parts(rows: Sequence[FindingRowView], at_once: int = 1000) -> Iterator[bytes]:
    """Yield ``findings_csv`` piece by piece, so that many findings need no more memory than few."""
    for begin in range(0, max(1, len(rows)), at_once):
        part = map(_finding_row, rows[begin : begin + at_once])
        yield table_csv(FINDING_COLUMNS if begin == 0 else (), part)


def table_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table with a line of headings, if any; text is safe from formulas, headings are ours."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    if columns:
        writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            return safe_text(value)
        case Decimal():
            return plain(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case _:
            return str(value)


def _is_invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cc", "Cf"}
