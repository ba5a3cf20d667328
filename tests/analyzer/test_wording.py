"""A clause becomes a sentence, and the names of AWS stay as they are."""

from __future__ import annotations

import pytest

from plainbill.analyzer.wording import grouping_words, sentence


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("", ""),
        ("gp3 with 3000 IOPS would do", "gp3 with 3000 IOPS would do."),
        ("ml.t3.xlarge in service for 43 days", "ml.t3.xlarge in service for 43 days."),
        ("300 GiB attached to nothing", "300 GiB attached to nothing."),
        ("Stopped for 90 days.", "Stopped for 90 days."),
        ("no call in 14 days", "No call in 14 days."),
    ],
)
def test_a_clause_as_a_sentence(clause: str, said: str) -> None:
    assert sentence(clause) == said


@pytest.mark.parametrize(
    ("grouping", "said"),
    [
        ("service", "service"),
        ("usage_type", "usage type"),
        ("tag:cost_center", "tag cost_center"),
        ("tag:", "tag"),
    ],
)
def test_a_grouping_in_words_leaves_names_as_they_are(grouping: str, said: str) -> None:
    assert grouping_words(grouping) == said
