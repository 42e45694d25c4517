"""Files become sources: one reader per format, chosen by what the file holds, then by its ending. Nothing is changed here.

Offsets are characters of the decoded text: for text files exactly `bytes.decode(codec)`, line ends and byte order mark
included. A file that cannot be read raises UnreadableFile with one Chinese sentence for its owner.
"""

from __future__ import annotations

import hashlib
import os

from qa.read.decode import decode
from qa.read.files import KINDS, readable_name, walk
from qa.read.text import read_text
from qa.types import Source, UnknownFormat, UnreadableFile

__all__ = ["KINDS", "decode", "from_text", "read", "walk"]

_LARGEST = 1 << 30  # bytes; a file is held in memory while it is read

# What a file says it is, by its first bytes, for files that no reader takes or that carry a false ending.
_MAGIC = (
    (b"%PDF", "PDF 文件"), (b"PK\x03\x04", "ZIP 压缩包或 Office 文档"), (b"\xd0\xcf\x11\xe0", "旧版 Office 文档或加密的 Office 文档"),
    (b"MZ", "Windows 程序"), (b"\x7fELF", "Linux 程序"), (b"\x89PNG", "PNG 图片"), (b"\xff\xd8\xff", "JPEG 图片"), (b"GIF8", "GIF 图片"),
    (b"Rar!", "RAR 压缩包"), (b"7z\xbc\xaf", "7z 压缩包"), (b"\x1f\x8b", "gzip 压缩包"), (b"SQLite format 3", "SQLite 数据库"),
)  # fmt: skip


def read(path: str | os.PathLike, encoding: str | None = None) -> Source:
    """The source of a file. `encoding` overrides the detection for text files.

    Raises UnreadableFile (empty, broken, encrypted, too large, gone) or UnknownFormat (no reader for such files).
    """
    path = os.path.abspath(os.fsdecode(path))
    data = _bytes(path)
    ending = os.path.splitext(path)[1].lower()
    kind = KINDS.get(ending, "text/plain")
    real = next((name for magic, name in _MAGIC if data.startswith(magic)), "")
    if kind not in ("text/plain", "text/markdown") or (real and real != "Windows 程序") or data.startswith(b"MZ\x90"):
        raise UnknownFormat(f"还不能读取这种文件（{real or ending}）：{readable_name(path)}。")
    try:
        return read_text(data, path, readable_name(path), kind, encoding)
    except UnreadableFile as error:
        raise type(error)(f"{readable_name(path)}：{error}") from None


def from_text(key: str, title: str, text: str) -> Source:
    """The source of a text without a file: its path is empty, its name the title or else the key, its digest the SHA-256 of
    the text in UTF-8. Raises UnreadableFile when there is nothing in it."""
    if not text.strip():
        raise UnreadableFile(f"{title or key}：文本是空的，没有可读的内容。")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return Source("", title or key, hashlib.sha256(text.encode("utf-8")).hexdigest(), "text/plain", "utf-8", text)


def _bytes(path: str) -> bytes:
    name = readable_name(path)
    try:
        if not os.path.isfile(path):
            raise UnreadableFile(f"{name}：没有这个文件，或它不是普通文件。")
        if os.path.getsize(path) > _LARGEST:
            raise UnreadableFile(f"{name}：文件太大（超过 1 GB），请拆分后再添加。")
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UnreadableFile(f"{name}：无法打开（{error.strerror or error}）。") from error
