"""Power cuts on loop disks: nothing acknowledged is lost, and a rig that would not notice a known bug is no rig."""

import pytest

from rigs import apart


def told(done):
    return f"{done.stdout}\n{done.stderr}"


def test_power_cuts_lose_nothing_that_was_acknowledged_and_little_else():
    done = apart.run("powercut", "--cuts", "20", timeout_s=200)

    assert done.returncode == 0, told(done)
    assert "cuts 20 cuts PASS" in done.stdout


@pytest.mark.parametrize("bug", ["no_file_sync", "row_before_file", "synchronous_normal"])
def test_power_cuts_show_a_bug_that_was_planted(bug):
    done = apart.run("powercut", "--cuts", "3", "--disks", "3", "--seeded", bug, timeout_s=100)

    assert done.returncode == 0, told(done)
