"""The AWS series of the Numenta Anomaly Benchmark, by hour, against its labelled windows.

Lavin and Ahmad, 2015; https://github.com/numenta/NAB. The series are metrics, not costs, so that the
detector judges steps of an hour in a season of a day. A labelled window is found where an event overlaps
it; an event that overlaps none is false. There are no monthly fees and no floor in money.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bench.anomalies.plain import PLAIN
from bench.anomalies.season import SeasonBaseline
from plainbill.analyzer.anomaly.detector import Event, Rule, detect
from plainbill.analyzer.daily_series import Floats

FOLDER = Path(__file__).parents[3] / "shared/data/nab"
SEASON = 24
Window = tuple[int, int]


def score_nab() -> None:
    """Print precision and recall of ours and of the plain rules over all series."""
    found: dict[str, list[int]] = {name: [0, 0, 0] for name in ("plainbill", *PLAIN)}
    windows = json.loads((FOLDER / "labels/windows.json").read_text(encoding="utf-8"))
    files = sorted((FOLDER / "data/realAWSCloudwatch").glob("*.csv"))
    for file in files:
        values, first = hourly(file)
        labelled = [_steps(window, first) for window in windows[f"realAWSCloudwatch/{file.name}"]]
        events = {"plainbill": detect(SeasonBaseline(values, SEASON), values, Rule(floor=0.0))}
        events.update({name: find(values, SEASON, 0.0) for name, find in PLAIN.items()})
        for name, each in events.items():
            _count(found[name], each, labelled)
    print(f"\nNAB, {len(files)} AWS series by hour, {sum(found['plainbill'][:2])} labelled windows")
    print(f"{'':28}{'found':>8}{'false':>8}{'recall':>10}{'precision':>11}")
    for name, (true, missed, false) in found.items():
        recall, precision = true / (true + missed), true / max(true + false, 1)
        print(f"{name:28}{true:8}{false:8}{recall:10.1%}{precision:11.1%}")


def hourly(file: Path) -> tuple[Floats, datetime]:
    """Return the mean of each hour, NaN for an hour without samples, and the first hour."""
    with file.open(newline="", encoding="utf-8") as rows:
        samples = [(_instant(row["timestamp"]), float(row["value"])) for row in csv.DictReader(rows)]
    first = samples[0][0].replace(minute=0, second=0, microsecond=0)
    hours = np.array([_hour(at, first) for at, _ in samples])
    sums = np.bincount(hours, weights=[value for _, value in samples])
    counts = np.bincount(hours)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan), first


def _count(tally: list[int], events: Sequence[Event], labelled: Sequence[Window]) -> None:
    def overlap(event: Event, window: Window) -> bool:
        return event.start < window[1] and event.end > window[0]

    hits = sum(any(overlap(event, window) for event in events) for window in labelled)
    tally[0] += hits
    tally[1] += len(labelled) - hits
    tally[2] += sum(not any(overlap(event, window) for window in labelled) for event in events)


def _steps(window: Sequence[str], first: datetime) -> Window:
    return _hour(_instant(window[0]), first), _hour(_instant(window[1]), first) + 1


def _hour(at: datetime, first: datetime) -> int:
    return int((at - first) / timedelta(hours=1))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
