"""Large things that stay until the next reading, kept out of Python's search for garbage.

A search through all that was judged of ten thousand instances holds up an answer for a fifth of a second.
"""

from __future__ import annotations

import atexit
import gc

from plainbill.analyzer.engine import Report

_LARGE = 5_000  # findings; what is smaller is searched in no time


def settle(report: Report) -> None:
    """Take what exists now out of the search, where a report is large; what was before comes back."""
    if len(report.findings) < _LARGE:
        return
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    atexit.unregister(gc.unfreeze)
    atexit.register(gc.unfreeze)  # what is still frozen at the end looks like a leak to native libraries
