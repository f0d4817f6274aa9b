"""Motion JPEG on disk: what foreign readers find in it, what is handed to a person, and what a browser is shown."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest
from PIL import Image

from mingjian.media import coding, cutting, export, export_check, fmp4_reader, fmp4_writer, fragments
from mingjian.media.boxes import Fmp4Error
from mingjian.media.samples import Codec, Sample, VideoFormat
from mingjian.recorder.fragmenting import Fragmenter

sys.path.insert(0, str(Path(__file__).parents[2] / "cameras"))

import rtp_jpeg  # found by the line above

if TYPE_CHECKING:
    from collections.abc import Callable

ORIGIN_90K = 1_764_000_000 * 90_000
STEP_90K = 3_600
FMT = VideoFormat(Codec.MJPEG, 320, 176, (), 0)
INIT = fmp4_writer.init_segment(FMT)
SAMPLES = [
    Sample(at, at, STEP_90K, rtp_jpeg.drawn(number, width=320, height=176).file, True)
    for number in range(50)
    for at in (ORIGIN_90K + number * STEP_90K,)
]


def groups() -> list[bytes]:
    """Return the fragments that a recorder makes of the samples."""
    fragmenter = Fragmenter()
    made = [*fragmenter.push(SAMPLES), *fragmenter.flush()]
    return [b"".join(fmp4_writer.fragment(sequence=n, samples=group)) for n, group in enumerate(made, 1)]


def test_pictures_that_all_stand_by_themselves_share_fragments_of_half_a_second() -> None:
    assert [len(fragments.read_fragment(data)) for data in groups()] == [13, 13, 13, 11]


def test_an_init_segment_tells_the_size_and_a_codec_name_tells_jpeg() -> None:
    assert fmp4_reader.format_of(INIT) == FMT
    assert fmp4_writer.codec_string(FMT) == "mp4v.6C"


def test_another_object_type_in_the_same_box_is_refused() -> None:
    mpeg_4 = INIT.replace(b"\x6c\x11", b"\x20\x11")
    assert mpeg_4 != INIT
    with pytest.raises(Fmp4Error, match=r"media\.bad_init"):
        fmp4_reader.format_of(mpeg_4)


def test_foreign_readers_find_every_picture(tmp_path: Path, ffprobe: Callable[[Path, str], dict[str, str]]) -> None:
    path = tmp_path / "recorded.mp4"
    path.write_bytes(INIT + b"".join(groups()))

    assert ffprobe(path, "codec_name,width,height,nb_read_frames") == {
        "codec_name": "mjpeg",
        "width": "320",
        "height": "176",
        "nb_read_frames": "50",
    }
    assert coding.decode_count(INIT, groups()) == coding.DecodeCount(50, 50, 0)


def test_what_is_handed_to_a_person_holds_the_very_pictures_of_the_camera(tmp_path: Path) -> None:
    path = tmp_path / "window.mp4"
    start_90k, end_90k = ORIGIN_90K + 7 * STEP_90K, ORIGIN_90K + 41 * STEP_90K
    parts = [(INIT, list(cutting.cut_window(groups(), start_90k=start_90k, end_90k=end_90k)))]
    with path.open("wb") as target:
        summary = export.write_mp4(parts=parts, target=target)

    with path.open("rb") as file:
        assert export_check.same_samples(parts=parts, rebased=file)
        assert coding.probe(file) == coding.Probe("mjpeg", 320, 176, 34 * STEP_90K, 34)
    assert (summary.start_90k, summary.samples) == (start_90k, 34)
    assert all(sample.data in path.read_bytes() for sample in SAMPLES[7:41])
    played = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(path), "-f", "null", "-"]
    assert subprocess.run(played, capture_output=True, text=True, timeout=30, check=True).stderr == ""


def test_a_browser_is_shown_every_picture_with_one_sync_sample_a_fragment() -> None:
    transcoder = coding.Transcoder(FMT)
    parts = [transcoder.transcode(data) for data in groups()] + [transcoder.flush()]
    made = [data for data in parts if data is not None]
    samples = [sample for data in made for sample in fragments.samples(data)]

    assert [sample.pts_90k for sample in samples] == [sample.pts_90k for sample in SAMPLES]
    assert [number for number, sample in enumerate(samples) if sample.is_sync] == [0, 13, 26, 39]
    shown = fmp4_writer.init_segment(transcoder.output_format)
    assert coding.decode_count(shown, made) == coding.DecodeCount(50, 50, 0)
    assert transcoder.dropped == 0


def test_a_browser_is_shown_shadows_and_lights_as_the_camera_saw_them(tmp_path: Path) -> None:
    """JPEG uses the full range of values, video the narrow one: taken for the other, 5 becomes 0 and 250 is 255."""
    seen = Image.new("RGB", (320, 176), (5, 5, 5))
    seen.paste((250, 250, 250), (160, 0, 320, 176))
    file = io.BytesIO()
    seen.save(file, "jpeg", quality=90)
    transcoder = coding.Transcoder(FMT)
    grey = [sample._replace(data=file.getvalue()) for sample in SAMPLES]
    made = transcoder.transcode(b"".join(fmp4_writer.fragment(sequence=1, samples=grey)))
    path = tmp_path / "shown.mp4"
    path.write_bytes(fmp4_writer.init_segment(transcoder.output_format) + (made or b""))

    with av.open(path) as container:
        shown = next(container.decode(video=0)).to_image()
    assert [shown.getpixel(at)[0] for at in ((40, 80), (280, 80))] == pytest.approx([5, 250], abs=2)


def test_a_picture_that_does_not_decode_is_not_shown_and_costs_no_other() -> None:
    torn = [*SAMPLES]
    torn[5] = torn[5]._replace(data=b"\xff\xd8" + b"\x55" * 900)
    transcoder = coding.Transcoder(FMT)
    parts = [
        transcoder.transcode(b"".join(fmp4_writer.fragment(sequence=1, samples=torn))),
        transcoder.flush(),
    ]
    shown = {sample.pts_90k for data in parts if data for sample in fragments.samples(data)}

    assert {sample.pts_90k for sample in SAMPLES} - shown == {torn[5].pts_90k}
    assert transcoder.dropped == 1
