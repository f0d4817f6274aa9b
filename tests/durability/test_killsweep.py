"""A few points of the kill sweep; `./dev killsweep` has them all."""

from rigs import apart


def test_death_at_any_system_call_leaves_a_sound_volume():
    done = apart.run("killsweep", "--points", "25", timeout_s=150)

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "points 25 points PASS" in done.stdout
