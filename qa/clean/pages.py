"""Rules for what pages and sites put between the lines: running heads, numbers of pages and notes, numbers of slices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.clean.characters import BLANK, BLANKS
from qa.clean.draft import Edit
from qa.clean.lines import ends_sentence, full_lines
from qa.types import Source, Span

_PAGE_NUMBER = re.compile(rf"[-—–·.|/第共页頁頁Pp ge\d{BLANK}ⅰ-ⅻⅠ-Ⅻ]{{1,16}}")
_NUMBERS = re.compile(r"\d+|[ⅰ-ⅻⅠ-Ⅻ]+")
_ADDRESS = re.compile(r"(?:https?|file)://\S{1,300}(?: #/#)?$")


def running_heads(text: str, source: Source) -> Iterator[Edit]:
    """Heads, feet and numbers of pages, known by their repetition at the same edge of the pages."""
    pages = _pages(text, source)
    if len(pages) < 2:
        return
    tops, feet = [], []
    for start, end in pages:
        rows = [(start + low, start + high) for low, high in full_lines(text[start:end].replace("\r", " "))]  # CRLF is still there
        rows = [(low, high - text.endswith("\r", low, high)) for low, high in rows]
        depth = min(2, len(rows) - 1 if len(rows) > 2 else 0)  # a page keeps at least a line
        tops.append(rows[:depth])
        feet.append(rows[::-1][:depth])
    gone = {span for edge in (tops, feet) for depth in (0, 1) for span in _repeated(text, [rows[depth] for rows in edge if len(rows) > depth], len(pages))}
    for start, end in sorted(gone):
        yield Edit(start, end)


def _pages(text: str, source: Source) -> list[Span]:
    starts = [place.start for place in source.places if place.kind == "page"] or [0, *(found.end() for found in re.finditer("\f", text))]
    return [(start, end - text.endswith("\f", start, end)) for start, end in pairwise([*starts, len(text)])]


def _repeated(text: str, rows: Sequence[Span], pages: int) -> Iterator[Span]:
    """The lines that stand on at least half of the pages, numbers left aside; alone at the edge of a page, its number."""
    lines = [text[slice(*row)].strip(BLANKS) for row in rows]
    shapes = [_NUMBERS.sub("#", line) for line in lines]
    count = Counter(shapes)
    plain = {shape for shape in count if _differ([_NUMBERS.findall(line) for line, other in zip(lines, shapes) if other == shape]) <= 2}
    for row, line, shape in zip(rows, lines, shapes):
        number = "#" in shape and _PAGE_NUMBER.fullmatch(line)
        short = len(shape) <= 60 or _ADDRESS.match(shape)
        if shape in plain and short and count[shape] >= max(2 if number else 3, pages * 0.4) and not ends_sentence(shape):
            yield row


def _differ(numbers: Sequence[Sequence[str]]) -> int:
    """In how many places the numbers of alike lines differ: in a head that of the page and of the chapter, in a text any."""
    return sum(len(set(column)) > 1 for column in zip(*numbers))


# The number of a page on a line of its own, by how sure its form is: dashes or 第…页 around it; one of so many; bare.
_FOLIO = re.compile(rf"[{BLANK}]*(?:([-—–－─~·]+[{BLANK}]*(\d{{1,4}})[{BLANK}]*[-—–－─~·]+|第?[{BLANK}]*(\d{{1,4}})[{BLANK}]*[页頁](?:[{BLANK}/，,]*共?[{BLANK}]*\d+[{BLANK}]*[页頁]?)?|(\d{{1,4}})[{BLANK}]*/[{BLANK}]*\d{{1,4}})|(\d{{1,4}}))[{BLANK}]*")


def page_numbers(text: str, source: Source) -> Iterator[Edit]:
    """Numbers of pages that stand between the lines of a text without pages, with the running heads beside them: numbers
    that count up; bare ones only where most of them part a sentence."""
    rows = full_lines(text)
    marks = [(at, int(next(filter(None, found.groups()[1:]))), bool(found[1])) for at, row in enumerate(rows) if row[1] - row[0] <= 24 and (found := _FOLIO.fullmatch(text, *row))]
    for formed in (True, False):
        for series in _counting([(at, number) for at, number, form in marks if form == formed]):
            parting = sum(0 < at and not ends_sentence(text[slice(*rows[at - 1])]) for at in series)
            if len(series) >= (2 if formed else 3) and (formed or parting >= 0.5 * len(series)):
                yield from (Edit(*rows[at]) for at in sorted({*series, *_beside(text, rows, series)}))
                return


def _counting(marks: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """The lines of the longest run of numbers that count up, two lines at least between each and the next."""
    series: list[tuple[int, int]] = []
    for at, number in [*marks, (-1, -1)]:
        if series and number == series[-1][1] + 1 and at > series[-1][0] + 2:
            series.append((at, number))
        elif series and at >= 0 and at - series[-1][0] <= 2:
            continue
        else:
            if len(series) >= 2:
                yield [place for place, _ in series]
            series = [(at, number)]


def _beside(text: str, rows: Sequence[Span], series: Sequence[int]) -> Iterator[int]:
    """The lines above or below page numbers that are the same at most of them: running heads."""
    for step in (-1, 1):
        places = [at + step for at in series if 0 <= at + step < len(rows)]
        shapes = Counter(text[slice(*rows[place])].strip(BLANKS) for place in places)
        for shape, times in shapes.items():
            if times >= max(2, 0.6 * len(series)) and len(shape) <= 60 and not ends_sentence(shape):
                yield from (place for place in places if text[slice(*rows[place])].strip(BLANKS) == shape)


_NOTE_MARK = re.compile(rf"(?<=\S)([{BLANK}\n]*\n[{BLANK}]*)([\[〔【])([{BLANK}]*\n[{BLANK}\n]*)(?:注?\d{{1,3}})([{BLANK}]*\n[{BLANK}\n]*)[\]〕】]([{BLANK}]*\n[{BLANK}\n]*)?")


def note_marks(text: str, source: Source) -> Iterator[Edit]:
    """Marks of notes, [3], that a site put on three lines: they stand behind a word, and the sentence goes on after them."""
    for found in _NOTE_MARK.finditer(text) if "[" in text or "〔" in text or "【" in text else ():
        ends = [1, 3, 4] + ([5] if found[5] and not ends_sentence(text[max(found.start() - 3, 0) : found.start()]) else [])
        yield from (Edit(*found.span(part)) for part in ends)


_SLICE = re.compile(r"^(?:(\d{1,3})(?:[、.．:：] ?| )|[(（【\[](\d{1,3})[)）】\]] ?)(?=\S)", re.MULTILINE)


def slices(text: str, source: Source) -> Iterator[Edit]:
    """Numbers that a share site sets before equal slices of a text: all slices but the last have one length, and most are
    cut within a sentence."""
    for series in _series(list(_SLICE.finditer(text))):
        ends = [end if (end := text.find("\n", mark.start())) >= 0 else len(text) for mark in series]
        lengths = [end - mark.end() for mark, end in zip(series, ends)]
        usual, times = Counter(lengths[:-1]).most_common(1)[0]
        cut = sum(not ends_sentence(text[mark.end() : end]) for mark, end in zip(series[:-1], ends))
        if usual < 100 or min(times, cut * 1.6) < 0.8 * (len(series) - 1):
            continue
        for previous, mark in zip([mark.start() for mark in series[:1]] + ends, series):
            yield Edit(previous, mark.end())


def _series(marks: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """The runs 1, 2, 3 … of at least three."""
    series: list[re.Match[str]] = []
    for mark in [*marks, None]:
        if mark and series and _number(mark) == _number(series[-1]) + 1:
            series.append(mark)
            continue
        if len(series) >= 3:
            yield series
        series = [mark] if mark and _number(mark) == 1 else []


def _number(mark: re.Match[str]) -> int:
    return int(mark[1] or mark[2])
