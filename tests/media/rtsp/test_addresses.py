"""Camera addresses: what is accepted, and why the rest is not."""

import pytest

from mingjian.media.rtsp import CameraAddress, Credentials, RtspError, parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rtsp://10.1.2.3/stream", CameraAddress("10.1.2.3", 554, "/stream")),
        (
            "rtsp://cam.example:8554/a/b?channel=1&subtype=0",
            CameraAddress("cam.example", 8554, "/a/b?channel=1&subtype=0"),
        ),
        ("RTSP://[fd00::1]:554", CameraAddress("fd00::1", 554, "/")),
    ],
)
def test_address_is_split(text: str, expected: CameraAddress) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "length"),
        ("rtsp://h/" + "x" * 3000, "length"),
        ("http://10.1.2.3/", "scheme"),
        ("rtsps://10.1.2.3/", "scheme"),
        ("10.1.2.3/stream", "scheme"),
        ("rtsp://admin:secret@10.1.2.3/", "user_info"),
        ("rtsp://@10.1.2.3/", "user_info"),
        ("rtsp:///stream", "host"),
        ("rtsp://[fe80::1%eth0]/", "host"),
        ("rtsp://[fe80/", "host"),
        ("rtsp://h:0/", "port"),
        ("rtsp://h:70000/", "port"),
        ("rtsp://h:x/", "port"),
        ("rtsp://h/a#b", "fragment"),
        ("rtsp://h/a b", "characters"),
        ("rtsp://h/a\r\nX: y", "characters"),
        ("rtsp://h/南门", "characters"),
    ],
)
def test_address_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(RtspError) as caught:
        parse_address(text)

    assert (caught.value.code, caught.value.facts["reason"]) == ("media.bad_address", reason)


def test_url_is_written_back_as_it_was_meant() -> None:
    assert parse_address("rtsp://h:554/a?b=c").url == "rtsp://h/a?b=c"
    assert parse_address("rtsp://[fd00::1]:8554/a").url == "rtsp://[fd00::1]:8554/a"


def test_password_is_not_in_the_representation() -> None:
    assert "secret" not in repr(Credentials("admin", "secret"))
