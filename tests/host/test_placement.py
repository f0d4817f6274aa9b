"""Where the cluster goes when the data folder lies deep, or where the database's user may not go."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mingjian.host import placement
from mingjian.host.database import Role
from mingjian.host.home import Home
from mingjian.host.postgres import Cluster


def needs_root() -> None:
    assert os.geteuid() == 0, "this test needs root: it proves what a root start does"


def home_at(root: Path) -> Home:
    root.mkdir(parents=True, mode=0o711)
    return Home(root=root, bind="127.0.0.1", port=8000, media_port=8001)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anyone may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="mj-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def test_cluster_of_a_closed_folder_is_displaced_with_its_binaries(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_root()
    monkeypatch.setattr(placement, "_ELSEWHERE", open_folder / "elsewhere")
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    home = home_at(closed / "var")
    # As if the packages lay in the closed folder, too.
    installed = placement._installed_package()
    for part in (installed, installed.with_name(f"{installed.name}.libs")):
        shutil.copytree(part, closed / part.name, symlinks=True)
    monkeypatch.setattr(placement, "_installed_package", lambda: closed / installed.name)

    cluster = Cluster.of(home)

    assert cluster.placement.is_elsewhere
    assert not home.postgres.exists()
    assert closed not in cluster.placement.binaries.parents
    with cluster.running(), psycopg.connect(**cluster.address(Role.WEB).parameters()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert Cluster.of(home).placement == cluster.placement == placement.read(home)


def test_sockets_of_a_deep_folder_go_to_a_short_one_of_our_own(open_folder: Path) -> None:
    home = home_at(open_folder / ("deep" * 25))
    placed = placement.place(home)
    assert len(os.fsencode(placed.sockets)) <= placement.LONGEST_SOCKET_FOLDER
    assert placed.sockets.stat().st_mode & 0o777 == 0o700
    placed.sockets.rmdir()


def test_socket_folder_of_another_user_is_refused(open_folder: Path) -> None:
    needs_root()
    home = home_at(open_folder / ("deep" * 25))
    taken = placement.place(home).sockets
    os.chown(taken, 12345, 12345)
    with pytest.raises(placement.PlacementError) as caught:
        placement.place(home)
    assert caught.value.code == "host.socket_folder_taken"
    taken.rmdir()
