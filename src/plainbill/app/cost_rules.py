"""The saved rules for shared costs, and which of them a question is asked by."""

from __future__ import annotations

from collections.abc import Sequence

from plainbill.app.problems import ParameterError
from plainbill.app.record import Edition, Record
from plainbill.app.showback_params import ShowbackParams
from plainbill.app.views.cost_rules import CostRuleChangeView, CostRuleView, rule_change_view, rule_view
from plainbill.model.cost_rule import CostRule, SavedCostRule


class CostRules:
    """Reads them from the state file, once per version of it."""

    def __init__(self, record: Record) -> None:
        self._state = record.state
        self._saved = record.cached(2, self._read)

    def asked_for(self, edition: Edition, params: ShowbackParams) -> SavedCostRule | None:
        """Return the saved rule of the question: the named one, else the usual one where no other is said.

        Raises ``ParameterError`` for a name that there is not.
        """
        saved = self._saved(edition)
        if params.saved is None:
            return None if params.says_anything() else next((one for one in saved if one.is_usual), None)
        for one in saved:
            if one.name == params.saved:
                return one
        names = ", ".join(one.name for one in saved) or "none yet: a rule is saved on the page of showback"
        raise ParameterError("saved", params.saved, names)

    def name_of(self, edition: Edition, rule: CostRule) -> str | None:
        """Return the name under which just this rule is saved, the usual one before others."""
        same = [one for one in self._saved(edition) if one.rule == rule]
        return next((one.name for one in sorted(same, key=lambda one: not one.is_usual)), None)

    def views(self, edition: Edition) -> Sequence[CostRuleView]:
        """Return all of them, by name."""
        return list(map(rule_view, self._saved(edition)))

    def changes(self) -> Sequence[CostRuleChangeView]:
        """Return who saved or removed which, newest first."""
        return list(map(rule_change_view, self._state.cost_rule_changes()))

    def _read(self, _edition: Edition) -> Sequence[SavedCostRule]:
        return self._state.cost_rules()
