"""Where in the library the words of a quotation stand, or words near to them.

Candidates come from the postings: the passages that hold the rarest bigrams of the quotation, stretch by stretch, so that a
quotation of two places finds both. Then keys are compared, exactly first, by edit distance for the best candidates only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import Levenshtein

from qa.fold import fold
from qa.proof.align import nearest
from qa.proof.attribution import ARTICLE
from qa.proof.keys import Key, key_of
from qa.store import Store
from qa.types import Document, Passage, Span

_COMMON = 4000  # passages: a bigram in so many is not asked for; 200 quotations over 158,000 passages take 1.3 s so, 2 s at 12,000
_STRETCH = 12  # characters of a quotation that propose passages together
_RAREST = 5  # bigrams of a stretch that are asked for
_PROPOSED = 24  # passages proposed by a stretch
_SOUGHT = 60  # passages in which the words are looked for as they are
_COMPARED = 10  # passages compared by edit distance
_EDGE = 5  # characters at the ends of an altered quotation
_BEGINNING = re.compile(rf"(?:[。！？!?；;：:\n]|\A)[ \t\u3000]*(?:{ARTICLE.pattern}[ \t\u3000]*|[（(][一二三四五六七八九十]{{1,3}}[）)])?(?=[^。！？!?；;：:\n]*\Z)")
_END = re.compile(r"[^。！？!?；;：:\n]*")
_LONGEST_HEAD = 80  # characters of a sentence before or behind a place
_KEPT = 64  # documents
_LARGEST = 200  # passages: a document named by the draft is searched whole when it has no more
_HAN_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,}|\d+(?:[.%]\d+)*|[^\W\d_\u3400-\u9fff\U00020000-\U0003ffff]+")


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring passages of a document under one key: key character `i` is at `offsets[i]` of the document."""

    document: int
    key: str
    offsets: np.ndarray


@dataclass(frozen=True, slots=True)
class Place:
    """`document.text[start:end]`, from the first to the last character of the key, and how many edits away it is."""

    document: int
    start: int
    end: int
    distance: int = 0


@dataclass(slots=True)
class Shelf:
    """The library as one proof looks at it; keys and postings are kept for its length."""

    store: Store
    ranges: dict[int, Span] = field(init=False)
    total: int = field(init=False)
    _holders: dict[str, np.ndarray] = field(default_factory=dict)
    _passages: dict[int, tuple[int, Passage, Key]] = field(default_factory=dict)
    _documents: dict[int, Document] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ranges = self.store.ranges()
        self.total = sum(last - first + 1 for first, last in self.ranges.values())

    def document(self, id: int) -> Document:
        """A document; the last ones are kept."""
        if id not in self._documents:
            if len(self._documents) == _KEPT:
                del self._documents[next(iter(self._documents))]
            self._documents[id] = self.store.document(id)
        return self._documents[id]

    # -- candidates

    def proposed(self, quote: str, documents: Iterable[int] = ()) -> list[int]:
        """The passages that may hold the words, likeliest first; those of the named documents are never crowded out."""
        ranges = [self.ranges[document] for document in documents if document in self.ranges]
        votes: dict[int, float] = {}
        for grams in _stretches(quote):
            for id, weight in self._votes(grams, ranges):
                votes[id] = votes.get(id, 0.0) + weight
        return sorted(votes, key=lambda id: (-votes[id], id))

    def _votes(self, grams: Sequence[str], ranges: Sequence[Span]) -> Iterator[tuple[int, float]]:
        found = sorted((ids for ids in map(self._held, grams) if 0 < len(ids) < _COMMON), key=len)[:_RAREST]
        if not found:
            phrase = " ".join(grams[:10])
            yield from ((id, 1.0) for id in self.store.holders(phrase, 2 * _PROPOSED).tolist()) if phrase else ()
            return
        weights = np.concatenate([np.full(len(ids), np.log((self.total + 1) / len(ids))) for ids in found])
        ids, places = np.unique(np.concatenate(found), return_inverse=True)
        scores = np.bincount(places, weights)
        chosen = set(np.argsort(-scores, kind="stable")[:_PROPOSED].tolist())
        for first, last in ranges:
            low, high = np.searchsorted(ids, (first, last + 1))
            chosen |= set((low + np.argsort(-scores[low:high], kind="stable")[:5]).tolist())
        yield from ((int(ids[place]), float(scores[place])) for place in sorted(chosen))

    def _held(self, gram: str) -> np.ndarray:
        if gram not in self._holders:
            self._holders[gram] = self.store.holders(gram, _COMMON)
        return self._holders[gram]

    # -- windows

    def passage(self, id: int) -> tuple[int, Passage, Key]:
        """(document, passage, key) of a passage."""
        if id not in self._passages:
            self._keep(self.store.among([id]))
        return self._passages[id]

    def at(self, document: int, offset: int) -> int:
        """The last passage of a document that begins at or before an offset; 0 when there is none."""
        first, last = self.ranges.get(document, (1, 0))
        if last < first or self.passage(first)[1].start > offset:
            return 0
        while first < last:
            middle = (first + last + 1) // 2
            first, last = (middle, last) if self.passage(middle)[1].start <= offset else (first, middle - 1)
        return first

    def _keep(self, read: Iterable[tuple[int, int, Passage]]) -> None:
        for id, document, passage in read:
            if id not in self._passages:
                self._passages[id] = (document, passage, key_of(passage.text))

    def around(self, id: int, reach: int) -> Window:
        """The passage with its neighbours, `reach` key characters on either side."""
        document = self.passage(id)[0]
        first, last = self.ranges[document]
        low = high = id
        room = reach
        while low > first and room > 0:
            low -= 1
            room -= len(self.passage(low)[2].key)
        room = reach
        while high < last and room > 0:
            high += 1
            room -= len(self.passage(high)[2].key)
        return self.window(document, low, high)

    def whole(self, document: int) -> Window | None:
        """A whole document, when it is not too large to be compared."""
        first, last = self.ranges.get(document, (1, 0))
        if not 0 <= last - first < _LARGEST:
            return None
        self._keep(self.store.stretch(first, last))
        return self.window(document, first, last)

    def window(self, document: int, low: int, high: int) -> Window:
        """The passages from `low` to `high`."""
        parts = [self.passage(id) for id in range(low, high + 1)]
        offsets = [np.array(key.offsets, np.int64) + passage.start for _, passage, key in parts]
        return Window(document, "".join(key.key for _, _, key in parts), np.concatenate(offsets))

    # -- matches

    def exact(self, key: str, ids: Sequence[int], documents: Iterable[int]) -> list[Place]:
        """The places that hold a key whole: within one passage, else across neighbours, and in the named documents."""
        found = {}
        self._keep(self.store.among([id for id in ids[:_SOUGHT] if id not in self._passages]))
        for id in ids[:_SOUGHT]:
            document, passage, own = self.passage(id)
            if (at := own.key.find(key)) >= 0:
                start, end = own.span(at, at + len(key))
                found[document, passage.start + start] = Place(document, passage.start + start, passage.start + end)
        if not found:
            windows = [self.around(id, len(key)) for id in ids[:_COMPARED]]
            found = {(place.document, place.start): place for window in windows if (place := _within(window, key))}
        for document in documents:
            if not any(document == other for other, _ in found) and (window := self.whole(document)) and (place := _within(window, key)):
                found[document, place.start] = place
        return list(found.values())

    def near(self, key: str, ids: Sequence[int], documents: Iterable[int]) -> list[Place]:
        """The nearest place in each candidate, nearest first."""
        windows = [self.around(id, len(key) + 8) for id in ids[:_COMPARED]]
        windows += [window for document in documents if (window := self.whole(document))]
        found = {}
        for window in windows:
            distance, span = nearest(key, window.key)
            start, end = _widened(key, window, distance, span)
            if start < end:
                place = Place(window.document, int(window.offsets[start]), int(window.offsets[end - 1]) + 1, distance)
                found[place.document, place.start, place.end] = place
        return sorted(found.values(), key=lambda place: place.distance)


    def completed(self, key: str, place: Place) -> Place:
        """The nearest place with the head or the tail of its sentence, where the quotation has the first or the last characters
        of them: “发、高级管理人员应当” is an abridged 发行人的董事、高级管理人员应当, not one with 发 added."""
        text = self.document(place.document).text
        before = text[max(place.start - _LONGEST_HEAD, 0) : place.start]
        if begins := _BEGINNING.search(before):
            head = key_of(before[begins.end() :])
            same = len(os.path.commonprefix([key, head.key]))
            place = self._wider(key, place, place.start - len(before) + begins.end(), place.end, same, len(head.key))
        tail = key_of(_END.match(text, place.end, place.end + _LONGEST_HEAD)[0])
        same = len(os.path.commonprefix([key[::-1], tail.key[::-1]]))
        return self._wider(key, place, place.start, place.end + tail.offsets[-1] + 1, same, len(tail.key)) if same else place

    def _wider(self, key: str, place: Place, start: int, end: int, same: int, added: int) -> Place:
        """The place from `start` to `end`, `added` key characters more, if `same` of them are the quotation's own, else as it is."""
        if not same or added - same > _EDGE:
            return place
        distance = Levenshtein.distance(key, key_of(self.document(place.document).text[start:end]).key)
        return Place(place.document, start, end, distance) if distance < place.distance + added else place


def _widened(key: str, window: Window, distance: int, span: Span) -> Span:
    """The stretch with the characters at its ends that are as near when they count as changed instead of added; not beyond
    what stands right beside it."""
    start, end = span
    for _ in range(_EDGE):
        if _beside(window, start - 1) and Levenshtein.distance(key, window.key[start - 1 : end]) <= distance:
            start -= 1
        if _beside(window, end - 1) and Levenshtein.distance(key, window.key[start : end + 1]) <= distance:
            end += 1
    return start, end


def _beside(window: Window, at: int) -> bool:
    """Whether key characters `at` and `at + 1` are neighbours in the document."""
    return 0 <= at < len(window.key) - 1 and window.offsets[at] + 1 == window.offsets[at + 1]


def _within(window: Window, key: str) -> Place | None:
    at = window.key.find(key)
    return place_of(window, at, at + len(key)) if at >= 0 else None


def place_of(window: Window, start: int, end: int) -> Place:
    """The place of a stretch of a window's key."""
    return Place(window.document, int(window.offsets[start]), int(window.offsets[end - 1]) + 1)


def _stretches(quote: str) -> Iterator[list[str]]:
    """The terms of a quotation as the postings hold them, by stretches of its length."""
    grams: list[str] = []
    for found in _HAN_RUN.finditer(fold(quote)):
        run = found[0]
        is_han = "\u3400" <= run[0] <= "\u9fff" or run[0] > "\U00020000"
        grams += [run[at : at + 2] for at in range(len(run) - 1)] if is_han else ["_" + run]
    step = max(_STRETCH, len(grams) // 12)  # a very long quotation is asked for at intervals
    for at in range(0, len(grams), step):
        yield list(dict.fromkeys(grams[at : at + _STRETCH]))
