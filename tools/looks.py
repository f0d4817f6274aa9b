"""What one would not show of a page, told by a real browser: barriers, what is too wide, words of another language.

With MINGJIAN_PICTURES, a folder, every page is also kept there as a picture and as it would be printed.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, StorageState

from tools.browser import opened_browser
from tools.crawling import Crawl, crawl, shape_of

Look = tuple[str, str, int]
# What stands in the language in which it was entered, whatever the reader's.
ENTERED = frozenset({"南门", "自行车棚", "图书馆大厅", "校门", "车棚", "某人", "自行车失窃", "任命文件", "简体中文"})
# Latin words of a Chinese page: names of formats, keys, the reader's other language, and commands.
LATIN = frozenset(
    {
        "Chrome",
        "Linux",
        "PNG",
        "PDF",
        "JPEG",
        "JPG",
        "English",
        "JavaScript",
        "mingjian",
        "CAS",
        "OIDC",
        "LDAP",
        "kbit",
        "TCP",
        "person",
        "console",
        "status",
        "JSON",
        "RFC",
        "https",
        "ledger",
        "witness",
        "CSV",
        "XLSX",
        "asvs",
        "UTF",
        "SHA",
        "add",
        "export",
        "prove",
        # Accounts of the test that looks.
        "duty",
        "student",
        "judge",
        "library",
        "tierone",
        "system",
        "security",
        "audit",
        "inspect",
        "leader",
    }
)
# A watermark is a mark, not something to read: it has to let the picture through.
READ = {"exclude": [["mj-watermark"]]}
TEXTS = """(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
        node.parentElement.closest("script, style, noscript, code, pre, kbd, .mono, [lang=en], option[value^='A']")
            ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode.textContent);
    return texts.join("\\n");
})()"""


def walk(
    address: str, username: str, password: str, starts: Sequence[str], skipped: Sequence[str]
) -> tuple[StorageState, Crawl]:
    """Sign in by hand; return the state of the browser, one address of every kind of page, and dead links."""
    with opened_browser() as browser:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{address}/ledger/")
        page.fill("#id_username", username)
        page.fill("#id_password", password)
        page.click("main button")
        if "/capacity/" in page.url:
            # Of several capacities the first is taken.
            page.click("main button")
        page.wait_for_url(f"{address}/ledger/")
        crawled = crawl(page, base=address, starts=starts, skipped=skipped)
        return context.storage_state(), crawled


def look_at(address: str, state: StorageState | None, paths: Sequence[str], look: Look) -> list[str]:
    """Open pages of one person in one look (language, theme, width) and return everything that one would not show."""
    language, theme, width = look
    with opened_browser() as browser:
        context = browser.new_context(storage_state=state, viewport={"width": width, "height": 900})
        context.add_cookies(
            [
                {"name": "mingjian_language", "value": language, "url": address},
                {"name": "mingjian_theme", "value": theme, "url": address},
            ]
        )
        return [fault for path in paths for fault in _faults(context, address, path, look)]


def _faults(context: BrowserContext, address: str, path: str, look: Look) -> list[str]:
    language, _theme, width = look
    page = context.new_page()
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{path}: {error}"))
    page.on("console", lambda told: found.append(f"{path}: {told.text}") if _is_fault(told) else None)
    answer = page.goto(f"{address}{path}")
    page.wait_for_selector("main h1")
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    if scroll_width > width:
        found.append(f"{path}: {scroll_width} px wide at {width} ({look})")
    for violation in Axe().run(page, context=READ).response["violations"]:
        found.append(f"{path}: {violation['id']} {[node['target'] for node in violation['nodes']]} ({look})")
    texts = page.evaluate(TEXTS)
    if language == "en":
        left = set(re.findall(r"[一-鿿]{2,}", texts)) - ENTERED
    else:
        left = set(re.findall(r"(?<![\w./:-])[A-Za-z]{3,}(?![\w./:-])", texts)) - LATIN
    found += [f"{path}: not in the reader's language: {text}" for text in sorted(left)]
    # Nobody is signed in there, and a refusal explains itself.
    is_explained = path.startswith("/sign-in/") or answer is None or answer.status != 200
    if not is_explained and page.query_selector("details.help") is None:
        found.append(f"{path}: says nowhere what it is for; its words belong into console/help_texts.py")
    if "MINGJIAN_PICTURES" in os.environ:
        _keep(page, path, look, Path(os.environ["MINGJIAN_PICTURES"]))
    page.close()
    return found


def _keep(page: Page, path: str, look: Look, folder: Path) -> None:
    """Keep a page as a picture, and once per language as it would be printed."""
    folder.mkdir(parents=True, exist_ok=True)
    language, theme, width = look
    stem = "-".join(part for part in shape_of(path.partition("?")[0]).replace("<>", "id").split("/") if part) or "home"
    page.screenshot(path=str(folder / f"{stem}-{language}-{theme}-{width}.png"), full_page=True)
    if theme == "light":
        page.pdf(path=str(folder / f"{stem}-{language}.pdf"), format="A4", landscape=True)


def _is_fault(told: ConsoleMessage) -> bool:
    """Say whether a line of the browser's console is ours to mend; the media port is not served here."""
    is_media = "WebSocket" in told.text or "/leases" in told.text
    return told.type == "error" and not is_media and "status of 4" not in told.text
