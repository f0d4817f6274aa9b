"""Room kept back for the next start; `./dev faults brimful` starts on disks that are really full."""

import pytest

from mingjian.recordings import ballast
from mingjian.recordings.disk import SYSTEM
from mingjian.recordings.errors import RecordingsError


def test_a_volume_is_made_with_its_ballast(volume):
    assert ballast.is_whole(volume.path, disk=SYSTEM)


def test_what_was_let_go_is_made_again_when_there_is_room(volume):
    assert ballast.let_go(volume.path, disk=SYSTEM)
    assert not ballast.is_whole(volume.path, disk=SYSTEM)
    assert not ballast.let_go(volume.path, disk=SYSTEM)

    ballast.restore(volume.path, disk=SYSTEM)

    assert ballast.is_whole(volume.path, disk=SYSTEM)


def test_a_piece_cut_short_by_a_crash_is_written_again(volume):
    piece = volume.path / "ballast" / "3"
    piece.write_bytes(b"begun")

    ballast.restore(volume.path, disk=SYSTEM)

    assert piece.stat().st_size == (volume.path / "ballast" / "0").stat().st_size


def test_what_finds_no_room_is_tried_once_more_without_the_ballast(volume):
    tries = []

    def work():
        tries.append(ballast.is_whole(volume.path, disk=SYSTEM))
        raise RecordingsError("recordings.volume_full", path=str(volume.path), ran_out="bytes")

    with pytest.raises(RecordingsError, match="volume_full"):
        ballast.relieved(volume.path, work, disk=SYSTEM)
    assert tries == [True, False]


def test_other_trouble_leaves_the_ballast_alone(volume):
    def work():
        raise RecordingsError("recordings.index_unreadable", path=str(volume.path), reason="x")

    with pytest.raises(RecordingsError, match="index_unreadable"):
        ballast.relieved(volume.path, work, disk=SYSTEM)
    assert ballast.is_whole(volume.path, disk=SYSTEM)
