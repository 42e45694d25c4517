"""A page of a PDF as a picture, and where on it a quotation stands. Runs in the worker, like all of pdfium."""

from __future__ import annotations

import ctypes
import struct
import unicodedata
import zlib
from collections.abc import Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from qa.read.pdf import opened
from qa.types import UnreadableFile

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) in fractions of the page's width and height, from its upper left corner."""

_MOST_PIXELS = 6_000_000  # A4 at 240 dots per inch; a page of a kilometre is drawn as coarsely as that takes
_LEAST = 6  # characters of a quotation that must stand on the page: it may go on from another one


def page_image(path: str, page: int, width: int) -> bytes:
    """The page (from 1) as PNG, `width` pixels wide or less. Raises UnreadableFile when there is no such page."""
    with opened(path) as document:
        sheet = _sheet(document, page)
        across, down = sheet.get_size()
        scale = min(width / across, (_MOST_PIXELS / (across * down)) ** 0.5)
        bitmap = sheet.render(scale=scale, rev_byteorder=True, bitmap_maker=pypdfium2.PdfBitmap.new_native)
        return _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)


def quote_boxes(path: str, page: int, quote: str) -> list[Box]:
    """Where on the page (from 1) a quotation stands, a box a line; white space does not count. Of a quotation that begins on
    the page before or goes on on the next one, the part that stands on this one. Empty when it does not stand there."""
    with opened(path) as document:
        sheet = _sheet(document, page)
        text = sheet.get_textpage()
        places = [(at, _key(code)) for at in range(text.count_chars()) if (code := pdfium.FPDFText_GetUnicode(text.raw, at))]
        places = [(at, letter) for at, key in places for letter in key]
        found = _found([letter for _, letter in places], "".join(_key(ord(letter)) for letter in quote))
        if not found:
            return []
        first, last = places[found[0]][0], places[found[1] - 1][0]
        return [_fractions(sheet, text.get_rect(at)) for at in range(text.count_rects(first, last - first + 1))]


def _sheet(document: pypdfium2.PdfDocument, page: int) -> pypdfium2.PdfPage:
    if not 1 <= page <= len(document):
        raise UnreadableFile(f"这个 PDF 没有第 {page} 页。")
    try:
        sheet = document[page - 1]
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(f"第 {page} 页已损坏。") from error
    if min(sheet.get_size()) < 1:
        raise UnreadableFile(f"第 {page} 页已损坏。")
    return sheet


def _png(data: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """PNG (ISO/IEC 15948) of 8 bits a channel; channels: 1 grey, 3 RGB, 4 RGB and one that is not used."""
    rows = [data[at * stride : at * stride + width * channels] for at in range(height)]
    if channels == 4:
        rows = [_without_fourth(row) for row in rows]
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks)


def _without_fourth(row: bytes) -> bytes:
    kept = bytearray(len(row) // 4 * 3)
    for channel in range(3):
        kept[channel::3] = row[channel::4]
    return bytes(kept)


def _key(code: int) -> str:
    """A character as it is compared: compatibility forms alike, white space and what is invisible not at all."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", chr(code)) if unicodedata.category(letter)[0] not in "ZC")


def _found(page: Sequence[str], quote: str) -> tuple[int, int] | None:
    """Where the quotation stands in the letters of a page: all of it, else its beginning at the end, else its end."""
    for start in range(len(page)):
        if _alike(page, start, quote) == len(quote) > 0:
            return start, start + len(quote)
    best = max(range(len(page)), key=lambda start: _alike(page, start, quote), default=0)
    if (length := _alike(page, best, quote)) >= _LEAST:
        return best, best + length
    ends = [page[::-1], quote[::-1]]
    best = max(range(len(page)), key=lambda start: _alike(ends[0], start, ends[1]), default=0)
    length = _alike(ends[0], best, ends[1])
    return (len(page) - best - length, len(page) - best) if length >= _LEAST else None


def _alike(page: Sequence[str], start: int, quote: str) -> int:
    """How many letters agree from here on; a radical of the supplement may stand for any character."""
    length = 0
    while length < len(quote) and start + length < len(page) and (page[start + length] == quote[length] or "\u2e80" <= page[start + length] <= "\u2eff"):
        length += 1
    return length


def _fractions(sheet: pypdfium2.PdfPage, rectangle: Box) -> Box:
    """From points of the page, whose origin is below, to fractions of what is shown; a rotation is taken into account."""
    left, bottom, right, top = rectangle
    whole, x, y, corners = 1_000_000, ctypes.c_int(), ctypes.c_int(), []
    for across, up in ((left, top), (right, bottom)):
        pdfium.FPDF_PageToDevice(sheet.raw, 0, 0, whole, whole, 0, across, up, x, y)
        corners.append((min(max(x.value / whole, 0.0), 1.0), min(max(y.value / whole, 0.0), 1.0)))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
