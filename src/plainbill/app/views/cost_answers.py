"""Cost Explorer's answers beside the bill, and why one is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from plainbill.model.cost_answers import OPINIONS, CostAnswer, Row, Topic
from plainbill.model.inventory import ASKED_LATER
from plainbill.storage import Snapshot

_NO_COMMITMENT = "Cost Explorer was not asked: neither the inventories nor the bill show any."
_NO_OPINION = "AWS was not asked: PLAINBILL_AWS_OPINIONS is off, or nothing was read since it can be."

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Answers:
    """The answers of a snapshot by their topics."""

    snapshot: Snapshot

    def of(self, topic: Topic) -> CostAnswer | None:
        """Return an answer; None where it was never given."""
        return next((one for one in self.snapshot.answers() if one.topic == topic), None)

    def rows(self, topic: Topic, kind: type[R]) -> list[R]:
        """Return the rows of an answer; none also where it was never given."""
        answer = self.of(topic)
        return [one for one in answer.rows if isinstance(one, kind)] if answer else []

    def why_not(self, topic: Topic) -> str:
        """Say why there is no answer, and what to do."""
        gaps = self.snapshot.manifest.gaps
        own = next((gap for gap in gaps if gap.source == topic.source), None)
        later = next((gap for gap in gaps if gap.kind == ASKED_LATER), None)
        costs = next((gap for gap in gaps if gap.source.startswith("cost_explorer")), None)
        found = own or later or costs
        if found is not None:
            return f"{found.reason} {found.remedy}"
        return _NO_OPINION if topic.question in OPINIONS else _NO_COMMITMENT
