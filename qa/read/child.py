"""The parent's side of the worker: one process for many files, ended when a file takes too long, started again when gone."""

from __future__ import annotations

import atexit
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from typing import NamedTuple

from qa.types import Place, Source, UnknownFormat, UnreadableFile

_log = logging.getLogger(__name__)
_SECONDS = 60  # by the clock, for one file
_MOST = 100 << 20  # bytes of an answer
# The package itself is not imported in the worker: it would load numpy and the index.
_START = "import sys, types; qa = types.ModuleType('qa'); qa.__path__ = [sys.argv[1]]; sys.modules['qa'] = qa; from qa.read.worker import main; main()"


class Pages(NamedTuple):
    """A stretch of pages: the text with the place of each, how many texts on them cannot be seen, and the pages of the whole file."""

    text: str
    places: tuple[Place, ...]
    hidden: int
    count: int


class Worker:
    """A process that parses files, one at a time."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds, self._lock, self._process = seconds, threading.Lock(), None
        atexit.register(self.close)

    def page_image(self, path: str, page: int, width: int = 1200) -> bytes:
        """A page of a PDF as PNG, see `page.page_image`."""
        with self._lock:
            return self._ask({"path": path, "kind": "page image", "page": page, "width": width})[1]

    def quote_boxes(self, path: str, page: int, quote: str) -> list[tuple[float, float, float, float]]:
        """Where on a page of a PDF a quotation stands, see `page.quote_boxes`."""
        with self._lock:
            return [tuple(box) for box in self._ask({"path": path, "kind": "quote boxes", "page": page, "quote": quote})[0]["boxes"]]

    def pages(self, path: str, first: int, most: int) -> Pages:
        """Up to `most` pages of a PDF from page `first` (from 0) on. Raises UnreadableFile like `parse`."""
        with self._lock:
            answer, data = self._ask({"path": path, "kind": "pdf", "first": first, "most": most})
        return Pages(data.decode("utf-8"), tuple(Place(*place) for place in answer["places"]), answer["hidden"], answer["pages"])

    def parse(self, path: str, name: str, kind: str, media_type: str, encoding: str | None) -> Source:
        """The source of a file. Raises UnreadableFile with a sentence for its owner, whatever happens to the process."""
        with self._lock:
            answer, data = self._ask({"path": path, "kind": kind, "encoding": encoding})
        text = data.decode("utf-8")
        places = tuple(Place(*place) for place in answer["places"])
        return Source(path, name, answer["digest"], answer["media_type"] or media_type, answer["encoding"], text, places, tuple(answer["doubts"]))

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    def _ask(self, request: dict) -> tuple[dict, bytes]:
        """The answer to a request; its error is raised."""
        deadline = time.monotonic() + self._seconds
        try:
            process = self._running()
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(self._read(process, deadline))
            data = self._read(process, deadline, answer["length"])
        except (OSError, EOFError, ValueError) as error:
            code = self._end()
            _log.info("the reading process ended with %s on %s: %s", code, request["path"], error)
            raise UnreadableFile(_reason(error, code)) from error
        if answer.get("last"):
            self._end()
        if "error" in answer:
            raise (UnknownFormat if answer.get("unknown") else UnreadableFile)(answer["error"])
        return answer, data

    def _running(self) -> subprocess.Popen:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
            self._process = subprocess.Popen([sys.executable, "-c", _START, here], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
            self._buffer = b""
        return self._process

    def _read(self, process: subprocess.Popen, deadline: float, length: int = -1) -> bytes:
        """A line of the answer, or so many bytes."""
        parts, have = [self._buffer], len(self._buffer)
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while have < length if length >= 0 else b"\n" not in parts[-1]:
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    raise TimeoutError
                block = os.read(process.stdout.fileno(), 1 << 20)
                have += len(block)
                if not block or have > _MOST:
                    raise EOFError
                parts.append(block)
        data = b"".join(parts)
        cut = length if length >= 0 else data.index(b"\n") + 1
        self._buffer = data[cut:]
        return data[:cut]

    def _end(self) -> int | None:
        """Ends the process; its exit status, negative for a signal."""
        process, self._process = self._process, None
        if process is None:
            return None
        code = process.poll()
        if code is None:
            process.kill()
        status = process.wait()
        process.stdin.close()
        process.stdout.close()
        return code if code is not None else (status if status != -9 else None)


def _reason(error: Exception, code: int | None) -> str:
    """Why there is no answer, in words for the owner of the file."""
    if isinstance(error, TimeoutError) or code == -signal.SIGXCPU:
        return "读取它用时过长，已停止。"
    if code in (-signal.SIGTRAP, -signal.SIGILL, -signal.SIGABRT):  # how pdfium ends when it gets no more memory
        return "读取它需要太多内存（可能是压缩炸弹），已停止。"
    return "读取它时程序出错（文件可能已损坏），已跳过。"


worker = Worker()
