"""What-if questions and their answers, remembered while the same snapshot is shown."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from plainbill.analyzer.registry import Check
from plainbill.analyzer.what_if import SettingError, Value, parse_settings, variant_of
from plainbill.app.finding_params import PlaceParams
from plainbill.app.place_query import PlaceQuery
from plainbill.app.problems import ParameterError
from plainbill.app.queries import one_of
from plainbill.app.record import Edition, Record
from plainbill.app.views.idle_presets import JudgedInstance, idle_presets_view, judge_by_presets
from plainbill.app.views.what_if import what_if_view
from plainbill.app.views.what_if_shapes import IdlePresetsView, WhatIfView

CHECK = "check"
USUAL = "ec2_instance_idle"
Question = tuple[str, tuple[tuple[str, Value], ...]]
"""A check's id and the thresholds that differ from its own, by name."""


class WhatIfs:
    """Answers from the judged edition; one question at a time is worked on."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._working = threading.Lock()
        self._view = record.cached(32, self._make)
        self._judged_instances = record.cached(1, self._judge)
        self._presets = record.cached(16, self._make_presets)

    @property
    def checks(self) -> Sequence[Check]:
        """The checks that have thresholds."""
        return [check for check in self.record.usual_checks if check.thresholds()]

    def question(self, edition: Edition, asked: Mapping[str, str]) -> Question | None:
        """Return what query parameters ask, None without a check; raises ``ParameterError``."""
        check_id = one_of(CHECK, asked.get(CHECK) or None, [check.id for check in self.checks])
        texts = {name: text for name, text in asked.items() if name != CHECK}
        if check_id is None:
            if texts:
                raise ParameterError(next(iter(texts)), next(iter(texts.values())), "only with a check")
            return None
        check = self._check(edition, check_id)
        try:
            settings = parse_settings(check, texts)
            variant_of(check, settings)
        except SettingError as error:
            raise ParameterError(error.name, error.received, error.allowed) from error
        other = {name: value for name, value in settings.items() if value != getattr(check, name)}
        return check_id, tuple(sorted(other.items()))

    def usual(self) -> Question:
        """Return the question that the page begins with: a check as it is."""
        ids = [check.id for check in self.checks]
        return (USUAL if USUAL in ids else ids[0]), ()

    def view(self, edition: Edition, question: Question) -> WhatIfView:
        """Return the answer to a question."""
        with self._working:
            return self._view(edition, question)

    def presets(self, edition: Edition, params: PlaceParams) -> IdlePresetsView:
        """Return the idle rules side by side; raises ``ParameterError`` for a place that is not known."""
        query = self.record.place_query(edition, params)
        with self._working:
            return self._presets(edition, query)

    def _make(self, edition: Edition, question: Question) -> WhatIfView:
        check_id, settings = question
        return what_if_view(self.record.standing(edition), self._check(edition, check_id), dict(settings))

    def _check(self, edition: Edition, check_id: str) -> Check:
        """Return a check with the thresholds that are in force."""
        return next(check for check in edition.ruled.checks if check.id == check_id)

    def _judge(self, edition: Edition) -> tuple[JudgedInstance, ...]:
        return judge_by_presets(self.record.judged(edition))

    def _make_presets(self, edition: Edition, query: PlaceQuery) -> IdlePresetsView:
        return idle_presets_view(self.record.judged(edition), self._judged_instances(edition), query)
