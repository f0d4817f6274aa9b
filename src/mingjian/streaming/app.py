"""The ASGI application of the media port: one socket, one health page, nothing else. No Django, no cookies set."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from mingjian.base.clock import SystemClock
from mingjian.grants.signing import KeyPurpose, load_signer, load_verifier
from mingjian.host import deployment as deployments
from mingjian.host.database import DatabaseAddress
from mingjian.host.home import Home
from mingjian.streaming import admission, crowd
from mingjian.streaming.admission import Door
from mingjian.streaming.control_watch import ControlWatch
from mingjian.streaming.crowd import Crowd
from mingjian.streaming.journal import Journal
from mingjian.streaming.live import Followers
from mingjian.streaming.live_recoding import SharedRecodings
from mingjian.streaming.media_socket import MediaSocket, Receive, Scope, Send
from mingjian.streaming.plans import Plans
from mingjian.streaming.receipts import Receipts
from mingjian.streaming.revocations import Revocations
from mingjian.streaming.services import Services
from mingjian.streaming.spool import Spool
from mingjian.streaming.spool_desk import SpoolDesk
from mingjian.streaming.spool_merge import SpoolMerge
from mingjian.streaming.store import Store, StoreError
from mingjian.streaming.threads import Threads
from mingjian.streaming.transcoding import TranscodeSlots
from mingjian.streaming.viewer import attend

_log = logging.getLogger(__name__)

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Every route of this port, for the table of routes and roles: (kind, path, rule).
ROUTES = (("http", "/healthz", "anyone"), ("websocket", "/media", "grant"))

SETTLE_EVERY_S = 1.0
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class MediaApp:
    """Everything of one streaming process, alive between ASGI's startup and shutdown."""

    def __init__(self, home: Home) -> None:
        address = DatabaseAddress.from_environ()
        deployment = deployments.load(home)
        clock = SystemClock()
        self._home = home
        self._threads = Threads()
        self._store = Store(address)
        self._background: list[asyncio.Task[None]] = []
        self._is_spool_stuck = False
        self._troubles: dict[str, str] = {}
        plans = Plans(path=home.plan, verifier=load_verifier(home, purpose=KeyPurpose.PLAN), deployment=deployment)
        followers = Followers(library=lambda: plans.shelf().library, in_thread=self._threads.disk)
        slots = TranscodeSlots()
        spool = Spool(home.root / "spool", signer=load_signer(home, purpose=KeyPurpose.SPOOL), deployment=deployment)
        self._merge = SpoolMerge(
            home.root / "spool",
            store=self._store,
            verifier=load_verifier(home, purpose=KeyPurpose.SPOOL),
            deployment_id=deployment.deployment_id,
            clock=clock,
        )
        self._services = Services(
            clock=clock,
            door=Door(load_verifier(home, purpose=KeyPurpose.GRANT), deployment, clock),
            plans=plans,
            receipts=Receipts(store=self._store, journal=Journal(home.root / "receipts"), clock=clock),
            revocations=Revocations(address=address, store=self._store, in_thread=self._threads.store),
            watch=ControlWatch(home=home, address=address, clock=clock),
            desk=SpoolDesk(spool, in_thread=self._threads.spool),
            followers=followers,
            recodings=SharedRecodings(followers=followers, slots=slots, threads=self._threads),
            crowd=Crowd(in_all=crowd.IN_ALL, of_one=crowd.PER_SESSION),
            waiting=Crowd(in_all=crowd.WAITING_IN_ALL, of_one=crowd.WAITING_PER_PEER),
            slots=slots,
            threads=self._threads,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "lifespan":
                await self._live(receive, send)
            case "http":
                await self._answer(scope, send)
            case "websocket":
                await self._meet(scope, receive, send)

    async def _meet(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        visitor = None
        if scope["path"] == "/media":
            visitor = admission.visitor_of(scope["headers"], web_port=self._home.port)
        if visitor is None:
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept", "headers": [(b"cache-control", b"no-store")]})
        await attend(MediaSocket(scope=scope, receive=receive, send=send), visitor=visitor, services=self._services)

    async def _answer(self, scope: Scope, send: Send) -> None:
        is_health = scope["path"] == "/healthz" and scope["method"] in {"GET", "HEAD"}
        body = self._health() if is_health else {"code": "streaming.not_found"}
        status = 200 if is_health else 404
        await send({"type": "http.response.start", "status": status, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    def _health(self) -> dict[str, Any]:
        return {
            "status": "ok",
            "control": self._services.watch.control.phase.value,
            "hears_revocations": self._services.revocations.is_listening.is_set(),
            "streams_followed": self._services.followers.count,
        }

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._store.start()
        owed = await self._threads.store(self._services.receipts.recover)
        if owed:
            _log.warning("receipts of an earlier process are closed now", extra={"count": owed})
        if waiting := await self._threads.disk(self._merge.recover):
            _log.warning("an earlier process left parts of the spool", extra={"count": waiting})
        self._background = [
            asyncio.create_task(self._services.watch.watch()),
            asyncio.create_task(self._services.revocations.listen()),
            asyncio.create_task(self._settle()),
        ]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                await self._settle_once()
        self._store.stop()
        self._threads.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _settle(self) -> None:
        while True:
            await self._settle_once()
            await asyncio.sleep(SETTLE_EVERY_S)

    async def _settle_once(self) -> None:
        """Close what is owed, and enter what the spool holds; while the database is away both stay where they are."""
        for name, work in (("receipts", self._settle_receipts), ("spool", self._settle_spool)):
            try:
                await work()
            except Exception as error:
                # A line of one that makes no sense must end neither the other nor this task, which nobody would miss.
                if self._troubles.get(name) != repr(error):
                    _log.exception("not settled", extra={"what": name})
                self._troubles[name] = repr(error)
            else:
                self._troubles.pop(name, None)

    async def _settle_receipts(self) -> None:
        await self._threads.store(self._services.receipts.settle)

    async def _settle_spool(self) -> None:
        if not self._services.watch.is_database_there:
            return
        try:
            self._merge.take(await self._services.desk.finish_part())
            await self._threads.store(self._merge.settle)
            self._is_spool_stuck = False
        except (StoreError, OSError) as error:
            if not self._is_spool_stuck:
                _log.warning("the spool is not merged yet", extra={"error": str(error)})
            self._is_spool_stuck = True


def create_app(home: Home) -> Application:
    """Return the application of this home. Raises what is missing of keys, deployment or database settings."""
    return MediaApp(home)
