"""Every fault on every call of every source, on each page, in each scope: is the truth shown, or said?

Prints the cells by fault, and every one in which something was silently missing, not true, changed where
nothing had happened, or asked too often; ends with 1 if there is any. Arguments: sources, for a part;
``--few`` takes the small choice of the tests, ``--first`` stops at the first. Without any, whole refreshes
are tried too.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from matrix.rig import Rig, rigged
from matrix.running import Result, all_cells, run, stratified
from matrix.whole import CASES, not_said, shown

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
                if "--first" in arguments:
                    break
        whole = [] if arguments else list(refreshes(rig))
    print(table(results))
    broken = Counter(one.partition(":")[0].split()[0] for result in results for one in result.violations)
    told = ", ".join(f"{broken[kind]} {kind}" for kind in _KINDS)
    if whole:
        broken.update(kind for found in whole for kind in found)
        print(f"{len(whole)} whole refreshes, {sum(map(bool, whole))} of them broken")
    print(f"{len(results):,} cells in {perf_counter() - started:.0f} s; violations: {told}")
    return 1 if broken else 0


def refreshes(rig: Rig) -> Iterator[list[str]]:
    """Refresh everything, once for each case, and yield the kinds of what the pages then show wrongly."""
    with tempfile.TemporaryDirectory() as folder:
        truth = shown(rig, Path(folder) / "truth", None)
        for number, case in enumerate(CASES):
            found = not_said(truth, shown(rig, Path(folder) / str(number), case), case)
            print(*(f"{case.fault} {case.injected.action}\n    {one}" for one in found), sep="\n", end="")
            yield [one.partition(":")[0] for one in found]


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
