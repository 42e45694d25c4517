"""PDF through pdfium: the text of a stretch of pages, page by page. Places are pages."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium
from pypdfium2 import PdfiumError

from qa.read.parsed import Parsed, too_long
from qa.types import Place, UnreadableFile

_MOST_PAGES = 10_000


def read_pdf(path: str, first: int, most: int) -> tuple[Parsed, int, int]:
    """The text of up to `most` pages of a PDF file from page `first` (from 0) on, how many texts on them cannot be seen, and how
    many pages the file has. Raises UnreadableFile when it is encrypted, broken, or has no or too many pages."""
    document = opened(path)
    count = len(document)
    if not 0 < count <= _MOST_PAGES:
        raise UnreadableFile("这个 PDF 没有页面。" if count == 0 else f"这个 PDF 有 {count} 页，太多了（最多 {_MOST_PAGES} 页），请拆分后再添加。")
    parts, places, length, hidden = [], [], 0, 0
    for number in range(first, min(first + most, count)):
        text, concealed = _page_text(document, number)
        places.append(Place(length, "page", str(number + 1)))
        parts.append(text + "\n")
        length, hidden = length + len(parts[-1]), hidden + concealed
        too_long(length)
    return Parsed("".join(parts), tuple(places)), hidden, count


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
            pdfium.FPDFPage_RemoveObject(page.raw, text)
            pdfium.FPDFPageObj_Destroy(text)
        shown = _parted(page.get_textpage())
        page.close()
    except PdfiumError:
        return "", 0
    return shown, len(hidden)


def _parted(page: pypdfium2.PdfTextPage) -> str:
    """The text within the page, with a blank line where a paragraph begins that can be told on paper only: below a wider gap, or
    by its indent."""
    lines = page.get_text_bounded().split("\r\n")
    places = _places(page, lines)
    steps = [round(above[1] - below[1], 1) for above, below in itertools.pairwise(places) if above and below]
    step = max(set(steps), key=steps.count, default=0.0)
    lefts = [round(place[0]) for place in places if place]
    left = max(set(lefts), key=lefts.count, default=0)
    parts = lines[:1]
    for (above, below), line in zip(itertools.pairwise(places), lines[1:]):
        apart = above and below and step > 0 and above[1] - below[1] > 1.25 * step
        indented = above and below and step > 0 and abs(above[0] - left) < 2 and 0.8 * step < below[0] - left < 2.5 * step
        parts += ["", line] if apart or indented else [line]
    return "\r\n".join(parts)


def _places(page: pypdfium2.PdfTextPage, lines: list[str]) -> list[tuple[float, float] | None]:
    """Where the first character of each line stands: from the left, and its baseline from below; None where it is not found."""
    whole, at, found = page.get_text_range(), 0, []
    x, y = ctypes.c_double(), ctypes.c_double()
    for line in lines:
        start = whole.find(line, at) if line.strip() else -1
        known = start >= 0 and pdfium.FPDFText_GetCharOrigin(page.raw, start, x, y)
        found.append((x.value, y.value) if known else None)
        at = start + len(line) if start >= 0 else at
    return found


def _hidden(page: pypdfium2.PdfPage) -> list[pdfium.FPDF_PAGEOBJECT]:
    """The texts of a page that nobody sees: drawn in no ink, unless it is the reading of a scan, or white with nothing beneath.
    Raw handles: a page has a thousand texts, and an object of Python for each took two thirds of the time of reading."""
    texts, others = [], []
    for one in _objects(page):
        if pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_TEXT:
            others.append(one)
        elif pdfium.FPDFTextObj_GetTextRenderMode(one) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE or _is_white(one):
            texts.append(one)
    grounds = [_bounds(one) for one in others] if texts else []
    return [one for one in texts if not any(_over(ground, _bounds(one)) for ground in grounds)]


def _objects(page: pypdfium2.PdfPage) -> Iterator[pdfium.FPDF_PAGEOBJECT]:
    for number in range(pdfium.FPDFPage_CountObjects(page.raw)):
        one = pdfium.FPDFPage_GetObject(page.raw, number)
        if not one:
            raise PdfiumError("no such object")
        yield one


def _is_white(text: pdfium.FPDF_PAGEOBJECT) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(text, red, green, blue, alpha)
    return bool(known) and (alpha.value == 0 or min(red.value, green.value, blue.value) > 250)


def _bounds(one: pdfium.FPDF_PAGEOBJECT) -> tuple[float, ...]:
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(one, *sides):
        raise PdfiumError("no bounds")
    return tuple(side.value for side in sides)


def _over(ground: tuple[float, ...], text: tuple[float, ...]) -> bool:
    """Whether a drawing or an image lies where a text does: beneath white letters it shows them, with a scan they are its reading."""
    return ground[0] <= (text[0] + text[2]) / 2 <= ground[2] and ground[1] <= (text[1] + text[3]) / 2 <= ground[3]
