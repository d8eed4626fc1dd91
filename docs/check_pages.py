"""Look at the built pages in a browser: ``python docs/check_pages.py OUT [WORD ...]``.

Every page is opened on a phone, a tablet, a desktop and a large screen, in light and dark. Nothing
may scroll sideways, code must fit or wrap, no request may leave the site, and nothing may be
reported to the console. Then the words of ``search_words.toml`` are searched, in both languages.
With words, only pages whose address has one of them are opened.
"""

from __future__ import annotations

import functools
import http.server
import shutil
import sys
import threading
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

WIDTHS = (390, 1024, 1440, 1920)
WORKERS = 2
#: What is wider than its place. Printed output and tables may be scrolled within their frames.
WIDE = """() => {
  const wide = (each) => each.scrollWidth > each.clientWidth + 1;
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page");
  for (const each of document.querySelectorAll(".page, .content")) {
    if (wide(each)) found.push(each.className || each.tagName);
  }
  if (innerWidth < 600) {
    const hide = document.createElement("style");
    hide.textContent = ".highlight .go, .highlight .gt { display: none }";
    document.head.append(hide);
    for (const each of document.querySelectorAll("article pre")) {
      if (wide(each)) found.push("code: " + each.textContent.trim().slice(0, 60));
    }
    hide.remove();
  }
  return found;
}"""
#: The pages that a search finds, best first, each once.
SEARCH = """(word) => {
  const found = Search._performSearch(...Search._parseQuery(word)).reverse();
  return [...new Set(found.map((each) => each[0]))];
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and says nothing about it."""

    def log_message(self, *values: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; give its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@contextmanager
def opened(site: str, faults: list[str]) -> Iterator[Page]:
    """Open a browser, and note what a page asks for elsewhere, lacks, or reports."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()

        def note(text: str, fault: bool = True) -> None:
            if fault:
                faults.append(f"{page.url.removeprefix(site)}: {text}")

        page.on("console", lambda each: note(each.text, each.type == "error"))
        page.on("pageerror", lambda error: note(str(error)))
        page.on("response", lambda each: note(f"{each.status} {each.url}", each.status >= 400))
        page.on(
            "request",
            lambda each: note(f"asks for {each.url}", not each.url.startswith((site, "data:"))),
        )
        yield page
        browser.close()


def look(site: str, names: list[str]) -> list[str]:
    """Open each page in each width and colour; return what is wrong."""
    faults: list[str] = []
    with opened(site, faults) as page:
        for name in names:
            page.emulate_media(color_scheme="light")
            page.goto(site + name)
            grounds = []
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                faults += [f"{name}: at {width}: {each}" for each in page.evaluate(WIDE)]
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            if grounds[0] == grounds[1]:
                faults.append(f"{name}: no dark ground")
    return faults


def search(site: str) -> list[str]:
    """Search each word; return those whose pages are not among the first three."""
    faults: list[str] = []
    file = Path(__file__).parent / "search_words.toml"
    with opened(site, faults) as page:
        for language, groups in tomllib.loads(file.read_text(encoding="utf-8")).items():
            page.goto(f"{site}{'zh/' if language == 'chinese' else ''}search.html")
            page.wait_for_function("typeof Search !== 'undefined' && Search._index !== null")
            for group in groups:
                for word in group["typed"]:
                    first = page.evaluate(SEARCH, word)[:3]
                    if not set(first) & set(group["found"]):
                        faults.append(f"{language} {word!r}: not {group['found']}, but {first}")
    return faults


def main() -> int:
    """Check the folder that the first argument names."""
    folder, words = Path(sys.argv[1]), sys.argv[2:]
    names = sorted(page.relative_to(folder).as_posix() for page in folder.rglob("*.html"))
    names = [name for name in names if not words or any(word in name for word in words)]
    with served(folder) as site, ThreadPoolExecutor() as pool:
        parts = [names[start::WORKERS] for start in range(WORKERS)]
        jobs = [pool.submit(look, site, part) for part in parts]
        jobs += [] if words else [pool.submit(search, site)]
        faults = [fault for job in jobs for fault in job.result()]
    print("\n".join([*faults, f"{len(names)} pages, {len(faults)} faults"]))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
