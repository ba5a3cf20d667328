"""Commitments of what is stored, made once per edition."""

from __future__ import annotations

from plainbill.app.outlook import Outlook
from plainbill.app.record import Edition, Record
from plainbill.app.views.commitments import commitments_view
from plainbill.app.views.commitments_shapes import CommitmentsView
from plainbill.app.views.offers import offer_views


class Commitments:
    """Answers what is committed and what of AWS's offers would stay useful."""

    def __init__(self, record: Record, outlook: Outlook) -> None:
        self.record, self._outlook = record, outlook
        self._views = record.cached(2, self._make)

    def view(self, edition: Edition) -> CommitmentsView:
        """Return the figures; what people set aside of the findings takes nothing away."""
        return self._views(edition)

    def _make(self, edition: Edition) -> CommitmentsView:
        if edition.snapshot is None:
            return commitments_view(None, edition.today, [], None)
        judged, forecast = self.record.standing(edition).listed, self._outlook.forecast(edition)
        offers, reason = offer_views(edition.snapshot, judged, forecast)
        return commitments_view(edition.snapshot, edition.today, offers, reason)
