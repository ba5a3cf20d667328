"""What a person decides about a finding: its form, and how it becomes part of the record."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Literal

from pydantic import Field

from plainbill.analyzer.lifecycle import decide
from plainbill.app.forms import Note, Who, checked, fields_of
from plainbill.app.params import Params
from plainbill.app.problems import ParameterError
from plainbill.app.record import Edition, Record
from plainbill.errors import PlainbillError
from plainbill.model.lifecycle import FindingRecord, FindingState


class DecisionParams(Params):
    """A decision about a finding; that it is gone only a reading can say."""

    state: Literal["open", "snoozed", "dismissed", "acted"] = Field(
        description="What the finding becomes: `acted` is done, and the next complete reading will tell.",
        examples=["snoozed"],
    )
    until: date | None = Field(
        default=None,
        description="The UTC day, `YYYY-MM-DD`, on which a snoozed finding is open again.",
        examples=["2027-01-31"],
    )
    note: Note | None = Field(default=None, description="Why.", examples=["kept for the audit"])
    who: Who = Field(description="Who decides.", examples=["kim"])


def decision_form(body: bytes) -> DecisionParams:
    """Return the decision in a form's body; raises ``RequestValidationError`` as a JSON body would."""
    fields = fields_of(body)
    if fields.get("state") != FindingState.SNOOZED.value:
        fields.pop("until", None)  # the field of the day is there, whatever is decided
    return checked(fields, DecisionParams)


class DecisionRefusedError(PlainbillError):
    """A finding cannot be decided about as it stands: it is gone."""


def decide_finding(
    record: Record, edition: Edition, finding_id: str, params: DecisionParams
) -> FindingRecord | None:
    """Take a decision and return what is remembered now; None where there is no such finding.

    Raises ``ParameterError`` for an end that does not fit the state or the calendar, and
    ``DecisionRefusedError`` for a finding that is gone.
    """
    if params.state == "snoozed" and params.until is None:
        raise ParameterError("until", None, "the day on which a snoozed finding is open again")
    if params.until is not None and params.state != "snoozed":
        raise ParameterError("until", params.until, f"nothing: {params.state} has no end")
    if params.until is not None and params.until <= edition.today:
        raise ParameterError("until", params.until, f"a day after today, {edition.today}")
    until = None if params.until is None else datetime.combine(params.until, time.min, UTC)

    def change(before: FindingRecord, now: datetime) -> FindingRecord:
        if before.state is FindingState.GONE:
            raise DecisionRefusedError(
                f"finding {finding_id} is gone: the last complete reading did not find it any more, "
                "so there is nothing to decide"
            )
        state = FindingState(params.state)
        return decide(before, state, now, until=until, note=params.note, who=params.who)

    return record.change_finding(edition, finding_id, change)
