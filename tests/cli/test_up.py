"""Starting and stopping the real thing: refusals name what to change, and the end leaves nothing behind."""

import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

from mingjian.host import process


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_start_is_refused_when_a_port_is_taken(new_site: Any) -> None:
    with socket.create_server(("127.0.0.1", new_site.media_port)):
        done = new_site.run("up")
    assert done.returncode == 1
    assert "MINGJIAN_MEDIA_PORT" in done.stderr
    assert "[host.port_taken]" in done.stderr
    assert names(new_site.root) == set()


def test_second_start_is_refused_naming_the_first(site: Any) -> None:
    done = site.run("up")
    assert done.returncode == 1
    assert "[host.already_running]" in done.stderr
    supervisor = (site.root / "mingjian.lock").read_text()
    assert str(site.root) in done.stderr and f"process {_pid(supervisor)} since" in done.stderr


def test_demo_is_refused_on_a_real_home(site: Any) -> None:
    done = site.run("demo")
    assert done.returncode == 1
    assert "[host.home_is_real]" in done.stderr


def test_demo_is_refused_off_the_loopback(new_site: Any) -> None:
    new_site.extra = {"MINGJIAN_BIND": "0.0.0.0"}
    done = new_site.run("demo")
    assert (done.returncode, names(new_site.root)) == (1, set())
    assert "[cli.demo_exposed]" in done.stderr


def test_commands_say_that_there_is_no_system_yet(new_site: Any) -> None:
    for words in (["status"], ["camera", "list"], ["ledger", "verify"], ["check"]):
        done = new_site.run(*words)
        assert done.returncode == 1
        assert "[host.not_founded]" in done.stderr


def test_secrets_of_a_fresh_home_are_its_own_and_closed(site: Any) -> None:
    secrets = site.root / "secrets"
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o600}
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert site.root.stat().st_mode & 0o006 == 0


def test_stop_leaves_nothing_and_a_missing_volume_is_told(new_site: Any) -> None:
    running = new_site.start("up")
    said = new_site.wait_ready(running)
    assert f"http://127.0.0.1:{new_site.port}/" in said
    assert {"postgres", "clerk", "streaming", "web", "recorder-worker-0"} <= set(new_site.processes())
    stop_and_see_nothing_left(new_site, running, signal.SIGINT)

    volume = next((new_site.root / "volumes").iterdir())
    away = new_site.root / "away"
    volume.rename(away)
    running = new_site.start("up")
    said = new_site.wait_ready(running)
    assert "recordings.volume_missing" in said
    assert str(volume) in said
    assert not volume.exists()

    away.rename(volume)
    new_site.until((new_site.root / "run" / f"k-{volume.name[:8]}.sock").exists)
    stop_and_see_nothing_left(new_site, running, signal.SIGTERM)


def test_recording_goes_on_when_the_database_cannot_start_and_pages_come_once_it_can(new_site: Any) -> None:
    running = new_site.start("up")
    new_site.wait_ready(running)
    stop_and_see_nothing_left(new_site, running, signal.SIGTERM)
    version = new_site.root / "postgres" / "PG_VERSION"
    right = version.read_text()
    version.write_text("9\n")

    running = new_site.start("up")
    said = new_site.wait_for(running, "Recording goes on")
    assert "[host.postgres_version]" in said
    new_site.until(lambda: (new_site.root / "run" / "state-w0.json").exists())
    assert {name.rpartition("-")[0] for name in new_site.processes()} == {"recorder-keeper", "recorder-worker"}

    version.write_text(right)
    new_site.wait_ready(running)
    assert {"postgres", "clerk", "streaming", "web"} <= set(new_site.processes())
    stop_and_see_nothing_left(new_site, running, signal.SIGTERM)


def stop_and_see_nothing_left(site: Any, running: "subprocess.Popen[str]", asked_by: signal.Signals) -> None:
    born = {pid: process.birth_of(pid) for pid in site.processes().values()}
    running.send_signal(asked_by)
    running.communicate(timeout=30)
    assert running.returncode == 0
    assert [pid for pid, birth in born.items() if birth is not None and process.birth_of(pid) == birth] == []
    assert not (site.root / "mingjian.lock").exists()
    assert not list((site.root / "pg").glob(".s.*"))


def _pid(note: str) -> str:
    return note.partition('"pid": ')[2].partition(",")[0]
