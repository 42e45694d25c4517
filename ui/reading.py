"""From an act to the reader: which document, opened at which place of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from qa import BadRequest, Citation, Document, Library, NoSuchConversation, Passage, YoujuError
from ui import render
from ui.desk import Desk
from ui.drafts import Drafts
from ui.shelf import Shelf

Kind = TypeVar("Kind")


class Reading:
    """The readers of a library's documents."""

    def __init__(self, library: Library, shelf: Shelf, drafts: Drafts):
        self._library, self._shelf, self._drafts = library, shelf, drafts

    def opened(self, at: Desk, said: dict) -> str:
        """The reader that an act asks for: a document's beginning or a window of it, a citation of an answer or of a finding, a
        near passage. Raises YoujuError when it is not there."""
        if "document" in said:
            return self._window(at, said)
        if "near" in said:
            hit = _nth(self._turn(at, said).answer.hits, number(said, "near"))
            return self._at(at, hit.document.key, hit.passage, (hit.passage.start, hit.passage.end))
        citation = self._citation(at, said)
        span = tuple(citation.passage.start + place for place in citation.passage_span)
        return self._at(at, citation.document.key, citation.passage, span, self._pictures(citation))

    def _citation(self, at: Desk, said: dict) -> Citation:
        if "draft" in said:
            finding = _nth(self._drafts.get(str(said["draft"]), at.owner).findings, number(said, "finding"))
            return _nth(finding.citations, number(said, "piece"))
        wanted = number(said, "number")
        return _nth([citation for citation in self._turn(at, said).answer.citations if citation.number == wanted], 0)

    def _turn(self, at: Desk, said: dict):
        turns = self._library.conversations.turns(at.conversation, at.owner) if at.conversation else []
        wanted = number(said, "turn")
        found = next((turn for turn in turns if turn.number == wanted), None)
        if found is None:
            raise NoSuchConversation("没有这个对话。")
        return found

    def _window(self, at: Desk, said: dict) -> str:
        place = render.Place((number(said, "start"), number(said, "end")), (number(said, "from"), number(said, "to")))
        key = self._shelf.key(str(said["document"]))
        return self._reader(at, key, self._library.document(key), place, (number(said, "first"), number(said, "last") or render.WINDOW))

    def _at(self, at: Desk, key: str, passage: Passage, span: tuple[int, int], pictures: Sequence[render.PagePicture] = ()) -> str:
        """At a passage, if the document still has it."""
        document = self._library.document(key)
        same = document.text[passage.start : passage.end] == passage.text
        place = render.Place(span, (passage.start, passage.end)) if same else render.Place(notice=at.words["changed_since"])
        return self._reader(at, key, document, place, (span[0] - render.WINDOW, span[1] + render.WINDOW), pictures)

    def _reader(self, at: Desk, key: str, document: Document, place: render.Place, span: tuple[int, int], pictures: Sequence[render.PagePicture] = ()) -> str:
        return render.reader(document, self._shelf.description(key), place, span, pictures, at.words)

    def _pictures(self, citation: Citation) -> tuple[render.PagePicture, ...]:
        if citation.document.media_type != "application/pdf":
            return ()
        try:
            return tuple(
                render.PagePicture(page, tuple(self._library.quote_boxes(citation.document.key, page, citation.quote))) for page in citation.pages[:3]
            )
        except YoujuError:  # the original is gone: the text is still there
            return ()


def number(said: dict, name: str) -> int:
    """A number of an act, 0 when it is none."""
    try:
        return max(int(said.get(name, 0)), 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def _nth(items: Sequence[Kind], place: int) -> Kind:
    """Raises BadRequest when there are not so many."""
    if place >= len(items):
        raise BadRequest("没有这一处。")
    return items[place]
