"""How much the typed questions cost over a bare DuckDB query on the same files.

Writes a snapshot of about a million rows (``--rows``) to a temporary folder and prints, for each question,
the best of several runs: ours, the bare query with the same doors open, and their ratio.

    python bench/queries.py [--rows 1000000] [--repeat 7]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from plainbill.model.cost import CostMetric, CostRecord, CostTable, DailyCost
from plainbill.model.period import Period
from plainbill.storage import Collected, CostSpan, Snapshot, SnapshotStore

END = date(2026, 11, 25)
THIRTEEN_MONTHS = Period.of_days(date(2025, 11, 1), END)
THIRTY_DAYS = Period.last_days(30, END)
SERVICES = 60
BARE = """
SELECT day, key, sum(unblended), bool_or(is_estimated) FROM read_parquet($files)
WHERE day >= $first AND day < $end GROUP BY day, key ORDER BY day, key
"""


def records(rows: int) -> Iterator[CostRecord]:
    """Yield every service of as many accounts as fill ``rows``, on every day, by formula."""
    accounts = max(1, rows // (THIRTEEN_MONTHS.days * SERVICES))
    for number, day in enumerate(THIRTEEN_MONTHS.dates()):
        for service in range(SERVICES):
            for account in range(accounts):
                cost = Decimal((number * 7919 + service * 104729 + account * 31) % 10**9).scaleb(-7)
                yield CostRecord(
                    day=day,
                    key=f"Service {service:02}",
                    account_id=f"{account:012}",
                    amounts=dict.fromkeys(CostMetric, cost),
                    currency="USD",
                    is_estimated=END - day < timedelta(days=3),
                )


def write(folder: Path, rows: int) -> Snapshot:
    """Store the generated costs as one refresh would."""
    what = Collected(
        run_id="bench",
        taken_at=datetime(2026, 11, 24, tzinfo=UTC),
        accounts={},
        regions=(),
        costs={CostTable.SERVICE: CostSpan(THIRTEEN_MONTHS, list(records(rows)))},
        instances=(),
        utilization={},
        metrics_period=None,
        gaps=(),
    )
    return SnapshotStore(folder).write(what)


def best_seconds(question: Callable[[], object], repeat: int) -> float:
    """Time a question, warm; the best of several is what other work on the machine disturbs least."""
    question()
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        question()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def compare(snapshot: Snapshot, name: str, period: Period, repeat: int) -> None:
    """Print one question's times and check that both answers are the same."""
    names = sorted(snapshot.manifest.cost_files(CostTable.SERVICE))
    files = [str(snapshot.folder / file) for file in names]
    bare = duckdb.connect(":memory:")
    bound = {"files": files, "first": period.first_day, "end": period.end_day}

    def ask_bare() -> list[tuple[object, ...]]:
        return bare.execute(BARE, bound).fetchall()

    def ask() -> list[DailyCost]:
        return snapshot.daily_costs(CostTable.SERVICE, period, CostMetric.UNBLENDED)

    answer = ask()
    assert [(cost.day, cost.key, cost.cost, cost.is_estimated) for cost in answer] == ask_bare()
    ours, theirs = best_seconds(ask, repeat), best_seconds(ask_bare, repeat)
    print(
        f"{name:<32} {len(answer):>7,} rows {ours:8.4f} s  bare {theirs:8.4f} s  ratio {ours / theirs:5.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=7)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        snapshot = write(Path(folder), wanted.rows)
        size = sum(file.size for file in snapshot.manifest.files.values())
        print(f"written in {time.perf_counter() - started:.1f} s: {size / 1e6:.1f} MB of Parquet")
        started = time.perf_counter()
        SnapshotStore(Path(folder)).latest()
        print(f"opened and verified in {time.perf_counter() - started:.3f} s")
        compare(snapshot, "daily costs, 30 days", THIRTY_DAYS, wanted.repeat)
        compare(snapshot, "daily costs, 13 months", THIRTEEN_MONTHS, wanted.repeat)
        store = SnapshotStore(Path(folder))
        store.latest()
        each = best_seconds(store.latest, 1000)
        print(f"latest() when nothing changed: {each * 1e6:.0f} us")


if __name__ == "__main__":
    main()
