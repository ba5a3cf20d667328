"""Runs a nursery in a process of its own with the library preloaded, and says what came of it."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from crashing import shim
from plainbill.storage import Collected

TESTS = Path(__file__).parents[1]
MEMORY = Path("/dev/shm")  # noqa: S108 - a kill keeps what was written, so a disk would only be slower


def strike(read: Collected, seed: int, **how_many: int) -> dict[str, Any]:
    """Strike so many lives (``kills``, ``errors``, ``full_disks``); return the tallies by name."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        library, stored = shim.build(Path(folder)), Path(folder) / "estate.pickle"
        stored.write_bytes(pickle.dumps(read))
        asked = [f"--{name.replace('_', '-')}={number}" for name, number in how_many.items()]
        command = [sys.executable, "-m", "crashing", folder, str(stored), f"--seed={seed}", *asked]
        env = {**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": str(TESTS)}
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, cwd=TESTS)
        tallies: dict[str, Any] = json.loads(done.stdout)
        return tallies
