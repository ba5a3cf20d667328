"""The monthly report as parts of plain text: page, Markdown and terminal show the very same words.

Nothing in it is escaped; whoever shows it does that. Every figure is one of another page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from plainbill.app.views.shapes import DaysView, DayView


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One figure of the cover; ``href`` is the page that it is from."""

    label: str
    value: str
    note: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTableView:
    """Rows of texts under a head; the columns of ``numbers`` are amounts, ``links`` lead on from rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[str]
    links: Sequence[str | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPartView:
    """A part of the report: what is said, and the rows behind it; ``href`` is the page that has all."""

    title: str
    said: Sequence[str]
    table: ReportTableView | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One calendar month; ``is_whole`` says that it was over when its last day was read.

    ``taken_at`` None means that nothing has been read yet: then there are no figures and no parts.
    """

    month: date
    period: DaysView
    is_whole: bool
    taken_at: datetime | None
    currency: str = "USD"
    summary: str = ""
    figures: Sequence[FigureView] = ()
    daily: Sequence[DayView] = ()
    parts: Sequence[ReportPartView] = field(default=())
    incomplete: bool = True
