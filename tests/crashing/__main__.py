"""``python -m crashing FOLDER ESTATE --kills N ...``: strike that many lives; prints the tallies as JSON.

Started with the library of ``shim.c`` preloaded.
"""

from __future__ import annotations

import argparse
import gc
import json
import pickle
import sys
from dataclasses import asdict
from pathlib import Path

from crashing import estate
from crashing.nursery import Nursery, Tally


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("estate", type=Path)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--full-disks", type=int, default=0)
    parser.add_argument("--seed", type=int, default=20261124)
    asked = parser.parse_args()
    read = pickle.loads(asked.estate.read_bytes())  # noqa: S301 - written by the caller just now
    nursery = Nursery(asked.folder, read, estate.checks(), asked.seed)
    tallies = {
        "kills": nursery.kills(asked.kills),
        "errors": nursery.errors(asked.errors),
        "full disks": nursery.full_disks(asked.full_disks) if asked.full_disks else Tally(),
    }
    gc.unfreeze()  # what a nursery froze can be taken down in order now
    json.dump({name: asdict(tally) for name, tally in tallies.items()}, sys.stdout)


if __name__ == "__main__":
    main()
