"""Rules for spaces inside a line: where lines ended, where paragraphs did, and where columns were read apart."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from qa.clean.characters import BLANK, BLANK_RUN, BLANKS, HAN, MARKS, NUMERAL
from qa.clean.draft import Draft, Edit
from qa.clean.lines import CLOSING, glue, lines_of
from qa.types import Source, Span

_INSIDE = re.compile(rf"(?<=[{HAN}，、；“”])[{BLANK}](?=[{HAN}“])")
_WORD = re.compile(rf"[^{BLANK}]+")
_ANY_BLANK = re.compile(rf"[{BLANK}]")
_GAP = re.compile(rf"(?<=[{HAN}{MARKS},;:])[{BLANK}]+(?=\S)|(?<=\S)[{BLANK}]+(?=[{HAN}{MARKS}])")
_LABEL = re.compile(
    rf"[{BLANK}]*(?:第[{NUMERAL}\d]+[编編篇章节節条條款](?:之[{NUMERAL}]+)?|本[报報][讯訊]|[{HAN}]{{2,6}}[电電讯訊]|[（(][{NUMERAL}\d]+[）)]|\d+[.、．]?|[{NUMERAL}]+、|[-*+•·#>]+|\d{{4}}年\d+月\d+日|内容概况|內容概況|[摘提]要)"
)
_ARTICLE_LABEL = re.compile(rf"[。；：;:]第[{NUMERAL}\d]+[编編章节節条條](?:之[{NUMERAL}]+)?$")
_NAMES = re.compile(rf"(?:^|(?<=[{BLANK}：:，,、]))[{HAN}]{{2,4}}[{BLANK}]+[{HAN}]{{2,4}}[{BLANK}]+[{HAN}]{{2,4}}(?![{HAN}])")


def gaps(text: str, source: Source) -> Iterator[Edit]:
    """Spaces inside Chinese prose, left from line ends: prose has none of its own, but for those after a label. Where they stand
    at the width of a column all through the text, the short lines tell as well."""
    column = _spaced_column(text)
    for start, end in _spaced_lines(text, 12 if column else 60):
        line = text[start:end]
        if column and (ends := list(_at_column(line, column))):
            yield from (Edit(start + gap.start(), start + gap.end()) for gap in ends if not glue(line, gap.start(), gap.end()))
            continue
        if end - start < 60:
            continue
        found = list(_GAP.finditer(line))
        if _regular(line):
            yield from (Edit(start + gap.start(), start + gap.end()) for gap in BLANK_RUN.finditer(line) if not glue(line, gap.start(), gap.end()))
            continue
        if not found or len(re.findall("[，,。；;]", line)) < 2 or _NAMES.search(line):
            continue
        from_wraps = _from_wraps(line, found)
        for gap in found:
            han = _is_wide(line[gap.start() - 1]) and _is_wide(line[gap.end()])
            after_sentence = line[: gap.start()].rstrip(CLOSING).endswith(("。", "！", "？"))
            label = _LABEL.fullmatch(line, 0, gap.start()) or _ARTICLE_LABEL.search(line, max(gap.start() - 12, 0), gap.start())
            if not label and not _in_title(line, gap.start()) and (from_wraps or (han and not after_sentence)):
                yield Edit(start + gap.start(), start + gap.end())


def _spaced_column(text: str) -> int:
    """The number of characters after which lines of a text were joined with a space; 0 if they were not. Most of the lines that
    are long enough have a space there, in the middle of a clause."""
    spans = list(_spaced_lines(text, 16))
    first = [{gap.start() - start for gap in _INSIDE.finditer(text, start, end) if gap.start() - start >= 12} for start, end in spans]
    counts = Counter(place for found in first for place in found if place <= 60)
    if not counts:
        return 0
    usual = max(counts, key=lambda size: (counts[size] + counts[size + 1], -size))
    there = sum(bool({usual, usual + 1} & found) for found in first)
    long = sum(end - start > usual + 1 for start, end in spans)
    return usual if there >= max(4, 0.6 * long) else 0


def _at_column(line: str, column: int) -> Iterator[re.Match[str]]:
    """The spaces that stand where the lines of a column ended; a mark that could not begin a line hangs behind its end."""
    at = 0
    for gap in BLANK_RUN.finditer(line):
        width = gap.start() - at
        if width > column + 2:
            return
        if width >= column - 1:
            at = gap.end()
            yield gap


def _spaced_lines(text: str, shortest: int) -> Iterator[Span]:
    for start, end in lines_of(text):
        if end - start >= shortest and _ANY_BLANK.search(text, start, end):
            yield start, end


def _is_wide(character: str) -> bool:
    return character > "\u2e7f" or character in "“”‘’…—,;:"


def _regular(line: str) -> bool:
    """Whether spaces stand at the distance of a column: all parts but the last have its width, numbers are cut too."""
    parts = BLANK_RUN.split(line.strip(BLANKS))[:-1]
    longest = max(map(len, parts), default=0)
    return len(parts) >= 4 and longest >= 12 and sum(longest - len(part) <= 2 for part in parts) >= 0.9 * len(parts) and len(re.findall(rf"[{HAN}]", line)) > 0.5 * len(line)


def _from_wraps(line: str, found: list[re.Match[str]]) -> bool:
    """Whether the spaces stand where lines ended: several, most of them within a sentence."""
    inside = sum(not line[: gap.start()].endswith(("。", "！", "？", "”")) for gap in found)
    return inside >= 3 and inside > 0.5 * len(found)


def _in_title(line: str, at: int) -> bool:
    """Whether the place is inside 《…》 or quotation marks, where a space may be part of a headline."""
    return any(line.rfind(left, max(at - 60, 0), at) > line.rfind(right, max(at - 60, 0), at) for left, right in ("《》", "“”"))


def columns(draft: Draft) -> tuple[Draft, Span | None, tuple[Span, ...]]:
    """Text set beside something: the right halves of its lines were read first, twice, and then the left halves. Where the
    halves make up lines of the usual width, they are put together again. Gives the source span of what was moved, and those
    of what could not be."""
    torn = []
    for start, end in _spaced_lines(draft.text, 200):
        for halves in _halves(draft.text, start, end):
            order = _paired(halves.rights, halves.lefts, halves.usual)
            if len(order) >= 4:  # one place a text: it has been seen once, and the offsets of others would have moved
                place = halves.start, max(high for _, high in order)
                return draft.rearranged(*place, order, "columns"), draft.source_span(*place), ()
            torn.append(draft.source_span(halves.start, min(halves.lefts[0][0] + len(halves.rights) * halves.usual, end)))
    return draft, None, tuple(torn)


class _Halves(NamedTuple):
    """Lines that were cut in two: R1 … Rk H, R1 … Rk L1, L2 … Lk, where H is the end of the line before, once more."""

    start: int  # the end of the line before
    rights: list[Span]
    lefts: list[Span]  # and what follows them
    usual: int  # the width of a line


def _halves(text: str, start: int, end: int) -> Iterator[_Halves]:
    """The places in a line where a stretch with spaces in it stands twice, and between the two the end of what was before."""
    words = [(start + found.start(), start + found.end()) for found in _WORD.finditer(text[start:end])]
    lengths = Counter(high - low for low, high in words if high - low >= 12)
    usual = max(lengths, key=lambda length: (lengths[length], length), default=0)
    seen: dict[str, int] = {}
    reached = start
    for number, (low, high) in enumerate(words) if usual else ():  # shorter is no line of text: the cells of a table
        first, seen[text[low:high]] = seen.get(text[low:high], -1), number
        if first < 1 or high - low < 3 or low < reached:
            continue
        before, at = words[first - 1][1], words[first][0]
        shared = len(os.path.commonprefix([text[at:low], text[low : low + low - at]]))
        again = text[at + shared : low].rstrip(BLANKS)
        if shared >= 10 and 0 < len(again) < usual and text[:before].endswith(again) and _ANY_BLANK.search(text[at : at + shared].strip(BLANKS)):
            cut = low + shared
            rights = [(low + found.start(), low + found.end()) for found in _WORD.finditer(text[low:cut])]
            lefts = [(cut + found.start(), cut + found.end()) for found in _WORD.finditer(text[cut:end])]
            if lefts:
                reached = cut
                yield _Halves(before, rights, lefts, usual)


def _paired(rights: Sequence[Span], lefts: Sequence[Span], usual: int) -> list[Span]:
    """Left and right halves in turn, so that each two make up a line; a half may hold a space of its own. Empty when it cannot be."""
    if not rights:
        return []
    for left, right in product(range(1, 3), range(1, 3)):
        if left > len(lefts) or right > len(rights):
            continue
        one, other = (lefts[0][0], lefts[left - 1][1]), (rights[0][0], rights[right - 1][1])
        if abs(one[1] - one[0] + other[1] - other[0] - usual) <= 3:
            rest = _paired(rights[right:], lefts[left:], usual)
            if rest or right == len(rights):
                return [one, other, *rest]
    return []


_PARAGRAPH_GAP = re.compile(rf"(?:(?<=[。！？])|(?<=[。！？][”」』）]))[{BLANK}]+(?=[{HAN}“「『（(《—\d])|(?<=[；：:;])[{BLANK}]+(?=[（(][{NUMERAL}]+[）)])")
_INDENT = re.compile(rf"[{BLANK}]*\u3000[{BLANK}]*|[{BLANK}]{{2,}}")
_BEGINS = re.compile(rf"第[{NUMERAL}]+[条條]|[（(][{NUMERAL}]+[）)]")


def lost_paragraphs(text: str, source: Source) -> Iterator[Edit]:
    """Paragraphs that survive only as a space after the full stop, in an article on one line. Where the spaces are indents, or
    stand before articles and items, they are paragraphs in a short text too."""
    for start, end in _spaced_lines(text, 80):
        line = text[start:end]
        breaks = list(_PARAGRAPH_GAP.finditer(line))
        sure = [gap for gap in breaks if _INDENT.fullmatch(gap[0]) or _BEGINS.match(line, gap.end())]
        sentences = sum(line.count(mark) for mark in "。！？")
        some = end - start >= 400 and len(breaks) >= 3 and (len(breaks) < 0.8 * sentences or len(line) > 2000)
        if len(sure) >= 2 or some and not _from_wraps(line, list(_GAP.finditer(line))[: 50 * len(breaks)]):
            yield from (Edit(start + gap.start(), start + gap.end(), "\n") for gap in breaks)


_GLUED = re.compile(rf"(?:(?<=[。！？：:；;])|(?<=[。！？]”))(?=(?:第[{NUMERAL}]{{1,3}}[，,、]|[{NUMERAL}]要)[{HAN}])")
_GLUED_TITLE = re.compile(rf"[{HAN}，、“”《》0-9]{{6,60}}[（(](?:19|20)\d{{2}}年\d{{1,2}}月\d{{1,2}}日[）)](?=[{HAN}]{{4}})")


def glued_headings(text: str, source: Source) -> Iterator[Edit]:
    """Headings that lost their line: in a block of more than 800 characters, before 第一， 一要 …; after title and date."""
    for start, end in lines_of(text):
        if end - start <= 800:
            continue
        title = _GLUED_TITLE.match(text, start, end)
        if title:
            yield Edit(title.end(), title.end(), "\n")
        items = list(_GLUED.finditer(text, start, end))
        if len(items) >= 2:
            yield from (Edit(item.start(), item.start(), "\n") for item in items)
