"""Takes docs/report.png: the first pages of a Word report over the seeds, as LibreOffice shows them."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

import qa

QUESTIONS = ("徐州是哪天开的续会？", "泰兴的安全生产会议什么时候开的？", "简报由哪个单位印发？", "警示教育大会由谁主持？", "下周油价会涨吗？")
PAGES = 2


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        with qa.open_library(Path(folder) / "library") as library:
            library.add([Path(__file__).resolve().parent.parent / "seeds"])
            answers = [library.ask(question) for question in QUESTIONS]
        path = qa.Report(answers, title="安全生产检查引文汇编", accessed="2026-07-15", appendix=True).save(Path(folder) / "report.docx")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf", "--outdir", folder, path], check=True, capture_output=True)
        with pypdfium2.PdfDocument(path.with_suffix(".pdf")) as pdf:
            pages = [pdf[number].render(scale=1.15).to_pil() for number in range(min(PAGES, len(pdf)))]
    sheet = Image.new("RGB", (sum(page.width for page in pages) + 12 * (len(pages) + 1), pages[0].height + 24), "#cccccc")
    for number, page in enumerate(pages):
        sheet.paste(page, (12 + number * (page.width + 12), 12))
    sheet.quantize(64).save(Path(__file__).with_name("report.png"), optimize=True)


if __name__ == "__main__":
    main()
