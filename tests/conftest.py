"""What several tests share: a library with the seeds, a browser, and the watch over what leaves loopback."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from reports import QUESTIONS

import qa

CHECKOUT = Path(__file__).resolve().parent.parent
QUESTION = "徐州是哪天开的续会？"
SENTENCE = "5月28日，省市县三级中心组安全生产学习交流会后，徐州市委立即召开续会"

# This process and all that it starts are watched; the processes import what is under test, wherever they run.
WATCH = Path(tempfile.mkstemp(prefix="youju-watch-")[1])
os.environ["YOUJU_WATCH"] = str(WATCH)
os.environ["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT / "tests" / "watch"), str(CHECKOUT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
sys.path.insert(0, str(CHECKOUT / "tests" / "watch"))
import sitecustomize  # noqa: E402

if not sitecustomize.__file__.startswith(str(CHECKOUT)):  # the system has one of its own, and it came first
    del sys.modules["sitecustomize"]
    import sitecustomize  # noqa: F811
asked_for: list[str] = []  # by all pages, except of loopback


@pytest.fixture(autouse=True)
def nothing_leaves_loopback() -> Iterator[None]:
    yield
    assert asked_for == [] and WATCH.read_text() == ""


@pytest.fixture(scope="session")
def seeded(tmp_path_factory) -> Path:
    """The folder of a library that holds the seeds. Copy it to change it."""
    folder = tmp_path_factory.mktemp("seeded") / "library"
    with qa.open_library(folder) as library:
        library.add([CHECKOUT / "seeds"])
    return folder


@pytest.fixture
def seeds_library(seeded, tmp_path) -> Path:
    """A copy of it that is the test's own."""
    return Path(shutil.copytree(seeded, tmp_path / "library"))


@pytest.fixture(scope="session")
def answered(tmp_path_factory) -> tuple[Path, list]:
    """A copy of the seeds, and answers to ten questions over it with two single citations after them. Copy it to change it."""
    folder = tmp_path_factory.mktemp("answered")
    seeds = shutil.copytree(CHECKOUT / "seeds", folder / "seeds")
    with qa.open_library(folder / "library") as library:
        library.add([seeds])
        basket = [library.ask(question) for question in QUESTIONS]
        basket += [library.cite(hit) for hit in library.search("安全生产责任", limit=2)]
    return seeds, basket


@pytest.fixture
def basket(answered) -> list:
    """What a report is made of."""
    return answered[1]


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Debian's Chromium without a window; what its contexts ask of others than this machine is noted."""
    chromium = shutil.which("chromium")
    if not chromium:
        missing = "needs Debian's chromium and fonts-noto-cjk"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *quiet])
        opened = browser.new_context

        def new_context(**options):
            context = opened(**{"locale": "zh-CN", **options})
            context.on("request", lambda request: _noted(request.url))
            return context

        browser.new_context = new_context
        yield browser
        browser.close()


def _noted(url: str) -> None:
    if not url.startswith(("data:", "blob:", "about:")) and urlsplit(url).hostname != "127.0.0.1":
        asked_for.append(url)


@pytest.fixture
def page(browser) -> Iterator:
    """A new page; a dialog that it opens and an error that it meets fail the test."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.requested, page.troubles = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("dialog", lambda dialog: (page.troubles.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    yield page
    page.context.close()
    assert page.troubles == []
