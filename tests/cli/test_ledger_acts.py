"""What is done to and with the ledger from the shell, on a whole system."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.cli import django_door
from mingjian.host.database import Role
from mingjian.host.home import Home
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


@contextmanager
def ledger_away(site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the ledger's door from every program for a while."""
    # The test session has a database of its own, which its environment names.
    monkeypatch.delenv("MINGJIAN_PG_HOST")
    home = Home(root=site.root, bind="127.0.0.1", port=site.port, media_port=site.media_port)
    roles = "public.ledger_append(bytea) {} mingjian_web, mingjian_streaming"
    with django_door.connect(home, Role.OWNER) as owner:
        owner.execute(f"REVOKE EXECUTE ON FUNCTION {roles.format('FROM')}")
        yield
        owner.execute(f"GRANT EXECUTE ON FUNCTION {roles.format('TO')}")


def test_without_the_ledger_nothing_is_exported_and_recording_goes_on(
    site: Any, gst_camera: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T24, as an administrator meets it."""
    camera = gst_camera(codec="h264", fps=20, gop=20)
    registered = register(site, camera.address, "away", password="")
    site.until(lambda: state_of(site, registered["id"])["recorded_today_s"] > 3)
    end_90k = SystemClock().utc() - TICKS_PER_S
    span = ["--from", ticks.to_iso(end_90k - 2 * TICKS_PER_S), "--to", ticks.to_iso(end_90k)]
    target = tmp_path / "out.mp4"
    with ledger_away(site, monkeypatch):
        assert site.run("export", registered["id"], *span, str(target)).returncode == 1
        assert list(tmp_path.iterdir()) == []
        recorded_s = state_of(site, registered["id"])["recorded_today_s"]
        site.until(lambda: state_of(site, registered["id"])["recorded_today_s"] > recorded_s + 1)
    assert site.run("export", registered["id"], *span, str(target)).returncode == 0
    assert site.run("camera", "remove", "away").returncode == 0


PASSWORD = "correct horse battery"


def entries(site: Any, kind: str) -> list[Any]:
    lines = site.run("ledger", "list", "--kind", kind, "--json").stdout.splitlines()
    return [json.loads(line) for line in lines]


def test_words_are_erased_by_two_of_tier_1_and_the_ledger_verifies(site: Any) -> None:
    for username, post in (("xunshi", "manager"), ("chuzhang", "principal"), ("moumou", "operator")):
        body = "city-campus-office" if post == "operator" else "security-office"
        done = site.run(
            "person", "add", username, "--name", username, "--post", post, "--body", body, typed=PASSWORD + "\n"
        )
        assert done.returncode == 0, done.stderr
    assert site.run("person", "suspend", "moumou", "--reason", "手机 13800000000 被盗").returncode == 0
    site.until(lambda: bool(entries(site, "people.account_suspended")))
    (told,) = entries(site, "people.account_suspended")
    assert told["facts"]["reason"] == "手机 13800000000 被盗"

    erase = ["ledger", "erase", str(told["seq"]), "--reason", "来函〔2026〕3号", "--proposer", "xunshi"]
    refused = site.run(*erase, "--ground", "purpose_achieved", "--decider", "chuzhang")
    assert (refused.returncode, "《网络安全法》第二十三条第三项" in refused.stderr) == (1, True)
    assert site.run(*erase, "--ground", "unlawful", "--decider", "xunshi").returncode == 1
    assert site.run(*erase, "--ground", "unlawful", "--decider", "nobody").returncode == 1
    assert entries(site, "people.account_suspended") == [told]

    done = site.run(*erase, "--ground", "unlawful", "--decider", "chuzhang")
    assert (done.returncode, done.stdout) == (0, "已清除 1 处文字。 Erased 1.\n"), done.stderr
    (kept,) = entries(site, "people.account_suspended")
    assert kept["facts"] == told["facts"] | {"reason": None}
    site.until(lambda: bool(entries(site, "ledger.text_erased")))
    (act,) = entries(site, "ledger.text_erased")
    assert (act["articles"], act["facts"]["ground"]) == (["PIPL.47"], "unlawful")
    site.until(lambda: site.run("ledger", "verify").returncode == 11)
    assert site.run("ledger", "erase", "999999999", *erase[3:], "--ground", "unlawful", "--decider", "chuzhang").stderr


def test_a_restored_database_starts_a_new_epoch_and_says_so(new_site: Any) -> None:
    running = new_site.start("up")
    new_site.wait_ready(running)
    new_site.until(lambda: json.loads(new_site.run("ledger", "verify", "--json").stdout)["signed_size"] > 0)
    new_site.stop(running)
    cluster, copy = new_site.root / "postgres", new_site.root / "copy"
    shutil.copytree(cluster, copy, symlinks=True)

    running = new_site.start("up")
    new_site.wait_ready(running)
    before = json.loads(new_site.run("ledger", "verify", "--json").stdout)["size"]
    assert new_site.run("person", "add", "lost", "--name", "x", typed=PASSWORD + "\n").returncode == 0
    new_site.until(lambda: json.loads(new_site.run("ledger", "verify", "--json").stdout)["signed_size"] > before)
    new_site.stop(running)

    owner = cluster.stat()
    shutil.rmtree(cluster)
    shutil.copytree(copy, cluster, symlinks=True)
    for path in (cluster, *cluster.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    running = new_site.start("up")
    new_site.wait_ready(running)
    new_site.until(lambda: new_site.run("ledger", "verify").returncode == 20)
    done = new_site.run("ledger", "new-epoch", "--reason", "硬盘损坏，由昨日副本恢复")
    assert (done.returncode, "第 2 段" in done.stdout) == (0, True), done.stderr
    new_site.stop(running)

    running = new_site.start("up")
    new_site.wait_ready(running)
    new_site.until(lambda: new_site.run("ledger", "verify").returncode == 11)
    told = json.loads(new_site.run("ledger", "verify", "--json").stdout)
    assert (told["shard"], told["findings"], "ledger.records_lost" in told["warnings"]) == (2, [], True)
    (declared,) = entries(new_site, "ledger.epoch_started")
    assert (declared["shard"], declared["facts"]["reason"]) == (2, "硬盘损坏，由昨日副本恢复")
    assert declared["facts"]["lost"][0]["shard"] == 1
    new_site.stop(running)
