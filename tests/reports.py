"""What the tests of reports share; the answers themselves are the fixture `basket` of conftest.py."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import qa

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
QUESTIONS = (
    "徐州续会是哪一天开的？", "各市要怎样抓好危险化学品安全？", "警示教育大会由谁主持？", "应急管理工作会议强调了什么？", "泰兴的会议是哪天召开的？",
    "宜兴组织收听收看了什么会议？", "简报由哪个单位印发？", "安全生产专项整治要解决哪些问题？", "党政领导的安全责任有哪些要求？", "下周油价会涨吗？",
)  # fmt: skip


def report(basket, **more) -> qa.Report:
    return qa.Report(basket, accessed="2026-07-15", **more)


def quotes(basket) -> list[str]:
    """What the report quotes, in its order."""
    found = []
    for item in basket:
        if isinstance(item, qa.Citation):
            found.append(item.quote)
        else:
            found += [part.text for part in item.parts if part.kind == "quote"]
    return found


def replace_part(path: Path, name: str, data: bytes) -> None:
    """Puts something else in place of a part of a Word file."""
    with zipfile.ZipFile(path) as package:
        parts = {known: package.read(known) for known in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for known, old in parts.items():
            package.writestr(known, data if known == name else old)


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()
