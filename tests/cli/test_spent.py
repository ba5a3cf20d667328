"""``plainbill spent``: what asking cost, without asking anything."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from e2e.process import Refreshed, environment, plainbill


def test_before_anything_was_read_nothing_was_spent(filled: Refreshed, tmp_path: Path) -> None:
    asked = len(filled.demo.requests)
    done = plainbill("spent", "--json", env=environment(filled.demo, tmp_path))
    body = json.loads(done.stdout)
    assert (done.returncode, body["calls"], body["next_cost_high"]) == (0, 0, None)
    assert (body["requests_today"], body["requests_a_day"], body["metered"]) == (0, 40, [])
    assert len(filled.demo.requests) == asked


def test_it_says_what_the_last_refresh_cost_and_what_the_next_may(filled: Refreshed) -> None:
    env = environment(filled.demo, filled.home)
    body = json.loads(plainbill("spent", "--json", env=env).stdout)
    assert (body["calls"], body["cost_high"]) == (filled.run["calls"], filled.run["cost_high"])
    bill = Decimal("0.01") * body["requests_today"]  # asked today, unless midnight came between
    assert Decimal(body["next_cost_high"]) == Decimal(body["cost_high"]) - bill
    done = plainbill("spent", env=env)
    assert "ce:GetCostAndUsage" in done.stdout
    assert "of 40 that are allowed" in done.stderr
