"""Lines of a text, as the other rules see them, and the rules for single lines: marks of markup, endings, counters, blank lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.clean.characters import BLANK, BLANKS, NUMERAL
from qa.clean.draft import Edit
from qa.types import Source, Span

FINAL = tuple("。！？!?；;：:…")
CLOSING = "”’」』）)》】〕\"'"
ITEM = re.compile(
    rf"[{BLANK}]*(?:第[{NUMERAL}\d]+[编編篇章节節条條款]|第[{NUMERAL}]+(?:部分|[，,、是要])|[{NUMERAL}]+[、是要]|[（(][{NUMERAL}\d]+[）)]|\d+[.、．)）](?!\d)|[①-⑳⑴-⒛㈠-㈩]|[-*+•·●■◆][ \t])"
)
HEADING_MARK = re.compile(r"[ ]{0,3}#{1,6}[ \t]")


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


def glue(text: str, left: int, right: int) -> str:
    """A space between Latin words, nothing else; in Chinese a number or a name with a number (56.2%, PM2.5) was cut."""
    before, after = text[max(left - 20, 0) : left].rstrip(BLANKS), text[right : right + 40].lstrip(BLANKS)[:1]
    if not before or not after or not after.isascii() or not after.isalnum() or not before[-1].isascii():
        return ""
    words = before[-1].isalpha() and after.isalpha()
    latin = before.isascii() and (before[-1].isalpha() or before[-1] in ",.;:!?)")
    return " " if words or latin else ""


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
