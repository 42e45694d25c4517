"""Plain text and Markdown. Their places are lines, which are counted from the offsets: none are stored."""

from __future__ import annotations

import hashlib

from qa.read.decode import decode
from qa.types import Source, UnreadableFile


def read_text(data: bytes, path: str, name: str, media_type: str, encoding: str | None) -> Source:
    """The source of a text file. Raises UnreadableFile for what is empty or no text."""
    if not data:
        raise UnreadableFile("文件是空的，没有可读的内容。")
    text, codec, doubts = decode(data, encoding)
    if not text.strip("\ufeff\u200b \t\r\n\x00"):
        raise UnreadableFile("文件里只有空白，没有可读的内容。")
    return Source(path, name, hashlib.sha256(data).hexdigest(), media_type, codec, text, (), doubts)
