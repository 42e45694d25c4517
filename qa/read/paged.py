"""A PDF is parsed in stretches of pages: a long one keeps within the limits of each request, tells how far it is read, and its
text is never whole in memory."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.read import volumes
from qa.read.child import Pages, worker
from qa.read.files import digest
from qa.read.parsed import too_long, unseen
from qa.read.volumes import Volume
from qa.types import Place, Source, UnreadableFile

_STRETCH = 100  # pages: 1 s of parsing


def pdf_source(path: str, name: str, media_type: str) -> Source:
    """The source of a PDF. Raises UnreadableFile when it is encrypted, broken, changed meanwhile, or has no text at all."""
    source = Source(path, name, digest(path), media_type, "", "")
    return _with(source, list(_stretches(source)))


def pdf_volumes(path: str, name: str, media_type: str) -> Iterator[Volume]:
    """The volumes of a PDF, as its pages are read. Raises UnreadableFile like `pdf_source`, possibly after some volumes."""
    held = Source(path, name, digest(path), media_type, "", "")
    for pages, states in _stretches(held):
        held = _with(held, [(pages, states)])
        share = int(pages.places[-1].label) / pages.count
        if (held.start + len(held.text)) / share > volumes.LARGE and len(held.text) > 1.5 * volumes.VOLUME:
            *whole, (held, _) = volumes.cut(held)
            yield from (Volume(volume.source, share) for volume in whole)
    yield Volume(held, 1.0)


def _stretches(source: Source) -> Iterator[tuple[Pages, list[str]]]:
    """All pages, a stretch at a time, with the state of each page."""
    first = length = 0
    count, seen = 1, set[str]()
    while first < count:
        pages = worker.pages(source.path, first, _STRETCH)
        first, count, length = first + _STRETCH, pages.count, length + len(pages.text)
        states = _states(pages)
        seen.update(states)
        too_long(length)
        yield pages, states
    if seen <= {_EMPTY}:
        raise UnreadableFile("这个 PDF 没有文字层（可能是扫描件），请先做文字识别（OCR）。")
    if _READABLE not in seen:
        raise UnreadableFile("这个 PDF 的文字无法辨认（字体没有文字编码），请先做文字识别（OCR）。")
    if digest(source.path) != source.digest:
        raise UnreadableFile("读取时文件正在被改动，请稍后重新添加。")


_EMPTY, _READABLE, _UNREADABLE = "empty", "readable", "unreadable"


def _states(pages: Pages) -> list[str]:
    """The state of each page."""
    starts = [place.start for place in pages.places]
    return [_state(pages.text[start:end]) for start, end in itertools.pairwise([*starts, len(pages.text)])]


def _state(text: str) -> str:
    """Whether a page has text, and whether it is any: a font without a map from its glyphs to characters gives their numbers,
    which read as control characters, characters of nobody, and letters of many scripts at once."""
    shown = [character for character in text if not character.isspace()]
    odd = sum(character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs") for character in shown)
    rare = {ord(character) // 128 for character in shown if "\u0530" <= character <= "\u1fff"}
    odd += sum("\u0530" <= character <= "\u1fff" for character in shown) if len(rare) >= 4 else 0
    return _EMPTY if not shown else _UNREADABLE if odd > 0.3 * len(shown) else _READABLE


def _with(source: Source, stretches: Sequence[tuple[Pages, list[str]]]) -> Source:
    """The source with these pages behind what it has, and what is doubtful about them."""
    texts, places, at, hidden = [source.text], list(source.places), len(source.text), 0
    labels: dict[str, list[str]] = {_EMPTY: [], _READABLE: [], _UNREADABLE: []}
    for pages, states in stretches:
        for place, state in zip(pages.places, states):
            labels[state].append(place.label)
            places.append(Place(place.start + at, place.kind, place.label))
        texts.append(pages.text)
        at, hidden = at + len(pages.text), hidden + pages.hidden
    doubts = (*_on(labels[_EMPTY], "没有文字（可能是扫描图像），未能读取。"), *_on(labels[_UNREADABLE], "的文字无法辨认（字体没有文字编码），不宜引用。"))
    return replace(source, text="".join(texts), places=tuple(places), doubts=source.doubts + doubts + unseen(hidden))


def _on(labels: Sequence[str], said: str) -> tuple[str, ...]:
    return (f"第{'、'.join(labels[:20])}{'等' if len(labels) > 20 else ''}页{said}",) if labels else ()
