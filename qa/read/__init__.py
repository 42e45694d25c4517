"""Files become sources: one reader per format, chosen by what the file holds, then by its ending. Nothing is changed here.

Offsets are characters of the decoded text: for text and Markdown exactly `bytes.decode(codec)`, line ends and byte order
mark included. For other formats the text is what the reader took out, paragraph by paragraph, each with its place. What
has to be parsed is parsed in a child process with limits (`worker.py`, `child.py`); text is only decoded.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator

from qa.read.child import Worker, worker
from qa.read.decode import decode
from qa.read.files import KINDS, digest, readable_name, survey, walk
from qa.read.paged import pdf_source, pdf_volumes
from qa.read.text import read_text
from qa.read.volumes import LARGE_FILE, Volume, divided, text_volumes
from qa.types import Source, UnknownFormat, UnreadableFile

__all__ = ["KINDS", "Volume", "decode", "digest", "divided", "from_text", "page_image", "quote_boxes", "read", "read_volumes", "survey", "walk"]

_LARGEST = 1 << 30  # bytes
_viewer = Worker(seconds=20)  # a second process: who looks at a page need not wait until a long file is read

# What a file is by its first bytes, where no reader takes it.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文档或加密的 Office 文档，请另存为不加密的 docx、xlsx 或 PDF"), (b"MZ\x90", "Windows 程序"), (b"\x7fELF", "Linux 程序"),
    (b"\x89PNG", "PNG 图片，请先做文字识别（OCR）"), (b"\xff\xd8\xff", "JPEG 图片，请先做文字识别（OCR）"), (b"GIF8", "GIF 图片"), (b"II*\x00", "TIFF 图片"),
    (b"Rar!", "RAR 压缩包，请先解压"), (b"7z\xbc\xaf", "7z 压缩包，请先解压"), (b"\x1f\x8b", "gzip 压缩包，请先解压"), (b"SQLite format 3", "SQLite 数据库"),
    (b"{\\rtf", "RTF 文档，请另存为 docx 或文本"), (b"AC10", "CAD 图纸"), (b"RIFF", "音频或视频"), (b"ID3", "音频"), (b"OggS", "音频或视频"),
)  # fmt: skip
_PACKAGES = (".docx", ".xlsx", ".xlsm", ".docm")


def read(path: str | os.PathLike, encoding: str | None = None) -> Source:
    """The source of a file. `encoding` overrides the detection for text, web pages and CSV.

    Raises UnreadableFile (empty, broken, encrypted, too large, gone) or UnknownFormat (no reader for such files), each with
    one Chinese sentence that begins with the file's name.
    """
    path = os.path.abspath(os.fsdecode(path))
    with _named(readable_name(path)) as name:
        kind, media_type = _kind_of(path)
        if kind == "pdf":
            return pdf_source(path, name, media_type)
        if kind != "text":
            return worker.parse(path, name, kind, media_type, encoding)
        with open(path, "rb") as file:
            return read_text(file.read(), path, name, media_type, encoding)


def read_volumes(path: str | os.PathLike, encoding: str | None = None) -> Iterator[Volume]:
    """The source of a file, if it is large in several volumes with where each begins: memory does not grow with the file.

    Raises UnreadableFile or UnknownFormat like `read`, possibly after some volumes.
    """
    path = os.path.abspath(os.fsdecode(path))
    with _named(readable_name(path)) as name:
        kind, media_type = _kind_of(path)
        if kind == "text" and os.path.getsize(path) > LARGE_FILE:
            yield from text_volumes(path, name, media_type, encoding)
            return
        if kind == "pdf":
            yield from pdf_volumes(path, name, media_type)
            return
    yield from divided(read(path, encoding))


@contextlib.contextmanager
def _named(name: str) -> Iterator[str]:
    """What goes wrong within is said with the file's name."""
    try:
        yield name
    except OSError as error:
        raise UnreadableFile(f"{name}：无法打开（{os.strerror(error.errno) if error.errno else error}）。") from error
    except UnreadableFile as error:
        raise type(error)(f"{name}：{error}") from error


def page_image(path: str | os.PathLike, page: int, width: int = 1200) -> bytes:
    """A page (from 1) of a PDF as PNG, drawn in the worker. Raises UnreadableFile."""
    return _viewer.page_image(os.path.abspath(path), page, width)


def quote_boxes(path: str | os.PathLike, page: int, quote: str) -> list[tuple[float, float, float, float]]:
    """Where on a page (from 1) of a PDF a quotation stands: (left, top, right, bottom) of each line in fractions of the page,
    from the upper left; empty when it does not stand there. Raises UnreadableFile."""
    return _viewer.quote_boxes(os.path.abspath(path), page, quote)


def from_text(key: str, title: str, text: str) -> Source:
    """The source of a text without a file: its path is empty, its name the title or else the key, its digest the SHA-256 of
    the text in UTF-8. Raises UnreadableFile when there is nothing in it."""
    if not text.strip():
        raise UnreadableFile(f"{title or key}：文本是空的，没有可读的内容。")
    text = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate has no bytes
    return Source("", title or key, hashlib.sha256(text.encode("utf-8")).hexdigest(), "text/plain", "utf-8", text)


def _kind_of(path: str) -> tuple[str, str]:
    return _kind(_head(path), os.path.splitext(path)[1].lower())


def _head(path: str) -> bytes:
    if not os.path.isfile(path):
        raise UnreadableFile("没有这个文件，或它不是普通文件。")
    size = os.path.getsize(path)
    if size > _LARGEST:
        raise UnreadableFile("文件太大（超过 1 GB），请拆分后再添加。")
    with open(path, "rb") as file:
        head = file.read(4096)
    if not head:
        raise UnreadableFile("文件是空的，没有可读的内容。")
    return head


def _kind(head: bytes, ending: str) -> tuple[str, str]:
    """Which reader takes the file, and its media type."""
    stated = KINDS.get(ending, "")
    if b"%PDF-" in head[:1024]:
        return "pdf", KINDS[".pdf"]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip", stated
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise UnknownFormat(f"还不能读取这种文件：它是{what}。")
    if ending == ".pdf" or ending in _PACKAGES:
        raise UnreadableFile(f"它不是 {ending[1:].upper()} 文件（内容与扩展名不符，或已损坏）。")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if stated == "text/html" or start.startswith((b"<!doctype html", b"<html")):
        return "html", "text/html"
    if stated == "text/csv":
        return "csv", stated
    return "text", stated or "text/plain"
