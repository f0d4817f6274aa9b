"""A door that can be seen can be knocked at."""

import socket
import threading
from pathlib import Path

import pytest

from mingjian.host import unix_door

ROUNDS = 200


def knock(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(str(path))


def test_whoever_sees_the_path_is_let_in(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    turned_away: list[OSError] = []
    for _ in range(ROUNDS):
        path.unlink(missing_ok=True)

        def wait_and_knock() -> None:
            while not path.is_socket():
                pass
            try:
                knock(path)
            except OSError as error:
                turned_away.append(error)

        visitor = threading.Thread(target=wait_and_knock)
        visitor.start()
        with unix_door.listening(path, backlog=1):
            visitor.join()
    assert turned_away == []


def test_the_place_of_a_dead_door_is_taken_and_the_door_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    for name in ("s.sock", "s.new"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
            left.bind(str(tmp_path / name))
    with pytest.raises(ConnectionRefusedError):
        knock(path)
    with unix_door.listening(path, backlog=1):
        knock(path)
        assert path.stat().st_mode & 0o777 == 0o600
        assert [one.name for one in tmp_path.iterdir()] == ["s.sock"]


def test_a_door_that_cannot_be_opened_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    path.mkdir()
    with pytest.raises(OSError, match=r"s\.sock"):
        unix_door.listening(path, backlog=1)
    assert [one.name for one in tmp_path.iterdir()] == ["s.sock"]
