"""What cameras that misbehave in the dialogue answer, how, and whether at all."""

import asyncio
import itertools
import random
import socket
import struct

from evil.behaviour import Answer
from evil.connection import FIRST_TIME, Connection

FOREVER = 1_000_000_000
ELSEWHERE = "rtsp://192.0.2.1/stream"


def says(status: str, headers: str = "", body: bytes = b"") -> Answer:
    """Answer with this and nothing else."""

    async def answer(connection: Connection, request: str) -> bool:
        await connection.reply(request, status, headers, body)
        return True

    return answer


def sends(raw: bytes) -> Answer:
    """Send these bytes instead of an answer."""

    async def answer(connection: Connection, request: str) -> bool:
        await connection.send(raw)
        return True

    return answer


async def say_nothing(connection: Connection) -> None:
    await connection.reader.read()


async def close(connection: Connection) -> None:
    connection.writer.close()


async def reset(connection: Connection) -> None:
    connected = connection.writer.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.writer.transport.abort()


async def dribble(connection: Connection) -> None:
    for byte in itertools.cycle(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nX-Slow: yes\r\n"):
        await connection.send(bytes((byte,)))
        await asyncio.sleep(0.2)


async def send_garbage(connection: Connection) -> None:
    await connection.reader.read(4096)
    await connection.send(random.Random(1).randbytes(100_000))  # noqa: S311 - rubbish
    await connection.reader.read()


async def flood_with_answers(connection: Connection) -> None:
    block = b"RTSP/1.0 200 OK\r\nCSeq: 987654\r\n\r\n" * 2000
    while True:
        await connection.send(block)


async def flood_with_media(connection: Connection) -> None:
    block = b"".join(connection.frame(bytes(1000), marker=0, time=0) for _ in range(500))
    while True:
        await connection.send(block)


async def answer_amid_old_media(connection: Connection) -> None:
    """Go on sending the pictures of a session long dead, then answer as ever."""
    old = b"".join(connection.picture(number, FIRST_TIME - FOREVER) for number in range(1, 10))
    await connection.send(old)
    while request := await connection.reader.readuntil(b"\r\n\r\n"):
        text = request.decode()
        if not text.startswith("PLAY"):
            await connection.send(old)
        if not await connection.answer_ordinarily(text):
            return


async def answer_slowly(connection: Connection, request: str) -> bool:
    await asyncio.sleep(8)
    return await connection.answer_ordinarily(request)


async def answer_by_half(connection: Connection, request: str) -> bool:
    await connection.send(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 400\r\n\r\nv=0\r\n")
    return False


async def never_end_the_headers(connection: Connection, request: str) -> bool:
    await connection.send(b"RTSP/1.0 200 OK\r\n")
    for number in itertools.count():
        await connection.send(f"X-Line-{number}: {'x' * 200}\r\n".encode())
    return False


async def never_end_the_body(connection: Connection, request: str) -> bool:
    await connection.send(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 1000000000\r\n\r\n")
    while True:
        await connection.send(b"a=x\r\n" * 10_000)


async def challenge_anew(connection: Connection, request: str) -> bool:
    stale = f'Digest realm="evil", nonce="{random.random()}", stale=true'  # noqa: S311 - not a secret
    return await says("401 Unauthorized", f"WWW-Authenticate: {stale}\r\n")(connection, request)


async def take_each_nonce_once(connection: Connection, request: str) -> bool:
    """Ask for another nonce at every request, without calling the old one stale."""
    is_signed_in = request.startswith("OPTIONS") or connection.is_signed_in(request)
    if is_signed_in:
        done = await connection.answer_ordinarily(request)
        connection.nonce = f"{connection.nonce}x"
        return done
    await says("401 Unauthorized", f'WWW-Authenticate: Digest realm="evil", nonce="{connection.nonce}"\r\n')(
        connection, request
    )
    return True


async def send_back_here(connection: Connection, request: str) -> bool:
    return await says("302 Moved", f"Location: {request.split()[1]}\r\n")(connection, request)


async def play_without_an_answer(connection: Connection, request: str) -> bool:
    connection.also(connection.play())
    return True


async def end_sessions_soon(connection: Connection, request: str) -> bool:
    """Announce a session of a second, and mean it."""

    async def watch() -> None:
        loop = asyncio.get_running_loop()
        while loop.time() - connection.asked_at < 1.5:
            await asyncio.sleep(0.1)
        connection.drop()

    await connection.set_up(request, session="Session: 1234;timeout=1\r\n")
    connection.also(watch())
    return True


async def ignore_teardown(connection: Connection, request: str) -> bool:
    return True


async def talk_between_pictures(connection: Connection, request: str) -> bool:
    """Ask and tell the client all manner of things while it plays."""

    async def talk() -> None:
        for number in itertools.count(1):
            head = f"CSeq: {number}\r\nSession: 1234\r\nContent-Length: 4\r\n\r\nping"
            await connection.send(f"{('SET_PARAMETER', 'ANNOUNCE')[number % 2]} * RTSP/1.0\r\n{head}".encode())
            await connection.send(f"RTSP/1.0 551 Option not supported\r\nCSeq: {number + 700}\r\n\r\n".encode())
            await asyncio.sleep(0.3)

    done = await connection.answer_ordinarily(request)
    connection.also(talk())
    return done


async def redirect_while_playing(connection: Connection, request: str) -> bool:
    done = await connection.answer_ordinarily(request)
    await asyncio.sleep(0.5)
    await connection.send(f"REDIRECT {ELSEWHERE} RTSP/1.0\r\nCSeq: 1\r\nLocation: {ELSEWHERE}\r\n\r\n".encode())
    return done


async def answer_twice(connection: Connection, request: str) -> bool:
    await connection.send(b"\r\n\r\nRTSP/1.0 200 OK\r\nCSeq: 55555\r\n\r\n")
    done = await connection.answer_ordinarily(request)
    if not request.startswith("PLAY"):
        await connection.send(b"RTSP/1.0 200 OK\r\nCSeq: 55556\r\nContent-Length: 2\r\n\r\nab\r\n")
    return done


async def answer_another_number(connection: Connection, request: str) -> bool:
    return await connection.answer_ordinarily(request.replace("CSeq: ", "CSeq: 77"))


async def answer_without_a_number(connection: Connection, request: str) -> bool:
    return await _rewritten(connection, request, b"CSeq:", b"X-Was:")


async def answer_with_bare_line_feeds(connection: Connection, request: str) -> bool:
    return await _rewritten(connection, request, b"\r\n", b"\n")


async def answer_with_continue(connection: Connection, request: str) -> bool:
    await connection.reply(request, "100 Continue")
    return await connection.answer_ordinarily(request)


async def _rewritten(connection: Connection, request: str, old: bytes, new: bytes) -> bool:
    """Answer as ever, one thing written otherwise in the head."""
    send = connection.send

    async def send_rewritten(data: bytes) -> None:
        if data.startswith(b"RTSP/"):
            head, gap, body = data.partition(b"\r\n\r\n")
            data = (head + gap).replace(old, new) + body
        await send(data)

    connection.send = send_rewritten  # type: ignore[method-assign] # for this answer only
    try:
        return await connection.answer_ordinarily(request)
    finally:
        connection.send = send  # type: ignore[method-assign]


async def leave_out_the_scheme(connection: Connection, request: str) -> bool:
    await connection.describe(request, base=request.split()[1].removeprefix("rtsp://") + "/")
    return True


async def inject_headers(connection: Connection, request: str) -> bool:
    """Try to get lines of its own into the client's next requests; one that lets them in is refused."""
    if "\nEvil:" in request.replace("\r", "\n"):
        return await says("400 Bad Request")(connection, request)
    if request.startswith("SETUP"):
        await connection.set_up(request, session="Session: 12\rEvil: 34\x00;timeout=60\r\n")
        return True
    return await connection.answer_ordinarily(request)


async def announce_sequence_zero(connection: Connection, request: str) -> bool:
    await connection.reply(request, "200 OK", "Session: 1234\r\nRTP-Info: url=x;seq=0;rtptime=0\r\n")
    connection.also(connection.play())
    return True


async def set_up_without_a_session(connection: Connection, request: str) -> bool:
    await connection.set_up(request, session="")
    return True


async def end_the_session_at_keep_alive(connection: Connection, request: str) -> bool:
    return await says("454 Session Not Found")(connection, request)


async def set_up_for_a_second(connection: Connection, request: str) -> bool:
    await connection.set_up(request, session="Session: 1234;timeout=1\r\n")
    return True
