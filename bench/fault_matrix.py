"""Every fault on every call of every source, on each page, in each scope: is the truth shown, or said?

Prints the cells by fault, and every one in which something was silently missing, not true, changed where
nothing had happened, or asked too often; ends with 1 if there is any. Arguments: sources, for a part;
``--few`` takes the small choice of the tests.
"""

from __future__ import annotations

import sys
from collections import Counter
from time import perf_counter

from matrix.rig import rigged
from matrix.running import Result, all_cells, run, stratified

_KINDS = ("silent", "wrong", "elsewhere", "gap", "whole", "storm", "crash", "vacuous")


def main(arguments: list[str]) -> int:
    sources = [one for one in arguments if not one.startswith("--")]
    started = perf_counter()
    results: list[Result] = []
    with rigged() as rig:
        every = all_cells(rig, sources)
        for result in run(rig, stratified(every) if "--few" in arguments else every):
            results.append(result)
            if result.violations:
                print(f"{result.cell.name}\n    {result.violations[0][:300]}", flush=True)
    print(table(results))
    broken = Counter(one.partition(":")[0].split()[0] for result in results for one in result.violations)
    told = ", ".join(f"{broken[kind]} {kind}" for kind in _KINDS)
    print(f"{len(results):,} cells in {perf_counter() - started:.0f} s; violations: {told}")
    return 1 if broken else 0


def table(results: list[Result]) -> str:
    """Count by fault: whole readings, partial ones that say so, and broken rules."""
    lines = [f"{'fault':20} {'cells':>6} {'whole':>6} {'partial, said':>14} {'broken':>7}"]
    for fault in dict.fromkeys(result.cell.fault for result in results):
        some = [result for result in results if result.cell.fault == fault]
        partial = sum(result.is_partial and not result.violations for result in some)
        broken = sum(bool(result.violations) for result in some)
        whole = len(some) - partial - broken
        lines.append(f"{fault:20} {len(some):6} {whole:6} {partial:14} {broken:7}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
