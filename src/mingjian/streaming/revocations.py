"""Who must be cut off: a notice when a grant is revoked or a web session ends, and a check after its silence."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import conninfo

from mingjian.host.database import DatabaseAddress
from mingjian.streaming.store import REVOCATIONS_CHANNEL, Store, StoreError, connection_options

_log = logging.getLogger(__name__)

RETRY_S = 0.5


class Revocations:
    """The viewers under each key, and the task that hears of revocations.

    A key is the id of a grant or of a camera, or a session's hash. While the notifier is away nobody is cut off by it:
    then the lease ends them within five seconds, because the console cannot renew it either (duty live goes on, see
    `blackout`), and after reconnecting every key being served is checked.
    """

    def __init__(
        self,
        *,
        address: DatabaseAddress,
        store: Store,
        in_thread: Callable[[Callable[[], frozenset[str]]], Awaitable[frozenset[str]]],
    ) -> None:
        self._address, self._store, self._in_thread = address, store, in_thread
        self._watched: dict[str, set[asyncio.Event]] = {}
        self.is_listening = asyncio.Event()

    @contextmanager
    def watch(self, *keys: str) -> Iterator[asyncio.Event]:
        """Yield an event that is set when one of the keys is revoked while the context lasts."""
        revoked = asyncio.Event()
        for key in keys:
            self._watched.setdefault(key, set()).add(revoked)
        try:
            yield revoked
        finally:
            for key in keys:
                self._leave(key, revoked)

    async def listen(self) -> None:
        """Listen until cancelled, through every loss of the database."""
        while True:
            try:
                await self._listen_once()
            except (psycopg.Error, StoreError, OSError) as error:
                if self.is_listening.is_set():
                    _log.warning("revocations are not heard", extra={"error": type(error).__name__})
                self.is_listening.clear()
            await asyncio.sleep(RETRY_S)

    async def _listen_once(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            conninfo.make_conninfo("", **self._address.parameters(), **connection_options()), autocommit=True
        )
        async with connection:
            await connection.execute(f"LISTEN {REVOCATIONS_CHANNEL}")
            # What was revoked before this moment was not heard by this connection.
            watched = list(self._watched)
            for key in await self._in_thread(lambda: self._store.revoked_among(watched)):
                self._cut(key)
            self.is_listening.set()
            _log.info("revocations are heard")
            async for notice in connection.notifies():
                self._cut(notice.payload)

    def _cut(self, key: str) -> None:
        for revoked in self._watched.get(key, ()):
            revoked.set()

    def _leave(self, key: str, revoked: asyncio.Event) -> None:
        viewers = self._watched[key]
        viewers.discard(revoked)
        if not viewers:
            del self._watched[key]
