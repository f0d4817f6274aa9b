"""A browser gets a recorded form it decodes wherever there is one."""

import pytest

from mingjian.media.samples import Codec
from mingjian.recordings.model import StreamRole
from mingjian.streaming.choice import Choice, choose
from mingjian.streaming.protocol import Role

H264, H265, BOTH, NONE = {Codec.H264}, {Codec.H265}, {Codec.H264, Codec.H265}, set()
MAIN, SUB = StreamRole.MAIN, StreamRole.SUB


@pytest.mark.parametrize(
    ("wanted", "main", "sub", "decodable", "expected"),
    [
        (Role.AUTO, H264, NONE, H264, Choice(MAIN, is_transcoded=False)),
        (Role.AUTO, H264, H264, H264, Choice(MAIN, is_transcoded=False)),
        (Role.AUTO, H265, H264, H264, Choice(SUB, is_transcoded=False)),
        (Role.AUTO, H265, H264, BOTH, Choice(MAIN, is_transcoded=False)),
        (Role.AUTO, H265, NONE, H264, Choice(MAIN, is_transcoded=True)),
        (Role.AUTO, BOTH, NONE, H264, Choice(MAIN, is_transcoded=True)),
        (Role.AUTO, NONE, H265, H264, Choice(SUB, is_transcoded=True)),
        (Role.AUTO, NONE, NONE, H264, Choice(MAIN, is_transcoded=False)),
        (Role.SUB, H264, H264, H264, Choice(SUB, is_transcoded=False)),
        (Role.SUB, H264, NONE, H264, Choice(MAIN, is_transcoded=False)),
        (Role.SUB, H264, H265, H264, Choice(MAIN, is_transcoded=False)),
        (Role.MAIN, H265, H264, H264, Choice(MAIN, is_transcoded=True)),
        (Role.MAIN, NONE, H264, H264, Choice(MAIN, is_transcoded=False)),
    ],
)
def test_choice(wanted, main, sub, decodable, expected):
    assert choose(wanted=wanted, main=main, sub=sub, decodable=decodable) == expected
