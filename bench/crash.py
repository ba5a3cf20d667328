"""Refreshes that are killed, refused by the disk and run out of space: what was lost, seen half or stuck.

Each life is a real refresh's storing half, a decision and a policy, in a process of its own; after each, a
new process looks for everything that was promised, and after three struck in a row the next refresh must go
well without help. As many live at the same time as the machine has cores. ``--power-cuts`` records lives
and rebuilds what a power cut leaves at each sync and change of a name. ``--commands`` kills the whole
``plainbill refresh`` instead, over HTTP. Exits with 1 where a promise broke.

    make bench-crash [KILLS=10000] [ERRORS=10000] [DISKS=200] [COMMANDS=200]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crashing import estate, shim
from crashing.campaign import MEMORY, strike
from crashing.commands import kill_commands
from crashing.disk import why_no_mount

_USUAL = {"kills": 10_000, "errors": 10_000, "full-disks": 200, "power-cuts": 2_000, "commands": 200}
SHOWN = 20  # broken promises that are printed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in _USUAL.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--beside", type=int, default=os.cpu_count() or 1, help="lives at the same time")
    asked = parser.parse_args()
    if why_not := shim.why_not():
        sys.exit(f"nothing was tried: {why_not}")
    if asked.full_disks and (why_not := why_no_mount()):
        print(f"full disks were not tried: {why_not}")
        asked.full_disks = 0
    broken = 0
    read = estate.gather()
    for series in ("kills", "errors", "full_disks", "power_cuts"):  # each is told as soon as it has ended
        for name, tally in strike(read, asked.seed, asked.beside, **{series: getattr(asked, series)}).items():
            broken += told(name, tally)
    if asked.commands:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            broken += told("commands", asdict(kill_commands(Path(folder), asked.commands, asked.seed)))
    sys.exit(1 if broken else 0)


def told(name: str, tally: Mapping[str, Any]) -> int:
    """Print a series; return how many promises were broken."""
    if not tally["lives"]:
        return 0
    kinds = {
        kind: sum(f"{kind}:" in one for one in tally["broken"]) for kind in ("lost", "partial", "manual")
    }
    ends = ", ".join(f"{count:,} {end}" for end, count in sorted(tally["ends"].items()))
    speed = tally["seconds"] / tally["lives"]
    print(f"{name}: {tally['lives']:,} lives, {tally['struck']:,} struck ({ends}), {speed:.2f} s each")
    print("  " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()), flush=True)
    for sentence in tally["broken"][:SHOWN]:
        print(f"  broken: {sentence}")
    return len(tally["broken"])


if __name__ == "__main__":
    main()
