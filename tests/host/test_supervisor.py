"""The supervisor, run as a real process over real children: order, revival, and that nothing survives it."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mingjian.base.clock import SystemClock
from mingjian.host import instance, process, supervisor
from mingjian.host.home import Home
from mingjian.host.instance import InstanceError
from mingjian.host.process import ProcessSpec, Stage
from mingjian.host.supervisor import Supervisor, SupervisorError

PATIENCE_S = 10.0

CHILD = """
import signal, sys, time, pathlib
name, diary = sys.argv[1], pathlib.Path(sys.argv[2])
def leave(*_):
    with diary.open("a") as file: file.write(f"{name} stops\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
with diary.open("a") as file: file.write(f"{name} starts\\n")
pathlib.Path(f"{diary}.{name}").touch()
while True: time.sleep(60)
"""

SUPERVISOR = """
import sys
from pathlib import Path
from mingjian.base.clock import SystemClock
from mingjian.host.home import Home
from mingjian.host.process import ProcessSpec, Stage
from mingjian.host.supervisor import Supervisor
root, diary, child = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
home = Home(root=root, bind="127.0.0.1", port=1, media_port=2)
def spec(name, stage):
    return ProcessSpec(name, stage, (sys.executable, "-c", child, name, diary), Path(f"{diary}.{name}").exists)
specs = [spec("web", Stage.WEB), spec("keeper", Stage.KEEPER), spec("worker", Stage.WORKER)]
with Supervisor(home=home, clock=SystemClock()) as supervisor:
    supervisor.start(specs)
    print("ready", flush=True)
    supervisor.watch(lambda: specs)
"""


def until(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, "waited too long"
        time.sleep(0.02)


def child_spec(tmp_path: Path, name: str, stage: Stage, code: str = CHILD) -> ProcessSpec:
    diary = tmp_path / "diary"
    command = (sys.executable, "-c", code, name, str(diary))
    return ProcessSpec(name=name, stage=stage, command=command, is_ready=Path(f"{diary}.{name}").exists)


def processes(home: Home) -> dict[str, dict[str, object]]:
    facts = json.loads((home.sockets / "processes.json").read_text())
    return {entry["name"]: entry for entry in facts["processes"]}


def pid_of(home: Home, name: str) -> int:
    pid = processes(home)[name]["pid"]
    assert isinstance(pid, int)
    return pid


@pytest.fixture
def supervising(home: Home, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A supervisor of three children in a process of its own, ready."""
    command = [sys.executable, "-c", SUPERVISOR, str(home.root), str(tmp_path / "diary"), CHILD]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    yield running
    running.kill()
    running.wait()
    running.stdout.close()


@pytest.mark.parametrize("asked_by", [signal.SIGTERM, signal.SIGINT])
def test_supervisor_stops_viewing_before_recording(
    supervising: "subprocess.Popen[str]", home: Home, tmp_path: Path, asked_by: signal.Signals
) -> None:
    supervising.send_signal(asked_by)

    assert supervising.wait(timeout=PATIENCE_S) == 0
    lines = (tmp_path / "diary").read_text().splitlines()
    assert sorted(lines[:3]) == ["keeper starts", "web starts", "worker starts"]
    assert lines[3:] == ["web stops", "worker stops", "keeper stops"]
    assert not (home.sockets / "processes.json").exists()


def test_killed_child_is_back_at_once(supervising: "subprocess.Popen[str]", home: Home) -> None:
    before = pid_of(home, "worker")
    killed_at_s = time.monotonic()
    os.kill(before, signal.SIGKILL)

    until(lambda: processes(home)["worker"]["pid"] not in (before, None))

    assert time.monotonic() - killed_at_s < 1.0
    assert processes(home)["worker"]["restarts"] == 1


def test_no_child_survives_a_supervisor_killed_hard(supervising: "subprocess.Popen[str]", home: Home) -> None:
    pids = [pid_of(home, name) for name in ("keeper", "worker", "web")]
    supervising.kill()
    until(lambda: all(process.birth_of(pid) is None for pid in pids))


def test_leftover_process_is_ended_and_a_reused_pid_spared(home: Home, tmp_path: Path) -> None:
    left = process.spawn(child_spec(tmp_path, "left", Stage.WEB), log=home.logs / "left.log")
    other = process.spawn(child_spec(tmp_path, "other", Stage.WEB), log=home.logs / "other.log")
    until(lambda: Path(f"{tmp_path / 'diary'}.left").exists())
    state = [
        {"name": "left", "pid": left.pid, "birth": process.birth_of(left.pid)},
        {"name": "other", "pid": other.pid, "birth": 1},
    ]
    state_file = home.sockets / "processes.json"
    state_file.write_text(json.dumps({"processes": state}))

    supervisor.end_leftovers(state_file)

    assert left.wait(timeout=PATIENCE_S) == 0
    assert other.poll() is None
    other.kill()
    other.wait()


def test_start_names_the_process_that_ends_and_its_last_words(home: Home, tmp_path: Path) -> None:
    spec = child_spec(tmp_path, "web", Stage.WEB, code="raise SystemExit('the disk is made of cheese')")
    with Supervisor(home=home, clock=SystemClock()) as running, pytest.raises(SupervisorError) as caught:
        running.start([spec])
    assert caught.value.code == "host.process_ended"
    assert caught.value.facts["process"] == "web"
    assert caught.value.facts["last_words"] == "the disk is made of cheese"


def test_start_goes_on_without_what_is_not_vital_and_tells_it(home: Home, tmp_path: Path) -> None:
    broken = child_spec(tmp_path, "keeper", Stage.KEEPER, code="raise SystemExit('no disk')")
    broken = dataclasses.replace(broken, is_vital=False)
    web = child_spec(tmp_path, "web", Stage.WEB)
    with Supervisor(home=home, clock=SystemClock()) as running:
        troubles = running.start([broken, web])
        assert processes(home)["web"]["state"] == "running"
    assert [trouble.facts["process"] for trouble in troubles] == ["keeper"]


def test_child_that_ignores_the_request_is_killed(home: Home, tmp_path: Path) -> None:
    stubborn = CHILD.replace("signal.signal(signal.SIGTERM, leave)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    spec = child_spec(tmp_path, "web", Stage.WEB, code=stubborn)
    spec = dataclasses.replace(spec, stop_timeout_s=0.1)
    with Supervisor(home=home, clock=SystemClock()) as running:
        running.start([spec])
        pid = pid_of(home, "web")
    assert process.birth_of(pid) is None


def test_log_is_bounded_and_its_last_part_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * process.LARGEST_LOG_BYTES)
    process.bound_log(log)
    assert log.stat().st_size == 0
    assert (tmp_path / "web.log.1").stat().st_size == process.LARGEST_LOG_BYTES


def test_second_instance_is_refused_naming_the_first(home: Home) -> None:
    clock = SystemClock()
    with instance.only_one(home=home, clock=clock):
        with pytest.raises(InstanceError) as caught, instance.only_one(home=home, clock=clock):
            pass
    assert caught.value.code == "host.already_running"
    assert caught.value.facts["pid"] == os.getpid()
    assert not instance.lock_path(home).exists()


def test_lock_left_by_a_killed_instance_is_taken_over(home: Home) -> None:
    instance.lock_path(home).write_text('{"pid": 1, "since": "2020-01-01"}')
    with instance.only_one(home=home, clock=SystemClock()):
        assert json.loads(instance.lock_path(home).read_text())["pid"] == os.getpid()


def test_what_dies_while_others_come_up_is_back_before_they_are_ready(home: Home, tmp_path: Path) -> None:
    keeper = child_spec(tmp_path, "keeper", Stage.KEEPER)
    killed: list[int] = []

    def is_ready() -> bool:
        if not killed and Path(f"{tmp_path / 'diary'}.keeper").exists():
            killed.append(pid_of(home, "keeper"))
            os.kill(killed[0], signal.SIGKILL)
        return bool(killed) and processes(home)["keeper"]["pid"] not in (killed[0], None)

    web = dataclasses.replace(child_spec(tmp_path, "web", Stage.WEB), is_ready=is_ready)
    with Supervisor(home=home, clock=SystemClock()) as running:
        running.start([keeper, web])
        assert processes(home)["keeper"]["restarts"] == 1


def test_what_was_not_ready_stays_and_may_be_waited_for_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "READY_TIMEOUT_S", 0.2)
    late = tmp_path / "late"
    clerk = dataclasses.replace(child_spec(tmp_path, "clerk", Stage.CLERK), is_ready=late.exists)
    with Supervisor(home=home, clock=SystemClock()) as running:
        with pytest.raises(SupervisorError) as caught:
            running.start([clerk])
        assert caught.value.code == "host.process_not_ready"
        running.watch_for(lambda: [clerk], seconds=0.1)
        late.touch()
        assert running.wait_ready([clerk]) == []
        assert processes(home)["clerk"]["restarts"] == 0
