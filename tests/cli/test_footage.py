"""From `mingjian camera add` to an exported file, with cameras nobody here wrote."""

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S

PASSWORD = "pa ss:wörd"


def register(site: Any, address: str, name: str, *more: str, password: str = PASSWORD) -> Any:
    words = [
        "camera",
        "add",
        address,
        "--name",
        name,
        "--campus",
        "shinei",
        "--building",
        "B",
        "--owner",
        "city-campus-office",
        "--json",
    ]
    done = site.run(*words, *more, typed=password + "\n")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def newest_export(site: Any) -> Any:
    lines = site.run("ledger", "list", "--kind", "recordings.exported", "--json").stdout.splitlines()
    return json.loads(lines[0]) if lines else {"subject": ""}


def state_of(site: Any, camera_id: str) -> Any:
    return next((told for told in site.json("status")["cameras"] if told["id"] == camera_id), {"state": "unknown"})


@pytest.mark.parametrize("codec", ["h264", "h265", "mjpeg"])
def test_camera_with_digest_is_recorded_within_five_seconds_and_exported(
    site: Any, gst_camera: Any, tmp_path: Path, codec: str
) -> None:
    camera = gst_camera(codec=codec, user="admin", password=PASSWORD, fps=20, gop=20)
    registered = register(site, camera.address, f"camera {codec}", "--user", "admin")
    registered_90k = SystemClock().utc()
    site.until(lambda: state_of(site, registered["id"])["state"] == "recording")
    started_90k = ticks.parse_iso(state_of(site, registered["id"])["run_started_at"])
    assert started_90k - registered_90k < 5 * TICKS_PER_S
    site.until(lambda: state_of(site, registered["id"])["recorded_today_s"] > 7)

    told = state_of(site, registered["id"])
    assert (told["codec"], told["width"], told["height"]) == (codec, 640, 360)
    assert told["last_sample_age_s"] < 2
    is_dear = codec == "mjpeg"
    assert told["detours"] == ["mjpeg"] * is_dear
    assert ("走兼容通道的摄像机 1 台" in site.run("status").stdout) is is_dear
    end_90k = SystemClock().utc() - TICKS_PER_S
    start_90k = end_90k - 5 * TICKS_PER_S
    span = ["--from", ticks.to_iso(start_90k), "--to", ticks.to_iso(end_90k)]
    covered = site.json("coverage", registered["id"], *span)
    assert [run["duration_s"] for run in covered["runs"]] == [pytest.approx(5.0, abs=0.1)]
    assert covered["gaps"] == []

    target = tmp_path / "out.mp4"
    done = site.run("export", registered["id"], *span, str(target))
    assert done.returncode == 0, done.stderr
    played = probe(target)
    assert played["codec_name"] == {"h265": "hevc"}.get(codec, codec)
    # The span opens inside a group of pictures and is cut to begin at its next sync sample.
    assert 4.0 <= float(played["duration"]) <= 5.1
    assert int(played["nb_read_frames"]) == pytest.approx(float(played["duration"]) * 20, abs=1)
    # An act enters the tree within about a second.
    site.until(lambda: newest_export(site)["subject"] == f"camera:{registered['id']}")
    entry = newest_export(site)
    site.until(lambda: newest_export(site)["is_signed"])
    bundle = target.with_suffix(".zip")
    assert site.run("ledger", "prove", str(target), "--out", str(bundle)).returncode == 0
    verifier = resources.files("mingjian.ledger").joinpath("standalone", "verify.py")
    proved = subprocess.run([sys.executable, "-I", str(verifier), str(bundle)], capture_output=True, check=False)
    assert proved.returncode == 11, proved.stdout
    assert entry["facts"]["samples"] == int(played["nb_read_frames"])

    assert site.run("export", registered["id"], *span, str(target)).returncode == 1
    assert site.json("check")["findings"] == []
    assert site.json("check", "--hashes")["findings"] == []
    assert site.run("camera", "remove", registered["id"]).returncode == 0


def test_camera_with_a_wrong_password_is_told_so(site: Any, gst_camera: Any) -> None:
    camera = gst_camera(codec="h264", user="admin", password=PASSWORD)
    registered = register(site, camera.address, "locked", "--user", "admin", password="guess")
    site.until(lambda: state_of(site, registered["id"])["state"] == "unauthorized")
    listed = site.run("camera", "list", "--json").stdout
    assert "locked" in listed and "guess" not in listed
    assert site.run("camera", "remove", "locked").returncode == 0


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1/x", "registry.address_scheme"),
        ("rtsp://admin:secret@127.0.0.1/x", "registry.address_user_info"),
        ("rtsp://192.0.2.7/x", "registry.network_not_allowed"),
        ("rtsp://127.0.0.1:22/x", "registry.port_not_allowed"),
        ("rtsp://no.such.host.invalid/x", "registry.host_not_found"),
    ],
)
def test_camera_add_refuses_an_address_with_its_reason(site: Any, address: str, code: str) -> None:
    words = [
        "camera",
        "add",
        address,
        "--name",
        "N",
        "--campus",
        "shinei",
        "--building",
        "B",
        "--owner",
        "city-campus-office",
    ]
    done = site.run(*words)
    assert done.returncode == 1
    assert f"错误码 {code}" in done.stderr and f"[{code}]" in done.stderr
    assert "secret" not in done.stderr


def test_grant_is_refused_outside_a_demo(site: Any) -> None:
    done = site.run("grant", "x", "y", "--from", "2026-01-01T00:00:00", "--to", "2026-01-01T01:00:00")
    assert (done.returncode, "[cli.only_demo]" in done.stderr) == (1, True)


def test_ledger_verifies_and_lists_what_the_shell_did(site: Any) -> None:
    def verified() -> Any:
        done = site.run("ledger", "verify", "--json")
        assert done.returncode == 11, done.stderr
        return json.loads(done.stdout)

    site.until(lambda: verified()["pending"] == 0)
    verdict = verified()
    assert verdict["outcome"] == "UNANCHORED"
    assert verdict["findings"] == []
    kinds = {json.loads(line)["kind"] for line in site.run("ledger", "list", "--json").stdout.splitlines()}
    assert "registry.camera_registered" in kinds


def test_account_is_opened_with_a_typed_password_and_only_once(site: Any) -> None:
    words = ["person", "add", "chen", "--name", "陈操作", "--post", "operator", "--body", "city-campus-office"]
    assert site.run(*words, typed="long enough words\n").returncode == 0
    again = site.run(*words, typed="long enough words\n")
    assert (again.returncode, "[people.username_taken]" in again.stderr) == (1, True)
    short = site.run("person", "add", "wu", "--name", "吴", typed="short\n")
    assert "[people.short_password]" in short.stderr


def probe(file: Path) -> Any:
    command = ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-of", "json"]
    command += ["-show_entries", "stream=codec_name,duration,nb_read_frames", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)["streams"][0]
