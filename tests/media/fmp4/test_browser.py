"""What Chromium's MediaSource makes of our fragments: absolute decode times, shown from the window's start."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page

from mingjian.media import coding, fmp4_reader, fmp4_writer
from mingjian.media.samples import Codec
from tools.browser import opened_browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.media.fmp4.conftest import Clip


# Appends everything, plays at eightfold speed to the end, and tells what was buffered and how many pictures came.
PLAYER = """async ({mime, offset, init, parts}) => {
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const video = document.createElement("video");
  video.muted = true;
  document.body.append(video);
  const source = new MediaSource();
  video.src = URL.createObjectURL(source);
  await new Promise(done => source.addEventListener("sourceopen", done, {once: true}));
  const buffer = source.addSourceBuffer(mime);
  buffer.timestampOffset = offset;
  for (const part of [init, ...parts]) {
    buffer.appendBuffer(bytes(part));
    await new Promise(done => buffer.addEventListener("updateend", done, {once: true}));
    if (video.error) return {error: video.error.message};
  }
  const spans = [];
  for (let i = 0; i < buffer.buffered.length; i++) spans.push([buffer.buffered.start(i), buffer.buffered.end(i)]);
  source.endOfStream();
  video.playbackRate = 8;
  const ended = new Promise((done, fail) => {
    video.addEventListener("ended", done, {once: true});
    video.addEventListener("error", () => fail(new Error(video.error.message)), {once: true});
  });
  await video.play();
  await ended;
  return {spans, width: video.videoWidth, height: video.videoHeight, duration: video.duration,
          pictures: video.getVideoPlaybackQuality().totalVideoFrames};
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with opened_browser() as browser:
        yield browser.new_page()


def _played(page: Page, init: bytes, parts: list[bytes], *, start_90k: int) -> dict[str, Any]:
    page.set_content("<!doctype html><title>player</title>")
    fmt = fmp4_reader.format_of(init)
    return page.evaluate(
        PLAYER,
        {
            "mime": f'video/mp4; codecs="{fmp4_writer.codec_string(fmt)}"',
            "offset": -start_90k / 90_000,
            "init": base64.b64encode(init).decode(),
            "parts": [base64.b64encode(part).decode() for part in parts],
        },
    )


@pytest.mark.parametrize("reorder", [0, 2])
def test_a_window_plays_from_zero(page: Page, clip_of: Callable[..., Clip], reorder: int) -> None:
    clip = clip_of(Codec.H264, reorder)
    start_90k, end_90k = (clip.origin_90k + second * 90_000 for second in (1, 3))
    parts = list(fmp4_reader.cut_window(clip.fragments, start_90k=start_90k, end_90k=end_90k))
    result = _played(page, clip.init, parts, start_90k=start_90k)
    assert len(result["spans"]) == 1
    assert result["spans"][0] == pytest.approx([0.0, 2.0], abs=0.001)
    assert (result["width"], result["height"], result["pictures"]) == (320, 180, 50)


def test_sync_samples_alone_leave_no_holes(page: Page, clip_of: Callable[..., Clip]) -> None:
    clip = clip_of(Codec.H264)
    parts = list(fmp4_reader.sync_samples(clip.fragments))
    result = _played(page, clip.init, parts, start_90k=clip.origin_90k)
    assert len(result["spans"]) == 1
    assert result["spans"][0] == pytest.approx([0.0, 3.0], abs=0.001)
    assert result["pictures"] == 3


@pytest.mark.parametrize("reorder", [0, 2])
def test_a_transcoded_h265_window_plays_from_zero(page: Page, clip_of: Callable[..., Clip], reorder: int) -> None:
    clip = clip_of(Codec.H265, reorder)
    transcoder = coding.Transcoder(clip.fmt, largest_height=90)
    made = [transcoder.transcode(data) for data in clip.fragments] + [transcoder.flush()]
    parts = [data for data in made if data is not None]
    init = fmp4_writer.init_segment(transcoder.output_format)
    result = _played(page, init, parts, start_90k=clip.origin_90k)
    assert len(result["spans"]) == 1
    assert result["spans"][0] == pytest.approx([0.0, 3.0], abs=0.001)
    assert (result["height"], result["pictures"]) == (90, 75)
