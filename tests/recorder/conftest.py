"""A host in a temporary folder whose recorder processes really run."""

import contextlib
from collections.abc import Iterator

import pytest

from mingjian.host.home import Home
from rigs.site import Site


@pytest.fixture
def site(home: Home) -> Iterator[Site]:
    with contextlib.ExitStack() as processes:
        yield Site(home, processes)
