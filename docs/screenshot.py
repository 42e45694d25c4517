"""Takes the pictures of the page in docs/: ten states, over the seeds and a PDF made here."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from fixtures.documents import text_pdf  # noqa: E402

QUESTION, UNANSWERED = "徐州是哪天开的续会？", "今天股市怎么样？"
DRAFT = """关于安全生产学习情况的汇报
娄勤俭强调：“要在对标对表新思想中持续走好江苏安全发展之路。”
吴政隆指出：“要用心感悟总书记关于安全生产重要论述的根本立场，始终把人民至上、生命至上作为根本价值遵循。”
娄勤俭指出：“要用心感悟总书记关于安全生产重要论述的核心观念，把安全发展理念贯穿经济社会发展各个领域。”
文件提出：“各单位每周一组织一次全员消防技能比武，成绩计入年度考核。”"""
PDF = "Reservoir Safety Rules\n\nEvery small reservoir is inspected at least twice a day in the flood season.\n\nLeaks are reported to the county office within twenty minutes."


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "rules.pdf").write_bytes(text_pdf([PDF]))
        youju = [sys.executable, "-m", "qa.cli"]
        server = subprocess.Popen([*youju, "serve"], cwd=folder, stderr=subprocess.PIPE, text=True)
        try:
            while "http://" not in (line := server.stderr.readline()):
                assert line, "the server did not start"
            address = line[line.index("http://") :].split("（")[0]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
            take(page, address, Path(folder))
            phone = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
            phone.goto(address)
            ask(phone, QUESTION)
            shoot(phone, "phone")
            browser.close()
        finally:
            server.terminate()
            server.wait()


def take(page: Page, address: str, folder: Path) -> None:
    page.goto(address)
    page.locator("#chat .example").first.wait_for()
    shoot(page, "first")
    ask(page, QUESTION)
    page.locator("a.mark").first.click()
    shoot(page, "chat")
    page.locator("article.source button.open").first.click()
    page.locator("#reading").wait_for()
    shoot(page, "reader")
    page.keyboard.press("Escape")
    ask(page, UNANSWERED)
    shoot(page, "refusal")
    page.locator("button[data-theme]").click()
    shoot(page, "dark")
    page.locator("button[data-theme]").click()
    page.locator(".files-input").set_input_files([folder / "rules.pdf"])
    page.locator(".changes").wait_for()
    page.locator("#files input[type=checkbox]").first.check()
    shoot(page, "library")
    ask(page, "How often is a small reservoir inspected?")
    page.locator("article.source button.open").first.click()
    page.locator("#reader .reader").wait_for()
    shoot(page, "pdf")
    page.keyboard.press("Escape")
    page.locator(".places [data-place=proof]").click()
    page.locator(".draft-text").fill(DRAFT)
    page.locator("[data-check]").click()
    page.locator(".finding .verdict.altered").wait_for()
    page.locator(".chip.wrong").click()
    page.wait_for_function("document.querySelectorAll('tr.finding').length === 3")
    page.locator(".finding button.open").nth(1).click()
    page.locator("#reading").wait_for()
    shoot(page, "proof-page")
    page.keyboard.press("Escape")
    page.locator(".places [data-place=conversation]").click()
    page.goto(f"{address}?lang=en")
    page.locator(".answer").first.wait_for()
    shoot(page, "english")


def ask(page: Page, question: str) -> None:
    before = page.locator(".answer").count()
    page.locator("#box textarea").fill(question)
    page.locator("#box textarea").press("Enter")
    page.locator(".answer").nth(before).wait_for()


def shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(1000)  # until it has scrolled
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()
