"""Takes docs/chat.png: the page after a question that the seeds do not answer, and one that they do."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

QUESTIONS = ("今天股市怎么样？", "徐州是哪天开的续会？")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = subprocess.Popen([sys.executable, "-m", "qa.cli", "serve"], cwd=folder, stderr=subprocess.PIPE, text=True)
        try:
            while "http://" not in (line := server.stderr.readline()):
                assert line, "the server did not start"
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
            page.goto(line[line.index("http://") :].split("（")[0])
            for number, question in enumerate(QUESTIONS, 1):
                page.locator("#box textarea").fill(question)
                page.locator("#box textarea").press("Enter")
                page.locator(".answer").nth(number - 1).wait_for()
            page.locator("a.mark").first.click()
            page.wait_for_timeout(1000)  # until it has scrolled
            page.screenshot(path=Path(__file__).with_name("chat.png"))
            browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
