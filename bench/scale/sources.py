"""A refresh that tells which source each call to AWS was made for.

    python bench/scale/sources.py FILE

Runs ``plainbill refresh --json`` in this process and writes to FILE, as JSON, calls and dollars by source.
A source is the name of a step of the progress; "sign-in" is what is asked before the first step.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from plainbill.aws_connector.meter import Meter, Price
from plainbill.cli import main as plainbill
from plainbill.data_fetcher.crew import Crew, Reading, Unit

SIGN_IN = "sign-in"
working = threading.local()
calls: Counter[str] = Counter()
dollars: dict[str, tuple[Decimal, Decimal]] = {}
lock = threading.Lock()
start_units, count_call = Crew.start, Meter.count


def start(crew: Crew, units: Iterable[Unit[Any]]) -> list[Future[Any]]:
    """Put units to work, each with its source known to the thread that reads it."""
    return start_units(crew, [replace(unit, read=partial(read, unit)) for unit in units])


def read(unit: Unit[Any]) -> Reading[Any]:
    """Read a unit; what is asked meanwhile is its source's."""
    working.source = unit.source
    try:
        return unit.read()
    finally:
        working.source = SIGN_IN


def count(meter: Meter, service: str, operation: str, price: Price) -> None:
    """Count a call for the meter, and for the source that this thread works for."""
    source = getattr(working, "source", SIGN_IN)
    with lock:
        calls[source] += 1
        low, high = dollars.get(source, (Decimal(0), Decimal(0)))
        dollars[source] = (low + price.low, high + price.high)
    count_call(meter, service, operation, price)


def main() -> int:
    """Refresh, then write what was counted."""
    setattr(Crew, "start", start)  # noqa: B010 - looks on and changes nothing, so it keeps the signature
    setattr(Meter, "count", count)  # noqa: B010 - as above
    code = plainbill(["refresh", "--json"])
    told = {name: [number, *map(str, dollars[name])] for name, number in sorted(calls.items())}
    Path(sys.argv[1]).write_text(json.dumps(told), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
