"""A document as its describers look at it: its paragraphs outside the boilerplate, in simplified script for reading."""

from __future__ import annotations

import re
from functools import cache

from opencc import OpenCC

from qa.clean.characters import NUMERAL
from qa.clean.lines import full_lines
from qa.types import Document, Field, Span

HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ARTICLE = rf"第[{NUMERAL}\d]{{1,9}}[条條](?:之[{NUMERAL}]{{1,3}})?"
MASTHEAD = 40  # paragraphs
ORGANISATION = re.compile(
    rf"[{HAN}]{{2,30}}(?:部|局|厅|委|署|[银分支总]行|院|会|处|室|委员会|办公室|办公厅|政府|法院|检察院|公司|中心|协会|学会|研究院|学校|大学|医院|集团|报社|指挥部|领导小组)$"
)


class Page:
    """A document as its describers look at it: its paragraphs outside the boilerplate, and its text in simplified script
    for reading (the same length; values are cut from the original)."""

    def __init__(self, document: Document) -> None:
        self.document, self.text = document, document.text
        self.outside = [(flag.start, flag.end) for flag in document.flags if flag.kind == "boilerplate"]
        self.all = full_lines(self.text)
        self.paragraphs = [span for span in self.all if not any(low <= span[0] and span[1] <= high for low, high in self.outside)]
        self.headings = {heading.start: heading.level for heading in document.headings}

    def read(self, span: Span) -> str:
        """The stretch in simplified script, character for character."""
        return simplified(self.text[slice(*span)])

    def field(self, name: str, span: Span, note: str = "") -> Field:
        return Field(name, self.text[slice(*span)], (span,), note)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """A text in simplified script, character for character; as it is, where that cannot be."""
    simple = _converter().convert(text)
    return simple if len(simple) == len(text) else text


def trimmed(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in "|｜:："):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "|｜"):
        end -= 1
    return start, end
