"""Zip packages of Office documents, opened with limits: entries, sizes and ratio are checked before anything is inflated,
and counted again while it is."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from qa.types import UnreadableFile

_MOST_ENTRIES = 5_000
_LONGEST_ENTRY = 512  # bytes of its record; Word's and Excel's have about 80
_LARGEST = 200 << 20  # bytes, unpacked, all members together
_RATIO = 200
_DEEPEST = 256


def opened(path: str) -> zipfile.ZipFile:
    """The package, if it keeps the limits."""
    entries, directory = _announced(path)
    if entries > _MOST_ENTRIES or directory > _MOST_ENTRIES * _LONGEST_ENTRY:
        raise UnreadableFile(f"文件里有 {entries} 个条目，超过上限 {_MOST_ENTRIES}，可能是压缩炸弹，未读取。")
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile("文件已损坏，压缩包无法打开。") from error
    members = package.infolist()
    unpacked, packed = sum(member.file_size for member in members), max(sum(member.compress_size for member in members), 1)
    if len(members) > _MOST_ENTRIES:
        raise UnreadableFile(f"文件里有 {len(members)} 个条目，超过上限 {_MOST_ENTRIES}，可能是压缩炸弹，未读取。")
    if unpacked > _LARGEST or (unpacked > 64 << 20 and unpacked / packed > _RATIO):
        raise UnreadableFile(f"文件解压后有 {unpacked >> 20} MB，可能是压缩炸弹，未读取。")
    return package


def _announced(path: str) -> tuple[int, int]:
    """How many entries a package says it has, and the bytes of their list: zipfile makes an object of each, 100,000 in a second
    and 60 MB. Of a file that says nothing, (0, 0)."""
    with open(path, "rb") as file:
        file.seek(max(os.path.getsize(path) - (1 << 16) - 98, 0))
        tail = file.read()
    last, wide = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    if last < 0 or len(tail) - last < 22:
        return 0, 0
    entries, directory = struct.unpack_from("<HL", tail, last + 10)
    if entries == 0xFFFF and 0 <= wide <= last - 56:  # the record of ZIP64 stands before
        entries, directory = struct.unpack_from("<QQ", tail, wide + 32)
    return entries, directory


def member(package: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a member; empty when there is none. What is longer than it says is refused."""
    names = [info for info in package.infolist() if info.filename == name]
    if not names:
        return b""
    try:
        with package.open(names[0]) as stream:
            data = stream.read(names[0].file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise UnreadableFile("文件有密码，请解除密码后再添加。" if "password" in str(error) else f"文件已损坏（{name} 无法解压）。") from error
    if len(data) > names[0].file_size:
        raise UnreadableFile("文件的内部大小与声明不符，可能是压缩炸弹，未读取。")
    return data


def walk_xml(data: bytes, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None]) -> None:
    """Calls the handlers over an XML document. Names come without prefix. A document type, and with it every entity, is
    refused, and so is nesting deeper than 256."""
    depth = 0

    def opening(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise UnreadableFile("文件结构嵌套过深，未读取。")
        start(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def closing(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    def refuse(*_: object) -> None:
        raise UnreadableFile("文件里有外部实体或文档类型声明，出于安全未读取。")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opening, closing, text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableFile("文件已损坏（XML 不完整）。") from error
