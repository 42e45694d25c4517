"""A quotation and the library to a finding: exact, variant, altered, shortened, joined, misattributed or not found."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.cite import Citation, cite
from qa.fold import to_simplified
from qa.proof.align import Change, changes, nearest
from qa.proof.attribution import Quotation
from qa.proof.finding import Finding
from qa.proof.keys import Key, key_of
from qa.proof.lookup import Place, Shelf, Window, place_of
from qa.proof.sources import Sources, article_at, chinese_date
from qa.types import Passage

_ELLIPSIS = re.compile(r"\s*[（(\[【〔]?(?:…+|⋯+|\.{3,}|。{3,}|·{3,}|(?<=[（(\[【])(?:略|省略|下略|中略))[）)\]】〕]?\s*")
_ALIKE = 0.62  # of a quotation's characters must be the original's own, in order, for it to be an alteration of it
_ALIKE_NAMED = 0.5  # the same where the draft names the document
_FEW = 5  # edits: so few are an alteration, whatever else the words could be put together from
_PIECE = 8  # key characters: shorter pieces of a joined quotation are chance
_GAP = 1000  # characters: what is left out behind an ellipsis is no longer one place
_MOST_PIECES = 30  # between ellipses
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_CLAUSE_END = re.compile(r"[，。；：！？,;:!?]")
_TURNS = re.compile(r"但(?:是|书)?|然而|除外|不得|不适用|另有规定")
_COMPARED_PLACES = 12  # places with the same words whose attribution is compared
_OTHERS = 3  # further places that are named


@dataclass(frozen=True, slots=True)
class _Match:
    """Where a quotation, or a piece of it, stands in the library, with what the draft says wrongly of that place."""

    place: Place
    original: str
    complaints: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Judge:
    """Judges the quotations of one draft by one library."""

    def __init__(self, shelf: Shelf, sources: Sources):
        self._shelf, self._sources = shelf, sources

    def finding(self, text: str, quotation: Quotation) -> Finding:
        """The finding on a quotation of a draft's text."""
        quote = text[quotation.start : quotation.end]
        key = key_of(quote)
        tied = [id for claim in quotation.claims for id in self._sources.named(claim.title)][:8]
        ids = self._shelf.proposed(quote, tied)
        places = self._shelf.exact(key.key, ids, tied)
        best = self._best(quotation, key, places) if places else None
        pieces = [part for part in _ELLIPSIS.split(quote)[:_MOST_PIECES] if part and key_of(part).key] if _ELLIPSIS.search(quote) else []
        if pieces and not (best and best.original == quote) and (found := self._shortened(quotation, key, pieces, ids, tied)):
            return found
        if best:
            return self._as_it_is(quotation, key, best)
        if quotation.kind == "bare" and (found := self._beginning(quotation, key, ids, tied)):
            return found
        return self._changed(quotation, key, ids, tied)

    # -- the words are there

    def _best(self, quotation: Quotation, key: Key, places: Sequence[Place]) -> _Match:
        """Of places with the same words the one that fits the draft best, else the newest."""
        tied = {id for claim in quotation.claims for id in self._sources.named(claim.title)}
        newest = sorted(places, key=lambda place: (self._sources.dates[place.document], -place.start), reverse=True)
        likely = sorted(newest, key=lambda place: place.document not in tied)[:_COMPARED_PLACES]
        matches = [self._match(quotation, key, place) for place in likely]
        best = min(matches, key=lambda match: (len(match.complaints), match.original != key.text))
        others = [f"《{self._sources.names[place.document]}》{_bracketed(self._sources.dates[place.document])}" for place in newest if place.document != best.place.document]
        return _Match(best.place, best.original, best.complaints, tuple(dict.fromkeys(others)))

    def _match(self, quotation: Quotation, key: Key, place: Place) -> _Match:
        place = self._grown(key, place)
        return _Match(place, self._text(place), self._sources.complaints(quotation, place))

    def _text(self, place: Place) -> str:
        return self._shelf.store.document(place.document).text[place.start : place.end]

    def _grown(self, key: Key, place: Place) -> Place:
        """The place with the punctuation at its ends, as far as the quotation has some there."""
        text = self._shelf.store.document(place.document).text
        head, tail = key.text[: key.offsets[0]], key.text[key.offsets[-1] + 1 :]
        start, end = place.start, place.end
        if head and text[max(start - len(head), 0) : start] == head:
            start -= len(head)
        if tail and text[end : end + len(tail)] == tail:
            end += len(tail)
        elif tail and end < len(text) and unicodedata.category(text[end])[0] == "P":
            end += 1
        return Place(place.document, start, end, place.distance)

    def _as_it_is(self, quotation: Quotation, key: Key, match: _Match) -> Finding:
        verdict = "exact" if match.original == key.text else "variant"
        notes = [*match.complaints]
        diff = () if verdict == "exact" else changes(key, key_of(match.original))
        if verdict == "variant":
            notes.append(_kind_of_variant(diff))
        if not match.complaints:
            notes.append(self._newer(quotation, match))
        if match.others:
            notes.append(f"同样的文字还见于{'、'.join(match.others[:_OTHERS])}{f'等 {len(match.others)} 份文件' if len(match.others) > _OTHERS else ''}。")
        return self._finding(quotation, key.text, "misattributed" if match.complaints else verdict, [match.place], notes, diff)

    def _newer(self, quotation: Quotation, match: _Match) -> str:
        """That the document which the draft names has a newer version without these words."""
        for claim in quotation.claims:
            versions = self._sources.named(claim.title)
            title = self._sources.names[match.place.document]
            newer = [id for id in versions if self._sources.names[id] == title and self._sources.dates[id] > self._sources.dates[match.place.document]]
            if match.place.document in versions and newer and self._sources.dates[match.place.document] and not claim.dates:
                found = self._shelf.exact(key_of(match.original).key, [], newer[:1])
                if not found:
                    return f"这是{chinese_date(self._sources.dates[match.place.document])}版的文字，较新的{chinese_date(self._sources.dates[newer[0]])}版里没有这句原话。"
        return ""

    # -- something is left out

    def _shortened(self, quotation: Quotation, key: Key, pieces: Sequence[str], ids: Sequence[int], tied: Sequence[int]) -> Finding | None:
        """The pieces between the ellipses, in order from one place, or from several."""
        keys = [key_of(piece).key for piece in pieces]
        anchor = max(range(len(keys)), key=lambda at: len(keys[at]))
        near = list(dict.fromkeys([*self._shelf.proposed(pieces[anchor], tied)[:20], *ids]))
        matches = []
        for place in self._shelf.exact(keys[anchor], near, tied)[:_COMPARED_PLACES]:
            if spans := self._in_order(place, keys, anchor):
                whole = Place(place.document, spans[0][0], spans[-1][1])
                matches.append(self._match(quotation, key, whole))
        if matches:
            best = min(matches, key=lambda match: len(match.complaints))
            original = key_of(best.original)
            omitted = _omissions(pieces, key, original)
            left_out = "".join(change.original for change in omitted if change.kind == "omitted")
            notes = [*best.complaints, f"省略了 {len(left_out)} 个字。" if left_out else "", f"省略的部分里有“{turn[0]}”，请核对是否改变原意。" if (turn := _TURNS.search(left_out)) else ""]
            return self._finding(quotation, key.text, "misattributed" if best.complaints else "shortened", [best.place], notes, omitted)
        found = [self._shelf.exact(one, self._shelf.proposed(piece, tied), tied) for one, piece in zip(keys, pieces)]
        if all(found) and len(found) > 1 and all(len(one) >= _TERMS_AT_LEAST for one in keys):
            places = [self._grown(key_of(piece), places[0]) for piece, places in zip(pieces, found)]
            return self._finding(quotation, key.text, "joined", places, ["省略号前后的文字出自不同的地方。"])
        return None

    def _in_order(self, place: Place, keys: Sequence[str], anchor: int) -> list[tuple[int, int]] | None:
        """The spans of all pieces around that of the anchor, each behind the one before it and not far from it."""
        document = self._shelf.store.document(place.document)
        low = max(place.start - _GAP * (anchor + 1), 0)
        around = key_of(document.text[low : place.end + _GAP * (len(keys) - anchor)])
        at = next((i for i, offset in enumerate(around.offsets) if low + offset >= place.start), 0)
        spans: list[tuple[int, int]] = [(at, at + len(keys[anchor]))]
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

    # -- a quotation without marks, whose end is not known

    def _beginning(self, quotation: Quotation, key: Key, ids: Sequence[int], tied: Sequence[int]) -> Finding | None:
        """The clauses of an unmarked quotation up to which the words are right, where what follows is the draft's own."""
        cuts = [found.start() for found in _CLAUSE_END.finditer(key.text) if found.start() < key.offsets[-1]]
        for cut in reversed(cuts):
            part = key_of(key.text[:cut])
            rest = len(key.key) - len(part.key)
            if len(part.key) < 12 or not (places := self._shelf.exact(part.key, ids, tied)):
                continue
            best = self._best(quotation, part, places)
            window = self._following(best.place, rest)
            if nearest(key.key[len(part.key) :], window)[0] < 0.6 * rest:
                return None
            shorter = Quotation(quotation.start, quotation.start + cut, quotation.kind, quotation.claims, quotation.speaker, quotation.dates)
            return self._as_it_is(shorter, part, best)
        return None

    def _following(self, place: Place, length: int) -> str:
        text = self._shelf.store.document(place.document).text
        return key_of(text[place.end : place.end + 2 * length + 20]).key[: length + 10]

    # -- the words are not there

    def _changed(self, quotation: Quotation, key: Key, ids: Sequence[int], tied: Sequence[int]) -> Finding:
        near = self._shelf.near(key.key, ids, tied[:3])
        best = min(near, key=lambda place: (place.distance, place.document not in tied, _inverted(self._sources.dates[place.document])), default=None)
        if best and best.distance > _FEW and (pieces := self._pieces(key, ids)):
            return self._joined(quotation, key, pieces)
        alike = 1 - best.distance / len(key.key) if best else 0.0
        if best is None or alike < (_ALIKE_NAMED if best.document in tied else _ALIKE):
            return self._not_found(quotation, key.text, tied)
        match = self._match(quotation, key, best)
        notes = [*match.complaints, f"与原文有 {best.distance} 个字不同。"]
        return self._finding(quotation, key.text, "altered", [match.place], notes, changes(key, key_of(match.original)))

    def _pieces(self, key: Key, ids: Sequence[int]) -> list[tuple[int, Place]] | None:
        """Pieces that stand word for word in several places and together are the quotation: where each ends in the key, and
        its place. None when there are no such pieces, or when the places are one but for a stretch within a sentence."""
        windows = [self._shelf.around(id, 0) for id in ids[: 3 * _COMPARED_PLACES]]
        ends = [sum(offset < found.start() for offset in key.offsets) for found in _CLAUSE_END.finditer(key.text)]
        pieces: list[tuple[int, Place]] = []
        at = 0
        while at < len(key.key):
            end, place = _longest(key.key, at, ends, windows)
            if place is None or end - at < _PIECE:
                return None
            pieces.append((end, place))
            at = end
        return pieces if len(pieces) > 1 and not self._is_one_sentence(pieces) else None

    def _is_one_sentence(self, pieces: Sequence[tuple[int, Place]]) -> bool:
        """Whether the pieces follow one another in one sentence: then something was dropped, nothing was joined."""
        for (_, one), (_, other) in itertools.pairwise(pieces):
            if one.document != other.document or other.start < one.end or other.start - one.end > _GAP:
                return False
            if _SENTENCE_END.search(self._shelf.store.document(one.document).text, one.end, other.start):
                return False
        return True

    def _joined(self, quotation: Quotation, key: Key, pieces: Sequence[tuple[int, Place]]) -> Finding:
        starts = [0, *(end for end, _ in pieces)]
        parts = [key.text[key.offsets[start] : key.offsets[end] if end < len(key.key) else len(key.text)] for start, end in itertools.pairwise(starts)]
        places = [self._grown(key_of(part), place) for part, (_, place) in zip(parts, pieces)]
        same = len({place.document for place in places}) == 1
        note = f"由原文 {len(places)} 处的文字拼成，没有用省略号" + ("。" if same else "，而且不在同一份文件里。")
        return self._finding(quotation, key.text, "joined", places, [note])

    def _not_found(self, quotation: Quotation, quote: str, tied: Sequence[int]) -> Finding:
        notes = ["没有引号，也可能是转述。"] if quotation.kind == "bare" else []
        claims = [claim for claim in quotation.claims if claim.tied]
        if claims and not tied:
            notes.append(f"资料库里没有{'、'.join(f'《{claim.title}》' for claim in claims)}。")
        named = self._article(quotation)
        if named is None:
            return Finding(quote, quotation.start, quotation.end, "not_found", "", None, "", "".join(notes))
        citation = self._citation(1, named)
        notes.append(f"《{self._sources.names[named.document]}》{article_at(self._shelf.store.document(named.document), named.start)[1]}的原文是另外的话。")
        return Finding(quote, quotation.start, quotation.end, "not_found", "", citation.document, self._location([named]), "".join(notes), (), (citation,))

    def _article(self, quotation: Quotation) -> Place | None:
        """The article that the draft names, in the newest version of its document."""
        for claim in quotation.claims:
            for id in self._sources.named(claim.title)[:1] if claim.tied and claim.articles else ():
                document = self._shelf.store.document(id)
                for passage in self._shelf.store.passages(id):
                    if article_at(document, passage.end - 1)[0] == claim.articles[0]:
                        return Place(id, passage.start, passage.end)
        return None

    # -- put together

    def _finding(self, quotation: Quotation, quote: str, verdict: str, places: Sequence[Place], notes: Sequence[str], diff: Sequence[Change] = ()) -> Finding:
        citations = tuple(self._citation(number, place) for number, place in enumerate(places, 1))
        original = "\n".join(citation.quote for citation in citations)
        return Finding(quote, quotation.start, quotation.end, verdict, original, citations[0].document, self._location(places), "".join(notes), tuple(diff), citations)

    def _citation(self, number: int, place: Place) -> Citation:
        document = self._shelf.store.document(place.document)
        touched = [passage for passage in self._shelf.store.passages(place.document) if passage.start < place.end and place.start < passage.end]
        start, end = min([place.start, *(passage.start for passage in touched)]), max([place.end, *(passage.end for passage in touched)])
        first = touched[0] if touched else Passage("", start, end)
        return cite(number, document, self._sources.description(place.document), Passage(document.text[start:end], start, end, first.headings, first.context), (place.start, place.end))

    def _location(self, places: Sequence[Place]) -> str:
        found = []
        for place in places:
            document = self._shelf.store.document(place.document)
            article = article_at(document, place.start)[1]
            other = "" if place.document == places[0].document else f"《{self._sources.names[place.document]}》"
            found.append(f"{other}{article} {self._citation(1, place).location}".strip())
        return "；".join(dict.fromkeys(found))


_TERMS_AT_LEAST = 4  # key characters of a piece beside an ellipsis that can be looked for alone


def _bracketed(date: str) -> str:
    return f"（{date}）" if date else ""


def _inverted(date: str) -> tuple[int, ...]:
    """Newer dates first."""
    return tuple(-ord(character) for character in date) or (0,)


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


def _omissions(pieces: Sequence[str], quote: Key, original: Key) -> tuple[Change, ...]:
    """The diff of a shortened quotation: its pieces, and between them what the ellipses stand for."""
    found: list[Change] = []
    at = there = key_at = 0
    for piece in pieces:
        start = quote.text.index(piece, at)
        own = key_of(piece)
        place = original.key.find(own.key, key_at)
        low, high = original.span(place, place + len(own.key))
        if start > at or low > there:
            found.append(Change("omitted", quote.text[at:start], original.text[there:low]))
        tail = len(original.text) if high < len(original.text) and place + len(own.key) == len(original.key) else high
        found += changes(own, key_of(original.text[low:tail]))
        at, there, key_at = start + len(piece), tail, place + len(own.key)
    if at < len(quote.text):
        found.append(Change("omitted", quote.text[at:], original.text[there:]))
    return tuple(found)


def _kind_of_variant(diff: Sequence[Change]) -> str:
    kinds = dict.fromkeys(_kinds(diff))
    return f"只有{'、'.join(kinds)}与原文不同。"


def _kinds(diff: Sequence[Change]) -> Iterator[str]:
    for change in diff:
        if change.kind == "same":
            continue
        mine, its = unicodedata.normalize("NFKC", change.quote), unicodedata.normalize("NFKC", change.original)
        if mine.lower() == its.lower():
            yield "全角半角或大小写"
        elif mine and its and len(mine) == len(its) and to_simplified(mine) == to_simplified(its):
            yield "繁简或异体"
        elif {"‘", "’"} & set(change.quote) and {"“", "”"} & set(change.original):
            yield "内层引号"
        else:
            yield "标点或空格"
