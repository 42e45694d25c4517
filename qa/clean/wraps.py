"""Rules for line ends inside a sentence: the lines of a column, and a page in the middle of a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.clean.characters import BLANK, BLANKS, HAN
from qa.clean.draft import Edit
from qa.clean.lines import HEADING_MARK, ITEM, ends_sentence, full_lines, glue, width
from qa.types import Source, Span

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
            yield Edit(a[1], b[0], glue(text, a[1], b[0]))


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
    if widths[a] + _unbroken(following) < usual - slack or widths[b] > usual + slack or HEADING_MARK.match(line) or HEADING_MARK.match(following):
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


_OPENS = re.compile(rf"[{BLANK}]*(?:[#>|【《“「『（(\-*\d]|(?:附件|附|注|备注|来源|來源)[：:]|[{HAN}]{{1,12}}[：:])")
_CANNOT_BEGIN, _CANNOT_END = tuple("，。、；：！？”’）》」』】"), tuple("“‘（《「『【")


def page_breaks(text: str, source: Source) -> Iterator[Edit]:
    """A sentence cut by a page: a long paragraph of prose breaks off within a clause, and the next ends a sentence. Or by what a
    site puts on lines of their own (links, bold words): no line begins with a closing mark or ends with an opening one."""
    for a, b in pairwise(full_lines(text)):
        torn = text.startswith(_CANNOT_BEGIN, b[0]) or text.endswith(_CANNOT_END, a[0], a[1])
        if torn and not HEADING_MARK.match(text[slice(*a)]) and not HEADING_MARK.match(text[slice(*b)]):
            yield Edit(a[1], b[0])
        elif a[1] - a[0] >= 40 and b[1] - b[0] >= 4 and _breaks_off(text[slice(*a)].rstrip(BLANKS)) and _goes_on(text[slice(*b)]):
            yield Edit(a[1], b[0], glue(text, a[1], b[0]))


def _breaks_off(line: str) -> bool:
    """Whether a line ends within a clause and is no numbered heading: those have no sentence before their last clause."""
    clauses, sentences = len(re.findall("[。；，,]", line)), len(re.findall("[。；！？]", line))
    return bool(sentences or not ITEM.match(line)) and bool(re.search(rf"[{HAN}，、,“]$", line)) and clauses >= 2 and "》" not in line[-60:] and not HEADING_MARK.match(line)


def _goes_on(line: str) -> bool:
    return line[:1] not in tuple(BLANKS) and not ITEM.match(line) and not _OPENS.match(line) and ends_sentence(line)
