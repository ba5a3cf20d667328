"""What a company with a large estate answers: its own in the place of the small company's."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo import large_cloudwatch, large_cost_explorer, large_ec2
from plainbill.demo.call import Answer
from plainbill.demo.endpoint import ANSWERS

LARGE_ANSWERS: Mapping[str, Answer] = {
    **ANSWERS,
    **large_ec2.ANSWERS,
    **large_cloudwatch.ANSWERS,
    **large_cost_explorer.ANSWERS,
    "budgets:DescribeBudgets": lambda _call: {"Budgets": []},
}
"""Every operation, by boto3's name of the service; of what it does not have the answers are empty."""
