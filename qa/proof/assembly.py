"""Quotations of several stretches: pieces around an ellipsis, and pieces put together without one."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Sequence

from qa.proof.align import Change, changes, nearest
from qa.proof.attribution import CLAUSE_END
from qa.proof.keys import Key, key_of
from qa.proof.lookup import Place, Shelf, Window, place_of
from qa.types import Span

_ELLIPSIS = re.compile(r"\s*[（(\[【〔]?(?:…+|⋯+|\.{3,}|。{3,}|·{3,}|(?<=[（(\[【])(?:略|省略|下略|中略))[）)\]】〕]?\s*")
_MOST_PIECES = 30  # between ellipses
_GAP = 1000  # characters: what is left out behind an ellipsis is no longer one place
_PIECE = 8  # key characters: shorter pieces of a joined quotation are chance
_SOUGHT = 36  # passages whose words a quotation may be put together from
_SENTENCE_END = re.compile(r"[。！？!?\n]")


def between_ellipses(quote: str) -> list[str]:
    """What stands between the ellipses of a quotation; nothing for one without."""
    if not _ELLIPSIS.search(quote):
        return []
    return [part for part in _ELLIPSIS.split(quote)[:_MOST_PIECES] if part and key_of(part).key]


def in_order(shelf: Shelf, place: Place, keys: Sequence[str], anchor: int) -> list[Span] | None:
    """The spans of all pieces around that of the anchor, which stands at `place`, each behind the one before it and not far
    from it; None when they do not stand so."""
    low, around, span = _around(shelf, place, len(keys), anchor)
    spans = [span]
    for piece in keys[anchor + 1 :]:
        found = around.key.find(piece, spans[-1][1])
        if found < 0:
            return None
        spans.append((found, found + len(piece)))
    for piece in reversed(keys[:anchor]):
        found = around.key.rfind(piece, 0, spans[0][0])
        if found < 0:
            return None
        spans.insert(0, (found, found + len(piece)))
    if any(after[0] - before[1] > _GAP for before, after in itertools.pairwise(spans)):
        return None
    return [(low + start, low + end) for start, end in (around.span(*span) for span in spans)]


def _around(shelf: Shelf, place: Place, pieces: int, anchor: int) -> tuple[int, Key, Span]:
    """The text within reach of all pieces: where in the document it begins, its key, and where `place` stands in the key."""
    low = max(place.start - _GAP * (anchor + 1), 0)
    around = key_of(shelf.document(place.document).text[low : place.end + _GAP * (pieces - anchor)])
    first, last = (bisect.bisect_left(around.offsets, offset - low) for offset in (place.start, place.end))
    return low, around, (first, last)


def near_in_order(shelf: Shelf, place: Place, keys: Sequence[str], anchor: int) -> tuple[int, list[Span]] | None:
    """The same for pieces with altered words: how many edits there are in all, and the spans nearest to the pieces."""
    low, around, (first, last) = _around(shelf, place, len(keys), anchor)
    distance, spans = place.distance, [(first, last)]
    for piece in keys[anchor + 1 :]:
        edits, (start, end) = nearest(piece, around.key[spans[-1][1] : spans[-1][1] + _GAP])
        distance += edits
        spans.append((spans[-1][1] + start, spans[-1][1] + end))
    for piece in reversed(keys[:anchor]):
        start = max(spans[0][0] - _GAP, 0)
        edits, span = nearest(piece, around.key[start : spans[0][0]])
        distance += edits
        spans.insert(0, (start + span[0], start + span[1]))
    if any(start == end for start, end in spans):
        return None
    return distance, [(low + start, low + end) for start, end in (around.span(*span) for span in spans)]


def omissions(pieces: Sequence[str], quote: str, original: str, spans: Sequence[Span]) -> tuple[Change, ...]:
    """The diff of a shortened quotation: its pieces against the `spans` of the original, and between them what the ellipses
    stand for."""
    found: list[Change] = []
    at = there = 0
    for number, (piece, (low, high)) in enumerate(zip(pieces, spans), 1):
        start = quote.index(piece, at)
        low, high = low if start else 0, high if number < len(pieces) else len(original)
        if start > at or low > there:
            found.append(Change("omitted", quote[at:start], original[there:low]))
        found += changes(key_of(piece), key_of(original[low:high]))
        at, there = start + len(piece), high
    if at < len(quote):
        found.append(Change("omitted", quote[at:], original[there:]))
    return tuple(found)


def put_together(shelf: Shelf, key: Key, ids: Sequence[int], documents: Sequence[int]) -> list[tuple[str, Place]]:
    """The pieces of a quotation that stand word for word in several places and together are the whole of it, each with its
    place; `documents` are those that the draft names. Empty when there are no such pieces, or when they follow one another in one
    sentence: then something was dropped, nothing was joined."""
    windows = [shelf.around(id, 0) for id in ids[:_SOUGHT]]
    windows += [window for document in documents if (window := shelf.whole(document))]
    ends = [sum(offset < found.start() for offset in key.offsets) for found in CLAUSE_END.finditer(key.text)]
    pieces: list[tuple[int, Place]] = []
    at = 0
    while at < len(key.key):
        end, place = _longest(key.key, at, ends, windows)
        if place is None or end - at < _PIECE:
            return []
        pieces.append((end, place))
        at = end
    places = [place for _, place in pieces]
    if len(places) < 2 or _is_one_sentence(shelf, places):
        return []
    cuts = [0, *(key.offsets[end] for end, _ in pieces[:-1]), len(key.text)]
    return [(key.text[low:high], place) for (low, high), place in zip(itertools.pairwise(cuts), places)]


def _is_one_sentence(shelf: Shelf, places: Sequence[Place]) -> bool:
    for one, other in itertools.pairwise(places):
        if one.document != other.document or other.start < one.end or other.start - one.end > _GAP:
            return False
        if _SENTENCE_END.search(shelf.document(one.document).text, one.end, other.start):
            return False
    return True


def _longest(key: str, at: int, ends: Sequence[int], windows: Sequence[Window]) -> tuple[int, Place | None]:
    """The longest piece of the key from `at` that one of the windows holds: to the end of a clause if it goes so far."""
    best: tuple[int, int, Place | None] = (at, at, None)
    for window in windows:
        low, high = at, len(key)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if key[at:middle] in window.key else (low, middle - 1)
        whole = low if low == len(key) else max((end for end in ends if at < end <= low), default=low)
        end = whole if whole - at >= _PIECE else low
        if end - at >= _PIECE and (whole, end) > best[:2]:
            found = window.key.find(key[at:end])
            best = (whole, end, place_of(window, found, found + end - at))
    return best[1], best[2]
