"""A first and a second refresh of the demo company: calls by operation and by source, dollars, seconds.

The endpoint runs in a process of its own, as in ``plainbill demo``; the command is the one a user runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from plainbill.cli.demo import endpoint, isolate

SOURCES = Path(__file__).with_name("scale") / "sources.py"


def main() -> None:
    with endpoint() as demo, tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ)
        isolate(env, Path(folder))
        env.update(demo)
        for name in ("first refresh (13 months)", "second refresh (open days only)"):
            started = perf_counter()
            run, sources = refresh_by_source(env, Path(folder) / "sources.json")
            print(told(name, run, perf_counter() - started))
            print(told_by_source(sources))


def refresh(env: Mapping[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "plainbill", "refresh", "--json"]
    done = subprocess.run(command, env=dict(env), stdout=subprocess.PIPE, check=True)
    run: dict[str, Any] = json.loads(done.stdout)
    return run


def refresh_by_source(env: Mapping[str, str], to: Path) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Refresh once; return the run, and calls and dollars (lowest, highest) by source."""
    command = [sys.executable, str(SOURCES), str(to)]
    done = subprocess.run(command, env=dict(env), stdout=subprocess.PIPE, check=True)
    run, sources = json.loads(done.stdout), json.loads(to.read_text(encoding="utf-8"))
    assert sum(calls for calls, *_ in sources.values()) == run["calls"]
    return run, sources


def told_by_source(sources: Mapping[str, list[Any]]) -> str:
    """The dearest sources first, then those with most calls."""
    rows = sorted(sources.items(), key=lambda one: (-Decimal(one[1][2]), -one[1][0]))
    lines = [f"  {name:32} {calls:4} calls, ${low} to ${high}" for name, (calls, low, high) in rows]
    return "\n".join([f"  by source ({len(rows)}):", *lines])


def told(name: str, run: Mapping[str, Any], wall: float) -> str:
    price = f"${run['cost_low']} to ${run['cost_high']}"
    took = f"{run['seconds']:.1f} s of refreshing, {wall:.1f} s with start-up"
    lines = [f"{name}: {run['state']}, {run['calls']} calls, {price}, {took}"]
    lines += [f"  {row['service']}:{row['operation']:24} {row['calls']:4}" for row in run["operations"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
