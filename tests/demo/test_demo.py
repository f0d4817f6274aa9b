"""`mingjian demo` on a fresh folder: eight cameras recorded, accounts that differ, everything labelled."""

from typing import Any

from mingjian.demo import cast
from mingjian.demo.scenes import SCENES


def test_demo_records_all_eight_cameras(demo_site: Any) -> None:
    demo_site.until(
        lambda: [camera["state"] for camera in demo_site.json("status")["cameras"]] == ["recording"] * len(SCENES)
    )
    told = {camera["name"]: camera for camera in demo_site.json("status")["cameras"]}
    assert set(told) == {scene.name for scene in SCENES}
    assert {name: camera["codec"] for name, camera in told.items()} == {s.name: s.codec.value for s in SCENES}
    assert all(camera["last_sample_age_s"] < 3 for camera in told.values())


def test_demo_is_labelled_and_bounded(demo_site: Any) -> None:
    volumes = demo_site.json("volume", "list")
    assert sum(volume["budget_bytes"] for volume in volumes) < 5_000_000_000
    plan = (demo_site.root / "plan" / "plan.json").read_text()
    assert '\\"is_demo\\":true' in plan.replace(" ", "")


def test_applicant_may_play_and_the_shell_may_grant_more(demo_site: Any) -> None:
    camera = demo_site.json("camera", "list")[0]
    words = ["grant", cast.APPLICANT.username, camera["id"], "--from", "2026-01-01T00:00:00"]
    issued = demo_site.json(*words, "--to", "2026-01-01T01:00:00")
    assert demo_site.run("revoke", issued["session"]).returncode == 0
    again = demo_site.run("revoke", issued["session"])
    assert (again.returncode, "[viewing.not_open]" in again.stderr) == (1, True)


def test_real_start_is_refused_on_a_demo_home(demo_site: Any) -> None:
    done = demo_site.run("up")
    assert (done.returncode, "[host.home_is_demo]" in done.stderr) == (1, True)
