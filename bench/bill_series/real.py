"""The real daily bills in the shared test data; they are not part of the project."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

from plainbill.analyzer.daily_series import DailySeries

FOLDER = Path(__file__).parents[3] / "shared/data"
BILL = FOLDER / "costseries/binder_gcp_daily_2017-12_2018-12.csv"
FEWEST_DAYS = 300


def real_bills() -> dict[str, DailySeries]:
    """Return each real daily series of ``FEWEST_DAYS`` days or more, and their total; none without the data.

    A day that a category does not name is not known: the file does not say whether it was free.
    """
    if not BILL.exists():
        return {}
    rows: defaultdict[str, dict[date, float]] = defaultdict(dict)
    total: defaultdict[date, float] = defaultdict(float)
    with BILL.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "launches":
                continue
            day, cost = date.fromisoformat(row["date"]), float(row["value"])
            rows[f"{row['kind']} {row['name']}"][day] = cost
            if row["kind"] == "project":
                total[day] += cost
    rows["total"] = dict(total)
    made = {name: DailySeries.of(costs) for name, costs in rows.items()}
    return {name: series for name, series in made.items() if len(series) >= FEWEST_DAYS}
