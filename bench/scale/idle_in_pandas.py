"""The idle rules as a few lines of pandas: what the checks are measured against. Not part of Plainbill.

    python idle_in_pandas.py FOLDER

Reads ``utilization.parquet`` of a snapshot and ``instances.csv`` (arn, state, born, busy_percent) of the same
folder, and prints one JSON object. It knows neither rhythms nor guards, gaps, prices or reasons.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd

SEED_HOURS, BUSY_HOURS, BUSY_BYTES = 14 * 24, 28 * 24, 20e6


def exploded(load: pd.DataFrame, columns: list[str], hours: int) -> pd.DataFrame:
    """One row an instance and hour, the last ``hours`` of each."""
    last = load[["arn", "end", *columns]].copy()
    for column in columns:
        last[column] = last[column].map(lambda values: values[-hours:])
    rows = last.explode(columns, ignore_index=True).astype(dict.fromkeys(columns, "float64"))
    rows["age"] = hours - rows.groupby("arn", sort=False).cumcount()
    return rows


def seed_rule(load: pd.DataFrame, instances: pd.DataFrame) -> list[str]:
    """Mean CPU under 5 % and no sample at 10 % in 14 days, nine of ten hours seen, older than the window."""
    rows = exploded(load, ["cpu_average", "cpu_maximum"], SEED_HOURS)
    rows["both"] = rows.cpu_average.notna() & rows.cpu_maximum.notna()
    rows["peak"] = rows.cpu_maximum.fillna(rows.cpu_average)
    seen = rows.groupby("arn").agg(
        mean=("cpu_average", "mean"), peak=("peak", "max"), hours=("both", "sum"), end=("end", "first")
    )
    seen = seen.join(instances.set_index("arn"))
    start = seen.end - pd.Timedelta(hours=SEED_HOURS - 1)
    is_old = (seen.born <= start) | seen.index.isin(early(load, SEED_HOURS))
    idle = (seen["mean"] < 5) & (seen.peak < 10) & (seen.hours >= 303) & (seen.state == "running") & is_old
    return sorted(seen.index[idle])


def early(load: pd.DataFrame, hours: int) -> set[str]:
    """The instances with a CPU value from before the window."""
    before = load.cpu_average.map(
        lambda values: bool(pd.notna(values[: max(0, len(values) - hours + 1)]).any())
    )
    return set(load.arn[before])


def busy_days(load: pd.DataFrame, instances: pd.DataFrame) -> dict[str, int]:
    """Days of the last 28 with an hour at a tenth of a vCPU or with 20 MB of traffic."""
    rows = exploded(load, ["cpu_average", "network_in", "network_out"], BUSY_HOURS)
    rows["percent"] = rows.arn.map(instances.set_index("arn").busy_percent)
    traffic = rows.network_in.fillna(0) + rows.network_out.fillna(0)
    busy = rows[(rows.cpu_average >= rows.percent) | (traffic >= BUSY_BYTES)]
    day = (busy.end - pd.to_timedelta(busy.age, unit="h")).dt.date
    days = day.groupby(busy.arn).nunique()
    return {arn: int(days.get(arn, 0)) for arn in load.arn}


def main() -> None:
    folder = Path(sys.argv[1])
    started = time.perf_counter()
    load = pd.read_parquet(folder / "utilization.parquet")
    instances = pd.read_csv(folder / "instances.csv", parse_dates=["born"])
    read = time.perf_counter()
    idle = seed_rule(load, instances)
    seeded = time.perf_counter()
    days = busy_days(load, instances)
    done = time.perf_counter()
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    found = {
        "read": read - started,
        "seed": seeded - read,
        "busy": done - seeded,
        "peak_mib": peak,
        "idle": idle,
        "busy_days": days,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
