"""What a player may say, and that nothing else gets in."""

import json

import pytest

from mingjian.base import ids
from mingjian.media.samples import Codec
from mingjian.streaming import protocol, refusals
from mingjian.streaming.protocol import Mode, Open, ProtocolError, Role

OPEN = {"type": "open", "token": "t", "camera": ids.new_id(), "mode": "history", "at": 5, "speed": 0.25}


def test_open_is_read_whole():
    message = protocol.parse(json.dumps({**OPEN, "role": "sub", "codecs": ["h264", "h265", "vp9"]}))

    assert isinstance(message, Open)
    assert (message.mode, message.role, message.track) == (Mode.HISTORY, Role.SUB, "video")
    assert (message.at_90k, message.speed_quarters) == (5, 1)
    assert message.codecs == {Codec.H264, Codec.H265}


@pytest.mark.parametrize(
    "change",
    [
        {"camera": "../../etc/passwd"},
        {"camera": 7},
        {"token": ""},
        {"token": None},
        {"mode": "download"},
        {"role": "all"},
        {"at": -1},
        {"at": 1.5},
        {"at": True},
        {"at": 1 << 60},
        {"speed": 3},
        {"speed": 32},
        {"speed": True},
        {"speed": "1"},
        {"codecs": "h264"},
        {"codecs": ["h264"] * 100},
        {"track": 1},
        {"type": "export"},
        {"type": None},
    ],
)
def test_open_is_refused_when_a_field_is_wrong(change):
    with pytest.raises(ProtocolError):
        protocol.parse(json.dumps({**OPEN, **change}))


@pytest.mark.parametrize("text", ["", "null", "[]", "7", "{", '{"type":"seek"}', "[" * 9000, "x" * 20_000])
def test_message_is_refused_when_it_is_none(text):
    with pytest.raises(ProtocolError):
        protocol.parse(text)


@pytest.mark.parametrize("text", ['{"type":"seek","at":9}', '{"type":"lease","token":"x"}', '{"type":"pause"}'])
def test_short_messages_are_read(text):
    assert protocol.parse(text) is not None


def test_every_code_of_this_room_has_words():
    for code in refusals.codes():
        assert refusals.words_zh(protocol.Refusal(code)).endswith("。")
