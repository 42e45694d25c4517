"""One text in all carriers: the same question gives the same quotation, and its location opens at the right place when the
file is read again by other means."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from fixtures.documents import NOTICE, PARAGRAPHS, docx_notice, html, print_pdf, xlsx
from opencc import OpenCC

import qa

QUESTION = "发现渗漏、滑坡等险情，要在多少分钟内报告？"
SENTENCE = "小型水库每天巡查不少于两次，遇到暴雨加密到每小时一次；发现渗漏、滑坡等险情，要在二十分钟内报告县防汛指挥部。"
TRADITIONAL = OpenCC("s2t").convert(NOTICE).encode("big5", "ignore").decode("big5")
CODECS = {"utf-8": b"", "utf-8-sig": b"", "gb18030": b"", "utf-16-le": b"", "utf-16-be": b"", "le-mark": b"\xff\xfe", "be-mark": b"\xfe\xff"}


def carriers(folder: Path) -> dict[str, Path]:
    """The files, by carrier."""
    files = {f"{name}.txt": mark + NOTICE.encode({"le-mark": "utf-16-le", "be-mark": "utf-16-be"}.get(name, name)) for name, mark in CODECS.items()}
    files |= {
        "crlf.txt": NOTICE.replace("\n", "\r\n").encode(), "big5.txt": TRADITIONAL.encode("big5"), "page.html": html().encode(), "word.docx": docx_notice(),
        "rows.xlsx": xlsx([[text] for text in PARAGRAPHS]), "rows.csv": _csv(PARAGRAPHS).encode("gb18030"), "notice.md": f"# {NOTICE}".encode(),
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    if chromium := shutil.which("chromium"):
        page = html().replace("<nav>", "<nav hidden>").replace("<footer>", "<footer hidden>")
        print_pdf(chromium, folder.parent, page, "--no-pdf-header-footer").rename(folder / "print.pdf")
    elif os.environ.get("CI"):
        pytest.fail("needs Debian's chromium")
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}


def _csv(rows: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([row] for row in rows)
    return buffer.getvalue()


def opened(path: Path, location: str, encoding: str) -> str:
    """What stands at a location, found without our readers."""
    number = int(re.findall(r"\d+", location)[-1])
    if path.suffix == ".docx":
        namespace = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
        body = ET.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
        return "".join(list(body.iter(f"{namespace}p"))[number - 1].itertext())
    if path.suffix == ".xlsx":
        namespace = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        sheet = ET.fromstring(zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml"))
        return next("".join(cell.itertext()) for cell in sheet.iter(f"{namespace}c") if cell.get("r") == f"A{number}")
    if path.suffix == ".pdf":
        done = subprocess.run(["pdftotext", "-f", str(number), "-l", str(number), str(path), "-"], check=True, capture_output=True)
        return done.stdout.decode().replace("\n", "")
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding))))[number - 1][0]
    return re.split(r"\r\n|\n", path.read_bytes().decode(encoding))[number - 1]


def test_one_question_over_all_carriers(tmp_path):
    (tmp_path / "files").mkdir()
    files = carriers(tmp_path / "files")
    with qa.open_library(tmp_path / "library") as library:
        changes = library.add([tmp_path / "files"])
        assert not changes.failed and len(changes.added) == len(files) >= 14
        for name, path in files.items():
            if path.suffix == ".pdf" and not shutil.which("pdftotext"):
                continue
            answer = library.ask(QUESTION, documents=(str(path),))
            sentence = SENTENCE if name != "big5.txt" else OpenCC("s2t").convert(SENTENCE)
            cited = next((citation for citation in answer.citations if citation.quote == sentence), None)
            assert cited, (name, answer.text)
            assert cited.verify().state == "ok" and not cited.repaired, name
            shown = opened(path, cited.location, cited.document.encoding)
            assert sentence in shown, (name, cited.location, shown)
            if path.suffix == ".pdf":
                assert library.quote_boxes(str(path), cited.pages[0], cited.quote)
