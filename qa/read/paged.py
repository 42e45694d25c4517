"""A PDF is parsed in stretches of pages: a long one keeps within the limits of each request, tells how far it is read, and its
text is never whole in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.read import volumes
from qa.read.child import Pages, worker
from qa.read.files import digest
from qa.read.parsed import too_long
from qa.read.volumes import Volume
from qa.types import Place, Source, UnreadableFile

_STRETCH = 100  # pages: 1 s of parsing


def pdf_source(path: str, name: str, media_type: str) -> Source:
    """The source of a PDF. Raises UnreadableFile when it is encrypted, broken, changed meanwhile, or has no text at all."""
    source = Source(path, name, digest(path), media_type, "", "")
    parts = list(_stretches(source))
    return _with(replace(source, text=""), parts)


def pdf_volumes(path: str, name: str, media_type: str) -> Iterator[Volume]:
    """The volumes of a PDF, as its pages are read. Raises UnreadableFile like `pdf_source`, possibly after some volumes."""
    held = Source(path, name, digest(path), media_type, "", "")
    for pages in _stretches(held):
        held = _with(held, [pages])
        share = int(pages.places[-1].label) / pages.count
        if (held.start + len(held.text)) / share > volumes.LARGE and len(held.text) > 1.5 * volumes.VOLUME:
            *whole, (held, _) = volumes.cut(held)
            yield from (Volume(volume.source, share) for volume in whole)
    yield Volume(held, 1.0)


def _stretches(source: Source) -> Iterator[Pages]:
    """All pages, a stretch at a time."""
    first = length = 0
    count, readable = 1, False
    while first < count:
        pages = worker.pages(source.path, first, _STRETCH)
        first, count, length = first + _STRETCH, pages.count, length + len(pages.text)
        readable = readable or bool(pages.text.strip())
        too_long(length)
        yield pages
    if not readable:
        raise UnreadableFile("这个 PDF 没有文字层（可能是扫描件），请先做文字识别（OCR）。")
    if digest(source.path) != source.digest:
        raise UnreadableFile("读取时文件正在被改动，请稍后重新添加。")


def _with(source: Source, stretches: Sequence[Pages]) -> Source:
    """The source with these pages behind what it has, and what is doubtful about them."""
    texts, places, at, empty, hidden = [source.text], list(source.places), len(source.text), [], 0
    for pages in stretches:
        ends = [*(place.start for place in pages.places[1:]), len(pages.text)]
        empty += [place.label for place, end in zip(pages.places, ends) if not pages.text[place.start : end].strip()]
        hidden += pages.hidden
        places += [Place(place.start + at, place.kind, place.label) for place in pages.places]
        texts.append(pages.text)
        at += len(pages.text)
    return replace(source, text="".join(texts), places=tuple(places), doubts=source.doubts + _doubts(empty, hidden))


def _doubts(empty: list[str], hidden: int) -> tuple[str, ...]:
    shown = "、".join(empty[:20]) + ("等" if len(empty) > 20 else "")
    scanned = (f"第{shown}页没有文字（可能是扫描图像），未能读取。",) if empty else ()
    return scanned + ((f"有 {hidden} 处隐藏文字，未读取。",) if hidden else ())
