"""Answers to what every format of a report writes: numbered questions, quotations with their marks, references, the appendix.

A document is one reference, numbered when it is first quoted, with each place that is quoted named. Two versions of a file
(two digests) are two documents.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.cite import PAGES, Citation
from qa.reference import Reference, article, collated, in_text, kind_of, reference, written
from qa.types import Description

# What a reader cannot see but what changes what he sees, or what XML cannot hold: shown in every format by its code.
_UNSEEN = re.compile("[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def shown(text: str) -> str:
    """The text as a report shows it: ␋ for what XML cannot hold, ⟨U+202E⟩ for what cannot be seen.

    >>> shown("100\\u202e元\\x0b")
    '100⟨U+202E⟩元␋'
    """
    text = _ILLEGAL.sub("␋", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def one_line(text: str) -> str:
    """The same on one line: a heading, or a field of a format in which a line feed would begin another field."""
    return " ".join(shown(text).split())


class Part(Protocol):
    """A piece of an answer: kind "quote", or "words" for what is not quoted."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def number(self) -> int: ...


class Answered(Protocol):
    """What a report needs of an Answer."""

    @property
    def question(self) -> str: ...
    @property
    def answered(self) -> bool: ...
    @property
    def notice(self) -> str: ...
    @property
    def citations(self) -> tuple[Citation, ...]: ...
    @property
    def parts(self) -> tuple[Part, ...]: ...


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation with its mark: `mark` is [1] or （责任者，2021）, `locator` what stands beside it."""

    text: str
    entry: int  # the number of its reference, from 1
    mark: str
    locator: str
    citation: Citation

    @property
    def location(self) -> str:
        """Where in the file it stands."""
        return shown(self.citation.location)

    @property
    def passage(self) -> str:
        """The passage that it stands in."""
        return shown(self.citation.passage.text)


@dataclass(frozen=True, slots=True)
class Section:
    """A question and its answer; the question of citations that were collected one by one is empty."""

    heading: str
    blocks: tuple[str | Quotation, ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A reference: its number, how it is written, and where the report quotes it."""

    number: int
    text: str
    item: Reference
    letter: str
    document: Description
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A report, ready to be written. `entries` are in the order of the list of references."""

    title: str
    numeric: bool
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    entries: tuple[Entry, ...]
    appendix: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """A question with the pieces of its answer, or citations that were collected one by one."""

    heading: str
    pieces: tuple[str | Citation, ...]
    notice: str = ""

    @property
    def citations(self) -> list[Citation]:
        return [piece for piece in self.pieces if isinstance(piece, Citation)]


def laid_out(basket: Sequence[Answered | Citation], title: str, style: str, system: str, accessed: str, appendix: bool) -> Content:
    """The content of a report over answers and single citations, in their order."""
    groups = _groups(basket)
    documents: dict[tuple[str, str], list[tuple[int, Citation]]] = {}
    for question, group in enumerate(groups, 1):
        for citation in group.citations:
            documents.setdefault(_identity(citation), []).append((question, citation))
    entries = dict(zip(documents, _entries(list(documents.values()), style, system, accessed)))

    def quotation(citation: Citation) -> Quotation:
        return _quotation(citation, entries[_identity(citation)], style, system)

    sections = tuple(
        Section(f"{number}. {one_line(group.heading)}", tuple(quotation(piece) if isinstance(piece, Citation) else shown(piece) for piece in group.pieces), shown(group.notice))
        for number, group in enumerate(groups, 1)
    )
    listed = sorted(entries.values(), key=lambda entry: collated(entry.item)) if system == "author-date" else list(entries.values())
    count = sum(len(group.citations) for group in groups)
    facts = (f"编制日期：{accessed}", f"引文 {count} 条，出自 {len(entries)} 份文件", f"著录格式：{_STYLE_NAMES[style]}（{_SYSTEM_NAMES[system]}）")
    passages: dict[tuple, Quotation] = {}
    for group in groups if appendix else ():
        for citation in group.citations:
            passages.setdefault((*_identity(citation), citation.passage.start), quotation(citation))
    return Content(one_line(title), system == "numeric", facts, sections, tuple(listed), tuple(passages.values()))


_STYLE_NAMES = {"gbt7714-2025": "GB/T 7714—2025", "gbt7714-2015": "GB/T 7714—2015"}
_SYSTEM_NAMES = {"numeric": "顺序编码制", "author-date": "著者-出版年制"}


def _groups(basket: Sequence[Answered | Citation]) -> list[_Group]:
    groups: list[_Group] = []
    for loose, items in itertools.groupby(basket, key=lambda item: isinstance(item, Citation)):
        groups += [_loose(items)] if loose else map(_answered, items)
    return groups


def _loose(citations: Iterable[Citation]) -> _Group:
    pieces: list[str | Citation] = []
    last = None
    for citation in citations:
        if _identity(citation) != last:
            pieces.append(f"《{citation.document.called}》：")
        pieces.append(citation)
        last = _identity(citation)
    return _Group("摘录", tuple(pieces))


def _answered(answer: Answered) -> _Group:
    by_number = {citation.number: citation for citation in answer.citations}
    pieces = [by_number[part.number] if part.kind == "quote" else part.text.strip() for part in answer.parts]
    return _Group(answer.question, tuple(piece for piece in pieces if piece), answer.notice)


def _identity(citation: Citation) -> tuple[str, str]:
    return citation.document.key, citation.document.digest


def locator(citation: Citation) -> str:
    """The place that the standard knows: an article of a law, else a page; "" for a text without either."""
    if kind_of(citation.document) == "law":
        return next((found for text in (citation.quote, citation.passage.text, citation.passage.context) if (found := article(text))), "")
    pages = PAGES.fullmatch(citation.location)
    return "-".join(filter(None, pages.groups())) if pages else ""


def _entries(documents: Sequence[Sequence[tuple[int, Citation]]], style: str, system: str, accessed: str) -> list[Entry]:
    """One for each document, numbered; works of one creator and year are told apart by letters (9.3.1.3)."""
    items = []
    for uses in documents:
        locators = {locator(citation) for _, citation in uses}
        items.append(reference(uses[-1][1].document, accessed, locators.pop() if len(locators) == 1 else ""))
    letters = _letters(items) if system == "author-date" else [""] * len(items)
    return [
        Entry(number, shown(written(item, style, system, letter)), item, letter, uses[-1][1].document, tuple(_places(uses)))
        for number, (item, uses, letter) in enumerate(zip(items, documents, letters), 1)
    ]


def _letters(items: Sequence[Reference]) -> list[str]:
    alike: dict[tuple, list[int]] = {}
    for place, item in sorted(enumerate(items), key=lambda pair: collated(pair[1])):
        if item.year and item.kind != "standard":
            alike.setdefault((item.creators, item.year), []).append(place)
    letters = [""] * len(items)
    for places in alike.values():
        for count, place in enumerate(places if len(places) > 1 else ()):
            letters[place] = chr(ord("a") + count) if count < 26 else f"z{count}"
    return letters


def _places(uses: Sequence[tuple[int, Citation]]) -> list[str]:
    """Each place once, with the questions that it answers."""
    asked: dict[str, list[int]] = {}
    for question, citation in uses:
        found = locator(citation) if kind_of(citation.document) == "law" else ""
        where = f"{found}（{citation.location}）" if found and citation.location else found or citation.location or "全文"
        asked.setdefault(shown(where), []).append(question)
    return [f"{where}（问题{'、'.join(map(str, dict.fromkeys(questions)))}）" for where, questions in asked.items()]


def _quotation(citation: Citation, entry: Entry, style: str, system: str) -> Quotation:
    mark = f"[{entry.number}]" if system == "numeric" else shown(in_text(entry.item, style, entry.letter))
    return Quotation(shown(citation.quote), entry.number, mark, "" if entry.item.locator else shown(locator(citation)), citation)


def sources(entry: Entry) -> list[str]:
    """What stands under a reference: the places, the file with its digest on the day of the report, and what is missing."""
    lines = [f"引文位置：{'；'.join(entry.places)}", shown(f"原件：{entry.document.name}　引用日期 {entry.item.accessed}　SHA-256 {entry.document.digest}")]
    return lines + ([f"原件没有写明：{'、'.join(entry.item.missing)}"] if entry.item.missing else [])
