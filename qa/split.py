"""A document becomes passages: paragraphs as people see them, long ones cut at enumerations and then at sentences.

What it does not know: which words matter. Headings, speaker, place and article that a paragraph leaves out are carried
beside it for search and for the reader; they are never part of a quote.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.clean.characters import NUMERAL
from qa.clean.lines import lines_of
from qa.describe.context import Said, first_item
from qa.describe.page import ARTICLE, HAN
from qa.types import Document, Passage, Span

_NAME = rf"[{HAN}《》〈〉（）()、]{{2,60}}?(?:法|典|条例|條例|规定|規定|办法|辦法|规则|規則|细则|細則|解释|解釋|决定|決定)(?:（[{NUMERAL}]{{1,2}}）)?》?"
_ARTICLE = re.compile(rf"(?:{_NAME}(?={ARTICLE}[ \t\u3000]))?{ARTICLE}")  # alone, or behind the name of its law as a label
_WHOLE_ARTICLE = 700  # characters; the score scripts count no passage of more than 800
_LONGEST = 760
_SHORT_LINE = 60

# --------------------------------------------------------------------------------------------------------- sentences

_OPEN, _CLOSE = "“‘「『（(《【〔〈[", "”’」』）)》】〕〉]"
_PAIR = dict(zip(_CLOSE, _OPEN))
_BRACKET = re.compile(f"[{re.escape(_OPEN + _CLOSE)}\n\"]")
_END = re.compile(r"[。！？!?]+[”’」』）)》】〕\]\"']*|\n|(?<=[\w)\"'”%])\.[\"'”)]*(?=\s+[\"'“(]?[A-Z\d\u4e00-\u9fff])")
_INITIAL = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|No|Fig|Inc|Ltd|Co|e\.g|i\.e))\.$")
_LONG_SENTENCE = 160


def sentences(text: str) -> list[Span]:
    """The sentences of a text: they tile it except for white space. They end after 。！？!?, at line ends and where Latin
    sentences end, very long ones also at ；, and never inside a quotation or brackets."""
    inside = _enclosed(text)
    spans, at = [], 0
    for end in [*_ends(text, inside), len(text)]:
        start, stop = _trimmed(text, at, end)
        if start < stop:
            spans += [(start, stop)] if stop - start <= _LONG_SENTENCE else _clauses(text, start, stop, inside)
        at = end
    return spans


def _ends(text: str, inside: _Inside) -> Iterator[int]:
    for found in _END.finditer(text):
        if found[0] == "\n" or not (inside.holds(found.end()) or found[0][0] == "." and _INITIAL.search(text, max(found.start() - 5, 0), found.start() + 1)):
            yield found.end()


def _clauses(text: str, start: int, stop: int, inside: _Inside) -> list[Span]:
    cuts = [start, *(found.end() for found in re.compile("[；;]").finditer(text, start, stop) if not inside.holds(found.end())), stop]
    spans = [_trimmed(text, low, high) for low, high in itertools.pairwise(cuts)]
    return [span for span in spans if span[0] < span[1]]


@dataclass(frozen=True, slots=True)
class _Inside:
    """The stretches of a text within quotation marks or brackets, outermost only, in order."""

    starts: list[int]
    ends: list[int]

    def holds(self, cut: int) -> bool:
        """Whether a cut before character `cut` falls inside one."""
        at = bisect.bisect_left(self.starts, cut) - 1
        return at >= 0 and cut < self.ends[at]


def _enclosed(text: str) -> _Inside:
    """Pairs within a paragraph; a mark without its partner encloses nothing."""
    spans: list[Span] = []
    opened: list[tuple[str, int]] = []
    straight = -1
    for found in _BRACKET.finditer(text):
        mark, at = found[0], found.start()
        if mark == "\n":
            opened, straight = [], -1
        elif mark == '"':
            spans += [(straight, at + 1)] if straight >= 0 else []
            straight = at if straight < 0 else -1
        elif mark in _OPEN:
            opened.append((mark, at))
        else:
            place = next((place for place in range(len(opened) - 1, max(len(opened) - 9, -1), -1) if opened[place][0] == _PAIR[mark]), -1)
            if place >= 0:
                spans.append((opened[place][1], at + 1))
                del opened[place:]
    return _outermost(sorted(spans))


def _outermost(spans: Sequence[Span]) -> _Inside:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in spans:
        if ends and start < ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return _Inside(starts, ends)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# --------------------------------------------------------------------------------------------------------- paragraphs


@dataclass(frozen=True, slots=True)
class _Block:
    """Paragraphs that stay together: an article, a masthead, a paragraph with the headings above it."""

    kind: str  # "prose", "lines", "article", "distribution"
    start: int
    end: int
    headings: tuple[str, ...]
    body: int  # where the text under the headings begins


Open = Sequence[tuple[int, str]]
"""The headings under which a text stands, outermost first: level and words of each."""


def split(document: Document, limit: int = 400, above: Open = ()) -> list[Passage]:
    """The passages of a document. `above` are the headings that a large document's volume begins under.

    `document.text[p.start:p.end] == p.text`; passages in order, not overlapping; between them only white space and what was
    declared boilerplate. Nothing lost, nothing twice.
    """
    text, passages, said = document.text, [], Said()
    for block in _blocks(document, limit, above):
        said.enter(block.headings if block.kind != "distribution" else ())
        for start, end, context, lead in _pieces(text, block, limit, said):
            passages.append(Passage(text[start:end], start, end, block.headings, context, lead))
    return passages


def open_headings(document: Document, above: Open = ()) -> Open:
    """The headings under which what follows the document stands."""
    path, last = list(above), -1
    for heading in document.headings:
        path = _deeper(path, heading.level, document.text[heading.start : heading.end], adjacent=heading.start == last + 1)
        last = heading.end
    return path


def _blocks(document: Document, limit: int, above: Open) -> Iterator[_Block]:
    """The paragraphs, gathered: headings with what follows them, articles with their items, short lines with each other."""
    text, levels = document.text, {heading.start: heading.level for heading in document.headings}
    path = list(above)
    headed: int | None = None  # where headings begin that wait for their text
    block: _Block | None = None
    last = -1  # the end of the last heading
    for start, end in _paragraphs(document):
        if headed is not None and text[last:start].strip():  # boilerplate under the heading
            yield _Block("lines", headed, last, _names(path), headed)
            headed = None
        level = levels.get(start)
        if level is None and block and _joins(text, block, start, end, limit):
            block = replace(block, end=end)
            continue
        if block:
            yield block
            block = None
        if level is not None:
            headed = start if headed is None else headed
            path = _deeper(path, level, text[start:end], adjacent=start == last + 1)
            last = end
            continue
        kind = _kind(text, start, end)
        path = path[:1] if kind == "distribution" else path  # it closes the document, not its last section
        block = _Block(kind, start if headed is None else headed, end, _names(path), start)
        headed = None
    if block:
        yield block
    if headed is not None:
        yield _Block("lines", headed, last, _names(path), headed)


def _names(path: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(name for _, name in path)


def _deeper(path: list[tuple[int, str]], level: int, name: str, adjacent: bool) -> list[tuple[int, str]]:
    """The path of headings below a new one; a heading in two lines is one."""
    if adjacent and path and path[-1][0] == level and level == 1:
        return [*path[:-1], (level, f"{path[-1][1]} {name}")]
    return [*(above for above in path if above[0] < level), (level, name)]


def _paragraphs(document: Document) -> Iterator[Span]:
    """The paragraphs that are not boilerplate; of a paragraph in part boilerplate, what stands around it."""
    outside = [(flag.start, flag.end) for flag in document.flags if flag.kind == "boilerplate"]
    for line in lines_of(document.text):
        for start, end in _without(*line, outside):
            start, end = _trimmed(document.text, start, end)
            if start < end:
                yield start, end


def _without(start: int, end: int, outside: Sequence[Span]) -> Iterator[Span]:
    for low, high in outside:
        if low < end and high > start:
            if low > start:
                yield start, low
            start = max(start, high)
    if start < end:
        yield start, end


_SENDS = re.compile("(?:抄送|主送|分送|抄报|抄報|报送|報送|发送|發送|送)[：:]")
_STOPS = tuple("。！？!?；;：:")


def _kind(text: str, start: int, end: int) -> str:
    if _ARTICLE.match(text, start, end):
        return "article"
    if _SENDS.match(text, start, end):
        return "distribution"
    line = text[start:end]
    return "lines" if end - start < _SHORT_LINE and not line.endswith(_STOPS) else "prose"


def _joins(text: str, block: _Block, start: int, end: int, limit: int) -> bool:
    """Whether a paragraph belongs to the block above it."""
    kind = _kind(text, start, end)
    if start - block.end > 1 and text[block.end : start].strip():
        return False  # boilerplate between them
    if block.kind == "article":
        return kind != "article" and not _ends_articles(text, start, end)
    if block.kind == "distribution":
        return kind == "prose" and end - start < 100 and end - block.start <= limit
    if block.kind == "lines":
        return kind == "lines" and end - block.start <= limit
    return kind == "prose" and _is_item(text, start) and (_leads(text, block) or _in_list(text, block, start)) and end - block.start <= limit


_ITEM = re.compile(rf"[（(][{NUMERAL}\d]{{1,3}}[）)]|[{NUMERAL}]{{1,3}}、|\d{{1,2}}[.、．)）](?!\d)|[①-⑳]|[-*•·][ \t]")
_POINT = re.compile(r"[-*•·][ \t]")


def _is_item(text: str, start: int) -> bool:
    return bool(_ITEM.match(text, start))


def _leads(text: str, block: _Block) -> bool:
    """Whether the block ends with a lead-in, or is one with its first items."""
    return text[block.end - 1] in "：:；;"


def _in_list(text: str, block: _Block, start: int) -> bool:
    """Whether a paragraph and the one above it are points of one list, with a mark and no number."""
    last = max(text.rfind("\n", block.start, block.end) + 1, block.body)
    return bool(_POINT.match(text, start) and _POINT.match(text, last))


def _ends_articles(text: str, start: int, end: int) -> bool:
    """Annexes, signatures and numbered parts are no longer the article's."""
    return bool(re.match(r"附[件录錄表则則]|附[：:]|\d{4}年\d{1,2}月\d{1,2}日$", text[start:end]))


# ------------------------------------------------------------------------------------------------------ pieces and context

_CUT = re.compile(
    rf"第[{NUMERAL}]{{1,3}}(?:[，,、：:]|[是要个個])|[{NUMERAL}]{{1,2}}(?:是|要)(?=[{HAN}])|[（(][{NUMERAL}]{{1,3}}[）)]|[①-⑳]|\d{{1,2}}[.、．](?!\d)|(?:其[一二三四五]|首先|其次|再次|最后|最後)[，,是]"
)


def _pieces(text: str, block: _Block, limit: int, said: Said) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
    """The parts of a block, the context and the lead of each."""
    room = _WHOLE_ARTICLE if block.kind == "article" else limit
    article = _ARTICLE.match(text, block.body) if block.kind == "article" else None
    if block.end - block.start <= room:
        spans = [(block.start, block.end)]
    else:
        spans = _balanced(text, block, limit)
    for number, (start, end) in enumerate(spans):
        body = max(start, block.body)
        said_in = [] if article else [(body + low, body + high) for low, high in sentences(text[body:end])]
        context, lead = said.hear(text, body, end, said_in, first=number == 0)
        if article:  # it says itself what its parts lean on
            context, lead = (_lead_in(text, article.end(), spans[0][1], article[0]) if number else context), ()
        yield start, end, context, lead


def _lead_in(text: str, start: int, end: int, article: str) -> str:
    """The article's number and the words that its later parts lean on."""
    found = re.compile(r"[^。：:；\n]{1,80}").match(text, start, end)
    return f"{article} {found[0].strip()}" if found else article


def _balanced(text: str, block: _Block, limit: int) -> list[Span]:
    """A long block cut at paragraphs and enumerations, else at sentences, into parts of about equal length."""
    units = [(block.start + low, block.start + high) for low, high in sentences(text[block.start : block.end])]
    units = [piece for unit in units for piece in _forced(text, unit)]
    groups: list[list[Span]] = []
    for place, unit in enumerate(units):
        if not groups or _begins_part(text, units, place, block):
            groups.append([unit])
        else:
            groups[-1].append(unit)
    return _packed([part for group in groups for part in _halved(group, limit)], limit)


def _begins_part(text: str, units: Sequence[Span], place: int, block: _Block) -> bool:
    """Whether a unit begins a paragraph of the block, an item, or, with the sentence that leads in to it, a first item; what
    comes before the text of the block is its head."""
    start = units[place][0]
    if start <= block.body:
        return False
    if place + 1 < len(units) and first_item(text, units[place + 1][0]):
        return True
    return text[start - 1] == "\n" or bool(_CUT.match(text, start)) and not first_item(text, start)


def _halved(group: list[Span], limit: int) -> list[Span]:
    """A group of sentences as one part, or as several of about equal length."""
    start, end = group[0][0], group[-1][1]
    if end - start <= limit or len(group) == 1:
        return [(start, end)]
    count = -(-(end - start) // limit)
    target, parts, at = (end - start) / count, [], start
    for previous, unit in itertools.pairwise(group):
        if unit[1] - at > limit or (len(parts) + 1 < count and previous[1] - at >= target - (unit[1] - unit[0]) / 2):
            parts.append((at, previous[1]))
            at = unit[0]
    return [*parts, (at, end)]


def _packed(parts: list[Span], limit: int) -> list[Span]:
    """Neighbouring parts together as long as there is room: a lone heading with its item, small items with each other."""
    packed: list[Span] = []
    for start, end in parts:
        if packed and (end - packed[-1][0] <= limit * 0.6 or (packed[-1][1] - packed[-1][0] < 60 and end - packed[-1][0] <= limit + 60)):
            packed[-1] = (packed[-1][0], end)
        else:
            packed.append((start, end))
    if len(packed) > 1 and packed[-1][1] - packed[-1][0] < 40 and packed[-1][1] - packed[-2][0] <= limit + 60:
        packed[-2:] = [(packed[-2][0], packed[-1][1])]
    return packed


def _forced(text: str, unit: Span) -> list[Span]:
    """No part exceeds what a passage may have, even where nothing ends: cut at a comma, else anywhere."""
    parts, (start, end) = [], unit
    while end - start > _LONGEST:
        comma = max(text.rfind(mark, start + _LONGEST // 2, start + _LONGEST) for mark in "，,；;、 。")
        cut = comma + 1 if comma > 0 else start + _LONGEST
        parts.append(_trimmed(text, start, cut))
        start = cut
    return [part for part in [*parts, _trimmed(text, start, end)] if part[0] < part[1]]
