"""Every kind of page that somebody can reach by links: one address for each, so that no new page is forgotten."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page

# Ids in addresses: a UUID, a hash, a number; and the names of policy values, whose pages are all of one kind.
_ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|[0-9]+|(?<=/policies/)[A-Za-z0-9_]+)(?=/)")
_PLACEHOLDER = re.compile(r"<[^>]+>")
# A page that says what went wrong is seen on purpose elsewhere.
_LINKS = """() => [...document.querySelectorAll("a[href]")]
    .filter((link) => link.origin === location.origin).map((link) => link.pathname + link.search)"""


def shape_of(path: str) -> str:
    """Return a path with its ids taken out; a route's pattern and an address of it have the same shape."""
    return _PLACEHOLDER.sub("<>", _ID.sub("/<>", path))


@dataclass(frozen=True, slots=True)
class Crawl:
    """What was met: one address per shape, and links that lead nowhere, each with the page that has it."""

    pages: dict[str, str]
    dead: list[str]


def crawl(page: Page, *, base: str, starts: Iterable[str], skipped: Iterable[str] = ()) -> Crawl:
    """Follow links from the starts, one of each shape; pages are those that answered 200.

    `skipped` are beginnings of shapes that are no pages.
    """
    skipped = tuple(skipped)
    waiting = deque((address, "") for address in starts)
    seen, found, dead = set[str](), dict[str, str](), list[str]()
    while waiting:
        address, linked_from = waiting.popleft()
        path = urlsplit(address).path
        if shape_of(path) in seen or (skipped and shape_of(path).startswith(skipped)):
            continue
        seen.add(shape_of(path))
        answer = page.goto(f"{base}{address}", wait_until="domcontentloaded")
        if answer is None or answer.status != 200:
            if answer is not None and answer.status in {404, 500}:
                dead.append(f"{linked_from} links to {address}, which answers {answer.status}")
            continue
        arrived = urlsplit(page.url)
        shape = shape_of(arrived.path)
        seen.add(shape)
        found.setdefault(shape, arrived.path + (f"?{arrived.query}" if arrived.query else ""))
        waiting.extend((link, arrived.path) for link in page.evaluate(_LINKS))
    return Crawl(found, dead)
