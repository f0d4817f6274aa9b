"""The scrub finds a flipped byte, names its fragment, makes it a gap, and goes on where it was."""

import random

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings import fragments, serve
from mingjian.recordings.check import check_presence
from mingjian.recordings.coverage import JOIN_90K
from mingjian.recordings.model import GapCause
from mingjian.recordings.outbox import ReportKind
from mingjian.recordings.reader import IndexReader
from mingjian.recordings.scrub import Scrub

S = TICKS_PER_S
T0 = 1_700_000_000 * S


def scrub(index, *, wait=lambda _: False):
    return Scrub(index=index, bytes_per_s=1 << 40, wait=wait)


def whole_round(index):
    rotation = scrub(index)
    while rotation.step():
        pass
    return rotation.progress


def reports(volume, *kinds):
    with IndexReader(volume.path) as reader:
        told = reader.reports(series="", after_id=0, limit=1_000)
    return [report for report in told if report.kind in kinds]


def path_of(studio, closed, suffix=".mp4"):
    return studio.volume.media / studio.stream.camera_id / f"{closed.recording_id}{suffix}"


def flip(path, place):
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1]))


def covered(library, studio):
    found = library.coverage(
        stream=studio.stream, start_90k=T0, end_90k=T0 + 8 * S, planned_since_90k=T0, now_90k=T0 + 100 * S
    )
    return found.footage, found.gaps


@pytest.fixture
def closed(studio):
    """One closed recording of eight seconds with a sync sample each second, and a second camera-run after it."""
    studio.expect(floor_90k=0)
    return studio.record(at_90k=T0, seconds=8)


def test_a_sound_volume_is_read_whole_and_told_so(closed, studio, clock):
    clock.advance(5 * S)
    progress = whole_round(studio.index)

    assert progress.ended_at_90k == T0 + 5 * S
    assert progress.damaged == 0
    assert progress.of_bytes == closed.size_bytes
    assert reports(studio.volume, ReportKind.RECORDING_DAMAGED) == []


@pytest.mark.parametrize("seed", range(12))
def test_a_flipped_byte_is_named_by_its_fragment_and_turns_into_a_gap(closed, studio, library, seed):
    table = fragments.read_table(path_of(studio, closed, ".frg"))
    number = random.Random(seed).randrange(1, len(table))  # noqa: S311  a test's dice
    record = table[number]
    flip(path_of(studio, closed), record.offset + record.length // 2)

    assert whole_round(studio.index).damaged == 1

    (report,) = reports(studio.volume, ReportKind.RECORDING_DAMAGED)
    assert (report.body["recording"], report.body["records"]) == (closed.recording_id, str(number))
    # Fragments are half a second, groups a second: the damage reaches to the next sync sample.
    first = T0 + (number - 1) * S // 2
    last = T0 + ((number + 1) // 2) * S
    first = min(first, last - JOIN_90K - 1)
    footage, (gap,) = covered(library, studio)
    assert (gap.start_90k, gap.end_90k, gap.cause) == (first, last, GapCause.DISK)
    assert sum(span.end_90k - span.start_90k for span in footage) == 8 * S - (last - first)
    assert check_presence(studio.volume) == []


def test_no_reader_gets_a_damaged_fragment_nor_what_hangs_on_it(closed, studio, library):
    record = fragments.read_table(path_of(studio, closed, ".frg"))[5]
    before = served(library, studio)
    flip(path_of(studio, closed), record.offset + record.length - 1)
    whole_round(studio.index)

    after = served(library, studio)

    # Two fragments of half a second: the damaged sync sample's, and the one that needs it.
    assert (len(before), len(after)) == (16, 14)
    assert set(after) < set(before)


def served(library, studio):
    parts = serve.parts(library, stream=studio.stream, start_90k=T0, end_90k=T0 + 8 * S)
    return [bytes(data) for part in parts for data in part.fragments]


@pytest.mark.parametrize("spoil", ["init", "table", "media gone", "table gone"])
def test_a_recording_nobody_can_read_is_a_gap_as_a_whole(closed, studio, library, spoil):
    media, table = path_of(studio, closed), path_of(studio, closed, ".frg")
    {
        "init": lambda: flip(media, 20),
        "table": lambda: flip(table, 100),
        "media gone": media.unlink,
        "table gone": table.unlink,
    }[spoil]()

    assert whole_round(studio.index).damaged == 1

    footage, (gap,) = covered(library, studio)
    assert (footage, gap.cause) == ((), GapCause.DISK)
    assert served(library, studio) == []


def test_damage_is_told_once_and_taken_back_when_the_bytes_are_right_again(closed, studio, library):
    record = fragments.read_table(path_of(studio, closed, ".frg"))[3]
    place = record.offset + 9
    flip(path_of(studio, closed), place)
    whole_round(studio.index)
    whole_round(studio.index)
    assert len(reports(studio.volume, ReportKind.RECORDING_DAMAGED)) == 1

    flip(path_of(studio, closed), place)
    assert whole_round(studio.index).damaged == 0

    assert covered(library, studio)[1] == ()
    assert len(reports(studio.volume, ReportKind.RECORDING_WHOLE_AGAIN)) == 1


def test_the_next_keeper_goes_on_behind_the_last_file_that_was_read(studio):
    made = sorted(studio.record(at_90k=T0 + 60 * S * number, seconds=1).recording_id for number in range(4))
    first = scrub(studio.index)
    assert first.step() and first.step()
    stops = iter([True])
    Scrub(index=studio.index, bytes_per_s=1, wait=lambda _: next(stops)).run()
    first._note()

    read = []
    second = scrub(studio.index, wait=lambda _: False)
    second._look = lambda recording: read.append(recording.recording_id)
    while second.step():
        pass

    assert read == made[2:]
    assert second.progress.ended_at_90k is not None


def test_the_pace_is_kept_and_an_end_is_heeded_within_a_file(closed, studio):
    waited = []

    def wait(seconds):
        waited.append(seconds)
        return len(waited) > 6

    Scrub(index=studio.index, bytes_per_s=1_000, wait=wait).run()

    table = fragments.read_table(path_of(studio, closed, ".frg"))
    assert waited[0] == 0.0
    assert waited[1:] == [record.length / 1_000 for record in table[:6]]
    assert Scrub(index=studio.index, bytes_per_s=0, wait=wait).progress.ended_at_90k is None


def test_what_the_gate_lets_go_while_it_is_read_is_no_damage(closed, studio):
    path_of(studio, closed).unlink()
    with studio.index.transaction() as cursor:
        cursor.execute("DELETE FROM recording")
    rotation = scrub(studio.index)

    assert not rotation.step()
    assert reports(studio.volume, ReportKind.RECORDING_DAMAGED) == []
