"""Which files there are to read: folders are walked, links are not followed, devices and locks are passed over."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

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
_IGNORED_STARTS = (".", "~$", ".~lock")  # hidden, version control, office locks


def walk(paths: Iterable[str | os.PathLike]) -> Iterator[Path]:
    """The files to read under `paths`, each once, in sorted order: regular files with a known ending, whatever the depth,
    and each file that is named itself, whatever its ending.

    Hidden files, office locks, caches, links inside folders, devices, pipes and sockets are passed over.
    """
    seen: set[str] = set()
    for path in paths:
        for file in _under(Path(os.path.abspath(path))):
            if str(file) not in seen:
                seen.add(str(file))
                yield file


def _under(path: Path) -> Iterator[Path]:
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if stat.S_ISREG(mode):
        yield path
    elif stat.S_ISDIR(mode):
        yield from _in_folder(path)


def _in_folder(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # no permission, or gone meanwhile
        return
    for entry in entries:
        if entry.name in _IGNORED_NAMES or entry.name.startswith(_IGNORED_STARTS) or entry.is_symlink():
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _in_folder(Path(entry.path))
        elif entry.is_file(follow_symlinks=False) and os.path.splitext(entry.name)[1].lower() in KINDS:
            yield Path(entry.path)


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
