"""Datagrams as interleaved frames: from the camera alone, bounded by the scratch, in order of their arrival."""

import socket

import pytest

from mingjian.media.datagrams import DatagramPair
from mingjian.media.rtsp_error import RtspError


@pytest.fixture
def camera() -> "socket.socket":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound


def accepted(camera: socket.socket) -> DatagramPair:
    pair = DatagramPair(local_ip="127.0.0.1")
    pair.accept(f"RTP/AVP;unicast;server_port={camera.getsockname()[1]}", camera_ip="127.0.0.1")
    return pair


def test_ports_are_an_even_one_and_its_neighbour() -> None:
    pair = DatagramPair(local_ip="127.0.0.1")

    assert pair.port % 2 == 0 and pair.transport.endswith(f"client_port={pair.port}-{pair.port + 1}")
    pair.close()
    pair.close()


def test_datagrams_become_frames(camera: socket.socket) -> None:
    pair = accepted(camera)
    scratch = memoryview(bytearray(256 << 10))

    for content in (b"first", b"", b"third"):
        camera.sendto(content, ("127.0.0.1", pair.port))
    filled = pair.fill(scratch)

    assert bytes(scratch[:filled]) == b"$\0\0\x05first$\0\0\0$\0\0\x05third" and pair.fill(scratch) == 0
    pair.close()


def test_datagrams_of_others_are_never_seen(camera: socket.socket) -> None:
    pair = accepted(camera)
    scratch = memoryview(bytearray(256 << 10))

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"forged", ("127.0.0.1", pair.port))
    camera.sendto(b"own", ("127.0.0.1", pair.port))

    filled = pair.fill(scratch)
    assert bytes(scratch[:filled]) == b"$\0\0\x03own"
    pair.close()


def test_reading_stops_before_the_scratch_is_full(camera: socket.socket) -> None:
    pair = accepted(camera)
    scratch = memoryview(bytearray(128 << 10))

    for _ in range(10):
        camera.sendto(bytes(30_000), ("127.0.0.1", pair.port))
    filled = [pair.fill(scratch), pair.fill(scratch)]

    assert 0 < filled[0] <= len(scratch) and filled[1] > 0
    pair.close()


@pytest.mark.parametrize("answer", ["", "RTP/AVP;unicast;client_port=4000-4001", "server_port=0", "server_port=99999"])
def test_answer_without_usable_ports_is_refused(answer: str) -> None:
    pair = DatagramPair(local_ip="127.0.0.1")

    with pytest.raises(RtspError) as caught:
        pair.accept(answer, camera_ip="127.0.0.1")

    assert caught.value.code == "media.no_tcp"
    pair.close()
