"""What every family of the demo company's resources shares: places, ids, ages, tags, and how to look one up.

How to add a family to the demo
-------------------------------
Three small files, found by walking the package; nothing else is touched. ``estate_volumes.py``,
``answers_volumes.py`` and ``metrics_volumes.py`` are the example to copy; this is a smaller one.

``estate_queues.py`` says what there is, as values of one frozen dataclass::

    @dataclass(frozen=True, kw_only=True)
    class Queue(Resource):
        messages: int

    _ROWS = (
        (PRODUCTION, VIRGINIA, "orders", "checkout", 4200),
        (DEVELOPMENT, VIRGINIA, "old-orders", "qa", 0),
    )

    def queues(company: Company) -> Estate[Queue]:
        return company.once(_made)  # made once a day

    def _made(company: Company) -> Estate[Queue]:
        return Estate(
            Queue(**made(company, account, region, name, team=team), messages=messages)
            for account, region, name, team, messages in _ROWS
        )

``answers_queues.py`` says how AWS tells of it, by boto3's names of service and operation; the protocol is
read from AWS's own model, so an answer is the dict that boto3 is to return::

    def list_queues(call: Call) -> Mapping[str, Any]:
        here = queues(call.company).at(call.account, call.region)
        return paged(call, "QueueUrls", [queue.name for queue in here], most=1000)

    ANSWERS = {"sqs:ListQueues": list_queues}

``metrics_queues.py`` says what CloudWatch measures (``measure.py`` has the formulas)::

    def _find(wanted: Wanted) -> Series | None:
        here = queues(wanted.company).at(wanted.account, wanted.region)
        queue = next((queue for queue in here if queue.name == wanted.only("QueueName")), None)
        if queue is None or wanted.metric != "NumberOfMessagesSent":
            return None  # no such metric: no datapoints
        return daily(1, 40, seed=queue.seed) if queue.messages else zero()

    def _listed(company: Company, account: str, region: str) -> Listed:
        return (("NumberOfMessagesSent", {"QueueName": q.name}) for q in queues(company).at(account, region))

    METRICS = {"AWS/SQS": Provider(_find, _listed)}

None of them imports ``endpoint``, which imports them all. ``tests/demo/test_volumes.py`` shows how to test
one. Errors are ``WireError("ResourceNotFoundException", message, status)`` with AWS's own code. Tags are
hostile where the company is; names are not, where AWS allows only harmless characters in them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Generic, TypeVar

from plainbill.demo.company import Company
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION, SETTLED
from plainbill.demo.instances import HOSTILE
from plainbill.model.period import midnight

_ENVIRONMENTS = {PRODUCTION: "production", DEVELOPMENT: "development", MANAGEMENT: "security"}


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of any family: its name or id, unique in its place, and the facts they all have."""

    name: str
    account_id: str
    region: str
    created_at: datetime
    tags: Mapping[str, str]
    seed: int

    @property
    def availability_zone(self) -> str:
        """One of three zones of the region, for resources that are in one."""
        return self.region + "abc"[self.seed % 3]

    @property
    def tag_list(self) -> list[dict[str, str]]:
        """The tags as most services tell them: ``[{"Key": ..., "Value": ...}]``."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]

    def arn(self, service: str, resource: str) -> str:
        """Return an ARN: ``arn("rds", "db:orders")``."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


R = TypeVar("R", bound=Resource)


class Estate(Generic[R]):
    """All resources of a family, by place."""

    def __init__(self, resources: Iterable[R]) -> None:
        self.all: tuple[R, ...] = tuple(resources)
        self._places: dict[tuple[str, str], dict[str, R]] = {}
        for one in self.all:
            self._places.setdefault((one.account_id, one.region), {})[one.name] = one

    def at(self, account: str, region: str) -> tuple[R, ...]:
        """Return what an account has in a region, in the family's order."""
        return tuple(self._places.get((account, region), {}).values())

    def named(self, account: str, region: str, name: str | None) -> R | None:
        """Return the one of that name or id in a place; None when there is none."""
        return None if name is None else self._places.get((account, region), {}).get(name)


def made(
    company: Company,
    account: str,
    region: str,
    name: str,
    *,
    team: str | None = None,
    age: tuple[int, int] = SETTLED,
    tags: Mapping[str, str] | None = None,
    resource_id: str | None = None,
) -> dict[str, Any]:
    """Return the fields of ``Resource`` for a row of a family's table.

    ``age`` is how many days ago it was made, from and to; ``team`` is None for what nobody tagged. With
    ``resource_id`` that is the resource's name in AWS, and ``name`` only a tag.
    """
    seed = seed_of(account, region, name)
    plain = {"Name": name, **({"team": team} if team else {}), "environment": _ENVIRONMENTS[account]}
    return {
        "name": resource_id or name,
        "account_id": account,
        "region": region,
        "created_at": born(company, age, seed),
        "tags": hostile_tags(company, {**plain, **(tags or {})}, seed),
        "seed": seed,
    }


def seed_of(*words: str) -> int:
    """Return a number that is always the same for the same words."""
    return zlib.crc32("/".join(words).encode())


def identifier(prefix: str, *words: str, digits: int = 17) -> str:
    """Return an id as EC2 and others give them (``vol-0`` and 16 hexadecimal digits), by words."""
    return f"{prefix}-0" + sha256("/".join((prefix, *words)).encode()).hexdigest()[: digits - 1]


def born(company: Company, age: tuple[int, int], seed: int) -> datetime:
    """Return an instant so many days ago, somewhere between the two and in working hours."""
    low, high = age
    moment = midnight(company.today) - timedelta(days=low + seed % (high - low + 1))
    return moment + timedelta(hours=7 + seed // 7 % 10, minutes=seed // 11 % 60, seconds=seed // 13 % 60)


def hostile_tags(company: Company, tags: Mapping[str, str], seed: int) -> Mapping[str, str]:
    """Return the tags; for a hostile company, attacks in every value and one key but AWS's own."""
    if not company.hostile:
        return tags
    attack = HOSTILE[seed % len(HOSTILE)]
    return {name: value if name.startswith("aws:") else attack for name, value in tags.items()} | {
        attack[:128]: attack
    }


def hostile_text(company: Company, text: str, seed: int) -> str:
    """Return a free text (a description), or an attack for a hostile company."""
    return HOSTILE[seed % len(HOSTILE)] if company.hostile else text
