"""Asks the database and the web every second whether they live, and keeps what that means for those who watch."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import psycopg
from psycopg import conninfo

from mingjian.base.clock import Clock
from mingjian.grants.claims import Grant
from mingjian.host.database import DatabaseAddress
from mingjian.host.front_door import HEALTH_PATH
from mingjian.host.home import Home
from mingjian.streaming import blackout
from mingjian.streaming.blackout import Control, Phase, Sight
from mingjian.streaming.store import connection_options

_log = logging.getLogger(__name__)

ROUND_S = 1.0
ANSWER_S = 1.0
_ANSWER_BYTES_MAX = 8 << 10


class Question:
    """One question at a time: what is not answered within a second counts as no, until its answer comes after all."""

    def __init__(self, ask: Callable[[], Awaitable[bool]]) -> None:
        self._ask = ask
        self._asking: asyncio.Future[bool] | None = None

    async def put(self) -> bool:
        """Return the answer, False when there is none in time."""
        if self._asking is None:
            self._asking = asyncio.ensure_future(self._ask())
        done, _ = await asyncio.wait({self._asking}, timeout=ANSWER_S)
        if not done:
            return False
        answered, self._asking = self._asking, None
        return answered.result()

    def drop(self) -> None:
        """Wait no longer."""
        if self._asking is not None:
            self._asking.cancel()


class DatabaseQuestion:
    """Whether PostgreSQL answers the streaming role, over one connection of our own."""

    def __init__(self, address: DatabaseAddress) -> None:
        self._address = address
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def ask(self) -> bool:
        """Ask once; what goes wrong is a no, and the next question begins with a new connection."""
        try:
            if self._connection is None:
                self._connection = await psycopg.AsyncConnection.connect(
                    conninfo.make_conninfo("", **self._address.parameters(), **connection_options()), autocommit=True
                )
            await self._connection.execute("SELECT 1")
        except (psycopg.Error, OSError):
            await self.close()
            return False
        return True

    async def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            leaving, self._connection = self._connection, None
            await leaving.close()


async def ask_web(home: Home) -> bool:
    """Ask the web on this host whether it can serve pages, as the supervisor does."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(home.bind, home.bind)  # noqa: S104 - compared, not bound
    try:
        reader, writer = await asyncio.open_connection(host, home.port)
    except OSError:
        return False
    name = f"[{host}]" if ":" in host else host
    try:
        writer.write(f"GET {HEALTH_PATH} HTTP/1.1\r\nHost: {name}:{home.port}\r\nConnection: close\r\n\r\n".encode())
        _version, _space, status = (await reader.read(_ANSWER_BYTES_MAX)).partition(b" ")
        return status.startswith(b"200 ")
    except OSError:
        return False
    finally:
        writer.close()


class ControlWatch:
    """Control as this process sees it. `control` is renewed once a second, and by every lease that proves more."""

    def __init__(self, *, home: Home, address: DatabaseAddress, clock: Clock) -> None:
        self._clock = clock
        self._database = DatabaseQuestion(address)
        self._questions = Question(self._database.ask), Question(lambda: ask_web(home))
        self.control: Control = blackout.unseen(now_90k=clock.monotonic())
        self.is_database_there = False

    async def watch(self) -> None:
        """Ask until cancelled."""
        try:
            while True:
                try:
                    await self._look()
                except Exception:
                    # All looks hang on this task. What it could not even ask changes nothing, and it asks again.
                    _log.exception("control could not be asked")
                await asyncio.sleep(ROUND_S)
        finally:
            for question in self._questions:
                question.drop()
            await self._database.close()

    def heard(self, grant: Grant) -> None:
        """Take a verified lease as a sign of life."""
        now_90k = self._clock.monotonic()
        self._turn(blackout.proven(self.control, issued_at_90k=grant.issued_at_90k, now_90k=now_90k))

    async def _look(self) -> None:
        database, web = await asyncio.gather(*(question.put() for question in self._questions))
        self.is_database_there = database
        sight = Sight(self._clock.monotonic(), self._clock.utc(), database=database, web=web)
        self._turn(blackout.seen(self.control, sight))

    def _turn(self, control: Control) -> None:
        before, self.control = self.control.phase, control
        if control.phase is Phase.BLACKOUT and before is not Phase.BLACKOUT:
            _log.error("control does not answer, duty live goes on", extra={"cause": str(control.cause)})
        elif before is Phase.BLACKOUT and control.phase is Phase.CONTROLLED:
            _log.warning("control answers again, fresh leases are asked for")
