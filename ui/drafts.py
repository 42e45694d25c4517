"""Drafts whose quotations are checked against the library: limited in size, held in memory as long as the server runs.

A draft is somebody's unpublished text: it is never put into the library, and on the disk it lies only while it is read.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from qa import KINDS, BadRequest, Draft, Finding, Library, YoujuError, open_draft
from ui.intake import Stopped, TooLarge, safe_name
from ui.shelf import ID

LARGEST = 20 << 20  # bytes; the checking itself takes at most two million characters
_HELD = 20  # drafts of all people together, the longest unused go first


@dataclass(slots=True)
class Checking:
    """A draft on its way: `state` is "new", "checking", "done", "stopped" or "failed" (then `problem` says why)."""

    id: str
    owner: str
    draft: Draft | None = None
    name: str = ""
    state: str = "new"
    done: int = 0
    total: int = 0
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    stop: bool = False

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    def to_json(self) -> dict:
        return {"state": self.state, "done": self.done, "total": self.total, "name": self.name, "problem": self.problem}


class Drafts:
    """The drafts that are held, and their checking, one draft at a time."""

    def __init__(self, library: Library, largest: int = LARGEST):
        self._library, self.largest = library, largest
        self._held: dict[str, Checking] = {}
        self._lock, self._one = threading.Lock(), threading.Lock()

    def get(self, id: str, owner: str) -> Checking:
        """The owner's draft with this id. Raises BadRequest when there is none."""
        with self._lock:
            found = self._held.get(id)
            if found is None or found.owner != owner:
                raise BadRequest("这份草稿已经不在了，请重新核对。")
            self._held[id] = self._held.pop(id)  # used last
            return found

    def finished(self, id: str, owner: str) -> Checking:
        """The same, once it is checked to the end."""
        found = self.get(id, owner)
        if found.state != "done" or found.draft is None:
            raise BadRequest("这份草稿还没有核对完。")
        return found

    async def receive(self, id: str, owner: str, name: str, stream: AsyncIterator[bytes]) -> Checking:
        """Takes a draft and begins to check it. `id`: 128 random bits, hexadecimal. Raises BadRequest, TooLarge."""
        if not re.fullmatch(ID, id) or id in self._held:
            raise BadRequest("没有这份草稿。")
        if Path(name).suffix.lower() not in KINDS:
            raise BadRequest(f"{name}：不读取这种文件。可以核对的有 {' '.join(sorted(KINDS))}。")
        data = bytearray()
        async for piece in stream:
            data += piece
            if len(data) > self.largest:
                raise TooLarge(f"{name}：草稿太大，最多 {self.largest >> 20} MB。")
        checking = Checking(id, owner, name=name)
        with self._lock:
            self._held[id] = checking
            for old in list(self._held)[:-_HELD]:
                self._held.pop(old).stop = True
        self._start(checking, bytes(data))
        return checking

    def again(self, checking: Checking) -> None:
        """Checks a draft once more: the library may have grown."""
        if checking.state != "checking" and checking.draft:
            self._start(checking, b"")

    def _start(self, checking: Checking, data: bytes) -> None:
        checking.state, checking.done, checking.total, checking.stop, checking.problem = "checking", 0, 0, False, ""
        threading.Thread(target=self._check, args=(checking, data), name="proof", daemon=True).start()

    def _check(self, checking: Checking, data: bytes) -> None:
        def progress(done: int, total: int) -> None:
            checking.done, checking.total = done, total
            if checking.stop:
                raise Stopped

        with self._one:
            try:
                checking.draft = checking.draft or _opened(checking.name, data)
                progress(0, 0)
                checking.findings = self._library.proof(checking.draft.text, progress)
                checking.state = "done"
            except Stopped:
                checking.state = "stopped"
            except YoujuError as error:
                checking.state, checking.problem = "failed", str(error)
            except OSError:
                checking.state, checking.problem = "failed", "磁盘空间不足或无法写入。"


def _opened(name: str, data: bytes) -> Draft:
    with tempfile.TemporaryDirectory(prefix="youju-draft-") as folder:
        path = Path(folder) / safe_name(name)
        path.write_bytes(data)
        return open_draft(path)
