"""The quotations in a draft and whom it says they are from.

A quotation stands in quotation marks (“…”, 「…」, "…"; of nested marks the outermost), in a block quote (> of Markdown), or
without marks after the words that introduce it (《安全生产法》第二十四条规定，…). What stands in quotation marks is a name or a
term, not a quotation, when nothing introduces it and it is short or has no clauses (“双碳”, “3·21”).

Whom it is from is read from its own sentence, and from the brackets behind it; only what the sentence ties to the quotation
by its grammar is a claim that can be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.proof.attribution import BRACKETS_AFTER, CLAUSE_END, LAW, NUMERAL, SAYING, SENTENCE_END, TITLE, Attributing, Quotation
from qa.proof.keys import key_of
from qa.types import Span

_INTRODUCES = re.compile(rf"(?:{SAYING})[^，。；：:,;“”「」\n]{{0,8}}[，：:,]?\s*$|[：:]\s*$")
_SAYS = re.compile(rf"(?:规定|規定|明确|明確|要求|指出|强调|強調|提出|载明|載明)(?:了)?[，：:,]?(?=[^，。；：:,;\n“「\"『])")

_TERM = 4  # key characters: nothing shorter is a quotation
_INTRODUCED = 6  # behind the verb itself, without colon or comma: 提出“三管三必须” is a name
_BARE = 8  # of a quotation that nothing introduces, when it has clauses
_BARE_WHOLE = 16  # the same without clauses
_UNMARKED = 8
_LONGEST_UNMARKED = 600  # characters
_MOST_MARKS = 400  # in a paragraph behind an opening mark: a partner further away is none
_MOST_PARAGRAPHS = 12  # that one pair of marks encloses
_INTERRUPTED = re.compile(r"[，。；“”《》：]")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_AND = re.compile(r"\s*[，、；,;]?\s*(?:以及|和|及|与|或者|或|并)?\s*")


def quotations(text: str) -> list[Quotation]:
    """The quotations of a draft, in order, none inside another; of one that goes over several paragraphs, each paragraph."""
    blocks = list(_blocks(text))
    taken = _mask(text, blocks)
    marked = [spans for spans in _marked(text) if not any(any(taken[start:end]) for start, end in spans)]
    found = [([span], "block") for span in blocks] + [(spans, "marks") for spans in _chosen(text, marked)]
    bare = _bare(text, _mask(text, [span for spans, _ in found for span in spans]))
    found += [([span], "bare") for span in bare]
    attributing = Attributing(text, sorted([*blocks, *(span for spans in marked for span in spans)]))
    return [quotation for spans, kind in sorted(found) for quotation in _whole([attributing.quotation(*span, kind) for span in spans])]


def _chosen(text: str, marked: Sequence[list[Span]]) -> Iterator[list[Span]]:
    """Of what stands in quotation marks what is a quotation, without paragraphs that say nothing."""
    last = -1
    for spans in marked:
        if len(spans) > 1 or _is_quotation(text, *spans[0], last):
            last = spans[-1][1]
            if said := [span for span in (_stripped(text, *span) for span in spans) if len(key_of(text[slice(*span)]).key) >= _TERM]:
                yield said


def _whole(parts: Sequence[Quotation]) -> list[Quotation]:
    """The paragraphs of one quotation: what the draft says of one, it says of all."""
    claims = tuple(dict.fromkeys(claim for part in parts for claim in part.claims))
    speaker, dates = (next(filter(None, (getattr(part, name) for part in parts)), empty) for name, empty in (("speaker", ""), ("dates", ())))
    return [replace(part, claims=claims, speaker=speaker, dates=dates) for part in parts] if len(parts) > 1 else list(parts)


def _mask(text: str, spans: Sequence[Span]) -> bytearray:
    """(len(text),) 1 where a span lies."""
    mask = bytearray(len(text))
    for start, end in spans:
        mask[start:end] = b"\x01" * (end - start)
    return mask


def _lines(text: str) -> Iterator[Span]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _blocks(text: str) -> Iterator[Span]:
    """Block quotes: each line that begins with >, without the mark and without quotation marks around the whole of it."""
    for start, end in _lines(text):
        found = re.compile(r"\s{0,3}>[>\s]*").match(text, start, end)
        if not found:
            continue
        low, high = _stripped(text, found.end(), end)
        if source := _SOURCE.search(text, low, high):
            low, high = _stripped(text, low, source.start())
        if high - low > 1 and text[low] in _CLOSING and text[high - 1] == _CLOSING[text[low]] and text[low] not in text[low + 1 : high - 1]:
            low, high = low + 1, high - 1
        if len(key_of(text[low:high]).key) >= _TERM:
            yield low, high


_SOURCE = re.compile(r"(?:[（(]|[—―]{2}\s*)[^（）()\n]{0,20}《[^《》\n]{2,60}》[^（）()《》\n]{0,30}[）)]?[。.]?$")


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_CLOSING = {"“": "”", "「": "」", "『": "』", "‘": "’", "〝": "〞", "«": "»", "＂": "＂", '"': '"'}
_MARKS = re.compile(f"[{''.join(_CLOSING)}{''.join(_CLOSING.values())}]")


def _marked(text: str) -> Iterator[list[Span]]:
    """What stands in the outermost quotation marks, without the marks: a span for each paragraph that it goes over.

    A mark that its paragraph leaves open is closed by one below without partner, else reaches to the end of the paragraph when
    the next one opens with the same mark or the words before it introduce a quotation; otherwise it is a slip."""
    lines = list(_lines(text))
    for at, (start, end) in enumerate(lines):
        following = text[slice(*lines[at + 1])].lstrip()[:1] if at + 1 < len(lines) else ""
        beneath: dict[str, list[Span]] = {}
        for begin, stop in _pairs(text, *lines[at]):
            mark = text[begin - 1]
            if stop < 0 and mark not in beneath:
                beneath[mark] = _below(text, lines, at, mark)
            if stop >= 0:
                yield [(begin, stop)]
            elif below := beneath[mark]:
                yield [(begin, end), *below]
                for number in range(at + 1, at + len(below) + 1):
                    lines[number] = (min(below[number - at - 1][1] + 1, lines[number][1]), lines[number][1])
                break
            elif following == mark or _INTRODUCES.search(text, max(start, begin - 31), begin - 1):
                yield [(begin, end)]
                break


def _below(text: str, lines: Sequence[Span], at: int, mark: str) -> list[Span]:
    """The paragraphs below that one as far as the mark that closes `mark`; none when there is no such mark."""
    closer = _CLOSING[mark]
    found: list[Span] = []
    for start, end in lines[at + 1 : at + 1 + _MOST_PARAGRAPHS] if closer != mark else ():
        opened = 0
        for place in (match.start() for match in re.compile(f"[{mark}{closer}]").finditer(text, start, end)):
            if text[place] == closer and not opened:
                return [*found, (start, place)]
            opened += 1 if text[place] == mark else -1
        if opened:
            return []
        found.append((start, end))
    return []


def _pairs(text: str, start: int, end: int) -> Iterator[Span]:
    """The outermost pairs of one paragraph; a mark that is still open at its end comes with -1, and what stands behind it is
    looked at again. Marks of one direction only (“…“) are paired as they come."""
    marks = [(found[0], found.start()) for found in _MARKS.finditer(text, start, end) if not _is_apostrophe(text, found.start())]
    if len({mark for mark, _ in marks} & {"“", "”"}) == 1:
        marks = [('"' if mark in "“”" else mark, at) for mark, at in marks]
    first = 0
    while first < len(marks):
        last = _closes(marks, first)
        begin = marks[first][1] + 1
        if last is not None:
            yield begin, marks[last][1]
            first = last
        elif text[begin - 1] in _CLOSING:
            yield begin, -1
        first += 1


def _closes(marks: Sequence[tuple[str, int]], first: int) -> int | None:
    """Which mark closes the one at `first`; inner marks without a partner close nothing."""
    closer = _CLOSING.get(marks[first][0])
    opened = 0
    for place in range(first + 1, min(len(marks), first + _MOST_MARKS)):
        mark = marks[place][0]
        if mark == closer:
            if not opened:
                return place
            opened -= 1
        elif mark == marks[first][0]:
            opened += 1
    return None


def _is_apostrophe(text: str, at: int) -> bool:
    """Whether a mark is the apostrophe of don’t."""
    before = text[at - 1 : at]
    return text[at] in "’‘" and before.isascii() and before.isalpha() and text[at + 1 : at + 2].isalpha()


def _is_quotation(text: str, start: int, end: int, last: int) -> bool:
    """Whether what stands in marks is a quotation and not a name or a term. `last`: where the quotation before it ended."""
    length = len(key_of(text[start:end]).key)
    if length < _TERM:
        return False
    if introduced := _INTRODUCES.search(text[max(0, start - 31) : start - 1]):
        return length >= (_TERM if introduced[0].rstrip()[-1:] in "，：:," else _INTRODUCED)
    if (behind := BRACKETS_AFTER.match(text, end + 1)) and TITLE.search(behind[0]):
        return True
    if last >= 0 and _AND.fullmatch(text, last + 1, start - 1):
        return length >= _BARE
    return length >= (_BARE if CLAUSE_END.search(text[start : end - 1]) else _BARE_WHOLE)


_THIS_LAW = re.compile(rf"(?:该|本)(?:法|条例|规定|办法)(?=第[{NUMERAL}]{{1,9}}[条條])")
_NO_WORDS = re.compile(r"的|了|和|与|中")


def _bare(text: str, taken: bytearray) -> Iterator[Span]:
    """The words that follow 《…》第…条规定 without quotation marks, to the end of their sentence."""
    for start, end in _lines(text):
        for title in (found for pattern in (TITLE, LAW, _THIS_LAW) for found in pattern.finditer(text, start, end)):
            stop = _sentence_end(text, title.end(), end)
            says = _SAYS.search(text, title.end(), min(stop, title.end() + 40))
            if not says or _INTERRUPTED.search(_BRACKETED.sub("", text[title.end() : says.start()])) or text[says.start() - 1] in "的有":
                continue
            if says[0][-1] not in "，：:," and _NO_WORDS.match(text, says.end()):  # 规定的条件; but 规定，中止履行的
                continue
            low, high = _stripped(text, says.end(), min(stop, says.end() + _LONGEST_UNMARKED))
            if not any(taken[low:high]) and len(key_of(text[low:high]).key) >= _UNMARKED:
                taken[low:high] = b"\x01" * (high - low)
                yield low, high


def _sentence_end(text: str, start: int, end: int) -> int:
    found = SENTENCE_END.search(text, start, end)
    return found.end() if found else end
