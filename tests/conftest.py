"""What several tests share: a library with the seeds, and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa

CHECKOUT = Path(__file__).resolve().parent.parent
QUESTION = "徐州是哪天开的续会？"
SENTENCE = "5月28日，省市县三级中心组安全生产学习交流会后，徐州市委立即召开续会"


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
def browser() -> Iterator:
    """Debian's Chromium without a window."""
    chromium = shutil.which("chromium")
    if not chromium:
        missing = "needs Debian's chromium and fonts-noto-cjk"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *quiet])
        yield browser
        browser.close()
