"""A real system of its own per module, started by `mingjian up` as an administrator would."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def site(site_maker: Any) -> Iterator[Any]:
    """A site that runs `mingjian up`, cameras on the loopback allowed."""
    site = site_maker()
    site.extra = {"MINGJIAN_CAMERA_NETWORKS": "127.0.0.0/8", "MINGJIAN_CAMERA_PORTS": "554,1024-65535"}
    running = site.start("up")
    try:
        site.wait_ready(running)
        yield site
    finally:
        site.stop(running)
        shutil.rmtree(site.root.parent)
