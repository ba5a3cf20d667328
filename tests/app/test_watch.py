"""A newer snapshot is judged before it is shown, once, and nobody waits for it."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from app.conftest import usual_settings
from app.waste import CHECKS, wasteful
from factories import NOW
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.app.events import _events
from plainbill.app.record import Edition, Record
from plainbill.app.refresh import RefreshEvent
from plainbill.app.watch import Watch
from plainbill.errors import StorageError
from plainbill.model.findings import Action, Effort, Ok, Verdict
from plainbill.model.resources.ebs import EbsVolume
from plainbill.storage import Home, SnapshotStore

VOLUMES = 8
HOUR_LATER = NOW.replace(hour=13)


@dataclass(frozen=True)
class EbsVolumeSlow(WasteCheck[EbsVolume]):
    """Judges nothing before the gate is open, and counts how often it was asked about each reading."""

    id, title = "ebs_volume_slow", "Slow to judge"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    rule = "None."

    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    asked: Counter[str] = field(default_factory=Counter)

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert resource
        self.asked[f"{context.now:%H}"] += 1
        self.begun.set()
        assert self.gate.wait(timeout=60)
        return Ok()


class Ended:
    """A refresher whose refresh has just ended."""

    is_running = False
    last_event = RefreshEvent("run", 1, "finished", "{}")

    async def start(self) -> None:
        """Nothing is started here."""

    async def follow(self, last_id: str | None = None) -> AsyncIterator[RefreshEvent]:
        assert last_id is None
        yield self.last_event

    async def close(self) -> None:
        """Nothing is running."""


@dataclass
class Scene:
    """A record over a snapshot that was made ready, and a newer one that no request has seen."""

    home: Home
    slow: EbsVolumeSlow
    record: Record
    watch: Watch

    async def newer(self) -> None:
        self.slow.gate.set()
        await self.watch.look()
        self.record.is_watched = True
        self.slow.gate.clear()
        self.slow.begun.clear()
        SnapshotStore(self.home.snapshots).write(wasteful(run_id="newer", taken_at=HOUR_LATER))

    async def begun(self) -> bool:
        return await asyncio.to_thread(self.slow.begun.wait, 60)

    async def shown(self) -> str | None:
        snapshot = (await self.record.edition()).snapshot
        return None if snapshot is None else snapshot.manifest.run_id


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    home, slow = Home(tmp_path / "home"), EbsVolumeSlow()
    SnapshotStore(home.snapshots).write(wasteful())
    settings = usual_settings(home.root)
    record = Record(home, settings, Ended(), clock=lambda: NOW, look_every=0, checks=(*CHECKS, slow))
    return Scene(home, slow, record, Watch(record, 0))


def test_the_old_snapshot_is_shown_whole_while_the_new_one_is_judged(scene: Scene) -> None:
    async def story() -> None:
        await scene.newer()
        looking = asyncio.create_task(scene.watch.look())
        assert await scene.begun()
        old = await scene.record.edition()
        assert await scene.shown() != "newer"
        assert len(scene.record.findings(old)) > 0
        assert scene.record.status(old).is_refreshing
        assert not looking.done()
        scene.slow.gate.set()
        await looking
        assert await scene.shown() == "newer"
        assert not scene.record.status(await scene.record.edition()).is_refreshing

    asyncio.run(story())


def test_a_snapshot_is_judged_once_whoever_asks_for_it(scene: Scene) -> None:
    async def story() -> None:
        await scene.newer()
        looks = [asyncio.create_task(scene.watch.look()) for _ in range(3)]
        assert await scene.begun()
        scene.slow.gate.set()
        await asyncio.gather(*looks)
        edition = await scene.record.edition()
        await asyncio.gather(*(asyncio.to_thread(scene.record.findings, edition) for _ in range(3)))
        assert scene.slow.asked == {"12": VOLUMES, "13": VOLUMES}
        assert len(scene.record._judged) == len(scene.record._findings) == 1

    asyncio.run(story())


def test_a_new_day_asks_no_check_again(scene: Scene) -> None:
    scene.slow.gate.set()
    edition = scene.record.edition_of(scene.record.shown)
    scene.record.findings(edition)
    scene.record.findings(replace(edition, reading=f"{edition.reading[:-2]}30"))
    assert scene.slow.asked == {"12": VOLUMES}


def test_the_end_of_a_refresh_is_told_when_its_data_are_shown(scene: Scene) -> None:
    async def story() -> None:
        await scene.newer()
        events = _events(Ended(), scene.watch, None)
        told = asyncio.ensure_future(anext(events))
        assert await scene.begun()
        assert not told.done()
        scene.slow.gate.set()
        assert (await told).event == "finished"
        assert await scene.shown() == "newer"

    asyncio.run(story())


def test_nobody_waits_for_the_first_screen_that_is_made_ready(scene: Scene) -> None:
    async def story() -> None:
        begun, go = threading.Event(), threading.Event()

        def warm(_edition: object) -> None:
            begun.set()
            assert go.wait(timeout=60)

        scene.slow.gate.set()
        watch = Watch(scene.record, 0, (warm,))
        running = asyncio.create_task(watch.run())
        assert await asyncio.to_thread(begun.wait, 60)
        SnapshotStore(scene.home.snapshots).write(wasteful(run_id="newer", taken_at=HOUR_LATER))
        await watch.caught_up()
        assert await scene.shown() == "newer"
        assert not scene.record.status(await scene.record.edition()).is_refreshing
        go.set()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(story())


def test_slow_pages_are_made_one_after_the_other_as_long_as_their_data_are_shown(scene: Scene) -> None:
    async def story() -> None:
        made: list[str] = []
        begun, go, last = threading.Event(), threading.Event(), threading.Event()

        def note(page: str, edition: Edition) -> None:
            assert edition.snapshot is not None
            made.append(f"{page} of {edition.snapshot.manifest.run_id}")

        def first(edition: Edition) -> None:
            note("first", edition)
            begun.set()
            assert go.wait(timeout=60)

        def second(edition: Edition) -> None:
            note("second", edition)
            last.set()

        scene.slow.gate.set()
        watch = Watch(scene.record, 0, (first, second))
        running = asyncio.create_task(watch.run())
        assert await asyncio.to_thread(begun.wait, 60)
        SnapshotStore(scene.home.snapshots).write(wasteful(run_id="newer", taken_at=HOUR_LATER))
        await watch.caught_up()
        go.set()
        assert await asyncio.to_thread(last.wait, 60)
        assert made[1:] == ["first of newer", "second of newer"]
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(story())


def test_judging_begins_before_anybody_asks_and_ends_with_the_server(scene: Scene) -> None:
    async def story() -> None:
        running = asyncio.create_task(scene.watch.run())
        assert await scene.begun()
        assert scene.record.is_watched
        scene.slow.gate.set()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not scene.record.is_watched
        SnapshotStore(scene.home.snapshots).write(wasteful(run_id="newer", taken_at=HOUR_LATER))
        assert await scene.shown() == "newer"

    asyncio.run(story())


def test_a_storage_that_cannot_be_read_is_told_until_it_can_be(scene: Scene) -> None:
    async def story() -> None:
        await scene.newer()
        scene.slow.gate.set()
        away = scene.home.root / "away"
        scene.home.snapshots.rename(away)
        scene.home.snapshots.write_bytes(b"not a folder")
        await scene.watch.look()
        with pytest.raises(StorageError):
            await scene.record.edition()
        scene.home.snapshots.unlink()
        away.rename(scene.home.snapshots)
        await scene.watch.look()
        assert await scene.shown() == "newer"

    asyncio.run(story())
