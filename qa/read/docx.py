"""DOCX: paragraphs, headings, lists, tables and footnotes in document order; tracked changes as accepted; what is hidden is
left out and said. Places are paragraphs and table rows."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

from qa.read.package import member, walk_xml
from qa.read.parsed import ACROSS, BELOW, WIDEST, Parsed, Writer, one_line, table_lines, unseen
from qa.types import UnreadableFile

_IGNORED = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "rPrChange", "pPrChange", "sectPr", "annotationRef"})

_TINY = 4  # half points: nobody reads two points


def read_docx(package: zipfile.ZipFile) -> Parsed:
    """The text of a Word document. Raises UnreadableFile when it is broken or holds no text."""
    data = member(package, "word/document.xml")
    if not data:
        raise UnreadableFile("这不是 Word 文档（缺少正文）。")
    notes = _notes(member(package, "word/footnotes.xml")) | {f"e{number}": text for number, text in _notes(member(package, "word/endnotes.xml")).items()}
    body = _Body(_heading_styles(member(package, "word/styles.xml")), _numbering(member(package, "word/numbering.xml")), notes)
    walk_xml(data, body.start, body.end, body.text)
    if not body.writer.length:
        raise UnreadableFile("文档里没有文字。")
    return body.writer.parsed(doubts=unseen(body.hidden))


def _heading_styles(data: bytes) -> dict[str, int]:
    """The level of each paragraph style that is a heading, by its name or its outline level."""
    levels: dict[str, int] = {}
    current = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal current
        if name == "style":
            current = attributes.get("styleId", "")
        elif name == "name" and (found := re.fullmatch(r"(?:heading|标题)\s*(\d)", attributes.get("val", ""), re.IGNORECASE)):
            levels[current] = int(found[1])
        elif name == "name" and attributes.get("val", "").lower() in ("title", "标题"):
            levels[current] = 1
        elif name == "outlineLvl" and attributes.get("val", "9").isdigit() and int(attributes["val"]) < 9:
            levels.setdefault(current, int(attributes["val"]) + 1)

    if data:
        walk_xml(data, start, lambda name: None, lambda text: None)
    return levels


def _notes(data: bytes) -> dict[str, str]:
    """Footnotes or endnotes by number."""
    notes: dict[str, str] = {}
    number = ""
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal number, inside
        if name in ("footnote", "endnote"):
            number = attributes.get("id", "") if "type" not in attributes else ""
        inside = name == "t"

    def text(value: str) -> None:
        if inside and number:
            notes[number] = notes.get(number, "") + value

    def end(name: str) -> None:
        nonlocal inside
        inside = False

    if data:
        walk_xml(data, start, end, text)
    return {number: one_line(value) for number, value in notes.items() if value.strip()}


@dataclass
class _Level:
    form: str = "bullet"
    text: str = ""
    first: int = 1


def _numbering(data: bytes) -> dict[str, list[_Level]]:
    """The levels of each numbered list."""
    abstract: dict[str, list[_Level]] = {}
    lists: dict[str, list[_Level]] = {}
    place = number = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal place, number
        value = attributes.get("val", "")
        if name == "abstractNum":
            place = attributes.get("abstractNumId", "")
            abstract[place] = []
        elif name == "lvl" and place in abstract:
            abstract[place].append(_Level())
        elif name in ("numFmt", "lvlText", "start") and abstract.get(place):
            level = abstract[place][-1]
            if name == "start":
                level.first = int(value) if value.isdigit() else 1
            else:
                setattr(level, "form" if name == "numFmt" else "text", value)
        elif name == "num":
            number, place = attributes.get("numId", ""), ""
        elif name == "abstractNumId" and number:
            lists[number] = abstract.get(value, [])

    if data:
        walk_xml(data, start, lambda name: None, lambda text: None)
    return lists


def _numeral(value: int, form: str) -> str:
    """A number as a list shows it; empty for bullets and forms that are not known."""
    if form.startswith("chinese") or form in ("ideographTraditional", "taiwaneseCountingThousand", "japaneseCounting"):
        digits = "零一二三四五六七八九"
        return digits[value] if value < 10 else ("十" if value < 20 else digits[value // 10 % 10] + "十") + (digits[value % 10] if value % 10 else "") if value < 100 else str(value)
    if form in ("upperLetter", "lowerLetter") and 1 <= value <= 26:
        return chr((65 if form == "upperLetter" else 97) + value - 1)
    return str(value) if form in ("decimal", "decimalFullWidth", "decimalZero") else ""


@dataclass
class _Paragraph:
    parts: list[str] = field(default_factory=list)
    style: str = ""
    outline: int = 0
    list_number: str = ""
    list_level: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class _Run:
    """How the run that is being read is shown."""

    vanishes: bool = False
    white: bool = False
    shaded: bool = False


class _Body:
    """Listens to the document and writes its paragraphs."""

    def __init__(self, styles: dict[str, int], lists: dict[str, list[_Level]], notes: dict[str, str]) -> None:
        self.writer, self.hidden = Writer(), 0
        self._styles, self._lists, self._notes = styles, lists, notes
        self._open: list[_Paragraph] = []
        self._skipped = self._count = self._tables = 0
        self._rows: list[list[list[str]]] = []  # of the tables that are open: rows of cells
        self._cells: list[list[str]] = []
        self._heads: list[int] = []  # the rows of each open table that are marked as its head
        self._in_text = self._marked = False
        self._run, self._properties = _Run(), ""
        self._dark: set[str] = set()  # what has a coloured ground: "tcPr" the cell, "pPr" the paragraph
        self._spans: list[int] = []  # the columns of the open cell of each open table
        self._counts: dict[tuple[str, int], int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or name in _IGNORED:
            self._skipped += 1
            return
        value = attributes.get("val", "")
        match name:
            case "p":
                self._open.append(_Paragraph())
            case "tbl":
                self._rows.append([])
                self._heads.append(0)
                self._spans.append(1)
            case "tr" if self._rows:
                self._rows[-1].append([])
            case "tc" if self._rows and self._rows[-1]:
                self._rows[-1][-1].append("")
            case "tblHeader" if self._heads:
                self._heads[-1] = len(self._rows[-1])
            case "gridSpan" if self._spans and value.isdigit():
                self._spans[-1] = min(int(value), WIDEST)
            case "vMerge" if self._rows and self._rows[-1] and self._rows[-1][-1] and value != "restart":
                self._rows[-1][-1][-1] = BELOW
            case "shd":
                self._shade(attributes.get("fill", "auto"))
            case "r":
                self._run = _Run()
            case "tcPr" | "pPr" | "rPr":
                self._properties = name
            case "vanish" | "webHidden" if value not in ("0", "false"):
                self._run.vanishes = True
            case "color":
                self._run.white = value.upper() == "FFFFFF"
            case "sz" if value.isdigit() and int(value) <= _TINY:
                self._run.vanishes = True
            case "t":
                self._in_text, self._marked = True, False
            case _ if self._open:
                self._in_paragraph(name, value, attributes)

    def _in_paragraph(self, name: str, value: str, attributes: dict[str, str]) -> None:
        paragraph = self._open[-1]
        match name:
            case "pStyle":
                paragraph.style = value
            case "outlineLvl" if value.isdigit() and int(value) < 9:
                paragraph.outline = int(value) + 1
            case "numId":
                paragraph.list_number = value
            case "ilvl" if value.isdigit():
                paragraph.list_level = min(int(value), 8)
            case "tab":
                paragraph.parts.append("\t")
            case "br" | "cr":
                paragraph.parts.append("\n" if attributes.get("type", "") != "page" else "")
            case "noBreakHyphen":
                paragraph.parts.append("-")
            case "footnoteReference" | "endnoteReference":
                key = ("e" if name.startswith("end") else "") + attributes.get("id", "")
                paragraph.notes += [self._notes[key]] if key in self._notes else []

    def text(self, value: str) -> None:
        if self._in_text and self._open and not self._skipped:
            if self._run.vanishes or self._run.white and not self._shaded:
                self.hidden += not self._marked
                self._marked = True
            else:
                self._open[-1].parts.append(value)

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name == "t":
            self._in_text = False
        elif name == "r":
            self._run = _Run()
        elif name == "tc" and self._spans and self._rows and self._rows[-1] and self._rows[-1][-1]:
            self._rows[-1][-1] += [ACROSS + self._rows[-1][-1][-1]] * (self._spans[-1] - 1)
            self._spans[-1] = 1
            self._dark.discard("tcPr")
        elif name == "p" and self._open:
            self._close(self._open.pop())
            self._dark.discard("pPr")
        elif name == "tbl" and self._rows:
            self._spans.pop()
            self._close_table(self._rows.pop(), self._heads.pop())

    def _close(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.parts)
        if self._rows:
            if self._rows[-1] and self._rows[-1][-1]:
                if self._rows[-1][-1][-1] != BELOW:
                    self._rows[-1][-1][-1] += f" {text}"
            return
        self._count += 1
        level = self._styles.get(paragraph.style, 0) or paragraph.outline
        self.writer.paragraph(self._number(paragraph) + text if text.strip() else "", "paragraph", f"第{self._count}段", level)
        for note in paragraph.notes:
            self.writer.paragraph(f"注：{note}", "paragraph", f"第{self._count}段的脚注")

    def _number(self, paragraph: _Paragraph) -> str:
        """The number that Word shows before a list item."""
        levels = self._lists.get(paragraph.list_number, [])
        at = paragraph.list_level
        if at >= len(levels) or levels[at].form in ("bullet", "none"):
            return ""
        key = (paragraph.list_number, at)
        self._counts[key] = self._counts.get(key, levels[at].first - 1) + 1
        for deeper in range(at + 1, 9):
            self._counts.pop((paragraph.list_number, deeper), None)
        return re.sub(r"%(\d)", lambda found: self._shown(paragraph.list_number, int(found[1]) - 1, levels), levels[at].text)

    def _shown(self, number: str, at: int, levels: list[_Level]) -> str:
        return _numeral(self._counts.get((number, at), levels[at].first), levels[at].form) if at < len(levels) else ""

    @property
    def _shaded(self) -> bool:
        return self._run.shaded or bool(self._dark)

    def _shade(self, fill: str) -> None:
        """White text on a coloured ground is not hidden: of a run, a paragraph or a cell, by whose properties are being read."""
        if fill.upper() in ("AUTO", "FFFFFF", ""):
            return
        if self._properties == "rPr":
            self._run.shaded = True
        else:
            self._dark.add(self._properties)

    def _close_table(self, rows: list[list[str]], headed: int) -> None:
        lines = table_lines(rows, headed)
        if self._rows:  # a table within a cell
            if self._rows[-1] and self._rows[-1][-1]:
                self._rows[-1][-1][-1] += " ".join(lines)
            return
        self._tables += 1
        for number, line in enumerate(lines, 1):
            self.writer.paragraph(line, "cell", f"表{self._tables}第{number}行")
