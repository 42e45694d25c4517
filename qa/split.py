"""A document becomes passages: paragraphs as people see them, long ones cut at enumerations and then at sentences."""

from __future__ import annotations

import re

from qa.types import Document, Passage, Span

_ENDS = re.compile(r"[。！？!?]+[”’」』）)》】\"']*|\n|(?<=[a-z\d)])\.(?=\s|$)")
_OPEN, _CLOSE = "“「『（(《【〔", "”」』）)》】〕"
_ITEM = re.compile(r"(?<=[。；;：:！？”])(?=(?:第[一二三四五六七八九十]+[，,、是]|[一二三四五六七八九十]+[是要]|[（(][一二三四五六七八九十]+[）)]))")
_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?")
_LONGEST = 700


def sentences(text: str) -> list[Span]:
    """The sentences of a text; they tile it except for white space, and never end inside a quotation or brackets."""
    spans, at = [], 0
    for end in [*_sentence_ends(text), len(text)]:
        span = _trimmed(text, at, end)
        if span[0] < span[1]:
            spans += _shortened(text, span)
        at = end
    return spans


def _sentence_ends(text: str) -> list[int]:
    ends, depth, at = [], 0, 0
    for found in _ENDS.finditer(text):
        for character in text[at : found.end()]:
            depth = depth + 1 if character in _OPEN else max(depth - 1, 0) if character in _CLOSE else depth
        at = found.end()
        if found[0] == "\n":
            depth = 0
        if depth == 0:
            ends.append(at)
    return ends


def _shortened(text: str, span: Span) -> list[Span]:
    """A sentence of more than 160 characters, cut at its semicolons."""
    if span[1] - span[0] <= 160:
        return [span]
    cuts, depth = [span[0]], 0
    for at in range(*span):
        depth = depth + 1 if text[at] in _OPEN else max(depth - 1, 0) if text[at] in _CLOSE else depth
        if text[at] in "；;" and depth == 0:
            cuts.append(at + 1)
    cuts.append(span[1])
    spans = [_trimmed(text, low, high) for low, high in zip(cuts, cuts[1:])]
    return [one for one in spans if one[0] < one[1]]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def split(document: Document, limit: int = 400) -> list[Passage]:
    """The passages of a document.

    `document.text[p.start:p.end] == p.text`; passages in order, not overlapping; between them only white space and what was
    declared boilerplate. Nothing lost, nothing twice.
    """
    text, passages = document.text, []
    levels = {heading.start: heading.level for heading in document.headings}
    stack: list[tuple[int, str]] = []
    pending: int | None = None  # where headings begin that go with the next paragraph
    block: list[Span] = []

    def emit(spans: list[Span], start: int | None = None) -> None:
        for number, (low, high) in enumerate(spans):
            low = start if start is not None and number == 0 else low
            passages.append(Passage(text[low:high], low, high, tuple(name for _, name in stack)))

    article: Span | None = None

    def close() -> None:
        nonlocal article, pending, block
        for span in ([article] if article else []) + block:
            emit(_parts(text, span, limit), pending)
            pending = None
        article, block = None, []

    for start, end in _paragraphs(text):
        if start in levels:
            close()
            while stack and stack[-1][0] >= levels[start]:
                stack.pop()
            stack.append((levels[start], text[start:end]))
            pending = start if pending is None else pending
            continue
        if _ARTICLE.match(text, start, end):
            close()
            article = (start, end)
        elif article and end - article[0] <= _LONGEST:
            article = (article[0], end)
        elif article:
            close()
            block = [(start, end)]
            close()
        elif _is_line(text[start:end]):
            if block and end - block[0][0] <= limit:
                block = [(block[0][0], end)]
            else:
                close()
                block = [(start, end)]
        else:
            close()
            block = [(start, end)]
            close()
    close()
    if pending is not None:
        emit([_trimmed(text, pending, len(text))])
    return passages


def _is_line(paragraph: str) -> bool:
    return len(paragraph) < 60 and paragraph[-1:] not in "。！？；："


def _paragraphs(text: str) -> list[Span]:
    spans, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


def _parts(text: str, span: Span, limit: int) -> list[Span]:
    """A stretch cut into pieces of about `limit` characters: at enumerations, else at sentences."""
    start, end = span
    if end - start <= (limit if not _ARTICLE.match(text, start, end) else _LONGEST):
        return [span]
    pieces = [(start + low, start + high) for low, high in sentences(text[start:end])]
    parts, at, last = [], start, start
    for low, high in pieces:
        item = bool(re.match(r"(?:第[一二三四五六七八九十]+[，,、是个]|[一二三四五六七八九十]+[是要]|[（(][一二三四五六七八九十]+[）)])", text[low:low + 6]))
        if last > at and (high - at > limit or (item and last - at > 80)):
            parts.append(_trimmed(text, at, last))
            at = low
        last = high
    parts.append(_trimmed(text, at, end))
    return [cut for part in parts for cut in _forced(part)]


def _forced(span: Span) -> list[Span]:
    """No passage exceeds 760 characters, even where nothing ends."""
    return [(low, min(low + 760, span[1])) for low in range(span[0], span[1], 760)]
