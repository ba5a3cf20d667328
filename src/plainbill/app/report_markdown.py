"""The monthly report as Markdown, for a message or a ticket: text of others stays text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plainbill.analyzer.wording import sentence
from plainbill.app.formats import month
from plainbill.app.markdown import escaped
from plainbill.app.views.gaps import NOT_READ_YET
from plainbill.app.views.report_shapes import ReportPartView, ReportTableView, ReportView


def report_markdown(view: ReportView) -> bytes:
    """Return the report; its links would lead to a server that others may not reach, so it has none."""
    return "\n".join(_lines(view)).encode("utf-8", "replace")


def _lines(view: ReportView) -> Iterator[str]:
    yield f"# AWS costs, {escaped(month(view.month))}{'' if view.is_whole else ' (not over yet)'}\n"
    if view.taken_at is None:
        yield f"{sentence(NOT_READ_YET)}\n"
        return
    yield f"{escaped(view.summary)}\n"
    for figure in view.figures:
        note = f" ({escaped(figure.note)})" if figure.note else ""
        yield f"- {escaped(figure.label)}: **{escaped(figure.value)}**{note}"
    yield ""
    for part in view.parts:
        yield from _part(part)


def _part(part: ReportPartView) -> Iterator[str]:
    yield f"## {escaped(part.title)}\n"
    for said in part.said:
        yield f"{escaped(said)}\n"
    if part.table is not None:
        yield from _table(part.table)
        yield ""


def _table(table: ReportTableView) -> Iterator[str]:
    yield _row(map(escaped, table.head))
    yield _row("--:" if name in table.numbers else "---" for name in table.head)
    for row in table.rows:
        yield _row(map(escaped, row))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
