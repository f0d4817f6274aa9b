"""Exported files: true duration, the very samples, holes kept, format changes; foreign players agree."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING

import pytest

from mingjian.media import coding, export, export_check, fmp4_reader, fmp4_writer
from mingjian.media.boxes import Fmp4Error
from mingjian.media.samples import Codec, Sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.media.fmp4.conftest import Clip


def _moved(clip: Clip, span_90k: int) -> tuple[bytes, list[bytes]]:
    """Return the clip as a part of an export, `span_90k` later."""
    fragments = []
    for sequence, data in enumerate(clip.fragments, 1):
        later = [
            sample._replace(dts_90k=sample.dts_90k + span_90k, pts_90k=sample.pts_90k + span_90k)
            for sample in fmp4_reader.samples(data)
        ]
        fragments.append(b"".join(fmp4_writer.fragment(sequence=sequence, samples=later)))
    return clip.init, fragments


def _exported(parts: list[tuple[bytes, list[bytes]]], path: Path) -> export.ExportSummary:
    with path.open("wb") as target:
        return export.write_mp4(parts=parts, target=target)


def test_an_exported_window_starts_at_zero_and_lasts_as_long_as_it_did(
    clip: Clip, tmp_path: Path, ffprobe: Callable[[Path, str], dict[str, str]]
) -> None:
    path = tmp_path / "window.mp4"
    start_90k, end_90k = (clip.origin_90k + number * clip.step_90k for number in (20, 75))
    window = list(fmp4_reader.cut_window(clip.fragments, start_90k=start_90k, end_90k=end_90k))
    summary = _exported([(clip.init, window)], path)
    found = ffprobe(path, "start_time,duration,nb_read_frames")
    assert found == {"start_time": "0.000000", "duration": "2.000000", "nb_read_frames": "50"}
    assert (summary.samples, summary.start_90k, summary.end_90k) == (50, clip.origin_90k + 25 * clip.step_90k, end_90k)
    assert summary.size_bytes == path.stat().st_size
    with path.open("rb") as file:
        assert coding.probe(file) == coding.Probe(
            codec="hevc" if clip.fmt.codec is Codec.H265 else "h264",
            width=320,
            height=180,
            duration_90k=180_000,
            samples=50,
        )


def test_a_hole_keeps_its_length(clip: Clip, tmp_path: Path, ffprobe: Callable[[Path, str], dict[str, str]]) -> None:
    path = tmp_path / "hole.mp4"
    parts = [_moved(clip, 0), _moved(clip, 13 * 90_000 + 17)]
    _exported(parts, path)
    found = ffprobe(path, "duration,nb_read_frames")
    assert found["nb_read_frames"] == "150"
    assert float(found["duration"]) == pytest.approx(16.0, abs=0.001)
    with path.open("rb") as file:
        assert export_check.same_samples(parts=parts, rebased=file)


def test_runs_that_touch_keep_every_presentation_time(clip: Clip, tmp_path: Path) -> None:
    # With reordering, the second run's first DTS lies before the end of the first run.
    path = tmp_path / "joined.mp4"
    parts = [_moved(clip, 0), _moved(clip, 75 * clip.step_90k)]
    _exported(parts, path)
    with path.open("rb") as file:
        assert export_check.same_samples(parts=parts, rebased=file)
    played = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(path), "-f", "null", "-"]
    assert subprocess.run(played, capture_output=True, text=True, timeout=30, check=True).stderr == ""


def test_another_picture_size_is_another_sample_entry(clip_of: Callable[..., Clip], tmp_path: Path) -> None:
    small, large = clip_of(Codec.H264), clip_of(Codec.H264, 0, (480, 270))
    path = tmp_path / "sizes.mp4"
    parts = [_moved(small, 0), _moved(large, 4 * 90_000), _moved(small, 8 * 90_000)]
    summary = _exported(parts, path)
    assert summary.formats == (small.fmt, large.fmt)
    with path.open("rb") as file:
        assert export_check.same_samples(parts=parts, rebased=file)
    shown = ["ffprobe", "-v", "error", "-show_entries", "frame=width", "-of", "csv=p=0", str(path)]
    widths = subprocess.run(shown, capture_output=True, text=True, timeout=30, check=True).stdout.split()
    assert [width.strip(",") for width in widths] == ["320"] * 75 + ["480"] * 75 + ["320"] * 75


def test_another_codec_is_refused_by_name(clip_of: Callable[..., Clip]) -> None:
    parts = [_moved(clip_of(Codec.H264), 0), _moved(clip_of(Codec.H265), 4 * 90_000)]
    with pytest.raises(Fmp4Error, match=r"media\.mixed_codecs"):
        export.write_mp4(parts=parts, target=io.BytesIO())


def test_an_export_of_nothing_is_refused(clip: Clip) -> None:
    with pytest.raises(Fmp4Error, match=r"media\.empty_export"):
        export.write_mp4(parts=[(clip.init, [])], target=io.BytesIO())


def test_a_hole_too_long_for_one_file_is_refused(clip: Clip) -> None:
    with pytest.raises(Fmp4Error, match=r"media\.hole_too_long"):
        export.write_mp4(parts=[_moved(clip, 0), _moved(clip, 1 << 33)], target=io.BytesIO())


@pytest.mark.parametrize("change", ["data", "order", "time", "sync", "missing"])
def test_a_changed_sample_is_not_the_same(clip: Clip, change: str) -> None:
    target = io.BytesIO()
    export.write_mp4(parts=[(clip.init, clip.fragments)], target=target)
    assert export_check.same_samples(parts=[(clip.init, clip.fragments)], rebased=target)
    altered = _altered(list(clip.samples), change)
    fragments = [b"".join(fmp4_writer.fragment(sequence=1, samples=altered))]
    assert not export_check.same_samples(parts=[(clip.init, fragments)], rebased=target)


def _altered(samples: list[Sample], change: str) -> list[Sample]:
    seventh = samples[7]
    if change == "data":
        samples[7] = seventh._replace(data=bytes(seventh.data[:-1]) + bytes([seventh.data[-1] ^ 1]))
    elif change == "order":
        samples[7], samples[8] = (
            seventh._replace(data=samples[8].data),
            samples[8]._replace(data=seventh.data),
        )
    elif change == "time":
        samples[7] = seventh._replace(pts_90k=seventh.pts_90k + 1)
    elif change == "sync":
        samples[7] = seventh._replace(is_sync=True)
    else:
        del samples[-1]
    return samples


def test_a_file_that_is_no_export_is_refused(clip: Clip) -> None:
    for foreign in (b"", bytes(64), clip.fragments[0], clip.init):
        with pytest.raises(Fmp4Error):
            export_check.rebased_digest(io.BytesIO(foreign))
