"""The order in which a recording becomes durable and is deleted, seen from the kernel; a broken order is found."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from mingjian.media.coding import encode_clip
from mingjian.media.fmp4_writer import init_segment
from mingjian.media.samples import Codec
from rigs import sync_order

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "tests" / "recordings" / "record_once.py"


@pytest.fixture(scope="session")
def init_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("init") / "init.mp4"
    images = [Image.new("RGB", (64, 48), "navy")] * 10
    path.write_bytes(init_segment(encode_clip(images, codec=Codec.H264, fps=10, bitrate_bps=100_000, gop=10)[0]))
    return path


def traced(tmp_path, init_file, *, bug):
    trace = tmp_path / "trace"
    code = f"import runpy, sys; from rigs import seeded; sys.argv[:1] = []; {bug}; runpy.run_path(sys.argv[0])"
    subprocess.run(
        ["/usr/bin/strace", "-f", "-y", "--seccomp-bpf", "-o", str(trace), "-e", f"trace={sync_order.TRACED}",
         sys.executable, "-c", code, str(SCRIPT), str(tmp_path / "volume"), str(init_file), "delete"],
        check=True, timeout=60, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return sync_order.calls(trace.read_text())


def test_a_recording_is_synced_told_and_deleted_in_order(tmp_path, init_file):
    seen = traced(tmp_path, init_file, bug="0")

    assert sum(call.name == "openat" and call.path.endswith(".mp4") for call in seen) >= 1
    assert sum(call.name == "unlink" and call.path.endswith(".mp4") for call in seen) == 1
    assert sync_order.violations(seen) == []


@pytest.mark.parametrize(
    ("bug", "said"), [("no_directory_sync", "directory not synced"), ("no_file_sync", "not synced")]
)
def test_a_missing_sync_is_found(tmp_path, init_file, bug, said):
    found = sync_order.violations(traced(tmp_path, init_file, bug=f"seeded.{bug}()"))

    assert any(said in line for line in found)
