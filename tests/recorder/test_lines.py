"""The line between worker and keeper: nothing is lost on it, whoever dies."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from mingjian.base.ids import CameraId, new_id
from mingjian.base.ticks import Ticks90k
from mingjian.recorder.event_server import EventServer
from mingjian.recorder.keeper_link import KeeperLink
from mingjian.recorder.protocol import Hello
from mingjian.recordings.events import Applied
from mingjian.recordings.model import (
    GapCause,
    GapCauseLearned,
    RecorderEvent,
    StreamKey,
    StreamRole,
)

STREAM = StreamKey(camera_id=CameraId(new_id()), role=StreamRole.MAIN, track="video")
PATIENCE_S = 10.0


def learned(number: int) -> GapCauseLearned:
    return GapCauseLearned(STREAM, Ticks90k(number), GapCause.CAMERA_SILENT, "media.silent")


def test_line_sends_again_what_was_not_acknowledged_when_the_keeper_died(tmp_path: Path) -> None:
    path = tmp_path / "keeper.sock"
    taken: list[RecorderEvent] = []

    async def deaf(events: Sequence[RecorderEvent]) -> Sequence[Applied]:
        await asyncio.Event().wait()
        return []

    async def attentive(events: Sequence[RecorderEvent]) -> Sequence[Applied]:
        taken.extend(events)
        return [Applied.DONE] * len(events)

    async def play() -> None:
        link = KeeperLink(socket_path=path, hello=Hello("w0", new_id()))
        serving = asyncio.create_task(link.serve(on_leave=lambda code: None))
        link.send(learned(0))
        async with EventServer(socket_path=path, apply=deaf, on_stranger=lambda: None).listening():
            await eventually(lambda: link.is_up)
            link.send(learned(1))
        await eventually(lambda: not link.is_up)
        link.send(learned(2))
        async with EventServer(socket_path=path, apply=attentive, on_stranger=lambda: None).listening():
            assert await link.flushed(timeout_s=PATIENCE_S)
        serving.cancel()
        assert link.waiting == 0

    asyncio.run(play())
    assert taken == [learned(number) for number in range(3)]


def test_keeper_hears_of_each_new_worker_once_and_can_send_all_away(tmp_path: Path) -> None:
    path = tmp_path / "keeper.sock"
    strangers: list[str] = []
    left: list[str] = []

    async def take(events: Sequence[RecorderEvent]) -> Sequence[Applied]:
        return [Applied.DONE] * len(events)

    async def play() -> None:
        server = EventServer(socket_path=path, apply=take, on_stranger=lambda: strangers.append("new"))
        async with server.listening():
            for session in ("first", "first", "second"):
                link = KeeperLink(socket_path=path, hello=Hello("w0", session))
                serving = asyncio.create_task(link.serve(on_leave=left.append))
                link.send(learned(1))
                assert await link.flushed(timeout_s=PATIENCE_S)
                server.tell_to_leave("recordings.sync_failed")
                await eventually(lambda: bool(left))
                serving.cancel()

    asyncio.run(play())
    assert len(strangers) == 2
    assert set(left) == {"recordings.sync_failed"}


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.01)
