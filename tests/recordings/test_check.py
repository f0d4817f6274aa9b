"""The checker names every flipped byte, in the table, in the media and in the row."""

import os
import random

import pytest

from mingjian.base import ids
from mingjian.recordings import fragments
from mingjian.recordings.check import check, check_presence
from mingjian.recordings.findings import Progress

T0 = 1_700_000_000 * 90_000
S = 90_000


def codes(volume):
    return {finding.code for finding in check(volume)}


@pytest.fixture
def closed(studio):
    """One closed recording of the studio, planned since it began."""
    studio.expect(floor_90k=0)
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=3)
    studio.close(take)
    studio.end(take)
    return take


def flip(path, place):
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)


def test_a_sound_volume_has_no_findings(closed, studio):
    studio.record(at_90k=T0 + 60 * S, seconds=3)
    growing = studio.start(at_90k=T0 + 90 * S)
    studio.shoot(growing, seconds=2)

    assert check(studio.volume) == []


@pytest.mark.article("D799.15")
@pytest.mark.parametrize("seed", range(40))
def test_one_flipped_byte_of_the_media_is_named_with_its_place(closed, studio, seed):
    size = closed.writer.media_path.stat().st_size
    place = random.Random(seed).randrange(size)  # noqa: S311  a test's dice
    table = fragments.read_table(closed.writer.table_path)
    number = next(n for n, record in enumerate(table) if record.offset <= place < record.offset + record.length)
    flip(closed.writer.media_path, place)

    (finding,) = check(studio.volume)

    assert (finding.invariant, finding.code, finding.subject) == (1, "media_damaged", closed.writer.recording_id)
    assert finding.detail.startswith(f"record {number},")


@pytest.mark.parametrize("place", [0, 7, 12, 16, 16 + 71, 16 + 72 * 3 + 36, 16 + 72 * 4 + 34, 16 + 72 * 6 + 71])
def test_one_flipped_byte_of_the_table_is_named(closed, studio, place):
    flip(closed.writer.table_path, place)

    (finding,) = check(studio.volume)

    assert (finding.code, finding.detail) == ("table_damaged", f"record {(place - 16) // 72}")


def test_a_record_rewritten_with_care_disagrees(closed, studio):
    """A forged record with a right checksum: its times are those of no sample, or the root is not the row's."""
    raw = bytearray(closed.writer.table_path.read_bytes())
    record = fragments.read_table(closed.writer.table_path)[2]
    raw[16 + 144 : 16 + 216] = fragments.encode_record(record._replace(first_dts_90k=record.first_dts_90k + 9))
    closed.writer.table_path.write_bytes(raw)
    assert "table_disagrees" in codes(studio.volume)

    raw[16 + 144 : 16 + 216] = fragments.encode_record(record._replace(sha256=bytes(32)))
    closed.writer.table_path.write_bytes(raw)
    assert codes(studio.volume) == {"media_damaged", "root_differs"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("root = replace(root, substr(root, 1, 1), 'x')", "root_differs"),
        ("size_bytes = size_bytes + 1", "size_differs"),
        ("end_90k = end_90k + 90000", "span_differs"),
        ("state = 'garbage'", "deletion_unfinished"),
    ],
)
def test_a_changed_row_is_named(closed, studio, change, code):
    with studio.index.transaction() as cursor:
        cursor.execute(f"UPDATE recording SET {change}")  # noqa: S608  fixed text

    assert code in codes(studio.volume)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda take: take.writer.media_path.unlink(), "file_missing"),
        (lambda take: take.writer.table_path.unlink(), "file_missing"),
        (lambda take: take.writer.media_path.write_bytes(take.writer.media_path.read_bytes() + b"x"), "size_differs"),
        (lambda take: take.writer.table_path.write_bytes(take.writer.table_path.read_bytes()[:-1]), "table_torn"),
    ],
)
def test_a_missing_or_cut_file_is_named(closed, studio, act, code):
    act(closed)

    assert code in codes(studio.volume)


def test_a_file_no_row_names_is_found_once_it_is_old(closed, studio):
    stray = closed.writer.media_path.with_name(f"{ids.new_id()}.mp4")
    stray.write_bytes(b"x")
    assert check(studio.volume) == []

    os.utime(stray, (0, 0))
    assert codes(studio.volume) == {"file_unknown"}


def test_time_that_nobody_explains_is_found(closed, studio):
    studio.record(at_90k=T0 + 60 * S, seconds=3)
    with studio.index.transaction() as cursor:
        cursor.execute("DELETE FROM gap WHERE end_90k IS NOT NULL")

    (finding,) = check(studio.volume)

    assert (finding.invariant, finding.code, finding.detail) == (
        4,
        "time_unexplained",
        f"{T0 + 3 * S}–{T0 + 60 * S}",
    )


def test_footage_shown_twice_and_a_gap_over_it_are_found(closed, studio):
    studio.record(at_90k=T0 + 1 * S, seconds=3)
    with studio.index.transaction() as cursor:
        cursor.execute(
            "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (1, ?, ?, 'unknown', '')",
            (T0, T0 + 3 * S),
        )

    assert {"footage_overlaps", "gap_over_footage"} <= codes(studio.volume)


@pytest.mark.parametrize("place", [0, 40, 4096, 3 * 4096 + 2])
def test_a_damaged_index_is_named(closed, studio, place):
    studio.index.close()
    raw = bytearray(studio.volume.index_path.read_bytes())
    raw[place : place + 16] = bytes(range(200, 216))
    studio.volume.index_path.write_bytes(raw)

    assert "index_damaged" in codes(studio.volume)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda take: take.writer.media_path.unlink(), "file_missing"),
        (lambda take: take.writer.table_path.unlink(), "file_missing"),
        (lambda take: os.truncate(take.writer.media_path, 700), "size_differs"),
        (lambda take: os.truncate(take.writer.table_path, 16 + 72 * 2 + 5), "table_torn"),
        (lambda take: os.truncate(take.writer.table_path, 16 + 72 * 2), "table_short"),
        (lambda take: take.writer.media_path.with_name("letter.txt").symlink_to("/nowhere"), None),
    ],
)
def test_presence_and_size_are_known_without_opening_a_file(closed, studio, act, code):
    act(closed)

    found = check_presence(studio.volume)

    assert [(finding.code, finding.subject) for finding in found] == ([(code, closed.writer.recording_id)] * bool(code))


def test_a_flipped_byte_is_left_to_the_reading_of_all_bytes(closed, studio):
    flip(closed.writer.media_path, 700)

    assert check_presence(studio.volume) == []
    assert codes(studio.volume) == {"media_damaged"}


@pytest.mark.parametrize("look", [check, check_presence])
def test_a_check_changes_nothing_on_the_disk(closed, studio, look):
    closed.writer.table_path.unlink()
    stray = closed.writer.media_path.with_name(f"{ids.new_id()}.mp4")
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))

    def seen():
        paths = sorted(studio.volume.path.rglob("*"))
        # SQLite's shared memory is no content: readers leave their marks in it.
        return [(path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.suffix != ".db-shm"]

    before = seen()
    assert {finding.code for finding in look(studio.volume)} == {"file_missing", "file_unknown"}

    assert seen() == before


def test_a_check_says_how_far_it_has_come(closed, studio):
    told = []
    check(studio.volume, tell=told.append)

    size = closed.writer.media_path.stat().st_size
    assert told[0] == Progress(files=2, of_files=2)
    assert told[-1] == Progress(files=2, of_files=2, read_bytes=size, of_bytes=size)
