"""Answers of Cost Explorer as rows of a snapshot: one a question, what it holds as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from functools import cache
from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from plainbill.model.cost_answers import ROWS, CostAnswer, Question, Topic
from plainbill.storage.snapshot.columns import INSTANT
from plainbill.storage.text import storable

ANSWERS_NAME = "cost_answers.parquet"
_SCHEMA = pa.schema(
    [
        pa.field("question", pa.string(), nullable=False),
        pa.field("service", pa.string(), nullable=False),
        pa.field("asked_at", INSTANT, nullable=False),
        pa.field("start", pa.date32(), nullable=False),
        pa.field("end", pa.date32(), nullable=False),
        pa.field("rows", pa.string(), nullable=False),
    ]
)


def answer_rows(answers: Iterable[CostAnswer]) -> pa.Table:
    """Return answers as a table; decimals are kept as AWS's own digits."""
    return pa.Table.from_pylist([_row(one) for one in answers], schema=_SCHEMA)


def answers_of(table: pa.Table) -> tuple[CostAnswer, ...]:
    """Read answers back; one that this version does not understand is left out, and will be asked again."""
    return tuple(_answers(table))


def _row(one: CostAnswer) -> dict[str, object]:
    rows = _adapter(one.topic.question).dump_python(tuple(one.rows), mode="json")
    return {
        "question": one.topic.question.value,
        "service": storable(one.topic.service),
        "asked_at": one.asked_at,
        "start": one.start,
        "end": one.end,
        "rows": json.dumps(_storable(rows)),
    }


def _answers(table: pa.Table) -> Iterator[CostAnswer]:
    for row in table.to_pylist():
        if row["question"] not in set(Question):
            continue
        question = Question(row["question"])
        try:
            rows = _adapter(question).validate_json(row["rows"])
        except ValidationError:
            continue
        yield CostAnswer(
            topic=Topic(question, row["service"]),
            asked_at=row["asked_at"].replace(tzinfo=UTC),
            start=row["start"],
            end=row["end"],
            rows=rows,
        )


@cache
def _adapter(question: Question) -> TypeAdapter[Any]:
    row: Any = ROWS[question]
    return TypeAdapter(tuple[row, ...])


def _storable(value: Any) -> Any:
    """Return the value with texts that can be stored; names are AWS's or whoever named an account."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {name: _storable(part) for name, part in value.items()}
    return list(map(_storable, value)) if isinstance(value, list | tuple) else value
