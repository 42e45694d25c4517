"""How long the page takes, in a real browser before a real server process.

    python benchmarks/page.py                             # over the seeds: from Enter to the answer, beside the bare `library.ask`
    python benchmarks/page.py --documents 10000           # over so many small documents, made here and added for real
    python benchmarks/page.py --documents 10000 --keep DIR   # the library stays in DIR, to be measured again

The questions are those that the page itself suggests for the seeds, or name one of the documents made here. Milliseconds are taken in the browser, from the event to
the frame in which what was waited for is there; the median and the longest of all trials. Needs Debian's chromium. Prints a
Markdown table.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

import qa

CHECKOUT = Path(__file__).resolve().parent.parent
TRIALS = 5
PLACES = ("东山", "西河", "南湖", "北岭", "龙潭", "白石", "青田", "安平", "双桥", "柳林", "红旗", "新沟")
THINGS = ("水库", "粮库", "油库", "渡口", "隧道", "锅炉房", "变电站", "加气站", "养老院", "冷库", "码头", "尾矿库")
DUTIES = ("消防泵每{n}天试运行一次", "值班人员每班不少于{n}人", "应急物资每{n}个月清点一次", "巡查记录保存{n}年", "疏散演练每年不少于{n}次", "隐患应当在{n}日内整改")
# Resolves in the frame in which the condition holds; the clock starts at the event that is waited for first.
CLOCK = """([event, condition]) => { window.__time = new Promise((resolve) => {
  const holds = new Function("return " + condition);
  let began = 0;
  const look = () => (holds() ? resolve(performance.now() - began) : requestAnimationFrame(look));
  document.addEventListener(event, () => { began = performance.now(); requestAnimationFrame(look); }, { once: true, capture: true });
}); }"""


def notices(count: int) -> Iterator[tuple[str, str]]:
    """So many notices of a page or less, the same ones each time, each with a question that it answers."""
    dice = random.Random(20261125)
    for number in range(count):
        name = f"{dice.choice(PLACES)}第{number}号{dice.choice(THINGS)}"
        duties = [duty.format(n=dice.randint(2, 30)) for duty in dice.sample(DUTIES, 4)]
        day = f"20{dice.randint(10, 25)}年{dice.randint(1, 12)}月{dice.randint(1, 28)}日"
        paragraphs = [f"关于{name}安全管理的通知", *(f"{name}的{duty}。" for duty in duties), "县应急管理局", day]
        yield "\n\n".join(paragraphs) + "\n", f"{name}的{duties[0][:5]}有什么规定？"


def timed(page: Page, event: str, condition: str, act: Callable[[], object]) -> float:
    """Milliseconds from an event that `act` causes until the condition, an expression of JavaScript, holds."""
    page.evaluate(CLOCK, [event, condition])
    act()
    return page.evaluate("window.__time")


def asked(page: Page, question: str) -> float:
    before = page.locator(".answer").count()
    page.locator("#box textarea").fill(question)
    return timed(page, "keydown", f"document.querySelectorAll('.answer').length > {before}", lambda: page.locator("#box textarea").press("Enter"))


def opened(page: Page, address: str) -> float:
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#files .shelf li")
    page.wait_for_selector("#box textarea")
    return 1000 * (time.perf_counter() - began)


def acts(page: Page, address: str, questions: list[str]) -> dict[str, list[float]]:
    """What a person does, each several times."""
    found: dict[str, list[float]] = {"page opened": [opened(page, address) for _ in range(TRIALS)]}
    if not questions:
        page.locator("#chat .example").first.wait_for()
        questions += [question.strip() for question in page.locator("#chat .example").all_inner_texts()]
    found["question answered"] = [asked(page, question) for question in questions for _ in range(TRIALS)]
    first = "document.querySelector('#files .shelf li').innerText"
    for _ in range(TRIALS):
        if page.locator("[data-act=turn_page]").count():
            shown = page.locator("#files .shelf li").first.inner_text()
            after = timed(page, "click", f"{first} !== {shown!r}", lambda: page.locator("[data-act=turn_page]").last.click())
            found.setdefault("page of the list turned", []).append(after)
            page.locator("#search textarea, #search input").first.fill("")
            looked_up(page, str(random.Random(len(found)).randint(1000, 9999)))
            found.setdefault("list searched", []).append(looked_up(page, "9"))
            found["list searched"].append(looked_up(page, ""))
        box = page.locator("#files .shelf input").first
        found.setdefault("document ticked", []).append(timed(page, "click", "!document.querySelector('.chosen').hidden", box.check))
        found.setdefault("question to the ticked document", []).append(asked(page, questions[0]))
        page.locator("[data-act=untick]").click()
        button = page.locator("article.source button.open").first
        page.evaluate("document.querySelector('#reader .reader')?.remove()")
        ready = "document.querySelector('#reader .reader') && document.body.classList.contains('reading')"
        found.setdefault("source opened", []).append(timed(page, "click", ready, button.click))
        page.keyboard.press("Escape")
        page.locator("#clear").click()
        page.wait_for_function("document.querySelectorAll('.answer').length === 0")
    return found


def looked_up(page: Page, typed: str) -> float:
    """Until the list is that of what was typed: its first row has it, or it is the whole list again."""
    condition = f"document.querySelector('#files .shelf').dataset.query === {typed!r}"
    return timed(page, "input", condition, lambda: page.locator("#search textarea, #search input").first.fill(typed))


def bare(library: Path, questions: list[str]) -> list[float]:
    with qa.open_library(library) as opened:
        opened.ask(questions[0])  # what is loaded at the first question is loaded in the server too
        times = []
        for question in questions * TRIALS:
            began = time.perf_counter()
            opened.ask(question)
            times.append(1000 * (time.perf_counter() - began))
    return times


def built(library: Path, count: int) -> None:
    """The library with the seeds, or with so many documents made here."""
    folder = library.with_name(f"{library.name}-documents") if count else CHECKOUT / "seeds"
    if count:
        folder.mkdir(parents=True)
        for number, (text, _) in enumerate(notices(count)):
            (folder / f"{number:05}.txt").write_text(text, "utf-8")
    with qa.open_library(library) as opened:
        began = time.perf_counter()
        changes = opened.add([folder])
        sys.stderr.write(f"{len(changes.added)} documents added in {time.perf_counter() - began:.0f} s\n")


def measured(library: Path, questions: list[str]) -> dict[str, list[float]]:
    """`questions` are asked; without any, those that the page suggests, which are put there."""
    youju = [sys.executable, "-m", "qa.cli", "serve", "--library", str(library)]
    server = subprocess.Popen(youju, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT, env=os.environ | {"PYTHONPATH": str(CHECKOUT)})
    try:
        while "http://" not in (line := server.stderr.readline()):
            assert line, "the server did not start"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
            found = acts(page, line[line.index("http://") :].split("（")[0], questions)
            browser.close()
    finally:
        server.terminate()
        server.communicate()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = options.keep or Path(folder) / "library"
        if not library.exists():
            built(library, options.documents)
        questions = [question for number, (_, question) in enumerate(notices(options.documents)) if number % max(options.documents // 4, 1) == 0][:4]
        found = measured(library, questions)
        found["the same question, bare `library.ask`"] = bare(library, questions)
    sys.stdout.write("| ms | median | longest |\n|---|---|---|\n")
    for name, times in found.items():
        sys.stdout.write(f"| {name} | {median(times):.0f} | {max(times):.0f} |\n")


if __name__ == "__main__":
    main()
