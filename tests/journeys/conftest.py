"""One whole system per session, started as a newcomer starts it, and a real browser in front of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocket

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from tools.browser import opened_browser

PASSWORD = "mingjian-demo"
READY_TIMEOUT_S = 300.0


@dataclass(frozen=True, slots=True)
class System:
    """A running demo: where its pages are, and its command line."""

    root: Path
    port: int
    media_port: int
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return what makes a command speak of this system."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MINGJIAN", "DJANGO"))}
        return {
            **inherited,
            "MINGJIAN_HOME": str(self.root),
            "MINGJIAN_PORT": str(self.port),
            "MINGJIAN_MEDIA_PORT": str(self.media_port),
            **self.settings,
        }

    def run(self, *arguments: str) -> str:
        """Run `mingjian …` and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "mingjian.cli", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        # 10 and 11 are the verdicts of a sound ledger that nobody else has seen, or not yet.
        assert done.returncode in ((0, 10, 11) if arguments[:2] == ("ledger", "verify") else (0,)), (
            done.stdout + done.stderr
        )
        return done.stdout

    def process(self, name: str) -> int:
        """Return the pid of one of its processes."""
        told = json.loads((self.root / "run" / "processes.json").read_text(encoding="utf-8"))
        return next(int(one["pid"]) for one in told["processes"] if one["name"] == name)


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """`mingjian demo` on free ports, stopped in order at the end."""
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def running_system() -> Callable[..., AbstractContextManager[System]]:
    """How a module starts a system of its own, with settings of its own."""
    return running


@contextmanager
def running(**settings: str) -> Iterator[System]:
    """Run a demo for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="mj-journey-") as folder:
        Path(folder).chmod(0o711)
        made = System(Path(folder) / "var", *_free_ports(), settings)
        log = (Path(folder) / "out.log").open("w+", encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "mingjian.cli", "demo"],
            env=made.environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            _until_ready(process, Path(log.name))
            yield made
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            log.close()


def _until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while "is ready" not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.2)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium: decodes H.264, not H.265."""
    with opened_browser() as chromium:
        yield chromium


@dataclass
class Visit:
    """A signed-in page, the bytes its media sockets received, and what went wrong in it."""

    page: Page
    bytes_at: list[float] = field(default_factory=list)
    size_bytes: int = 0
    complaints: list[str] = field(default_factory=list)

    def players(self) -> list[dict[str, object]]:
        """Return what every player shows."""
        found: list[dict[str, object]] = self.page.evaluate(
            """() => [...document.querySelectorAll("mj-player")].map((player) => ({
                state: player.dataset.state,
                reason: player.dataset.reason ?? "",
                pictures: Number(player.dataset.pictures ?? 0),
                words: player.querySelector(".mj-player__message").textContent,
                isCovered: !player.querySelector(".mj-player__veil").hidden,
                isBlank: player.querySelector("video").hidden || player.querySelector("video").videoWidth === 0,
                at: player.position,
                start: player.startTicks,
                end: player.endTicks,
            }))"""
        )
        return found

    def wait_for(self, condition: Callable[[], object], *, within_s: float = 15.0) -> None:
        """Poll until it holds; fail with what the players show."""
        deadline = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < deadline, (self.players(), self.complaints)
            self.page.wait_for_timeout(50)

    def _listen(self, socket_opened: WebSocket, media_port: int) -> None:
        if f":{media_port}/" in socket_opened.url:
            socket_opened.on("framereceived", self._received)

    def _received(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            self.bytes_at.append(time.monotonic())
            self.size_bytes += len(payload)


@pytest.fixture
def visit(system: System, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Sign in and go somewhere: visit("zhang", "/wall/")."""
    with ExitStack() as stack:

        def go(person: str, path: str, *, width: int = 1400, height: int = 1000, locale: str = "zh-CN") -> Visit:
            context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
            stack.callback(context.close)
            page = context.new_page()
            visit = Visit(page)
            page.on("websocket", lambda opened: visit._listen(opened, system.media_port))
            page.on("pageerror", lambda error: visit.complaints.append(str(error)))
            page.on("console", lambda said: said.type == "error" and visit.complaints.append(said.text))
            page.goto(f"{system.address}/sign-in/")
            page.fill("input[name=username]", person)
            page.fill("input[name=password]", PASSWORD)
            page.click("form[action='/sign-in/'] button")
            page.wait_for_load_state()
            page.goto(system.address + path)
            return visit

        yield go


@pytest.fixture(scope="module")
def window(system: System) -> tuple[int, int]:
    """Twenty seconds that are recorded."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        cameras = json.loads(system.run("status", "--json"))["cameras"]
        if all(camera["recorded_today_s"] >= 30 for camera in cameras):
            break
        time.sleep(1)
    end = SystemClock().utc() // TICKS_PER_S * TICKS_PER_S - 5 * TICKS_PER_S
    return end - 20 * TICKS_PER_S, end
