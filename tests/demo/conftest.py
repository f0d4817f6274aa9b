"""A port per test for simulated cameras, and the whole demo once."""

import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def demo_site(site_maker: Any) -> Iterator[Any]:
    """A site that runs `mingjian demo`: eight simulated cameras, recorded; the accounts of `mingjian.demo.cast`."""
    site = site_maker()
    running = site.start("demo")
    try:
        site.wait_ready(running)
        yield site
    finally:
        site.stop(running)
        shutil.rmtree(site.root.parent)
