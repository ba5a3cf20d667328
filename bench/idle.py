"""How often "idle" is right, on a public trace of production VMs; writes docs/idle-accuracy.md.

    make bench BENCH=bench/idle.py
    PYTHONPATH=.:tests .venv/bin/python bench/idle.py --data gwa_t12_rnd_hourly_half.parquet

Needs the trace as hourly Parquet (columns: vm, h, cpu, cpumax, net_mb, cores, n), which is no part of this
project; without it nothing is measured and nothing is written. Seeds are fixed: the same trace gives the same
document. About a minute.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bench.idle_accuracy.document import document
from bench.idle_accuracy.outcomes import Measured, measure_all
from bench.idle_accuracy.rules import SHIPPED

ROOT = Path(__file__).resolve().parents[1]
TRACE = ROOT.parent / "shared" / "data" / "util" / "gwa_t12_rnd_hourly_half.parquet"
DOCUMENT = ROOT / "docs" / "idle-accuracy.md"
LEAST_PRECISION, LEAST_RECALL = 0.97, 0.60


def failures(found: Measured) -> list[str]:
    """Return what falls short: the aim for the shipped rule, or agreement with the independent program."""
    short = [f"{rule}: {ours} here, {theirs} there" for rule, (ours, theirs) in found.differences.items()]
    for hours, one in {"28 days": found.scores[SHIPPED], "every stored hour": found.whole.score}.items():
        if one.precision < LEAST_PRECISION or one.recall < LEAST_RECALL:
            short.append(f"with {hours} precision {one.precision:.3f} and recall {one.recall:.3f}")
    return short


def main() -> int:
    """Print the tables and write the document; 1 where something falls short."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--data", type=Path, default=TRACE, help="the trace, hourly Parquet")
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="the document to write")
    chosen = parser.parse_args()
    if not chosen.data.exists():
        print(f"not measured: there is no trace at {chosen.data} (name it with --data)")
        return 1 if "CI" in os.environ else 0
    found = measure_all(chosen.data)
    text = document(found)
    chosen.out.write_text(text, encoding="utf-8")
    print(text)
    short = failures(found)
    print("\n".join(short) or "every figure as aimed at and as measured independently")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
