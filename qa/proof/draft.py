"""A draft as a file: its text for `proof`, and a Word copy of it with a comment at each finding.

A Word draft is read by the limited reader first, which refuses what is broken, encrypted or a bomb; only then python-docx
opens it here. Offsets in the text lead back to the runs, so that a comment covers the quotation and nothing else; what was
there stays as it is.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.clean import clean
from qa.proof.finding import Finding
from qa.proof.keys import key_of
from qa.proof.words import NAMES, source, summary
from qa.read import read
from qa.types import UnreadableFile

if TYPE_CHECKING:
    from docx.document import Document

    from qa.proof.pieces import Pieces

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LARGEST_PART = 40 << 20  # bytes of document.xml or another part, unpacked: parsed into a tree it takes ten times as much
_AUTHOR, _INITIALS = "有据", "据"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")
_RED = (0xC0, 0x00, 0x00)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft's text; `word` are the bytes of its Word file, empty for any other."""

    name: str
    text: str
    word: bytes = b""

    def commented(self, findings: Sequence[Finding]) -> bytes:
        """A Word file: the draft with a comment at each finding. The draft itself is not touched. Raises UnreadableFile where its
        own comments are broken."""
        with _unbroken():
            document = _opened(self.word) if self.word else _from_text(self.text)
            pieces = _pieces(document)
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
        return text_draft(found.text if plain else clean(found).text, found.name)
    word = Path(path).read_bytes()
    with _unbroken():
        return Draft(found.name, _pieces(_opened(word)).text, word)


def text_draft(text: str, name: str = "草稿") -> Draft:
    """A draft that is no file, in whatever form its lines end."""
    return Draft(name, text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


@contextlib.contextmanager
def _unbroken() -> Iterator[None]:
    """What python-docx and lxml raise where a file is not as they take for granted, in words for its owner."""
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        yield
    except (KeyError, ValueError, AttributeError, TypeError, zipfile.BadZipFile, PackageNotFoundError, XMLSyntaxError, OSError) as error:
        raise UnreadableFile("这份 Word 草稿的结构不完整，打不开。请用 Word 或 WPS 另存一份再试。") from error


def _opened(word: bytes) -> Document:
    import docx

    with zipfile.ZipFile(io.BytesIO(word)) as package:
        if max((info.file_size for info in package.infolist() if info.filename.lower().endswith((".xml", ".rels"))), default=0) > _LARGEST_PART:
            raise UnreadableFile("这份 Word 草稿太大，请分成几份再核对。")
    return docx.Document(io.BytesIO(word))


def _pieces(document: Document) -> Pieces:
    from qa.proof.pieces import Pieces

    return Pieces(document)


def _from_text(text: str) -> Document:
    """A Word document of a plain text: a paragraph for each line, Chinese fonts and marks."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), "宋体")
    fonts.set(qn("w:hint"), "eastAsia")  # “”, · and … are Chinese
    for language in (*document.styles.element.iter(qn("w:lang")), *document.settings.element.iter(qn("w:themeFontLang"))):
        language.set(qn("w:eastAsia"), "zh-CN")
    for line in text.split("\n"):
        document.add_paragraph(_xml(line))
    return document


def _xml(text: str) -> str:
    """Text that XML can hold and that cannot deceive its reader, of the same length: what it cannot hold as a symbol."""
    return _NOT_XML.sub(lambda found: chr(0x2400 + ord(found[0])) if ord(found[0]) < 0x20 else "\ufffd", text)


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
        added = [change.quote for change in finding.diff if change.kind == "added" and key_of(change.quote).key]
        if added:
            comment.add_paragraph(f"原文没有：{_xml('、'.join(f'“{text}”' for text in added))}")
    if where := source(finding):
        comment.add_paragraph(f"出处：{_xml(where)}")
