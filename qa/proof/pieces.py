"""The text of a Word draft, and the way from a stretch of it back to the runs that show it.

Block quotes (quote styles, indented paragraphs) come as Markdown marks them, with >. A note that only names a source comes in
brackets behind the quotation that it belongs to, any other as a paragraph below the one that refers to it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.run import Run

from qa.proof.attribution import TITLE

_INDENTED = 360  # twentieths of a point: a paragraph that is indented as a whole by more is a block quote
_LEAST_INDENTED = 20  # characters: a shorter indented paragraph is a signature or a date
_LONGEST_SOURCE = 90  # characters: a longer note says more than where something stands
_GONE = ("}del", "}moveFrom", "}Fallback", "}rt")  # rt: the reading above a word
_QUOTED = re.compile(r"[”」』\"][。，,；;]?\Z")
_NOTES = {"footnotes": "footnote", "endnotes": "endnote"}


@dataclass(slots=True)
class _Piece:
    """`text[at : at + length]` is shown by a run; `whole`: it is a note, of which only the reference is in the run."""

    at: int
    run: BaseOxmlElement
    length: int
    whole: bool = False


class Pieces:
    """The text of a Word document, and which run each stretch of it comes from."""

    def __init__(self, document: Document) -> None:
        self._styles = {style.style_id: (style.name or "") for style in document.styles}
        self._notes = dict(_notes(document))
        self._pieces: list[_Piece] = []  # in order
        self._parts: list[str] = []
        self._at = 0
        for paragraph in _paragraphs(document):
            self._add_paragraph(paragraph)
        self.text = "".join(self._parts)

    def _add_paragraph(self, paragraph: BaseOxmlElement) -> None:
        runs = [(run, "".join(text for _, text in _contents(run))) for run in _runs(paragraph)]
        whole = "".join(text for _, text in runs)
        is_block = _is_block(paragraph, whole, self._styles)
        self._add("> " if is_block and not whole.startswith(">") else "")
        below = []
        for run, text in runs:
            self._add(text, run)
            for note in self._notes_of(run):
                if len(note) <= _LONGEST_SOURCE and TITLE.search(note) and "“" not in note and (is_block or _QUOTED.search("".join(self._parts[-2:]))):
                    self._add(f"（{note}）", run, whole=True)
                else:
                    below.append((run, note))
        self._add("\n")
        for run, note in below:
            self._add(note, run, whole=True)
            self._add("\n")

    def _add(self, text: str, run: BaseOxmlElement | None = None, whole: bool = False) -> None:
        if text and run is not None:
            self._pieces.append(_Piece(self._at, run, len(text), whole))
        if text:
            self._parts.append(text)
        self._at += len(text)

    def _notes_of(self, run: BaseOxmlElement) -> Iterator[str]:
        for kind in _NOTES.values():
            for reference in run.iter(qn(f"w:{kind}Reference")):
                if note := self._notes.get((kind, reference.get(qn("w:id"), "")), ""):
                    yield note

    def cut(self, start: int, end: int) -> list[Run]:
        """The runs that hold exactly this stretch of the text, or refer to it; runs are split where it begins and ends."""
        self._split(start)
        self._split(end)
        return [Run(piece.run, None) for piece in self._pieces if piece.at < end and start < piece.at + piece.length]

    def _split(self, offset: int) -> None:
        for place, piece in enumerate(self._pieces):
            if piece.at < offset < piece.at + piece.length and not piece.whole:
                rest = copy.deepcopy(piece.run)
                _keep(piece.run, 0, offset - piece.at)
                _keep(rest, offset - piece.at, piece.length)
                piece.run.addnext(rest)
                self._pieces[place : place + 1] = [_Piece(piece.at, piece.run, offset - piece.at), _Piece(offset, rest, piece.at + piece.length - offset)]
                return


def _is_block(paragraph: BaseOxmlElement, text: str, styles: dict[str, str]) -> bool:
    """Whether a paragraph is a block quote: by its style's name, or because all of it is indented."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is None or not text.strip():
        return False
    style = properties.find(qn("w:pStyle"))
    name = styles.get(style.get(qn("w:val")), "") if style is not None else ""
    if re.search("quot|引用|引文", name, re.IGNORECASE):
        return True
    indent = properties.find(qn("w:ind"))
    if indent is None or properties.find(qn("w:numPr")) is not None or len(text) < _LEAST_INDENTED:
        return False
    left = indent.get(qn("w:left")) or indent.get(qn("w:start")) or "0"
    return left.isdigit() and int(left) >= _INDENTED and not indent.get(qn("w:hanging"))


def _notes(document: Document) -> Iterator[tuple[tuple[str, str], str]]:
    """The footnotes and endnotes: (kind, id) and text, on one line."""
    for part in document.part.package.iter_parts():
        kind = _NOTES.get(part.partname.rpartition("/")[2].removesuffix(".xml"))
        for note in parse_xml(part.blob).iter(qn(f"w:{kind}")) if kind else ():
            paragraphs = ["".join(text for run in _runs(paragraph) for _, text in _contents(run)) for paragraph in note.iter(qn("w:p"))]
            yield (kind, note.get(qn("w:id"), "")), " ".join(" ".join(paragraphs).split())


def _paragraphs(document: Document) -> Iterator[BaseOxmlElement]:
    """All paragraphs in order, those of tables and text boxes too, each once."""
    for paragraph in document.element.body.iter(qn("w:p")):
        if not any(above.tag.endswith("}Fallback") for above in paragraph.iterancestors()):
            yield paragraph


def _runs(paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The runs of a paragraph that are shown: not deleted, not hidden, not those of a text box in it."""
    for run in paragraph.iter(qn("w:r")):
        above = []
        for ancestor in run.iterancestors():
            if ancestor is paragraph:
                break
            above.append(ancestor.tag)
        hidden = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        is_hidden = hidden is not None and hidden.get(qn("w:val")) not in ("0", "false")
        if qn("w:p") not in above and not any(tag.endswith(_GONE) for tag in above) and not is_hidden:
            yield run


def _contents(run: BaseOxmlElement) -> Sequence[tuple[BaseOxmlElement, str]]:
    """The children of a run, each with its text."""
    forms = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
    return [(child, child.text or "" if child.tag == qn("w:t") else forms.get(child.tag, "")) for child in run if child.tag != qn("w:rPr")]


def _keep(run: BaseOxmlElement, start: int, end: int) -> None:
    """Leaves of a run only the characters from `start` to `end`; what has no text stays with what stands before it."""
    at = 0
    for child, text in _contents(run):
        low, high = max(start, at), min(end, at + len(text))
        if text and low < high:
            if low > at or high < at + len(text):
                child.text = text[low - at : high - at]
                child.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        elif text or not start <= at <= end or (at == start and start > 0):
            run.remove(child)
        at += len(text)
