"""What `youju add` takes for large files: memory over the start, time, characters a second.

    python benchmarks/memory.py                      # 200 MB of text in UTF-8 and in GB18030, a PDF of 1,000 pages
    python benchmarks/memory.py --megabytes 20 --pages 100

The files are made anew, of sentences put together at random, the PDF by Chromium (Debian's). Memory is VmHWM of the command and of its
reading process, the largest that each ever held, and the start is that of `youju list` over an empty library: Linux only.
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
from collections.abc import Iterator
from pathlib import Path

_WHO = "各镇人民政府 区住建局 市水利局 县应急管理办公室 港口集团 第二中学 社区卫生服务中心 东山林场".split()
_DOES = "负责排查 应当公布 定期检修 统一登记 会同验收 按季度通报 逐项整改 暂停使用".split()
_WHAT = "老旧电梯 泵站机组 危险化学品仓库 校车台账 排水管网 防火隔离带 疫苗冷库 渡口码头 施工围挡 监测数据".split()
_WHEN = "每月五日前 汛期结束后 接到报告两小时内 年度预算批复后 节假日期间 竣工验收合格后".split()


def paragraphs(seed: int) -> Iterator[str]:
    """Paragraphs without end, each with its number."""
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        yield f"第{number}段，" + "".join(f"{chance.choice(_WHEN)}，{chance.choice(_WHO)}{chance.choice(_DOES)}{chance.choice(_WHAT)}，编号{chance.randrange(10**6)}。" for _ in range(chance.randrange(2, 7)))


def write_text(path: Path, size: int, codec: str) -> int:
    """A text of so many bytes; its characters."""
    characters = written = 0
    with path.open("wb") as file:
        for text in paragraphs(1):
            written += file.write((line := text + "\n\n").encode(codec))
            characters += len(line)
            if written >= size:
                return characters
    return characters


def write_pdf(path: Path, pages: int) -> int:
    """A PDF of so many pages, printed by Chromium; its characters."""
    chromium, source, texts = shutil.which("chromium"), paragraphs(2), []
    page = path.with_suffix(".html")
    for _ in range(pages):
        texts.append("".join(f"<p>{next(source)}</p>" for _ in range(9)))
    page.write_text("<meta charset=utf-8><style>section{break-after:page}</style>" + "".join(f"<section>{text}</section>" for text in texts), "utf-8")
    if not chromium:
        sys.exit("needs Debian's chromium")
    subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={path.parent / 'profile'}", "--timeout=300000", f"--print-to-pdf={path}", str(page)], check=True, capture_output=True)
    page.unlink()
    return sum(len(text) for text in texts) - 7 * 9 * pages


def peaks(arguments: list[str]) -> tuple[float, float, float]:
    """Runs a command of youju: MB of the process and of its largest child, and seconds."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "qa.cli", *arguments], stdout=subprocess.DEVNULL)
    own = child = 0.0
    while process.poll() is None:
        own = max(own, _peak(process.pid))
        child = max([child, *(_peak(pid) for pid in _children(process.pid))])
        time.sleep(0.02)
    if process.returncode:
        sys.exit(f"youju {' '.join(arguments)} ended with {process.returncode}")
    return own, child, time.perf_counter() - began


def _peak(pid: int) -> float:
    """VmHWM in MB, 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for thread in os.listdir(f"/proc/{pid}/task") for child in Path(f"/proc/{pid}/task/{thread}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--only", choices=["utf-8", "gb18030", "pdf"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start, _, _ = peaks(["list", "--library", str(folder / "empty")])
        print(f"start: {start:.0f} MB")
        for kind in [options.only] if options.only else ["utf-8", "gb18030", "pdf"]:
            path = folder / ("a.pdf" if kind == "pdf" else "a.txt")
            characters = write_pdf(path, options.pages) if kind == "pdf" else write_text(path, options.megabytes * 1_000_000, kind)
            own, child, seconds = peaks(["add", str(path), "--library", str(folder / kind)])
            size = path.stat().st_size / 1e6
            print(f"{kind}: {size:.0f} MB, {characters:,} characters: {own - start:.0f} MB over the start, reading process {child:.0f} MB, {seconds:.0f} s, {characters / seconds:,.0f} characters/s", flush=True)
            path.unlink()
            shutil.rmtree(folder / kind)


if __name__ == "__main__":
    main()
