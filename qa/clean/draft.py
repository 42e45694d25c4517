"""The alignment: a text under repair that always knows where each of its characters is from.

What it does not know: why anything is repaired. That is the rules' business.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from qa.types import Deletion, Document, Repair, Run, Source, Span


class Edit(NamedTuple):
    """`text[start:end]` becomes `became`; empty: it is deleted."""

    start: int
    end: int
    became: str = ""


class _Piece(NamedTuple):
    """A stretch of the draft and where it is from; `why` is empty when it was only copied."""

    length: int
    source: int
    source_end: int
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A text on its way from source to document. The pieces tile the text."""

    text: str
    pieces: tuple[_Piece, ...]
    gone: tuple[Deletion, ...] = ()

    @classmethod
    def of(cls, text: str) -> Draft:
        """A text of which nothing is changed yet."""
        return cls(text, (_Piece(len(text), 0, len(text), ""),) if text else ())

    def edited(self, edits: Iterable[Edit], why: str) -> Draft:
        """The draft after the edits, which are in order and do not overlap."""
        edits = list(edits)
        if not edits:
            return self
        cutter, pieces, gone, parts, at = _Cutter(self.pieces), [], [], [], 0
        for edit in edits:
            pieces += cutter.take(edit.start - at)
            parts += [self.text[at : edit.start], edit.became]
            covered = cutter.take(edit.end - edit.start)
            if edit.became:
                pieces.append(_repaired(edit.became, covered, cutter.position, why))
            else:
                gone += _deletions(covered, why)
            at = edit.end
        pieces += cutter.rest()
        return Draft("".join(parts) + self.text[at:], tuple(_joined(pieces)), self.gone + tuple(gone))

    def rearranged(self, start: int, end: int, order: Sequence[Span], why: str) -> Draft:
        """The draft with the stretches of `order`, in that order, in place of `text[start:end]`; what is in none is gone."""
        stretches = [self._pieces(*span) for span in order]
        pieces = [*self._pieces(0, start), *(piece for stretch in stretches for piece in stretch), *self._pieces(end, len(self.text))]
        text = self.text[:start] + "".join(self.text[low:high] for low, high in order) + self.text[end:]
        taken = sorted([(start, start), *order, (end, end)])
        left = [piece for (_, low), (high, _) in itertools.pairwise(taken) for piece in self._pieces(low, high)]
        return Draft(text, tuple(_joined(pieces)), self.gone + tuple(_deletions(left, why)))

    def source_span(self, start: int, end: int) -> Span:
        """The smallest stretch of the source that holds `text[start:end]`."""
        pieces = self._pieces(start, end)
        return min(piece.source for piece in pieces), max(piece.source_end for piece in pieces)

    def _pieces(self, start: int, end: int) -> list[_Piece]:
        cutter = _Cutter(self.pieces)
        cutter.take(start)
        return cutter.take(end - start)


class _Cutter:
    """Takes a tiling apart from left to right."""

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self._pieces, self._next, self._left = pieces, 0, None

    @property
    def position(self) -> int:
        """The source offset at which the next piece begins."""
        if self._left:
            return self._left.source
        if self._next < len(self._pieces):
            return self._pieces[self._next].source
        return self._pieces[-1].source_end if self._pieces else 0

    def take(self, length: int) -> list[_Piece]:
        taken = []
        while length > 0:
            piece = self._left or self._pieces[self._next]
            self._next += self._left is None
            self._left = None
            if piece.length > length:
                piece, self._left = _cut(piece, length)
            length -= piece.length
            taken.append(piece)
        return taken

    def rest(self) -> list[_Piece]:
        return ([self._left] if self._left else []) + list(self._pieces[self._next :])


def _cut(piece: _Piece, length: int) -> tuple[_Piece, _Piece]:
    """A copied stretch is cut anywhere; of a repair the first part keeps the whole source."""
    if piece.why:
        return piece._replace(length=length), _Piece(piece.length - length, piece.source_end, piece.source_end, piece.why)
    middle = piece.source + length
    return _Piece(length, piece.source, middle, ""), _Piece(piece.length - length, middle, piece.source_end, "")


def _repaired(became: str, covered: list[_Piece], position: int, why: str) -> _Piece:
    """An inserted text stands where the next piece begins in the source."""
    if not covered:
        return _Piece(len(became), position, position, why)
    return _Piece(len(became), covered[0].source, covered[-1].source_end, why)


def _deletions(pieces: Iterable[_Piece], why: str) -> list[Deletion]:
    return [Deletion((piece.source, piece.source_end), why) for piece in pieces if piece.source < piece.source_end]


def _joined(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """The same tiling with neighbours in the source merged."""
    last = None
    for piece in pieces:
        if last and not last.why and not piece.why and last.source_end == piece.source:
            last = _Piece(last.length + piece.length, last.source, piece.source_end, "")
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def document_of(source: Source, draft: Draft) -> Document:
    """The document that a draft has become, without headings and flags."""
    runs, repairs, at = [], [], 0
    for piece in draft.pieces:
        if piece.why:
            was, became = source.text[piece.source : piece.source_end], draft.text[at : at + piece.length]
            repairs.append(Repair(at, at + piece.length, (piece.source, piece.source_end), was, became, piece.why))
        else:
            runs.append(Run(at, piece.source, piece.length))
        at += piece.length
    gone = sorted(_outside(draft.gone, repairs), key=lambda deletion: deletion.source)
    return Document(source, draft.text, tuple(runs), tuple(repairs), tuple(gone))


def _outside(gone: Iterable[Deletion], repairs: list[Repair]) -> Iterator[Deletion]:
    """The deletions that no later repair has taken over."""
    spans = sorted(repair.source for repair in repairs if repair.was)
    for deletion in gone:
        before = bisect.bisect_right(spans, deletion.source[0], key=lambda span: span[0]) - 1
        if before < 0 or deletion.source[1] > spans[before][1]:
            yield deletion


def source_spans(document: Document, start: int, end: int) -> tuple[list[Span], list[Repair]]:
    """Where `document.text[start:end]` stands in the source: the spans, merged where they touch, whose joined characters
    are the text except for the repairs, which are returned with start and end counted from `start`."""
    spans: list[Span] = []
    first = max(bisect.bisect_right(document.runs, start, key=lambda run: run.start) - 1, 0)
    for run in document.runs[first:]:
        if run.start >= end:
            break
        low, high = max(start, run.start), min(end, run.start + run.length)
        if low < high:
            span = (run.source + low - run.start, run.source + high - run.start)
            spans.append((spans.pop()[0], span[1]) if spans and spans[-1][1] == span[0] else span)
    return spans, _repairs_within(document, start, end)


def _repairs_within(document: Document, start: int, end: int) -> list[Repair]:
    """The repairs that touch the stretch, cut to it: only the first part of a cut repair has a source."""
    found = []
    for repair in document.repairs[bisect.bisect_right(document.repairs, start, key=lambda repair: repair.end) :]:
        if repair.start >= end:
            break
        low, high = max(start, repair.start), min(end, repair.end)
        part = replace(repair, start=low - start, end=high - start, became=repair.became[low - repair.start : high - repair.start])
        found.append(part if low == repair.start else replace(part, source=(repair.source[1], repair.source[1]), was=""))
    return found
