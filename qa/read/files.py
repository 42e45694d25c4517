"""Which files there are to read: folders are walked, links are not followed, and what is passed over is told."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qa.types import Refused

KINDS = {
    ".txt": "text/plain", ".text": "text/plain", ".md": "text/markdown", ".markdown": "text/markdown",
    ".html": "text/html", ".htm": "text/html", ".xhtml": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}  # fmt: skip
"""The endings that are read, and what they are."""

_IGNORED_NAMES = frozenset({"__pycache__", "node_modules", "__MACOSX", "Thumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information"})
_OTHER_KINDS = {stat.S_IFLNK: "是指向别处的链接，请直接添加它指向的文件", stat.S_IFIFO: "是管道，不是文件", stat.S_IFSOCK: "是套接字，不是文件", stat.S_IFBLK: "是设备，不是文件", stat.S_IFCHR: "是设备，不是文件"}
_IGNORED_STARTS = (".", "~$", ".~lock")  # hidden, version control, office locks


@dataclass(slots=True)
class Survey:
    """What there is under some paths: the files to read, what was passed over, and what could not be looked into."""

    files: list[Path] = field(default_factory=list)
    skipped: list[Refused] = field(default_factory=list)
    failed: list[Refused] = field(default_factory=list)


def survey(paths: Iterable[str | os.PathLike]) -> Survey:
    """Looks through `paths`: each file to read once, in sorted order: regular files with a known ending, whatever the depth,
    and each file that is named itself, whatever its ending.

    Other files, links inside folders, devices, pipes and sockets are passed over with a reason; hidden files, office locks
    and caches without. A path that is not there and a folder that may not be opened have failed.
    """
    found, seen = Survey(), set()
    named = list(dict.fromkeys(os.path.abspath(os.fsdecode(path)) for path in paths))
    waiting = [(path, os.stat) for path in reversed(named)]  # a link is followed only where it was named itself
    while waiting:
        path, status = waiting.pop()
        try:
            mode = status(path).st_mode
            if path in seen:
                continue
            seen.add(path)
            if stat.S_ISDIR(mode):
                waiting += [(os.path.join(path, name), os.lstat) for name in sorted(os.listdir(path), reverse=True) if not _is_ignored(name)]
            elif not stat.S_ISREG(mode):
                (found.skipped if status is os.lstat else found.failed).append(Refused(path, _OTHER_KINDS.get(stat.S_IFMT(mode), "不是普通文件")))
            elif status is os.stat or os.path.splitext(path)[1].lower() in KINDS:
                found.files.append(Path(path))
            else:
                found.skipped.append(Refused(path, _unread(path)))
        except OSError as error:  # gone meanwhile, no permission, a path that is too long
            found.failed.append(Refused(path, "没有这个文件或文件夹" if isinstance(error, FileNotFoundError) else f"打不开（{os.strerror(error.errno)}），其中的内容没有读取"))
    return found


def walk(paths: Iterable[str | os.PathLike]) -> Iterator[Path]:
    """The files to read under `paths`, see `survey`."""
    yield from survey(paths).files


def _is_ignored(name: str) -> bool:
    return name in _IGNORED_NAMES or name.startswith(_IGNORED_STARTS)


def _unread(path: str) -> str:
    ending = os.path.splitext(path)[1]
    return f"不读取 {ending} 文件" if ending else "没有扩展名的文件要单独指定才读取"


def digest(path: str | os.PathLike) -> str:
    """The SHA-256 of a regular file's bytes, hexadecimal; "" for what is none or cannot be opened."""
    if not os.path.isfile(path):
        return ""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def readable_name(path: str | os.PathLike) -> str:
    """The file's name for people: bytes that are not UTF-8 read as GB18030, control and direction characters taken out.

    >>> readable_name("/资料/通知\\u202etxt.pdf")
    '通知txt.pdf'
    """
    name = os.path.basename(os.fsdecode(path))
    if any("\ud800" <= character <= "\udfff" for character in name):
        name = os.fsencode(name).decode("gb18030", "replace")
    return "".join(character for character in name if unicodedata.category(character) not in ("Cc", "Cf", "Cs"))
