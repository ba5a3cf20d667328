"""Runs nurseries in processes of their own with the library preloaded, and says what came of them."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from crashing import shim
from plainbill.storage import Collected

TESTS = Path(__file__).parents[1]
MEMORY = Path("/dev/shm")  # noqa: S108 - a kill keeps what was written, so a disk would only be slower


def strike(read: Collected, seed: int, beside: int = 1, **how_many: int) -> dict[str, Any]:
    """Strike so many lives (``kills``, ``errors`` ...), shared by nurseries; return the tallies by name.

    ``beside`` is how many nurseries live at the same time, each with homes and moments of its own. Raises
    ``RuntimeError`` where one does not come to its end.
    """
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name, ExitStack() as all_of:
        folder = Path(name)
        library, stored = shim.build(folder), folder / "estate.pickle"
        stored.write_bytes(pickle.dumps(read))
        env = {**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": str(TESTS)}
        nurseries = []
        for place in range(beside):
            share = {kind: (number + place) // beside for kind, number in how_many.items()}
            command = _command(folder / f"nursery-{place}", stored, seed + place, share)
            started = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, cwd=TESTS)
            nurseries.append(all_of.enter_context(started))
        said = [nursery.communicate()[0] for nursery in nurseries]
        if ends := [nursery.returncode for nursery in nurseries if nursery.returncode]:
            raise RuntimeError(f"a nursery ended with {ends[0]}")
        return _together([json.loads(one) for one in said])


def _command(own: Path, stored: Path, seed: int, share: Mapping[str, int]) -> list[str]:
    own.mkdir()
    asked = [f"--{kind.replace('_', '-')}={number}" for kind, number in share.items()]
    return [sys.executable, "-m", "crashing", str(own), str(stored), f"--seed={seed}", *asked]


def _together(told: list[dict[str, Any]]) -> dict[str, Any]:
    """Add up the tallies of several nurseries; the seconds are those of the one that took longest."""
    return {name: _sum([one[name] for one in told]) for name in told[0]}


def _sum(tallies: list[Mapping[str, Any]]) -> dict[str, Any]:
    ends: dict[str, int] = {}
    for tally in tallies:
        for name, count in tally["ends"].items():
            ends[name] = ends.get(name, 0) + count
    return {
        "lives": sum(tally["lives"] for tally in tallies),
        "struck": sum(tally["struck"] for tally in tallies),
        "ends": ends,
        "broken": [sentence for tally in tallies for sentence in tally["broken"]],
        "seconds": max(tally["seconds"] for tally in tallies),
    }
