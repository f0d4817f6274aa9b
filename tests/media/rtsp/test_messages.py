"""RTSP messages and session descriptions: quirks accepted, bounds kept."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingjian.media.rtsp_error import RtspError
from mingjian.media.rtsp_message import parse_message
from mingjian.media.samples import Codec
from mingjian.media.sdp import parse_description

DESCRIPTION = b"""v=0
o=- 1 1 IN IP4 0.0.0.0
s=camera
a=control:*
t=0 0
m=audio 0 RTP/AVP 8
a=control:track2
m=video 0 RTP/AVP 96
b=AS:4000
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1; profile-level-id=42c01e; sprop-parameter-sets=Z0LAHtoCgL/lwFqDAw,aM48gA==
a=control:track1
"""


def code_of(call, *arguments) -> tuple[str, object]:
    with pytest.raises(RtspError) as caught:
        call(*arguments)
    return caught.value.code, caught.value.facts.get("what", caught.value.facts.get("reason"))


def test_response_is_parsed_with_firmware_habits() -> None:
    lines = ["RTSP/1.0 200 OK", "CSeq:   7 ", "nonsense", "WWW-Authenticate: a", "www-authenticate: b"]
    raw = "\r\n".join([*lines, "Content-Length: 3", "", "abc$"]).encode()

    message, length = parse_message(raw)

    assert message is not None and length == len(raw) - 1
    assert (message.status, message.sequence, message.body) == (200, 7, b"abc")
    assert message.headers["www-authenticate"] == ("a", "b")


def test_response_with_bare_line_feeds_is_parsed() -> None:
    message, _ = parse_message(b"RTSP/1.0 200 OK\nCSeq: 1\n\n")

    assert message is not None and message.sequence == 1


def test_request_of_the_camera_has_no_status() -> None:
    message, _ = parse_message(b"ANNOUNCE rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\n\r\n")

    assert message is not None and message.status == 0


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_message_is_awaited_until_whole(cut: int) -> None:
    raw = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 20\r\n\r\n" + b"x" * 20

    assert parse_message(raw[:cut]) == (None, 0)


def test_control_characters_do_not_survive_in_headers() -> None:
    message, _ = parse_message(b"RTSP/1.0 200 OK\r\nSession: a\rX: b\x00c\r\n\r\n")

    assert message is not None and message.header("session") == "aX: bc"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", ("media.malformed", "start_line")),
        (b"RTSP/1.0 OK\r\n\r\n", ("media.malformed", "status_line")),
        (b"RTSP/1.0\r\n\r\n", ("media.malformed", "status_line")),
        (b"\x00\x01garbage", ("media.malformed", "not_rtsp")),
        (b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n", ("media.malformed", "content_length")),
        (b"RTSP/1.0 200 OK\r\nContent-Length: 65537\r\n\r\n", ("media.oversized", "body")),
        (b"RTSP/1.0 200 OK\r\nContent-Length: " + b"9" * 4000 + b"\r\n\r\n", ("media.oversized", "body")),
        (b"RTSP/1.0 200 OK\r\n" + b"A: b\r\n" * 65 + b"\r\n", ("media.oversized", "headers")),
        (b"RTSP/1.0 200 OK\r\n" + b"A: b\r\n" * 80, ("media.oversized", "headers")),
        (b"RTSP/1.0 200 OK\r\nA: " + b"b" * 9000, ("media.oversized", "header_line")),
        (b"RTSP/1.0 200 OK\r\n" + (b"A: " + b"b" * 4000 + b"\r\n") * 20, ("media.oversized", "headers")),
    ],
)
def test_message_is_refused(raw: bytes, expected: tuple[str, str]) -> None:
    assert code_of(parse_message, raw) == expected


def test_description_names_the_video_track() -> None:
    found = parse_description(DESCRIPTION)

    assert (found.codec, found.payload_type) == (Codec.H264, 96)
    assert (found.control, found.session_control) == ("track1", "*")
    assert [nal[0] & 31 for nal in found.parameter_sets] == [7, 8]


def test_description_of_h265_keeps_the_order_of_its_sets() -> None:
    def text(first: int) -> str:
        return base64.b64encode(bytes((first, 1, 2, 3))).decode()

    body = (
        "v=0\r\nm=video 0 RTP/AVP 98 97\r\na=rtpmap:97 h265/90000\r\na=rtpmap:98 JPEG/90000\r\n"
        f"a=fmtp:97 sprop-pps={text(0x44)};sprop-sps={text(0x42)};sprop-vps=AAAAAUABAgM=\r\n"
    )

    found = parse_description(body.encode())

    assert (found.codec, found.payload_type, found.control) == (Codec.H265, 97, "")
    assert [nal[0] >> 1 for nal in found.parameter_sets] == [32, 33, 34]


def test_parameter_sets_that_are_no_base64_count_as_absent() -> None:
    found = parse_description(DESCRIPTION.replace(b"Z0LAHtoCgL/lwFqDAw", b"!!!"))

    assert found.parameter_sets == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"v=0\r\nm=audio 0 RTP/AVP 8\r\n", ("media.no_video", None)),
        (b"<html></html>", ("media.malformed", "sdp")),
        (b"", ("media.malformed", "sdp")),
        (b"v=0\r\nm=video 0 RTP/AVP 32\r\n", ("media.unsupported_codec", None)),
        (b"v=0\r\nm=video\r\n", ("media.unsupported_codec", None)),
        (b"v=0\r\nm=video 0 RTP/AVP x\r\na=rtpmap:x H264/90000\r\n", ("media.unsupported_codec", None)),
        (b"v=0\r\n" * 14_000, ("media.oversized", "sdp")),
        (b"a\n" * 5_000, ("media.oversized", "sdp_lines")),
    ],
)
def test_description_is_refused(body: bytes, expected: tuple[str, str | None]) -> None:
    assert code_of(parse_description, body) == expected


@settings(deadline=None)
@given(st.data())
def test_mutated_messages_and_descriptions_raise_only_our_error(data: st.DataObject) -> None:
    head = b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: %d\r\n\r\n" % len(DESCRIPTION)
    raw = bytearray(head + DESCRIPTION)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    try:
        message, length = parse_message(raw)
        if message is not None:
            assert 0 < length <= len(raw)
            parse_description(message.body)
    except RtspError:
        pass


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_raise_only_our_error(raw: bytes) -> None:
    for parse in (parse_message, parse_description):
        try:
            parse(raw)
        except RtspError:
            pass
