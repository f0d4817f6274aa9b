"""A volume that does not answer keeps one thread at most per question that was first, and nobody else."""

import threading
from pathlib import Path

import pytest

from mingjian.recordings.asking import Asking
from mingjian.recordings.errors import RecordingsError

HANGS, SOUND = Path("/hangs"), Path("/sound")


def asked_in_vain(asking):
    with pytest.raises(RecordingsError) as raised:
        asking.ask(HANGS, lambda: None)
    return raised.value.code


def test_an_answer_or_an_error_comes_back_to_the_one_who_asks():
    asking = Asking()

    assert asking.ask(SOUND, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        asking.ask(SOUND, lambda: 1 // 0)
    assert asking.ask(SOUND, lambda: 8) == 8


def test_a_hanging_volume_is_told_by_the_deadline_and_from_then_on_at_once():
    asking, disk = Asking(deadline_s=0.05), threading.Event()
    threads = threading.active_count()
    with pytest.raises(RecordingsError) as raised:
        asking.ask(HANGS, disk.wait)
    assert raised.value.code == "recordings.volume_hangs"

    assert [asked_in_vain(asking) for _ in range(20)] == ["recordings.volume_hangs"] * 20
    assert asking.ask(SOUND, lambda: 7) == 7
    # The one that hangs, and the one that answered for the other volume.
    assert threading.active_count() - threads <= 2
    disk.set()


def test_a_volume_is_asked_again_once_it_answered():
    asking, disk, over = Asking(deadline_s=0.05), threading.Event(), threading.Event()

    def hang():
        disk.wait()
        over.set()

    with pytest.raises(RecordingsError):
        asking.ask(HANGS, hang)
    disk.set()
    assert over.wait(5)

    assert answer_of(asking) == 7


def answer_of(asking):
    """Return the answer as soon as the volume takes questions; a helper clears its name a moment after its answer."""
    for _ in range(1_000):
        try:
            return asking.ask(HANGS, lambda: 7)
        except RecordingsError:
            threading.Event().wait(0.001)
    return None
