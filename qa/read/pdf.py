"""PDF through pdfium: the text of each page, page by page. Places are pages; a page without text is reported."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium
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
    parts, places, empty, length, hidden = [], [], [], 0, 0
    for number in range(count):
        text, concealed = _page_text(document, number)
        hidden += concealed
        if not text.strip():
            empty.append(number + 1)
        places.append(Place(length, "page", str(number + 1)))
        parts.append(text + "\n")
        length += len(parts[-1])
        if length > LONGEST_OUTPUT:
            raise UnreadableFile(f"文字太多（超过 {LONGEST_OUTPUT // 10_000} 万字），请拆分后再添加。")
    if len(empty) == count:
        raise UnreadableFile("这个 PDF 没有文字层（可能是扫描件），请先做文字识别（OCR）。")
    return Parsed("".join(parts), tuple(places), _doubts(empty) + ((f"有 {hidden} 处隐藏文字，未读取。",) if hidden else ()))


def opened(path: str) -> pypdfium2.PdfDocument:
    """The document. Raises UnreadableFile when it is encrypted or broken."""
    try:
        return pypdfium2.PdfDocument(path)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile("这个 PDF 有密码，请解除密码后再添加。") from error
        raise UnreadableFile("这个 PDF 已损坏，无法打开。") from error


def _page_text(document: pypdfium2.PdfDocument, number: int) -> tuple[str, int]:
    """What stands within the page and can be seen, and how many texts cannot; a broken page has no text."""
    try:
        page = document[number]
        hidden = _hidden(page)
        for text in hidden:
            page.remove_obj(text)
        shown = page.get_textpage().get_text_bounded()
        page.close()
    except PdfiumError:
        return "", 0
    return shown, len(hidden)


def _hidden(page: pypdfium2.PdfPage) -> list[pypdfium2.PdfObject]:
    """The texts of a page that nobody sees: drawn in no ink, unless it is the reading of a scan, or white with nothing beneath."""
    objects = list(page.get_objects(max_depth=1))
    texts = [one for one in objects if one.type == pdfium.FPDF_PAGEOBJ_TEXT]
    unseen = [one for one in texts if pdfium.FPDFTextObj_GetTextRenderMode(one.raw) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE or _is_white(one)]
    if not unseen:
        return []
    grounds = [one.get_bounds() for one in objects if one.type != pdfium.FPDF_PAGEOBJ_TEXT]
    return [one for one in unseen if not any(_over(ground, one.get_bounds()) for ground in grounds)]


def _is_white(text: pypdfium2.PdfObject) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(text.raw, red, green, blue, alpha)
    return bool(known) and (alpha.value == 0 or min(red.value, green.value, blue.value) > 250)


def _over(ground: tuple[float, ...], text: tuple[float, ...]) -> bool:
    """Whether a drawing or an image lies where a text does: beneath white letters it shows them, with a scan they are its reading."""
    return ground[0] <= (text[0] + text[2]) / 2 <= ground[2] and ground[1] <= (text[1] + text[3]) / 2 <= ground[3]


def _doubts(empty: list[int]) -> tuple[str, ...]:
    if not empty:
        return ()
    shown = "、".join(map(str, empty[:20])) + ("等" if len(empty) > 20 else "")
    return (f"第{shown}页没有文字（可能是扫描图像），未能读取。",)
