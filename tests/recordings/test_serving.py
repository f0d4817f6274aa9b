"""Cutting windows out of recordings, growing ones too, and handing one over as a file."""

import io

import pytest

from mingjian.media import fmp4_reader
from mingjian.media.coding import decode_count
from mingjian.media.export_check import same_samples
from mingjian.recordings import serve
from mingjian.recordings.errors import RecordingsError

T0 = 1_700_000_000 * 90_000
S = 90_000


def times(pieces):
    return [(sample.pts_90k - T0) / S for piece in pieces for sample in fmp4_reader.samples(piece)]


def only(studio):
    (found,) = studio.index.recordings("")
    return found


@pytest.mark.parametrize(("start", "end"), [(0, 6), (1.5, 4.25), (2, 3), (2.05, 2.95), (5.5, 9), (-4, 0.35)])
def test_cut_opens_at_the_first_sync_sample_inside_and_shows_nothing_outside(studio, start, end):
    studio.record(at_90k=T0, seconds=6)
    begin, until = T0 + int(start * S), T0 + int(end * S)

    shown = times(serve.cut(only(studio), start_90k=begin, end_90k=until))

    first_sync = max(0, -int(-start // 1))
    assert shown == [number / 10 for number in range(first_sync * 10, 60) if number / 10 < end]


def test_cut_of_a_growing_recording_reaches_as_far_as_its_table(studio):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=2)
    assert len(times(serve.cut(only(studio), start_90k=T0, end_90k=T0 + 60 * S))) == 20

    studio.shoot(take, seconds=1)
    assert len(times(serve.cut(only(studio), start_90k=T0, end_90k=T0 + 60 * S))) == 30
    take.writer.abandon()


def test_init_segment_decodes_what_is_cut(studio):
    studio.record(at_90k=T0, seconds=4)

    init = serve.init_segment(only(studio))
    pieces = list(serve.cut(only(studio), start_90k=T0 + S, end_90k=T0 + 3 * S))

    counted = decode_count(init, pieces)
    assert (counted.pictures, counted.errors) == (20, 0)


def test_export_is_one_file_from_zero_with_the_recorded_samples(studio, library):
    studio.record(at_90k=T0, seconds=4)
    studio.record(at_90k=T0 + 10 * S, seconds=4)
    window = {"stream": studio.stream, "start_90k": T0 + S, "end_90k": T0 + 12 * S}
    target = io.BytesIO()

    summary = serve.export_window(library, **window, target=target)

    assert (summary.samples, summary.end_90k - summary.start_90k) == (50, 11 * S)
    recorded = ((part.init, part.fragments) for part in serve.parts(library, **window))
    assert same_samples(parts=recorded, rebased=io.BytesIO(target.getvalue()))


def test_export_of_nothing_is_refused(library, studio):
    with pytest.raises(RecordingsError, match="nothing_to_export"):
        serve.export_window(library, stream=studio.stream, start_90k=T0, end_90k=T0 + S, target=io.BytesIO())


def test_library_reads_several_volumes_as_one(studio, library):
    studio.record(at_90k=T0, seconds=2)
    absent = studio.volume.path.with_name("absent")
    both = type(library)(volumes=[absent, studio.volume.path])

    assert [found.start_90k for found in both.window(stream=studio.stream, start_90k=T0, end_90k=T0 + S)] == [T0]
    assert both.growing(stream=studio.stream) is None
    assert both.totals(
        stream=studio.stream, start_90k=T0, end_90k=T0 + 5 * S, planned_since_90k=T0, now_90k=T0 + 5 * S
    ) == (2 * S, 3 * S)
