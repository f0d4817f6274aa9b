"""`./dev screenshots`: every page of a running demo, for every account, as pictures, and the same pages printed.

Start `./run` first. Pages are found by following links, so a new page is in the pictures by itself. Everything goes to
screenshots/, which is not kept in the repository; open index.html there. `./dev screenshots zhang wang` takes these
accounts alone; `--quick` one look of each page. A page is taken in all eight looks once, and in two more for everybody
else who can open it: a few minutes in all.
"""

import argparse
import html
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, PdfMargins, StorageState
from playwright.sync_api import Error as BrowserError

from mingjian.demo import cast
from mingjian.host.home import Home
from tools.browser import opened_browser
from tools.crawling import crawl, shape_of

FOLDER = Path("screenshots")
LANGUAGES = ("zh-hans", "en")
THEMES = ("light", "dark")
WIDTHS = (1440, 390)
# Narrower than any phone of today: nothing may scroll sideways here.
NARROWEST = 360
STARTS = ("/", "/search/?q=1")
NOWHERE = "/nowhere/"
SKIPPED = ("/static/", "/api/", "/healthz", "/viewings/<>/attachments/", "/viewing-desk/<>/attachments/")
# Pictures of live view and playback come by themselves, after the page.
SETTLE_MS = {"/wall/": 3000, "/playback/<>/": 3000, "/viewing-sessions/<>/": 3000}
QUIET_MS = 150
WORKERS = 2
NOBODY = "nobody"
HEIGHT = 900
LONGEST_WAIT_MS = 20_000


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    language: str
    theme: str
    width: int


ALL_LOOKS = tuple(Look(*each) for each in product(LANGUAGES, THEMES, WIDTHS))
OPPOSITE_LOOKS = (Look("zh-hans", "light", 1440), Look("en", "dark", 390))
QUICK_LOOKS = OPPOSITE_LOOKS[:1]


@dataclass(frozen=True, slots=True)
class Walk:
    """What one account can open: the browser's state once signed in, and an address per shape."""

    account: str
    state: StorageState
    pages: dict[str, str]
    dead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A page to be taken, and in which looks."""

    path: str
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """One page of one account, and its files; `troubles` are what a look at it alone would not show."""

    account: str
    path: str
    files: tuple[str, ...]
    troubles: tuple[str, ...]


def main() -> int:
    """Take every picture; a page that answers with an error or is too wide is named and fails the whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("accounts", nargs="*", help="only these accounts of the demo")
    parser.add_argument("--quick", action="store_true", help="Chinese, light, wide only")
    arguments = parser.parse_args()
    home = Home.from_environ()
    base = f"http://{home.bind}:{home.port}"
    wanted = arguments.accounts or [NOBODY, *(account.username for account in cast.ACCOUNTS)]
    begun_s = time.monotonic()
    FOLDER.mkdir(exist_ok=True)
    with ProcessPoolExecutor(WORKERS) as workers:
        walks = []
        for walk in workers.map(_walk, wanted, [base] * len(wanted)):
            _tell(begun_s, f"{walk.account}: {len(walk.pages)} pages found")
            walks.append(walk)
        jobs = [
            workers.submit(_take_all, walk, visits, base)
            for walk, visits in _visits(walks, every=QUICK_LOOKS if arguments.quick else ALL_LOOKS)
        ]
        taken: list[Taken] = []
        for place, job in enumerate(as_completed(jobs), start=1):
            of_account = job.result()
            _tell(begun_s, f"{place}/{len(jobs)} {of_account[0].account}: {len(of_account)} pages taken")
            taken += of_account
    taken.sort(key=lambda one: (wanted.index(one.account), one.path))
    taken += [Taken(walk.account, "links", (), walk.dead) for walk in walks if walk.dead]
    (FOLDER / "index.html").write_text(_sheet(taken), encoding="utf-8")
    troubles = [f"{one.account} {one.path}: {trouble}" for one in taken for trouble in one.troubles]
    print(*troubles, f"{sum(len(one.files) for one in taken)} files, {FOLDER / 'index.html'}", sep="\n")
    return 1 if troubles else 0


def _tell(begun_s: float, words: str) -> None:
    print(f"{time.monotonic() - begun_s:4.0f} s  {words}", flush=True)


def _walk(username: str, base: str) -> Walk:
    """Sign one account in and find every page it can open."""
    with opened_browser() as browser:
        context = _context(browser, None)
        page = context.new_page()
        if username != NOBODY:
            _sign_in(page, base, username)
        starts = ("/sign-in/",) if username == NOBODY else STARTS
        crawled = crawl(page, base=base, starts=starts, skipped=SKIPPED)
        return Walk(username, context.storage_state(), crawled.pages, tuple(crawled.dead))


def _visits(walks: Iterable[Walk], *, every: tuple[Look, ...]) -> Iterator[tuple[Walk, list[Visit]]]:
    """Share the looks out: a page in every look with the first who can open it, in two opposite ones with the others.

    What a capacity changes on a page is seen in any look; what a look changes, in any capacity.
    """
    met: set[str] = set()
    for walk in walks:
        visits = []
        for shape, path in (walk.pages | {NOWHERE: NOWHERE}).items():
            looks = every if shape not in met else tuple(look for look in every if look in OPPOSITE_LOOKS)
            visits.append(Visit(path, looks))
            met.add(shape)
        yield walk, visits


def _take_all(walk: Walk, visits: Iterable[Visit], base: str) -> list[Taken]:
    with opened_browser() as browser:
        context = _context(browser, walk.state)
        return [_take(context, base, walk.account, visit) for visit in visits]


def _context(browser: Browser, state: StorageState | None) -> BrowserContext:
    """Open a context in which nothing is waited for without end."""
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce", storage_state=state)
    context.set_default_timeout(LONGEST_WAIT_MS)
    return context


def _sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", cast.PASSWORD)
    page.click("main button")
    page.wait_for_load_state()
    if "/capacity/" in page.url:
        page.click("main button")
        page.wait_for_load_state()


def _take(context: BrowserContext, base: str, username: str, visit: Visit) -> Taken:
    """Take one page in its looks, and print it. It is loaded once per language: theme and size change in place."""
    shape = shape_of(urlsplit(visit.path).path)
    stem = "-".join(part for part in (username, *shape.replace("<>", "id").split("/")) if part)
    files: list[str] = []
    troubles: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    try:
        for language, looks in groupby(visit.looks, key=lambda look: look.language):
            context.add_cookies([{"name": "mingjian_language", "value": language, "url": base}])
            page.set_viewport_size({"width": max(WIDTHS), "height": HEIGHT})
            # Pictures keep coming on a wall: such a page is never idle, and need not be.
            answer = page.goto(f"{base}{visit.path}", wait_until="load")
            if answer is None or answer.status >= 500:
                troubles.append(f"answers {answer and answer.status}")
            page.wait_for_timeout(SETTLE_MS.get(shape, QUIET_MS))
            for look in looks:
                page.evaluate("theme => { document.documentElement.dataset.theme = theme }", look.theme)
                page.set_viewport_size({"width": look.width, "height": HEIGHT})
                files.append(f"{stem}-{language}-{look.theme}-{look.width}.png")
                page.screenshot(path=str(FOLDER / files[-1]), full_page=True)
            troubles += _width_trouble(page, language)
            page.emulate_media(media="print")
            files.append(f"{stem}-{language}.pdf")
            page.pdf(path=str(FOLDER / files[-1]), format="A4", landscape=True, margin=_MARGIN)
            page.emulate_media(media="screen")
    except BrowserError as error:
        troubles.append(error.message.splitlines()[0])
    page.close()
    return Taken(username, visit.path, tuple(files), tuple(dict.fromkeys(troubles)))


_MARGIN: PdfMargins = {"top": "12mm", "bottom": "12mm", "left": "12mm", "right": "12mm"}


def _width_trouble(page: Page, language: str) -> list[str]:
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    page.wait_for_timeout(QUIET_MS)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} px wide at {NARROWEST} ({language})"] if wide > NARROWEST else []


def _sheet(taken: Iterable[Taken]) -> str:
    """Return the contact sheet: a row per page, every picture small and linked to itself."""
    rows = []
    for one in taken:
        pictures = "".join(_picture(name) for name in one.files)
        troubles = "".join(f"<p><strong>{html.escape(trouble)}</strong></p>" for trouble in one.troubles)
        rows.append(f"<h2>{html.escape(one.account)} {html.escape(one.path)}</h2>{troubles}<div>{pictures}</div>")
    style = "body{font:14px sans-serif}div{display:flex;flex-wrap:wrap;gap:8px}img{height:220px;border:1px solid #999}"
    return f"<!doctype html><meta charset=utf-8><title>Mingjian</title><style>{style}</style>{''.join(rows)}"


def _picture(name: str) -> str:
    if name.endswith(".pdf"):
        return f'<a href="{name}">PDF</a>'
    return f'<a href="{name}"><img loading="lazy" src="{name}" alt="{name}"></a>'


if __name__ == "__main__":
    os.environ.setdefault("MINGJIAN_HOME", "var")
    sys.exit(main())
