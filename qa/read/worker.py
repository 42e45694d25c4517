"""The child process in which files are parsed: parsing is dangerous, and what breaks it must break one file.

It reads requests from its standard input, a JSON line each, and answers with a JSON line and the text. Its memory and
processor time are limited; the parent limits its time by the clock and ends it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import resource
import sys

from qa.read.parsed import Parsed
from qa.types import UnknownFormat, UnreadableFile

_MEMORY = 1 << 30  # bytes of address space
_SECONDS = 30  # of processor time for one file
_REPLACED_AFTER = 300 << 10  # kilobytes at its largest: then a fresh process goes on


def main() -> None:
    """Answers requests until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin.buffer:
        request = json.loads(line)
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + _SECONDS, resource.RLIM_INFINITY))
        try:
            answer, text = _answer(request)
        except UnreadableFile as error:
            answer, text = {"error": str(error), "unknown": isinstance(error, UnknownFormat)}, b""
        except (MemoryError, RecursionError, OverflowError):
            answer, text = {"error": "读取它需要太多内存，已停止。"}, b""
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, EOFError, StopIteration) as error:
            answer, text = {"error": f"文件已损坏，无法读取（{type(error).__name__}）。"}, b""
        answer["last"] = _largest() > _REPLACED_AFTER
        answer["length"] = len(text)
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + text)
        sys.stdout.buffer.flush()
        if answer["last"]:
            return


def _largest() -> int:
    """Kilobytes that this process has held at its largest. On Linux not ru_maxrss, which begins with the size of the parent:
    beside a library of 300 MB every file would cost a new process."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _answer(request: dict) -> tuple[dict, bytes]:
    if request["kind"] == "page image":
        from qa.read.page import page_image

        return {}, page_image(request["path"], request["page"], request["width"])
    if request["kind"] == "quote boxes":
        from qa.read.page import quote_boxes

        return {"boxes": quote_boxes(request["path"], request["page"], request["quote"])}, b""
    if request["kind"] == "pdf":
        from qa.read.pdf import read_pdf

        pages, hidden, count = read_pdf(request["path"], request["first"], request["most"])
        return {"places": _places(pages), "hidden": hidden, "pages": count}, pages.text.encode("utf-8", "replace")
    parsed = _parsed(request["path"], request["kind"], request["encoding"])
    with open(request["path"], "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    answer = {"digest": digest, "media_type": parsed.media_type, "encoding": parsed.encoding, "doubts": parsed.doubts, "places": _places(parsed)}
    return answer, parsed.text.encode("utf-8", "replace")  # a lone surrogate becomes one "?": offsets stay


def _places(parsed: Parsed) -> list[list]:
    return [[place.start, place.kind, place.label] for place in parsed.places]


def _parsed(path: str, kind: str, encoding: str | None) -> Parsed:
    """Each format's reader is imported where it is needed: a worker for web pages needs no pdfium."""
    if kind == "zip":
        return _office(path)
    with open(path, "rb") as file:
        data = file.read()
    if kind == "html":
        from qa.read.html import read_html

        return read_html(data, encoding)
    from qa.read.sheet import read_csv

    return read_csv(data, encoding)


def _office(path: str) -> Parsed:
    from qa.read.package import opened

    package = opened(path)
    names = set(package.namelist())
    if "word/document.xml" in names:
        from qa.read.docx import read_docx

        return _as(read_docx(package), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    if "xl/workbook.xml" in names:
        from qa.read.sheet import read_xlsx

        return _as(read_xlsx(path), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    what = "演示文稿" if "ppt/presentation.xml" in names else "电子书" if "META-INF/container.xml" in names else "压缩包"
    raise UnknownFormat(f"还不能读取{what}。请把里面的文字另存为 Word、PDF 或文本后再添加。")


def _as(parsed: Parsed, media_type: str) -> Parsed:
    return dataclasses.replace(parsed, media_type=media_type)
