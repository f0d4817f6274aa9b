"""The pictures that the cameras of the benchmarks play: 1080p25, encoded at the first call and kept."""

import os
import subprocess
import tempfile
from pathlib import Path

FPS = 25
GOP = 50
CLIP_S = 12
WIDTH, HEIGHT = 1920, 1080
MBPS = {"h264": 4, "h265": 3}

_X264 = "scenecut=0:sliced-threads=0"
_X265 = f"keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=0:open-gop=0:repeat-headers=1:log-level=none"


def make_clip(codec: str) -> Path:
    """Return twelve seconds of this codec: noise keeps the sync samples as large as a real scene's."""
    clip = Path(tempfile.gettempdir()) / f"mingjian-bench-1080p25-{CLIP_S}s.{codec}"
    if not clip.exists():
        draft = clip.with_suffix(f".{os.getpid()}.{codec}")
        source = f"testsrc2=size={WIDTH}x{HEIGHT}:rate={FPS},noise=alls=10:allf=t"
        rate = f"{MBPS[codec]}M"
        coding = {
            "h264": ["-c:v", "libx264", "-preset", "veryfast", "-x264-params", _X264],
            "h265": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", _X265],
        }[codec]
        form = ["-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-bf", "0", "-g", str(GOP), "-pix_fmt", "yuv420p"]
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-t", str(CLIP_S), *coding, *form, str(draft)]
        subprocess.run(command, check=True)
        draft.replace(clip)
    return clip
