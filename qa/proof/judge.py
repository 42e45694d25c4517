"""A quotation and the library to a finding: exact, variant, altered, shortened, joined, misattributed or not found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from qa.cite import Citation, cite
from qa.proof.align import Change, changes, kinds, nearest
from qa.proof.assembly import between_ellipses, in_order, near_in_order, omissions, put_together
from qa.proof.attribution import CLAUSE_END, Quotation
from qa.proof.finding import Finding
from qa.proof.keys import Key, key_of
from qa.proof.lookup import Place, Shelf
from qa.proof.sources import Sources, article_at, chinese_date
from qa.types import Passage, Span

_ALIKE = 0.62  # of a quotation's characters must be the original's own, in order, for it to be an alteration of it
_ALIKE_NAMED = 0.5  # the same where the draft names the document
_FEW = 5  # edits: so few are an alteration, whatever else the words could be put together from
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
        pieces = between_ellipses(quote)
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
        others = [f"《{self._sources.names[place.document]}》{_bracketed(chinese_date(self._sources.dates[place.document]))}" for place in newest if place.document != best.place.document]
        return _Match(best.place, best.original, best.complaints, tuple(dict.fromkeys(others)))

    def _match(self, quotation: Quotation, key: Key, place: Place) -> _Match:
        place = self._grown(key, place)
        id = self._shelf.at(place.document, place.start)
        passage = self._shelf.passage(id)[1] if id else None
        return _Match(place, self._text(place), self._sources.complaints(quotation, place, self._shelf.document(place.document), passage))

    def _text(self, place: Place) -> str:
        return self._shelf.document(place.document).text[place.start : place.end]

    def _grown(self, key: Key, place: Place) -> Place:
        """The place with the punctuation at its ends, as far as the quotation has some there."""
        text = self._shelf.document(place.document).text
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
            notes.append(f"只有{'、'.join(kinds(diff))}与原文不同。")
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
        """The pieces between the ellipses, in order from one place, or from several, or in order with altered words."""
        keys = [key_of(piece).key for piece in pieces]
        anchor = max(range(len(keys)), key=lambda at: len(keys[at]))
        near = list(dict.fromkeys([*self._shelf.proposed(pieces[anchor], tied)[:20], *ids]))
        places = self._named_first(self._shelf.exact(keys[anchor], near, tied), tied)[:_COMPARED_PLACES]
        exact = [(0, spans, place) for place in places if (spans := in_order(self._shelf, place, keys, anchor))]
        if exact:
            return self._with_omissions(quotation, key, pieces, exact)
        if apart := self._apart(pieces, keys, tied):
            return self._finding(quotation, key.text, "joined", apart, ["省略号前后的文字出自不同的地方。"])
        places = self._shelf.near(keys[anchor], near, tied[:3])[:_COMPARED_PLACES] if len(keys) > 1 else []
        altered = [(*found, place) for place in places if (found := near_in_order(self._shelf, place, keys, anchor))]
        altered = [found for found in altered if found[0] <= (1 - _ALIKE) * len(key.key)]
        return self._with_omissions(quotation, key, pieces, altered) if altered else None

    def _named_first(self, places: Sequence[Place], tied: Sequence[int]) -> list[Place]:
        return sorted(places, key=lambda place: place.document not in tied)

    def _apart(self, pieces: Sequence[str], keys: Sequence[str], tied: Sequence[int]) -> list[Place]:
        """A place for each piece, wherever it is; none when one of them stands nowhere or is too short to be looked for."""
        if len(keys) < 2 or any(len(key) < _TERMS_AT_LEAST for key in keys):
            return []
        found = [self._named_first(self._shelf.exact(key, self._shelf.proposed(piece, tied), tied), tied) for key, piece in zip(keys, pieces)]
        return [self._grown(key_of(piece), places[0]) for piece, places in zip(pieces, found)] if all(found) else []

    def _with_omissions(self, quotation: Quotation, key: Key, pieces: Sequence[str], found: Sequence[tuple[int, list[Span], Place]]) -> Finding:
        """The finding on pieces that stand in order: of (edits, spans, place of the longest piece) the best."""
        matches = [(edits, spans, self._match(quotation, key, Place(place.document, spans[0][0], spans[-1][1]))) for edits, spans, place in found]
        edits, spans, best = min(matches, key=lambda match: (match[0], len(match[2].complaints)))
        diff = omissions(pieces, key.text, best.original, [(start - best.place.start, end - best.place.start) for start, end in spans])
        left_out = "".join(change.original for change in diff if change.kind == "omitted")
        notes = [*best.complaints, f"与原文有 {edits} 个字不同。" if edits else "", f"省略了 {len(left_out)} 个字。" if left_out else ""]
        if turn := _TURNS.search(left_out):
            notes.append(f"省略的部分里有“{turn[0]}”，请核对是否改变原意。")
        return self._finding(quotation, key.text, "altered" if edits else "misattributed" if best.complaints else "shortened", [best.place], notes, diff)

    # -- a quotation without marks, whose end is not known

    def _beginning(self, quotation: Quotation, key: Key, ids: Sequence[int], tied: Sequence[int]) -> Finding | None:
        """The clauses of an unmarked quotation up to which the words are right, where what follows is the draft's own."""
        cuts = [found.start() for found in CLAUSE_END.finditer(key.text) if found.start() < key.offsets[-1]]
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
        text = self._shelf.document(place.document).text
        return key_of(text[place.end : place.end + 2 * length + 20]).key[: length + 10]

    # -- the words are not there

    def _changed(self, quotation: Quotation, key: Key, ids: Sequence[int], tied: Sequence[int]) -> Finding:
        near = self._shelf.near(key.key, ids, tied[:3])
        best = min(near, key=lambda place: (place.distance, place.document not in tied, _inverted(self._sources.dates[place.document])), default=None)
        if best and (best.distance > _FEW or "\n" in self._text(best)) and (pieces := put_together(self._shelf, key, ids, tied[:3])):
            return self._joined(quotation, key, pieces)
        alike = 1 - best.distance / len(key.key) if best else 0.0
        if best is None or alike < (_ALIKE_NAMED if best.document in tied else _ALIKE):
            return self._not_found(quotation, key.text, tied)
        match = self._match(quotation, key, self._shelf.completed(key.key, best))
        notes = [*match.complaints, f"与原文有 {match.place.distance} 个字不同。"]
        return self._finding(quotation, key.text, "altered", [match.place], notes, changes(key, key_of(match.original)))

    def _joined(self, quotation: Quotation, key: Key, pieces: Sequence[tuple[str, Place]]) -> Finding:
        places = [self._grown(key_of(piece), place) for piece, place in pieces]
        same = len({place.document for place in places}) == 1
        note = f"由原文 {len(places)} 处的文字拼成，没有用省略号" + ("。" if same else "，而且不在同一份文件里。")
        return self._finding(quotation, key.text, "joined", places, [note])

    def _not_found(self, quotation: Quotation, quote: str, tied: Sequence[int]) -> Finding:
        notes = ["资料库里没有与它相近的话。", *(["没有引号，也可能是转述。"] if quotation.kind == "bare" else [])]
        claims = [claim for claim in quotation.claims if claim.tied]
        if claims and not tied:
            notes.append(f"资料库里没有{'、'.join(f'《{claim.title}》' for claim in claims)}。")
        named = self._article(quotation)
        if named is None:
            return Finding(quote, quotation.start, quotation.end, "not_found", "", None, "", "".join(notes))
        citation = self._citation(1, named)
        notes.append(f"《{self._sources.names[named.document]}》{article_at(self._shelf.document(named.document), named.start)[1]}的原文是另外的话。")
        return Finding(quote, quotation.start, quotation.end, "not_found", "", citation.document, self._location([named], [citation]), "".join(notes), (), (citation,))

    def _article(self, quotation: Quotation) -> Place | None:
        """The article that the draft names, in the newest version of its document."""
        for claim in quotation.claims:
            for id in self._sources.named(claim.title)[:1] if claim.tied and claim.articles else ():
                document = self._shelf.document(id)
                for passage in self._shelf.store.passages(id):
                    if article_at(document, passage.end - 1)[0] == claim.articles[0]:
                        return Place(id, passage.start, passage.end)
        return None

    # -- put together

    def _finding(self, quotation: Quotation, quote: str, verdict: str, places: Sequence[Place], notes: Sequence[str], diff: Sequence[Change] = ()) -> Finding:
        citations = tuple(self._citation(number, place) for number, place in enumerate(places, 1))
        original = "\n".join(citation.quote for citation in citations)
        return Finding(quote, quotation.start, quotation.end, verdict, original, citations[0].document, self._location(places, citations), "".join(notes), tuple(diff), citations)

    def _citation(self, number: int, place: Place) -> Citation:
        document = self._shelf.document(place.document)
        last = self._shelf.at(place.document, place.end - 1)
        within = range(self._shelf.at(place.document, place.start) or last, last + 1) if last else ()
        touched = [passage for id in within if (passage := self._shelf.passage(id)[1]).end > place.start]
        start, end = min([place.start, *(passage.start for passage in touched)]), max([place.end, *(passage.end for passage in touched)])
        first = touched[0] if touched else Passage("", start, end)
        return cite(number, document, self._sources.description(place.document), Passage(document.text[start:end], start, end, first.headings, first.context), (place.start, place.end))

    def _location(self, places: Sequence[Place], citations: Sequence[Citation]) -> str:
        """The articles and lines of the places, of which these are the citations."""
        found = []
        for place, citation in zip(places, citations):
            article = article_at(self._shelf.document(place.document), place.start)[1]
            other = "" if place.document == places[0].document else f"《{self._sources.names[place.document]}》"
            found.append(f"{other}{article} {citation.location}".strip())
        return "；".join(dict.fromkeys(found))


_TERMS_AT_LEAST = 4  # key characters of a piece beside an ellipsis that can be looked for alone


def _bracketed(date: str) -> str:
    return f"（{date}）" if date else ""


def _inverted(date: str) -> tuple[int, ...]:
    """Newer dates first."""
    return tuple(-ord(character) for character in date) or (0,)
