"""A refresh is a child process: started once, followed by many, never left behind."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from plainbill.app.refresh import RefreshEvent, RefreshProcess, keep_fresh
from plainbill.errors import RefreshRunningError
from plainbill.storage import CollectorLock

STEP = '{"event": "progress", "source": "cloudwatch", "state": "done"}'
STARTED, FINISHED = '{"event": "started", "run_id": "r1"}', '{"event": "finished", "run": {"run_id": "r1"}}'
WAIT_FOR_FILE = "import os, time\nwhile not os.path.exists({path!r}): time.sleep(0.01)\n"


def child(*lines: str, then: str = "") -> tuple[str, ...]:
    """A command that prints lines and then does something."""
    script = "".join(f"print({line!r}, flush=True)\n" for line in lines) + then
    return (sys.executable, "-c", script)


@asynccontextmanager
async def refresher(folder: Path, *command: str, patience: float = 5.0) -> AsyncIterator[RefreshProcess]:
    process = RefreshProcess(folder / "lock", command, patience=patience)
    try:
        yield process
    finally:
        await process.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), 30)

    asyncio.run(bounded())


async def all_events(process: RefreshProcess, last_id: str | None = None) -> list[RefreshEvent]:
    return [event async for event in process.follow(last_id)]


def test_nothing_is_followed_where_nothing_runs(tmp_path: Path) -> None:
    async def test() -> None:
        async with refresher(tmp_path, *child()) as process:
            assert not process.is_running
            assert process.last_event is None
            assert await all_events(process) == []
            assert await all_events(process, "some-7") == []
            await process.close()

    run(test)


def test_everyone_sees_all_events_whenever_they_come(tmp_path: Path) -> None:
    go = tmp_path / "go"
    wait = WAIT_FOR_FILE.format(path=str(go)) + f"print({FINISHED!r}, flush=True)"

    async def test() -> None:
        async with refresher(tmp_path, *child(STARTED, STEP, then=wait)) as process:
            await process.start()
            early = asyncio.create_task(all_events(process))
            stream = process.follow()
            assert [(await anext(stream)).name, (await anext(stream)).name] == ["started", "progress"]
            late = asyncio.create_task(all_events(process))
            await asyncio.sleep(0.05)
            assert process.is_running
            go.touch()
            assert [event.data for event in await early] == [STARTED, STEP, FINISHED]
            assert await late == await early
            await process.close()
            assert not process.is_running
            assert process.last_event == (await early)[-1]

    run(test)


def test_a_client_that_lost_its_connection_goes_on_where_it_was(tmp_path: Path) -> None:
    async def test() -> None:
        async with refresher(tmp_path, *child(STARTED, STEP, FINISHED)) as process:
            await process.start()
            events = await all_events(process)
            await process.close()
            assert await all_events(process, events[0].id) == events[1:]
            assert await all_events(process, events[2].id) == []
            assert await all_events(process) == []

    run(test)


def test_a_second_start_is_refused_and_a_later_one_is_not(tmp_path: Path) -> None:
    async def test() -> None:
        async with refresher(tmp_path, *child(STARTED, FINISHED)) as process:
            await process.start()
            with pytest.raises(RefreshRunningError):
                await process.start()
            first = await all_events(process)
            await process.close()
            await process.start()
            second = await all_events(process)
            assert [event.data for event in second] == [event.data for event in first]
            assert {event.id for event in first}.isdisjoint(event.id for event in second)

    run(test)


def test_a_refresh_of_another_process_is_not_disturbed(tmp_path: Path) -> None:
    async def test() -> None:
        async with refresher(tmp_path, *child(STARTED, FINISHED)) as process:
            with CollectorLock(tmp_path / "lock"):
                assert process.is_running
                with pytest.raises(RefreshRunningError):
                    await process.start()
            assert not process.is_running

    run(test)


def test_a_child_that_dies_becomes_a_failure_with_its_last_words(tmp_path: Path) -> None:
    dying = "import sys\nsys.stderr.write('a warning\\nno credentials found\\n\\n')\nsys.exit(3)"

    async def test() -> None:
        async with refresher(tmp_path, *child(STARTED, then=dying)) as process:
            await process.start()
            events = await all_events(process)
            assert [event.name for event in events] == ["started", "failed"]
            assert json.loads(events[-1].data) == {
                "event": "failed",
                "error": "the refresh ended early (exit code 3): no credentials found",
            }

    run(test)


def test_lines_that_are_no_events_are_passed_over(tmp_path: Path) -> None:
    noise = ("hello", "[1]", '{"event": "other"}', '{"event": ["started"]}', "{", "")

    async def test() -> None:
        async with refresher(tmp_path, *child(*noise, STARTED, "NaN", FINISHED, STEP)) as process:
            await process.start()
            assert [event.name for event in await all_events(process)] == ["started", "finished"]

    run(test)


def test_much_talk_on_stderr_does_not_block_the_child(tmp_path: Path) -> None:
    talk = f"import sys\nsys.stderr.write('x' * 1_000_000)\nprint({FINISHED!r})"

    async def test() -> None:
        async with refresher(tmp_path, *child(STARTED, then=talk)) as process:
            await process.start()
            assert [event.name for event in await all_events(process)] == ["started", "finished"]

    run(test)


def test_a_command_that_does_not_exist_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    async def test() -> None:
        async with refresher(tmp_path, str(tmp_path / "nowhere")) as process:
            await process.start()
            assert not process.is_running
            assert process.last_event is not None
            assert process.last_event.name == "failed"

    run(test)


def test_shutdown_leaves_no_child_behind(tmp_path: Path) -> None:
    stubborn = (
        "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        'print(\'{"event": "progress", "pid": \' + str(os.getpid()) + "}", flush=True)\ntime.sleep(60)'
    )

    async def test() -> None:
        async with refresher(tmp_path, *child(then=stubborn), patience=0.2) as process:
            await process.start()
            first = await anext(aiter(process.follow()))
            await process.close()
            with pytest.raises(ProcessLookupError):
                os.kill(json.loads(first.data)["pid"], 0)
            assert process.last_event is not None
            assert process.last_event.name == "failed"

    run(test)


@pytest.mark.parametrize(
    ("age", "hours", "starts"),
    [
        (timedelta(hours=1), 24, False),
        (None, 0, False),
        (timedelta(days=9), 0, False),
        (timedelta(minutes=-4), 24, False),
        (timedelta(days=-365), 0, False),
        (timedelta(days=-365), 24, True),
        (None, 24, True),
        (timedelta(hours=24), 24, True),
    ],
)
def test_only_missing_or_old_data_or_those_of_the_future_are_refreshed(
    tmp_path: Path, age: timedelta | None, hours: int, starts: bool
) -> None:
    async def test() -> None:
        async with refresher(tmp_path, *child(STARTED, FINISHED)) as process:
            watch = asyncio.create_task(keep_fresh(process, lambda: age, hours, check_every=60))
            await asyncio.sleep(0.1)
            began = [event.name for event in await all_events(process, None)] if process.is_running else []
            last = process.last_event
            assert bool(began or last) is starts
            watch.cancel()
            await process.close()

    run(test)


def test_a_running_refresh_is_not_started_again_by_age(tmp_path: Path) -> None:
    async def test() -> None:
        async with refresher(tmp_path, *child(STARTED, FINISHED)) as process:
            with CollectorLock(tmp_path / "lock"):
                watch = asyncio.create_task(keep_fresh(process, lambda: None, 1, check_every=0.01))
                await asyncio.sleep(0.1)
                assert not watch.done()
                watch.cancel()
            assert process.last_event is None

    run(test)
