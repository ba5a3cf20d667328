"""Run a command and say what it took: seconds, CPU seconds, mebibytes; ends as the command does.

    python -S bench/launched.py FILE COMMAND...

A process that is started from a large one has that one's memory for its own largest; from here it has not.
"""

import json
import os
import sys
import time

started = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
mebibytes = usage.ru_maxrss / 1024 / (1024 if sys.platform == "darwin" else 1)
took = [time.perf_counter() - started, usage.ru_utime + usage.ru_stime, mebibytes]
with open(sys.argv[1], "w", encoding="utf-8") as file:  # noqa: PTH123  nothing more is imported than it takes
    json.dump(took, file)
sys.exit(os.waitstatus_to_exitcode(status))
