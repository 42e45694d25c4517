"""Takes docs/proof.png: a draft that quotes the seeds, as LibreOffice prints the Word copy of `youju proof --output`, with
the comments that it puts into the PDF drawn in the margin (LibreOffice without a window leaves the margin empty)."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
from PIL import Image, ImageDraw, ImageFont

import qa
from qa.proof import text_draft

DRAFT = """关于安全生产学习情况的汇报（征求意见稿）

娄勤俭强调：“要在对标对表新思想中持续走好江苏安全发展之路。”
吴政隆指出：“要用心感悟总书记关于安全生产重要论述的根本立场，始终把人民至上、生命至上作为根本价值遵循。”
5月28日，娄勤俭指出：“要用心感悟总书记关于安全生产重要论述的核心观念，把安全发展理念贯穿经济社会发展各个领域。”
会议要求：“要用心感悟总书记关于安全生产重要论述的基本方法……推动发展和安全协调并进。”
會議指出：“把安全發展理念貫穿經濟社會發展各領域和全過程。”
文件提出：“各单位每周一组织一次全员消防技能比武，成绩计入年度考核。”
"""
_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"  # its third face is that of simplified Chinese
_SCALE = 2.0
_WIDTH = 620  # pixels of the margin


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        draft = text_draft(DRAFT)
        with qa.open_library(Path(folder) / "library") as library:
            library.add([Path(__file__).resolve().parent.parent / "seeds"])
            path = Path(folder) / "checked.docx"
            path.write_bytes(draft.commented(library.proof(draft.text)))
        notes = 'pdf:writer_pdf_Export:{"ExportNotes":{"type":"boolean","value":"true"}}'
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", notes, "--outdir", folder, path], check=True, capture_output=True)
        with pypdfium2.PdfDocument(path.with_suffix(".pdf")) as pdf:
            page, comments = pdf[0].render(scale=_SCALE, may_draw_forms=False, draw_annots=False).to_pil(), sorted(_comments(pdf[0]))
    sheet = Image.new("RGB", (page.width + _WIDTH - 100, page.height), "white")
    sheet.paste(page)
    bottom = _draw(sheet, comments, page.width - 110)
    sheet.crop((100, 100, sheet.width, bottom + 30)).quantize(64).save(Path(__file__).with_name("proof.png"), optimize=True)


def _comments(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, str]]:
    """The comments of a page: how far down and right they are anchored, in pixels, and what they say."""
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation, box = raw.FPDFPage_GetAnnot(page, number), raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(annotation, box)
        length = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
        buffer = ctypes.create_string_buffer(length)
        raw.FPDFAnnot_GetStringValue(annotation, b"Contents", ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
        if text := buffer.raw.decode("utf-16-le").strip("\0\n "):
            yield (page.get_height() - box.top) * _SCALE, box.left * _SCALE, text
        raw.FPDFPage_CloseAnnot(annotation)


def _draw(sheet: Image.Image, comments: list[tuple[float, float, str]], left: int) -> int:
    """Draws each comment in the margin, with a line to where it is anchored; gives the lowest pixel."""
    draw, font, bottom = ImageDraw.Draw(sheet), ImageFont.truetype(_FONT, 17, index=2), 110
    for top, right, text in comments:
        rows = [row for line in text.splitlines() for row in (line[at : at + 31] for at in range(0, len(line), 31))]
        top_of_box = max(bottom + 10, int(top))
        height = 25 * len(rows) + 14
        draw.rounded_rectangle((left, top_of_box, left + _WIDTH - 60, top_of_box + height), 6, fill="#fff7e0", outline="#d9b44a")
        draw.line((right, top + 14, left - 20, top + 14, left, top_of_box + 14), fill="#d9b44a", width=1)
        for number, row in enumerate(rows):
            draw.text((left + 12, top_of_box + 5 + 25 * number), row, fill="#a00000" if number == 0 else "#222222", font=font)
        bottom = top_of_box + height
    return bottom


if __name__ == "__main__":
    main()
