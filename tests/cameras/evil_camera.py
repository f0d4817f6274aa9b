"""A camera that misbehaves by name, `evil_camera.py --behaviour NAME`, or a crowd of them, `--crowd NAME,NAME`.

It serves /stream with pictures that decode (see pcm_h264.py), 25 a second, a sync sample each second, until its
standard input closes, and prints `ready PORT` when it listens; a crowd prints `ready` and its ports in order.
`--after` says after how many seconds of good pictures a behaviour that needs some begins. A crowd behaves until it
reads `turn` on its standard input, and again once it reads `heal`.
"""

import argparse
import asyncio
import socket
import sys

from evil import paper
from evil.camera import Camera
from evil.table import BEHAVIOURS, GOOD

# These do not even listen, so they cannot have behaved before.
DEAF = ("absent", "unreachable")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one, printed after `ready`")
    parser.add_argument("--behaviour", choices=["good", *BEHAVIOURS], default="good")
    parser.add_argument("--crowd")
    parser.add_argument("--table", action="store_true", help="print docs/hostile-cameras.md and end")
    parser.add_argument("--after", type=float, default=2.0)
    parser.add_argument("--fps", type=int, default=25)
    parser.add_argument("--user")
    parser.add_argument("--password")
    options = parser.parse_args()
    if options.table:
        sys.stdout.write(paper.table())
        return
    if options.crowd:
        await attend(options)
        return
    behaviour = BEHAVIOURS.get(options.behaviour, GOOD)
    camera = Camera(
        behaviour=behaviour,
        after=options.after,
        fps=options.fps,
        user=options.user,
        password=options.password,
        port=options.port,
    )
    if options.behaviour != "absent":
        await camera.open()
    print(f"ready {camera.port}", flush=True)
    # Ends with its parent: a closed standard input is the sign.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def attend(options: argparse.Namespace) -> None:
    """Be a crowd until the standard input closes."""
    names = options.crowd.split(",")
    cameras = {
        name: Camera(behaviour=GOOD, fps=options.fps, user=options.user, password=options.password) for name in names
    }
    for name, camera in cameras.items():
        camera.demands_digest = False
        if name not in DEAF:
            await camera.open()
    stuck = stuff(cameras["unreachable"].socket) if "unreachable" in cameras else []
    print("ready", *(camera.port for camera in cameras.values()), flush=True)
    loop = asyncio.get_running_loop()
    while command := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        for name, camera in cameras.items():
            behaviour = BEHAVIOURS[name]
            if command == "turn":
                camera.turn(behaviour, keeps_clients=behaviour.is_live)
            else:
                # One that was recorded all the same goes on in its connection.
                camera.turn(GOOD, keeps_clients=not behaviour.code and behaviour.turn is None)
                if name in DEAF:
                    await camera.open()
        for connection in stuck:
            connection.close()


def stuff(listening: socket.socket) -> list[socket.socket]:
    """Fill the queue of connections not yet taken, so that nobody else gets through."""
    listening.listen(0)
    stuck = []
    for _ in range(4):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(listening.getsockname())
        stuck.append(connection)
    return stuck


if __name__ == "__main__":
    asyncio.run(main())
