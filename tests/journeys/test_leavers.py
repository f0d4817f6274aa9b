"""Somebody leaves the university while they look: the list lies in the folder, and the pictures stop."""

import time

import pytest


@pytest.fixture(scope="module")
def system(running_system):
    """A system of its own: whoever has left comes not back for the next test."""
    with running_system() as made:
        yield made


def test_pictures_stop_within_five_seconds_of_the_list_that_names_their_viewer(system, visit):
    seen = visit("zhang", "/wall/?layout=4")
    seen.wait_for(lambda: [player["state"] for player in seen.players()] == ["live"] * 4, within_s=40)
    folder = system.root / "leavers"
    draft = folder / "today.part"
    draft.write_text("用户名,离校日期\nzhang,2099-01-01\nnobody,2026-01-31\n", encoding="utf-8")
    draft.rename(folder / "bad.csv")
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    draft.write_text(f"用户名,离校日期\nzhang,{today}\n", encoding="utf-8")
    dropped = time.monotonic()
    draft.rename(folder / "today.csv")

    seen.wait_for(lambda: all(player["isBlank"] for player in seen.players()), within_s=8)

    stopped_after_s = seen.bytes_at[-1] - dropped
    print(f"last byte {stopped_after_s:.2f} s after the list")
    assert stopped_after_s < 5.0
    seen.wait_for(lambda: [path.name for path in folder.iterdir()] == ["results"], within_s=8)
    assert "ended=1" in (folder / "results" / "today.csv.txt").read_text(encoding="utf-8")
    assert "2 left_date" in (folder / "results" / "bad.csv.txt").read_text(encoding="utf-8")
