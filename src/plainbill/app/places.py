"""The pages in the order of the navigation: a line here is a link on every page, in the palette and a key."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A page: its path, its name, the key after ``g`` that leads there, and what it shows."""

    path: str
    label: str
    key: str
    about: str


PLACES = (
    Place("/", "Overview", "o", "what was spent, what changed, what to do first"),
    Place("/cost", "Cost", "c", "any days by service, account or record type"),
    Place("/changes", "Changes", "h", "why the bill changed"),
    Place("/findings", "Findings", "f", "what can stop being paid for, with the proof"),
    Place("/what-if", "What-if", "w", "other thresholds, other sums"),
    Place("/commitments", "Commitments", "t", "Savings Plans and reservations: use, waste, expiry"),
    Place("/budgets", "Budgets", "b", "what a month may cost, and how it goes"),
    Place("/showback", "Showback", "u", "who owes what, and what a customer or a request costs"),
    Place("/anomalies", "Anomalies", "a", "days that cost more or less than expected"),
    Place("/coverage", "Coverage", "v", "what was looked at, and what could not be"),
    Place("/settings", "Settings", "s", "every setting, the theme, policies for AWS"),
)
"""The navigation."""

MORE_PLACES = (
    Place("/report", "Monthly report", "m", "one month on paper, or as Markdown for a chat"),
    Place("/doctor", "Doctor", "x", "which reads AWS allows, and how to allow the rest"),
    Place("/checks", "Checks", "k", "every waste check with its rule and thresholds"),
    Place("/what-if/policies", "Policies", "p", "thresholds kept under a name"),
    Place("/findings/aws-advice", "AWS's advice", "d", "what AWS itself recommends, beside our findings"),
    Place("/what-if/idle-rules", "Idle rules", "i", "the rules that call an instance idle, side by side"),
)
"""What the foot of each page leads to."""
