"""Templates are compiled one at a time, however many threads want one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from time import sleep
from typing import Any

from plainbill.app.pages import environment


def test_no_two_threads_compile_at_once() -> None:
    templates, counting, at_once = environment(), Lock(), [0, 0]  # now, and at the most
    start = Barrier(4)

    def folded(value: Any) -> Any:  # Jinja calls it for constants while it compiles
        with counting:
            at_once[0] += 1
            at_once[1] = max(at_once)
        sleep(0.01)
        with counting:
            at_once[0] -= 1
        return value

    templates.finalize = folded

    def compiled(number: int) -> str:
        start.wait()
        return templates.from_string(f"{{{{ {number}.5 }}}}").render()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(compiled, range(4))) == ["0.5", "1.5", "2.5", "3.5"]
    assert at_once == [0, 1]
