"""The browser of tests and screenshots: Debian's Chromium without its window.

The headless shell is the same engine and the same decoders (H.264, no H.265) without the browser's own windows and
toolbars, which are pages too since Chromium 150 and now and then keep a new page from ever answering.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

EXECUTABLE = "/usr/bin/chromium-headless-shell"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Yield a browser of its own process; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
