"""Rules for lines and paragraphs: what a column, a page, a share site or a converter did to them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from qa.clean.characters import BLANK, BLANKS, HAN, MARKS, NUMERAL
from qa.clean.draft import Draft, Edit
from qa.types import Source, Span

FINAL = tuple("。！？!?；;：:…")
CLOSING = "”’」』）)》】〕\"'"
ITEM = re.compile(
    rf"[{BLANK}]*(?:第[{NUMERAL}\d]+[编編篇章节節条條款]|第[{NUMERAL}]+(?:部分|[，,、是要])|[{NUMERAL}]+[、是要]|[（(][{NUMERAL}\d]+[）)]|\d+[.、．)）](?!\d)|[①-⑳⑴-⒛㈠-㈩]|[-*+•·●■◆][ \t])"
)
_HEADING_MARK = re.compile(r"[ ]{0,3}#{1,6}[ \t]")


def lines_of(text: str) -> Iterator[Span]:
    """The lines of a text, without their ends."""
    at = 0
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield at, end
        at = end + 1


def full_lines(text: str) -> list[Span]:
    """The lines that hold more than blanks."""
    return [(start, end) for start, end in lines_of(text) if end > start and text[start:end].strip(BLANKS)]


def width(text: str) -> int:
    """Columns on paper: two for what is as wide as a Chinese character."""
    return len(text) + sum(character > "\u2e7f" or character in "“”‘’·…—" for character in text)


def ends_sentence(text: str) -> bool:
    """Whether the text ends as sentences do, a closing quotation mark or bracket left aside."""
    return text[-40:].rstrip(BLANKS).rstrip(CLOSING).endswith(FINAL)


# ------------------------------------------------------------------------------------------------------ pages and slices

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


# ------------------------------------------------------------------------------------------------- spaces inside a paragraph

_INSIDE = re.compile(rf"(?<=[{HAN}，、；“”])[{BLANK}](?=[{HAN}“])")
_RUN, _WORD = re.compile(rf"[{BLANK}]+"), re.compile(rf"[^{BLANK}]+")
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
            yield from (Edit(start + gap.start(), start + gap.end()) for gap in ends if not _glue(line, gap.start(), gap.end()))
            continue
        if end - start < 60:
            continue
        found = list(_GAP.finditer(line))
        if _regular(line):
            yield from (Edit(start + gap.start(), start + gap.end()) for gap in re.finditer(rf"[{BLANK}]+", line) if not _glue(line, gap.start(), gap.end()))
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
    places = [[gap.start() for gap in _INSIDE.finditer(text, *span) if gap.start() - span[0] >= 12] for span in _spaced_lines(text, 16)]
    spans = list(_spaced_lines(text, 16))
    first = [{place - start for place in found} for (start, _), found in zip(spans, places)]
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
    for gap in _RUN.finditer(line):
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
    parts = re.split(rf"[{BLANK}]+", line.strip(BLANKS))[:-1]
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


# --------------------------------------------------------------------------------------------------------- wrapped lines


def hard_wraps(text: str, source: Source) -> Iterator[Edit]:
    """Line ends of a column: joined with nothing, between Latin words with a space."""
    rows = full_lines(text)
    pairs = list(pairwise(rows))
    near = [(a, b) for a, b in pairs if b[0] == a[1] + 1]
    paged = source.media_type == "application/pdf"
    if len(near) < (1 if paged else 4):
        return
    widths = _widths(text, rows, near)
    usual = _page_column(widths) if paged else _column(text, near, widths)
    for a, b in pairs if usual else ():
        if _continues(text, a, b, widths, usual):
            yield Edit(a[1], b[0], _glue(text, a[1], b[0]))


def _widths(text: str, rows: Sequence[Span], near: Sequence[tuple[Span, Span]]) -> dict[Span, int]:
    """The width of each line, on paper or by the number of its characters, whichever more lines have in common."""
    paper = {row: width(text[slice(*row)].rstrip(BLANKS)) for row in rows}
    counted = {row: 2 * len(text[slice(*row)].rstrip(BLANKS)) for row in rows}
    alike = [max(Counter(sizes[a] for a, _ in near).values()) if near else 0 for sizes in (paper, counted)]
    return counted if alike[1] > alike[0] and sum(paper.values()) > 0.75 * sum(counted.values()) else paper


def _column(text: str, near: list[tuple[Span, Span]], widths: dict[Span, int]) -> int:
    """The width of the column, 0 if the lines are none: most have it, most end within a sentence, and it is prose."""
    count = Counter(widths[a] for a, _ in near)
    fullest = max(count, key=lambda size: sum(count[near] for near in range(size - 4, size + 1)))
    usual = max(range(fullest - 4, fullest + 1), key=lambda size: (count[size], size))
    full = [a for a, _ in near if abs(widths[a] - usual) <= _slack(usual)]
    open_ends = sum(not ends_sentence(text[slice(*a)]) for a in full)
    prose = sum(bool(re.search("[，。；：]|[,;.] |[,;.]$|[^一二三四五六七八九十]、", text[slice(*a)])) for a in full)
    wider = sum(widths[a] > usual + 2 * _slack(usual) for a, _ in near)  # in a column no line is
    wrapped = usual >= 16 and wider <= 0.25 * len(near) and len(full) >= max(4, 0.5 * len(near)) and open_ends >= 0.5 * len(full) and prose >= 0.3 * len(full)
    return usual if wrapped else 0


def _page_column(widths: dict[Span, int]) -> int:
    """The width of the column in a PDF, whose lines are always those of the page: the widest but for outliers."""
    ordered = sorted(widths.values())
    widest = ordered[min(int(len(ordered) * 0.98), len(ordered) - 1)]
    return widest if widest >= 40 else 0


_WHOLE = re.compile(r"[0-9A-Za-z.%‰/:+-]{1,20}[，。、；：！？”’）》]?")


def _slack(usual: int) -> int:
    """How far a full line may stay from the column: words that were not cut, marks that hang. Latin columns are ragged."""
    return 6 if usual < 60 else 10


def _continues(text: str, a: Span, b: Span, widths: dict[Span, int], usual: int) -> bool:
    """Whether line `b` goes on where the full line `a` broke off."""
    line, following, slack = text[slice(*a)], text[slice(*b)], _slack(usual)
    if widths[a] + _unbroken(following) < usual - slack or widths[b] > usual + slack or _HEADING_MARK.match(line) or _HEADING_MARK.match(following):
        return False
    if b[0] > a[1] + 1:  # a blank line between
        return not (ends_sentence(line) or ITEM.match(following) or following[:1] in tuple(BLANKS) or _is_heading(text, a)) and widths[a] <= usual + slack
    if ends_sentence(line) and widths[b] < 0.5 * usual and not ends_sentence(following):
        return False  # a signature, a heading
    if following[:1] in tuple(BLANKS) or ITEM.match(following):
        return not ends_sentence(line) and following[:1] not in tuple(BLANKS)
    return True


def _unbroken(line: str) -> int:
    """The width of what stands at the head of a line and is never cut: a number or word with its mark. A line
    is full when that did not fit behind it any more."""
    found = _WHOLE.match(line)
    return width(found[0]) if found else 0


def _is_heading(text: str, row: Span) -> bool:
    """Whether a line stands alone and has no mark of punctuation."""
    alone = row[0] < 2 or text[row[0] - 2] == "\n"
    return alone and not re.search("[，。；：、,;]", text[slice(*row)])


def _glue(text: str, left: int, right: int) -> str:
    """A space between Latin words, nothing else; in Chinese a number or a name with a number (56.2%, PM2.5) was cut."""
    before, after = text[max(left - 20, 0) : left].rstrip(BLANKS), text[right : right + 40].lstrip(BLANKS)[:1]
    if not before or not after or not after.isascii() or not after.isalnum() or not before[-1].isascii():
        return ""
    words = before[-1].isalpha() and after.isalpha()
    latin = before.isascii() and (before[-1].isalpha() or before[-1] in ",.;:!?)")
    return " " if words or latin else ""


_OPENS = re.compile(rf"[{BLANK}]*(?:[#>|【《“「『（(\-*\d]|(?:附件|附|注|备注|来源|來源)[：:]|[{HAN}]{{1,12}}[：:])")


_CANNOT_BEGIN, _CANNOT_END = tuple("，。、；：！？”’）》」』】"), tuple("“‘（《「『【")


def page_breaks(text: str, source: Source) -> Iterator[Edit]:
    """A sentence cut by a page: a long paragraph of prose breaks off within a clause, and the next ends a sentence. Or by what a
    site puts on lines of their own (links, bold words): no line begins with a closing mark or ends with an opening one."""
    for a, b in pairwise(full_lines(text)):
        torn = text.startswith(_CANNOT_BEGIN, b[0]) or text.endswith(_CANNOT_END, a[0], a[1])
        if torn and not _HEADING_MARK.match(text[slice(*a)]) and not _HEADING_MARK.match(text[slice(*b)]):
            yield Edit(a[1], b[0])
        elif a[1] - a[0] >= 40 and b[1] - b[0] >= 4 and _breaks_off(text[slice(*a)].rstrip(BLANKS)) and _goes_on(text[slice(*b)]):
            yield Edit(a[1], b[0], _glue(text, a[1], b[0]))


def _breaks_off(line: str) -> bool:
    """Whether a line ends within a clause and is no numbered heading: those have no sentence before their last clause."""
    clauses, sentences = len(re.findall("[。；，,]", line)), len(re.findall("[。；！？]", line))
    return bool(sentences or not ITEM.match(line)) and bool(re.search(rf"[{HAN}，、,“]$", line)) and clauses >= 2 and "》" not in line[-60:] and not _HEADING_MARK.match(line)


def _goes_on(line: str) -> bool:
    return line[:1] not in tuple(BLANKS) and not ITEM.match(line) and not _OPENS.match(line) and ends_sentence(line)


_BLANK_LINES = re.compile(rf"\A[{BLANK}\n]+|[{BLANK}\n]+\Z|[{BLANK}]*\n[{BLANK}\n]*")


def blank_lines(text: str, source: Source) -> Iterator[Edit]:
    """What stands between paragraphs: one line end is kept."""
    for found in _BLANK_LINES.finditer(text):
        if found.start() == 0 or found.end() == len(text):
            yield Edit(found.start(), found.end())
            continue
        kept = found.start() + found[0].index("\n")
        if kept > found.start():
            yield Edit(found.start(), kept)
        if kept + 1 < found.end():
            yield Edit(kept + 1, found.end())


# --------------------------------------------------------------------------------------------------------- marks of markup

_STRUCTURE = re.compile(
    r"^[ ]{0,3}#{1,6}[ \t]+|[ \t]+#+[ \t]*$|^[ ]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={3,})$|^\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*$"
    r"|^[ \t]*\|[ \t]*|[ \t]+\|[ \t]*$|(?<=\S)\|[ \t]*$|\*\*(?=[^\s*])|(?<=[^\s*])\*\*",
    re.MULTILINE,
)
_INLINE = re.compile(
    r"^[ ]{0,3}>[ ]?|^[ \t]*(?:```|~~~)[^\n]{0,80}$|!?\[(?=[^\[\]\n]{1,300}\]\([^()\s]{0,500}\))|(?<=[^\[\n])\]\([^()\s]{0,500}\)|`|__(?=\S)|(?<=\S)__|\\(?=[!-/:-@\[-`{-~])|~~",
    re.MULTILINE,
)


def markdown(text: str, source: Source) -> Iterator[Edit]:
    """Marks of structure anywhere; marks inside a line only in files that say they are Markdown."""
    found = [*_STRUCTURE.finditer(text)] if any(mark in text for mark in ("#", "**", "---", "***", "___", "===", "|")) else []
    if source.media_type == "text/markdown" and any(mark in text for mark in ("[", "`", "__", "\\", "~~", ">")):
        found += _INLINE.finditer(text)
    at = 0
    for one in sorted(found, key=lambda one: (one.start(), -one.end())):
        if one.start() >= at and one.end() > one.start():
            at = one.end()
            yield Edit(one.start(), one.end())


_ENDING = re.compile(r"(?<=\S)\.(?:docx?|pdf|pptx?|xlsx?|wps|txt|rtf)(?:[_-][^\n_]{2,20})?(?=[ \t]*\n)", re.IGNORECASE)
_COUNTER = re.compile(r"(?<![ \t\u00a0\u3000])[ \t\u00a0\u3000]*(?:浏览|瀏覽|阅读|閱讀|点击|點擊|访问|訪問|查看)(?:次数|次數|量|数|數|率)[：:][ \t\u00a0]*\d*[ \t]*次?(?=[ \t\u00a0\u3000]*$|[ \t\u00a0\u3000]+\S)", re.MULTILINE)


def file_ending(text: str, source: Source) -> Iterator[Edit]:
    """The ending of a file name that stands as title."""
    found = _ENDING.search(text, 0, 200)
    if found and not text[: found.start()].strip("\ufeff").count("\n"):
        yield Edit(found.start(), found.end())


def counters(text: str, source: Source) -> Iterator[Edit]:
    yield from (Edit(found.start(), found.end()) for found in _COUNTER.finditer(text))
