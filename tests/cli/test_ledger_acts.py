"""What is done to and with the ledger from the shell, on a whole system."""

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from tests.cli.test_footage import register, state_of

# The clerk's own round, at an instant when the hour is over: nobody waits for it here.
_ROLL_UP = """
from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.cli import django_door
from mingjian.host.home import Home
django_door.open_django(Home.from_environ())
from mingjian.registry import rollups
print(rollups.roll_up(clock=SimulatedClock(SystemClock().utc() + rollups.HOUR_90K + rollups.GRACE_90K)))
"""


def test_a_recording_is_proved_by_the_roll_up_of_its_hour(site: Any, gst_camera: Any, tmp_path: Path) -> None:
    camera = gst_camera(codec="h264", fps=20, gop=20)
    registered = register(site, camera.address, "proved", password="")
    site.until(lambda: state_of(site, registered["id"])["recorded_today_s"] > 3)
    assert site.run("camera", "remove", "proved").returncode == 0
    site.until(lambda: json.loads(site.run("ledger", "rollups", "--json").stdout)["waiting"] == 1)
    (film,) = site.root.glob(f"volumes/*/media/{registered['id']}/*.mp4")
    bundle = tmp_path / "bundle.zip"
    done = site.run("ledger", "prove", str(film), "--out", str(bundle))
    assert (done.returncode, "cli.not_rolled_up" in done.stderr) == (1, True)

    made = subprocess.run(
        [sys.executable, "-c", _ROLL_UP], env=site.environment, capture_output=True, text=True, check=True
    )
    assert made.stdout == "1\n"
    told = json.loads(site.run("ledger", "rollups", "--json").stdout)
    assert (told["number"], told["files"], told["waiting"], told["is_late"]) == (1, 1, 0, False)
    site.until(lambda: site.run("ledger", "prove", str(film), "--out", str(bundle)).returncode == 0)
    verifier = resources.files("mingjian.ledger").joinpath("standalone", "verify.py")
    proved = subprocess.run(
        [sys.executable, "-I", str(verifier), str(bundle)], capture_output=True, text=True, check=False
    )
    assert proved.returncode == 11, proved.stdout
    assert f"camera {registered['id']}" in proved.stdout
    assert f"media/{film.name}" in proved.stdout
