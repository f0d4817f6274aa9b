"""A few disks that fail under real recording; `./dev faults` has them all."""

import pytest

from rigs import apart


@pytest.mark.parametrize("name", ["power_gone", "full", "sync_fails"])
def test_a_failing_disk_costs_no_camera_a_second(name):
    done = apart.run("faults", name, timeout_s=90)

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_a_keeper_starts_and_deletes_on_a_disk_without_a_byte_or_a_name_left():
    done = apart.run("faults", "brimful", "brimful_no_inodes", "brimful_reserved", timeout_s=90)

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
