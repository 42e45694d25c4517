"""PDF through pdfium: the text of each page, page by page. Places are pages; a page without text is reported."""

from __future__ import annotations

import pypdfium2
from pypdfium2 import PdfiumError

from qa.read.parsed import LONGEST_OUTPUT, Parsed
from qa.types import Place, UnreadableFile

_MOST_PAGES = 10_000


def read_pdf(path: str) -> Parsed:
    """The text of a PDF file. Raises UnreadableFile when it is encrypted, broken, or has no text at all."""
    document = opened(path)
    count = len(document)
    if not 0 < count <= _MOST_PAGES:
        raise UnreadableFile("这个 PDF 没有页面。" if count == 0 else f"这个 PDF 有 {count} 页，太多了（最多 {_MOST_PAGES} 页），请拆分后再添加。")
    parts, places, empty, length = [], [], [], 0
    for number in range(count):
        text = _page_text(document, number)
        if not text.strip():
            empty.append(number + 1)
        places.append(Place(length, "page", str(number + 1)))
        parts.append(text + "\n")
        length += len(parts[-1])
        if length > LONGEST_OUTPUT:
            raise UnreadableFile(f"文字太多（超过 {LONGEST_OUTPUT // 10_000} 万字），请拆分后再添加。")
    if len(empty) == count:
        raise UnreadableFile("这个 PDF 没有文字层（可能是扫描件），请先做文字识别（OCR）。")
    return Parsed("".join(parts), tuple(places), _doubts(empty))


def opened(path: str) -> pypdfium2.PdfDocument:
    """The document. Raises UnreadableFile when it is encrypted or broken."""
    try:
        return pypdfium2.PdfDocument(path)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile("这个 PDF 有密码，请解除密码后再添加。") from error
        raise UnreadableFile("这个 PDF 已损坏，无法打开。") from error


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    """What stands within the page; a broken page has no text."""
    try:
        page = document[number]
        text = page.get_textpage().get_text_bounded()
        page.close()
    except PdfiumError:
        return ""
    return text


def _doubts(empty: list[int]) -> tuple[str, ...]:
    if not empty:
        return ()
    shown = "、".join(map(str, empty[:20])) + ("等" if len(empty) > 20 else "")
    return (f"第{shown}页没有文字（可能是扫描图像），未能读取。",)
