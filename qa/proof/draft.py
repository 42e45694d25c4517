"""A draft as a file: its text for `proof`, and a Word copy of it with a comment at each finding.

A Word draft is read by the limited reader first, which refuses what is broken, encrypted or a bomb; only then python-docx
opens it here. Its block quotes (quote styles, indented paragraphs) come as Markdown marks them, with >. Offsets in the text
lead back to the runs, so that a comment covers the quotation and nothing else; what was there stays as it is.
"""

from __future__ import annotations

import copy
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.clean import clean
from qa.proof.finding import Finding
from qa.proof.words import NAMES, source, summary
from qa.read import read
from qa.types import UnreadableFile

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LARGEST_BODY = 40 << 20  # bytes of document.xml, unpacked: parsed into a tree it takes ten times as much
_AUTHOR, _INITIALS = "有据", "据"
_INDENTED = 360  # twentieths of a point: a paragraph that is indented as a whole by more is a block quote
_LEAST_INDENTED = 20  # characters: a shorter indented paragraph is a signature or a date
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")
_RED = (0xC0, 0x00, 0x00)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft's text; `word` are the bytes of its Word file, empty for any other."""

    name: str
    text: str
    word: bytes = b""

    def commented(self, findings: Sequence[Finding]) -> bytes:
        """A Word file: the draft with a comment at each finding. The draft itself is not touched."""
        document = _opened(self.word) if self.word else _from_text(self.text)
        pieces = _Pieces(document)
        for finding in findings:
            if runs := pieces.cut(finding.start, finding.end):
                _comment(document, runs, finding)
        if not findings and (runs := pieces.cut(0, len(self.text))):
            document.add_comment(runs, summary(findings), author=_AUTHOR, initials=_INITIALS)
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()


def open_draft(path: str | os.PathLike) -> Draft:
    """The draft in a file of any format that can be read. Raises UnreadableFile."""
    found = read(path)
    if found.media_type != _WORD:
        plain = found.media_type in ("text/plain", "text/markdown")
        return Draft(found.name, found.text if plain else clean(found).text)
    word = Path(path).read_bytes()
    return Draft(found.name, _Pieces(_opened(word)).text, word)


def text_draft(text: str, name: str = "草稿") -> Draft:
    """A draft that is no file."""
    return Draft(name, text)


def _opened(word: bytes) -> Document:
    import zipfile

    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        with zipfile.ZipFile(io.BytesIO(word)) as package:
            if package.getinfo("word/document.xml").file_size > _LARGEST_BODY:
                raise UnreadableFile("这份 Word 草稿太大，请分成几份再核对。")
        return docx.Document(io.BytesIO(word))
    except (KeyError, ValueError, zipfile.BadZipFile, PackageNotFoundError, XMLSyntaxError, OSError) as error:
        raise UnreadableFile("这份 Word 草稿的结构不完整，打不开。请用 Word 或 WPS 另存一份再试。") from error


def _from_text(text: str) -> Document:
    """A Word document of a plain text: a paragraph for each line; lines that begin with > in the style of quotes."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    for line in text.split("\n"):
        document.add_paragraph(_xml(line))
    return document


def _xml(text: str) -> str:
    """Text that XML can hold and that cannot deceive its reader, of the same length: what it cannot hold as a symbol."""
    return _NOT_XML.sub(lambda found: chr(0x2400 + ord(found[0])) if ord(found[0]) < 0x20 else "\ufffd" if found[0] not in "\r" else "␍", text)


# ---------------------------------------------------------------------------------------------------- text and runs


class _Pieces:
    """The text of a Word document, and which run each stretch of it comes from."""

    def __init__(self, document: Document) -> None:
        self._styles = {style.style_id: (style.name or "") for style in document.styles}
        self._runs: list[tuple[int, BaseOxmlElement, int]] = []  # start, run, length; in order
        parts: list[str] = []
        at = 0
        for paragraph in _paragraphs(document):
            runs = [(run, text) for run in _runs(paragraph) if (text := "".join(text for _, text in _contents(run)))]
            whole = "".join(text for _, text in runs)
            mark = "> " if self._is_block(paragraph, whole) and not whole.startswith(">") else ""
            parts.append(mark)
            at += len(mark)
            for run, text in runs:
                self._runs.append((at, run, len(text)))
                parts.append(text)
                at += len(text)
            parts.append("\n")
            at += 1
        self.text = "".join(parts)

    def _is_block(self, paragraph: BaseOxmlElement, text: str) -> bool:
        """Whether a paragraph is a block quote: by its style's name, or because all of it is indented."""
        from docx.oxml.ns import qn

        properties = paragraph.find(qn("w:pPr"))
        if properties is None or not text.strip():
            return False
        style = properties.find(qn("w:pStyle"))
        name = self._styles.get(style.get(qn("w:val")), "") if style is not None else ""
        if re.search("quot|引用|引文", name, re.IGNORECASE):
            return True
        indent = properties.find(qn("w:ind"))
        if indent is None or properties.find(qn("w:numPr")) is not None or len(text) < _LEAST_INDENTED:
            return False
        left = indent.get(qn("w:left")) or indent.get(qn("w:start")) or "0"
        return left.isdigit() and int(left) >= _INDENTED and not indent.get(qn("w:hanging"))

    def cut(self, start: int, end: int) -> list:
        """The runs that hold exactly this stretch of the text; runs are split where it begins and ends."""
        from docx.text.run import Run

        self._split(start)
        self._split(end)
        return [Run(run, None) for at, run, length in self._runs if start <= at and at + length <= end]

    def _split(self, offset: int) -> None:
        for place, (at, run, length) in enumerate(self._runs):
            if at < offset < at + length:
                rest = copy.deepcopy(run)
                _keep(run, 0, offset - at)
                _keep(rest, offset - at, length)
                run.addnext(rest)
                self._runs[place : place + 1] = [(at, run, offset - at), (offset, rest, at + length - offset)]
                return


def _paragraphs(document: Document) -> Iterator[BaseOxmlElement]:
    """All paragraphs in order, those of tables and text boxes too, each once."""
    from docx.oxml.ns import qn

    for paragraph in document.element.body.iter(qn("w:p")):
        if not any(above.tag.endswith("}Fallback") for above in paragraph.iterancestors()):
            yield paragraph


_GONE = ("}del", "}moveFrom", "}Fallback")


def _runs(paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The runs of a paragraph that are shown: not deleted, not hidden, not those of a text box in it."""
    from docx.oxml.ns import qn

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


def _contents(run: BaseOxmlElement) -> list[tuple[BaseOxmlElement, str]]:
    """The children of a run, each with its text."""
    from docx.oxml.ns import qn

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


# ------------------------------------------------------------------------------------------------------------ the comment


def _comment(document: Document, runs: list, finding: Finding) -> None:
    """What the finding says: verdict and note, the original with the differences in red, its source."""
    from docx.shared import RGBColor

    comment = document.add_comment(runs, author=_AUTHOR, initials=_INITIALS)
    head = comment.paragraphs[0]
    head.add_run(NAMES[finding.verdict]).bold = True
    if finding.note:
        head.add_run(f"。{_xml(finding.note)}")
    if finding.original and finding.verdict != "exact":
        original = comment.add_paragraph()
        original.add_run("原文：")
        for kind, text in [(change.kind, change.original) for change in finding.diff] or [("same", finding.original)]:
            run = original.add_run(_xml(text).replace("\n", " ⏎ "))
            if kind != "same":
                run.font.color.rgb, run.bold = RGBColor(*_RED), True
        added = [change.quote for change in finding.diff if change.kind == "added" and change.quote.strip()]
        if added:
            comment.add_paragraph(f"原文没有：{_xml('、'.join(f'“{text}”' for text in added))}")
    if where := source(finding):
        comment.add_paragraph(f"出处：{_xml(where)}")
