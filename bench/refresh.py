"""A first and a second refresh of the demo company: calls by operation, dollars, seconds.

The endpoint runs in a process of its own, as in ``plainbill demo``; the command is the one a user runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from plainbill.cli.demo import endpoint, isolate


def main() -> None:
    with endpoint() as demo, tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ)
        isolate(env, Path(folder))
        env.update(demo)
        for name in ("first refresh (13 months)", "second refresh (open days only)"):
            started = perf_counter()
            run = refresh(env)
            print(told(name, run, perf_counter() - started))


def refresh(env: Mapping[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "plainbill", "refresh", "--json"]
    done = subprocess.run(command, env=dict(env), stdout=subprocess.PIPE, check=True)
    run: dict[str, Any] = json.loads(done.stdout)
    return run


def told(name: str, run: Mapping[str, Any], wall: float) -> str:
    price = f"${run['cost_low']} to ${run['cost_high']}"
    took = f"{run['seconds']:.1f} s of refreshing, {wall:.1f} s with start-up"
    lines = [f"{name}: {run['state']}, {run['calls']} calls, {price}, {took}"]
    lines += [f"  {row['service']}:{row['operation']:24} {row['calls']:4}" for row in run["operations"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
