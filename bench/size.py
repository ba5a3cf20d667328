"""How much there is to read: lines by part of the repository, and the longest files.

    make bench BENCH=bench/size.py

Counted are committed, hand-written files; "code" leaves out blank lines, comments and docstrings of Python.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("src", "tests", "bench", "tools")
CHECKS = ROOT / "src" / "plainbill" / "analyzer" / "checks"
CHECK_TESTS = ROOT / "tests" / "analyzer" / "checks"
KINDS = (".py", ".js", ".css", ".html")


def files() -> list[Path]:
    """The committed files of the kinds that people write here."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listing.stdout.splitlines() if name.endswith(KINDS)]


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def code_lines(file: Path) -> int:
    """Lines that do something: for Python neither blank, comment nor docstring; else not blank."""
    text = file.read_text(encoding="utf-8")
    rows = text.splitlines()
    if file.suffix != ".py":
        return sum(1 for row in rows if row.strip())
    prose = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return sum(
        1
        for number, row in enumerate(rows, start=1)
        if row.strip() and not row.lstrip().startswith("#") and number not in prose
    )


def tell_checks(everything: list[Path]) -> None:
    """Print how many checks there are, and how long one of them and its test are in the median."""
    for name, folder in (("check", CHECKS), ("check test", CHECK_TESTS)):
        chosen = [file for file in everything if file.parent == folder and file.name != "__init__.py"]
        total, code = median(map(lines, chosen)), median(map(code_lines, chosen))
        longest = max(chosen, key=lines)
        print(
            f"{len(chosen)} {name}s: in the median {total:.0f} lines, {code:.0f} of them code; "
            f"the longest is {longest.name} with {lines(longest)}"
        )


def main() -> int:
    """Print the table and the five longest files."""
    everything = files()
    print(f"{'part':8} {'kind':6} {'files':>6} {'lines':>7} {'code':>7}")
    for part in PARTS:
        for kind in KINDS:
            chosen = [file for file in everything if file.is_relative_to(ROOT / part) and file.suffix == kind]
            if chosen:
                total, code = sum(map(lines, chosen)), sum(map(code_lines, chosen))
                print(f"{part:8} {kind:6} {len(chosen):6} {total:7} {code:7}")
    print(
        f"{'all':15} {len(everything):6} {sum(map(lines, everything)):7} {sum(map(code_lines, everything)):7}"
    )
    tell_checks(everything)
    print("longest files:")
    for file in sorted(everything, key=lines, reverse=True)[:5]:
        print(f"  {lines(file):4}  {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
