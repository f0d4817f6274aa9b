"""A volume's identity, its lock, and the copies that are refused."""

import os
import shutil
import subprocess
import sys

import pytest

from mingjian.base import ids
from mingjian.recordings import index as indexes
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.levels import VolumeLevel
from mingjian.recordings.volume import Volume


def keep_once(volume, memory, clock):
    with indexes.keeping(volume, memory=memory, host="test", epoch=1, clock=clock):
        pass


def test_create_refuses_a_directory_that_holds_a_volume(volume):
    with pytest.raises(RecordingsError, match="volume_exists"):
        Volume.create(volume.path, deployment_id=ids.new_id(), volume_id=ids.new_id(), budget_bytes=0)


@pytest.mark.parametrize("field", ["deployment_id", "volume_id"])
def test_open_refuses_the_volume_of_another(volume, field):
    names = {"deployment_id": volume.identity.deployment_id, "volume_id": volume.identity.volume_id}

    with pytest.raises(RecordingsError, match="volume_foreign"):
        Volume.open(volume.path, **(names | {field: ids.new_id()}))


def test_open_refuses_an_unreadable_identity(volume):
    (volume.path / "volume.json").write_bytes(b"{")

    with pytest.raises(RecordingsError, match="volume_foreign"):
        Volume.open(volume.path, deployment_id=volume.identity.deployment_id, volume_id=volume.identity.volume_id)


def test_open_refuses_a_read_only_file_system(volume, tmp_path):
    """A bind mount, remounted read-only, as an administrator or the kernel after an error leaves a disk."""
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    script = f"""
set -e
mount --bind {volume.path} {mounted}
mount -o remount,bind,ro {mounted}
{sys.executable} - <<'EOF'
from pathlib import Path
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.volume import Volume
try:
    Volume.open(Path({str(mounted)!r}), deployment_id={volume.identity.deployment_id!r},
                volume_id={volume.identity.volume_id!r})
except RecordingsError as error:
    print(error.code)
EOF
"""
    done = subprocess.run(
        ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script], capture_output=True, text=True, timeout=30
    )
    assert done.stdout.strip() == "recordings.volume_read_only", done.stderr


def test_keeper_is_alone(volume, memory, clock):
    with (
        indexes.keeping(volume, memory=memory, host="test", epoch=1, clock=clock),
        pytest.raises(RecordingsError, match="volume_locked") as raised,
    ):
        keep_once(volume, memory, clock)

    assert raised.value.facts["owner_pid"] == str(os.getpid())


def test_keeping_counts_opens_and_remembers_a_clean_end(volume, memory, clock):
    keep_once(volume, memory, clock)
    keep_once(volume, memory, clock)

    assert (volume.identity.opens, volume.identity.is_clean) == (2, True)


def test_an_older_copy_of_the_disk_is_refused(volume, memory, clock, tmp_path):
    keep_once(volume, memory, clock)
    shutil.copytree(volume.path, tmp_path / "copy")
    keep_once(volume, memory, clock)
    identity = volume.identity
    copy = Volume.open(tmp_path / "copy", deployment_id=identity.deployment_id, volume_id=identity.volume_id)

    with pytest.raises(RecordingsError, match="volume_old_copy"):
        keep_once(copy, memory, clock)


def reopened(volume, memory):
    identity = volume.identity
    return Volume.open(volume.path, deployment_id=identity.deployment_id, volume_id=identity.volume_id, memory=memory)


def test_a_copy_as_old_as_the_writers_own_look_is_refused(volume, memory, clock, tmp_path):
    """A writer opens a volume once and lets keepers come and go; the copy lies on the same file system."""
    keep_once(volume, memory, clock)
    of_writer = reopened(volume, memory)
    shutil.copytree(volume.path, tmp_path / "copy")
    keep_once(volume, memory, clock)
    of_writer.require_present()
    volume.path.rename(tmp_path / "away")
    (tmp_path / "copy").rename(volume.path)

    with pytest.raises(RecordingsError, match="volume_old_copy"):
        of_writer.require_present()


def test_a_writer_goes_on_when_the_hosts_memory_cannot_be_read(volume, memory, clock):
    keep_once(volume, memory, clock)
    of_writer = reopened(volume, memory)
    memory.unlink()
    # Reading this is an error of the system, as it is on a home whose disk fails.
    memory.mkdir()

    of_writer.require_present()


def test_an_older_copy_of_the_index_is_refused(volume, memory, clock, tmp_path):
    keep_once(volume, memory, clock)
    shutil.copy(volume.index_path, tmp_path / "index.db")
    keep_once(volume, memory, clock)
    shutil.copy(tmp_path / "index.db", volume.index_path)

    with pytest.raises(RecordingsError, match="volume_old_copy"):
        keep_once(volume, memory, clock)


def test_a_keeper_killed_between_identity_and_index_is_followed(volume, memory, clock):
    keep_once(volume, memory, clock)
    with volume.keep(memory=memory, index_opens=lambda: 1, write_index_opens=lambda _: None):
        identity = (volume.path / "volume.json").read_bytes()
    (volume.path / "volume.json").write_bytes(identity)

    keep_once(volume, memory, clock)

    assert volume.identity.opens == 3


def test_an_index_that_several_starts_in_a_row_could_not_open_is_no_older_copy(volume, memory, clock, monkeypatch):
    keep_once(volume, memory, clock)
    with monkeypatch.context() as broken:
        broken.setattr(indexes.Index, "open", refuse)
        for _ in range(3):
            with pytest.raises(RecordingsError, match="index_unreadable"):
                keep_once(volume, memory, clock)

    keep_once(volume, memory, clock)

    assert (volume.identity.opens, volume.identity.is_clean) == (5, True)


def refuse(*_, **__):
    raise RecordingsError("recordings.index_unreadable", path="", reason="the disk fails")


@pytest.mark.parametrize(
    ("used", "level"),
    [(899, VolumeLevel.ROOMY), (920, VolumeLevel.WARNING), (990, VolumeLevel.PRESSED), (1001, VolumeLevel.FULL)],
)
def test_level_follows_the_budget(tmp_path, used, level):
    made = Volume.create(tmp_path / "v", deployment_id=ids.new_id(), volume_id=ids.new_id(), budget_bytes=1000)

    assert made.level(used_bytes=used) is level
    assert made.excess_bytes(used_bytes=used) == max(0, used - 950)


def test_published_full_stops_new_recordings(studio):
    studio.volume.publish_level(VolumeLevel.FULL)

    with pytest.raises(RecordingsError, match="volume_full"):
        studio.start(at_90k=0)

    studio.volume.publish_level(VolumeLevel.PRESSED)
    studio.start(at_90k=0).writer.abandon()
