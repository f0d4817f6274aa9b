"""The process that is eight cameras: one port, a path per scene, pictures in real time."""

import asyncio
import json
import random
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from mingjian.demo import clips
from mingjian.demo.feed import Feed
from mingjian.demo.rtsp_server import Account, CameraServer
from mingjian.demo.scenes import SCENES, Scene
from mingjian.host import secrets
from mingjian.host.home import Home

HOST = "127.0.0.1"
USER = "camera"
_PORTS = (18_554, 28_554)


@dataclass(frozen=True, slots=True)
class CameraSite:
    """Where this home's simulated cameras listen, chosen once, and their account."""

    port: int
    account: Account

    def address(self, scene: Scene) -> str:
        """Return the scene's RTSP address, without credentials."""
        return f"rtsp://{HOST}:{self.port}/{scene.key}"


def folder(home: Home) -> Path:
    """Return where clips and the site's note lie."""
    return home.root / "demo"


def note_of(home: Home) -> Path:
    """Return the file that remembers the chosen port."""
    return folder(home) / "cameras.json"


def site_of(home: Home) -> CameraSite:
    """Return the home's camera site; at the first call a free port is chosen and kept."""
    note = note_of(home)
    account = Account(user=USER, password=secrets.ensure(home.secrets / "demo-camera.password"))
    if not note.exists():
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps({"port": _free_port()}), encoding="utf-8")
    return CameraSite(port=int(json.loads(note.read_text(encoding="utf-8"))["port"]), account=account)


def is_free(site: CameraSite) -> bool:
    """Say whether the cameras could listen now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, site.port)) != 0


def serve(home: Home) -> None:
    """Be the cameras until SIGTERM or SIGINT."""
    asyncio.run(_serve(home))


async def _serve(home: Home) -> None:
    site = site_of(home)
    feeds = {
        scene.key: Feed(clip=clips.load(clips.path_of(folder(home), scene)), ssrc=0x4D4A0000 + number)
        for number, scene in enumerate(SCENES)
    }
    server = CameraServer(feeds=feeds, account=site.account)
    tasks = [asyncio.create_task(feed.run()) for feed in feeds.values()]
    tasks.append(asyncio.create_task(server.serve(host=HOST, port=site.port)))
    stopped = asyncio.Event()
    for asked_by in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asked_by, stopped.set)
    waiting = asyncio.create_task(stopped.wait())
    done, running = await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for task in done - {waiting}:
        task.result()  # a feed or the server never ends by itself: say why


def _free_port() -> int:
    """Pick below the range that the system hands out to clients, so that the port is still free at the next start."""
    for _ in range(100):
        port = random.randrange(*_PORTS)  # noqa: S311 - not a secret
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise AssertionError("a hundred ports in a row are taken")
