"""Looks for newer data while the server runs, and has everything judged before they are shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from plainbill.app.record import Edition, Record
from plainbill.errors import StorageError

_logger = logging.getLogger(__name__)


class Watch:
    """Turns a record to newer snapshots: one thread at a time judges, and what was shown is shown meanwhile.

    ``every`` is in seconds: how often it looks. While it runs, requests do not look themselves. ``warm`` are
    what makes the pages that take long the first time, so that nobody waits for them after a refresh or at
    midnight: one after the other, as long as that edition is shown.
    """

    def __init__(
        self, record: Record, every: float = 1.0, warm: Sequence[Callable[[Edition], object]] = ()
    ) -> None:
        self._record, self._every, self._warm = record, every, warm
        self._looking = asyncio.Lock()
        self._ready = ""  # the id of the edition that was made ready last
        self._cold: Edition | None = None  # shown since, and not warm yet

    async def run(self) -> None:
        """Look again and again, until cancelled. Where this ends by an error, requests look again."""
        self._record.is_watched = True
        try:
            while True:
                await self.look()
                await self._make_warm()
                await asyncio.sleep(self._every)
        finally:
            self._record.is_watched = False

    async def look(self) -> None:
        """Show the newest snapshot; returns when it is shown.

        What the storage says where it cannot be read is what requests hear.
        """
        record = self._record
        async with self._looking:
            try:
                newest = await asyncio.to_thread(record.newest)
                if newest is not record.shown or record.edition_of(newest).id != self._ready:
                    record.is_turning = newest is not record.shown
                    self._cold = await asyncio.to_thread(record.make_ready, newest)
                    self._ready = self._cold.id
                    record.show(newest)
                record.trouble = None
            except StorageError as error:
                if str(error) != str(record.trouble):
                    _logger.warning("cannot look for newer data: %s", error)
                record.trouble = error
            finally:
                record.is_turning = False

    async def _make_warm(self) -> None:
        """Make the slow pages; nobody who waits for what is stored to be shown waits for this."""
        cold, self._cold = self._cold, None
        if cold is None or cold.snapshot is None:
            return
        for make in self._warm:
            if cold.id != self._ready:
                return
            try:
                await asyncio.to_thread(make, cold)
            except StorageError as error:  # whoever asks for the page hears it
                _logger.warning("a page could not be made beforehand: %s", error)
                return

    async def caught_up(self) -> None:
        """Wait until what is stored is shown; at once where nobody watches."""
        if self._record.is_watched:
            await self.look()
