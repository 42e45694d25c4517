"""Which files there are to read: folders are walked, links are not followed, and what is passed over is told."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qa.read.decode import decode
from qa.types import Refused, UnreadableFile

KINDS = {
    ".txt": "text/plain", ".text": "text/plain", ".md": "text/markdown", ".markdown": "text/markdown",
    ".html": "text/html", ".htm": "text/html", ".xhtml": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}  # fmt: skip
"""The endings that are read, and what they are."""

IGNORE_LIST = ".youjuignore"
"""What a file of this name in a folder lists is not read, in it and below: a pattern a line, as in 草稿/, *.bak, 归档/2019*."""

_LONGEST_LIST = 1 << 16  # bytes
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

    Other files, links inside folders, devices, pipes and sockets are passed over with a reason, and so is what a folder's
    ignore list names; hidden files, office locks and caches without. A path that is not there and a folder that may not be
    opened have failed.
    """
    found, seen = Survey(), set()
    named = list(dict.fromkeys(os.path.abspath(os.fsdecode(path)) for path in paths))
    waiting: list[tuple[str, Callable, tuple[_Ignored, ...]]] = [(path, os.stat, ()) for path in reversed(named)]  # a link is followed only where it was named itself
    while waiting:
        path, status, ignored = waiting.pop()
        try:
            mode = status(path).st_mode
            if path in seen:
                continue
            seen.add(path)
            if status is os.lstat and any(rule.names(path, stat.S_ISDIR(mode)) for rule in ignored):
                found.skipped.append(Refused(path, f"在忽略名单 {IGNORE_LIST} 里"))
            elif stat.S_ISDIR(mode):
                names = sorted(os.listdir(path), reverse=True)
                inside = ignored + (_ignore_list(path) if IGNORE_LIST in names else ())
                waiting += [(os.path.join(path, name), os.lstat, inside) for name in names if not _is_ignored(name)]
            elif not stat.S_ISREG(mode):
                (found.skipped if status is os.lstat else found.failed).append(Refused(path, _OTHER_KINDS.get(stat.S_IFMT(mode), "不是普通文件")))
            elif status is os.stat or os.path.splitext(path)[1].lower() in KINDS:
                found.files.append(Path(path))
            else:
                found.skipped.append(Refused(path, _unread(path)))
        except UnreadableFile:
            found.failed.append(Refused(path, f"其中的忽略名单 {IGNORE_LIST} 不是文本，无法读取，这个文件夹没有读取"))
        except OSError as error:  # gone meanwhile, no permission, a path that is too long
            found.failed.append(Refused(path, "没有这个文件或文件夹" if isinstance(error, FileNotFoundError) else f"打不开（{os.strerror(error.errno)}），其中的内容没有读取"))
    return found


@dataclass(frozen=True, slots=True)
class _Ignored:
    """A line of an ignore list, and the folder in which the list lies."""

    folder: str
    pattern: str

    def names(self, path: str, is_folder: bool) -> bool:
        """Whether it means this path: by its name, or with a "/" in the line by the way from the folder to it."""
        pattern = self.pattern.removesuffix("/")
        if pattern != self.pattern and not is_folder:
            return False
        seen = os.path.relpath(path, self.folder) if "/" in pattern else os.path.basename(path)
        return fnmatch.fnmatchcase(seen, pattern.removeprefix("/"))


def _ignore_list(folder: str) -> tuple[_Ignored, ...]:
    with open(os.path.join(folder, IGNORE_LIST), "rb") as file:
        lines = decode(file.read(_LONGEST_LIST))[0].lstrip("\ufeff").splitlines()
    return tuple(_Ignored(folder, line.strip()) for line in lines if line.strip() and not line.startswith("#"))


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
