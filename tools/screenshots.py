"""`./dev screenshots`: the pages of a running demo as pictures, in both languages, wide and narrow.

Start `./run` first. Pictures go to screenshots/, which is not kept in the repository.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from mingjian.demo import cast
from mingjian.host.home import Home
from tools.browser import opened_browser

FOLDER = Path("screenshots")
SIZES = {"wide": (1600, 950), "narrow": (360, 780)}
SETTLE_MS = 4000

# Account, page, name of the picture; a path beginning with "a:" is a link to follow.
PAGES = (
    (None, "/sign-in/", "sign-in"),
    (cast.ON_SHIFT, "/", "home"),
    (cast.ON_SHIFT, "/wall/?layout=9", "wall"),
    (cast.ON_SHIFT, "/cameras/", "cameras"),
    (cast.ON_SHIFT, "/ledger/", "ledger"),
    (cast.ON_SHIFT, "/articles/", "articles"),
    (cast.ON_SHIFT, "/matrix/", "matrix"),
    (cast.APPLICANT, "/viewings/", "viewings"),
    (cast.APPLICANT, "a:/playback/", "playback"),
)


def main() -> int:
    """Take every picture; a page that answers with an error is named and fails the whole."""
    home = Home.from_environ()
    base = f"http://{home.bind}:{home.port}"
    FOLDER.mkdir(exist_ok=True)
    failed: list[str] = []
    with opened_browser() as browser:
        for language in ("zh-hans", "en"):
            for size in SIZES:
                failed += _round(browser, base, language=language, size=size)
    print(*failed, sep="\n", end="\n" if failed else "")
    return 1 if failed else 0


def _round(browser: Browser, base: str, *, language: str, size: str) -> list[str]:
    width, height = SIZES[size]
    failed = []
    for account in dict.fromkeys(account for account, _, _ in PAGES):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.add_cookies([{"name": "mingjian_language", "value": language, "url": base}])
        page = context.new_page()
        if account is not None:
            _sign_in(page, base, account)
        for owner, path, name in PAGES:
            if owner is account and not _take(page, base, path, FOLDER / f"{name}-{size}-{language}.png"):
                failed.append(f"{name} {size} {language}")
        context.close()
    return failed


def _sign_in(page: Page, base: str, account: cast.Account) -> None:
    page.goto(f"{base}/sign-in/")
    page.fill("input[name=username]", account.username)
    page.fill("input[name=password]", cast.PASSWORD)
    page.click("main button, form.card button")
    page.wait_for_url(f"{base}/")


def _take(page: Page, base: str, path: str, target: Path) -> bool:
    if path.startswith("a:"):
        link = page.locator(f"a[href^='{path[2:]}']").first.get_attribute("href")
        path = link or "/"
    answer = page.goto(base + path)
    page.wait_for_timeout(SETTLE_MS if ("wall" in path or "playback" in path) else 200)
    page.screenshot(path=str(target), full_page=True)
    return answer is not None and answer.ok


if __name__ == "__main__":
    os.environ.setdefault("MINGJIAN_HOME", "var")
    sys.exit(main())
