"""Files that come through the browser or the API: limited, kept in the library's folder, read by one job at a time.

A file is kept under a random folder, so that no name can lead elsewhere or take the place of another; its own name stays, for
people to read. The originals must stay: quotations are verified against them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import secrets
import shutil
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from qa import KINDS, BadRequest, Changes, Library, Refused, YoujuError
from ui.shelf import ID, Shelf
from ui.told import plain

LARGEST = 200 << 20  # bytes of one file
QUOTA = 20 << 30  # bytes of all uploaded files together
_FREE = 512 << 20  # bytes that must stay free on the disk
_NAME = 180  # bytes of a file's name; file systems take 255
_MOST_FILES = 1000  # of one batch
_BATCHES = 200  # held at the same time
_NO_BATCH = "没有这批文件。"
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\<>:"|?*]' if os.name == "nt" else r"[\x00-\x1f\x7f/\\]")


class TooLarge(BadRequest):
    """The file, or all files together, would take more room than allowed."""


class Stopped(YoujuError):
    """Somebody pressed stop."""


@dataclass(slots=True)
class Batch:
    """Files that were sent together. `state`: "sent" until they are read, "reading", "done", "stopped"."""

    id: str
    owner: str
    files: list[Path] = field(default_factory=list)
    known: list[Refused] = field(default_factory=list)  # the same bytes are in the library already
    state: str = "sent"
    done: int = 0
    total: int = 0
    name: str = ""
    changes: Changes = Changes()
    stop: bool = False

    def to_json(self) -> dict:
        return {"batch": self.id, "state": self.state, "done": self.done, "total": self.total, "name": self.name}


class Intake:
    """The upload folder of a library and the batches on their way into it."""

    def __init__(self, library: Library, shelf: Shelf, largest: int = LARGEST, quota: int = QUOTA):
        self.folder = library.folder.absolute() / "files"
        self.largest, self.quota = largest, quota
        self._library, self._shelf = library, shelf
        self._batches: dict[str, Batch] = {}
        self._lock, self._reading = threading.Lock(), threading.Lock()
        self._clear_up()
        self._used = _size(self.folder)

    def _clear_up(self) -> None:
        """Removes what was sent before the last stop and never read. By the folders' random names, not their paths: a library may
        have been moved."""
        known = {Path(document.path).parent.name for document in self._library.documents()}
        for place in self.folder.glob("[0-9a-f]" * 32):
            if place.name not in known:
                shutil.rmtree(place, ignore_errors=True)

    def begin(self, id: str, owner: str) -> Batch:
        """The owner's batch with this id (128 random bits, hexadecimal), a new one when there is none."""
        if not re.fullmatch(ID, id):
            raise BadRequest(_NO_BATCH)
        with self._lock:
            batch = self._batches.setdefault(id, Batch(id, owner))
            forgotten = [self._batches.pop(old) for old in list(self._batches)[:-_BATCHES] if self._batches[old].state != "reading"]
        for path in (path for old in forgotten if old.state == "sent" for path in old.files):  # nobody will have them read
            self.discard(path)
        if batch.owner != owner:
            raise BadRequest(_NO_BATCH)
        return batch

    def batch(self, id: str, owner: str) -> Batch:
        """The owner's batch with this id. Raises BadRequest when there is none."""
        found = self._batches.get(id)
        if found is None or found.owner != owner:
            raise BadRequest(_NO_BATCH)
        return found

    async def receive(self, batch: Batch, name: str, stream: AsyncIterator[bytes]) -> Path | None:
        """Keeps one file of the batch; None when the same bytes are in the library. Raises BadRequest, TooLarge."""
        if os.path.splitext(name)[1].lower() not in KINDS:
            raise BadRequest(f"{name}：不读取这种文件。可以添加的有 {' '.join(sorted(KINDS))}。")
        if len(batch.files) >= _MOST_FILES:
            raise BadRequest(f"一次最多添加 {_MOST_FILES} 份文件，请分几次。")
        place = self.folder / secrets.token_hex(16)
        path = place / safe_name(name)
        place.mkdir(parents=True)
        try:
            digest = await self._write(path, name, stream)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        if same := self._shelf.with_digest(digest):
            self.discard(path)
            batch.known.append(Refused(name, f"内容与资料库里的“{same.called}”相同"))
            return None
        batch.files.append(path)
        return path

    async def _write(self, path: Path, name: str, stream: AsyncIterator[bytes]) -> str:
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as file:
            async for piece in stream:
                size += len(piece)
                if size > self.largest:
                    raise TooLarge(f"{name}：文件太大，一份最多 {_megabytes(self.largest)}。")
                if self._used + size > self.quota or shutil.disk_usage(self.folder).free < _FREE:
                    raise TooLarge(f"{name}：存放上传文件的空间已满，请先移除一些文件。")
                digest.update(piece)
                file.write(piece)
        with self._lock:
            self._used += size
        return digest.hexdigest()

    def read(self, batch: Batch) -> Changes:
        """Reads the batch into the library and removes the files that could not be read; waits for other batches."""
        with self._reading:
            batch.state, batch.total = "reading", len(batch.files)

            def progress(done: int, total: int, name: str) -> None:
                batch.done, batch.total, batch.name = done, total, name
                if batch.stop:
                    raise Stopped

            try:
                changes = self._library.add(batch.files, progress=progress) if batch.files else Changes()
            except Stopped:
                self._library.add([])  # writes the index that the interrupted call left unwritten
                keys = {document.key for document in self._library.documents()}
                changes = Changes(added=tuple(str(path) for path in batch.files if str(path) in keys))
            kept = {*changes.added, *changes.updated, *changes.unchanged}
            for path in batch.files:
                if str(path) not in kept:
                    self.discard(path)
            failed = tuple(Refused(Path(refused.path).name, refused.reason) for refused in changes.failed)
            batch.changes = dataclasses.replace(changes, failed=failed, skipped=(*changes.skipped, *batch.known))
            batch.state = "stopped" if batch.stop else "done"
        return batch.changes

    def start(self, batch: Batch) -> None:
        """Reads the batch in a thread of its own."""
        batch.state, batch.total = "reading", len(batch.files)
        threading.Thread(target=self._read_or_stop, args=(batch,), name="intake", daemon=True).start()

    def _read_or_stop(self, batch: Batch) -> None:
        try:
            self.read(batch)
        except (YoujuError, OSError) as error:
            reason = str(error) if isinstance(error, YoujuError) else "磁盘空间不足或无法写入"
            batch.changes = Changes(failed=tuple(Refused(path.name, reason) for path in batch.files))
            batch.state = "done"

    def remove(self, id: str) -> None:
        """Takes a document out, by its opaque name, and its original when it was uploaded. Raises NoSuchDocument."""
        key = self._shelf.key(id)
        path = self._shelf.description(key).path
        self._library.remove(key)
        self.discard(Path(path))

    def discard(self, path: Path) -> None:
        """Removes an uploaded original; other files are not touched."""
        if self.folder in path.parents and path.parent.parent == self.folder:
            size = path.stat().st_size if path.exists() else 0
            shutil.rmtree(path.parent, ignore_errors=True)
            with self._lock:
                self._used -= size


def safe_name(name: str) -> str:
    """The name as it can stand in a folder: no separators, no controls, not hidden, not too long; the ending stays."""
    name = _FORBIDDEN.sub("_", plain(name)).strip()
    stem, ending = os.path.splitext(name)
    room = _NAME - len(ending.encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore")
    return ("_" if name.startswith((".", "~$")) or not stem.strip(". ") else "") + stem + ending


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0


def _megabytes(size: int) -> str:
    return f"{size >> 20} MB" if size >= 1 << 20 else f"{size} 字节"
