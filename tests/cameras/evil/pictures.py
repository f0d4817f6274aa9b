"""Pictures and time-stamps that are not what they should be."""

import random

import pcm_h264

from evil.behaviour import Pictures
from evil.connection import SETS, SIDE, TICKS_PER_S, Connection, ordinary_picture


def is_sync(nals: list[bytes]) -> bool:
    return len(nals) > 1


def without_sets(connection: Connection, number: int) -> list[bytes]:
    return [nal for nal in ordinary_picture(connection, number) if nal[0] & 31 not in (7, 8)]


def never_sync(connection: Connection, number: int) -> list[bytes]:
    return [pcm_h264.repeat_picture(SIDE, SIDE, number % 25 + 1)]


def seldom_sync(connection: Connection, number: int) -> list[bytes]:
    """One sync sample to begin with, then none for a minute."""
    place = number % (60 * connection.camera.fps)
    return ordinary_picture(connection, 0) if place == 0 else [pcm_h264.repeat_picture(SIDE, SIDE, place)]


def growing(connection: Connection, number: int) -> list[bytes]:
    """Change to a larger picture at a sync sample, and stay with it."""
    camera = connection.camera
    if number % camera.fps == 0 and (camera.is_changed or number >= camera.after * camera.fps):
        camera.is_changed, connection.side = True, 6
    return ordinary_picture(connection, number)


def shape_shifting(connection: Connection, number: int) -> list[bytes]:
    """Every picture a sync sample of another size than the last."""
    side = (SIDE, 6)[number % 2]
    return [*SETS[side], pcm_h264.sync_picture(side, side, number)]


def with_nals(*extra: bytes) -> Pictures:
    """Put these NAL units before each picture."""

    def pictures(connection: Connection, number: int) -> list[bytes]:
        return [*extra, *ordinary_picture(connection, number)]

    return pictures


def many_sets(connection: Connection, number: int) -> list[bytes]:
    """Another picture parameter set with each picture, each under its own id."""
    sets = [
        pcm_h264.nal(0x68, pcm_h264.Bits().unsigned(identity, 0).fixed(0, 20).payload())
        for identity in range(number * 10, number * 10 + 10)
    ]
    return [*sets, *ordinary_picture(connection, number)]


def impossible_size(connection: Connection, number: int) -> list[bytes]:
    """A sequence parameter set of a picture larger than any wall."""
    bits = pcm_h264.Bits().fixed(66, 8).fixed(0xC0, 8).fixed(30, 8).unsigned(0, 4, 2, 1).fixed(0, 1)
    bits.unsigned(1 << 30, 1 << 30).fixed(1, 1).fixed(1, 1).fixed(0, 1).fixed(0, 1)
    nals = ordinary_picture(connection, number)
    return [pcm_h264.nal(0x67, bits.payload()), *nals[1:]] if is_sync(nals) else nals


def many_slices(connection: Connection, number: int) -> list[bytes]:
    """Each picture that repeats another in sixteen slices, a row of macroblocks at a time."""
    nals = ordinary_picture(connection, number)
    return nals if is_sync(nals) else nals * 16


def messages_only(connection: Connection, number: int) -> list[bytes]:
    """Ten megabytes of private messages before each picture."""
    message = b"\x06\x05\xff" + b"\xaa" * 60_000 + b"\x80"
    return [message] * 160 + ordinary_picture(connection, number)


def back_and_forth(number: int, ordinary: int) -> int:
    """Two pictures exchange their times, again and again, with parameter sets that deny it."""
    return ordinary + (TICKS_PER_S // 10 if number % 3 == 1 else -TICKS_PER_S // 10 if number % 3 == 2 else 0)


def leap(number: int, ordinary: int) -> int:
    """An hour forward, once in two seconds."""
    return ordinary + 3_600 * TICKS_PER_S * (ordinary // (2 * TICKS_PER_S))


def at_random(number: int, ordinary: int) -> int:
    return random.Random(number).randrange(1 << 32)  # noqa: S311 - rubbish
