"""A cluster of its own for tests that kill or spoil it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingjian.host.home import Home
from mingjian.host.postgres import Cluster


@pytest.fixture
def postgres_home() -> Iterator[Cluster]:
    """A fresh cluster, not running, in a short folder that its run-as user may pass through."""
    root = Path(tempfile.mkdtemp(prefix="mj-"))
    root.chmod(0o711)
    yield Cluster.of(Home(root=root, bind="127.0.0.1", port=8000, media_port=8001))
    shutil.rmtree(root)
